/**
 * Reads a whole reply by the recovery policy: what is live, what is quoted, where the turn ends.
 */
import { type ActionReading, readAction } from './actionReader';
import { type AnswerReading, readAnswer } from './answers';
import { isBlank, isFiller } from './characters';
import type { CodeRegion } from './codeRegions';
import { readLabelledAction } from './labelledAction';
import type { Label } from './labels';
import { type Mark, MarkFinder } from './marks';
import { cleanProse } from './prose';
import type { Tag } from './tagScanner';
import { readThought } from './thoughts';
import { readTokenDialect } from './tokenDialects';
import type { ToolNames } from './toolNames';
import type { ReactXmlAction, ReactXmlProblem } from './turn';
import { END_OF_TURN, isCallFamily } from './vocabulary';

/** A stretch of the text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A reply as the reader of the policy's plain rules sees it; wrappings are judged afterwards. */
export interface TurnReading {
  readonly text: string;
  readonly thoughts: readonly string[];
  readonly actions: readonly ReactXmlAction[];
  readonly answer: string | null;
  readonly problem: ReactXmlProblem | undefined;
  /** Whether the reply is in exactly the form that the protocol asks for. */
  readonly exact: boolean;
  /** Whether any tag counted. */
  readonly live: boolean;
  /** Where the turn ends: nothing behind this index counts. */
  readonly end: number;
  /** Where the prose after the last thought begins. */
  readonly proseStart: number;
  /** Whether anything but tags, tokens and white space was there. */
  readonly hasText: boolean;
  /** Whether prose stands outside the tags. */
  readonly hasProse: boolean;
  /** Where thoughts stand, with their tags. */
  readonly thoughtRanges: readonly Range[];
  /** Code outside the tags. */
  readonly code: readonly CodeRegion[];
}

const INVISIBLE = /[\u200b-\u200f\u2060\ufeff\u00ad]/;
const THOUGHT_CLOSINGS = ['</th', '</reas', '</思', '</想'];

/** Reads `text` by the plain rules. */
export function readTurn(text: string, tools: ToolNames): TurnReading {
  return new TurnReader(text, tools).read();
}

class TurnReader implements TurnReading {
  readonly text: string;
  thoughts: string[] = [];
  actions: ReactXmlAction[] = [];
  answer: string | null = null;
  problem: ReactXmlProblem | undefined;
  exact = true;
  live = false;
  end: number;
  proseStart = 0;
  hasText = false;
  hasProse = false;
  thoughtRanges: Range[] = [];
  code: CodeRegion[] = [];

  private readonly tools: ToolNames;
  private readonly finder: MarkFinder;
  /** Keys of the calls so far, from the second one on. */
  private readonly calls = new Set<string>();
  private at = 0;
  private origin = 0;
  private done = false;
  /** A thought tag has been met, so that a later closing one cannot belong to a thought that began before the text. */
  private metThought = false;
  /** Where to go on looking for such a closing tag when the turn is over; -1 when nothing behind it counts. */
  private rest = -1;

  constructor(text: string, tools: ToolNames) {
    this.text = text;
    this.tools = tools;
    this.finder = new MarkFinder(text, tools);
    this.end = text.length;
  }

  read(): TurnReading {
    for (;;) {
      while (!this.done) this.step();
      const closing = this.metThought || this.rest < 0 ? undefined : this.findLateClosing();
      if (closing === undefined) return this;
      this.done = false;
      this.problem = undefined;
      this.answer = null;
      this.end = this.text.length;
      this.closeUnopened(closing);
    }
  }

