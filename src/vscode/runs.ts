import * as vscode from 'vscode';
import type { RunHandle, Runner } from '../app/runner';
import type { ErrorData } from '../core/errors';
import type { RunEvent, RunSink } from '../core/events';
import { t } from '../core/l10n';
import type { ChatModel } from '../core/model';
import type { CodeExcerpt, ReasoningRequest } from '../core/request';
import type { Run } from '../core/run';
import type { Tool } from '../core/tool';
import type { LoopParts } from '../loop/runLoop';
import type { InvocationToken } from './externalTools';
import { commandIds, contextKeys } from './ids';
import type { KeptRuns } from './keptRuns';
import type { Log } from './log';
import type { Models } from './models';
import type { Settings } from './settings';
import { reasoningOptions } from './settings';

/** A run to start. */
export interface RunSpec {
  /** Its options are put over those of the settings. */
  readonly request: ReasoningRequest;
  /** The model that the settings name, if left out. */
  readonly model?: ChatModel;
  /** Views of this run alone, besides the panel and the note. */
  readonly sinks?: readonly RunSink[];
  readonly signal?: AbortSignal;
  /** Tools of others that this run may use besides those of the settings. */
  readonly externalTools?: readonly string[];
  /** Ties calls of such tools to a chat request. */
  readonly invocationToken?: InvocationToken;
}

/** A run that was started, and its note. */
export interface StartedRun {
  readonly handle: RunHandle;
  /** Settles with the finished run once its note is written as well. Never rejects. */
  readonly done: Promise<FinishedRun>;
}

export interface FinishedRun {
  /** Undefined only where the run could not even begin. */
  readonly run: Run | undefined;
  readonly note: vscode.Uri | undefined;
}

/** A note that is written while its run goes on. */
export interface OpenNote {
  readonly sink: RunSink;
  /** Where it is, once it has a place. */
  uri(): vscode.Uri | undefined;
  /** Why it could not be written, where it could not be. */
  failure(): ErrorData | undefined;
  /** Settles when all is written; with undefined where it could not be. Never rejects. */
  finish(): Promise<vscode.Uri | undefined>;
}

/** What runs need of the rest of the extension. */
export interface RunParts {
  readonly models: Models;
  readonly kept: KeptRuns;
  readonly log: Log;
  settings(scope: vscode.Uri | undefined): Settings;
  /** The engine, loaded when the first run needs it. */
  runner(): Promise<Runner>;
  tools(spec: RunSpec, settings: Settings): Promise<readonly Tool[]>;
  checkAnswer(): Promise<LoopParts['checkAnswer']>;
  /** Further prompts, and what earlier runs taught. Never rejects. */
  withLessons?(prompts: readonly string[], settings: Settings): Promise<readonly string[]>;
  /** Undefined where notes are off. */
  openNote(request: ReasoningRequest, settings: Settings): Promise<OpenNote | undefined>;
}

/** One event of a run, with the run as it is after it. */
export interface RunUpdate {
  readonly runId: string;
  readonly event: RunEvent;
  readonly run: Run;
}

/** Starts and stops runs, and tells every view of them. */
export class Runs implements vscode.Disposable {
  readonly #parts: RunParts;
  readonly #updates = new vscode.EventEmitter<RunUpdate>();
  readonly #settled = new vscode.EventEmitter<string>();
  readonly #adopted = new vscode.EventEmitter<string>();
  readonly #active = new Map<string, RunHandle>();
  readonly #notes = new Map<string, OpenNote>();
  /** Runs whose parts are still being fetched; they can be stopped as well. */
  readonly #starting = new Set<AbortController>();
  readonly #finishing = new Set<Promise<FinishedRun>>();
  readonly #noteFailures = new Map<string, ErrorData>();
  readonly #status: vscode.StatusBarItem;
  #disposed = false;

