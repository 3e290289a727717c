import { describe, expect, it } from 'vitest';
import { StepwiseError } from '../../../src/core/errors';
import type { ProtocolName } from '../../../src/core/events';
import { recordRun, sampleRequest, sampleTool } from '../../support/loopRuns';
import type { ScriptedTurn } from '../../support/scriptedModel';
import { scriptedModel } from '../../support/scriptedModel';

const answer = '<answer>Done.</answer>';
/** Neither an action nor an answer, nor prose that could be one. */
const unreadable = '<observation>I made this up.</observation>';
const step = (title: string, next: string): string => JSON.stringify({ title, content: `${title}!`, next_action: next });

describe('repair', () => {
  it('tells the model exactly what was wrong and goes on in the same step', async () => {
    const broken = '<thought>Run it.</thought><action name="read">just text</action>';
    const model = scriptedModel([broken, '<action name="read">{"path": "a', answer]);
    const tool = sampleTool('read', () => ({ text: 'x' }));
    const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), { model, tools: [tool] });
    expect(run.outcome).toBe('answered');
    expect(run.steps).toHaveLength(1);
    expect(run.steps[0]?.notices.map((notice) => notice.code)).toEqual(['repair', 'repair']);
    const last = model.requests.at(-1)?.messages.filter((message) => message.role === 'user') ?? [];
    expect(last[1]?.content).toContain('arguments could not be read');
    expect(last[1]?.content).toContain('"required":["path"]');
    expect(last[2]?.content).toContain('cut off in the middle of an action');
  });

  it('keeps a long broken reply short in the history', async () => {
    const model = scriptedModel([`<action name="read">{"path": "${'x'.repeat(5000)}`, answer]);
    await recordRun(sampleRequest({ protocol: 'xml' }), { model, tools: [sampleTool('read', () => ({ text: 'x' }))] });
    const kept = model.requests[1]?.messages.find((message) => message.role === 'assistant')?.content ?? '';
    expect(kept.length).toBeLessThan(700);
    expect(kept).toContain('more characters');
  });

  it('ends after two repairs in a row with the best it has, and says so', async () => {
    const model = scriptedModel([unreadable, unreadable, unreadable, answer]);
    const { run } = await recordRun(sampleRequest({ protocol: 'xml', maxIterations: 20 }), { model, tools: [] });
    expect(run.outcome).toBe('limit');
    expect(run.answer).toBe('Done.');
    expect(run.steps.at(-1)?.notices.map((notice) => notice.code)).toEqual(['limit-reached']);
    expect(model.requests).toHaveLength(4);
  });

  it('takes plain prose that ends the turn as the answer', async () => {
    const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), {
      model: scriptedModel(['It adds up the prices.']),
      tools: [],
    });
    expect(run.outcome).toBe('answered');
    expect(run.answer).toBe('It adds up the prices.');
  });

  it('drops to the next rung after two unreadable replies, and remembers per model', async () => {
    const remembered = new Map<string, ProtocolName>();
    const memory = {
      get: (key: string) => remembered.get(key),
      set: (key: string, protocol: ProtocolName) => void remembered.set(key, protocol),
    };
    const model = scriptedModel([unreadable, unreadable, step('Look', 'final_answer'), 'It adds.']);
    const { run } = await recordRun(sampleRequest(), { model, tools: [], protocolMemory: memory });
    expect(run.outcome).toBe('answered');
    expect(run.answer).toBe('It adds.');
    expect(run.steps[0]?.title).toBe('Look');
    expect([...remembered.entries()]).toEqual([['openai-compatible/scripted', 'json-steps']]);
    const again = await recordRun(sampleRequest(), {
      model: scriptedModel([step('Look', 'final_answer'), 'Yes.']),
      tools: [],
      protocolMemory: memory,
    });
    expect(again.run.protocol).toBe('json-steps');
  });

  it('stays with a protocol that was chosen', async () => {
    const model = scriptedModel([unreadable, unreadable, answer]);
    const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), { model, tools: [] });
    expect(run.answer).toBe('Done.');
    expect(run.steps.flatMap((each) => each.notices.map((notice) => notice.code))).toEqual(['repair', 'repair']);
  });
});

