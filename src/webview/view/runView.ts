import type { ErrorData } from '../../core/errors';
import type { RunEvent } from '../../core/events';
import { t } from '../../core/l10n';
import type { Run } from '../../core/run';
import { reduceRun } from '../../core/run';
import { outcomeName } from '../../core/wording';
import type { PanelServices } from '../host';
import type { MarkdownServices } from '../markdown/render';
import type { PanelAbility, PanelNote, PanelRunSummary, PanelSnapshot } from '../protocol';
import { AnswerView } from './answerView';
import { Composer } from './composer';
import { element } from './dom';
import { skeleton } from './emptyView';
import { HeaderView } from './headerView';
import type { KeyAction } from './keyboard';
import { helpDialog } from './keyboard';
import type { PageView } from './pageView';
import { problemView } from './problemView';
import { ScrollFollower } from './scrollFollower';
import { StepView } from './stepView';
import { TotalsView } from './totalsView';

/** What a person did to a view, to be kept when the same run is shown anew. */
export interface RunViewState {
  /** Whether steps are open, by their numbers, where a person decided. */
  readonly open: ReadonlyMap<number, boolean>;
  readonly draft: string;
  readonly isFollowing: boolean;
  readonly scrollTop: number;
}

/** A run that ended no longer ago, in ms, was over before the page could follow it: it is shown as if it had. */
const justEndedMs = 3000;

/** Steps that are added to the page in one frame. */
const stepsPerFrame = 25;

/** One run as the page shows it. Events change the run; what they change is shown in the next frame. */
export class RunView implements PageView {
  readonly root: HTMLElement;
  readonly #run: Run;
  readonly #services: PanelServices & MarkdownServices;
  readonly #header: HeaderView;
  readonly #answer: AnswerView;
  readonly #totals: TotalsView;
  readonly #composer: Composer;
  readonly #foot: HTMLElement;
  readonly #abilities: readonly PanelAbility[];
  readonly #canFollowUp: boolean;
  readonly #canFork: boolean;
  readonly #scroll = new ScrollFollower();
  readonly #timeline = element('ol', { class: 'timeline' });
  /** Stands where the first step will be. */
  readonly #placeholder = skeleton();
  readonly #problem = element('div', { class: 'problems' });
  readonly #announcer = element('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  readonly #help: HTMLDialogElement;
  readonly #steps: StepView[] = [];
  readonly #changed = new Set<number>();
  readonly #ticker: number;
  #frame: number | undefined;
  #isEnding = false;
  #shownError: ErrorData | undefined;
  readonly #before: RunViewState | undefined;
  #isRestored = false;

  /** `before` is the state of another view of the same run, whose place this one takes. */
  constructor(run: Run, snapshot: PanelSnapshot, services: PanelServices, before?: RunViewState) {
    this.#run = run;
    this.#before = before;
    const ownPath = run.request.code?.path;
    this.#services = {
      send: (request) => services.send(request),
      ask: (request) => services.ask(request),
      copy: (text) => services.copy(text),
      openSource: (reference) => services.openSource(reference),
      ...(ownPath === undefined ? {} : { ownPath }),
    };
    const { abilities } = snapshot;
    this.#abilities = abilities;
    this.#help = helpDialog(this.keyActions());
    this.#header = new HeaderView(run, snapshot, this.#services, () => this.#help.showModal());
    this.#answer = new AnswerView(run, abilities, this.#services);
    this.#answer.showNote(snapshot.note);
    this.#totals = new TotalsView(run);
    this.#composer = new Composer(run.id, this.#services, before?.draft);
    this.#canFollowUp = abilities.includes('follow-up');
    this.#canFork = abilities.includes('fork');
    this.#foot = element('footer', { class: 'foot' }, this.#scroll.button, this.#composer.root);
    this.root = element(
      'div',
      { class: 'run' },
      this.#header.root,
      element(
        'main',
        {},
        element('section', { 'aria-label': t('Steps') }, element('h2', { class: 'visually-hidden' }, t('Steps')), this.#timeline, this.#placeholder),
        this.#problem,
        this.#answer.root,
        this.#totals.root,
      ),
      this.#foot,
      this.#announcer,
      this.#help,
    );
    this.#ticker = window.setInterval(() => this.#tick(), 1000);
    this.#scroll.setLive(run.outcome === undefined || Date.now() - (run.endedAt ?? 0) < justEndedMs);
    this.#isEnding = true;
    this.#schedule();
  }

