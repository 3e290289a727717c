/**
 * Reads a whole reply by the recovery policy: what is live, what is quoted, where the turn ends.
 */
import { type ActionReading, readAction } from './actionReader';
import { readAnswer } from './answers';
import { isBlank } from './characters';
import { announcesTag, findLabelledThoughtEnd, readLabelledAnswer } from './labelledText';
import { readLabelledAction } from './labelledAction';
import type { Label } from './labels';
import { findLateClosing, hidesTurn } from './lateClosing';
import { type Mark, MarkFinder } from './marks';
import type { Tag } from './tagScanner';
import { readThought } from './thoughts';
import { readTokenDialect } from './tokenDialects';
import type { ToolNames } from './toolNames';
import { type Range, TurnDraft, type TurnReading } from './turnDraft';
import { END_OF_TURN, isCallFamily } from './vocabulary';

/** Reads `text` by the plain rules. */
export function readTurn(text: string, tools: ToolNames): TurnReading {
  return new TurnReader(text, tools).read();
}

class TurnReader {
  private readonly text: string;
  private readonly tools: ToolNames;
  private readonly finder: MarkFinder;
  private readonly turn: TurnDraft;
  private at = 0;
  /** Where the present stretch outside the tags begins. */
  private origin = 0;
  private done = false;
  /** Behind the last opening mark of a list of calls, or -1. */
  private announced = -1;
  /** A thought tag has been met, so that a later closing one cannot belong to a thought that began before the text. */
  private metThought = false;
  /** Thoughts that ended where the next one opened, and whose closing tag may still come. */
  private unclosedThoughts = 0;
  /** Where to go on looking for such a closing tag when the turn is over; -1 when nothing behind it counts. */
  private rest = -1;

  constructor(text: string, tools: ToolNames) {
    this.text = text;
    this.tools = tools;
    this.finder = new MarkFinder(text, tools);
    this.turn = new TurnDraft(text);
  }

  read(): TurnReading {
    for (;;) {
      while (!this.done) this.step();
      const closing = this.metThought || this.rest < 0 ? undefined : findLateClosing(this.finder, this.rest, this.turn);
      if (closing === undefined) return this.turn;
      this.done = false;
      this.closeUnopened(closing);
    }
  }

  private step(): void {
    const mark = this.finder.next(this.at, this.origin, true);
    this.turn.addGap(this.at, mark?.start ?? this.text.length);
    if (mark === undefined) {
      this.done = true;
      // Calls were announced, and nothing came.
      if (this.announced >= 0 && this.turn.actions.length === 0 && isBlank(this.text.slice(this.announced))) {
        this.fail({ kind: 'truncated', detail: 'the output ended before the call' }, this.announced);
      }
    } else {
      this.at = mark.end;
      this.readMark(mark);
    }
  }

  private readMark(mark: Mark): void {
    if (mark.kind === 'tag') {
      if (mark.family === 'token') this.readToken(mark);
      else this.readTag(mark);
      return;
    }
    this.turn.exact = false;
    switch (mark.kind) {
      case 'code':
        this.turn.addCode(mark.region);
        break;
      case 'label':
        this.readLabel(mark.label);
        break;
      case 'partial':
        if (mark.onlyAction) this.fail({ kind: 'truncated', detail: 'the output ended inside the opening tag' }, mark.start);
        else this.stop(mark.start, -1);
        break;
      case 'malformed':
        this.turn.live = true;
        this.fail({ kind: 'bad', end: mark.end, detail: 'the opening tag cannot be read' }, mark.start);
    }
  }

  /** Ends the turn at `end`. From `rest` on a closing thought tag may still show that all was a thought. */
  private stop(end: number, rest: number): void {
    this.done = true;
    this.turn.end = end;
    this.rest = rest;
  }

  private goOn(at: number): void {
    this.at = at;
    this.origin = at;
  }

  private readTag(tag: Tag): void {
    const { turn } = this;
    turn.live = true;
    if (tag.closing) {
      turn.exact = false;
      if (tag.family === 'thought') this.closeThought(tag);
    } else if (tag.family === 'thought') {
      this.openThought(tag);
    } else if (tag.family === 'answer') {
      this.openAnswer(tag);
    } else if (isCallFamily(tag.family)) {
      this.acceptAction(readAction(this.text, tag, this.tools), tag.start);
    } else {
      turn.exact = false;
      if (tag.family === 'observation') {
        turn.hasText = true;
        this.stop(tag.start, tag.end);
      } else if (tag.family === 'wrapper') {
        this.announced = tag.end;
      } else if (tag.family === 'input') {
        // Arguments without a call mean nothing.
        turn.addProse();
      }
    }
  }

  private openThought(tag: Tag): void {
    const { turn } = this;
    if (!tag.exact) turn.exact = false;
    this.metThought = true;
    if (turn.actions.length > 0) {
      turn.exact = false;
      this.stop(tag.start, -1);
    } else if (!tag.selfClosing) {
      const thought = readThought(this.finder, tag.end);
      if (!thought.exact) turn.exact = false;
      if (!thought.closed) this.unclosedThoughts += 1;
      this.addThought(this.text.slice(tag.end, thought.contentEnd), { start: tag.start, end: thought.end });
    }
  }

