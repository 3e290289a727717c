/**
 * Dialects that are written in special tokens: harmony channels, Kimi's and DeepSeek's calls.
 */
import { type Close, readBody } from './actionBody';
import { type ActionReading, interpret } from './actionReader';
import { nextBracket, readToken, type Tag } from './tagScanner';
import type { ToolNames } from './toolNames';
import { END_OF_TURN } from './vocabulary';

/** What begins at a special token. */
export type TokenReading =
  | { readonly kind: 'action'; readonly action: ActionReading }
  | { readonly kind: 'thought'; readonly text: string; readonly end: number }
  /** Ordinary output follows at `end`; what stood before it was a header. */
  | { readonly kind: 'ordinary'; readonly end: number }
  /** Someone else's turn, which the model made up. */
  | { readonly kind: 'invented' }
  /** A token that means nothing here. */
  | { readonly kind: 'other' };

interface TokenAt {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

// A header has at most a channel and a constraint before its message.
const LONGEST_HEADER = 2;
const CALL_CLOSERS: ReadonlySet<string> = new Set(['tool_call_end', 'tool_calls_end', 'tool_calls_section_end']);
const MESSAGE_CLOSERS: ReadonlySet<string> = new Set(['call', 'end']);
const MESSAGE_ENDS: ReadonlySet<string> = new Set(['end', 'start', 'channel', 'call', ...END_OF_TURN]);

/** Reads what the token begins. */
export function readTokenDialect(text: string, tag: Tag, tools: ToolNames): TokenReading {
  if (tag.name === 'channel' || tag.name === 'start') return readMessage(text, tag, tools);
  if (tag.name === 'im_start' || tag.name === 'start_header_id' || tag.name === 'start_of_turn') {
    return /^\s*(?:user|tool|system|ipython|observation)(?=\s|<|$)/.test(text.slice(tag.end, tag.end + 24)) ? { kind: 'invented' } : { kind: 'other' };
  }
  if (tag.name === 'tool_call_begin') return { kind: 'action', action: readTokenCall(text, tag, tools) };
  return { kind: 'other' };
}

function readMessage(text: string, tag: Tag, tools: ToolNames): TokenReading {
  let message = nextToken(text, tag.end);
  for (let parts = 0; parts < LONGEST_HEADER && (message?.name === 'channel' || message?.name === 'constrain'); parts += 1) {
    message = nextToken(text, message.end);
  }
  const header = text.slice(tag.start, message?.start ?? text.length);
  const channel = /<\|channel\|>\s*([a-z]+)/i.exec(header)?.[1]?.toLowerCase();
  const recipient = /(?:^|[\s>])to=\s*([^\s<]+)/.exec(header)?.[1];
  const role = tag.name === 'start' ? /^<\|start\|>\s*([\w.-]+)/.exec(header)?.[1] : undefined;
  if (recipient === 'assistant' || (role !== undefined && role !== 'assistant')) return { kind: 'invented' };
  if (message?.name !== 'message') {
    const isCut = message === undefined && recipient !== undefined && channel !== 'analysis';
    return isCut ? { kind: 'action', action: { kind: 'truncated', detail: 'the output ended before any arguments were given' } } : { kind: 'other' };
  }
  if (channel === 'analysis') {
    let end = nextToken(text, message.end);
    while (end !== undefined && !MESSAGE_ENDS.has(end.name)) end = nextToken(text, end.end);
    return { kind: 'thought', text: text.slice(message.end, end?.start ?? text.length), end: end === undefined ? text.length : end.name === 'end' ? end.end : end.start };
  }
  if (recipient === undefined) return { kind: 'ordinary', end: message.end };
  return { kind: 'action', action: readTokenBody(text, message.end, recipient, MESSAGE_CLOSERS, tools) };
}

/** Kimi: `functions.tool:0 <|tool_call_argument_begin|>{…}`. DeepSeek: `function<｜tool▁sep｜>tool` and a fenced body. */
function readTokenCall(text: string, tag: Tag, tools: ToolNames): ActionReading {
  const separator = nextToken(text, tag.end);
  if (separator === undefined || (separator.name !== 'tool_call_argument_begin' && separator.name !== 'tool_sep')) {
    return separator === undefined || END_OF_TURN.has(separator.name)
      ? { kind: 'truncated', detail: 'the output ended before any arguments were given' }
      : { kind: 'bad', end: separator.end, detail: 'the arguments are missing' };
  }
  const before = text.slice(tag.end, separator.start).trim();
  if (separator.name === 'tool_call_argument_begin' || before !== 'function') return readTokenBody(text, separator.end, before, CALL_CLOSERS, tools);
  const named = /\s*[^\n{<`]*/y;
  named.lastIndex = separator.end;
  const name = named.exec(text)?.[0] ?? '';
  return readTokenBody(text, separator.end + name.length, name.trim(), CALL_CLOSERS, tools);
}

function readTokenBody(text: string, from: number, name: string, closers: ReadonlySet<string>, tools: ToolNames): ActionReading {
  const closeAt = (index: number): Close | undefined => {
    const token = readToken(text, index);
    return token !== undefined && closers.has(token.name) ? { end: token.end, exact: false } : undefined;
  };
  return interpret({ body: readBody({ text, tools, closeAt, tagsClose: true }, from), name, exact: false }, tools);
}

function nextToken(text: string, from: number): TokenAt | undefined {
  for (let at = nextBracket(text, from); at >= 0; at = nextBracket(text, at + 1)) {
    const token = readToken(text, at);
    if (token !== undefined && token.name !== 'dsml') return { ...token, start: at };
  }
  return undefined;
}
