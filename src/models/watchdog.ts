import { callOver } from '../core/callOver';
import { StepwiseError, toStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { ChatModel, ModelChunk, ModelRequest } from '../core/model';
import { formatDuration } from '../core/text';
import { systemClock, type Clock } from './clock';
import { cancelledError } from './failures';

export interface WatchdogOptions {
  /** Longest silence once the reply has begun, in ms; 30 s if left out. */
  readonly idleMs?: number;
  /** Longest silence before the reply begins, in ms; 60 s if left out. A local model may be loading meanwhile. */
  readonly firstChunkMs?: number;
  readonly clock?: Clock;
}

/**
 * Ends a call with `stream-stalled` when nothing comes for too long. Time that the reader of the stream takes does
 * not count. Also holds every model to the contract: an abort ends the stream at once, whatever the model does, what
 * it throws becomes an `error`, and a stream without an end is `stream-broken`.
 */
export function withWatchdog(model: ChatModel, options: WatchdogOptions = {}): ChatModel {
  return { info: model.info, stream: (request, signal) => watch(model, request, signal, options) };
}

async function* watch(
  model: ChatModel,
  request: ModelRequest,
  signal: AbortSignal,
  options: WatchdogOptions,
): AsyncGenerator<ModelChunk, void, undefined> {
  const controller = new AbortController();
  const alarm = createAlarm(options.clock ?? systemClock);
  const isAborted = (): boolean => signal.aborted;
  const onAbort = (): void => {
    controller.abort(callOver);
    alarm.ring();
  };
  let iterator: AsyncIterator<ModelChunk> | undefined;
  let ended = false;
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    let limitMs = options.firstChunkMs ?? 60_000;
    for (;;) {
      if (isAborted()) {
        yield { type: 'error', error: cancelledError() };
        return;
      }
      iterator ??= model.stream(request, controller.signal)[Symbol.asyncIterator]();
      const next = await alarm.unlessRung(iterator.next(), limitMs);
      if (next === undefined) {
        yield { type: 'error', error: isAborted() ? cancelledError() : stalledError(model, limitMs) };
        return;
      }
      if (next.done === true) {
        yield { type: 'error', error: new StepwiseError('stream-broken', t('The reply of {0} broke off. Try again.', model.info.label), { remedy: 'retry' }) };
        return;
      }
      const chunk = next.value;
      ended = chunk.type === 'finish' || chunk.type === 'error';
      yield chunk;
      if (ended) {
        return;
      }
      if (chunk.type === 'text' || chunk.type === 'reasoning' || chunk.type === 'tool-call') {
        limitMs = options.idleMs ?? 30_000;
      }
    }
  } catch (error) {
    yield { type: 'error', error: isAborted() ? cancelledError() : toStepwiseError(error) };
  } finally {
    alarm.clear();
    signal.removeEventListener('abort', onAbort);
    if (!ended) {
      controller.abort(callOver);
    }
    // Not awaited: a model that does not listen to the signal must not hold up the end.
    iterator?.return?.().catch(() => undefined);
  }
}

function stalledError(model: ChatModel, limitMs: number): StepwiseError {
  return new StepwiseError('stream-stalled', t('{0} has sent nothing for {1}. Try again or choose another model.', model.info.label, formatDuration(limitMs)), {
    remedy: 'retry',
  });
}

interface Alarm {
  /** What `promise` gives, or undefined if `ms` pass or the alarm rings before. */
  unlessRung<T>(promise: Promise<T>, ms: number): Promise<T | undefined>;
  ring(): void;
  /** Takes the timer back. */
  clear(): void;
}

/**
 * One timer serves many waits: when it fires early, it is set again for what is left. Setting one for each chunk
 * would cost more than the chunk.
 */
function createAlarm(clock: Clock): Alarm {
  let stopWaiting: (() => void) | undefined;
  let deadline = 0;
  let takeBack: (() => void) | undefined;
  let firesAt = 0;

  function fire(): void {
    takeBack = undefined;
    if (stopWaiting === undefined) {
      return;
    }
    if (clock.now() < deadline) {
      arm();
    } else {
      stopWaiting();
    }
  }

  function arm(): void {
    takeBack?.();
    firesAt = deadline;
    takeBack = clock.after(Math.max(0, deadline - clock.now()), fire);
  }

  return {
    unlessRung<T>(promise: Promise<T>, ms: number) {
      return new Promise<T | undefined>((resolve, reject) => {
        deadline = clock.now() + ms;
        stopWaiting = () => {
          stopWaiting = undefined;
          resolve(undefined);
        };
        promise.then(
          (value) => {
            stopWaiting = undefined;
            resolve(value);
          },
          (error: unknown) => {
            stopWaiting = undefined;
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        );
        if (takeBack === undefined || deadline < firesAt) {
          arm();
        }
      });
    },
    ring: () => stopWaiting?.(),
    clear() {
      takeBack?.();
      takeBack = undefined;
    },
  };
}
