/** A place that a request holds while it runs. */
export interface Admission {
  /** Gives the place to the next in the queue. Calling it again does nothing. */
  release(): void;
}

/** Lets `mostRunning` requests run at once, `mostWaiting` wait in turn, and turns the others away. */
export class AdmissionQueue {
  readonly #mostRunning: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

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
    if (signal.aborted) {
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

  #waitInTurn(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const leave = (): void => {
        const at = this.#waiting.indexOf(admit);
        if (at !== -1) {
          this.#waiting.splice(at, 1);
          resolve(false);
        }
      };
      const admit = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      this.#waiting.push(admit);
      signal.addEventListener('abort', leave, { once: true });
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
          next();
        }
      },
    };
  }
}
