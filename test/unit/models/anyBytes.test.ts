import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModelChunk } from '../../../src/core/model';
import { groqModel } from '../../../src/models/groq';
import { collect, textOf } from '../../support/collect';

const never = new AbortController().signal;

/** The chunks of a call whose answer is these bytes in these pieces. */
function answered(pieces: readonly Uint8Array[], headers: Record<string, string>, status = 200): Promise<ModelChunk[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) {
        controller.enqueue(piece);
      }
      controller.close();
    },
  });
  const fetch = () => Promise.resolve(new Response(body, { status, headers }));
  return collect(groqModel({ id: 'm', key: 'k', fetch }).stream({ messages: [], responseFormat: { type: 'json_object' } }, never));
}

const eventStream = { 'content-type': 'text/event-stream' };
const encoder = new TextEncoder();

/** Values shaped a little like what servers send, with nonsense at every place. */
const nearlyChunk = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.constantFrom(null, 0, -1, 'x', '', true, 'stop', 'error'), tie('record'), fc.array(tie('value'), { maxLength: 3 })),
  record: fc.dictionary(
    fc.constantFrom('choices', 'delta', 'message', 'content', 'reasoning', 'tool_calls', 'function', 'name', 'arguments', 'index', 'id', 'finish_reason', 'usage', 'x_groq', 'error', 'code', 'detail', 'prompt_tokens', 'failed_generation', 'type', 'text', 'thinking'),
    tie('value'),
    { maxKeys: 6 },
  ),
})).record;

function endsOnce(chunks: readonly ModelChunk[]): void {
  expect(chunks.filter((chunk) => chunk.type === 'finish' || chunk.type === 'error')).toHaveLength(1);
  expect(['finish', 'error']).toContain(chunks.at(-1)?.type);
}

test('whatever a server sends as events, the stream ends once and throws nothing', async () => {
  const event = fc.oneof(
    fc.array(nearlyChunk, { maxLength: 6 }).map((list) => list.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')),
    fc.string().map((text) => `data: ${text}\n\n`),
    fc.string(),
    nearlyChunk.map((value) => `event: error\ndata: ${JSON.stringify(value)}\n\n`),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 6 }), async (events) => {
      endsOnce(await answered(events.map((text) => encoder.encode(text)), eventStream));
    }),
    { numRuns: 400 },
  );
});

test('whatever a server sends as an answer of another kind', async () => {
  const body = fc.oneof(nearlyChunk.map((value) => JSON.stringify(value)), fc.string());
  const kind = fc.constantFrom('application/json', 'text/html', 'text/plain', '');
  await fc.assert(
    fc.asyncProperty(body, kind, fc.constantFrom(200, 400, 401, 404, 413, 422, 429, 498, 500), async (text, contentType, status) => {
      endsOnce(await answered([encoder.encode(text)], { 'content-type': contentType }, status));
    }),
    { numRuns: 400 },
  );
});

test('however a reply is cut, it is the same', async () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat(40), { maxLength: 30 }), async (parts, sizes) => {
      const events = parts.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\r\n\r\n`);
      const bytes = encoder.encode(`${events.join('')}data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`);
      const pieces: Uint8Array[] = [];
      let start = 0;
      for (const size of sizes) {
        pieces.push(bytes.slice(start, start + size));
        start += size;
      }
      const chunks = await answered([...pieces, bytes.slice(start)].filter((piece) => piece.length > 0), eventStream);
      expect(textOf(chunks)).toBe(parts.join(''));
      expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    }),
    { numRuns: 300 },
  );
});
