import * as vscode from 'vscode';
import type { NoteFolder, NoteSurroundings } from '../../src/vscode/noteLibrary';
import { createLog } from '../../src/vscode/log';
import type { Log } from '../../src/vscode/log';

/** A window of a test with folders of its own, whose watchers fire when the test says so. */
export class NoteWindow implements NoteSurroundings {
  readonly #changes = new vscode.EventEmitter<void>();
  readonly #listeners = new Map<string, (file: vscode.Uri) => void>();
  #folders: readonly NoteFolder[];

  readonly onDidChangeFolders = this.#changes.event;

  constructor(folders: readonly NoteFolder[]) {
    this.#folders = folders;
  }

  folders(): readonly NoteFolder[] {
    return this.#folders;
  }

  watch(folder: vscode.Uri, listener: (file: vscode.Uri) => void): vscode.Disposable {
    this.#listeners.set(folder.toString(), listener);
    return new vscode.Disposable(() => this.#listeners.delete(folder.toString()));
  }

  /** Tells of a change below a folder, as a watcher does. */
  tell(folder: vscode.Uri, file: vscode.Uri): void {
    this.#listeners.get(folder.toString())?.(file);
  }

  setFolders(folders: readonly NoteFolder[]): void {
    this.#folders = folders;
    this.#changes.fire();
  }
}

/** A folder of such a window. */
export function folderOf(uri: vscode.Uri, location = '.reasoning'): NoteFolder {
  return { uri, name: uri.path.slice(uri.path.lastIndexOf('/') + 1), location };
}

/** A log that keeps what it is told as a warning or an error. */
export function keepingLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  return { log: createLog({ info: () => undefined, warn: keep, error: keep, show: () => undefined }), lines };
}

/** State of a workspace in memory. */
export function memento(values: Readonly<Record<string, unknown>> = {}): Pick<vscode.Memento, 'get' | 'update'> {
  const kept = new Map<string, unknown>(Object.entries(values));
  return {
    get: ((key: string) => kept.get(key)),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, JSON.parse(JSON.stringify(value)))),
  };
}

export async function writeText(uri: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

export async function readText(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** Settles when `event` fires and `isDone` holds after it; at once where it holds already. */
export async function until(event: vscode.Event<unknown>, isDone: () => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    const registration = event(() => look());
    const look = (): void => {
      if (isDone()) {
        registration.dispose();
        resolve();
      }
    };
    look();
  });
}
