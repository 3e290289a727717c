import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Run } from '../../../src/core/run';
import { renderNote } from '../../../src/transcript/markdown';
import { exportRun, exportText } from '../../../src/vscode/exportRun';
import { commandIds, panelViewType } from '../../../src/vscode/ids';
import { KeptRuns } from '../../../src/vscode/keptRuns';
import { isNoteDocument } from '../../../src/vscode/noteEditors';
import { openNoteRun } from '../../../src/vscode/noteRuns';
import { createLog } from '../../../src/vscode/log';
import type { Models } from '../../../src/vscode/models';
import { PanelSurface } from '../../../src/vscode/panelSurface';
import { RunChoice } from '../../../src/vscode/pickRun';
import { compareRuns, openNoteInPanel } from '../../../src/vscode/runCommands';
import { Runs } from '../../../src/vscode/runs';
import { settingDefaults } from '../../../src/vscode/settings';
import { Wishes } from '../../../src/vscode/wishes';
import type { ToPanel } from '../../../src/webview/protocol';
import { finishedRun } from '../../support/sampleRuns';

function folderFile(...path: string[]): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the suites run in a workspace');
  return vscode.Uri.joinPath(folder.uri, ...path);
}

const notesFolder = (): vscode.Uri => folderFile('.reasoning', 'host-tests');

async function writeNote(name: string, run: Run): Promise<vscode.Uri> {
  const note = vscode.Uri.joinPath(notesFolder(), name);
  const root = vscode.workspace.getWorkspaceFolder(note)?.uri.toString();
  await vscode.workspace.fs.writeFile(note, new TextEncoder().encode(await renderNote(run, root === undefined ? {} : { root })));
  return note;
}

/** A finished run about a file of this workspace. */
function ownRun(id: string, overrides: Partial<Run> = {}): Run {
  const run = finishedRun();
  const { code } = run.request;
  assert.ok(code);
  return { ...run, id, request: { ...run.request, code: { ...code, uri: folderFile('src', 'pairs.py').toString() } }, ...overrides };
}

const log = createLog({ info: () => undefined, warn: () => undefined, error: () => undefined, show: () => undefined });

function emptyRuns(): Runs {
  const values = new Map<string, unknown>();
  const kept = new KeptRuns({
    get: ((key: string) => values.get(key)),
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, JSON.parse(JSON.stringify(value)))),
  }, 0);
  const never = (): never => assert.fail('no run is started');
  return new Runs({ models: {} as Models, kept, log, settings: () => settingDefaults, runner: never, tools: never, checkAnswer: never, openNote: never });
}

