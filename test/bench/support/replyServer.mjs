import { createServer } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

/**
 * Starts a server in a thread of its own that streams replies in the OpenAI format as fast as it can: call number i of
 * a conversation (counted by its assistant messages) gets `replies[i]`, in pieces of `pieceSize` characters.
 *
 * @param {string[]} replies
 * @param {number} pieceSize
 * @returns {Promise<{ baseUrl: string, close(): Promise<void> }>}
 */
export function startReplyServer(replies, pieceSize) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { replies, pieceSize }, execArgv: [] });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (port) =>
      resolve({
        baseUrl: `http://127.0.0.1:${port}`,
        close: async () => {
          await worker.terminate();
        },
      }),
    );
  });
}

/** @param {string} reply @param {number} pieceSize */
function eventStream(reply, pieceSize) {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'bench' };
  const events = [];
  for (let start = 0; start < reply.length; start += pieceSize) {
    const delta = { content: reply.slice(start, start + pieceSize) };
    events.push(JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: null }] }));
  }
  const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 };
  events.push(
    JSON.stringify({ ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage, x_groq: { id: 'r', usage } }),
    '[DONE]',
  );
  return events.map((event) => `data: ${event}\n\n`).join('');
}

if (!isMainThread) {
  const { replies, pieceSize } = workerData;
  const bodies = replies.map((/** @type {string} */ reply) => eventStream(reply, pieceSize));
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { messages } = JSON.parse(text);
      const turn = messages.filter((/** @type {{ role: string }} */ message) => message.role === 'assistant').length;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(bodies[Math.min(turn, bodies.length - 1)]);
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage(/** @type {any} */ (server.address()).port));
}
