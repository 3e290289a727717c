import * as vscode from 'vscode';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { IgnorePlace } from '../node/gitRepository';
import { findRepository, ignoreFolder, isIgnored } from '../node/gitRepository';
import { stateKeys } from './ids';

/**
 * After the first note of a workspace folder that git versions, asks whether notes are to be shared or ignored: once,
 * whatever is answered. Nothing is asked where git ignores the notes already, and where there are others: somebody
 * has decided then.
 */
export async function offerToIgnoreNotes(note: vscode.Uri, folder: vscode.Uri, state: Pick<vscode.Memento, 'get' | 'update'>): Promise<void> {
  const stored = state.get<unknown>(stateKeys.notesOffered);
  const offered = Array.isArray(stored) ? stored.filter((uri) => typeof uri === 'string') : [];
  const notes = vscode.Uri.joinPath(note, '..');
  if (offered.includes(folder.toString()) || !(await isOnlyNote(notes))) {
    return;
  }
  const repository = await findRepository(notes.fsPath);
  if (repository === undefined || (await isIgnored(repository, notes.fsPath))) {
    return;
  }
  await state.update(stateKeys.notesOffered, [...offered, folder.toString()]);
  const share = t('Share Them');
  const forMe = t('Ignore for Me');
  const forAll = t('Ignore for Everyone');
  const answer = await vscode.window.showInformationMessage(
    t('Notes are kept in {0}, which is part of a git repository. Shall git ignore them?', vscode.workspace.asRelativePath(notes, false)),
    share, forMe, forAll,
  );
  const place: IgnorePlace | undefined = answer === forMe ? 'exclude' : answer === forAll ? 'gitignore' : undefined;
  if (place === undefined) {
    return;
  }
  try {
    const file = await ignoreFolder(repository, notes.fsPath, place);
    void vscode.window.showInformationMessage(t('Git ignores the notes from now on. The rule stands at the end of {0}.', place === 'exclude' ? '.git/info/exclude' : vscode.workspace.asRelativePath(file, false)));
  } catch (error) {
    throw new StepwiseError('note-not-written', t('The rule could not be written. Add {0} to .gitignore yourself.', `${vscode.workspace.asRelativePath(notes, false)}/`), { cause: error });
  }
}

/** True for a folder with a single note in it. */
async function isOnlyNote(notes: vscode.Uri): Promise<boolean> {
  const entries = await vscode.workspace.fs.readDirectory(notes);
  return entries.filter(([name]) => name.endsWith('.md')).length === 1;
}
