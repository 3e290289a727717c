import * as vscode from 'vscode';
import type { NoteEntry } from '../app/noteIndex';
import { NoteIndex } from '../app/noteIndex';
import { readFrontMatter } from '../transcript/frontMatter';
import type { NoteSummary } from '../transcript/frontMatter';
import type { Log } from './log';

/** A folder of the workspace, with the folder inside it where its notes are. */
export interface NoteFolder {
  readonly uri: vscode.Uri;
  readonly name: string;
  /** As the setting has it: relative, with `/`. */
  readonly location: string;
}

/** What the library needs to know of the window; tests have their own. */
export interface NoteSurroundings {
  folders(): readonly NoteFolder[];
  /** Fires when `folders` gives others. */
  readonly onDidChangeFolders: vscode.Event<void>;
  /** Tells of everything that happens to files of a folder. */
  watch(folder: vscode.Uri, listener: (file: vscode.Uri) => void): vscode.Disposable;
}

/** What the library is made of. */
export interface NoteLibraryParts {
  /** Folder in Stepwise's own storage with the notes that could not be kept in a workspace. */
  readonly fallback: vscode.Uri;
  readonly surroundings: NoteSurroundings;
  readonly log: Log;
}

/** Folders below the folder of notes that are looked into. */
const mostDepth = 4;
/** Notes that are read at the same time. */
const atOnce = 16;
/** Quiet time after the last change of a note before it is read again, in ms: a note is written piece by piece. */
const quietMs = 150;
/** Largest note that is read where only whole files can be read, in bytes. */
const mostNoteBytes = 8_000_000;

/**
 * Knows all notes of all workspace folders by their front matter, and stays current. Nothing is read before `load`.
 */
export class NoteLibrary implements vscode.Disposable {
  readonly #parts: NoteLibraryParts;
  readonly #index = new NoteIndex();
  readonly #changes = new vscode.EventEmitter<readonly string[]>();
  readonly #fileChanges = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscription: vscode.Disposable;
  readonly #pending = new Set<string>();
  #watchers: vscode.Disposable[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loading: Promise<void> | undefined;
  /** Counts the times that folders were looked through: what an outdated look finds is dropped. */
  #round = 0;
  #isDisposed = false;

  /** Fires with the URIs of notes that came, changed or went. */
  readonly onDidChange = this.#changes.event;
  /** Fires for every change of a file in the workspace that is no note, on disk: its notes may be stale now. */
  readonly onDidChangeFile = this.#fileChanges.event;

