/**
 * What was asked for last counts, however long it takes to read it: a large note that was clicked first does not cover
 * a small one that was clicked last.
 */
export class Wishes {
  #count = 0;

  /** Begins a wish, which ends all earlier ones. What is given back tells whether this is still the last one. */
  begin(): () => boolean {
    this.#count += 1;
    const own = this.#count;
    return () => own === this.#count;
  }
}
