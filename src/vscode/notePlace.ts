import * as vscode from 'vscode';
import { t } from '../core/l10n';
import type { Settings } from './settings';

/** Where the notes of a run go. */
export interface NotePlace {
  /** The folder of the notes itself. */
  readonly folder: vscode.Uri;
  /** The workspace folder that holds it. */
  readonly root?: vscode.Uri;
  /** Relative path from the notes to that folder: `..`, or more for a deeper place. */
  readonly toRoot?: string;
  /** True for Stepwise's own storage, outside of the workspace. */
  readonly isFallback: boolean;
  /** Why it is the fallback, for the person, translated. */
  readonly notice?: string;
}

/** What of VS Code's workspace decides where notes go; tests have their own. */
export type PlacingWorkspace = Pick<typeof vscode.workspace, 'getWorkspaceFolder' | 'workspaceFolders' | 'isTrusted'> & {
  readonly fs: Pick<typeof vscode.workspace.fs, 'isWritableFileSystem'>;
};

/**
 * The notes of code go to its own workspace folder, or to the first one where it lies in none. Without a
 * workspace, in one that is not trusted and in one that cannot be written they go to Stepwise's storage.
 */
export function notePlace(
  code: vscode.Uri | undefined,
  settings: Pick<Settings, 'notesLocation'>,
  storage: vscode.Uri,
  workspace: PlacingWorkspace = vscode.workspace,
): NotePlace {
  const own = code === undefined ? undefined : workspace.getWorkspaceFolder(code);
  const folder = own ?? workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    return fallbackPlace(storage, t('No folder is open: the note is kept in Stepwise’s own storage. Open a folder to keep notes in it.'));
  }
  if (!workspace.isTrusted) {
    return fallbackPlace(storage, t('This workspace is not trusted: the note is kept in Stepwise’s own storage.'));
  }
  if (workspace.fs.isWritableFileSystem(folder.uri.scheme) === false) {
    return readOnlyPlace(storage);
  }
  const names = settings.notesLocation.split('/');
  return {
    folder: vscode.Uri.joinPath(folder.uri, ...names),
    root: folder.uri,
    toRoot: names.map(() => '..').join('/'),
    isFallback: false,
  };
}

/** Where notes go once the workspace turned out to refuse them. */
export function readOnlyPlace(storage: vscode.Uri): NotePlace {
  return fallbackPlace(storage, t('The workspace folder cannot be written: the note is kept in Stepwise’s own storage.'));
}

function fallbackPlace(storage: vscode.Uri, notice: string): NotePlace {
  return { folder: vscode.Uri.joinPath(storage, 'notes'), isFallback: true, notice };
}
