import * as vscode from 'vscode';
import { isStepwiseError } from '../core/errors';
import type { EarlierStep, ReasoningRequest, SourceReference } from '../core/request';
import type { Run, RunStep } from '../core/run';
import type { WorkspacePort } from '../tools/workspace';
import type { CitationState, EditedStep, PanelAbility, PanelReplyValue, PanelRequest } from '../webview/protocol';
import { pickModel } from './chooseModel';
import { commandIds, internalCommandIds } from './ids';
import type { Models } from './models';
import { mend } from './problems';
import type { Runs } from './runs';
import { taskOfQuestion } from '../app/taskOfQuestion';
import { openSource } from './workspacePaths';

/** What the panel's requests act on. */
export interface PanelRequestParts {
  readonly runs: Runs;
  readonly models: Models;
  workspace(): Promise<WorkspacePort>;
  /** Shows a run in the panel. */
  show(runId: string): Promise<void>;
  /** The run that the panel shows. */
  shown(): Run | undefined;
}

/** What the panel may offer. */
export const panelAbilities: readonly PanelAbility[] = ['open-note', 'follow-up', 'retry', 'go-deeper', 'pause', 'fork', 'check-citations'];

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
      return startFrom(parts, request.runId, again);
    case 'go-deeper':
      return startFrom(parts, request.runId, (run) => ({ ...again(run), earlierSteps: run.steps.map(earlierStep) }));
    case 'fork':
      return startFrom(parts, request.runId, (run) => forked(run, request.step, request.edited), request.otherModel);
    case 'ask':
      await vscode.commands.executeCommand(request.about === 'selection' ? commandIds.reasonAboutSelection : commandIds.ask);
      return null;
    case 'choose-model':
      await vscode.commands.executeCommand(commandIds.chooseModel);
      return null;
    case 'remedy':
      await mend(request.remedy, () => startFrom(parts, request.runId, again));
      return null;
    case 'copy':
      await vscode.env.clipboard.writeText(request.text);
      return null;
    case 'show-run':
      await parts.show(request.runId);
      return null;
    case 'compare':
    case 'export':
      // Not among the abilities: the page does not offer them.
      return null;
    case 'check-citations':
      return checkCitations(request.references, await parts.workspace());
  }
}

async function startFrom(parts: PanelRequestParts, runId: string, next: (run: Run) => ReasoningRequest, otherModel = false): Promise<null> {
  const run = parts.runs.find(runId);
  if (run === undefined) {
    return null;
  }
  const model = otherModel ? await pickModel(parts.models) : undefined;
  if (otherModel && model === undefined) {
    return null;
  }
  const started = await parts.runs.start({ request: next(run), ...(model === undefined ? {} : { model }) });
  await parts.show(started.handle.runId);
  return null;
}

/** The request of a run without its options: those of the settings apply as they are now. */
function again({ request }: Run): ReasoningRequest {
  const { options, ...rest } = request;
  return options?.tools === undefined ? rest : { ...rest, options: { tools: options.tools } };
}

/** A question that goes on from a run: its question and answer come before it. */
export function followUp(run: Run, text: string): ReasoningRequest {
  const before = again(run);
  const history = [
    ...(before.history ?? []),
    ...(run.answer === '' ? [] : [{ role: 'user' as const, content: before.question }, { role: 'assistant' as const, content: run.answer }]),
  ];
  return {
    task: taskOfQuestion(text),
    question: text.trim(),
    ...(before.code === undefined ? {} : { code: before.code }),
    ...(before.attachments === undefined ? {} : { attachments: before.attachments }),
    ...(history.length === 0 ? {} : { history }),
    ...(before.options === undefined ? {} : { options: before.options }),
  };
}

/** The steps of a run up to one of them (1-based, included), the last one as the person edited it. */
export function forked(run: Run, step: number, edited: EditedStep | undefined): ReasoningRequest {
  const steps = run.steps.filter(({ index }) => index <= step);
  const earlierSteps = steps.map((one, position) => {
    const kept = earlierStep(one);
    if (edited === undefined || position !== steps.length - 1) {
      return kept;
    }
    const actions = kept.actions.map((action, index) => ({ ...action, observation: edited.observations[index] ?? action.observation }));
    return { ...kept, thought: edited.thought, actions };
  });
  return { ...again(run), earlierSteps };
}

function earlierStep({ title, thought, actions }: RunStep): EarlierStep {
  return {
    title,
    thought,
    actions: actions.flatMap(({ tool, args, observation, isError }) => (observation === undefined ? [] : [{ tool, args, observation, isError }])),
  };
}

/** Whether cited places exist; each file is read once, within the same limits as by a tool. */
async function checkCitations(references: readonly SourceReference[], workspace: WorkspacePort): Promise<readonly CitationState[]> {
  const { signal } = new AbortController();
  const lines = new Map<string, Promise<number | undefined>>();
  const countLines = (path: string): Promise<number | undefined> => {
    const known = lines.get(path) ?? workspace.readText(path, signal).then(
      ({ text }) => text.split('\n').length,
      (error: unknown) => {
        if (isStepwiseError(error)) {
          return undefined;
        }
        throw error;
      },
    );
    lines.set(path, known);
    return known;
  };
  return Promise.all(references.map(async ({ path, range }): Promise<CitationState> => {
    const count = await countLines(path);
    return count === undefined ? 'no-file' : range !== undefined && range.endLine > count ? 'no-lines' : 'found';
  }));
}
