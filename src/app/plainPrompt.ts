import type { ChatMessage } from '../core/model';
import type { CodeExcerpt, ReasoningRequest, TaskKind } from '../core/request';
import { findFences, languageOfFence } from './fences';
import { taskOfQuestion } from './taskOfQuestion';
import { findUnfencedCode } from './unfencedCode';

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

function fencesOf(text: string): readonly CodeExcerpt[] {
  const lines = text.split(/\r\n?|\n/);
  return findFences(lines).flatMap((block) => {
    const code = lines.slice(block.start + 1, block.end);
    if (code.every((line) => line.trim() === '')) {
      return [];
    }
    const text = code.join('\n');
    return [excerptOf(text, languageOfFence(block, text))];
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
