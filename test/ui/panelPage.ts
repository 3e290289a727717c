import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser } from 'playwright-core';
import { createPanelHarness, type OpenPanel, type PanelHarness } from '../support/panelHarness.mjs';
import { surroundings } from './vscode';

/** The panel's page in a browser, without VS Code; for the tests of one `describe`. */
export function usePanelPage(): () => PanelHarness {
  let browser: Browser | undefined;
  let harness: PanelHarness | undefined;
  before(async () => {
    browser = await chromium.launch({
      executablePath: surroundings.browser.executable,
      env: { ...(process.env as Record<string, string>), ...surroundings.browser.env },
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    harness = await createPanelHarness({ root: surroundings.root, browser });
  });
  after(async () => {
    await harness?.close();
    await browser?.close();
  });
  return () => {
    if (harness === undefined) {
      throw new Error('The page is not there before the tests begin.');
    }
    return harness;
  };
}

/** What axe-core finds wrong with the page as it is now, a line for each element. */
export async function violations({ page }: Pick<OpenPanel, 'page'>): Promise<readonly string[]> {
  await page.evaluate(readFileSync(path.join(surroundings.root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const results = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary ?? ''}`));
}

/** Keeps a picture of the page among the artefacts. */
export async function keepPicture({ page }: OpenPanel, name: string): Promise<void> {
  await page.screenshot({ path: path.join(surroundings.artifacts, `${name}.png`) });
}
