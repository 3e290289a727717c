import { t } from '../core/l10n';
import type { CodeExcerpt } from '../core/request';
import type { Run, RunAction, RunStep } from '../core/run';
import type { Json } from '../core/tool';
import { formatDuration } from '../core/text';
import { originText, outcomeName, placeText, taskName, totalsText } from '../core/wording';
import { verdictMarkdown } from './chatMarkdown';
import { codeSpan, escapeHtml, escapeInline } from './escapeMarkdown';
import { summaryOf, writeFrontMatter } from './frontMatter';
import { headingText } from './present';
import { writeFacts, writeText } from './region';

/*
 * Run → note. A note is Markdown for people, readable as it is, that holds the whole run: `readNote` gives it back.
 * See region.ts for how texts and facts stand in it. What is told here in words (times, tokens, places) is for people;
 * programs read the facts beside it.
 */

/** What a note says besides its run. */
export interface NoteRendering {
  /** SHA-256 of `codeToHash(code)` in hexadecimal digits, where the run is about code. */
  readonly codeHash?: string;
  /** URI of the workspace folder: addresses within it are written relative to it. Without a slash at the end. */
  readonly root?: string;
  /** Relative path from the folder of the note to the workspace folder, such as `..`: makes links to the code. */
  readonly toRoot?: string;
}

/** The beginning of a note, from the state of a run at its start: front matter, question, code. Ends with a line break. */
export async function noteHead(run: Run, rendering: NoteRendering = {}): Promise<string> {
  const { request } = run;
  const frontMatter = await writeFrontMatter(summaryOf(run, rendering.codeHash));
  const heading = headingText(request.question);
  const isLong = heading !== request.question;
  return paragraphs([
    frontMatter,
    `# ${escapeInline(heading)}`,
    aboutLine(run, rendering),
    ...(isLong ? [writeText('question', request.question)] : []),
    ...(request.code === undefined ? [] : [codeDetails(request.code, 'code')]),
    ...(request.attachments ?? []).map((excerpt) => codeDetails(excerpt, 'attachment')),
    writeFacts('run', runFacts(run, rendering, isLong)),
  ]);
}

/** One step of a note, when it is over. Begins with an empty line, ends with a line break. */
export function noteStep(step: RunStep, run?: Run): string {
  const title = headingText(step.title);
  const finalAnswer = run?.answer ?? '';
  const own = step.answer !== '' && edges(step.answer, finalAnswer) === undefined;
  return `\n${paragraphs([
    `## ${title === '' ? t('Step {0}', step.index) : t('Step {0}: {1}', step.index, escapeInline(title))}`,
    ...(step.thought === '' ? [] : [writeText('thought', step.thought)]),
    ...(own ? [details(t('What the model answered in this step'), [writeText('reply', step.answer)])] : []),
    ...step.actions.flatMap(actionParts),
    ...step.notices.map((notice) => `> ⚠ ${escapeInline(notice.message)}`),
    timeLine(step),
    writeFacts('step', stepFacts(step, finalAnswer)),
  ])}`;
}

/** The end of a note, once the run has one. Begins with an empty line, ends with a line break. */
export function noteEnd(run: Run): string {
  return `\n${paragraphs([
    ...(run.answer === '' ? [] : [`## ${t('Final answer')}`, writeText('answer', run.answer)]),
    ...(run.verdict === undefined ? [] : [`> ${verdictMarkdown(run.verdict)}`]),
    ...(run.outcome === undefined || run.outcome === 'answered' ? [] : [`**${outcomeName(run.outcome)}**${errorText(run)}`]),
    ...(run.totals === undefined
      ? []
      : [`(${t('Total thinking time: {0} seconds', seconds(run.totals.thinkingMs))})`, totalsText(run.totals).join(' · ')]),
    writeFacts('ending', endingFacts(run)),
  ])}`;
}

/** A whole note. What of the run is not there yet is left out. */
export async function renderNote(run: Run, rendering: NoteRendering = {}): Promise<string> {
  const head = await noteHead(run, rendering);
  const hasEnding = run.answer !== '' || JSON.stringify(endingFacts(run)) !== '{}';
  return [head, ...run.steps.map((step) => noteStep(step, run)), ...(hasEnding ? [noteEnd(run)] : [])].join('');
}

/** An address as a note has it: relative to the workspace folder where it lies in it. */
export function relativeUri(uri: string, root: string | undefined): string {
  return root !== undefined && uri.startsWith(`${root}/`) ? `workspace:${uri.slice(root.length + 1)}` : uri;
}

/** White space around the final answer in the text that a step streamed; undefined where that is another text. */
export function edges(text: string, answer: string): { readonly before: string; readonly after: string } | undefined {
  const core = answer.trim();
  if (core === '' || text.trim() !== core) {
    return undefined;
  }
  const before = /^\s*/.exec(text)?.[0] ?? '';
  return { before, after: text.slice(before.length + core.length) };
}

function aboutLine(run: Run, rendering: NoteRendering): string {
  const { code, task, parent } = run.request;
  return [
    `**${taskName(task)}**`,
    codeSpan(run.model.label),
    ...(code === undefined ? [] : [sourceText(code, rendering)]),
    ...(parent === undefined ? [] : [escapeInline(originText(parent))]),
  ].join(' · ');
}

function sourceText(code: CodeExcerpt, { root, toRoot }: NoteRendering): string {
  const label = placeText(code.path, code.range);
  if (root === undefined || toRoot === undefined || !code.uri.startsWith(`${root}/`)) {
    return codeSpan(label);
  }
  // The path within an address is percent-encoded already; only what ends a link in Markdown is left to encode.
  const path = code.uri.slice(root.length + 1).replace(/[()<>\s]/g, (character) => encodeURIComponent(character));
  const prefix = toRoot === '' ? '' : `${toRoot}/`;
  return `[${escapeInline(label)}](${prefix}${path}#L${String(code.range.startLine)}-L${String(code.range.endLine)})`;
}

