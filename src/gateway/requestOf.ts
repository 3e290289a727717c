import type { ChatMessage } from '../core/model';
import type { ReasoningOptions, ReasoningRequest } from '../core/request';
import type { ChatCompletionMessage, ChatCompletionRequest, SelfThinking, SimpleStreamRequest } from './schemas';

/** The options that apply whether or not a request thinks. */
export interface PassedOptions {
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly user?: string;
}

/** What a request asks to be passed on to the model. */
export function passedOptions(body: {
  readonly temperature?: number | null | undefined;
  readonly max_tokens?: number | null | undefined;
  readonly max_completion_tokens?: number | null | undefined;
  readonly stop?: string | readonly string[] | null | undefined;
  readonly user?: string | null | undefined;
}): PassedOptions {
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? undefined;
  const stop = typeof body.stop === 'string' ? [body.stop] : body.stop;
  return {
    ...(typeof body.temperature === 'number' ? { temperature: body.temperature } : {}),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(stop === null || stop === undefined || stop.length === 0 ? {} : { stop }),
    ...(typeof body.user === 'string' ? { user: body.user } : {}),
  };
}

/** All messages as the engine has them; `developer` is OpenAI's newer name for `system`. */
export function messagesOf(messages: readonly ChatCompletionMessage[]): readonly ChatMessage[] {
  return messages.map((message) => {
    const calls = message.tool_calls ?? [];
    return {
      role: message.role === 'developer' ? 'system' : message.role,
      content: textOf(message.content),
      ...(calls.length === 0
        ? {}
        : { toolCalls: calls.map(({ id, function: { name, arguments: text } }) => ({ id, name, arguments: text })) }),
      ...(message.tool_call_id === undefined ? {} : { toolCallId: message.tool_call_id }),
    };
  });
}

/**
 * A request that thinks: the last message of the user is the question, what stands before it the history, and system
 * messages join the system prompt. Results of tools in the history, which a text protocol has no place for, are told
 * as text.
 */
export function reasoningRequestOf(body: ChatCompletionRequest | SimpleStreamRequest, thinking: SelfThinking, extra: readonly string[]): ReasoningRequest {
  const messages = messagesOf(body.messages);
  const system = messages.filter((message) => message.role === 'system').map((message) => message.content);
  const turns = messages.filter((message) => message.role !== 'system');
  const lastUser = turns.findLastIndex((message) => message.role === 'user');
  const question = turns[lastUser]?.content ?? turns.at(-1)?.content ?? '';
  const after = turns.slice(lastUser + 1);
  const { temperature, maxTokens, stop, user } = passedOptions(body);
  const systemPrompt = [thinking.systemPrompt, ...system].filter((part) => part !== undefined && part !== '').join('\n\n');
  const options: ReasoningOptions = {
    maxIterations: thinking.maxIterations,
    additionalPrompts: [...thinking.additionalPrompts, ...extra],
    ...(systemPrompt === '' ? {} : { systemPrompt }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokensPerTurn: maxTokens }),
    ...(stop === undefined ? {} : { stop }),
    ...(user === undefined ? {} : { user }),
  };
  return {
    task: 'question',
    question: [question, ...after.map(asText)].join('\n\n'),
    history: turns.slice(0, Math.max(0, lastUser)).map((message) => plain(message)),
    options,
  };
}

function plain(message: ChatMessage): ChatMessage {
  return message.role === 'user' ? message : { role: message.role === 'tool' ? 'user' : 'assistant', content: asText(message) };
}

function asText(message: ChatMessage): string {
  if (message.role === 'tool') {
    return `Result of the call ${message.toolCallId ?? ''}:\n${message.content}`;
  }
  const calls = (message.toolCalls ?? []).map((call) => `Called ${call.name} (${call.id}) with ${call.arguments}`);
  return [message.content, ...calls].filter((part) => part !== '').join('\n');
}

function textOf(content: ChatCompletionMessage['content']): string {
  if (typeof content === 'string') {
    return content;
  }
  return (content ?? []).map((part) => (part.type === 'text' ? (part.text ?? '') : '[content that is not text was left out]')).join('');
}
