import { t } from '../core/l10n';
import type { Tool, ToolArguments } from '../core/tool';
import { flagArgument, integerArgument, textArgument } from './argumentValues';
import { countOf, joinLines } from './observation';
import { failed, failureOf } from './toolFailure';
import type { TextMatches, TextQuery, WorkspacePort } from './workspace';

const defaultMatches = 50;
const maxMatches = 200;

/** Searches the text of files. */
export function createSearchTextTool(workspace: WorkspacePort): Tool {
  return {
    name: 'search_text',
    description:
      'Search the files of the workspace for a text or a regular expression, line by line. Gives path, line number and line of each match. ' +
      'Use it to find where something is defined or used when its name is known.',
    parameters: {
      type: 'object',
      properties: {
        pattern: { type: 'string', minLength: 1, description: 'The text to search for; a regular expression if is_regex is true.' },
        is_regex: { type: 'boolean', description: 'Whether pattern is a regular expression. Default false.' },
        case_sensitive: { type: 'boolean', description: 'Default false.' },
        glob: { type: 'string', description: 'Only files whose path matches, such as "src/**/*.go". All files if left out.' },
        max_results: { type: 'integer', minimum: 1, maximum: maxMatches, description: `Most matches. Default ${String(defaultMatches)}.` },
      },
      required: ['pattern'],
    },
    readOnly: true,
    describe(args) {
      const pattern = textArgument(args, 'pattern') ?? '?';
      const glob = textArgument(args, 'glob');
      return glob === undefined ? t('Searching for {0}', pattern) : t('Searching for {0} in {1}', pattern, glob);
    },
    async run(args, signal) {
      const query = queryOf(args);
      if (query === undefined) {
        return failed('pattern is empty. Give the text to search for.');
      }
      try {
        return { text: showMatches(query, await workspace.searchText(query, signal)) };
      } catch (error) {
        return failureOf(error, query.pattern);
      }
    },
  };
}

function queryOf(args: ToolArguments): TextQuery | undefined {
  const pattern = args['pattern'];
  const include = textArgument(args, 'glob');
  return typeof pattern !== 'string' || pattern === ''
    ? undefined
    : {
        pattern,
        isRegex: flagArgument(args, 'is_regex'),
        caseSensitive: flagArgument(args, 'case_sensitive'),
        ...(include === undefined ? {} : { include }),
        maxResults: Math.min(maxMatches, Math.max(1, integerArgument(args, 'max_results') ?? defaultMatches)),
      };
}

function showMatches(query: TextQuery, { matches, truncated }: TextMatches): string {
  const where = query.include === undefined ? '' : ` in files that match ${JSON.stringify(query.include)}`;
  const what = `${query.isRegex ? 'the regular expression ' : ''}${JSON.stringify(query.pattern)}${where}`;
  if (matches.length === 0) {
    const other = query.include === undefined ? 'a shorter text or another spelling' : 'without the glob, or a shorter text';
    return `No match for ${what}. Try ${other}.`;
  }
  const lines: string[] = [];
  let path = '';
  for (const match of matches) {
    if (match.path !== path) {
      path = match.path;
      lines.push(path);
    }
    lines.push(`  ${String(match.line)}: ${match.text.trim()}`);
  }
  const head = truncated ? `The first ${countOf(matches.length, 'matching line')} for ${what} (there are more):` : `${countOf(matches.length, 'matching line')} for ${what}:`;
  return `${head}\n${joinLines(lines, 'narrow the search with glob')}`;
}
