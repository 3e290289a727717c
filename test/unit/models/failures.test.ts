import { describe, expect, test } from 'vitest';
import { excessOf, failureOf, networkFailure, redact, type CallContext } from '../../../src/models/failures';
import { faultOfHttp, HttpFailure, readFault } from '../../../src/models/serverFault';

const key = 'gsk_0123456789abcdefghij';
const groq: CallContext = { vendor: 'groq', server: 'Groq', host: 'api.groq.com', modelId: 'openai/gpt-oss-20b', secrets: [key] };
const local: CallContext = { vendor: 'openai-compatible', server: 'localhost:11434', host: 'localhost:11434', modelId: 'qwen3', secrets: [] };

function http(status: number, body: object | string, headers: Record<string, string> = {}) {
  const failure = new HttpFailure(status, new Headers(headers), typeof body === 'string' ? body : JSON.stringify(body));
  return failureOf(faultOfHttp(failure), groq);
}

describe('codes by status and by what the server says', () => {
  test.each([
    [401, { error: { message: 'Invalid API Key', code: 'invalid_api_key' } }, 'bad-key', 'set-key'],
    [401, '', 'bad-key', 'set-key'],
    [402, { error: { message: 'Insufficient credits' } }, 'forbidden', 'choose-model'],
    [403, { error: { message: 'no' } }, 'forbidden', 'choose-model'],
    [404, { error: { message: 'The model `x` does not exist', code: 'model_not_found' } }, 'model-not-found', 'choose-model'],
    [400, { error: { message: 'decommissioned', code: 'model_decommissioned' } }, 'model-not-found', 'choose-model'],
    [404, { error: { message: 'model "qwen9" not found, try pulling it first', type: 'not_found_error' } }, 'model-not-found', 'choose-model'],
    [404, { error: 'model \'qwen9\' not found' }, 'model-not-found', 'choose-model'],
    [404, '404 page not found', 'bad-request', 'open-settings'],
    [404, '<html><body>nothing here</body></html>', 'bad-request', 'open-settings'],
    [413, { error: { message: 'Request Entity Too Large', type: 'invalid_request_error', code: 'request_too_large' } }, 'request-too-large', undefined],
    [400, { error: { message: 'Please reduce the length', code: 'context_length_exceeded' } }, 'request-too-large', undefined],
    [429, { error: { message: 'slow down', type: 'requests', code: 'rate_limit_exceeded' } }, 'rate-limited', 'retry'],
    [429, { error: { message: 'no quota', code: 'insufficient_quota' } }, 'forbidden', 'choose-model'],
    [429, { error: { message: 'Request too large for gpt-4o on TPM: Limit 30000, Requested 342389.', code: 'rate_limit_exceeded' } }, 'request-too-large', undefined],
    [498, { error: { message: 'busy', code: 'capacity_exceeded' } }, 'over-capacity', 'retry'],
    [503, 'Service Unavailable', 'over-capacity', 'retry'],
    [500, '<html>oops</html>', 'server-error', 'retry'],
    [502, '', 'server-error', 'retry'],
    [424, { error: { message: 'dependency' } }, 'server-error', 'retry'],
    [499, { error: { message: 'request cancelled' } }, 'server-error', 'retry'],
    [400, { error: { message: 'filtered', code: 'content_filter' } }, 'content-filtered', undefined],
    [400, { error: { message: 'x', code: 'tool_use_failed' } }, 'tool-use-failed', 'retry'],
    [400, { error: { message: 'x', code: 'json_validate_failed' } }, 'unreadable-reply', 'retry'],
    [422, { object: 'error', message: { detail: [{ type: 'missing', loc: ['body', 'model'], msg: 'Field required' }] } }, 'bad-request', 'open-settings'],
    [400, { detail: 'no such thing' }, 'bad-request', 'open-settings'],
  ])('%i %j', (status, body, code, remedy) => {
    const error = http(status, body);
    expect(error.code).toBe(code);
    expect(error.remedy).toBe(remedy);
    expect(error.status).toBe(status);
    expect(error.message).toMatch(/\.$/);
    expect(error.message).not.toContain('<');
  });

  test('what is wrong is quoted for a bad request', () => {
    expect(http(422, { message: { detail: [{ type: 'missing', loc: ['body', 'model'], msg: 'Field required' }] } }).message).toContain(
      'body.model: missing Field required',
    );
  });

  test('in mid-stream there is no status: the code decides, else it is the server', () => {
    const code = (value: unknown): string => failureOf(readFault(value)!, groq).code;
    expect(code({ error: { message: 'x', code: 'rate_limit_exceeded' } })).toBe('rate-limited');
    expect(code({ message: 'Failed to call a function.', code: 'tool_use_failed', failed_generation: '' })).toBe('tool-use-failed');
    expect(code({ x_groq: { error: 'over capacity' } })).toBe('server-error');
    expect(code({ error: { message: 'gone', status_code: 498 } })).toBe('over-capacity');
    expect(code({ object: 'error', message: 'x', code: 400 })).toBe('bad-request');
    expect(readFault({ choices: [], x_groq: { id: 'r' } })).toBeUndefined();
  });

  test('how long to wait: from headers, else from the sentence', () => {
    const error = { message: 'Limit 8000, Used 7600, Requested 900. Please try again in 2m3.5s. Upgrade today.', code: 'rate_limit_exceeded' };
    expect(http(429, { error }).retryAfterMs).toBe(123_500);
    expect(http(429, { error }, { 'retry-after': '8' }).retryAfterMs).toBe(8000);
    expect(http(429, { error }, { 'retry-after': '8' }).message).toContain('8.00 s');
    expect(http(429, { error: { message: 'x' } }).retryAfterMs).toBeUndefined();
  });

  test('how much was too much', () => {
    expect(http(413, { error: { message: 'on tokens per minute (TPM): Limit 8000, Requested 9321, please', code: 'rate_limit_exceeded' } }).excessTokens).toBe(1321);
    expect(excessOf("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (8000 in the messages)")).toBe(808);
    expect(excessOf("maximum context length is 4096 tokens. However, your messages resulted in 5000 tokens")).toBe(904);
    expect(excessOf('request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it')).toBe(904);
    expect(excessOf('Limit 8000, Used 7600, Requested 900')).toBeUndefined();
  });

  test('alternatives', () => {
    expect(failureOf({ status: 404, code: 'model_not_found', message: '' }, groq, ['a', 'b']).alternatives).toEqual(['a', 'b']);
  });
});

