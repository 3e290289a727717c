import { t } from '../../core/l10n';
import type { SourceReference } from '../../core/request';
import type { Run } from '../../core/run';
import type { ClaimVerdict } from '../../core/verdict';
import { agreementName } from '../../core/wording';
import type { PanelServices } from '../host';
import { MarkdownView } from '../markdown/markdownView';
import type { MarkdownServices } from '../markdown/render';
import type { CitationState, PanelAbility, PanelNote } from '../protocol';
import { copyButton, element, icon, setText, textButton } from './dom';
import { menu, openMenu } from './menu';

/** The answer of a run while it is written, and with the check of its claim and of its citations once it is there. */
export class AnswerView {
  readonly root: HTMLElement;
  readonly #run: Run;
  readonly #services: PanelServices;
  readonly #abilities: readonly PanelAbility[];
  readonly #text = element('div', { class: 'answer-text markdown' });
  readonly #verdict = element('div', { class: 'verdict', hidden: true });
  readonly #buttons = element('div', { class: 'buttons', hidden: true });
  readonly #noteButton: HTMLButtonElement;
  readonly #noteProblem = element('p', { class: 'facts note-problem', hidden: true });
  readonly #markdown: MarkdownView;
  readonly #copy: HTMLButtonElement;
  #citations: { readonly link: HTMLElement; readonly reference: SourceReference }[] = [];
  #shownVerdict: ClaimVerdict | undefined;

  constructor(run: Run, abilities: readonly PanelAbility[], services: PanelServices & MarkdownServices) {
    this.#run = run;
    this.#services = services;
    this.#abilities = abilities;
    this.#markdown = new MarkdownView(this.#text, { ...markdownServices(services), onCitation: (link, reference) => this.#citations.push({ link, reference }) });
    this.#noteButton = textButton(t('Open Note'), () => services.send({ type: 'open-note', runId: run.id }), { icon: 'note' });
    this.#noteButton.hidden = true;
    const { id: runId } = run;
    this.#buttons.append(
      this.#noteButton,
      ...(abilities.includes('go-deeper') ? [textButton(t('Go Deeper'), () => services.send({ type: 'go-deeper', runId }), { icon: 'arrow-down' })] : []),
      ...(abilities.includes('retry') ? [textButton(t('Ask Again'), () => services.send({ type: 'retry', runId }), { icon: 'refresh' })] : []),
      ...(abilities.includes('compare') ? [textButton(t('Compare'), () => services.send({ type: 'compare', runId }), { icon: 'split-horizontal' })] : []),
      ...(abilities.includes('export') ? [exportMenu(runId, services)] : []),
    );
    this.#copy = copyButton(t('Copy answer'), t('Copied'), () => services.copy(this.text));
    this.root = element(
      'section',
      { class: 'answer', 'aria-labelledby': 'answer-title', hidden: true },
      element(
        'div',
        { class: 'section-head' },
        element('h2', { id: 'answer-title', tabindex: -1 }, t('Answer')),
        this.#copy,
      ),
      this.#verdict,
      this.#text,
      this.#noteProblem,
      this.#buttons,
    );
  }

  /** The answer as far as it is there. */
  get text(): string {
    const { outcome, answer, steps } = this.#run;
    return outcome === undefined ? (steps.at(-1)?.answer.trimStart() ?? '') : answer;
  }

  /** Shows the answer as it is now. True where something is left for the next frame. */
  update(now: number): boolean {
    const { outcome, verdict } = this.#run;
    const isOver = outcome !== undefined;
    const { text } = this;
    this.root.hidden = text === '' && !isOver;
    this.root.classList.toggle('is-live', !isOver);
    this.#buttons.hidden = !isOver;
    this.#copy.hidden = text === '';
    if (isOver && text === '') {
      this.#text.classList.add('is-empty');
      setText(this.#text, t('There is no answer. The steps above are kept.'));
      return false;
    }
    this.#markdown.setText(text, isOver);
    const isLeft = this.#markdown.render(now);
    if (verdict !== undefined && verdict !== this.#shownVerdict) {
      this.#shownVerdict = verdict;
      this.#showVerdict(verdict);
    }
    if (isOver && !isLeft) {
      this.#checkCitations();
    }
    return isLeft;
  }

  showNote(note: PanelNote): void {
    this.#noteButton.hidden = note.state !== 'written' || !this.#abilities.includes('open-note');
    this.#noteButton.title = note.state === 'written' ? note.label : '';
    this.#noteProblem.hidden = note.state !== 'failed';
    setText(this.#noteProblem, note.state === 'failed' ? note.error.message : '');
  }

  /** Unfolds the menu of forms to export; false where there is none. */
  openExport(): boolean {
    return openMenu(this.#buttons);
  }

  focus(): void {
    const title = this.root.querySelector('h2');
    title?.focus();
    title?.scrollIntoView({ block: 'start' });
  }

  #showVerdict({ agreement, claim, derived, explanation }: ClaimVerdict): void {
    const icons = { agrees: 'verified-filled', disagrees: 'error', weaker: 'info', 'cannot-tell': 'question' } as const;
    const bounds = [
      ...(claim === '' ? [] : [[t('claimed'), claim] as const]),
      ...(derived === '' ? [] : [[t('derived from the code'), derived] as const]),
    ];
    this.#verdict.className = `verdict is-${agreement}`;
    this.#verdict.hidden = false;
    this.#verdict.replaceChildren(
      icon(icons[agreement]),
      element(
        'div',
        {},
        element('p', {}, element('strong', {}, agreementName(agreement)), ' ', explanation),
        ...(bounds.length === 0
          ? []
          : [element('p', { class: 'bounds' }, ...bounds.map(([name, bound]) => element('span', {}, `${name} `, element('code', {}, bound))))]),
      ),
    );
  }

  /** Lets the host look whether the cited places exist, and marks those that do not. */
  #checkCitations(): void {
    const unchecked = this.#citations.filter(({ link }) => link.isConnected);
    this.#citations = [];
    if (unchecked.length === 0 || !this.#abilities.includes('check-citations')) {
      return;
    }
    const references = unchecked.map(({ reference }) => reference);
    void this.#services.ask({ type: 'check-citations', references }).then((states) => {
      for (const [index, { link, reference }] of unchecked.entries()) {
        markCitation(link, reference, states?.[index]);
      }
    });
  }
}

/** The parts of the services that Markdown needs, for a copy with more. */
function markdownServices(services: PanelServices & MarkdownServices): MarkdownServices {
  return {
    ...(services.ownPath === undefined ? {} : { ownPath: services.ownPath }),
    copy: (text) => services.copy(text),
    openSource: (reference) => services.openSource(reference),
  };
}

function exportMenu(runId: string, services: PanelServices): HTMLElement {
  return menu({
    icon: 'export',
    label: t('Export the run to a file'),
    text: t('Export'),
    entries: [
      { title: t('HTML page'), facts: t('One file to read, send or print'), icon: 'file-code', onPress: () => services.send({ type: 'export', runId, format: 'html' }) },
      { title: t('JSON'), facts: t('The whole run for programs'), icon: 'json', onPress: () => services.send({ type: 'export', runId, format: 'json' }) },
    ],
  });
}

function markCitation(link: HTMLElement, { path }: SourceReference, state: CitationState | undefined): void {
  if (state === undefined || state === 'found') {
    return;
  }
  const reason = state === 'no-file' ? t('There is no file {0} in the workspace.', path) : t('{0} has fewer lines.', path);
  link.classList.add('is-wrong');
  link.title = reason;
  link.append(icon('warning'), element('span', { class: 'visually-hidden' }, ` (${reason})`));
}
