import { readdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { runMocha } from './mochaRun';

/** The launcher shows console output that begins with this; the rest is VS Code's own log. See scripts/lib/launcher.mjs. */
const outputMark = '\u2063';

/** What VS Code says about a native module for log files that its server here does without. */
const noise = 'Could not locate the bindings file';

/** Runs all suites in VS Code's extension host. VS Code calls it, and takes a rejection as a failed run. */
export async function run(): Promise<void> {
  for (const level of ['log', 'info', 'warn', 'error'] as const) {
    const original = console[level].bind(console);
    // VS Code's console ignores assignments.
    Object.defineProperty(console, level, {
      value: (...args: unknown[]) => {
        const text = format(...args);
        original(text.includes(noise) ? text : outputMark + text);
      },
    });
  }
  const folder = path.join(__dirname, 'suite');
  const { failed } = await runMocha({
    files: readdirSync(folder)
      .filter((file) => file.endsWith('.test.js'))
      .sort()
      .map((file) => path.join(folder, file)),
    resultsFile: process.env.STEPWISE_TEST_RESULTS,
    timeoutMs: 20_000,
    print: (line) => console.log(line),
  });
  if (failed > 0) {
    throw new Error(`${failed} of the tests in VS Code failed.`);
  }
}
