import { t } from '../core/l10n';
import type { Run } from '../core/run';
import { formatDuration } from '../core/text';

/** The sums of a finished run in a few words each: time, steps, tokens, cost where the model has a list price. */
export function totalsText(run: Run): readonly string[] {
  const { totals } = run;
  if (totals === undefined) {
    return [];
  }
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
