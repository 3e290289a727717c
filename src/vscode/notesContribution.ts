import * as vscode from 'vscode';
import type { ReasoningRequest } from '../core/request';
import type { NoteCommandName } from './ids';
import { noteCommandIds, notesViewId, settingKeys, settingsSection, showNotesCommandId } from './ids';
import type { Log } from './log';
import type { NoteFeatures } from './noteFeatures';
import type { NoteFolder, NoteSurroundings } from './noteLibrary';
import type { NoteNode } from './noteTree';
import type { Notes } from './notes';
import { once } from './once';
import { showProblem } from './problems';
import type { Runs } from './runs';
import type { FunctionFinder } from './selection';
import { currentSettings } from './surroundings';

/** What the view, the commands and the marks of notes need of the rest of the extension. */
export interface NotesContributionParts {
  readonly storage: vscode.Uri;
  readonly state: Pick<vscode.Memento, 'get' | 'update'>;
  readonly notes: Pick<Notes, 'onDidWrite'>;
  readonly runs: Pick<Runs, 'active' | 'noteOf' | 'onDidSettle'>;
  readonly findFunctions: FunctionFinder;
  readonly log: Log;
  /** Starts a run, shows it, and settles when it is over. */
  readonly reason: (request: ReasoningRequest) => Promise<unknown>;
}

/** After this time without being needed otherwise, the marks above code are set up, in ms: the start of the window is over. */
const idleMs = 1_500;

/**
 * Registers the view of notes, its commands and its marks. All that does something is loaded when the view is first
 * shown, a command is called, or the window has been idle for a moment.
 */
export function registerNotes(parts: NotesContributionParts): vscode.Disposable {
  const redraw = new vscode.EventEmitter<NoteNode[] | undefined>();
  let loaded: NoteFeatures | undefined;
  let isDisposed = false;
  const features = once(async () => {
    const { createNoteFeatures } = await import('./noteFeatures');
    const made = createNoteFeatures({
      ...parts,
      surroundings,
      selection: () => view.selection,
      running: () => new Set(parts.runs.active().flatMap(({ runId }) => parts.runs.noteOf(runId)?.toString() ?? [])),
    });
    if (isDisposed) {
      made.dispose();
      throw new vscode.CancellationError();
    }
    made.tree.onDidChangeTreeData((nodes) => {
      view.message = made.tree.message;
      redraw.fire(nodes);
    });
    made.tree.setVisible(view.visible);
    loaded = made;
    return made;
  });
  const provider: vscode.TreeDataProvider<NoteNode> = {
    onDidChangeTreeData: redraw.event,
    getChildren: async (node) => (await features()).tree.getChildren(node),
    // VS Code asks only for what `getChildren` gave.
    getTreeItem: (node) => loaded?.tree.getTreeItem(node) ?? new vscode.TreeItem(''),
    resolveTreeItem: (item, node) => loaded?.tree.resolveTreeItem(item, node),
  };
  const surroundings = noteSurroundings();
  const view = vscode.window.createTreeView(notesViewId, { treeDataProvider: provider, canSelectMany: true, showCollapseAll: true });
  const marks = marksFollowing(features, () => loaded, parts.log);
  return vscode.Disposable.from(
    redraw,
    view,
    marks,
    surroundings,
    view.onDidChangeVisibility(({ visible }) => loaded?.tree.setVisible(visible)),
    parts.notes.onDidWrite((note) => {
      void loaded?.library.update(note);
      void offerToIgnore(note, parts);
    }),
    parts.runs.onDidSettle(() => loaded?.tree.refresh()),
    ...(Object.keys(noteCommandIds) as NoteCommandName[]).map((name) => register(noteCommandIds[name], parts.log, async (...args) => (await features()).commands[name](...args))),
    register(showNotesCommandId, parts.log, async (uris) => (await features()).showNotes(uris)),
    { dispose: () => {
      isDisposed = true;
      loaded?.dispose();
    } },
  );
}

function register(id: string, log: Log, handler: (...args: readonly unknown[]) => Promise<unknown>): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await handler(...args);
    } catch (error) {
      // Not awaited: the caller of a command does not wait until a message is answered.
      void showProblem(error, log);
      return undefined;
    }
  });
}

/** Sets the marks up when the window is idle, and follows their setting. */
function marksFollowing(features: () => Promise<NoteFeatures>, loaded: () => NoteFeatures | undefined, log: Log): vscode.Disposable {
  const follow = (): void => {
    const isOn = currentSettings().noteLens;
    if (isOn) {
      features().then((made) => made.setMarks(true)).catch((error: unknown) => log.warn('The marks of notes could not be shown.', error));
    } else {
      loaded()?.setMarks(false);
    }
  };
  const timer = setTimeout(follow, idleMs);
  const registration = vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(`${settingsSection}.${settingKeys.noteLens}`)) {
      follow();
    }
  });
  return new vscode.Disposable(() => {
    clearTimeout(timer);
    registration.dispose();
  });
}

/** Asks once whether git should ignore the notes; loaded only for a note in a folder of a trusted workspace on a disk. */
async function offerToIgnore(note: vscode.Uri, { state, log }: NotesContributionParts): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(note);
  if (folder?.uri.scheme !== 'file' || !vscode.workspace.isTrusted) {
    return;
  }
  try {
    const { offerToIgnoreNotes } = await import('./noteSharing');
    await offerToIgnoreNotes(note, folder.uri, state);
  } catch (error) {
    void showProblem(error, log);
  }
}

/** The folders of this window. */
function noteSurroundings(): NoteSurroundings & { dispose(): void } {
  const changes = new vscode.EventEmitter<void>();
  const registrations = vscode.Disposable.from(
    changes,
    vscode.workspace.onDidChangeWorkspaceFolders(() => changes.fire()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${settingsSection}.${settingKeys.notesLocation}`)) {
        changes.fire();
      }
    }),
  );
  return {
    folders: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri, name }): NoteFolder => ({ uri, name, location: currentSettings(uri).notesLocation })),
    onDidChangeFolders: changes.event,
    watch(folder, listener) {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '**/*'));
      return vscode.Disposable.from(watcher, watcher.onDidCreate(listener), watcher.onDidChange(listener), watcher.onDidDelete(listener));
    },
    dispose: () => void registrations.dispose(),
  };
}
