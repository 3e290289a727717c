import type { RunEvent, RunSink } from '../core/events';
import { PauseSwitch } from '../core/pauseSwitch';
import type { Run } from '../core/run';
import { reduceRun } from '../core/run';
import type { ReasoningRequest } from '../core/request';
import type { LoopParts } from '../loop/runLoop';
import { runLoop } from '../loop/runLoop';

/** A run that goes on. */
export interface RunHandle {
  readonly runId: string;
  /** The state of the run so far; changed in place as events come. Undefined before `run-start`. */
  current(): Run | undefined;
  /** Stops the run; it still ends with its `run-end`. */
  cancel(): void;
  /** Holds the run before its next step, and lets it go on. */
  readonly pauses: PauseSwitch;
  /** Settles with the finished run, after the last event was handed to every sink. Never rejects. */
  readonly done: Promise<Run | undefined>;
}

/** Told of a sink that threw; the run goes on without it. */
export type SinkFailureHandler = (error: unknown, event: RunEvent) => void;

/** Starts and cancels runs, and hands each event to every sink. */
export interface Runner {
  start(request: ReasoningRequest, parts: LoopParts, sinks: readonly RunSink[], signal?: AbortSignal): RunHandle;
  /** Runs that go on now, oldest first. */
  active(): readonly RunHandle[];
  cancelAll(): void;
}

/** A runner whose broken sinks are reported to `onSinkFailure`. */
export function createRunner(onSinkFailure: SinkFailureHandler): Runner {
  const handles = new Set<RunHandle>();
  return {
    start(request, parts, sinks, signal) {
      const handle = startRun(request, parts, sinks, signal, onSinkFailure);
      handles.add(handle);
      void handle.done.finally(() => handles.delete(handle));
      return handle;
    },
    active: () => [...handles],
    cancelAll() {
      for (const handle of handles) {
        handle.cancel();
      }
    },
  };
}

function startRun(
  request: ReasoningRequest,
  parts: LoopParts,
  sinks: readonly RunSink[],
  signal: AbortSignal | undefined,
  onSinkFailure: SinkFailureHandler,
): RunHandle {
  const controller = new AbortController();
  const runSignal = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  const runId = parts.runId ?? crypto.randomUUID();
  const pauses = parts.pauses ?? new PauseSwitch();
  const live = new Set(sinks);
  let run: Run | undefined;

  async function drive(): Promise<Run | undefined> {
    for await (const event of runLoop(request, { ...parts, runId, pauses }, runSignal)) {
      run = reduceRun(run, event);
      for (const sink of live) {
        try {
          sink(event);
        } catch (error) {
          live.delete(sink);
          onSinkFailure(error, event);
        }
      }
    }
    return run;
  }

  return { runId, current: () => run, cancel: () => controller.abort(), pauses, done: drive() };
}