  private step(): void {
    const mark = this.finder.next(this.at, this.origin, true);
    this.passProse(mark?.start ?? this.text.length);
    if (mark === undefined) {
      this.done = true;
      return;
    }
    this.at = mark.end;
    switch (mark.kind) {
      case 'code':
        this.code.push(mark.region);
        this.hasText = true;
        if (mark.region.kind !== 'comment') this.hasProse = true;
        this.exact = false;
        return;
      case 'label':
        { this.readLabel(mark.label); return; }
      case 'partial':
        this.exact = false;
        if (mark.onlyAction) { this.fail({ kind: 'truncated', detail: 'the output ended inside the opening tag' }, mark.start); return; }
        { this.stop(mark.start, -1); return; }
      case 'malformed':
        this.live = true;
        { this.fail({ kind: 'bad', end: mark.end, detail: 'the opening tag cannot be read' }, mark.start); return; }
      case 'tag':
        { this.readTag(mark); return; }
    }
  }

  private passProse(to: number): void {
    const gap = this.text.slice(this.at, to);
    if (!isBlank(gap)) {
      this.exact = false;
      this.hasText = true;
      if (!isFiller(gap)) this.hasProse = true;
    } else if (INVISIBLE.test(gap)) {
      this.exact = false;
    }
    this.at = to;
  }

  private stop(end: number, rest: number): void {
    this.done = true;
    this.end = end;
    this.rest = rest;
  }

  private readTag(tag: Tag): void {
    if (tag.family === 'token') { this.readToken(tag); return; }
    this.live = true;
    if (tag.closing) {
      this.exact = false;
      if (tag.family === 'thought' && !this.metThought) this.closeUnopened(tag);
      return;
    }
    if (tag.family === 'thought') { this.readThoughtTag(tag); return; }
    if (tag.family === 'observation') {
      this.exact = false;
      this.hasText = true;
      this.stop(tag.start, tag.end); return;
    }
    if (tag.family === 'answer') { this.acceptAnswer(tag, readAnswer(this.finder, tag)); return; }
    if (isCallFamily(tag.family)) { this.acceptAction(readAction(this.text, tag, this.tools), tag.start); return; }
    this.exact = false;
    // Arguments without a call mean nothing.
    if (tag.family === 'input') this.hasProse = true;
  }

  private readThoughtTag(tag: Tag): void {
    if (!tag.exact) this.exact = false;
    this.metThought = true;
    if (this.actions.length > 0) {
      this.exact = false;
      this.stop(tag.start, -1); return;
    }
    if (tag.selfClosing) return;
    const thought = readThought(this.finder, tag.end);
    if (!thought.exact) this.exact = false;
    this.addThought(this.text.slice(tag.end, thought.contentEnd), { start: tag.start, end: thought.end });
  }

  private addThought(content: string, range: Range): void {
    const text = content.trim();
    if (!isBlank(text)) {
      this.thoughts.push(text);
      this.hasText = true;
    }
    this.thoughtRanges.push(range);
    this.at = range.end;
    this.origin = range.end;
    this.proseStart = range.end;
  }

  /** The chat template had opened the thought: all before its closing tag is the thought, whatever it contains. */
  private closeUnopened(tag: Tag): void {
    this.thoughts = [];
    this.actions = [];
    this.calls.clear();
    this.code = [];
    this.thoughtRanges = [];
    this.hasProse = false;
    this.hasText = false;
    this.exact = false;
    this.live = true;
    this.metThought = true;
    this.addThought(this.text.slice(0, tag.start), { start: 0, end: tag.end });
  }

  private acceptAnswer(tag: Tag, answer: AnswerReading): void {
    if (this.actions.length > 0) {
      this.exact = false;
      this.stop(tag.start, answer.end); return;
    }
    if (!answer.exact) this.exact = false;
    if (answer.content === '') {
      this.exact = false;
      this.at = answer.end;
      return;
    }
    this.takeAnswer(answer.content);
    const inside = !this.metThought && (!answer.closed || this.hidesTurn(tag, answer)) ? tag.end : answer.end;
    if (!isBlank(this.text.slice(answer.end))) this.exact = false;
    this.stop(answer.end, inside);
  }

  private takeAnswer(content: string): void {
    this.answer = content;
    this.hasText = true;
  }

