/**
 * Shows thoughts and answers of a reply while it is still arriving.
 */
import { isBlank, skipBlank } from './characters';
import { CodeTracker } from './codeTracker';
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
  /** Whether nothing before it leaves open that it belongs to a thought or to code. */
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
  private state: State = 'outside';
  /** Text that was not decided yet, and the index in the reply where it begins. */
  private held = '';
  private heldAt = 0;
  /** From where in `held` to look on. */
  private from = 0;
  private started = false;
  private blankHeld = '';
  private metThought = false;
  private clean = true;
  private tracker = new CodeTracker();
  /** Text of the present block that the tracker has still to pass, up to the index `noted` of the reply. */
  private untracked: string[] = [];
  private noted = 0;
  /** All text so far, as long as it may turn out to be a thought that began before the reply. */
  private before: string[] = [];
  private deltas: VisibleDelta[] = [];
  /** Inside a fence or inline code, at a tag that counts only if this code is never closed. */
  private doubt: { index: number; place: 'fence' | 'span' } | undefined;

  constructor(tools: ToolNames) {
    this.tools = tools;
  }

  /** Takes the next piece of the reply and returns what it made visible. */
  push(chunk: string): VisibleDelta[] {
    if (this.state === 'over') return [];
    this.deltas = [];
    if (this.held === '' && this.started && (this.state === 'thought' || this.state === 'answer') && !hasBracket(chunk)) {
      this.untracked.push(chunk);
      this.heldAt += chunk.length;
      this.noted = this.heldAt;
      this.deltas.push({ type: this.state, text: chunk, starts: false, ends: false });
      return this.deltas;
    }
    if (!this.metThought && this.state === 'outside') this.before.push(chunk);
    this.held += chunk;
    while (this.step());
    return this.deltas;
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
    if (this.untracked.length > 0) {
      this.tracker.pass(this.untracked.join(''));
      this.untracked = [];
    }
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
    if (tag === undefined) {
      this.from = at + 1;
      return true;
    }
    if (tag.kind === 'partial') {
      if (this.held.length - at <= LONGEST_HELD_TAG) return this.hold(at);
      this.from = at + 1;
      return true;
    }
    if (tag.kind === 'malformed') return this.finish();
    const isTool = tag.family === 'tool' && !tag.closing && !tag.selfClosing;
    if (isTool && skipBlank(this.held, tag.end) >= this.held.length) return this.hold(at);
    const place = this.placeAt(at);
    const isWrapped = place === 'fence' && this.opensWrapping(at);
    if (place !== 'plain' || !isBlank(this.held.slice(0, at))) this.clean = this.clean && !/[`~]|<!--/.test(this.held.slice(0, at));
    if (place !== 'plain' && !isWrapped) {
      this.clean = false;
      this.from = tag.end;
      return true;
    }
    if (isWrapped) this.clean = false;
    return this.openTag(tag, at);
  }

  /** Outside, plain text is dropped as soon as it is passed. */
  private pass(index: number): void {
    this.track(index);
    if (/[`~]|<!--/.test(this.held.slice(0, index))) this.clean = false;
    this.outsideTail = (this.outsideTail + this.held.slice(0, index)).slice(-200);
    this.consume(index);
  }

  private outsideTail = '';

  private hold(at: number): boolean {
    this.from = at;
    return false;
  }

  private finish(): boolean {
    this.state = 'over';
    this.held = '';
    this.before = [];
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
        this.before = [];
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
    const all = this.before.join('');
    this.before = [];
    this.started = false;
    this.show('thought', all.slice(0, this.heldAt + at), true);
  }

  private readInside(state: 'thought' | 'answer'): boolean {
    if (!this.started && this.held.length - this.from < 16 && !this.skipAnswerWrapping(state)) return false;
    if (this.doubt !== undefined) return this.resolveDoubt(this.doubt);
    const at = findBracket(this.held, this.from);
    if (at < 0) {
      this.emit(state, this.held.length);
      return false;
    }
    // Inside a block only tags that can end it matter: a slash, a letter of a thought's name, a blank, or no ASCII.
    const next = this.held.charCodeAt(at + 1);
    if (state === 'answer' && next > 32 && next !== 47 && next < 0x7f) {
      this.from = at + 1;
      return true;
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
    const place = this.placeAt(at);
    if (place === 'plain') return this.closeBlock(state, tag, at);
    this.emit(state, at);
    this.doubt = { index: 0, place };
    this.from = tag.end - at;
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

  /** A tag stands in code that is not closed yet. When it closes, the tag was text; when its line ends first, it was none. */
  private resolveDoubt({ place }: { place: 'fence' | 'span' }): boolean {
    const state = this.state === 'answer' ? 'answer' : 'thought';
    if (place === 'span') return this.resolveSpan(state);
    const newline = this.held.indexOf('\n', this.from);
    if (newline < 0) return false;
    this.track(newline + 1);
    this.from = newline + 1;
    if (this.tracker.place() === 'fence') return true;
    this.doubt = undefined;
    this.emit(state, newline + 1);
    return true;
  }

  private resolveSpan(state: 'thought' | 'answer'): boolean {
    const opened = this.tracker.openRun();
    const newline = this.held.indexOf('\n', this.from);
    const end = newline < 0 ? this.held.length : newline;
    for (let tick = this.held.indexOf('`', this.from); tick >= 0 && tick < end; tick = this.held.indexOf('`', this.from)) {
      let runEnd = tick;
      while (this.held.charCodeAt(runEnd) === 96) runEnd += 1;
      // A run at the end of what is there may go on.
      if (runEnd >= this.held.length) return this.hold(tick);
      this.from = runEnd;
      if (runEnd - tick !== opened) continue;
      this.doubt = undefined;
      this.emit(state, runEnd);
      return true;
    }
    if (newline < 0) return this.hold(this.held.length);
    this.doubt = undefined;
    const tag = readTag(this.held, 0, this.tools);
    return tag?.kind === 'tag' ? this.closeBlock(state, tag, 0) : this.hold(0);
  }

  private closeBlock(state: 'thought' | 'answer', tag: Tag, at: number): boolean {
    this.emit(state, at);
    const end = tag.end - at;
    if (state === 'answer') {
      this.state = 'behindAnswer';
      this.from = end;
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
    const at = findBracket(this.held, this.from);
    if (at < 0) return this.hold(this.held.length);
    const tag = readTag(this.held, at, this.tools);
    if (tag?.kind === 'partial' && this.held.length - at <= LONGEST_HELD_TAG) return this.hold(at);
    if (tag?.kind === 'tag' && tag.family === 'answer' && tag.closing) {
      this.started = true;
      this.show('answer', this.consume(at));
      this.from = tag.end - at;
      return true;
    }
    if (tag?.kind === 'tag' && !tag.closing && tag.family !== 'tool' && tag.family !== 'token') return this.finish();
    this.from = at + 1;
    return true;
  }
}

function hasBracket(text: string): boolean {
  return text.includes('<') || text.includes('＜');
}

function findBracket(text: string, from: number): number {
  const narrow = text.indexOf('<', from);
  const wide = text.indexOf('＜', from);
  if (narrow < 0) return wide;
  return wide < 0 ? narrow : Math.min(narrow, wide);
}
