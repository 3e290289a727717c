/**
 * Reads one step of the protocol of JSON steps: `{"title", "content", "next_action"}`.
 */
import { decodeEntities, isFiller, skipBlank } from './characters';
import { isObject, parseSerialised, readJsonObject, unescapeObject } from './lenientJson';
import { readTag, readToken } from './tagScanner';
import { ToolNames } from './toolNames';
import { END_OF_TURN } from './vocabulary';

/** A step as the model meant it. */
export interface JsonStep {
  title: string;
  content: string;
  next_action: 'continue' | 'final_answer';
}

/**
 * Why there is no step. `empty`: no text. `no_json`: no object. `truncated`: the text ends inside the object.
 * `bad_json`: an object that cannot be read in one way only. `bad_step`: an object without content.
 */
export interface JsonStepFailure {
  error: 'empty' | 'no_json' | 'bad_json' | 'bad_step' | 'truncated';
}

const NO_TOOLS = new ToolNames([]);
const FINAL: ReadonlySet<string> = new Set([
  'finalanswer', 'final', 'finish', 'finished', 'done', 'end', 'stop', 'answer', 'complete', '最终答案', '完成', '结束',
]);
const STEP_KEYS: ReadonlySet<string> = new Set(['title', 'content', 'nextaction', 'name', 'finalanswer']);
const LOOKS_LIKE_STEP = /^\{\s*(?:\\?["'“‘`]|&quot;)?\s*(?:title|content|next[\s_-]*action|name|final[\s_-]*answer)\b/i;
const LOOKS_LIKE_JSON = /^\{\s*(?:["'“`][^"'”`\n]*["'”`]|[\w$]+)\s*[:：]/;
const DEEPEST_WRAPPING = 4;

/** Reads a whole reply. Never throws. */
export function parseJsonStep(raw: string): JsonStep | JsonStepFailure {
  const { text, open } = withoutThinking(raw.replace(/^\ufeff/, ''));
  if (isEmpty(text)) return { error: 'empty' };
  if (open) return findLastStep(text);
  const start = skipBlank(text, 0);
  const first = text.charAt(start);
  if (first === '"' || first === "'") {
    const inner = parseSerialised(withoutTokens(text).trim());
    if (inner?.trimStart().startsWith('{') === true) return findStep(inner);
    if (inner === undefined && /^["']\s*\{\s*\\["']/.test(text.slice(start)) && !/\}\s*["']/.test(text)) return { error: 'truncated' };
  }
  const unescaped = unescapeObject(withoutTokens(text));
  return findStep(unescaped ?? text);
}

/** Finds the first object that is a step. */
function findStep(text: string, decoded = false): JsonStep | JsonStepFailure {
  let failure: JsonStepFailure = { error: 'no_json' };
  let at = text.indexOf('{');
  while (at >= 0) {
    const reading = readJsonObject(text, at, { lenientFirst: true });
    if (reading.kind === 'ok') {
      const step = toStep(reading.value, 0);
      if (step !== undefined) return step;
      if (Object.keys(reading.value).length > 0 || text.trim() === '{}') failure = { error: 'bad_step' };
      at = text.indexOf('{', reading.end);
      continue;
    }
    if (reading.kind === 'incomplete') {
      const complete = completeMembers(reading.members);
      if (complete !== undefined) return complete;
      const inner = text.indexOf('{', at + 1);
      const opensObject = LOOKS_LIKE_JSON.test(text.slice(at, at + 400)) || inner < 0;
      if (opensObject && /^\{\s*(?:["'“`\w]|$)/.test(text.slice(at, at + 400))) return { error: 'truncated' };
    } else if (!decoded && text.startsWith('&quot;', reading.at)) {
      return findStep(decodeEntities(text), true);
    } else if (LOOKS_LIKE_STEP.test(text.slice(at, at + 200))) {
      return { error: 'bad_json' };
    } else if (LOOKS_LIKE_JSON.test(text.slice(at, at + 400))) {
      failure = { error: 'bad_json' };
    }
    at = text.indexOf('{', at + 1);
  }
  return failure;
}

