/**
 * Finds where an answer ends. Its content is opaque: nothing in it is live.
 */
import { isBlank, skipBlank } from './characters';
import { CodeFinder } from './codeRegions';
import type { MarkFinder } from './marks';
import { nextBracket, readTag, readToken, type Tag } from './tagScanner';
import type { ToolNames } from './toolNames';
import { END_OF_TURN } from './vocabulary';

/** An answer as it stands. */
export interface AnswerReading {
  /** The text, trimmed and unwrapped. */
  readonly content: string;
  /** Index behind the closing tag, or behind the content where it is missing. */
  readonly end: number;
  readonly closed: boolean;
  /** Exactly one opening and one closing tag, as the protocol asks. */
  readonly exact: boolean;
}

/** Reads the answer that `opening` begins. */
export function readAnswer(finder: MarkFinder, opening: Tag): AnswerReading {
  const { text, tools } = finder;
  if (opening.selfClosing) return { content: '', end: opening.end, closed: true, exact: false };
  const closings = closingTags(text, opening.end, tools);
  const [first] = closings;
  // One closing tag with nothing behind it cannot be inside code that is closed: no need to look for code.
  const isPlain = closings.length === 1 && first !== undefined && isBlank(text.slice(first.end));
  const { close, extended } = isPlain ? { close: first, extended: false } : chooseClosing(finder, opening, closings);
  const contentEnd = close?.start ?? findOpenEnd(text, opening.end, tools);
  const raw = text.slice(opening.end, contentEnd);
  const content = unwrap(raw, tools);
  return {
    content: content.trim(),
    end: close?.end ?? contentEnd,
    closed: close !== undefined,
    exact: opening.exact && close?.exact === true && !extended && content.length === raw.length,
  };
}

// What every closing tag of an answer begins with; most brackets of code are passed over without a closer look.
const CLOSING_HINT = /[<＜][\s\u200b-\u200f\u2060\ufeff\u00ad]*[/／][\s\u200b-\u200f\u2060\ufeff\u00ad]*(?:[\w-]+:)?[afAF\u200b-\u200f\u2060\ufeff\u00ad回答最]/g;

function closingTags(text: string, from: number, tools: ToolNames): Tag[] {
  const result: Tag[] = [];
  CLOSING_HINT.lastIndex = from;
  for (let hint = CLOSING_HINT.exec(text); hint !== null; hint = CLOSING_HINT.exec(text)) {
    const { lastIndex } = CLOSING_HINT;
    const tag = readTag(text, hint.index, tools);
    if (tag?.kind === 'tag' && tag.closing && tag.family === 'answer') result.push(tag);
    CLOSING_HINT.lastIndex = lastIndex;
  }
  return result;
}

/** The first closing tag outside code, or a later one when no tag of the protocol opens in between. */
function chooseClosing(finder: MarkFinder, opening: Tag, closings: readonly Tag[]): { close: Tag | undefined; extended: boolean } {
  const code = new CodeFinder(finder.text);
  let close: Tag | undefined;
  let extended = false;
  let from = opening.end;
  for (const tag of closings) {
    let region = code.next(from, opening.end);
    while (region !== undefined && region.end <= tag.start) {
      from = region.end;
      region = code.next(from, opening.end);
    }
    if (region !== undefined && region.start < tag.start) continue;
    if (close !== undefined) {
      if (opensBetween(finder, close.end, tag.start)) break;
      extended = true;
    }
    close = tag;
    from = tag.end;
  }
  return { close, extended };
}

function opensBetween(finder: MarkFinder, from: number, to: number): boolean {
  let at = from;
  for (let mark = finder.next(at, from, false); mark !== undefined && mark.start < to; mark = finder.next(at, from, false)) {
    if (mark.kind === 'malformed' || (mark.kind === 'tag' && !mark.closing && mark.family !== 'token' && mark.family !== 'tool')) return true;
    at = mark.end;
  }
  return false;
}

/** Where an answer without closing tag ends: at an end-of-turn token, or before a closing tag that was cut off. */
function findOpenEnd(text: string, from: number, tools: ToolNames): number {
  const code = new CodeFinder(text);
  let at = from;
  for (let bracket = nextBracket(text, at); bracket >= 0; bracket = nextBracket(text, at)) {
    const region = code.next(at, from);
    if (region !== undefined && region.start < bracket) {
      at = region.end;
      continue;
    }
    at = bracket + 1;
    const token = readToken(text, bracket);
    if (token !== undefined ? END_OF_TURN.has(token.name) : text.startsWith('<end_of_turn>', bracket)) return bracket;
    if (isCutClosing(text, bracket, tools)) return bracket;
  }
  return text.length;
}

function isCutClosing(text: string, bracket: number, tools: ToolNames): boolean {
  const rest = text.slice(bracket);
  if (rest.length > 64) return false;
  if (rest.length === 1) return true;
  const tag = readTag(text, bracket, tools);
  if (tag?.kind !== 'partial' || !tag.closing) return false;
  const name = rest.replace(/^[<＜][\s\u200b-\u200f\u2060\ufeff]*[/／][\s\u200b-\u200f\u2060\ufeff]*/, '').toLowerCase();
  return /^(?:[\w-]+:)?(?:a|an|ans|answ|answe|answer\b|f|fi|final_?|fin|fina|final_answer\b|final_a\w*|回|回答|答|答案|最|最终|最终答|最终答案|$)/.test(name);
}

const DEEPEST_WRAPPING = 4;

/** Removes a CDATA section around the whole and an answer tag that was written twice. */
function unwrap(raw: string, tools: ToolNames): string {
  let content = raw;
  for (let level = 0; level < DEEPEST_WRAPPING; level += 1) {
    const inner = withoutCdata(content) ?? withoutDoubledTag(content, tools);
    if (inner === undefined) break;
    content = inner;
  }
  return content;
}

function withoutCdata(content: string): string | undefined {
  const start = skipBlank(content, 0);
  if (!content.startsWith('<![CDATA[', start)) return undefined;
  const end = content.indexOf(']]>', start);
  if (end < 0) return content.slice(start + 9);
  return isBlank(content.slice(end + 3)) ? content.slice(start + 9, end) : undefined;
}

function withoutDoubledTag(content: string, tools: ToolNames): string | undefined {
  const start = skipBlank(content, 0);
  const char = content.charAt(start);
  if (char !== '<' && char !== '＜') return undefined;
  const opening = readTag(content, start, tools);
  if (opening?.kind !== 'tag' || opening.closing || opening.family !== 'answer') return undefined;
  const closings = closingTags(content, opening.end, tools);
  const last = closings.at(-1);
  if (last === undefined) return content.slice(opening.end);
  return isBlank(content.slice(last.end)) ? content.slice(opening.end, last.start) : undefined;
}
