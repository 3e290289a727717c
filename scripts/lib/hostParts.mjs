import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import nodeModule from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './processes.mjs';
import { downloads } from './paths.mjs';
import { npmFailure, runNpm } from './setup.mjs';
import { ScriptError, lastLines, timed } from './terminal.mjs';

/**
 * The parts of a VS Code that needs nothing but the npm registry: a Node that is new enough for VS Code's server, the
 * server with the workbench, and a browser. Each part is installed into a folder named after its pinned version, first
 * under another name, so that a folder with its right name is complete and is never fetched again.
 */

/** The packages, in the versions that were tried together. */
const pinned = {
  chromium: '143.0.4',
  /** code-server 4.x carries VS Code 1.x of the same number; `oldest` is the lower end of `engines.vscode`. */
  vscode: { stable: '4.139.1', oldest: '4.104.0' },
  node: { stable: '24.21.0', oldest: '22.23.3' },
};

/** @typedef {'stable' | 'oldest'} VSCodeVersion */

/** Whether this platform can run VS Code's server and browser from the registry; others use desktop VS Code. */
export const isServerPlatform = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');

/**
 * Installs packages into `.vscode-test/NAME` unless that is there.
 * @param {string} name Folder name; holds the version.
 * @param {string} what What it is, for the person.
 * @param {(folder: string) => Promise<void>} install Fills the folder; throws if it cannot.
 * @returns {Promise<string>} absolute path of the folder
 */
function ensurePart(name, what, install) {
  const target = join(downloads, name);
  if (existsSync(target)) {
    return Promise.resolve(target);
  }
  const part = underWay.get(name) ?? fetchPart(name, what, install).finally(() => underWay.delete(name));
  underWay.set(name, part);
  return part;
}

/**
 * Parts that this process fetches now: whoever asks for one of them meanwhile waits for the same.
 * @type {Map<string, Promise<string>>}
 */
const underWay = new Map();

