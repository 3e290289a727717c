import type { ReadReport } from '../../../analysis/outline/reportText';
import { t } from '../../../core/l10n';
import type { Situation } from '../conversation';
import { definitionWishes, foundDefinitions, hasAsked, placeOf } from '../lookups';
import { closing, section } from '../markdown';
import type { Reply } from '../reply';
import { complexityWish, joinedReport, ownReport, reportedComplexity, shownFiles } from '../report';
import type { OuterCall, View } from '../view';
import { citeLines, describe, outerCalls } from '../view';
import { classText, confidenceText, evidenceLines } from './complexityText';

/** The next reply to a question for the complexity of the code. */
export async function complexityReply(situation: Situation, view: View): Promise<Reply> {
  const { mustAnswer, tools } = situation;
  const calls = outerCalls(view);
  const reported = reportedComplexity(situation, view);
  if (mustAnswer) {
    return await answer(situation, view, calls);
  }
  if (tools.has('analyze_complexity') && reported === undefined) {
    const next = firstLook(situation, view);
    if (next !== undefined) {
      return next;
    }
  }
  if (calls.length > 0 && reported !== undefined && !hasAsked(situation, 'find_references') && !hasAsked(situation, 'search_text')) {
    const wishes = definitionWishes(situation, view, calls);
    if (wishes.length > 0) {
      return { thought: `${summary(reported.report, view)} ${openCalls(calls, view)}`, wishes };
    }
  }
  const next = lookBehind(situation, view);
  return next ?? (await answer(situation, view, calls));
}

/** Asks for the analysis, by the place first and by the text where that failed. */
function firstLook(situation: Situation, view: View): Reply | undefined {
  const tries = situation.past.filter((action) => action.tool === 'analyze_complexity').length;
  if (tries === 0) {
    return { thought: `${describe(view)} ${t('How often each loop runs and what the calls cost decides the result; the analysis derives that line by line.')}`, wishes: [complexityWish(view, false)] };
  }
  const wish = complexityWish(view, true);
  // A language that cannot be parsed here cannot be parsed there: the same text would fail again.
  return view.code !== undefined && tries === 1 && situation.past.some((action) => action.tool === 'analyze_complexity' && action.args['path'] !== undefined)
    ? { thought: t('The file could not be analysed where it lies, so I hand over the code itself.'), wishes: [wish] }
    : undefined;
}

/** Reads the files in which called functions are defined, once. */
function lookBehind(situation: Situation, view: View): Reply | undefined {
  const definitions = foundDefinitions(situation.past).filter(({ path }) => path !== view.excerpt.path);
  if (definitions.length === 0 || !situation.tools.has('read_file') || hasAsked(situation, 'read_file')) {
    return undefined;
  }
  const paths = [...new Set(definitions.map((definition) => definition.path))];
  return {
    thought: t('{0}. I read that code, to count it instead of guessing.', definitions.map(({ name, path, line }) => t('`{0}` is defined in {1}', name, citeLines(path, line))).join('; ')),
    wishes: [
      ...[...Object.values(placeOf(situation, view)), ...paths].map((path) => ({ tool: 'read_file', args: { path } })),
      ...(situation.tools.has('analyze_complexity') ? definitions.map(({ name, path }) => ({ tool: 'analyze_complexity', args: { path, symbol: name } })) : []),
    ],
  };
}

function summary({ time, space, evidence }: ReadReport, { excerpt }: View): string {
  const main = evidence.find((item) => item.level === 0 && item.total === time.expression) ?? evidence[0];
  const result = t('The analysis gives time {0} and space {1}.', time.expression, space.expression);
  return main === undefined ? result : `${result} ${t('Decisive: {0} ({1}).', main.text, citeLines(excerpt.path, main.lines.start, main.lines.end))}`;
}

function openCalls(calls: readonly OuterCall[], { excerpt }: View): string {
  const names = calls.slice(0, 3).map(({ call, line }) => `\`${call.name}\` (${citeLines(excerpt.path, line)})`).join(', ');
  return t('What {0} costs is not in this code; I look where it is defined.', names);
}

