import * as vscode from 'vscode';
import type { NoteEntry } from '../app/noteIndex';
import { SourceLines } from '../app/sourceLines';
import { locateCode, shiftedRange, stalenessOrder } from '../app/staleness';
import type { LocatedCode, StalenessSources } from '../app/staleness';
import type { CodeExcerpt, ReasoningRequest } from '../core/request';
import { readNote } from '../transcript/readNote';
import { languageIdOf } from '../tools/languageIds';
import { maxFileBytes } from './excerpt';
import type { Log } from './log';
import type { NoteLibrary } from './noteLibrary';
import { wholeNote } from './noteLibrary';
import type { FunctionFinder } from './selection';
import { fileUri } from './selection';

/** What following code needs. */
export interface NoteStatesParts {
  readonly library: NoteLibrary;
  readonly findFunctions: FunctionFinder;
  readonly log: Log;
}

/** Where the code of a note is now. */
export interface NoteState {
  /** Undefined where it cannot be told. */
  readonly located: LocatedCode | undefined;
  /** URI of the text in which it is: a file, or a cell of a notebook that is open. */
  readonly text: string | undefined;
}

const unknownState: NoteState = { located: undefined, text: undefined };

/** Quiet time after the last edit before code is looked for again, in ms. */
const quietMs = 400;
/** Codes of notes that are kept to be compared again. */
const mostCodes = 300;

/** A text in which code of a note may be. */
interface Text {
  readonly uri: string | undefined;
  readonly content: string;
  readonly languageId: string;
  /** False once the text was edited: what is found in `content` is not where the code is any more. */
  readonly isCurrent: () => boolean;
}

/**
 * Follows the code of notes: where it is, and whether it is as it was. What is known stays until a file changes; while
 * somebody types, places move along by the lines that are added and taken away, and are looked for by content when
 * they pause.
 */
export class NoteStates implements vscode.Disposable {
  readonly #parts: NoteStatesParts;
  readonly #states = new Map<string, NoteState>();
  readonly #codes = new Map<string, Promise<CodeExcerpt | undefined>>();
  readonly #changes = new vscode.EventEmitter<readonly string[]>();
  /** Notes whose state is another than when it was told last. */
  readonly #changed = new Set<string>();
  readonly #subscriptions: vscode.Disposable;
  /** Sources whose notes are to be looked at again after a pause. */
  readonly #outdated = new Set<string>();
  /** Notes whose code is being looked for, so that nobody does it twice. */
  readonly #looking = new Map<string, Promise<void>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;

  /** Fires with the URIs of notes whose code is elsewhere, or stands otherwise to them. */
  readonly onDidChange = this.#changes.event;

