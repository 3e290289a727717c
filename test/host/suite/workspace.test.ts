import assert from 'node:assert/strict';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { ripgrepOfVsCode } from '../../../src/node/ripgrep';
import { languageModelToolNames } from '../../../src/vscode/ids';
import { createVSCodeWorkspace } from '../../../src/vscode/workspace';

const sample = 'orders/matching.py';

async function invoke(name: keyof typeof languageModelToolNames, input: object): Promise<string> {
  const result = await vscode.lm.invokeTool(languageModelToolNames[name], { input, toolInvocationToken: undefined });
  return result.content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

function root(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return folder.uri;
}

describe('The workspace as tools see it in VS Code', () => {
  const disposables: { dispose(): unknown }[] = [];
  afterEach(() => {
    for (const disposable of disposables.splice(0)) {
      disposable.dispose();
    }
  });

  it('has the ripgrep that VS Code brings', () => {
    assert.ok(ripgrepOfVsCode(vscode.env.appRoot), vscode.env.appRoot);
  });

  it('shows text that is not saved yet, and finds it', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root(), sample));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# wording_of_the_moment\n'));
    try {
      assert.match(await invoke('read_file', { path: sample, end_line: 2 }), /unsaved[^\n]*\n1 \| # wording_of_the_moment/);
      assert.match(await invoke('search_text', { pattern: 'wording_of_the_moment' }), new RegExp(`${sample}\n {2}1: # wording_of_the_moment`));
    } finally {
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
    assert.match(await invoke('search_text', { pattern: 'wording_of_the_moment' }), /No match/);
  });

  it('searches with globs and regular expressions, also those that only JavaScript has', async () => {
    assert.match(await invoke('search_text', { pattern: '^def same_\\w+', is_regex: true, glob: '*.py' }), /orders\/matching\.py\n {2}\d+: def same_order/);
    assert.match(await invoke('search_text', { pattern: '(?<=def )same_order', is_regex: true }), /orders\/matching\.py/);
  });

  it('knows symbols and references by syntax where no language extension answers', async () => {
    assert.match(await invoke('document_symbols', { path: sample }), /function same_order: lines \d+–\d+/);
    const references = await invoke('find_references', { symbol: 'same_order', path: sample });
    assert.match(references, /orders\/matching\.py:\d+: def same_order\(first, second\): {2}\(definition\)/);
    assert.match(references, /orders\/duplicates\.py:\d+:/);
  });

  it('asks language extensions first', async () => {
    const selector = { language: 'python', scheme: 'file' };
    const range = new vscode.Range(2, 0, 4, 1);
    disposables.push(
      vscode.languages.registerDocumentSymbolProvider(selector, {
        provideDocumentSymbols: () => [new vscode.DocumentSymbol('told_by_provider', '', vscode.SymbolKind.Class, range, range)],
      }),
      vscode.languages.registerReferenceProvider(selector, {
        provideReferences: (document) => [
          new vscode.Location(document.uri, new vscode.Position(5, 4)),
          new vscode.Location(vscode.Uri.file(path.join(tmpdir(), 'elsewhere.py')), new vscode.Position(0, 0)),
        ],
      }),
    );
    assert.match(await invoke('document_symbols', { path: sample }), /class told_by_provider: lines 3–5/);
    const references = await invoke('find_references', { symbol: 'normalize', path: sample, line: 6 });
    assert.match(references, /^1 place with "normalize"\.\norders\/matching\.py:6: /);
  });

  it('passes on what is reported for a file, and for the workspace', async () => {
    const collection = vscode.languages.createDiagnosticCollection('stepwise-test');
    disposables.push(collection);
    collection.set(vscode.Uri.joinPath(root(), sample), [new vscode.Diagnostic(new vscode.Range(11, 4, 11, 9), 'told by a linter', vscode.DiagnosticSeverity.Warning)]);
    assert.match(await invoke('diagnostics', { path: sample }), /orders\/matching\.py:12:5: warning: told by a linter/);
    assert.match(await invoke('diagnostics', {}), /orders\/matching\.py:12:5: warning: told by a linter/);
  });

  it('does not follow a link out of the folder', async () => {
    const outside = path.join(tmpdir(), `stepwise-outside-${process.pid}.txt`);
    const link = vscode.Uri.joinPath(root(), 'link.txt').fsPath;
    await writeFile(outside, 'not for models');
    await symlink(outside, link);
    try {
      assert.match(await invoke('read_file', { path: 'link.txt' }), /refused/);
    } finally {
      await rm(link);
      await rm(outside);
    }
  });

  it('reads virtual file systems', async () => {
    const files = new Map([['/a/one.py', 'def one():\n    return 1\n'], ['/a/.env', 'KEY=1']]);
    const provider: vscode.FileSystemProvider = {
      onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
      watch: () => new vscode.Disposable(() => undefined),
      stat(uri) {
        const text = files.get(uri.path);
        if (text === undefined && uri.path !== '/a') {
          throw vscode.FileSystemError.FileNotFound(uri);
        }
        return { type: text === undefined ? vscode.FileType.Directory : vscode.FileType.File, ctime: 0, mtime: 0, size: text?.length ?? 0 };
      },
      readDirectory: () => [['one.py', vscode.FileType.File], ['.env', vscode.FileType.File], ['link.py', vscode.FileType.SymbolicLink | vscode.FileType.File]],
      readFile: (uri) => new TextEncoder().encode(files.get(uri.path) ?? ''),
      createDirectory: () => assert.fail('read only'),
      writeFile: () => assert.fail('read only'),
      delete: () => assert.fail('read only'),
      rename: () => assert.fail('read only'),
    };
    disposables.push(vscode.workspace.registerFileSystemProvider('stepwisetest', provider, { isReadonly: true }));
    const { createVirtualFiles } = await import('../../../src/vscode/virtualFiles');
    const { signal } = new AbortController();
    const virtual = createVirtualFiles(vscode.Uri.parse('stepwisetest:/a'));
    const content = await virtual.read('one.py', 1000, signal);
    assert.ok('bytes' in content);
    assert.equal(new TextDecoder().decode(content.bytes), 'def one():\n    return 1\n');
    await assert.rejects(virtual.read('one.py', 3, signal), { code: 'file-too-large' });
    await assert.rejects(virtual.read('two.py', 1000, signal), { code: 'not-found' });
    const entries = await virtual.entries('', signal);
    assert.deepEqual(entries.map(({ name, kind }) => `${name} ${kind}`), ['one.py file', '.env file', 'link.py other']);
  });

  it('reads the setting for secret files at each call', async () => {
    let patterns: readonly string[] = [];
    const workspace = createVSCodeWorkspace({ secretPatterns: () => patterns });
    const { signal } = new AbortController();
    assert.ok((await workspace.readText(sample, signal)).text.includes('same_order'));
    patterns = ['matching.py'];
    await assert.rejects(workspace.readText(sample, signal), { code: 'secret-file' });
  });
});
