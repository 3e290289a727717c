import { analyzeComplexity, checkClaim } from '../analysis/index';
import type { ReasoningRequest } from '../core/request';
import type { ClaimVerdict } from '../core/verdict';

/**
 * Compares the complexity that an answer states with what the analysis derives from the same code. Undefined where
 * there is no code, or the run was stopped meanwhile. Needs the grammars' source to be set.
 */
export async function checkAnswer(
  answer: string,
  request: ReasoningRequest,
  signal: AbortSignal,
): Promise<ClaimVerdict | undefined> {
  if (request.code === undefined) {
    return undefined;
  }
  const report = await analyzeComplexity(request.code.text, request.code.languageId);
  return signal.aborted ? undefined : checkClaim(report, answer);
}
