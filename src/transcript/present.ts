import { sliceWhole } from '../core/text';
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

/** Markdown as a part of a note: raw HTML and images are shown as text, and a fence that is left open is closed. */
export function presentMarkdown(text: string): string {
  const lines: string[] = [];
  let open: { readonly mark: string; readonly indent: string } | undefined;
  let listIndent = 0;
  for (const line of printable(text).split('\n')) {
    const indent = /^ */.exec(line)?.[0] ?? '';
    if (open !== undefined) {
      lines.push(line.replace(markLine, ' $&'));
      open = closes(line, open.mark) ? undefined : open;
      continue;
    }
    if (line.trim() !== '' && indent.length < listIndent) {
      listIndent = 0;
    }
    listIndent = /^ *(?:[-*+]|\d{1,9}[.)])(?: {1,4}|$)(?=\S|$)/.exec(line)?.[0].length ?? listIndent;
    const fence = /^ *(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
    // Deeper than that it is an indented block of code, and no fence.
    if (fence !== undefined && indent.length <= listIndent + 3) {
      open = { mark: fence, indent };
      lines.push(line);
    } else {
      lines.push(presentLine(line));
    }
  }
  return open === undefined ? lines.join('\n') : [...lines, `${open.indent}${open.mark}`].join('\n');
}

/** What a heading says, on one line of at most 120 characters. */
export function headingText(text: string): string {
  const line = oneLine(text);
  return line.length <= 120 ? line : `${sliceWhole(line, 119).trimEnd()}…`;
}

function closes(line: string, mark: string): boolean {
  const closing = /^ *(`{3,}|~{3,}) *$/.exec(line)?.[1];
  return closing?.[0] === mark[0] && (closing?.length ?? 0) >= mark.length;
}

/** A line outside of fences: HTML and images become text, except in code spans. */
function presentLine(line: string): string {
  let shown = '';
  let done = 0;
  for (const [start, end] of codeSpans(line)) {
    shown += presentProse(line.slice(done, start)) + line.slice(start, end);
    done = end;
  }
  return shown + presentProse(line.slice(done));
}

/** Where code spans begin and end that open and close on this line. */
function codeSpans(line: string): readonly (readonly [number, number])[] {
  const marks = [...line.matchAll(/`+/g)].map((match) => ({ start: match.index, length: match[0].length }));
  const spans: (readonly [number, number])[] = [];
  const unclosed = new Set<number>();
  for (let at = 0; at < marks.length; at += 1) {
    const mark = marks[at];
    if (mark === undefined || unclosed.has(mark.length) || (mark.start > 0 && line[mark.start - 1] === '\\')) {
      continue;
    }
    const closing = marks.findIndex((other, index) => index > at && other.length === mark.length);
    const closingMark = marks[closing];
    if (closingMark === undefined) {
      unclosed.add(mark.length);
    } else {
      spans.push([mark.start, closingMark.start + closingMark.length]);
      at = closing;
    }
  }
  return spans;
}

function presentProse(text: string): string {
  return text.replace(/\\.|<(?!https?:\/\/[^\s<>]{0,2000}>)(?=[A-Za-z/!?])|!(?=\[)/g, (found) =>
    found.startsWith('\\') ? found : found === '<' ? '\\<' : '!\\',
  );
}

function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(unprintable, '\ufffd');
}
