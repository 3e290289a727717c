import type { RunOutcome, RunTotals } from './events';
import { t } from './l10n';
import type { LineRange, RunParent, TaskKind } from './request';
import { formatDuration } from './text';
import type { Agreement } from './verdict';

/*
 * Words that every view shares: notes, the chat and the panel call the same thing by the same name. All of it is
 * translated.
 */

/** The name of a task. */
export function taskName(task: TaskKind): string {
  switch (task) {
    case 'complexity':
      return t('Time and space complexity');
    case 'explain':
      return t('Explanation step by step');
    case 'bugs':
      return t('Search for bugs');
    case 'security':
      return t('Security review');
    case 'tests':
      return t('Suggestions for tests');
    case 'refactor':
      return t('Refactoring');
    case 'question':
      return t('Question');
  }
}

/** How a run ended; undefined is a run that goes on or whose end was never written. */
export function outcomeName(outcome: RunOutcome | undefined): string {
  switch (outcome) {
    case undefined:
      return t('Not finished');
    case 'answered':
      return t('Answered');
    case 'limit':
      return t('Answered at a limit');
    case 'cancelled':
      return t('Stopped');
    case 'failed':
      return t('Failed');
  }
}

/** How a run came from an earlier one. */
export function originText({ kind, step, edited }: RunParent): string {
  switch (kind) {
    case 'fork':
      return edited === true ? t('From step {0} of an earlier run, edited', step ?? 1) : t('From step {0} of an earlier run', step ?? 1);
    case 'retry':
      return t('An earlier run, asked again');
    case 'go-deeper':
      return t('Deeper than an earlier run');
    case 'follow-up':
      return t('A follow-up to an earlier run');
  }
}

/** What the check of a claim came to. */
export function agreementName(agreement: Agreement): string {
  switch (agreement) {
    case 'agrees':
      return t('Checked');
    case 'disagrees':
      return t('Disputed');
    case 'weaker':
      return t('True, but not tight');
    case 'cannot-tell':
      return t('Not checked');
  }
}

/** A place in a file: `src/sort.py, lines 10–42`. */
export function placeText(path: string, range: LineRange | undefined): string {
  if (range === undefined) {
    return path;
  }
  return range.startLine === range.endLine
    ? t('{0}, line {1}', path, range.startLine)
    : t('{0}, lines {1}–{2}', path, range.startLine, range.endLine);
}

/** The sums of a run in a few words each: time, steps, tokens, cost where the model has a list price. */
export function totalsText(totals: RunTotals): readonly string[] {
  const { elapsedMs, thinkingMs, steps, usage, costUsd } = totals;
  const tokens = usage.promptTokens + usage.completionTokens;
  return [
    t('{0} in all', formatDuration(elapsedMs)),
    t('{0} thinking', formatDuration(thinkingMs)),
    steps === 1 ? t('1 step') : t('{0} steps', steps),
    ...(tokens === 0 ? [] : [usage.estimated === true ? t('about {0} tokens', tokens) : t('{0} tokens', tokens)]),
    ...(costUsd === undefined ? [] : [t('${0} at list price', formatUsd(costUsd))]),
  ];
}

/** An amount of US dollars with the digits that matter: `0`, `0.00042`, `0.013`, `1.25`. */
export function formatUsd(amount: number): string {
  if (amount === 0 || amount >= 1) {
    return amount === 0 ? '0' : amount.toFixed(2);
  }
  return Number(amount.toPrecision(2)).toFixed(8).replace(/\.?0+$/, '');
}
