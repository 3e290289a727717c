import { readdirSync } from 'node:fs';
import path from 'node:path';
import { runMocha } from '../host/mochaRun';

/** Runs all browser tests; `scripts/lib/suites.mjs` starts VS Code and this program. */
async function main(): Promise<void> {
  const folder = path.join(__dirname, 'suite');
  await runMocha({
    files: readdirSync(folder)
      .filter((file) => file.endsWith('.test.js'))
      .sort()
      .map((file) => path.join(folder, file)),
    resultsFile: process.env.STEPWISE_TEST_RESULTS,
    // Generous: what takes 3 s on an idle machine takes 30 where other things run.
    timeoutMs: 120_000,
    print: (line) => console.log(line),
  });
}

main().then(
  // Whatever a failed test left open does not keep the process.
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
