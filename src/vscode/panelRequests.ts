import * as vscode from 'vscode';
import { StepwiseError, isStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import { deepened, followUp, forked, retried } from '../app/nextRequest';
import type { ReasoningRequest, SourceReference } from '../core/request';
import type { Run } from '../core/run';
import type { WorkspacePort } from '../tools/workspace';
import type { CitationState, PanelAbility, PanelReplyValue, PanelRequest } from '../webview/protocol';
import { pickModel } from './chooseModel';
import { exportRun } from './exportRun';
import { commandIds, internalCommandIds } from './ids';
import type { Models } from './models';
import { mend } from './problems';
import type { RunChoice } from './pickRun';
import { compareWith } from './runCommands';
import type { Runs } from './runs';
import type { Settings } from './settings';
import { linesOfGiven, openSource } from './workspacePaths';

/** What the panel's requests act on. */
export interface PanelRequestParts {
  readonly runs: Runs;
  readonly models: Models;
  workspace(): Promise<WorkspacePort>;
  readonly choice: RunChoice;
  settings(scope?: vscode.Uri): Settings;
  /** Shows a run, or two side by side, where the request came from. */
  show(runId?: string, comparedId?: string): Promise<void>;
  /** The run that the panel shows. */
  shown(): Run | undefined;
}

/** What the panel may offer. */
export const panelAbilities: readonly PanelAbility[] = ['open-note', 'follow-up', 'retry', 'go-deeper', 'pause', 'fork', 'check-citations', 'compare', 'export'];

/** Carries out what a person asked for in the panel. Throws `StepwiseError`s, which go back as the reply. */
export async function answerPanel(request: PanelRequest, parts: PanelRequestParts): Promise<PanelReplyValue> {
  switch (request.type) {
    case 'stop':
      parts.runs.stop(request.runId);
      return null;
    case 'pause':
      parts.runs.pause(request.runId, request.paused);
      return null;
    case 'open-note':
      await vscode.commands.executeCommand(internalCommandIds.openNote, parts.runs.noteOf(request.runId));
      return null;
    case 'open-source':
      await openSource(request.path, request.range, parts.shown());
      return null;
    case 'follow-up':
      return startFrom(parts, request.runId, (run) => followUp(run, request.text));
    case 'retry':
      return startFrom(parts, request.runId, retried);
    case 'go-deeper':
      return startFrom(parts, request.runId, deepened);
    case 'fork':
      return startFrom(parts, request.runId, (run) => forked(run, request.step, request.edited), request.otherModel);
    case 'ask':
      await vscode.commands.executeCommand(request.about === 'selection' ? commandIds.reasonAboutSelection : commandIds.ask);
      return null;
    case 'choose-model':
      await vscode.commands.executeCommand(commandIds.chooseModel);
      return null;
    case 'remedy':
      await mend(request.remedy, () => startFrom(parts, request.runId, retried));
      return null;
    case 'copy':
      await vscode.env.clipboard.writeText(request.text);
      return null;
    case 'show-run':
      await parts.show(request.runId);
      return null;
    case 'compare':
      await compareWith({ runs: parts.runs, choice: parts.choice, panel: parts }, request.runId);
      return null;
    case 'export':
      await exportRun(request.runId, request.format, parts);
      return null;
    case 'check-citations':
      return checkCitations(request.references, parts.shown(), await parts.workspace());
  }
}

async function startFrom(parts: PanelRequestParts, runId: string, next: (run: Run) => ReasoningRequest, otherModel = false): Promise<null> {
  const run = parts.runs.find(runId);
  if (run === undefined) {
    throw new StepwiseError('not-found', t('This run is no longer kept. Its note has all of it.'));
  }
  const model = otherModel ? await pickModel(parts.models) : undefined;
  if (otherModel && model === undefined) {
    return null;
  }
  const started = await parts.runs.start({ request: next(run), ...(model === undefined ? {} : { model }) });
  await parts.show(started.handle.runId);
  return null;
}

/**
 * Whether cited places exist; each file is read once, within the same limits as by a tool. The code of the run itself is
 * found wherever it is.
 */
async function checkCitations(references: readonly SourceReference[], run: Run | undefined, workspace: WorkspacePort): Promise<readonly CitationState[]> {
  const { signal } = new AbortController();
  const lines = new Map<string, Promise<number | undefined>>();
  const countLines = (path: string): Promise<number | undefined> => {
    const known = lines.get(path) ?? linesOfGiven(path, run).then((given) => given ?? linesOfFile(path));
    lines.set(path, known);
    return known;
  };
  const linesOfFile = (path: string): Promise<number | undefined> =>
    workspace.readText(path, signal).then(
      ({ text }) => text.split('\n').length,
      (error: unknown) => {
        if (isStepwiseError(error)) {
          return undefined;
        }
        throw error;
      },
    );
  return Promise.all(references.map(async ({ path, range }): Promise<CitationState> => {
    const count = await countLines(path);
    return count === undefined ? 'no-file' : range !== undefined && range.endLine > count ? 'no-lines' : 'found';
  }));
}
