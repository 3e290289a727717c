/**
 * Reads one tag or special token at a position, in all the spellings that are accepted. Knows nothing of where a tag
 * is live: that is the business of its callers.
 */
import { skipBlank, withoutInvisible } from './characters';
import type { ToolNames } from './toolNames';
import { completionsOf, familyOf, isCallFamily, type TagFamily, tokenCompletionsOf } from './vocabulary';

/** An attribute of a tag, its value as written between the quotes. */
export interface Attribute {
  readonly name: string;
  readonly value: string;
}

/** A tag of any name, as it stands in the text. */
export interface RawTag {
  /** Index of the opening bracket. */
  readonly start: number;
  /** Index after the closing bracket. */
  readonly end: number;
  /** Lower case, without name-space prefix and zero-width characters. */
  readonly name: string;
  /** The prefix before the colon, lower case, or `''`. */
  readonly prefix: string;
  /** The name as written, without prefix and zero-width characters. */
  readonly writtenName: string;
  readonly closing: boolean;
  readonly selfClosing: boolean;
  readonly attributes: readonly Attribute[];
  /** The value of `<function=value>` or `<action="value">`. */
  readonly value: string | undefined;
  /** The `>` is missing before the `{` of the arguments; `end` is the index of that `{`. */
  readonly unfinished: boolean;
}

/** A tag that the protocol or a dialect knows. */
export interface Tag extends RawTag {
  readonly kind: 'tag';
  readonly family: TagFamily;
  /** Written exactly as the protocol asks (apart from attributes, which the caller judges). */
  readonly exact: boolean;
}

/** A tag that the end of the output cut off. */
export interface PartialTag {
  readonly kind: 'partial';
  readonly start: number;
  readonly end: number;
  readonly closing: boolean;
  /** Whatever might have followed, it was going to be a call. */
  readonly onlyAction: boolean;
}

/** A tag of a known call whose attributes cannot be told apart. */
export interface MalformedTag {
  readonly kind: 'malformed';
  readonly start: number;
  readonly end: number;
}

const EXACT_FAMILIES = ['thought', 'answer', 'action'] as const;
const INVISIBLE = '\\u200b-\\u200f\\u2060\\ufeff\\u00ad';
const GAP = `[\\s${INVISIBLE}]*`;
const NAME = new RegExp(`[<＜]${GAP}([/／])?${GAP}(?:[|｜]${GAP}DSML${GAP}[|｜])?${GAP}([A-Za-z_\\u4e00-\\u9fff${INVISIBLE}][\\w.\\-:\\u4e00-\\u9fff${INVISIBLE}]*)?`, 'y');
const TOKEN = /[<＜][|｜]([^|｜<>\n]{1,64})[|｜][>＞]/y;
const PARTIAL_TOKEN = /[<＜][|｜]?([^|｜<>\n]{0,64})[|｜]?$/y;
const ATTRIBUTE_NAME = new RegExp(`[^\\s=＝>＞/／{<＜"'“”‘’${INVISIBLE}]+`, 'y');
const BARE_VALUE = new RegExp(`(?:[^\\s>＞{<＜"'/／${INVISIBLE}]|[/／](?![>＞]))+`, 'y');
const CLOSING_QUOTE: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '‘': '’', '”': '”', '’': '’' };

/** The special token at `at` (`im_end` for `<|im_end|>`), or `undefined`. */
export function readToken(text: string, at: number): { name: string; end: number } | undefined {
  TOKEN.lastIndex = at;
  const match = TOKEN.exec(text);
  if (match === null) return undefined;
  return { name: (match[1] ?? '').toLowerCase().trim().replace(/[▁\s]+/g, '_'), end: TOKEN.lastIndex };
}

// One expression for both: two searches would each run to the end of the text for a bracket that is not there.
const BRACKET = /[<＜]/g;

/** The index of the next `<` or `＜` at or after `from`, or -1. */
export function nextBracket(text: string, from: number): number {
  BRACKET.lastIndex = from;
  return BRACKET.exec(text)?.index ?? -1;
}

/** Whether the tag at `at` can start with this character, the one after its bracket. */
function canFollowBracket(code: number): boolean {
  // Letters, `_`, `/`, `|`, blanks and everything beyond ASCII; not digits, operators, `=`, `!`.
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 47 || code === 124 || code <= 32 || code > 127 || Number.isNaN(code);
}

/**
 * The known tag, token, cut-off or malformed tag at `at`, which holds a bracket; `undefined` for everything else.
 * Looks no further than the next bracket, or the end of a quoted attribute.
 */
