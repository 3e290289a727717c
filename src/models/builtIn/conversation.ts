import type { ReadExcerpt } from '../../core/excerpt';
import { readExcerpts } from '../../core/excerpt';
import type { ChatMessage, ModelRequest } from '../../core/model';
import type { TaskKind } from '../../core/request';

/** How the reply is to be written. */
export type Voice = 'xml' | 'native' | 'json-steps';

/** A call of a tool that this conversation has made, with what came back. */
export interface PastAction {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly result: string;
  readonly isError: boolean;
}

/** Everything that the next reply depends on, as read from the messages. */
export interface Situation {
  readonly task: TaskKind;
  readonly question: string;
  /** The code in question first, then what was attached; empty where there is none. */
  readonly excerpts: readonly ReadExcerpt[];
  readonly tools: ReadonlySet<string>;
  /** The actions of this question so far, oldest first. */
  readonly past: readonly PastAction[];
  /** No more actions can be run. */
  readonly mustAnswer: boolean;
  readonly voice: Voice;
  /** True where there were earlier questions. */
  readonly isFollowUp: boolean;
}

/** The first words of each task in the loop's prompt. */
const taskWords: readonly (readonly [RegExp, TaskKind])[] = [
  [/^Task: worst-case time and space complexity/i, 'complexity'],
  [/^Task: explain/i, 'explain'],
  [/^Task: find real bugs/i, 'bugs'],
  [/^Task: security/i, 'security'],
  [/^Task: suggest tests/i, 'tests'],
  [/^Task: propose a refactoring/i, 'refactor'],
  [/^Task: answer/i, 'question'],
];

/** Reads a request as the loop writes it. What is not there is left empty; nothing is thrown. */
export function readSituation(request: ModelRequest): Situation {
  const { messages } = request;
  const found = messages.findLastIndex((message) => message.role === 'user' && message.content.startsWith('Task: '));
  const at = found === -1 ? messages.findLastIndex((message) => message.role === 'user') : found;
  const prompt = messages[at]?.content ?? '';
  const later = messages.slice(at + 1);
  const earlier = messages.slice(0, Math.max(0, at)).filter((message) => message.role !== 'system');
  const own = readExcerpts(prompt);
  const voice = voiceOf(request);
  return {
    task: taskWords.find(([words]) => words.test(prompt))?.[1] ?? 'question',
    question: questionOf(prompt),
    excerpts: own.length > 0 ? own : earlierExcerpts(earlier),
    // Steps in JSON have no place for calls.
    tools: voice === 'json-steps' ? new Set() : toolNames(request),
    past: pastActions(later),
    mustAnswer: later.some((message) => message.role === 'user' && /No more (?:actions|tools) can be|give the final answer now/i.test(message.content)),
    voice,
    isFollowUp: earlier.some((message) => message.role === 'assistant'),
  };
}

function questionOf(prompt: string): string {
  const start = prompt.indexOf('Question: ');
  const end = prompt.search(/\n\n(?:The selected code:|Attached:)\n/);
  return start === -1 ? prompt.trim() : prompt.slice(start + 'Question: '.length, end > start ? end : undefined).trim();
}

/** The code of the question before: a follow-up is about it. */
function earlierExcerpts(messages: readonly ChatMessage[]): readonly ReadExcerpt[] {
  for (const message of messages.toReversed()) {
    const excerpts = message.role === 'user' ? readExcerpts(message.content) : [];
    if (excerpts.length > 0) {
      return excerpts;
    }
  }
  return [];
}

function toolNames({ messages, tools }: ModelRequest): ReadonlySet<string> {
  const names = new Set((tools ?? []).map((tool) => tool.name));
  for (const message of messages) {
    if (message.role !== 'system' && !message.content.includes('How to reply.')) {
      continue;
    }
    for (const match of message.content.matchAll(/^(\w+): .*\nArguments \(JSON Schema\): /gm)) {
      names.add(match[1] ?? '');
    }
  }
  return names;
}

/** The last instructions count: after trouble the loop asks for another form. */
function voiceOf({ messages, tools }: ModelRequest): Voice {
  for (const { role, content } of messages.toReversed()) {
    if (role === 'assistant' || role === 'tool' || !content.includes('How to reply.')) {
      continue;
    }
    if (content.includes('Each reply is one JSON object')) {
      return 'json-steps';
    }
    return content.includes('<thought>') ? 'xml' : 'native';
  }
  return tools === undefined ? 'xml' : 'native';
}

function pastActions(messages: readonly ChatMessage[]): readonly PastAction[] {
  const past: PastAction[] = [];
  let open: { readonly tool: string; readonly args: PastAction['args']; readonly id?: string }[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') {
      open = [
        ...[...message.content.matchAll(/<action name="(\w+)">([\s\S]*?)<\/action>/g)].map((match) => ({ tool: match[1] ?? '', args: parseArgs(match[2] ?? '') })),
        ...(message.toolCalls ?? []).map((call) => ({ tool: call.name, args: parseArgs(call.arguments), id: call.id })),
      ];
    } else if (message.role === 'tool') {
      const call = open.find((candidate) => candidate.id === message.toolCallId);
      if (call !== undefined) {
        past.push({ tool: call.tool, args: call.args, result: message.content, isError: looksFailed(message.content) });
      }
    } else {
      const results = [...message.content.matchAll(/^<observation tool="([^"]*)"( error="true")?>\n([\s\S]*?)\n<\/observation>$/gm)];
      for (const [index, match] of results.entries()) {
        const call = open[index];
        past.push({ tool: match[1] ?? '', args: call !== undefined && call.tool === match[1] ? call.args : {}, result: unescape(match[3] ?? ''), isError: match[2] !== undefined });
      }
    }
  }
  return past;
}

/** Native results carry no mark of failure; the workspace tools say it in their first words. */
function looksFailed(result: string): boolean {
  return /^(?:There is no file|No folder is open|".*" (?:was refused|is not a text file|is too large)|The arguments of|The language |Give a path|Say which language|\S+ has no function|\S+ has \d+ lines; ask)/.test(result);
}

function parseArgs(text: string): PastAction['args'] {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as PastAction['args']) : {};
  } catch {
    return {};
  }
}

/** Observations have their tags made harmless; the code in them is wanted as it was. */
function unescape(text: string): string {
  return text.replaceAll('&lt;', '<');
}
