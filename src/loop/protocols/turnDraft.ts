/**
 * What has been read of a turn so far.
 */
import { isBlank, isFiller } from './characters';
import type { CodeRegion } from './codeRegions';
import type { ReactXmlAction, ReactXmlProblem } from './turn';

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

/** A reading that grows. */
export class TurnDraft implements TurnReading {
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
  /** Prose stands behind the last action. */
  hasProseBehindAction = false;
  /** Keys of the calls so far, from the second one on. */
  private readonly calls = new Set<string>();

  constructor(text: string) {
    this.text = text;
    this.end = text.length;
  }

  /** Adds what stands between tags. */
  addGap(from: number, to: number): void {
    const gap = this.text.slice(from, to);
    if (isBlank(gap)) {
      if (INVISIBLE.test(gap)) this.exact = false;
      return;
    }
    this.exact = false;
    this.hasText = true;
    if (!isFiller(gap)) this.addProse();
  }

  /** Notes that prose stands outside the tags. */
  addProse(): void {
    this.exact = false;
    this.hasText = true;
    this.hasProse = true;
    this.hasProseBehindAction = this.actions.length > 0;
  }

  /** Adds code that stands outside the tags. */
  addCode(region: CodeRegion): void {
    this.exact = false;
    this.hasText = true;
    this.code.push(region);
    if (region.kind !== 'comment') this.addProse();
  }

  /** Adds a thought, unless it is empty; its range reaches from its opening to behind its closing tag. */
  addThought(content: string, range: Range): void {
    const text = content.trim();
    if (!isBlank(text)) {
      this.thoughts.push(text);
      this.hasText = true;
    }
    this.thoughtRanges.push(range);
    this.proseStart = range.end;
  }

  /** Adds a call; exact repetitions are one call. */
  addCall({ name, args }: ReactXmlAction): void {
    this.hasText = true;
    this.hasProseBehindAction = false;
    const [first] = this.actions;
    if (first !== undefined) {
      this.exact = false;
      if (this.calls.size === 0) this.calls.add(callKey(first) ?? '');
      const key = callKey({ name, args });
      if (key !== undefined && this.calls.has(key)) return;
      if (key !== undefined) this.calls.add(key);
    }
    this.actions.push({ name, args });
  }

  /** Takes back all calls. */
  dropCalls(): void {
    this.actions = [];
    this.calls.clear();
    this.hasProseBehindAction = false;
  }

  /** Sets the answer. */
  takeAnswer(content: string): void {
    this.answer = content;
    this.hasText = true;
  }

  /** All before `range.end` is one thought: forgets what seemed to be there. */
  becomeThought(range: Range, contentEnd: number): void {
    this.dropCalls();
    this.thoughts = [];
    this.thoughtRanges = [];
    this.code = [];
    this.problem = undefined;
    this.answer = null;
    this.end = this.text.length;
    this.exact = false;
    this.live = true;
    this.hasText = false;
    this.hasProse = false;
    this.addThought(this.text.slice(range.start, contentEnd), range);
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