  constructor(parts: NoteStatesParts) {
    this.#parts = parts;
    this.#subscriptions = vscode.Disposable.from(
      this.#changes,
      parts.library.onDidChange((notes) => notes.forEach((note) => this.#forget(note))),
      parts.library.onDidChangeFile((file) => this.#fileChanged(file)),
      vscode.workspace.onDidChangeTextDocument((change) => this.#edited(change)),
      // A document that is closed without saving shows the file's text again.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#outdate(fileUri(uri))),
    );
  }

  /** What is known of a note; undefined where nobody has looked yet. */
  of(note: string): NoteState | undefined {
    return this.#states.get(note);
  }

  /** Looks for the code of notes of which nothing is known; settles when all of it is found, or `signal` aborts. */
  async check(entries: readonly NoteEntry[], signal?: AbortSignal): Promise<void> {
    const groups = bySource(entries.filter(({ uri, sources }) => sources.length > 0 && !this.#states.has(uri)));
    let lastTold = Date.now();
    for (const notes of groups) {
      if (signal?.aborted === true || this.#isDisposed) {
        return;
      }
      await this.#look(notes, true);
      if (Date.now() - lastTold > quietMs) {
        lastTold = Date.now();
        this.#tell();
      }
    }
    this.#tell();
  }

  /** What a note asked, from the note itself; undefined where that cannot be read any more. */
  async notedRequest({ uri, folder }: NoteEntry): Promise<ReasoningRequest | undefined> {
    try {
      return readNote(await wholeNote(vscode.Uri.parse(uri)), folder).request;
    } catch {
      // Somebody took its hidden parts out: front matter and text stay what they are.
      return undefined;
    }
  }

  /** The code of a note as it was; undefined where it has none, or none that can be read. */
  #notedCode(entry: NoteEntry): Promise<CodeExcerpt | undefined> {
    const known = this.#codes.get(entry.uri);
    if (known !== undefined) {
      return known;
    }
    const code = this.notedRequest(entry).then((request) => request?.code);
    this.#codes.set(entry.uri, code);
    const [oldest] = this.#codes.keys();
    if (this.#codes.size > mostCodes && oldest !== undefined) {
      this.#codes.delete(oldest);
    }
    return code;
  }

  /** The document that the code of a note is in now; undefined where it is gone. */
  async document(entry: NoteEntry): Promise<vscode.TextDocument | undefined> {
    await this.check([entry]);
    const { text, located } = this.#states.get(entry.uri) ?? {};
    return text === undefined || located?.range === undefined ? undefined : vscode.workspace.openTextDocument(vscode.Uri.parse(text));
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  /** Looks for the code of notes about the same file. */
  #look(notes: readonly NoteEntry[], onlyUnknown: boolean): Promise<void> {
    const key = notes[0] === undefined ? '' : sourceKey(notes[0]);
    const before = this.#looking.get(key) ?? Promise.resolve();
    const looking = before
      .then(() => this.#lookNow(onlyUnknown ? notes.filter(({ uri }) => !this.#states.has(uri)) : notes))
      .catch((error: unknown) => {
        this.#parts.log.warn('The code of a note could not be followed.', error);
        // Not again before something changes.
        notes.filter(({ uri }) => !this.#states.has(uri)).forEach(({ uri }) => this.#states.set(uri, unknownState));
      });
    this.#looking.set(key, looking);
    return looking.finally(() => {
      if (this.#looking.get(key) === looking) {
        this.#looking.delete(key);
      }
    });
  }

  async #lookNow(notes: readonly NoteEntry[]): Promise<void> {
    const [first] = notes;
    if (first === undefined) {
      return;
    }
    const texts = await this.#textsOf(first.sources);
    const sources = texts?.map((text) => ({ text, lines: new SourceLines(text.content), functions: undefined as ReturnType<FunctionFinder> | undefined }));
    for (const entry of notes) {
      const { summary } = entry;
      if (summary.startLine === undefined || summary.endLine === undefined) {
        this.#set(entry.uri, unknownState);
        continue;
      }
      const range = { startLine: summary.startLine, endLine: summary.endLine };
      const before = this.#states.get(entry.uri);
      let best: NoteState | undefined;
      for (const source of sources ?? []) {
        const ask: StalenessSources = {
          notedText: async () => (await this.#notedCode(entry))?.text,
          functions: () => (source.functions ??= this.#parts.findFunctions(source.text.content, source.text.languageId)),
        };
        const noted = { range, ...(summary.hash === undefined ? {} : { hash: summary.hash }), ...(summary.symbol === undefined ? {} : { symbol: summary.symbol }) };
        const hint = before?.text === source.text.uri ? before?.located?.range : undefined;
        const located = await locateCode(noted, source.lines, ask, hint);
        best = fresher(best, { located, text: source.text.uri });
      }
      if (this.#parts.library.get(entry.uri) !== entry || (before !== undefined && sources?.every(({ text }) => text.isCurrent()) === false)) {
        // Changed in the meantime: it is looked at again, and until then what was followed is nearer.
        continue;
      }
      this.#set(entry.uri, best ?? { located: sources === undefined || (await this.#isElsewhere(entry)) ? undefined : { staleness: 'gone' }, text: undefined });
    }
  }

  /** The texts of the first of some files that is there: several for a notebook. Undefined for one that is no text. */
  async #textsOf(sources: readonly string[]): Promise<readonly Text[] | undefined> {
    for (const source of sources) {
      const uri = vscode.Uri.parse(source);
      const open = openTexts(uri);
      if (open.length > 0) {
        return open.some(({ content }) => content.length > maxFileBytes) ? undefined : open;
      }
      try {
        const { type, size } = await vscode.workspace.fs.stat(uri);
        if ((type & vscode.FileType.File) === 0) {
          continue;
        }
        if (size > maxFileBytes) {
          return undefined;
        }
        const content = await vscode.workspace.decode(await vscode.workspace.fs.readFile(uri), { uri });
        const languageId = languageIdOf(uri.path);
        // What changes on disk is told of, and looked at again.
        const isCurrent = (): boolean => true;
        return uri.path.endsWith('.ipynb')
          ? cellsOf(content).map((cell) => ({ uri: undefined, content: cell, languageId: 'python', isCurrent }))
          : [{ uri: source, content, languageId, isCurrent }];
      } catch {
        // Not there: the next one may be.
      }
    }
    return [];
  }

  /** True for code that never was in the workspace, such as a text that was not saved: what became of it is not known. */
  async #isElsewhere(entry: NoteEntry): Promise<boolean> {
    const code = await this.#notedCode(entry);
    return code !== undefined && entry.folder !== undefined && !code.uri.startsWith(`${entry.folder}/`);
  }

  #edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const source = fileUri(document.uri);
    if (contentChanges.length === 0 || !this.#parts.library.isSource(source)) {
      return;
    }
    const key = document.uri.toString();
    for (const { uri } of this.#parts.library.about(source)) {
      const state = this.#states.get(uri);
      if (state?.located?.range !== undefined && state.text === key) {
        const range = contentChanges.reduce((shifted, change) => shiftedRange(shifted, lineEdit(change)), state.located.range);
        this.#set(uri, { ...state, located: { ...state.located, range } });
      }
    }
    this.#outdate(source);
  }

  #fileChanged(file: vscode.Uri): void {
    if (this.#parts.library.isSource(file)) {
      this.#outdate(file);
      return;
    }
    // A folder that came or went is told of without the files in it.
    const prefix = `${file.toString()}/`;
    for (const source of this.#parts.library.sources()) {
      if (source.startsWith(prefix)) {
        this.#outdate(vscode.Uri.parse(source));
      }
    }
  }

  #outdate(source: vscode.Uri): void {
    if (this.#isDisposed || !this.#parts.library.isSource(source)) {
      return;
    }
    this.#outdated.add(source.toString());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#lookAgain(), quietMs);
  }

  async #lookAgain(): Promise<void> {
    const sources = [...this.#outdated];
    this.#outdated.clear();
    for (const source of sources) {
      // Notes that nobody has asked about are looked at when somebody does.
      const known = this.#parts.library.about(vscode.Uri.parse(source)).filter(({ uri }) => this.#states.has(uri));
      for (const notes of bySource(known)) {
        await this.#look(notes, false);
      }
    }
    this.#tell();
  }

  #forget(note: string): void {
    this.#states.delete(note);
    this.#codes.delete(note);
  }

  #set(note: string, state: NoteState): void {
    const { located, text } = this.#states.get(note) ?? unknownState;
    const isSame = located?.staleness === state.located?.staleness && located?.range?.startLine === state.located?.range?.startLine &&
      located?.range?.endLine === state.located?.range?.endLine && text === state.text;
    this.#states.set(note, state);
    if (!isSame) {
      this.#changed.add(note);
    }
  }

