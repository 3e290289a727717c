/**
 * Character-level words of the protocol readers: what counts as blank, what is invisible, and entities.
 */

/** Characters that take no room and that models sprinkle into tags: zero-width spaces and joiners, soft hyphen, BOM. */
const INVISIBLE_CLASS = '\\u200b-\\u200f\\u2060\\ufeff\\u00ad';

const INVISIBLE = new RegExp(`[${INVISIBLE_CLASS}]`, 'g');
const BLANK_RUN = new RegExp(`[\\s${INVISIBLE_CLASS}]*`, 'y');
const NOT_BLANK = new RegExp(`[^\\s${INVISIBLE_CLASS}]`);
// What may surround a live block without meaning anything: white space, markdown emphasis, lines of a stray fence.
const FENCE_LINE = /^[ \t]*(?:`{3,}|~{3,})[ \t]*[\w+-]*[ \t]*$/gm;
const NOT_FILLER = new RegExp(`[^\\s*_${INVISIBLE_CLASS}]`);

/** The text without zero-width characters. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** The first index at or after `from` that holds neither white space nor a zero-width character. */
export function skipBlank(text: string, from: number): number {
  BLANK_RUN.lastIndex = from;
  BLANK_RUN.exec(text);
  return BLANK_RUN.lastIndex;
}

/** Whether the text holds nothing but white space and zero-width characters. */
export function isBlank(text: string): boolean {
  return !NOT_BLANK.test(text);
}

/** Whether the text says nothing: blank, markdown emphasis, or the line of a stray fence. */
export function isFiller(text: string): boolean {
  return isBlank(text) || !NOT_FILLER.test(text.includes('`') || text.includes('~') ? text.replace(FENCE_LINE, '') : text);
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Decodes the five XML entities and numeric references, once: `&amp;lt;` becomes `&lt;`. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#[xX]([\da-fA-F]{1,6}));/g, (whole, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
    if (name !== undefined) return NAMED_ENTITIES[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/**
 * Answers "where is the next `needle` at or after `from`?" for positions that mostly grow, without searching the same
 * stretch twice; a needle that is not there is searched for once.
 */
export class NeedleFinder {
  private readonly text: string;
  private readonly found = new Map<string, { from: number; at: number }>();

  constructor(text: string) {
    this.text = text;
  }

  /** The index of the next `needle`, or `Infinity`. */
  next(needle: string, from: number): number {
    const known = this.found.get(needle);
    if (known !== undefined && known.from <= from && from <= known.at) return known.at;
    let at: number;
    if (known !== undefined && from < known.from) {
      // Back before what was searched: only the stretch up to there is new.
      const index = this.text.slice(from, known.from + needle.length - 1).indexOf(needle);
      at = index < 0 ? known.at : from + index;
    } else {
      const index = this.text.indexOf(needle, from);
      at = index < 0 ? Number.POSITIVE_INFINITY : index;
    }
    this.found.set(needle, { from, at });
    return at;
  }
}
