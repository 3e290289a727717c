import { isStepwiseError } from '../core/errors';
import type { ToolResult } from '../core/tool';

/** A failed call; `text` tells the model what to try next. */
export function failed(text: string): ToolResult {
  return { text, isError: true };
}

/**
 * What went wrong with a path or a query, for the model, with what to try next. Aborts and bugs are thrown on: they
 * are no results.
 */
export function failureOf(error: unknown, subject: string): ToolResult {
  if (!isStepwiseError(error) || error.code === 'cancelled') {
    throw error;
  }
  switch (error.code) {
    case 'no-workspace':
      return failed('No folder is open, so no files can be read. Answer from the code in the question, and say so.');
    case 'not-found':
      return failed(`There is no file "${subject}". Find the right path with list_files (such as glob "**/${lastPart(subject)}") or search_text.`);
    case 'outside-workspace':
      return failed(
        `"${subject}" was refused: only files inside the workspace can be read, by a path relative to it with "/", without "..", "~", a drive, a scheme or a line number. Use list_files to see what is there.`,
      );
    case 'secret-file':
      return failed(`"${subject}" was refused: it may hold keys or passwords. Its content stays hidden whatever tool is used; go on without it.`);
    case 'binary-file':
      return failed(`"${subject}" is not a text file. Choose another file; list_files shows what there is.`);
    case 'file-too-large':
      return failed(`"${subject}" is too large to be read. Use search_text with this path as glob to find the lines that matter.`);
    default:
      return failed(`${error.message} Correct the arguments and try again.`);
  }
}

function lastPart(path: string): string {
  return path.replaceAll('\\', '/').split('/').findLast((part) => part !== '') ?? path;
}
