/** One event of a stream. `event` is its name, where it has one; `data` the lines of data joined by `\n`. */
export interface ServerSentEvent {
  readonly event: string | undefined;
  readonly data: string;
}

/**
 * Reads a `text/event-stream` in whatever pieces it comes (WHATWG HTML, "Server-sent events"). Comments, `id`
 * and `retry` are passed over. Lines end in `\n` or `\r\n`; no model server sends a lone `\r`.
 *
 * Each piece is searched once, so that the cost stays linear even where a stream comes byte by byte.
 */
export class EventStreamReader {
  #line: string[] = [];
  #event: string | undefined;
  #data: string | undefined;

  /** The events that `text` completes. */
  push(text: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      let line = text.slice(start, end);
      if (this.#line.length > 0) {
        this.#line.push(line);
        line = this.#line.join('');
        this.#line = [];
      }
      this.#readLine(line.endsWith('\r') ? line.slice(0, -1) : line, events);
      start = end + 1;
    }
    if (start < text.length) {
      this.#line.push(text.slice(start));
    }
    return events;
  }

  /**
   * What is left when the stream has ended. The standard drops an event without its blank line; servers that
   * close right behind the last line of data are common enough to read it.
   */
  end(): ServerSentEvent[] {
    return this.push('\n\n');
  }

  #readLine(line: string, events: ServerSentEvent[]): void {
    if (line === '') {
      if (this.#data !== undefined) {
        events.push({ event: this.#event, data: this.#data });
      }
      this.#event = undefined;
      this.#data = undefined;
      return;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1);
    if (field === 'data') {
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    } else if (field === 'event') {
      this.#event = value;
    }
  }
}
