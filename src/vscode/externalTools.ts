import * as vscode from 'vscode';
import { isStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import { sliceWhole } from '../core/text';
import type { JsonSchema, Tool } from '../core/tool';
import { orAborted, tokenOf } from './cancellation';
import { languageModelToolNames } from './ids';
import { textOfParts } from './modelProvider';

/** What ties a call to a chat request; undefined outside of one. */
export type InvocationToken = vscode.LanguageModelToolInvocationOptions<object>['toolInvocationToken'];

/** Most characters of a result that a model gets. */
const maxResultCharacters = 40_000;

/** Tools that other extensions and MCP servers offer: all that VS Code has, without Stepwise's own. */
export function foreignTools(): readonly vscode.LanguageModelToolInformation[] {
  const own = new Set<string>(Object.values(languageModelToolNames));
  return vscode.lm.tools.filter((tool) => !own.has(tool.name));
}

/**
 * The chosen tools of others as tools of a run. They may change things, so their calls are never run side by
 * side nor answered from a cache, and VS Code asks the person where the tool wants it. `token` ties the call to
 * a chat request, so that the question appears there.
 */
export function externalTools(names: readonly string[], token: InvocationToken): readonly Tool[] {
  const chosen = new Set(names);
  const taken = new Set<string>();
  return foreignTools()
    .filter((tool) => chosen.has(tool.name))
    .map((tool) => wrap(tool, uniqueName(tool.name, taken), token));
}

function wrap(information: vscode.LanguageModelToolInformation, name: string, token: InvocationToken): Tool {
  return {
    name,
    description: information.description,
    parameters: schemaOf(information.inputSchema),
    readOnly: false,
    describe: () => t('Using {0}', information.name),
    async run(args, signal) {
      const cancellation = tokenOf(signal);
      try {
        const result = await orAborted(
          vscode.lm.invokeTool(information.name, { input: { ...args }, toolInvocationToken: token }, cancellation.token),
          signal,
        );
        const text = textOfParts(result.content);
        const cut = sliceWhole(text, maxResultCharacters);
        return { text: cut.length < text.length ? `${cut}\n… [${String(text.length - cut.length)} characters left out]` : text };
      } catch (error) {
        if (signal.aborted || isStepwiseError(error)) {
          throw error;
        }
        if (error instanceof vscode.CancellationError) {
          return { text: 'The person declined this call. Go on without it, or ask for something else.', isError: true };
        }
        const reason = error instanceof Error ? error.message : String(error);
        return { text: `The tool failed: ${reason} Check the arguments, or go on without it.`, isError: true };
      } finally {
        cancellation.cancel();
      }
    },
  };
}

/** A name that models take: letters, digits and underscores, not used yet. */
function uniqueName(name: string, taken: Set<string>): string {
  const plain = name.replace(/[^A-Za-z0-9_]/g, '_');
  let unique = plain;
  for (let number = 2; taken.has(unique); number += 1) {
    unique = `${plain}_${String(number)}`;
  }
  taken.add(unique);
  return unique;
}

function schemaOf(schema: object | undefined): JsonSchema {
  // A contributed schema is plain JSON by VS Code's contract.
  return (schema ?? { type: 'object', properties: {} }) as JsonSchema;
}
