import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One reply of a model, and what goes wrong with it. */
export interface ScriptedReply {
  readonly text?: string;
  /** Sent in Groq's field `reasoning`, elsewhere in `reasoning_content`, before the text. */
  readonly reasoning?: string;
  readonly toolCalls?: readonly { readonly id?: string; readonly name: string; readonly arguments: string }[];
  /** Tokens that are reported; `false` for none. 100 and 20 if left out. */
  readonly usage?: { readonly prompt: number; readonly completion: number; readonly cached?: number } | false;
  /** `stop`, or `tool_calls` where there are some, if left out; `null` for a stream that never gives one. */
  readonly finishReason?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** UTF-16 units of text in one event; 16 if left out. */
  readonly chunkSize?: number;

  /** An answer with this status instead of a reply. `error` becomes `{error}`; a string is sent as it is. */
  readonly failure?: { readonly status: number; readonly error: object | string };
  /** The connection is cut here. `before-finish` is behind the text, ahead of its reason; `before-done` ahead of `[DONE]`. */
  readonly drop?: 'before-headers' | 'mid-stream' | 'before-finish' | 'before-done';
  /** Nothing more comes from here on, while the connection stays open. */
  readonly stall?: 'before-headers' | 'mid-stream' | 'before-done';
  /** An event in the middle that is no JSON. */
  readonly malformed?: boolean;
  /** An error in the middle of the stream: `{error}`, its fields alone with the event name `error`, or Groq's `x_groq.error`. */
  readonly streamError?: { readonly form: 'nested' | 'flat' | 'x_groq'; readonly error: object | string };
  /** Every byte in a packet of its own. */
  readonly byteByByte?: boolean;
  /** The stream ends behind this many events without anything wrong. */
  readonly endAfter?: number;
}

/** A request as it came. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as text. */
  readonly text: string;
}

export type ReplyMaker = (request: RecordedRequest, index: number) => ScriptedReply | string;

export interface ModelServerOptions {
  /** Replies to the first, second … chat request, or what makes them. A string is a reply with that text. */
  readonly replies: readonly (ScriptedReply | string)[] | ReplyMaker;
  /** What `/models` lists; the two production models of Groq if left out. */
  readonly models?: readonly object[];
  /** The only key that is accepted; any, and none, if left out. */
  readonly key?: string;
}

export interface ModelServer {
  /** For `groq-sdk`, whose paths begin with `/openai/v1`. */
  readonly groqBaseUrl: string;
  /** For OpenAI-compatible clients; ends in `/v1`. */
  readonly openaiBaseUrl: string;
  /** Chat requests so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Settles as soon as the number of stalled replies so far is `count`. */
  untilStalled(count?: number): Promise<void>;
  /** Settles as soon as no client is in the middle of a reply. */
  untilIdle(): Promise<void>;
  /** Chat requests that are being answered now. */
  readonly active: number;
  close(): Promise<void>;
}

