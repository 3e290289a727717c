import assert from 'node:assert/strict';
import { useVSCode } from '../vscode';

describe('A fresh VS Code with Stepwise', () => {
  const vscode = useVSCode();

  it('offers the commands in the palette', async () => {
    for (const title of ['Stepwise: Ask…', 'Stepwise: Open Reasoning Panel', 'Stepwise: Set Groq API Key', 'Stepwise: Choose Model']) {
      // Asked for by name: the palette shows no more than fits.
      const titles = await vscode().commandsFor(title);
      assert.ok(titles.some((offered) => offered.startsWith(title)), `${title} is missing in: ${titles.join(', ')}`);
    }
  });
});
