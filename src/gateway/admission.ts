/** A place that a request holds while it runs. */
export interface Admission {
  /** Gives the place to the next in the queue. Calling it again does nothing. */
  release(): void;
}

/** One in the queue. */
interface Waiter {
  readonly admit: () => void;
  readonly leave: () => void;
}

/** Lets `mostRunning` requests run at once, `mostWaiting` wait in turn, and turns the others away. */
export class AdmissionQueue {
  readonly #mostRunning: number;
  readonly #mostWaiting: number;
  readonly #waiting: Waiter[] = [];
  #running = 0;
  #closed = false;

  constructor(mostRunning: number, mostWaiting: number) {
    this.#mostRunning = mostRunning;
    this.#mostWaiting = mostWaiting;
  }

  /** Requests that run now, and that wait. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#waiting.length };
  }

  /** A place, at once or in turn; `undefined` where the queue is full or `signal` aborts the wait. */
  async enter(signal: AbortSignal): Promise<Admission | undefined> {
    if (signal.aborted || this.#closed) {
      return undefined;
    }
    if (this.#running < this.#mostRunning) {
      this.#running += 1;
      return this.#admission();
    }
    if (this.#waiting.length >= this.#mostWaiting) {
      return undefined;
    }
    const admitted = await this.#waitInTurn(signal);
    return admitted ? this.#admission() : undefined;
  }

  /** Sends all who wait away and lets nobody in any more; places that are held stay. */
  close(): void {
    this.#closed = true;
    for (const waiter of [...this.#waiting]) {
      waiter.leave();
    }
  }

  #waitInTurn(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener('abort', waiter.leave);
          resolve(true);
        },
        leave: () => {
          const at = this.#waiting.indexOf(waiter);
          if (at !== -1) {
            this.#waiting.splice(at, 1);
            signal.removeEventListener('abort', waiter.leave);
            resolve(false);
          }
        },
      };
      this.#waiting.push(waiter);
      signal.addEventListener('abort', waiter.leave, { once: true });
    });
  }

  #admission(): Admission {
    let released = false;
    return {
      release: () => {
        if (released) {
          return;
        }
        released = true;
        const next = this.#waiting.shift();
        if (next === undefined) {
          this.#running -= 1;
        } else {
          // The place goes over: the number that runs stays the same.
          next.admit();
        }
      },
    };
  }
}
