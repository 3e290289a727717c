import type { Clock } from '../../src/models/clock';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves the time on by `ms`, firing what falls due in order, and lets what waits for it run. */
  advance(ms: number): Promise<void>;
  /** Timers that are set and not taken back. */
  readonly pending: number;
}

/** A clock at 0 whose `random` always gives `random`; with `jump`, every timer fires at once and moves the time to its end. */
export function fakeClock(options: { readonly random?: number; readonly jump?: boolean } = {}): FakeClock {
  let time = 0;
  const timers = new Set<Timer>();
  return {
    now: () => time,
    random: () => options.random ?? 0.5,
    after(ms, callback) {
      const timer: Timer = { at: time + ms, callback };
      timers.add(timer);
      if (options.jump === true) {
        setImmediate(() => {
          if (timers.delete(timer)) {
            time = Math.max(time, timer.at);
            callback();
          }
        });
      }
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const end = time + ms;
      for (;;) {
        const due = [...timers].filter((timer) => timer.at <= end).sort((first, second) => first.at - second.at)[0];
        if (due === undefined) {
          break;
        }
        timers.delete(due);
        time = Math.max(time, due.at);
        due.callback();
        await settle();
      }
      time = end;
      await settle();
    },
    get pending() {
      return timers.size;
    },
  };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
