import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createConfiguredTool, readConfiguredTools, toolFingerprint, toolTarget } from '../../../src/node/configuredTools';

const never = new AbortController().signal;
const common = { name: 'mine', description: 'Does it.', parameters: { type: 'object' } };

const cleanups: (() => Promise<unknown> | undefined)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) {
    await cleanup();
  }
});

function command(program: string, more: object = {}): ReturnType<typeof createConfiguredTool> {
  const [tool] = readConfiguredTools([{ ...common, command: [process.execPath, '--eval', program], ...more }]);
  return createConfiguredTool(tool!, process.cwd());
}

async function serve(answer: (body: string) => { status: number; text: string; location?: string }): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { status, text, location } = answer(`${request.headers['x-key']?.toString() ?? ''} ${body}`);
      response.writeHead(status, location === undefined ? {} : { location }).end(text);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tool`;
}

describe('a command', () => {
  it('gets the arguments on standard input and gives its output', async () => {
    const echo = command('process.stdin.pipe(process.stdout)');
    expect(await echo.run({ city: 'Paris; rm -rf /' }, never)).toEqual({ text: '{"city":"Paris; rm -rf /"}' });
  });

  it('runs beside its configuration, without the keys of model servers', async () => {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'stepwise-tool-')));
    cleanups.push(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, 'tool.mjs'), 'console.log(process.cwd(), process.env.GROQ_API_KEY, process.env.OTHER_NAME)');
    process.env.GROQ_API_KEY = 'secret';
    process.env.OTHER_NAME = 'kept';
    cleanups.push(() => {
      delete process.env.GROQ_API_KEY;
      delete process.env.OTHER_NAME;
      return undefined;
    });
    const [tool] = readConfiguredTools([{ ...common, command: [process.execPath, 'tool.mjs'] }]);
    expect((await createConfiguredTool(tool!, folder).run({}, never)).text.trim()).toBe(`${folder} undefined kept`);
  });

  it('tells the model how it failed', async () => {
    expect(await command('console.error("no such city"); process.exit(3)').run({}, never)).toEqual({ text: 'Ended with 3. no such city', isError: true });
    const missing = readConfiguredTools([{ ...common, command: ['/no/such/program'] }])[0]!;
    expect(await createConfiguredTool(missing, '.').run({}, never)).toMatchObject({ isError: true, text: expect.stringContaining('mine failed: ') as string });
  });

  it('is ended when its time is over, and when the run is stopped', async () => {
    const slow = command('setInterval(() => {}, 1000)', { timeoutMs: 200 });
    expect(await slow.run({}, never)).toEqual({ text: 'mine failed: no result within 200 ms.', isError: true });
    await expect(command('setInterval(() => {}, 1000)').run({}, AbortSignal.timeout(100))).rejects.toThrow();
  });

  it('has its output cut', async () => {
    const { text } = await command('process.stdout.write("x".repeat(1e6))').run({}, never);
    expect(text.length).toBeLessThan(20_100);
  });
});

describe('an HTTP endpoint', () => {
  it('is posted the arguments, with the headers', async () => {
    const url = await serve((body) => ({ status: 200, text: `got${body}` }));
    const [tool] = readConfiguredTools([{ ...common, url, headers: { 'x-key': 'k' } }]);
    expect(await createConfiguredTool(tool!, '.').run({ a: 1 }, never)).toEqual({ text: 'gotk {"a":1}' });
  });

  it('fails with its status, and where it leads elsewhere', async () => {
    const bad = await serve(() => ({ status: 500, text: 'broken' }));
    const [tool] = readConfiguredTools([{ ...common, url: bad }]);
    expect(await createConfiguredTool(tool!, '.').run({}, never)).toEqual({ text: 'HTTP 500. broken', isError: true });
    const away = await serve(() => ({ status: 307, text: '', location: bad }));
    const [redirected] = readConfiguredTools([{ ...common, url: away }]);
    expect(await createConfiguredTool(redirected!, '.').run({}, never)).toMatchObject({ isError: true });
  });

  it('is not read beyond what a result may have', async () => {
    const url = await serve(() => ({ status: 200, text: 'y'.repeat(5_000_000) }));
    const [tool] = readConfiguredTools([{ ...common, url }]);
    expect((await createConfiguredTool(tool!, '.').run({}, never)).text.length).toBeLessThan(20_100);
  });
});

describe('a configuration', () => {
  it.each([
    [{}],
    [[{ ...common }]],
    [[{ ...common, name: 'bad name', command: ['x'] }]],
    [[{ ...common, command: [] }]],
    [[{ ...common, url: 'file:///etc/passwd' }]],
    [[{ ...common, command: ['x'], shell: true }]],
  ])('that does not fit is refused: %j', (value) => {
    expect(() => readConfiguredTools(value)).toThrow(expect.objectContaining({ code: 'bad-arguments' }) as Error);
  });

  it('has a fingerprint that changes with it, and a line that tells what runs', () => {
    const [first, second] = readConfiguredTools([{ ...common, command: ['node', 'a b.js'] }, { ...common, command: ['node', 'b.js'] }]);
    expect(toolFingerprint(first!)).not.toBe(toolFingerprint(second!));
    expect(toolFingerprint(first!)).toBe(toolFingerprint(structuredClone(first!)));
    expect(toolTarget(first!)).toBe('node "a b.js"');
  });
});