describe('a server that refuses', () => {
  const native = { info: { nativeTools: true } };
  const refusal = (code: 'bad-request' | 'tool-use-failed'): ScriptedTurn => [
    { type: 'error', error: new StepwiseError(code, 'Refused.') },
  ];

  it('native tools is asked by tags instead', async () => {
    const model = scriptedModel([refusal('bad-request'), answer], native);
    const { run } = await recordRun(sampleRequest(), { model, tools: [sampleTool('read', () => ({ text: 'x' }))] });
    expect(run.answer).toBe('Done.');
    expect(model.requests.map((request) => request.tools?.length ?? 0)).toEqual([1, 0]);
    expect(model.requests[1]?.messages.at(-1)?.content).toContain('<action name=');
  });

  it('what its model wrote counts as a reply that could not be read', async () => {
    const model = scriptedModel([refusal('tool-use-failed'), 'It adds.'], native);
    const { run } = await recordRun(sampleRequest(), { model, tools: [sampleTool('read', () => ({ text: 'x' }))] });
    expect(run.answer).toBe('It adds.');
    expect(run.steps[0]?.notices.map((notice) => notice.code)).toEqual(['repair']);
  });

  it('anything else ends the run with its error', async () => {
    const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), { model: scriptedModel([refusal('bad-request')]), tools: [] });
    expect(run.outcome).toBe('failed');
    expect(run.error?.code).toBe('bad-request');
  });
});

describe('JSON steps', () => {
  const request = sampleRequest({ protocol: 'json-steps' });

  it('makes one call a step and a call of its own for the final answer', async () => {
    const model = scriptedModel([step('Decompose', 'continue'), step('Check', 'final_answer'), 'It **adds** up.'], {
      info: { strictSchema: true },
    });
    const { run } = await recordRun(request, { model, tools: [] });
    expect(run.steps.map((each) => [each.kind, each.title])).toEqual([
      ['turn', 'Decompose'],
      ['turn', 'Check'],
      ['final-answer', 'Final answer'],
    ]);
    expect(run.outcome).toBe('answered');
    expect(run.answer).toBe('It **adds** up.');
    expect(run.maxIterations).toBe(25);
    const opening = model.requests[0]?.messages.at(-1);
    expect(opening?.role).toBe('assistant');
    expect(model.requests.map((each) => each.responseFormat?.type)).toEqual(['json_schema', 'json_schema', undefined]);
    expect(model.requests[0]?.maxOutputTokens).toBe(300);
  });

  it('gives more tokens after a reply that was cut off', async () => {
    const model = scriptedModel([
      [{ type: 'text', text: '{"title": "Long", "content": "and' }, { type: 'finish', reason: 'length' }],
      step('Long', 'final_answer'),
      'Done.',
    ]);
    const { run } = await recordRun(request, { model, tools: [] });
    expect(model.requests.map((each) => each.maxOutputTokens)).toEqual([300, 600, 4096]);
    expect(run.steps).toHaveLength(2);
  });
});

describe('native calls', () => {
  it('run the same tools with the same events, and go back as tool messages', async () => {
    const call = { id: 'call_1', name: 'read', arguments: '{"path": "a"}' };
    const model = scriptedModel(
      [[{ type: 'text', text: 'I need a.' }, { type: 'tool-call', call }, { type: 'finish', reason: 'tool-calls' }], 'It adds.'],
      { info: { nativeTools: true } },
    );
    const { run } = await recordRun(sampleRequest(), { model, tools: [sampleTool('read', () => ({ text: 'x' }))] });
    expect(run.protocol).toBe('native');
    expect(run.answer).toBe('It adds.');
    expect(run.steps[0]).toMatchObject({ thought: 'I need a.', answer: '' });
    expect(model.requests[0]?.tools?.map((tool) => tool.name)).toEqual(['read']);
    expect(model.requests[1]?.messages.slice(-2)).toEqual([
      { role: 'assistant', content: 'I need a.', toolCalls: [call] },
      { role: 'tool', content: 'x', toolCallId: 'call_1' },
    ]);
  });

  it('are read from a text model that makes one unasked', async () => {
    const call = { id: 'c', name: 'read', arguments: "{'path': 'a',}" };
    const model = scriptedModel([[{ type: 'tool-call', call }, { type: 'finish', reason: 'tool-calls' }], answer]);
    const tool = sampleTool('read', () => ({ text: 'x' }));
    const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), { model, tools: [tool] });
    expect(tool.calls).toEqual([{ path: 'a' }]);
    expect(run.answer).toBe('Done.');
    expect(model.requests[1]?.messages.at(-2)?.content).toContain('<action name="read">');
  });

  it('show thinking in a field of its own as thought and never read it for actions', async () => {
    const model = scriptedModel([
      [{ type: 'reasoning', text: '<action name="read">{"path": "a"}</action>' }, { type: 'text', text: answer }],
    ]);
    const tool = sampleTool('read', () => ({ text: 'x' }));
    const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), { model, tools: [tool] });
    expect(tool.calls).toEqual([]);
    expect(run.steps[0]?.thought).toContain('<action');
    expect(run.answer).toBe('Done.');
  });
});
