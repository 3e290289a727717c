import { ReactXmlReader } from './reactXml';
import { readTag } from './tagScanner';
import { ToolNames } from './toolNames';
import { isCallFamily } from './vocabulary';

/** What makes an action at the start of a text one that nothing can take back: a closed thought before it. */
const closedThought = '<thought>.</thought>';

/**
 * Finds where a turn can be cut that goes on behind a complete action: further actions that follow at once belong to
 * the turn, anything else was written without a result and would be dropped.
 */
export class FollowingActions {
  readonly #toolNames: readonly string[];
  readonly #tools: ToolNames;
  /** Where the text that is pushed begins in the reply. */
  readonly #offset: number;
  #tail = '';
  #reader: ReactXmlReader | undefined;
  /** Where the action that is being read begins in the reply, less the thought that was put before it. */
  #readerOffset = 0;
  #next: FollowingActions | undefined;
  #cutAt: number | undefined;

  constructor(toolNames: readonly string[], offset: number) {
    this.#toolNames = toolNames;
    this.#tools = new ToolNames(toolNames);
    this.#offset = offset;
  }

  /** Index in the reply behind the last action that counts, once something else follows it. */
  get cutAt(): number | undefined {
    return this.#next?.cutAt ?? this.#cutAt;
  }

  /** Takes the reply from the offset on, piece by piece. */
  push(chunk: string): void {
    if (this.#next !== undefined) {
      this.#next.push(chunk);
      return;
    }
    this.#tail += chunk;
    if (this.#reader === undefined) {
      this.#look();
    } else {
      this.#reader.push(chunk);
    }
    this.#goOnBehindAction();
  }

  /** Looks what comes next: nothing yet, another action, or something that ends the turn. */
  #look(): void {
    const at = this.#tail.search(/\S/);
    if (at === -1) {
      return;
    }
    const tag = readTag(this.#tail, at, this.#tools);
    if (tag?.kind === 'partial') {
      return;
    }
    if (tag?.kind === 'tag' && !tag.closing && isCallFamily(tag.family)) {
      this.#reader = new ReactXmlReader({ tools: this.#toolNames });
      this.#readerOffset = this.#offset + at - closedThought.length;
      this.#reader.push(closedThought + this.#tail.slice(at));
      return;
    }
    this.#cutAt = this.#offset;
  }

  #goOnBehindAction(): void {
    const end = this.#reader?.cutAt;
    if (end === undefined) {
      return;
    }
    const offset = this.#readerOffset + end;
    this.#next = new FollowingActions(this.#toolNames, offset);
    this.#next.push(this.#tail.slice(offset - this.#offset));
    this.#tail = '';
  }
}
