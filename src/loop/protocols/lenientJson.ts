/**
 * Reads the JSON objects that models write: strict JSON byte for byte, otherwise with the deviations that can be
 * read in one way only. What could be read in two ways is refused, never guessed.
 */
import { LenientReader } from './lenientReader';

/** What a reader meets where a tag stands between values: the end of the surrounding action, of the output, or neither. */
export type StructuralTag = 'close' | 'end' | 'other';

/** How to read an object. */
export interface JsonOptions {
  /** Judges the `<` at an index outside strings; without it every `<` is an error. */
  readonly tagAt?: (index: number) => StructuralTag;
  /** The text counts up to this index only. */
  readonly limit?: number;
  /** Try `JSON.parse` only on what the lenient reading delimited: for callers that try many places. */
  readonly lenientFirst?: boolean;
}

/** The result of reading an object at a place. */
export type JsonReading =
  /** Read; `end` is the index behind it. `cutByTag`: braces were missing, `end` is the index of the closing tag. */
  | { readonly kind: 'ok'; readonly value: Record<string, unknown>; readonly end: number; readonly strict: boolean; readonly cutByTag: boolean }
  /** The text ended inside it. `members`: the members of the outermost object that are complete. */
  | { readonly kind: 'incomplete'; readonly inString: boolean; readonly members: Record<string, unknown> }
  | { readonly kind: 'bad'; readonly at: number; readonly reason: string };

/** Reads the object whose `{` stands at `start`. Never throws. */
export function readJsonObject(text: string, start: number, options: JsonOptions = {}): JsonReading {
  if (options.lenientFirst !== true) {
    const end = findStrictEnd(text, start, options.limit ?? text.length);
    const value = end < 0 ? undefined : parseObject(text.slice(start, end));
    if (value !== undefined) return { kind: 'ok', value, end, strict: true, cutByTag: false };
  }
  const reading = new LenientReader(text, options).readObject(start);
  if (reading.kind === 'ok' && options.lenientFirst === true) {
    const value = parseObject(text.slice(start, reading.end));
    if (value !== undefined) return { ...reading, value, strict: true };
  }
  return reading;
}

/**
 * Reads text that should be one object and nothing else, white space apart; also one that was serialised twice.
 * `undefined` when it is not.
 */
export function parseWholeObject(text: string): Record<string, unknown> | undefined {
  const trimmed = text.trim();
  const value = parseObject(trimmed);
  if (value !== undefined) return value;
  if (trimmed.startsWith('{')) {
    const reading = readJsonObject(trimmed, 0);
    if (reading.kind === 'ok' && trimmed.slice(reading.end).trim() === '') return reading.value;
    return undefined;
  }
  const inner = parseSerialised(trimmed);
  return inner?.trimStart().startsWith('{') === true ? parseWholeObject(inner) : undefined;
}

/** The text inside a JSON string that fills the whole text, or `undefined`. */
export function parseSerialised(text: string): string | undefined {
  const first = text.charAt(0);
  if (first !== '"' && first !== "'") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    const reading = new LenientReader(text, {}).readWholeString();
    return reading;
  }
}

/** The text of `{\"path\": …}`: an object escaped for a string whose quotes were lost. */
export function unescapeObject(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^\{\s*\\"/.test(trimmed)) return undefined;
  try {
    const value: unknown = JSON.parse(`"${trimmed.replace(/\r?\n/g, '\\n')}"`);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is a plain JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets a member so that a key like `__proto__` stays an ordinary key. */
export function setMember(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  else target[key] = value;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const STRUCTURE = /["{}[\]]/g;

/** The index behind the brace that closes the one at `start`, counting only what stands outside strings; -1 if none. */
function findStrictEnd(text: string, start: number, limit: number): number {
  let depth = 0;
  let at = start;
  for (;;) {
    STRUCTURE.lastIndex = at;
    const match = STRUCTURE.exec(text);
    if (match === null || match.index >= limit) return -1;
    at = match.index + 1;
    switch (match[0]) {
      case '"':
        at = endOfString(text, at);
        if (at < 0 || at > limit) return -1;
        break;
      case '{':
      case '[':
        depth += 1;
        break;
      default:
        depth -= 1;
        if (depth === 0) return at;
    }
  }
}

/** The index behind the quote that ends the string whose content starts at `from`; -1 if none. */
export function endOfString(text: string, from: number): number {
  let at = from;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return -1;
    let slashes = 0;
    while (quote - slashes > from && text.charCodeAt(quote - slashes - 1) === 92) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

/** The object that fills a text, read strictly or leniently; also with prose or a fence around it. `undefined` otherwise. */
export function readLenientObject(text: string): Record<string, unknown> | undefined {
  const whole = parseWholeObject(text);
  if (whole !== undefined) return whole;
  const brace = text.indexOf('{');
  if (brace < 0 || /^\s*["'[]/.test(text)) return undefined;
  const reading = readJsonObject(text, brace);
  return reading.kind === 'ok' && !/[{[]/.test(text.slice(reading.end)) ? reading.value : undefined;
}
