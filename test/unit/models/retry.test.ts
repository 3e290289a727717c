import { describe, expect, test } from 'vitest';
import { StepwiseError, type ErrorCode, type StepwiseErrorOptions } from '../../../src/core/errors';
import type { ModelChunk, ModelRequest } from '../../../src/core/model';
import { withRetry, type RetryOptions } from '../../../src/models/retry';
import { collect, errorCodes, textOf } from '../../support/collect';
import { fakeClock } from '../../support/fakeClock';
import { scriptedModel, type ScriptedTurn } from '../../support/scriptedModel';

const request: ModelRequest = { messages: [{ role: 'user', content: 'x' }], maxOutputTokens: 1000 };
const never = new AbortController().signal;

const failure = (code: ErrorCode, options: StepwiseErrorOptions = {}): ModelChunk => ({ type: 'error', error: new StepwiseError(code, `Failed: ${code}.`, options) });
const text = (value: string): ModelChunk => ({ type: 'text', text: value });

function run(turns: ScriptedTurn[], options: RetryOptions = {}, over: Partial<ModelRequest> = {}) {
  const model = scriptedModel(turns);
  const clock = fakeClock({ jump: true });
  const reading = collect(withRetry(model, { clock, ...options }).stream({ ...request, ...over }, never));
  return { model, clock, reading };
}

const waits = (chunks: readonly ModelChunk[]) => chunks.flatMap((chunk) => (chunk.type === 'wait' ? [chunk.waitMs] : []));

describe('what is tried again', () => {
  test.each(['rate-limited', 'over-capacity', 'server-error', 'unreachable', 'stream-stalled', 'stream-broken'] as const)('%s', async (code) => {
    const { model, reading } = run([[failure(code)], 'fine']);
    const chunks = await reading;
    expect(chunks[0]).toEqual({ type: 'wait', waitMs: 500, attempt: 2, reason: { code, message: `Failed: ${code}.` } });
    expect(textOf(chunks)).toBe('fine');
    expect(model.requests).toHaveLength(2);
  });

  test.each(['bad-key', 'forbidden', 'model-not-found', 'bad-request', 'content-filtered', 'tool-use-failed', 'no-key', 'cancelled', 'internal'] as const)('never %s', async (code) => {
    const { model, reading } = run([[failure(code)], 'fine']);
    expect(errorCodes(await reading)).toEqual([code]);
    expect(model.requests).toHaveLength(1);
  });

  test('as often as it is set', async () => {
    const { model, reading } = run(Array.from({ length: 9 }, () => [failure('server-error')]), { attempts: 5 });
    const chunks = await reading;
    expect(model.requests).toHaveLength(5);
    expect(chunks.at(-1)).toMatchObject({ type: 'error', error: { code: 'server-error' } });
    expect(waits(chunks)).toEqual([500, 1000, 2000, 4000]);
  });
});

describe('waits', () => {
  test('are drawn from the whole range, and never longer than the cap', async () => {
    const turns = Array.from({ length: 8 }, () => [failure('server-error')]);
    const all = run(turns, { attempts: 8, clock: fakeClock({ jump: true, random: 0.999 }), longestWaitMs: 10_000 });
    expect(waits(await all.reading)).toEqual([999, 1998, 3996, 7992, 9990, 9990, 9990]);
    const none = run(turns, { attempts: 3, clock: fakeClock({ jump: true, random: 0 }) });
    expect(waits(await none.reading)).toEqual([0, 0]);
  });

  test('as long as the server asks, and a little more', async () => {
    const { clock, reading } = run([[failure('rate-limited', { retryAfterMs: 7660 })], 'fine']);
    expect(waits(await reading)).toEqual([7785]);
    expect(clock.now()).toBe(7785);
  });

  test('past the cap the call fails at once', async () => {
    const { model, clock, reading } = run([[failure('rate-limited', { retryAfterMs: 60_001 })], 'never']);
    expect(errorCodes(await reading)).toEqual(['rate-limited']);
    expect(model.requests).toHaveLength(1);
    expect(clock.now()).toBe(0);
  });

  test('end at once with the abort and leave no timer', async () => {
    const clock = fakeClock();
    const controller = new AbortController();
    const model = scriptedModel([[failure('server-error')], 'never']);
    const chunks: ModelChunk[] = [];
    for await (const chunk of withRetry(model, { clock }).stream(request, controller.signal)) {
      chunks.push(chunk);
      setImmediate(() => controller.abort());
    }
    expect(chunks.map((chunk) => chunk.type)).toEqual(['wait', 'error']);
    expect(errorCodes(chunks)).toEqual(['cancelled']);
    expect(clock.pending).toBe(0);
    expect(model.requests).toHaveLength(1);
  });

  test('not begun where the run was stopped meanwhile', async () => {
    const controller = new AbortController();
    const model = scriptedModel(() => {
      controller.abort();
      return [failure('server-error')];
    });
    expect(errorCodes(await collect(withRetry(model).stream(request, controller.signal)))).toEqual(['cancelled']);
  });
});

