/**
 * Follows the arguments of an action while they stream in, to say as early as possible that it is complete.
 */
import { endOfString } from './lenientJson';
import type { ReplyText } from './replyText';
import { readTag } from './tagScanner';
import type { ToolNames } from './toolNames';
import type { ReactXmlReading } from './turn';
import type { OpenedAction } from './visibleText';
import { readReply } from './wrappings';

const STRUCTURE = /["{}[\]]/g;

/** Follows the arguments of an action up to its closing tag, as long as they look like one JSON object. */
export class ActionWatch {
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

  /** Takes the next piece of the reply, from behind the opening tag on. */
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
