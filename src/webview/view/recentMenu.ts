import { t } from '../../core/l10n';
import { outcomeName } from '../../core/wording';
import type { PanelServices } from '../host';
import type { PanelRunSummary } from '../protocol';
import { element, icon } from './dom';

/** A button that unfolds the list of other runs; undefined where there is none. */
export function recentMenu(recent: readonly PanelRunSummary[], shown: string, services: PanelServices): HTMLElement | undefined {
  const others = recent.filter(({ runId }) => runId !== shown);
  if (others.length === 0) {
    return undefined;
  }
  const entries = others.map(({ runId, question, modelLabel, outcome, startedAt }) => {
    const when = new Date(startedAt).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });
    const entry = element(
      'button',
      { type: 'button', class: 'menu-entry' },
      element('span', { class: 'menu-title' }, question),
      element('span', { class: 'facts' }, `${when} · ${modelLabel} · ${outcomeName(outcome)}`),
    );
    entry.addEventListener('click', () => services.send({ type: 'show-run', runId }));
    return element('li', {}, entry);
  });
  const label = t('Earlier runs');
  const menu = element('details', { class: 'menu' }, element('summary', { class: 'icon-button', title: label, 'aria-label': label }, icon('history')), element('ul', { class: 'menu-list' }, ...entries));
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && menu.open) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
      event.stopPropagation();
    }
  });
  menu.addEventListener('focusout', (event) => {
    if (!(event.relatedTarget instanceof Node && menu.contains(event.relatedTarget))) {
      menu.open = false;
    }
  });
  return menu;
}
