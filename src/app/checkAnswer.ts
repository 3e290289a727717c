import { analyzeComplexity, checkClaim } from '../analysis/index';
import type { CodeExcerpt, ReasoningRequest } from '../core/request';
import type { ClaimVerdict } from '../core/verdict';
import type { LoopParts } from '../loop/runLoop';
import type { WorkspacePort } from '../tools/workspace';

/**
 * A check of what an answer states about complexity against what the analysis derives from the same code: with the
 * file around it where the workspace has it, so that the functions it calls there count. The check gives undefined
 * where there is no code, or the run was stopped meanwhile. Needs the grammars' source to be set.
 */
export function createAnswerCheck(workspace?: Pick<WorkspacePort, 'readText'>): NonNullable<LoopParts['checkAnswer']> {
  return async (answer, { code }: ReasoningRequest, signal): Promise<ClaimVerdict | undefined> => {
    if (code === undefined) {
      return undefined;
    }
    const file = await fileAround(code, workspace, signal);
    const report =
      file === undefined
        ? await analyzeComplexity(code.text, code.languageId)
        : await analyzeComplexity(file, code.languageId, { range: { start: code.range.startLine, end: code.range.endLine } });
    return signal.aborted ? undefined : checkClaim(report, answer);
  };
}

/** The check without a workspace: by the code of the request alone. */
export const checkAnswer = createAnswerCheck();

/** The text of the file that an excerpt is part of, where it still holds the excerpt at its lines. */
async function fileAround(
  code: CodeExcerpt,
  workspace: Pick<WorkspacePort, 'readText'> | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const text = (await workspace?.readText(code.path, signal))?.text;
    const lines = text?.split('\n').slice(code.range.startLine - 1, code.range.endLine).join('\n');
    return lines?.trimEnd() === code.text.trimEnd() ? text : undefined;
  } catch {
    // An unsaved or vanished file is no trouble: the excerpt is at hand.
    return undefined;
  }
}
