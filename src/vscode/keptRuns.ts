import type * as vscode from 'vscode';
import { t } from '../core/l10n';
import type { Run } from '../core/run';
import { reduceRun } from '../core/run';
import { addUsage, noUsage } from '../core/model';
import { truncate } from '../core/text';
import { stateKeys } from './ids';

/** A run as it is kept across reloads of the window. */
export interface KeptRun {
  readonly run: Run;
  /** Where its note is, as a URI string. */
  readonly note?: string;
}

/** Most runs that are kept. */
const maxRuns = 10;
/** Most characters of all of them together as JSON; VS Code reads this state at every start. */
const maxCharacters = 600_000;
/** What is left of an observation in a run that is too large as it is. */
const shortObservation = 2_000;

/**
 * The last runs of a workspace, kept in its state so that the panel shows them again after a reload. The newest
 * comes first; old ones go when there are too many or they are too large.
 */
export class KeptRuns {
  /** Runs that were going on when the window closed; they are kept as ended. */
  readonly interrupted: readonly KeptRun[];
  readonly #state: Pick<vscode.Memento, 'get' | 'update'>;
  #runs: KeptRun[];

  /** Reads what was kept. A run without an end was going on when the window closed: it is ended as interrupted. */
  constructor(state: Pick<vscode.Memento, 'get' | 'update'>, now: number) {
    this.#state = state;
    const stored = state.get<unknown>(stateKeys.recentRuns);
    const kept = (Array.isArray(stored) ? stored : []).filter(isKeptRun);
    const open = new Set(kept.filter(({ run }) => run.outcome === undefined).map(({ run }) => run.id));
    this.#runs = kept.map((one) => ({ ...one, run: interrupted(one.run, now) }));
    this.interrupted = this.#runs.filter(({ run }) => open.has(run.id));
  }

  /** Newest first. */
  all(): readonly KeptRun[] {
    return this.#runs;
  }

  find(runId: string): KeptRun | undefined {
    return this.#runs.find(({ run }) => run.id === runId);
  }

  /** Keeps a run as it is now, in place of what was kept of it before. */
  async keep(run: Run, note: string | undefined): Promise<void> {
    const kept: KeptRun = { run, ...(note === undefined ? {} : { note }) };
    this.#runs = [kept, ...this.#runs.filter((other) => other.run.id !== run.id)].slice(0, maxRuns);
    await this.#state.update(stateKeys.recentRuns, withinLimit(this.#runs));
  }

  /** Takes over that notes have other places now; `moved` gives the new one, or undefined for a note that stayed. */
  async moveNotes(moved: (note: string) => string | undefined): Promise<void> {
    const runs = this.#runs.map((kept) => {
      const note = kept.note === undefined ? undefined : moved(kept.note);
      return note === undefined ? kept : { ...kept, note };
    });
    if (runs.some((kept, index) => kept !== this.#runs[index])) {
      this.#runs = runs;
      await this.#state.update(stateKeys.recentRuns, withinLimit(runs));
    }
  }
}

/** As many of `runs` as fit, the newest first; the newest itself is shortened rather than left out. */
function withinLimit(runs: readonly KeptRun[]): readonly KeptRun[] {
  const fitting: KeptRun[] = [];
  let left = maxCharacters;
  for (const [index, kept] of runs.entries()) {
    const size = JSON.stringify(kept).length;
    const fitted = index === 0 && size > left ? { ...kept, run: shortened(kept.run) } : kept;
    left -= fitted === kept ? size : JSON.stringify(fitted).length;
    if (left < 0 && index > 0) {
      break;
    }
    fitting.push(fitted);
  }
  return fitting;
}

function shortened(run: Run): Run {
  return {
    ...run,
    steps: run.steps.map((step) => ({
      ...step,
      actions: step.actions.map((action) =>
        action.observation === undefined ? action : { ...action, observation: truncate(action.observation, shortObservation) },
      ),
    })),
  };
}

/** A run that has an end: its own, or that of a run which the window's closing interrupted at `now`. */
export function interrupted(run: Run, now: number): Run {
  if (run.outcome !== undefined) {
    return run;
  }
  const ended = structuredClone(run);
  reduceRun(ended, {
    type: 'run-end',
    at: now,
    outcome: 'cancelled',
    answer: '',
    error: { code: 'cancelled', message: t('The window was closed or reloaded while this run went on. Ask again to start anew.'), remedy: 'retry' },
    totals: {
      // When the window closed is not known; the time that the model used is.
      elapsedMs: ended.steps.reduce((sum, step) => sum + step.thinkingMs, 0),
      thinkingMs: ended.steps.reduce((sum, step) => sum + step.thinkingMs, 0),
      steps: ended.steps.length,
      usage: ended.steps.reduce((sum, step) => addUsage(sum, step.usage), noUsage),
    },
  });
  return ended;
}

/** True for what `keep` wrote; a state that an older version left behind is dropped. */
function isKeptRun(value: unknown): value is KeptRun {
  if (typeof value !== 'object' || value === null || !('run' in value)) {
    return false;
  }
  const { run } = value;
  return (
    typeof run === 'object' && run !== null && 'id' in run && typeof run.id === 'string' &&
    'steps' in run && Array.isArray(run.steps) && 'request' in run && 'model' in run && 'answer' in run &&
    (!('note' in value) || typeof value.note === 'string')
  );
}
