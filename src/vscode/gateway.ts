import * as vscode from 'vscode';
import type { PlaybookStore } from '../app/playbookStore';
import type { Runner } from '../app/runner';
import type { SessionStore } from '../app/sessions';
import { StepwiseError } from '../core/errors';
import type { RunSink } from '../core/events';
import { t } from '../core/l10n';
import type { ChatModel, ModelInfo } from '../core/model';
import type { ReasoningRequest } from '../core/request';
import type { Tool } from '../core/tool';
import type { LoopParts } from '../loop/runLoop';
import type { ConfiguredTool } from '../node/configuredTools';
import type { Engine } from './engine';
import { commandIds, contextKeys, gatewayTokenKey, globalStateKeys } from './ids';
import { workspacePlaybook } from './lessons';
import type { Log } from './log';
import type { Models } from './models';
import type { Notes } from './notes';
import type { Settings } from './settings';
import { uriOfPath } from './workspacePaths';

/** What the server takes; the gateway's own parts have this shape. */
export interface GatewaySetup {
  readonly token: string;
  readonly allowedOrigins: readonly string[];
  readonly runner: Runner;
  readonly sessions: SessionStore;
  models(): Promise<readonly ModelInfo[]>;
  model(id: string | undefined): Promise<ChatModel>;
  tools(): Promise<readonly Tool[]>;
  refine(request: ReasoningRequest, signal: AbortSignal): Promise<ReasoningRequest>;
  sinks(request: ReasoningRequest): Promise<readonly RunSink[]>;
  readonly checkAnswer?: LoopParts['checkAnswer'];
  readonly playbook?: PlaybookStore;
  readonly onFailure: (error: unknown) => void;
}

/** A server that listens. */
export interface RunningGateway {
  readonly port: number;
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** What the reasoning API needs of the rest of the extension. */
export interface ReasoningApiParts {
  readonly engine: Pick<Engine, 'runner' | 'checkAnswer' | 'workspaceTools' | 'workspace'>;
  readonly models: Pick<Models, 'offered' | 'open' | 'chosen'>;
  readonly notes: Pick<Notes, 'open'>;
  readonly log: Log;
  readonly context: Pick<vscode.ExtensionContext, 'storageUri' | 'globalStorageUri'> & {
    readonly secrets: Pick<vscode.SecretStorage, 'get' | 'store'>;
    readonly globalState: Pick<vscode.Memento, 'get' | 'update'>;
  };
  readonly settings: () => Settings;
  /** Asks whether a configured tool may be used; a modal message if left out. `target`: what it runs. */
  readonly askConsent?: (name: string, target: string) => Promise<boolean>;
  /** Loads the server: nothing of it is in memory before the first start. */
  readonly load: () => Promise<{ readonly startGateway: (setup: GatewaySetup, port: number) => Promise<RunningGateway> }>;
}

/** The reasoning API in this window: off until a person starts it, gone with the window. */
export class ReasoningApi implements vscode.Disposable {
  readonly #parts: ReasoningApiParts;
  readonly #status: vscode.StatusBarItem;
  #starting: Promise<RunningGateway | undefined> | undefined;

  constructor(parts: ReasoningApiParts) {
    this.#parts = parts;
    this.#status = vscode.window.createStatusBarItem('stepwise.gateway', vscode.StatusBarAlignment.Left);
    this.#status.name = t('Stepwise reasoning API');
    this.#status.command = commandIds.copyGatewayUrl;
  }

