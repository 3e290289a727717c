import { t } from '../core/l10n';
import type { CodeExcerpt } from '../core/request';
import type { Run, RunAction, RunStep } from '../core/run';
import { formatDuration } from '../core/text';
import { agreementName, originText, outcomeName, placeText, taskName, totalsText } from '../core/wording';
import { exportStyle } from './exportStyle';
import { escapeText } from './htmlText';
import type * as MarkdownModule from './markdownHtml';
import { headingText } from './present';

/** What an exported page is written with. */
export interface HtmlExport {
  /** BCP 47 tag of the language of the page and of its dates, such as `zh-cn`. */
  readonly language: string;
}

/** How the texts of a run become HTML; loaded when the first page is written. */
type Markdown = typeof MarkdownModule;

/**
 * A run as one HTML file that needs nothing else: no script, no network, no font. Its policy allows its own style
 * sheet and nothing more, so that no text of a model or a file can do anything, whatever it is. Steps are folded; a
 * reader opens them, and they are all there on paper. Redact the run first.
 */
export async function runHtml(run: Run, { language }: HtmlExport): Promise<string> {
  const markdown = await import('./markdownHtml');
  const { request, steps, model } = run;
  const title = headingText(request.question);
  return `<!DOCTYPE html>
<html lang="${escapeText(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeText(await policy())}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Stepwise">
<title>${escapeText(title)}</title>
<style>${exportStyle}</style>
</head>
<body>
<main class="page">
<header>
<h1>${escapeText(title)}</h1>
<p class="about">${aboutHtml(run, language)}</p>
</header>
${title === request.question ? '' : `<div class="question">${markdown.markdownHtml(request.question, 2)}</div>`}
${request.code === undefined ? '' : excerptHtml(request.code, markdown)}
${(request.attachments ?? []).map((excerpt) => excerptHtml(excerpt, markdown)).join('\n')}
<section aria-labelledby="steps">
<h2 id="steps">${escapeText(t('Steps'))}</h2>
${steps.length === 0 ? `<p class="facts">${escapeText(t('There are no steps.'))}</p>` : ''}
<ol class="steps">
${steps.map((step) => stepHtml(step, (request.earlierSteps?.length ?? 0) >= step.index, markdown)).join('\n')}
</ol>
</section>
${answerHtml(run, markdown)}
<footer>${escapeText([...(run.totals === undefined ? [] : totalsText(run.totals)), model.label].join(' · '))}</footer>
</main>
</body>
</html>
`;
}

/** Refuses everything but the style sheet of the page, by its hash. */
async function policy(): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(exportStyle));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

function aboutHtml({ request, model, startedAt, outcome }: Run, language: string): string {
  const { code, task, parent } = request;
  const date = new Date(startedAt);
  const words = [
    taskName(task),
    ...(code === undefined ? [] : [`${code.symbol === undefined ? '' : `${code.symbol} · `}${placeText(code.path, code.range)}`]),
    model.label,
    ...(parent === undefined ? [] : [originText(parent)]),
  ];
  return [
    `<span class="outcome is-${outcome ?? 'open'}">${escapeText(outcomeName(outcome))}</span>`,
    ...words.map((word) => `<span>${escapeText(word)}</span>`),
    `<time datetime="${escapeText(dateText(date))}">${escapeText(date.toLocaleString(language, { dateStyle: 'long', timeStyle: 'short' }))}</time>`,
  ].join(' ');
}

/** A time for programs; empty for one that is none. */
function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function excerptHtml(excerpt: CodeExcerpt, { codeHtml }: Markdown): string {
  const place = placeText(excerpt.path, excerpt.range);
  const label = excerpt.symbol === undefined ? place : t('{0}: {1}', excerpt.symbol, place);
  return `<details class="given"><summary>${escapeText(label)}</summary>\n<pre><code>${codeHtml(excerpt.text.replace(/\n$/, ''), excerpt.languageId)}</code></pre></details>`;
}

function stepHtml(step: RunStep, isTakenOver: boolean, markdown: Markdown): string {
  const { index, title, kind, thought, answer, actions, notices } = step;
  const name = title !== '' ? headingText(title) : kind === 'final-answer' ? t('Final answer') : t('No thought');
  return `<li><details class="step"><summary><span class="step-title">${escapeText(`${String(index)}. ${name}`)}</span> <span class="facts">${escapeText(stepFacts(step, isTakenOver))}</span></summary>
<div class="step-body">
${thought === '' ? '' : markdown.markdownHtml(thought, 2)}
${actions.map((action) => actionHtml(action)).join('\n')}
${notices.length === 0 ? '' : `<ul class="notices">${notices.map(({ message }) => `<li>${escapeText(message)}</li>`).join('')}</ul>`}
${thought === '' && actions.length === 0 && answer !== '' ? `<p class="facts">${escapeText(t('This step wrote the answer.'))}</p>` : ''}
</div></details></li>`;
}

function stepFacts({ thinkingMs, usage, actions }: RunStep, isTakenOver: boolean): string {
  const tokens = usage.promptTokens + usage.completionTokens;
  return [
    ...new Set(actions.map(({ tool }) => tool)),
    ...(isTakenOver ? [t('taken over')] : [formatDuration(thinkingMs), ...(tokens === 0 ? [] : [t('{0} tokens', tokens)])]),
  ].join(' · ');
}

function actionHtml({ tool, summary, args, observation, isError, cached, elapsedMs }: RunAction): string {
  const parameters = JSON.stringify(args, null, 2);
  const lines = observation === undefined || observation === '' ? 0 : observation.replace(/\n$/, '').split('\n').length;
  const facts = observation === undefined
    ? t('Call, not answered')
    : [isError ? t('Error') : t('Observation'), lines === 1 ? t('1 line') : t('{0} lines', lines), cached ? t('answered from an equal call before') : formatDuration(elapsedMs)].join(' · ');
  return `<div class="call${isError ? ' is-error' : ''}"><p class="call-head"><code>${escapeText(tool)}</code> ${summary === tool ? '' : escapeText(summary)}</p>
${parameters === '{}' ? '' : `<details><summary>${escapeText(t('Arguments'))}</summary>\n<pre>${escapeText(parameters)}</pre></details>`}
${observation === undefined ? `<p class="facts">${escapeText(facts)}</p>` : `<details><summary>${escapeText(facts)}</summary>\n<pre><code>${escapeText(observation)}</code></pre></details>`}
</div>`;
}

function answerHtml({ answer, verdict, error }: Run, { markdownHtml }: Markdown): string {
  return `<section class="answer" aria-labelledby="answer">
<h2 id="answer">${escapeText(t('Answer'))}</h2>
${verdict === undefined ? '' : `<p class="verdict is-${verdict.agreement}"><strong>${escapeText(agreementName(verdict.agreement))}</strong> ${escapeText(verdict.explanation)}</p>`}
${error === undefined ? '' : `<p class="problem">${escapeText(error.message)}</p>`}
${answer === '' ? `<p>${escapeText(t('There is no answer.'))}</p>` : markdownHtml(answer, 2)}
</section>`;
}
