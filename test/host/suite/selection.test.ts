import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { StepwiseError } from '../../../src/core/errors';
import { chatQuestion, codeOfChat } from '../../../src/vscode/chatInput';
import type { FunctionFinder } from '../../../src/vscode/selection';
import { codeOfDocument, codeOfEditor, codeOfRange, openTextFile, pathOfUri } from '../../../src/vscode/selection';

const python = ['import sys', '', 'def twice(x):', '    return x + x', '', 'def sums(xs):', '    total = 0', '    for x in xs:', '        total += x', '    return total', ''].join('\n');

/** What a syntax tree would find in `python`. */
const byTree: FunctionFinder = (_text, languageId) => Promise.resolve(languageId === 'python'
  ? [{ name: 'twice', range: { startLine: 3, endLine: 4 } }, { name: 'sums', range: { startLine: 6, endLine: 10 } }]
  : []);

async function editorWith(content: string, language: string, ...selections: vscode.Selection[]): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
  editor.selections = selections;
  return editor;
}

const cursor = (line: number): vscode.Selection => new vscode.Selection(line, 2, line, 2);

async function rejectsWith(code: string, work: Promise<unknown>): Promise<StepwiseError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof StepwiseError, String(error));
    assert.equal(error.code, code);
    return error;
  }
  return assert.fail(`nothing was thrown; expected ${code}`);
}

describe('The code at hand', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('is the selection, as whole lines, with the name of the function that it is', async () => {
    const editor = await editorWith(python, 'python', new vscode.Selection(5, 4, 9, 5));
    const { code, attachments } = await codeOfEditor(editor, byTree);
    assert.deepEqual({ ...code, uri: '' }, {
      uri: '', path: editor.document.uri.path, languageId: 'python', text: python.split('\n').slice(5, 10).join('\n'), range: { startLine: 6, endLine: 10 }, symbol: 'sums',
    });
    assert.equal(code.uri, editor.document.uri.toString());
    assert.deepEqual(attachments, []);
  });

  it('is the function around the cursor where nothing is selected', async () => {
    const { code } = await codeOfEditor(await editorWith(python, 'python', cursor(7)), byTree);
    assert.equal(code.symbol, 'sums');
    assert.deepEqual(code.range, { startLine: 6, endLine: 10 });
  });

  it('is the whole of a small file where there is no function, and says so', async () => {
    const { code, notice } = await codeOfEditor(await editorWith(python, 'python', cursor(0)), byTree);
    assert.deepEqual(code.range, { startLine: 1, endLine: 10 });
    assert.ok(notice);
  });

  it('is the fenced code in Markdown, in the language of the fence', async () => {
    const prose = ['# Sorting', '', '```py', 'def f(xs):', '    return sorted(xs)', '```', '', 'More.', ''].join('\n');
    const code = async (...selections: vscode.Selection[]): Promise<unknown> => {
      const { code: { languageId, range, text } } = await codeOfEditor(await editorWith(prose, 'markdown', ...selections), byTree);
      return [languageId, range, text];
    };
    const block = ['python', { startLine: 4, endLine: 5 }, 'def f(xs):\n    return sorted(xs)'];
    assert.deepEqual(await code(cursor(3)), block, 'around the cursor');
    assert.deepEqual(await code(new vscode.Selection(2, 0, 5, 3)), block, 'selected with its marks');
    assert.deepEqual(await code(new vscode.Selection(4, 0, 4, 8)), ['python', { startLine: 5, endLine: 5 }, '    return sorted(xs)']);
    const [languageId, range] = (await code(new vscode.Selection(0, 0, 5, 3))) as unknown[];
    assert.deepEqual([languageId, range], ['markdown', { startLine: 1, endLine: 6 }], 'prose and code is Markdown');
  });

  it('takes further selections along', async () => {
    const editor = await editorWith(python, 'python', new vscode.Selection(5, 0, 9, 5), new vscode.Selection(2, 0, 3, 5));
    const { code, attachments } = await codeOfEditor(editor, byTree);
    assert.equal(code.symbol, 'sums');
    assert.deepEqual(attachments.map(({ symbol }) => symbol), ['twice']);
  });

  it('is refused where there is none, or too much', async () => {
    await rejectsWith('empty-selection', codeOfEditor(await editorWith('\n   \n', 'python', cursor(0)), byTree));
    const long = await editorWith('x = 1\n'.repeat(500), 'plaintext', cursor(0));
    const error = await rejectsWith('empty-selection', codeOfEditor(long, byTree));
    assert.match(error.message, /501/);
    const huge = await editorWith(`${'x'.repeat(1000)}\n`.repeat(250), 'plaintext', new vscode.Selection(0, 0, 249, 9));
    await rejectsWith('file-too-large', codeOfEditor(huge, byTree));
  });

  it('is a cell of a notebook, under the path of the notebook', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const uri = vscode.Uri.joinPath(folder, 'host-tests.ipynb');
    const cells = [{ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: python.split(/(?<=\n)/) }];
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 2 })));
    try {
      const notebook = await vscode.workspace.openNotebookDocument(uri);
      const cell = notebook.cellAt(0).document;
      const code = await codeOfRange(cell, { startLine: 6, endLine: 10 }, byTree);
      assert.equal(code.path, 'host-tests.ipynb');
      assert.equal(code.uri, cell.uri.toString());
      assert.match(code.text, /^def sums/);
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });

  it('of a file outside of the workspace has no path of this machine', () => {
    assert.equal(pathOfUri(vscode.Uri.file('/somewhere/private/secret-project/a.py')), 'a.py');
  });

  it('tells a folder, a binary file and a missing one apart', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    await rejectsWith('not-found', openTextFile(folder));
    await rejectsWith('not-found', openTextFile(vscode.Uri.joinPath(folder, 'no-such-file.py')));
    const binary = vscode.Uri.joinPath(folder, 'host-tests.bin');
    await vscode.workspace.fs.writeFile(binary, Uint8Array.from([1, 0, 2]));
    try {
      await rejectsWith('binary-file', openTextFile(binary));
    } finally {
      await vscode.workspace.fs.delete(binary);
    }
  });

  it('keeps a range inside the document', async () => {
    const { document } = await editorWith('a\nb', 'plaintext', cursor(0));
    assert.deepEqual((await codeOfRange(document, { startLine: 0, endLine: 99 }, byTree)).range, { startLine: 1, endLine: 2 });
    assert.deepEqual(codeOfDocument(document).range, { startLine: 1, endLine: 2 });
  });
});

