import type { Context } from 'hono';
import { stream } from 'hono/streaming';
import type { ChatModel, FinishReason, ModelRequest, NativeToolCall, TokenUsage } from '../core/model';
import { noUsage } from '../core/model';
import type { Admission } from './admission';
import { parameterSchema } from './clientTools';
import type { ClientCall, CompletionHead, FinishReasonName } from './completionFormat';
import { chunkOf, completionOf, usageChunkOf } from './completionFormat';
import { doneEvent, formatServerSentEvent } from './eventStream';
import { sendError } from './http';
import { httpError, httpErrorOf } from './httpErrors';
import { messagesOf, passedOptions } from './requestOf';
import type { ChatCompletionRequest, SimpleStreamRequest } from './schemas';
import { prepareEventStream } from './streamRun';

/** Answers with one call of the model: no thinking, no session. Tools of the client go to the model as they are. */
export async function answerPlain(
  context: Context,
  body: ChatCompletionRequest,
  model: ChatModel,
  admission: Admission,
): Promise<Response> {
  const tools = (body.tools ?? []).map(({ function: { name, description, parameters } }) => ({
    name,
    description: description ?? '',
    parameters: parameterSchema(parameters ?? {}),
  }));
  const request = { ...modelRequest(body), ...(tools.length === 0 ? {} : { tools }) };
  if (body.stream === true) {
    return streamPlain(context, request, model, admission, body.stream_options?.include_usage === true);
  }
  try {
    return await collectPlain(context, request, model);
  } finally {
    admission.release();
  }
}

/** The part of a body that every model takes. */
export function modelRequest(body: ChatCompletionRequest | SimpleStreamRequest): ModelRequest {
  const { temperature, maxTokens, stop, user } = passedOptions(body);
  return {
    messages: messagesOf(body.messages),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
    ...(stop === undefined ? {} : { stop }),
    ...(user === undefined ? {} : { user }),
  };
}

/** Streams one reply as OpenAI chunks. A client that goes away ends the call. */
export function streamPlain(
  context: Context,
  request: ModelRequest,
  model: ChatModel,
  admission: Admission,
  includeUsage: boolean,
): Response {
  const head = newHead(model);
  prepareEventStream(context);
  return stream(context, async (output) => {
    const controller = new AbortController();
    output.onAbort(() => controller.abort());
    const send = async (data: unknown): Promise<void> => {
      await output.write(formatServerSentEvent({ data }));
    };
    let usage: TokenUsage = noUsage;
    let calls = 0;
    let hasContent = false;
    try {
      await send(chunkOf(head, { role: 'assistant', content: '' }));
      for await (const chunk of model.stream(request, controller.signal)) {
        switch (chunk.type) {
          case 'text':
            hasContent = true;
            await send(chunkOf(head, { content: chunk.text }));
            break;
          case 'reasoning':
            await send(chunkOf(head, { reasoning_content: chunk.text }));
            break;
          case 'tool-call':
            await send(chunkOf(head, { tool_calls: [{ index: calls, ...clientCall(chunk.call) }] }));
            calls += 1;
            break;
          case 'usage':
            usage = chunk.usage;
            break;
          case 'finish':
            await send(chunkOf(head, {}, finishNames[chunk.reason]));
            break;
          case 'error':
            await send(httpErrorOf(chunk.error).body);
            break;
          case 'restart':
            if (hasContent || calls > 0) {
              // What was sent cannot be taken back, and must not come twice.
              await send(httpError(502, 'stream-broken', 'The reply of the model broke off. Try again.').body);
              await send(doneEvent.data);
              return;
            }
            break;
          default:
        }
      }
      if (includeUsage) {
        await send(usageChunkOf(head, usage));
      }
      await send(doneEvent.data);
    } finally {
      controller.abort();
      admission.release();
    }
  });
}

async function collectPlain(context: Context, request: ModelRequest, model: ChatModel): Promise<Response> {
  let content = '';
  let reasoningContent = '';
  let usage: TokenUsage = noUsage;
  let reason: FinishReason = 'stop';
  let calls: readonly ClientCall[] = [];
  for await (const chunk of model.stream(request, context.req.raw.signal)) {
    switch (chunk.type) {
      case 'text':
        content += chunk.text;
        break;
      case 'reasoning':
        reasoningContent += chunk.text;
        break;
      case 'tool-call':
        calls = [...calls, clientCall(chunk.call)];
        break;
      case 'usage':
        usage = chunk.usage;
        break;
      case 'restart':
        content = '';
        reasoningContent = '';
        calls = [];
        break;
      case 'finish':
        reason = chunk.reason;
        break;
      case 'error':
        return sendError(context, httpErrorOf(chunk.error));
      default:
    }
  }
  const message = { content: content === '' && calls.length > 0 ? null : content, reasoningContent, calls };
  return context.json(completionOf(newHead(model), message, finishNames[reason], usage));
}

const finishNames: Readonly<Record<FinishReason, FinishReasonName>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
};

function clientCall({ id, name, arguments: text }: NativeToolCall): ClientCall {
  return { id, type: 'function', function: { name, arguments: text } };
}

function newHead(model: ChatModel): CompletionHead {
  return { id: `chatcmpl-${crypto.randomUUID()}`, created: Math.floor(Date.now() / 1000), model: model.info.id };
}
