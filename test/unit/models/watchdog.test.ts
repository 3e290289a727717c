import { describe, expect, test } from 'vitest';
import type { ChatModel, ModelChunk, ModelRequest } from '../../../src/core/model';
import { withWatchdog } from '../../../src/models/watchdog';
import { collect, errorCodes } from '../../support/collect';
import { fakeClock } from '../../support/fakeClock';
import { hang, scriptedModel } from '../../support/scriptedModel';

const request: ModelRequest = { messages: [] };
const never = new AbortController().signal;
const text = (value: string): ModelChunk => ({ type: 'text', text: value });

/** A model that ignores its signal and hangs behind its chunks. */
function deaf(...chunks: ModelChunk[]): ChatModel {
  return {
    info: { id: 'deaf', vendor: 'vscode', label: 'Deaf' },
    async *stream() {
      yield* chunks;
      await new Promise<never>(() => undefined);
    },
  };
}

describe('silence', () => {
  test('before the first chunk, by its own limit', async () => {
    const clock = fakeClock();
    const reading = collect(withWatchdog(scriptedModel([[hang]]), { clock, firstChunkMs: 5000, idleMs: 1000 }).stream(request, never));
    await clock.advance(4999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    const chunks = await reading;
    expect(errorCodes(chunks)).toEqual(['stream-stalled']);
    expect((chunks[0] as { error: Error }).error.message).toContain('5.00 s');
    expect(clock.pending).toBe(0);
  });

  test('headers are no beginning, text is', async () => {
    const clock = fakeClock();
    const model = scriptedModel([[{ type: 'limits', limits: {} }, hang], [text('a'), hang]]);
    const watched = withWatchdog(model, { clock, firstChunkMs: 5000, idleMs: 1000 });
    const first = collect(watched.stream(request, never));
    await clock.advance(0);
    await clock.advance(4000);
    expect(clock.pending).toBe(1);
    await clock.advance(1000);
    expect(errorCodes(await first)).toEqual(['stream-stalled']);
    const second = collect(watched.stream(request, never));
    await clock.advance(0);
    await clock.advance(1000);
    expect(errorCodes(await second)).toEqual(['stream-stalled']);
    expect(model.cutShort).toBe(2);
  });

  test('a slow but steady reply goes on: the limit starts anew with each chunk', async () => {
    const clock = fakeClock();
    const model = scriptedModel([Array.from({ length: 5 }, () => text('a'))], { beforeChunk: () => new Promise((resolve) => void clock.after(900, resolve)) });
    const reading = collect(withWatchdog(model, { clock, idleMs: 1000, firstChunkMs: 1000 }).stream(request, never));
    for (let round = 0; round < 6; round += 1) {
      await clock.advance(900);
    }
    expect((await reading).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect(clock.pending).toBe(0);
  });

  test('time that the reader takes does not count', async () => {
    const clock = fakeClock();
    const stream = withWatchdog(scriptedModel([[text('a'), text('b')]]), { clock, idleMs: 1000, firstChunkMs: 1000 }).stream(request, never);
    const seen: string[] = [];
    for await (const chunk of stream) {
      seen.push(chunk.type);
      await clock.advance(60_000);
    }
    expect(seen).toEqual(['text', 'text', 'finish']);
  });
});

describe('models that break the contract', () => {
  test('one that does not listen is left at once', async () => {
    const clock = fakeClock();
    const controller = new AbortController();
    const chunks: ModelChunk[] = [];
    for await (const chunk of withWatchdog(deaf(text('a')), { clock }).stream(request, controller.signal)) {
      chunks.push(chunk);
      setImmediate(() => controller.abort());
    }
    expect(errorCodes(chunks)).toEqual(['cancelled']);
    expect(clock.pending).toBe(0);
  });

  test('one that stalls and does not listen', async () => {
    const clock = fakeClock();
    const reading = collect(withWatchdog(deaf(), { clock, firstChunkMs: 10 }).stream(request, never));
    await clock.advance(10);
    expect(errorCodes(await reading)).toEqual(['stream-stalled']);
  });

  test('one that throws, at once or later', async () => {
    const throwing = (first: ModelChunk[]): ChatModel => ({
      info: deaf().info,
      // eslint-disable-next-line @typescript-eslint/require-await
      async *stream() {
        yield* first;
        throw new TypeError('broken');
      },
    });
    expect(errorCodes(await collect(withWatchdog(throwing([])).stream(request, never)))).toEqual(['internal']);
    expect(errorCodes(await collect(withWatchdog(throwing([text('a')])).stream(request, never)))).toEqual(['internal']);
    const atOnce: ChatModel = { info: deaf().info, stream: () => { throw new TypeError('broken'); } };
    expect(errorCodes(await collect(withWatchdog(atOnce).stream(request, never)))).toEqual(['internal']);
  });

  test('one that ends without an end, and one that goes on behind it', async () => {
    const endless: ChatModel = {
      info: deaf().info,
      // eslint-disable-next-line @typescript-eslint/require-await
      async *stream() {
        yield text('a');
      },
    };
    expect(errorCodes(await collect(withWatchdog(endless).stream(request, never)))).toEqual(['stream-broken']);
    const chunks = await collect(withWatchdog(deaf({ type: 'finish', reason: 'stop' }, text('more'))).stream(request, never));
    expect(chunks).toEqual([{ type: 'finish', reason: 'stop' }]);
  });

  test('aborted before the call: the model is not asked', async () => {
    const model = scriptedModel(['x']);
    expect(errorCodes(await collect(withWatchdog(model).stream(request, AbortSignal.abort())))).toEqual(['cancelled']);
    expect(model.requests).toHaveLength(0);
  });
});
