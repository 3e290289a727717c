/**
 * Finds code: fences, inline code and HTML comments, in which no tag is live.
 */
import { NeedleFinder } from './characters';

/** A stretch of code with its marks: `start`…`end` includes them, `contentStart`…`contentEnd` does not. */
export interface CodeRegion {
  readonly kind: 'fence' | 'span' | 'comment';
  readonly start: number;
  readonly end: number;
  readonly contentStart: number;
  readonly contentEnd: number;
}

const FENCE_CLOSE_TAIL = /[ \t\r]*(?:\n|$|(?=[<＜][ \t]*[/／]))/y;

/** Finds code regions in one text, from left to right, in time linear in the text. */
export class CodeFinder {
  private readonly text: string;
  private readonly needles: NeedleFinder;
  /** For each fence mark: the shortest opening run for which no closing line was found, and from where on. */
  private readonly unclosed = new Map<string, { length: number; from: number }>();
  private cached: { from: number; region: CodeRegion | undefined } | undefined;

  constructor(text: string) {
    this.text = text;
    this.needles = new NeedleFinder(text);
  }

  /**
   * The first closed code region that starts at or after `from`. What stands at `origin` counts as the beginning of a
   * line (it follows a tag). Fences and comments that are never closed are no code.
   */
  next(from: number, origin: number): CodeRegion | undefined {
    const first = this.fenceAtOrigin(from, origin);
    if (first !== undefined) return first;
    const cached = this.cached;
    if (cached !== undefined && cached.from <= from && (cached.region === undefined || from <= cached.region.start)) return cached.region;
    const region = this.search(from);
    this.cached = { from, region };
    return region;
  }

  /** A fence directly behind the tag that ends at `origin`, on the same line. */
  private fenceAtOrigin(from: number, origin: number): CodeRegion | undefined {
    let at = origin;
    while (this.text.charAt(at) === ' ' || this.text.charAt(at) === '\t') at += 1;
    const mark = this.text.charAt(at);
    if (at < from || (mark !== '`' && mark !== '~')) return undefined;
    const length = this.runLength(mark, at);
    return length >= 3 ? this.readFence(mark, at, length) : undefined;
  }

  private search(from: number): CodeRegion | undefined {
    let at = from;
    for (;;) {
      const tick = this.needles.next('`', at);
      const tilde = this.needles.next('~~~', at);
      const comment = this.needles.next('<!--', at);
      const first = Math.min(tick, tilde, comment);
      if (first === Number.POSITIVE_INFINITY) return undefined;
      if (first === comment) {
        const end = this.needles.next('-->', first + 4);
        if (end !== Number.POSITIVE_INFINITY) return { kind: 'comment', start: first, end: end + 3, contentStart: first + 4, contentEnd: end };
        at = first + 4;
        continue;
      }
      const mark = first === tick ? '`' : '~';
      const length = this.runLength(mark, first);
      const fence = length >= 3 && this.beginsLine(first, 0) ? this.readFence(mark, first, length) : undefined;
      if (fence !== undefined) return fence;
      const span = mark === '`' ? this.readSpan(first, length) : undefined;
      if (span !== undefined) return span;
      at = first + length;
    }
  }

  private runLength(mark: string, at: number): number {
    let end = at;
    while (this.text.charAt(end) === mark) end += 1;
    return end - at;
  }

  private beginsLine(at: number, origin: number): boolean {
    for (let index = at - 1; index >= origin; index -= 1) {
      const char = this.text.charAt(index);
      if (char === '\n') return true;
      if (char !== ' ' && char !== '\t' && char !== '\r') return false;
    }
    return true;
  }

  private readFence(mark: string, start: number, length: number): CodeRegion | undefined {
    const lineEnd = this.needles.next('\n', start + length);
    if (lineEnd === Number.POSITIVE_INFINITY) return undefined;
    // A backtick behind the opening run makes it inline code, as in Markdown.
    if (mark === '`' && this.needles.next('`', start + length) < lineEnd) return undefined;
    const failed = this.unclosed.get(mark);
    if (failed !== undefined && failed.length <= length && failed.from <= lineEnd) return undefined;
    const needle = mark.repeat(length);
    let at = lineEnd + 1;
    for (;;) {
      const run = this.text.indexOf(needle, at);
      if (run < 0) break;
      const runEnd = run + this.runLength(mark, run);
      FENCE_CLOSE_TAIL.lastIndex = runEnd;
      if (this.beginsLine(run, lineEnd) && FENCE_CLOSE_TAIL.test(this.text)) {
        const newline = this.text.lastIndexOf('\n', run);
        return { kind: 'fence', start, end: runEnd, contentStart: lineEnd + 1, contentEnd: Math.max(lineEnd + 1, newline) };
      }
      at = runEnd;
    }
    if (failed === undefined || length < failed.length) this.unclosed.set(mark, { length, from: lineEnd });
    return undefined;
  }

  /** Inline code ends on its line: a lone backtick must not hide what the next lines say. */
  private readSpan(start: number, length: number): CodeRegion | undefined {
    const contentStart = start + length;
    const lineEnd = Math.min(this.needles.next('\n', contentStart), this.text.length);
    let at = contentStart;
    for (;;) {
      const run = this.text.indexOf('`', at);
      if (run < 0 || run >= lineEnd) return undefined;
      const runEnd = run + this.runLength('`', run);
      if (runEnd - run === length) return { kind: 'span', start, end: runEnd, contentStart, contentEnd: run };
      at = runEnd;
    }
  }
}
