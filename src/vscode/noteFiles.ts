import * as vscode from 'vscode';
import type { NoteFiles } from '../app/notes';

/** Notes in a folder of any file system that VS Code knows, such as that of a repository that is not on a disk. */
export function virtualNoteFiles(folder: vscode.Uri): NoteFiles {
  const place = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

  async function read(name: string): Promise<string | undefined> {
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(place(name)));
    } catch (error) {
      if (isFileSystemError(error, 'FileNotFound')) {
        return undefined;
      }
      throw error;
    }
  }

  /** Writes under another name first: a file appears under its own name only when it is complete. */
  async function moveIn(name: string, text: string, overwrite: boolean): Promise<void> {
    const fresh = place(`.${name}.${crypto.randomUUID()}.new`);
    await vscode.workspace.fs.writeFile(fresh, encode(text));
    try {
      await vscode.workspace.fs.rename(fresh, place(name), { overwrite });
    } catch (error) {
      await vscode.workspace.fs.delete(fresh);
      throw error;
    }
  }

  return {
    read,
    async create(name, text) {
      await vscode.workspace.fs.createDirectory(folder);
      try {
        await moveIn(name, text, false);
        return 'created';
      } catch (error) {
        if (isFileSystemError(error, 'FileExists')) {
          return 'exists';
        }
        throw error;
      }
    },
    // VS Code's file systems have no append.
    append: async (name, text) => moveIn(name, `${(await read(name)) ?? ''}${text}`, true),
    replace: (name, text) => moveIn(name, text, true),
  };
}

function isFileSystemError(error: unknown, code: string): boolean {
  return error instanceof vscode.FileSystemError && error.code === code;
}
