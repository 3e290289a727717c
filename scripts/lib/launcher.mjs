import { createWriteStream, fstatSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from './browser.mjs';
import { artifacts } from './paths.mjs';
import { temporaryFolder, withTimeLimit } from './processes.mjs';
import { startServer } from './server.mjs';
import { ScriptError } from './terminal.mjs';

/** Time in ms for a page to load and a suite to run in it; `STEPWISE_HOST_LIMIT_MS` changes it. */
const defaultLimitMs = 600_000;

/**
 * Console output that begins with this is from a suite and is shown. All other is VS Code's own log, which arrives the
 * same way, is long and is about other things; it goes to a file.
 */
export const outputMark = '\u2063';

/**
 * Does what desktop VS Code does with the command line of a test run: opens a folder with an extension under
 * development and runs a suite in its extension host, here with VS Code's server and a headless browser.
 * `@vscode/test-electron` is given this instead of an executable of VS Code.
 *
 * Takes `--extensionDevelopmentPath`, `--extensionTestsPath`, `--user-data-dir` (kept state) and a folder; other
 * options of VS Code are accepted and ignored. `STEPWISE_HOST_VERSION` chooses `stable` (default) or `oldest`.
 * @param {readonly string[]} commandLine
 * @returns {Promise<number>} exit code: 0 if the suite passed
 * @throws {ScriptError} when VS Code cannot be started or does not come to an end
 */
export async function launch(commandLine) {
  const { values, positionals } = parseArgs({
    args: [...commandLine],
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
      'folder-uri': { type: 'string' },
    },
  });
  const extensions = /** @type {string[]} */ (values.extensionDevelopmentPath ?? []);
  const suite = /** @type {string | undefined} */ (values.extensionTestsPath);
  const dataFolder = /** @type {string | undefined} */ (values['user-data-dir']);
  if (extensions.length === 0 || suite === undefined || dataFolder === undefined) {
    throw new ScriptError(
      'The launcher runs suites: it needs --extensionDevelopmentPath, --extensionTestsPath and --user-data-dir.',
      'npm run test:host calls it as it should be.',
    );
  }
  const folder = positionals[0];
  const version = process.env.STEPWISE_HOST_VERSION === 'oldest' ? 'oldest' : 'stable';
  const limitMs = Number(process.env.STEPWISE_HOST_LIMIT_MS) || defaultLimitMs;

  const server = await startServer({
    version,
    dataFolder: resolve(dataFolder),
    name: `host-server-${version}`,
    isUnderTest: true,
    isTrusting: true,
    // Where VS Code puts its sockets, instead of the system's folder for temporary files.
    env: { XDG_RUNTIME_DIR: await temporaryFolder('run') },
  });
  const { browser } = await openBrowser();
  const page = await browser.newPage();
  /** @type {Promise<number>} */
  const finished = new Promise((resolvePromise, reject) => {
    const fail = (/** @type {string} */ what) => reject(new ScriptError(what, undefined, { details: server.recentOutput() }));
    page.once('crash', () => fail('The page with VS Code crashed.'));
    browser.once('disconnected', () => fail('The browser ended before the suite did.'));
    void server.closed.then((code) => fail(`VS Code's server ended with code ${code} before the suite did.`));
    void page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => resolvePromise(code));
  });
  // Handled below; without this an early failure would end the process before it is awaited.
  finished.catch(() => undefined);
  const logFile = join(artifacts, `host-console-${version}.log`);
  const log = createWriteStream(logFile);
  await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
    const text = args.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ');
    log.write(`${type} ${text}\n`);
    if (text.startsWith(outputMark)) {
      (type === 'error' || type === 'warn' ? process.stderr : process.stdout).write(`${text.slice(outputMark.length)}\n`);
    }
  });

  const remote = (/** @type {string} */ path) => `vscode-remote://${server.authority}${resolve(path)}`;
  const payload = [
    ...extensions.map((path) => ['extensionDevelopmentPath', remote(path)]),
    ['extensionTestsPath', remote(suite)],
    ['skipWelcome', 'true'],
  ];
  await page.goto(
    server.url({ ...(folder === undefined ? { ew: 'true' } : { folder: resolve(folder) }), payload: JSON.stringify(payload) }),
  );
  try {
    return await withTimeLimit(
      finished,
      limitMs,
      () =>
        new ScriptError(
          `The suite in VS Code did not end within ${Math.round(limitMs / 1000)} s.`,
          `What VS Code showed is in artifacts/host-failure.png, what it logged in ${logFile}.`,
        ),
    );
  } catch (error) {
    await page.screenshot({ path: join(artifacts, 'host-failure.png'), timeout: 5_000 }).catch(() => undefined);
    throw error;
  } finally {
    log.end();
  }
}

/**
 * Calls back when the process that started this one is gone. It holds the other end of standard input where that is a
 * pipe, as `@vscode/test-electron` makes it.
 * @param {() => void} callback
 */
export function onOrphaned(callback) {
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) {
    process.stdin.resume();
    process.stdin.once('end', callback);
    process.stdin.once('error', callback);
    process.stdin.unref?.();
  }
}
