import * as vscode from 'vscode';
import { StepwiseError, errorData, toStepwiseError } from '../core/errors';
import type { RunEvent } from '../core/events';
import { t } from '../core/l10n';
import type { Run } from '../core/run';
import type { WorkspacePort } from '../tools/workspace';
import { panelHtml } from '../webview/page';
import type { FromPanel, PanelNote, PanelRunSummary, PanelSnapshot, ToPanel } from '../webview/protocol';
import { isFromPanel } from '../webview/protocol';
import type { Log } from './log';
import type { Models } from './models';
import { answerPanel, panelAbilities } from './panelRequests';
import type { RunChoice } from './pickRun';
import type { Runs, RunUpdate } from './runs';
import type { Settings } from './settings';

/** What the panel needs of the rest of the extension. */
export interface PanelParts {
  readonly runs: Runs;
  readonly models: Models;
  readonly log: Log;
  readonly extension: vscode.Uri;
  readonly choice: RunChoice;
  settings(scope?: vscode.Uri): Settings;
  workspace(): Promise<WorkspacePort>;
}

/** Where a page is shown: an editor tab or a view. */
export interface PagePlace {
  readonly webview: vscode.Webview;
  readonly kind: 'editor' | 'side-bar';
  isVisible(): boolean;
  /** Names the run that is shown: its function or file. */
  name(subject: string | undefined): void;
  /** Brings the page to the front, without the focus. */
  reveal(): void | Promise<void>;
}

/** How long events are collected before they go to the page together, in ms: two frames of a screen. */
const batchMs = 33;

/**
 * What one page of the panel shows: a run, or two side by side. It outlives its page, which VS Code throws away while
 * it is hidden and after a reload of the window; a new page says `ready` and gets everything in one snapshot.
 */
export class PanelSurface implements vscode.Disposable {
  readonly #parts: PanelParts;
  readonly #registrations: vscode.Disposable;
  #place: PagePlace | undefined;
  #pageRegistration: vscode.Disposable | undefined;
  /** True between the page's `ready` and its end. */
  #isReady = false;
  #runId: string | undefined;
  #comparedId: string | undefined;
  #batch: RunEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sentNote = '';

  constructor(parts: PanelParts) {
    this.#parts = parts;
    this.#registrations = vscode.Disposable.from(
      parts.runs.onDidUpdate((update) => this.#update(update)),
      parts.runs.onDidSettle((runId) => this.#settle(runId)),
      parts.runs.onDidAdopt((runId) => this.#settle(runId)),
      parts.models.onDidChange(() => this.#sendSnapshot()),
    );
  }

  /** The run that is shown, also while the page is hidden. */
  get shownId(): string | undefined {
    return this.#runId;
  }

  /**
   * Decides what is shown: a run, or two of them side by side; what was shown before where none is given.
   * @throws {StepwiseError} `not-found` for a run that is no longer kept
   */
  choose(runId?: string, comparedId?: string): void {
    if (runId === undefined) {
      return;
    }
    for (const id of comparedId === undefined ? [runId] : [runId, comparedId]) {
      if (!this.#parts.runs.has(id)) {
        throw new StepwiseError('not-found', t('This run is no longer kept. Its note has all of it.'));
      }
    }
    if (runId !== this.#runId || comparedId !== this.#comparedId) {
      this.#runId = runId;
      this.#comparedId = comparedId;
      this.#sendSnapshot();
    }
  }

  /** Puts the page into a place: a new one, or one that VS Code brought back. */
  attach(place: PagePlace): void {
    this.detach();
    this.#place = place;
    const { webview } = place;
    const { extension } = this.#parts;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extension, 'dist'), vscode.Uri.joinPath(extension, 'media')],
    };
    this.#pageRegistration = webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    webview.html = this.#html(webview, place.kind);
    // Not the newest run: a page that VS Code brought back knows which one it showed.
    this.#name(this.#runId === undefined ? undefined : this.#parts.runs.find(this.#runId));
  }

  /** The place was shown or hidden. The page of a hidden place is gone; its next one says `ready`. */
  visibilityChanged(): void {
    this.#isReady &&= this.#place?.isVisible() === true;
  }

  /** Lets go of the place, or of this one only where it is given: it may have been left for another. */
  detach(place?: PagePlace): void {
    if (place === undefined || place === this.#place) {
      this.#pageRegistration?.dispose();
      this.#place = undefined;
      this.#isReady = false;
      this.#dropBatch();
    }
  }

  dispose(): void {
    this.detach();
    this.#registrations.dispose();
  }

  #html(webview: vscode.Webview, place: PagePlace['kind']): string {
    const uri = (...path: string[]): string => webview.asWebviewUri(vscode.Uri.joinPath(this.#parts.extension, ...path)).toString();
    return panelHtml({
      nonce: crypto.randomUUID(),
      cspSource: webview.cspSource,
      scriptUri: uri('dist', 'panel.js'),
      styleUris: [uri('dist', 'codicons', 'codicon.css'), uri('dist', 'katex', 'katex.min.css'), uri('media', 'panel.css')],
      language: vscode.env.language,
      title: t('Reasoning'),
      place,
    });
  }

  #receive(message: unknown): void {
    if (!isFromPanel(message)) {
      this.#parts.log.warn('The panel sent a message that has no known form; it is dropped.');
      return;
    }
    if (message.type === 'ready') {
      this.#isReady = true;
      // After a reload the page remembers what it showed; what was shown since the start of this window counts more.
      this.#runId ??= message.runId;
      this.#sendSnapshot();
    } else {
      void this.#answer(message);
    }
  }

  /** Each request gets exactly one reply. */
  async #answer({ id, request }: Extract<FromPanel, { type: 'request' }>): Promise<void> {
    try {
      const value = await answerPanel(request, {
        ...this.#parts,
        show: async (runId, comparedId) => {
          this.choose(runId, comparedId);
          await this.#place?.reveal();
        },
        shown: () => this.#run(),
      });
      this.#post({ type: 'reply', id, value });
    } catch (error) {
      this.#parts.log.warn(`The panel's request "${request.type}" failed.`, error);
      this.#post({ type: 'reply', id, error: errorData(toStepwiseError(error)) });
    }
    if (request.type === 'pause') {
      this.#post({ type: 'paused', runId: request.runId, paused: this.#parts.runs.isPaused(request.runId) });
    }
  }

  #update({ runId, event, run }: RunUpdate): void {
    if (runId === this.#runId && event.type === 'run-start') {
      this.#name(run);
      this.#sendSnapshot();
    } else if (runId === this.#runId && this.#isReady) {
      this.#batch.push(event);
      this.#timer ??= setTimeout(() => this.#flush(), batchMs);
    } else if (event.type === 'run-start') {
      this.#sendRecent();
    }
  }

