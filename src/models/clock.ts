/** Time, timers and chance, so that tests need not sleep. */
export interface Clock {
  /** Monotonic time in ms. */
  now(): number;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  /** Calls back once after `ms`; the returned function takes the timer back. */
  after(ms: number, callback: () => void): () => void;
}

/** The longest delay that a timer takes; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  random: () => Math.random(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, longestTimerMs));
    return () => clearTimeout(timer);
  },
};

/** Waits `ms`; true when the time has passed, false as soon as `signal` aborts. Leaves no timer or listener. */
export function sleep(ms: number, signal: AbortSignal, clock: Clock): Promise<boolean> {
  if (signal.aborted) {
    return Promise.resolve(false);
  }
  return new Promise((resolve) => {
    const onAbort = (): void => {
      takeBack();
      resolve(false);
    };
    const takeBack = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
