import type { TurnProblem, TurnProblemKind, TurnReader, TurnReading, VisibleText } from './protocol';
import { ReactXmlReader } from './reactXml';

const problemKinds = {
  empty: 'empty',
  no_protocol: 'no-protocol',
  truncated_action: 'truncated-action',
  bad_args: 'bad-arguments',
} as const satisfies Record<string, TurnProblemKind>;

/** Reads the tag protocol for the loop: the policy's reader, and where a turn can be cut short. */
export class XmlTurnReader implements TurnReader {
  readonly #reader: ReactXmlReader;

  constructor(toolNames: readonly string[]) {
    this.#reader = new ReactXmlReader({ tools: toolNames });
  }

  get cutAt(): number | undefined {
    return this.#reader.cutAt;
  }

  push(text: string): readonly VisibleText[] {
    return this.#reader.push(text);
  }

  end(): TurnReading {
    const result = this.#reader.end();
    const { problem } = this.#reader;
    return {
      title: '',
      thought: result.thoughts.join('\n\n'),
      actions: result.actions,
      answer: result.answer,
      continues: false,
      wantsFinalAnswer: false,
      recovered: result.recovered,
      problem: result.error === null || result.answer !== null ? null : toProblem(problemKinds[result.error], problem),
    };
  }
}

function toProblem(kind: TurnProblemKind, detail: string | undefined): TurnProblem {
  return detail === undefined ? { kind } : { kind, detail };
}
