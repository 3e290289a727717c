import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './processes.mjs';
import { root } from './paths.mjs';
import { ScriptError, lastLines, timed } from './terminal.mjs';

/** The oldest Node that everything in the repository runs on; the same as `engines.node`. */
const oldestNode = /** @type {const} */ ([20, 19]);

/**
 * Runs npm as it belongs to the running Node, whichever way the script was started.
 * @param {readonly string[]} args
 * @param {import('./processes.mjs').RunOptions} [options]
 * @returns {Promise<import('./processes.mjs').RunResult>}
 */
export async function runNpm(args, options) {
  const besideNode = dirname(process.execPath);
  const script = [
    process.env.npm_execpath,
    join(besideNode, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(besideNode, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((path) => path !== undefined && /npm-cli\.[cm]?js$/u.test(path) && existsSync(path));
  const result = await (script === undefined ? run('npm', args, options) : run(process.execPath, [script, ...args], options));
  // npm 10 may stop halfway when it cannot reach the registry, and end with code 0.
  return stoppedHalfway.test(result.output) ? { ...result, code: result.code || 1 } : result;
}

const stoppedHalfway = /Exit handler never called/u;

/**
 * Turns a failed npm call into an error that says what to do next.
 * @param {string} what What was to be had, e.g. "VS Code 1.139.1".
 * @param {string} output What npm printed.
 * @returns {ScriptError}
 */
export function npmFailure(what, output) {
  const details = lastLines(output.replace(/^npm (?:warn|notice) ?.*\n?/gmu, ''), 12);
  if (stoppedHalfway.test(output) || /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|UNABLE_TO_|CERT_)/u.test(output)) {
    return new ScriptError(
      `${what} could not be downloaded: the npm registry cannot be reached.`,
      'Check the network, the proxy (npm config get proxy) and the registry (npm config get registry), then run the same command again. What has arrived is kept.',
      { details },
    );
  }
  if (/\bENOSPC\b/u.test(output)) {
    return new ScriptError(`${what} could not be installed: the disk is full.`, 'Free about 2 GB, then run the same command again.', { details });
  }
  return new ScriptError(`${what} could not be installed with npm.`, 'See the lines above; then run the same command again.', { details });
}

/**
 * Makes sure that Node is new enough and that `node_modules` holds what package-lock.json says; installs it if not.
 * @returns {Promise<void>}
 * @throws {ScriptError}
 */
export async function ensureDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    throw new ScriptError(
      `Node ${process.versions.node} is too old: Stepwise is built with Node ${oldestNode.join('.')} or newer.`,
      'Install a current Node from https://nodejs.org and run the same command again.',
    );
  }
  if (isInstalled()) {
    return;
  }
  await timed('Installing dependencies (npm ci)', async () => {
    const args = ['ci', '--no-audit', '--no-fund', '--include=dev'];
    const { code, output } = await runNpm(args, { cwd: root });
    if (code !== 0 || !isInstalled()) {
      throw npmFailure('What Stepwise is built with', output);
    }
  });
}

/**
 * Whether every package of package-lock.json is installed in its version. npm writes what it installed to
 * `node_modules/.package-lock.json`; packages for other platforms are missing there rightly.
 * @returns {boolean}
 */
function isInstalled() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) {
    return false;
  }
  /** @typedef {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }>} Packages */
  /** @type {{ packages: Packages }} */
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  /** @type {{ packages: Packages }} */
  const installed = JSON.parse(readFileSync(installedFile, 'utf8'));
  return Object.entries(wanted.packages).every(([path, { version, optional, devOptional }]) => {
    const found = installed.packages[path];
    return path === '' || (found === undefined ? optional === true || devOptional === true : found.version === version);
  });
}
