import { StepwiseError } from '../../src/core/errors';
import type { ChatModel, ModelChunk, ModelInfo, ModelRequest, TokenUsage } from '../../src/core/model';

/** Stands in a list of chunks for a server that sends nothing more: the stream waits there for the abort. */
export const hang = { type: 'hang' } as const;

/**
 * One reply. A string is streamed as `text`, followed by usage and `finish`. A list of chunks is streamed as it
 * is; where it ends without a `finish` or `error`, a `finish` with the reason `stop` is added.
 */
export type ScriptedTurn = string | readonly (ModelChunk | typeof hang)[];

/** Makes the reply to the request with this number (0-based). */
export type TurnMaker = (request: ModelRequest, index: number) => ScriptedTurn | Promise<ScriptedTurn>;

export interface ScriptedModelOptions {
  /** UTF-16 units of each text chunk of a string reply; whole replies if left out. */
  readonly chunkSize?: number;
  /** What the model says of itself; an unknown OpenAI-compatible model named `scripted` if left out. */
  readonly info?: Partial<ModelInfo>;
  /** Usage after each string reply; `false` for a server that reports none. */
  readonly usage?: TokenUsage | false;
  /** Awaited before each chunk goes out: lets a test look at the run in between. */
  readonly beforeChunk?: (chunk: ModelChunk, index: number) => Promise<void> | void;
}

/** A model that replays replies, and remembers what it was asked. */
export interface ScriptedModel extends ChatModel {
  /** All requests so far, copied when they came, oldest first. */
  readonly requests: readonly ModelRequest[];
  /** Streams that ended before their last chunk: aborted, or not read to the end. */
  readonly cutShort: number;
}

/**
 * A `ChatModel` that answers the first request with the first reply, and so on; a request past the last one gets
 * an `error` chunk with the code `internal`. An abort gives `error` with the code `cancelled`, as the contract says.
 */
export function scriptedModel(turns: readonly ScriptedTurn[] | TurnMaker, options: ScriptedModelOptions = {}): ScriptedModel {
  const requests: ModelRequest[] = [];
  let cutShort = 0;

  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelChunk, void, undefined> {
    const index = requests.length;
    requests.push(structuredClone(request));
    let complete = false;
    try {
      const turn = typeof turns === 'function' ? await turns(request, index) : turns[index];
      const chunks =
        turn === undefined
          ? [errorChunk('internal', `No reply is scripted for request ${index + 1}.`)]
          : chunksOf(turn, options);
      let position = 0;
      for (const chunk of chunks) {
        if (chunk.type === 'hang') {
          await aborted(signal);
        } else {
          await options.beforeChunk?.(chunk, position);
        }
        if (signal.aborted || chunk.type === 'hang') {
          yield errorChunk('cancelled', 'Cancelled.');
          return;
        }
        position += 1;
        complete = isLast(chunk);
        yield chunk;
        if (complete) {
          return;
        }
      }
    } finally {
      cutShort += complete ? 0 : 1;
    }
  }

  return {
    info: { id: 'scripted', vendor: 'openai-compatible', label: 'Scripted', ...options.info },
    stream,
    requests,
    get cutShort() {
      return cutShort;
    },
  };
}

function chunksOf(turn: ScriptedTurn, options: ScriptedModelOptions): readonly (ModelChunk | typeof hang)[] {
  if (typeof turn !== 'string') {
    const last = turn.at(-1);
    const ends = last !== undefined && (last.type === 'hang' || isLast(last));
    return ends ? turn : [...turn, { type: 'finish', reason: 'stop' }];
  }
  const size = options.chunkSize ?? Math.max(1, turn.length);
  const chunks: ModelChunk[] = [];
  for (let start = 0; start < turn.length; start += size) {
    chunks.push({ type: 'text', text: turn.slice(start, start + size) });
  }
  if (options.usage !== false) {
    chunks.push({ type: 'usage', usage: options.usage ?? { promptTokens: 100, completionTokens: 20 } });
  }
  return [...chunks, { type: 'finish', reason: 'stop' }];
}

function isLast(chunk: ModelChunk): boolean {
  return chunk.type === 'finish' || chunk.type === 'error';
}

function errorChunk(code: 'internal' | 'cancelled', message: string): ModelChunk {
  return { type: 'error', error: new StepwiseError(code, message) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    } else {
      signal.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}
