import type { TurnReader, TurnReading, VisibleText } from './protocol';

/** Reads a reply that is nothing but the answer. */
export class PlainAnswerReader implements TurnReader {
  readonly cutAt = undefined;
  #raw = '';

  push(text: string): readonly VisibleText[] {
    this.#raw += text;
    return text === '' ? [] : [{ type: 'answer', text }];
  }

  end(): TurnReading {
    const answer = this.#raw.trim();
    return {
      title: '',
      thought: '',
      actions: [],
      answer: answer === '' ? null : answer,
      continues: false,
      wantsFinalAnswer: false,
      recovered: false,
      problem: answer === '' ? { kind: 'empty' } : null,
    };
  }
}
