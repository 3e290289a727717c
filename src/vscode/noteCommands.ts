import * as vscode from 'vscode';
import type { NoteEntry } from '../app/noteIndex';
import { noFilter } from '../app/noteIndex';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { CodeExcerpt, ReasoningRequest } from '../core/request';
import { SourceLines } from '../app/sourceLines';
import { locateCode } from '../app/staleness';
import { commandIds, internalCommandIds } from './ids';
import type { NoteCommandName } from './ids';
import { titleOf } from './noteItems';
import type { NoteLibrary } from './noteLibrary';
import { deleteNotes, noteFileName, renameNote } from './noteFileCommands';
import { pickFilter, pickNote } from './notePicks';
import type { NoteStates } from './noteStates';
import type { NoteNode, NoteTree } from './noteTree';
import type { FunctionFinder } from './selection';
import { codeOfRange } from './selection';
import { editorRange } from './workspacePaths';

/** What the commands about notes act on. */
export interface NoteCommandParts {
  readonly library: NoteLibrary;
  readonly states: NoteStates;
  readonly tree: NoteTree;
  readonly findFunctions: FunctionFinder;
  /** What is selected in the tree. */
  readonly selection: () => readonly NoteNode[];
  /** Starts a run, shows it, and settles when it is over, with its note. */
  readonly reason: (request: ReasoningRequest) => Promise<unknown>;
}

type Handler = (...args: readonly unknown[]) => Promise<unknown>;

/** What each command does. A mapped type, so that no contributed command can be forgotten. */
export function noteCommands(parts: NoteCommandParts): Record<NoteCommandName, Handler> {
  const { library, states, tree } = parts;
  return {
    async searchNotes() {
      await library.load();
      const entry = await pickNote(tree, library.all(), t('Search notes by question, claim, file or model'));
      await (entry === undefined ? undefined : replay(entry));
    },
    async filterNotes() {
      await library.load();
      // Staleness is offered and filtered by what is known: all of it should be.
      await states.check(library.all());
      const filter = await pickFilter(tree.filter, library.all().map((entry) => tree.shownNote(entry)));
      await (filter === undefined ? undefined : tree.show(filter));
    },
    clearNotesFilter: () => tree.show(noFilter),
    groupNotesByDate: () => tree.group('date'),
    groupNotesByFile: () => tree.group('file'),
    refreshNotes: () => library.reload(),
    replayNote: withNote(parts, replay),
    async openNoteFile(...args) {
      const [first, ...others] = (await notesOf(parts, args)).map(({ uri }) => vscode.Uri.parse(uri));
      if (others.length === 0) {
        return first === undefined ? undefined : vscode.commands.executeCommand(internalCommandIds.openNote, first);
      }
      // Each in a tab of its own: a preview would be replaced by the next one.
      for (const note of [first, ...others]) {
        await vscode.commands.executeCommand('vscode.open', note, { preview: false });
      }
      return undefined;
    },
    revealNoteCode: withNote(parts, (entry) => reveal(states, entry)),
    rerunNote: withNote(parts, async (entry) => parts.reason(await requestOfToday(parts, entry))),
    async compareNotes(...args) {
      const [first, second] = await notesOf(parts, args);
      if (first === undefined) {
        return;
      }
      const other = second ?? (await pickNote(tree, likeliest(library.all(), first), t('Compare {0} with', titleOf(tree.shownNote(first)))));
      if (other !== undefined) {
        await vscode.commands.executeCommand(commandIds.compareRuns, vscode.Uri.parse(first.uri), vscode.Uri.parse(other.uri));
      }
    },
    exportNote: withNote(parts, async ({ uri }) => vscode.commands.executeCommand(commandIds.exportRun, vscode.Uri.parse(uri))),
    renameNote: withNote(parts, async ({ uri }) => {
      const note = vscode.Uri.parse(uri);
      const renamed = await renameNote(note);
      await (renamed === undefined ? undefined : library.update(note, renamed));
    }),
    async deleteNote(...args) {
      const notes = (await notesOf(parts, args)).map(({ uri }) => vscode.Uri.parse(uri));
      await library.update(...(await deleteNotes(notes)));
    },
  };
}

/** Shows the notes that a mark in the editor stands for: one at once, of several the one that is picked. */
export async function showNotes(parts: Pick<NoteCommandParts, 'library' | 'tree'>, uris: unknown): Promise<void> {
  const entries = (Array.isArray(uris) ? uris : []).flatMap((uri) => (typeof uri === 'string' ? parts.library.get(uri) ?? [] : []));
  const entry = entries.length > 1 ? await pickNote(parts.tree, entries, t('Which note?')) : entries[0];
  await (entry === undefined ? undefined : replay(entry));
}

async function replay({ uri }: NoteEntry): Promise<void> {
  await vscode.commands.executeCommand(commandIds.openNoteInPanel, vscode.Uri.parse(uri));
}