  /** Starts the server; gives its address. Rejects where the workspace is not trusted or the port is taken. */
  async start(): Promise<string | undefined> {
    if (this.#starting === undefined) {
      this.#starting = this.#listen();
      this.#starting.catch(() => {
        this.#starting = undefined;
      });
    }
    const server = await this.#starting;
    if (server === undefined) {
      this.#starting = undefined;
      return undefined;
    }
    void this.#offerToCopy(t('The reasoning API listens at {0}.', server.baseUrl), server);
    return server.baseUrl;
  }

  /** Stops the server and its runs; settles when their sessions are written. */
  async stop(): Promise<void> {
    const starting = this.#starting;
    this.#starting = undefined;
    this.#status.hide();
    const server = await starting?.catch(() => undefined);
    if (server !== undefined) {
      await server.close();
      this.#parts.log.info('The reasoning API has stopped.');
    }
    await vscode.commands.executeCommand('setContext', contextKeys.gatewayRunning, false);
  }

  /** Puts the address into the clipboard, and offers the token. */
  async copyUrl(): Promise<void> {
    const server = await this.#starting;
    if (server === undefined) {
      const start = t('Start');
      if ((await vscode.window.showInformationMessage(t('The reasoning API is not running.'), start)) === start) {
        await this.start();
      }
      return;
    }
    await vscode.env.clipboard.writeText(server.baseUrl);
    void this.#offerToCopy(t('The address {0} is in the clipboard.', server.baseUrl), undefined);
  }

  dispose(): void {
    void this.stop();
    this.#status.dispose();
  }

  async #offerToCopy(message: string, server: RunningGateway | undefined): Promise<void> {
    const copyUrl = t('Copy Address');
    const copyToken = t('Copy Token');
    const chosen = await vscode.window.showInformationMessage(message, ...(server === undefined ? [] : [copyUrl]), copyToken);
    if (chosen === copyUrl && server !== undefined) {
      await vscode.env.clipboard.writeText(server.baseUrl);
    } else if (chosen === copyToken) {
      await vscode.env.clipboard.writeText(await this.#token());
    }
  }

  async #listen(): Promise<RunningGateway | undefined> {
    if (!vscode.workspace.isTrusted) {
      throw new StepwiseError('untrusted-workspace', t('The reasoning API runs in trusted workspaces only: its tools read the workspace for others.'), {
        remedy: 'manage-trust',
      });
    }
    const { engine, models, notes, log, context, settings, load } = this.#parts;
    const { gatewayPort, gatewayAllowedOrigins } = settings();
    const configured = await this.#configuredTools();
    const [{ startGateway }, { SessionStore }, { createSessionFiles }, { withCodeOfPrompt }, { withNamedFile }, runner, checkAnswer, playbook, token] = await Promise.all([
      load(),
      import('../app/sessions'),
      import('../node/sessionFiles'),
      import('../app/plainPrompt'),
      import('../app/namedFile'),
      engine.runner(),
      engine.checkAnswer(),
      workspacePlaybook(settings()),
      this.#token(),
    ]);
    const sessions = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'sessions').fsPath;
    const server = await startGateway(
      {
        token,
        allowedOrigins: gatewayAllowedOrigins,
        runner,
        sessions: new SessionStore(createSessionFiles(sessions)),
        models: async () => (await models.offered()).map(({ info }) => info),
        model: (id) => this.#model(id),
        tools: async () => [...(await engine.workspaceTools()), ...configured],
        refine: async (request, signal) =>
          withNamedFile(withCodeOfPrompt(request), await engine.workspace(), (path) => uriOfPath(path)?.toString() ?? `untitled:${path}`, signal),
        sinks: async (request) => {
          const note = await notes.open(request, settings());
          return note === undefined ? [] : [sinkOf(note)];
        },
        ...(checkAnswer === undefined ? {} : { checkAnswer }),
        ...(playbook === undefined ? {} : { playbook }),
        onFailure: (error) => log.error('The reasoning API ran into a problem.', error),
      },
      gatewayPort,
    );
    log.info(`The reasoning API listens at ${server.baseUrl}.`);
    this.#status.text = `$(radio-tower) ${String(server.port)}`;
    this.#status.tooltip = t('The reasoning API listens at {0}. Click to copy the address.', server.baseUrl);
    this.#status.show();
    await vscode.commands.executeCommand('setContext', contextKeys.gatewayRunning, true);
    return server;
  }

  /** A model by the id that `/v1/models` lists, or by Stepwise's own; the chosen one for any other. */
  async #model(id: string | undefined): Promise<ChatModel> {
    const { models } = this.#parts;
    const named = id === undefined ? undefined : (await models.offered()).find((offered) => offered.id === id || offered.info.id === id);
    return named === undefined ? await models.chosen() : await models.open(named.id);
  }

  async #token(): Promise<string> {
    const { secrets } = this.#parts.context;
    const kept = await secrets.get(gatewayTokenKey);
    if (kept !== undefined && kept !== '') {
      this.#parts.log.protect(kept);
      return kept;
    }
    const { newToken } = await import('../node/tokenFile');
    const token = newToken();
    this.#parts.log.protect(token);
    await secrets.store(gatewayTokenKey, token);
    return token;
  }

  /** The tools of the settings that the person agreed to; each definition is asked about once. */
  async #configuredTools(): Promise<readonly Tool[]> {
    const { gatewayTools } = this.#parts.settings();
    if (gatewayTools.length === 0) {
      return [];
    }
    const { readConfiguredTools, createConfiguredTool, toolFingerprint, toolTarget } = await import('../node/configuredTools');
    const { globalState } = this.#parts.context;
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath ?? this.#parts.context.globalStorageUri.fsPath;
    const agreed: ConfiguredTool[] = [];
    for (const tool of readConfiguredTools(gatewayTools)) {
      const known = globalState.get<readonly string[]>(globalStateKeys.agreedTools, []);
      const fingerprint = toolFingerprint(tool);
      if (known.includes(fingerprint)) {
        agreed.push(tool);
      } else if (await (this.#parts.askConsent ?? askConsent)(tool.name, toolTarget(tool))) {
        await globalState.update(globalStateKeys.agreedTools, [...known, fingerprint]);
        agreed.push(tool);
      }
    }
    return agreed.map((tool) => createConfiguredTool(tool, folder));
  }
}

async function askConsent(name: string, target: string): Promise<boolean> {
  const allow = t('Allow');
  const chosen = await vscode.window.showWarningMessage(
    t('May models that answer over the reasoning API use the tool {0}?', name),
    { modal: true, detail: t('It runs: {0}\nYou are asked again when its definition changes.', target) },
    allow,
  );
  return chosen === allow;
}

/** Writes the note as the run goes, and puts it in order at the end. */
function sinkOf(note: { readonly sink: RunSink; finish(): Promise<unknown> }): RunSink {
  return (event) => {
    note.sink(event);
    if (event.type === 'run-end') {
      void note.finish();
    }
  };
}
