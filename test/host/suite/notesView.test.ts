import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ReasoningRequest } from '../../../src/core/request';
import { noFilter } from '../../../src/app/noteIndex';
import type { CommandOutcome } from '../../../src/vscode/commands';
import { commandIds, noteCommandIds, panelViewType, settingKeys, settingsSection, showNotesCommandId, stateKeys } from '../../../src/vscode/ids';
import { createNoteFeatures } from '../../../src/vscode/noteFeatures';
import type { NoteFeatures } from '../../../src/vscode/noteFeatures';
import type { NoteNode } from '../../../src/vscode/noteTree';
import { offerToIgnoreNotes } from '../../../src/vscode/noteSharing';
import { noteText } from '../../support/noteTexts';
import { NoteWindow, folderOf, keepingLog, memento, readText, until, writeText } from '../noteWindow';

/** The question that the complexity task stands for. */
const standard = 'What is the time and space complexity of this code, and why?';

const code = ['def pairs(items):', '    found = []', '    for left in items:', '        for right in items:', '            found.append((left, right))', '    return found'].join('\n');

let temporary: vscode.Uri;
let root: vscode.Uri;
const undo: (() => void)[] = [];

/** Puts something in the place of a function of `vscode.window` until the test is over. */
function answer(name: 'showInputBox' | 'showWarningMessage' | 'showInformationMessage', replacement: (...args: never[]) => unknown): void {
  const original = vscode.window[name];
  Object.assign(vscode.window, { [name]: replacement });
  undo.push(() => Object.assign(vscode.window, { [name]: original }));
}

function note(name: string): vscode.Uri {
  return vscode.Uri.joinPath(root, '.reasoning', name);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(() => true, () => false);
}

interface Made {
  readonly features: NoteFeatures;
  readonly window: NoteWindow;
  readonly requests: ReasoningRequest[];
  readonly select: (...nodes: readonly NoteNode[]) => void;
}

/** Three notes: about unchanged code, about code that has changed, about none. */
async function make(state = memento()): Promise<Made> {
  await writeText(vscode.Uri.joinPath(root, 'src', 'pairs.py'), `import this\n\n${code}\n`);
  await writeText(vscode.Uri.joinPath(root, 'src', 'old.py'), `${code.replace('(left, right)', 'left')}\n`);
  await writeText(note('current.md'), await noteText({ root: root.toString(), question: standard, date: Date.now() - 60_000, code: { path: 'src/pairs.py', text: code, startLine: 3, symbol: 'pairs' } }));
  await writeText(note('stale.md'), await noteText({ root: root.toString(), question: standard, date: Date.now() - 120_000, code: { path: 'src/old.py', text: code, startLine: 1 } }));
  await writeText(note('question.md'), await noteText({ root: root.toString(), question: 'Why so?', date: Date.now() - 3 * 86_400_000 }));
  const window = new NoteWindow([folderOf(root)]);
  const requests: ReasoningRequest[] = [];
  let selected: readonly NoteNode[] = [];
  const features = createNoteFeatures({
    storage: temporary, state, surroundings: window, log: keepingLog().log, findFunctions: () => Promise.resolve([]),
    running: () => new Set([note('question.md').toString()]),
    reason: (request) => Promise.resolve(void requests.push(request)),
    selection: () => selected,
  });
  undo.push(() => features.dispose());
  await features.library.load();
  await features.states.check(features.library.all());
  return { features, window, requests, select: (...nodes) => void (selected = nodes) };
}

/** The tree as lines: headings, and the notes under them. */
async function lines({ tree }: NoteFeatures): Promise<string[]> {
  const told = (node: NoteNode): string => {
    const { label, description, iconPath } = tree.getTreeItem(node);
    const icon = iconPath instanceof vscode.ThemeIcon ? iconPath.id : '';
    return `${icon} ${typeof label === 'string' ? label : ''} | ${String(description).replace(/\d+[md] ago/, 'AGO')}`;
  };
  const found: string[] = [];
  for (const group of await tree.getChildren()) {
    found.push(told(group), ...(await tree.getChildren(group)).map((node) => `  ${told(node)}`));
  }
  return found;
}

async function nodeOf({ tree }: NoteFeatures, uri: vscode.Uri): Promise<NoteNode> {
  for (const group of await tree.getChildren()) {
    const found = (await tree.getChildren(group)).find((node) => node.type === 'note' && node.entry.uri === uri.toString());
    if (found !== undefined) {
      return found;
    }
  }
  return assert.fail(`no line for ${uri.toString()}`);
}

