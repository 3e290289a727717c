import * as vscode from 'vscode';
import { StepwiseError, isStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { CodeExcerpt } from '../core/request';
import type { Run } from '../core/run';
import { interrupted } from './keptRuns';
import type { Runs } from './runs';
import { fileUri } from './selection';

/** Largest note that is read, in bytes: the panel shows runs, not archives. */
const maxBytes = 20_000_000;

/**
 * Reads a note, or a run that was exported as JSON, and keeps it, so that it is shown, gone on from and compared like a run of this window.
 * @returns the id under which it is kept: the note's own, or another one where a different note has that
 * @throws {StepwiseError} `not-found`, `file-too-large` or `unreadable-note`, each of them named after the note
 */
export async function openNoteRun(note: vscode.Uri, runs: Runs): Promise<string> {
  const run = await runOfNote(note);
  if (runs.isActive(run.id)) {
    // The note of a run that goes on is behind it.
    return run.id;
  }
  const id = (await hasOtherNote(run.id, note, runs)) ? await idOfCopy(note) : run.id;
  await runs.adopt({ ...interrupted(run, Date.now()), id }, note);
  return id;
}

async function runOfNote(note: vscode.Uri): Promise<Run> {
  const name = vscode.workspace.asRelativePath(note);
  const text = await textOf(note, name);
  const root = vscode.workspace.getWorkspaceFolder(note)?.uri.toString();
  const { readNote } = await import('../transcript/readNote');
  const { readRunJson } = await import('../transcript/exportJson');
  try {
    return harmless(note.path.endsWith('.json') ? readRunJson(text, root) : readNote(text, root));
  } catch (error) {
    if (isStepwiseError(error) && error.code === 'unreadable-note') {
      throw new StepwiseError('unreadable-note', t('{0} cannot be opened in the panel. {1}', name, error.message), { cause: error });
    }
    throw error;
  }
}

/** What the editor shows where the note is open there, else what is on disk. */
async function textOf(note: vscode.Uri, name: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === note.toString());
  if (open !== undefined) {
    return open.getText();
  }
  try {
    const { size } = await vscode.workspace.fs.stat(note);
    if (size > maxBytes) {
      throw new StepwiseError('file-too-large', t('{0} is too large for the panel. Open it in the editor.', name));
    }
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(note));
  } catch (error) {
    if (isStepwiseError(error)) {
      throw error;
    }
    throw new StepwiseError('not-found', t('The note {0} could not be opened. It may have been moved or deleted.', name), { cause: error });
  }
}

/** A note may come from anybody: addresses in it that lead out of the workspace are dropped. */
function harmless(run: Run): Run {
  const { code, attachments } = run.request;
  return {
    ...run,
    request: {
      ...run.request,
      ...(code === undefined ? {} : { code: confined(code) }),
      ...(attachments === undefined ? {} : { attachments: attachments.map(confined) }),
    },
  };
}

function confined(excerpt: CodeExcerpt): CodeExcerpt {
  return isOurs(excerpt.uri) ? excerpt : { ...excerpt, uri: '' };
}

function isOurs(address: string): boolean {
  try {
    const uri = vscode.Uri.parse(address, true);
    return vscode.workspace.getWorkspaceFolder(fileUri(uri)) !== undefined
      || vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
  } catch {
    // No address at all.
    return false;
  }
}

/** True where the id belongs to a note that is still there and is not this one: this one is a copy of it. */
async function hasOtherNote(runId: string, note: vscode.Uri, runs: Runs): Promise<boolean> {
  const known = runs.noteOf(runId);
  if (known === undefined || known.toString() === note.toString()) {
    return false;
  }
  return vscode.workspace.fs.stat(known).then(() => true, () => false);
}

/** An id that a copy has for itself, the same each time it is opened. */
async function idOfCopy(note: vscode.Uri): Promise<string> {
  const { sha256 } = await import('../app/noteJournal');
  return `note-${(await sha256(note.toString())).slice(0, 32)}`;
}