describe('the network', () => {
  const failed = (code: string): Error => new Error('Connection error.', { cause: new TypeError('fetch failed', { cause: Object.assign(new Error(`x ${code}`), { code }) }) });

  test.each([
    ['ECONNREFUSED', local, false, 'unreachable', /localhost:11434.*ollama serve/],
    ['ECONNREFUSED', { ...local, host: '127.0.0.1:1234' }, false, 'unreachable', /LM Studio/],
    ['ECONNREFUSED', { ...local, host: '127.0.0.1:8000' }, false, 'unreachable', /127\.0\.0\.1:8000. Start it/],
    ['ENOTFOUND', groq, false, 'unreachable', /api\.groq\.com could not be found/],
    ['UND_ERR_CONNECT_TIMEOUT', groq, false, 'unreachable', /could not be reached/],
    ['SELF_SIGNED_CERT_IN_CHAIN', groq, false, 'unreachable', /certificate/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', groq, false, 'unreachable', /certificate/],
    ['ERR_INVALID_URL', local, false, 'bad-request', /base URL/],
    ['UND_ERR_SOCKET', groq, false, 'stream-broken', /broke/],
    ['ECONNRESET', groq, false, 'stream-broken', /broke/],
    ['UND_ERR_HEADERS_TIMEOUT', groq, false, 'stream-stalled', /stopped sending/],
    ['UND_ERR_BODY_TIMEOUT', groq, true, 'stream-stalled', /stopped sending/],
    ['ETIMEDOUT', groq, true, 'stream-stalled', /stopped sending/],
    ['', groq, true, 'stream-broken', /broke/],
  ] as const)('%s', (code, context, started, expected, message) => {
    const error = networkFailure(failed(code), context, started);
    expect(error.code).toBe(expected);
    expect(error.message).toMatch(message);
  });

  test('the code inside an AggregateError, and causes that go round', () => {
    const aggregate = new AggregateError([Object.assign(new Error('a'), { code: 'ECONNREFUSED' })], '');
    expect(networkFailure(new TypeError('fetch failed', { cause: aggregate }), local, false).message).toContain('Ollama');
    const loop: Error & { cause?: unknown } = new Error('loop');
    loop.cause = loop;
    expect(networkFailure(loop, groq, false).code).toBe('unreachable');
  });
});

describe('secrets', () => {
  test('the key shows nowhere, whoever repeats it', () => {
    const errors = [
      http(400, { error: { message: `bad header Authorization: Bearer ${key} in request` } }),
      http(401, { error: { message: `Incorrect API key provided: ${key}.` } }),
      networkFailure(new Error(`cannot send Bearer ${key}`, { cause: new Error(key) }), groq, true),
    ];
    for (const error of errors) {
      const everything = `${error.message} ${String(error.cause)} ${error.stack ?? ''} ${JSON.stringify(error)} ${(error.cause as Error).stack ?? ''}`;
      expect(everything).not.toContain(key);
    }
  });

  test('what only looks like a key is taken out as well', () => {
    expect(redact('sent sk-proj-abcdef1234567890 and gsk_zzzzzzzzzzzz', [])).toBe('sent [key] and [key]');
    expect(redact('the task-runner and disk-based things', [''])).toBe('the task-runner and disk-based things');
  });
});
