/**
 * Finds where the body of an action ends and what kind of arguments it holds. Whose arguments they are is decided in
 * `actionReader.ts`.
 */
import { decodeEntities, skipBlank } from './characters';
import { findLabel } from './labels';
import { endOfString, parseSerialised, parseWholeObject, readJsonObject, type StructuralTag, unescapeObject } from './lenientJson';
import { nextBracket, readRawTag, readTag, readToken } from './tagScanner';
import type { ToolNames } from './toolNames';
import { END_OF_TURN, isCallFamily } from './vocabulary';
import { type Child, readChildren } from './xmlParameters';

/** A closing mark of the action. */
export interface Close {
  readonly end: number;
  /** Written exactly as the protocol asks. */
  readonly exact: boolean;
}

/** What surrounds a body. */
export interface BodyFrame {
  readonly text: string;
  readonly tools: ToolNames;
  /** The mark that closes this action at an index, or `undefined`. */
  readonly closeAt: (index: number) => Close | undefined;
  /** Whether any closing tag may close the action after a complete object: for tags, not for labelled lines. */
  readonly tagsClose: boolean;
}

/** What a body holds. `end` is the index behind the closing mark, or behind the arguments where it is missing. */
export type BodyReading =
  | { readonly kind: 'object'; readonly value: Record<string, unknown>; readonly end: number; readonly exact: boolean; readonly closed: boolean }
  | { readonly kind: 'children'; readonly children: readonly Child[]; readonly end: number }
  | { readonly kind: 'empty'; readonly end: number }
  | { readonly kind: 'plain'; readonly text: string; readonly end: number }
  | { readonly kind: 'bad'; readonly end: number; readonly detail: string }
  | { readonly kind: 'truncated'; readonly detail: string };

