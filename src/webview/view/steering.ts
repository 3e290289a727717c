import { t } from '../../core/l10n';
import type { RunStep } from '../../core/run';
import type { PanelServices } from '../host';
import { element, textButton } from './dom';

/** Lines that a field shows at most before it scrolls. */
const mostRows = 14;

/**
 * What can be done from a step that is over: go on from it in a new run, with the same model or another one, as the
 * step is or as a person edits it.
 */
export function steeringView(step: RunStep, runId: string, services: PanelServices): HTMLElement {
  const place = element('div', { class: 'steering' });
  const fork = (otherModel: boolean): void => services.send({ type: 'fork', runId, step: step.index, otherModel });
  const edit = textButton(t('Edit and Go On'), () => place.replaceChildren(editor(step, runId, services, showButtons)), { icon: 'edit' });
  const buttons = element(
    'div',
    { class: 'buttons' },
    textButton(t('Go On from Here'), () => fork(false), { icon: 'git-branch' }),
    edit,
    textButton(t('With Another Model'), () => fork(true), { icon: 'arrow-swap' }),
  );
  function showButtons(): void {
    place.replaceChildren(buttons);
    edit.focus();
  }
  place.append(buttons);
  return place;
}

/** Fields for the thought and for what came back from each call; closes itself when it is sent or given up. */
function editor(step: RunStep, runId: string, services: PanelServices, close: () => void): HTMLFormElement {
  const thought = field(t('Thought'), step.thought);
  const observations = step.actions.flatMap(({ tool, observation }) => (observation === undefined ? [] : [field(t('Observation of {0}', tool), observation)]));
  const cancel = textButton(t('Cancel'), close);
  const form = element(
    'form',
    { class: 'editor' },
    thought.label,
    ...observations.map(({ label }) => label),
    element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'button primary' }, t('Go On')), cancel),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const edited = { thought: thought.area.value, observations: observations.map(({ area }) => area.value) };
    services.send({ type: 'fork', runId, step: step.index, edited, otherModel: false });
    close();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
  });
  // The field is not in the page yet.
  requestAnimationFrame(() => thought.area.focus());
  return form;
}

function field(name: string, text: string): { readonly label: HTMLLabelElement; readonly area: HTMLTextAreaElement } {
  const area = element('textarea', { rows: Math.min(mostRows, text.split('\n', mostRows).length + 1) });
  area.value = text;
  return { label: element('label', {}, element('span', {}, name), area), area };
}
