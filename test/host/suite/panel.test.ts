import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ReasoningRequest } from '../../../src/core/request';
import type { Run } from '../../../src/core/run';
import type { Models } from '../../../src/vscode/models';
import type { PanelRequestParts } from '../../../src/vscode/panelRequests';
import type { RunChoice } from '../../../src/vscode/pickRun';
import { answerPanel } from '../../../src/vscode/panelRequests';
import type { Runs, RunSpec } from '../../../src/vscode/runs';
import { settingDefaults } from '../../../src/vscode/settings';
import { createVSCodeWorkspace } from '../../../src/vscode/workspace';
import { threeStepRun } from '../../support/threeStepRun';

const request: ReasoningRequest = {
  task: 'complexity',
  question: 'How fast?',
  code: { uri: 'file:///a.py', path: 'a.py', languageId: 'python', text: 'x', range: { startLine: 1, endLine: 1 } },
  options: { maxIterations: 5, systemPrompt: 'old settings' },
};

function finishedRun(): Run {
  return threeStepRun(request);
}

/** Parts that note what was started; the rest of them is not touched by these requests. */
function parts(started: RunSpec[], shown: string[] = []): PanelRequestParts {
  return {
    runs: {
      isActive: (runId: string) => runId === 'going',
      find: (runId: string) => (runId === 'r' ? finishedRun() : undefined),
      start: (spec: RunSpec) => {
        started.push(spec);
        return Promise.resolve({ handle: { runId: 'next' } });
      },
    } as unknown as Runs,
    models: {} as Models,
    choice: { pick: () => Promise.resolve('other') } as unknown as RunChoice,
    settings: () => settingDefaults,
    workspace: () => Promise.resolve(createVSCodeWorkspace({ secretPatterns: () => [] })),
    show: (runId, comparedId) => Promise.resolve(void shown.push(comparedId === undefined ? String(runId) : `${String(runId)} with ${comparedId}`)),
    shown: () => finishedRun(),
  };
}

describe('What is pressed in the panel', () => {
  it('starts again, deeper, or mended, and shows the new run', async () => {
    const started: RunSpec[] = [];
    const shown: string[] = [];
    await answerPanel({ type: 'retry', runId: 'r' }, parts(started, shown));
    await answerPanel({ type: 'go-deeper', runId: 'r' }, parts(started, shown));
    await answerPanel({ type: 'remedy', remedy: 'retry', runId: 'r' }, parts(started, shown));
    assert.deepEqual(started.map((spec) => spec.request.earlierSteps?.length), [undefined, 3, undefined]);
    assert.deepEqual(started.map((spec) => spec.request.parent), [{ kind: 'retry', runId: 'r' }, { kind: 'go-deeper', runId: 'r' }, { kind: 'retry', runId: 'r' }]);
    assert.deepEqual(started.map((spec) => spec.request.question), ['How fast?', 'How fast?', 'How fast?']);
    assert.deepEqual(shown, ['next', 'next', 'next']);
    await assert.rejects(answerPanel({ type: 'retry', runId: 'unknown' }, parts(started, shown)), { code: 'not-found' });
    assert.equal(started.length, 3);
  });

  it('shows two runs side by side once both are over', async () => {
    const shown: string[] = [];
    await answerPanel({ type: 'compare', runId: 'r' }, parts([], shown));
    assert.deepEqual(shown, ['r with other']);
    await assert.rejects(answerPanel({ type: 'compare', runId: 'going' }, parts([], shown)), { code: 'bad-arguments' });
    assert.equal(shown.length, 1);
  });

  it('checks what an answer cites against the files', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder, 'host-tests-cited.txt');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('one\ntwo\nthree'));
    try {
      const states = await answerPanel({
        type: 'check-citations',
        references: [
          { path: 'host-tests-cited.txt', range: { startLine: 2, endLine: 3 } },
          { path: 'host-tests-cited.txt', range: { startLine: 2, endLine: 4 } },
          { path: 'no-such-file.txt' },
          { path: '../outside.txt' },
        ],
      }, parts([]));
      assert.deepEqual(states, ['found', 'no-lines', 'no-file', 'no-file']);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });

  it('finds what an answer cites in the code that was given, also where it is no file of the workspace', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'python', content: 'def f(xs):\n    return max(xs)' });
    const path = document.uri.path;
    const code = { uri: document.uri.toString(), path, languageId: 'python', text: document.getText(), range: { startLine: 1, endLine: 2 } };
    const references = [{ path, range: { startLine: 2, endLine: 2 } }, { path, range: { startLine: 2, endLine: 9 } }, { path: 'other' }];
    const states = await answerPanel({ type: 'check-citations', references }, { ...parts([]), shown: () => threeStepRun({ ...request, code }) });
    assert.deepEqual(states, ['found', 'no-lines', 'no-file']);
    const gone = await answerPanel({ type: 'check-citations', references: [{ path: 'Untitled-99' }] }, {
      ...parts([]), shown: () => threeStepRun({ ...request, code: { ...code, uri: 'untitled:Untitled-99', path: 'Untitled-99' } }),
    });
    assert.deepEqual(gone, ['no-file']);
  });

  it('opens no file outside of the workspace', async () => {
    for (const path of ['../../etc/passwd', '/etc/passwd', 'file:///etc/passwd']) {
      await assert.rejects(answerPanel({ type: 'open-source', path }, parts([])), { code: 'outside-workspace' });
    }
  });
});
