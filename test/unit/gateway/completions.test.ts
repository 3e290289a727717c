import { afterEach, describe, expect, it } from 'vitest';
import type { TestGateway } from '../../support/gateway';
import { parseEvents, startTestGateway, streamedContent } from '../../support/gateway';
import { sampleTool } from '../../support/loopRuns';
import { hang, scriptedModel } from '../../support/scriptedModel';

const act = '<thought>I look at the loop.</thought><action name="look">{"path": "a"}</action>';
const answer = '<thought>One loop.</thought><answer>It is linear.</answer>';
const messages = [{ role: 'user', content: 'How fast is it?' }];

let gateway: TestGateway | undefined;

afterEach(async () => {
  const failures = gateway?.failures ?? [];
  await gateway?.close();
  gateway = undefined;
  expect(failures).toEqual([]);
});

const look = (): ReturnType<typeof sampleTool> => sampleTool('look', () => ({ text: 'for x in xs: pass' }));

interface Completion {
  readonly object: string;
  readonly choices: readonly { readonly message: { content: string | null; reasoning_content?: string; tool_calls?: { id: string; function: { name: string; arguments: string } }[] }; readonly finish_reason: string }[];
  readonly usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

async function complete(body: object): Promise<Completion> {
  const response = await gateway!.request('/v1/chat/completions', { json: { messages, ...body } });
  expect(response.status).toBe(200);
  return (await response.json()) as Completion;
}

describe('POST /v1/chat/completions', () => {
  it('answers with a block for each step and the answer, and adds up the usage of all calls', async () => {
    gateway = await startTestGateway(scriptedModel([act, answer]), { tools: [look()] });
    const completion = await complete({ selfThinking: { enabled: true } });
    expect(completion.object).toBe('chat.completion');
    expect(completion.choices[0]?.message.content).toBe(
      '\n[Step 1]\nAnalysis: I look at the loop.\n\n[Step 2]\nAnalysis: One loop.\n\nFinal answer: It is linear.',
    );
    expect(completion.choices[0]?.finish_reason).toBe('stop');
    expect(completion.usage).toMatchObject({ prompt_tokens: 200, completion_tokens: 40, total_tokens: 240 });
  });

  it("uses the document's wording where the question is Chinese", async () => {
    gateway = await startTestGateway(scriptedModel([answer]));
    const completion = await complete({
      messages: [{ role: 'user', content: '时间复杂度是多少？' }],
      selfThinking: { enabled: true },
    });
    expect(completion.choices[0]?.message.content).toBe('\n[思考步骤 1]\nAI分析: One loop.\n\n最终答案: It is linear.');
  });

  it('answers alone where thoughts are not wanted, and in a field of their own where that is asked for', async () => {
    gateway = await startTestGateway(scriptedModel([answer, answer]));
    const alone = await complete({ selfThinking: { enabled: true, includeThoughtsInResponse: false } });
    expect(alone.choices[0]?.message.content).toBe('It is linear.');
    const apart = await complete({ selfThinking: { enabled: true, thoughtsAs: 'reasoning_content' } });
    expect(apart.choices[0]?.message.content).toBe('It is linear.');
    expect(apart.choices[0]?.message.reasoning_content).toContain('One loop.');
  });

  it('streams the same content that it answers with at once', async () => {
    gateway = await startTestGateway(scriptedModel([act, answer, act, answer], { chunkSize: 4 }), { tools: [look()] });
    const whole = await complete({ selfThinking: { enabled: true } });
    const response = await gateway.request('/v1/chat/completions', {
      json: { messages, stream: true, stream_options: { include_usage: true }, selfThinking: { enabled: true } },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = parseEvents(await response.text());
    expect(streamedContent(events)).toBe(whole.choices[0]?.message.content);
    expect(events.every((event) => event.event === '')).toBe(true);
    expect(events.at(-1)?.data).toBe('[DONE]');
    expect(events.at(-2)?.data).toMatchObject({ choices: [], usage: { total_tokens: 240 } });
  });

  it('streams each thought, action and observation as the document describes', async () => {
    gateway = await startTestGateway(scriptedModel([act, answer], { chunkSize: 4 }), { tools: [look()] });
    const response = await gateway.request('/v1/chat/completions', {
      json: { messages, stream: true, selfThinking: { enabled: true, enableStreamThoughts: true } },
    });
    const events = parseEvents(await response.text());
    const names = events.map((event) => (event.data === '[DONE]' ? '[DONE]' : event.event));
    expect(names.filter((name, index) => name !== names[index - 1])).toEqual([
      '', 'thought_start', 'thought', 'thought_end', 'action_start', 'observation',
      'thought_start', 'thought', 'thought_end', 'answer_start', '', 'answer_end', '', '[DONE]',
    ]);
    expect((events[0]?.data as { requestId: string }).requestId).toMatch(/^chatcmpl-/);
    expect(events.find((event) => event.event === 'action_start')?.data).toEqual({
      iteration: 1, tool: 'look', params: { path: 'a' },
    });
    expect(events.find((event) => event.event === 'observation')?.data).toEqual({
      iteration: 1, tool: 'look', result: 'for x in xs: pass', error: null,
    });
    const thoughts = events.filter((event) => event.event === 'thought');
    expect(streamedContent(thoughts)).toBe('I look at the loop.One loop.');
    expect(thoughts[0]?.data).toMatchObject({ _type: 'thought', _iteration: 1 });
    expect(streamedContent(events.filter((event) => event.event === ''))).toBe('It is linear.');
  });

  it('uses the whole conversation and passes on what the model takes', async () => {
    const model = scriptedModel([answer]);
    gateway = await startTestGateway(model);
    await complete({
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'second' },
        { role: 'user', content: [{ type: 'text', text: 'third' }] },
      ],
      temperature: 0.7, max_tokens: 99, stop: ['END'], user: 'u1',
      selfThinking: { enabled: true, systemPrompt: 'You are an expert.', additionalPrompts: ['Mind the edges.'] },
    });
    const request = model.requests[0];
    expect(request).toMatchObject({ temperature: 0.7, maxOutputTokens: 99, user: 'u1' });
    expect(request?.stop).toContain('END');
    expect(request?.messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(request?.messages[0]?.content).toMatch(/^You are an expert\.\n\nBe kind\.[\s\S]*Mind the edges\.$/);
    expect(request?.messages.at(-1)?.content).toContain('third');
  });

  it('answers with what it has at the iteration limit', async () => {
    gateway = await startTestGateway(scriptedModel([act, answer]), { tools: [look()] });
    const completion = await complete({ selfThinking: { enabled: true, maxIterations: 1, includeThoughtsInResponse: false } });
    expect(completion.choices[0]?.message.content).toBe('It is linear.');
  });

  it('is a plain completion without selfThinking', async () => {
    const model = scriptedModel(['Hello.']);
    gateway = await startTestGateway(model);
    const completion = await complete({});
    expect(completion.choices[0]?.message.content).toBe('Hello.');
    expect(model.requests[0]?.messages).toEqual([{ role: 'user', content: 'How fast is it?' }]);
  });

  it('streams no text twice where the model begins its reply anew', async () => {
    const again = [{ type: 'text', text: 'Hel' }, { type: 'restart' }, { type: 'text', text: 'Hello.' }] as const;
    gateway = await startTestGateway(scriptedModel([again, [{ type: 'restart' }, { type: 'text', text: 'Hello.' }]]));
    const read = async (): Promise<ReturnType<typeof parseEvents>> =>
      parseEvents(await (await gateway!.request('/v1/chat/completions', { json: { messages, stream: true } })).text());
    const broken = await read();
    expect(streamedContent(broken)).toBe('Hel');
    expect(broken.at(-2)?.data).toMatchObject({ error: { code: 'stream-broken' } });
    expect(streamedContent(await read())).toBe('Hello.');
  });

  it('takes back what was void in a thinking run, and streams the right answer after an empty line', async () => {
    const again = [{ type: 'text', text: '<answer>It is quad' }, { type: 'restart' }, { type: 'text', text: answer }] as const;
    gateway = await startTestGateway(scriptedModel([again, again]));
    const selfThinking = { enabled: true, includeThoughtsInResponse: false };
    expect((await complete({ selfThinking })).choices[0]?.message.content).toBe('It is linear.');
    const events = parseEvents(await (await gateway.request('/v1/chat/completions', { json: { messages, stream: true, selfThinking } })).text());
    expect(streamedContent(events)).toBe('It is quad\n\nIt is linear.');
  });

  it('hands a tool that only the client knows to the client, and goes on with its result', async () => {
    const model = scriptedModel(['<action name="query_code_examples">{"topic": "recursion"}</action>', answer]);
    gateway = await startTestGateway(model, { tools: [look()] });
    const tools = [{ name: 'query_code_examples', description: 'Examples', parameters: { topic: 'string' } }];
    const body = { selfThinking: { enabled: true, includeThoughtsInResponse: false, tools } };
    const paused = await complete(body);
    expect(paused.choices[0]?.finish_reason).toBe('tool_calls');
    const call = paused.choices[0]?.message.tool_calls?.[0];
    expect(call?.function).toEqual({ name: 'query_code_examples', arguments: '{"topic":"recursion"}' });
    const finished = await complete({
      ...body,
      messages: [
        ...messages,
        paused.choices[0]?.message,
        { role: 'tool', tool_call_id: call?.id, content: 'def fib(n): ...' },
      ],
    });
    expect(finished.choices[0]?.message.content).toBe('It is linear.');
    expect(finished.usage.total_tokens).toBe(240);
    expect(model.requests[1]?.messages.at(-1)?.content).toContain('def fib(n)');
    expect(model.requests[0]?.messages[0]?.content).not.toContain('look:');
  });

  it('tells the results of calls that it no longer knows as part of the conversation', async () => {
    const model = scriptedModel([answer]);
    gateway = await startTestGateway(model);
    await complete({
      messages: [
        ...messages,
        { role: 'assistant', content: null, tool_calls: [{ id: 'call_gone', type: 'function', function: { name: 'f', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'call_gone', content: 'forty-two' },
      ],
      selfThinking: { enabled: true },
    });
    expect(model.requests[0]?.messages.at(-1)?.content).toContain('forty-two');
  });

  it('stops the run at once when the connection closes', async () => {
    const model = scriptedModel(() => [{ type: 'text', text: '<thought>I think' }, hang]);
    gateway = await startTestGateway(model);
    for (const stream of [true, false]) {
      const controller = new AbortController();
      const before = model.cutShort;
      const sent = gateway.request('/v1/chat/completions', {
        json: { messages, stream, selfThinking: { enabled: true } },
        signal: controller.signal,
      });
      while (model.requests.length <= before) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      controller.abort();
      await expect(sent.then((response) => response.text())).rejects.toThrow();
      while (model.cutShort <= before) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  });

  it('ends an interrupted run with an empty delta and finish_reason stop', async () => {
    gateway = await startTestGateway(scriptedModel([[{ type: 'text', text: '<thought>I think' }, hang]]));
    const response = await gateway.request('/v1/chat/completions', {
      json: { messages, stream: true, selfThinking: { enabled: true, enableStreamThoughts: true } },
    });
    const requestId = response.headers.get('x-request-id');
    const interrupted = await gateway.request('/v1/interrupt', { json: { requestId } });
    expect(await interrupted.json()).toEqual({ requestId, interrupted: true });
    const events = parseEvents(await response.text());
    expect(events.at(-2)?.data).toMatchObject({ choices: [{ delta: {}, finish_reason: 'stop' }] });
    expect(events.at(-1)?.data).toBe('[DONE]');
    const again = await gateway.request('/v1/interrupt', { json: { requestId: 'gone' } });
    expect(again.status).toBe(404);
  });

  it.each([
    [{ messages: [] }, 'messages'],
    [{ messages: [{ role: 'robot', content: 'x' }] }, 'messages.0.role'],
    [{ messages, temperature: 3 }, 'temperature'],
    [{ messages, selfThinking: { enabled: true, maxIterations: 26 } }, 'selfThinking.maxIterations'],
    [{ messages, selfThinking: { enabled: true, tools: [{ name: 'bad name' }] } }, 'selfThinking.tools.0.name'],
  ])('turns a request away that does not fit, and names the place: %j', async (json, param) => {
    gateway = await startTestGateway(scriptedModel([]));
    const response = await gateway.request('/v1/chat/completions', { json });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });
});
