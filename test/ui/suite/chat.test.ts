import assert from 'node:assert/strict';
import { useVSCode } from '../vscode';

describe('Chat in a VS Code without Copilot', () => {
  const vscode = useVSCode();

  it('answers the first message to @reason', async () => {
    await vscode().openFile('orders/forecast.py', 18);
    await vscode().selectLinesDown(7);
    await vscode().sendChat('@reason /complexity ');
    const answer = vscode().chatAnswer();
    await answer.getByText(/O\(/u).first().waitFor();
    const text = await answer.innerText();
    assert.doesNotMatch(text, /unavailable/iu);
    assert.match(text, /exponential/iu, 'two calls of itself in each call');
    const note = await vscode().waitForNote((content) => /^result: answered$/mu.test(content));
    assert.match(note, /ways_to_pack/u);
    for (const name of ['Show Steps', 'Open Note', 'Go Deeper', 'Compare…']) {
      await answer.getByRole('button', { name, exact: true }).waitFor();
    }
    await answer.getByText('Looked at:').waitFor();
    await vscode().screenshot('chat');
  });

  it('goes deeper from its answer, in the panel', async () => {
    await vscode().chatAnswer().getByRole('button', { name: 'Go Deeper', exact: true }).click();
    const panel = await vscode().webview('li.step');
    assert.match(await panel.locator('.about .menu summary').innerText(), /Deeper · 2 runs/u);
    await panel.getByText(/^Answered/u).first().waitFor();
  });
});
