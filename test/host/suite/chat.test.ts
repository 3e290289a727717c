import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunEvent } from '../../../src/core/events';
import { chatTeller } from '../../../src/transcript/chatMarkdown';
import { followups } from '../../../src/vscode/chatFollowups';
import type { ChatMetadata } from '../../../src/vscode/chatInput';
import { metadataOf } from '../../../src/vscode/chatInput';
import { chatSink } from '../../../src/vscode/chatSink';
import { fileTrees } from '../../../src/vscode/fileTree';
import { commandIds, internalCommandIds } from '../../../src/vscode/ids';
import { runButtons } from '../../../src/vscode/participant';
import { uriOfPath } from '../../../src/vscode/workspacePaths';
import { finishedRun, sampleEvents } from '../../support/sampleRuns';

/** A stream that notes what it is given. */
function fakeStream(): { readonly stream: vscode.ChatResponseStream; readonly shown: (readonly [string, ...unknown[]])[] } {
  const shown: (readonly [string, ...unknown[]])[] = [];
  const note = (name: string) => (...values: unknown[]): void => void shown.push([name, ...values]);
  const stream = Object.fromEntries(['progress', 'markdown', 'reference', 'anchor', 'filetree', 'button'].map((name) => [name, note(name)]));
  return { stream: stream as unknown as vscode.ChatResponseStream, shown };
}

function shownOf(events: readonly RunEvent[]): (readonly [string, ...unknown[]])[] {
  const { stream, shown } = fakeStream();
  const sink = chatSink(stream, chatTeller(), uriOfPath);
  events.forEach((event) => sink(event));
  return shown;
}

/** The sample run, whose first call lists files and refers to places. */
function eventsWith(observation: string, references: readonly { readonly path: string }[] = []): readonly RunEvent[] {
  const events = sampleEvents();
  const first = events.find((event) => event.type === 'action-start');
  return events.map((event) => {
    if (event === first) {
      return { ...first, tool: 'list_files' };
    }
    return event.type === 'action-end' && event.callId === first?.callId ? { ...event, observation, references } : event;
  });
}

describe('A run in the chat', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder);

  it('shows listed files as a tree below the answer, folders first', () => {
    const shown = shownOf(eventsWith('4 files that match "**":\nsrc/b.ts\nREADME.md\nsrc/a/x.ts\nsrc/a.ts'));
    const trees = shown.filter(([kind]) => kind === 'filetree');
    assert.equal(trees.length, 1);
    const [tree] = trees;
    assert.ok(tree);
    assert.deepEqual(tree[1], [
      { name: 'src', children: [{ name: 'a', children: [{ name: 'x.ts' }] }, { name: 'a.ts' }, { name: 'b.ts' }] },
      { name: 'README.md' },
    ]);
    assert.equal(String(tree[2]), folder.toString());
    const lastAnswer = shown.findLastIndex(([kind]) => kind === 'markdown');
    assert.ok(shown.findIndex(([kind]) => kind === 'filetree') > lastAnswer);
  });

  it('lists nothing outside of the workspace, and no tree where nothing was found', () => {
    assert.deepEqual(fileTrees(['../../etc/passwd', '/etc/passwd', 'C:\\x', 'file:///etc/passwd'], uriOfPath), []);
    assert.equal(shownOf(eventsWith('No files that match "x". Try a wider glob.')).some(([kind]) => kind === 'filetree'), false);
  });

  it('names the places that were looked at once more at the end, as links', () => {
    const places = [{ path: 'orders/duplicates.py', range: { startLine: 3, endLine: 9 } }, { path: 'README.md' }, { path: '../outside.txt' }];
    const shown = shownOf(eventsWith('1 file:\nREADME.md', places));
    const anchors = shown.filter(([kind]) => kind === 'anchor').map(([, place, label]) => [place, label]);
    assert.ok(anchors.some(([place, label]) => place instanceof vscode.Location && place.range.start.line === 2 && label === 'orders/duplicates.py, lines 3–9'));
    assert.ok(anchors.some(([place, label]) => place instanceof vscode.Uri && place.path.endsWith('/README.md') && label === 'README.md'));
    assert.equal(anchors.some(([, label]) => String(label).includes('outside')), false);
    assert.equal(shown.filter(([kind, text]) => kind === 'markdown' && String(text).includes('Looked at:')).length, 1);
  });

  it('says what it is doing, and folds no answer away', () => {
    const shown = shownOf(sampleEvents());
    const kinds = shown.map(([kind]) => kind);
    assert.equal(kinds[0], 'progress');
    assert.ok(kinds.lastIndexOf('progress') < kinds.indexOf('markdown'));
  });

  it('ends with buttons for what can be done with it', () => {
    const run = finishedRun();
    const note = vscode.Uri.parse('file:///notes/a.md');
    const commands = (...parts: Parameters<typeof runButtons>): readonly unknown[] =>
      runButtons(...parts).map(({ command, arguments: given }): readonly unknown[] => [command, (given as readonly unknown[] | undefined)?.[0]]);
    assert.deepEqual(commands('run-1', run, note), [
      [internalCommandIds.showRun, 'run-1'], [internalCommandIds.openNote, note], [internalCommandIds.goDeeper, 'run-1'], [commandIds.compareRuns, 'run-1'],
    ]);
    assert.deepEqual(commands('run-1', { ...run, answer: '' }, undefined), [[internalCommandIds.showRun, 'run-1'], [internalCommandIds.saveNote, 'run-1']]);
    assert.deepEqual(commands('run-1', undefined, undefined), [[internalCommandIds.showRun, 'run-1']]);
  });

  it('has registered every command of its buttons', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    for (const id of [...Object.values(internalCommandIds), ...Object.values(commandIds)]) {
      assert.ok(known.has(id), id);
    }
  });
});

describe('Follow-ups in the chat', () => {
  const of = (more: Partial<ChatMetadata>): readonly string[] =>
    followups({ runId: 'r', task: 'complexity', answer: 'O(n²)', ...more }).map(({ command, label }) => command ?? label ?? '');

  it('fit the task and what the answer came to', () => {
    assert.deepEqual(of({ complexity: 'quadratic' }), ['How could it be faster?', 'tests', 'explain']);
    assert.deepEqual(of({ complexity: 'linear' }), ['tests', 'explain']);
    assert.deepEqual(of({ agreement: 'disagrees' }), ['Why does the analysis disagree?', 'How could it be faster?', 'tests']);
    assert.deepEqual(of({ agreement: 'weaker', complexity: 'linear' }), ['Is there a tighter bound?', 'tests', 'explain']);
    assert.deepEqual(of({ task: 'bugs', outcome: 'limit' }), ['What is still open?', 'tests', 'security']);
    assert.deepEqual(of({ answer: '' }), []);
    assert.deepEqual(followups(undefined), []);
  });

  it('are made of what a result carries, whoever wrote it', () => {
    const metadata = { runId: 'r', task: 'bugs', answer: 'x', outcome: 'limit', agreement: 'sings', complexity: 5 };
    assert.deepEqual(metadataOf({ metadata }), { runId: 'r', task: 'bugs', answer: 'x', outcome: 'limit' });
    assert.equal(metadataOf({ metadata: { ...metadata, task: 'sing' } }), undefined);
    assert.equal(metadataOf({}), undefined);
  });
});
