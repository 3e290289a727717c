import type { RunEvent } from '../core/events';
import { t } from '../core/l10n';
import type { SourceReference } from '../core/request';
import type { Run } from '../core/run';
import { reduceRun } from '../core/run';
import type { ClaimVerdict } from '../core/verdict';
import { agreementName, totalsText } from '../core/wording';
import { codeSpan, escapeInline } from './escapeMarkdown';

export { placeText } from '../core/wording';

/**
 * A piece of what a chat shows of a run. `progress` is a line that the next one replaces; `markdown` is part of the
 * answer; `reference` is a file that was looked at; `anchors` are all of them once more, to be opened from the end of
 * the answer. All text is Markdown, with what others wrote escaped.
 */
export type ChatFragment =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'markdown'; readonly text: string }
  | { readonly type: 'reference'; readonly reference: SourceReference }
  | { readonly type: 'anchors'; readonly references: readonly SourceReference[] };

/** Turns the events of one run, in their order, into what a chat shows for each. */
export type ChatTeller = (event: RunEvent) => readonly ChatFragment[];

/**
 * A teller for one run: steps as progress lines, files as references (each once), the answer while it is written,
 * then the verdict of the claim check and the totals.
 */
export function chatTeller(): ChatTeller {
  const referenced = new Map<string, SourceReference>();
  let run: Run | undefined;
  /** What of the answer is shown already; a chat cannot take it back. */
  let shown = '';

  return (event) => {
    run = reduceRun(run, event);
    switch (event.type) {
      case 'run-start':
        return [progress(t('Reasoning with {0}', escapeInline(event.model.label)))];
      case 'step-reset': {
        const wasShown = shown;
        shown = '';
        return wasShown === '' ? [] : [{ type: 'markdown', text: `\n\n*${t('The reply broke off and comes again.')}*\n\n` }];
      }
      case 'thought-end':
        return event.title === '' ? [] : [progress(t('Step {0}: {1}', event.step, escapeInline(event.title)))];
      case 'action-start':
        return [progress(escapeInline(event.summary))];
      case 'action-end':
        return newReferences(event.references, referenced);
      case 'wait':
        return [progress(t('Waiting {0} s: {1}', Math.ceil(event.waitMs / 1000), escapeInline(event.reason.message)))];
      case 'notice':
        return [progress(escapeInline(event.message))];
      case 'answer-delta':
        shown += event.text;
        return [{ type: 'markdown', text: event.text }];
      case 'run-end': {
        const rest = event.answer.startsWith(shown.trim()) && shown !== '' ? restOf(event.answer, shown) : event.answer;
        const separator = shown === '' || rest !== event.answer ? '' : '\n\n';
        return [
          ...(rest.trim() === '' || shown.trim() === event.answer.trim() ? [] : [{ type: 'markdown', text: `${separator}${rest}` } as const]),
          ...(run === undefined ? [] : ending(run)),
          ...(referenced.size === 0 ? [] : [{ type: 'anchors', references: [...referenced.values()] } as const]),
        ];
      }
      default:
        return [];
    }
  };
}

/** A whole finished run as the Markdown of one chat reply. */
export function chatMarkdown(run: Run): string {
  return [run.answer, ...ending(run).map((fragment) => (fragment.type === 'markdown' ? fragment.text.trim() : ''))]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** The verdict of the claim check as a line of Markdown. */
export function verdictMarkdown(verdict: ClaimVerdict): string {
  const mark = { agrees: '✓', disagrees: '✗', weaker: '≥', 'cannot-tell': '?' }[verdict.agreement];
  return `${mark} **${agreementName(verdict.agreement)}:** ${escapeInline(verdict.explanation)}`;
}

function ending(run: Run): readonly ChatFragment[] {
  const totals = run.totals === undefined ? [] : totalsText(run.totals);
  const stopped = run.outcome === 'cancelled' ? [`*${t('Stopped.')}*`] : [];
  const asked = run.outcome === 'limit' ? [`*${t('Answered with what had been found when a limit was reached.')}*`] : [];
  const paragraphs = [
    ...stopped,
    ...asked,
    ...(run.verdict === undefined ? [] : [`> ${verdictMarkdown(run.verdict)}`]),
    ...(totals.length === 0 ? [] : [`${codeSpan(run.model.label)} · ${totals.join(' · ')}`]),
  ];
  return paragraphs.map((text) => ({ type: 'markdown', text: `\n\n${text}` }));
}

/** What `answer` has beyond what was shown, where the two differ by white space at the edges only. */
function restOf(answer: string, shown: string): string {
  return answer.startsWith(shown) ? answer.slice(shown.length) : answer.slice(shown.trim().length);
}

function newReferences(references: readonly SourceReference[], known: Map<string, SourceReference>): readonly ChatFragment[] {
  const fresh = references.filter((reference) => {
    const { path, range } = reference;
    const key = `${path}:${String(range?.startLine ?? '')}-${String(range?.endLine ?? '')}`;
    const isNew = !known.has(key);
    known.set(key, known.get(key) ?? reference);
    return isNew;
  });
  return fresh.map((reference) => ({ type: 'reference', reference }));
}

function progress(text: string): ChatFragment {
  return { type: 'progress', text };
}
