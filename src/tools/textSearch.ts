import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import { sliceWhole } from '../core/text';
import type { TextQuery } from './workspace';

/** Longest line of a match that is kept, in UTF-16 units. */
const maxLineLength = 400;
/** Longest pattern that is taken, in UTF-16 units. */
const maxPatternLength = 1000;

/** A match in one text. Lines and columns are 1-based. */
export interface LineMatch {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** Runs synchronous work, and throws when it takes longer than `limitMs`: the guard against patterns that never end. */
export type RunBounded = <Value>(work: () => Value, limitMs: number) => Value;

/**
 * The query as a regular expression for single lines. Throws `bad-arguments` for an empty or overlong pattern and
 * for one that is no regular expression.
 */
export function compilePattern(query: Pick<TextQuery, 'pattern' | 'isRegex' | 'caseSensitive' | 'wholeWord'>): RegExp {
  const { pattern, isRegex, caseSensitive, wholeWord } = query;
  if (pattern === '' || pattern.length > maxPatternLength || /[\n\r]/.test(pattern)) {
    throw new StepwiseError('bad-arguments', t('The text to search for must be one line of 1 to {0} characters.', maxPatternLength));
  }
  const source = isRegex ? pattern : pattern.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const bounded = wholeWord === true ? `(?<![\\p{L}\\p{N}_$])(?:${source})(?![\\p{L}\\p{N}_$])` : source;
  const flags = caseSensitive ? '' : 'i';
  try {
    return new RegExp(bounded, `${flags}u`);
  } catch (error) {
    try {
      // Escapes such as `\-` or `\"`, which other dialects allow, are errors only in Unicode mode.
      return new RegExp(bounded.replaceAll('[\\p{L}\\p{N}_$]', '[\\w$]'), flags);
    } catch {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StepwiseError('bad-arguments', t('This is not a regular expression: {0}', reason), { cause: error });
    }
  }
}

/** The lines of `text` that match, at most `maxResults`, each with its first match. */
export function matchLines(text: string, pattern: RegExp, maxResults: number): readonly LineMatch[] {
  const found: LineMatch[] = [];
  let start = 0;
  for (let line = 1; start <= text.length && found.length < maxResults; line += 1) {
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    const content = text.slice(start, end);
    const at = content.search(pattern);
    if (at !== -1) {
      found.push({ line, column: at + 1, text: clipLine(content, at + 1) });
    }
    start = end + 1;
  }
  return found;
}

/** A line for a result: whole, or the part around `column` (1-based) where it is very long. */
export function clipLine(line: string, column: number): string {
  if (line.length <= maxLineLength) {
    return line;
  }
  const start = Math.max(0, Math.min(column - 1 - maxLineLength / 4, line.length - maxLineLength));
  const kept = sliceWhole(line.slice(start), maxLineLength);
  return `${start > 0 ? '… ' : ''}${kept}${start + kept.length < line.length ? ' …' : ''}`;
}
