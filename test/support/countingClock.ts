import { systemClock, type Clock } from '../../src/models/clock';

/** The real clock with chance fixed at 0, so that no backoff takes time, and with a count of the timers that are set. */
export function countingClock(): Clock & { readonly pending: number } {
  let pending = 0;
  return {
    now: () => systemClock.now(),
    random: () => 0,
    after(ms, callback) {
      pending += 1;
      let open = true;
      const settle = (): void => {
        pending -= open ? 1 : 0;
        open = false;
      };
      const takeBack = systemClock.after(ms, () => {
        settle();
        callback();
      });
      return () => {
        settle();
        takeBack();
      };
    },
    get pending() {
      return pending;
    },
  };
}
