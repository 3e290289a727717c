import { parseJsonStep } from './jsonSteps';
import type { TurnReader, TurnReading, VisibleText } from './protocol';

const nothing: TurnReading = {
  title: '',
  thought: '',
  actions: [],
  answer: null,
  continues: false,
  wantsFinalAnswer: false,
  recovered: false,
  problem: null,
};

/** Reads one JSON step. It is shown when it is whole: half an object says little to a person. */
export class JsonStepTurnReader implements TurnReader {
  readonly cutAt = undefined;
  #raw = '';

  push(text: string): readonly VisibleText[] {
    this.#raw += text;
    return [];
  }

  end(): TurnReading {
    const step = parseJsonStep(this.#raw);
    if ('error' in step) {
      switch (step.error) {
        case 'empty':
          return { ...nothing, problem: { kind: 'empty' } };
        case 'truncated':
          return { ...nothing, problem: { kind: 'truncated' } };
        case 'no_json':
        case 'bad_json':
          return { ...nothing, problem: { kind: 'bad-step', detail: 'It is not one JSON object.' } };
        case 'bad_step':
          return { ...nothing, problem: { kind: 'bad-step', detail: 'It has no "content".' } };
      }
    }
    const settled = step.next_action === 'final_answer';
    return { ...nothing, title: step.title, thought: step.content, continues: !settled, wantsFinalAnswer: settled };
  }
}
