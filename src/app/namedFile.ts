import type { CodeExcerpt, ReasoningRequest } from '../core/request';
import type { WorkspacePort } from '../tools/workspace';
import { taskOfQuestion } from './taskOfQuestion';

/** A path in a sentence, with lines where they are named: `src/sort.py`, `src/sort.py:10`, `src/sort.py:10-20`. */
const namedPath = /(?<![\w./\\-])((?:[\w.-]+\/)*[\w-][\w.-]*\.[A-Za-z][A-Za-z0-9]{0,9})(?::(\d{1,7})(?:-(\d{1,7}))?)?(?![\w/])/g;

/** Most names of a question that are looked for, and most characters of it that are searched. */
const mostNames = 5;
const searchedCharacters = 20_000;

/**
 * A request without code whose question names a file of the workspace gets that file, or the named lines of it, as its
 * code; the rules of the workspace hold. Any other request stays as it is. `uriOf` gives the URI of a path. Never rejects,
 * unless `signal` aborts.
 */
export async function withNamedFile(
  request: ReasoningRequest,
  workspace: Pick<WorkspacePort, 'readText'>,
  uriOf: (path: string) => string,
  signal: AbortSignal,
): Promise<ReasoningRequest> {
  if (request.code !== undefined) {
    return request;
  }
  const names = [...request.question.slice(0, searchedCharacters).matchAll(namedPath)].slice(0, mostNames);
  for (const [, path = '', first, last] of names) {
    const file = await workspace.readText(path, signal).catch(() => undefined);
    if (file !== undefined) {
      const lines = file.text.replace(/\n$/, '').split('\n');
      const startLine = Math.min(Math.max(1, Number(first ?? 1)), lines.length);
      const endLine = Math.min(Math.max(startLine, Number(last ?? first ?? lines.length)), lines.length);
      const text = lines.slice(startLine - 1, endLine).join('\n');
      const code: CodeExcerpt = { uri: uriOf(file.path), path: file.path, languageId: file.languageId, text, range: { startLine, endLine } };
      return { ...request, task: taskOfQuestion(request.question), code };
    }
  }
  return request;
}
