import * as crypto from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AdmissionQueue } from '../../../src/gateway/admission';
import type { Refusal } from '../../../src/gateway/guard';
import { checkRequest } from '../../../src/gateway/guard';
import { readOrMakeToken } from '../../../src/node/tokenFile';
import { createNodeWorkspace } from '../../../src/node/workspace';
import { createTools } from '../../../src/tools/index';
import type { TestGateway } from '../../support/gateway';
import { startTestGateway, testToken } from '../../support/gateway';
import { hang, scriptedModel } from '../../support/scriptedModel';

vi.mock('node:crypto', async (original) => {
  const actual = await original<typeof crypto>();
  return { ...actual, timingSafeEqual: vi.fn(actual.timingSafeEqual) };
});

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

describe('the token', () => {
  it('is compared in constant time, whatever its length', () => {
    const compare = vi.mocked(crypto.timingSafeEqual);
    compare.mockClear();
    const options = { token: 'secret', port: 1, allowedOrigins: [] };
    for (const given of ['s', 'secret', 'secret and much more']) {
      checkRequest({ host: '127.0.0.1:1', origin: undefined, authorization: `Bearer ${given.replaceAll(' ', '_')}` }, options);
    }
    expect(compare).toHaveBeenCalledTimes(3);
    expect(compare.mock.calls.map(([first, second]) => [first.byteLength, second.byteLength])).toEqual([[32, 32], [32, 32], [32, 32]]);
  });

  it('is made once, in a file that only its owner reads', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'stepwise-token-'));
    try {
      const file = path.join(folder, 'below', 'gateway-token');
      const token = await readOrMakeToken(file);
      expect(token).toMatch(/^[\w-]{43}$/);
      expect((await readFile(file, 'utf8')).trim()).toBe(token);
      expect(await readOrMakeToken(file)).toBe(token);
      if (process.platform !== 'win32') {
        expect((await stat(file)).mode & 0o777).toBe(0o600);
      }
      expect(await readOrMakeToken(path.join(folder, 'other'))).not.toBe(token);
      await writeFile(path.join(folder, 'broken'), 'no');
      await expect(readOrMakeToken(path.join(folder, 'broken'))).rejects.toThrow('holds no token');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** What the server sends to a client that sends `pieces`, each after the one before was taken, until it closes the connection. */
function rawExchange(pieces: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ host: '127.0.0.1', port: gateway!.port }, () => {
      for (const piece of pieces) {
        socket.write(piece);
      }
    });
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

describe('slow clients', () => {
  const times = { headersMs: 100, requestMs: 300, checkEveryMs: 20, keepAliveMs: 1000 };

  it('are cut off while they send headers, and while they send a body', async () => {
    gateway = await startTestGateway(scriptedModel([]), { times });
    const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\n`;
    expect(await rawExchange([head])).toContain('408 Request Timeout');
    const whole = `${head}Authorization: Bearer ${testToken}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"messages"`;
    expect(await rawExchange([whole])).toContain('408 Request Timeout');
  });

  it('learn that they may not be here before they have sent a body', async () => {
    gateway = await startTestGateway(scriptedModel([]));
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: gateway!.port }, () => {
        socket.write(`POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${gateway!.port}\r\nContent-Length: 1000000\r\n\r\n`);
      });
      socket.on('data', (chunk: Buffer) => {
        socket.destroy();
        resolve(chunk.toString());
      });
      socket.on('error', reject);
    });
    expect(answer).toContain('401 Unauthorized');
  });
});

describe('every route', () => {
  it('needs the token, but health', async () => {
    gateway = await startTestGateway(scriptedModel([]));
    const { paths } = (await (await gateway.request('/openapi.json')).json()) as { paths: Record<string, Record<string, unknown>> };
    const methods = ['get', 'post', 'delete'];
    const routes = Object.entries(paths).flatMap(([route, operations]) => methods.filter((method) => method in operations).map((method) => [method, route] as const));
    expect(routes.length).toBeGreaterThan(12);
    for (const [method, route] of routes) {
      const status = await statusOf(route.replace(/\{\w+\}/g, 'x'), {}, method.toUpperCase());
      expect(status, `${method} ${route}`).toBe(route === '/healthz' ? 200 : 401);
    }
  });
});

describe('the workspace rules', () => {
  it('hold for runs over the API', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'stepwise-rules-'));
    try {
      const workspace = path.join(folder, 'workspace');
      await mkdir(workspace);
      await writeFile(path.join(folder, 'outside.txt'), 'outside-content');
      await writeFile(path.join(workspace, '.env'), 'KEY=env-content');
      await writeFile(path.join(workspace, 'inside.txt'), 'inside-content');
      await symlink(path.join(folder, 'outside.txt'), path.join(workspace, 'link.txt'));
      const paths = ['../outside.txt', path.join(folder, 'outside.txt'), 'link.txt', '.env', 'inside.txt'];
      const model = scriptedModel([...paths.map((each) => `<action name="read_file">${JSON.stringify({ path: each })}</action>`), '<answer>Done.</answer>']);
      gateway = await startTestGateway(model, { tools: createTools(createNodeWorkspace([workspace])) });
      const json = { messages: [{ role: 'user', content: 'x' }], selfThinking: { enabled: true, maxIterations: 10 } };
      expect((await gateway.request('/v1/chat/completions', { json })).status).toBe(200);
      const told = JSON.stringify(model.requests.at(-1)?.messages);
      expect(told).toContain('inside-content');
      expect(told).not.toContain('outside-content');
      expect(told).not.toContain('env-content');
    } finally {
      await rm(folder, { recursive: true });
    }
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
