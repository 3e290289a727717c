import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What a run of suites came to, as `scripts/test.mjs` reads it. */
export interface SuiteResults {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Runs compiled suites with Mocha, prints each test as it ends and writes the counts to a file.
 * Resolves to the counts; rejects when there is no test at all or a suite cannot be loaded.
 */
export async function runMocha(options: {
  readonly files: readonly string[];
  readonly resultsFile: string | undefined;
  readonly timeoutMs: number;
  readonly print: (line: string) => void;
}): Promise<SuiteResults> {
  const { print } = options;
  // The base of all reporters prints nothing by itself.
  const mocha = new Mocha({ ui: 'bdd', timeout: options.timeoutMs, forbidOnly: process.env.CI !== undefined, reporter: Mocha.reporters.Base });
  const pattern = process.env.STEPWISE_TEST_GREP;
  if (pattern !== undefined && pattern !== '') {
    mocha.grep(pattern);
  }
  for (const file of options.files) {
    mocha.addFile(file);
  }
  await mocha.loadFilesAsync();
  const results: SuiteResults = { passed: 0, failed: 0, skipped: 0 };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    const { EVENT_SUITE_BEGIN, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;
    runner.on(EVENT_SUITE_BEGIN, (suite: Mocha.Suite) => {
      if (!suite.root) {
        print(`  ${suite.fullTitle()}`);
      }
    });
    runner.on(EVENT_TEST_PASS, (test: Mocha.Test) => {
      results.passed++;
      print(`    ✓ ${test.title} (${test.duration ?? 0} ms)`);
    });
    runner.on(EVENT_TEST_PENDING, (test: Mocha.Test) => {
      results.skipped++;
      print(`    - ${test.title}`);
    });
    // A hook that fails is reported here as well.
    runner.on(EVENT_TEST_FAIL, (test: Mocha.Test, error: unknown) => {
      results.failed++;
      print(`    ✗ ${test.fullTitle()}`);
      print((error instanceof Error ? (error.stack ?? error.message) : String(error)).replace(/^/gmu, '        '));
    });
  });
  if (results.passed + results.failed + results.skipped === 0) {
    throw new Error('No test was found.');
  }
  if (options.resultsFile !== undefined) {
    writeFileSync(options.resultsFile, JSON.stringify(results));
  }
  return results;
}
