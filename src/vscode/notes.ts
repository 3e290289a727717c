import * as vscode from 'vscode';
import type { NoteFiles, NoteOptions } from '../app/notes';
import { StepwiseError, errorData } from '../core/errors';
import type { ErrorData } from '../core/errors';
import { t } from '../core/l10n';
import type { ReasoningRequest } from '../core/request';
import type { Run } from '../core/run';
import { contextKeys, stateKeys } from './ids';
import type { KeptRuns } from './keptRuns';
import { interrupted } from './keptRuns';
import type { Log } from './log';
import { virtualNoteFiles } from './noteFiles';
import type { NotePlace } from './notePlace';
import { notePlace, readOnlyPlace } from './notePlace';
import { fileUri } from './selection';
import type { OpenNote } from './runs';
import { sourceUri } from './runs';
import type { Settings } from './settings';

/** What notes need of the rest of the extension. */
export interface NotesParts {
  /** Stepwise's own storage, for notes that cannot be in the workspace. */
  readonly storage: vscode.Uri;
  readonly state: Pick<vscode.Memento, 'get' | 'update'>;
  readonly log: Log;
}

/** Opens the notes of runs, each in its place, and remembers the newest. */
export class Notes {
  readonly #parts: NotesParts;
  /** Sentences that were shown in this session; once is enough. */
  readonly #told = new Set<string>();
  readonly #written = new vscode.EventEmitter<vscode.Uri>();

  /** Fires with a note that is complete, once its run is over. */
  readonly onDidWrite = this.#written.event;

  constructor(parts: NotesParts) {
    this.#parts = parts;
    void vscode.commands.executeCommand('setContext', contextKeys.hasNote, this.last() !== undefined);
  }

  /** A note for a run that begins now; undefined where notes are off. */
  async open(request: ReasoningRequest, settings: Settings): Promise<OpenNote | undefined> {
    if (!settings.notesEnabled) {
      return undefined;
    }
    const { noteWriter } = await import('../app/notes');
    let problem: ErrorData | undefined;
    const { files, options } = this.#destination(request, settings, (error) => {
      problem = errorData(error);
    });
    const writer = noteWriter(options);
    const uri = (): vscode.Uri | undefined => {
      const name = writer.name();
      return name === undefined ? undefined : vscode.Uri.joinPath(files.folder, name);
    };
    return {
      sink: writer.sink,
      uri,
      failure: () => problem,
      finish: async () => {
        const name = await writer.finish();
        const note = name === undefined ? undefined : vscode.Uri.joinPath(files.folder, name);
        if (note !== undefined) {
          // The end of a run writes the whole note once more: what failed before is mended.
          problem = undefined;
          await this.#remember(note);
          this.#written.fire(note);
        }
        return note;
      },
    };
  }

  /**
   * Writes the note of a run that is over and has none, also where notes are off: a person asked for this one.
   * @throws {StepwiseError} `note-not-written`
   */
  async save(run: Run, settings: Settings): Promise<vscode.Uri> {
    const { saveNote } = await import('../app/notes');
    let problem: StepwiseError | undefined;
    const { files, options } = this.#destination(run.request, settings, (error) => {
      problem = error;
    });
    const name = await saveNote(run, options);
    if (name === undefined) {
      throw problem ?? new StepwiseError('note-not-written', t('The note could not be written. Check the free space and the rights of its folder, or choose another folder in the settings.'));
    }
    const note = vscode.Uri.joinPath(files.folder, name);
    await this.#remember(note);
    this.#written.fire(note);
    return note;
  }

  /** Where the note of a request goes, and how it is written there. `onFailure` is told why it could not be. */
  #destination(request: ReasoningRequest, settings: Settings, onFailure: (error: StepwiseError) => void): { readonly files: FallingBackFiles; readonly options: NoteOptions } {
    const source = sourceUri(request.code);
    const code = source === undefined ? undefined : fileUri(source);
    const place = notePlace(code, settings, this.#parts.storage);
    const files = new FallingBackFiles(place, this.#parts.storage, (used, cause) => this.#tell(used.notice, cause));
    return {
      files,
      options: {
        files,
        redactPatterns: settings.redactPatterns,
        ...(place.root === undefined ? {} : { root: place.root.toString() }),
        ...(place.toRoot === undefined ? {} : { toRoot: place.toRoot }),
        onProblem: (error) => {
          if (error.code === 'note-not-written') {
            onFailure(error);
            this.#parts.log.error('A note could not be written.', error);
          } else {
            this.#tell(error.message, error);
          }
        },
      },
    };
  }

  /**
   * Marks the notes of runs that a crash or a reload interrupted: they get the end that was never written. A note
   * that has one, that is gone, or that a person has made into something else stays as it is.
   */
  async endInterrupted(kept: KeptRuns): Promise<void> {
    for (const { run, note } of kept.interrupted) {
      try {
        if (note !== undefined) {
          await endNote(vscode.Uri.parse(note, true));
        }
        await kept.keep(run, note);
      } catch (error) {
        this.#parts.log.warn('The note of an interrupted run could not be marked.', error);
      }
    }
  }

  /** Follows notes, and folders of them, that are renamed in this window. */
  followRenames(kept: KeptRuns): vscode.Disposable {
    return vscode.workspace.onDidRenameFiles(({ files }) => void this.#renamed(files, kept));
  }

  async #renamed(files: readonly { readonly oldUri: vscode.Uri; readonly newUri: vscode.Uri }[], kept: KeptRuns): Promise<void> {
    const moved = (note: string): string | undefined => {
      const file = files.find(({ oldUri }) => note === oldUri.toString() || note.startsWith(`${oldUri.toString()}/`));
      return file === undefined ? undefined : file.newUri.toString() + note.slice(file.oldUri.toString().length);
    };
    try {
      await kept.moveNotes(moved);
      const last = this.last();
      const newLast = last === undefined ? undefined : moved(last.toString());
      await (newLast === undefined ? undefined : this.#parts.state.update(stateKeys.lastNote, newLast));
    } catch (error) {
      this.#parts.log.warn('The new name of a note could not be remembered.', error);
    }
  }

  /** The newest note that was written in this workspace. */
  last(): vscode.Uri | undefined {
    const stored = this.#parts.state.get<unknown>(stateKeys.lastNote);
    return typeof stored === 'string' ? vscode.Uri.parse(stored) : undefined;
  }

  async #remember(note: vscode.Uri): Promise<void> {
    try {
      await this.#parts.state.update(stateKeys.lastNote, note.toString());
      await vscode.commands.executeCommand('setContext', contextKeys.hasNote, true);
    } catch (error) {
      this.#parts.log.warn('The newest note could not be remembered.', error);
    }
  }

  #tell(notice: string | undefined, cause: unknown): void {
    if (cause !== undefined) {
      this.#parts.log.warn('A note is not as it was meant to be.', cause);
    }
    if (notice !== undefined && !this.#told.has(notice)) {
      this.#told.add(notice);
      void vscode.window.showInformationMessage(notice);
    }
  }
}

