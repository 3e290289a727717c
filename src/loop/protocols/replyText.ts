/**
 * The text of a reply that arrives in many small chunks, joined as seldom as possible: adding each chunk to one string
 * would cost more than reading it.
 */
export class ReplyText {
  private segments: string[] = [];
  private recent: string[] = [];

  /** Adds a chunk. */
  push(chunk: string): void {
    this.recent.push(chunk);
  }

  /** Joins the chunks since the last call and returns them. */
  joinRecent(): string {
    if (this.recent.length === 0) return '';
    const text = this.recent.length === 1 ? this.recent[0] ?? '' : this.recent.join('');
    this.recent = [];
    this.segments.push(text);
    return text;
  }

  /** All of the text. */
  whole(): string {
    if (this.recent.length > 0 || this.segments.length > 1) {
      const text = [...this.segments, ...this.recent].join('');
      this.segments = [text];
      this.recent = [];
    }
    return this.segments[0] ?? '';
  }
}
