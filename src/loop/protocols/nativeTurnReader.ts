import type { TurnReader, TurnReading, VisibleText } from './protocol';
import { XmlTurnReader } from './xmlTurnReader';

/** Characters with which a call written as text may begin; such a reply is shown only when it has been read. */
const mayBeCall = /^\s*(?:[<{[`＜]|$)/;

/**
 * Reads the text of a model with native tool calls. Its text is the answer, shown as it comes, unless calls come
 * beside it; a model that writes its calls as text instead is read by the same policy as the tag protocol.
 */
export class NativeTurnReader implements TurnReader {
  readonly cutAt = undefined;
  readonly #xml: XmlTurnReader;
  #raw = '';
  #shown = false;

  constructor(toolNames: readonly string[]) {
    this.#xml = new XmlTurnReader(toolNames);
  }

  push(text: string): readonly VisibleText[] {
    this.#raw += text;
    this.#xml.push(text);
    if (this.#shown) {
      return [{ type: 'answer', text }];
    }
    if (mayBeCall.test(this.#raw.slice(0, 64))) {
      return [];
    }
    this.#shown = true;
    return [{ type: 'answer', text: this.#raw }];
  }

  end(): TurnReading {
    const reading = this.#xml.end();
    if (reading.actions.length > 0 || reading.problem !== null) {
      return reading;
    }
    return reading.answer === null ? reading : { ...reading, recovered: false };
  }
}
