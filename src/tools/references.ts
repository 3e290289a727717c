import { t } from '../core/l10n';
import type { Tool } from '../core/tool';
import { integerArgument, textArgument } from './argumentValues';
import { countOf, joinLines } from './observation';
import { failed, failureOf } from './toolFailure';
import type { Knowledge, ReferenceList, WorkspacePort } from './workspace';

const maxReferences = 100;

/** Finds where a symbol is used and defined. */
export function createFindReferencesTool(workspace: WorkspacePort): Tool {
  return {
    name: 'find_references',
    description:
      'Find where a function, class, variable or field is defined and used in the workspace. ' +
      'Give a file and a line where it stands, if you know one, to tell it from others of the same name.',
    parameters: {
      type: 'object',
      properties: {
        symbol: { type: 'string', minLength: 1, description: 'The name alone, such as "parseLine", without a class or arguments.' },
        path: { type: 'string', description: 'A file in which it stands.' },
        line: { type: 'integer', minimum: 1, description: 'A line of that file on which it stands, from 1.' },
      },
      required: ['symbol'],
    },
    readOnly: true,
    describe: (args) => t('Finding uses of {0}', textArgument(args, 'symbol') ?? '?'),
    async run(args, signal) {
      const symbol = lastName(textArgument(args, 'symbol') ?? '');
      const path = textArgument(args, 'path');
      const line = integerArgument(args, 'line');
      if (symbol === '') {
        return failed('symbol is not a name. Give the name alone, such as "parseLine"; use search_text for other texts.');
      }
      try {
        const found = await workspace.findReferences(
          { symbol, ...(path === undefined ? {} : { path }), ...(line === undefined ? {} : { line }), maxResults: maxReferences },
          signal,
        );
        return {
          text: showReferences(symbol, found),
          references: found.references
            .filter((reference) => reference.isDefinition)
            .map((reference) => ({ path: reference.path, range: { startLine: reference.line, endLine: reference.line } })),
        };
      } catch (error) {
        return failureOf(error, path ?? symbol);
      }
    },
  };
}

/** `Graph.addEdge(a, b)` and `ns::run` as models write them, down to the name that stands in code. */
function lastName(symbol: string): string {
  const name = symbol.trim().replace(/\(.*$/s, '').replace(/^.*(?:\.|::|#|->)/s, '');
  return /^[\p{L}\p{N}_$@~?!]+$/u.test(name) ? name : '';
}

const source: Readonly<Record<Knowledge, string>> = {
  'language-server': '',
  syntax: ' Found by name in the syntax trees: other symbols of the same name may be among them.',
  text: ' Found by text search: comments, strings and other symbols of the same name may be among them.',
};

function showReferences(symbol: string, { references, truncated, knowledge }: ReferenceList): string {
  if (references.length === 0) {
    return `"${symbol}" stands nowhere in the workspace; it may come from a library. Check the spelling, or use search_text for a part of it.`;
  }
  const lines = references.map(
    ({ path, line, text, isDefinition }) => `${path}:${String(line)}: ${text.trim()}${isDefinition ? '  (definition)' : ''}`,
  );
  const head = `${truncated ? 'The first ' : ''}${countOf(references.length, 'place')} with "${symbol}".${source[knowledge]}`;
  return `${head}\n${joinLines(lines, 'use search_text with a glob')}`;
}
