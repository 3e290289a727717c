/**
 * Shows thoughts and answers of a reply while it is still arriving.
 */
import { findBracket, firstConcern, isUndecided, mayEnd } from './brackets';
import { isBlank, skipBlank } from './characters';
import { CodeTracker } from './codeTracker';
import type { ReplyText } from './replyText';
import { readTag, type Tag } from './tagScanner';
import type { ToolNames } from './toolNames';
import { isCallFamily } from './vocabulary';

/** Text of a thought or an answer that has become visible. */
export interface VisibleDelta {
  readonly type: 'thought' | 'answer';
  /** May be empty where only an end is told. */
  readonly text: string;
  /** The first text of its thought or answer. */
  readonly starts: boolean;
  /** The thought is closed. An answer may still go on after a closing tag that turns out to be text: it never says so. */
  readonly ends: boolean;
}

/** Where an action opened. */
export interface OpenedAction {
  readonly tag: Tag;
  /** Index of the tag in the whole reply. */
  readonly start: number;
  /** Whether nothing but closed thoughts stands before it, so that it can belong neither to one nor to code. */
  readonly settled: boolean;
}

// What cannot be told apart from a tag for so long is text.
const LONGEST_HELD_TAG = 4096;

type State = 'outside' | 'thought' | 'answer' | 'behindAnswer' | 'over';

/**
 * Follows a reply from chunk to chunk. It knows the forms that models mostly write; what it leaves out, or shows of a
 * draft, is settled by the result of the whole reply.
 */
export class VisibleText {
  /** The first action, once its tag is complete; from then on nothing becomes visible. */
  action: OpenedAction | undefined;

  private readonly tools: ToolNames;
  private readonly reply: ReplyText;
  private state: State = 'outside';
  /** Text that was not decided yet, and the index in the reply where it begins. */
  private held = '';
  private heldAt = 0;
  /** From where in `held` to look on. */
  private from = 0;
  private started = false;
  private blankHeld = '';
  private metThought = false;
  /** Outside the tags there was only white space so far. */
  private clean = true;
  private tracker = new CodeTracker();
  /** Text of the present block that the tracker has still to pass, up to the index `noted` of the reply. */
  private untracked: string[] = [];
  private noted = 0;
  /** The recent chunks of the reply were shown without a closer look, up to what is undecided. */
  private inStreak = false;
  /** `<` or `</` at the end of those chunks. */
  private undecided = '';
  /** Text that was looked at and is shown only if the tag at its beginning turns out to be text. */
  private deferred: string[] = [];
  private deltas: VisibleDelta[] = [];
  /** Inside a fence or inline code, at a tag that counts only if this code is never closed. */
  private doubt: 'fence' | 'span' | undefined;

  constructor(tools: ToolNames, reply: ReplyText) {
    this.tools = tools;
    this.reply = reply;
  }

  /** Takes the next piece of the reply, adds it to its text, and returns what it made visible. */
  push(chunk: string): VisibleDelta[] {
    const { state } = this;
    if (state === 'over') {
      this.reply.push(chunk);
      return [];
    }
    if (this.held === '' && this.doubt === undefined && this.started && (state === 'thought' || state === 'answer')) {
      const text = this.undecided === '' ? chunk : this.undecided + chunk;
      const at = firstConcern(text, state);
      if (at < 0 || isUndecided(text, at)) {
        const shown = at < 0 ? text : text.slice(0, at);
        this.undecided = at < 0 ? '' : text.slice(at);
        this.reply.push(chunk);
        this.inStreak = true;
        return shown === '' ? [] : [{ type: state, text: shown, starts: false, ends: false }];
      }
    }
    this.endStreak();
    this.reply.push(chunk);
    this.reply.joinRecent();
    this.deltas = [];
    this.held += chunk;
    while (this.step());
    return this.deltas;
  }

  /** Accounts for the chunks that were shown without a closer look. To be called before the reply's text is joined. */
  endStreak(): void {
    const text = this.reply.joinRecent();
    if (!this.inStreak) return;
    this.inStreak = false;
    const shown = text.length - this.undecided.length;
    this.untracked.push(text.slice(0, shown));
    this.heldAt += shown;
    this.noted = this.heldAt;
    this.held = this.undecided;
    this.undecided = '';
  }

  private step(): boolean {
    switch (this.state) {
      case 'over':
        return false;
      case 'outside':
        return this.readOutside();
      case 'behindAnswer':
        return this.readBehindAnswer();
      default:
        return this.readInside(this.state);
    }
  }

  /** Drops what was held up to `index`. */
  private consume(index: number): string {
    const text = this.held.slice(0, index);
    if (this.heldAt + index > this.noted) {
      this.untracked.push(this.held.slice(this.noted - this.heldAt, index));
      this.noted = this.heldAt + index;
    }
    this.held = this.held.slice(index);
    this.heldAt += index;
    this.from = 0;
    return text;
  }

