import type { Clock } from '../core/clock';
import { systemClock } from '../core/clock';
import type { RunEvent } from '../core/events';
import type { ChatModel } from '../core/model';
import type { PauseSwitch } from '../core/pauseSwitch';
import type { ReasoningRequest } from '../core/request';
import type { Tool } from '../core/tool';
import type { ClaimVerdict } from '../core/verdict';
import { EventQueue } from './eventQueue';
import type { ProtocolMemory } from './ladder';
import { LoopRun } from './loopRun';

/** What a run needs besides its request. The loop does not know which model, tool or view it serves. */
export interface LoopParts {
  readonly model: ChatModel;
  readonly tools: readonly Tool[];
  /** Checks the final answer of a complexity task against the analysis; undefined where there is nothing to check. */
  readonly checkAnswer?: (
    answer: string,
    request: ReasoningRequest,
    signal: AbortSignal,
  ) => Promise<ClaimVerdict | undefined>;
  /** Which protocol which model manages; without it each run starts with what is known of the model. */
  readonly protocolMemory?: ProtocolMemory;
  /** Holds the run between two steps while it is paused; the time limit stands still meanwhile. */
  readonly pauses?: PauseSwitch;
  /** Id of the run; a random one if left out. */
  readonly runId?: string;
  readonly clock?: Clock;
}

/**
 * Reasons about a request: the model thinks, acts through tools, observes, and answers, as the self-thinking
 * document describes it. The events begin with `run-start` and end with exactly one `run-end`, whatever fails;
 * nothing is thrown. `signal`, or ending the iteration early, stops the run within 100 ms.
 */
export async function* runLoop(
  request: ReasoningRequest,
  parts: LoopParts,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void, undefined> {
  const queue = new EventQueue<RunEvent>();
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  const run = new LoopRun(request, parts, parts.clock ?? systemClock, controller.signal, (event) => queue.put(event));
  const finished = run.run().finally(() => queue.end());
  try {
    for (let batch = await queue.take(); batch.length > 0; batch = await queue.take()) {
      for (const event of batch) {
        yield event;
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await finished;
  }
}
