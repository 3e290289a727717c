import type { ErrorData, StepwiseError } from './errors';
import type { JsonSchema, ToolDefinition } from './tool';

/** A call of a tool as the model wrote it; `arguments` is the JSON text, which may be broken. */
export interface NativeToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** One message of a conversation. `tool` messages answer a native tool call. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** Native calls of an assistant message. */
  readonly toolCalls?: readonly NativeToolCall[];
  /** Which call a `tool` message answers. */
  readonly toolCallId?: string;
}

/** Tokens of one or more calls. */
export interface TokenUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Part of `promptTokens` that the server had cached. */
  readonly cachedTokens?: number;
  /** True where the server reported nothing and characters were counted instead. */
  readonly estimated?: boolean;
}

/** List price in US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
}

export type ModelVendor = 'built-in' | 'groq' | 'openai-compatible' | 'vscode';

/** What is known of a model. */
export interface ModelInfo {
  /** The id that the server knows it by. */
  readonly id: string;
  readonly vendor: ModelVendor;
  /** The name that people see. */
  readonly label: string;
  /** Most tokens of prompt and completion together. */
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  /** Capabilities; left out where unknown. */
  readonly nativeTools?: boolean;
  readonly jsonMode?: boolean;
  readonly strictSchema?: boolean;
  readonly price?: ModelPrice;
}

export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object' }
  | { readonly type: 'json_schema'; readonly name: string; readonly schema: JsonSchema };

/** One call of a model. */
export interface ModelRequest {
  readonly messages: readonly ChatMessage[];
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  /** Strings that end the reply; a server takes at most four. The loop also cuts on its own side. */
  readonly stop?: readonly string[];
  readonly responseFormat?: ResponseFormat;
  /** Tools for native calls. Left out for text protocols. */
  readonly tools?: readonly ToolDefinition[];
  readonly user?: string;
}

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter';

/** What a server said of its limits. Times are ms from now. */
export interface RateLimits {
  readonly requestsLimit?: number;
  readonly requestsLeft?: number;
  readonly requestsResetMs?: number;
  readonly tokensLimit?: number;
  readonly tokensLeft?: number;
  readonly tokensResetMs?: number;
}

/**
 * A piece of a reply. A stream ends with exactly one `finish` or `error`; it throws nothing. Cancelling gives
 * an `error` with the code `cancelled`.
 *
 * - `text`: what the model says; `reasoning`: what it thinks in a field of its own, never read for actions.
 * - `tool-call`: one complete native call.
 * - `wait`: nothing comes for `waitMs`, because of a retry (`attempt` is the one that follows, 2 or more) or
 *   because the limits per minute are used up.
 * - `restart`: what came so far in this reply is void and comes again.
 */
export type ModelChunk =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'tool-call'; readonly call: NativeToolCall }
  | { readonly type: 'usage'; readonly usage: TokenUsage }
  | { readonly type: 'limits'; readonly limits: RateLimits }
  | { readonly type: 'wait'; readonly waitMs: number; readonly attempt: number; readonly reason: ErrorData }
  | { readonly type: 'restart' }
  | { readonly type: 'finish'; readonly reason: FinishReason }
  | { readonly type: 'error'; readonly error: StepwiseError };

/** A source of replies: Groq, an OpenAI-compatible server, VS Code's models, the built-in one, a script in tests. */
export interface ChatModel {
  readonly info: ModelInfo;
  /** Streams one reply. Stopping to read the stream, or the signal, ends the call at once. */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelChunk>;
}

/** The sum of two usages. */
export function addUsage(first: TokenUsage, second: TokenUsage): TokenUsage {
  const cachedTokens = (first.cachedTokens ?? 0) + (second.cachedTokens ?? 0);
  return {
    promptTokens: first.promptTokens + second.promptTokens,
    completionTokens: first.completionTokens + second.completionTokens,
    ...(cachedTokens > 0 ? { cachedTokens } : {}),
    ...(first.estimated === true || second.estimated === true ? { estimated: true } : {}),
  };
}

/** No tokens. */
export const noUsage: TokenUsage = { promptTokens: 0, completionTokens: 0 };
