import { describe, expect, test } from 'vitest';
import { compareModelIds, groqReasoningFields, isChatModelId, knownOf } from '../../../src/models/catalog';
import { mapModelList } from '../../../src/models/modelList';
import { normalizeBaseUrl } from '../../../src/models/openaiCompatible';

describe('the catalog', () => {
  test("Groq's production models with their prices", () => {
    expect(knownOf('groq', 'openai/gpt-oss-120b')).toEqual({
      contextTokens: 131_072, maxOutputTokens: 65_536, nativeTools: true, jsonMode: true, strictSchema: true,
      price: { input: 0.15, output: 0.6, cachedInput: 0.075 },
    });
    expect(knownOf('groq', 'openai/gpt-oss-20b').price).toEqual({ input: 0.075, output: 0.3, cachedInput: 0.0375 });
  });

  test.each([
    ['gpt-4o-mini', { nativeTools: true, strictSchema: true, contextTokens: 128_000 }],
    ['openai/gpt-4.1-nano', { nativeTools: true, contextTokens: 1_047_576 }],
    ['gpt-oss:20b', { nativeTools: true }],
    ['qwen2.5-coder:7b', { nativeTools: true }],
    ['llama3.1:8b', { nativeTools: true }],
    ['meta-llama/Llama-3.3-70B-Instruct', { nativeTools: true }],
    ['llama3:8b', { nativeTools: false }],
    ['llama3', { nativeTools: false }],
    ['codellama:13b', { nativeTools: false }],
    ['gemma3:4b', { nativeTools: false }],
    ['phi4:14b', { nativeTools: false }],
    ['deepseek-r1:8b', { nativeTools: false }],
  ])('%s', (id, knowledge) => expect(knownOf('openai-compatible', id)).toMatchObject(knowledge));

  test('unknown is left out', () => {
    expect(knownOf('openai-compatible', 'my-own-model')).toEqual({});
    expect(knownOf('openai-compatible', 'phi4-mini')).toEqual({});
    expect(knownOf('groq', 'someone/new-model')).toEqual({});
    expect(knownOf('vscode', 'gpt-4o')).toEqual({});
  });

  test.each(['whisper-large-v3', 'playai-tts', 'tts-1-hd', 'text-embedding-3-small', 'nomic-embed-text', 'meta-llama/llama-guard-4-12b', 'openai/gpt-oss-safeguard-20b', 'gpt-image-1', 'gpt-4o-audio-preview', 'gpt-4o-transcribe', 'BAAI/bge-m3', 'dall-e-3'])(
    '%s does not chat',
    (id) => expect(isChatModelId(id)).toBe(false),
  );
  test.each(['openai/gpt-oss-120b', 'qwen/qwen3-32b', 'gpt-4o', 'mistral-small', 'claude-sonnet-4', 'ttsuki-chat'])('%s chats', (id) =>
    expect(isChatModelId(id)).toBe(true),
  );

  test('how thinking is asked for', () => {
    expect(groqReasoningFields('openai/gpt-oss-20b', true)).toEqual({ include_reasoning: true });
    expect(groqReasoningFields('qwen/qwen3-32b', false)).toEqual({ reasoning_format: 'hidden' });
    expect(groqReasoningFields('llama-3.3-70b-versatile', true)).toEqual({});
  });
});

describe('lists of models', () => {
  test('what is off or does not chat is left out, the best come first', () => {
    const list = {
      object: 'list',
      data: [
        { id: 'zeta', active: true, context_window: 4096, max_completion_tokens: 1024 },
        { id: 'whisper-large-v3', active: true },
        { id: 'openai/gpt-oss-20b', context_window: 100_000 },
        { id: 'old', active: false },
        { id: 'openai/gpt-oss-120b', active: true },
        { id: 7 }, null, { name: 'x' },
      ],
    };
    const models = mapModelList('groq', list);
    expect(models.map((model) => model.id)).toEqual(['openai/gpt-oss-120b', 'openai/gpt-oss-20b', 'zeta']);
    expect(models[1]).toMatchObject({ contextTokens: 100_000, maxOutputTokens: 65_536, vendor: 'groq' });
    expect(models[2]).toEqual({ id: 'zeta', vendor: 'groq', label: 'zeta', contextTokens: 4096, maxOutputTokens: 1024 });
  });

  test('limits by the names of other servers', () => {
    const data = [{ id: 'a', max_model_len: 1 }, { id: 'b', context_length: 2 }, { id: 'c', max_context_length: 3 }, { id: 'd', meta: { n_ctx: 4 } }, { id: 'e' }];
    expect(mapModelList('openai-compatible', { data }).map((model) => model.contextTokens)).toEqual([1, 2, 3, 4, undefined]);
  });

  test('no list', () => {
    expect(mapModelList('groq', null)).toEqual([]);
    expect(mapModelList('groq', { data: 'x' })).toEqual([]);
  });

  test('order', () => expect(['b', 'gpt-oss:20b', 'a'].sort(compareModelIds)).toEqual(['gpt-oss:20b', 'a', 'b']));
});

test.each([
  ['http://localhost:11434', 'http://localhost:11434/v1'],
  ['http://localhost:11434/', 'http://localhost:11434/v1'],
  [' https://api.openai.com/v1/ ', 'https://api.openai.com/v1'],
  ['https://host/api/v2/chat/completions', 'https://host/api/v2'],
  ['not a url', 'not a url'],
])('base URL %s', (given, expected) => expect(normalizeBaseUrl(given)).toBe(expected));
