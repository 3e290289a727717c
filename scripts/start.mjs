/**
 * Shows Stepwise at work in a real VS Code: `npm start`.
 *
 *   npm start                         on a copy of the sample workspace; goes on until Ctrl-C
 *   npm start -- --once               ends once the note is written: exit code 0, or 1 if it could not be
 *   npm start -- FOLDER [PLACE]       in another folder; PLACE is FILE, FILE:LINE or FILE:FIRST-LAST in it
 *   npm start -- --desktop            in an installed desktop VS Code
 *   npm start -- --no-run             only opens VS Code
 *
 * Downloads and the state of this VS Code are kept in `.vscode-test/`.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from './lib/browser.mjs';
import { orderDemo, readDemo } from './lib/demo.mjs';
import { findDesktop, installInDesktop, openDesktop } from './lib/desktop.mjs';
import { ensureBrowser, ensureServerNode, ensureVSCodeServer, isServerPlatform } from './lib/hostParts.mjs';
import { artifacts, downloads, sampleWorkspace } from './lib/paths.mjs';
import { cleanUp, endOnSignals, runScript } from './lib/processes.mjs';
import { createRunRenderer } from './lib/renderRun.mjs';
import { findLine, findSample, parsePlace } from './lib/sample.mjs';
import { installExtension, quietSettings, startServer } from './lib/server.mjs';
import { ensureDependencies } from './lib/setup.mjs';
import { ScriptError, duration, progress, say, style } from './lib/terminal.mjs';

/** Times in ms: for the first event of a run (VS Code starts meanwhile), and for the whole run. */
const firstEventLimitMs = 120_000;
const runLimitMs = 600_000;

/** What `npm start` reasons about in the sample workspace. */
const sample = { path: 'orders/duplicates.py', text: 'def find_duplicates(' };

/** Where this VS Code keeps its state and the copy of the sample; tests take another place. */
const startFolder = process.env.STEPWISE_START_FOLDER ?? join(downloads, 'start');
const dataFolder = join(startFolder, 'data');

/**
 * Where to open VS Code and what to reason about there.
 * @param {string | undefined} folderArgument
 * @param {string | undefined} place
 * @returns {Promise<{ folder: string, isSample: boolean, target?: { file: string, startLine: number, endLine?: number } }>}
 */
async function chooseTarget(folderArgument, place) {
  if (folderArgument === undefined) {
    const folder = join(startFolder, 'corner-shop');
    // Files that are there already stay: somebody may have worked on them.
    await cp(sampleWorkspace, folder, { recursive: true, force: false });
    const line = await findLine(folder, sample.path, sample.text);
    const target = line === undefined ? undefined : { file: join(folder, sample.path), startLine: line };
    return { folder, isSample: true, ...(target === undefined ? {} : { target }) };
  }
  const folder = resolve(folderArgument);
  if (!existsSync(folder) || !(await stat(folder)).isDirectory()) {
    throw new ScriptError(`${folder} is not a folder.`, 'Name a folder: npm start -- FOLDER');
  }
  if (place !== undefined) {
    const { file, ...lines } = parsePlace(place);
    const path = resolve(folder, file);
    if (!existsSync(path) || relative(folder, path).startsWith('..')) {
      throw new ScriptError(`There is no file ${file} in ${folder}.`, 'Name a file of that folder: npm start -- FOLDER FILE:LINE');
    }
    return { folder, isSample: false, target: { file: path, ...lines } };
  }
  const found = await findSample(folder);
  return { folder, isSample: false, ...(found === undefined ? {} : { target: { file: found.file, startLine: found.line } }) };
}

/** Writes settings that keep this VS Code quiet, unless its person has made some. */
async function writeSettings() {
  const file = join(dataFolder, 'data', 'User', 'settings.json');
  if (!existsSync(file)) {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, `${JSON.stringify(quietSettings, undefined, 2)}\n`);
  }
}

/**
 * Packages the built extension and has it installed, unless the very same is installed already.
 * @param {string} name Names where: the file in `.vscode-test/start/` that tells what is installed.
 * @param {(vsix: string) => Promise<void>} install
 */
async function installUnlessSame(name, install) {
  const { packageExtension, packageFingerprint } = await import('./package.mjs');
  const stateFile = join(startFolder, `installed-${name}`);
  const fingerprint = await packageFingerprint();
  if (existsSync(stateFile) && (await readFile(stateFile, 'utf8')) === fingerprint) {
    return;
  }
  await mkdir(startFolder, { recursive: true });
  await rm(stateFile, { force: true });
  await install(await packageExtension(join(startFolder, 'stepwise.vsix')));
  await writeFile(stateFile, fingerprint);
}

/**
 * Shows the run in the terminal until its note is written.
 * @param {string} eventsFile
 * @param {Promise<unknown>} hostEnded Settles when VS Code has ended.
 * @returns {Promise<string>} path of the note
 * @throws {ScriptError} when there is no note
 */
