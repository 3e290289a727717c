import { describe, expect, it } from 'vitest';
import { StepwiseError } from '../../../src/core/errors';
import { History } from '../../../src/loop/history';
import { recordRun, sampleRequest, sampleTool } from '../../support/loopRuns';
import { hang, scriptedModel } from '../../support/scriptedModel';

const act = (path: string): string => `<action name="read">{"path": "${path}"}</action>`;
const thought = '<thought>Look.</thought>';
const answer = '<answer>Done.</answer>';

describe('stopping a turn early', () => {
  it('cuts as soon as prose follows a complete action, and still reports usage', async () => {
    const model = scriptedModel([
      [{ type: 'text', text: `${thought}${act('a')}\nNow I will wait for` }, { type: 'text', text: ' the result' }, hang],
      answer,
    ]);
    const tool = sampleTool('read', () => ({ text: 'x' }));
    const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), { model, tools: [tool] });
    expect(run.outcome).toBe('answered');
    expect(model.cutShort).toBe(1);
    expect(run.steps[0]?.usage.estimated).toBe(true);
    expect(run.steps[0]?.usage.completionTokens).toBeGreaterThan(0);
    expect(model.requests[1]?.messages.at(-2)).toEqual({ role: 'assistant', content: `${thought}${act('a')}` });
  });

  it('gives the same turn however the reply was cut into chunks', async () => {
    const reply = `<thought>Two.</thought>${act('a')}\n ${act('b')}\nThen I go on talking. ${act('c')}`;
    const seen = new Set<string>();
    for (let size = 1; size <= reply.length; size += 1) {
      const model = scriptedModel([reply, answer], { chunkSize: size });
      const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), {
        model,
        tools: [sampleTool('read', () => ({ text: 'x' }))],
      });
      seen.add(JSON.stringify([run.steps[0]?.actions.map((action) => action.args), model.requests[1]?.messages.at(-2)]));
    }
    expect([...seen]).toEqual([
      JSON.stringify([
        [{ path: 'a' }, { path: 'b' }],
        { role: 'assistant', content: `<thought>Two.</thought>${act('a')}\n ${act('b')}` },
      ]),
    ]);
  });
});

describe('limits of a run', () => {
  it('asks for the answer before the cap of tokens is reached', async () => {
    const model = scriptedModel([act('a'), act('b'), answer], { usage: { promptTokens: 400, completionTokens: 100 } });
    const { run } = await recordRun(
      sampleRequest({ maxTokensPerRun: 2200, maxTokensPerTurn: 1000, maxIterations: 20 }),
      { model, tools: [sampleTool('read', () => ({ text: 'x' }))] },
    );
    const total = (run.totals?.usage.promptTokens ?? 0) + (run.totals?.usage.completionTokens ?? 0);
    expect(total).toBeLessThanOrEqual(2200);
    expect(run.outcome).toBe('limit');
    expect(run.answer).toBe('Done.');
  });

  it('ends without another call where even an answer would exceed the cap', async () => {
    const model = scriptedModel([`<thought>The sum.</thought>${act('a')}`, answer], {
      usage: { promptTokens: 2000, completionTokens: 500 },
    });
    const { run } = await recordRun(sampleRequest({ maxTokensPerRun: 3000, maxTokensPerTurn: 500 }), {
      model,
      tools: [sampleTool('read', () => ({ text: 'x' }))],
    });
    expect(model.requests).toHaveLength(1);
    expect(run.outcome).toBe('limit');
    expect(run.answer).toContain('The sum.');
  });

  it('shortens the oldest observations when a request is too large, once, and goes on', async () => {
    const tooLarge = new StepwiseError('request-too-large', 'Too large.', { excessTokens: 2000 });
    const model = scriptedModel([act('a'), act('b'), [{ type: 'error', error: tooLarge }], answer]);
    const tool = sampleTool('read', (args) => ({ text: `${String(args.path)} `.repeat(6000) }));
    const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), { model, tools: [tool] });
    expect(run.outcome).toBe('answered');
    const contents = model.requests[3]?.messages.filter((message) => message.content.startsWith('<observation')) ?? [];
    expect(contents[0]?.content).toContain('were left out');
    expect(contents[0]?.content.endsWith('</observation>')).toBe(true);
    expect(run.steps.flatMap((step) => step.notices.map((notice) => notice.code))).toContain('history-shortened');
  });
});

describe('History', () => {
  const observation = (text: string): { role: 'user'; content: string } => ({
    role: 'user',
    content: `<observation tool="read">\n${text}\n</observation>`,
  });

  it('frees a quarter of the window at once, oldest first, the rest untouched', () => {
    const history = new History([{ role: 'system', content: 'rules' }]);
    for (let index = 0; index < 8; index += 1) {
      history.addObservations([observation(String(index).repeat(4000))]);
    }
    const before = history.messages();
    const limit = history.tokens - 1;
    expect(history.shorten(limit)).toBe(true);
    expect(history.tokens).toBeLessThanOrEqual(limit * 0.75);
    const after = history.messages();
    const changed = after.map((message, index) => message.content !== before[index]?.content);
    expect(changed).toEqual([false, true, true, true, false, false, false, false, false]);
    expect(history.shorten(limit)).toBe(false);
  });

  it('learns from the usage of the server', () => {
    const history = new History([{ role: 'user', content: 'word '.repeat(400) }]);
    history.calibrate(1000);
    expect(history.tokens).toBeGreaterThanOrEqual(1000);
    expect(history.tokens).toBeLessThanOrEqual(1001);
  });
});
