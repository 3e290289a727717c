import type { RunOutcome } from '../../core/events';
import { t } from '../../core/l10n';
import type { RunStep } from '../../core/run';
import { formatDuration } from '../../core/text';
import { outcomeName } from '../../core/wording';
import type { PanelServices } from '../host';
import { MarkdownView } from '../markdown/markdownView';
import type { MarkdownServices } from '../markdown/render';
import { ActionView, allArguments, condensed, toolIcon } from './actionView';
import { element, icon, setText } from './dom';
import { steeringView } from './steering';

/** What a step needs to know of its run. */
export interface StepSurroundings {
  readonly runId: string;
  /** True for a step that was taken over from another run. */
  readonly isTakenOver: boolean;
  /** Whether a new run can go on from a step now. */
  canFork(): boolean;
  /** How the run ended; undefined while it goes on. */
  outcome(): RunOutcome | undefined;
}

/** Icons at a step, by how it goes or went. */
const markers = { thinking: [], acting: [], done: ['check'], failed: ['warning'], stopped: ['circle-slash'], broken: ['error'] } as const;

/** One step as an entry of the timeline. What it holds is made when it is open for the first time. */
export class StepView {
  readonly root: HTMLLIElement;
  readonly step: RunStep;
  readonly #services: PanelServices & MarkdownServices;
  readonly #surroundings: StepSurroundings;
  readonly #header: HTMLButtonElement;
  readonly #title = element('span', { class: 'step-title' });
  readonly #tools = element('span', { class: 'step-tools' });
  readonly #facts = element('span', { class: 'facts' });
  readonly #marker = element('span', { class: 'marker', 'aria-hidden': 'true' });
  readonly #body: HTMLElement;
  readonly #thoughtPlace = element('div', { class: 'thought markdown' });
  readonly #waitPlace = element('div', { class: 'wait', hidden: true });
  readonly #actionPlace = element('div', { class: 'actions' });
  readonly #noticePlace = element('ul', { class: 'notices', hidden: true });
  readonly #thought: MarkdownView;
  readonly #actions: ActionView[] = [];
  #notices = 0;
  #steering: HTMLElement | undefined;
  #shownState = '';
  #shownTools = 0;
  #isOpen = false;
  #waitUntil: number | undefined;
  #shownWait: RunStep['wait'];
  /** True once a person opened or closed it: then it stays as they want it. */
  #isHandled = false;

