import type { LineRange } from '../core/request';
import { codeToHash } from '../transcript/frontMatter';

/** The lines of a text as notes compare them: see `codeToHash`. Made once for all notes about a text. */
export class SourceLines {
  /** Without white space at their ends. */
  readonly lines: readonly string[];
  readonly #hashes = new Map<string, Promise<string>>();
  #positions: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(text: string) {
    this.lines = text.split(/\r\n?|\n/).map((line) => line.trimEnd());
  }

  /** `range` (1-based) as far as it lies in the text; undefined where none of it does. */
  within({ startLine, endLine }: LineRange): LineRange | undefined {
    const last = Math.min(endLine, this.lines.length);
    return startLine < 1 || startLine > last ? undefined : { startLine, endLine: last };
  }

  /** The text of some lines. */
  textOf({ startLine, endLine }: LineRange): string {
    return this.lines.slice(startLine - 1, endLine).join('\n');
  }

  /** The hash of some lines as front matter has it; several notes about the same lines cost one. */
  hashOf(range: LineRange): Promise<string> {
    const key = `${String(range.startLine)}-${String(range.endLine)}`;
    const known = this.#hashes.get(key) ?? hashOfCode(this.textOf(range));
    this.#hashes.set(key, known);
    return known;
  }

  /** 0-based places of a line, compared without its indentation; in order. */
  positionsOf(line: string): readonly number[] {
    this.#positions ??= positionsByLine(this.lines);
    return this.#positions.get(line.trim()) ?? [];
  }

  /**
   * 0-based places at which `wanted` stands, line by line, in order; they may overlap. Takes time that grows with
   * both lengths together, whatever repeats in them (Knuth, Morris and Pratt).
   */
  placesOf(wanted: readonly string[]): readonly number[] {
    const borders = bordersOf(wanted);
    const found: number[] = [];
    let matched = 0;
    for (const [at, line] of this.lines.entries()) {
      while (matched > 0 && wanted[matched] !== line) {
        matched = borders[matched - 1] ?? 0;
      }
      matched += wanted[matched] === line ? 1 : 0;
      if (matched === wanted.length && matched > 0) {
        found.push(at - matched + 1);
        matched = borders[matched - 1] ?? 0;
      }
    }
    return found;
  }
}

/** For each beginning of a list: the length of its longest proper beginning that is its end as well. */
function bordersOf(list: readonly string[]): readonly number[] {
  const borders = [0];
  for (let at = 1, length = 0; at < list.length; at += 1) {
    while (length > 0 && list[at] !== list[length]) {
      length = borders[length - 1] ?? 0;
    }
    length += list[at] === list[length] ? 1 : 0;
    borders.push(length);
  }
  return borders;
}

function positionsByLine(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const positions = new Map<string, number[]>();
  for (const [at, line] of lines.entries()) {
    const key = line.trim();
    const known = positions.get(key);
    if (known === undefined) {
      positions.set(key, [at]);
    } else {
      known.push(at);
    }
  }
  return positions;
}

/** The hash of some code as front matter has it: `sha256:` and hexadecimal digits. */
export async function hashOfCode(code: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeToHash(code)));
  return `sha256:${[...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
