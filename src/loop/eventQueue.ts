/**
 * Hands values from a writer that does not wait to one reader, in batches: a reader that lags gets what has come
 * meanwhile without a wait for each.
 */
export class EventQueue<T> {
  #items: T[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  put(item: T): void {
    this.#items.push(item);
    this.#wakeReader();
  }

  /** Nothing more is put. */
  end(): void {
    this.#ended = true;
    this.#wakeReader();
  }

  /** What has come since the last call; empty only when the end is reached. */
  async take(): Promise<readonly T[]> {
    if (this.#items.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const batch = this.#items;
    this.#items = [];
    return batch;
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
