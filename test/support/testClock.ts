import type { Clock } from '../../src/core/clock';

/** A clock that moves on by `stepMs` at each reading of `monotonic`; the day is always the same. */
export function steppingClock(stepMs = 10): Clock {
  let elapsed = 0;
  return {
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5) + elapsed,
    monotonic: () => {
      elapsed += stepMs;
      return elapsed;
    },
  };
}
