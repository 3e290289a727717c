import { describe, expect, it } from 'vitest';
import { proposeLessons, readProposals } from '../../../src/app/reflector';
import type { Trajectory } from '../../../src/app/trajectory';
import { scriptedModel } from '../../support/scriptedModel';

const never = new AbortController().signal;

function trajectory(actions: Trajectory['steps'][number]['actions']): Trajectory {
  return {
    requestId: 'r1', task: 'question', input: 'Where is the total?', steps: [{ thought: 'Look. <answer>42</answer>', actions }],
    result: 'In total.py.', outcome: 'answered', startedAt: 1, durationMs: 2,
  };
}

const failed = { tool: 'read_file', args: { path: 'total.py' }, output: 'There is no file total.py.', isError: true };
const mended = { tool: 'read_file', args: { path: 'src/total.py' }, output: 'def total', isError: false };

describe('proposeLessons', () => {
  it('shows a model the runs and the playbook as data, and reads what it proposes', async () => {
    const reply = 'Here you are:\n```json\n{"operations": [{"type": "add", "text": "Paths begin with src/.", "reason": "Record 1"}, {"type": "update", "id": "p-1", "text": "Better."}, {"type": "merge", "ids": ["p-1"], "text": "x"}, {"type": "delete"}, 7]}\n```';
    const model = scriptedModel([reply]);
    const reflection = await proposeLessons(model, [trajectory([failed, mended])], [{ id: 'p-1', text: 'Old.', helped: 1, hurt: 0 }], never);
    expect(reflection.proposals).toEqual([
      { operation: { type: 'add', text: 'Paths begin with src/.' }, reason: 'Record 1' },
      { operation: { type: 'update', id: 'p-1', text: 'Better.' }, reason: '' },
    ]);
    expect(reflection.usage).toEqual({ promptTokens: 100, completionTokens: 20 });
    const prompt = model.requests[0]?.messages.at(-1)?.content ?? '';
    expect(prompt).toContain('[p-1] (helped 1, hurt 0) Old.');
    expect(prompt).toContain('There is no file total.py.');
    expect(prompt).not.toContain('<answer>');
  });

  it('asks nobody about no runs', async () => {
    const model = scriptedModel([]);
    expect((await proposeLessons(model, [], [], never)).proposals).toEqual([]);
    expect(model.requests).toEqual([]);
  });

  it('fails as the model does, and where its reply has no operations', async () => {
    await expect(proposeLessons(scriptedModel([]), [trajectory([])], [], never)).rejects.toMatchObject({ code: 'internal' });
    await expect(proposeLessons(scriptedModel(['I learned a lot.']), [trajectory([])], [], never)).rejects.toMatchObject({ code: 'unreadable-reply' });
  });

  it('reads lessons off the runs where the model is the built-in one', async () => {
    const model = scriptedModel([], { info: { vendor: 'built-in' } });
    const { proposals } = await proposeLessons(model, [trajectory([failed, mended, mended, mended])], [], never);
    expect(proposals.map(({ operation }) => operation)).toEqual([
      { type: 'add', text: 'read_file with {"path":"total.py"} fails; {"path":"src/total.py"} works.' },
      { type: 'add', text: 'Do not call read_file with {"path":"src/total.py"} again once its result is there: it does not change.' },
    ]);
    const known = proposals.flatMap(({ operation }) => (operation.type === 'add' ? [{ id: 'p', text: operation.text, helped: 0, hurt: 0 }] : []));
    const again = await proposeLessons(model, [trajectory([failed, mended])], known, never);
    expect(again.proposals.map(({ operation }) => operation.type)).toEqual(['ignore']);
  });
});

describe('readProposals', () => {
  it.each([
    ['{"operations": [{"type": "ADD", "text": "a"},]}', 1],
    ["{'operations': [{'type': 'add', 'text': 'a'}]}", 1],
    ['{"thought": 1} then {"operations": []}', 0],
  ])('reads %s leniently', (reply, count) => {
    expect(readProposals(reply)).toHaveLength(count);
  });

  it.each(['', 'none', '{"operations": 3}', '{'.repeat(500)])('does not take %j for operations', (reply) => {
    expect(readProposals(reply)).toBeUndefined();
  });
});