async function followRun(eventsFile, hostEnded) {
  const controller = new AbortController();
  /** @type {ScriptError | undefined} */
  let failure;
  const giveUp = (/** @type {ScriptError} */ error) => {
    failure ??= error;
    controller.abort();
  };
  const tooLate = (/** @type {string} */ what, /** @type {number} */ limitMs) => () =>
    giveUp(new ScriptError(`${what} within ${duration(limitMs)}.`, 'What VS Code showed is in artifacts/start-failure.png, its log beside it.'));
  const firstTimer = setTimeout(tooLate('VS Code did not begin to reason', firstEventLimitMs), firstEventLimitMs);
  const runTimer = setTimeout(tooLate('No note was written', runLimitMs), runLimitMs);
  const onEnded = () => giveUp(new ScriptError('VS Code ended before the note was written.'));
  void hostEnded.then(onEnded, onEnded);
  const render = createRunRenderer((text) => void process.stdout.write(text));
  try {
    for await (const event of readDemo(eventsFile, controller.signal)) {
      clearTimeout(firstTimer);
      render(event);
      if (event.type === 'note-written') {
        return event.path;
      }
      if (event.type === 'demo-failed') {
        throw new ScriptError(event.message);
      }
    }
  } finally {
    clearTimeout(firstTimer);
    clearTimeout(runTimer);
  }
  throw failure ?? new ScriptError('No note was written.');
}

endOnSignals(() => (isReady ? 0 : 130));
let isReady = false;

await runScript(async () => {
  const begun = performance.now();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { once: { type: 'boolean' }, desktop: { type: 'boolean' }, 'no-run': { type: 'boolean' } },
  });
  await ensureDependencies();
  const isDesktop = values.desktop === true || !isServerPlatform;
  const desktop = isDesktop ? await findDesktop() : undefined;
  // VS Code and browser arrive while the extension is built; whoever needs them waits for the same download.
  const parts = isDesktop ? Promise.resolve() : Promise.all([ensureServerNode('stable'), ensureVSCodeServer('stable'), ensureBrowser()]);
  parts.catch(() => undefined);

  progress('Building Stepwise …');
  const { build } = await import('./build.mjs');
  await build();

  const { folder, isSample, target } = await chooseTarget(positionals[0], positionals[1]);
  const isRunning = target !== undefined && !values['no-run'];
  if (target === undefined && !values['no-run']) {
    progress(`No function was found in ${folder}. Open a file there and run "Stepwise: Reason About Selection".`);
  }
  const events = join(startFolder, `events-${process.pid}.jsonl`);
  const env = isRunning ? await orderDemo({ events, task: 'complexity', ...target }) : {};
  await writeSettings();
  await parts;

  /** @type {(note: string | undefined) => string} */
  let address = () => folder;
  /** @type {Promise<unknown>} */
  let closed;
  /** @type {() => Promise<void>} */
  let closePage = () => Promise.resolve();
  /** @type {() => Promise<void>} */
  let takePicture = () => Promise.resolve();
  if (desktop !== undefined) {
    const options = { command: desktop, dataFolder: join(startFolder, 'desktop') };
    await installUnlessSame('desktop', (vsix) => installInDesktop({ ...options, vsix }));
    progress(`Opening ${desktop} …`);
    ({ closed } = openDesktop({ ...options, folder, env }));
  } else {
    const options = /** @type {const} */ ({ version: 'stable', dataFolder, name: 'start-server' });
    const browserStart = isRunning ? openBrowser() : undefined;
    browserStart?.catch(() => undefined);
    await installUnlessSame('server', (vsix) => installExtension(options, vsix));
    // The sample is ours; whether to trust another folder is asked in VS Code as ever.
    const server = await startServer({ ...options, isTrusting: isSample, env });
    closed = server.closed;
    address = (note) => {
      const payload = note === undefined ? undefined : JSON.stringify([['openFile', `vscode-remote://${server.authority}${encodeURI(note)}`]]);
      return server.url({ folder, ...(payload === undefined ? {} : { payload }) });
    };
    if (browserStart !== undefined) {
      const { browser, close } = await browserStart;
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(address(undefined), { waitUntil: 'commit' });
      await page.waitForSelector('.monaco-workbench', { timeout: firstEventLimitMs });
      takePicture = async () => {
        await page.screenshot({ path: join(artifacts, 'start-failure.png'), timeout: 10_000 });
      };
      closePage = async () => {
        // Left in order, so that VS Code ends this window's extension host now and not after hours.
        await page.goto('about:blank').catch(() => undefined);
        await close();
      };
    }
  }
  progress(`VS Code is ready after ${duration(performance.now() - begun)}.`);

  /** @type {string | undefined} */
  let note;
  let code = 0;
  if (isRunning) {
    try {
      note = await followRun(events, closed);
      say(`\n${style('green', '✓')} Note: ${style('bold', note)}`);
    } catch (error) {
      await takePicture().catch(() => undefined);
      if (values.once || !(error instanceof ScriptError)) {
        throw error;
      }
      say(`\n${style('red', '✗')} ${error.message}${error.advice ? `\n  ${error.advice}` : ''}`);
      code = 1;
    }
    await closePage();
    await rm(events, { force: true });
  }
  if (values.once) {
    return code;
  }
  isReady = true;
  say(desktop === undefined ? `\n  VS Code goes on running at\n  ${style('cyan', address(note))}\n  Ctrl-C ends it.` : '\n  Close the window or press Ctrl-C to end.');
  await closed;
  await cleanUp();
  return code;
});
