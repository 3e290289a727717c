import { describe, expect, test } from 'vitest';
import { StepwiseError } from '../../../src/core/errors';
import type { ModelChunk, ModelRequest, RateLimits } from '../../../src/core/model';
import { createBudgetState, withBudget, type BudgetOptions, type BudgetState } from '../../../src/models/budget';
import { collect, errorCodes } from '../../support/collect';
import { fakeClock } from '../../support/fakeClock';
import { hang, scriptedModel, type ScriptedTurn } from '../../support/scriptedModel';

const never = new AbortController().signal;
/** About 1,000 tokens: 3,600 characters of ASCII. */
const request: ModelRequest = { messages: [{ role: 'user', content: 'word '.repeat(720) }], maxOutputTokens: 1000 };
const limited = (limits: RateLimits): ModelChunk[] => [{ type: 'limits', limits }, { type: 'text', text: 'x' }];
const perMinute = (tokensLeft: number, tokensLimit = 8000): RateLimits => ({ tokensLimit, tokensLeft, tokensResetMs: ((tokensLimit - tokensLeft) / tokensLimit) * 60_000 });

function governor(turns: readonly ScriptedTurn[], options: Partial<BudgetOptions> = {}) {
  const model = scriptedModel(turns);
  const clock = fakeClock({ jump: true });
  const state: BudgetState = options.state ?? createBudgetState();
  const governed = withBudget(model, { clock, ...options, state });
  return { model, clock, state, ask: (over: Partial<ModelRequest> = {}) => collect(governed.stream({ ...request, ...over }, never)) };
}

const waits = (chunks: readonly ModelChunk[]) => chunks.flatMap((chunk) => (chunk.type === 'wait' ? [chunk] : []));

describe('what is known of nothing', () => {
  test('goes out as it is', async () => {
    const { model, ask } = governor(['fine']);
    const { maxOutputTokens, ...open } = request;
    expect(maxOutputTokens).toBe(1000);
    await ask({});
    expect(model.requests).toEqual([request]);
    const other = governor(['fine']);
    await collect(withBudget(other.model, { state: other.state, clock: other.clock }).stream(open, never));
    expect(other.model.requests).toEqual([open]);
  });
});

describe('tokens per minute', () => {
  test('enough left: no wait', async () => {
    const { clock, ask } = governor([limited(perMinute(8000)), limited(perMinute(5000))]);
    await ask();
    expect(waits(await ask())).toEqual([]);
    expect(clock.now()).toBe(0);
  });

  test('too little left: waits until enough has come back', async () => {
    const { clock, ask } = governor([limited(perMinute(500)), limited(perMinute(500))]);
    await ask();
    const [wait] = waits(await ask());
    // About 1,004 tokens of prompt with 5 % on top, and 1,000 for the reply: 1,554 are missing, at 8,000 a minute.
    expect(wait!.waitMs).toBeGreaterThan(11_000);
    expect(wait!.waitMs).toBeLessThan(12_500);
    expect(wait).toMatchObject({ attempt: 1, reason: { code: 'rate-limited' } });
    expect(clock.now()).toBe(wait!.waitMs);
  });

  test('time that passes anyway counts', async () => {
    const { clock, ask } = governor([limited(perMinute(500)), limited(perMinute(500))]);
    await ask();
    await clock.advance(30_000);
    expect(waits(await ask())).toEqual([]);
  });

  test('the reply is cut to what is left where that is comfortable', async () => {
    const { model, ask } = governor([limited(perMinute(4500)), 'x']);
    await ask();
    expect(waits(await ask({ maxOutputTokens: 6000 }))).toEqual([]);
    const fitted = model.requests[1]!.maxOutputTokens!;
    expect(fitted).toBeGreaterThan(3000);
    expect(fitted).toBeLessThan(3600);
  });

  test('and to the ceiling for one request, set or not', async () => {
    const { model, ask } = governor([limited(perMinute(8000)), limited(perMinute(8000)), 'x']);
    await ask();
    await ask({ maxOutputTokens: 30_000 });
    expect(model.requests[1]!.maxOutputTokens).toBeGreaterThan(6800);
    expect(model.requests[1]!.maxOutputTokens).toBeLessThan(7000);
  });

  test('a prompt beyond the ceiling is for the server to refuse', async () => {
    const { model, ask } = governor([limited(perMinute(600, 600)), 'x']);
    await ask();
    expect(errorCodes(await ask())).toEqual([]);
    expect(model.requests[1]!.maxOutputTokens).toBe(256);
  });

  test('what the cache holds does not count', async () => {
    const used: ModelChunk = { type: 'usage', usage: { promptTokens: 1000, completionTokens: 5, cachedTokens: 960 } };
    const { ask } = governor([[{ type: 'limits', limits: perMinute(1200) }, used], 'x']);
    await ask();
    expect(waits(await ask())).toEqual([]);
  });

  test('calls under way count until the server has counted them', async () => {
    const state = createBudgetState();
    const first = governor([limited(perMinute(3000)), [hang]], { state });
    await first.ask();
    const controller = new AbortController();
    const reading = collect(withBudget(first.model, { state, clock: first.clock }).stream(request, controller.signal));
    await first.clock.advance(0);
    expect(state.reservedTokens).toBeGreaterThan(2000);
    const second = governor([limited(perMinute(3000))], { state });
    expect(waits(await second.ask())).toHaveLength(1);
    controller.abort();
    expect(errorCodes(await reading)).toEqual(['cancelled']);
    expect(state.reservedTokens).toBe(0);
    expect(state.reservedRequests).toBe(0);
  });

  test('a reader that goes away gives back what was reserved', async () => {
    const { state, model, clock } = governor(['some text']);
    for await (const chunk of withBudget(model, { state, clock }).stream(request, never)) {
      expect(chunk.type).toBe('text');
      break;
    }
    expect(state.reservedTokens).toBe(0);
  });
});