  constructor(parts: NoteLibraryParts) {
    this.#parts = parts;
    this.#subscription = parts.surroundings.onDidChangeFolders(() => {
      if (this.#loading !== undefined) {
        void this.reload();
      }
    });
  }

  /** Finds all notes, once; settles when they are known. */
  load(): Promise<void> {
    this.#loading ??= this.reload();
    return this.#loading;
  }

  /** Finds all notes anew. */
  reload(): Promise<void> {
    this.#loading = this.#lookThrough().catch((error: unknown) => this.#parts.log.error('The notes could not be listed.', error));
    return this.#loading;
  }

  /** The newest first. */
  all(): readonly NoteEntry[] {
    return this.#index.all();
  }

  get(note: vscode.Uri | string): NoteEntry | undefined {
    return this.#index.get(note.toString());
  }

  /** Notes whose code may be in a file, the newest first. */
  about(source: vscode.Uri): readonly NoteEntry[] {
    return this.#index.about(source.toString());
  }

  /** URIs of the files that notes are about. */
  sources(): Iterable<string> {
    return this.#index.sources();
  }

  isSource(uri: vscode.Uri): boolean {
    return this.#index.isSource(uri.toString());
  }

  /** Reads a note again, or forgets it where it is gone; settles when that is known. */
  async update(...notes: readonly vscode.Uri[]): Promise<void> {
    const changed: string[] = [];
    for (let at = 0; at < notes.length; at += atOnce) {
      await Promise.all(notes.slice(at, at + atOnce).map(async (note) => {
        const place = this.#placeOf(note);
        if (place !== undefined && (await this.#read(note, place, this.#round))) {
          changed.push(note.toString());
        }
      }));
    }
    this.#tell(changed);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#unwatch();
    this.#changes.dispose();
    this.#fileChanges.dispose();
  }

  async #lookThrough(): Promise<void> {
    const round = ++this.#round;
    const places = this.#places();
    this.#unwatch();
    this.#watch(places);
    const found = new Set<string>();
    for (const place of places) {
      const notes = await markdownFiles(place.notes);
      for (let at = 0; at < notes.length && round === this.#round; at += atOnce) {
        const read = await Promise.all(notes.slice(at, at + atOnce).map(async (note) => ((await this.#read(note, place, round)) ? note.toString() : undefined)));
        const told = read.filter((note) => note !== undefined);
        told.forEach((note) => found.add(note));
        this.#tell(told);
      }
    }
    if (round === this.#round) {
      const gone = this.#index.all().map(({ uri }) => uri).filter((uri) => !found.has(uri));
      gone.forEach((uri) => this.#index.remove(uri));
      this.#tell(gone);
    }
  }

  /** Puts a note into the index, or takes it out where it is none any more. True where the index has changed. */
  async #read(note: vscode.Uri, place: NotePlaceOfFolder, round: number): Promise<boolean> {
    const entry = await this.#entryOf(note, place);
    if (round !== this.#round || this.#isDisposed) {
      return false;
    }
    if (entry === undefined) {
      return this.#index.remove(note.toString());
    }
    this.#index.put(entry);
    return true;
  }

  async #entryOf(note: vscode.Uri, { folder }: NotePlaceOfFolder): Promise<NoteEntry | undefined> {
    try {
      if (folder === undefined) {
        return await this.#fallbackEntry(note);
      }
      const summary = await readFrontMatter(await headOf(note));
      return summary === undefined ? undefined : { uri: note.toString(), folder: folder.uri.toString(), summary, sources: this.#sourcesOf(summary, folder) };
    } catch {
      // Gone, or not readable: not a note to list.
      return undefined;
    }
  }

  /** A note of Stepwise's own storage, where it is about code of this workspace, or about none. */
  async #fallbackEntry(note: vscode.Uri): Promise<NoteEntry | undefined> {
    const text = await wholeNote(note);
    const summary = await readFrontMatter(text);
    if (summary === undefined) {
      return undefined;
    }
    const { readNote } = await import('../transcript/readNote');
    const source = summary.source === undefined ? undefined : codeUri(() => readNote(text).request.code?.uri);
    const folders = this.#parts.surroundings.folders();
    const isOurs = source === undefined || folders.length === 0 || folders.some(({ uri }) => isWithin(source, uri.toString()));
    return isOurs ? { uri: note.toString(), summary, sources: source === undefined ? [] : [source] } : undefined;
  }

  /** Where the code of a note may be: front matter has a path as tools take it, with the folder's name where there were several. */
  #sourcesOf({ source }: NoteSummary, { uri, name }: NoteFolder): readonly string[] {
    const parts = source?.replaceAll('\\', '/').split('/').filter((part) => part !== '' && part !== '.') ?? [];
    if (parts.length === 0 || source?.includes(':') === true || source?.startsWith('/') === true || parts.some((part) => /^\.\.[. ]*$/.test(part))) {
      return [];
    }
    const whole = vscode.Uri.joinPath(uri, ...parts).toString();
    if (parts.length === 1 || parts[0] !== name) {
      return [whole];
    }
    const withoutName = vscode.Uri.joinPath(uri, ...parts.slice(1)).toString();
    return this.#parts.surroundings.folders().length > 1 ? [withoutName, whole] : [whole, withoutName];
  }

  #places(): readonly NotePlaceOfFolder[] {
    return [
      ...this.#parts.surroundings.folders().map((folder) => ({ folder, notes: vscode.Uri.joinPath(folder.uri, ...folder.location.split('/')) })),
      { folder: undefined, notes: this.#parts.fallback },
    ];
  }

  #placeOf(note: vscode.Uri): NotePlaceOfFolder | undefined {
    return note.path.endsWith('.md') ? this.#places().find(({ notes }) => isWithin(note.toString(), notes.toString())) : undefined;
  }

  #watch(places: readonly NotePlaceOfFolder[]): void {
    const { surroundings } = this.#parts;
    // What this window writes into Stepwise's own storage it tells by `update`.
    this.#watchers = places.flatMap(({ folder, notes }) => folder === undefined ? [] : [
      surroundings.watch(folder.uri, (file) => {
        if (this.#placeOf(file) !== undefined) {
          this.#pending.add(file.toString());
          this.#schedule();
        } else if (isWithin(notes.toString(), file.toString()) || isWithin(file.toString(), notes.toString())) {
          this.#folderChanged(file, notes);
        } else {
          this.#fileChanges.fire(file);
        }
      }),
    ]);
  }

  /** The folder of the notes, one above it or one in it came or went: files in it are not told of one by one. */
  #folderChanged(changed: vscode.Uri, notes: vscode.Uri): void {
    const inside = isWithin(changed.toString(), notes.toString()) ? changed : notes;
    void markdownFiles(inside).then((files) => {
      const there = new Set(files.map(String));
      const known = new Set(this.#index.within(inside.toString()));
      for (const uri of [...[...there].filter((file) => !known.has(file)), ...[...known].filter((note) => !there.has(note))]) {
        this.#pending.add(uri);
      }
      if (this.#pending.size > 0) {
        this.#schedule();
      }
    });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#isDisposed ? undefined : setTimeout(() => {
      const notes = [...this.#pending].map((uri) => vscode.Uri.parse(uri));
      this.#pending.clear();
      void this.update(...notes);
    }, quietMs);
  }

  #tell(notes: readonly string[]): void {
    if (notes.length > 0 && !this.#isDisposed) {
      this.#changes.fire(notes);
    }
  }

  #unwatch(): void {
    for (const watcher of this.#watchers.splice(0)) {
      watcher.dispose();
    }
  }
}

