import { FollowingActions } from './followingActions';
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
  readonly #toolNames: readonly string[];
  readonly #reader: ReactXmlReader;
  #length = 0;
  #following: FollowingActions | undefined;

  constructor(toolNames: readonly string[]) {
    this.#toolNames = toolNames;
    this.#reader = new ReactXmlReader({ tools: toolNames });
  }

  /**
   * Behind the last action of the turn, once something else follows it. Behind the action itself would be earlier by
   * a piece, but then a reply that ends there would lose the usage that its server reports at the end.
   */
  get cutAt(): number | undefined {
    return this.#following?.cutAt;
  }

  push(text: string): readonly VisibleText[] {
    const visible = this.#reader.push(text);
    this.#length += text.length;
    if (this.#following !== undefined) {
      this.#following.push(text);
    } else if (this.#reader.cutAt !== undefined) {
      const behind = this.#reader.cutAt;
      this.#following = new FollowingActions(this.#toolNames, behind);
      this.#following.push(text.slice(text.length - (this.#length - behind)));
    }
    return visible;
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
