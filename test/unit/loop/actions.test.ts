import { describe, expect, it } from 'vitest';
import { recordRun, sampleRequest, sampleTool } from '../../support/loopRuns';
import { scriptedModel } from '../../support/scriptedModel';

const act = (path: string, name = 'read'): string => `<action name="${name}">{"path": "${path}"}</action>`;
const answer = '<answer>Done.</answer>';

describe('actions', () => {
  it('answers an equal call of a read-only tool from the cache, whatever the order of its keys', async () => {
    const tool = sampleTool('read', () => ({ text: 'x' }), {
      parameters: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } },
    });
    const model = scriptedModel([
      '<action name="read">{"a": 1, "b": 2}</action>',
      '<action name="read">{"b": 2, "a": 1}</action>',
      answer,
    ]);
    const { run } = await recordRun(sampleRequest(), { model, tools: [tool] });
    expect(tool.calls).toHaveLength(1);
    expect(run.steps.flatMap((step) => step.actions.map((action) => action.cached))).toEqual([false, true]);
  });

  it('runs an equal call again after an error, and every call of a tool that changes things', async () => {
    const failing = sampleTool('read', () => ({ text: 'not yet', isError: true }));
    const writing = sampleTool('write', () => ({ text: 'ok' }), { readOnly: false });
    const turns = [act('a'), act('a'), act('a', 'write'), act('a', 'write'), answer];
    await recordRun(sampleRequest(), { model: scriptedModel(turns), tools: [failing, writing] });
    expect(failing.calls).toHaveLength(2);
    expect(writing.calls).toHaveLength(2);
  });

  it('forgets what it remembered when a tool has changed something', async () => {
    const reading = sampleTool('read', () => ({ text: 'x' }));
    const writing = sampleTool('write', () => ({ text: 'ok' }), { readOnly: false });
    const model = scriptedModel([act('a'), act('a', 'write'), act('a'), answer]);
    await recordRun(sampleRequest(), { model, tools: [reading, writing] });
    expect(reading.calls).toHaveLength(2);
  });

  it('warns at three identical calls in a row and ends with an answer at five', async () => {
    const tool = sampleTool('read', () => ({ text: 'x' }));
    const model = scriptedModel([act('a'), act('a'), act('a'), act('a'), act('a'), answer, 'never asked for']);
    const { run } = await recordRun(sampleRequest({ maxIterations: 20 }), { model, tools: [tool] });
    expect(run.steps.map((step) => step.actions[0]?.observation?.startsWith('Warning') ?? null)).toEqual([
      false,
      false,
      true,
      true,
      true,
      null,
    ]);
    expect(run.outcome).toBe('limit');
    expect(run.answer).toBe('Done.');
    expect(tool.calls).toHaveLength(1);
  });

  it('counts calls in a row only: another call in between starts again', async () => {
    const tool = sampleTool('read', () => ({ text: 'x' }));
    const model = scriptedModel([act('a'), act('a'), act('b'), act('a'), act('a'), answer]);
    const { run } = await recordRun(sampleRequest({ maxIterations: 20 }), { model, tools: [tool] });
    expect(run.steps.flatMap((step) => step.notices)).toEqual([]);
    expect(run.outcome).toBe('answered');
  });

  it('runs the read-only actions of one turn at the same time, in one turn of the model', async () => {
    let running = 0;
    let most = 0;
    let release: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    const tool = sampleTool('read', async (args) => {
      running += 1;
      most = Math.max(most, running);
      if (running === 2) {
        release();
      }
      await both;
      running -= 1;
      return { text: `contents of ${String(args.path)}` };
    });
    const model = scriptedModel([`${act('a')}\n${act('b')}`, answer], { chunkSize: 5 });
    const { run } = await recordRun(sampleRequest(), { model, tools: [tool] });
    expect(most).toBe(2);
    expect(run.steps[0]?.actions.map((action) => action.observation)).toEqual(['contents of a', 'contents of b']);
  });

  it('runs actions that change things one after the other, in order', async () => {
    const order: string[] = [];
    const tool = sampleTool(
      'write',
      async (args) => {
        order.push(`start ${String(args.path)}`);
        await Promise.resolve();
        order.push(`end ${String(args.path)}`);
        return { text: 'ok' };
      },
      { readOnly: false },
    );
    const model = scriptedModel([`${act('a', 'write')}${act('b', 'write')}`, answer]);
    await recordRun(sampleRequest(), { model, tools: [tool] });
    expect(order).toEqual(['start a', 'end a', 'start b', 'end b']);
  });

  it('does not run a call whose arguments break the schema, and tells the model the schema', async () => {
    const tool = sampleTool('read', () => ({ text: 'x' }));
    const model = scriptedModel(['<action name="read">{"file": "a"}</action>', act('a'), answer]);
    const { run } = await recordRun(sampleRequest(), { model, tools: [tool] });
    expect(tool.calls).toEqual([{ path: 'a' }]);
    expect(run.steps[0]?.actions[0]?.isError).toBe(true);
    expect(run.steps[0]?.actions[0]?.observation).toContain('"required":["path"]');
  });

  it('goes to the answer after three turns in a row whose calls were all broken', async () => {
    const model = scriptedModel([act('a', 'nothing'), act('b', 'nothing'), act('c', 'nothing'), answer]);
    const { run } = await recordRun(sampleRequest({ maxIterations: 20 }), {
      model,
      tools: [sampleTool('read', () => ({ text: 'x' }))],
    });
    expect(run.outcome).toBe('limit');
    expect(run.answer).toBe('Done.');
    expect(model.requests).toHaveLength(4);
  });

  it('turns a tool that throws into an observation', async () => {
    const tool = sampleTool('read', () => {
      throw new Error('disk on fire');
    });
    const { run } = await recordRun(sampleRequest(), { model: scriptedModel([act('a'), answer]), tools: [tool] });
    expect(run.steps[0]?.actions[0]).toMatchObject({ isError: true });
    expect(run.steps[0]?.actions[0]?.observation).toContain('disk on fire');
    expect(run.outcome).toBe('answered');
  });
});