export function readTag(text: string, at: number, tools: ToolNames): Tag | PartialTag | MalformedTag | undefined {
  const follower = text.charCodeAt(at + 1);
  if (!canFollowBracket(follower)) return undefined;
  if (follower === 124 || follower === 0xff5c) {
    const token = readToken(text, at);
    if (token !== undefined && token.name !== 'dsml') return tokenTag(at, token);
  }
  const usual = readExactTag(text, at, follower === 47);
  if (usual !== undefined) return usual;
  NAME.lastIndex = at;
  const head = NAME.exec(text);
  if (head === null) return undefined;
  if (NAME.lastIndex >= text.length) return cutTag(text, at, head, tools);
  const written = withoutInvisible(head[2] ?? '');
  if (written === '') return undefined;
  const { prefix, local } = splitName(written);
  const family = knownFamily(prefix, local, head[1] !== undefined, tools);
  if (family === undefined) return undefined;
  const raw = readRest(text, at, NAME.lastIndex, head[1] !== undefined, prefix, local, isCallFamily(family));
  if (typeof raw === 'object') {
    if (family === 'function' && !raw.closing && raw.value === undefined) return undefined;
    return { ...raw, kind: 'tag', family, exact: isExact(text, raw, family) };
  }
  if (raw === 'cut') {
    return nextBracket(text, at + 1) < 0
      ? { kind: 'partial', start: at, end: text.length, closing: head[1] !== undefined, onlyAction: head[1] === undefined && (isCallFamily(family) || family === 'wrapper') }
      : malformed(at, family, head[1] !== undefined);
  }
  return malformed(at, family, head[1] !== undefined);
}

/** A tag of any name at `at`, or `undefined`: for parameters, whose names are not known. */
export function readRawTag(text: string, at: number): RawTag | undefined {
  NAME.lastIndex = at;
  const head = NAME.exec(text);
  if (head === null) return undefined;
  const { prefix, local } = splitName(withoutInvisible(head[2] ?? ''));
  if (local === '') return undefined;
  const raw = readRest(text, at, NAME.lastIndex, head[1] !== undefined, prefix, local, false);
  return typeof raw === 'object' ? raw : undefined;
}

/** A tag without attributes in exactly the form of the protocol: by far the most frequent one. */
function readExactTag(text: string, at: number, closing: boolean): Tag | undefined {
  const nameStart = closing ? at + 2 : at + 1;
  for (const family of EXACT_FAMILIES) {
    if (!text.startsWith(family, nameStart) || text.charCodeAt(nameStart + family.length) !== 62) continue;
    if (family === 'action' && !closing) return undefined;
    return {
      kind: 'tag', family, start: at, end: nameStart + family.length + 1, name: family, prefix: '', writtenName: family, closing,
      selfClosing: false, attributes: [], value: undefined, unfinished: false, exact: true,
    };
  }
  return undefined;
}

function tokenTag(at: number, token: { name: string; end: number }): Tag {
  return {
    kind: 'tag', family: 'token', start: at, end: token.end, name: token.name, prefix: '', writtenName: token.name, closing: false,
    selfClosing: false, attributes: [], value: undefined, unfinished: false, exact: false,
  };
}

function splitName(written: string): { prefix: string; local: string } {
  const colon = written.indexOf(':');
  return colon < 0 ? { prefix: '', local: written } : { prefix: written.slice(0, colon).toLowerCase(), local: written.slice(colon + 1) };
}

function knownFamily(prefix: string, local: string, closing: boolean, tools: ToolNames): TagFamily | undefined {
  // In `<action:tool>` the prefix is the protocol's word and the name is the tool's.
  if (prefix !== '' && familyOf(prefix, tools) === 'action' && (local !== '' || closing)) return 'action';
  return local === '' ? undefined : familyOf(local.toLowerCase(), tools);
}

function malformed(at: number, family: TagFamily, closing: boolean): MalformedTag | undefined {
  if (closing || !isCallFamily(family) || family === 'tool') return undefined;
  return { kind: 'malformed', start: at, end: at + 1 };
}

/** A bracket whose name touches the end of the output. */
function cutTag(text: string, at: number, head: RegExpExecArray, tools: ToolNames): PartialTag | undefined {
  const closing = head[1] !== undefined;
  PARTIAL_TOKEN.lastIndex = at;
  const token = /[|｜]/.test(text.charAt(at + 1)) ? PARTIAL_TOKEN.exec(text) : null;
  if (token !== null) {
    const { any, onlyAction } = tokenCompletionsOf((token[1] ?? '').toLowerCase().replace(/[▁\s]+/g, '_'));
    return any ? { kind: 'partial', start: at, end: text.length, closing: false, onlyAction } : undefined;
  }
  const written = withoutInvisible(head[2] ?? '').toLowerCase();
  if (written === '') return { kind: 'partial', start: at, end: text.length, closing, onlyAction: false };
  const { prefix, local } = splitName(written);
  if (!closing && prefix !== '' && familyOf(prefix, tools) === 'action') return { kind: 'partial', start: at, end: text.length, closing, onlyAction: true };
  const { any, onlyAction } = completionsOf(local, tools);
  return any ? { kind: 'partial', start: at, end: text.length, closing, onlyAction: onlyAction && !closing } : undefined;
}

