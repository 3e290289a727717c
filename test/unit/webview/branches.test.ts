import { describe, expect, it } from 'vitest';
import type { RunParent } from '../../../src/core/request';
import { branchesOf } from '../../../src/webview/branches';
import type { PanelRunSummary } from '../../../src/webview/protocol';

function run(runId: string, startedAt: number, parent?: RunParent): PanelRunSummary {
  return { runId, task: 'explain', question: runId, modelLabel: 'M', startedAt, outcome: 'answered', ...(parent === undefined ? {} : { parent }) };
}
const from = (runId: string, step?: number): RunParent => ({ kind: 'fork', runId, ...(step === undefined ? {} : { step }) });

describe('branchesOf', () => {
  const runs = [run('d', 4, from('b')), run('c', 3, from('a', 2)), run('b', 2, from('a', 1)), run('a', 1), run('alone', 9)];

  it('gives the whole tree from any of its runs, older branches first', () => {
    for (const id of ['a', 'b', 'c', 'd']) {
      expect(branchesOf(id, runs).map(({ runId, depth }) => `${String(depth)} ${runId}`)).toEqual(['0 a', '1 b', '2 d', '1 c']);
    }
    expect(branchesOf('c', runs)[3]?.parent).toEqual({ kind: 'fork', runId: 'a', step: 2 });
  });

  it('gives nothing for a run that stands alone or is unknown', () => {
    expect(branchesOf('alone', runs)).toEqual([]);
    expect(branchesOf('unknown', runs)).toEqual([]);
  });

  it('begins with a run that is no longer kept where that is the parent', () => {
    const tree = branchesOf('x', [run('x', 2, from('gone', 3)), run('y', 3, from('gone'))]);
    expect(tree.map(({ runId, depth, summary }) => [runId, depth, summary?.runId])).toEqual([['gone', 0, undefined], ['x', 1, 'x'], ['y', 1, 'y']]);
  });

  it('ends where notes name each other as parents', () => {
    const tree = branchesOf('x', [run('x', 1, from('y')), run('y', 2, from('x')), run('z', 3, from('z'))]);
    expect(tree.map(({ runId }) => runId).sort()).toEqual(['x', 'y']);
    expect(branchesOf('z', [run('z', 3, from('z'))])).toEqual([]);
  });
});
