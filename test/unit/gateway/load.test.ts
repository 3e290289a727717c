import { setFlagsFromString } from 'node:v8';
import { Agent, request as httpRequest } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionStore } from '../../../src/app/sessions';
import type { ChatModel } from '../../../src/core/model';
import { createSessionFiles } from '../../../src/node/sessionFiles';
import type { TestGateway } from '../../support/gateway';
import { parseEvents, startTestGateway, streamedContent, testToken } from '../../support/gateway';
import { sampleTool } from '../../support/loopRuns';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const act = '<thought>I look at the loop.</thought><action name="look">{"path": "a"}</action>';
const answer = '<thought>One loop.</thought><answer>It is linear.</answer>';
const content = '\n[Step 1]\nAnalysis: I look at the loop.\n\n[Step 2]\nAnalysis: One loop.\n\nFinal answer: It is linear.';

/** Replies by the conversation, and remembers nothing: what grows is the gateway's. */
const model: ChatModel = {
  info: { id: 'steady', vendor: 'openai-compatible', label: 'Steady' },
  async *stream({ messages }) {
    const text = messages.some((message) => message.role === 'assistant') ? answer : act;
    for (let at = 0; at < text.length; at += 8) {
      yield await Promise.resolve({ type: 'text' as const, text: text.slice(at, at + 8) });
    }
    yield { type: 'usage', usage: { promptTokens: 10, completionTokens: 2 } };
    yield { type: 'finish', reason: 'stop' };
  },
};

const mostSessions = 40;
let gateway: TestGateway;
let agent: Agent;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stepwise-load-'));
  // Garbage of calls must not count: the tool remembers none.
  const look = { ...sampleTool('look', () => ({ text: 'code' })), run: () => Promise.resolve({ text: 'for x in xs: pass' }) };
  gateway = await startTestGateway(model, {
    tools: [look],
    sessionFolder: folder,
    parts: { sessions: new SessionStore(createSessionFiles(folder), { mostSessions }) },
  });
  agent = new Agent({ keepAlive: true, maxSockets: 8 });
});

afterAll(async () => {
  agent.destroy();
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});

function post(json: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        agent, host: '127.0.0.1', port: gateway.port, path: '/v1/chat/completions', method: 'POST',
        headers: { authorization: `Bearer ${testToken}`, 'content-type': 'application/json' },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`))));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify(json));
  });
}

const messages = [{ role: 'user', content: 'How fast is it?' }];

/** One request of one of the three kinds, with everything checked that its response must have. */
async function once(number: number): Promise<void> {
  const kind = number % 3;
  if (kind === 0) {
    const completion = JSON.parse(await post({ messages, selfThinking: { enabled: true } })) as { choices: { message: { content: string } }[]; usage: { total_tokens: number } };
    expect(completion.choices[0]?.message.content).toBe(content);
    expect(completion.usage.total_tokens).toBe(24);
    return;
  }
  const events = parseEvents(await post({ messages, stream: true, selfThinking: { enabled: true, enableStreamThoughts: kind === 1 } }));
  expect(events.at(-1)?.data).toBe('[DONE]');
  if (kind === 2) {
    expect(streamedContent(events)).toBe(content);
    return;
  }
  const names = events.map(({ event }) => event).filter((name) => name !== '');
  expect(names.filter((name, index) => name !== names[index - 1])).toEqual([
    'thought_start', 'thought', 'thought_end', 'action_start', 'observation', 'thought_start', 'thought', 'thought_end', 'answer_start', 'answer_end',
  ]);
  expect(streamedContent(events.filter(({ event }) => event === 'thought'))).toBe('I look at the loop.One loop.');
  expect(streamedContent(events.filter(({ data }) => (data as { _type?: string })._type === 'answer'))).toBe('It is linear.');
}

async function many(count: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await once(next);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('1,000 requests over 8 connections', () => {
  it('all get every event, and leave nothing behind', { timeout: 120_000 }, async () => {
    await many(200);
    const before = heapBytes();
    await many(1000);
    const growth = heapBytes() - before;
    expect(gateway.failures).toEqual([]);
    expect(await (await gateway.request('/healthz')).json()).toEqual({ status: 'ok', running: 0, waiting: 0 });
    const { total } = (await (await gateway.request('/v1/chat/sessions/active?cutoffTime=-1')).json()) as { total: number };
    expect(total).toBe(mostSessions);
    // A kept run would be some 10 kB, so 1,000 of them 10 MB.
    expect(growth).toBeLessThan(3_000_000);
  });
});
