import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../../src/vscode/ids';

describe('Stepwise in VS Code', () => {
  it('starts by itself and fast', async () => {
    const extension = vscode.extensions.getExtension('stepwise.stepwise');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('has every command that package.json contributes', async () => {
    const commands = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(Object.values(commandIds).filter((id) => !commands.has(id)), []);
  });
});
