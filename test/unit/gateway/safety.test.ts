import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AdmissionQueue } from '../../../src/gateway/admission';
import type { Refusal } from '../../../src/gateway/guard';
import { checkRequest } from '../../../src/gateway/guard';
import type { TestGateway } from '../../support/gateway';
import { startTestGateway, testToken } from '../../support/gateway';
import { hang, scriptedModel } from '../../support/scriptedModel';

let gateway: TestGateway | undefined;

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

/** The status of a raw request, with exactly these headers. */
function statusOf(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: gateway!.port, path, method, headers, setHost: !('host' in headers) }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end();
  });
}

describe('the guard', () => {
  const options = { token: 'secret', port: 1234, allowedOrigins: ['https://good.example'] };
  const good = { host: '127.0.0.1:1234', origin: undefined, authorization: 'Bearer secret' };

  it.each<[string, Partial<typeof good> | { origin: string }, Refusal | undefined]>([
    ['what is right', {}, undefined],
    ['localhost', { host: 'LOCALHOST:1234' }, undefined],
    ['a configured origin', { origin: 'https://good.example' }, undefined],
    ['a rebound name', { host: 'evil.example:1234' }, 'bad-host'],
    ['another port', { host: '127.0.0.1:80' }, 'bad-host'],
    ['a name that only begins right', { host: '127.0.0.1.evil.example:1234' }, 'bad-host'],
    ['a foreign page', { origin: 'https://evil.example' }, 'bad-origin'],
    ['a page without an origin of its own', { origin: 'null' }, 'bad-origin'],
    ['no token', { authorization: '' }, 'no-token'],
    ['another scheme', { authorization: 'Basic secret' }, 'no-token'],
    ['a wrong token', { authorization: 'Bearer secreT' }, 'bad-token'],
    ['part of the token', { authorization: 'Bearer secre' }, 'bad-token'],
  ])('lets pass or refuses %s', (_name, headers, refusal) => {
    expect(checkRequest({ ...good, ...headers }, options)).toBe(refusal);
  });
});

describe('the server', () => {
  it('listens on loopback alone', async () => {
    gateway = await startTestGateway(scriptedModel([]));
    expect(gateway.baseUrl).toBe(`http://127.0.0.1:${gateway.port}/v1`);
    await expect(
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.2', port: gateway!.port }, () => resolve(socket.destroy()));
        socket.on('error', reject);
      }),
    ).rejects.toThrow('ECONNREFUSED');
  });

  it('checks Host, Origin and token before route and body', async () => {
    gateway = await startTestGateway(scriptedModel([]));
    const host = `127.0.0.1:${gateway.port}`;
    const authorization = `Bearer ${testToken}`;
    expect(await statusOf('/v1/models', { authorization })).toBe(200);
    expect(await statusOf('/v1/models', { host: 'evil.example', authorization })).toBe(403);
    expect(await statusOf('/v1/models', { origin: 'https://evil.example', authorization })).toBe(403);
    expect(await statusOf('/v1/models', {})).toBe(401);
    expect(await statusOf('/v1/models', { authorization: 'Bearer wrong' })).toBe(401);
    expect(await statusOf('/no/such/route', {})).toBe(401);
    expect(await statusOf('/openapi.json', {})).toBe(401);
    expect(await statusOf('/v1/chat/completions', {}, 'POST')).toBe(401);
    expect(await statusOf('/no/such/route', { authorization })).toBe(404);
    expect(await statusOf('/healthz', {})).toBe(200);
    expect(await statusOf('/healthz', { host: 'evil.example' })).toBe(403);
    expect(await statusOf('/v1/models', { host, origin: 'https://evil.example' }, 'OPTIONS')).toBe(403);
  });

  it('sends no CORS headers unless an origin is configured', async () => {
    gateway = await startTestGateway(scriptedModel([]), { parts: { allowedOrigins: ['https://good.example'] } });
    const plain = await gateway.request('/v1/models');
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
    const page = await gateway.request('/v1/models', { headers: { origin: 'https://good.example' } });
    expect(page.headers.get('access-control-allow-origin')).toBe('https://good.example');
  });

  it('takes bodies of at most 4 MB, whether or not their length is told', async () => {
    gateway = await startTestGateway(scriptedModel([]));
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'x'.repeat(4 * 1024 * 1024) }] });
    expect((await gateway.request('/v1/chat/completions', { method: 'POST', body })).status).toBe(413);
    const chunked = await gateway.request('/v1/chat/completions', {
      method: 'POST',
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
  });

  it('runs eight at once, lets 32 wait, and turns the next away with retry-after', async () => {
    const model = scriptedModel(() => [hang]);
    gateway = await startTestGateway(model);
    const controller = new AbortController();
    const json = { messages: [{ role: 'user', content: 'x' }], selfThinking: { enabled: true } };
    const held = Array.from({ length: 40 }, () =>
      gateway!.request('/v1/chat/completions', { json, signal: controller.signal }).catch(() => undefined),
    );
    for (;;) {
      const load = (await (await gateway.request('/healthz')).json()) as { running: number; waiting: number };
      if (load.running === 8 && load.waiting === 32 && model.requests.length === 8) {
        break;
      }
    }
    const next = await gateway.request('/v1/chat/completions', { json });
    expect(next.status).toBe(429);
    expect(Number(next.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(model.requests.length).toBe(8);
    controller.abort();
    await Promise.all(held);
    for (;;) {
      const load = (await (await gateway.request('/healthz')).json()) as { running: number; waiting: number };
      if (load.running === 0 && load.waiting === 0) {
        break;
      }
    }
  });
});

describe('AdmissionQueue', () => {
  it('gives places in turn and lets those who leave the queue go', async () => {
    const queue = new AdmissionQueue(1, 2);
    const never = new AbortController().signal;
    const first = await queue.enter(never);
    const leaving = new AbortController();
    const order: string[] = [];
    const second = queue.enter(leaving.signal).then((admission) => order.push(admission === undefined ? 'left' : 'second'));
    const third = queue.enter(never).then((admission) => {
      order.push('third');
      return admission;
    });
    expect(await queue.enter(never)).toBeUndefined();
    leaving.abort();
    await second;
    first?.release();
    first?.release();
    const held = await third;
    expect(order).toEqual(['left', 'third']);
    expect(queue.load).toEqual({ running: 1, waiting: 0 });
    held?.release();
    expect(queue.load).toEqual({ running: 0, waiting: 0 });
  });
});
