import type { ChatMessage, ModelInfo, ModelRequest, ResponseFormat } from '../core/model';
import type { ServerQuirks } from './serverQuirks';

/** The body of a call of `/chat/completions`, as far as Stepwise uses it. */
export interface CompletionBody {
  readonly model: string;
  readonly stream: boolean;
  readonly messages: readonly CompletionMessage[];
  /** The rest, by the names of the API. */
  readonly [field: string]: unknown;
}

interface CompletionMessage {
  readonly role: ChatMessage['role'];
  readonly content: string | null;
  readonly tool_calls?: readonly unknown[];
  readonly tool_call_id?: string;
}

/** Fields that only some servers and models know. */
export interface VendorFields {
  /** Whether to ask for `stream_options.include_usage`; Groq reports usage without. */
  readonly askForUsage: boolean;
  /** Fields to add, such as Groq's `include_reasoning`. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** More `stop` strings than this are refused. */
const mostStopStrings = 4;

/**
 * The body for a request, without what `quirks` says the server refuses. The messages come last and everything
 * before them stays the same from step to step, so that the bytes of one request begin the next one.
 */
export function completionBody(info: ModelInfo, request: ModelRequest, vendor: VendorFields, quirks: ServerQuirks): CompletionBody {
  const format = responseFormat(info, request.responseFormat, quirks);
  const stream = format === undefined || !quirks.wholeJsonReplies;
  const maxOutputTokens = leastOf(request.maxOutputTokens, quirks.outputLimit);
  const fields: Record<string, unknown> = {
    stream,
    stream_options: stream && vendor.askForUsage ? { include_usage: true } : undefined,
    [quirks.maxTokensField]: maxOutputTokens,
    temperature: request.temperature,
    stop: request.stop !== undefined && request.stop.length > 0 ? request.stop.slice(0, mostStopStrings) : undefined,
    response_format: format,
    user: request.user,
    ...vendor.extra,
    tools:
      request.tools !== undefined && request.tools.length > 0
        ? request.tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } }))
        : undefined,
  };
  for (const field of quirks.refusedFields) {
    fields[field] = undefined;
  }
  return { model: info.id, ...fields, stream, messages: request.messages.map(completionMessage) };
}

function completionMessage(message: ChatMessage): CompletionMessage {
  const { role, content, toolCalls, toolCallId } = message;
  const calls = toolCalls ?? [];
  return {
    role,
    content: content === '' && calls.length > 0 ? null : content,
    ...(calls.length > 0
      ? { tool_calls: calls.map((call) => ({ id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } })) }
      : {}),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
  };
}

function responseFormat(info: ModelInfo, format: ResponseFormat | undefined, quirks: ServerQuirks): unknown {
  if (format === undefined || format.type === 'text' || info.jsonMode === false || quirks.jsonSupport === 'none') {
    return undefined;
  }
  if (format.type === 'json_object' || quirks.jsonSupport === 'object') {
    return { type: 'json_object' };
  }
  const strict = info.strictSchema === undefined ? {} : { strict: info.strictSchema };
  return { type: 'json_schema', json_schema: { name: format.name, ...strict, schema: format.schema } };
}

function leastOf(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined ? undefined : Math.min(first, second ?? first);
}
