import { t } from '../../core/l10n';
import { element, icon } from './dom';

/** How near to the end counts as being at the end, in pixels. */
const nearEnd = 48;

/** Space that is left around a result, in pixels. */
const gap = 12;

/** Frames in which the place of a result is looked at anew. */
const settlingFrames = 10;

/** What is to be seen when nothing more comes, and what covers the page above and below it. */
interface Result {
  readonly first: HTMLElement;
  readonly last: HTMLElement;
  readonly head: HTMLElement;
  readonly foot: HTMLElement;
}

/** Keeps the end of the page in sight while it grows, until a person scrolls away. */
export class ScrollFollower {
  /** Returns to the end; shown only while a person is away from it and something goes on. */
  readonly button: HTMLButtonElement;
  #isFollowing = true;
  #isLive = false;
  #lastTop = 0;
  /** Aborted by a person who scrolls, or who goes anywhere else. */
  #settling: AbortController | undefined;

  constructor() {
    this.button = element('button', { type: 'button', class: 'to-end', hidden: true }, icon('arrow-down'), t('Follow'));
    this.button.addEventListener('click', () => this.follow());
    document.addEventListener('scroll', this.#onScroll, { passive: true });
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** True while the run goes on: only then there is an end to follow. */
  setLive(isLive: boolean): void {
    this.#isLive = isLive;
    this.#showButton();
  }

  /** Called when the page has grown. */
  grown(): void {
    if (this.#isFollowing && this.#isLive) {
      this.#toEnd();
    }
  }

  /**
   * Called when nothing more will come: whoever followed sees the result, not what stands below it. The page goes up to
   * where the result ends, and no further than to where it begins.
   */
  settle(result: Result): void {
    if (this.#isFollowing && this.#isLive) {
      this.#settling?.abort();
      this.#settling = new AbortController();
      const { signal } = this.#settling;
      for (const type of ['wheel', 'pointerdown', 'keydown'] as const) {
        document.addEventListener(type, () => this.#settling?.abort(), { signal, passive: true });
      }
      this.#align(result, settlingFrames, signal);
    }
    this.setLive(false);
  }

  /** Goes to the end and stays there. */
  follow(): void {
    this.#isFollowing = true;
    this.#toEnd();
    this.#showButton();
  }

  /** Stays where the person is now. */
  stay(): void {
    this.#isFollowing = false;
    this.#showButton();
  }

  dispose(): void {
    document.removeEventListener('scroll', this.#onScroll);
    this.#settling?.abort();
  }

  readonly #onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
    if (scrollHeight - scrollTop - clientHeight < nearEnd) {
      this.#isFollowing = true;
    } else if (scrollTop < this.#lastTop) {
      // Only going up leaves the end: the page growing below does not.
      this.#isFollowing = false;
    }
    this.#lastTop = scrollTop;
    this.#showButton();
  };

  /** Goes to the result, again in the next frames: steps that come into sight take the height that they really have. */
  #align(result: Result, frames: number, signal: AbortSignal): void {
    if (signal.aborted) {
      return;
    }
    const { first, last, head, foot } = result;
    // The head stays at the top while the page scrolls, and the foot at the bottom: what is seen lies between them.
    const toFirst = first.getBoundingClientRect().top - gap - head.getBoundingClientRect().bottom;
    const toLast = last.getBoundingClientRect().bottom + gap - foot.getBoundingClientRect().top;
    document.documentElement.scrollTop += Math.min(toFirst, toLast);
    if (frames > 0) {
      requestAnimationFrame(() => this.#align(result, frames - 1, signal));
    } else {
      this.#settling?.abort();
    }
  }

  #toEnd(): void {
    document.documentElement.scrollTop = document.documentElement.scrollHeight;
  }

  #showButton(): void {
    this.button.hidden = this.#isFollowing || !this.#isLive;
  }
}
