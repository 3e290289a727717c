import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChatModel, ModelChunk, ModelRequest } from '../../../src/core/model';
import { createModel, createModelMemory, listModels, type ModelDependencies } from '../../../src/models/index';
import { collect, errorCodes, textOf } from '../../support/collect';
import { countingClock } from '../../support/countingClock';
import { fakeClock } from '../../support/fakeClock';
import { failures, startModelServer, type ModelServer, type ModelServerOptions, type ScriptedReply } from '../../support/groqServer';

const request: ModelRequest = { messages: [{ role: 'user', content: 'What is the complexity of this function?' }], maxOutputTokens: 2000 };
const answer = 'A reply of some length, so that it comes in several events, with é, 你好 and 🙂 in it.';
const never = new AbortController().signal;

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(replies: ModelServerOptions['replies'], options: Omit<ModelServerOptions, 'replies'> = {}): Promise<ModelServer> {
  server = await startModelServer({ replies, ...options });
  return server;
}

interface Client {
  readonly name: string;
  model(dependencies?: ModelDependencies): ChatModel;
}

const clients: readonly Client[] = [
  {
    name: 'groq-sdk',
    model: (dependencies = {}) =>
      createModel({ vendor: 'groq', id: 'openai/gpt-oss-20b', key: 'gsk_test_key_123', baseUrl: server!.groqBaseUrl }, dependencies),
  },
  {
    name: 'openai',
    model: (dependencies = {}) => createModel({ vendor: 'openai-compatible', id: 'qwen3', key: 'sk-test-key-123', baseUrl: server!.openaiBaseUrl }, dependencies),
  },
];

/** The chunks of one call; checks what holds for every call: one end, nothing behind it, no timer, listener or open answer left. */
async function call(client: Client, over: Partial<ModelRequest> = {}, signal: AbortSignal = never, dependencies: ModelDependencies = {}): Promise<ModelChunk[]> {
  const clock = countingClock();
  const chunks = await collect(client.model({ clock, ...dependencies }).stream({ ...request, ...over }, signal));
  const ends = chunks.filter((chunk) => chunk.type === 'finish' || chunk.type === 'error');
  expect(ends).toHaveLength(1);
  expect(chunks.at(-1)).toBe(ends[0]);
  expect(clock.pending).toBe(0);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  await server!.untilIdle();
  return chunks;
}

const types = (chunks: readonly ModelChunk[]): string[] => chunks.map((chunk) => chunk.type);

