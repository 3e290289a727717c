import { callOver } from '../core/callOver';
import { toStepwiseError, type StepwiseError } from '../core/errors';
import type { ModelChunk, ModelInfo, ModelRequest } from '../core/model';
import type { Clock } from './clock';
import { CompletionReader } from './completionReader';
import { readFailedGeneration } from './failedGeneration';
import { brokenStreamError, cancelledError, failureOf, networkFailure, type CallContext } from './failures';
import { isRecord, parseJson } from './json';
import { mapLimitHeaders } from './limitHeaders';
import { completionBody, type CompletionBody, type VendorFields } from './requestBody';
import { EventStreamReader, type ServerSentEvent } from './serverSentEvents';
import { faultOfHttp, HttpFailure, readFault, type ServerFault } from './serverFault';
import { learnQuirk, type ServerQuirks } from './serverQuirks';

/** A server that speaks `/chat/completions`, through the client library of its vendor. */
export interface CompletionServer {
  readonly info: ModelInfo;
  readonly context: CallContext;
  readonly vendor: VendorFields;
  readonly quirks: ServerQuirks;
  readonly clock: Clock;
  /** Sends one body and gives the answer once its headers are there; rejects with `HttpFailure` or what the network threw. */
  send(body: CompletionBody, signal: AbortSignal): Promise<Response>;
  /** Ids of models that could be used instead; empty where that cannot be found out. Never rejects. */
  alternatives(signal: AbortSignal): Promise<readonly string[]>;
}

/** How long the end of a complete reply is waited for, so that its connection can be used again. In ms. */
const endGraceMs = 1000;
/** How often a call whose parts show nothing yet says that it goes on. In ms. */
const signOfLifeMs = 1000;
/** A server that refuses more fields than this one after the other is not worth adapting to. */
const mostAdaptations = 6;

/**
 * One call as a stream of chunks, by the contract of `ModelChunk`: exactly one `finish` or `error` at the end,
 * nothing thrown.
 *
 * The client libraries send the request; the answer's stream is read here. Their own readers end without a word
 * where a server closes early or the call is aborted, log what they cannot parse, and cost three times as much.
 * An empty `text` chunk is a sign of life while native calls are being written.
 */
export async function* streamCompletion(
  server: CompletionServer,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelChunk, void, undefined> {
  const controller = new AbortController();
  const call: Call = { controller, isRead: false };
  const onAbort = (): void => controller.abort(callOver);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) {
      onAbort();
    }
    const answer = await open(server, request, controller.signal);
    if (signal.aborted) {
      yield { type: 'error', error: cancelledError() };
      return;
    }
    const limits = answer.headers === undefined ? undefined : mapLimitHeaders(answer.headers);
    if (limits !== undefined) {
      yield { type: 'limits', limits };
    }
    if (answer.response !== undefined) {
      yield* readAnswer(server, answer.response, call, signal);
    } else if (answer.fault !== undefined) {
      yield* await failureChunks(server, answer.fault, signal);
    } else {
      yield { type: 'error', error: answer.error };
    }
  } catch (error) {
    // Only a bug gets here; a stream throws nothing all the same.
    yield { type: 'error', error: signal.aborted ? cancelledError() : toStepwiseError(error) };
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!call.isRead) {
      controller.abort(callOver);
    }
  }
}

/** One request and what became of its answer. */
interface Call {
  readonly controller: AbortController;
  /** The answer was read to its end: there is nothing left to hang up on, and an abort of it would cost for nothing. */
  isRead: boolean;
}

type Answer =
  | { readonly response: Response; readonly headers: Headers }
  | { readonly response?: undefined; readonly fault: ServerFault; readonly headers: Headers }
  | { readonly response?: undefined; readonly fault?: undefined; readonly error: StepwiseError; readonly headers?: undefined };

/** Sends the request, in another form as long as the server refuses a field that it can do without. */
async function open(server: CompletionServer, request: ModelRequest, signal: AbortSignal): Promise<Answer> {
  for (let adaptations = 0; ; adaptations += 1) {
    const body = completionBody(server.info, request, server.vendor, server.quirks);
    try {
      const response = await server.send(body, signal);
      return { response, headers: response.headers };
    } catch (error) {
      const failure = httpFailureIn(error);
      if (failure === undefined) {
        return { error: networkFailure(error, server.context, false) };
      }
      const fault = faultOfHttp(failure);
      if (adaptations >= mostAdaptations || !learnQuirk(fault, body, server.quirks)) {
        return { fault, headers: failure.headers };
      }
    }
  }
}

/** The client libraries hand on what their `fetch` threw as the cause of an error of their own. */
function httpFailureIn(error: unknown): HttpFailure | undefined {
  const candidate = error instanceof HttpFailure ? error : error instanceof Error ? error.cause : undefined;
  return candidate instanceof HttpFailure ? candidate : undefined;
}

