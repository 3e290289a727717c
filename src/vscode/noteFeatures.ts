import * as vscode from 'vscode';
import type { ReasoningRequest } from '../core/request';
import type { NoteCommandName } from './ids';
import type { Log } from './log';
import { noteCommands, showNotes } from './noteCommands';
import { NoteLens } from './noteLens';
import type { NoteSurroundings } from './noteLibrary';
import { NoteLibrary } from './noteLibrary';
import { NoteStates } from './noteStates';
import type { NoteNode } from './noteTree';
import { NoteTree } from './noteTree';
import type { FunctionFinder } from './selection';

/** What lists and marks of notes are made of. */
export interface NoteFeatureParts {
  /** Stepwise's own storage, for notes that cannot be in the workspace. */
  readonly storage: vscode.Uri;
  readonly state: Pick<vscode.Memento, 'get' | 'update'>;
  readonly surroundings: NoteSurroundings;
  readonly findFunctions: FunctionFinder;
  readonly log: Log;
  /** URIs of the notes whose runs go on in this window. */
  readonly running: () => ReadonlySet<string>;
  /** Starts a run, shows it, and settles when it is over. */
  readonly reason: (request: ReasoningRequest) => Promise<unknown>;
  /** What is selected in the tree. */
  readonly selection: () => readonly NoteNode[];
}

/** All that is loaded only when notes are shown. */
export interface NoteFeatures {
  readonly library: NoteLibrary;
  readonly states: NoteStates;
  readonly tree: NoteTree;
  readonly commands: Record<NoteCommandName, (...args: readonly unknown[]) => Promise<unknown>>;
  showNotes(uris: unknown): Promise<void>;
  /** Shows the marks above code, or takes them away. */
  setMarks(isOn: boolean): void;
  dispose(): void;
}

/** Makes the lists and marks of notes; no note is read before one of them is asked for. */
export function createNoteFeatures(parts: NoteFeatureParts): NoteFeatures {
  const { surroundings, log, findFunctions, state, running } = parts;
  const library = new NoteLibrary({ fallback: vscode.Uri.joinPath(parts.storage, 'notes'), surroundings, log });
  const states = new NoteStates({ library, findFunctions, log });
  const tree = new NoteTree({ library, states, state, log, running });
  let lens: NoteLens | undefined;
  return {
    library,
    states,
    tree,
    commands: noteCommands({ library, states, tree, findFunctions, selection: parts.selection, reason: parts.reason }),
    showNotes: (uris) => showNotes({ library, tree }, uris),
    setMarks(isOn) {
      if (isOn) {
        lens ??= new NoteLens(library, states);
      } else {
        lens?.dispose();
        lens = undefined;
      }
    },
    dispose() {
      lens?.dispose();
      tree.dispose();
      states.dispose();
      library.dispose();
    },
  };
}
