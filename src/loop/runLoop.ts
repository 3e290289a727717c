import type { RunEvent } from '../core/events';
import type { ChatModel } from '../core/model';
import type { ReasoningRequest } from '../core/request';
import type { Tool } from '../core/tool';
import type { ClaimVerdict } from '../core/verdict';
import { StepwiseError } from '../core/errors';

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
  /** Id of the run; a random one if left out. */
  readonly runId?: string;
}

/** Being written. */
// eslint-disable-next-line @typescript-eslint/require-await
export async function* runLoop(
  request: ReasoningRequest,
  parts: LoopParts,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void, undefined> {
  void request;
  void parts;
  void signal;
  yield* [];
  throw new StepwiseError('internal', 'Not written yet.');
}
