import { systemClock, type Clock } from '../../src/models/clock';

/** A clock for whole runs: chance is 0, waits of no length pass at once, and all others when the test says so. */
export interface HeldClock extends Clock {
  /** Timers that are set. */
  readonly pending: number;
  /** Lets the time of every timer that is set now be over. */
  fire(): void;
}

/** Longer than anybody waits for anything, in ms. */
const farMs = 3_600_000;

/** A clock on which no patience ends by itself, so that a slow machine changes nothing. */
export function heldClock(): HeldClock {
  const held = new Set<() => void>();
  let passed = 0;
  return {
    now: () => systemClock.now() + passed,
    random: () => 0,
    after(ms, callback) {
      const settle = (): void => {
        if (held.delete(settle)) {
          callback();
        }
      };
      held.add(settle);
      const immediate = ms <= 0 ? setImmediate(settle) : undefined;
      return () => {
        held.delete(settle);
        clearImmediate(immediate);
      };
    },
    get pending() {
      return held.size;
    },
    fire() {
      passed += farMs;
      for (const settle of [...held]) {
        settle();
      }
    },
  };
}
