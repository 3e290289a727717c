import * as vscode from 'vscode';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { ExportParts } from './exportRun';
import { exportRun, pickFormat } from './exportRun';
import type { RunChoice } from './pickRun';
import type { Runs } from './runs';

/** What the commands that show finished runs act on. */
export interface RunCommandParts {
  readonly runs: Runs;
  readonly choice: RunChoice;
  readonly panel: {
    readonly shownId: string | undefined;
    show(runId?: string, comparedId?: string): Promise<void>;
  };
}

/** What showing two runs side by side needs. */
export interface ComparisonParts extends Pick<RunCommandParts, 'runs' | 'choice'> {
  readonly panel: Pick<RunCommandParts['panel'], 'show'>;
}

/** Opens a note in the panel, as the run that it holds: the given one, else that of the active editor. */
export async function openNoteInPanel(parts: RunCommandParts, argument: unknown): Promise<string> {
  const note = argument ?? vscode.window.activeTextEditor?.document.uri;
  if (note === undefined) {
    throw new StepwiseError('no-editor', t('No note is open. Open a note in the editor, and run the command again.'));
  }
  const runId = await parts.choice.find(note);
  await parts.panel.show(runId);
  return runId;
}

/** Exports a run: that of the argument (a note or an id), else the one that the panel shows, else one that the person picks. */
export async function exportRunCommand(parts: RunCommandParts & ExportParts, argument: unknown, given: unknown): Promise<string | undefined> {
  const { shownId } = parts.panel;
  const runId = argument !== undefined ? await parts.choice.find(argument) : (shownId ?? (await parts.choice.pick(t('Export which run?'))));
  const format = given === 'html' || given === 'json' ? given : runId === undefined ? undefined : await pickFormat();
  return runId === undefined || format === undefined ? undefined : (await exportRun(runId, format, parts))?.toString();
}

/** Shows two runs side by side: those of the arguments (notes or ids), else the ones that the person picks. */
export async function compareRuns(parts: RunCommandParts, first: unknown, second: unknown): Promise<void> {
  const firstId = first === undefined ? await parts.choice.pick(t('Compare which run?')) : await parts.choice.find(first);
  if (firstId !== undefined) {
    await compareWith(parts, firstId, second);
  }
}

/** Shows a run beside another one: that of the argument, else the one that the person picks. */
export async function compareWith(parts: ComparisonParts, firstId: string, second?: unknown): Promise<void> {
  const secondId = second === undefined ? await parts.choice.pick(t('Compare with which run?'), firstId) : await parts.choice.find(second);
  if (secondId === undefined) {
    return;
  }
  if (parts.runs.isActive(firstId) || parts.runs.isActive(secondId)) {
    throw new StepwiseError('bad-arguments', t('A run that goes on cannot be compared yet. Wait for its end, or stop it.'));
  }
  await parts.panel.show(firstId, secondId);
}
