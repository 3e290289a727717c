import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { settingKeys, settingsSection } from '../../../src/vscode/ids';

const source = ['// one', 'function pairs(items) {', '  const found = [];', '  for (const a of items) {', '    for (const b of items) {', '      found.push(made["[x](command:y)"](a, b));', '    }', '  }', '  return found;', '}', ''].join('\n');

describe('The complexity above functions', () => {
  const configuration = vscode.workspace.getConfiguration(settingsSection);
  const folder = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'lens tests (1)');
  const uri = vscode.Uri.joinPath(folder, 'marked.js');

  /** The lenses, once they are as wanted; VS Code has no event for them. */
  async function lenses(isWanted: (titles: readonly string[]) => boolean): Promise<readonly vscode.CodeLens[]> {
    for (const deadline = Date.now() + 30_000;;) {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
      if (isWanted(found.map(({ command }) => command?.title ?? '')) || Date.now() > deadline) {
        return found;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function hover(line: number): Promise<string> {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, new vscode.Position(line, 12));
    return hovers.flatMap(({ contents }) => contents).map((content) => (content instanceof vscode.MarkdownString ? content.value : '')).find((text) => text.includes('pairs')) ?? '';
  }

  after(async () => {
    await configuration.update(settingKeys.complexityLens, undefined, vscode.ConfigurationTarget.Global);
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  it('stands there once it is turned on, with a derivation that leads to its lines', async function () {
    this.timeout(90_000);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(source));
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    await configuration.update(settingKeys.complexityLens, true, vscode.ConfigurationTarget.Global);
    const [lens] = await lenses((titles) => titles.some((title) => title.includes('O(')));
    assert.equal(lens?.range.start.line, 1);
    assert.match(lens.command?.title ?? '', /^O\(len\(items\)²\) time · O\(len\(items\)²\) space/);
    const text = await hover(1);
    assert.ok(text.includes(`](${uri.with({ fragment: 'L4' }).toString()}) `), text);
    assert.match(uri.with({ fragment: 'L4' }).toString(), /^[^()\s]+#L4$/);
    assert.doesNotMatch(text, /\]\(command:/);
    assert.equal(await hover(3), '');
    await configuration.update(settingKeys.complexityLens, false, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await lenses((titles) => titles.length === 0), []);
  });
});