/** In thinking that was never closed only a step with which the output ends is meant; everything else is a draft. */
function findLastStep(text: string): JsonStep | JsonStepFailure {
  for (let at = text.indexOf('{'); at >= 0;) {
    const reading = readJsonObject(text, at, { lenientFirst: true });
    const step = reading.kind === 'ok' && isFiller(withoutTokens(text.slice(reading.end))) ? toStep(reading.value, 0) : undefined;
    if (step !== undefined) return step;
    if (reading.kind === 'incomplete' && LOOKS_LIKE_STEP.test(text.slice(at, at + 200))) return completeMembers(reading.members) ?? { error: 'truncated' };
    at = text.indexOf('{', reading.kind === 'ok' ? reading.end : at + 1);
  }
  return { error: 'no_json' };
}

/** The step of an object that the output cut off behind its last member. */
function completeMembers(members: Record<string, unknown>): JsonStep | undefined {
  const found = normalise(members);
  if (!found.has('title') || !found.has('content') || !found.has('nextaction')) return undefined;
  const step = toStep(members, 0);
  return step === undefined || 'error' in step ? undefined : step;
}

/** The step that an object is, the failure that it is one without content, or `undefined` when it is none. */
function toStep(value: Record<string, unknown>, depth: number): JsonStep | JsonStepFailure | undefined {
  const members = normalise(value);
  if (members.size === 1 && members.has('finalanswer') && !isObject(members.get('finalanswer'))) {
    const content = toText(members.get('finalanswer'));
    return content === undefined ? { error: 'bad_step' } : { title: 'Final Answer', content, next_action: 'final_answer' };
  }
  if (![...members.keys()].some((key) => STEP_KEYS.has(key) && key !== 'finalanswer')) {
    return depth < DEEPEST_WRAPPING ? unwrap(value, depth) : undefined;
  }
  const content = toText(members.get('content'));
  if (content === undefined) return (members.size === 1 && depth < DEEPEST_WRAPPING ? unwrap(value, depth) : undefined) ?? { error: 'bad_step' };
  return { title: toText(members.get('title')) ?? '', content, next_action: toNextAction(members.get('nextaction')) };
}

/** The step inside the single member of an object: an object, the first of a list, or a step serialised twice. */
function unwrap(value: Record<string, unknown>, depth: number): JsonStep | JsonStepFailure | undefined {
  const members = Object.values(value);
  if (members.length !== 1) return undefined;
  const [only] = members;
  const inner: unknown = Array.isArray(only) ? only[0] : only;
  if (isObject(inner)) return toStep(inner, depth + 1);
  if (typeof inner !== 'string' || !inner.trimStart().startsWith('{')) return undefined;
  const reading = readJsonObject(inner, skipBlank(inner, 0));
  return reading.kind === 'ok' ? toStep(reading.value, depth + 1) : undefined;
}

/** The members by key, compared without case, blanks, `_` and `-`; of several the first. */
function normalise(value: Record<string, unknown>): Map<string, unknown> {
  const members = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value)) {
    const name = key.toLowerCase().replace(/[\s_-]+/g, '');
    if (!members.has(name)) members.set(name, member);
  }
  return members;
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    const lines: readonly unknown[] = value;
    return lines.length > 0 && lines.every((line) => typeof line === 'string') ? toText(lines.join('\n')) : undefined;
  }
  return typeof value === 'string' && value.trim() !== '' ? repairLatex(value) : undefined;
}

/** `\frac` and `\beta` in a JSON string arrive as a form feed or a backspace and the rest of the word. */
function repairLatex(text: string): string {
  return text.replace(/\f(?=[A-Za-z])/g, '\\f').replace(/[\b](?=[A-Za-z])/g, '\\b');
}

