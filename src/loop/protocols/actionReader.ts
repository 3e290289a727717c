/**
 * Reads one action: from its opening tag, token or label to its name and arguments.
 */
import { type BodyFrame, type BodyReading, type Close, readBody } from './actionBody';
import { skipBlank } from './characters';
import { isObject, parseWholeObject, readJsonObject, setMember } from './lenientJson';
import { readTag, type Tag } from './tagScanner';
import { nameKey, type ToolNames } from './toolNames';
import { attribute, type Child, isNamedByAttribute, parametersOf, plainValue, readChildren } from './xmlParameters';

/** What an opening tag turned out to be. */
export type ActionReading =
  | { readonly kind: 'call'; readonly name: string; readonly args: Record<string, unknown>; readonly end: number; readonly exact: boolean }
  /** A call that only delivers the answer. */
  | { readonly kind: 'answer'; readonly text: string; readonly end: number }
  /** No action: `none`, or an empty tag. */
  | { readonly kind: 'none'; readonly end: number; readonly empty: boolean }
  | { readonly kind: 'bad'; readonly end: number; readonly name?: string; readonly detail: string }
  | { readonly kind: 'truncated'; readonly name?: string; readonly detail: string }
  /** Prose that mentions a tool, or a wrapper around the call that follows: not an action itself. */
  | { readonly kind: 'mention' }
  | { readonly kind: 'wrapper' };

