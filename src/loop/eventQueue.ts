/**
 * Hands values from a writer that does not wait to one reader. What was put before the end is read first.
 * Events need no turn of the event loop each: a reader that lags gets them one after the other.
 */
export class EventQueue<T> {
  #items: T[] = [];
  #readAt = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  put(item: T): void {
    this.#items.push(item);
    this.#wakeReader();
  }

  end(): void {
    this.#ended = true;
    this.#wakeReader();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      while (this.#readAt < this.#items.length) {
        const batch = this.#items;
        this.#items = [];
        this.#readAt = 0;
        for (const item of batch) {
          yield item;
        }
      }
      if (this.#ended) {
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
