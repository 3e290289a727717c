/**
 * The recursive reader behind `lenientJson.ts`.
 */
import { skipBlank } from './characters';
import { type JsonOptions, type JsonReading, setMember } from './lenientJson';

/** Returned instead of a value when reading has stopped; the reason is in the reader. */
const STOPPED = Symbol('stopped');
type Stopped = typeof STOPPED;

const DEEPEST = 256;
const CLOSERS: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '‘': '’', '`': '`' };
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z]+/y;
const BARE_KEY = /[A-Za-z_$\u00aa-\u2017\u2020-\u2fff\u3001-\ufefe\uff10-\uffff][\w$\-.\u00aa-\u2017\u2020-\u2fff\u3001-\ufefe\uff10-\uff19\uff20-\uffff]*/y;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true], ['false', false], ['null', null], ['True', true], ['False', false], ['None', null],
]);
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', "'": "'", _: '_',
};

/** Reads one object or string, tolerating what has one reading only. One instance reads once. */
export class LenientReader {
  private readonly text: string;
  private readonly limit: number;
  private readonly options: JsonOptions;
  private at = 0;
  private depth = 0;
  private failure: { kind: 'incomplete'; inString: boolean } | { kind: 'bad'; at: number; reason: string } | undefined;
  private cutAt = -1;
  private outermost: Record<string, unknown> = {};

  constructor(text: string, options: JsonOptions) {
    this.text = text;
    this.limit = options.limit ?? text.length;
    this.options = options;
  }

  /** Reads the object whose `{` stands at `start`. */
  readObject(start: number): JsonReading {
    this.at = start;
    const value = this.object();
    if (value !== STOPPED) {
      const cutByTag = this.cutAt >= 0;
      return { kind: 'ok', value, end: cutByTag ? this.cutAt : this.at, strict: false, cutByTag };
    }
    const failure = this.failure ?? { kind: 'bad', at: this.at, reason: 'it cannot be read' };
    return failure.kind === 'incomplete' ? { ...failure, members: this.outermost } : failure;
  }

  /** The content of a string that fills the whole text, or `undefined`. */
  readWholeString(): string | undefined {
    this.at = 0;
    const value = this.string();
    return value !== STOPPED && skipBlank(this.text, this.at) >= this.limit ? value : undefined;
  }

  private bad(reason: string): Stopped {
    this.failure ??= this.at >= this.limit ? { kind: 'incomplete', inString: false } : { kind: 'bad', at: this.at, reason };
    return STOPPED;
  }

  /** Skips blanks and comments; tells whether a line break was among them. */
  private skip(): boolean {
    const from = this.at;
    for (;;) {
      this.at = Math.min(skipBlank(this.text, this.at), this.limit);
      let end: number;
      if (this.text.startsWith('/*', this.at)) {
        end = this.text.indexOf('*/', this.at + 2);
        if (end >= 0) end += 2;
      } else if (this.text.startsWith('//', this.at) || this.text.charAt(this.at) === '#') {
        end = this.text.indexOf('\n', this.at);
      } else {
        break;
      }
      this.at = end < 0 || end > this.limit ? this.limit : end;
    }
    return this.text.slice(from, this.at).includes('\n');
  }

  private peek(): string {
    return this.at < this.limit ? this.text.charAt(this.at) : '';
  }

  /** At a `<` between values: whether it closes the action, so that missing closing braces may be added. */
  private closedByTag(): boolean {
    const char = this.peek();
    if (char !== '<' && char !== '＜') return false;
    const tag = this.options.tagAt?.(this.at) ?? 'other';
    if (tag === 'close') this.cutAt = this.at;
    else if (tag === 'end') this.failure ??= { kind: 'incomplete', inString: false };
    return tag === 'close';
  }

  private object(): Record<string, unknown> | Stopped {
    const result: Record<string, unknown> = {};
    if (this.depth === 0) this.outermost = result;
    if (!this.enter()) return STOPPED;
    for (;;) {
      this.skip();
      if (this.peek() === '}') {
        this.at += 1;
        break;
      }
      if (this.closedByTag()) break;
      const key = this.key();
      if (key === STOPPED) return STOPPED;
      this.skip();
      if (this.peek() !== ':' && this.peek() !== '：') return this.bad('a colon is missing after a key');
      this.at += 1;
      this.skip();
      const value = this.value();
      if (value === STOPPED) return STOPPED;
      const newLine = this.skip();
      // A number or a word at the very end of the text may have gone on.
      if (this.at >= this.limit && typeof value !== 'string' && (typeof value !== 'object' || value === null)) return this.bad('it ends too early');
      setMember(result, key, value);
      if (this.cutAt >= 0) break;
      const next = this.peek();
      if (next === ',' || next === '，') this.at += 1;
      else if (next !== '}' && !(newLine && this.beginsKey(next)) && !this.closedByTag()) return this.bad(afterValue(value));
    }
    this.depth -= 1;
    return result;
  }

