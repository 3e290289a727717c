import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { noteWriter } from '../../../src/app/notes';
import { readNote } from '../../../src/transcript/readNote';
import { stateKeys } from '../../../src/vscode/ids';
import { KeptRuns } from '../../../src/vscode/keptRuns';
import { virtualNoteFiles } from '../../../src/vscode/noteFiles';
import { NoteLibrary } from '../../../src/vscode/noteLibrary';
import { notePlace } from '../../../src/vscode/notePlace';
import type { PlacingWorkspace } from '../../../src/vscode/notePlace';
import { NoteStates } from '../../../src/vscode/noteStates';
import { Notes } from '../../../src/vscode/notes';
import { settingDefaults } from '../../../src/vscode/settings';
import { noteText } from '../../support/noteTexts';
import { runOf, sampleEvents } from '../../support/sampleRuns';
import { MemoryFiles } from '../memoryFiles';
import { NoteWindow, folderOf, keepingLog, memento, readText, until, writeText } from '../noteWindow';

const code = ['def pairs(items):', '    found = []', '    for left in items:', '        for right in items:', '            found.append((left, right))', '    return found'].join('\n');
const file = `"""Pairs."""\n\n${code}\n\nprint(pairs([1, 2]))\n`;

const disposables: { dispose(): unknown }[] = [];
let temporary: vscode.Uri;

function own<Value extends { dispose(): unknown }>(value: Value): Value {
  disposables.push(value);
  return value;
}

function libraryOf(window: NoteWindow, fallback = vscode.Uri.joinPath(temporary, 'fallback')): NoteLibrary {
  return own(new NoteLibrary({ fallback, surroundings: window, log: keepingLog().log }));
}

const questions = (library: NoteLibrary): string[] => library.all().map(({ summary }) => summary.question).sort();

beforeEach(async () => {
  temporary = vscode.Uri.file(await realpath(await mkdtemp(path.join(tmpdir(), 'stepwise-notes-'))));
});

