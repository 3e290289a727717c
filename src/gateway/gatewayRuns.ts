import type { RunHandle, Runner } from '../app/runner';
import type { SessionStore } from '../app/sessions';
import { trajectoryOf } from '../app/trajectory';
import { StepwiseError } from '../core/errors';
import type { RunEvent, RunSink } from '../core/events';
import { t } from '../core/l10n';
import type { ChatModel } from '../core/model';
import type { ReasoningRequest } from '../core/request';
import type { Tool } from '../core/tool';
import type { LoopParts } from '../loop/runLoop';
import { ClientToolbox } from './clientTools';
import type { ClientCall } from './completionFormat';
import type { ClientToolDefinition } from './schemas';

/** How long a run waits for the results of its client before it is given up, in ms. */
const clientWaitMs = 600_000;
/** Time limit of a run over the API, in ms: what the client takes for its own tools counts as well. */
const runLimitMs = 900_000;
/** Most runs that wait for their clients; the one that has waited longest is given up for another. */
const mostPaused = 32;

/** What a response hears of its run. `pause`: the client is to carry out these calls. */
export type RunUpdate = { readonly type: 'event'; readonly event: RunEvent } | { readonly type: 'pause'; readonly calls: readonly ClientCall[] };

/** A run over the API: it outlives the response where its client has calls to carry out. */
export interface GatewayRun {
  readonly requestId: string;
  readonly sessionId: string;
  readonly model: ChatModel;
  readonly handle: RunHandle;
  /** Sends updates to `listener`, what came since the last one first. Undefined detaches. */
  attach(listener: ((update: RunUpdate) => void) | undefined): void;
}

/** What a run is started with. */
export interface GatewayRunSpec {
  readonly requestId: string;
  readonly sessionId: string;
  readonly request: ReasoningRequest;
  readonly model: ChatModel;
  readonly tools: readonly Tool[];
  readonly clientTools: readonly ClientToolDefinition[];
  readonly sinks: readonly RunSink[];
  readonly checkAnswer?: LoopParts['checkAnswer'];
}

interface LiveRun extends GatewayRun {
  readonly toolbox: ClientToolbox;
  waitTimer: ReturnType<typeof setTimeout> | undefined;
}

/** Starts runs, keeps those that wait for their clients, and records each in its session. */
export class GatewayRuns {
  readonly #runner: Runner;
  readonly #sessions: SessionStore;
  readonly #onFailure: (error: unknown) => void;
  readonly #live = new Map<string, LiveRun>();
  /** Writes of sessions that go on. */
  readonly #writing = new Set<Promise<unknown>>();
  #closed = false;

  constructor(runner: Runner, sessions: SessionStore, onFailure: (error: unknown) => void) {
    this.#runner = runner;
    this.#sessions = sessions;
    this.#onFailure = onFailure;
  }

  /** Starts a run once its question is kept. Rejects where it cannot be kept. */
  async start(spec: GatewayRunSpec): Promise<GatewayRun> {
    const { requestId, sessionId, request } = spec;
    this.#checkOpen();
    await this.#tracked(this.#sessions.beginRun(sessionId, requestId, request.task, request.question));
    this.#checkOpen();
    return this.#start(spec, true);
  }

  /** Starts a run of which nothing is kept. */
  startUnkept(spec: Pick<GatewayRunSpec, 'request' | 'model' | 'tools'>): GatewayRun {
    this.#checkOpen();
    const requestId = `chatcmpl-${crypto.randomUUID()}`;
    return this.#start({ ...spec, requestId, sessionId: '', clientTools: [], sinks: [] }, false);
  }

  #start(spec: GatewayRunSpec, kept: boolean): GatewayRun {
    const { requestId, sessionId, request, model, checkAnswer } = spec;
    const backlog: RunUpdate[] = [];
    let listener: ((update: RunUpdate) => void) | undefined;
    const tell = (update: RunUpdate): void => {
      if (listener === undefined) {
        backlog.push(update);
      } else {
        listener(update);
      }
    };
    const toolbox = new ClientToolbox(spec.clientTools, (call) => {
      tell({ type: 'pause', calls: [call] });
      this.#expectResults(requestId);
    });
    const parts: LoopParts = {
      model,
      tools: [...spec.tools, ...toolbox.tools],
      runId: requestId,
      ...(checkAnswer === undefined ? {} : { checkAnswer }),
    };
    const limited = { ...request, options: { timeLimitMs: runLimitMs, ...request.options } };
    // A client that sees the end of a run finds it in its session, whatever happens to this process then.
    const take = (event: RunEvent): void => {
      if (event.type === 'run-end') {
        void recorded.then(() => tell({ type: 'event', event }));
      } else {
        tell({ type: 'event', event });
      }
    };
    const handle = this.#runner.start(limited, parts, [take, ...spec.sinks]);
    const run: LiveRun = {
      requestId,
      sessionId,
      model,
      handle,
      toolbox,
      waitTimer: undefined,
      attach(next) {
        listener = next;
        for (const update of next === undefined ? [] : backlog.splice(0)) {
          listener?.(update);
        }
      },
    };
    this.#live.set(requestId, run);
    const recorded = this.#tracked(this.#finish(run, kept));
    return run;
  }

  /** The run that waits for one of these calls; their results are given to it. */
  resume(results: readonly { readonly callId: string; readonly text: string }[]): GatewayRun | undefined {
    const run = [...this.#live.values()].find((live) =>
      results.some(({ callId }) => live.toolbox.waiting.includes(callId)),
    );
    if (run === undefined) {
      return undefined;
    }
    clearTimeout(run.waitTimer);
    run.waitTimer = undefined;
    for (const { callId, text } of results) {
      run.toolbox.resolve(callId, text);
    }
    return run;
  }

  /** Stops a run; false where none with that id goes on. */
  interrupt(requestId: string): boolean {
    const run = this.#live.get(requestId);
    run?.handle.cancel();
    return run !== undefined;
  }

  /** Stops all runs, takes no more, and settles when their sessions are written. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const run of this.#live.values()) {
      run.handle.cancel();
    }
    await Promise.allSettled(this.#writing);
    await this.#sessions.flush();
  }

  #checkOpen(): void {
    if (this.#closed) {
      throw new StepwiseError('cancelled', t('The reasoning API is being stopped.'));
    }
  }

  #tracked<Value>(work: Promise<Value>): Promise<Value> {
    this.#writing.add(work);
    const forget = (): void => void this.#writing.delete(work);
    work.then(forget, forget);
    return work;
  }

  #expectResults(requestId: string): void {
    const run = this.#live.get(requestId);
    if (run !== undefined) {
      clearTimeout(run.waitTimer);
      run.waitTimer = setTimeout(() => run.handle.cancel(), clientWaitMs);
      const paused = [...this.#live.values()].filter(({ waitTimer }) => waitTimer !== undefined);
      if (paused.length > mostPaused) {
        paused[0]?.handle.cancel();
      }
    }
  }

  async #finish(run: LiveRun, kept: boolean): Promise<void> {
    try {
      const finished = await run.handle.done;
      clearTimeout(run.waitTimer);
      if (finished !== undefined && kept) {
        await this.#sessions.endRun(run.sessionId, trajectoryOf(finished));
      }
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#live.delete(run.requestId);
    }
  }
}