/** Reads from behind the name to the end of the tag. `cut`: the text ended first. `malformed`: it cannot be a tag. */
function readRest(text: string, start: number, from: number, closing: boolean, prefix: string, local: string, takesObject: boolean): RawTag | 'cut' | 'malformed' {
  const attributes: Attribute[] = [];
  let value: string | undefined;
  let at = skipBlank(text, from);
  const finish = (end: number, selfClosing: boolean, unfinished: boolean): RawTag => ({
    start, end, name: local.toLowerCase(), prefix, writtenName: local, closing, selfClosing, attributes, value, unfinished,
  });
  if (isEquals(text, at)) {
    const read = readValue(text, skipBlank(text, at + 1));
    if (typeof read === 'string') return read;
    value = read.value;
    at = skipBlank(text, read.end);
  }
  for (;;) {
    const char = text.charAt(at);
    if (char === '') return 'cut';
    if (char === '>' || char === '＞') return finish(at + 1, false, false);
    if (char === '/' || char === '／') {
      const next = skipBlank(text, at + 1);
      if (text.charAt(next) === '>' || text.charAt(next) === '＞') return finish(next + 1, !closing, false);
      at = next;
      continue;
    }
    if (char === '{' && takesObject && !closing) return finish(at, false, true);
    ATTRIBUTE_NAME.lastIndex = at;
    const name = ATTRIBUTE_NAME.exec(text)?.[0];
    if (name === undefined) return 'malformed';
    at = skipBlank(text, at + name.length);
    if (!isEquals(text, at)) {
      attributes.push({ name, value: '' });
      continue;
    }
    const read = readValue(text, skipBlank(text, at + 1));
    if (typeof read === 'string') return read;
    attributes.push({ name, value: read.value });
    // Quotes that do not pair up would otherwise swallow the arguments as further attributes.
    if (read.quoted && !/[\s>＞/／{]/.test(text.charAt(read.end)) && read.end < text.length && skipBlank(text, read.end) === read.end) return 'malformed';
    at = skipBlank(text, read.end);
  }
}

function isEquals(text: string, at: number): boolean {
  const char = text.charAt(at);
  return char === '=' || char === '＝';
}

function readValue(text: string, at: number): { value: string; end: number; quoted: boolean } | 'cut' | 'malformed' {
  const opener = text.charAt(at);
  if (opener === '') return 'cut';
  if (opener === '\\' && (text.charAt(at + 1) === '"' || text.charAt(at + 1) === "'")) {
    const mark = text.slice(at, at + 2);
    const end = indexWithin(text, mark, at + 2);
    return end < 0 ? 'cut' : { value: text.slice(at + 2, end), end: end + 2, quoted: true };
  }
  const closer = CLOSING_QUOTE[opener];
  if (closer !== undefined) {
    let end = indexWithin(text, closer, at + 1);
    // Only half of a pair of curly quotes is common: “name" and "name”.
    if (opener === '“' || opener === '”') end = earlier(end, indexWithin(text, '"', at + 1));
    return end < 0 ? 'cut' : { value: text.slice(at + 1, end), end: end + 1, quoted: true };
  }
  BARE_VALUE.lastIndex = at;
  const bare = BARE_VALUE.exec(text)?.[0];
  if (bare === undefined) return 'malformed';
  return { value: bare, end: at + bare.length, quoted: false };
}

// Bounded so that many opening quotes without a closing one do not each cost a search to the end.
const LONGEST_ATTRIBUTE = 32_768;

function indexWithin(text: string, needle: string, from: number): number {
  const index = text.slice(from, from + LONGEST_ATTRIBUTE).indexOf(needle);
  return index < 0 ? -1 : from + index;
}

function earlier(one: number, other: number): number {
  if (one < 0) return other;
  return other < 0 ? one : Math.min(one, other);
}

function isExact(text: string, raw: RawTag, family: TagFamily): boolean {
  const length = raw.end - raw.start;
  if (family === 'action' && !raw.closing) {
    const name = raw.attributes[0];
    return raw.attributes.length === 1 && name !== undefined && text.slice(raw.start, raw.end) === `<action name="${name.value}">`;
  }
  if (family !== 'thought' && family !== 'answer' && family !== 'action') return false;
  const expected = raw.closing ? `</${family}>` : `<${family}>`;
  return length === expected.length && text.startsWith(expected, raw.start);
}