  /** Whether an answer that was drafted in an unopened thought runs into the real one. */
  private hidesTurn(tag: Tag, answer: AnswerReading): boolean {
    const content = this.text.slice(tag.end, answer.end);
    if (!THOUGHT_CLOSINGS.some((closing) => content.includes(closing))) return false;
    const finder = new MarkFinder(content, this.tools);
    let closed = false;
    for (let at = 0; ;) {
      const mark = finder.next(at, 0, false);
      if (mark === undefined) return false;
      if (mark.kind === 'tag' && mark.family === 'thought') {
        if (!mark.closing) return false;
        closed = true;
      } else if (closed && mark.kind === 'tag' && !mark.closing && mark.family === 'answer') return true;
      at = mark.end;
    }
  }

  private acceptAction(action: ActionReading, start: number): void {
    switch (action.kind) {
      case 'mention':
        this.exact = false;
        this.hasProse = true;
        this.hasText = true;
        return;
      case 'wrapper':
        this.exact = false;
        return;
      case 'none':
        this.exact = false;
        if (action.empty && this.hasText) {
          this.fail({ kind: 'bad', end: action.end, detail: 'the name of the tool is missing' }, start);
          return;
        }
        if (!action.empty) this.hasText = true;
        this.at = action.end;
        this.proseStart = Math.max(this.proseStart, action.end);
        return;
      case 'answer':
        this.exact = false;
        if (this.actions.length > 0) { this.stop(start, action.end); return; }
        if (isBlank(action.text)) {
          this.at = action.end;
          return;
        }
        this.takeAnswer(action.text.trim());
        { this.stop(action.end, action.end); return; }
      case 'bad':
      case 'truncated':
        { this.fail(action, start); return; }
      case 'call':
        this.hasText = true;
        if (!action.exact || this.actions.length > 0) this.exact = false;
        this.addCall(action);
        this.at = action.end;
        this.origin = action.end;
    }
  }

  /** Exact repetitions are one call. */
  private addCall({ name, args }: ReactXmlAction): void {
    const [first] = this.actions;
    if (first !== undefined) {
      if (this.calls.size === 0) this.calls.add(callKey(first) ?? '');
      const key = callKey({ name, args });
      if (key !== undefined && this.calls.has(key)) return;
      if (key !== undefined) this.calls.add(key);
    }
    this.actions.push({ name, args });
  }

  private fail(action: ActionReading & { kind: 'bad' | 'truncated' }, start: number): void {
    this.exact = false;
    this.hasText = true;
    const kind = action.kind === 'bad' ? 'bad_args' : 'truncated_action';
    this.problem = { kind, ...(action.name === undefined ? {} : { name: action.name }), detail: action.detail };
    this.stop(start, action.kind === 'bad' ? Math.max(action.end, start + 1) : start + 1);
  }

  private readToken(tag: Tag): void {
    this.exact = false;
    if (END_OF_TURN.has(tag.name)) { this.stop(tag.start, -1); return; }
    const reading = readTokenDialect(this.text, tag, this.tools);
    switch (reading.kind) {
      case 'other':
        return;
      case 'invented':
        this.stop(tag.start, tag.end);
        return;
      case 'ordinary':
        this.at = reading.end;
        this.origin = reading.end;
        this.proseStart = reading.end;
        return;
      case 'action':
        this.live = true;
        { this.acceptAction(reading.action, tag.start); return; }
      case 'thought':
        this.metThought = true;
        if (this.actions.length > 0) { this.stop(tag.start, -1); return; }
        { this.addThought(reading.text, { start: tag.start, end: reading.end }); return; }
    }
  }

  private readLabel(label: Label): void {
    this.exact = false;
    // A label in front of a tag only announces it.
    const announces = this.announcesTag(label);
    if (this.actions.length > 0 && label.kind !== 'action' && label.kind !== 'input') {
      this.stop(label.start, label.kind === 'thought' ? -1 : label.end); return;
    }
    if (announces) {
      if (label.kind === 'observation' || label.kind === 'person') this.hasProse = this.hasText = true;
      return;
    }
    if (label.kind === 'thought') { this.readLabelledThought(label); return; }
    if (label.kind === 'answer') { this.readLabelledAnswer(label); return; }
    const action = label.kind === 'action' ? readLabelledAction(this.finder, label) : undefined;
    if (action === undefined) {
      this.hasProse = true;
      this.hasText = true;
    } else {
      this.acceptAction(action, label.start);
    }
  }