function toNextAction(value: unknown): JsonStep['next_action'] {
  if (typeof value !== 'string') return 'continue';
  return FINAL.has(value.toLowerCase().replace(/[\s_\-.。!！"'`]+/g, '')) ? 'final_answer' : 'continue';
}

/** The text behind a think block and the headers of harmony channels. `open`: it is all thinking that was not closed. */
function withoutThinking(raw: string): { text: string; open: boolean } {
  let text = raw;
  const final = lastIndexAfter(text, /<\|channel\|>\s*final\b[^<]*<\|message\|>/g);
  if (final >= 0 && !beginsObject(text)) text = text.slice(final);
  for (;;) {
    const start = skipBlank(text, 0);
    const token = readToken(text, start);
    if (token?.name === 'channel' || token?.name === 'start') {
      const rest = withoutChannel(text, start, token.end);
      if (rest === undefined) return { text: '', open: false };
      text = rest;
    } else if (token !== undefined && !END_OF_TURN.has(token.name)) {
      const role = /^\s*(?:assistant|model)(?=\s|<)/.exec(text.slice(token.end, token.end + 20))?.[0].length ?? 0;
      text = text.slice(token.end + role);
    } else {
      const rest = withoutThinkBlock(text);
      if (rest === undefined) return { text, open: false };
      if (rest.open) return rest;
      ({ text } = rest);
    }
  }
}

/** The text behind the header of a channel, and behind the whole channel when it is analysis. */
function withoutChannel(text: string, start: number, from: number): string | undefined {
  const header = /<\|message\|>/g;
  header.lastIndex = from;
  const message = header.exec(text);
  if (message === null) return undefined;
  if (!/<\|channel\|>\s*analysis/.test(text.slice(start, message.index))) return text.slice(header.lastIndex);
  const end = /<\|(?:end|start|channel|return|call)\|>/g;
  end.lastIndex = header.lastIndex;
  const closing = end.exec(text);
  return closing === null ? undefined : text.slice(closing[0] === '<|end|>' ? end.lastIndex : closing.index);
}

function lastIndexAfter(text: string, pattern: RegExp): number {
  let index = -1;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) index = pattern.lastIndex;
  return index;
}

function beginsObject(text: string): boolean {
  return /^[\s\ufeff]*(?:(?:`{3,}|~{3,})[^\n]*\n\s*)?[{["]/.test(text);
}

/** The text without the think block in it, or `undefined` when no tag of one stands before the first object. */
function withoutThinkBlock(text: string): { text: string; open: boolean } | undefined {
  if (beginsObject(text)) return undefined;
  const tags = /[<＜][^{}<>＜＞]{1,40}[>＞]/g;
  let opened = -1;
  const brace = text.indexOf('{');
  for (let match = tags.exec(text); match !== null; match = tags.exec(text)) {
    const tag = readTag(text, match.index, NO_TOOLS);
    if (tag?.kind !== 'tag' || tag.family !== 'thought') continue;
    if (tag.closing) return { text: `${opened > 0 ? text.slice(0, opened) : ''}${text.slice(tag.end)}`, open: false };
    if (opened >= 0) continue;
    // A tag inside the object is text.
    if (brace >= 0 && brace < match.index && readJsonObject(text, brace, { lenientFirst: true }).kind === 'ok') return undefined;
    opened = match.index;
  }
  return opened >= 0 ? { text: text.slice(opened), open: true } : undefined;
}

function isEmpty(text: string): boolean {
  return withoutTokens(text).trim() === '';
}

/** The text without the special tokens at its ends. */
function withoutTokens(text: string): string {
  return text.replace(/^(?:\s*<[|｜][^|｜<>\n]{1,64}[|｜]>)+/, '').replace(/(?:<(?:[|｜][^|｜<>\n]{1,64}[|｜]|end_of_turn)>\s*)+$/, '');
}
