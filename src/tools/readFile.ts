import { t } from '../core/l10n';
import type { LineRange } from '../core/request';
import type { Tool, ToolArguments, ToolResult } from '../core/tool';
import { integerArgument, textArgument } from './argumentValues';
import { countOf, joinLines } from './observation';
import { clipLine } from './textSearch';
import { failed, failureOf } from './toolFailure';
import type { TextFile, WorkspacePort } from './workspace';

/** Most lines of one call. */
const maxLines = 500;

/** Reads lines of a file, numbered. */
export function createReadFileTool(workspace: WorkspacePort): Tool {
  return {
    name: 'read_file',
    description:
      'Read a text file of the workspace, with line numbers. Use it to see code that is called or used by the code in question. ' +
      `Gives at most ${String(maxLines)} lines; ask for a range of a long file.`,
    parameters: {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'Path relative to the workspace, with "/", such as "src/app.ts".' },
        start_line: { type: 'integer', minimum: 1, description: 'First line, from 1. The first one if left out.' },
        end_line: { type: 'integer', minimum: 1, description: 'Last line, included. The last one if left out.' },
      },
      required: ['path'],
    },
    readOnly: true,
    describe: describeRead,
    async run(args, signal) {
      const path = textArgument(args, 'path') ?? '';
      try {
        return showFile(await workspace.readText(path, signal), args);
      } catch (error) {
        return failureOf(error, path);
      }
    },
  };
}

function describeRead(args: ToolArguments): string {
  const path = textArgument(args, 'path') ?? '?';
  const start = integerArgument(args, 'start_line');
  const end = integerArgument(args, 'end_line');
  if (start !== undefined && end !== undefined) {
    return t('Reading {0}, lines {1} to {2}', path, start, end);
  }
  return start === undefined ? t('Reading {0}', path) : t('Reading {0} from line {1}', path, start);
}

function showFile(file: TextFile, args: ToolArguments): ToolResult {
  const lines = file.text.split('\n');
  if (lines.length > 1 && lines.at(-1) === '') {
    lines.pop();
  }
  if (file.text === '') {
    return { text: `${file.path} is empty.`, references: [{ path: file.path }] };
  }
  const start = integerArgument(args, 'start_line') ?? 1;
  const end = integerArgument(args, 'end_line') ?? lines.length;
  if (start < 1 || start > lines.length || end < start) {
    return failed(`${file.path} has ${countOf(lines.length, 'line')}; ask for 1–${String(lines.length)}, the first line not after the last.`);
  }
  const last = Math.min(end, lines.length);
  const shown: LineRange = { startLine: start, endLine: Math.min(last, start + maxLines - 1) };
  const width = String(shown.endLine).length;
  const numbered = lines
    .slice(start - 1, shown.endLine)
    .map((line, index) => `${String(start + index).padStart(width)} | ${clipLine(line, 1)}`);
  const text = [
    `${file.path}, lines ${String(start)}–${String(shown.endLine)} of ${String(lines.length)} (${file.languageId}${file.unsaved ? ', unsaved changes included' : ''}):`,
    joinLines(numbered, 'ask for fewer lines with start_line and end_line'),
    ...(shown.endLine < last ? [`… [lines ${String(shown.endLine + 1)}–${String(last)} left out; ask for them with start_line=${String(shown.endLine + 1)}]`] : []),
  ];
  return { text: text.join('\n'), references: [{ path: file.path, range: shown }] };
}