  #tell(): void {
    if (this.#changed.size > 0 && !this.#isDisposed) {
      const changed = [...this.#changed];
      this.#changed.clear();
      this.#changes.fire(changed);
    }
  }
}

function sourceKey({ sources }: NoteEntry): string {
  return sources.join(' ');
}

/** Notes about the same file together. */
function bySource(entries: readonly NoteEntry[]): readonly (readonly NoteEntry[])[] {
  const groups = new Map<string, NoteEntry[]>();
  for (const entry of entries) {
    const group = groups.get(sourceKey(entry));
    if (group === undefined) {
      groups.set(sourceKey(entry), [entry]);
    } else {
      group.push(entry);
    }
  }
  return [...groups.values()];
}

/** The state that says more: of two cells of a notebook, the one with the code. */
function fresher(first: NoteState | undefined, second: NoteState): NoteState {
  const rank = ({ located }: NoteState): number => (located === undefined ? stalenessOrder.length : stalenessOrder.indexOf(located.staleness));
  return first === undefined || rank(second) < rank(first) ? second : first;
}

/** The texts of a file that is open, unsaved changes included: its document, or the cells of its notebook. */
function openTexts(uri: vscode.Uri): readonly Text[] {
  const key = uri.toString();
  const notebook = vscode.workspace.notebookDocuments.find((open) => open.uri.toString() === key);
  const documents = notebook?.getCells().map(({ document }) => document) ?? vscode.workspace.textDocuments.filter((open) => open.uri.toString() === key && !open.isClosed);
  return documents.map((document) => {
    const { version } = document;
    return { uri: document.uri.toString(), content: document.getText(), languageId: document.languageId, isCurrent: () => document.version === version };
  });
}

/** The cells of a notebook's file. https://nbformat.readthedocs.io/en/latest/format_description.html#cell-types */
function cellsOf(content: string): readonly string[] {
  try {
    const { cells } = JSON.parse(content) as { readonly cells?: readonly { readonly source?: unknown }[] };
    return (cells ?? []).map(({ source }) => (Array.isArray(source) ? source.join('') : typeof source === 'string' ? source : ''));
  } catch {
    return [];
  }
}

/** An edit by whole lines. One that begins and ends at beginnings of lines leaves the line after it as it is. */
function lineEdit({ range, text }: vscode.TextDocumentContentChangeEvent): { startLine: number; endLine: number; newLines: number } {
  const breaks = text.match(/\r\n?|\n/g)?.length ?? 0;
  const isWhole = range.start.character === 0 && range.end.character === 0 && (text === '' || /[\r\n]$/.test(text));
  return {
    startLine: range.start.line + 1,
    endLine: range.end.line + (isWhole ? 0 : 1),
    newLines: breaks + (isWhole ? 0 : 1),
  };
}
