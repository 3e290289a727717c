import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { StepwiseError } from '../../../src/core/errors';
import type { ChatModel, ModelChunk } from '../../../src/core/model';
import { createLog } from '../../../src/vscode/log';
import type { Models } from '../../../src/vscode/models';
import { createModels } from '../../../src/vscode/models';
import type { Ask } from '../../../src/vscode/picks';
import { pickTask } from '../../../src/vscode/picks';
import { createKeys } from '../../../src/vscode/secrets';
import type { Settings } from '../../../src/vscode/settings';
import { settingDefaults } from '../../../src/vscode/settings';
import { scriptedModel } from '../../support/scriptedModel';

const builtIn = scriptedModel(['<answer>Here.</answer>'], { info: { id: 'built-in', vendor: 'built-in', label: 'Built-in' } });

function modelsWith(settings: Partial<Settings>, environment: Record<string, string> = {}): Models {
  const changes = new vscode.EventEmitter<void>();
  return createModels({
    keys: createKeys({
      storage: { get: () => Promise.resolve(undefined), store: () => Promise.resolve(), delete: () => Promise.resolve() },
      environment,
      readDotEnv: () => Promise.resolve([]),
      onFound: () => undefined,
    }),
    log: createLog({ info: () => undefined, warn: () => undefined, error: () => undefined, show: () => undefined }),
    settings: () => ({ ...settingDefaults, ...settings }),
    builtIn: () => Promise.resolve(builtIn),
    onDidChange: changes.event,
  });
}

async function reply(model: ChatModel): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const chunk of model.stream({ messages: [{ role: 'user', content: 'Hi' }] }, new AbortController().signal)) {
    chunks.push(chunk);
  }
  return chunks;
}

async function failureOf(model: ChatModel): Promise<string> {
  const [first] = await reply(model);
  assert.ok(first?.type === 'error', first?.type);
  assert.ok(first.error.remedy !== undefined, 'there is a button that mends it');
  return first.error.code;
}

const key = { GROQ_API_KEY: 'gsk_of_a_test' };

describe('The model that reasons', () => {
  it('is the best that is set up', async () => {
    assert.equal((await modelsWith({}).chosen()).info.vendor, 'built-in');
    const { info } = await modelsWith({}, key).chosen();
    assert.deepEqual([info.vendor, info.id], ['groq', 'openai/gpt-oss-120b']);
    const compatible = modelsWith({ compatibleBaseUrl: 'http://127.0.0.1:9/v1', compatibleModel: 'llama3.3' });
    assert.deepEqual([(await compatible.chosen()).info.vendor, (await compatible.chosen()).info.id], ['openai-compatible', 'llama3.3']);
  });

  it('is the one that the settings name, also where a better one is set up', async () => {
    assert.equal((await modelsWith({ model: 'built-in' }, key).chosen()).info.vendor, 'built-in');
    assert.equal((await modelsWith({ model: 'groq', groqModel: 'openai/gpt-oss-20b' }, key).chosen()).info.id, 'openai/gpt-oss-20b');
  });

  it('says what it needs where it is not set up', async () => {
    assert.equal(await failureOf(await modelsWith({ model: 'groq' }).chosen()), 'no-key');
    assert.equal(await failureOf(await modelsWith({ model: 'openai-compatible' }).chosen()), 'no-model');
    assert.equal(await failureOf(await modelsWith({ model: 'vscode', vscodeModel: 'nobody/nothing' }).chosen()), 'model-not-found');
  });

  it('is named before it is asked', async () => {
    assert.equal(await modelsWith({}).nextLabel(), 'Built-in');
    assert.equal(await modelsWith({ model: 'groq', groqModel: 'x/y' }, key).nextLabel(), 'x/y');
    assert.equal(await modelsWith({ model: 'vscode', vscodeModel: 'copilot/gpt' }).nextLabel(), 'gpt');
  });

  it('is used directly where VS Code’s chat picked one of ours', async () => {
    const [picked] = await vscode.lm.selectChatModels({ vendor: 'stepwise', id: 'built-in' });
    assert.ok(picked);
    assert.equal(await modelsWith({}, key).fromVSCode(picked), builtIn);
  });

  it('is offered to VS Code with the best first, and without the key in any text', async () => {
    const offered = await modelsWith({ compatibleBaseUrl: 'http://127.0.0.1:9/v1' }, key).offered();
    assert.deepEqual(offered.map(({ id }) => id), ['groq/openai/gpt-oss-120b', 'groq/openai/gpt-oss-20b', 'openai-compatible/', 'built-in']);
    assert.ok(!JSON.stringify(offered).includes(key.GROQ_API_KEY));
  });

  it('is the first that a server lists where none is named', async () => {
    const server = http.createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url === '/v1/models' ? { object: 'list', data: [{ id: 'nomic-embed-text' }, { id: 'qwen2.5-coder' }] } : {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const compatibleBaseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`;
      const { info } = await modelsWith({ compatibleBaseUrl, compatibleContextTokens: 4096 }).chosen();
      assert.equal(info.id, 'qwen2.5-coder');
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('The choice of a task', () => {
  /** Presses something until the choice is over; VS Code tells nobody when it is on the screen. */
  async function press(command: string, picking: Promise<Ask | undefined>): Promise<Ask | undefined> {
    let isOver = false;
    const over = (): boolean => isOver;
    void picking.finally(() => (isOver = true));
    for (const deadline = Date.now() + 20_000; !over() && Date.now() < deadline;) {
      await vscode.commands.executeCommand(command);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(over(), `the choice is open after ${command}`);
    return picking;
  }

  it('is there before the code has a name, and waits for nothing', async () => {
    const unnamed = new Promise<string>(() => undefined);
    assert.equal((await press('workbench.action.acceptSelectedQuickOpenItem', pickTask(unnamed)))?.task, 'complexity');
  });

  it('ends with what is wrong with the code', async () => {
    await assert.rejects(pickTask(Promise.reject(new StepwiseError('empty-selection', 'Nothing here.'))), { code: 'empty-selection' });
  });

  it('is nothing where the person turns away', async () => {
    assert.equal(await press('workbench.action.closeQuickOpen', pickTask(Promise.resolve('f'))), undefined);
  });
});
