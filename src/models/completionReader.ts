import type { FinishReason, ModelChunk, TokenUsage } from '../core/model';
import { mapFinishReason } from './finishReason';
import { isRecord, listAt, recordAt, stringAt, type JsonRecord } from './json';
import { readFault, type ServerFault } from './serverFault';
import { ToolCallAssembler } from './toolCallDeltas';
import { mapUsage } from './usage';

/**
 * Reads the objects of a reply: the chunks of a stream one after the other, or a whole completion as one.
 *
 * Deltas of one kind that arrived together are joined into one chunk: nothing is shown later for it, and a fast
 * server costs a fraction of the work.
 */
export class CompletionReader {
  #reason: FinishReason | undefined;
  #failed = false;
  #usage: TokenUsage | undefined;
  #fault: ServerFault | undefined;
  readonly #calls = new ToolCallAssembler();
  #pending: ModelChunk[] = [];
  #kind: 'text' | 'reasoning' = 'text';
  #joined = '';

  /** Reads one object; what it says waits for `take`. */
  read(value: JsonRecord): void {
    const fault = value['choices'] === undefined || value['error'] !== undefined ? readFault(value) : readGroqFault(value);
    if (fault !== undefined) {
      this.#fault = fault;
      return;
    }
    const choice = listAt(value, 'choices')[0];
    if (isRecord(choice)) {
      this.#readChoice(choice);
    }
    // Some servers report a running total with every chunk: the last one counts.
    this.#usage = mapUsage(value['usage'] ?? recordAt(value, 'x_groq')?.['usage']) ?? this.#usage;
  }

  /** The chunks since the last call. */
  take(): readonly ModelChunk[] {
    this.#flush();
    const chunks = this.#pending;
    this.#pending = [];
    return chunks;
  }

  /** What the server said went wrong, in an event of the stream. */
  get fault(): ServerFault | undefined {
    return this.#fault;
  }

  /** True when the reply is complete: the server gave a reason why it ended. */
  get finished(): boolean {
    return this.#reason !== undefined && !this.#failed;
  }

  /** True while native calls are being written, which no chunk shows before they are complete. */
  get callsBegun(): boolean {
    return this.#calls.begun;
  }

  /** What the server reported so far, or said with the reply's end. */
  get usage(): TokenUsage | undefined {
    return this.#usage;
  }

  /** The end of a complete reply: its calls, its usage, `finish`. */
  end(): ModelChunk[] {
    const calls = this.#calls.finish();
    const chunks: ModelChunk[] = calls.map((call) => ({ type: 'tool-call', call }));
    if (this.#usage !== undefined) {
      chunks.push({ type: 'usage', usage: this.#usage });
    }
    // Some servers end a reply with calls by `stop`.
    const reason = this.#reason ?? 'stop';
    chunks.push({ type: 'finish', reason: calls.length > 0 && reason === 'stop' ? 'tool-calls' : reason });
    return chunks;
  }

  #readChoice(choice: JsonRecord): void {
    const delta = recordAt(choice, 'delta') ?? recordAt(choice, 'message');
    if (delta !== undefined) {
      this.#append('reasoning', stringAt(delta, 'reasoning') ?? stringAt(delta, 'reasoning_content'));
      const content = delta['content'];
      if (typeof content === 'string') {
        this.#append('text', content);
      } else if (Array.isArray(content)) {
        this.#readParts(content as readonly unknown[]);
      }
      this.#append('text', stringAt(delta, 'refusal'));
      const calls = delta['tool_calls'];
      if (Array.isArray(calls)) {
        for (const call of calls as readonly unknown[]) {
          this.#calls.add(call);
        }
      }
    }
    const reason = mapFinishReason(choice['finish_reason']);
    if (reason === 'failed') {
      this.#failed = true;
    } else {
      this.#reason ??= reason;
    }
  }

  /** Content as a list of parts, as Mistral's reasoning models send it. */
  #readParts(parts: readonly unknown[]): void {
    for (const part of parts) {
      if (isRecord(part) && part['type'] === 'thinking') {
        for (const thought of listAt(part, 'thinking')) {
          this.#append('reasoning', isRecord(thought) ? stringAt(thought, 'text') : undefined);
        }
      } else if (isRecord(part)) {
        this.#append('text', stringAt(part, 'text'));
      }
    }
  }

  #append(kind: 'text' | 'reasoning', text: string | undefined): void {
    if (text === undefined || text === '') {
      return;
    }
    if (kind !== this.#kind) {
      this.#flush();
      this.#kind = kind;
    }
    this.#joined += text;
  }

  #flush(): void {
    if (this.#joined !== '') {
      this.#pending.push({ type: this.#kind, text: this.#joined });
      this.#joined = '';
    }
  }
}

function readGroqFault(value: JsonRecord): ServerFault | undefined {
  const groq = recordAt(value, 'x_groq');
  return groq?.['error'] === undefined ? undefined : readFault({ error: groq['error'] });
}
