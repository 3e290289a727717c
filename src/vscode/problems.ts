import * as vscode from 'vscode';
import type { ErrorData, ErrorRemedy } from '../core/errors';
import { errorData, toStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import { commandIds, settingsSection } from './ids';
import type { Log } from './log';

/** The command that mends an error, as a button. `retry` has none of its own: whoever shows it knows what to retry. */
export function remedyCommand(remedy: ErrorRemedy): vscode.Command | undefined {
  const commands: Record<ErrorRemedy, () => vscode.Command | undefined> = {
    'set-key': () => ({ title: t('Set API Key'), command: commandIds.setGroqKey }),
    'choose-model': () => ({ title: t('Choose Model'), command: commandIds.chooseModel }),
    'open-settings': () => ({ title: t('Open Settings'), command: 'workbench.action.openSettings', arguments: [settingsSection] }),
    'open-folder': () => ({ title: t('Open Folder'), command: 'workbench.action.files.openFolder' }),
    'manage-trust': () => ({ title: t('Manage Trust'), command: 'workbench.trust.manage' }),
    retry: () => undefined,
  };
  return commands[remedy]();
}

/** Carries out what mends an error. */
export async function mend(remedy: ErrorRemedy, retry?: () => Promise<unknown>): Promise<void> {
  const command = remedyCommand(remedy);
  if (command !== undefined) {
    await vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[]));
  } else {
    await retry?.();
  }
}

/** Shows an expected error with the button that mends it; settles when the message is answered or goes away. */
export async function showError(error: ErrorData, retry?: () => Promise<unknown>): Promise<void> {
  const { remedy } = error;
  const title = remedy === undefined ? undefined : remedy === 'retry' ? (retry === undefined ? undefined : t('Try Again')) : remedyCommand(remedy)?.title;
  const chosen = await vscode.window.showErrorMessage(error.message, ...(title === undefined ? [] : [title]));
  if (chosen !== undefined && remedy !== undefined) {
    await mend(remedy, retry);
  }
}

/** Shows whatever a command threw: an expected error as it is, a bug with the way to the log. */
export async function showProblem(thrown: unknown, log: Log): Promise<void> {
  if (thrown instanceof vscode.CancellationError) {
    return;
  }
  const error = toStepwiseError(thrown);
  if (error.code === 'cancelled') {
    return;
  }
  if (error.code !== 'internal') {
    log.warn(`A command could not be carried out: ${error.code}.`, thrown);
    await showError(errorData(error));
    return;
  }
  log.error('A command failed.', thrown);
  const showLog = t('Show Log');
  const chosen = await vscode.window.showErrorMessage(t('Stepwise ran into a problem of its own. The log has the cause.'), showLog);
  if (chosen === showLog) {
    log.show();
  }
}