/** Failures as Groq words them. */
export const failures = {
  rateLimited: (retryAfterSeconds?: number): ScriptedReply => ({
    failure: {
      status: 429,
      error: {
        message: 'Rate limit reached for model `m` in organization `o` service tier `on_demand` on tokens per minute (TPM): Limit 8000, Used 7600, Requested 900.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  }),
  tooLarge: (limit: number, requested: number): ScriptedReply => ({
    failure: {
      status: 413,
      error: {
        message: `Request too large for model \`m\` in organization \`o\` service tier \`on_demand\` on tokens per minute (TPM): Limit ${limit}, Requested ${requested}, please reduce your message size and try again.`,
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
  }),
  overCapacity: { failure: { status: 498, error: { message: 'Flex capacity exceeded', type: 'error', code: 'capacity_exceeded' } } },
  serverError: { failure: { status: 500, error: { message: 'Internal Server Error', type: 'internal_server_error' } } },
  badKey: { failure: { status: 401, error: { message: 'Invalid API Key', type: 'invalid_request_error', code: 'invalid_api_key' } } },
  forbidden: { failure: { status: 403, error: { message: 'Not allowed', type: 'permissions_error' } } },
  modelNotFound: {
    failure: { status: 404, error: { message: 'The model `m` does not exist or you do not have access to it.', type: 'invalid_request_error', code: 'model_not_found' } },
  },
  decommissioned: {
    failure: { status: 400, error: { message: 'The model `m` has been decommissioned and is no longer supported.', type: 'invalid_request_error', code: 'model_decommissioned' } },
  },
  toolUseFailed: (failedGeneration?: string): ScriptedReply => ({
    failure: {
      status: 400,
      error: {
        message: 'Tool choice is none, but model called a tool',
        type: 'invalid_request_error',
        code: 'tool_use_failed',
        ...(failedGeneration === undefined ? {} : { failed_generation: failedGeneration }),
      },
    },
  }),
} as const satisfies Record<string, ScriptedReply | ((...args: never[]) => ScriptedReply)>;

const productionModels = [
  { id: 'openai/gpt-oss-20b', object: 'model', owned_by: 'OpenAI', active: true, context_window: 131_072, max_completion_tokens: 65_536 },
  { id: 'openai/gpt-oss-120b', object: 'model', owned_by: 'OpenAI', active: true, context_window: 131_072, max_completion_tokens: 65_536 },
];

/**
 * Starts a server on the loopback address that speaks Groq's API below `/openai/v1` and an OpenAI-compatible one
 * below `/v1`, and answers as scripted. A request past the last reply gets status 500 with a text that says so.
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { replies } = options;
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const watchers = new Set<() => void>();
  let stalled = 0;
  let active = 0;

  const changed = (): void => {
    for (const watcher of watchers) {
      watcher();
    }
  };
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const watcher = (): void => {
        if (holds()) {
          watchers.delete(watcher);
          resolve();
        }
      };
      watchers.add(watcher);
      watcher();
    });

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readText(message);
    const path = message.url ?? '';
    const isGroq = path.startsWith('/openai/v1/');
    const request: RecordedRequest = {
      method: message.method ?? '', path, headers: message.headers, text,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
    if (!/^(\/openai)?\/v1\/(models|chat\/completions)$/.test(path)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
    } else if (options.key !== undefined && message.headers.authorization !== `Bearer ${options.key}`) {
      await sendReply(response, failures.badKey, request, isGroq, noteStall);
    } else if (path.endsWith('/models')) {
      sendJson(response, 200, { object: 'list', data: options.models ?? productionModels }, {});
    } else {
      const index = requests.push(request) - 1;
      const scripted = typeof replies === 'function' ? replies(request, index) : replies[index];
      const reply = scripted ?? { failure: { status: 500, error: `No reply is scripted for request ${index + 1}.` } };
      await sendReply(response, typeof reply === 'string' ? { text: reply } : reply, request, isGroq, noteStall);
    }
  }

  function noteStall(): void {
    stalled += 1;
    changed();
  }

  const server = createServer((message, response) => {
    active += 1;
    response.once('close', () => {
      active -= 1;
      changed();
    });
    answer(message, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    groqBaseUrl: address,
    openaiBaseUrl: `${address}/v1`,
    requests,
    untilStalled: (count = 1) => until(() => stalled >= count),
    untilIdle: () => until(() => active === 0),
    get active() {
      return active;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        for (const socket of sockets) {
          socket.destroy();
        }
      }),
  };
}

async function sendReply(
  response: ServerResponse,
  reply: ScriptedReply,
  request: RecordedRequest,
  isGroq: boolean,
  noteStall: () => void,
): Promise<void> {
  if (reply.drop === 'before-headers') {
    response.destroy();
    return;
  }
  if (reply.stall === 'before-headers') {
    noteStall();
    return;
  }
  if (reply.failure !== undefined) {
    const { status, error } = reply.failure;
    if (typeof error === 'string') {
      response.writeHead(status, { 'content-type': 'text/plain', ...reply.headers }).end(error);
    } else {
      sendJson(response, status, { error }, reply.headers ?? {});
    }
    return;
  }
  if (request.body.stream !== true) {
    sendJson(response, 200, completion(reply, isGroq), reply.headers ?? {});
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...reply.headers });
  const events = eventsOf(reply, request, isGroq);
  const end = events.findIndex((event) => event.isEnd);
  const middle = Math.min(Math.ceil(end / 2), end - 1);
  for (const [index, event] of events.entries()) {
    if (index === middle && reply.malformed === true) {
      response.write('data: {"choices":[{"delta":{"content":"bro\n\n');
    }
    if (index === middle && reply.streamError !== undefined) {
      response.write(streamErrorEvent(reply.streamError));
    }
    if (index === reply.endAfter) {
      response.end();
      return;
    }
    const here = event.text === 'data: [DONE]\n\n' ? 'before-done' : event.isEnd ? 'before-finish' : index === middle ? 'mid-stream' : undefined;
    if (here !== undefined && (reply.drop === here || reply.stall === here)) {
      await flushed(response);
      if (reply.drop === here) {
        response.destroy();
      } else {
        noteStall();
      }
      return;
    }
    if (reply.byteByByte === true) {
      for (const byte of Buffer.from(event.text)) {
        response.write(Buffer.of(byte));
        await flushed(response);
      }
    } else if (!response.write(event.text)) {
      await drained(response);
    }
  }
  response.end();
}

interface StreamEvent {
  readonly text: string;
  /** True for the event with the reason for the end. */
  readonly isEnd?: boolean;
}

function eventsOf(reply: ScriptedReply, request: RecordedRequest, isGroq: boolean): StreamEvent[] {
  const events: StreamEvent[] = [];
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_780_000_000, model: request.body.model };
  const push = (choice: object, extra: object = {}, isEnd = false): void => {
    const data = { ...head, choices: [{ index: 0, finish_reason: null, ...choice }], ...extra };
    events.push({ text: `data: ${JSON.stringify(data)}\n\n`, isEnd });
  };
  push({ delta: { role: 'assistant', content: '' } }, isGroq ? { x_groq: { id: 'req_1' } } : {});
  for (const piece of pieces(reply.reasoning ?? '', reply.chunkSize)) {
    push({ delta: isGroq ? { reasoning: piece } : { reasoning_content: piece } });
  }
  for (const piece of pieces(reply.text ?? '', reply.chunkSize)) {
    push({ delta: { content: piece } });
  }
  for (const [index, call] of (reply.toolCalls ?? []).entries()) {
    push({ delta: { tool_calls: [{ index, id: call.id ?? `call_${index}`, type: 'function', function: { name: call.name, arguments: '' } }] } });
    for (const piece of pieces(call.arguments, reply.chunkSize)) {
      push({ delta: { tool_calls: [{ index, function: { arguments: piece } }] } });
    }
  }
  const usage = usageOf(reply);
  push({ delta: {}, finish_reason: finishReasonOf(reply) }, isGroq && usage !== undefined ? { x_groq: { id: 'req_1', usage } } : {}, true);
  const wantsUsage = (request.body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  if (!isGroq && usage !== undefined && wantsUsage) {
    events.push({ text: `data: ${JSON.stringify({ ...head, choices: [], usage })}\n\n` });
  }
  events.push({ text: 'data: [DONE]\n\n' });
  return events;
}

function completion(reply: ScriptedReply, isGroq: boolean): object {
  const calls = (reply.toolCalls ?? []).map((call, index) => ({
    id: call.id ?? `call_${index}`, type: 'function', function: { name: call.name, arguments: call.arguments },
  }));
  const message = {
    role: 'assistant',
    content: reply.text ?? '',
    ...(reply.reasoning === undefined ? {} : { [isGroq ? 'reasoning' : 'reasoning_content']: reply.reasoning }),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return {
    id: 'chatcmpl-1', object: 'chat.completion', created: 1_780_000_000,
    choices: [{ index: 0, message, finish_reason: finishReasonOf(reply) }],
    ...(reply.usage === false ? {} : { usage: usageOf(reply) }),
  };
}

function usageOf(reply: ScriptedReply): object | undefined {
  if (reply.usage === false) {
    return undefined;
  }
  const { prompt, completion: written, cached } = { prompt: 100, completion: 20, cached: undefined, ...reply.usage };
  return {
    prompt_tokens: prompt,
    completion_tokens: written,
    total_tokens: prompt + written,
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
  };
}

function finishReasonOf(reply: ScriptedReply): string | null {
  return reply.finishReason === undefined ? ((reply.toolCalls ?? []).length > 0 ? 'tool_calls' : 'stop') : reply.finishReason;
}

function streamErrorEvent({ form, error }: NonNullable<ScriptedReply['streamError']>): string {
  switch (form) {
    case 'nested':
      return `data: ${JSON.stringify({ error })}\n\n`;
    case 'flat':
      return `event: error\ndata: ${JSON.stringify(error)}\n\n`;
    case 'x_groq':
      return `data: ${JSON.stringify({ id: 'chatcmpl-1', choices: [], x_groq: { id: 'req_1', error } })}\n\n`;
  }
}

function pieces(text: string, size = 16): string[] {
  const all: string[] = [];
  for (let start = 0; start < text.length; start += size) {
    all.push(text.slice(start, start + size));
  }
  return all;
}

function sendJson(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function readText(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) {
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Lets what was written go out as packets of its own. */
function flushed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.writableLength === 0 || response.destroyed) {
      setImmediate(resolve);
    } else {
      response.write('', () => resolve());
    }
  });
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle);
      response.off('close', settle);
      resolve();
    };
    response.once('drain', settle);
    response.once('close', settle);
  });
}