  constructor(step: RunStep, surroundings: StepSurroundings, services: PanelServices & MarkdownServices) {
    this.step = step;
    this.#surroundings = surroundings;
    this.#services = services;
    this.#thought = new MarkdownView(this.#thoughtPlace, services);
    const id = `step-${String(step.index)}`;
    this.#body = element('div', { class: 'step-body', id: `${id}-body`, hidden: true }, this.#thoughtPlace, this.#waitPlace, this.#actionPlace, this.#noticePlace);
    this.#header = element(
      'button',
      { type: 'button', class: 'step-header', 'aria-expanded': 'false', 'aria-controls': `${id}-body` },
      icon('chevron-right', 'twistie'),
      element('span', { class: 'step-words' }, this.#title, this.#tools),
      this.#facts,
    );
    this.#header.addEventListener('click', () => {
      this.setOpen(!this.#isOpen, true);
    });
    this.root = element('li', { class: 'step', id }, this.#marker, element('div', { class: 'step-card' }, element('h3', {}, this.#header), this.#body));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether a person opened or closed the step; undefined where it goes by itself. */
  get handled(): boolean | undefined {
    return this.#isHandled ? this.#isOpen : undefined;
  }

  /** Opens or closes the step for as long as no person did. */
  follow(isOpen: boolean): void {
    if (!this.#isHandled) {
      this.setOpen(isOpen);
    }
  }

  /** Opens or closes the step; `byPerson` where it is to stay so. */
  setOpen(isOpen: boolean, byPerson = false): void {
    this.#isHandled ||= byPerson;
    if (this.#isOpen === isOpen) {
      return;
    }
    this.#isOpen = isOpen;
    this.#header.setAttribute('aria-expanded', String(isOpen));
    this.root.classList.toggle('is-open', isOpen);
    this.#body.hidden = !isOpen;
    this.update(performance.now());
  }

  focus(): void {
    this.#header.focus();
    this.root.scrollIntoView({ block: 'nearest' });
  }

  hasFocus(): boolean {
    return this.root.contains(document.activeElement);
  }

  /** Shows the step as it is now. True where something is left for the next frame. */
  update(now: number): boolean {
    this.#updateHeader();
    if (!this.#isOpen) {
      return false;
    }
    const { thought, actions, notices, state } = this.step;
    this.#thought.setText(thought, state !== 'thinking');
    const isLeft = this.#thought.render(now);
    for (const action of actions.slice(this.#actions.length)) {
      const view = new ActionView(action, this.#services);
      this.#actions.push(view);
      this.#actionPlace.append(view.root);
    }
    this.#actions.forEach((view) => view.update());
    for (const notice of notices.slice(this.#notices)) {
      this.#noticePlace.append(element('li', {}, icon('info'), notice.message));
      this.#noticePlace.hidden = false;
    }
    this.#notices = notices.length;
    this.#updateWait(now);
    if (this.#steering === undefined && this.step.kind === 'turn' && this.#surroundings.canFork()) {
      this.#steering = steeringView(this.step, this.#surroundings.runId, this.#services);
      this.#body.append(this.#steering);
    }
    return isLeft;
  }

  /** Counts down the wait that is going on. Called once a second. */
  tick(now: number): void {
    this.#updateWait(now);
  }

  #updateHeader(): void {
    const { step } = this;
    const state = this.#shownAs();
    if (state !== this.#shownState) {
      this.root.classList.remove(`is-${this.#shownState}`);
      this.root.classList.add(`is-${state}`);
      this.#shownState = state;
      this.#marker.replaceChildren(...(this.#surroundings.isTakenOver ? [icon('history')] : markers[state].map((name) => icon(name))));
    }
    setText(this.#title, `${String(step.index)}. ${this.#titleText()}`);
    setText(this.#facts, this.#factsText());
    if (step.actions.length !== this.#shownTools) {
      this.#shownTools = step.actions.length;
      this.#tools.replaceChildren(
        ...step.actions.map(({ tool, args }) =>
          element('span', { class: 'tool', title: allArguments(tool, args) }, icon(toolIcon(tool)), tool, element('span', { class: 'argument' }, condensed(args))),
        ),
      );
    }
  }

  /** How the step went. One in which a run was stopped or failed did not come to its end, whatever else it did. */
  #shownAs(): keyof typeof markers {
    const { title, state, actions } = this.step;
    const outcome = this.#surroundings.outcome();
    if (state !== 'done') {
      return state;
    }
    if (title === '' && !this.#surroundings.isTakenOver && (outcome === 'cancelled' || outcome === 'failed')) {
      return outcome === 'cancelled' ? 'stopped' : 'broken';
    }
    return actions.some(({ isError }) => isError) ? 'failed' : 'done';
  }

  #titleText(): string {
    const { title, state, kind, actions } = this.step;
    if (title !== '') {
      return title;
    }
    if (this.#shownState === 'stopped' || this.#shownState === 'broken') {
      return outcomeName(this.#surroundings.outcome());
    }
    if (state === 'thinking') {
      return kind === 'final-answer' ? t('Writing the answer') : t('Thinking');
    }
    return kind === 'final-answer' ? t('Final answer') : actions.length > 0 ? t('Looking') : t('No thought');
  }

  #factsText(): string {
    const { thinkingMs, usage, state } = this.step;
    if (thinkingMs === 0 && (state === 'thinking' || this.#shownState === 'stopped')) {
      return '';
    }
    if (this.#surroundings.isTakenOver) {
      return t('taken over');
    }
    const tokens = usage.promptTokens + usage.completionTokens;
    return tokens === 0 ? formatDuration(thinkingMs) : `${formatDuration(thinkingMs)} · ${t('{0} tokens', tokens)}`;
  }

  #updateWait(now: number): void {
    const { wait } = this.step;
    if (wait !== this.#shownWait) {
      this.#shownWait = wait;
      this.#waitUntil = wait === undefined ? undefined : now + wait.waitMs;
    }
    this.#waitPlace.hidden = wait === undefined;
    if (wait !== undefined && this.#waitUntil !== undefined) {
      const left = Math.max(0, Math.ceil((this.#waitUntil - now) / 1000));
      setText(this.#waitPlace, t('Going on in {0} s. {1}', left, wait.reason.message));
    }
  }
}