  private show(type: 'thought' | 'answer', text: string, ends = false): void {
    let visible = this.blankHeld + text;
    this.blankHeld = '';
    if (!this.started) {
      visible = visible.slice(skipBlank(visible, 0));
      if (visible === '') return;
    }
    if (visible === '' && !ends) return;
    this.deltas.push({ type, text: visible, starts: !this.started, ends });
    this.started = true;
  }

  /** The place of the text at `index` of `held`, which has to be passed in order. */
  private placeAt(index: number): 'plain' | 'fence' | 'span' {
    this.track(index);
    return this.tracker.place();
  }

  private track(index: number): void {
    for (const text of this.untracked) this.tracker.pass(text);
    this.untracked = [];
    if (this.heldAt + index <= this.noted) return;
    this.tracker.pass(this.held.slice(this.noted - this.heldAt, index));
    this.noted = this.heldAt + index;
  }

  private beginBlock(state: State, index: number): void {
    this.consume(index);
    this.state = state;
    this.started = false;
    this.blankHeld = '';
    this.tracker = new CodeTracker();
    this.untracked = [];
    this.noted = this.heldAt;
    this.doubt = undefined;
  }

  private readOutside(): boolean {
    const at = findBracket(this.held, this.from);
    if (at < 0) {
      this.pass(this.held.length);
      return false;
    }
    const tag = readTag(this.held, at, this.tools);
    if (tag?.kind === 'partial' && this.held.length - at <= LONGEST_HELD_TAG) return this.hold(at);
    if (tag === undefined || tag.kind === 'partial') {
      this.pass(at + 1);
      return true;
    }
    if (tag.kind === 'malformed') return this.finish();
    const isTool = tag.family === 'tool' && !tag.closing && !tag.selfClosing;
    if (isTool && skipBlank(this.held, tag.end) >= this.held.length) return this.hold(at);
    const place = this.placeAt(at);
    const isWrapped = place === 'fence' && this.opensWrapping(at);
    if (!isBlank(this.held.slice(0, at))) this.clean = false;
    if (place !== 'plain' && !isWrapped) {
      this.pass(tag.end);
      return true;
    }
    if (isWrapped) this.clean = false;
    return this.openTag(tag, at);
  }

  /** Outside, plain text is dropped as soon as it is passed. */
  private pass(index: number): void {
    const text = this.consume(index);
    if (!isBlank(text)) this.clean = false;
    this.outsideTail = (this.outsideTail + text).slice(-200);
  }

  private outsideTail = '';

  private hold(at: number): boolean {
    this.from = at;
    return false;
  }

  private finish(): boolean {
    this.state = 'over';
    this.held = '';
    this.untracked = [];
    return false;
  }