  /** Fires for every event of every run, in order. */
  readonly onDidUpdate = this.#updates.event;
  /** Fires with the id of a run that is over and whose note is written, or could not be. */
  readonly onDidSettle = this.#settled.event;
  /** A finished run was read from its note; gives its id. The note is as it was. */
  readonly onDidAdopt = this.#adopted.event;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#status = vscode.window.createStatusBarItem('stepwise.running', vscode.StatusBarAlignment.Left);
    this.#status.name = 'Stepwise';
    this.#status.command = commandIds.stop;
  }

  /** Starts a run. What keeps it from answering is told by its events; this rejects for bugs only. */
  async start(spec: RunSpec): Promise<StartedRun> {
    const stopped = new AbortController();
    this.#starting.add(stopped);
    try {
      return await this.#start(spec, spec.signal === undefined ? stopped.signal : AbortSignal.any([spec.signal, stopped.signal]));
    } finally {
      this.#starting.delete(stopped);
    }
  }

  async #start(spec: RunSpec, signal: AbortSignal): Promise<StartedRun> {
    const settings = this.#parts.settings(sourceUri(spec.request.code));
    const options = { ...reasoningOptions(settings), ...spec.request.options };
    const given = options.additionalPrompts ?? [];
    const additionalPrompts = (await this.#parts.withLessons?.(given, settings)) ?? given;
    const request: ReasoningRequest = { ...spec.request, options: { ...options, ...(additionalPrompts.length === 0 ? {} : { additionalPrompts }) } };
    const [runner, model, tools, checkAnswer, note] = await Promise.all([
      this.#parts.runner(),
      spec.model ?? this.#parts.models.chosen(),
      this.#parts.tools(spec, settings),
      this.#parts.checkAnswer(),
      this.#parts.openNote(request, settings),
    ]);
    const runId = crypto.randomUUID();
    if (note !== undefined) {
      this.#notes.set(runId, note);
    }
    const sinks: RunSink[] = [
      ...(note === undefined ? [] : [note.sink]),
      (event) => this.#publish(runId, event),
      ...(spec.sinks ?? []),
    ];
    const handle = runner.start(request, { model, tools, runId, ...(checkAnswer === undefined ? {} : { checkAnswer }) }, sinks, signal);
    this.#active.set(runId, handle);
    this.#showActivity();
    void vscode.commands.executeCommand('setContext', contextKeys.hasRun, true);
    if (this.#disposed) {
      handle.cancel();
    }
    const done = this.#finish(handle, note);
    this.#finishing.add(done);
    void done.finally(() => this.#finishing.delete(done));
    return { handle, done };
  }

  /** Runs that go on, oldest first. */
  active(): readonly RunHandle[] {
    return [...this.#active.values()];
  }

  /** A run by its id: one that goes on, or one that is kept. */
  find(runId: string): Run | undefined {
    return this.#active.get(runId)?.current() ?? this.#parts.kept.find(runId)?.run;
  }

  /** True while a run goes on. */
  isActive(runId: string): boolean {
    return this.#active.has(runId);
  }

  /** Keeps a run that a note gave, as if it had been made in this window. */
  async adopt(run: Run, note: vscode.Uri): Promise<void> {
    await this.#parts.kept.keep(run, note.toString());
    this.#adopted.fire(run.id);
  }

  /** False for a run that was too long ago to be kept. */
  has(runId: string): boolean {
    return this.#active.has(runId) || this.#parts.kept.find(runId) !== undefined;
  }

  /** The newest run: the last that was started, else the last that is kept. */
  latest(): Run | undefined {
    return this.recent()[0];
  }

  /** Where the note of a run is. */
  noteOf(runId: string): vscode.Uri | undefined {
    const kept = this.#parts.kept.find(runId)?.note;
    return this.#notes.get(runId)?.uri() ?? (kept === undefined ? undefined : vscode.Uri.parse(kept, true));
  }

  /** Why the note of a run of this session could not be written. */
  noteFailure(runId: string): ErrorData | undefined {
    return this.#notes.get(runId)?.failure() ?? this.#noteFailures.get(runId);
  }

  /** Holds a run before its next step, or lets it go on. */
  pause(runId: string, paused: boolean): void {
    const pauses = this.#active.get(runId)?.pauses;
    if (paused) {
      pauses?.pause();
    } else {
      pauses?.resume();
    }
  }

  isPaused(runId: string): boolean {
    return this.#active.get(runId)?.pauses.paused === true;
  }

  /** Runs that can be shown, newest first: those that go on, then those that are kept. */
  recent(): readonly Run[] {
    const going = this.active().flatMap((handle) => handle.current() ?? []).reverse();
    return [...going, ...this.#parts.kept.all().map(({ run }) => run).filter(({ id }) => !this.#active.has(id))];
  }

  /** Stops one run, or all that go on. */
  stop(runId?: string): void {
    if (runId === undefined) {
      for (const starting of this.#starting) {
        starting.abort();
      }
    }
    for (const handle of this.#active.values()) {
      if (runId === undefined || handle.runId === runId) {
        handle.cancel();
      }
    }
  }

  /** Stops all runs and settles when they have ended and their notes say so: the window is closing. */
  async end(): Promise<void> {
    this.#disposed = true;
    this.stop();
    await Promise.all(this.#finishing);
  }

  dispose(): void {
    this.#disposed = true;
    this.stop();
    this.#status.dispose();
    this.#updates.dispose();
    this.#settled.dispose();
    this.#adopted.dispose();
  }

  #publish(runId: string, event: RunEvent): void {
    const run = this.#active.get(runId)?.current();
    if (run === undefined) {
      return;
    }
    this.#updates.fire({ runId, event, run });
    if (event.type === 'run-start' || event.type === 'step-end' || event.type === 'run-end') {
      this.#keep(run);
    }
    if (event.type === 'step-start') {
      this.#showActivity();
    }
    if (event.type === 'run-end' && event.error !== undefined) {
      this.#parts.log.warn(`Run ${runId} ended as ${event.outcome}: ${event.error.code}: ${event.error.message}`);
    }
  }

  #keep(run: Run): void {
    this.#parts.kept.keep(run, this.noteOf(run.id)?.toString()).catch((error: unknown) => {
      this.#parts.log.warn('A run could not be kept for the next start.', error);
    });
  }

  async #finish(handle: RunHandle, note: OpenNote | undefined): Promise<FinishedRun> {
    const run = await handle.done.catch((error: unknown) => {
      this.#parts.log.error('A run ended with a bug of Stepwise.', error);
      return undefined;
    });
    const uri = await note?.finish();
    const failure = note?.failure();
    if (failure !== undefined) {
      this.#noteFailures.set(handle.runId, failure);
    }
    if (run !== undefined) {
      this.#keep(run);
    }
    this.#active.delete(handle.runId);
    this.#notes.delete(handle.runId);
    this.#showActivity();
    this.#settled.fire(handle.runId);
    return { run, note: uri };
  }

  /** The status bar says that a run goes on, and stops it when clicked. */
  #showActivity(): void {
    const run = this.active().at(-1);
    void vscode.commands.executeCommand('setContext', contextKeys.running, run !== undefined);
    if (run === undefined) {
      this.#status.hide();
      return;
    }
    const step = run.current()?.steps.at(-1)?.index ?? 0;
    this.#status.text = `$(loading~spin) ${step === 0 ? t('Stepwise: starting') : t('Stepwise: step {0}', step)}`;
    this.#status.tooltip = t('Stop reasoning');
    this.#status.show();
  }
}

/** The document of an excerpt, for settings and notes that belong to its folder. */
export function sourceUri(code: CodeExcerpt | undefined): vscode.Uri | undefined {
  return code === undefined || code.uri === '' ? undefined : vscode.Uri.parse(code.uri);
}
