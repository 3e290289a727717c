import * as vscode from 'vscode';
import { t } from '../core/l10n';
import type { Tool, ToolArguments } from '../core/tool';
import { orAborted, signalOf } from './cancellation';
import { languageModelToolNames } from './ids';
import type { Log } from './log';

/** Makes the workspace tools when the first call needs them; the same ones that runs use. */
export type ToolSource = () => Promise<readonly Tool[]>;

/** Offers the workspace tools to every chat and agent in VS Code, under the names that package.json contributes. */
export function registerLanguageModelTools(tools: ToolSource, log: Log): vscode.Disposable {
  const registrations = Object.entries(languageModelToolNames).map(([name, contributed]) =>
    vscode.lm.registerTool<ToolArguments>(contributed, {
      prepareInvocation: async (options) => ({ invocationMessage: await describe(tools, name, options.input, log) }),
      invoke: (options, token) => invoke(tools, name, options.input, token),
    }),
  );
  return vscode.Disposable.from(...registrations);
}

async function describe(tools: ToolSource, name: string, input: ToolArguments, log: Log): Promise<string> {
  try {
    const tool = (await tools()).find((candidate) => candidate.name === name);
    return tool === undefined ? t('Using {0}', name) : tool.describe(input);
  } catch (error) {
    log.warn(`The call of ${name} could not be described.`, error);
    return t('Using {0}', name);
  }
}

async function invoke(tools: ToolSource, name: string, input: ToolArguments, token: vscode.CancellationToken): Promise<vscode.LanguageModelToolResult> {
  const cancellation = signalOf(token);
  try {
    const tool = (await tools()).find((candidate) => candidate.name === name);
    if (tool === undefined) {
      throw new Error(`There is no tool named ${name}.`);
    }
    // A result with `isError` is text for the model too: it says what to try next.
    const result = await orAborted(tool.run(input, cancellation.signal), cancellation.signal);
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(result.text)]);
  } catch (error) {
    throw token.isCancellationRequested ? new vscode.CancellationError() : error;
  } finally {
    cancellation.dispose();
  }
}
