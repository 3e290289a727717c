import { fence, sliceWhole } from '../core/text';
import { oneLine } from './escapeMarkdown';

/*
 * How text of models, tools and files looks in a note. It must not change what stands after it or load anything,
 * whatever it holds: an open fence, a comment without an end, an image on a server. The exact text is kept beside it
 * wherever the look differs (see region.ts).
 */

/** Characters that no text file should hold: control characters, and halves of surrogate pairs. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0085\u2028\u2029]|\p{Surrogate}/gu;

/** A line that a reader of notes would take for one of the note's own marks. */
const markLine = /^<!-- stepwise:/gm;

/** Code or output as the lines of a fence. */
export function presentCode(text: string): string {
  return printable(text).replace(markLine, ' $&');
}

/**
 * Markdown as a part of a note: raw HTML and images are shown as text, and a fence that is left open is closed. Text
 * whose fences are not plain to see, as in quotations or after tabs, is shown as code altogether.
 */
export function presentMarkdown(text: string): string {
  return presentedLines(printable(text).split('\n'))?.join('\n') ?? fence(`${presentCode(text)}\n`, 'markdown');
}

interface OpenFence {
  readonly mark: string;
  /** Column at which the content of the list item around it begins; 0 outside of lists. */
  readonly column: number;
  readonly indent: string;
}

/** The lines as they are shown; undefined where it is not plain what is code and what is not. */
function presentedLines(lines: readonly string[]): readonly string[] | undefined {
  const shown: string[] = [];
  let open: OpenFence | undefined;
  let column = 0;
  /** True in a paragraph in which a code span may go on from line to line. */
  let isSpanOpen = false;
  for (const line of lines) {
    const indent = /^ */.exec(line)?.[0] ?? '';
    const isBlank = line.trim() === '';
    if (open !== undefined && (isBlank || indent.length >= open.column)) {
      shown.push(line.replace(markLine, ' $&'));
      open = closes(line, open) ? undefined : open;
      continue;
    }
    // A line before the content of its item ends the item, and with it the fence.
    open = undefined;
    isSpanOpen &&= !isBlank;
    column = isBlank || indent.length >= column ? column : 0;
    const item = /^ *(?:[-*+]|\d{1,9}[.)]) {1,4}(?=\S)/.exec(line)?.[0];
    column = item?.length ?? column;
    const content = line.slice(item?.length ?? 0);
    const opening = /^( *)(`{3,}(?=[^`]*$)|~{3,})/.exec(content);
    if (opening !== null && (item === undefined ? indent.length : column) <= column + 3 && (item === undefined || opening[1] === '')) {
      open = { mark: opening[2] ?? '', column, indent: ' '.repeat(column) };
      shown.push(line);
      isSpanOpen = false;
    } else if (/^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[\s>]+)*(?:`{3,}[^`]*$|~{3,})/.test(line)) {
      return undefined;
    } else {
      const presented = presentLine(line, isSpanOpen);
      shown.push(presented.text);
      isSpanOpen = presented.isSpanOpen;
    }
  }
  return open === undefined ? shown : [...shown, `${open.indent}${open.mark}`];
}

/** What a heading says, on one line of at most 120 characters. */
export function headingText(text: string): string {
  const line = oneLine(text);
  return line.length <= 120 ? line : `${sliceWhole(line, 119).trimEnd()}…`;
}

function closes(line: string, { mark, column }: OpenFence): boolean {
  const [, indent = '', closing = ''] = /^( *)(`{3,}|~{3,}) *$/.exec(line) ?? [];
  return closing.startsWith(mark) && indent.length <= column + 3;
}

/** A line outside of fences: HTML and images become text, except in code spans that open and close on the line. */
function presentLine(line: string, isSpanOpen: boolean): { readonly text: string; readonly isSpanOpen: boolean } {
  // Where it is not sure what opens and what closes, nothing counts as code: that shows a backslash too many at worst.
  const { spans, isUnsure } = isSpanOpen || line.includes('\\`') ? { spans: [], isUnsure: true } : codeSpans(line);
  let text = '';
  let done = 0;
  for (const [start, end] of spans) {
    text += presentProse(line.slice(done, start)) + line.slice(start, end);
    done = end;
  }
  return { text: text + presentProse(line.slice(done)), isSpanOpen: isUnsure };
}

/** Where code spans begin and end; `isUnsure` where a mark opens one that does not close on this line. */
function codeSpans(line: string): { readonly spans: readonly (readonly [number, number])[]; readonly isUnsure: boolean } {
  const marks = [...line.matchAll(/`+/g)].map((match) => ({ start: match.index, length: match[0].length }));
  const spans: (readonly [number, number])[] = [];
  const unclosed = new Set<number>();
  for (let at = 0; at < marks.length; at += 1) {
    const mark = marks[at];
    if (mark === undefined || unclosed.has(mark.length)) {
      continue;
    }
    let closing = at + 1;
    while (closing < marks.length && marks[closing]?.length !== mark.length) {
      closing += 1;
    }
    const closingMark = marks[closing];
    if (closingMark === undefined) {
      unclosed.add(mark.length);
    } else {
      spans.push([mark.start, closingMark.start + closingMark.length]);
      at = closing;
    }
  }
  return unclosed.size === 0 ? { spans, isUnsure: false } : { spans: [], isUnsure: true };
}

function presentProse(text: string): string {
  return text.replace(/\\.|<(?=[A-Za-z/!?])|!(?=\[)/g, (found) => (found.startsWith('\\') ? found : found === '<' ? '\\<' : '!\\'));
}

function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(unprintable, '\ufffd');
}
