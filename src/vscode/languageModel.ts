import * as vscode from 'vscode';
import { StepwiseError, isStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { ChatMessage, ChatModel, ModelChunk, ModelInfo, ModelRequest, NativeToolCall } from '../core/model';
import { estimateTokens } from '../core/tokens';
import { orAborted, tokenOf } from './cancellation';

/** A language model of VS Code as a `ChatModel`. Used within a chat request or after a command of the person. */
export function languageModel(model: vscode.LanguageModelChat): ChatModel {
  return { info: languageModelInfo(model), stream: (request, signal) => streamReply(model, request, signal) };
}

/** What VS Code tells of a model. Whether it takes native tools is not among it. */
export function languageModelInfo(model: vscode.LanguageModelChat): ModelInfo {
  return {
    id: `${model.vendor}/${model.id}`,
    vendor: 'vscode',
    label: model.name,
    ...(model.maxInputTokens > 0 ? { contextTokens: model.maxInputTokens } : {}),
  };
}

async function* streamReply(model: vscode.LanguageModelChat, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelChunk, void, undefined> {
  const cancellation = tokenOf(signal);
  try {
    const response = await orAborted(
      model.sendRequest([...languageModelMessages(request.messages)], requestOptions(request), cancellation.token),
      signal,
    );
    const parts = response.stream[Symbol.asyncIterator]();
    let written = '';
    let calls = 0;
    for (;;) {
      const next = await orAborted(parts.next(), signal);
      if (next.done === true) {
        break;
      }
      const chunk = chunkOfPart(next.value);
      if (chunk !== undefined) {
        written += chunk.type === 'tool-call' ? chunk.call.arguments : chunk.text;
        calls += chunk.type === 'tool-call' ? 1 : 0;
        yield chunk;
      }
    }
    const prompt = request.messages.map((message) => message.content).join('\n');
    yield {
      type: 'usage',
      usage: { promptTokens: estimateTokens(prompt), completionTokens: estimateTokens(written), estimated: true },
    };
    yield { type: 'finish', reason: calls > 0 ? 'tool-calls' : 'stop' };
  } catch (error) {
    yield { type: 'error', error: languageModelError(error, model.name, signal) };
  } finally {
    // Also where the reader stops early: the token ends the reply on the other side.
    cancellation.cancel();
  }
}

function requestOptions(request: ModelRequest): vscode.LanguageModelChatRequestOptions {
  const modelOptions = {
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.stop === undefined ? {} : { stop: [...request.stop] }),
    ...(request.maxOutputTokens === undefined ? {} : { max_tokens: request.maxOutputTokens }),
  };
  return {
    justification: t('Stepwise reasons about the code that you chose.'),
    modelOptions,
    ...(request.tools === undefined || request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map((tool) => ({
            name: tool.name,
            description: tool.description,
            inputSchema: tool.parameters,
          })),
        }),
  };
}

/**
 * Messages in VS Code's form. It has no system role: that text goes in a user message. Results of tools that
 * follow each other share one message, as the answers to the calls of one turn.
 */
export function languageModelMessages(messages: readonly ChatMessage[]): readonly vscode.LanguageModelChatMessage[] {
  const converted: vscode.LanguageModelChatMessage[] = [];
  let results: vscode.LanguageModelToolResultPart[] = [];
  const flush = (): void => {
    if (results.length > 0) {
      converted.push(vscode.LanguageModelChatMessage.User(results));
      results = [];
    }
  };
  for (const message of messages) {
    if (message.role === 'tool') {
      results.push(
        new vscode.LanguageModelToolResultPart(message.toolCallId ?? '', [new vscode.LanguageModelTextPart(message.content)]),
      );
      continue;
    }
    flush();
    if (message.role === 'assistant') {
      const text = message.content === '' ? [] : [new vscode.LanguageModelTextPart(message.content)];
      const calls = (message.toolCalls ?? []).map(
        (call) => new vscode.LanguageModelToolCallPart(call.id, call.name, argumentsOf(call)),
      );
      converted.push(vscode.LanguageModelChatMessage.Assistant([...text, ...calls]));
    } else {
      converted.push(vscode.LanguageModelChatMessage.User(message.content));
    }
  }
  flush();
  return converted;
}

function argumentsOf(call: NativeToolCall): object {
  try {
    const parsed: unknown = JSON.parse(call.arguments);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

type ContentChunk = Extract<ModelChunk, { type: 'text' | 'reasoning' | 'tool-call' }>;

/** A part of a reply as a chunk; undefined for kinds that have no text, such as images. */
function chunkOfPart(part: unknown): ContentChunk | undefined {
  if (part instanceof vscode.LanguageModelTextPart) {
    return { type: 'text', text: part.value };
  }
  if (part instanceof vscode.LanguageModelToolCallPart) {
    return { type: 'tool-call', call: { id: part.callId, name: part.name, arguments: JSON.stringify(part.input) } };
  }
  // Thinking parts are not in the stable API, but models send them: an object whose value is the text.
  if (typeof part === 'object' && part !== null && 'value' in part) {
    const { value } = part;
    const text = Array.isArray(value) ? value.filter((item) => typeof item === 'string').join('') : value;
    return typeof text === 'string' && text !== '' ? { type: 'reasoning', text } : undefined;
  }
  return undefined;
}

/** What went wrong with one of VS Code's models, as an error that says what to do next. */
export function languageModelError(error: unknown, name: string, signal: AbortSignal): StepwiseError {
  if (signal.aborted || error instanceof vscode.CancellationError) {
    return new StepwiseError('cancelled', t('Stopped.'), { cause: error });
  }
  if (isStepwiseError(error)) {
    return error;
  }
  const code = error instanceof vscode.LanguageModelError ? error.code : '';
  const remedy = 'choose-model';
  switch (code) {
    case vscode.LanguageModelError.NoPermissions.name:
      return new StepwiseError('forbidden', t('VS Code was not allowed to use {0}. Allow it when asked, or choose another model.', name), { cause: error, remedy });
    case vscode.LanguageModelError.Blocked.name:
      return new StepwiseError('rate-limited', t('{0} takes no more requests for now. Wait a while, or choose another model.', name), { cause: error, remedy });
    case vscode.LanguageModelError.NotFound.name:
      return new StepwiseError('model-not-found', t('{0} is no longer offered by VS Code. Choose another model.', name), { cause: error, remedy });
    default:
      return new StepwiseError('server-error', t('{0} failed. Try again, or choose another model; the log has the cause.', name), { cause: error, remedy });
  }
}
