import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import axe from 'axe-core';
import type { Frame } from 'playwright-core';
import { useMachineSettings, useVSCode } from '../vscode';

/** What axe-core finds wrong in a frame, a line for each rule. */
async function violationsIn(frame: Frame): Promise<readonly string[]> {
  await frame.evaluate(axe.source);
  return frame.evaluate(async () => {
    const results = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] });
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
}

describe('Finished runs', () => {
  const vscode = useVSCode();

  async function reason(file: string, line: number, task: string, isDone: (note: string) => boolean): Promise<void> {
    await vscode().openFile(file, line);
    await vscode().runCommand('Stepwise: Reason About Selection');
    await vscode().quickInputRows().filter({ hasText: task }).first().click();
    await vscode().waitForNote((text) => isDone(text) && /^result: answered$/mu.test(text));
  }

  it('open from their notes by the button in the title of the editor', async () => {
    await reason('orders/duplicates.py', 8, 'Time and space complexity', (text) => text.includes('find_duplicates'));
    await reason('web/src/search.ts', 8, 'Time and space complexity', (text) => text.includes('findProduct'));
    const [note] = (await vscode().notes()).filter((file) => file.endsWith('.md'));
    assert.ok(note);
    await vscode().openFile(path.relative(vscode().folder, note));
    assert.ok((await vscode().commandsFor('Stepwise: Open Note in Panel')).includes('Stepwise: Open Note in Panel'), 'the palette has it as well');
    await vscode().page.locator('.editor-actions [aria-label^="Open Note in Panel"]').first().click();
    const text = await readFile(note, 'utf8');
    const subject = text.includes('find_duplicates') ? 'find_duplicates' : 'findProduct';
    const panel = await vscode().webview('li.step');
    await panel.getByRole('button', { name: subject, exact: true }).waitFor();
    assert.deepEqual(await violationsIn(panel), []);
    await vscode().screenshot('note-in-panel');
  });

  it('go on from a step of such a note, and show both as branches', async () => {
    const panel = await vscode().webview('li.step');
    const before = (await vscode().notes()).length;
    await panel.locator('#step-1 .step-header').click();
    await panel.locator('#step-1').getByRole('button', { name: 'Go On from Here' }).click();
    await panel.getByText('taken over').first().waitFor();
    await panel.getByText(/^Answered/u).first().waitFor();
    const menu = panel.locator('.about .menu summary');
    assert.match(await menu.innerText(), /From step 1 · 2 runs/u);
    await menu.click();
    await panel.locator('.about .menu-entry').nth(1).waitFor();
    await vscode().screenshot('branches');
    await panel.locator('.about button.menu-entry').first().click();
    await panel.getByText('taken over').first().waitFor({ state: 'detached' });
    const note = await vscode().waitForNote((text) => text.includes('"kind": "fork"') && /^result: answered$/mu.test(text));
    assert.match(note, /"step": 1/u);
    assert.match(note, /^\*\*.*From step 1 of an earlier run$/mu);
    assert.equal((await vscode().notes()).length, before + 1);
  });

  it('are compared side by side', async () => {
    const panel = await vscode().webview('li.step');
    await panel.getByRole('button', { name: 'Compare' }).click();
    await vscode().quickInputRows().filter({ hasText: 'findProduct' }).first().waitFor();
    await vscode().screenshot('compare-pick');
    await vscode().quickInputRows().filter({ hasText: 'findProduct' }).first().click();
    const comparison = await vscode().webview('.compared');
    assert.equal(await comparison.locator('.compared').count(), 2);
    await comparison.locator('.compared-facts tr.is-different').first().waitFor();
    assert.deepEqual(await violationsIn(comparison), []);
    await vscode().screenshot('compare');
    await comparison.getByRole('button', { name: 'Close Comparison' }).click();
    await comparison.locator('li.step').first().waitFor();
  });

  it('are exported where the person says, and never over a file without being asked', async () => {
    const panel = await vscode().webview('li.step');
    const input = vscode().page.locator('.quick-input-widget input.input').first();
    /** Takes the place that the dialog proposes: beside the code, named after the note. */
    const save = async (): Promise<string> => {
      await panel.locator('.answer .menu summary').click();
      await panel.getByRole('button', { name: /^HTML page/u }).click();
      // The dialog looks at the folder first, and proposes the name after that.
      await vscode().page.waitForFunction(() => document.querySelector<HTMLInputElement>('.quick-input-widget input.input')?.value.endsWith('.html') === true);
      await vscode().quickInputRows().filter({ hasText: 'warehouse' }).waitFor();
      const proposed = await input.inputValue();
      await vscode().page.locator('.quick-input-widget').getByRole('button', { name: 'OK', exact: true }).click();
      return proposed;
    };
    const target = await save();
    assert.equal(path.dirname(target), vscode().folder);
    assert.match(path.basename(target), /^find[-_]\w+-complexity.*\.html$/u);
    await vscode().page.getByText(`Exported to ${path.basename(target)}`).first().waitFor();
    const html = await readFile(target, 'utf8');
    assert.match(html, /^<!DOCTYPE html>[^]*Content-Security-Policy[^]*<details class="step">/u);
    await vscode().screenshot('exported');
    await writeFile(target, 'precious');
    assert.equal(await save(), target);
    await vscode().page.getByText(/already exists/u).first().waitFor();
    await vscode().page.keyboard.press('Escape');
    await vscode().page.keyboard.press('Escape');
    assert.equal(await readFile(target, 'utf8'), 'precious');
  });

  it('are shown in the side bar as well, where that has a page of its own', async () => {
    await vscode().page.locator('.activitybar [aria-label^="Stepwise"]').first().click();
    const pages = async (): Promise<readonly Frame[]> => {
      const found: Frame[] = [];
      for (const frame of vscode().page.frames().filter((candidate) => candidate.url().includes('/pre/fake.html'))) {
        if ((await frame.locator('li.step').count().catch(() => 0)) > 0) {
          found.push(frame);
        }
      }
      return found;
    };
    await vscode().page.waitForFunction(() => document.querySelectorAll('iframe.webview').length >= 2);
    while ((await pages()).length < 2) {
      await vscode().page.waitForTimeout(100);
    }
    await vscode().screenshot('side-bar');
    const [first] = await pages();
    assert.ok(first);
    assert.deepEqual(await violationsIn(first), []);
    const tooWide = await Promise.all((await pages()).map((frame) => frame.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)));
    assert.deepEqual(tooWide, [0, 0]);
  });

  it('open in the side bar where the settings say so', async () => {
    await useMachineSettings({ 'stepwise.panel.location': 'sideBar' });
    try {
      await vscode().runCommand('View: Close All Editors');
      await vscode().openFile('orders/matching.py', 8);
      await vscode().runCommand('Stepwise: Reason About File');
      await vscode().quickInputRows().filter({ hasText: 'Explain step by step' }).first().click();
      await vscode().waitForNote((text) => text.includes('orders/matching.py') && /^result: answered$/mu.test(text));
      const view = await vscode().webview('li.step');
      await view.getByText('Explain step by step what this code does.').first().waitFor();
      assert.equal(await view.evaluate(() => document.documentElement.dataset.place), 'side-bar');
      assert.equal(await vscode().page.locator('.tab').filter({ hasText: 'Reasoning' }).count(), 0);
      await vscode().screenshot('side-bar-run');
      await vscode().page.locator('[aria-label^="Open Panel in Editor"]').first().click();
      await vscode().page.locator('.tab').filter({ hasText: 'Reasoning' }).waitFor();
    } finally {
      await useMachineSettings({});
    }
  });
});
