import { randomBytes } from 'node:crypto';
import { createWriteStream, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { URLSearchParams } from 'node:url';
import { ensureServerNode, ensureVSCodeServer } from './hostParts.mjs';
import { artifacts } from './paths.mjs';
import { readLines, run, spawnGuarded, withTimeLimit } from './processes.mjs';
import { ScriptError, lastLines } from './terminal.mjs';

/** Time in ms in which the server must be listening. */
const startLimitMs = 60_000;

/** User settings that keep VS Code from talking about itself and from asking for updates. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
};

/**
 * @typedef {object} ServerOptions
 * @property {import('./hostParts.mjs').VSCodeVersion} version
 * @property {string} dataFolder Where VS Code keeps state and installed extensions; made if missing.
 * @property {string} name Names the log file in `artifacts/`.
 * @property {boolean} [isUnderTest] Lets a page load an extension under development and run a suite in it.
 * @property {boolean} [isTrusting] Every folder counts as trusted; for folders that are our own.
 * @property {NodeJS.ProcessEnv} [env] Further environment of server and extension host.
 *
 * @typedef {object} Server
 * @property {number} port
 * @property {(query: Record<string, string>) => string} url Address of the workbench, with the connection token.
 * @property {string} authority `HOST:PORT`, as in `vscode-remote://` URIs of files on the server.
 * @property {Promise<number>} closed Settles when the server has ended.
 * @property {() => Promise<void>} stop Ends the server and all its processes.
 * @property {() => string} recentOutput Last lines the server printed.
 */

/**
 * The server's programs and folders on the command line.
 * @param {ServerOptions} options
 * @returns {Promise<{ node: string, args: string[] }>}
 */
async function serverCommand({ version, dataFolder }) {
  const [node, server] = await Promise.all([ensureServerNode(version), ensureVSCodeServer(version)]);
  const args = [
    // Node warns about VS Code's use of its APIs; nobody here can act on it.
    '--no-warnings',
    join(server, 'out', 'server-main.js'),
    '--accept-server-license-terms',
    '--disable-telemetry',
    '--server-data-dir',
    dataFolder,
    '--extensions-dir',
    join(dataFolder, 'extensions'),
  ];
  return { node, args };
}

/**
 * Installs a packaged extension as a user does.
 * @param {ServerOptions} options
 * @param {string} vsix
 * @returns {Promise<void>}
 */
export async function installExtension(options, vsix) {
  const { node, args } = await serverCommand(options);
  const { code, output } = await run(node, [...args, '--install-extension', vsix, '--force'], { limitMs: 120_000 });
  if (code !== 0 || !/successfully installed/u.test(output)) {
    throw new ScriptError('VS Code did not install the packaged extension.', undefined, { details: lastLines(output) });
  }
}

/**
 * Starts VS Code's server on a free port of the loopback interface and waits until it listens. It ends with this
 * process at the latest.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const { node, args } = await serverCommand(options);
  await mkdir(join(options.dataFolder, 'extensions'), { recursive: true });
  await mkdir(artifacts, { recursive: true });
  const token = randomBytes(24).toString('base64url');
  // In a file, because a command line can be read by every user of the machine.
  const tokenFile = join(options.dataFolder, `connection-token-${process.pid}`);
  await writeFile(tokenFile, token, { mode: 0o600 });
  args.push('--host', '127.0.0.1', '--port', '0', '--connection-token-file', tokenFile);
  if (options.isUnderTest) {
    args.push('--enable-smoke-test-driver');
  }
  if (options.isTrusting) {
    args.push('--disable-workspace-trust');
  }

  const logFile = join(artifacts, `${options.name}.log`);
  const log = createWriteStream(logFile);
  let recent = '';
  const guarded = spawnGuarded(node, args, { cwd: dirname(node), env: { ...process.env, ...options.env } });
  /** @type {Promise<number>} */
  const listening = new Promise((resolve) => {
    for (const stream of [guarded.process.stdout, guarded.process.stderr]) {
      readLines(stream, (line) => {
        log.write(`${line}\n`);
        recent = (recent + line + '\n').slice(-4000);
        const port = /Extension host agent listening on (\d+)/u.exec(line)?.[1];
        if (port !== undefined) {
          resolve(Number(port));
        }
      });
    }
  });
  const afterwards = () => {
    log.end();
    rmSync(tokenFile, { force: true });
  };
  void guarded.closed.then(afterwards, afterwards);
  const failure = (/** @type {string} */ what) =>
    new ScriptError(`VS Code's server ${what}.`, `Its whole output is in ${logFile}.`, { details: lastLines(recent) });
  try {
    const ended = guarded.closed.then((code) => Promise.reject(failure(`ended with code ${code} instead of starting`)));
    const port = await withTimeLimit(Promise.race([listening, ended]), startLimitMs, () =>
      failure(`was not ready after ${startLimitMs / 1000} s`),
    );
    return {
      port,
      authority: `127.0.0.1:${port}`,
      url: (query) => `http://127.0.0.1:${port}/?${new URLSearchParams({ tkn: token, ...query }).toString()}`,
      closed: guarded.closed,
      stop: guarded.stop,
      recentOutput: () => lastLines(recent),
    };
  } catch (error) {
    await guarded.stop();
    throw error;
  }
}