describe('requests', () => {
  test('waits for the next one where it comes soon', async () => {
    const { ask } = governor([limited({ requestsLimit: 30, requestsLeft: 0, requestsResetMs: 60_000 }), 'x']);
    await ask();
    expect(waits(await ask())[0]!.waitMs).toBe(2000);
  });

  test('a limit per day that is used up is for the server to say', async () => {
    const { ask } = governor([limited({ requestsLimit: 1000, requestsLeft: 0, requestsResetMs: 86_400_000 }), 'x']);
    await ask();
    expect(waits(await ask())).toEqual([]);
  });

  test('a limit of 0 is none', async () => {
    const { ask } = governor([limited({ requestsLimit: 0, requestsLeft: 0, tokensLimit: 0, tokensLeft: 0 }), 'x']);
    await ask();
    expect(waits(await ask())).toEqual([]);
  });
});

describe('when the server says to wait', () => {
  test('other calls of the model wait as well', async () => {
    const refused: ModelChunk = { type: 'error', error: new StepwiseError('rate-limited', 'x', { retryAfterMs: 9000 }) };
    const { ask } = governor([[refused], 'x']);
    expect(errorCodes(await ask())).toEqual(['rate-limited']);
    expect(waits(await ask())[0]!.waitMs).toBe(9000);
  });

  test('an abort ends the wait and leaves no timer', async () => {
    const clock = fakeClock();
    const state = createBudgetState();
    state.closedUntil = 9000;
    const controller = new AbortController();
    const model = scriptedModel(['never']);
    const chunks: ModelChunk[] = [];
    for await (const chunk of withBudget(model, { state, clock }).stream(request, controller.signal)) {
      chunks.push(chunk);
      setImmediate(() => controller.abort());
    }
    expect(chunks.map((chunk) => chunk.type)).toEqual(['wait', 'error']);
    expect(errorCodes(chunks)).toEqual(['cancelled']);
    expect(clock.pending).toBe(0);
    expect(model.requests).toHaveLength(0);
  });
});

describe('usage', () => {
  test('what is reported calibrates the estimate', async () => {
    const { state, ask } = governor([[{ type: 'usage', usage: { promptTokens: 2000, completionTokens: 5 } }]]);
    await ask();
    expect(state.estimator.ofRequest(request)).toBe(2000);
  });

  test('what is not reported is counted', async () => {
    const { ask } = governor([[{ type: 'text', text: 'x'.repeat(360) }, { type: 'reasoning', text: 'y'.repeat(36) }]]);
    const chunks = await ask();
    expect(chunks.at(-2)).toEqual({ type: 'usage', usage: { promptTokens: 1004, completionTokens: 110, estimated: true } });
    expect(chunks.at(-1)?.type).toBe('finish');
  });
});
