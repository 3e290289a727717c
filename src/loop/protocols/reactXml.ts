/**
 * The reader of the tag protocol, `<thought>`, `<action>` and `<answer>`, and of what models make of it.
 *
 * Two readers share the vocabulary. `VisibleText` follows the stream and shows thoughts and answers as they grow; it
 * knows the usual forms. `readReply` applies the whole recovery policy to the whole text, once, and decides.
 */
import { ActionWatch } from './actionWatch';
import { ReplyText } from './replyText';
import { ToolNames } from './toolNames';
import type { ReactXmlProblem, ReactXmlReading, ReactXmlResult } from './turn';
import { type VisibleDelta, VisibleText } from './visibleText';
import { readReply } from './wrappings';

export type { ReactXmlAction, ReactXmlError, ReactXmlProblem, ReactXmlReading, ReactXmlResult } from './turn';
export type { VisibleDelta } from './visibleText';

/** What the reader has to know. */
export interface ReactXmlOptions {
  /** The names of the tools that there are. */
  readonly tools: readonly string[];
}

/** Reads a whole reply; see `turn.ts` for the result. Never throws. */
export function parseReactXml(raw: string, options: ReactXmlOptions): ReactXmlResult {
  return readReactXml(raw, options).result;
}

/** Like `parseReactXml`, with what a repair message needs. */
export function readReactXml(raw: string, options: ReactXmlOptions): ReactXmlReading {
  return readReply(raw, new ToolNames(options.tools));
}

/**
 * Reads a reply while it arrives. What becomes visible is shown at once, apart from what may still be a tag; the
 * result is that of `parseReactXml` on the whole text, however it was cut. Where the policy decides otherwise than it
 * had seemed (a draft, an example, a thought that the template had opened), the result is right and not what was shown.
 */
export class ReactXmlReader {
  private readonly tools: ToolNames;
  private readonly visible: VisibleText;
  private readonly reply = new ReplyText();
  private watch: ActionWatch | undefined;
  private reading: ReactXmlReading | undefined;

  constructor(options: ReactXmlOptions) {
    this.tools = new ToolNames(options.tools);
    this.visible = new VisibleText(this.tools, this.reply);
  }

  /** Takes the next piece of the reply and returns what it made visible. */
  push(chunk: string): VisibleDelta[] {
    if (chunk === '') return [];
    this.reading = undefined;
    if (this.watch !== undefined) {
      this.reply.push(chunk);
      this.watch.push(chunk);
      return [];
    }
    const deltas = this.visible.push(chunk);
    const { action } = this.visible;
    if (action?.settled === true) {
      this.watch = new ActionWatch(action, this.tools, this.reply);
      this.watch.push(this.reply.whole().slice(action.start + action.tag.end - action.tag.start));
    }
    return deltas;
  }

  /**
   * Whether the first action is complete and will be run whatever follows: its arguments and its closing
   * tag have been read, and a closed thought stands before it, so that it can be part of none. The reply can be cut here.
   */
  get actionComplete(): boolean {
    return this.watch?.settled !== undefined;
  }

  /** Index in the reply behind the first action's closing tag, once it is complete. */
  get cutAt(): number | undefined {
    return this.watch?.settled?.end;
  }

  /** The result for all that was pushed. May be called again after further pieces. */
  end(): ReactXmlResult {
    return this.read().result;
  }

  /** What was wrong with actions that cannot be run. */
  get problems(): readonly ReactXmlProblem[] {
    return this.read().problems;
  }

  /** The first of the problems, in words for the model. */
  get problem(): string | undefined {
    const [first] = this.problems;
    if (first === undefined) return undefined;
    return first.name === undefined ? first.detail : `${first.name}: ${first.detail}`;
  }

  private read(): ReactXmlReading {
    if (this.reading === undefined) {
      if (this.watch === undefined) this.visible.endStreak();
      const text = this.reply.whole();
      const settled = this.watch?.settled;
      this.reading = settled?.end === text.length ? settled.reading : readReply(text, this.tools);
    }
    return this.reading;
  }
}