beforeEach(async () => {
  temporary = vscode.Uri.file(await realpath(await mkdtemp(path.join(tmpdir(), 'stepwise-view-'))));
  root = vscode.Uri.joinPath(temporary, 'shop');
});

afterEach(async () => {
  undo.splice(0).reverse().forEach((step) => step());
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await rm(temporary.fsPath, { recursive: true, force: true });
});

describe('The view of notes', () => {
  it('groups by file and by date, and marks what is stale', async () => {
    const { features } = await make();
    assert.deepEqual(await lines(features), [
      'file old.py | src · 1 note · 1 stale',
      '  pass lines 1–6 | O(n²) · stale · AGO',
      'file pairs.py | src · 1 note',
      '  pass pairs | O(n²) · AGO',
      'comment-discussion Questions about no particular file | 1 note',
      '  loading~spin Why so? | O(n²) · AGO',
    ]);
    await features.commands.groupNotesByDate();
    const byDate = await lines(features);
    assert.deepEqual(byDate.filter((line) => line.startsWith('calendar')).at(-1), 'calendar Last 7 days | 1 note');
    assert.ok(byDate.includes('  pass pairs | O(n²) · pairs.py · AGO'), byDate.join('\n'));
  });

  it('speaks each line in full, and shows its texts as texts', async () => {
    const { features } = await make();
    await writeText(note('evil.md'), await noteText({ root: root.toString(), question: '[click](command:evil) <b>now</b> $(rocket)' }));
    await features.library.update(note('evil.md'));
    const node = await nodeOf(features, note('stale.md'));
    const item = features.tree.getTreeItem(node);
    assert.match(item.accessibilityInformation?.label ?? '', /^lines 1–6, Time and space complexity, O\(n²\), Checked, The code has changed since the note was written\., src\/old\.py, lines 1–6, 2 minutes ago$/);
    assert.equal(item.resourceUri?.scheme, 'stepwise-note');
    const evil = await nodeOf(features, note('evil.md'));
    const { tooltip } = features.tree.resolveTreeItem(features.tree.getTreeItem(evil), evil);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.ok(tooltip.isTrusted !== true && tooltip.supportHtml !== true);
    assert.doesNotMatch(tooltip.value, /(?<!\\)\[click|(?<!\\)<b>|(?<!\\)\$\(rocket/);
  });

  it('filters by task, result and staleness, says so, and remembers it', async () => {
    const state = memento();
    const { features } = await make(state);
    await features.tree.show({ ...noFilter, states: ['stale'] });
    assert.deepEqual((await lines(features)).length, 2);
    assert.equal(features.tree.message, 'Showing 1 of 3 notes: Stale');
    await features.tree.show({ ...noFilter, tasks: ['bugs'] });
    assert.deepEqual(await lines(features), []);
    features.dispose();
    const again = await make(state);
    assert.deepEqual(again.features.tree.filter, { ...noFilter, tasks: ['bugs'] });
    await again.features.commands.clearNotesFilter();
    assert.equal(again.features.tree.message, '');
    assert.equal((await lines(again.features)).length, 6);
  });

  it('renames a note, and never over another file', async () => {
    const { features } = await make();
    const before = await readText(note('current.md'));
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(note('current.md')));
    answer('showInputBox', async (options: vscode.InputBoxOptions) => {
      const problem = async (name: string): Promise<string> => JSON.stringify((await options.validateInput?.(name)) ?? 'none');
      assert.equal(options.value, 'current.md');
      assert.match(await problem('stale'), /stale\.md already/);
      assert.match(await problem('../out'), /cannot have/);
      assert.equal(await problem('why-quadratic'), '"none"');
      return 'why-quadratic';
    });
    await features.commands.renameNote(note('current.md'));
    assert.deepEqual([await exists(note('current.md')), await readText(note('why-quadratic.md'))], [false, before]);
    assert.ok(features.library.get(note('why-quadratic.md')) !== undefined && features.library.get(note('current.md')) === undefined);
    assert.ok(editor.document.isClosed || vscode.window.activeTextEditor?.document.uri.toString() === note('why-quadratic.md').toString(), 'the editor goes with it');
    // A name that was free when it was typed and is taken when it counts.
    answer('showInputBox', () => Promise.resolve('stale'));
    const stale = await readText(note('stale.md'));
    await assert.rejects(features.commands.renameNote(note('why-quadratic.md')), { code: 'note-not-written' });
    assert.deepEqual([await readText(note('stale.md')), await readText(note('why-quadratic.md'))], [stale, before]);
  });

  it('deletes what is selected when the person is sure, and nothing before', async () => {
    const { features, select } = await make();
    const asked: string[] = [];
    answer('showWarningMessage', (message: string) => Promise.resolve(void asked.push(message)));
    await features.commands.deleteNote(note('current.md'));
    assert.ok(await exists(note('current.md')));
    select(await nodeOf(features, note('current.md')), await nodeOf(features, note('stale.md')));
    answer('showWarningMessage', (message: string, options: vscode.MessageOptions, yes: string) => {
      assert.equal(options.modal, true);
      asked.push(message);
      return Promise.resolve(yes);
    });
    await features.commands.deleteNote('selection');
    assert.deepEqual([await exists(note('current.md')), await exists(note('stale.md')), await exists(note('question.md'))], [false, false, true]);
    assert.deepEqual(features.library.all().map(({ uri }) => uri), [note('question.md').toString()]);
    assert.deepEqual(asked.slice(0, 2), ['Delete the note current.md?', 'Delete 2 notes?']);
  });

  it('acts on what is selected while its lines are being drawn anew, and on nothing where that is not known', async () => {
    const { features, select } = await make();
    const asked: string[] = [];
    answer('showWarningMessage', (message: string) => Promise.resolve(void asked.push(message)));
    select(await nodeOf(features, note('current.md')), await nodeOf(features, note('stale.md')));
    // What VS Code gives for lines that it does not know at the moment.
    await features.commands.deleteNote(undefined, [undefined, undefined]);
    await features.commands.deleteNote(undefined, undefined);
    assert.deepEqual(asked, ['Delete 2 notes?']);
  });

  it('asks the same question again about the code as it is now', async () => {
    const { features, requests } = await make();
    await writeText(vscode.Uri.joinPath(root, 'src', 'pairs.py'), `import this\nimport that\n\n${code.replace('found = []', 'found = list()')}\n`);
    await features.library.update(note('current.md'));
    await features.commands.rerunNote(note('current.md'));
    assert.equal(requests[0]?.question, standard);
    assert.deepEqual(requests[0].code?.range, { startLine: 4, endLine: 9 });
    assert.match(requests[0].code.text, /^def pairs[\s\S]*found = list\(\)/);
    await features.commands.rerunNote(note('question.md'));
    assert.deepEqual(requests[1], { task: 'complexity', question: 'Why so?' });
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(root, 'src', 'old.py'));
    await features.library.update(note('stale.md'));
    await assert.rejects(features.commands.rerunNote(note('stale.md')), { code: 'not-found' });
  });

  it('goes to the code, where it is now', async () => {
    const { features } = await make();
    await writeText(vscode.Uri.joinPath(root, 'src', 'pairs.py'), `${'\n'.repeat(20)}${code}\n`);
    await features.library.update(note('current.md'));
    await features.commands.revealNoteCode(await nodeOf(features, note('current.md')));
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), vscode.Uri.joinPath(root, 'src', 'pairs.py').toString());
    assert.deepEqual([vscode.window.activeTextEditor.selection.start.line, vscode.window.activeTextEditor.selection.end.line], [20, 25]);
  });
});