describe('A note opened as a run', () => {
  let runs: Runs;

  beforeEach(() => {
    runs = emptyRuns();
  });

  afterEach(async () => {
    runs.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(notesFolder(), { recursive: true });
  });

  it('is the run that was written, kept with its note', async () => {
    const run = ownRun('note-1');
    const note = await writeNote('one.md', run);
    assert.equal(await openNoteRun(note, runs), 'note-1');
    assert.deepEqual(runs.find('note-1'), run);
    assert.equal(runs.noteOf('note-1')?.toString(), note.toString());
    assert.equal(runs.recent().length, 1);
  });

  it('has what is in the editor, saved or not', async () => {
    const note = await writeNote('edited.md', ownRun('note-2'));
    const editor = await vscode.window.showTextDocument(note);
    const at = editor.document.positionAt(editor.document.getText().indexOf('two nested loops over `items`. I look'));
    assert.ok(await editor.edit((edit) => edit.insert(at, 'exactly ')));
    await openNoteRun(note, runs);
    assert.match(runs.find('note-2')?.steps[0]?.thought ?? '', /exactly two nested loops/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('is another run than the note it was copied from, and the same run where the note was moved', async () => {
    const first = await writeNote('first.md', ownRun('note-3'));
    const copy = await writeNote('copy.md', ownRun('note-3'));
    assert.equal(await openNoteRun(first, runs), 'note-3');
    const copyId = await openNoteRun(copy, runs);
    assert.notEqual(copyId, 'note-3');
    assert.equal(await openNoteRun(copy, runs), copyId);
    assert.equal(runs.recent().length, 2);
    const moved = vscode.Uri.joinPath(notesFolder(), 'moved.md');
    await vscode.workspace.fs.rename(first, moved);
    assert.equal(await openNoteRun(moved, runs), 'note-3');
    assert.equal(runs.noteOf('note-3')?.toString(), moved.toString());
  });

  it('names no file outside of the workspace', async () => {
    const run = ownRun('note-4');
    const { code } = run.request;
    assert.ok(code);
    for (const uri of ['file:///etc/passwd', 'https://example.org/x', 'command:workbench.action.quit', 'not an address', '']) {
      const note = await writeNote('elsewhere.md', { ...run, request: { ...run.request, code: { ...code, uri }, attachments: [{ ...code, uri }] } });
      await openNoteRun(note, runs);
      assert.equal(runs.find('note-4')?.request.code?.uri, '', uri);
      assert.equal(runs.find('note-4')?.request.attachments?.[0]?.uri, '', uri);
    }
  });

  it('that has no end is ended as interrupted', async () => {
    const { outcome, endedAt, totals, verdict, ...open } = ownRun('note-5', { answer: '' });
    assert.ok(outcome !== undefined && endedAt !== undefined && totals !== undefined && verdict !== undefined);
    await openNoteRun(await writeNote('open.md', open), runs);
    assert.equal(runs.find('note-5')?.outcome, 'cancelled');
  });

  it('is refused with its name where it is damaged, gone, or no note at all', async () => {
    const note = vscode.Uri.joinPath(notesFolder(), 'groceries.md');
    await vscode.workspace.fs.writeFile(note, new TextEncoder().encode('# Groceries\n\n- eggs\n'));
    await assert.rejects(openNoteRun(note, runs), (error: Error & { code?: string }) => error.code === 'unreadable-note' && error.message.includes('groceries.md'));
    await assert.rejects(openNoteRun(vscode.Uri.joinPath(notesFolder(), 'none.md'), runs), { code: 'not-found' });
    assert.deepEqual(runs.recent(), []);
  });

  it('is told from other files by its first lines', async () => {
    const note = await writeNote('told.md', ownRun('note-6'));
    assert.equal(isNoteDocument(await vscode.workspace.openTextDocument(note)), true);
    assert.equal(isNoteDocument(await vscode.workspace.openTextDocument({ content: '---\ntitle: x\n---\n', language: 'markdown' })), false);
  });

  it('is shown, compared and found by commands', async () => {
    const shown: string[] = [];
    const panel = {
      shownId: undefined,
      announce: () => () => true,
      show: (...ids: (string | undefined)[]) => Promise.resolve(void shown.push(ids.filter((id) => id !== undefined).join(' with '))),
    };
    const parts = { runs, panel, choice: new RunChoice({ runs, settings: () => settingDefaults }) };
    const [first, second] = [await writeNote('a.md', ownRun('a')), await writeNote('b.md', ownRun('b'))];
    assert.equal(await openNoteInPanel(parts, first), 'a');
    await vscode.window.showTextDocument(second);
    assert.equal(await openNoteInPanel(parts, undefined), 'b');
    await compareRuns(parts, first, second);
    await compareRuns(parts, 'b', first.toString());
    assert.deepEqual(shown, ['a', 'b', 'a with b', 'b with a']);
    await assert.rejects(compareRuns(parts, 'gone', first), { code: 'not-found' });
  });

  it('is not shown once another one was asked for', async () => {
    const shown: string[] = [];
    const wishes = new Wishes();
    const reading = new Map<string, () => void>();
    const parts = {
      runs,
      panel: {
        shownId: undefined,
        announce: () => wishes.begin(),
        show: (...ids: (string | undefined)[]) => {
          wishes.begin();
          return Promise.resolve(void shown.push(ids.join(' with ')));
        },
      },
      choice: { find: (id: string) => new Promise<string>((resolve) => reading.set(id, () => resolve(id))) } as unknown as RunChoice,
    };
    const [large, small] = [openNoteInPanel(parts, 'large'), openNoteInPanel(parts, 'small')];
    reading.get('small')?.();
    assert.equal(await small, 'small');
    reading.get('large')?.();
    assert.equal(await large, 'large');
    const [overtaken, both] = [openNoteInPanel(parts, 'large'), compareRuns(parts, 'first', 'second')];
    reading.get('first')?.();
    while (!reading.has('second')) {
      await Promise.resolve();
    }
    reading.get('second')?.();
    await both;
    reading.get('large')?.();
    await overtaken;
    assert.deepEqual(shown, ['small', 'first with second']);
  });

  it('is exported masked and without the paths of this machine, and opened again', async () => {
    const secret = 'hunter-2-hunter-2';
    const run = ownRun('exported', { answer: `The word is ${secret}.` });
    const root = folderFile();
    const settings = { redactPatterns: ['hunter-2-hunter-2'] };
    const [html, json] = [await exportText(run, 'html', settings, root), await exportText(run, 'json', settings, root)];
    for (const text of [html, json]) {
      assert.equal(text.includes(secret), false);
      assert.equal(text.includes(root.path), false);
      assert.match(text, /\[redacted: own pattern\]/);
    }
    assert.match(json, /"workspace:src\/pairs\.py"/);
    const file = vscode.Uri.joinPath(notesFolder(), 'exported.json');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(json));
    assert.equal(await openNoteRun(file, runs), 'exported');
    assert.deepEqual(runs.find('exported'), { ...run, answer: 'The word is [redacted: own pattern].' });
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('{}'));
    await assert.rejects(openNoteRun(file, runs), { code: 'unreadable-note' });
    await assert.rejects(exportRun('gone', 'html', { runs, settings: () => settingDefaults }), { code: 'not-found' });
  });

  it('opens in the panel by the contributed commands', async () => {
    const [first, second] = [await writeNote('c.md', ownRun('c')), await writeNote('d.md', ownRun('d'))];
    assert.equal(await vscode.commands.executeCommand(commandIds.openNoteInPanel, first), 'c');
    await vscode.commands.executeCommand(commandIds.compareRuns, first, second);
    const labels = (): readonly string[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelViewType)).map(({ label }) => label);
    while (!labels().includes('Reasoning: pairs')) {
      await new Promise<void>((resolve) => {
        const registration = vscode.window.tabGroups.onDidChangeTabs(() => {
          registration.dispose();
          resolve();
        });
      });
    }
    assert.equal(labels().length, 1);
  });
});

