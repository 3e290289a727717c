import * as vscode from 'vscode';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { FolderEntry, FolderFiles } from '../tools/folderFiles';
import { notFound, outside } from '../tools/paths';

/**
 * The files of a workspace folder in any file system that VS Code knows. Links cannot be resolved there, so files
 * behind links are refused.
 */
export function createVirtualFiles(folder: vscode.Uri): FolderFiles {
  return {
    async read(path, maxBytes) {
      const uri = vscode.Uri.joinPath(folder, ...path.split('/'));
      const open = documentOf(uri);
      if (open !== undefined) {
        return { text: open.getText(), unsaved: open.isDirty, languageId: open.languageId };
      }
      const stat = await statWithoutLinks(folder, path);
      if ((stat.type & vscode.FileType.File) === 0) {
        throw notFound(path);
      }
      if (stat.size > maxBytes) {
        throw new StepwiseError('file-too-large', t('{0} is too large to be read ({1} bytes, at most {2}).', path, stat.size, maxBytes));
      }
      return { bytes: await vscode.workspace.fs.readFile(uri) };
    },
    async entries(path) {
      try {
        const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, ...path.split('/')));
        return entries.map(([name, type]): FolderEntry => ({ name, kind: kindOf(type) }));
      } catch {
        // A folder that went away, or may not be read, has nothing to show; the rest of the workspace has.
        return [];
      }
    },
    unsavedPaths: () => [],
  };
}

/** The stat of a file on whose way there is no symbolic link. Rejects with `outside-workspace` or `not-found`. */
async function statWithoutLinks(folder: vscode.Uri, path: string): Promise<vscode.FileStat> {
  let uri = folder;
  let stat = await statOf(uri, path);
  for (const part of path.split('/')) {
    uri = vscode.Uri.joinPath(uri, part);
    stat = await statOf(uri, path);
    if ((stat.type & vscode.FileType.SymbolicLink) !== 0) {
      throw outside(path);
    }
  }
  return stat;
}

async function statOf(uri: vscode.Uri, path: string): Promise<vscode.FileStat> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch (error) {
    throw notFound(path, error);
  }
}

function documentOf(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((open) => open.uri.toString() === key);
}

function kindOf(type: vscode.FileType): FolderEntry['kind'] {
  if ((type & vscode.FileType.SymbolicLink) !== 0) {
    return 'other';
  }
  return (type & vscode.FileType.Directory) !== 0 ? 'folder' : (type & vscode.FileType.File) !== 0 ? 'file' : 'other';
}