  /** Whether all that stands before the tag is the opening line of a fence. */
  private opensWrapping(at: number): boolean {
    return /(?:^|\n)[ \t]*(?:`{3,}|~{3,})[^\n]*\n\s*$/.test(this.outsideTail + this.held.slice(0, at));
  }

  private openTag(tag: Tag, at: number): boolean {
    if (tag.family === 'thought') {
      if (tag.closing) {
        if (!this.metThought) this.closeUnopened(at);
      } else if (!tag.selfClosing) {
        this.metThought = true;
        this.outsideTail = '';
        this.beginBlock('thought', tag.end);
        return true;
      }
    } else if (tag.closing || tag.family === 'wrapper' || tag.family === 'token' || tag.family === 'input') {
      if (tag.family === 'token') this.clean = false;
    } else if (tag.family === 'answer') {
      if (!tag.selfClosing) {
        this.beginBlock('answer', tag.end);
        return true;
      }
    } else if (isCallFamily(tag.family)) {
      const next = this.held.charAt(skipBlank(this.held, tag.end));
      if (tag.family !== 'tool' || tag.selfClosing || next === '{' || next === '<' || next === '＜') {
        this.action = { tag, start: this.heldAt + at, settled: this.clean && this.metThought };
        return this.finish();
      }
    } else {
      return this.finish();
    }
    this.track(tag.end);
    this.outsideTail = '';
    this.consume(tag.end);
    return true;
  }

  /** The chat template had opened the thought: all so far is one. */
  private closeUnopened(at: number): void {
    this.metThought = true;
    this.started = false;
    this.show('thought', this.reply.whole().slice(0, this.heldAt + at), true);
  }

  private readInside(state: 'thought' | 'answer'): boolean {
    if (!this.started && this.held.length - this.from < 16 && !this.skipAnswerWrapping(state)) return false;
    if (this.doubt !== undefined) return this.resolveDoubt(this.doubt);
    const at = findBracket(this.held, this.from);
    if (at < 0) {
      this.emit(state, this.held.length);
      return false;
    }
    if (!mayEnd(this.held, at, state)) {
      this.from = at + 1;
      return true;
    }
    if (at === this.held.length - 1) {
      this.emit(state, at);
      return this.hold(0);
    }
    const tag = readTag(this.held, at, this.tools);
    const ends = tag?.kind === 'tag' && (state === 'answer' ? tag.family === 'answer' && tag.closing : tag.family === 'thought' && (tag.closing || !tag.selfClosing));
    if (tag?.kind === 'partial' && (state === 'thought' || tag.closing || isBlank(this.held.slice(at + 1))) && this.held.length - at <= LONGEST_HELD_TAG) {
      this.emit(state, at);
      return this.hold(0);
    }
    if (!ends) {
      this.from = at + 1;
      return true;
    }
    if (state === 'answer' && isBlank(this.held.slice(tag.end))) {
      // Most answers end here. Whether the tag stands in code is of interest only if something follows.
      this.emit(state, at);
      return this.hold(0);
    }
    const place = this.placeAt(at);
    if (place === 'plain') return this.closeBlock(state, tag, at);
    this.emit(state, at);
    this.doubt = place;
    this.defer(tag.end - at);
    return true;
  }

  /** At the very beginning of an answer: passes over a second answer tag and the mark of a CDATA section. */
  private skipAnswerWrapping(state: 'thought' | 'answer'): boolean {
    const start = skipBlank(this.held, 0);
    if (state === 'thought') return true;
    const rest = this.held.slice(start, start + 9);
    if ('<![CDATA['.startsWith(rest) && rest.length < 9) return false;
    if (rest === '<![CDATA[') this.consume(start + 9);
    const again = this.held.charAt(start) === '<' ? readTag(this.held, start, this.tools) : undefined;
    if (again?.kind === 'tag' && again.family === 'answer' && !again.closing && !again.selfClosing) this.consume(again.end);
    return true;
  }

  private emit(state: 'thought' | 'answer', index: number): void {
    if (index === 0) return;
    this.show(state, this.consume(index));
  }

  /** Sets aside what was looked at, up to `index` of what is held. */
  private defer(index: number): void {
    this.deferred.push(this.consume(index));
  }

  /** Shows what had been set aside, and what is held up to `index`. */
  private showDeferred(state: 'thought' | 'answer', index: number): void {
    this.defer(index);
    const text = this.deferred.join('');
    this.deferred = [];
    this.show(state, text);
  }

  /** A tag stands in code that is not closed yet. When it closes, the tag was text; when its line ends first, it was none. */
  private resolveDoubt(doubt: 'fence' | 'span'): boolean {
    const state = this.state === 'answer' ? 'answer' : 'thought';
    if (doubt === 'span') return this.resolveSpan(state);
    const newline = this.held.indexOf('\n');
    const end = newline < 0 ? this.held.length : newline + 1;
    this.track(end);
    if (newline < 0 || this.tracker.place() === 'fence') {
      this.defer(end);
      return newline >= 0;
    }
    this.doubt = undefined;
    this.showDeferred(state, end);
    return true;
  }

  private resolveSpan(state: 'thought' | 'answer'): boolean {
    const opened = this.tracker.openRun();
    const newline = this.held.indexOf('\n');
    const end = newline < 0 ? this.held.length : newline;
    const tick = this.held.indexOf('`');
    if (tick >= 0 && tick < end) {
      let runEnd = tick;
      while (this.held.charCodeAt(runEnd) === 96) runEnd += 1;
      // A run at the end of what is there may go on.
      if (runEnd >= this.held.length) return false;
      if (runEnd - tick === opened) {
        this.doubt = undefined;
        this.showDeferred(state, runEnd);
      } else {
        this.defer(runEnd);
      }
      return true;
    }
    if (newline < 0) {
      this.defer(end);
      return false;
    }
    this.doubt = undefined;
    const passed = this.deferred.join('');
    this.deferred = [];
    this.held = passed + this.held;
    this.heldAt -= passed.length;
    const tag = readTag(this.held, 0, this.tools);
    return tag?.kind === 'tag' ? this.closeBlock(state, tag, 0) : this.finish();
  }

  private closeBlock(state: 'thought' | 'answer', tag: Tag, at: number): boolean {
    this.emit(state, at);
    const end = tag.end - at;
    if (state === 'answer') {
      this.state = 'behindAnswer';
      this.defer(end);
      return true;
    }
    if (this.started) this.show('thought', '', true);
    if (!tag.closing) {
      this.beginBlock('thought', end);
      this.clean = false;
      return true;
    }
    this.beginBlock('outside', end);
    return true;
  }

  /** Behind a closing tag of the answer: a further one makes this one text, unless a tag of the protocol opens first. */
  private readBehindAnswer(): boolean {
    const at = findBracket(this.held, 0);
    this.defer(at < 0 ? this.held.length : at);
    if (at < 0) return false;
    const tag = readTag(this.held, 0, this.tools);
    if (tag?.kind === 'partial' && this.held.length <= LONGEST_HELD_TAG) return false;
    if (tag?.kind === 'tag' && tag.family === 'answer' && tag.closing) {
      this.started = true;
      this.showDeferred('answer', 0);
      this.defer(tag.end);
      return true;
    }
    if (tag?.kind === 'tag' && !tag.closing && tag.family !== 'tool' && tag.family !== 'token') return this.finish();
    this.defer(1);
    return true;
  }
}