async function endNote(note: vscode.Uri): Promise<void> {
  const [{ readNote }, { withEnd }] = await Promise.all([import('../transcript/readNote'), import('../app/interruptedNote')]);
  const root = vscode.workspace.getWorkspaceFolder(note)?.uri;
  const files = await filesOf({ folder: vscode.Uri.joinPath(note, '..'), isFallback: root === undefined, ...(root === undefined ? {} : { root }) });
  const name = note.path.slice(note.path.lastIndexOf('/') + 1);
  const text = await files.read(name);
  const run = text === undefined ? undefined : readNote(text, root?.toString());
  if (text !== undefined && run !== undefined && run.outcome === undefined) {
    await files.replace(name, withEnd(text, interrupted(run, Date.now())));
  }
}

/** The files of one note: in its place, or in the storage where the first try to write there fails. */
class FallingBackFiles implements NoteFiles {
  readonly #storage: vscode.Uri;
  readonly #onPlace: (place: NotePlace, cause: unknown) => void;
  #place: NotePlace;
  #files: Promise<NoteFiles>;
  #isSettled = false;

  constructor(place: NotePlace, storage: vscode.Uri, onPlace: (place: NotePlace, cause: unknown) => void) {
    this.#storage = storage;
    this.#onPlace = onPlace;
    this.#place = place;
    this.#files = filesOf(place);
  }

  get folder(): vscode.Uri {
    return this.#place.folder;
  }

  async create(name: string, text: string): Promise<'created' | 'exists'> {
    try {
      const result = await (await this.#files).create(name, text);
      this.#settle(undefined);
      return result;
    } catch (error) {
      if (this.#isSettled || this.#place.isFallback) {
        throw error;
      }
      this.#place = readOnlyPlace(this.#storage);
      this.#files = filesOf(this.#place);
      this.#settle(error);
      return (await this.#files).create(name, text);
    }
  }

  append = async (name: string, text: string): Promise<void> => (await this.#files).append(name, text);

  read = async (name: string): Promise<string | undefined> => (await this.#files).read(name);

  replace = async (name: string, text: string): Promise<void> => (await this.#files).replace(name, text);

  #settle(cause: unknown): void {
    if (!this.#isSettled) {
      this.#isSettled = true;
      this.#onPlace(this.#place, cause);
    }
  }
}

async function filesOf({ folder, root }: NotePlace): Promise<NoteFiles> {
  if (folder.scheme !== 'file') {
    return virtualNoteFiles(folder);
  }
  const { createNoteFiles } = await import('../node/noteFiles');
  const files = createNoteFiles(folder.fsPath);
  if (root === undefined) {
    return files;
  }
  const { makeConfinedFolder } = await import('../node/confinedFolder');
  return {
    ...files,
    async create(name, text) {
      await makeConfinedFolder(folder.fsPath, root.fsPath);
      return files.create(name, text);
    },
  };
}
