import type { ChatMessage } from '../core/model';
import { sliceWhole } from '../core/text';
import { estimateMessageTokens } from '../core/tokens';

/** How much of an observation is kept when the history must shrink, in characters. */
const shortenedLength = 400;

/** Part of the window that one shortening frees at least, so that the prefix breaks once per quarter of it. */
const freedShare = 0.25;

/**
 * The messages of a run. They are only ever added at the end, so that each request begins with all of the one
 * before and a server's prefix cache holds; the one exception is `shorten`.
 */
export class History {
  readonly #messages: ChatMessage[];
  readonly #observations: number[] = [];
  #estimate = 0;
  /** Tokens that the server counted, divided by our estimate of the same prompt. */
  #calibration = 1;

  constructor(messages: readonly ChatMessage[]) {
    this.#messages = [...messages];
    this.#estimate = messages.reduce((sum, message) => sum + estimateMessageTokens(message), 0);
  }

  /** A copy: what was sent once does not change when more is added. */
  messages(): readonly ChatMessage[] {
    return [...this.#messages];
  }

  /** About how many tokens a request with all messages has. */
  get tokens(): number {
    return Math.ceil(this.#estimate * this.#calibration);
  }

  add(...messages: readonly ChatMessage[]): void {
    for (const message of messages) {
      this.#messages.push(message);
      this.#estimate += estimateMessageTokens(message);
    }
  }

  /** Adds messages that may be shortened later, the oldest first. */
  addObservations(messages: readonly ChatMessage[]): void {
    for (const message of messages) {
      this.#observations.push(this.#messages.length);
      this.add(message);
    }
  }

  /** Learns from what the server counted for the messages as they are now. */
  calibrate(promptTokens: number): void {
    if (promptTokens > 0 && this.#estimate > 0) {
      this.#calibration = Math.min(3, Math.max(0.3, promptTokens / this.#estimate));
    }
  }

  /**
   * Shortens the oldest observations, each with a visible mark, until a request has at most `limit` tokens less a
   * quarter, or none is left to shorten. The newest observation stays whole as long as others can give.
   * Returns whether anything changed.
   */
  shorten(limit: number): boolean {
    const goal = limit * (1 - freedShare);
    let changed = false;
    while (this.tokens > goal && this.#observations.length > 0) {
      const index = this.#observations.shift();
      const message = index === undefined ? undefined : this.#messages[index];
      if (index === undefined || message === undefined || message.content.length <= shortenedLength * 2) {
        continue;
      }
      const shortened = { ...message, content: shortenText(message.content) };
      this.#estimate += estimateMessageTokens(shortened) - estimateMessageTokens(message);
      this.#messages[index] = shortened;
      changed = true;
    }
    return changed;
  }
}

function shortenText(text: string): string {
  const head = sliceWhole(text, shortenedLength);
  const lastLine = text.slice(text.lastIndexOf('\n') + 1);
  const closing = lastLine.startsWith('</') ? `\n${lastLine}` : '';
  return `${head}\n[… ${String(text.length - head.length)} characters of this older result were left out; call the tool again if you need them]${closing}`;
}
