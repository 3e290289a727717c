import { afterEach, describe, expect, it } from 'vitest';
import { createModel } from '../../../src/models/index';
import type { ModelServer } from '../../support/groqServer';
import { startModelServer } from '../../support/groqServer';
import { recordRun, sampleRequest, sampleTool } from '../../support/loopRuns';

let server: ModelServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const replies = [
  '<thought>What does the file say?</thought>\n<action name="read">{"path": "total.py"}</action>',
  '<thought>Who calls it?</thought>\n<action name="search">{"path": "total("}</action>',
  '<thought>Nobody else does.</thought>\n<answer>It adds up the prices once.</answer>',
].map((text) => ({ text, chunkSize: 5, usage: { prompt: 300, completion: 40 } }));

describe.each(['groq', 'openai-compatible'] as const)('a run of three steps with two tools over %s', (client) => {
  it('reasons, acts and answers, and reports what it used', async () => {
    server = await startModelServer({ replies });
    const model =
      client === 'groq'
        ? createModel({ vendor: 'groq', id: 'openai/gpt-oss-120b', key: 'none', baseUrl: server.groqBaseUrl })
        : createModel({ vendor: 'openai-compatible', id: 'local', baseUrl: server.openaiBaseUrl });
    const read = sampleTool('read', () => ({ text: '1 | def total(prices):' }));
    const search = sampleTool('search', () => ({ text: 'No matches.' }));
    const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), { model, tools: [read, search] });
    expect(run.outcome).toBe('answered');
    expect(run.answer).toBe('It adds up the prices once.');
    expect(run.steps.map((step) => step.actions.map((action) => action.tool))).toEqual([['read'], ['search'], []]);
    expect(run.totals?.usage).toMatchObject({ promptTokens: 900, completionTokens: 120 });
    expect(run.totals?.costUsd === undefined).toBe(client === 'openai-compatible');
    const bodies = server.requests.map((request) => request.body as { messages: unknown[]; temperature: number; stream: boolean });
    expect(bodies.map((body) => [body.messages.length, body.temperature, body.stream])).toEqual([
      [2, 0, true],
      [4, 0, true],
      [6, 0, true],
    ]);
  });
});
