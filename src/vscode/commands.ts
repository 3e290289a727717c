import * as vscode from 'vscode';
import { deepened } from '../app/nextRequest';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { CodeExcerpt, ReasoningRequest, TaskKind } from '../core/request';
import { taskKinds } from '../core/request';
import type { RunOutcome } from '../core/events';
import type { Run } from '../core/run';
import { placeText } from '../core/wording';
import { chooseModel } from './chooseModel';
import type { LastEditor } from './editors';
import type { CommandName } from './ids';
import { commandIds, internalCommandIds, secretKeys, settingKeys, settingsSection } from './ids';
import type { Log } from './log';
import type { Models } from './models';
import type { Ask } from './picks';
import { askKey, askQuestion, pickExternalTools, pickTask } from './picks';
import { showProblem } from './problems';
import type { ReasoningApi } from './gateway';
import { drawLessons } from './lessons';
import type { RunCommandParts } from './runCommands';
import { compareRuns, exportRunCommand, openNoteInPanel } from './runCommands';
import type { FinishedRun, Runs } from './runs';
import type { KeyName, Keys } from './secrets';
import type { FunctionFinder } from './selection';
import { codeOfDocument, codeOfEditor, openTextFile } from './selection';
import type { Settings } from './settings';
import { taskText } from './tasks';

/** What the commands act on. */
export interface CommandParts extends RunCommandParts {
  readonly runs: Runs;
  readonly models: Models;
  readonly keys: Keys;
  readonly log: Log;
  readonly findFunctions: FunctionFinder;
  readonly editors: LastEditor;
  settings(): Settings;
  readonly panel: RunCommandParts['panel'] & { moveToTab(): void; open(): Promise<void> };
  /** Writes the note of a run that has none. */
  saveNote(run: Run): Promise<vscode.Uri>;
  /** The newest note of this workspace. */
  lastNote(): vscode.Uri | undefined;
  readonly gateway: Pick<ReasoningApi, 'start' | 'stop' | 'copyUrl'>;
}

/** What a command that reasons gives to a program that called it. */
export interface CommandOutcome {
  readonly runId: string;
  readonly outcome: RunOutcome | undefined;
  /** URI string of the note, where one was written. */
  readonly note: string | undefined;
}

/** Longest wait for a server to say whether a key is good, in ms. */
const keyCheckMs = 10_000;

type Handler = (...args: readonly unknown[]) => Promise<unknown>;

/** Registers every contributed command, and those behind Stepwise's own buttons. Failures are shown, with a remedy. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const handlers = commandHandlers(parts);
  const internal = internalHandlers(parts);
  const names = Object.keys(commandIds) as CommandName[];
  const internalNames = Object.keys(internalCommandIds) as (keyof typeof internalCommandIds)[];
  return vscode.Disposable.from(
    ...names.map((name) => register(commandIds[name], handlers[name], parts.log)),
    ...internalNames.map((name) => register(internalCommandIds[name], internal[name], parts.log)),
  );
}

function register(id: string, handler: Handler, log: Log): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await handler(...args);
    } catch (error) {
      // Not awaited: the caller of a command does not wait until a message is answered.
      void showProblem(error, log);
      return undefined;
    }
  });
}

/** A mapped type, so that no contributed command can be forgotten. */
function commandHandlers(parts: CommandParts): Record<CommandName, Handler> {
  return {
    async reasonAboutSelection(first) {
      const editor = parts.editors.current();
      if (editor === undefined) {
        throw new StepwiseError('no-editor', t('No editor is open. Open a file, select some code, and run the command again.'));
      }
      const finding = codeOfEditor(editor, parts.findFunctions);
      const ask = givenAsk(first) ?? (await pickTask(finding.then(({ code }) => subjectOf(code))));
      if (ask === undefined) {
        return undefined;
      }
      const found = await finding;
      if (found.notice !== undefined) {
        void vscode.window.showInformationMessage(found.notice);
      }
      return reason(parts, { ...ask, code: found.code, ...(found.attachments.length === 0 ? {} : { attachments: found.attachments }) });
    },
    async reasonAboutFile(first, ...rest) {
      const uri = first instanceof vscode.Uri ? first : parts.editors.current()?.document.uri;
      if (uri === undefined) {
        throw new StepwiseError('no-editor', t('No file is open. Open one, or choose it in the Explorer.'));
      }
      const code = codeOfDocument(await openTextFile(uri));
      const ask = [first, ...rest].map(givenAsk).find((given) => given !== undefined) ?? (await pickTask(Promise.resolve(code.path)));
      return ask === undefined ? undefined : reason(parts, { ...ask, code });
    },
    async ask(first) {
      const editor = parts.editors.current();
      // A question needs no code: the tools can look for it.
      const found = editor === undefined ? undefined : await codeOfEditor(editor, parts.findFunctions).catch(() => undefined);
      const subject = found === undefined ? t('this workspace') : subjectOf(found.code);
      const ask = givenAsk(first) ?? (await askQuestion(subject));
      if (ask === undefined) {
        return undefined;
      }
      return reason(parts, {
        ...ask,
        ...(found === undefined ? {} : { code: found.code }),
        ...(found === undefined || found.attachments.length === 0 ? {} : { attachments: found.attachments }),
      });
    },
    async stop() {
      parts.runs.stop();
      await Promise.all(parts.runs.active().map((handle) => handle.done));
    },
    openPanel: () => parts.panel.open(),
    openPanelInEditor() {
      parts.panel.moveToTab();
      return Promise.resolve();
    },
    openNoteInPanel: (note) => openNoteInPanel(parts, note),
    exportRun: (run, format) => exportRunCommand(parts, run, format),
    compareRuns: (first, second) => compareRuns(parts, first, second),
    async openLastNote() {
      const note = parts.lastNote();
      if (note === undefined) {
        await vscode.window.showInformationMessage(t('There is no note in this workspace yet. Reason about some code first.'));
      } else {
        await openNote(note);
      }
    },
    setGroqKey: () => setKey(parts, 'groq', 'Groq', t('Get one at console.groq.com/keys. It is kept in the secret storage of VS Code and sent to Groq only.')),
    setCompatibleKey: () => setKey(parts, 'openaiCompatible', t('the OpenAI-compatible server'), t('It is kept in the secret storage of VS Code and sent to the server in your settings only.')),
    async removeKeys() {
      for (const name of Object.keys(secretKeys) as KeyName[]) {
        await parts.keys.remove(name);
      }
      void vscode.window.showInformationMessage(t('The stored keys are removed.'));
    },
    chooseModel: () => chooseModel(parts),
    async chooseTools() {
      const chosen = await pickExternalTools(parts.settings().externalTools);
      if (chosen !== undefined) {
        await vscode.workspace.getConfiguration(settingsSection).update(settingKeys.externalTools, chosen, vscode.ConfigurationTarget.Global);
      }
    },
    showLog() {
      parts.log.show();
      return Promise.resolve();
    },
    startGateway: () => parts.gateway.start(),
    stopGateway: () => parts.gateway.stop(),
    copyGatewayUrl: () => parts.gateway.copyUrl(),
    drawLessons: () => drawLessons(parts, parts.settings()),
    async toggleComplexityLens() {
      const { complexityLens } = parts.settings();
      await vscode.workspace.getConfiguration(settingsSection).update(settingKeys.complexityLens, !complexityLens, vscode.ConfigurationTarget.Global);
    },
  };
}

