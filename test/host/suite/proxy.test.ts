import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import type { CommandOutcome } from '../../../src/vscode/commands';
import { commandIds } from '../../../src/vscode/ids';

const answer = 'The proxy let this through.';

interface ModelBehindProxy {
  /** Where the proxy listens. */
  readonly address: string;
  /** What it was asked to reach. */
  readonly reached: readonly string[];
  close(): void;
}

/** A proxy on the loopback address which is itself every server that it is asked for: no request goes further. */
async function startProxy(): Promise<ModelBehindProxy> {
  const reached: string[] = [];
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://through.tunnel');
    if (url.host !== 'through.tunnel') {
      reached.push(url.host);
    }
    const delta = { choices: [{ index: 0, delta: { content: `<thought>Short.</thought><answer>${answer}</answer>` }, finish_reason: 'stop' }] };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`data: ${JSON.stringify(delta)}\n\ndata: [DONE]\n\n`);
  });
  server.on('connect', (request, socket) => {
    reached.push((request.url ?? '').replace(/:80$/, ''));
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.emit('connection', socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    reached,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe('A model server behind a proxy', () => {
  it('is reached through the proxy that VS Code is set to', async () => {
    const proxy = await startProxy();
    // A name that no machine has: without the proxy there is no way to it.
    const settings: readonly (readonly [string, string])[] = [
      ['http.proxy', proxy.address],
      ['http.proxySupport', 'on'],
      ['stepwise.model', 'openai-compatible'],
      ['stepwise.openaiCompatible.baseUrl', 'http://models.invalid/v1'],
      ['stepwise.openaiCompatible.model', 'any'],
    ];
    const change = async (value: (given: string) => string | undefined): Promise<void> => {
      for (const [name, given] of settings) {
        await vscode.workspace.getConfiguration().update(name, value(given), vscode.ConfigurationTarget.Global);
      }
    };
    try {
      await change((given) => given);
      const outcome = await vscode.commands.executeCommand<CommandOutcome | undefined>(commandIds.ask, { question: 'Does it get through?' });
      assert.equal(outcome?.outcome, 'answered');
      assert.ok(outcome.note);
      const note = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.parse(outcome.note)));
      assert.ok(note.includes(answer));
      assert.deepEqual([...new Set(proxy.reached)], ['models.invalid']);
    } finally {
      await change(() => undefined);
      proxy.close();
    }
  });
});
