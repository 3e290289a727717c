import { t } from '../../core/l10n';
import type { Run } from '../../core/run';
import { formatDuration } from '../../core/text';
import { outcomeName, placeText, taskName } from '../../core/wording';
import type { PanelServices } from '../host';
import type { PanelRunSummary, PanelSnapshot } from '../protocol';
import { branchMenu } from './branchMenu';
import { element, icon, iconButton, setText, textButton } from './dom';
import { openMenu } from './menu';
import { recentMenu } from './recentMenu';

/** The head of a run: question, source, model, how it stands, and what can be done with it. */
export class HeaderView {
  readonly root: HTMLElement;
  readonly #run: Run;
  readonly #services: PanelServices;
  readonly #status = element('span', { class: 'status' });
  readonly #statusIcon = element('span', { 'aria-hidden': 'true' });
  readonly #statusText = element('span');
  readonly #progress = element('div', { class: 'progress', 'aria-hidden': 'true' });
  readonly #running: HTMLElement;
  readonly #recentPlace = element('span', { class: 'menu-place' });
  readonly #branchPlace = element('span', { class: 'menu-place' });
  readonly #pause: HTMLButtonElement | undefined;
  readonly #startedAt: number;
  #isPaused: boolean;
  #runs: readonly PanelRunSummary[] = [];

  constructor(run: Run, snapshot: PanelSnapshot, services: PanelServices, onHelp: () => void) {
    this.#run = run;
    this.#services = services;
    this.#isPaused = snapshot.paused;
    // A run that goes on began on the clock of the host: what has passed since is counted here.
    this.#startedAt = performance.now() - Math.max(0, Date.now() - run.startedAt);
    const stop = textButton(t('Stop'), () => services.send({ type: 'stop', runId: run.id }), { icon: 'debug-stop' });
    stop.title = t('Stop reasoning');
    this.#pause = snapshot.abilities.includes('pause')
      ? iconButton('debug-pause', t('Pause before the next step'), () => services.send({ type: 'pause', runId: run.id, paused: !this.#isPaused }))
      : undefined;
    this.#running = element('span', { class: 'buttons' }, this.#pause, stop);
    this.#status.append(this.#statusIcon, this.#statusText);
    this.root = element(
      'header',
      { class: 'head' },
      element(
        'div',
        { class: 'head-row' },
        element('h1', { class: 'question', tabindex: -1 }, run.request.question),
        element('span', { class: 'head-tools' }, this.#recentPlace, iconButton('question', t('Keyboard shortcuts'), onHelp)),
      ),
      element('div', { class: 'about' }, element('span', { class: 'task' }, taskName(run.request.task)), this.#source(), this.#model(), this.#branchPlace),
      element('div', { class: 'head-row status-row' }, this.#status, this.#running),
      this.#progress,
    );
    this.paused = snapshot.paused;
    this.recent = snapshot.recent;
  }

  /** Runs that can be shown; those that are related to this one as a tree. */
  set recent(recent: readonly PanelRunSummary[]) {
    const { id } = this.#run;
    this.#runs = recent;
    fill(this.#recentPlace, recentMenu(recent, id, this.#services));
    fill(this.#branchPlace, branchMenu(recent, id, this.#services));
  }

  set paused(isPaused: boolean) {
    this.#isPaused = isPaused;
    const label = isPaused ? t('Go on') : t('Pause before the next step');
    this.#pause?.replaceChildren(icon(isPaused ? 'debug-continue' : 'debug-pause'));
    this.#pause?.setAttribute('aria-label', label);
    this.#pause?.setAttribute('title', label);
    this.update();
  }

  /** Unfolds the tree of related runs; false where there is none. */
  openBranches(): boolean {
    // A menu that was closed just now may not have been replaced yet.
    this.recent = this.#runs;
    return openMenu(this.#branchPlace);
  }

  /** Shows how the run stands now. Called for its events and once a second. */
  update(): void {
    const { outcome, totals } = this.#run;
    const isRunning = outcome === undefined;
    this.#running.hidden = !isRunning;
    this.#progress.hidden = !isRunning || this.#isPaused;
    this.#statusIcon.className = isRunning ? (this.#isPaused ? 'codicon codicon-debug-pause' : 'pulse') : `codicon codicon-${outcomeIcon(outcome)}`;
    this.#status.className = `status is-${outcome ?? 'running'}`;
    setText(this.#statusText, isRunning ? this.#runningText() : `${outcomeName(outcome)}${totals === undefined ? '' : ` · ${formatDuration(totals.elapsedMs)}`}`);
  }

  #runningText(): string {
    const { steps, maxIterations } = this.#run;
    const step = steps.at(-1);
    const seconds = Math.floor((performance.now() - this.#startedAt) / 1000);
    if (this.#isPaused) {
      return t('Paused');
    }
    if (step === undefined) {
      return t('Starting');
    }
    const doing = step.wait !== undefined ? t('waiting') : step.kind === 'final-answer' || step.answer !== '' ? t('answering') : step.state === 'acting' ? t('looking') : t('thinking');
    const place = step.index <= maxIterations ? t('Step {0} of at most {1}', step.index, maxIterations) : t('Step {0}', step.index);
    return `${place} · ${doing} · ${t('{0} s', seconds)}`;
  }

  #source(): HTMLElement | undefined {
    const { code } = this.#run.request;
    if (code === undefined) {
      return undefined;
    }
    const { path, range, symbol } = code;
    const link = textButton(symbol ?? placeText(path, range), () => this.#services.openSource({ path, range }), { kind: 'link', icon: 'code' });
    link.title = t('Open {0}', placeText(path, range));
    return link;
  }

  #model(): HTMLElement {
    const { model } = this.#run;
    const link = textButton(model.label, () => this.#services.send({ type: 'choose-model' }), { kind: 'link', icon: model.vendor === 'built-in' ? 'chip' : 'sparkle' });
    link.title = t('Choose the model of the next run');
    return link;
  }
}

/** Puts a menu in the place of the one before it, which stays for as long as a person has it open. */
function fill(place: HTMLElement, menu: HTMLDetailsElement | undefined): void {
  const open = place.querySelector<HTMLDetailsElement>('details[open]');
  const replace = (): void => {
    // The event of a menu that has gone already says nothing about the one in its place.
    if (open === null || (!open.open && place.contains(open))) {
      place.replaceChildren(...(menu === undefined ? [] : [menu]));
    }
  };
  open?.addEventListener('toggle', replace);
  replace();
}

function outcomeIcon(outcome: Run['outcome']): string {
  switch (outcome) {
    case 'answered':
      return 'pass-filled';
    case 'limit':
      return 'warning';
    case 'cancelled':
      return 'circle-slash';
    default:
      return 'error';
  }
}
