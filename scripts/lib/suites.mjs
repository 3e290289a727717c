import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureBrowser, isServerPlatform } from './hostParts.mjs';
import { artifacts, cache, root, sampleWorkspace } from './paths.mjs';
import { run, temporaryFolder } from './processes.mjs';
import { installExtension, quietSettings, startServer } from './server.mjs';
import { ScriptError } from './terminal.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Compiles the suites of `test/host` or `test/ui`.
 * @param {'host' | 'ui'} name
 * @returns {Promise<string>} path of the compiled `index.js`
 */
async function compileSuites(name) {
  const esbuild = await import('esbuild');
  const folder = join(root, 'test', name);
  const output = join(cache, `${name}-suites`);
  await rm(output, { recursive: true, force: true });
  const suiteFolder = join(folder, 'suite');
  const files = existsSync(suiteFolder) ? await readdir(suiteFolder) : [];
  try {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: [join(folder, 'index.ts'), ...files.filter((file) => file.endsWith('.test.ts')).map((file) => join(suiteFolder, file))],
      outdir: output,
      outbase: folder,
      bundle: true,
      // Packages are loaded from node_modules, and `vscode` is VS Code's own.
      packages: 'external',
      external: ['vscode'],
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'warning',
    });
  } catch (error) {
    throw new ScriptError(`The suites in test/${name} do not compile.`, 'See the messages above.', { cause: error });
  }
  return join(output, 'index.js');
}

/**
 * Runs a suite runner that writes its counts to a file, and reads them.
 * @param {string} name Names the file in `artifacts/`.
 * @param {(resultsFile: string) => Promise<unknown>} start Rejects or resolves when the runner has ended.
 * @returns {Promise<Counts>} one failure where the runner left no results
 */
async function countResults(name, start) {
  const resultsFile = join(artifacts, `${name}-results.json`);
  await rm(resultsFile, { force: true });
  /** @type {unknown} */
  let failure;
  try {
    await start(resultsFile);
  } catch (error) {
    failure = error;
  }
  if (!existsSync(resultsFile)) {
    throw new ScriptError(`The ${name} suites ended without a result.`, undefined, { cause: failure, details: String(failure ?? '') });
  }
  /** @type {Counts} */
  const counts = JSON.parse(await readFile(resultsFile, 'utf8'));
  if (failure !== undefined && counts.failed === 0) {
    throw new ScriptError(`The ${name} suites passed, but VS Code did not end well.`, undefined, { cause: failure, details: String(failure) });
  }
  return counts;
}

/**
 * Runs the suites of `test/host` in VS Code through `@vscode/test-electron`: in its server where that comes from the
 * npm registry, in a downloaded desktop VS Code elsewhere.
 * @param {import('./hostParts.mjs').VSCodeVersion} version
 * @returns {Promise<Counts>}
 */
export async function runHostSuites(version) {
  const suite = await compileSuites('host');
  const { runTests } = await import('@vscode/test-electron');
  const workspace = join(await temporaryFolder('host'), 'workspace');
  await cp(sampleWorkspace, workspace, { recursive: true });
  const userData = await temporaryFolder('user');
  return countResults(`host-${version}`, (resultsFile) =>
    runTests({
      ...(isServerPlatform
        ? { vscodeExecutablePath: join(root, 'test', 'host', 'launcher') }
        : { version: version === 'stable' ? 'stable' : '1.104.0' }),
      extensionDevelopmentPath: root,
      extensionTestsPath: suite,
      launchArgs: [workspace, `--user-data-dir=${userData}`, `--extensions-dir=${join(userData, 'extensions')}`],
      extensionTestsEnv: { STEPWISE_TEST_RESULTS: resultsFile, STEPWISE_HOST_VERSION: version, ...withoutKeys() },
    }),
  );
}

/**
 * Runs the browser tests of `test/ui` in a process of their own.
 * @returns {Promise<Counts>}
 */
export async function runUiSuites() {
  if (!isServerPlatform) {
    // The page of VS Code's server is what is tested; desktop VS Code shows the same, and CI has Linux.
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const program = await compileSuites('ui');
  const folder = await temporaryFolder('ui');
  const workspaces = join(folder, 'workspaces');
  const options = /** @type {const} */ ({ version: 'stable', dataFolder: join(folder, 'data'), name: 'ui-server' });
  const settingsFile = join(options.dataFolder, 'data', 'User', 'settings.json');
  const machineSettingsFile = join(options.dataFolder, 'data', 'Machine', 'settings.json');
  await Promise.all([workspaces, dirname(settingsFile), dirname(machineSettingsFile)].map((path) => mkdir(path, { recursive: true })));
  await writeFile(settingsFile, JSON.stringify(quietSettings));
  // As users have it: packaged and installed, with nothing that only a test run has.
  const { packageExtension } = await import('../package.mjs');
  await installExtension(options, await packageExtension(join(folder, 'stepwise.vsix')));
  const server = await startServer({ ...options, isTrusting: true, env: { XDG_RUNTIME_DIR: await temporaryFolder('run'), ...withoutKeys() } });
  const surroundings = { url: server.url({}), browser: await ensureBrowser(), sampleWorkspace, workspaces, machineSettingsFile, artifacts, root };
  try {
    return await countResults('ui', async (resultsFile) => {
      const { code } = await run(process.execPath, ['--enable-source-maps', program], {
        isShown: true,
        limitMs: 15 * 60_000,
        env: { ...process.env, STEPWISE_TEST_RESULTS: resultsFile, STEPWISE_UI: JSON.stringify(surroundings), ...withoutKeys() },
      });
      if (code !== 0) {
        throw new ScriptError(`The browser tests ended with code ${code}.`);
      }
    });
  } finally {
    await server.stop();
  }
}

/** @returns {Record<string, undefined>} Environment without keys: no test reaches a real service, whoever runs it. */
function withoutKeys() {
  return { GROQ_API_KEY: undefined, OPENAI_API_KEY: undefined };
}