describe('Marks above code', () => {
  const source = ['function pairs(items) {', '  const found = [];', '  for (const a of items) {', '    for (const b of items) {', '      found.push([a, b]);', '    }', '  }', '  return found;', '}', ''].join('\n');

  const workspaceFile = (...names: string[]): vscode.Uri => vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, ...names);

  /** Titles of the notes' marks, once they are as wanted; VS Code has no event for marks. */
  async function marks(uri: vscode.Uri, isWanted: (titles: readonly string[]) => boolean): Promise<readonly string[]> {
    for (const deadline = Date.now() + 30_000;;) {
      const lenses = (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50)).filter(({ command }) => command?.title.includes('note'));
      const titles = lenses.map(({ range, command }) => `${String(range.start.line)}: ${command?.title ?? ''}`);
      if (isWanted(titles) || Date.now() > deadline) {
        return titles;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  after(async () => {
    await vscode.workspace.fs.delete(workspaceFile('mark-tests'), { recursive: true });
  });

  it('tell what was found, follow edits, and open the note in the panel', async function () {
    this.timeout(120_000);
    const uri = workspaceFile('mark-tests', 'marked.js');
    await writeText(uri, source);
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { viewColumn: vscode.ViewColumn.One });
    editor.selection = new vscode.Selection(0, 0, 8, 1);
    const outcome = await vscode.commands.executeCommand<CommandOutcome | undefined>(commandIds.reasonAboutSelection, { task: 'complexity' });
    assert.ok(outcome?.note);
    try {
      assert.match((await marks(uri, (titles) => titles.length === 1)).join(), /^0: O\(.+\) · 1 note$/);
      const shown = await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
      await shown.edit((edit) => edit.insert(new vscode.Position(0, 0), '// one\n// two\n'));
      assert.match((await marks(uri, ([title]) => title?.startsWith('2:') === true)).join(), /^2: .+ · 1 note$/);
      await shown.edit((edit) => edit.replace(new vscode.Range(4, 20, 4, 25), 'more()'));
      assert.match((await marks(uri, ([title]) => title?.includes('stale') === true)).join(), /^2: .+ · 1 note · stale$/);
      const configuration = vscode.workspace.getConfiguration(settingsSection);
      await configuration.update(settingKeys.noteLens, false, vscode.ConfigurationTarget.Global);
      assert.deepEqual(await marks(uri, (titles) => titles.length === 0), []);
      await configuration.update(settingKeys.noteLens, undefined, vscode.ConfigurationTarget.Global);
      assert.equal((await marks(uri, (titles) => titles.length === 1)).length, 1);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
      const command = lenses.find((lens) => lens.command?.command === showNotesCommandId)?.command;
      assert.ok(command);
      await vscode.commands.executeCommand(command.command, ...(command.arguments as unknown[]));
      const isPanel = ({ input }: vscode.Tab): boolean => input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelViewType);
      await until(vscode.window.tabGroups.onDidChangeTabs, () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(isPanel)));
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.parse(outcome.note));
    }
  });
});

