/**
 * Walks over a text from mark to mark: live tags, code, labelled lines. What stands inside code is passed over whole.
 */
import { CodeFinder, type CodeRegion } from './codeRegions';
import { findLabel, type Label } from './labels';
import { type MalformedTag, nextBracket, type PartialTag, readTag, type Tag } from './tagScanner';
import type { ToolNames } from './toolNames';

/** Something in the text that is not prose. */
export type Mark =
  | { readonly kind: 'code'; readonly start: number; readonly end: number; readonly region: CodeRegion }
  | { readonly kind: 'label'; readonly start: number; readonly end: number; readonly label: Label }
  | Tag
  | PartialTag
  | MalformedTag;

/** Finds the marks of one text. Positions must mostly grow; then the cost is linear. */
export class MarkFinder {
  readonly text: string;
  readonly tools: ToolNames;
  private readonly code: CodeFinder;
  private cachedTag: { from: number; tag: Tag | PartialTag | MalformedTag | undefined } | undefined;

  private cachedBracket = { from: 0, at: 0 };

  constructor(text: string, tools: ToolNames) {
    this.text = text;
    this.tools = tools;
    this.code = new CodeFinder(text);
    this.cachedBracket.at = nextBracket(text, 0);
  }

  /**
   * The next mark at or after `from`. `origin` is where the present block begins (behind its opening tag), which counts
   * as the beginning of a line. Labelled lines are reported only when asked for.
   */
  next(from: number, origin: number, labels: boolean): Mark | undefined {
    const code = this.code.next(from, origin);
    const tag = this.nextTag(from, code?.start ?? this.text.length);
    const first = tag !== undefined && (code === undefined || tag.start < code.start) ? tag : undefined;
    const before = first?.start ?? code?.start ?? this.text.length;
    if (labels && before > from) {
      const label = findLabel(this.text, from, before, this.beginsLine(from, origin));
      if (label !== undefined) return { kind: 'label', start: label.start, end: label.end, label };
    }
    if (first !== undefined) return first;
    return code === undefined ? undefined : { kind: 'code', start: code.start, end: code.end, region: code };
  }

  /** The first code region that starts at or after `from`; see `CodeFinder.next`. */
  nextCode(from: number, origin: number): CodeRegion | undefined {
    return this.code.next(from, origin);
  }

  /** The next known tag at or after `from` that starts before `to`, in code or not. */
  nextTag(from: number, to: number): Tag | PartialTag | MalformedTag | undefined {
    const cached = this.cachedTag;
    if (cached !== undefined && cached.from <= from && (cached.tag === undefined || from <= cached.tag.start)) {
      return cached.tag !== undefined && cached.tag.start < to ? cached.tag : undefined;
    }
    for (let at = this.bracketFrom(from); at >= 0 && at < to; at = this.bracketFrom(at + 1)) {
      const tag = readTag(this.text, at, this.tools);
      if (tag !== undefined) {
        this.cachedTag = { from, tag };
        return tag;
      }
    }
    if (to >= this.text.length) this.cachedTag = { from, tag: undefined };
    return undefined;
  }

  private bracketFrom(from: number): number {
    const known = this.cachedBracket;
    if (known.from <= from && (from <= known.at || known.at < 0)) return known.at;
    const at = nextBracket(this.text, from);
    this.cachedBracket = { from, at };
    return at;
  }

  private beginsLine(at: number, origin: number): boolean {
    return at <= origin || this.text.charAt(at - 1) === '\n';
  }
}