afterEach(async () => {
  for (const disposable of disposables.splice(0).reverse()) {
    disposable.dispose();
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await rm(temporary.fsPath, { recursive: true, force: true });
});

describe('The list of notes', () => {
  it('has the notes of all folders, each from its own place, and nothing that is no note', async () => {
    const one = vscode.Uri.joinPath(temporary, 'one');
    const two = vscode.Uri.joinPath(temporary, 'two');
    await writeText(vscode.Uri.joinPath(one, '.reasoning', 'a.md'), await noteText({ question: 'In one?', root: one.toString() }));
    await writeText(vscode.Uri.joinPath(one, '.reasoning', 'sorted', 'b.md'), await noteText({ question: 'Sorted away?', root: one.toString() }));
    await writeText(vscode.Uri.joinPath(one, '.reasoning', 'README.md'), '# About these notes\n');
    await writeText(vscode.Uri.joinPath(one, '.reasoning', '.new.md'), await noteText({ question: 'Being written?', root: one.toString() }));
    await writeText(vscode.Uri.joinPath(two, 'docs', 'why', 'c.md'), await noteText({ question: 'In two?', root: two.toString() }));
    await writeText(vscode.Uri.joinPath(two, '.reasoning', 'd.md'), await noteText({ question: 'Elsewhere?', root: two.toString() }));
    const library = libraryOf(new NoteWindow([folderOf(one), folderOf(two, 'docs/why')]));
    await library.load();
    assert.deepEqual(questions(library), ['In one?', 'In two?', 'Sorted away?']);
  });

  it('finds a file of several folders with and without the folder in front, and none outside', async () => {
    const one = vscode.Uri.joinPath(temporary, 'one');
    const two = vscode.Uri.joinPath(temporary, 'two');
    const write = async (name: string, notePath: string): Promise<void> =>
      writeText(vscode.Uri.joinPath(one, '.reasoning', name), await noteText({ question: name, root: one.toString(), code: { path: notePath, text: code, startLine: 3 } }));
    await write('with.md', 'one/src/pairs.py');
    await write('without.md', 'src/pairs.py');
    await write('outside.md', '../two/src/pairs.py');
    const library = libraryOf(new NoteWindow([folderOf(one), folderOf(two)]));
    await library.load();
    assert.deepEqual(library.about(vscode.Uri.joinPath(one, 'src', 'pairs.py')).map(({ summary }) => summary.question).sort(), ['with.md', 'without.md']);
    assert.deepEqual(library.about(vscode.Uri.joinPath(two, 'src', 'pairs.py')), []);
    assert.deepEqual(library.get(vscode.Uri.joinPath(one, '.reasoning', 'outside.md'))?.sources, []);
  });

  it('stays current: notes that come, change and go, and folders that do', async () => {
    const root = vscode.Uri.joinPath(temporary, 'one');
    const notes = vscode.Uri.joinPath(root, '.reasoning');
    const window = new NoteWindow([folderOf(root)]);
    const library = libraryOf(window);
    await library.load();
    assert.deepEqual(questions(library), []);
    const a = vscode.Uri.joinPath(notes, 'a.md');
    await writeText(a, await noteText({ question: 'First?', root: root.toString() }));
    window.tell(root, a);
    await until(library.onDidChange, () => library.all().length === 1);
    await writeText(a, await noteText({ question: 'Changed?', root: root.toString() }));
    window.tell(root, a);
    await until(library.onDidChange, () => questions(library)[0] === 'Changed?');
    await vscode.workspace.fs.delete(notes, { recursive: true });
    window.tell(root, notes);
    await until(library.onDidChange, () => library.all().length === 0);
    const two = vscode.Uri.joinPath(temporary, 'two');
    await writeText(vscode.Uri.joinPath(two, '.reasoning', 'b.md'), await noteText({ question: 'Another folder?', root: two.toString() }));
    window.setFolders([folderOf(two)]);
    await until(library.onDidChange, () => questions(library)[0] === 'Another folder?');
  });

  it('has the notes of a file system that is on no disk, and follows its code', async () => {
    own(vscode.workspace.registerFileSystemProvider('stepwisenotes', new MemoryFiles()));
    const root = vscode.Uri.parse('stepwisenotes:/shop');
    await vscode.workspace.fs.createDirectory(root);
    await writeText(vscode.Uri.joinPath(root, 'pairs.py'), `# new\n${file}`);
    // Written as a run writes it.
    const place = notePlace(vscode.Uri.joinPath(root, 'pairs.py'), settingDefaults, temporary, workspaceOf([root]));
    assert.deepEqual([place.folder.toString(), place.isFallback], ['stepwisenotes:/shop/.reasoning', false]);
    const events = sampleEvents().map((event) => (event.type !== 'run-start' ? event : { ...event, request: { ...event.request, code: { uri: `${root.toString()}/pairs.py`, path: 'pairs.py', languageId: 'python', text: code, range: { startLine: 3, endLine: 8 } } } }));
    const writer = noteWriter({ files: virtualNoteFiles(place.folder), root: root.toString(), toRoot: '..', onProblem: (error) => assert.fail(error.message) });
    events.forEach(writer.sink);
    const name = await writer.finish();
    assert.ok(name);
    const library = libraryOf(new NoteWindow([folderOf(root)]));
    await library.load();
    const [entry] = library.all();
    assert.equal(entry?.uri, vscode.Uri.joinPath(place.folder, name).toString());
    const states = own(new NoteStates({ library, findFunctions: () => Promise.resolve([]), log: keepingLog().log }));
    await states.check(library.all());
    assert.deepEqual(states.of(entry.uri)?.located, { staleness: 'moved', range: { startLine: 4, endLine: 9 } });
  });

  it('has the notes that Stepwise keeps itself, of this workspace only', async () => {
    const root = vscode.Uri.joinPath(temporary, 'one');
    const fallback = vscode.Uri.joinPath(temporary, 'storage', 'notes');
    const write = async (name: string, uri: string): Promise<void> =>
      writeText(vscode.Uri.joinPath(fallback, name), await noteText({ question: name, root: 'file:///nowhere', code: { path: 'pairs.py', uri, text: code, startLine: 3 } }));
    await write('ours.md', vscode.Uri.joinPath(root, 'pairs.py').toString());
    await write('theirs.md', 'file:///somewhere/else/pairs.py');
    await writeText(vscode.Uri.joinPath(fallback, 'question.md'), await noteText({ question: 'question.md', root: 'file:///nowhere' }));
    const window = new NoteWindow([folderOf(root)]);
    const library = libraryOf(window, fallback);
    await library.load();
    assert.deepEqual(questions(library), ['ours.md', 'question.md']);
    assert.equal(library.about(vscode.Uri.joinPath(root, 'pairs.py')).length, 1);
    window.setFolders([]);
    await until(library.onDidChange, () => library.all().length === 3);
  });

  it('copes with thousands of notes', async () => {
    const root = vscode.Uri.joinPath(temporary, 'one');
    await mkdir(path.join(root.fsPath, '.reasoning'), { recursive: true });
    const text = await noteText({ question: 'QUESTION', root: root.toString(), code: { path: 'pairs.py', text: code, startLine: 3 } });
    const count = 3_000;
    for (let number = 0; number < count; number += 1) {
      await writeFile(path.join(root.fsPath, '.reasoning', `${String(number)}.md`), text.replaceAll('QUESTION', `Question ${String(number)}?`));
    }
    await writeText(vscode.Uri.joinPath(root, 'pairs.py'), file);
    const library = libraryOf(new NoteWindow([folderOf(root)]));
    const states = own(new NoteStates({ library, findFunctions: () => Promise.resolve([]), log: keepingLog().log }));
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const begun = performance.now();
    await library.load();
    const listed = performance.now();
    await states.check(library.all());
    const followed = performance.now();
    clearInterval(beat);
    console.log(`      ${String(count)} notes: listed in ${String(Math.round(listed - begun))} ms, code followed in ${String(Math.round(followed - listed))} ms, longest pause ${String(Math.round(longest))} ms`);
    assert.equal(library.all().length, count);
    assert.equal(states.of(library.all()[0]?.uri ?? '')?.located?.staleness, 'current');
    assert.ok(followed - begun < 15_000);
  });
});

describe('The code of notes', () => {
  async function follow(text = file): Promise<{ readonly states: NoteStates; readonly library: NoteLibrary; readonly window: NoteWindow; readonly source: vscode.Uri; readonly note: string; readonly root: vscode.Uri }> {
    const root = vscode.Uri.joinPath(temporary, 'one');
    const source = vscode.Uri.joinPath(root, 'pairs.py');
    const note = vscode.Uri.joinPath(root, '.reasoning', 'a.md');
    await writeText(source, text);
    await writeText(note, await noteText({ root: root.toString(), code: { path: 'pairs.py', text: code, startLine: 3, symbol: 'pairs' } }));
    const window = new NoteWindow([folderOf(root)]);
    const library = libraryOf(window);
    const states = own(new NoteStates({ library, findFunctions: () => Promise.resolve([{ name: 'pairs', range: { startLine: 4, endLine: 9 } }]), log: keepingLog().log }));
    await library.load();
    await states.check(library.all());
    return { states, library, window, source, note: note.toString(), root };
  }

  it('is followed through unsaved edits: at once by lines, then by content', async () => {
    const { states, source, note } = await follow();
    assert.deepEqual(states.of(note), { located: { staleness: 'current', range: { startLine: 3, endLine: 8 } }, text: source.toString() });
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(source));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# one\n# two\n'));
    assert.deepEqual(states.of(note)?.located, { staleness: 'current', range: { startLine: 5, endLine: 10 } }, 'moved along before anything was compared');
    await until(states.onDidChange, () => states.of(note)?.located?.staleness === 'moved');
    assert.deepEqual(states.of(note)?.located?.range, { startLine: 5, endLine: 10 });
    await editor.edit((edit) => edit.replace(new vscode.Range(6, 4, 6, 22), 'for left in set(items)'));
    await until(states.onDidChange, () => states.of(note)?.located?.staleness === 'stale');
    await vscode.commands.executeCommand('undo');
    await until(states.onDidChange, () => states.of(note)?.located?.staleness === 'moved');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(states.onDidChange, () => states.of(note)?.located?.staleness === 'current');
  });

  it('is followed through changes on disk, and gone with its file', async () => {
    const { states, source, note, window, root } = await follow();
    await writeText(source, file.replace('found.append((left, right))', 'found.append(left)'));
    window.tell(root, source);
    await until(states.onDidChange, () => states.of(note)?.located?.staleness === 'stale');
    await vscode.workspace.fs.delete(source);
    window.tell(root, source);
    await until(states.onDidChange, () => states.of(note)?.located?.staleness === 'gone');
    assert.equal(states.of(note)?.located?.range, undefined);
  });

  it('is found in the cells of a notebook', async () => {
    const { states, source, note, window, root, library } = await follow();
    const notebook = vscode.Uri.joinPath(root, 'pairs.ipynb');
    const cell = (text: string): object => ({ cell_type: 'code', source: text.split(/(?<=\n)/), metadata: {}, outputs: [], execution_count: null });
    await writeText(notebook, JSON.stringify({ cells: [cell('import this\n'), cell(`x = 1\n\n${code}\n`)], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    await writeText(vscode.Uri.parse(note), await noteText({ root: root.toString(), code: { path: 'pairs.ipynb', text: code, startLine: 3 } }));
    window.tell(root, vscode.Uri.parse(note));
    await until(library.onDidChange, () => library.about(notebook).length === 1);
    await states.check(library.all());
    assert.deepEqual(states.of(note)?.located, { staleness: 'current', range: { startLine: 3, endLine: 8 } });
    assert.equal(library.isSource(source), false);
  });
});

/** A workspace with these folders. */
function workspaceOf(roots: readonly vscode.Uri[], more: { readonly isTrusted?: boolean; readonly isWritable?: boolean } = {}): PlacingWorkspace {
  const folders = roots.map((uri, index): vscode.WorkspaceFolder => ({ uri, index, name: uri.path.slice(1) }));
  return {
    workspaceFolders: folders,
    isTrusted: more.isTrusted ?? true,
    getWorkspaceFolder: (uri) => folders.find((folder) => uri.toString().startsWith(`${folder.uri.toString()}/`)),
    fs: { isWritableFileSystem: () => more.isWritable ?? true },
  };
}

describe('The place of a note', () => {
  const one = vscode.Uri.parse('file:///one');
  const two = vscode.Uri.parse('file:///two');
  const storage = vscode.Uri.parse('file:///storage');
  const placed = (source: vscode.Uri | undefined, workspace: PlacingWorkspace): readonly unknown[] => {
    const { folder, isFallback, toRoot } = notePlace(source, { notesLocation: 'docs/why' }, storage, workspace);
    return [folder.toString(), isFallback, toRoot];
  };

  it('is in the folder of the code, of several too; in the first for code from elsewhere', () => {
    const workspace = workspaceOf([one, two]);
    assert.deepEqual(placed(vscode.Uri.joinPath(two, 'a.py'), workspace), ['file:///two/docs/why', false, '../..']);
    assert.deepEqual(placed(vscode.Uri.parse('untitled:Untitled-1'), workspace), ['file:///one/docs/why', false, '../..']);
    assert.deepEqual(placed(undefined, workspace), ['file:///one/docs/why', false, '../..']);
  });

  it('is Stepwise’s own storage where the workspace cannot be written, is not trusted, or is none', () => {
    const inStorage = ['file:///storage/notes', true, undefined];
    assert.deepEqual(placed(vscode.Uri.joinPath(one, 'a.py'), workspaceOf([one], { isWritable: false })), inStorage);
    assert.deepEqual(placed(vscode.Uri.joinPath(one, 'a.py'), workspaceOf([one], { isTrusted: false })), inStorage);
    assert.deepEqual(placed(vscode.Uri.joinPath(one, 'a.py'), workspaceOf([])), inStorage);
  });

  it('turns out to be the storage where the folder refuses the first note', async () => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(root);
    const refusing = 'refusing-folder';
    // A file in the place of the folder: nothing can be made in it, whoever tries.
    await writeText(vscode.Uri.joinPath(root, refusing), 'a file');
    const told: string[] = [];
    const notes = new Notes({ storage: temporary, state: memento(), log: keepingLog().log });
    const show = vscode.window.showInformationMessage;
    vscode.window.showInformationMessage = ((message: string) => Promise.resolve(void told.push(message)));
    try {
      const note = await notes.open({ task: 'question', question: 'Where to?' }, { ...settingDefaults, notesLocation: refusing });
      assert.ok(note);
      sampleEvents().forEach(note.sink);
      const uri = await note.finish();
      assert.equal(uri?.toString().startsWith(vscode.Uri.joinPath(temporary, 'notes').toString()), true, uri?.toString());
      assert.equal(readNote(await readText(uri)).outcome, 'answered');
      assert.match(told.join(), /cannot be written/);
    } finally {
      vscode.window.showInformationMessage = show;
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(root, refusing));
    }
  });
});

describe('A note that gets another name', () => {
  it('stays the newest one, and that of its run', async () => {
    const state = memento({ [stateKeys.lastNote]: vscode.Uri.joinPath(temporary, 'a.md').toString() });
    const kept = new KeptRuns(state, 0);
    await kept.keep(runOf(sampleEvents()), vscode.Uri.joinPath(temporary, 'a.md').toString());
    const notes = new Notes({ storage: temporary, state, log: keepingLog().log });
    own(notes.followRenames(kept));
    await writeText(vscode.Uri.joinPath(temporary, 'a.md'), 'A note.');
    const renamed = vscode.Uri.joinPath(temporary, 'b.md');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(vscode.Uri.joinPath(temporary, 'a.md'), renamed, { overwrite: false });
    const told = new Promise((resolve) => own(vscode.workspace.onDidRenameFiles(resolve)));
    assert.ok(await vscode.workspace.applyEdit(edit));
    await told;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(notes.last()?.toString(), renamed.toString());
    assert.equal(kept.all()[0]?.note, renamed.toString());
  });
});

describe('A note whose run was interrupted', () => {
  it('gets its end at the next start, and opens again', async () => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(root);
    const events = sampleEvents();
    const untilFirstStep = events.slice(0, events.findIndex(({ type }) => type === 'step-end') + 1);
    const before = new Notes({ storage: temporary, state: memento(), log: keepingLog().log });
    const writing = await before.open(runOf(untilFirstStep).request, { ...settingDefaults, notesLocation: 'interrupted-notes' });
    assert.ok(writing);
    untilFirstStep.forEach(writing.sink);
    // The window is gone before the end; what was written so far is on disk.
    await writing.finish();
    const uri = writing.uri();
    assert.ok(uri);
    try {
      assert.match(await readText(uri), /^result: running$/m);
      const state = memento({ [stateKeys.recentRuns]: [{ run: runOf(untilFirstStep), note: uri.toString() }] });
      const { log, lines } = keepingLog();
      await new Notes({ storage: temporary, state, log }).endInterrupted(new KeptRuns(state, Date.now()));
      assert.deepEqual(lines, []);
      const text = await readText(uri);
      assert.match(text, /^result: cancelled$/m);
      const run = readNote(text, root.toString());
      assert.deepEqual([run.outcome, run.error?.remedy, run.steps.length], ['cancelled', 'retry', 1]);
      const library = libraryOf(new NoteWindow([folderOf(root, 'interrupted-notes')]));
      await library.load();
      assert.deepEqual(library.all().map(({ summary }) => [summary.result, summary.steps]), [['cancelled', 1]]);
      // And once is enough.
      await new Notes({ storage: temporary, state, log }).endInterrupted(new KeptRuns(state, Date.now()));
      assert.equal(await readText(uri), text);
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(root, 'interrupted-notes'), { recursive: true });
    }
  });
});
