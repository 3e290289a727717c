import * as vscode from 'vscode';
import type { LessonProposal, PlaybookOperation } from '../app/playbook';
import type { PlaybookStore } from '../app/playbookStore';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import { signalOf } from './cancellation';
import type { Log } from './log';
import type { Models } from './models';
import type { Runs } from './runs';
import type { Settings } from './settings';

/** What lessons need of the rest of the extension. */
export interface LessonParts {
  readonly runs: Runs;
  readonly models: Models;
  readonly log: Log;
}

/** The playbook of this workspace; undefined without a trusted folder on disk to keep it in. */
export async function workspacePlaybook(settings: Settings): Promise<PlaybookStore | undefined> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  if (folder === undefined || !vscode.workspace.isTrusted) {
    return undefined;
  }
  const [{ PlaybookStore }, { createPlaybookFile }] = await Promise.all([import('../app/playbookStore'), import('../node/playbookFile')]);
  return new PlaybookStore(createPlaybookFile(playbookFolder(folder, settings).fsPath, folder.uri.fsPath));
}

/** Further prompts of a run, with what earlier runs taught at the end; as they are where that cannot be had. */
export async function withLessons(prompts: readonly string[], settings: Settings): Promise<readonly string[]> {
  try {
    const playbook = await workspacePlaybook(settings);
    if (playbook === undefined) {
      return prompts;
    }
    const { withPlaybookPrompt } = await import('../app/playbook');
    return withPlaybookPrompt(prompts, await playbook.prompt());
  } catch {
    // A run is worth more than its hints.
    return prompts;
  }
}

function playbookFolder(folder: vscode.WorkspaceFolder, settings: Settings): vscode.Uri {
  return vscode.Uri.joinPath(folder.uri, ...settings.notesLocation.split('/'));
}

/** Asks which lessons the recent runs teach, and keeps those that the person picks. Nothing is kept without a pick. */
export async function drawLessons({ runs, models, log }: LessonParts, settings: Settings): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new StepwiseError('untrusted-workspace', t('Lessons are kept in trusted workspaces only.'), { remedy: 'manage-trust' });
  }
  const playbook = await workspacePlaybook(settings);
  if (playbook === undefined) {
    throw new StepwiseError('no-workspace', t('Open a folder first: the playbook is kept in it.'), { remedy: 'open-folder' });
  }
  const finished = runs.recent().filter((run) => run.outcome !== undefined);
  if (finished.length === 0) {
    await vscode.window.showInformationMessage(t('There is no finished run yet. Reason about some code first.'));
    return;
  }
  const proposals = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Drawing lessons from {0} runs…', finished.length), cancellable: true },
    async (_progress, token) => {
      const cancellation = signalOf(token);
      try {
        const [{ proposeLessons }, { trajectoryOf }] = await Promise.all([import('../app/reflector'), import('../app/trajectory')]);
        const oldestFirst = finished.toReversed().map(trajectoryOf);
        return (await proposeLessons(await models.chosen(), oldestFirst, await playbook.entries(), cancellation.signal)).proposals;
      } finally {
        cancellation.dispose();
      }
    },
  );
  await keepPicked(playbook, proposals, settings, log);
}

interface ProposalItem extends vscode.QuickPickItem {
  readonly operation: PlaybookOperation;
}

async function keepPicked(playbook: PlaybookStore, proposals: readonly LessonProposal[], settings: Settings, log: Log): Promise<void> {
  const items = proposals.flatMap(itemOf);
  if (items.length === 0) {
    await vscode.window.showInformationMessage(t('The runs teach nothing new.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDetail: true,
    title: t('Which lessons should later runs be given?'),
    placeHolder: t('Only what you pick is written into the playbook'),
  });
  if (picked === undefined || picked.length === 0) {
    return;
  }
  const outcomes = await playbook.apply(picked.map(({ operation }) => operation));
  for (const { applied, reason } of outcomes) {
    if (!applied) {
      log.warn(`A lesson was left out: ${reason ?? ''}`);
    }
  }
  const kept = outcomes.filter(({ applied }) => applied).length;
  const open = t('Open Playbook');
  const chosen = await vscode.window.showInformationMessage(t('{0} lessons are in the playbook.', kept), open);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  if (chosen === open && folder !== undefined) {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(playbookFolder(folder, settings), 'playbook.md'));
  }
}

/** A proposal to pick; one to ignore is none. */
function itemOf({ operation, reason }: LessonProposal): ProposalItem[] {
  switch (operation.type) {
    case 'ignore':
      return [];
    case 'add':
      return [{ label: `$(add) ${plain(operation.text)}`, detail: plain(reason), operation }];
    case 'update':
      return [{ label: `$(edit) ${plain(operation.text)}`, description: t('in place of {0}', operation.id), detail: plain(reason), operation }];
    case 'merge':
      return [{ label: `$(combine) ${plain(operation.text)}`, description: t('in place of {0}', operation.ids.join(', ')), detail: plain(reason), operation }];
  }
}

/** Text of a model in a label: it brings no icons of its own. */
function plain(text: string): string {
  return text.replace(/\$\(/g, '$ (');
}