/** A command about one note. */
function withNote(parts: NoteCommandParts, act: (entry: NoteEntry) => Promise<unknown>): Handler {
  return async (...args) => {
    const [entry] = await notesOf(parts, args);
    return entry === undefined ? undefined : act(entry);
  };
}

/**
 * The notes that a command is about: those of its arguments, as the tree, a keybinding (`selection`) or another
 * program gives them; else the one in the active editor; else one that is picked.
 */
async function notesOf({ library, tree, selection }: NoteCommandParts, args: readonly unknown[]): Promise<readonly NoteEntry[]> {
  const [first, several] = args;
  const given = first === 'selection' ? selection() : Array.isArray(several) ? (several as readonly unknown[]) : first === undefined ? [] : [first];
  await library.load();
  const found = given.flatMap((one) => entryOf(library, one) ?? []);
  // Several are given only where the selection is: lines that are being drawn anew, given as undefined, are among it.
  const isSelection = Array.isArray(several) && several.length > 1 && found.length < several.length;
  const entries = isSelection ? selection().flatMap((one) => entryOf(library, one) ?? []) : found;
  // A line that is being drawn anew is given as undefined: nothing is better than another note.
  if (entries.length > 0 || args.length > 0) {
    return entries;
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  const open = active === undefined ? undefined : library.get(active);
  const picked = open ?? (await pickNote(tree, library.all(), t('Which note?')));
  return picked === undefined ? [] : [picked];
}

function entryOf(library: NoteLibrary, given: unknown): NoteEntry | undefined {
  if (given instanceof vscode.Uri || typeof given === 'string') {
    return library.get(given);
  }
  if (typeof given !== 'object' || given === null) {
    return undefined;
  }
  // A line of the tree holds a note; a command of one is given the note itself.
  const { uri } = ('entry' in given ? given.entry : given) as { readonly uri?: unknown };
  return typeof uri === 'string' ? library.get(uri) : undefined;
}

/** All other notes, those about the same code with the same question first. */
function likeliest(all: readonly NoteEntry[], { uri, summary }: NoteEntry): readonly NoteEntry[] {
  const likeness = (other: NoteEntry): number =>
    Number(other.summary.source === summary.source) * 2 + Number(other.summary.symbol === summary.symbol) + Number(other.summary.question === summary.question);
  return all.filter((other) => other.uri !== uri).toSorted((first, second) => likeness(second) - likeness(first));
}

async function reveal(states: NoteStates, entry: NoteEntry): Promise<void> {
  const document = await states.document(entry);
  const range = states.of(entry.uri)?.located?.range;
  if (document === undefined || range === undefined) {
    throw codeGone(entry);
  }
  await vscode.window.showTextDocument(document, { selection: document.validateRange(editorRange(range)) });
}

/** The question of a note, about its code as it is now. */
async function requestOfToday({ states, findFunctions }: NoteCommandParts, entry: NoteEntry): Promise<ReasoningRequest> {
  const { task, question, source } = entry.summary;
  const old = await states.notedRequest(entry);
  const request = { task, question: old?.question ?? question };
  if (source === undefined) {
    return request;
  }
  const document = await states.document(entry);
  const range = states.of(entry.uri)?.located?.range;
  if (document === undefined || range === undefined) {
    throw codeGone(entry);
  }
  const code = await codeOfRange(document, range, findFunctions);
  const attachments = await Promise.all((old?.attachments ?? []).map((excerpt) => excerptOfToday(excerpt, findFunctions)));
  const found = attachments.filter((excerpt) => excerpt !== undefined);
  return { ...request, code, ...(found.length === 0 ? {} : { attachments: found }) };
}

/** Further code of a question as it is now; left out where it is gone. */
async function excerptOfToday(excerpt: CodeExcerpt, findFunctions: FunctionFinder): Promise<CodeExcerpt | undefined> {
  try {
    const uri = vscode.Uri.parse(excerpt.uri, true);
    if (vscode.workspace.getWorkspaceFolder(uri) === undefined) {
      return undefined;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    const text = document.getText();
    const located = await locateCode(
      { range: excerpt.range, ...(excerpt.symbol === undefined ? {} : { symbol: excerpt.symbol }) },
      new SourceLines(text),
      { notedText: () => Promise.resolve(excerpt.text), functions: () => findFunctions(text, document.languageId) },
    );
    return located?.range === undefined ? undefined : await codeOfRange(document, located.range, findFunctions);
  } catch {
    return undefined;
  }
}

function codeGone({ uri, summary }: NoteEntry): StepwiseError {
  return new StepwiseError('not-found', t('The code of {0} was not found in {1}. Open the note to see what it was about.', noteFileName(vscode.Uri.parse(uri)), summary.source ?? t('this workspace')));
}
