/**
 * What a model source with its watchdog, budget and retries costs beside the bare client libraries: per call, and per
 * event of a long answer. Both sides take turns in one process against one server in a thread of its own.
 */
import Groq from 'groq-sdk';
import OpenAI from 'openai';
import { loadSource, median } from './support/bundle.mjs';
import { startReplyServer } from './support/replyServer.mjs';

const messages = [
  { role: 'system', content: 'Use tags. '.repeat(200) },
  { role: 'user', content: 'What is it? '.repeat(400) },
];
const rounds = 9;
const callsPerRound = 20;

/** @typedef {(baseUrl: string) => Promise<number>} Reader reads one reply and gives its length */

/** @param {AsyncIterable<{ choices: { delta: { content?: string | null } }[] }>} stream */
async function lengthOf(stream) {
  let length = 0;
  for await (const chunk of stream) {
    length += (chunk.choices[0]?.delta.content ?? '').length;
  }
  return length;
}

/** @param {Record<string, () => Promise<unknown>>} tasks @param {number} count @returns {Promise<Record<string, number>>} ms of one task, by name */
async function compare(tasks, count) {
  /** @type {Record<string, number[]>} */
  const times = {};
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, task] of Object.entries(tasks)) {
      const start = performance.now();
      for (let index = 0; index < count; index += 1) {
        await task();
      }
      const ms = (performance.now() - start) / count;
      // The first rounds warm up.
      (times[name] ??= []).push(...(round < 0 ? [] : [ms]));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}

export async function run() {
  const { createModel, groqModel, EventStreamReader } = await loadSource(`
    export { createModel } from './src/models/index';
    export { groqModel } from './src/models/groq';
    export { EventStreamReader } from './src/models/serverSentEvents';
  `);
  const groqSdk = new Groq({ apiKey: 'none', baseURL: 'http://127.0.0.1', maxRetries: 0 });
  const never = new AbortController().signal;

  /** @param {any} model */
  const read = (model) => async () => {
    let length = 0;
    for await (const chunk of model.stream({ messages, maxOutputTokens: 4096 }, never)) {
      if (chunk.type === 'error') {
        throw chunk.error;
      }
      length += chunk.type === 'text' ? chunk.text.length : 0;
    }
    return length;
  };

  /** @param {string} baseUrl */
  function readers(baseUrl) {
    const groq = groqSdk.withOptions({ baseURL: baseUrl });
    const openai = new OpenAI({ apiKey: 'none', baseURL: `${baseUrl}/v1`, maxRetries: 0 });
    return {
      groq: async () =>
        lengthOf(await groq.chat.completions.create({ model: 'bench', messages: /** @type {any} */ (messages), stream: true })),
      openai: async () =>
        lengthOf(await openai.chat.completions.create({ model: 'bench', messages: /** @type {any} */ (messages), stream: true })),
      source: read(groqModel({ id: 'bench', key: 'none', baseUrl })),
      groqModel: read(createModel({ vendor: 'groq', id: 'bench', key: 'none', baseUrl })),
      openaiModel: read(createModel({ vendor: 'openai-compatible', id: 'bench', key: 'none', baseUrl: `${baseUrl}/v1` })),
    };
  }

  const figures = [];
  const short = await startReplyServer(['A short reply of the model, as a step of the loop has it. '.repeat(4)], 4);
  const calls = await compare(readers(short.baseUrl), callsPerRound);
  await short.close();
  figures.push(
    { name: 'bare groq-sdk, a call', value: calls.groq, unit: 'ms' },
    { name: 'Groq model with everything, above bare groq-sdk', value: calls.groqModel - calls.groq, unit: 'ms a call', goal: '< 0.5' },
    { name: 'compatible model with everything, above bare openai', value: calls.openaiModel - calls.openai, unit: 'ms a call', goal: '< 0.5' },
  );

  const perEvent = {};
  for (const events of [10_000, 40_000]) {
    const text = 'word'.repeat(events);
    const server = await startReplyServer([text], 4);
    const all = readers(server.baseUrl);
    if ((await all.groqModel()) !== text.length) {
      throw new Error('A part of the reply is missing.');
    }
    const times = await compare(all, 1);
    await server.close();
    perEvent[events] = Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, (ms * 1000) / events]));
  }
  const long = perEvent[40_000];
  figures.push(
    { name: 'bare groq-sdk, an event of 40,000', value: long.groq, unit: 'µs' },
    { name: 'bare openai, an event of 40,000', value: long.openai, unit: 'µs' },
    { name: 'Groq source alone, an event of 40,000', value: long.source, unit: 'µs' },
    { name: 'Groq model with everything, an event of 40,000', value: long.groqModel, unit: 'µs', goal: '< 14' },
    { name: 'compatible model with everything, an event of 40,000', value: long.openaiModel, unit: 'µs', goal: '< 14' },
    {
      name: 'growth exponent from 10,000 to 40,000 events',
      value: 1 + Math.log(long.groqModel / perEvent[10_000].groqModel) / Math.log(4),
      unit: '',
      goal: '< 1.1',
    },
  );

  const line = `data: {"choices":[{"index":0,"delta":{"content":"${'x'.repeat(100_000)}"}}]}\n\n`;
  const bytewise = await compare(
    {
      whole: () => Promise.resolve(new EventStreamReader().push(line)),
      cut() {
        const reader = new EventStreamReader();
        for (const unit of line) {
          reader.push(unit);
        }
        return Promise.resolve(reader.end());
      },
    },
    1,
  );
  figures.push({ name: 'an event of 100 KB that comes byte by byte', value: bytewise.cut, unit: 'ms', goal: '< 50' });
  return figures;
}