  private addThought(content: string, range: Range): void {
    this.turn.addThought(content, range);
    this.goOn(range.end);
  }

  /** A closing thought tag outside a thought: a stray one, or the end of a thought that was not seen to be one. */
  private closeThought(tag: Tag): void {
    if (!this.metThought) {
      this.closeUnopened(tag);
    } else if (this.unclosedThoughts > 0) {
      this.unclosedThoughts -= 1;
      // An earlier thought had been taken to end where another one opened. With prose behind them, its actions are drafts.
      if (!this.turn.hasProseBehindAction) return;
      this.turn.dropCalls();
      this.addThought(this.text.slice(this.turn.proseStart, tag.start), { start: this.turn.proseStart, end: tag.end });
    }
  }

  /** The chat template had opened the thought: all before its closing tag is the thought, whatever it contains. */
  private closeUnopened(tag: Tag): void {
    this.metThought = true;
    this.turn.becomeThought({ start: 0, end: tag.end }, tag.start);
    this.goOn(tag.end);
  }

  private openAnswer(tag: Tag): void {
    const { turn } = this;
    const answer = readAnswer(this.finder, tag);
    if (turn.actions.length > 0) {
      turn.exact = false;
      this.stop(tag.start, answer.end);
      return;
    }
    if (!answer.exact || answer.content === '' || !isBlank(this.text.slice(answer.end))) turn.exact = false;
    if (answer.content === '') {
      this.at = answer.end;
      return;
    }
    turn.takeAnswer(answer.content);
    const isDraft = !this.metThought && (!answer.closed || hidesTurn(this.finder, tag, answer));
    this.stop(answer.end, isDraft ? tag.end : answer.end);
  }

  private acceptAction(action: ActionReading, start: number): void {
    const { turn } = this;
    if (action.kind !== 'call' || !action.exact) turn.exact = false;
    switch (action.kind) {
      case 'mention':
        turn.addProse();
        break;
      case 'wrapper':
        break;
      case 'none':
        // An empty tag means nothing unless something is said besides.
        if (action.empty && turn.hasText) {
          this.fail({ kind: 'bad', end: action.end, detail: 'the name of the tool is missing' }, start);
        } else {
          if (!action.empty) turn.hasText = true;
          this.at = action.end;
          turn.proseStart = Math.max(turn.proseStart, action.end);
        }
        break;
      case 'answer':
        if (turn.actions.length > 0) {
          this.stop(start, action.end);
        } else if (isBlank(action.text)) {
          this.at = action.end;
        } else {
          turn.takeAnswer(action.text.trim());
          this.stop(action.end, action.end);
        }
        break;
      case 'bad':
      case 'truncated':
        this.fail(action, start);
        break;
      case 'call':
        turn.addCall(action);
        this.goOn(action.end);
    }
  }

  private fail(action: ActionReading & { kind: 'bad' | 'truncated' }, start: number): void {
    const { turn } = this;
    turn.exact = false;
    turn.hasText = true;
    const kind = action.kind === 'bad' ? 'bad_args' : 'truncated_action';
    turn.problem = { kind, ...(action.name === undefined ? {} : { name: action.name }), detail: action.detail };
    this.stop(start, action.kind === 'bad' ? Math.max(action.end, start + 1) : start + 1);
  }

  private readToken(tag: Tag): void {
    const { turn } = this;
    turn.exact = false;
    if (END_OF_TURN.has(tag.name)) {
      this.stop(tag.start, -1);
      return;
    }
    const reading = readTokenDialect(this.text, tag, this.tools);
    switch (reading.kind) {
      case 'other':
        if (tag.name === 'tool_calls_begin' || tag.name === 'tool_calls_section_begin') this.announced = tag.end;
        break;
      case 'invented':
        this.stop(tag.start, tag.end);
        break;
      case 'ordinary':
        this.goOn(reading.end);
        turn.proseStart = reading.end;
        break;
      case 'action':
        turn.live = true;
        this.acceptAction(reading.action, tag.start);
        break;
      case 'thought':
        this.metThought = true;
        if (turn.actions.length > 0) this.stop(tag.start, -1);
        else this.addThought(reading.text, { start: tag.start, end: reading.end });
    }
  }

  private readLabel(label: Label): void {
    const { turn, finder } = this;
    if (turn.actions.length > 0 && label.kind !== 'action' && label.kind !== 'input') {
      this.stop(label.start, label.kind === 'thought' ? -1 : label.end);
    } else if (announcesTag(finder, label)) {
      if (label.kind === 'observation' || label.kind === 'person') turn.addProse();
    } else if (label.kind === 'thought') {
      const end = findLabelledThoughtEnd(finder, label);
      this.addThought(this.text.slice(label.end, end), { start: label.start, end });
    } else if (label.kind === 'answer') {
      const { content, end } = readLabelledAnswer(finder, label);
      if (content === '') return;
      turn.takeAnswer(content);
      this.stop(end, -1);
    } else {
      const action = label.kind === 'action' ? readLabelledAction(finder, label) : undefined;
      if (action === undefined) turn.addProse();
      else this.acceptAction(action, label.start);
    }
  }
}
