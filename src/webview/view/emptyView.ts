import type { ErrorData } from '../../core/errors';
import { t } from '../../core/l10n';
import type { PanelServices } from '../host';
import type { PanelSnapshot } from '../protocol';
import { element, icon, textButton } from './dom';
import type { KeyAction } from './keyboard';
import type { PageView } from './pageView';
import { problemView } from './problemView';
import { recentMenu } from './recentMenu';

/** What is shown before the first run. */
export class EmptyView implements PageView {
  readonly root: HTMLElement;
  readonly #services: PanelServices;
  readonly #problems = element('div', { class: 'problems' });

  constructor(snapshot: PanelSnapshot, services: PanelServices) {
    this.#services = services;
    const steps = [
      t('Select code in the editor, or place the cursor in a function.'),
      t('Run “Reason About Selection” and pick a task.'),
      t('Watch each step here; a note of it is kept in the repository.'),
    ];
    this.root = element(
      'main',
      { class: 'empty' },
      icon('lightbulb-sparkle', 'empty-icon'),
      element('h1', {}, t('Reason about code, step by step')),
      element('ol', { class: 'empty-steps' }, ...steps.map((step) => element('li', {}, step))),
      element(
        'div',
        { class: 'buttons' },
        textButton(t('Reason About Selection'), () => services.send({ type: 'ask', about: 'selection' }), { kind: 'primary' }),
        textButton(t('Ask a Question'), () => services.send({ type: 'ask', about: 'question' })),
      ),
      element(
        'p',
        { class: 'facts' },
        snapshot.nextModel === undefined ? undefined : `${t('Next model: {0}', snapshot.nextModel)} · `,
        textButton(t('Choose Model'), () => services.send({ type: 'choose-model' }), { kind: 'link' }),
      ),
      recentMenu(snapshot.recent, '', services),
      this.#problems,
    );
  }

  keyActions(): readonly KeyAction[] {
    return [];
  }

  showProblem(error: ErrorData): void {
    this.#problems.append(problemView(error, '', this.#services));
  }

  dispose(): void {
    this.root.remove();
  }
}

/** What is shown until the host has sent the first snapshot. There are no translations yet, so it has no words. */
export function loadingView(): HTMLElement {
  return element('main', { class: 'loading', 'aria-busy': 'true', 'aria-label': 'Stepwise' }, element('h1', { class: 'visually-hidden' }, 'Stepwise'), element('div', { class: 'progress' }), skeleton());
}

/** Lines where text will be. */
export function skeleton(): HTMLElement {
  const lines = [60, 85, 75].map((width) => {
    const line = element('div', { class: 'skeleton-line' });
    line.style.width = `${String(width)}%`;
    return line;
  });
  return element('div', { class: 'skeleton', 'aria-hidden': 'true' }, ...lines);
}
