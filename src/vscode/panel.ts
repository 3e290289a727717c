import * as vscode from 'vscode';
import { StepwiseError, errorData, toStepwiseError } from '../core/errors';
import type { RunEvent } from '../core/events';
import { t } from '../core/l10n';
import type { Run } from '../core/run';
import type { WorkspacePort } from '../tools/workspace';
import { panelHtml } from '../webview/page';
import type { FromPanel, PanelNote, PanelRunSummary, PanelSnapshot, ToPanel } from '../webview/protocol';
import { isFromPanel } from '../webview/protocol';
import { panelViewType } from './ids';
import type { Log } from './log';
import type { Models } from './models';
import { answerPanel, panelAbilities } from './panelRequests';
import type { Runs, RunUpdate } from './runs';

/** What the panel needs of the rest of the extension. */
export interface PanelParts {
  readonly runs: Runs;
  readonly models: Models;
  readonly log: Log;
  readonly extension: vscode.Uri;
  workspace(): Promise<WorkspacePort>;
}

/** How long events are collected before they go to the page together, in ms: two frames of a screen. */
const batchMs = 33;

/**
 * The reasoning panel: one editor tab that shows one run. VS Code throws its page away while it is hidden, and
 * after a reload of the window; a new page says `ready` and gets everything in one snapshot.
 */
export class ReasoningPanel implements vscode.Disposable {
  readonly #parts: PanelParts;
  readonly #registrations: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  /** True between the page's `ready` and its end. */
  #isReady = false;
  #runId: string | undefined;
  #batch: RunEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sentNote = '';

  constructor(parts: PanelParts) {
    this.#parts = parts;
    this.#registrations = vscode.Disposable.from(
      parts.runs.onDidUpdate((update) => this.#update(update)),
      parts.runs.onDidSettle((runId) => this.#settle(runId)),
      parts.models.onDidChange(() => this.#sendSnapshot()),
      vscode.window.registerWebviewPanelSerializer(panelViewType, {
        deserializeWebviewPanel: (panel) => {
          this.#adopt(panel);
          return Promise.resolve();
        },
      }),
    );
  }

  /**
   * Shows the panel beside the code without taking the focus from it; at a run where one is given. Rejects with
   * `not-found` for a run that is no longer kept.
   */
  show(runId?: string): Promise<void> {
    if (runId !== undefined && !this.#parts.runs.has(runId)) {
      return Promise.reject(new StepwiseError('not-found', t('This run is no longer kept. Its note has all of it.')));
    }
    const isOther = runId !== undefined && runId !== this.#runId;
    this.#runId = runId ?? this.#runId;
    if (this.#panel === undefined) {
      this.#adopt(vscode.window.createWebviewPanel(
        panelViewType,
        t('Reasoning'),
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        { enableFindWidget: true },
      ));
    } else {
      this.#panel.reveal(undefined, true);
      if (isOther) {
        this.#sendSnapshot();
      }
    }
    return Promise.resolve();
  }

  /** Lets go of the panel without closing it: the window may be reloading, and VS Code is to bring the tab back. */
  dispose(): void {
    this.#dropBatch();
    this.#isReady = false;
    this.#registrations.dispose();
  }

  /** Makes a panel ours: a new one, or one that VS Code brought back after a reload. */
  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#isReady = false;
    const { webview } = panel;
    const { extension } = this.#parts;
    panel.iconPath = {
      light: vscode.Uri.joinPath(extension, 'media', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(extension, 'media', 'panel-dark.svg'),
    };
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extension, 'dist'), vscode.Uri.joinPath(extension, 'media')],
    };
    const registrations = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      panel.onDidChangeViewState(() => {
        // The page of a hidden panel is gone; its next one says `ready`.
        this.#isReady &&= panel.visible;
      }),
    );
    panel.onDidDispose(() => {
      registrations.dispose();
      if (this.#panel === panel) {
        this.#panel = undefined;
        this.#isReady = false;
        this.#dropBatch();
      }
    });
    webview.html = this.#html(webview);
  }

  #html(webview: vscode.Webview): string {
    const uri = (...path: string[]): string => webview.asWebviewUri(vscode.Uri.joinPath(this.#parts.extension, ...path)).toString();
    return panelHtml({
      nonce: crypto.randomUUID(),
      cspSource: webview.cspSource,
      scriptUri: uri('dist', 'panel.js'),
      styleUris: [uri('dist', 'codicons', 'codicon.css'), uri('dist', 'katex', 'katex.min.css'), uri('media', 'panel.css')],
      language: vscode.env.language,
      title: t('Reasoning'),
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
        show: (runId) => this.show(runId),
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
    if (runId !== this.#runId) {
      return;
    }
    if (event.type === 'run-start') {
      this.#title(run);
      this.#sendSnapshot();
      return;
    }
    if (!this.#isReady) {
      return;
    }
    this.#batch.push(event);
    this.#timer ??= setTimeout(() => this.#flush(), batchMs);
  }

  #settle(runId: string): void {
    if (runId === this.#runId && this.#isReady) {
      this.#flush();
      this.#sendNote(runId);
    }
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

  #sendSnapshot(): void {
    if (!this.#isReady) {
      return;
    }
    this.#title(this.#run());
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
    const run = this.#run();
    const note = run === undefined ? ({ state: 'none' } as const) : this.#note(run.id);
    this.#sentNote = JSON.stringify([run?.id, note]);
    const snapshot: PanelSnapshot = {
      bundle: textBundle(),
      language: vscode.env.language,
      paused: run !== undefined && this.#parts.runs.isPaused(run.id),
      note,
      abilities: panelAbilities,
      recent: this.#parts.runs.recent().map(summary),
      ...(run === undefined ? {} : { run }),
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

  #title(run: Run | undefined): void {
    if (this.#panel !== undefined && run !== undefined) {
      const subject = run.request.code?.symbol ?? run.request.code?.path;
      this.#panel.title = subject === undefined ? t('Reasoning') : t('Reasoning: {0}', subject);
    }
  }

  #post(message: ToPanel): void {
    if (this.#isReady) {
      void this.#panel?.webview.postMessage(message);
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
  };
}