  private announcesTag(label: Label): boolean {
    const next = this.finder.next(label.end, label.end, false);
    return next?.kind === 'tag' && isFiller(this.text.slice(label.end, next.start));
  }

  private readLabelledThought(label: Label): void {
    let at = label.end;
    let end = this.text.length;
    for (;;) {
      const mark: Mark | undefined = this.finder.next(at, label.end, true);
      if (mark === undefined) break;
      if (this.endsLabelledThought(mark)) {
        end = mark.start;
        // A call in a thought that has no end is a draft when prose follows.
        if (mark.kind === 'tag' && isCallFamily(mark.family)) end = readThought(this.finder, label.end).contentEnd;
        break;
      }
      at = mark.end;
    }
    this.addThought(this.text.slice(label.end, end), { start: label.start, end });
  }

  private endsLabelledThought(mark: Mark): boolean {
    if (mark.kind === 'label') {
      if (mark.label.kind === 'thought' || mark.label.kind === 'answer') return true;
      return mark.label.kind === 'action' && (this.announcesTag(mark.label) || readLabelledAction(this.finder, mark.label) !== undefined);
    }
    if (mark.kind === 'code') return false;
    if (mark.kind !== 'tag') return true;
    if (mark.family === 'token') return END_OF_TURN.has(mark.name);
    return mark.closing ? mark.family === 'thought' : mark.family !== 'tool' || readAction(this.text, mark, this.tools).kind !== 'mention';
  }

  private readLabelledAnswer(label: Label): void {
    let end = this.text.length;
    for (let at = label.end; ;) {
      const mark = this.finder.next(at, label.end, false);
      if (mark === undefined) break;
      if (mark.kind === 'partial' || (mark.kind === 'tag' && mark.family === 'token' && END_OF_TURN.has(mark.name))) {
        end = mark.start;
        break;
      }
      at = mark.end;
    }
    const content = cleanProse(this.text.slice(label.end, end), this.tools);
    if (content === '') return;
    this.takeAnswer(content);
    this.stop(end, -1);
  }

  /** Looks behind the end of the turn for a closing thought tag that makes all before it a thought. */
  private findLateClosing(): Tag | undefined {
    let at = this.rest;
    const isCut = this.problem?.kind === 'truncated_action';
    for (;;) {
      const mark = this.finder.next(at, this.rest, false);
      if (mark === undefined) return undefined;
      at = mark.end;
      if (mark.kind !== 'tag') continue;
      if (mark.family === 'token' && END_OF_TURN.has(mark.name)) return undefined;
      if (mark.family === 'thought') {
        if (!mark.closing) return undefined;
        // In an argument that was cut off the tag may be text; a block behind it shows that it is not.
        const next = isCut ? this.finder.next(mark.end, mark.end, false) : undefined;
        const opens = next?.kind === 'tag' && !next.closing && isBlank(this.text.slice(mark.end, next.start));
        if (!isCut || opens) return mark;
      } else if (!mark.closing && !isCut && this.answer === null) {
        at = Math.max(at, this.endOfBlock(mark));
      }
    }
  }

  private endOfBlock(tag: Tag): number {
    if (tag.family === 'answer') {
      const answer = readAnswer(this.finder, tag);
      return answer.closed ? answer.end : tag.end;
    }
    if (!isCallFamily(tag.family)) return tag.end;
    const action = readAction(this.text, tag, this.tools);
    return action.kind === 'call' ? action.end : tag.end;
  }
}

function callKey({ name, args }: ReactXmlAction): string | undefined {
  try {
    return `${name} ${JSON.stringify(args)}`;
  } catch {
    // Nested too deeply to be compared.
    return undefined;
  }
}
