import { t } from '../../core/l10n';
import { element, iconButton } from './dom';

/** Something that a key does. */
export interface KeyAction {
  /** Keys as `KeyboardEvent.key` has them. */
  readonly keys: readonly string[];
  readonly label: string;
  /** False where there is nothing to do now: then the key does what it always does. */
  run(): boolean;
}

/** Listens to keys wherever in the page the focus is, but for fields and with Ctrl, Alt or Cmd. */
export function listenToKeys(actions: () => readonly KeyAction[]): void {
  document.addEventListener('keydown', (event) => {
    const { target } = event;
    const isField = target instanceof HTMLElement && (target.matches('textarea, input, select') || target.isContentEditable);
    if (isField || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) {
      return;
    }
    const action = actions().find(({ keys }) => keys.includes(event.key));
    if (action?.run() === true) {
      event.preventDefault();
    }
  });
}

/** The help that `?` shows. */
export function helpDialog(actions: readonly KeyAction[]): HTMLDialogElement {
  const names: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', End: t('End'), Escape: 'Esc' };
  const rows = actions.map(({ keys, label }) =>
    element('div', {}, element('dt', {}, ...keys.map((key) => element('kbd', {}, names[key] ?? key))), element('dd', {}, label)),
  );
  const dialog: HTMLDialogElement = element(
    'dialog',
    { class: 'help', 'aria-labelledby': 'help-title' },
    element('div', { class: 'section-head' }, element('h2', { id: 'help-title' }, t('Keyboard shortcuts')), iconButton('close', t('Close'), () => dialog.close())),
    element('dl', { class: 'keys' }, ...rows, element('div', {}, element('dt', {}, element('kbd', {}, 'Enter')), element('dd', {}, t('Open or close the step in focus')))),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
  return dialog;
}
