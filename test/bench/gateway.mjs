/**
 * What the reasoning API adds to a run: the time to the first token and the time of a streamed event, against the loop
 * called directly with the same model in the same process. The client is `node:http` over loopback, which is part of what
 * is added.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSource, median } from './support/bundle.mjs';

const token = 'bench-token';
const firstTokenRounds = 60;
const warmUps = 15;
const words = 20_000;
const streamRounds = 5;

/**
 * A model that answers at once, in pieces of one word.
 * @param {number} count
 */
function wordModel(count) {
  return {
    info: { id: 'bench', vendor: 'openai-compatible', label: 'Bench' },
    async *stream() {
      yield { type: 'text', text: '<thought>I count.</thought><answer>' };
      for (let word = 0; word < count; word += 1) {
        yield { type: 'text', text: 'word ' };
      }
      yield { type: 'text', text: '</answer>' };
      yield { type: 'usage', usage: { promptTokens: 10, completionTokens: count } };
      yield { type: 'finish', reason: 'stop' };
    },
  };
}

/**
 * Posts a body and reads the response to its end.
 * @param {Agent} agent @param {number} port @param {object} body @param {(text: string) => void} onText
 * @returns {Promise<void>}
 */
function post(agent, port, body, onText) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const request = httpRequest({ agent, host: '127.0.0.1', port, path: '/v1/chat/completions', method: 'POST', headers }, (response) => {
      response.setEncoding('utf8').on('data', onText).on('end', resolve).on('error', reject);
    });
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

export async function run() {
  const { createRunner, createSessionFiles, SessionStore, startGateway } = await loadSource(`
    export { createRunner } from './src/app/runner';
    export { SessionStore } from './src/app/sessions';
    export { createSessionFiles } from './src/node/sessionFiles';
    export { startGateway } from './src/gateway/server';
  `);
  const folder = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
  const runner = createRunner(() => undefined);
  let model = wordModel(10);
  const server = await startGateway(
    {
      token,
      allowedOrigins: [],
      runner,
      sessions: new SessionStore(createSessionFiles(folder), { mostSessions: 50 }),
      models: () => Promise.resolve([model.info]),
      model: () => Promise.resolve(model),
      tools: () => Promise.resolve([]),
      onFailure: (/** @type {unknown} */ error) => {
        throw error;
      },
    },
    0,
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const question = 'How many words?';
  const body = { messages: [{ role: 'user', content: question }], stream: true, selfThinking: { enabled: true, includeThoughtsInResponse: false } };

  /** One run of the loop alone: ms until the first piece of the answer, and until the end; how many pieces there were. */
  async function directly() {
    const started = performance.now();
    let first = 0;
    let pieces = 0;
    const handle = runner.start({ task: 'question', question }, { model, tools: [] }, [
      (/** @type {{ type: string }} */ event) => {
        if (event.type === 'answer-delta') {
          first ||= performance.now() - started;
          pieces += 1;
        }
      },
    ]);
    await handle.done;
    return { first, whole: performance.now() - started, pieces };
  }

  /** The same over the API. */
  async function overTheApi() {
    const started = performance.now();
    let first = 0;
    /** @type {string[]} */
    const texts = [];
    await post(agent, server.port, body, (text) => {
      if (first === 0 && text.includes('word')) {
        first = performance.now() - started;
      }
      texts.push(text);
    });
    const whole = performance.now() - started;
    return { first, whole, pieces: texts.join('').split('"content":"word ').length - 1 };
  }

  try {
    const added = [];
    const firsts = { direct: /** @type {number[]} */ ([]), api: /** @type {number[]} */ ([]) };
    for (let round = 0; round < firstTokenRounds + warmUps; round += 1) {
      const direct = await directly();
      const api = await overTheApi();
      if (round >= warmUps) {
        firsts.direct.push(direct.first);
        firsts.api.push(api.first);
        added.push(api.first - direct.first);
      }
    }
    model = wordModel(words);
    const perEvent = [];
    const floors = [];
    for (let round = 0; round < streamRounds + 1; round += 1) {
      const direct = await directly();
      const api = await overTheApi();
      if (direct.pieces < words || api.pieces < words) {
        throw new Error(`Events were lost: ${direct.pieces} directly and ${api.pieces} over the API of ${words}.`);
      }
      if (round > 0) {
        floors.push(direct.whole / direct.pieces);
        perEvent.push(api.whole / api.pieces - direct.whole / direct.pieces);
      }
    }
    return [
      { name: 'first token: the loop alone', value: median(firsts.direct), unit: 'ms' },
      { name: 'first token: over the API', value: median(firsts.api), unit: 'ms' },
      { name: 'first token: added by the API', value: median(added), unit: 'ms', goal: '< 5' },
      { name: 'a streamed event: the loop alone', value: median(floors) * 1000, unit: 'µs' },
      { name: 'a streamed event: added by the API', value: median(perEvent) * 1000, unit: 'µs', goal: '< 50' },
    ];
  } finally {
    agent.destroy();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