const OPENING_FENCE = /(?:`{3,}|~{3,})[ \t]*[\w+-]*[ \t]*\r?\n/y;
const CLOSING_FENCE = /`{3,}|~{3,}/y;
const CUT_OFF = 'the output ended before the arguments were complete';

/** Reads the body that starts at `start`. */
export function readBody(frame: BodyFrame, start: number): BodyReading {
  const { text } = frame;
  let at = skipBlank(text, start);
  let plain = true;
  for (;;) {
    const close = frame.closeAt(at);
    if (close !== undefined) return { kind: 'empty', end: close.end };
    if (at >= text.length) return { kind: 'truncated', detail: CUT_OFF };
    OPENING_FENCE.lastIndex = at;
    const token = readToken(text, at);
    if (OPENING_FENCE.test(text)) at = skipBlank(text, OPENING_FENCE.lastIndex);
    else if (token !== undefined && token.name !== 'dsml' && !END_OF_TURN.has(token.name)) at = skipBlank(text, token.end);
    else break;
    plain = false;
  }
  const char = text.charAt(at);
  if (char === '{') return readObjectBody(frame, at, plain);
  if (char === '"' || char === "'") return readSerialisedBody(frame, at) ?? readPlainBody(frame, at);
  if (text.startsWith('<![CDATA[', at)) return readCdataBody(frame, at);
  if ((char === '<' || char === '＜') && readToken(text, at)?.name !== 'end_of_turn') return readChildrenBody(frame, at, !plain);
  return readPlainBody(frame, at);
}

/** The first closing mark at or after `from` that stands before another call opens, or `undefined`. */
export function findClose(frame: BodyFrame, from: number): (Close & { start: number }) | undefined {
  for (let at = nextBracket(frame.text, from); at >= 0; at = nextBracket(frame.text, at + 1)) {
    const close = frame.closeAt(at);
    if (close !== undefined) return { ...close, start: at };
    if (opensCall(frame, at)) return undefined;
  }
  return undefined;
}

function opensCall(frame: BodyFrame, at: number): boolean {
  const tag = readTag(frame.text, at, frame.tools);
  return tag?.kind === 'tag' && !tag.closing && isCallFamily(tag.family) && tag.family !== 'tool';
}

function readObjectBody(frame: BodyFrame, at: number, plain: boolean): BodyReading {
  const { text } = frame;
  const reading = readJsonObject(text, at, { tagAt: (index) => judgeTag(frame, index) });
  if (reading.kind === 'ok') {
    if (!reading.cutByTag) return settle(frame, reading.value, reading.end, reading.strict && plain);
    return { kind: 'object', value: reading.value, end: frame.closeAt(reading.end)?.end ?? reading.end, exact: false, closed: true };
  }
  if (reading.kind === 'incomplete') {
    return reading.inString && endsWithClose(frame)
      ? { kind: 'bad', end: text.length, detail: 'a string in the arguments is never closed' }
      : { kind: 'truncated', detail: CUT_OFF };
  }
  const close = findClose(frame, reading.at) ?? findClose(frame, at);
  const decoded = readDecoded(text.slice(at, close?.start ?? text.length), text.charAt(reading.at));
  if (decoded !== undefined && close !== undefined) return { kind: 'object', value: decoded, end: close.end, exact: false, closed: true };
  return close === undefined ? { kind: 'truncated', detail: CUT_OFF } : { kind: 'bad', end: close.end, detail: `in the arguments, ${reading.reason}` };
}

/** Reads a body that was escaped once too often: `{&quot;a&quot;: 1}` or `{\"a\": 1}`. */
function readDecoded(body: string, stumbledOver: string): Record<string, unknown> | undefined {
  if (stumbledOver === '&' && /&(?:quot|#34|#x22|apos|#39|#x27);/i.test(body)) return parseWholeObject(decodeEntities(body));
  const unescaped = unescapeObject(body);
  return unescaped === undefined ? undefined : parseWholeObject(unescaped);
}

function judgeTag(frame: BodyFrame, index: number): StructuralTag {
  if (frame.closeAt(index) !== undefined) return 'close';
  const tag = readTag(frame.text, index, frame.tools);
  if (tag === undefined) return 'other';
  if (tag.kind === 'partial') return 'end';
  if (tag.kind === 'malformed') return 'other';
  // What follows an invented observation or the end of the turn does not count, so the object ends nowhere.
  return (tag.family === 'observation' && !tag.closing) || (tag.family === 'token' && END_OF_TURN.has(tag.name)) ? 'end' : 'other';
}

/** Whether a closing mark of the action is the very last thing in the output. */
function endsWithClose(frame: BodyFrame): boolean {
  let end = frame.text.trimEnd().length;
  for (;;) {
    const at = Math.max(frame.text.lastIndexOf('<', end - 1), frame.text.lastIndexOf('＜', end - 1));
    if (at < 0) return false;
    const token = readToken(frame.text, at);
    if (token?.end !== end || !END_OF_TURN.has(token.name)) return frame.closeAt(at)?.end === end;
    end = frame.text.slice(0, at).trimEnd().length;
  }
}

/** Finds how an action ends whose object ends at `objectEnd`. */
function settle(frame: BodyFrame, value: Record<string, unknown>, objectEnd: number, strict: boolean): BodyReading {
  const { text, tools } = frame;
  let exact = strict;
  let at = skipBlank(text, objectEnd);
  for (;;) {
    CLOSING_FENCE.lastIndex = at;
    if (text.charAt(at) === '}') at = skipBlank(text, at + 1);
    else if (text.startsWith(']]>', at)) at = skipBlank(text, at + 3);
    else if (CLOSING_FENCE.test(text)) at = skipBlank(text, CLOSING_FENCE.lastIndex);
    else break;
    exact = false;
  }
  const object = (end: number, closed: boolean, isExact = false): BodyReading => ({ kind: 'object', value, end, exact: isExact, closed });
  const close = frame.closeAt(at);
  if (close !== undefined) return object(close.end, true, exact && close.exact);
  if (text.charAt(at) === '{') return twoObjects(frame, at);
  if (!frame.tagsClose || at >= text.length) return object(at, false);
  // Prose or special tokens may stand between the object and the closing tag, but no second object.
  let boundary = text.length;
  let closing: { end: number } | undefined;
  for (let index = nextBracket(text, at); index >= 0; index = nextBracket(text, index + 1)) {
    closing = frame.closeAt(index) ?? anyClosing(frame, index);
    const tag = closing === undefined ? readTag(text, index, tools) : undefined;
    if (closing === undefined && (tag === undefined || (tag.kind === 'tag' && tag.family === 'token' && !END_OF_TURN.has(tag.name)))) continue;
    if (tag?.kind === 'partial' && tag.closing) closing = { end: text.length };
    boundary = index;
    break;
  }
  const label = findLabel(text, at, boundary, true);
  if (label !== undefined) {
    boundary = label.start;
    closing = undefined;
  }
  if (text.slice(at, boundary).includes('{')) return twoObjects(frame, at);
  return closing === undefined ? object(at, false) : object(closing.end, true);
}

function twoObjects(frame: BodyFrame, from: number): BodyReading {
  return { kind: 'bad', end: findClose(frame, from)?.end ?? frame.text.length, detail: 'there is more than one object in the arguments' };
}

/** Any closing tag but that of a thought closes an action whose object is complete. */
function anyClosing(frame: BodyFrame, at: number): { end: number } | undefined {
  const { text } = frame;
  const tag = readTag(text, at, frame.tools);
  if (tag?.kind === 'tag' && tag.closing) return tag.family === 'thought' ? undefined : { end: tag.end };
  if (tag !== undefined) return undefined;
  const raw = readRawTag(text, at);
  return raw?.closing === true ? { end: raw.end } : undefined;
}

function readSerialisedBody(frame: BodyFrame, at: number): BodyReading | undefined {
  const { text } = frame;
  const end = text.charAt(at) === '"' ? endOfString(text, at + 1) : text.indexOf("'", at + 1) + 1;
  if (end <= 0) return undefined;
  const content = parseSerialised(text.slice(at, end));
  const value = content === undefined ? undefined : parseWholeObject(content);
  return value === undefined ? undefined : settle(frame, value, end, false);
}

function readCdataBody(frame: BodyFrame, at: number): BodyReading {
  const { text } = frame;
  const contentStart = skipBlank(text, at + '<![CDATA['.length);
  if (text.charAt(contentStart) === '{') return readObjectBody(frame, contentStart, false);
  const contentEnd = text.indexOf(']]>', contentStart);
  if (contentEnd < 0) return { kind: 'truncated', detail: CUT_OFF };
  const close = findClose(frame, contentEnd + 3);
  if (close === undefined) return { kind: 'truncated', detail: 'the closing tag is missing' };
  const content = text.slice(contentStart, contentEnd);
  if (content.trim() === '') return { kind: 'empty', end: close.end };
  const reading = content.startsWith('<') ? readChildren(content, 0, {}) : undefined;
  return reading?.kind === 'ok' ? { kind: 'children', children: reading.children, end: close.end } : { kind: 'plain', text: content, end: close.end };
}

function readChildrenBody(frame: BodyFrame, at: number, fenced: boolean): BodyReading {
  const { text, tools } = frame;
  const reading = readChildren(text, at, {
    fenced,
    closeAt: (index) => frame.closeAt(index),
    opensProtocol: (index) => {
      const tag = readTag(text, index, tools);
      return tag?.kind === 'tag' && !tag.closing && (tag.family === 'thought' || tag.family === 'observation' || tag.family === 'token' || opensCall(frame, index));
    },
  });
  if (reading.kind === 'ok') return reading.children.length === 0 ? { kind: 'empty', end: reading.end } : { ...reading, kind: 'children' };
  const close = reading.kind === 'bad' ? findClose(frame, reading.at) : undefined;
  return close === undefined
    ? { kind: 'truncated', detail: CUT_OFF }
    : { kind: 'bad', end: close.end, detail: 'the arguments are neither one JSON object nor a list of parameter elements' };
}

/** Text that is neither an object nor elements: prose around an object, or no arguments at all. */
function readPlainBody(frame: BodyFrame, at: number): BodyReading {
  const { text } = frame;
  const close = findClose(frame, at);
  const brace = text.charAt(at) === '[' ? -1 : text.indexOf('{', at);
  const isBefore = close === undefined ? brace >= 0 && !opensBefore(frame, at, brace) : brace >= 0 && brace < close.start;
  if (isBefore) return readObjectBody(frame, brace, false);
  if (close !== undefined) return { kind: 'plain', text: text.slice(at, close.start), end: close.end };
  return { kind: 'truncated', detail: 'the output ended before any arguments were given' };
}

function opensBefore(frame: BodyFrame, from: number, to: number): boolean {
  for (let at = nextBracket(frame.text, from); at >= 0 && at < to; at = nextBracket(frame.text, at + 1)) {
    if (readTag(frame.text, at, frame.tools) !== undefined) return true;
  }
  return findLabel(frame.text, from, to, false) !== undefined;
}
