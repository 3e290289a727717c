import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createRunner } from '../../../src/app/runner';
import type { ChatModel } from '../../../src/core/model';
import { startGateway } from '../../../src/gateway/server';
import type { ReasoningApiParts } from '../../../src/vscode/gateway';
import { ReasoningApi } from '../../../src/vscode/gateway';
import { commandIds, gatewayTokenKey, settingsSection } from '../../../src/vscode/ids';
import { createLog } from '../../../src/vscode/log';
import { createVSCodeWorkspace } from '../../../src/vscode/workspace';
import { settingDefaults } from '../../../src/vscode/settings';
import { scriptedModel } from '../../support/scriptedModel';

const answer = '<thought>Think.</thought><answer>Because.</answer>';

describe('the reasoning API', () => {
  let folder: string;
  let secrets: Map<string, string>;
  let lines: string[];
  let api: ReasoningApi | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'stepwise-api-'));
    secrets = new Map();
    lines = [];
  });

  afterEach(async () => {
    await api?.stop();
    api?.dispose();
    api = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  function apiWith(model: ChatModel, more: Partial<ReasoningApiParts> = {}): ReasoningApi {
    const write = (line: string): void => void lines.push(line);
    const uri = vscode.Uri.file(folder);
    api = new ReasoningApi({
      engine: {
        runner: () => Promise.resolve(createRunner((error) => write(String(error)))),
        checkAnswer: () => Promise.resolve(undefined),
        workspaceTools: () => Promise.resolve([]),
        workspace: () => Promise.resolve(createVSCodeWorkspace({ secretPatterns: () => [] })),
      },
      models: {
        offered: () => Promise.resolve([{ id: 'groq/scripted', info: model.info, detail: '', tooltip: '' }]),
        open: () => Promise.resolve(model),
        chosen: () => Promise.resolve(model),
      },
      notes: { open: () => Promise.resolve(undefined) },
      log: createLog({ info: write, warn: write, error: write, show: () => undefined }),
      settings: () => ({ ...settingDefaults, gatewayPort: 0 }),
      load: () => Promise.resolve({ startGateway }),
      context: {
        storageUri: uri,
        globalStorageUri: uri,
        secrets: { get: (key) => Promise.resolve(secrets.get(key)), store: (key, value) => Promise.resolve(void secrets.set(key, value)) },
        globalState: { get: (_key: string, fallback?: unknown) => fallback, update: () => Promise.resolve() } as ReasoningApiParts['context']['globalState'],
      },
      ...more,
    });
    return api;
  }

  it('answers with the chosen model, keeps its token secret and its sessions in storage', async () => {
    const baseUrl = (await apiWith(scriptedModel([answer])).start()) ?? '';
    const token = secrets.get(gatewayTokenKey) ?? '';
    assert.match(token, /^[\w-]{43}$/);
    assert.deepEqual(lines.filter((line) => line.includes(token)), []);
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ model: 'unknown', session_id: 's1', messages: [{ role: 'user', content: 'Why?' }], selfThinking: { enabled: true } }),
    });
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    assert.equal(choices[0]?.message.content, '\n[Step 1]\nAnalysis: Think.\n\nFinal answer: Because.');
    assert.deepEqual(await readdir(path.join(folder, 'sessions')), ['s1.jsonl']);
    assert.equal((await fetch(`${baseUrl}/models`)).status, 401);
    await api?.stop();
    await assert.rejects(fetch(`${baseUrl}/models`));
  });

  it('takes the file of the workspace that a question names', async () => {
    const model = scriptedModel([answer]);
    const baseUrl = (await apiWith(model).start()) ?? '';
    await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secrets.get(gatewayTokenKey) ?? ''}` },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Explain orders/duplicates.py' }], selfThinking: { enabled: true } }),
    });
    assert.match(model.requests[0]?.messages.at(-1)?.content ?? '', /Code: path="orders\/duplicates.py" lines=1-\d+ language="python"/);
  });

  it('starts once, and anew with the same token', async () => {
    const started = apiWith(scriptedModel([]));
    const [first, second] = await Promise.all([started.start(), started.start()]);
    assert.equal(first, second);
    const token = secrets.get(gatewayTokenKey);
    await started.stop();
    assert.notEqual(await started.start(), undefined);
    assert.equal(secrets.get(gatewayTokenKey), token);
  });

  it('tells of a port that is taken, and can be started on another one after', async () => {
    const other = apiWith(scriptedModel([]));
    const taken = Number(new URL((await other.start()) ?? '').port);
    let gatewayPort = taken;
    const second = apiWith(scriptedModel([]), { settings: () => ({ ...settingDefaults, gatewayPort }) });
    await assert.rejects(second.start(), /cannot listen on port/);
    gatewayPort = 0;
    assert.notEqual(await second.start(), undefined);
    await other.stop();
  });

  it('asks once for each definition of a configured tool, and leaves out what is declined', async () => {
    const tool = (name: string, word: string): object => ({ name, description: 'Says a word.', parameters: { type: 'object' }, command: ['node', '--eval', `console.log("${word}")`] });
    let gatewayTools = [tool('mine', 'one'), tool('other', 'one')];
    const asked: string[] = [];
    const state = new Map<string, unknown>();
    const model = scriptedModel(() => '<answer>Done.</answer>');
    const offered = async (): Promise<string> => {
      const baseUrl = await api?.start();
      await fetch(`${baseUrl ?? ''}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secrets.get(gatewayTokenKey) ?? ''}` },
        body: JSON.stringify({ messages: [{ role: 'user', content: 'Why?' }], selfThinking: { enabled: true } }),
      });
      await api?.stop();
      return model.requests.at(-1)?.messages[0]?.content ?? '';
    };
    apiWith(model, {
      settings: () => ({ ...settingDefaults, gatewayPort: 0, gatewayTools }),
      askConsent: (name, target) => {
        asked.push(`${name}: ${target}`);
        return Promise.resolve(name === 'mine');
      },
      context: {
        storageUri: vscode.Uri.file(folder),
        globalStorageUri: vscode.Uri.file(folder),
        secrets: { get: (key) => Promise.resolve(secrets.get(key)), store: (key, value) => Promise.resolve(void secrets.set(key, value)) },
        globalState: { get: (key: string, fallback?: unknown) => state.get(key) ?? fallback, update: (key: string, value: unknown) => Promise.resolve(void state.set(key, value)) } as ReasoningApiParts['context']['globalState'],
      },
    });
    const first = await offered();
    assert.match(first, /\bmine\b/);
    assert.doesNotMatch(first, /\bother\b: Says/);
    assert.deepEqual(asked, ['mine: node --eval "console.log(\\"one\\")"', 'other: node --eval "console.log(\\"one\\")"']);
    await offered();
    assert.equal(asked.length, 3, 'what was allowed is not asked again, what was declined is');
    gatewayTools = [tool('mine', 'two')];
    await offered();
    assert.match(asked.at(-1) ?? '', /^mine: .*two/);
  });

  it('is started and stopped by its commands', async () => {
    const configuration = vscode.workspace.getConfiguration(settingsSection);
    await configuration.update('gateway.port', 0, vscode.ConfigurationTarget.Global);
    try {
      const baseUrl = await vscode.commands.executeCommand<string>(commandIds.startGateway);
      const health = await fetch(baseUrl.replace('/v1', '/healthz'));
      assert.deepEqual(await health.json(), { status: 'ok', running: 0, waiting: 0 });
      assert.equal((await fetch(`${baseUrl}/models`)).status, 401);
      await vscode.commands.executeCommand(commandIds.stopGateway);
      await assert.rejects(fetch(baseUrl));
    } finally {
      await configuration.update('gateway.port', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