  /** Applies events of the run, in order. */
  apply(events: readonly RunEvent[]): void {
    for (const event of events) {
      reduceRun(this.#run, event);
      if (event.type === 'run-end' || event.type === 'verdict' || event.type === 'limits') {
        this.#isEnding = true;
      } else if (event.type !== 'run-start') {
        this.#changed.add(event.step);
      }
      if (event.type === 'step-start') {
        this.#announcer.textContent = t('Step {0} begins.', event.step);
      } else if (event.type === 'run-end') {
        this.#announcer.textContent = t('The run has ended: {0}.', outcomeName(event.outcome));
      }
    }
    this.#schedule();
  }

  /** The list of runs has changed. */
  showRecent(recent: readonly PanelRunSummary[]): void {
    this.#header.recent = recent;
  }

  showNote(note: PanelNote): void {
    this.#answer.showNote(note);
  }

  showPaused(isPaused: boolean): void {
    this.#header.paused = isPaused;
  }

  /** An error that belongs to something that was pressed, not to the run. */
  showProblem(error: ErrorData): void {
    const view = problemView(error, this.#run.id, this.#services);
    view.classList.add('is-passing');
    this.#problem.append(view);
    view.scrollIntoView({ block: 'nearest' });
  }

  focus(target: 'follow-up' | 'run'): void {
    if (target === 'follow-up') {
      this.#composer.focus();
    } else {
      this.#header.root.querySelector('h1')?.focus();
    }
  }

  /** What a person did to this view. */
  state(): RunViewState {
    return {
      open: new Map(this.#steps.flatMap(({ step, handled }) => (handled === undefined ? [] : [[step.index, handled]]))),
      draft: this.#composer.draft,
      isFollowing: this.#scroll.isFollowing,
      scrollTop: document.documentElement.scrollTop,
    };
  }

  dispose(): void {
    window.clearInterval(this.#ticker);
    this.#scroll.dispose();
    if (this.#frame !== undefined) {
      cancelAnimationFrame(this.#frame);
    }
    this.root.remove();
  }

  /** What keys do, for listening and for the help. */
  keyActions(): readonly KeyAction[] {
    const { id: runId } = this.#run;
    const isRunning = (): boolean => this.#run.outcome === undefined;
    const done = (act: () => void): true => {
      act();
      return true;
    };
    return [
      { keys: ['j', 'ArrowDown'], label: t('Next step'), run: () => this.#move(1) },
      { keys: ['k', 'ArrowUp'], label: t('Previous step'), run: () => this.#move(-1) },
      { keys: ['e'], label: t('Open or close all steps'), run: () => done(() => this.#toggleAll()) },
      { keys: ['a'], label: t('Go to the answer'), run: () => !this.#answer.root.hidden && done(() => this.#answer.focus()) },
      { keys: ['c'], label: t('Copy the answer'), run: () => this.#answer.text !== '' && done(() => this.#services.copy(this.#answer.text)) },
      { keys: ['n'], label: t('Open the note'), run: () => done(() => this.#services.send({ type: 'open-note', runId })) },
      { keys: ['b'], label: t('Show the runs that came from each other'), run: () => this.#header.openBranches() },
      { keys: ['v'], label: t('Compare with another run'), run: () => !isRunning() && this.#abilities.includes('compare') && done(() => this.#services.send({ type: 'compare', runId })) },
      { keys: ['x'], label: t('Export the run to a file'), run: () => !isRunning() && this.#answer.openExport() },
      { keys: ['f'], label: t('Ask a follow-up question'), run: () => !this.#composer.root.hidden && done(() => this.#composer.focus()) },
      { keys: ['s'], label: t('Stop reasoning'), run: () => isRunning() && done(() => this.#services.send({ type: 'stop', runId })) },
      { keys: ['End'], label: t('Go to the end and follow it'), run: () => isRunning() && done(() => this.#scroll.follow()) },
      { keys: ['?'], label: t('Show this help'), run: () => !this.#help.open && done(() => this.#help.showModal()) },
    ];
  }

  #schedule(): void {
    this.#frame ??= requestAnimationFrame((now) => {
      this.#frame = undefined;
      if (this.#render(now)) {
        this.#schedule();
      }
    });
  }

  /** Shows what has changed. True where something is left for the next frame. */
  #render(now: number): boolean {
    const isOver = this.#run.outcome !== undefined;
    let isLeft = this.#addSteps();
    if (this.#isEnding && isOver) {
      // How the run ended shows at its steps as well.
      this.#steps.forEach(({ step }) => this.#changed.add(step.index));
    }
    for (const view of this.#steps.filter(({ step }) => this.#changed.has(step.index))) {
      if (view.step.state === 'done' && view.isOpen && this.#scroll.isFollowing) {
        view.follow(false);
      }
      if (view.update(now)) {
        isLeft = true;
      } else {
        this.#changed.delete(view.step.index);
      }
    }
    isLeft = this.#answer.update(now) || isLeft;
    this.#header.update();
    if (this.#isEnding) {
      this.#isEnding = false;
      this.#totals.update();
      this.#showEnd(isOver);
    }
    this.#restoreScroll(isLeft);
    this.#scroll.grown();
    if (isOver && !isLeft) {
      const first = this.#problem.childElementCount > 0 ? this.#problem : this.#answer.root;
      this.#scroll.settle({ first, last: this.#answer.root, head: this.#header.root, foot: this.#foot });
    }
    return isLeft;
  }

  /** Adds entries for new steps; the newest is open while it goes on. */
  #addSteps(): boolean {
    const { id: runId, request, steps, outcome } = this.#run;
    const takenOver = request.earlierSteps?.length ?? 0;
    const canFork = (): boolean => this.#canFork && this.#run.outcome !== undefined;
    const fresh = steps.slice(this.#steps.length, this.#steps.length + stepsPerFrame);
    for (const step of fresh) {
      const view = new StepView(step, { runId, isTakenOver: step.index <= takenOver, canFork, outcome: () => this.#run.outcome }, this.#services);
      this.#steps.push(view);
      this.#timeline.append(view.root);
      const isCurrent = outcome === undefined && step === steps.at(-1) && step.state !== 'done';
      view.follow(isCurrent);
      const wasOpen = this.#before?.open.get(step.index);
      if (wasOpen !== undefined) {
        view.setOpen(wasOpen, true);
      }
      view.update(performance.now());
    }
    this.#placeholder.hidden = this.#steps.length > 0 || outcome !== undefined;
    return this.#steps.length < steps.length;
  }

  /** Goes back to where the view before this one was, once everything is there. */
  #restoreScroll(isLeft: boolean): void {
    if (this.#isRestored || isLeft || this.#before === undefined) {
      return;
    }
    this.#isRestored = true;
    if (!this.#before.isFollowing) {
      this.#scroll.stay();
    }
    document.documentElement.scrollTop = this.#before.scrollTop;
  }

  #showEnd(isOver: boolean): void {
    const { error, outcome } = this.#run;
    this.#composer.root.hidden = !isOver || !this.#canFollowUp;
    if (error !== undefined && error !== this.#shownError) {
      this.#shownError = error;
      const view = problemView(error, this.#run.id, this.#services);
      view.classList.toggle('is-mild', outcome !== 'failed');
      this.#problem.append(view);
    }
  }

  #tick(): void {
    if (this.#run.outcome === undefined) {
      this.#header.update();
      this.#steps.at(-1)?.tick(performance.now());
    }
  }

  #move(by: 1 | -1): boolean {
    const at = this.#steps.findIndex((view) => view.hasFocus());
    const next = this.#steps[at === -1 ? (by === 1 ? 0 : this.#steps.length - 1) : at + by];
    this.#scroll.stay();
    next?.focus();
    return next !== undefined;
  }

  #toggleAll(): void {
    const isAnyOpen = this.#steps.some(({ isOpen }) => isOpen);
    this.#steps.forEach((view) => view.setOpen(!isAnyOpen, true));
    this.#steps.forEach(({ step }) => this.#changed.add(step.index));
    this.#schedule();
  }
}
