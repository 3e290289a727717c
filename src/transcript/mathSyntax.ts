import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';

/*
 * Mathematics in Markdown as models write it: `$x$` and `\(x\)` within a line, `$$x$$` and `\[x\]` alone. The tokens
 * `math_inline` and `math_block` carry the TeX as their content.
 */

/** Longest formula, in characters: a lone `$` must not make each line look to the end of the text. */
const longest = 4000;

/** Teaches a parser mathematics. */
export function mathPlugin(parser: MarkdownIt): void {
  parser.inline.ruler.before('escape', 'math', inlineMath);
  parser.block.ruler.before('fence', 'math', blockMath, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
}

function inlineMath(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  const [opening, closing] = delimiters(src, pos);
  if (opening === undefined || closing === undefined) {
    return false;
  }
  const start = pos + opening.length;
  const end = src.slice(start, start + longest).indexOf(closing) + start;
  if (end < start || !isFormula(src, start, end, opening)) {
    return false;
  }
  if (!silent) {
    const token = state.push('math_inline', 'math', 0);
    token.content = src.slice(start, end).trim();
    token.markup = opening;
  }
  state.pos = end + closing.length;
  return true;
}

function delimiters(src: string, pos: number): readonly [string, string] | readonly [] {
  if (src.startsWith('$$', pos)) {
    return ['$$', '$$'];
  }
  if (src.startsWith('$', pos)) {
    return ['$', '$'];
  }
  if (src.startsWith('\\(', pos)) {
    return ['\\(', '\\)'];
  }
  return src.startsWith('\\[', pos) ? ['\\[', '\\]'] : [];
}

/** Amounts of money are no formulas: as in Pandoc, no space inside the marks and no digit after the last. */
function isFormula(src: string, start: number, end: number, opening: string): boolean {
  if (src.slice(start, end).trim() === '') {
    return false;
  }
  return opening !== '$' || (!/\s/.test(src[start] ?? ' ') && !/\s/.test(src[end - 1] ?? ' ') && !/\d/.test(src[end + 1] ?? ''));
}

function blockMath(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const line = lineOf(state, startLine);
  const opening = line.startsWith('$$') ? '$$' : line.startsWith('\\[') ? '\\[' : undefined;
  if (opening === undefined) {
    return false;
  }
  const closing = opening === '$$' ? '$$' : '\\]';
  const lines: string[] = [];
  let length = 0;
  for (let at = startLine; at < endLine && length < longest; at += 1) {
    const text = at === startLine ? line.slice(2) : lineOf(state, at);
    length += text.length;
    const end = text.indexOf(closing);
    if (end === -1) {
      lines.push(text);
      continue;
    }
    if (text.slice(end + 2).trim() !== '') {
      return false;
    }
    if (!silent) {
      const token = state.push('math_block', 'math', 0);
      token.block = true;
      token.content = [...lines, text.slice(0, end)].join('\n').trim();
      token.map = [startLine, at + 1];
      token.markup = opening;
      state.line = at + 1;
    }
    return true;
  }
  return false;
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line] ?? 0).trimEnd();
}