async function* readAnswer(
  server: CompletionServer,
  response: Response,
  call: Call,
  signal: AbortSignal,
): AsyncGenerator<ModelChunk, void, undefined> {
  const type = response.headers.get('content-type') ?? '';
  const reader = new CompletionReader();
  let cause: unknown;
  if (type.includes('application/json')) {
    cause = await readWhole(response, reader, call);
    yield* reader.take();
  } else if (type.includes('text/html') || response.body === null) {
    // A page instead of an answer: a login of a proxy, or an address that is no model server.
    await response.body?.cancel();
    yield { type: 'error', error: failureOf({ status: 404, message: '' }, server.context) };
    return;
  } else {
    cause = yield* readEvents(response.body, reader, server, call);
  }
  if (reader.finished && reader.fault === undefined) {
    yield* reader.end();
    return;
  }
  if (reader.usage !== undefined) {
    yield { type: 'usage', usage: reader.usage };
  }
  if (signal.aborted) {
    yield { type: 'error', error: cancelledError() };
  } else if (reader.fault !== undefined) {
    yield* await failureChunks(server, reader.fault, signal);
  } else {
    yield { type: 'error', error: cause === undefined ? brokenStreamError(server.context) : networkFailure(cause, server.context, true) };
  }
}

/** Reads a completion that comes as one JSON object; returns what broke it off, if anything did. */
async function readWhole(response: Response, reader: CompletionReader, call: Call): Promise<unknown> {
  try {
    const text = await response.text();
    call.isRead = true;
    const value = parseJson(text);
    if (isRecord(value)) {
      reader.read(value);
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Reads a stream of events to its end; returns what broke it off, if anything did. */
async function* readEvents(
  stream: ReadableStream<Uint8Array>,
  reader: CompletionReader,
  server: CompletionServer,
  call: Call,
): AsyncGenerator<ModelChunk, unknown, undefined> {
  const { clock } = server;
  const events = new EventStreamReader();
  const decoder = new TextDecoder();
  const body = stream.getReader();
  let stopWaiting: (() => void) | undefined;
  let lastChunkAt = clock.now();
  try {
    for (;;) {
      const { done, value } = await body.read();
      call.isRead = done;
      const intact = readInto(reader, done ? events.end() : events.push(decoder.decode(value, { stream: true })));
      const chunks = reader.take();
      if (chunks.length > 0) {
        lastChunkAt = clock.now();
        yield* chunks;
      } else if (reader.callsBegun && clock.now() - lastChunkAt >= signOfLifeMs) {
        lastChunkAt = clock.now();
        yield { type: 'text', text: '' };
      }
      if (done) {
        return undefined;
      }
      if (!intact) {
        return new Error('An event of the stream is not valid JSON.');
      }
      if (reader.fault !== undefined) {
        return undefined;
      }
      // The reply is complete; what may follow is the usage, `[DONE]` and the end of the answer.
      if (reader.finished) {
        stopWaiting ??= clock.after(endGraceMs, () => call.controller.abort(callOver));
      }
    }
  } catch (error) {
    return error;
  } finally {
    stopWaiting?.();
  }
}

/** False when an event was no JSON. What came before it has been read. */
function readInto(reader: CompletionReader, events: readonly ServerSentEvent[]): boolean {
  for (const { event, data } of events) {
    if (data === '' || data.startsWith('[DONE]')) {
      continue;
    }
    const value = parseJson(data);
    if (event === 'error') {
      const fault = readFault(value) ?? { message: data };
      reader.read({ error: { ...fault, failed_generation: fault.failedGeneration } });
      return true;
    }
    if (!isRecord(value)) {
      return false;
    }
    reader.read(value);
  }
  return true;
}

/**
 * How a call ends that a server refused: with the error, or, where the server only could not make a call or JSON of
 * what the model wrote, with just that.
 */
async function failureChunks(server: CompletionServer, fault: ServerFault, signal: AbortSignal): Promise<ModelChunk[]> {
  const error = failureOf(fault, server.context);
  if ((error.code === 'tool-use-failed' || error.code === 'unreadable-reply') && fault.failedGeneration !== undefined) {
    const calls = error.code === 'tool-use-failed' ? readFailedGeneration(fault.failedGeneration) : undefined;
    return calls === undefined
      ? [{ type: 'text', text: fault.failedGeneration }, { type: 'finish', reason: 'stop' }]
      : [...calls.map((call): ModelChunk => ({ type: 'tool-call', call })), { type: 'finish', reason: 'tool-calls' }];
  }
  if (error.code !== 'model-not-found') {
    return [{ type: 'error', error }];
  }
  const alternatives = await server.alternatives(signal);
  return [{ type: 'error', error: signal.aborted ? cancelledError() : failureOf(fault, server.context, alternatives) }];
}
