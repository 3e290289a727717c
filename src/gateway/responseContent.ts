import type { RunEvent } from '../core/events';
import type { Wording } from './wording';

/** What the content has so far. */
interface State {
  readonly text: string;
  /** Blocks of steps in `text`. */
  readonly blocks: number;
  /** The answer in `text`, and where it begins. */
  readonly answer: string;
  readonly answerAt: number;
}

/**
 * The content of a response, piece by piece as a run goes: with thoughts, a block for each step and then the answer;
 * without, the answer alone.
 *
 * What was streamed cannot be taken back: where an answer that was being written turns out to be void, the right one
 * follows behind an empty line. `text` is the content without what is void.
 */
export class ResponseContent {
  readonly #includeThoughts: boolean;
  readonly #wording: Wording;
  #state: State = { text: '', blocks: 0, answer: '', answerAt: 0 };
  #beforeStep: State = this.#state;
  #step = 0;
  #thought = '';
  #hasBlock = false;
  #needsGap = false;

  constructor(includeThoughts: boolean, wording: Wording) {
    this.#includeThoughts = includeThoughts;
    this.#wording = wording;
  }

  /** The content so far, for a response that is sent at once. */
  get text(): string {
    return this.#state.text;
  }

  /** Takes an event; gives the text to stream for it, empty where there is none. */
  add(event: RunEvent): string {
    switch (event.type) {
      case 'step-start':
        this.#beforeStep = this.#state;
        this.#step = event.step;
        this.#thought = '';
        this.#hasBlock = false;
        return '';
      case 'step-reset':
        this.#voidStep();
        this.#thought = '';
        return '';
      case 'thought-delta':
        this.#thought += event.text;
        return '';
      case 'answer-delta':
        return event.text === '' ? '' : this.#gap() + this.#block(this.#thought) + this.#beginAnswer() + this.#addAnswer(event.text);
      case 'thought-end':
        this.#thought = event.thought;
        // Behind the beginning of the answer there is no place for a thought.
        return this.#state.answer === '' ? this.#gap() + this.#block(event.thought) : '';
      case 'action-start':
        return this.#foundAction();
      case 'run-end':
        return this.#end(event.answer, event.error?.message);
      default:
        return '';
    }
  }

  /** What looked like an answer was said on the way to a call: it stays as the thought that it was. */
  #foundAction(): string {
    if (this.#state.answer !== '') {
      this.#voidStep();
      this.#block(this.#thought);
    }
    return '';
  }

  #voidStep(): void {
    this.#needsGap ||= this.#state.answer !== this.#beforeStep.answer;
    this.#state = this.#beforeStep;
    this.#hasBlock = false;
  }

  #gap(): string {
    const gap = this.#needsGap ? '\n\n' : '';
    this.#needsGap = false;
    return gap;
  }

  #block(thought: string): string {
    if (!this.#includeThoughts || this.#hasBlock || thought.trim() === '') {
      return '';
    }
    this.#hasBlock = true;
    const block = `\n${this.#wording.step(this.#step)}\n${this.#wording.analysis}: ${thought.trim()}\n`;
    this.#state = { ...this.#state, text: this.#state.text + block, blocks: this.#state.blocks + 1 };
    return block;
  }

  #beginAnswer(): string {
    const { text, blocks, answer } = this.#state;
    if (answer !== '') {
      return '';
    }
    const lead = this.#includeThoughts && blocks > 0 ? `\n${this.#wording.finalAnswer}: ` : '';
    this.#state = { ...this.#state, text: text + lead, answerAt: text.length + lead.length };
    return lead;
  }

  #addAnswer(piece: string): string {
    const { text, answer } = this.#state;
    this.#state = { ...this.#state, text: text + piece, answer: answer + piece };
    return piece;
  }

  #end(answer: string, error: string | undefined): string {
    const rest = this.#finishAnswer(answer);
    const told = this.#includeThoughts && error !== undefined ? `\n\n${this.#wording.error}: ${error}` : '';
    this.#state = { ...this.#state, text: this.#state.text + told };
    return `${rest}${told}`;
  }

  #finishAnswer(answer: string): string {
    const shown = this.#state.answer;
    if (answer === '' || answer === shown.trim()) {
      return '';
    }
    if (shown === '') {
      return this.#gap() + this.#beginAnswer() + this.#addAnswer(answer);
    }
    if (answer.startsWith(shown.trimStart())) {
      return this.#addAnswer(answer.slice(shown.trimStart().length));
    }
    const { text, answerAt } = this.#state;
    this.#state = { ...this.#state, text: text.slice(0, answerAt) + answer, answer };
    return `\n\n${answer}`;
  }
}
