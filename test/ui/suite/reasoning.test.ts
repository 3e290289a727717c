import assert from 'node:assert/strict';
import axe from 'axe-core';
import { useVSCode } from '../vscode';

describe('Reasoning about a selection', () => {
  const vscode = useVSCode();

  it('shows steps and an answer as they come, and writes a note', async () => {
    await vscode().openFile('orders/duplicates.py', 6);
    await vscode().selectLinesDown(8);
    await vscode().page.keyboard.press('Control+Alt+R');
    await vscode().quickInputRows().filter({ hasText: 'Time and space complexity' }).first().click();

    const panel = await vscode().webview('li.step');
    await panel.getByText(/O\(/u).first().waitFor();
    const note = await vscode().waitForNote((text) => /^result: answered$/mu.test(text));
    assert.match(note, /^source: .*orders\/duplicates\.py/mu);
    assert.match(note, /find_duplicates/u);
    assert.match(note, /O\(len\(orders\)²/u, 'two nested loops over the orders');
    assert.ok((await panel.locator('li.step').count()) >= 2, 'a step that looks and one that answers');
    await vscode().screenshot('reasoning');
  });

  it('takes the function around the cursor where nothing is selected', async () => {
    const before = await vscode().notes();
    await vscode().openFile('web/src/search.ts', 8);
    await vscode().runCommand('Stepwise: Reason About Selection');
    await vscode().quickInputRows().filter({ hasText: 'Time and space complexity' }).first().click();
    const note = await vscode().waitForNote((text) => text.includes('findProduct') && /^result: answered$/mu.test(text));
    assert.match(note, /O\(log/u);
    assert.equal((await vscode().notes()).length, before.length + 1);
  });

  it('shows the run again after the panel was hidden', async () => {
    const panel = await vscode().webview('li.step');
    await panel.getByText(/O\(log/u).first().waitFor();
    await vscode().page.locator('.tab').filter({ hasText: 'Reasoning: findProduct' }).click();
    // Opens in the panel's own group, in front of it.
    await vscode().openFile('README.md');
    await vscode().page.locator('.tab').filter({ hasText: 'Reasoning: findProduct' }).click();
    const again = await vscode().webview('li.step');
    await again.getByText(/O\(log/u).first().waitFor();
  });

  it('takes a follow-up question in the panel', async () => {
    const panel = await vscode().webview('li.step');
    await panel.getByPlaceholder('Ask a follow-up question').fill('How much memory does it take?');
    await vscode().page.keyboard.press('Enter');
    await panel.getByText('How much memory does it take?').first().waitFor();
    const note = await vscode().waitForNote((text) => text.includes('How much memory does it take?') && /^result: answered$/mu.test(text));
    assert.match(note, /findProduct/u);
  });

  it('has a panel without barriers that a program can find', async () => {
    const panel = await vscode().webview('li.step');
    await panel.evaluate(axe.source);
    const violations = await panel.evaluate(async () => {
      const results = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] });
      return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    });
    assert.deepEqual(violations, []);
  });

  it('has the run in the panel again after a reload of the window', async () => {
    const panel = await vscode().webview('li.step');
    await panel.getByText('How much memory does it take?').first().waitFor();
    const steps = await panel.locator('li.step').count();
    await vscode().reload();
    const again = await vscode().webview('li.step');
    await again.getByText('How much memory does it take?').first().waitFor();
    assert.equal(await again.locator('li.step').count(), steps);
    await vscode().screenshot('after-reload');
  });
});
