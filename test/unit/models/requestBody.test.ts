import { describe, expect, test } from 'vitest';
import type { ModelInfo, ModelRequest } from '../../../src/core/model';
import { completionBody } from '../../../src/models/requestBody';
import { createQuirks, learnQuirk, type ServerQuirks } from '../../../src/models/serverQuirks';
import type { ServerFault } from '../../../src/models/serverFault';

const info: ModelInfo = { id: 'm', vendor: 'openai-compatible', label: 'm' };
const vendor = { askForUsage: true, extra: {} };
const request: ModelRequest = {
  messages: [{ role: 'system', content: 's' }, { role: 'user', content: 'u' }],
  maxOutputTokens: 500,
  temperature: 0.2,
  stop: ['a', 'b', 'c', 'd', 'e'],
  user: 'someone',
};

function body(over: Partial<ModelRequest> = {}, quirks: ServerQuirks = createQuirks('max_tokens'), model: ModelInfo = info) {
  return JSON.parse(JSON.stringify(completionBody(model, { ...request, ...over }, vendor, quirks))) as Record<string, unknown>;
}

describe('the body', () => {
  test('in the common form', () => {
    expect(body()).toEqual({
      model: 'm', stream: true, stream_options: { include_usage: true }, max_tokens: 500, temperature: 0.2,
      stop: ['a', 'b', 'c', 'd'], user: 'someone',
      messages: [{ role: 'system', content: 's' }, { role: 'user', content: 'u' }],
    });
  });

  test('a longer history begins with all the bytes of the shorter one', () => {
    const first = JSON.stringify(completionBody(info, request, vendor, createQuirks('max_tokens')));
    const messages = [...request.messages, { role: 'assistant' as const, content: 'x' }, { role: 'user' as const, content: 'y' }];
    const second = JSON.stringify(completionBody(info, { ...request, messages }, vendor, createQuirks('max_tokens')));
    expect(second.startsWith(first.slice(0, -2))).toBe(true);
  });

  test('native tools, their calls and their answers', () => {
    const tool = { name: 'read_file', description: 'd', parameters: { type: 'object' } };
    const result = body({
      tools: [tool],
      messages: [
        { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'read_file', arguments: '{}' }] },
        { role: 'tool', content: 'text', toolCallId: 'c1' },
      ],
    });
    expect(result.tools).toEqual([{ type: 'function', function: tool }]);
    expect(result.messages).toEqual([
      { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read_file', arguments: '{}' } }] },
      { role: 'tool', content: 'text', tool_call_id: 'c1' },
    ]);
    expect(body({ tools: [] })).not.toHaveProperty('tools');
  });

  test('JSON by what the model can do', () => {
    const responseFormat = { type: 'json_schema', name: 'step', schema: { type: 'object' } } as const;
    expect(body({ responseFormat }, undefined, { ...info, strictSchema: true }).response_format).toEqual({
      type: 'json_schema', json_schema: { name: 'step', strict: true, schema: { type: 'object' } },
    });
    expect(body({ responseFormat }).response_format).toEqual({ type: 'json_schema', json_schema: { name: 'step', schema: { type: 'object' } } });
    expect(body({ responseFormat }, undefined, { ...info, jsonMode: false })).not.toHaveProperty('response_format');
    expect(body({ responseFormat: { type: 'text' } })).not.toHaveProperty('response_format');
  });
});

describe('what a refusal teaches', () => {
  const learn = (fault: Partial<ServerFault>, over: Partial<ModelRequest> = {}, quirks = createQuirks('max_tokens')) => {
    const before = completionBody(info, { ...request, ...over }, vendor, quirks);
    const learned = learnQuirk({ status: 400, message: '', ...fault }, before, quirks);
    return { learned, body: body(over, quirks), quirks };
  };
  const json = { responseFormat: { type: 'json_schema', name: 's', schema: { type: 'object' } } } as const;

  test.each([
    ["body.stream_options.include_usage: extra_forbidden Extra inputs are not permitted", 'stream_options'],
    ["[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted', 'input': {}}]", 'stream_options'],
    ["Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.", 'temperature'],
    ["Unsupported parameter: 'stop' is not supported with this model.", 'stop'],
    ["property 'user' is unsupported", 'user'],
  ])('%s', (message, field) => {
    const after = learn({ message });
    expect(after.learned).toBe(true);
    expect(after.body).not.toHaveProperty(field);
    expect(Object.keys(after.body)).toHaveLength(Object.keys(body()).length - 1);
  });

  test('by the name of the parameter alone', () => {
    expect(learn({ message: 'nope', param: 'temperature', code: 'unsupported_value' }).body).not.toHaveProperty('temperature');
  });

  test('the other name of the most tokens, once', () => {
    const message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    const after = learn({ message });
    expect(after.body).toMatchObject({ max_completion_tokens: 500 });
    expect(after.body).not.toHaveProperty('max_tokens');
    const again = learn({ message: "Unknown field 'max_completion_tokens'" }, {}, after.quirks);
    expect(again.learned).toBe(true);
    expect(again.body).not.toHaveProperty('max_completion_tokens');
    expect(learn({ message: "Unknown field 'max_tokens'" }, {}, again.quirks).learned).toBe(false);
  });

  test('a limit of the reply', () => {
    const after = learn({ message: '`max_tokens` must be less than or equal to `400`, the maximum value for `max_tokens` is less than the `context_window`' });
    expect(after.body).toMatchObject({ max_tokens: 400 });
    expect(learn({ message: '`max_tokens` must be less than or equal to `400`' }, {}, after.quirks).learned).toBe(false);
  });

  test('JSON and streaming exclude each other', () => {
    const after = learn({ message: 'response_format` does not support streaming' }, json);
    expect(after.body).toMatchObject({ stream: false, response_format: { type: 'json_schema' } });
    expect(after.body).not.toHaveProperty('stream_options');
    expect(body({}, after.quirks)).toMatchObject({ stream: true });
  });

  test('from schema to object to none', () => {
    const first = learn({ message: 'This model does not support response format `json_schema`' }, json);
    expect(first.body.response_format).toEqual({ type: 'json_object' });
    const second = learn({ message: "'response_format.type' must be 'json_schema' or 'text'" }, json, first.quirks);
    expect(second.body).not.toHaveProperty('response_format');
  });

  test('nothing from faults of another kind', () => {
    expect(learn({ message: "temperature 'hot' is not a number" }).learned).toBe(false);
    expect(learn({ status: 500, message: "Unsupported parameter: 'stop'" }).learned).toBe(false);
    expect(learn({ message: "Unsupported parameter: 'seed' is not supported" }).learned).toBe(false);
    expect(learn({ message: 'The model `m` has been decommissioned and is no longer supported.', code: 'model_decommissioned' }, json).learned).toBe(false);
    expect(learn({ message: 'Failed to generate JSON. Please adjust your prompt.', code: 'json_validate_failed' }, json).learned).toBe(false);
    expect(learn({ message: 'Tool choice is none, but model called a tool', code: 'tool_use_failed' }, json).learned).toBe(false);
  });
});
