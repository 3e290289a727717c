import { callOver } from '../core/callOver';
import type { Clock } from '../core/clock';
import { StepwiseError, toStepwiseError } from '../core/errors';
import type { RunEvent } from '../core/events';
import { t } from '../core/l10n';
import type { ChatModel, FinishReason, ModelChunk, ModelRequest, NativeToolCall, TokenUsage } from '../core/model';
import { estimateTokens } from '../core/tokens';
import type { Interruption } from './interruption';
import type { TurnReader } from './protocols/protocol';

/** What one call of the model gave. */
export interface TurnReply {
  /** Text as it was used: up to the cut where the turn was cut short. */
  readonly raw: string;
  /** What the model thought in a field of its own. */
  readonly reasoning: string;
  readonly calls: readonly NativeToolCall[];
  readonly usage: TokenUsage;
  /** `cut`: ended here because nothing after it would have been used. */
  readonly finish: FinishReason | 'cut' | 'error';
  /** Time until the last chunk less announced waits, in ms. */
  readonly thinkingMs: number;
  readonly error: StepwiseError | undefined;
  /** Text of it was shown as an answer. */
  readonly answerShown: boolean;
  /** The reader that has read `raw`. */
  readonly reader: TurnReader;
}

export interface TurnParts {
  readonly model: ChatModel;
  readonly request: ModelRequest;
  readonly step: number;
  readonly createReader: () => TurnReader;
  readonly interruption: Interruption;
  readonly emit: (event: RunEvent) => void;
  readonly includeThoughts: boolean;
  readonly clock: Clock;
  /** About how many tokens the prompt has, for servers that report no usage. */
  readonly promptTokens: number;
}

/**
 * Calls the model once and reads its reply while it streams. Trouble of the model is part of the result; only
 * `Interrupted` is thrown, when the run is to stop.
 */
export async function runTurn(parts: TurnParts): Promise<TurnReply> {
  const turn = new Turn(parts);
  const controller = new AbortController();
  const abort = (): void => controller.abort(callOver);
  parts.interruption.signal.addEventListener('abort', abort, { once: true });
  const chunks = parts.model.stream(parts.request, controller.signal)[Symbol.asyncIterator]();
  try {
    while (!turn.ended) {
      const next = await parts.interruption.wait(chunks.next());
      if (next.done === true) {
        turn.endWithoutFinish();
      } else {
        turn.take(next.value);
      }
    }
  } catch (error) {
    if (parts.interruption.reason !== undefined) {
      throw error;
    }
    turn.fail(toStepwiseError(error));
  } finally {
    parts.interruption.signal.removeEventListener('abort', abort);
    if (!turn.complete) {
      // Ends the call at the server; the stream's own cleaning up is not waited for.
      abort();
    }
    void Promise.resolve(chunks.return?.()).catch(() => undefined);
  }
  return turn.reply();
}

class Turn {
  readonly #parts: TurnParts;
  readonly #startedAt: number;
  #reader: TurnReader;
  #raw = '';
  #reasoning = '';
  #calls: NativeToolCall[] = [];
  #usage: TokenUsage | undefined;
  #finish: TurnReply['finish'] | undefined;
  #error: StepwiseError | undefined;
  #answerShown = false;
  #waitedMs = 0;
  #waitStartedAt: number | undefined;

  constructor(parts: TurnParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.monotonic();
    this.#reader = parts.createReader();
  }

  get ended(): boolean {
    return this.#finish !== undefined;
  }

  /** The stream has come to its own end. */
  get complete(): boolean {
    return this.#finish !== undefined && this.#finish !== 'cut' && this.#error === undefined;
  }

  take(chunk: ModelChunk): void {
    if (this.#waitStartedAt !== undefined) {
      this.#waitedMs += this.#parts.clock.monotonic() - this.#waitStartedAt;
      this.#waitStartedAt = undefined;
    }
    const { emit, step } = this.#parts;
    switch (chunk.type) {
      case 'text':
        this.#takeText(chunk.text);
        return;
      case 'reasoning':
        this.#reasoning += chunk.text;
        if (this.#parts.includeThoughts) {
          emit({ type: 'thought-delta', step, text: chunk.text });
        }
        return;
      case 'tool-call':
        this.#calls.push(chunk.call);
        return;
      case 'usage':
        this.#usage = chunk.usage;
        return;
      case 'limits':
        emit({ type: 'limits', limits: chunk.limits });
        return;
      case 'wait':
        this.#waitStartedAt = this.#parts.clock.monotonic();
        emit({ type: 'wait', step, waitMs: chunk.waitMs, attempt: chunk.attempt, reason: chunk.reason });
        return;
      case 'restart':
        this.#reader = this.#parts.createReader();
        this.#raw = '';
        this.#reasoning = '';
        this.#calls = [];
        this.#answerShown = false;
        emit({ type: 'step-reset', step });
        return;
      case 'finish':
        this.#finish = chunk.reason;
        return;
      case 'error':
        this.fail(chunk.error);
    }
  }

  fail(error: StepwiseError): void {
    this.#error = error;
    this.#finish = 'error';
  }

  endWithoutFinish(): void {
    this.fail(new StepwiseError('stream-broken', t('The reply of the model broke off. Try again.'), { remedy: 'retry' }));
  }

  reply(): TurnReply {
    const thinkingMs = Math.max(0, this.#parts.clock.monotonic() - this.#startedAt - this.#waitedMs);
    return {
      raw: this.#raw,
      reasoning: this.#reasoning,
      calls: this.#calls,
      usage: this.#usage ?? this.#estimatedUsage(),
      finish: this.#finish ?? 'error',
      thinkingMs,
      error: this.#error,
      answerShown: this.#answerShown,
      reader: this.#reader,
    };
  }

  #takeText(text: string): void {
    const { emit, step, includeThoughts } = this.#parts;
    this.#raw += text;
    for (const visible of this.#reader.push(text)) {
      if (visible.type === 'answer') {
        this.#answerShown = true;
        emit({ type: 'answer-delta', step, text: visible.text });
      } else if (includeThoughts) {
        emit({ type: 'thought-delta', step, text: visible.text });
      }
    }
    const cutAt = this.#reader.cutAt;
    if (cutAt !== undefined) {
      this.#cut(cutAt);
    }
  }

  /** Ends the turn at `cutAt`, so that the result is the same however the text was cut into chunks. */
  #cut(cutAt: number): void {
    this.#finish = 'cut';
    if (cutAt < this.#raw.length) {
      this.#raw = this.#raw.slice(0, cutAt);
      this.#reader = this.#parts.createReader();
      this.#reader.push(this.#raw);
    }
  }

  #estimatedUsage(): TokenUsage {
    const calls = this.#calls.map((call) => call.name + call.arguments).join('');
    const completionTokens = estimateTokens(this.#raw + this.#reasoning + calls);
    return { promptTokens: this.#parts.promptTokens, completionTokens, estimated: true };
  }
}
