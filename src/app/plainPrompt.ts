import type { ChatMessage } from '../core/model';
import type { CodeExcerpt, ReasoningRequest, TaskKind } from '../core/request';
import { taskOfQuestion } from './taskOfQuestion';
import { findUnfencedCode, guessLanguage } from './unfencedCode';

/** Names that people write after a code fence, and VS Code's language id for each. */
const fenceLanguages: Readonly<Record<string, string>> = {
  py: 'python', python3: 'python', js: 'javascript', jsx: 'javascriptreact', ts: 'typescript', tsx: 'typescriptreact',
  'c++': 'cpp', cc: 'cpp', cxx: 'cpp', 'c#': 'csharp', cs: 'csharp', golang: 'go', rs: 'rust', rb: 'ruby',
};

/** Longest conversation that is searched for code, in characters from its end. */
const searchedCharacters = 200_000;

/**
 * A conversation from anywhere as a request: its question is the last thing that the user said, its code the last
 * fenced block that anybody wrote, else what the question has of plain code. The question keeps what stands outside
 * fences, or the name of the task where that is nothing.
 */
export function requestOfPrompt(messages: readonly ChatMessage[], taskQuestion: (task: TaskKind) => string): ReasoningRequest {
  const last = messages.findLast((message) => message.role === 'user')?.content.slice(-searchedCharacters) ?? '';
  const question = withoutFences(last).trim();
  const task = question === '' ? 'explain' : taskOfQuestion(question);
  const code = lastFence(messages) ?? unfenced(question);
  return {
    task,
    question: question === '' ? taskQuestion('explain') : question,
    ...(code === undefined ? {} : { code }),
  };
}

/**
 * A request whose question and history are those of a conversation, with its code found and its task told by the
 * question. Nothing of the words is lost: only a single fenced block moves from the question to the code. Without
 * code the request stays as it is: the tasks are about code.
 */
export function withCodeOfPrompt(request: ReasoningRequest): ReasoningRequest {
  const { question, history } = request;
  if (request.code !== undefined) {
    return request;
  }
  const found = requestOfPrompt([...(history ?? []), { role: 'user', content: question }], () => question);
  if (found.code === undefined) {
    return request;
  }
  const isMoved = question.length <= searchedCharacters && fencesOf(question).length === 1;
  return { ...request, task: found.task, code: found.code, question: isMoved ? found.question : question };
}

function unfenced(question: string): CodeExcerpt | undefined {
  const found = findUnfencedCode(question);
  return found === undefined ? undefined : excerptOf(found.text, found.languageId);
}

function excerptOf(text: string, languageId: string): CodeExcerpt {
  return { uri: 'untitled:chat', path: 'chat', languageId, text, range: { startLine: 1, endLine: text.split('\n').length } };
}

function lastFence(messages: readonly ChatMessage[]): CodeExcerpt | undefined {
  let left = searchedCharacters;
  for (const message of messages.toReversed()) {
    const found = fencesOf(message.content.slice(-left)).at(-1);
    if (found !== undefined) {
      return found;
    }
    left -= message.content.length;
    if (left <= 0) {
      return undefined;
    }
  }
  return undefined;
}

interface Fence {
  readonly start: number;
  /** Index of the closing line, or one past the last line where it is missing. */
  readonly end: number;
  readonly language: string;
}

/** The fenced blocks of a text, by its lines (CommonMark, sections 4.5; fences in quotes and lists do not count). */
function findFences(lines: readonly string[]): readonly Fence[] {
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

function fencesOf(text: string): readonly CodeExcerpt[] {
  const lines = text.split(/\r\n?|\n/);
  return findFences(lines).flatMap((block) => {
    const code = lines.slice(block.start + 1, block.end);
    if (code.every((line) => line.trim() === '')) {
      return [];
    }
    // Copilot's form is `language:path`; a plain info string is the language alone.
    const language = (block.language.split(':')[0] ?? '').toLowerCase();
    const text = code.join('\n');
    const named = fenceLanguages[language] ?? language;
    return [excerptOf(text, named === '' ? (guessLanguage(text) ?? 'plaintext') : named)];
  });
}

function withoutFences(text: string): string {
  const lines = text.split(/\r\n?|\n/);
  let kept = '';
  let next = 0;
  for (const block of findFences(lines)) {
    kept += `${lines.slice(next, block.start).join('\n')}\n`;
    next = block.end + 1;
  }
  return kept + lines.slice(next).join('\n');
}
