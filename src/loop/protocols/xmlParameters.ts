/**
 * Reads arguments that are written as child elements instead of JSON, one level deep. An XML library would resolve
 * what stands in a value; here a value is the raw text between its tags, so that code survives.
 */
import { decodeEntities, skipBlank } from './characters';
import { parseWholeObject, setMember } from './lenientJson';
import { nextBracket, readRawTag, type RawTag } from './tagScanner';

/** One child element, as it stands. */
export interface Child {
  readonly tag: RawTag;
  /** The raw text between the tags; `''` for a self-closing one. */
  readonly inner: string;
}

/** How the children end. */
export type ChildrenReading =
  | { readonly kind: 'ok'; readonly children: readonly Child[]; readonly end: number }
  /** Something else than child elements stands there, or one has no end; `at` is where to look for the closing tag. */
  | { readonly kind: 'bad'; readonly at: number }
  | { readonly kind: 'unclosed' };

/** What the reader of children has to know of its surroundings. */
export interface ChildrenOptions {
  /** The tag at an index, when it is the one that closes the whole; without it the end of the text closes. */
  readonly closeAt?: (index: number) => { end: number } | undefined;
  /** A fence opened before the elements, so its closing mark may stand behind them. */
  readonly fenced?: boolean;
  /** Whether a tag of the protocol opens at an index: no parameter, and no value reaches over one and the closing tag. */
  readonly opensProtocol?: (index: number) => boolean;
}

/** Reads child elements from `from` up to the closing tag of the whole. */
export function readChildren(text: string, from: number, given: ChildrenOptions): ChildrenReading {
  const options: Surroundings = { ...given, closes: { from: 0, at: -2 } };
  const children: Child[] = [];
  let at = from;
  for (;;) {
    at = skipComment(text, skipBlank(text, at));
    if (options.fenced === true) at = skipFence(text, at);
    if (at >= text.length) return options.closeAt === undefined ? { kind: 'ok', children, end: at } : { kind: 'unclosed' };
    const close = options.closeAt?.(at);
    if (close !== undefined) return { kind: 'ok', children, end: close.end };
    const tag = readRawTag(text, at);
    if (tag === undefined || tag.closing) return { kind: 'bad', at };
    if (options.opensProtocol?.(at) === true) return { kind: 'bad', at };
    if (tag.selfClosing) {
      children.push({ tag, inner: '' });
      at = tag.end;
      continue;
    }
    const end = findValueEnd(text, tag, options);
    if (end === undefined) return findClose(text, tag.end, options) < 0 && options.closeAt !== undefined ? { kind: 'unclosed' } : { kind: 'bad', at: tag.end };
    children.push({ tag, inner: text.slice(tag.end, end.start) });
    at = end.end;
  }
}

/** The options, and the last known place of a closing tag of the whole, so that it is not searched for again. */
interface Surroundings extends ChildrenOptions {
  readonly closes: { from: number; at: number };
}

function skipComment(text: string, at: number): number {
  if (!text.startsWith('<!--', at)) return at;
  const end = text.indexOf('-->', at + 4);
  return end < 0 ? at : skipComment(text, skipBlank(text, end + 3));
}

