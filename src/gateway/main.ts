/*
 * The reasoning API as a program: `npm run gateway -- --workspace DIR --port N`, or `node dist/gateway.mjs`. It joins the
 * parts and holds nothing that the extension's gateway would need as well.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setGrammarSource } from '../analysis/index';
import { createAnswerCheck } from '../app/checkAnswer';
import { withNamedFile } from '../app/namedFile';
import { withCodeOfPrompt } from '../app/plainPrompt';
import { PlaybookStore } from '../app/playbookStore';
import { createRunner } from '../app/runner';
import { SessionStore } from '../app/sessions';
import { isStepwiseError, StepwiseError } from '../core/errors';
import { bundleTranslator, setTranslator, t } from '../core/l10n';
import type { ChatModel } from '../core/model';
import type { Tool } from '../core/tool';
import { builtInModel } from '../models/builtIn/index';
import { createConfiguredTool, readConfiguredTools } from '../node/configuredTools';
import { createGrammarSource } from '../node/grammars';
import { createNoteSinks } from '../node/noteSinks';
import { createPlaybookFile } from '../node/playbookFile';
import { createSessionFiles } from '../node/sessionFiles';
import { stateFolder, workspaceKey } from '../node/stateFolder';
import { readOrMakeToken } from '../node/tokenFile';
import { createNodeWorkspace } from '../node/workspace';
import { createTools } from '../tools/index';
import type { ProgramOptions } from './commandLine';
import { helpText, readCommandLine } from './commandLine';
import { createModelDirectory, modelSource } from './serverModels';
import { startGateway } from './server';

/** The folder of notes and playbook in a workspace; the same as the default of the extension's setting. */
const notesFolder = '.reasoning';

/** Where the bundle is: `dist/`, with the grammars below it. */
const here = path.dirname(fileURLToPath(import.meta.url));

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** Trouble that no client is told of, in one line and without what may be somebody's text. */
function report(error: unknown): void {
  complain(isStepwiseError(error) ? `${error.code}: ${error.message}` : error instanceof Error ? (error.stack ?? error.message) : String(error));
}

async function main(args: readonly string[]): Promise<number | undefined> {
  await setLanguage();
  const options = readCommandLine(args);
  if (typeof options === 'string') {
    complain(options);
    complain(t('--help shows all options.'));
    return 2;
  }
  if (options.help) {
    say(helpText());
    return 0;
  }
  const state = options.state === undefined ? stateFolder() : fromWhereThePersonIs(options.state);
  const tokenFile = path.join(state, 'gateway-token');
  const token = await readOrMakeToken(tokenFile);
  if (options.printToken) {
    say(token);
    return 0;
  }
  await serve(options, { state, token, tokenFile });
  return undefined;
}

async function serve(options: ProgramOptions, { state, token, tokenFile }: { readonly state: string; readonly token: string; readonly tokenFile: string }): Promise<void> {
  const workspace = await workspaceFolder(options.workspace);
  setGrammarSource(createGrammarSource({ folder: here, from: import.meta.url }));
  const builtIn = builtInModel();
  const directory = createModelDirectory({
    environment: process.env,
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
    ...(options.model === undefined ? {} : { model: options.model }),
    builtIn: () => Promise.resolve(builtIn),
    onProblem: report,
  });
  const configured = options.tools === undefined ? [] : await configuredTools(fromWhereThePersonIs(options.tools));
  const port = createNodeWorkspace([workspace]);
  const tools = joinTools(createTools(port), configured);
  const notes = createNoteSinks(path.join(workspace, notesFolder), workspace, report);
  const server = await startGateway(
    {
      ...directory,
      token,
      allowedOrigins: options.allowedOrigins,
      runner: createRunner(report),
      sessions: new SessionStore(createSessionFiles(path.join(state, 'sessions', workspaceKey(workspace)))),
      tools: () => Promise.resolve(tools),
      refine: (request, signal) => withNamedFile(withCodeOfPrompt(request), port, (file) => pathToFileURL(path.join(workspace, file)).href, signal),
      checkAnswer: createAnswerCheck(port),
      playbook: new PlaybookStore(createPlaybookFile(path.join(workspace, notesFolder), workspace)),
      ...(options.notes ? { sinks: () => Promise.resolve([notes.open()]) } : {}),
      onFailure: report,
    },
    options.port,
  );
  endOnSignals(async () => {
    await server.close();
    await notes.close();
  });
  const lines = [
    t('The reasoning API of Stepwise listens at {0}', server.baseUrl),
    t('Workspace: {0}', workspace),
    t('Model: {0}', defaultModel(options, builtIn)),
    ...(configured.length === 0 ? [] : [t('Tools of your own: {0}', configured.map((tool) => tool.name).join(', '))]),
    t('The token is in {0}; --print-token prints it.', tokenFile),
  ];
  say(lines.join('\n'));
}

/** The model in words, as far as it is known without asking a server. */
function defaultModel({ model, baseUrl }: ProgramOptions, builtIn: ChatModel): string {
  const source = modelSource({ environment: process.env, ...(baseUrl === undefined ? {} : { baseUrl }) });
  if (source === undefined || model === 'built-in') {
    return builtIn.info.label;
  }
  return source.vendor === 'groq' ? `${model ?? ''} Groq`.trim() : `${model ?? ''} ${source.baseUrl}`.trim();
}

async function configuredTools(file: string): Promise<readonly Tool[]> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new StepwiseError('not-found', t('The tools in {0} cannot be read. Name a file with a JSON list of tools.', file), { cause });
  }
  // Commands that name no folder run beside the file that configures them.
  return readConfiguredTools(value).map((tool) => createConfiguredTool(tool, path.dirname(file)));
}

function joinTools(own: readonly Tool[], configured: readonly Tool[]): readonly Tool[] {
  const names = [...own, ...configured].map((tool) => tool.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new StepwiseError('bad-arguments', t('There are two tools named {0}. Give yours another name.', twice));
  }
  return [...own, ...configured];
}

async function workspaceFolder(given: string): Promise<string> {
  const folder = fromWhereThePersonIs(given);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    throw new StepwiseError('not-found', t('{0} is not a folder. Name one with --workspace.', folder));
  }
  return await realpath(folder);
}

/** npm changes the working directory to the package's and keeps the person's in INIT_CWD. */
function fromWhereThePersonIs(file: string): string {
  return path.resolve(process.env['INIT_CWD'] ?? process.cwd(), file);
}

/** Ends in order on Ctrl-C and on `kill`; the second one ends at once. */
function endOnSignals(close: () => Promise<void>): void {
  let isEnding = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isEnding) {
        process.exit(1);
      }
      isEnding = true;
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          report(error);
          process.exit(1);
        },
      );
    });
  }
}

/** Speaks Chinese where the system does, by the translations beside `dist/`. */
async function setLanguage(): Promise<void> {
  if (/^zh\b/i.test(Intl.DateTimeFormat().resolvedOptions().locale)) {
    const bundle = await readFile(path.join(here, '..', 'l10n', 'bundle.l10n.zh-cn.json'), 'utf8').catch(() => undefined);
    setTranslator(bundle === undefined ? undefined : bundleTranslator(JSON.parse(bundle) as Record<string, string>));
  }
}

// A mistake in one run must not end the others.
process.on('unhandledRejection', report);

main(process.argv.slice(2)).then(
  (code) => {
    if (code !== undefined) {
      process.exitCode = code;
    }
  },
  (error: unknown) => {
    report(error);
    process.exitCode = 1;
  },
);