describe.each(clients)('over $name', (client) => {
  test('text, thinking, limits, usage, end', async () => {
    await start([{ text: answer, reasoning: 'Let me see.', usage: { prompt: 30, completion: 12, cached: 16 }, headers: { 'x-ratelimit-remaining-tokens': '7900', 'x-ratelimit-limit-tokens': '8000', 'x-ratelimit-reset-tokens': '750ms' } }]);
    const chunks = await call(client);
    expect(textOf(chunks)).toBe(answer);
    expect(chunks[0]).toEqual({ type: 'limits', limits: { tokensLeft: 7900, tokensLimit: 8000, tokensResetMs: 750 } });
    expect(chunks.filter((chunk) => chunk.type === 'reasoning').map((chunk) => chunk.text).join('')).toBe('Let me see.');
    expect(chunks.slice(-2)).toEqual([
      { type: 'usage', usage: { promptTokens: 30, completionTokens: 12, cachedTokens: 16 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  test('the key goes out as a bearer token, and nothing of the environment or the machine', async () => {
    process.env.OPENAI_ORG_ID = 'org-of-the-environment';
    process.env.OPENAI_ADMIN_KEY = 'key-of-the-environment';
    try {
      await start(['x']);
      await call(client);
    } finally {
      delete process.env.OPENAI_ORG_ID;
      delete process.env.OPENAI_ADMIN_KEY;
    }
    const { headers } = server!.requests[0]!;
    expect(headers.authorization).toBe(client.name === 'groq-sdk' ? 'Bearer gsk_test_key_123' : 'Bearer sk-test-key-123');
    expect(JSON.stringify(headers)).not.toContain('of-the-environment');
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  test('native calls, several of them', async () => {
    const toolCalls = [
      { id: 'c1', name: 'read_file', arguments: '{"path":"src/a.ts","from":1,"to":400}' },
      { id: 'c2', name: 'list_files', arguments: '{}' },
    ];
    await start([{ toolCalls, chunkSize: 5 }]);
    const chunks = await call(client, { tools: [{ name: 'read_file', description: 'd', parameters: { type: 'object' } }] });
    expect(chunks.filter((chunk) => chunk.type === 'tool-call').map((chunk) => chunk.call)).toEqual(toolCalls);
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' });
  });

  test('thinking only, and cut off', async () => {
    await start([{ reasoning: 'hm', finishReason: 'length' }]);
    const chunks = await call(client);
    expect(types(chunks)).toEqual(['reasoning', 'usage', 'finish']);
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'length' });
  });

  test('usage is counted where the server reports none', async () => {
    await start([{ text: answer, usage: false }]);
    expect((await call(client)).find((chunk) => chunk.type === 'usage')).toMatchObject({ usage: { estimated: true } });
  });

  test('JSON mode without streaming where the server refuses both together, remembered', async () => {
    await start((asked) =>
      asked.body.stream === true && asked.body.response_format !== undefined
        ? { failure: { status: 400, error: { message: 'response_format` does not support streaming', type: 'invalid_request_error' } } }
        : { text: '{"a":1}', reasoning: 'r' },
    );
    const memory = createModelMemory();
    for (let round = 0; round < 2; round += 1) {
      const chunks = await call(client, { responseFormat: { type: 'json_object' } }, never, { memory });
      expect(types(chunks)).toEqual(['reasoning', 'text', 'usage', 'finish']);
      expect(textOf(chunks)).toBe('{"a":1}');
    }
    expect(server!.requests.map((asked) => asked.body.stream)).toEqual([true, false, false]);
  });

  describe('faults that a further try gets over', () => {
    const faults: Record<string, ScriptedReply> = {
      '429 with retry-after': failures.rateLimited(0.02),
      '429 without': failures.rateLimited(),
      '498': failures.overCapacity,
      '500': failures.serverError,
      '503 with a page': { failure: { status: 503, error: '<html>busy</html>' } },
      'dropped before headers': { drop: 'before-headers' },
      'dropped in mid-stream': { text: answer, drop: 'mid-stream' },
      'dropped before the reason': { text: answer, drop: 'before-finish' },
      'ended without a reason': { text: answer, endAfter: 3 },
      'ended with no reason given': { text: answer, finishReason: null },
      'a reason that means failure': { text: answer, finishReason: 'error' },
      'an event that is no JSON': { text: answer, malformed: true },
      'an error in the stream': { text: answer, streamError: { form: 'nested', error: { message: 'x', type: 'internal_server_error' } } },
      'a flat error in the stream': { text: answer, streamError: { form: 'flat', error: { message: 'x', code: 'capacity_exceeded' } } },
      'x_groq.error in the stream': { text: answer, streamError: { form: 'x_groq', error: 'over capacity' } },
    };

    test.each(Object.entries(faults))('%s', async (_name, fault) => {
      await start([fault, fault, { text: answer }]);
      const chunks = await call(client);
      expect(textOf(chunks)).toBe(answer);
      expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
      const waits = chunks.filter((chunk) => chunk.type === 'wait');
      expect(waits.map((chunk) => chunk.attempt)).toEqual([2, 3]);
      expect(server!.requests).toHaveLength(3);
    });

    test.each(Object.entries(faults))('%s: three tries and no more', async (_name, fault) => {
      await start(() => fault);
      const chunks = await call(client);
      expect(errorCodes(chunks)).toHaveLength(1);
      expect(server!.requests).toHaveLength(3);
    });
  });

  describe('faults that are final', () => {
    test.each([
      ['401', failures.badKey, 'bad-key', 'set-key'],
      ['403', failures.forbidden, 'forbidden', 'choose-model'],
      ['404', failures.modelNotFound, 'model-not-found', 'choose-model'],
      ['400 decommissioned', failures.decommissioned, 'model-not-found', 'choose-model'],
      ['400', { failure: { status: 400, error: { message: 'messages must not be empty' } } }, 'bad-request', 'open-settings'],
      ['413 of the body', { failure: { status: 413, error: 'Payload Too Large' } }, 'request-too-large', undefined],
    ] as const)('%s', async (_name, fault, code, remedy) => {
      await start([fault]);
      const chunks = await call(client);
      expect(types(chunks)).toEqual(['error']);
      expect(chunks[0]).toMatchObject({ error: { code, remedy } });
      expect(server!.requests).toHaveLength(1);
    });

    test('a retired model comes with what could be used instead', async () => {
      await start([failures.decommissioned], { models: [{ id: 'openai/gpt-oss-20b' }, { id: 'qwen3' }, { id: 'whisper-large-v3' }, { id: 'other' }] });
      const chunks = await call(client);
      expect(chunks[0]).toMatchObject({ error: { alternatives: client.name === 'groq-sdk' ? ['qwen3', 'other'] : ['openai/gpt-oss-20b', 'other'] } });
    });

    test('a longer wait than the cap fails at once and says how long', async () => {
      await start([failures.rateLimited(725)]);
      const chunks = await call(client);
      expect(types(chunks)).toEqual(['error']);
      expect(chunks[0]).toMatchObject({ error: { code: 'rate-limited', retryAfterMs: 725_000 } });
      expect((chunks[0] as { error: Error }).error.message).toContain('12 min 5 s');
    });
  });

  test('413: the reply is cut by what was too much, once', async () => {
    await start([failures.tooLarge(8000, 8500), 'short']);
    const chunks = await call(client);
    expect(types(chunks)).toEqual(['wait', 'text', 'usage', 'finish']);
    const field = client.name === 'groq-sdk' ? 'max_completion_tokens' : 'max_tokens';
    expect(server!.requests.map((asked) => asked.body[field])).toEqual([2000, 1468]);

    await server!.close();
    await start([failures.tooLarge(8000, 8500), failures.tooLarge(8000, 8100), 'never']);
    expect(errorCodes(await call(client))).toEqual(['request-too-large']);
    expect(server!.requests).toHaveLength(2);
  });

  test('413: a prompt that is too large by itself says so', async () => {
    await start([failures.tooLarge(8000, 14_000)]);
    const chunks = await call(client);
    expect(errorCodes(chunks)).toEqual(['request-too-large']);
    expect((chunks[0] as { error: Error }).error.message).toMatch(/prompt alone.*6000/);
  });

  test('dropped before [DONE]: the reply is complete', async () => {
    await start([{ text: answer, drop: 'before-done' }]);
    const chunks = await call(client);
    expect(textOf(chunks)).toBe(answer);
    expect(chunks.at(-1)?.type).toBe('finish');
  });

  test('a native call where none was asked for', async () => {
    await start([failures.toolUseFailed('{"name": "read_file", "arguments": {"path": "a.ts"}}')]);
    const chunks = await call(client);
    expect(chunks.find((chunk) => chunk.type === 'tool-call')).toEqual({
      type: 'tool-call', call: { id: 'call_1', name: 'read_file', arguments: '{"path":"a.ts"}' },
    });
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' });
  });

  test('a failed generation in another form is text; none at all is an error', async () => {
    await start([failures.toolUseFailed('<function=read_file>{"path":"a.ts"}</function>'), failures.toolUseFailed()]);
    const chunks = await call(client);
    expect(textOf(chunks)).toBe('<function=read_file>{"path":"a.ts"}</function>');
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect(errorCodes(await call(client))).toEqual(['tool-use-failed']);
  });

  test('a failed generation in mid-stream, flat', async () => {
    const error = { message: 'Failed to call a function.', code: 'tool_use_failed', failed_generation: '{"name":"f","arguments":{}}' };
    await start([{ text: answer, streamError: { form: 'flat', error } }]);
    expect(types(await call(client)).slice(-3)).toEqual(['tool-call', 'usage', 'finish']);
  });

  test('one byte at a time', async () => {
    await start([{ text: answer, byteByByte: true }]);
    expect(textOf(await call(client))).toBe(answer);
  });

  test('1 MB', async () => {
    const text = answer.repeat(12_000);
    await start([{ text, chunkSize: 64 }]);
    expect(textOf(await call(client))).toBe(text);
  });

  test('an answer that is no model server', async () => {
    await start(['x']);
    const fetch = () => Promise.resolve(new Response('<html>login</html>', { headers: { 'content-type': 'text/html' } }));
    expect(errorCodes(await call(client, {}, never, { fetch }))).toEqual(['bad-request']);
  });

  test('no server', async () => {
    await start([]);
    const model = client.model({ clock: countingClock() });
    await server!.close();
    server = undefined;
    const chunks = await collect(model.stream(request, never));
    expect(types(chunks)).toEqual(['wait', 'wait', 'error']);
    expect(errorCodes(chunks)).toEqual(['unreachable']);
    server = await startModelServer({ replies: [] });
  });

  describe('silence', () => {
    test.each(['before-headers', 'mid-stream'] as const)('%s: tried again', async (stall) => {
      await start([{ text: answer, stall }, { text: answer }]);
      const clock = fakeClock({ random: 0 });
      const reading = collect(client.model({ clock, patience: { firstChunkMs: 60_000 } }).stream(request, never));
      await server!.untilStalled();
      await clock.advance(60_000);
      const chunks = await reading;
      expect(textOf(chunks)).toBe(answer);
      expect(chunks.find((chunk) => chunk.type === 'wait')).toMatchObject({ reason: { code: 'stream-stalled' } });
      expect(clock.pending).toBe(0);
      await server!.untilIdle();
    });

    test('behind the end of the reply: the reply counts', async () => {
      await start([{ text: answer, stall: 'before-done' }]);
      const clock = fakeClock();
      const reading = collect(client.model({ clock }).stream(request, never));
      await server!.untilStalled();
      // The end has left the server; the timer for what may follow is set when it has arrived.
      while (clock.pending < 2) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      await clock.advance(1000);
      const chunks = await reading;
      expect(textOf(chunks)).toBe(answer);
      expect(chunks.at(-1)?.type).toBe('finish');
      await server!.untilIdle();
    });
  });

  describe('stopping', () => {
    test('before the call', async () => {
      await start(['x']);
      const chunks = await call(client, {}, AbortSignal.abort());
      expect(errorCodes(chunks)).toEqual(['cancelled']);
      expect(server!.requests).toHaveLength(0);
    });

    test.each(['before-headers', 'mid-stream'] as const)('while nothing comes, %s', async (stall) => {
      await start([{ text: answer, stall }]);
      const controller = new AbortController();
      const clock = countingClock();
      const reading = collect(client.model({ clock }).stream(request, controller.signal));
      await server!.untilStalled();
      const stoppedAt = performance.now();
      controller.abort();
      expect(errorCodes(await reading)).toEqual(['cancelled']);
      expect(performance.now() - stoppedAt).toBeLessThan(100);
      expect(clock.pending).toBe(0);
      await server!.untilIdle();
    });

    test('while the reply streams', async () => {
      await start([{ text: answer.repeat(10_000) }]);
      const controller = new AbortController();
      const chunks: ModelChunk[] = [];
      for await (const chunk of client.model().stream(request, controller.signal)) {
        chunks.push(chunk);
        controller.abort();
      }
      expect(errorCodes(chunks)).toEqual(['cancelled']);
      expect(chunks.length).toBeLessThan(5);
      await server!.untilIdle();
    });

    test("during a retry's wait", async () => {
      await start([failures.rateLimited(30)]);
      const controller = new AbortController();
      const clock = countingClock();
      const chunks: ModelChunk[] = [];
      let stoppedAt = 0;
      for await (const chunk of client.model({ clock }).stream(request, controller.signal)) {
        chunks.push(chunk);
        if (chunk.type === 'wait') {
          stoppedAt = performance.now();
          setImmediate(() => controller.abort());
        }
      }
      expect(performance.now() - stoppedAt).toBeLessThan(100);
      expect(types(chunks)).toEqual(['wait', 'error']);
      expect(errorCodes(chunks)).toEqual(['cancelled']);
      expect(clock.pending).toBe(0);
    });

    test('by not reading on', async () => {
      await start([{ text: answer.repeat(10_000) }]);
      const clock = countingClock();
      for await (const chunk of client.model({ clock }).stream(request, never)) {
        if (chunk.type === 'text') {
          break;
        }
      }
      await server!.untilIdle();
      expect(clock.pending).toBe(0);
    });
  });
});

describe('only Groq', () => {
  test('thinking and effort are asked for by its own fields', async () => {
    await start(['x']);
    const model = createModel({ vendor: 'groq', id: 'openai/gpt-oss-120b', key: 'k', baseUrl: server!.groqBaseUrl, includeReasoning: false, reasoningEffort: 'low' });
    await collect(model.stream({ ...request, temperature: 0 }, never));
    expect(server!.requests[0]!.body).toMatchObject({ max_completion_tokens: 2000, include_reasoning: false, reasoning_effort: 'low', temperature: 0, stream: true });
    expect(server!.requests[0]!.body).not.toHaveProperty('stream_options');
  });

  test('no key: said at once, without a request', async () => {
    const chunks = await collect(createModel({ vendor: 'groq', id: 'openai/gpt-oss-20b', key: ' ' }).stream(request, never));
    expect(chunks).toMatchObject([{ type: 'error', error: { code: 'no-key', remedy: 'set-key' } }]);
    await expect(listModels({ vendor: 'groq', key: '' }, never)).rejects.toMatchObject({ code: 'no-key' });
  });
});

describe('only compatible servers', () => {
  test('no key, no header', async () => {
    await start(['x']);
    await collect(createModel({ vendor: 'openai-compatible', id: 'qwen3', baseUrl: server!.openaiBaseUrl }).stream(request, never));
    expect(server!.requests[0]!.headers.authorization).toBeUndefined();
  });

  test('a server without stream_options is asked without, from then on', async () => {
    await start((asked) =>
      asked.body.stream_options === undefined
        ? 'fine'
        : { failure: { status: 422, error: { message: 'body.stream_options: Extra inputs are not permitted' } } },
    );
    const memory = createModelMemory();
    const ask = () => collect(createModel({ vendor: 'openai-compatible', id: 'm', baseUrl: server!.openaiBaseUrl }, { memory }).stream(request, never));
    expect(textOf(await ask())).toBe('fine');
    expect(textOf(await ask())).toBe('fine');
    expect(server!.requests.map((asked) => 'stream_options' in asked.body)).toEqual([true, false, false]);
  });
});

describe('lists of models', () => {
  test('over both clients', async () => {
    await start([], { models: [{ id: 'b', context_window: 10 }, { id: 'openai/gpt-oss-120b' }, { id: 'whisper-1' }, { id: 'gone', active: false }] });
    const groq = await listModels({ vendor: 'groq', key: 'k', baseUrl: server!.groqBaseUrl }, never);
    const local = await listModels({ vendor: 'openai-compatible', baseUrl: server!.openaiBaseUrl }, never);
    expect(groq.map((model) => model.id)).toEqual(['openai/gpt-oss-120b', 'b']);
    expect(groq[1]).toMatchObject({ vendor: 'groq', contextTokens: 10 });
    expect(local.map((model) => [model.id, model.vendor])).toEqual([['openai/gpt-oss-120b', 'openai-compatible'], ['b', 'openai-compatible']]);
  });

  test('failures reject with what to do', async () => {
    await start([], { key: 'right' });
    await expect(listModels({ vendor: 'groq', key: 'wrong', baseUrl: server!.groqBaseUrl }, never)).rejects.toMatchObject({ code: 'bad-key', remedy: 'set-key' });
    await expect(listModels({ vendor: 'openai-compatible', baseUrl: `${server!.groqBaseUrl}/elsewhere` }, never)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(listModels({ vendor: 'openai-compatible', baseUrl: server!.openaiBaseUrl }, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});
