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
    await vscode().screenshot('chat');
  });
});