/** @type {typeof ensurePart} */
async function fetchPart(name, what, install) {
  const target = join(downloads, name);
  await mkdir(downloads, { recursive: true });
  await removeAbandoned();
  const partial = join(downloads, `.partial-${process.pid}-${name}`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  try {
    await timed(`Downloading ${what} (once)`, () => install(partial));
    await rename(partial, target);
  } catch (error) {
    // Another process may have put it in place at the same moment.
    if (!existsSync(target)) {
      throw error;
    }
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return target;
}

/** Deletes what earlier processes left half done. */
async function removeAbandoned() {
  for (const name of await readdir(downloads)) {
    const pid = Number(/^\.partial-(\d+)-/u.exec(name)?.[1]);
    if (pid > 0 && !isRunning(pid)) {
      await rm(join(downloads, name), { recursive: true, force: true });
    }
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * `npm install` of one package, or of a folder's own dependencies, with no scripts run and nobody's settings needed.
 * @param {string} folder
 * @param {string} what For error messages.
 * @param {readonly string[]} args
 */
async function npmInstall(folder, what, ...args) {
  const flags = ['--ignore-scripts', '--omit=dev', '--no-package-lock', '--no-audit', '--no-fund', '--engine-strict=false', '--global=false'];
  const { code, output } = await runNpm(['install', ...flags, '--prefix', folder, ...args], { cwd: folder });
  if (code !== 0) {
    throw npmFailure(what, output);
  }
}

/**
 * A Node that VS Code's server runs on. The newest needs `module.registerHooks` (22.15 and newer); the extension host
 * of 1.104 hangs on Node 24 and runs on 20 and 22.
 * @param {VSCodeVersion} version
 * @returns {Promise<string>} path of the executable
 */
export async function ensureServerNode(version) {
  const runsHere = version === 'stable' ? 'registerHooks' in nodeModule : /^2[0-3]\./u.test(process.versions.node);
  if (runsHere) {
    return process.execPath;
  }
  const release = pinned.node[version];
  const name = `node-linux-${process.arch}`;
  const what = `Node ${release}`;
  const folder = await ensurePart(`node-${release}-${process.arch}`, what, async (partial) => {
    await writeFile(join(partial, 'package.json'), '{ "private": true }\n');
    await npmInstall(partial, what, `${name}@${release}`);
    await mustRun(what, join(partial, 'node_modules', name, 'bin', 'node'), ['--version']);
  });
  return join(folder, 'node_modules', name, 'bin', 'node');
}

/**
 * VS Code's server.
 * @param {VSCodeVersion} version
 * @returns {Promise<string>} path of the folder that holds `out/server-main.js`
 */
export async function ensureVSCodeServer(version) {
  const release = pinned.vscode[version];
  const what = `VS Code ${release.replace(/^4\./u, '1.')}`;
  const server = join('node_modules', 'code-server', 'lib', 'vscode');
  const folder = await ensurePart(`vscode-${release.replace(/^4\./u, '1.')}`, what, async (partial) => {
    await writeFile(join(partial, 'package.json'), '{ "private": true }\n');
    await npmInstall(partial, what, `code-server@${release}`);
    await npmInstall(join(partial, server), what);
    // TypeScript, for the symbols of JavaScript and TypeScript files.
    await npmInstall(join(partial, server, 'extensions'), what);
    if (!existsSync(join(partial, server, 'out', 'server-main.js')) || !existsSync(join(partial, server, 'node_modules'))) {
      throw new ScriptError(`${what} did not arrive whole.`, 'Run the same command again.');
    }
  });
  return join(folder, server);
}

/**
 * @typedef {object} Browser
 * @property {string} executable
 * @property {NodeJS.ProcessEnv} env What it needs besides this process's environment.
 */

/**
 * A Chromium: the headless one from the registry, which is the same everywhere and starts fast; where there is none
 * for this machine, an installed one.
 * @returns {Promise<Browser>}
 */
export async function ensureBrowser() {
  if (process.arch === 'x64') {
    try {
      return await packagedBrowser();
    } catch (error) {
      const browser = await installedBrowser();
      if (browser === undefined) {
        throw error;
      }
      return browser;
    }
  }
  const browser = await installedBrowser();
  if (browser === undefined) {
    throw new ScriptError(
      `There is no ready-made headless Chromium for ${process.platform} on ${process.arch}.`,
      'Install Chromium or Chrome so that `chromium` or `google-chrome` is on the PATH, then run the same command again.',
    );
  }
  return browser;
}

/** @returns {Promise<Browser | undefined>} */
async function installedBrowser() {
  const executable = findOnPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);
  // What is on the PATH may be a stub that only says how to install it.
  const runs = executable !== undefined && (await run(executable, ['--version'], { limitMs: 20_000 })).code === 0;
  return runs ? { executable, env: {} } : undefined;
}

/** @returns {Promise<Browser>} */
async function packagedBrowser() {
  const what = `Chromium (${pinned.chromium})`;
  const folder = await ensurePart(`chromium-${pinned.chromium}`, what, async (partial) => {
    await writeFile(join(partial, 'package.json'), '{ "private": true }\n');
    await npmInstall(partial, what, `@sparticuz/chromium@${pinned.chromium}`);
    await unpackChromium(partial);
  });
  return unpackedChromium(folder);
}

/**
 * Unpacks browser, libraries and fonts below `folder`. The package itself unpacks into the system's folder for
 * temporary files, where anybody may have put something under the same name before.
 * @param {string} folder
 */
async function unpackChromium(folder) {
  const packageFolder = join(folder, 'node_modules', '@sparticuz', 'chromium');
  const program = `
    const { inflate } = await import(${JSON.stringify(pathToFileURL(join(packageFolder, 'build', 'esm', 'lambdafs.js')).href)});
    for (const name of ['chromium.br', 'swiftshader.tar.br', 'fonts.tar.br', 'al2023.tar.br']) {
      await inflate(${JSON.stringify(join(packageFolder, 'bin'))} + '/' + name);
    }`;
  const unpacked = join(folder, 'unpacked');
  await mkdir(unpacked);
  const { code, output } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, TMPDIR: unpacked },
  });
  if (code !== 0) {
    throw new ScriptError('Chromium could not be unpacked.', 'Free about 500 MB of disk, then run the same command again.', {
      details: lastLines(output),
    });
  }
  // The packaged configuration names folders of a hosting service.
  await writeFile(
    join(unpacked, 'fonts.conf'),
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n' +
      '<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="relative">fonts-cache</cachedir></fontconfig>\n',
  );
  const browser = await unpackedChromium(folder);
  await mustRun('Chromium', browser.executable, ['--version'], browser.env);
  await rm(join(packageFolder, 'bin'), { recursive: true });
}

/**
 * The unpacked browser with the environment it needs here: its own libraries and fonts where the system has none.
 * @param {string} folder
 * @returns {Promise<Browser>}
 */
async function unpackedChromium(folder) {
  const unpacked = join(folder, 'unpacked');
  const executable = join(unpacked, 'chromium');
  /** @type {NodeJS.ProcessEnv} */
  const env = {};
  if ((await run(executable, ['--version'], { limitMs: 20_000 })).code !== 0) {
    env.LD_LIBRARY_PATH = [join(unpacked, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  }
  if (!existsSync('/etc/fonts/fonts.conf')) {
    env.FONTCONFIG_FILE = join(unpacked, 'fonts.conf');
  }
  return { executable, env };
}

/**
 * @param {string} what
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function mustRun(what, program, args, env = {}) {
  const { code, output } = await run(program, args, { env: { ...process.env, ...env }, limitMs: 30_000 });
  if (code !== 0) {
    throw new ScriptError(
      `${what} was downloaded but does not run on this machine.`,
      'It needs a 64-bit Linux with the GNU C library, such as Debian, Ubuntu or Fedora.',
      { details: lastLines(output) },
    );
  }
}

/**
 * @param {readonly string[]} names
 * @returns {string | undefined} path of the first of these programs that is on the PATH
 */
export function findOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const extensions = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  const candidates = names.flatMap((name) => folders.flatMap((folder) => extensions.map((extension) => join(folder, name + extension))));
  return candidates.find((path) => existsSync(path));
}