describe('What @reason is asked about', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('is what the person attached, the first one first', async () => {
    const { document } = await editorWith(python, 'python', cursor(0));
    // VS Code lists references from the last one in the text to the first.
    const references: vscode.ChatPromptReference[] = [
      { id: 'text', value: 'a remark', modelDescription: 'note' },
      { id: 'vscode.file', value: new vscode.Location(document.uri, new vscode.Range(5, 0, 10, 0)) },
    ];
    const { code, attachments, problems } = await codeOfChat(references, undefined, byTree);
    assert.equal(code?.symbol, 'sums');
    assert.deepEqual(code.range, { startLine: 6, endLine: 10 });
    assert.deepEqual(attachments.map(({ text }) => text), ['a remark']);
    assert.deepEqual(problems, []);
  });

  it('is the code at hand where nothing is attached but what VS Code adds by itself', async () => {
    const editor = await editorWith(python, 'python', cursor(3));
    const { code } = await codeOfChat([{ id: 'vscode.implicit.file', value: editor.document.uri }], editor, byTree);
    assert.equal(code?.symbol, 'twice');
  });

  it('tells what could not be read, and goes on without it', async () => {
    const editor = await editorWith(python, 'python', cursor(3));
    const { code, problems } = await codeOfChat([{ id: 'vscode.file', value: vscode.Uri.file('/no/such/file.py') }], editor, byTree);
    assert.equal(code?.symbol, 'twice');
    assert.equal(problems.length, 1);
  });

  it('has a task and a question even without words', () => {
    assert.equal(chatQuestion('complexity', ' ').task, 'complexity');
    assert.ok(chatQuestion('complexity', '').question.length > 10);
    assert.deepEqual(chatQuestion('bugs', 'Off by one?'), { task: 'bugs', question: 'Off by one?' });
    assert.equal(chatQuestion(undefined, 'What is the time complexity?').task, 'complexity');
  });
});
