import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { LineRange } from '../core/request';

/** Most characters of code that one request carries: some 50,000 tokens, more than most models take. */
export const maxExcerptCharacters = 200_000;

/** Most lines of a file that is taken whole where there is neither a selection nor a function at the cursor. */
export const maxWholeFileLines = 400;

/** Largest file that is opened, in bytes. */
export const maxFileBytes = 2_000_000;

/** A position as VS Code counts: both 0-based. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** A function, method or class with its lines, 1-based. */
export interface NamedRange {
  readonly name: string;
  readonly range: LineRange;
}

/**
 * The lines that a selection covers, 1-based, or undefined where it is empty or holds only white space. A
 * selection that ends before the first character of a line does not cover that line, and blank lines at its ends do
 * not count: whoever selects down to the next function means the one above.
 */
export function selectedLines(text: readonly string[], start: Place, end: Place): LineRange | undefined {
  const isBlank = (line: number): boolean => {
    const whole = text[line] ?? '';
    return whole.slice(line === start.line ? start.character : 0, line === end.line ? end.character : undefined).trim() === '';
  };
  let first = start.line;
  let last = Math.min(end.line, text.length - 1);
  while (first <= last && isBlank(first)) {
    first += 1;
  }
  while (last > first && isBlank(last)) {
    last -= 1;
  }
  return first > last ? undefined : { startLine: first + 1, endLine: last + 1 };
}

/** The smallest of `candidates` that contains `line` (1-based), or undefined. */
export function innermost<Candidate extends NamedRange>(candidates: readonly Candidate[], line: number): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    const { startLine, endLine } = candidate.range;
    if (startLine <= line && line <= endLine && (best === undefined || lineCount(candidate.range) < lineCount(best.range))) {
      best = candidate;
    }
  }
  return best;
}

/** How many lines a range has. */
export function lineCount(range: LineRange): number {
  return range.endLine - range.startLine + 1;
}

/** The lines of `range` of a text, whole. */
export function linesOf(text: readonly string[], range: LineRange): string {
  return text.slice(range.startLine - 1, range.endLine).join('\n');
}

/** Throws `file-too-large` for code that no model would take. */
export function checkLength(code: string): void {
  if (code.length > maxExcerptCharacters) {
    throw new StepwiseError(
      'file-too-large',
      t('This is too much code for one question ({0} characters, at most {1}). Select the part that matters.', code.length, maxExcerptCharacters),
    );
  }
}

/** True for bytes that are not text: a zero byte among the first 8,000, as git decides it, unless they are UTF-16. */
export function looksBinary(bytes: Uint8Array): boolean {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return !isUtf16 && bytes.subarray(0, 8000).includes(0);
}
