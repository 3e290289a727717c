import * as vscode from 'vscode';
import type { StepwiseError } from '../core/errors';
import { toStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { ChatMessage, ChatModel, NativeToolCall } from '../core/model';
import type { ToolDefinition } from '../core/tool';
import { estimateTokens } from '../core/tokens';
import { signalOf } from './cancellation';
import { modelVendor } from './ids';
import type { Log } from './log';
import type { Models, OfferedModel } from './models';
import { requestOfPrompt } from '../app/plainPrompt';
import { taskText } from './tasks';

/** A model of Stepwise as VS Code's model picker has it. */
interface PickedModel extends vscode.LanguageModelChatInformation {
  readonly offered: OfferedModel;
}

/** Tokens that are told for a model whose window is not known. */
const defaultContextTokens = 32_768;
const defaultOutputTokens = 4096;

/**
 * Gives Stepwise's models to VS Code's chat. Without Copilot they are the only ones, and VS Code wants a model
 * before it calls any participant; it also asks a provider for its models only when somebody wants one, so that
 * is done here at once, and the first message of a chat is answered.
 */
export function registerModelProvider(models: Models, log: Log): vscode.Disposable {
  const provider: vscode.LanguageModelChatProvider<PickedModel> = {
    onDidChangeLanguageModelChatInformation: models.onDidChange,
    provideLanguageModelChatInformation: async () => (await models.offered()).map(pickedModel),
    async provideLanguageModelChatResponse(picked, messages, options, progress, token) {
      const cancellation = signalOf(token);
      try {
        const model = await models.open(picked.offered.id);
        const conversation = messages.flatMap(chatMessages);
        await (model.info.vendor === 'built-in'
          ? analyze(model, conversation, progress, cancellation.signal)
          : complete(model, conversation, options, progress, cancellation.signal));
      } catch (error) {
        if (token.isCancellationRequested) {
          throw new vscode.CancellationError();
        }
        log.warn('A chat request to one of our models failed.', error);
        throw providerError(toStepwiseError(error));
      } finally {
        cancellation.dispose();
      }
    },
    provideTokenCount: (_model, text) =>
      Promise.resolve(estimateTokens(typeof text === 'string' ? text : chatMessages(text).map((message) => message.content).join('\n'))),
  };
  const registration = vscode.lm.registerLanguageModelChatProvider(modelVendor, provider);
  vscode.lm.selectChatModels({ vendor: modelVendor }).then(
    (selected) => log.info(`${String(selected.length)} models are ready for chat.`),
    (error: unknown) => log.warn('VS Code did not take the models of Stepwise.', error),
  );
  return registration;
}

function pickedModel(offered: OfferedModel): PickedModel {
  const { info } = offered;
  const context = info.contextTokens ?? defaultContextTokens;
  const output = Math.min(info.maxOutputTokens ?? defaultOutputTokens, Math.floor(context / 2));
  return {
    id: offered.id,
    name: info.label,
    family: info.id.slice(info.id.lastIndexOf('/') + 1),
    version: '1',
    detail: offered.detail,
    tooltip: offered.tooltip,
    maxInputTokens: context - output,
    maxOutputTokens: output,
    // Without it VS Code selects no model by itself, and the first message to any participant fails.
    capabilities: { toolCalling: true, imageInput: false },
    offered,
  };
}

/** Streams one reply of a server's model, native tool calls included. */
async function complete(
  model: ChatModel,
  messages: readonly ChatMessage[],
  options: vscode.ProvideLanguageModelChatResponseOptions,
  progress: vscode.Progress<vscode.LanguageModelResponsePart>,
  signal: AbortSignal,
): Promise<void> {
  const tools = (options.tools ?? []).map(toolDefinition);
  for await (const chunk of model.stream({ messages, ...(tools.length === 0 ? {} : { tools }) }, signal)) {
    if (chunk.type === 'text') {
      progress.report(new vscode.LanguageModelTextPart(chunk.text));
    } else if (chunk.type === 'tool-call') {
      progress.report(new vscode.LanguageModelToolCallPart(chunk.call.id, chunk.call.name, argumentsObject(chunk.call)));
    } else if (chunk.type === 'error') {
      throw chunk.error;
    }
  }
}

/** The built-in analyzer's answer about the code in a conversation: it speaks the loop's protocol, so it runs in it. */
async function analyze(
  model: ChatModel,
  messages: readonly ChatMessage[],
  progress: vscode.Progress<vscode.LanguageModelResponsePart>,
  signal: AbortSignal,
): Promise<void> {
  const { runLoop } = await import('../loop/runLoop');
  const request = requestOfPrompt(messages, (task) => taskText(task).question);
  for await (const event of runLoop(request, { model, tools: [] }, signal)) {
    if (event.type === 'run-end') {
      if (event.error !== undefined && event.answer === '') {
        throw new Error(event.error.message);
      }
      progress.report(new vscode.LanguageModelTextPart(event.answer));
    }
  }
}

function toolDefinition(tool: vscode.LanguageModelChatTool): ToolDefinition {
  return {
    name: tool.name,
    description: tool.description,
    // A schema is plain JSON by VS Code's contract.
    parameters: (tool.inputSchema ?? { type: 'object', properties: {} }) as ToolDefinition['parameters'],
  };
}

function argumentsObject(call: NativeToolCall): object {
  try {
    const value: unknown = JSON.parse(call.arguments === '' ? '{}' : call.arguments);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    throw new Error(t('The model called {0} with arguments that cannot be read. Try again.', call.name));
  }
}

/** VS Code's roles; newer versions send system messages as well, whose number the stable API does not name. */
const roles: ReadonlyMap<number, 'user' | 'assistant' | 'system'> = new Map([
  [vscode.LanguageModelChatMessageRole.User, 'user'],
  [vscode.LanguageModelChatMessageRole.Assistant, 'assistant'],
  [3, 'system'],
]);

/** One of VS Code's messages as ours: results of tools become messages of their own, before the rest. */
export function chatMessages(message: vscode.LanguageModelChatRequestMessage | vscode.LanguageModelChatMessage): readonly ChatMessage[] {
  let content = '';
  const toolCalls: NativeToolCall[] = [];
  const results: ChatMessage[] = [];
  for (const part of message.content) {
    if (part instanceof vscode.LanguageModelToolCallPart) {
      toolCalls.push({ id: part.callId, name: part.name, arguments: JSON.stringify(part.input) });
    } else if (part instanceof vscode.LanguageModelToolResultPart) {
      results.push({ role: 'tool', toolCallId: part.callId, content: textOfParts(part.content) });
    } else {
      content += textOfParts([part]);
    }
  }
  const role = roles.get(message.role) ?? 'user';
  const hasContent = content !== '' || toolCalls.length > 0;
  return [
    ...results,
    ...(hasContent ? [{ role, content, ...(toolCalls.length === 0 ? {} : { toolCalls }) } as const] : []),
  ];
}

/** The text of parts; what has none, such as an image, leaves a mark. */
export function textOfParts(parts: readonly unknown[]): string {
  return parts
    .map((part) => {
      if (part instanceof vscode.LanguageModelTextPart) {
        return part.value;
      }
      if (part instanceof vscode.LanguageModelPromptTsxPart) {
        return textOfTsx(part.value);
      }
      return '[content that is not text was left out]';
    })
    .join('');
}

/** The strings in a prompt-tsx tree, in order: its text nodes have `text`, the others `children`. */
function textOfTsx(node: unknown): string {
  if (typeof node !== 'object' || node === null) {
    return typeof node === 'string' ? node : '';
  }
  const own = 'text' in node && typeof node.text === 'string' ? node.text : '';
  const inner: unknown = 'children' in node ? node.children : 'node' in node ? [node.node] : [];
  return own + (Array.isArray(inner) ? inner.map(textOfTsx).join('') : '');
}

/** An error in the form that VS Code's chat shows. */
function providerError(error: StepwiseError): Error {
  switch (error.code) {
    case 'no-key':
    case 'bad-key':
    case 'forbidden':
      return vscode.LanguageModelError.NoPermissions(error.message);
    case 'rate-limited':
    case 'over-capacity':
    case 'budget-exceeded':
      return vscode.LanguageModelError.Blocked(error.message);
    case 'model-not-found':
    case 'no-model':
      return vscode.LanguageModelError.NotFound(error.message);
    default:
      return new Error(error.message);
  }
}
