import type { RunEvent } from '../core/events';
import type { Wording } from './wording';

/**
 * The content of a response, piece by piece as a run goes: with thoughts, a block for each step and then the answer;
 * without, the answer alone. The pieces together are the content of the same response that is not streamed.
 *
 * What was sent cannot be taken back: where an answer that was being written turned out to be void, the right one
 * follows whole.
 */
export class ResponseContent {
  readonly #includeThoughts: boolean;
  readonly #wording: Wording;
  #answer = '';
  #answerBegun = false;
  #blocks = 0;

  constructor(includeThoughts: boolean, wording: Wording) {
    this.#includeThoughts = includeThoughts;
    this.#wording = wording;
  }

  /** Text that `event` adds to the content. */
  add(event: RunEvent): string {
    switch (event.type) {
      case 'answer-delta':
        this.#answer += event.text;
        return `${this.#beginAnswer()}${event.text}`;
      case 'thought-end':
        return this.#thoughtBlock(event.step, event.thought);
      case 'run-end':
        return this.#end(event.answer, event.error?.message);
      default:
        return '';
    }
  }

  #thoughtBlock(step: number, thought: string): string {
    if (!this.#includeThoughts || this.#answerBegun || thought === '') {
      return '';
    }
    this.#blocks += 1;
    return `\n${this.#wording.step(step)}\n${this.#wording.analysis}: ${thought}\n`;
  }

  #beginAnswer(): string {
    if (this.#answerBegun) {
      return '';
    }
    this.#answerBegun = true;
    return this.#includeThoughts && this.#blocks > 0 ? `\n${this.#wording.finalAnswer}: ` : '';
  }

  #end(answer: string, error: string | undefined): string {
    const told = this.#includeThoughts && error !== undefined ? `\n\n${this.#wording.error}: ${error}` : '';
    return `${this.#rest(answer)}${told}`;
  }

  #rest(answer: string): string {
    if (answer === '' || answer === this.#answer.trim()) {
      return '';
    }
    if (this.#answer === '') {
      return `${this.#beginAnswer()}${answer}`;
    }
    return answer.startsWith(this.#answer) ? answer.slice(this.#answer.length) : `\n\n${answer}`;
  }
}
