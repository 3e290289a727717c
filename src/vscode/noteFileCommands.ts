import * as vscode from 'vscode';
import { nameProblem, noteFileNameOf } from '../app/noteName';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';

/** The file name of a note. */
export function noteFileName(note: vscode.Uri): string {
  return note.path.slice(note.path.lastIndexOf('/') + 1);
}

/** Asks for another name and gives it to a note; nothing that is there is ever overwritten. Undefined where it keeps its own. */
export async function renameNote(note: vscode.Uri): Promise<vscode.Uri | undefined> {
  const name = noteFileName(note);
  const place = (written: string): vscode.Uri => vscode.Uri.joinPath(note, '..', noteFileNameOf(written));
  const written = await vscode.window.showInputBox({
    title: t('Rename {0}', name),
    prompt: t('The new name; “.md” is added where it is missing'),
    value: name,
    valueSelection: [0, name.replace(/\.md$/i, '').length],
    validateInput: async (text) => nameProblem(text) ?? (noteFileNameOf(text) !== name && (await isTaken(note, place(text))) ? taken(text) : undefined),
  });
  if (written === undefined || noteFileNameOf(written) === name) {
    return undefined;
  }
  const problem = nameProblem(written);
  if (problem !== undefined) {
    throw new StepwiseError('bad-arguments', problem);
  }
  const renamed = place(written);
  if (await isTaken(note, renamed)) {
    throw new StepwiseError('note-not-written', taken(written));
  }
  // As the Explorer does it: editors that show the note go with it. `overwrite: false` holds against whoever was faster.
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(note, renamed, { overwrite: false });
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new StepwiseError('note-not-written', t('{0} could not be renamed. Check that it is still there and that its folder can be written.', name));
  }
  return renamed;
}

/** Asks, and deletes notes; into the trash where there is one. Gives those that are gone. */
export async function deleteNotes(notes: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
  const [first] = notes;
  if (first === undefined) {
    return [];
  }
  const name = noteFileName(first);
  const isSure = await confirm(
    notes.length === 1 ? t('Delete the note {0}?', name) : t('Delete {0} notes?', notes.length),
    notes.length === 1 ? t('It goes to the trash where there is one.') : `${notes.map(noteFileName).slice(0, 10).join('\n')}${notes.length > 10 ? '\n…' : ''}`,
    t('Delete'),
  );
  if (!isSure) {
    return [];
  }
  const gone: vscode.Uri[] = [];
  const untrashed: vscode.Uri[] = [];
  for (const note of notes) {
    try {
      await vscode.workspace.fs.delete(note, { useTrash: true });
      gone.push(note);
    } catch (error) {
      if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') {
        gone.push(note);
      } else {
        untrashed.push(note);
      }
    }
  }
  // Not every file system has a trash; what goes for good is asked about once more.
  if (untrashed.length > 0 && (await confirm(t('There is no trash here. Delete for good?'), untrashed.map(noteFileName).slice(0, 10).join('\n'), t('Delete for Good')))) {
    for (const note of untrashed) {
      await deleteForGood(note);
      gone.push(note);
    }
  }
  return gone;
}

async function deleteForGood(note: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.delete(note);
  } catch (error) {
    throw new StepwiseError('note-not-written', t('{0} could not be deleted. Check the rights of its folder.', noteFileName(note)), { cause: error });
  }
}

async function confirm(question: string, detail: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

function taken(written: string): string {
  return t('There is a file named {0} already. Choose another name.', noteFileNameOf(written));
}

/** True where something has that name. On file systems that do not tell cases apart a note may change the case of its own. */
async function isTaken(note: vscode.Uri, place: vscode.Uri): Promise<boolean> {
  if (noteFileName(note).toLowerCase() === noteFileName(place).toLowerCase() && (await isSameFile(note, place))) {
    return false;
  }
  return exists(place);
}

/** Whether two spellings name one file: the folder lists a file once. */
async function isSameFile(note: vscode.Uri, place: vscode.Uri): Promise<boolean> {
  const names = new Set((await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(note, '..'))).map(([name]) => name));
  return !names.has(noteFileName(place));
}

async function exists(place: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(place);
    return true;
  } catch {
    return false;
  }
}
