import type { ReasoningRequest } from '../core/request';
import type { ClaimVerdict } from '../core/verdict';
import type { Interruption } from './interruption';
import type { LoopParts } from './runLoop';

/** Longest time for the check of the answer, in ms. */
const checkLimitMs = 5_000;

/**
 * Compares the answer to a complexity task with the analysis; undefined where there is nothing to compare. Trouble with
 * the check is not trouble of the run: the answer then stands without a verdict, also when the run is stopped here.
 */
export async function verdictOn(
  answer: string,
  request: ReasoningRequest,
  checkAnswer: LoopParts['checkAnswer'],
  interruption: Interruption,
): Promise<ClaimVerdict | undefined> {
  if (checkAnswer === undefined || answer === '' || request.task !== 'complexity') {
    return undefined;
  }
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, checkLimitMs);
  interruption.signal.addEventListener('abort', stop, { once: true });
  try {
    return await interruption.wait(checkAnswer(answer, request, controller.signal));
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    interruption.signal.removeEventListener('abort', stop);
  }
}