/** The page of a surface, as far as the host sees it. */
class FakePage {
  readonly sent: ToPanel[] = [];
  readonly #messages = new vscode.EventEmitter<unknown>();
  #waiting: (() => void) | undefined;
  name: string | undefined;

  readonly webview = {
    cspSource: 'test:',
    asWebviewUri: (uri: vscode.Uri) => uri,
    onDidReceiveMessage: this.#messages.event,
    postMessage: (message: ToPanel) => {
      this.sent.push(message);
      this.#waiting?.();
      return Promise.resolve(true);
    },
  } as unknown as vscode.Webview;

  say(message: unknown): void {
    this.#messages.fire(message);
  }

  async next(type: ToPanel['type']): Promise<ToPanel> {
    for (;;) {
      const found = this.sent.find((message) => message.type === type);
      if (found !== undefined) {
        this.sent.splice(this.sent.indexOf(found), 1);
        return found;
      }
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  async snapshot(): Promise<Extract<ToPanel, { type: 'snapshot' }>['snapshot']> {
    const message = await this.next('snapshot');
    assert.ok(message.type === 'snapshot');
    return message.snapshot;
  }
}

describe('The pages of the panel', () => {
  it('have a state each, and tell of runs that are kept later', async () => {
    const runs = emptyRuns();
    const models = { nextLabel: () => Promise.resolve('Next'), onDidChange: () => new vscode.Disposable(() => undefined) } as unknown as Models;
    const choice = new RunChoice({ runs, settings: () => settingDefaults });
    const parts = { runs, models, log, choice, settings: () => settingDefaults, extension: vscode.Uri.file('/extension'), workspace: () => Promise.reject(new Error('unused')) };
    const surfaces = [new PanelSurface(parts), new PanelSurface(parts)] as const;
    const pages = [new FakePage(), new FakePage()] as const;
    for (const id of ['one', 'two']) {
      await runs.adopt(ownRun(id), vscode.Uri.parse(`file:///notes/${id}.md`));
    }
    const [tab, view] = surfaces;
    tab.choose('one');
    view.choose('two', 'one');
    surfaces.forEach((surface, index) => surface.attach({
      webview: pages[index]!.webview, kind: index === 0 ? 'editor' : 'side-bar', isVisible: () => true, reveal: () => undefined, name: (subject) => void (pages[index]!.name = subject),
    }));
    pages.forEach((page) => page.say({ type: 'ready' }));
    const [first, second] = [await pages[0].snapshot(), await pages[1].snapshot()];
    assert.deepEqual([first.run?.id, first.comparedRun], ['one', undefined]);
    assert.deepEqual([second.run?.id, second.comparedRun?.id], ['two', 'one']);
    assert.deepEqual(first.note, { state: 'written', label: '/notes/one.md' });
    assert.equal(pages[0].name, 'pairs');

    await runs.adopt(ownRun('three', { request: { ...ownRun('x').request, parent: { kind: 'fork', runId: 'one', step: 1 } } }), vscode.Uri.parse('file:///notes/three.md'));
    const recent = await pages[0].next('recent');
    assert.ok(recent.type === 'recent');
    assert.deepEqual(recent.recent.map(({ runId, parent }) => [runId, parent?.runId]), [['three', 'one'], ['two', undefined], ['one', undefined]]);

    // The way back from the comparison, asked for by the page itself.
    pages[1].say({ type: 'request', id: 1, request: { type: 'show-run', runId: 'two' } });
    assert.equal((await pages[1].snapshot()).comparedRun, undefined);
    assert.equal(tab.shownId, 'one');
    assert.throws(() => tab.choose('gone'), { code: 'not-found' });
    surfaces.forEach((surface) => surface.dispose());
    runs.dispose();
  });
});
