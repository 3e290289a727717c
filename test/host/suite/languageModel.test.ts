import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ModelChunk, ModelRequest } from '../../../src/core/model';
import { languageModel, languageModelMessages } from '../../../src/vscode/languageModel';
import { chatMessages } from '../../../src/vscode/modelProvider';

type Send = vscode.LanguageModelChat['sendRequest'];

/** One of VS Code's models whose replies are given; everything around it is VS Code's own. */
function modelThat(send: Send): vscode.LanguageModelChat {
  return {
    id: 'given', vendor: 'tests', name: 'Given', family: 'given', version: '1', maxInputTokens: 1000,
    sendRequest: send, countTokens: () => Promise.resolve(1),
  };
}

function replying(...parts: readonly unknown[]): Send {
  return () => Promise.resolve({
    stream: (async function* () {
      for (const part of parts) {
        yield await Promise.resolve(part);
      }
    })(),
    text: (async function* () {
      yield await Promise.resolve('');
    })(),
  });
}

async function collect(model: vscode.LanguageModelChat, request: ModelRequest = { messages: [{ role: 'user', content: 'Hi' }] }, signal = new AbortController().signal): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const chunk of languageModel(model).stream(request, signal)) {
    chunks.push(chunk);
  }
  return chunks;
}

describe('VS Code’s language models', () => {
  it('stream text, thinking and tool calls, and end with usage and a finish', async () => {
    const chunks = await collect(modelThat(replying(
      { value: 'hm' },
      new vscode.LanguageModelTextPart('Hello'),
      new vscode.LanguageModelToolCallPart('1', 'read_file', { path: 'a.py' }),
    )));
    assert.deepEqual(chunks.slice(0, 3), [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'Hello' },
      { type: 'tool-call', call: { id: '1', name: 'read_file', arguments: '{"path":"a.py"}' } },
    ]);
    assert.equal(chunks[3]?.type, 'usage');
    assert.deepEqual(chunks[4], { type: 'finish', reason: 'tool-calls' });
    assert.equal(chunks.length, 5);
  });

  it('get messages without a system role, and the results of one turn together', () => {
    const messages = languageModelMessages([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'a', arguments: '{"x":1}' }, { id: '2', name: 'b', arguments: 'broken' }] },
      { role: 'tool', toolCallId: '1', content: 'one' },
      { role: 'tool', toolCallId: '2', content: 'two' },
    ]);
    const { User, Assistant } = vscode.LanguageModelChatMessageRole;
    assert.deepEqual(messages.map(({ role }) => role), [User, User, Assistant, User]);
    const calls = messages[2]?.content as vscode.LanguageModelToolCallPart[];
    assert.deepEqual(calls.map(({ input }) => input), [{ x: 1 }, {}]);
    assert.deepEqual((messages[3]?.content as vscode.LanguageModelToolResultPart[]).map(({ callId }) => callId), ['1', '2']);
    assert.deepEqual(messages.flatMap(chatMessages).map(({ role, content }) => [role, content]), [
      ['user', 'Be brief.'], ['user', 'Why?'], ['assistant', ''], ['tool', 'one'], ['tool', 'two'],
    ]);
  });

  for (const [thrown, code] of [
    [vscode.LanguageModelError.NoPermissions('declined by policy'), 'forbidden'],
    [vscode.LanguageModelError.Blocked('quota 429'), 'rate-limited'],
    [vscode.LanguageModelError.NotFound('gone away'), 'model-not-found'],
    [new Error('boom'), 'server-error'],
  ] as const) {
    it(`turn ${thrown.message} into ${code}`, async () => {
      const chunks = await collect(modelThat(() => Promise.reject(thrown)));
      assert.equal(chunks.length, 1);
      const [chunk] = chunks;
      assert.ok(chunk?.type === 'error');
      assert.equal(chunk.error.code, code);
      assert.equal(chunk.error.remedy, 'choose-model');
      assert.ok(!chunk.error.message.includes(thrown.message), 'the message of the model is for the log');
    });
  }

  it('are left at once when the run is stopped, and told so', async () => {
    const controller = new AbortController();
    let token: vscode.CancellationToken | undefined;
    const silent = modelThat((_messages, _options, given) => {
      token = given;
      return new Promise(() => undefined);
    });
    const pending = collect(silent, undefined, controller.signal);
    const begun = performance.now();
    controller.abort();
    const chunks = await pending;
    assert.ok(performance.now() - begun < 100);
    assert.ok(chunks[0]?.type === 'error' && chunks[0].error.code === 'cancelled');
    assert.equal(token?.isCancellationRequested, true);
  });
});
