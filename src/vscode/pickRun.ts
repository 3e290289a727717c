import * as vscode from 'vscode';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { Run } from '../core/run';
import { outcomeName } from '../core/wording';
import type { NoteSummary } from '../transcript/frontMatter';
import { openNoteRun } from './noteRuns';
import type { Runs } from './runs';
import type { Settings } from './settings';

/** Most notes that a list offers, the newest ones. */
const maxNotes = 200;

/** What choosing a run needs. */
export interface RunChoiceParts {
  readonly runs: Runs;
  settings(scope: vscode.Uri | undefined): Settings;
}

interface RunItem extends vscode.QuickPickItem {
  /** Undefined for separators. */
  readonly open?: () => Promise<string>;
}

/** Finds runs for commands: those of this window and those in notes. */
export class RunChoice {
  readonly #parts: RunChoiceParts;

  constructor(parts: RunChoiceParts) {
    this.#parts = parts;
  }

  /**
   * The id of the run that an argument of a command names: the address of a note, or an id.
   * @throws {StepwiseError} `not-found` for anything else; for a note, what `openNoteRun` says
   */
  async find(argument: unknown): Promise<string> {
    const { runs } = this.#parts;
    if (typeof argument === 'string' && runs.has(argument)) {
      return argument;
    }
    const note = argument instanceof vscode.Uri ? argument : addressOf(argument);
    if (note === undefined) {
      throw new StepwiseError('not-found', t('This run is no longer kept. Its note has all of it.'));
    }
    return openNoteRun(note, runs);
  }

  /** Lets the person pick a finished run, of this window or of a note, but not `exceptId`; undefined when they turn away. */
  async pick(title: string, exceptId?: string): Promise<string | undefined> {
    const items = this.#items(exceptId);
    const picked = await vscode.window.showQuickPick<RunItem>(items, { title, placeHolder: t('Pick a run or a note'), matchOnDescription: true, matchOnDetail: true });
    return picked?.open?.();
  }

  async #items(exceptId: string | undefined): Promise<readonly RunItem[]> {
    const { runs } = this.#parts;
    const recent = runs.recent().filter(({ id, outcome }) => id !== exceptId && outcome !== undefined);
    const known = new Set(runs.recent().map(({ id }) => runs.noteOf(id)?.toString()));
    const notes = (await this.#notes()).filter(({ uri }) => !known.has(uri.toString()));
    if (recent.length + notes.length === 0) {
      return [{ label: t('There is no other run and no note yet.') }];
    }
    return [
      ...(recent.length === 0 ? [] : [separator(t('Recent runs'))]),
      ...recent.map((run) => ({ ...itemOfRun(run), open: () => Promise.resolve(run.id) })),
      ...(notes.length === 0 ? [] : [separator(t('Notes'))]),
      ...notes.map(({ uri, summary }) => ({ ...itemOfNote(uri, summary), open: () => openNoteRun(uri, runs) })),
    ];
  }

  /** The notes of all workspace folders, the newest first. */
  async #notes(): Promise<readonly { readonly uri: vscode.Uri; readonly summary: NoteSummary }[]> {
    const { readFrontMatter } = await import('../transcript/frontMatter');
    const found = await Promise.all((vscode.workspace.workspaceFolders ?? []).map(({ uri }) => {
      const { notesLocation } = this.#parts.settings(uri);
      return vscode.workspace.findFiles(new vscode.RelativePattern(vscode.Uri.joinPath(uri, notesLocation), '**/*.md'), null, 2 * maxNotes);
    }));
    const notes = await Promise.all(found.flat().map(async (uri) => {
      const bytes = await vscode.workspace.fs.readFile(uri).then(undefined, () => undefined);
      const summary = bytes === undefined ? undefined : await readFrontMatter(new TextDecoder().decode(bytes.subarray(0, 20_000)));
      return summary === undefined ? [] : [{ uri, summary }];
    }));
    return notes.flat().sort((first, second) => second.summary.date - first.summary.date).slice(0, maxNotes);
  }
}

function addressOf(argument: unknown): vscode.Uri | undefined {
  try {
    return typeof argument === 'string' && argument.includes(':/') ? vscode.Uri.parse(argument, true) : undefined;
  } catch {
    // No address: the id of a run that is gone.
    return undefined;
  }
}

function separator(label: string): RunItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function itemOfRun({ request, model, startedAt, outcome }: Run): RunItem {
  const subject = request.code?.symbol ?? request.code?.path;
  return {
    label: `$(history) ${request.question}`,
    ...(subject === undefined ? {} : { description: subject }),
    detail: `${timeText(startedAt)} · ${model.label} · ${outcomeName(outcome)}`,
  };
}

function itemOfNote(uri: vscode.Uri, { question, date, model, result, symbol, source }: NoteSummary): RunItem {
  return {
    label: `$(note) ${question}`,
    description: symbol ?? source ?? vscode.workspace.asRelativePath(uri),
    detail: `${timeText(date)} · ${model} · ${outcomeName(result === 'running' ? undefined : result)}`,
  };
}

function timeText(time: number): string {
  return new Date(time).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}