  private array(): unknown[] | Stopped {
    const result: unknown[] = [];
    if (!this.enter()) return STOPPED;
    for (;;) {
      this.skip();
      if (this.peek() === ']') {
        this.at += 1;
        break;
      }
      if (this.closedByTag()) break;
      const value = this.value();
      if (value === STOPPED) return STOPPED;
      result.push(value);
      if (this.cutAt >= 0) break;
      this.skip();
      const next = this.peek();
      if (next === ',' || next === '，') this.at += 1;
      else if (next !== ']' && !this.closedByTag()) return this.bad(afterValue(value));
    }
    this.depth -= 1;
    return result;
  }

  private enter(): boolean {
    this.at += 1;
    this.depth += 1;
    if (this.depth <= DEEPEST) return true;
    this.bad('it is nested too deeply');
    return false;
  }

  private beginsKey(char: string): boolean {
    if (char in CLOSERS) return true;
    BARE_KEY.lastIndex = this.at;
    return BARE_KEY.test(this.text);
  }

  private key(): string | Stopped {
    if (this.peek() in CLOSERS) return this.string();
    BARE_KEY.lastIndex = this.at;
    const word = this.at < this.limit ? BARE_KEY.exec(this.text)?.[0] : undefined;
    if (word === undefined) return this.bad('a key is missing');
    this.at = Math.min(this.at + word.length, this.limit);
    // The opening quote was lost: path": "…"
    if (this.peek() === '"' || this.peek() === "'") this.at += 1;
    return word;
  }

  private value(): unknown {
    const char = this.peek();
    if (char === '{') return this.object();
    if (char === '[') return this.array();
    if (char in CLOSERS) return this.string();
    NUMBER.lastIndex = this.at;
    const number = NUMBER.exec(this.text)?.[0];
    if (number !== undefined) {
      this.at += number.length;
      return Number(number);
    }
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.text)?.[0];
    if (word === undefined) return this.bad('a value is missing');
    const known = WORDS.get(word);
    if (known === undefined) {
      if (this.at + word.length >= this.limit) this.at = this.limit;
      return this.bad('a value is neither a string nor a number, and not true, false or null');
    }
    this.at += word.length;
    return known;
  }

  private string(): string | Stopped {
    const opener = this.peek();
    const triple = opener.repeat(3);
    const isTriple = (opener === '"' || opener === "'" || opener === '`') && this.text.startsWith(triple, this.at);
    const closer = isTriple ? triple : CLOSERS[opener] ?? opener;
    const from = this.at + (isTriple ? 3 : 1);
    const parts: string[] = [];
    let at = from;
    let slash = this.text.indexOf('\\', at);
    let end = this.text.indexOf(closer, at);
    for (;;) {
      if (end < 0 || end >= this.limit) {
        this.failure ??= { kind: 'incomplete', inString: true };
        this.at = this.limit;
        return STOPPED;
      }
      if (slash < 0 || slash > end) break;
      parts.push(this.text.slice(at, slash));
      at = this.escape(slash, opener, parts);
      if (end < at) end = this.text.indexOf(closer, at);
      slash = this.text.indexOf('\\', at);
    }
    parts.push(this.text.slice(at, end));
    this.at = end + closer.length;
    return parts.join('');
  }

  /** Reads the escape at `at`, adds what it stands for to `parts`, and returns the index behind it. */
  private escape(at: number, opener: string, parts: string[]): number {
    const char = this.text.charAt(at + 1);
    if (char === 'u') {
      const digits = this.text.slice(at + 2, at + 6);
      if (/^[\da-fA-F]{4}$/.test(digits)) {
        parts.push(String.fromCharCode(Number.parseInt(digits, 16)));
        return at + 6;
      }
    }
    const plain = ESCAPES[char] ?? (opener === '`' && char === '`' ? '`' : undefined);
    if (plain !== undefined) {
      parts.push(plain);
      return at + 2;
    }
    // A backslash that starts no escape is text: `\d`, `C:\Users`.
    parts.push('\\');
    return at + 1;
  }
}

function afterValue(value: unknown): string {
  return typeof value === 'string' ? 'a string has an unescaped quotation mark in it, or a comma is missing after it' : 'a comma is missing after a value';
}
