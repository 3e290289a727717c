/** Where times come from, so that recorded runs can be compared. */
export interface Clock {
  /** Time of day, epoch ms. */
  now(): number;
  /** ms since some fixed moment; never goes back. */
  monotonic(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
