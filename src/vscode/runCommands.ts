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
    announce(): () => boolean;
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
  const isStillWanted = parts.panel.announce();
  const runId = await parts.choice.find(note);
  if (isStillWanted()) {
    await parts.panel.show(runId);
  }
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
  const { choice, panel } = parts;
  if (first !== undefined && second !== undefined) {
    const isStillWanted = panel.announce();
    const ids = [await choice.find(first), await choice.find(second)] as const;
    await (isStillWanted() ? showSideBySide(parts, ...ids) : undefined);
    return;
  }
  const firstId = first === undefined ? await choice.pick(t('Compare which run?')) : await choice.find(first);
  await (firstId === undefined ? undefined : compareWith(parts, firstId));
}

/** Shows a run beside another one, which the person picks. */
export async function compareWith(parts: ComparisonParts, firstId: string): Promise<void> {
  const secondId = await parts.choice.pick(t('Compare with which run?'), firstId);
  await (secondId === undefined ? undefined : showSideBySide(parts, firstId, secondId));
}

async function showSideBySide({ runs, panel }: ComparisonParts, firstId: string, secondId: string): Promise<void> {
  if (runs.isActive(firstId) || runs.isActive(secondId)) {
    throw new StepwiseError('bad-arguments', t('A run that goes on cannot be compared yet. Wait for its end, or stop it.'));
  }
  await panel.show(firstId, secondId);
}