async function answer(situation: Situation, view: View, calls: readonly OuterCall[]): Promise<Reply> {
  const placed = reportedComplexity(situation, view) ?? (await ownReport(view));
  if (placed === undefined) {
    return {
      thought: t('The language {0} is not one that I can analyse.', view.excerpt.languageId),
      wishes: [],
      answer: [
        t('I cannot derive the complexity of this code: {0} is not among the languages that I read.', view.excerpt.languageId),
        '',
        t('I read Python, Java, JavaScript, TypeScript, Go, C, C++, C#, Rust, Ruby and PHP. If this code is written in one of them, choose that language in the status bar and ask again.'),
        ...closing(''),
      ].join('\n'),
    };
  }
  const attached = situation.excerpts.slice(1).map(({ path, text }) => ({ path, text }));
  const joined = await joinedReport(view, [...shownFiles(situation.past), ...attached]);
  const alone = placed.report;
  const all = joined?.report ?? alone;
  const place = joined === undefined ? (line: number) => ({ path: view.excerpt.path, line }) : (line: number) => joined.place(line);
  const isUnknown = alone.time.expression === 'unknown';
  const lines = [
    ...headline(alone),
    ...(joined !== undefined && all.time.expression !== alone.time.expression && all.time.expression !== 'unknown'
      ? ['', t('That counts each call of code from elsewhere as one step. With the called code counted, the time is **{0}** ({1}).', all.time.expression, classText(all.time.class))]
      : []),
    ...sizes(all),
    ...section(t('Why'), evidenceLines(all, place)),
    ...(all.evidence.length === 0 && !isUnknown ? ['', t('Nothing in it runs more often when the input grows: no loop, no recursion and no call whose cost depends on a size.')] : []),
    ...section(t('Called code'), calledLines(situation, view, calls, joined !== undefined)),
    ...section(t('Assumptions'), all.assumptions.map((text) => `- ${text}`)),
    ...section(t('Not decided'), all.undecided.map((text) => `- ${text}`)),
    ...closing(t('The bounds hold for the worst case, as far as the rules of the analysis reach; typical inputs may be faster.')),
  ];
  return { thought: lastThought(situation, view, alone, joined?.report), wishes: [], answer: lines.join('\n') };
}

/** The bounds of the code by itself: what a reader looks for first. */
function headline({ time, space }: ReadReport): readonly string[] {
  return [
    time.expression === 'unknown'
      ? t('I could not derive how the running time grows; below is what I found.')
      : `**Time: ${time.expression}** (${classText(time.class)}, ${confidenceText(time.confidence)})  `,
    ...(space.expression === 'unknown' ? [] : [`**Space: ${space.expression}** (${classText(space.class)}, ${confidenceText(space.confidence)})`]),
  ];
}

function lastThought(situation: Situation, view: View, alone: ReadReport, joined: ReadReport | undefined): string {
  if (alone.time.expression === 'unknown') {
    return t('The analysis could not decide the running time; I answer with what it found, and say so.');
  }
  if (joined !== undefined) {
    return `${t('With the called code beside it, the analysis gives time {0} and space {1}.', joined.time.expression, joined.space.expression)} ${t('That settles the question as far as I can.')}`;
  }
  const hasLooked = hasAsked(situation, 'find_references') || hasAsked(situation, 'search_text');
  const nothingNew = t('What I looked up changes nothing: it is in the same file and counted already, or not in the workspace.');
  return `${hasLooked ? nothingNew : summary(alone, view)} ${t('That settles the question as far as I can.')}`;
}

/** What the sizes in the bounds are, where they are not plain. */
function sizes({ time, space }: ReadReport): readonly string[] {
  const names = new Set([...`${time.expression} ${space.expression}`.matchAll(/\b(?:len|size|length)\((\w[\w.]*)\)/g)].map((match) => match[1] ?? ''));
  return names.size === 0 ? [] : ['', t('Here {0}.', [...names].map((name) => t('`len({0})` is the number of items in `{0}`', name)).join(', '))];
}

/** What became of the functions that are called here and defined elsewhere. */
function calledLines(situation: Situation, { excerpt }: View, calls: readonly OuterCall[], isJoined: boolean): readonly string[] {
  const definitions = foundDefinitions(situation.past);
  return calls.slice(0, 6).map(({ call, line, depth }) => {
    const place = citeLines(excerpt.path, line);
    const definition = definitions.find(({ name }) => name === call.name);
    if (definition !== undefined && (isJoined || definition.path === excerpt.path)) {
      return `- ${t('`{0}` ({1}) is defined in {2} and is counted.', call.name, place, citeLines(definition.path, definition.line))}`;
    }
    const often = depth > 0 ? t('it runs inside {0} loops, so whatever it costs is paid that often', depth) : t('it runs once');
    return `- ${t('`{0}` ({1}) is not defined in the code that I have seen and is counted as one step; {2}.', call.name, place, often)}`;
  });
}