describe('Notes ignored by git', () => {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root.fsPath, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

  function isIgnored(name: string): boolean {
    try {
      git('check-ignore', '-q', name);
      return true;
    } catch {
      return false;
    }
  }

  /** Answers the question with one of its buttons, and counts how often it is asked. */
  function answering(button: string | undefined): string[] {
    const asked: string[] = [];
    answer('showInformationMessage', (message: string, ...buttons: string[]) => {
      if (buttons.length > 0) {
        asked.push(message);
        assert.ok(button === undefined || buttons.includes(button), buttons.join());
      }
      return Promise.resolve(buttons.length > 0 ? button : undefined);
    });
    return asked;
  }

  async function firstNote(): Promise<void> {
    await vscode.workspace.fs.createDirectory(root);
    git('init', '-q');
    await writeText(note('a.md'), 'A note.');
  }

  for (const [button, file] of [['Ignore for Me', '.git/info/exclude'], ['Ignore for Everyone', '.gitignore']] as const) {
    it(`is what “${button}” does, by a line at the end of ${file}`, async () => {
      await firstNote();
      const rules = vscode.Uri.joinPath(root, ...file.split('/'));
      await writeText(rules, '*.log');
      const state = memento();
      const asked = answering(button);
      await offerToIgnoreNotes(note('a.md'), root, state);
      assert.equal(await readText(rules), '*.log\n/.reasoning/\n');
      assert.ok(isIgnored('.reasoning/a.md'));
      await offerToIgnoreNotes(note('a.md'), root, state);
      assert.equal(asked.length, 1);
    });
  }

  it('is asked once, whatever the answer, and changes nothing where notes are shared', async () => {
    for (const button of ['Share Them', undefined]) {
      await firstNote();
      const state = memento();
      const asked = answering(button);
      await offerToIgnoreNotes(note('a.md'), root, state);
      await offerToIgnoreNotes(note('a.md'), root, state);
      assert.deepEqual([asked.length, isIgnored('.reasoning/a.md'), await exists(vscode.Uri.joinPath(root, '.gitignore'))], [1, false, false]);
      assert.deepEqual(state.get(stateKeys.notesOffered), [root.toString()]);
    }
  });

  it('is not asked without a repository, for a later note, and where git ignores them already', async () => {
    const asked = answering('Ignore for Me');
    await writeText(note('a.md'), 'A note.');
    await offerToIgnoreNotes(note('a.md'), root, memento());
    await firstNote();
    await writeText(note('b.md'), 'Another.');
    await offerToIgnoreNotes(note('b.md'), root, memento());
    await vscode.workspace.fs.delete(note('b.md'));
    await writeText(vscode.Uri.joinPath(root, '.gitignore'), '.reasoning\n');
    await offerToIgnoreNotes(note('a.md'), root, memento());
    assert.deepEqual(asked, []);
  });
});

describe('The commands about notes', () => {
  it('are there, also before the view was ever shown', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(Object.values(noteCommandIds).filter((id) => !known.has(id)), []);
  });
});
