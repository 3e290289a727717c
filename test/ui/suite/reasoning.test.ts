import assert from 'node:assert/strict';
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

  it('has the run in the panel again after a reload of the window', async () => {
    const panel = await vscode().webview('li.step');
    await panel.getByText(/O\(log/u).first().waitFor();
    const steps = await panel.locator('li.step').count();
    await vscode().reload();
    const again = await vscode().webview('li.step');
    await again.getByText(/O\(log/u).first().waitFor();
    assert.equal(await again.locator('li.step').count(), steps);
    await vscode().screenshot('after-reload');
  });
});
