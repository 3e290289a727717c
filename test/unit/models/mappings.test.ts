import { describe, expect, test } from 'vitest';
import { mapFinishReason } from '../../../src/models/finishReason';
import { readFailedGeneration } from '../../../src/models/failedGeneration';
import { ToolCallAssembler } from '../../../src/models/toolCallDeltas';
import { mapUsage } from '../../../src/models/usage';

test.each([
  ['stop', 'stop'], ['eos', 'stop'], ['length', 'length'], ['max_tokens', 'length'], ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'], ['content_filter', 'content-filter'], ['error', 'failed'], ['abort', 'failed'],
  [null, undefined], ['', undefined], [7, undefined],
])('finish reason %j', (value, reason) => expect(mapFinishReason(value)).toBe(reason));

describe('usage', () => {
  test('with cached tokens, by both names', () => {
    expect(mapUsage({ prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 8 } })).toEqual({
      promptTokens: 9, completionTokens: 4, cachedTokens: 8,
    });
    expect(mapUsage({ prompt_tokens: 9, completion_tokens: 4, prompt_cache_hit_tokens: 5 })).toEqual({
      promptTokens: 9, completionTokens: 4, cachedTokens: 5,
    });
  });

  test('half of it, nothing and nonsense', () => {
    expect(mapUsage({ prompt_tokens: 9, prompt_tokens_details: null })).toEqual({ promptTokens: 9, completionTokens: 0 });
    expect(mapUsage({ total_time: 0.2 })).toBeUndefined();
    expect(mapUsage(null)).toBeUndefined();
    expect(mapUsage('12')).toBeUndefined();
  });
});

describe('tool call deltas', () => {
  const assembled = (...deltas: unknown[]): unknown => {
    const assembler = new ToolCallAssembler();
    for (const delta of deltas) {
      assembler.add(delta);
    }
    return assembler.finish();
  };

  test('pieces by index, also when they take turns', () => {
    expect(
      assembled(
        { index: 0, id: 'a', function: { name: 'read_file', arguments: '' } },
        { index: 1, id: 'b', function: { name: 'list_files', arguments: '{' } },
        { index: 0, function: { arguments: '{"path":' } },
        { index: 1, function: { arguments: '}' } },
        { index: 0, function: { arguments: '"x"}' } },
      ),
    ).toEqual([
      { id: 'a', name: 'read_file', arguments: '{"path":"x"}' },
      { id: 'b', name: 'list_files', arguments: '{}' },
    ]);
  });

  test('every call with the index 0', () => {
    expect(
      assembled(
        { index: 0, id: 'a', function: { name: 'one', arguments: '{}' } },
        { index: 0, id: 'b', function: { name: 'two', arguments: '{}' } },
      ),
    ).toEqual([{ id: 'a', name: 'one', arguments: '{}' }, { id: 'b', name: 'two', arguments: '{}' }]);
  });

  test('no index, no id', () => {
    expect(
      assembled(
        { function: { name: 'one', arguments: '{"a"' } },
        { function: { arguments: ':1}' } },
        { function: { name: 'two', arguments: { b: 2 } } },
      ),
    ).toEqual([{ id: 'call_1', name: 'one', arguments: '{"a":1}' }, { id: 'call_2', name: 'two', arguments: '{"b":2}' }]);
  });

  test('the name repeated with each piece', () => {
    expect(
      assembled(
        { index: 0, id: 'a', function: { name: 'one', arguments: '{"a"' } },
        { index: 0, id: 'a', function: { name: 'one', arguments: ':1}' } },
      ),
    ).toEqual([{ id: 'a', name: 'one', arguments: '{"a":1}' }]);
  });

  test('nonsense is passed over', () => {
    expect(assembled(null, 'x', 3, { index: 0 }, { function: null })).toEqual([]);
  });
});

describe('failed generations', () => {
  test.each([
    ['{"name": "read_file", "arguments": {"path": "a.ts"}}'],
    ['{"name": "read_file", "arguments": "{\\"path\\":\\"a.ts\\"}"}'],
    ['[{"name": "read_file", "parameters": {"path": "a.ts"}}]'],
    ['```json\n{"tool_calls": [{"id": "call_1", "function": {"name": "read_file", "arguments": {"path": "a.ts"}}}]}\n```'],
  ])('%s', (text) => {
    expect(readFailedGeneration(text)).toEqual([{ id: 'call_1', name: 'read_file', arguments: '{"path":"a.ts"}' }]);
  });

  test.each(['', 'I will read the file.', '{"path": 1}', '[]', '[1]', '<function=read_file>{"path":"a"}</function>', '{"name":"x"'])(
    '%j is none',
    (text) => expect(readFailedGeneration(text)).toBeUndefined(),
  );
});
