import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { runHtml } from '../../../src/transcript/exportHtml';
import type { Run } from '../../../src/core/run';
import { richEvents } from '../../support/panelRuns';
import { finishedRun, runOf } from '../../support/sampleRuns';
import { violations } from '../panelPage';
import { surroundings } from '../vscode';

describe('An exported page', () => {
  let browser: Browser;
  let folder: string;
  let page: Page;
  /** Errors, warnings and everything that the page asked for besides itself. */
  let problems: string[];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'stepwise-export-'));
    browser = await chromium.launch({
      executablePath: surroundings.browser.executable,
      env: { ...(process.env as Record<string, string>), ...surroundings.browser.env },
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
  });
  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    await page.context().close();
    assert.deepEqual(problems, []);
  });

  async function open(run: Run, options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
    const file = path.join(folder, 'run.html');
    await writeFile(file, await runHtml(run, { language: 'en' }));
    page = await (await browser.newContext({ viewport: { width: 900, height: 1100 }, offline: true, ...options })).newPage();
    problems = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) {
        problems.push(request.url());
      }
    });
    await page.goto(pathToFileURL(file).href);
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`reads well and is accessible in ${colorScheme}, folded and opened`, async () => {
      await open(runOf(richEvents()), { colorScheme });
      assert.deepEqual(await violations({ page }), []);
      await page.screenshot({ path: path.join(surroundings.artifacts, `export-${colorScheme}.png`), fullPage: true });
      // In the order of the page: what is folded within a step is there once the step is open.
      for (const summary of await page.locator('summary').all()) {
        await summary.click();
      }
      await page.getByText('pairs(items): time', { exact: false }).first().waitFor();
      assert.deepEqual(await violations({ page }), []);
      await page.screenshot({ path: path.join(surroundings.artifacts, `export-${colorScheme}-opened.png`), fullPage: true });
    });
  }

  it('works without scripts, by keyboard alone', async () => {
    await open(finishedRun(), { javaScriptEnabled: false });
    const step = page.locator('.step').first();
    await step.locator('> summary').focus();
    await page.keyboard.press('Enter');
    await step.getByText('I look at the analysis of both', { exact: false }).waitFor();
    assert.ok((await page.locator('math').first().boundingBox())!.width > 5, 'mathematics has a shape');
  });

  it('fits into 320 pixels, and on paper', async () => {
    await open(runOf(richEvents()), { viewport: { width: 320, height: 900 } });
    const tooWide = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(await tooWide(), 0);
    await page.screenshot({ path: path.join(surroundings.artifacts, 'export-narrow.png'), fullPage: true });
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByText('I look at the analysis of both', { exact: false }).first().isVisible(), true, 'folded steps are printed');
  });
});
