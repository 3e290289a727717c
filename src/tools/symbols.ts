import { t } from '../core/l10n';
import type { Tool } from '../core/tool';
import { textArgument } from './argumentValues';
import { joinLines } from './observation';
import { failureOf } from './toolFailure';
import type { CodeSymbol, SymbolList, WorkspacePort } from './workspace';

/** Lists what a file defines. */
export function createDocumentSymbolsTool(workspace: WorkspacePort): Tool {
  return {
    name: 'document_symbols',
    description:
      'List the classes, functions and methods that a file defines, nested, each with its lines. ' +
      'Use it to find your way in a long file before you read parts of it.',
    parameters: {
      type: 'object',
      properties: { path: { type: 'string', description: 'Path relative to the workspace, with "/".' } },
      required: ['path'],
    },
    readOnly: true,
    describe: (args) => t('Listing the symbols of {0}', textArgument(args, 'path') ?? '?'),
    async run(args, signal) {
      const path = textArgument(args, 'path') ?? '';
      try {
        return { text: showSymbols(path, await workspace.documentSymbols(path, signal)), references: [{ path: path.trim().replace(/^(?:\.\/)+/, '') }] };
      } catch (error) {
        return failureOf(error, path);
      }
    },
  };
}

function showSymbols(path: string, { symbols, knowledge }: SymbolList): string {
  if (symbols.length === 0) {
    return knowledge === 'text'
      ? `The symbols of ${path} are not known: there is no grammar for its language. Use read_file or search_text.`
      : `${path} defines no classes or functions. Use read_file to see it.`;
  }
  return `Symbols of ${path}${knowledge === 'syntax' ? ' (by syntax)' : ''}:\n${joinLines(symbolLines(symbols, ''), 'read the file in parts')}`;
}

function symbolLines(symbols: readonly CodeSymbol[], indent: string): readonly string[] {
  return symbols.flatMap(({ kind, name, range, children }) => [
    `${indent}${kind} ${name}: ${range.startLine === range.endLine ? `line ${String(range.startLine)}` : `lines ${String(range.startLine)}–${String(range.endLine)}`}`,
    ...symbolLines(children, `${indent}  `),
  ]);
}
