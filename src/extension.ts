import * as vscode from 'vscode';
import { setTranslator } from './core/l10n';
import { registerCommands } from './vscode/commands';
import { ComplexityLens } from './vscode/complexityLens';
import { LastEditor } from './vscode/editors';
import { createEngine } from './vscode/engine';
import { externalTools } from './vscode/externalTools';
import { registerLanguageModelTools } from './vscode/lmTools';
import { KeptRuns } from './vscode/keptRuns';
import { createLog } from './vscode/log';
import { registerModelProvider } from './vscode/modelProvider';
import { createModels } from './vscode/models';
import { Notes } from './vscode/notes';
import { ReasoningPanel } from './vscode/panel';
import { registerParticipant } from './vscode/participant';
import { Runs } from './vscode/runs';
import { createKeys } from './vscode/secrets';
import { currentSettings, keyPlaces, modelChanges } from './vscode/surroundings';

let running: Runs | undefined;

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
    tools: async (spec, { externalTools: chosen }) => [
      ...(await engine.workspaceTools()),
      ...externalTools([...chosen, ...(spec.externalTools ?? [])], spec.invocationToken),
    ],
  });
  const editors = new LastEditor();
  const panel = new ReasoningPanel({ runs, models, log, extension: context.extensionUri, workspace: engine.workspace });
  const { findFunctions } = engine;

  context.subscriptions.push(
    channel,
    changes,
    editors,
    runs,
    panel,
    registerCommands({
      runs, models, keys, log, findFunctions, editors, settings,
      showPanel: (runId) => panel.show(runId),
      lastNote: () => notes.last(),
    }),
    registerParticipant({ runs, models, log, findFunctions, editors, icon: vscode.Uri.joinPath(context.extensionUri, 'media', 'icon.png') }),
    registerModelProvider(models, log),
    new ComplexityLens(engine, log),
    registerLanguageModelTools(engine.workspaceTools, log),
  );
  running = runs;
  void notes.endInterrupted(kept);
  startDemo(process.env['STEPWISE_DEMO'], runs, log);
}

/** Stops what goes on; VS Code waits until the notes of stopped runs are complete. */
export async function deactivate(): Promise<void> {
  await running?.end();
}

/** `npm start` orders a demonstration by the environment; without it nothing is loaded. */
function startDemo(order: string | undefined, runs: Runs, log: ReturnType<typeof createLog>): void {
  if (order !== undefined && order !== '') {
    void import('./vscode/demo').then(({ runDemo }) => runDemo(order, runs, log));
  }
}
