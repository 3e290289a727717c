/**
 * The text of a reply that arrives in many small chunks. What came last is a string of its own: adding each chunk to the
 * whole, and looking at the whole between two of them, would lay the whole out anew each time.
 */
export class ReplyText {
  private segments: string[] = [];
  /** What came since the last join; nothing looks into it before. */
  private recent = '';

  /** Adds a chunk. */
  push(chunk: string): void {
    this.recent += chunk;
  }

  /** Joins the chunks since the last call and returns them. */
  joinRecent(): string {
    const text = this.recent;
    if (text === '') return '';
    this.recent = '';
    this.segments.push(text);
    return text;
  }

  /** All of the text. */
  whole(): string {
    if (this.recent !== '' || this.segments.length > 1) {
      const text = [...this.segments, this.recent].join('');
      this.segments = [text];
      this.recent = '';
    }
    return this.segments[0] ?? '';
  }
}
