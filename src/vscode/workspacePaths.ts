import * as vscode from 'vscode';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { LineRange } from '../core/request';
import type { Run } from '../core/run';

/**
 * The file that a path of a tool names: relative to the workspace folder, with the folder's name in front where
 * there are several. Undefined for a path that leads out of the workspace or has the form of something else.
 */
export function uriOfPath(path: string): vscode.Uri | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const parts = path.replaceAll('\\', '/').split('/').filter((part) => part !== '' && part !== '.');
  // A colon covers schemes, drive letters and the streams of NTFS.
  if (parts.length === 0 || path.startsWith('/') || path.includes(':') || parts.some((part) => /^\.\.[. ]*$/.test(part))) {
    return undefined;
  }
  const [first, ...rest] = folders;
  if (first === undefined || rest.length === 0) {
    return first === undefined ? undefined : vscode.Uri.joinPath(first.uri, ...parts);
  }
  const folder = folders.find(({ name }) => name === parts[0]);
  return folder === undefined ? undefined : vscode.Uri.joinPath(folder.uri, ...parts.slice(1));
}

/** Where a range is in an editor, its last line whole. */
export function editorRange({ startLine, endLine }: LineRange): vscode.Range {
  return new vscode.Range(startLine - 1, 0, endLine - 1, Number.MAX_SAFE_INTEGER);
}

/** The address of code that a run is about, by its path; undefined for a path that is none of these. */
function givenUri(path: string, run: Run | undefined): vscode.Uri | undefined {
  const given = [run?.request.code, ...(run?.request.attachments ?? [])].find((excerpt) => excerpt?.path === path);
  return given === undefined || given.uri === '' ? undefined : vscode.Uri.parse(given.uri);
}

/**
 * How many lines the code that a run is about has where no tool can read it by its path: a notebook's cell, a document
 * that was never saved, a file outside of the workspace. Undefined where it is gone, and for files of the workspace.
 */
export async function linesOfGiven(path: string, run: Run | undefined): Promise<number | undefined> {
  const uri = givenUri(path, run);
  if (uri === undefined || uri.toString() === uriOfPath(path)?.toString()) {
    return undefined;
  }
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined || uri.scheme === 'untitled') {
    // To open a document that was never saved would make a new one.
    return open?.lineCount;
  }
  return vscode.workspace.openTextDocument(uri).then((document) => document.lineCount, () => undefined);
}

/**
 * Opens a place that a run names, beside the panel. The code that the run is about is found by its own address,
 * which may be a document that was never saved; any other path must lie in the workspace.
 */
export async function openSource(path: string, range: LineRange | undefined, run: Run | undefined): Promise<void> {
  const uri = givenUri(path, run) ?? uriOfPath(path);
  if (uri === undefined) {
    throw new StepwiseError('outside-workspace', t('{0} is not in this workspace, so it is not opened.', path));
  }
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    await vscode.window.showTextDocument(document, {
      viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
      ...(range === undefined ? {} : { selection: document.validateRange(editorRange(range)) }),
    });
  } catch (error) {
    throw new StepwiseError('not-found', t('{0} could not be opened. It may have been moved or deleted.', path), { cause: error });
  }
}
