import { endOfString } from './lenientJson';
import { ReplyText } from './replyText';
import { readTag } from './tagScanner';
import { ToolNames } from './toolNames';
import type { ReactXmlProblem, ReactXmlReading, ReactXmlResult } from './turn';
import { type OpenedAction, type VisibleDelta, VisibleText } from './visibleText';
import { readReply } from './wrappings';

export type { ReactXmlAction, ReactXmlError, ReactXmlProblem, ReactXmlReading, ReactXmlResult } from './turn';
export type { VisibleDelta } from './visibleText';

/** What the reader has to know. */
export interface ReactXmlOptions {
  /** The names of the tools that there are. */
  readonly tools: readonly string[];
}

/** Reads a whole reply; see `turn.ts` for the result. Never throws. */
export function parseReactXml(raw: string, options: ReactXmlOptions): ReactXmlResult {
  return readReactXml(raw, options).result;
}

/** Like `parseReactXml`, with what a repair message needs. */
export function readReactXml(raw: string, options: ReactXmlOptions): ReactXmlReading {
  return readReply(raw, new ToolNames(options.tools));
}

/**
 * Reads a reply while it arrives. What becomes visible is shown at once, apart from what may still be a tag; the
 * result is that of `parseReactXml` on the whole text, however it was cut. Where the policy decides otherwise than it
 * had seemed (a draft, an example, a thought that the template had opened), the result is right and not what was shown.
 */
export class ReactXmlReader {
  private readonly tools: ToolNames;
  private readonly visible: VisibleText;
  private readonly reply = new ReplyText();
  private watch: ActionWatch | undefined;
  private reading: ReactXmlReading | undefined;

  constructor(options: ReactXmlOptions) {
    this.tools = new ToolNames(options.tools);
    this.visible = new VisibleText(this.tools, this.reply);
  }

  /** Takes the next piece of the reply and returns what it made visible. */
  push(chunk: string): VisibleDelta[] {
    if (chunk === '') return [];
    this.reading = undefined;
    if (this.watch !== undefined) {
      this.reply.push(chunk);
      this.watch.push(chunk);
      return [];
    }
    const deltas = this.visible.push(chunk);
    const { action } = this.visible;
    if (action?.settled === true) {
      this.watch = new ActionWatch(action, this.tools, this.reply);
      this.watch.push(this.reply.whole().slice(action.start + action.tag.end - action.tag.start));
    }
    return deltas;
  }

  /**
   * Whether the first action is complete and will be run whatever follows: its arguments are strict JSON, its closing
   * tag has been read, and a closed thought stands before it, so that it can be part of none. The reply can be cut here.
   */
  get actionComplete(): boolean {
    return this.watch?.settled !== undefined;
  }

  /** Index in the reply behind the first action's closing tag, once it is complete. */
  get cutAt(): number | undefined {
    return this.watch?.settled?.end;
  }

  /** The result for all that was pushed. May be called again after further pieces. */
  end(): ReactXmlResult {
    return this.read().result;
  }

  /** What was wrong with actions that cannot be run. */
  get problems(): readonly ReactXmlProblem[] {
    return this.read().problems;
  }

  /** The first of the problems, in words for the model. */
  get problem(): string | undefined {
    const [first] = this.problems;
    if (first === undefined) return undefined;
    return first.name === undefined ? first.detail : `${first.name}: ${first.detail}`;
  }

  private read(): ReactXmlReading {
    if (this.reading === undefined) {
      const text = this.reply.whole();
      const settled = this.watch?.settled;
      this.reading = settled?.end === text.length ? settled.reading : readReply(text, this.tools);
    }
    return this.reading;
  }
}

const STRUCTURE = /["{}[\]]/g;

/** Follows the arguments of an action up to its closing tag. Only strict JSON is followed. */
class ActionWatch {
  /** Once the action is known to be complete: the index in the reply behind its closing tag, and the reading up to there. */
  settled: { readonly end: number; readonly reading: ReactXmlReading } | undefined;

  private readonly action: OpenedAction;
  private readonly tools: ToolNames;
  private readonly reply: ReplyText;
  /** Length of the reply before the present chunk. */
  private passed: number;
  private state: 'before' | 'structure' | 'string' | 'behind' | 'over' = 'before';
  private depth = 0;
  /** Whether the last character of the string so far is a backslash that escapes the next one. */
  private escaped = false;
  private tail = '';

  constructor(action: OpenedAction, tools: ToolNames, reply: ReplyText) {
    this.action = action;
    this.tools = tools;
    this.reply = reply;
    this.passed = action.start + action.tag.end - action.tag.start;
    if (action.tag.selfClosing) this.state = 'over';
  }

  push(chunk: string): void {
    let at = 0;
    while (at < chunk.length && this.state !== 'over') {
      if (this.state === 'before') at = this.begin(chunk);
      else if (this.state === 'structure') at = this.passStructure(chunk, at);
      else if (this.state === 'string') at = this.passString(chunk, at);
      else at = this.awaitClose(chunk, at);
    }
    this.passed += chunk.length;
  }

  private begin(chunk: string): number {
    const brace = chunk.search(/\S/);
    if (brace < 0) return chunk.length;
    this.state = chunk.charAt(brace) === '{' ? 'structure' : 'over';
    return brace;
  }

  private passStructure(chunk: string, from: number): number {
    STRUCTURE.lastIndex = from;
    const match = STRUCTURE.exec(chunk);
    if (match === null) return chunk.length;
    if (match[0] === '"') {
      this.state = 'string';
      this.escaped = false;
    } else if (match[0] === '{' || match[0] === '[') {
      this.depth += 1;
    } else {
      this.depth -= 1;
      if (this.depth === 0) this.state = 'behind';
    }
    return match.index + 1;
  }

  private passString(chunk: string, from: number): number {
    // A first character that is escaped is none of the string's marks.
    const start = this.escaped ? from + 1 : from;
    this.escaped = false;
    const end = endOfString(chunk, start);
    if (end >= 0) {
      this.state = 'structure';
      return end;
    }
    let slashes = 0;
    while (chunk.length - slashes > start && chunk.charCodeAt(chunk.length - slashes - 1) === 92) slashes += 1;
    this.escaped = slashes % 2 === 1;
    return chunk.length;
  }

  private awaitClose(chunk: string, from: number): number {
    const before = this.tail.length;
    this.tail += chunk.slice(from);
    const at = this.tail.search(/\S/);
    if (at < 0) return chunk.length;
    const tag = readTag(this.tail, at, this.tools);
    if (tag?.kind === 'partial' && this.tail.length < 200) return chunk.length;
    this.state = 'over';
    if (tag?.kind === 'tag' && tag.closing && tag.family !== 'thought') this.settle(this.passed + from - before + tag.end);
    return chunk.length;
  }

  /** Asks the reading of all so far, which has to agree. */
  private settle(end: number): void {
    const text = this.reply.whole().slice(0, end);
    // A comment that is still open could yet hide what a thought seemed to be.
    if (text.slice(0, this.action.start).includes('<!--')) return;
    const reading = readReply(text, this.tools);
    if (reading.result.actions.length === 1 && reading.result.error === null) this.settled = { end, reading };
  }
}
