import { t } from '../core/l10n';
import type { Tool } from '../core/tool';
import { textArgument } from './argumentValues';
import { countOf, joinLines } from './observation';
import { failureOf } from './toolFailure';
import type { CodeDiagnostic, DiagnosticList, WorkspacePort } from './workspace';

/** Tells what compilers and linters report. */
export function createDiagnosticsTool(workspace: WorkspacePort): Tool {
  return {
    name: 'diagnostics',
    description:
      'Errors and warnings that the editor knows of, from compilers, linters and language servers, for one file or for the whole workspace. ' +
      'Where none of them is at work, only syntax errors of one file are found, and the result says so.',
    parameters: {
      type: 'object',
      properties: { path: { type: 'string', description: 'Path relative to the workspace, with "/". The whole workspace if left out.' } },
    },
    readOnly: true,
    describe(args) {
      const path = textArgument(args, 'path');
      return path === undefined ? t('Looking at errors and warnings') : t('Looking at errors and warnings of {0}', path);
    },
    async run(args, signal) {
      const path = textArgument(args, 'path');
      try {
        return { text: showDiagnostics(path, await workspace.diagnostics(path, signal)) };
      } catch (error) {
        return failureOf(error, path ?? '');
      }
    },
  };
}

function showDiagnostics(path: string | undefined, { diagnostics, truncated, knowledge }: DiagnosticList): string {
  const where = path ?? 'the workspace';
  const scope = knowledge === 'language-server' ? '' : ' Only the syntax was checked: no language server reported anything.';
  if (diagnostics.length === 0) {
    return `No errors or warnings in ${where}.${scope}`;
  }
  const head = `${truncated ? 'The first ' : ''}${countOf(diagnostics.length, 'problem')} in ${where}.${scope}`;
  return `${head}\n${joinLines(diagnostics.map(diagnosticLine), 'give a path')}`;
}

function diagnosticLine({ path, range, column, severity, message, source }: CodeDiagnostic): string {
  return `${path}:${String(range.startLine)}:${String(column)}: ${severity}${source === undefined ? '' : ` (${source})`}: ${message.replace(/\s*\n\s*/g, ' ')}`;
}
