import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { externalTools, foreignTools } from '../../../src/vscode/externalTools';
import { languageModelToolNames } from '../../../src/vscode/ids';

async function invoke(name: string, input: object): Promise<string> {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return result.content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

describe('The tools that Stepwise gives to VS Code', () => {
  it('are registered with a description and a schema for models', () => {
    for (const name of Object.values(languageModelToolNames)) {
      const tool = vscode.lm.tools.find((candidate) => candidate.name === name);
      assert.ok(tool, name);
      assert.ok(tool.description.length > 40, name);
      assert.equal((tool.inputSchema as { type?: unknown }).type, 'object', name);
    }
  });

  it('list and read the files of the workspace', async () => {
    const listing = await invoke(languageModelToolNames.list_files, {});
    const path = listing.split('\n').map((line) => line.trim()).find((line) => line.endsWith('.py') && !line.endsWith('__init__.py'));
    assert.ok(path, listing);
    assert.match(await invoke(languageModelToolNames.read_file, { path }), /\d+ \| /);
  });

  it('refuse what lies outside, in words that a model can act on', async () => {
    assert.match(await invoke(languageModelToolNames.read_file, { path: '../../etc/passwd' }), /outside|workspace/i);
    assert.ok(!(await invoke(languageModelToolNames.read_file, { path: '/etc/passwd' })).includes('root:'));
  });

  it('are not offered to Stepwise itself a second time', () => {
    const own = new Set<string>(Object.values(languageModelToolNames));
    assert.ok(foreignTools().every(({ name }) => !own.has(name)));
    assert.deepEqual(externalTools([languageModelToolNames.read_file, 'no_such_tool'], undefined), []);
  });
});
