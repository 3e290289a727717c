/**
 * All tests: `npm test`. Its parts:
 *
 *   npm run check                  what needs no editor: types, lint, unit and golden tests, the build
 *   npm run test:host              the suites inside VS Code; -- --oldest: on the oldest supported version as well
 *   npm run test:ui                what a person sees and clicks, in a browser
 *
 * The last line adds up everything: `N passed, N failed` (`, N skipped`). Types, lint and build count as one each; what
 * cannot run counts as failed.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser, ensureServerNode, ensureVSCodeServer, isServerPlatform } from './lib/hostParts.mjs';
import { artifacts, cache, root } from './lib/paths.mjs';
import { endOnSignals, run, runScript } from './lib/processes.mjs';
import { ensureDependencies } from './lib/setup.mjs';
import { ScriptError, duration, reportError, say, style } from './lib/terminal.mjs';

/** @typedef {import('./lib/suites.mjs').Counts} Counts */

/** The TypeScript projects, one for each surrounding that code runs in. */
const projects = ['tsconfig.json', 'src/webview/tsconfig.json', 'test/tsconfig.json', 'scripts/tsconfig.json'];

const onePassed = { passed: 1, failed: 0, skipped: 0 };
const oneFailed = { passed: 0, failed: 1, skipped: 0 };

/**
 * Runs a tool that is installed in node_modules.
 * @param {string} script Path below node_modules.
 * @param {readonly string[]} args
 * @param {boolean} [isShown] Shows output as it comes; otherwise it is shown when the tool fails.
 */
async function runTool(script, args, isShown = false) {
  const result = await run(process.execPath, [join(root, 'node_modules', ...script.split('/')), ...args], { cwd: root, isShown });
  return result;
}

/** @returns {Promise<Counts>} */
async function checkTypes() {
  const output = new Set();
  for (const project of projects) {
    const state = join(cache, 'types', `${project.replaceAll('/', '-')}.tsbuildinfo`);
    // What did not change since the last time is not checked again.
    const args = ['-p', project, '--noEmit', '--pretty', 'false', '--incremental', '--tsBuildInfoFile', state];
    const result = await runTool('typescript/bin/tsc', args);
    for (const line of result.code === 0 ? [] : result.output.trimEnd().split('\n')) {
      output.add(line);
    }
  }
  return verdict([...output].join('\n'), output.size === 0);
}

/** @returns {Promise<Counts>} */
async function lint() {
  const { code, output } = await runTool('eslint/bin/eslint.js', ['--max-warnings', '0', '.']);
  return verdict(output, code === 0);
}

/**
 * @param {string} output Shown when the check failed.
 * @param {boolean} isGood
 * @returns {Counts}
 */
function verdict(output, isGood) {
  if (!isGood) {
    say(output.trimEnd());
  }
  return isGood ? onePassed : oneFailed;
}

/** @returns {Promise<Counts>} */
async function unit() {
  const resultsFile = join(artifacts, 'unit-results.json');
  await rm(resultsFile, { force: true });
  const { code } = await runTool('vitest/vitest.mjs', ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${resultsFile}`], true);
  if (!existsSync(resultsFile)) {
    throw new ScriptError(`The unit tests ended with code ${code} and without a result.`);
  }
  /** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const { testResults } = JSON.parse(await readFile(resultsFile, 'utf8'));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of testResults) {
    let failed = 0;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') {
        counts.passed++;
      } else if (status === 'failed') {
        failed++;
      } else {
        counts.skipped++;
      }
    }
    // A file that could not be loaded has no tests to blame.
    counts.failed += file.status === 'failed' ? Math.max(failed, 1) : failed;
  }
  if (code !== 0 && counts.failed === 0) {
    // An error outside of all tests, or no test at all.
    counts.failed = 1;
  }
  return counts;
}

/** @returns {Promise<Counts>} */
async function buildAll() {
  const { build } = await import('./build.mjs');
  await build();
  return onePassed;
}

/** Gets VS Code and browser while the first checks run; whoever needs them waits for the same download. */
function downloadAhead() {
  if (isServerPlatform) {
    // A failure is reported by the suite that cannot start because of it.
    Promise.all([ensureServerNode('stable'), ensureVSCodeServer('stable'), ensureBrowser()]).catch(() => undefined);
  }
}

/** Sums of all checks so far. */
const total = { passed: 0, failed: 0, skipped: 0 };

/**
 * Runs one check and adds up its counts.
 * @param {string} name
 * @param {() => Promise<Counts>} work
 * @returns {Promise<boolean>} whether all of it passed
 */
async function check(name, work) {
  const start = performance.now();
  /** @type {Counts} */
  let counts = oneFailed;
  try {
    counts = await work();
  } catch (error) {
    reportError(error);
  }
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const isGood = counts.failed === 0;
  say(`${isGood ? style('green', '✓') : style('red', '✗')} ${name}: ${summary(counts)} (${duration(performance.now() - start)})`);
  return isGood;
}

/** @param {Counts} counts */
function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

endOnSignals(() => 130);
await runScript(async () => {
  const { values: wanted } = parseArgs({
    options: { check: { type: 'boolean' }, host: { type: 'boolean' }, ui: { type: 'boolean' }, oldest: { type: 'boolean' } },
  });
  const isAll = !wanted.check && !wanted.host && !wanted.ui;
  const start = performance.now();
  await ensureDependencies();
  await mkdir(artifacts, { recursive: true });
  if (isAll || wanted.host || wanted.ui) {
    downloadAhead();
  }
  if (isAll || wanted.check) {
    // Two lanes of about the same length, for two cores.
    await Promise.all([check('lint', lint), check('types', checkTypes).then(() => check('unit and golden tests', unit))]);
  }
  const isBuilt = await check('build', buildAll);
  const { runHostSuites, runUiSuites } = await import('./lib/suites.mjs');
  const needsBuild = (/** @type {() => Promise<Counts>} */ work) => () =>
    isBuilt ? work() : Promise.reject(new ScriptError('Cannot start: the extension is not built.'));
  if (isAll || wanted.host) {
    await check('suites in VS Code', needsBuild(() => runHostSuites('stable')));
    if (wanted.oldest) {
      await check('suites in the oldest VS Code', needsBuild(() => runHostSuites('oldest')));
    }
  }
  if (isAll || wanted.ui) {
    await check('browser tests', needsBuild(runUiSuites));
  }
  say(`\nAll of it took ${duration(performance.now() - start)}.`);
  return total.failed === 0 ? 0 : 1;
});
say(summary(total));
