import type { TokenUsage } from '../core/model';

/** What all parts of one response share. */
export interface CompletionHead {
  /** `chatcmpl-…`; the request id that `/v1/interrupt` takes. */
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly model: string;
}

export type FinishReasonName = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** A call that the client is to carry out. */
export interface ClientCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** Part of an OpenAI streaming chunk that says something new. */
export interface ChunkDelta {
  readonly role?: 'assistant';
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly (ClientCall & { readonly index: number })[];
}

/** Usage as OpenAI counts it. */
export function usageOf(usage: TokenUsage): Record<string, unknown> {
  const { promptTokens, completionTokens, cachedTokens } = usage;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(cachedTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedTokens } }),
  };
}

/** A `chat.completion.chunk`. */
export function chunkOf(
  head: CompletionHead,
  delta: ChunkDelta,
  finishReason: FinishReasonName | null = null,
  extra: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    id: head.id,
    object: 'chat.completion.chunk',
    created: head.created,
    model: head.model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    ...extra,
  };
}

/** The last chunk of a stream whose client asked for usage. */
export function usageChunkOf(head: CompletionHead, usage: TokenUsage): Record<string, unknown> {
  return { ...chunkOf(head, {}), choices: [], usage: usageOf(usage) };
}

/** A whole `chat.completion`. */
export function completionOf(
  head: CompletionHead,
  message: { readonly content: string | null; readonly reasoningContent?: string; readonly calls?: readonly ClientCall[] },
  finishReason: FinishReasonName,
  usage: TokenUsage,
): Record<string, unknown> {
  const { content, reasoningContent, calls } = message;
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content,
          refusal: null,
          ...(reasoningContent === undefined || reasoningContent === '' ? {} : { reasoning_content: reasoningContent }),
          ...(calls === undefined || calls.length === 0 ? {} : { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: usageOf(usage),
  };
}
