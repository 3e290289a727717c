/** Holds a run between two steps. Whoever shows the run turns it; the loop looks at it before each step. */
export class PauseSwitch {
  #opened: Promise<void> | undefined;
  #open: (() => void) | undefined;

  /** True while the run is to wait before its next step. */
  get paused(): boolean {
    return this.#opened !== undefined;
  }

  pause(): void {
    this.#opened ??= new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  resume(): void {
    this.#open?.();
    this.#opened = undefined;
    this.#open = undefined;
  }

  /** Settles when the run may go on; at once where it is not paused. */
  async whenOpen(): Promise<void> {
    await this.#opened;
  }
}
