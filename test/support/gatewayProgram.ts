import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from './sourceFiles';

/** Bundles the program without its packages; gives the file. */
export async function bundleGatewayProgram(): Promise<string> {
  const folder = path.join(repositoryRoot, 'node_modules', '.cache', 'stepwise-gateway');
  await mkdir(folder, { recursive: true });
  const outfile = path.join(folder, `gateway-${process.pid}.mjs`);
  await build({
    entryPoints: [path.join(repositoryRoot, 'src/gateway/main.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}

/** The program as it runs. */
export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly baseUrl: string;
  readonly output: () => string;
  /** Settles with exit code and signal. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Starts the program and waits until it listens. */
export async function startGatewayProgram(file: string, args: readonly string[], environment: Record<string, string> = {}): Promise<GatewayProcess> {
  const run = runGatewayProgram(file, args, environment);
  const baseUrl = await new Promise<string>((resolve, reject) => {
    run.child.stdout?.on('data', () => {
      const url = /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(run.output())?.[0];
      if (url !== undefined) {
        resolve(url);
      }
    });
    void run.ended.then(() => reject(new Error(`The program ended: ${run.output()}`)));
  });
  return { ...run, baseUrl };
}

/** Starts the program. */
export function runGatewayProgram(file: string, args: readonly string[], environment: Record<string, string> = {}): Omit<GatewayProcess, 'baseUrl'> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !['GROQ_API_KEY', 'INIT_CWD'].includes(name)));
  const child = spawn(process.execPath, [file, ...args], { env: { ...inherited, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, output: () => text, ended };
}

/** A server with OpenAI's API for tests: each reply of `replies` in turn; `undefined` begins a thought and then says nothing more. */
export interface ReplyServer {
  readonly baseUrl: string;
  /** Requests so far, and the newest of their headers. */
  readonly count: () => number;
  readonly authorization: () => string | undefined;
  /** Settles when that many requests have come in all. */
  whenAsked(times: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts such a server. */
export async function startReplies(replies: readonly (string | undefined)[]): Promise<ReplyServer> {
  let count = 0;
  let authorization: string | undefined;
  let waiters: { readonly times: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (request.url?.endsWith('/models') === true) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'test-model', object: 'model' }] }));
      return;
    }
    authorization = request.headers.authorization;
    const reply = replies[count];
    count += 1;
    send(response, reply);
    waiters = waiters.filter((waiter) => {
      if (waiter.times <= count) {
        waiter.resolve();
      }
      return waiter.times > count;
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    count: () => count,
    authorization: () => authorization,
    whenAsked: (times) =>
      new Promise((resolve) => {
        if (count >= times) {
          resolve();
        } else {
          waiters.push({ times, resolve });
        }
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function send(response: ServerResponse, reply: string | undefined): void {
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'test-model', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk({ role: 'assistant', content: reply ?? '<thought>I begin' }, null));
  if (reply !== undefined) {
    const usage = JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'test-model', choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } });
    response.end(`${chunk({}, 'stop')}data: ${usage}\n\ndata: [DONE]\n\n`);
  }
}
