import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { ScriptError, reportError } from './terminal.mjs';

/**
 * Starting programs so that none outlives the script that started it.
 *
 * A long-running program is started behind `guard.mjs`, a small process in a process group of its own that holds one
 * end of a pipe. However this process ends (return, Ctrl-C, crash, `kill -9`), the pipe closes and the guard ends the
 * whole group and whatever else descends from it.
 */

const guardProgram = fileURLToPath(new URL('guard.mjs', import.meta.url));

/** @type {Set<() => Promise<void> | void>} */
const cleanups = new Set();
let isEnding = false;

/**
 * Registers something to be undone when the script ends, in whatever way. Later registrations are undone first.
 * @param {() => Promise<void> | void} cleanup
 * @returns {() => void} Takes the registration back.
 */
export function onEnd(cleanup) {
  cleanups.add(cleanup);
  return () => void cleanups.delete(cleanup);
}

/** Runs all registered clean-ups once; one that fails does not keep the others from running. */
export async function cleanUp() {
  for (const cleanup of [...cleanups].reverse()) {
    cleanups.delete(cleanup);
    try {
      await cleanup();
    } catch (error) {
      process.stderr.write(`Cleaning up failed: ${String(error)}\n`);
    }
  }
}

/**
 * Ends the script in order on Ctrl-C, a closed terminal and `kill`. A second Ctrl-C ends it at once; the guards end
 * what they guard even then.
 * @param {(signal: NodeJS.Signals) => number} exitCodeFor
 */
export function endOnSignals(exitCodeFor) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (isEnding) {
        process.exit(exitCodeFor(signal));
      }
      isEnding = true;
      void cleanUp().finally(() => process.exit(exitCodeFor(signal)));
    });
  }
}

/**
 * Runs a script's main function: its return value is the exit code, a thrown error is printed and gives 1. What was
 * registered with `onEnd` is undone before the process ends.
 * @param {() => Promise<number>} main
 */
export async function runScript(main) {
  let code = 1;
  try {
    code = await main();
  } catch (error) {
    reportError(error);
  }
  await cleanUp();
  process.exitCode = code;
}

/**
 * A folder for temporary files that is deleted when the script ends.
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function temporaryFolder(name) {
  const folder = await mkdtemp(join(tmpdir(), `stepwise-${name}-`));
  onEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/**
 * A promise that settles like `work`, or is rejected after a time limit.
 * @template T
 * @param {Promise<T>} work
 * @param {number} limitMs
 * @param {() => Error} timeoutError
 * @returns {Promise<T>}
 */
export function withTimeLimit(work, limitMs, timeoutError) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(timeoutError()), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] Whole environment; this process's if left out.
 * @property {boolean} [isShown] Passes output on as it comes; otherwise it is only collected.
 * @property {number} [limitMs] Time after which the program is ended and counts as failed. Default 10 minutes.
 *
 * @typedef {object} RunResult
 * @property {number} code Exit code; 1 where a signal ended the program.
 * @property {string} output Standard output and error together, as they came.
 */

/**
 * Runs a program to its end. The program and its children end with this process.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 * @throws {ScriptError} when the program cannot be started or exceeds its time limit
 */
export async function run(command, args, options = {}) {
  const guarded = spawnGuarded(command, args, options);
  let output = '';
  for (const [source, target] of /** @type {const} */ ([
    [guarded.process.stdout, process.stdout],
    [guarded.process.stderr, process.stderr],
  ])) {
    source.setEncoding('utf8');
    source.on('data', (/** @type {string} */ text) => {
      output += text;
      if (options.isShown) {
        target.write(text);
      }
    });
  }
  const limitMs = options.limitMs ?? 600_000;
  try {
    const code = await withTimeLimit(
      guarded.closed,
      limitMs,
      () =>
        new ScriptError(`${command} ${args.slice(0, 2).join(' ')} did not end within ${Math.round(limitMs / 1000)} s.`, undefined, {
          details: output.slice(-2000),
        }),
    );
    return { code, output };
  } finally {
    await guarded.stop();
  }
}

/**
 * @typedef {object} Guarded
 * @property {import('node:child_process').ChildProcessWithoutNullStreams} process The guard; its output is the program's.
 * @property {Promise<number>} closed The exit code, once the program has ended and its output was read.
 * @property {() => Promise<void>} stop Ends the program and everything it started; resolves when all is gone.
 */

/**
 * Starts a program behind a guard (see above).
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Guarded}
 */
export function spawnGuarded(command, args, options = {}) {
  const child = spawn(process.execPath, [guardProgram, command, ...args], {
    cwd: options.cwd,
    // Descendants that leave the process group (a terminal in VS Code does) are known by this variable.
    env: { ...(options.env ?? process.env), STEPWISE_GUARD: randomUUID() },
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  // A guard that is gone already cannot be told to stop; that is no error.
  child.stdin.on('error', () => undefined);
  /** @type {Promise<number>} */
  const closed = new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new ScriptError(`${command} could not be started.`, undefined, { cause: error })));
    child.once('close', (code) => resolve(code ?? 1));
  });
  // Whoever needs the outcome awaits it; nobody else should crash over it.
  closed.catch(() => undefined);
  const stop = async () => {
    forget();
    child.stdin.end();
    await closed.catch(() => undefined);
  };
  const forget = onEnd(stop);
  void closed.then(forget, forget);
  return { process: child, closed, stop };
}

/**
 * Calls back for each line of a stream.
 * @param {NodeJS.ReadableStream} stream
 * @param {(line: string) => void} onLine
 */
export function readLines(stream, onLine) {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine);
}
