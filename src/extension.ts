import * as vscode from 'vscode';
import { setTranslator } from './core/l10n';
import { registerCommands } from './vscode/commands';
import { ComplexityLens } from './vscode/complexityLens';
import { LastEditor } from './vscode/editors';
import { createEngine } from './vscode/engine';
import { externalTools } from './vscode/externalTools';
import { ReasoningApi } from './vscode/gateway';
import { withLessons } from './vscode/lessons';
import { registerLanguageModelTools } from './vscode/lmTools';
import { KeptRuns } from './vscode/keptRuns';
import { createLog } from './vscode/log';
import { registerModelProvider } from './vscode/modelProvider';
import { createModels } from './vscode/models';
import { watchNoteEditors } from './vscode/noteEditors';
import { Notes } from './vscode/notes';
import { registerNotes } from './vscode/notesContribution';
import { ReasoningPanel } from './vscode/panel';
import { registerParticipant } from './vscode/participant';
import { RunChoice } from './vscode/pickRun';
import { Runs, sourceUri } from './vscode/runs';
import { createKeys } from './vscode/secrets';
import { currentSettings, keyPlaces, modelChanges } from './vscode/surroundings';

let running: Runs | undefined;
let gateway: ReasoningApi | undefined;

/** Builds the parts, joins them, and registers them with VS Code. What is heavy is loaded by its first use. */
export function activate(context: vscode.ExtensionContext): void {
  setTranslator((message, ...args) => vscode.l10n.t(message, ...args));
  const channel = vscode.window.createOutputChannel('Stepwise', { log: true });
  const log = createLog(channel);
  const settings = currentSettings;
  const engine = createEngine(context.extensionUri, log);
  const changes = modelChanges(context.secrets);
  const keys = createKeys(keyPlaces(context.secrets, log));
  const models = createModels({ keys, log, settings, builtIn: engine.builtIn, onDidChange: changes.event });
  const notes = new Notes({ storage: context.globalStorageUri, state: context.workspaceState, log });
  const kept = new KeptRuns(context.workspaceState, Date.now());
  const runs = new Runs({
    models,
    log,
    settings,
    kept,
    runner: engine.runner,
    checkAnswer: engine.checkAnswer,
    openNote: (request, given) => notes.open(request, given),
    withLessons,
    tools: async (spec, { externalTools: chosen }) => [
      ...(await engine.workspaceTools()),
      ...externalTools([...chosen, ...(spec.externalTools ?? [])], spec.invocationToken),
    ],
  });
  const editors = new LastEditor();
  const choice = new RunChoice({ runs, settings });
  const panel = new ReasoningPanel({
    runs, models, log, choice, settings, extension: context.extensionUri, workspace: engine.workspace, location: () => settings().panelLocation,
  });
  const { findFunctions } = engine;
  const api = new ReasoningApi({ engine, models, notes, log, context, settings, load: () => import('./gateway/server') });

  context.subscriptions.push(
    channel,
    changes,
    editors,
    runs,
    panel,
    api,
    registerCommands({
      runs, models, keys, log, findFunctions, editors, settings, panel, choice, gateway: api,
      lastNote: () => notes.last(),
      saveNote: (run) => notes.save(run, settings(sourceUri(run.request.code))),
    }),
    registerParticipant({ runs, models, log, findFunctions, editors, icon: vscode.Uri.joinPath(context.extensionUri, 'media', 'icon.png') }),
    registerModelProvider(models, log),
    new ComplexityLens(engine, log),
    notes.followRenames(kept),
    registerNotes({
      notes, runs, findFunctions, log, storage: context.globalStorageUri, state: context.workspaceState,
      reason: async (request) => {
        const started = await runs.start({ request });
        await panel.show(started.handle.runId);
        return started.done;
      },
    }),
    watchNoteEditors(),
    registerLanguageModelTools(engine.workspaceTools, log),
  );
  running = runs;
  gateway = api;
  void notes.endInterrupted(kept);
  startDemo(process.env['STEPWISE_DEMO'], runs, log);
}

/** Stops what goes on; VS Code waits until the notes of stopped runs are complete. */
export async function deactivate(): Promise<void> {
  await Promise.all([running?.end(), gateway?.stop()]);
}

/** `npm start` orders a demonstration by the environment; without it nothing is loaded. */
function startDemo(order: string | undefined, runs: Runs, log: ReturnType<typeof createLog>): void {
  if (order !== undefined && order !== '') {
    void import('./vscode/demo').then(({ runDemo }) => runDemo(order, runs, log));
  }
}