describe('restart', () => {
  test.each([
    ['text', [text('half')], true],
    ['thinking', [{ type: 'reasoning', text: 'hm' }], true],
    ['a call', [{ type: 'tool-call', call: { id: '1', name: 'x', arguments: '' } }], true],
    ['limits only', [{ type: 'limits', limits: {} }], false],
    ['a sign of life only', [text('')], false],
    ['nothing', [], false],
  ] as [string, ModelChunk[], boolean][])('after %s', async (_name, shown, restarts) => {
    const { reading } = run([[...shown, failure('stream-broken')], 'whole']);
    const chunks = await reading;
    const kinds = chunks.map((chunk) => chunk.type);
    expect(kinds.includes('restart')).toBe(restarts);
    if (restarts) {
      expect(kinds.indexOf('restart')).toBe(kinds.indexOf('wait') + 1);
    }
    expect(textOf(chunks)).toBe('whole');
  });

  test('signs of life are not handed on', async () => {
    const { reading } = run([[text(''), text('a'), text('')]]);
    expect(await reading).toEqual([text('a'), { type: 'finish', reason: 'stop' }]);
  });
});

describe('a request that is too large', () => {
  test('is sent once more with less room for the reply', async () => {
    const { model, reading } = run([[failure('request-too-large', { excessTokens: 300 })], 'fine']);
    expect(waits(await reading)).toEqual([0]);
    expect(model.requests.map((asked) => asked.maxOutputTokens)).toEqual([1000, 668]);
  });

  test('not a second time', async () => {
    const { model, reading } = run([[failure('request-too-large', { excessTokens: 300 })], [failure('request-too-large', { excessTokens: 100 })], 'never']);
    expect(errorCodes(await reading)).toEqual(['request-too-large']);
    expect(model.requests).toHaveLength(2);
  });

  test('the smaller room stays for further tries', async () => {
    const { model, reading } = run([[failure('request-too-large', { excessTokens: 300 })], [failure('server-error')], 'fine']);
    expect(textOf(await reading)).toBe('fine');
    expect(model.requests.map((asked) => asked.maxOutputTokens)).toEqual([1000, 668, 668]);
  });

  test('where no room would be left, the error says that the prompt is it', async () => {
    const { model, reading } = run([[failure('request-too-large', { excessTokens: 900, status: 413 })], 'never']);
    const chunks = await reading;
    expect(chunks).toMatchObject([{ type: 'error', error: { code: 'request-too-large', excessTokens: 900, status: 413 } }]);
    expect((chunks[0] as { error: Error }).error.message).toContain('prompt alone');
    expect(model.requests).toHaveLength(1);
  });

  test('where nobody says by how much, it stays as it is', async () => {
    const { reading } = run([[failure('request-too-large')], 'never']);
    expect((await reading)[0]).toMatchObject({ error: { message: 'Failed: request-too-large.' } });
  });
});