interface NotePlaceOfFolder {
  /** Undefined for Stepwise's own storage. */
  readonly folder: NoteFolder | undefined;
  /** The folder of the notes. */
  readonly notes: vscode.Uri;
}

/** True for a URI below another, or the same. */
function isWithin(uri: string, folder: string): boolean {
  return uri === folder || uri.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function codeUri(read: () => string | undefined): string | undefined {
  try {
    const uri = read();
    return uri === undefined ? undefined : vscode.Uri.parse(uri, true).toString();
  } catch {
    // A note whose hidden parts are damaged is listed all the same.
    return undefined;
  }
}

/** The Markdown files of a folder and the folders in it; none where it is not there. Links are not followed. */
async function markdownFiles(folder: vscode.Uri, depth = 0): Promise<readonly vscode.Uri[]> {
  let entries: readonly [string, vscode.FileType][];
  try {
    // Most workspaces have none yet: asked for that way, VS Code does not log it as a failure.
    await (depth === 0 ? vscode.workspace.fs.stat(folder) : undefined);
    entries = await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
  const files = entries
    // Files that are being written begin with a dot.
    .filter(([name, type]) => type === vscode.FileType.File && name.endsWith('.md') && !name.startsWith('.'))
    .map(([name]) => vscode.Uri.joinPath(folder, name));
  const below = depth >= mostDepth ? [] : entries.filter(([, type]) => type === vscode.FileType.Directory);
  const nested = await Promise.all(below.map(([name]) => markdownFiles(vscode.Uri.joinPath(folder, name), depth + 1)));
  return [...files, ...nested.flat()];
}

async function headOf(note: vscode.Uri): Promise<string> {
  if (note.scheme !== 'file') {
    return wholeNote(note);
  }
  const { readNoteHead } = await import('../node/noteHead');
  return readNoteHead(note.fsPath);
}

/** The text of a note. Rejects where it is not there or too large. */
export async function wholeNote(note: vscode.Uri): Promise<string> {
  const { size } = await vscode.workspace.fs.stat(note);
  if (size > mostNoteBytes) {
    throw new Error(`${note.toString()} has ${String(size)} bytes.`);
  }
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(note));
}
