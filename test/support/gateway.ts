import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunner } from '../../src/app/runner';
import { SessionStore } from '../../src/app/sessions';
import type { ChatModel } from '../../src/core/model';
import type { Tool } from '../../src/core/tool';
import type { GatewayParts } from '../../src/gateway/parts';
import type { ConnectionTimes, GatewayServer } from '../../src/gateway/server';
import { startGateway } from '../../src/gateway/server';
import { createSessionFiles } from '../../src/node/sessionFiles';

/** The token of gateways in tests. */
export const testToken = 'test-token-0123456789';

/** A gateway on a free port over a scripted model, with its sessions in a folder of its own. */
export interface TestGateway extends GatewayServer {
  readonly sessionFolder: string;
  readonly failures: readonly unknown[];
  /** A request with the token; `body` is sent as JSON. */
  request(path: string, init?: RequestInit & { readonly json?: unknown }): Promise<Response>;
}

/** Starts a gateway for a test. Close it after. */
export async function startTestGateway(
  model: ChatModel,
  options: { readonly tools?: readonly Tool[]; readonly parts?: Partial<GatewayParts>; readonly sessionFolder?: string; readonly times?: ConnectionTimes } = {},
): Promise<TestGateway> {
  const sessionFolder = options.sessionFolder ?? (await mkdtemp(join(tmpdir(), 'stepwise-sessions-')));
  const failures: unknown[] = [];
  const server = await startGateway(
    {
      token: testToken,
      allowedOrigins: [],
      runner: createRunner((error) => failures.push(error)),
      sessions: new SessionStore(createSessionFiles(sessionFolder)),
      models: () => Promise.resolve([model.info]),
      model: () => Promise.resolve(model),
      tools: () => Promise.resolve(options.tools ?? []),
      onFailure: (error) => failures.push(error),
      ...options.parts,
    },
    0,
    options.times,
  );
  return {
    ...server,
    sessionFolder,
    failures,
    request: (path, { json, ...init } = {}) =>
      fetch(`http://127.0.0.1:${server.port}${path}`, {
        ...init,
        ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
        headers: {
          authorization: `Bearer ${testToken}`,
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...(init.headers as Record<string, string> | undefined),
        },
      }),
    close: async () => {
      await server.close();
      if (options.sessionFolder === undefined) {
        await rm(sessionFolder, { recursive: true, force: true });
      }
    },
  };
}

/** One Server-Sent Event as it arrived: its name (`''` for none) and its data, parsed where it is JSON. */
export interface ReceivedEvent {
  readonly event: string;
  readonly data: unknown;
}

/** The events of a whole stream. */
export function parseEvents(text: string): readonly ReceivedEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const event = /^event: (.*)$/m.exec(block)?.[1] ?? '';
      const data = /^data: (.*)$/m.exec(block)?.[1] ?? '';
      return { event, data: data === '[DONE]' ? data : (JSON.parse(data) as unknown) };
    });
}

/** The content of a streamed response, all chunks together. */
export function streamedContent(events: readonly ReceivedEvent[]): string {
  return events
    .map(({ data }) => (data as { choices?: { delta?: { content?: string } }[] }).choices?.[0]?.delta?.content ?? '')
    .join('');
}
