import * as vscode from 'vscode';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { Run } from '../core/run';
import { fileUri } from './selection';
import type { RunCommandParts } from './runCommands';
import { sourceUri } from './runs';
import type { Settings } from './settings';

/** Forms in which a run is exported. */
export type ExportFormat = 'html' | 'json';

/** What exporting needs. */
export interface ExportParts extends Pick<RunCommandParts, 'runs'> {
  settings(scope?: vscode.Uri): Settings;
}

/** Lets the person choose a form; undefined when they turn away. */
export async function pickFormat(): Promise<ExportFormat | undefined> {
  const items = [
    { label: t('HTML page'), detail: t('One file to read, send or print. It needs no network and runs no scripts.'), format: 'html' as const },
    { label: t('JSON'), detail: t('The whole run for programs. It can be opened in the panel again.'), format: 'json' as const },
  ];
  return (await vscode.window.showQuickPick(items, { title: t('Export the run as') }))?.format;
}

/**
 * Writes a run to a file that the person chooses: redacted like a note, in the given form. The dialog asks before it
 * lets an existing file be replaced; nothing is written without it.
 * @returns where it was written; undefined when the person turned away
 * @throws {StepwiseError} `not-found` for a run that is not kept, `not-written` where the file cannot be written
 */
export async function exportRun(runId: string, format: ExportFormat, parts: ExportParts): Promise<vscode.Uri | undefined> {
  const run = parts.runs.find(runId);
  if (run === undefined) {
    throw new StepwiseError('not-found', t('This run is no longer kept. Its note has all of it.'));
  }
  const { noteSlug } = await import('../transcript/slug');
  const note = parts.runs.noteOf(runId);
  const name = `${note === undefined ? noteSlug(run.request) : note.path.slice(note.path.lastIndexOf('/') + 1).replace(/\.\w+$/, '')}.${format}`;
  const folder = folderOf(run);
  const target = await vscode.window.showSaveDialog({
    title: t('Export the run'),
    saveLabel: t('Export'),
    filters: format === 'html' ? { HTML: ['html'] } : { JSON: ['json'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target === undefined) {
    return undefined;
  }
  const text = await exportText(run, format, parts.settings(sourceUri(run.request.code)), folder);
  try {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  } catch (error) {
    throw new StepwiseError('not-written', t('{0} could not be written. Choose another place.', vscode.workspace.asRelativePath(target)), { cause: error });
  }
  void offerToOpen(target, format);
  return target;
}

/** A run as the text of an exported file. */
export async function exportText(run: Run, format: ExportFormat, { redactPatterns }: Pick<Settings, 'redactPatterns'>, folder: vscode.Uri | undefined): Promise<string> {
  const { createRedactor, redacted } = await import('../transcript/redact');
  const harmless = redacted(run, createRedactor(redactPatterns));
  if (format === 'json') {
    const { runJson } = await import('../transcript/exportJson');
    return runJson(harmless, folder?.toString());
  }
  const { runHtml } = await import('../transcript/exportHtml');
  return runHtml(harmless, { language: vscode.env.language });
}

/** The workspace folder of the code, or the first one. */
function folderOf(run: Run): vscode.Uri | undefined {
  const code = sourceUri(run.request.code);
  const own = code === undefined ? undefined : vscode.workspace.getWorkspaceFolder(fileUri(code));
  return (own ?? vscode.workspace.workspaceFolders?.[0])?.uri;
}

async function offerToOpen(target: vscode.Uri, format: ExportFormat): Promise<void> {
  const open = t('Open');
  const answer = await vscode.window.showInformationMessage(t('Exported to {0}.', vscode.workspace.asRelativePath(target)), open);
  if (answer !== open) {
    return;
  }
  if (format === 'html' && target.scheme === 'file' && vscode.env.remoteName === undefined) {
    await vscode.env.openExternal(target);
  } else {
    await vscode.commands.executeCommand('vscode.open', target);
  }
}
