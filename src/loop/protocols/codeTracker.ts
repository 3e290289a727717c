/**
 * Follows fences and inline code in a text that is still arriving: is this place code, or may it become code?
 */

const FENCE_OPEN = /^[ \t]*(`{3,}|~{3,})/;
const FENCE_CLOSE = /^[ \t]*(`{3,}|~{3,})[ \t]*(?:\r?$|(?=[<＜][ \t]*[/／]))/;
const MARK = /`|~~~/g;
const LONGEST_FENCE_LINE = 200;

/** What is known about a place: `plain` text, or inside code that has begun and may yet turn out to be none. */
export type Place = 'plain' | 'fence' | 'span';

/** Reads a growing text once, from left to right. */
export class CodeTracker {
  private fence: { mark: string; length: number } | undefined;
  /** The beginning of the present line, and its length. */
  private lineHead = '';
  private lineLength = 0;
  private runs = 0;
  /** Length of the backtick run that opened inline code on this line; 0 for none. */
  private opened = 0;
  /** Backticks at the end of what was passed: their run may go on. */
  private trailing = 0;

  /** Passes over `text`, which follows what was passed before. */
  pass(text: string): void {
    let from = 0;
    // Only lines with a mark of code in them are looked at; the others can change nothing.
    for (let mark = this.nextMark(text, from); mark >= 0; mark = this.nextMark(text, from)) {
      const lineStart = text.lastIndexOf('\n', mark) + 1;
      if (lineStart > from) {
        if (from === 0) this.passInLine(text.slice(0, text.indexOf('\n')));
        this.endLine();
        from = lineStart;
      }
      const newline = text.indexOf('\n', mark);
      if (newline < 0) break;
      this.passInLine(text.slice(from, newline));
      this.endLine();
      from = newline + 1;
    }
    const last = text.lastIndexOf('\n') + 1;
    if (last > from) {
      if (from === 0) this.passInLine(text.slice(0, text.indexOf('\n')));
      this.endLine();
    }
    this.passInLine(text.slice(Math.max(last, from)));
  }

  private nextMark(text: string, from: number): number {
    if (this.fence !== undefined) return text.indexOf(this.fence.mark, from);
    MARK.lastIndex = from;
    return MARK.exec(text)?.index ?? -1;
  }

  /** What the place behind all that was passed is. */
  place(): Place {
    if (this.fence !== undefined) return this.closesFence() ? 'plain' : 'fence';
    return this.openRun() > 0 ? 'span' : 'plain';
  }

  /** Length of the backtick run that opened the inline code at this place, 0 outside inline code. */
  openRun(): number {
    if (this.trailing === 0) return this.opened;
    if (this.opened === 0) return this.trailing;
    return this.opened === this.trailing ? 0 : this.opened;
  }

  private passInLine(piece: string): void {
    if (piece === '') return;
    this.lineLength += piece.length;
    if (this.lineHead.length < LONGEST_FENCE_LINE) this.lineHead = (this.lineHead + piece).slice(0, LONGEST_FENCE_LINE);
    if (this.fence !== undefined || (this.trailing === 0 && !piece.includes('`'))) return;
    let at = 0;
    while (at < piece.length) {
      const tick = piece.indexOf('`', at);
      if (tick !== at || this.trailing === 0) this.endRun();
      if (tick < 0) return;
      let end = tick;
      while (piece.charCodeAt(end) === 96) end += 1;
      this.trailing += end - tick;
      at = end;
    }
  }

  private endRun(): void {
    if (this.trailing === 0) return;
    this.opened = this.openRun();
    this.trailing = 0;
    this.runs += 1;
  }

  private endLine(): void {
    this.endRun();
    if (this.fence !== undefined) {
      if (this.closesFence()) this.fence = undefined;
    } else {
      const run = FENCE_OPEN.exec(this.lineHead)?.[1];
      // A further backtick on the line makes it inline code, as in Markdown.
      if (run !== undefined && (run.startsWith('~') || this.runs === 1)) this.fence = { mark: run.charAt(0), length: run.length };
    }
    this.lineHead = '';
    this.lineLength = 0;
    this.runs = 0;
    this.opened = 0;
  }

  private closesFence(): boolean {
    if (this.fence === undefined || this.lineLength > LONGEST_FENCE_LINE) return false;
    const run = FENCE_CLOSE.exec(this.lineHead)?.[1];
    return run !== undefined && run.startsWith(this.fence.mark) && run.length >= this.fence.length;
  }
}
