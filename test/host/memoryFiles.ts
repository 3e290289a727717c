import * as vscode from 'vscode';

/** A file system in memory, as one of a repository that is not on a disk. */
export class MemoryFiles implements vscode.FileSystemProvider {
  readonly #files = new Map<string, Uint8Array>();
  readonly #folders = new Set<string>(['/']);
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  readonly onDidChangeFile = this.#changes.event;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const bytes = this.#files.get(uri.path);
    if (bytes === undefined && !this.#folders.has(uri.path)) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return { type: bytes === undefined ? vscode.FileType.Directory : vscode.FileType.File, ctime: 0, mtime: 0, size: bytes?.length ?? 0 };
  }

  readDirectory(uri: vscode.Uri): [string, vscode.FileType][] {
    this.stat(uri);
    const prefix = uri.path === '/' ? '/' : `${uri.path}/`;
    const below = (paths: Iterable<string>, type: vscode.FileType): [string, vscode.FileType][] =>
      [...paths].filter((path) => path.startsWith(prefix) && path !== prefix && !path.slice(prefix.length).includes('/')).map((path) => [path.slice(prefix.length), type]);
    return [...below(this.#folders, vscode.FileType.Directory), ...below(this.#files.keys(), vscode.FileType.File)];
  }

  createDirectory(uri: vscode.Uri): void {
    this.#folders.add(uri.path);
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const bytes = this.#files.get(uri.path);
    if (bytes === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return bytes;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const type = this.#files.has(uri.path) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
    this.#files.set(uri.path, content);
    this.#changes.fire([{ type, uri }]);
  }

  delete(uri: vscode.Uri): void {
    this.stat(uri);
    for (const path of [...this.#files.keys(), ...this.#folders]) {
      if (path === uri.path || path.startsWith(`${uri.path}/`)) {
        this.#files.delete(path);
        this.#folders.delete(path);
      }
    }
    this.#changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  rename(from: vscode.Uri, to: vscode.Uri, { overwrite }: { readonly overwrite: boolean }): void {
    if (!overwrite && this.#files.has(to.path)) {
      throw vscode.FileSystemError.FileExists(to);
    }
    this.writeFile(to, this.readFile(from));
    this.delete(from);
  }
}