function skipFence(text: string, at: number): number {
  const mark = /(?:`{3,}|~{3,})\s*/y;
  mark.lastIndex = at;
  return mark.test(text) ? mark.lastIndex : at;
}

/** The last closing tag of the element before the next parameter, or before the end of the whole. */
function findValueEnd(text: string, tag: RawTag, options: Surroundings): RawTag | undefined {
  const valueStart = skipBlank(text, tag.end);
  let from = tag.end;
  if (text.startsWith('<![CDATA[', valueStart)) {
    const end = text.indexOf(']]>', valueStart);
    if (end >= 0) from = end + 3;
  }
  let found = findClosing(text, tag, from);
  if (found === undefined) return undefined;
  const wholeEnd = findClose(text, from, options);
  // The closing tag of the whole inside a value is text, unless something new begins between it and the value's end.
  if (wholeEnd >= 0 && wholeEnd < found.start && opensBetween(text, wholeEnd, found.start, options)) return undefined;
  for (;;) {
    const next = skipBlank(text, found.end);
    if (next >= text.length || options.closeAt?.(next) !== undefined) return found;
    const follower = readRawTag(text, next);
    if (follower !== undefined && !follower.closing) return found;
    const later = findClosing(text, tag, found.end);
    const close = findClose(text, found.end, options);
    if (later === undefined || (close >= 0 && close < later.start)) return found;
    found = later;
  }
}

function findClosing(text: string, open: RawTag, from: number): RawTag | undefined {
  for (let at = nextBracket(text, from); at >= 0; at = nextBracket(text, at + 1)) {
    const tag = readRawTag(text, at);
    if (tag?.closing === true && tag.name === open.name) return tag;
  }
  return undefined;
}

function findClose(text: string, from: number, options: Surroundings): number {
  if (options.closeAt === undefined) return -1;
  const known = options.closes;
  if (known.at !== -2 && known.from <= from && (known.at < 0 || from <= known.at)) return known.at;
  let at = nextBracket(text, from);
  while (at >= 0 && options.closeAt(at) === undefined) at = nextBracket(text, at + 1);
  known.from = from;
  known.at = at;
  return at;
}

function opensBetween(text: string, from: number, to: number, options: ChildrenOptions): boolean {
  for (let at = nextBracket(text, from); at >= 0 && at < to; at = nextBracket(text, at + 1)) {
    if (options.opensProtocol?.(at) === true) return true;
  }
  return false;
}

/** The name that a child gives its parameter. */
export function parameterName(child: Child): string {
  const { tag } = child;
  if (isGeneric(tag)) {
    const named = attribute(tag, 'name') ?? attribute(tag, 'key') ?? tag.value;
    if (named !== undefined) return named.trim();
  }
  return tag.writtenName;
}

/** Whether the child says its name in an attribute: `<parameter name="k">`, `<param name="k">`, `<arg key="k">`. */
export function isNamedByAttribute(child: Child): boolean {
  return isGeneric(child.tag) && (attribute(child.tag, 'name') ?? attribute(child.tag, 'key') ?? child.tag.value) !== undefined;
}

/** The value of a parameter: text, or JSON where the mark `string="false"` says so. */
export function parameterValue(child: Child): unknown {
  const text = child.tag.selfClosing ? attribute(child.tag, 'value') ?? '' : child.inner;
  if (attribute(child.tag, 'string')?.trim().toLowerCase() === 'false') {
    try {
      const value: unknown = JSON.parse(text);
      return value;
    } catch {
      return parseWholeObject(text) ?? plainValue(text);
    }
  }
  return plainValue(text);
}

/** A value as a person would mean it: CDATA unwrapped, entities decoded where no tag shows that they are meant as text. */
export function plainValue(raw: string): string {
  const cdata = /^\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*$/.exec(raw);
  if (cdata?.[1] !== undefined) return withoutFrame(cdata[1]);
  const text = withoutFrame(raw);
  return text.includes('<') ? text : decodeEntities(text);
}

/** The parameters as an object; one that is given twice becomes an array. */
export function parametersOf(children: readonly Child[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const repeated = new Set<string>();
  for (const child of children) {
    const name = parameterName(child);
    const value = parameterValue(child);
    const earlier = Object.hasOwn(result, name) ? result[name] : undefined;
    if (!Object.hasOwn(result, name)) setMember(result, name, value);
    else if (repeated.has(name) && Array.isArray(earlier)) earlier.push(value);
    else {
      repeated.add(name);
      setMember(result, name, [earlier, value]);
    }
  }
  return result;
}

/** The value of an attribute, or `undefined`. */
export function attribute(tag: RawTag, name: string): string | undefined {
  return tag.attributes.find((candidate) => candidate.name.toLowerCase() === name)?.value;
}

function isGeneric(tag: RawTag): boolean {
  return tag.name === 'parameter' || tag.name === 'param' || tag.name === 'arg';
}

// Tags on lines of their own frame a value; the line breaks belong to the frame, the indentation to the value.
function withoutFrame(raw: string): string {
  const framed = raw.replace(/^[ \t]*\r?\n/, '').replace(/\r?\n[ \t]*$/, '');
  return framed === raw || framed.includes('\n') ? framed : framed.trim();
}