function codeDetails(excerpt: CodeExcerpt, name: 'code' | 'attachment'): string {
  const label = placeText(excerpt.path, excerpt.range);
  const title = excerpt.symbol === undefined ? label : t('{0}: {1}', excerpt.symbol, label);
  return details(title, [writeText(name, excerpt.text, excerpt.languageId)]);
}

function actionParts(action: RunAction): readonly string[] {
  const { observation } = action;
  const label = `**${t('Action')}:** ${codeSpan(action.tool)} · ${escapeInline(action.summary)}`;
  const parameters = writeText('arguments', JSON.stringify(action.args, null, 2), 'json');
  if (observation === undefined) {
    return [label, details(t('Call, not answered'), [parameters])];
  }
  const lines = observation === '' ? 0 : observation.replace(/\n$/, '').split('\n').length;
  const facts = [
    action.isError ? t('Error') : t('Observation'),
    lines === 1 ? t('1 line') : t('{0} lines', lines),
    action.cached ? t('answered from an equal call before') : formatDuration(action.elapsedMs),
  ];
  return [label, details(facts.join(' · '), [parameters, writeText('observation', observation, 'text')])];
}

/** The line of the first seed, with the tokens where they are known. */
function timeLine(step: RunStep): string {
  const { promptTokens, completionTokens } = step.usage;
  const time = t('Thinking time: {0} seconds', seconds(step.thinkingMs));
  return promptTokens + completionTokens === 0
    ? `(${time})`
    : `(${time} · ${t('{0} tokens read, {1} written', promptTokens, completionTokens)})`;
}

function errorText({ error }: Run): string {
  return error === undefined ? '' : `: ${escapeInline(error.message)}`;
}

/** Something that GitHub and VS Code show folded. */
function details(summary: string, body: readonly string[]): string {
  return [`<details>\n<summary>${escapeHtml(headingText(summary))}</summary>`, ...body, '</details>'].join('\n\n');
}

/** The facts of a run that no text of the note holds. */
function runFacts(run: Run, { root }: NoteRendering, hasQuestionText: boolean): Json {
  const { question, code, attachments, earlierSteps, ...request } = run.request;
  const repeated = repeatsSteps(run);
  const { startedAt, id, protocol, maxIterations, model } = run;
  return asJson({
    id,
    startedAt,
    protocol,
    maxIterations,
    model,
    request: {
      ...request,
      ...(hasQuestionText ? {} : { question }),
      ...(code === undefined ? {} : { code: excerptFacts(code, root) }),
      ...(attachments === undefined ? {} : { attachments: attachments.map((excerpt) => excerptFacts(excerpt, root)) }),
      ...(earlierSteps === undefined ? {} : { earlierSteps: repeated ? earlierSteps.length : earlierSteps }),
    },
  });
}

/** True where the earlier steps of a request are the first steps of its run, word for word: they stand there once. */
function repeatsSteps({ request, steps }: Run): boolean {
  const { earlierSteps = [] } = request;
  return earlierSteps.every((earlier, index) => {
    const step = steps[index];
    return (
      step !== undefined &&
      JSON.stringify([earlier.title, earlier.thought, earlier.actions.map(({ tool, args, observation, isError }) => [tool, args, observation, isError])]) ===
        JSON.stringify([step.title, step.thought, step.actions.map(({ tool, args, observation, isError }) => [tool, args, observation, isError])])
    );
  });
}

function excerptFacts({ uri, path, languageId, range, symbol }: CodeExcerpt, root: string | undefined): Json {
  return asJson({ uri: relativeUri(uri, root), path, languageId, range, symbol });
}

function stepFacts(step: RunStep, finalAnswer: string): Json {
  const { index, kind, state, startedAt, title, thinkingMs, usage, notices, wait, actions } = step;
  const around = edges(step.answer, finalAnswer);
  return asJson({
    index,
    kind,
    state,
    startedAt,
    title,
    thinkingMs,
    usage,
    ...(around === undefined ? {} : { aroundAnswer: around }),
    ...(wait === undefined ? {} : { wait }),
    notices,
    actions: actions.map(({ callId, tool, summary, isError, cached, elapsedMs, references }) => ({
      callId, tool, summary, isError, cached, elapsedMs, references,
    })),
  });
}

function endingFacts({ outcome, endedAt, totals, verdict, limits, error }: Run): Json {
  return asJson({ outcome, endedAt, totals, verdict, limits, error });
}

/** Plain data without what is undefined. */
function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

function paragraphs(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}

