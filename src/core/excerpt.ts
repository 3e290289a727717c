import type { CodeExcerpt, LineRange } from './request';
import { fence, normalizeNewlines, numberLines } from './text';

/** What a prompt says of an excerpt: everything of it but where it lies on this machine. */
export interface ReadExcerpt {
  readonly path: string;
  readonly languageId: string;
  readonly range: LineRange;
  readonly symbol?: string;
  /** The code without line numbers. */
  readonly text: string;
  /** True where the prompt holds only the beginning of the code. */
  readonly truncated: boolean;
}

/** The mark that `truncate` leaves, and what a caller may add to it. */
const truncationMark = /\n… \[\d+ characters left out\][^\n]*$/;

/**
 * An excerpt as a prompt has it: a header line with the path, the lines and the language, then the code with its
 * line numbers in a fence that the code cannot close. `readExcerpts` reads it back.
 *
 *     Code: path="src/sort.py" lines=10-42 language="python" symbol="sort"
 *     ```python
 *     10 | def sort(items):
 *     ```
 */
export function formatExcerpt(excerpt: Omit<CodeExcerpt, 'uri'>): string {
  const { path, range, languageId, symbol } = excerpt;
  const header = [
    `Code: path=${quote(path)}`,
    `lines=${String(range.startLine)}-${String(range.endLine)}`,
    `language=${quote(languageId)}`,
    ...(symbol === undefined ? [] : [`symbol=${quote(symbol)}`]),
  ].join(' ');
  const text = normalizeNewlines(excerpt.text);
  const mark = truncationMark.exec(text)?.[0] ?? '';
  const code = text.slice(0, text.length - mark.length);
  // An info string must not break the fence, whatever a language calls itself.
  return `${header}\n${fence(numberLines(code, range.startLine) + mark, languageId.replace(/[^\w+#.-]/g, ''))}`;
}

const header =
  /^Code: path=("(?:[^"\\]|\\.)*") lines=(\d+)-(\d+) language=("(?:[^"\\]|\\.)*")(?: symbol=("(?:[^"\\]|\\.)*"))?$/;

/** All excerpts that `formatExcerpt` wrote into `text`, in order. Anything else is passed over; nothing is thrown. */
export function readExcerpts(text: string): readonly ReadExcerpt[] {
  const lines = text.split('\n');
  const found: ReadExcerpt[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const match = header.exec(lines[at] ?? '');
    const mark = /^(`{3,})[^`]*$/.exec(lines[at + 1] ?? '')?.[1];
    if (match === null || mark === undefined) {
      continue;
    }
    const end = lines.indexOf(mark, at + 2);
    if (end === -1) {
      continue;
    }
    const excerpt = readExcerpt(match, lines.slice(at + 2, end));
    if (excerpt !== undefined) {
      found.push(excerpt);
    }
    at = end;
  }
  return found;
}

function readExcerpt(match: RegExpExecArray, body: readonly string[]): ReadExcerpt | undefined {
  const path = unquote(match[1]);
  const languageId = unquote(match[4]);
  if (path === undefined || languageId === undefined) {
    return undefined;
  }
  const symbol = unquote(match[5]);
  const truncated = truncationMark.test(`\n${body.at(-1) ?? ''}`);
  const code = truncated ? body.slice(0, -1) : body;
  return {
    path,
    languageId,
    range: { startLine: Number(match[2]), endLine: Number(match[3]) },
    ...(symbol === undefined ? {} : { symbol }),
    text: code.map((line) => line.replace(/^ *\d+ \| ?/, '')).join('\n'),
    truncated,
  };
}

/** A JSON string: no path or name can end the header line. */
function quote(value: string): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, (character) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function unquote(value: string | undefined): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}
