import assert from 'node:assert/strict';
import { useVSCode } from '../vscode';

describe('A fresh VS Code with Stepwise', () => {
  const vscode = useVSCode();

  it('offers the commands in the palette', async () => {
    const titles = await vscode().commandsFor('Stepwise');
    for (const title of ['Stepwise: Ask…', 'Stepwise: Open Reasoning Panel', 'Stepwise: Set Groq API Key', 'Stepwise: Choose Model']) {
      assert.ok(titles.some((offered) => offered.startsWith(title)), `${title} is missing in: ${titles.join(', ')}`);
    }
  });
});
