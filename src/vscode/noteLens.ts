import * as vscode from 'vscode';
import type { MarkedNote } from '../app/noteWording';
import { markText, noteTitle, notesByPlace, timeAgo } from '../app/noteWording';
import { showNotesCommandId } from './ids';
import type { NoteLibrary } from './noteLibrary';
import type { NoteStates } from './noteStates';
import { fileUri } from './selection';
import { currentSettings } from './surroundings';
import { taskText } from './tasks';

/** Marks above code that has notes. All they show is known already: asking for them costs no search. */
export class NoteLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #library: NoteLibrary;
  readonly #states: NoteStates;
  readonly #changes = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable;

  readonly onDidChangeCodeLenses = this.#changes.event;

  constructor(library: NoteLibrary, states: NoteStates) {
    this.#library = library;
    this.#states = states;
    this.#subscriptions = vscode.Disposable.from(
      this.#changes,
      library.onDidChange(() => this.#changes.fire()),
      states.onDidChange(() => this.#changes.fire()),
      vscode.languages.registerCodeLensProvider({ scheme: '*' }, this),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const entries = this.#library.about(fileUri(document.uri));
    if (entries.length === 0) {
      // Loading tells of what it finds, and then this is asked again.
      void this.#library.load();
      return [];
    }
    void this.#states.check(entries);
    const key = document.uri.toString();
    const notes = entries.flatMap((entry): MarkedNote[] => {
      const state = this.#states.of(entry.uri);
      return state?.text === key && state.located?.range !== undefined ? [{ entry, located: state.located }] : [];
    });
    const isKnown = currentSettings(document.uri).complexityLens;
    return notesByPlace(notes).map((place) => {
      const line = Math.min(place.line, document.lineCount) - 1;
      return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
        title: markText(place.notes, isKnown),
        tooltip: tooltipOf(place.notes),
        command: showNotesCommandId,
        arguments: [place.notes.map(({ entry }) => entry.uri)],
      });
    });
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

/** The notes of a mark, a line each. */
function tooltipOf(notes: readonly MarkedNote[]): string {
  const naming = { standardQuestion: (task: Parameters<typeof taskText>[0]) => taskText(task).question };
  return notes.map(({ entry: { summary }, located }) => `${noteTitle(summary, naming, located)} · ${timeAgo(summary.date, Date.now(), vscode.env.language)}`).join('\n');
}
