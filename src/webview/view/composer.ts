import { t } from '../../core/l10n';
import type { PanelServices } from '../host';
import { element, icon } from './dom';

/** The field for a question that goes on from a run. */
export class Composer {
  readonly root: HTMLFormElement;
  readonly #field: HTMLTextAreaElement;

  /** `draft` is text that was in the field before. */
  constructor(runId: string, services: PanelServices, draft = '') {
    this.#field = element('textarea', { rows: 1, placeholder: t('Ask a follow-up question'), 'aria-label': t('Ask a follow-up question') });
    const send = element('button', { type: 'submit', class: 'icon-button', title: t('Ask (Enter)'), 'aria-label': t('Ask') }, icon('send'));
    this.root = element('form', { class: 'composer', hidden: true }, element('div', { class: 'composer-box' }, this.#field, send));
    this.#field.value = draft;
    this.#field.addEventListener('input', () => this.#grow());
    this.#field.addEventListener('keydown', (event) => {
      // Enter that ends the choice of a character in an input method is no Enter.
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.root.requestSubmit();
      }
    });
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#field.value.trim();
      if (text !== '') {
        services.send({ type: 'follow-up', runId, text });
        this.#field.value = '';
        this.#grow();
      }
    });
  }

  get draft(): string {
    return this.#field.value;
  }

  focus(): void {
    this.#field.focus();
  }

  #grow(): void {
    this.#field.style.height = 'auto';
    this.#field.style.height = `${String(Math.min(160, this.#field.scrollHeight))}px`;
  }
}