/** A body as it was read, and the name that stands outside it. */
export interface Call {
  readonly body: BodyReading;
  readonly name: string | undefined;
  readonly exact: boolean;
  /** Attributes other than the name: the arguments when the body is empty. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

const NAME_ATTRIBUTES = ['name', 'tool', 'tool_name', 'function'];
const CALL_NAMES = ['name', 'tool', 'tool_name', 'action', 'function'];
const CALL_ARGUMENTS = ['arguments', 'args', 'parameters', 'params', 'input', 'tool_input', 'action_input'];
const CONTAINERS: ReadonlySet<string> = new Set(['args', 'arguments', 'parameters', 'params']);
const NAME_CHILDREN: ReadonlySet<string> = new Set(['name', 'tool', 'tool_name']);
const ANSWER_NAMES: ReadonlySet<string> = new Set(['finalanswer', 'finish', 'answer']);

/** Reads the action that `tag` opens. */
export function readAction(text: string, tag: Tag, tools: ToolNames): ActionReading {
  const { name, attributes } = nameOf(tag, tools);
  const frame = frameOf(text, tag, name, tools);
  const next = skipBlank(text, tag.end);
  if (tag.family === 'call' && !tag.selfClosing) {
    const inner = readTag(text, next, tools);
    if (inner?.kind === 'tag' && !inner.closing && (inner.family === 'function' || inner.family === 'invoke')) return { kind: 'wrapper' };
  }
  if (tag.selfClosing) return interpret({ body: { kind: 'empty', end: tag.end }, name, exact: false, attributes }, tools);
  if (tag.family === 'tool') {
    const begun = text.charAt(next) === '{' || opensParameter(text, next, tools);
    if (!begun && !closesBeforeNext(frame, tag)) return { kind: 'mention' };
    const body = readBody(frame, tag.end);
    // A tool's name as a tag is an ordinary word of prose unless it is closed.
    if (body.kind === 'object' && !body.closed) return { kind: 'truncated', ...(name === undefined ? {} : { name }), detail: 'the closing tag is missing' };
    return interpret({ body, name, exact: false, attributes }, tools);
  }
  const body = readBody(frame, tag.end);
  if (tag.family === 'action' && name === undefined && body.kind === 'plain' && nameKey(body.text) === 'none') return { kind: 'none', end: body.end, empty: false };
  if (tag.family === 'action' && (body.kind === 'plain' || body.kind === 'empty')) {
    const split = readSplitAction(text, body, name, tools);
    if (split !== undefined) return split;
  }
  return interpret({ body, name, exact: tag.exact, attributes }, tools);
}

/** `<action>tool</action>` followed by `<action_input>{…}</action_input>`. */
function readSplitAction(text: string, body: BodyReading & { kind: 'plain' | 'empty' }, name: string | undefined, tools: ToolNames): ActionReading | undefined {
  const inputAt = skipBlank(text, body.end);
  const input = readTag(text, inputAt, tools);
  if (input?.kind === 'partial' && body.kind === 'plain' && name === undefined && tools.find(body.text) !== undefined) {
    return { kind: 'truncated', name: body.text.trim(), detail: 'the output ended before any arguments were given' };
  }
  if (input?.kind !== 'tag' || input.closing || input.family !== 'input') return undefined;
  const written = body.kind === 'plain' && name === undefined ? body.text : name;
  if (written === undefined || (body.kind === 'plain' && name !== undefined)) return undefined;
  const arguments_ = input.selfClosing ? { kind: 'empty' as const, end: input.end } : readBody(frameOf(text, input, undefined, tools), input.end);
  return interpret({ body: arguments_, name: written.trim(), exact: false }, tools);
}

/** Turns a body and a name into a call, or says why there is none. */
export function interpret(call: Call, tools: ToolNames): ActionReading {
  const { body } = call;
  const resolved = call.name === undefined ? undefined : tools.resolve(call.name);
  const named = resolved === undefined ? {} : { name: resolved.name };
  if (body.kind === 'truncated') return { kind: 'truncated', ...named, detail: body.detail };
  if (resolved !== undefined && !resolved.known && nameKey(resolved.name) === 'none') return { kind: 'none', end: body.end, empty: false };
  switch (body.kind) {
    case 'bad':
      return { kind: 'bad', end: body.end, ...named, detail: body.detail };
    case 'plain':
      return { kind: 'bad', end: body.end, ...named, detail: 'the arguments are plain text instead of one JSON object' };
    case 'empty': {
      const args = call.attributes ?? {};
      if (resolved === undefined && Object.keys(args).length === 0) return { kind: 'none', end: body.end, empty: true };
      return finish(call.name, { ...args }, body.end, false, tools);
    }
    case 'children':
      return interpretChildren(call, body.children, body.end, tools);
    case 'object':
      return interpretObject(call, body.value, body.end, call.exact && body.exact, tools);
  }
}

function interpretObject(call: Call, value: Record<string, unknown>, end: number, exact: boolean, tools: ToolNames): ActionReading {
  const inner = asCall(value);
  if (inner !== undefined && (call.name === undefined || sameName(call.name, inner.name, tools))) {
    const args = argumentsOf(inner.args);
    if (args !== undefined) return finish(call.name ?? inner.name, args, end, false, tools);
    if (call.name === undefined) {
      if (typeof inner.args === 'string' && isAnswerName(inner.name, tools)) return answer(inner.args, end);
      return { kind: 'bad', end, name: inner.name, detail: 'the arguments are not a JSON object' };
    }
  }
  if (call.name === undefined) {
    // A call without arguments may leave them out, but then the name has to be a tool's.
    const keys = Object.keys(value);
    const only = keys.length === 1 && CALL_NAMES.includes(keys[0] ?? '') ? Object.values(value)[0] : undefined;
    if (typeof only === 'string' && tools.find(only) !== undefined) return finish(only, {}, end, false, tools);
    if (typeof only === 'string' && nameKey(only) === 'none') return { kind: 'none', end, empty: false };
  }
  return finish(call.name, value, end, exact, tools);
}

function interpretChildren(call: Call, children: readonly Child[], end: number, tools: ToolNames): ActionReading {
  let name = call.name;
  let rest = children;
  if (name === undefined) {
    const naming = children.find((child) => NAME_CHILDREN.has(child.tag.name) && !child.tag.selfClosing);
    if (naming !== undefined) {
      name = plainValue(naming.inner).trim();
      rest = children.filter((child) => child !== naming);
    }
  }
  const only = rest.length === 1 ? rest[0] : undefined;
  if (only !== undefined && !isNamedByAttribute(only)) {
    const tool = tools.find(only.tag.writtenName);
    const isTool = tool !== undefined && (name === undefined || tools.find(name) === tool);
    if (isTool || CONTAINERS.has(only.tag.name)) {
      const args = argumentsOf(only.inner) ?? (isTool ? attributesOf(only.tag, []) : undefined);
      if (args === undefined) return { kind: 'bad', end, ...(name === undefined ? {} : { name }), detail: 'the arguments are neither one JSON object nor a list of parameter elements' };
      return finish(isTool ? tool : name, args, end, false, tools);
    }
  }
  return finish(name, parametersOf(rest), end, false, tools);
}

function finish(name: string | undefined, args: Record<string, unknown>, end: number, exact: boolean, tools: ToolNames): ActionReading {
  const resolved = name === undefined ? undefined : tools.resolve(name);
  if (resolved === undefined) return { kind: 'bad', end, detail: 'the name of the tool is missing' };
  if (!resolved.known && nameKey(resolved.name) === 'none') return { kind: 'none', end, empty: false };
  if (isAnswerName(resolved.name, tools)) {
    const values = Object.values(args);
    const [only] = values;
    if (values.length === 1 && typeof only === 'string') return answer(only, end);
  }
  return { kind: 'call', name: resolved.name, args, end, exact: exact && !resolved.changed };
}

function answer(text: string, end: number): ActionReading {
  return { kind: 'answer', text, end };
}

/** Whether this name, unless a tool has it, means the answer. */
export function isAnswerName(name: string, tools: ToolNames): boolean {
  return ANSWER_NAMES.has(nameKey(name)) && tools.find(name) === undefined;
}

/** An object that is itself a call: its name and what it gives as arguments. */
export function asCall(value: Record<string, unknown>): { name: string; args: unknown } | undefined {
  const nested = value['function'];
  if (isObject(nested) && typeof nested['name'] === 'string') return asCall(nested);
  const nameAt = CALL_NAMES.find((key) => typeof value[key] === 'string');
  const argsAt = CALL_ARGUMENTS.find((key) => Object.hasOwn(value, key));
  if (nameAt === undefined || argsAt === undefined) return undefined;
  const name = value[nameAt];
  return typeof name === 'string' ? { name, args: value[argsAt] } : undefined;
}

/** Arguments that are given as an object, as text that holds one, or as parameter elements; `undefined` otherwise. */
function argumentsOf(given: unknown): Record<string, unknown> | undefined {
  if (isObject(given)) return given;
  if (given === null) return {};
  if (typeof given !== 'string') return undefined;
  const text = plainValue(given).trim();
  if (text === '') return {};
  if (text.startsWith('{') || text.startsWith('"')) return parseWholeObject(text) ?? parseFenced(given);
  if (!text.startsWith('<')) return parseFenced(given);
  const reading = readChildren(text, 0, {});
  return reading.kind === 'ok' ? parametersOf(reading.children) : undefined;
}

function parseFenced(text: string): Record<string, unknown> | undefined {
  const content = /^\s*(?:`{3,}|~{3,})[^\n]*\n([\s\S]*?)\n?[ \t]*(?:`{3,}|~{3,})\s*$/.exec(text)?.[1]?.trim();
  if (content?.startsWith('{') !== true) return undefined;
  const reading = readJsonObject(content, 0);
  return reading.kind === 'ok' && content.slice(reading.end).trim() === '' ? reading.value : undefined;
}

function sameName(one: string, other: string, tools: ToolNames): boolean {
  const [left, right] = [tools.resolve(one)?.name, tools.resolve(other)?.name];
  return left !== undefined && right !== undefined && nameKey(left) === nameKey(right);
}

/** The name that a tag gives, and its other attributes. */
function nameOf(tag: Tag, tools: ToolNames): { name: string | undefined; attributes: Record<string, unknown> } {
  if (tag.family === 'tool') return { name: tools.find(tag.name), attributes: attributesOf(tag, []) };
  const given = NAME_ATTRIBUTES.find((key) => attribute(tag, key) !== undefined);
  const byPrefix = tag.family === 'action' && tag.prefix !== '' && tag.name !== '' && !['action', '行动', '动作'].includes(tag.name) ? tag.writtenName : undefined;
  const written = tag.value ?? byPrefix ?? (given === undefined ? undefined : attribute(tag, given));
  const name = written?.replace(/^\\?["'“‘]|\\?["'”’]$/g, '');
  // An empty name is none: the arguments may still give it.
  return { name: name?.trim() === '' ? undefined : name, attributes: attributesOf(tag, given === undefined ? [] : [given]) };
}

function attributesOf(tag: { readonly attributes: Tag['attributes'] }, without: readonly string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { name, value } of tag.attributes) {
    if (!without.includes(name.toLowerCase())) setMember(result, name, plainValue(value));
  }
  return result;
}

function frameOf(text: string, opening: Tag, name: string | undefined, tools: ToolNames): BodyFrame {
  const tool = name === undefined ? undefined : tools.find(name);
  return {
    text,
    tools,
    tagsClose: true,
    closeAt(index): Close | undefined {
      const char = text.charCodeAt(index);
      if (char !== 60 && char !== 0xff1c) return undefined;
      const tag = readTag(text, index, tools);
      if (tag?.kind !== 'tag' || !tag.closing) return undefined;
      const closes = tag.family === 'tool' ? tool !== undefined && tools.find(tag.name) === tool : tag.family === opening.family || tag.family === 'action';
      return closes ? { end: tag.end, exact: tag.exact && tag.family === 'action' } : undefined;
    },
  };
}

/** Whether a tag that may be a parameter opens at `at`: any tag but those that begin something new. */
function opensParameter(text: string, at: number, tools: ToolNames): boolean {
  const char = text.charAt(at);
  if (char !== '<' && char !== '＜') return false;
  const tag = readTag(text, at, tools);
  return tag === undefined || tag.kind === 'partial';
}

/** Whether a tool's tag is closed before the same tag opens again. */
function closesBeforeNext(frame: BodyFrame, opening: Tag): boolean {
  const { text, tools } = frame;
  const tool = tools.find(opening.name);
  for (let at = text.indexOf('<', opening.end); at >= 0; at = text.indexOf('<', at + 1)) {
    const tag = readTag(text, at, tools);
    if (tag?.kind === 'tag' && tag.family === 'tool' && tools.find(tag.name) === tool) return tag.closing;
  }
  return false;
}
