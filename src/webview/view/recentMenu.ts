import { t } from '../../core/l10n';
import { outcomeName } from '../../core/wording';
import type { PanelServices } from '../host';
import type { PanelRunSummary } from '../protocol';
import { menu } from './menu';

/** A button that unfolds the list of other runs; undefined where there is none. */
export function recentMenu(recent: readonly PanelRunSummary[], shown: string, services: PanelServices): HTMLDetailsElement | undefined {
  const others = recent.filter(({ runId }) => runId !== shown);
  if (others.length === 0) {
    return undefined;
  }
  const entries = others.map((summary) => ({
    title: summary.question,
    facts: summaryFacts(summary),
    onPress: () => services.send({ type: 'show-run', runId: summary.runId }),
  }));
  return menu({ icon: 'history', label: t('Earlier runs'), entries });
}

/** When a run began, with which model, and how it ended. */
export function summaryFacts({ startedAt, modelLabel, outcome }: PanelRunSummary): string {
  const time = new Date(startedAt);
  const isToday = time.toDateString() === new Date().toDateString();
  const when = time.toLocaleString(document.documentElement.lang, {
    ...(isToday ? {} : { month: 'short', day: 'numeric' }), hour: '2-digit', minute: '2-digit',
  });
  return `${when} · ${modelLabel} · ${outcomeName(outcome)}`;
}