function internalHandlers(parts: CommandParts): Record<keyof typeof internalCommandIds, Handler> {
  return {
    async openNote(note) {
      if (note instanceof vscode.Uri || typeof note === 'string') {
        await openNote(typeof note === 'string' ? vscode.Uri.parse(note, true) : note);
      }
    },
    async goDeeper(runId) {
      const started = await parts.runs.start({ request: deepened(keptRun(parts.runs, runId)) });
      await parts.panel.show(started.handle.runId);
    },
    async saveNote(runId) {
      const run = keptRun(parts.runs, runId);
      const known = parts.runs.noteOf(run.id);
      const note = known ?? (await parts.saveNote(run));
      if (known === undefined) {
        await parts.runs.adopt(run, note);
      }
      await openNote(note);
      return note;
    },
    showRun: (runId) => parts.panel.show(typeof runId === 'string' ? runId : undefined),
    async reasonAboutLine(uri, line) {
      if (uri instanceof vscode.Uri && typeof line === 'number') {
        // With the cursor in a function and nothing selected, the enclosing function is what is reasoned about.
        const selection = new vscode.Range(line, 0, line, 0);
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { selection });
        await vscode.commands.executeCommand(commandIds.reasonAboutSelection, { task: 'complexity' });
      }
    },
  };
}

/** Starts a run, shows it in the panel, and settles when it is over and its note is written. */
async function reason(parts: CommandParts, request: ReasoningRequest): Promise<CommandOutcome> {
  const started = await parts.runs.start({ request });
  await parts.panel.show(started.handle.runId);
  return outcomeOf(started.handle.runId, await started.done);
}

function outcomeOf(runId: string, { run, note }: FinishedRun): CommandOutcome {
  return { runId, outcome: run?.outcome, note: note?.toString() };
}

/** The question that a keybinding or a program passed: `{ "task": "complexity" }` or `{ "question": "…" }`. */
export function givenAsk(argument: unknown): Ask | undefined {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  const given = argument as { readonly task?: unknown; readonly question?: unknown };
  const question = typeof given.question === 'string' ? given.question.trim() : '';
  const task: TaskKind | undefined = taskKinds.find((kind) => kind === given.task) ?? (question === '' ? undefined : 'question');
  if (task === undefined || (task === 'question' && question === '')) {
    return undefined;
  }
  return { task, question: question === '' ? taskText(task).question : question };
}

function subjectOf(code: CodeExcerpt): string {
  return code.symbol ?? placeText(code.path, code.range);
}

/** The run that a button of the chat names; the answer may be from a session long ago. */
function keptRun(runs: Runs, runId: unknown): Run {
  const run = typeof runId === 'string' ? runs.find(runId) : undefined;
  if (run === undefined) {
    throw new StepwiseError('not-found', t('This run is no longer kept. Its note has all of it.'));
  }
  return run;
}

async function openNote(note: vscode.Uri): Promise<void> {
  try {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(note), { preview: true });
  } catch (error) {
    throw new StepwiseError('not-found', t('The note {0} could not be opened. It may have been moved or deleted.', vscode.workspace.asRelativePath(note)), { cause: error });
  }
}

async function setKey(parts: CommandParts, name: KeyName, server: string, hint: string): Promise<void> {
  const key = await askKey(server, hint);
  if (key === undefined) {
    return;
  }
  await parts.keys.store(name, key);
  // Asking for the list of models shows whether the server takes the key; a failure says what to do next.
  const vendor = name === 'groq' ? 'groq' : 'openai-compatible';
  await parts.models.listed(vendor, AbortSignal.timeout(keyCheckMs));
  void vscode.window.showInformationMessage(t('The key works. It is used from the next question on.'));
}
