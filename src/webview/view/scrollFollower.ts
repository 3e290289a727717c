import { t } from '../../core/l10n';
import { element, icon } from './dom';

/** How near to the end counts as being at the end, in pixels. */
const nearEnd = 48;

/** Keeps the end of the page in sight while it grows, until a person scrolls away. */
export class ScrollFollower {
  /** Returns to the end; shown only while a person is away from it and something goes on. */
  readonly button: HTMLButtonElement;
  #isFollowing = true;
  #isLive = false;
  #lastTop = 0;

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

  #toEnd(): void {
    document.documentElement.scrollTop = document.documentElement.scrollHeight;
  }

  #showButton(): void {
    this.button.hidden = this.#isFollowing || !this.#isLive;
  }
}
