import type * as vscode from 'vscode';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events';
import type { Run } from '../../../src/core/run';
import { runFromEvents } from '../../../src/core/run';
import { KeptRuns } from '../../../src/vscode/keptRuns';

function memento(initial?: unknown): Pick<vscode.Memento, 'get' | 'update'> & { readonly json: () => string } {
  let json = JSON.stringify(initial) as string | undefined;
  return {
    get: (() => (json === undefined ? undefined : (JSON.parse(json) as unknown))),
    update: (_key: string, value: unknown) => Promise.resolve(void (json = JSON.stringify(value))),
    json: () => json ?? '',
  };
}

function runOf(runId: string, observation = 'seen', ended = true): Run {
  const events: RunEvent[] = [
    { type: 'run-start', runId, at: 1000, request: { task: 'question', question: 'Why?' }, model: { id: 'm', vendor: 'built-in', label: 'M' }, protocol: 'xml', maxIterations: 5 },
    { type: 'step-start', step: 1, at: 1001, kind: 'turn' },
    { type: 'thought-end', step: 1, title: 'Look', thought: 'I look.', thinkingMs: 40, usage: { promptTokens: 10, completionTokens: 2 } },
    { type: 'action-start', step: 1, callId: 'a', tool: 'read_file', args: {}, summary: 'Reading' },
    { type: 'action-end', step: 1, callId: 'a', observation, isError: false, cached: false, elapsedMs: 1, references: [] },
  ];
  if (ended) {
    events.push({ type: 'run-end', at: 1100, outcome: 'answered', answer: 'Because.', totals: { elapsedMs: 100, thinkingMs: 40, steps: 1, usage: { promptTokens: 10, completionTokens: 2 } } });
  }
  return runFromEvents(events)!;
}

describe('KeptRuns', () => {
  it('gives back after a reload what was kept before it', async () => {
    const state = memento();
    const kept = new KeptRuns(state, 0);
    await kept.keep(runOf('one'), undefined);
    await kept.keep(runOf('two'), 'file:///notes/two.md');
    const again = new KeptRuns(state, 0);
    expect(again.all().map(({ run }) => run.id)).toEqual(['two', 'one']);
    expect(again.find('two')).toEqual({ run: runOf('two'), note: 'file:///notes/two.md' });
  });

  it('ends a run that a reload interrupted, with what it had', async () => {
    const state = memento();
    await new KeptRuns(state, 0).keep(runOf('one', 'seen', false), undefined);
    const again = new KeptRuns(state, 5000);
    expect(again.interrupted.map(({ run }) => run.id)).toEqual(['one']);
    const run = again.find('one')?.run;
    await again.keep(run!, undefined);
    expect(new KeptRuns(state, 6000).interrupted).toEqual([]);
    expect(run).toMatchObject({ outcome: 'cancelled', endedAt: 5000, error: { code: 'cancelled', remedy: 'retry' }, totals: { thinkingMs: 40, steps: 1, usage: { promptTokens: 10, completionTokens: 2 } } });
    expect(run?.steps[0]).toMatchObject({ thought: 'I look.', state: 'done' });
  });

  it('keeps at most ten, and shortens one that is too large', async () => {
    const state = memento();
    const kept = new KeptRuns(state, 0);
    for (let number = 0; number < 12; number += 1) {
      await kept.keep(runOf(`run ${String(number)}`), undefined);
    }
    expect(kept.all()).toHaveLength(10);
    await kept.keep(runOf('large', 'x'.repeat(2_000_000)), undefined);
    expect(state.json().length).toBeLessThan(600_000);
    const again = new KeptRuns(state, 0);
    expect(again.all()).toHaveLength(10);
    expect(again.find('large')?.run.steps[0]?.actions[0]?.observation).toContain('characters left out');
  });

  it('follows notes that get other names, and keeps the order', async () => {
    const state = memento();
    const kept = new KeptRuns(state, 0);
    await kept.keep(runOf('one'), 'file:///notes/one.md');
    await kept.keep(runOf('two'), 'file:///notes/two.md');
    await kept.moveNotes((note) => (note.endsWith('one.md') ? 'file:///notes/first.md' : undefined));
    const again = new KeptRuns(state, 0);
    expect(again.all().map(({ run, note }) => [run.id, note])).toEqual([['two', 'file:///notes/two.md'], ['one', 'file:///notes/first.md']]);
    const before = state.json();
    await kept.moveNotes(() => undefined);
    expect(state.json()).toBe(before);
  });

  it('drops what it cannot read', () => {
    expect(new KeptRuns(memento([{ run: { id: 7 } }, 'x', { run: runOf('good') }, null]), 0).all().map(({ run }) => run.id)).toEqual(['good']);
    expect(new KeptRuns(memento({ not: 'a list' }), 0).all()).toEqual([]);
  });
});
