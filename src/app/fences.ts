import type { LineRange } from '../core/request';
import { guessLanguage } from './unfencedCode';

/** Names that people write after a code fence, and VS Code's language id for each. */
const fenceLanguages: Readonly<Record<string, string>> = {
  py: 'python', python3: 'python', js: 'javascript', jsx: 'javascriptreact', ts: 'typescript', tsx: 'typescriptreact',
  'c++': 'cpp', cc: 'cpp', cxx: 'cpp', 'c#': 'csharp', cs: 'csharp', golang: 'go', rs: 'rust', rb: 'ruby',
};

/** A fenced block of a text; lines are 0-based. */
export interface Fence {
  /** Index of the line that opens it. */
  readonly start: number;
  /** Index of the closing line, or one past the last line where it is missing. */
  readonly end: number;
  /** First word of what stands after the opening mark, as it was written. */
  readonly language: string;
}

/** The fenced blocks of a text, by its lines (CommonMark, sections 4.5; fences in quotes and lists do not count). */
export function findFences(lines: readonly string[]): readonly Fence[] {
  const found: Fence[] = [];
  let open: { readonly start: number; readonly mark: string; readonly language: string } | undefined;
  for (const [index, line] of lines.entries()) {
    const match = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)/.exec(line);
    const mark = match?.[1];
    if (mark === undefined) {
      continue;
    }
    if (open === undefined) {
      open = { start: index, mark, language: match?.[2] ?? '' };
    } else if (mark.startsWith(open.mark) && line.trim() === mark) {
      found.push({ start: open.start, end: index, language: open.language });
      open = undefined;
    }
  }
  if (open !== undefined) {
    found.push({ start: open.start, end: lines.length, language: open.language });
  }
  return found;
}

/** VS Code's language id for the code of a fence: what the fence names, else what the code looks like, else `plaintext`. */
export function languageOfFence({ language }: Fence, code: string): string {
  // Copilot writes `language:path`, R Markdown and Quarto `{python}` or `{python, echo=FALSE}`.
  const name = (/^\{?\.?([^:,}]*)/.exec(language)?.[1] ?? '').toLowerCase();
  return name === '' ? (guessLanguage(code) ?? 'plaintext') : Object.hasOwn(fenceLanguages, name) ? (fenceLanguages[name] ?? name) : name;
}

/** Code in a document of prose. */
export interface FencedCode {
  /** Lines of the document, 1-based, without the marks of the fence. */
  readonly range: LineRange;
  readonly languageId: string;
}

/**
 * The code at some lines (1-based) of a Markdown document: with `lines` those that lie inside the fence, with `block`
 * all of it. Undefined where the lines take in anything outside of one fence, or nothing but white space.
 */
export function fencedCode(lines: readonly string[], { startLine, endLine }: LineRange, take: 'lines' | 'block'): FencedCode | undefined {
  const fence = findFences(lines).find(({ start, end }) => start < startLine && endLine <= end + 1);
  if (fence === undefined) {
    return undefined;
  }
  const whole = { startLine: fence.start + 2, endLine: fence.end };
  const inside = { startLine: Math.max(whole.startLine, startLine), endLine: Math.min(whole.endLine, endLine) };
  const range = take === 'block' || inside.startLine > inside.endLine ? whole : inside;
  const code = lines.slice(range.startLine - 1, range.endLine);
  return code.every((line) => line.trim() === '') ? undefined : { range, languageId: languageOfFence(fence, lines.slice(fence.start + 1, fence.end).join('\n')) };
}
