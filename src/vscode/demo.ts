import * as vscode from 'vscode';
import { t } from '../core/l10n';
import type { CommandOutcome } from './commands';
import { commandIds } from './ids';
import type { Log } from './log';
import type { Runs } from './runs';

/*
 * The extension's side of `npm start`. The contract is in scripts/lib/demo.mjs; nothing of this is loaded unless
 * the environment orders a demonstration.
 */

/** What `STEPWISE_DEMO` orders. Lines are 1-based, both included; paths are absolute. */
interface DemoOrder {
  readonly events: string;
  readonly file: string;
  readonly startLine: number;
  readonly endLine?: number;
  readonly task: string;
}

/** Runs "Reason About Selection" once, as ordered, and writes what happens as lines of JSON. */
export async function runDemo(text: string, runs: Runs, log: Log): Promise<void> {
  const order = readOrder(text);
  if (order === undefined) {
    log.error('STEPWISE_DEMO does not have the form of an order.');
    return;
  }
  const { createEventFile } = await import('../node/eventFile');
  const file = await createEventFile(order.events);
  if (file === undefined) {
    log.info('Another window runs the demonstration.');
    return;
  }
  const registration = runs.onDidUpdate(({ event }) => file.append(event));
  try {
    const outcome = await ask(order);
    const note = outcome?.note === undefined ? undefined : vscode.Uri.parse(outcome.note).fsPath;
    file.append(note === undefined ? failed(t('No note could be written. The log of Stepwise has the cause.')) : { type: 'note-written', path: note });
  } catch (error) {
    log.error('The demonstration failed.', error);
    file.append(failed(error instanceof Error ? error.message : String(error)));
  } finally {
    registration.dispose();
    await file.close();
  }
}

async function ask(order: DemoOrder): Promise<CommandOutcome | undefined> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(order.file));
  const start = new vscode.Position(order.startLine - 1, 0);
  const end = order.endLine === undefined ? start : document.lineAt(Math.min(order.endLine, document.lineCount) - 1).range.end;
  const selection = new vscode.Range(start, end);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false, selection });
  return vscode.commands.executeCommand<CommandOutcome | undefined>(commandIds.reasonAboutSelection, { task: order.task });
}

function failed(message: string): object {
  return { type: 'demo-failed', message };
}

function readOrder(text: string): DemoOrder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const order = value as Partial<Record<keyof DemoOrder, unknown>> | null;
  return typeof order?.events === 'string' && typeof order.file === 'string' && typeof order.startLine === 'number' &&
    typeof order.task === 'string' && (order.endLine === undefined || typeof order.endLine === 'number')
    ? (order as DemoOrder)
    : undefined;
}
