import { expect, test } from 'vitest';
import { EventStreamReader, type ServerSentEvent } from '../../../src/models/serverSentEvents';

const stream =
  ': comment\n\ndata: {"a":1}\n\nevent: error\r\ndata: {"b":\r\ndata:2}\r\n\r\nid: 7\nretry: 10\n\ndata\n\nevent: lost\n\ndata:  two spaces\n\ndata: [DONE]\n\n';
const expected: ServerSentEvent[] = [
  { event: undefined, data: '{"a":1}' },
  { event: 'error', data: '{"b":\n2}' },
  { event: undefined, data: '' },
  { event: undefined, data: ' two spaces' },
  { event: undefined, data: '[DONE]' },
];

test('whole', () => {
  const reader = new EventStreamReader();
  expect([...reader.push(stream), ...reader.end()]).toEqual(expected);
});

test('cut at every position, and byte by byte', () => {
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const reader = new EventStreamReader();
    expect([...reader.push(stream.slice(0, cut)), ...reader.push(stream.slice(cut)), ...reader.end()]).toEqual(expected);
  }
  const reader = new EventStreamReader();
  expect(Array.from(stream, (character) => reader.push(character)).flat()).toEqual(expected);
});

test('an event without its blank line counts at the end, once', () => {
  const reader = new EventStreamReader();
  expect(reader.push('data: 1\n\ndata: 2')).toEqual([{ event: undefined, data: '1' }]);
  expect(reader.end()).toEqual([{ event: undefined, data: '2' }]);
  expect(reader.end()).toEqual([]);
});