  #settle(runId: string): void {
    if (!this.#isReady) {
      return;
    }
    if (runId === this.#runId) {
      this.#flush();
      this.#sendNote(runId);
    }
    this.#sendRecent();
  }

  #flush(): void {
    const runId = this.#runId;
    const events = this.#batch;
    this.#dropBatch();
    if (runId !== undefined && events.length > 0) {
      this.#post({ type: 'events', runId, events });
      this.#sendNote(runId);
    }
  }

  #dropBatch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#batch = [];
  }

  /** Tells the page where the note is, once that is known or has changed. */
  #sendNote(runId: string): void {
    const note = this.#note(runId);
    const json = JSON.stringify([runId, note]);
    if (json !== this.#sentNote) {
      this.#sentNote = json;
      this.#post({ type: 'note', runId, note });
    }
  }

  #sendRecent(): void {
    this.#post({ type: 'recent', recent: this.#parts.runs.recent().map(summary) });
  }

  #sendSnapshot(): void {
    if (!this.#isReady) {
      return;
    }
    this.#name(this.#run());
    void this.#parts.models.nextLabel().then(
      (nextModel) => this.#postSnapshot(nextModel),
      (error: unknown) => {
        this.#parts.log.warn('The name of the next model could not be found.', error);
        this.#postSnapshot(undefined);
      },
    );
  }

  /** The run is looked up now, and what was collected up to now is in it: events and snapshots fit together. */
  #postSnapshot(nextModel: string | undefined): void {
    this.#dropBatch();
    const { runs } = this.#parts;
    const run = this.#run();
    const comparedRun = this.#comparedId === undefined ? undefined : runs.find(this.#comparedId);
    const note = run === undefined ? ({ state: 'none' } as const) : this.#note(run.id);
    this.#sentNote = JSON.stringify([run?.id, note]);
    const snapshot: PanelSnapshot = {
      bundle: textBundle(),
      language: vscode.env.language,
      paused: run !== undefined && runs.isPaused(run.id),
      note,
      abilities: panelAbilities,
      recent: runs.recent().map(summary),
      ...(run === undefined ? {} : { run }),
      ...(comparedRun === undefined ? {} : { comparedRun }),
      ...(nextModel === undefined ? {} : { nextModel }),
    };
    this.#post({ type: 'snapshot', snapshot });
  }

  /** The run to show: the chosen one, or the newest where none was chosen. */
  #run(): Run | undefined {
    const run = this.#runId === undefined ? this.#parts.runs.latest() : this.#parts.runs.find(this.#runId);
    this.#runId ??= run?.id;
    return run;
  }

  #note(runId: string): PanelNote {
    const failure = this.#parts.runs.noteFailure(runId);
    if (failure !== undefined) {
      return { state: 'failed', error: failure };
    }
    const uri = this.#parts.runs.noteOf(runId);
    return uri === undefined ? { state: 'none' } : { state: 'written', label: vscode.workspace.asRelativePath(uri) };
  }

  #name(run: Run | undefined): void {
    if (run !== undefined) {
      this.#place?.name(run.request.code?.symbol ?? run.request.code?.path);
    }
  }

  #post(message: ToPanel): void {
    if (this.#isReady) {
      void this.#place?.webview.postMessage(message);
    }
  }
}

/** The translations in use; VS Code has them as plain strings for this extension. */
function textBundle(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(vscode.l10n.bundle ?? {}).flatMap(([message, text]) => (typeof text === 'string' ? [[message, text]] : [])),
  );
}

function summary({ id, request, model, startedAt, outcome }: Run): PanelRunSummary {
  return {
    runId: id,
    task: request.task,
    question: request.question,
    modelLabel: model.label,
    startedAt,
    ...(outcome === undefined ? {} : { outcome }),
    ...(request.parent === undefined ? {} : { parent: request.parent }),
  };
}
