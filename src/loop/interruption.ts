/** Thrown by `Interruption.wait` when the run is to stop; caught inside the loop, never seen outside. */
export class Interrupted extends Error {
  readonly reason: InterruptionReason;

  constructor(reason: InterruptionReason) {
    super(reason);
    this.name = 'Interrupted';
    this.reason = reason;
  }
}

/** `cancelled`: somebody stopped the run; `time-limit`: its time is over. */
export type InterruptionReason = 'cancelled' | 'time-limit';

/**
 * Lets the loop wait for anything and still stop at once. Racing each wait against one promise of an abort would
 * keep a reaction per wait for as long as the run lasts; here one listener serves all waits.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #monotonic: () => number;
  readonly #pending = new Set<(error: Interrupted) => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reason: InterruptionReason | undefined;
  #leftMs: number;
  #startedAt: number;

  /** `timeLimitMs` runs from now on, less the time in `pause`. */
  constructor(outer: AbortSignal, timeLimitMs: number, monotonic: () => number) {
    this.#outer = outer;
    this.#monotonic = monotonic;
    this.#leftMs = timeLimitMs;
    this.#startedAt = monotonic();
    this.#startTimer();
    outer.addEventListener('abort', this.#cancel, { once: true });
    if (outer.aborted) {
      this.#interrupt('cancelled');
    }
  }

  /** Aborts when the run is to stop, whatever the reason: for models and tools. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): InterruptionReason | undefined {
    return this.#reason;
  }

  /** Time that is left, in ms. */
  get leftMs(): number {
    return this.#timer === undefined ? this.#leftMs : this.#leftMs - (this.#monotonic() - this.#startedAt);
  }

  /** Waits with the time limit standing still. */
  async pause(until: Promise<void>): Promise<void> {
    this.#leftMs = this.leftMs;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.wait(until);
    this.#startedAt = this.#monotonic();
    this.#startTimer();
  }

  /** What `promise` gives, or a throw of `Interrupted` as soon as the run is to stop. */
  wait<T>(promise: PromiseLike<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#reason !== undefined) {
        Promise.resolve(promise).catch(() => undefined);
        reject(new Interrupted(this.#reason));
        return;
      }
      this.#pending.add(reject);
      promise.then(
        (value) => {
          this.#pending.delete(reject);
          resolve(value);
        },
        (error: unknown) => {
          this.#pending.delete(reject);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  /** Frees the timer and the listener. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#cancel);
    this.#pending.clear();
  }

  #startTimer(): void {
    this.#timer = setTimeout(() => this.#interrupt('time-limit'), this.#leftMs);
  }

  readonly #cancel = (): void => this.#interrupt('cancelled');

  #interrupt(reason: InterruptionReason): void {
    if (this.#reason !== undefined) {
      return;
    }
    this.#reason = reason;
    clearTimeout(this.#timer);
    const error = new Interrupted(reason);
    for (const reject of this.#pending) {
      reject(error);
    }
    this.#pending.clear();
    this.#controller.abort(error);
  }
}
