import type { LineRange } from '../core/request';
import { codeToHash } from '../transcript/frontMatter';
import { hashOfCode } from './sourceLines';
import type { SourceLines } from './sourceLines';

/**
 * How the code of a note stands to the code of today: the same at the same lines, the same elsewhere in the file,
 * changed, or not there any more.
 */
export type Staleness = 'current' | 'moved' | 'stale' | 'gone';

/** All of them, the freshest first. */
export const stalenessOrder: readonly Staleness[] = ['current', 'moved', 'stale', 'gone'];

/** What a note says of its code. */
export interface NotedCode {
  readonly range: LineRange;
  /** As front matter has it; see `codeToHash`. */
  readonly hash?: string;
  readonly symbol?: string;
}

/** A function, method or class with its lines. */
export interface NamedLines {
  readonly name: string;
  readonly range: LineRange;
}

/** What is asked for only where the lines of the note have other code now. */
export interface StalenessSources {
  /** The code as the note holds it; undefined where it does not any more. */
  notedText(): Promise<string | undefined>;
  /** The functions of the text. */
  functions(): Promise<readonly NamedLines[]>;
}

/** Where the code of a note is now. */
export interface LocatedCode {
  readonly staleness: Staleness;
  /** Left out where the code is gone. */
  readonly range?: LineRange;
}

/** Windows with the right beginning whose hash is computed, where a note's text alone cannot tell. */
const mostHashedWindows = 32;
/** Share of a note's telling lines that must be found together for the place to be that of the code. */
const similarShare = 0.4;
/** The same for the words of a few lines, at the place where they were. */
const similarWords = 0.5;

/**
 * Follows the code of a note by what it says: the hash of the lines where it was; the same code anywhere in the
 * file; the function of the same name; the place where most of its lines still are. `hint` is where it was seen
 * last. Takes time that grows with the length of the file. Undefined where the note says too little to tell.
 */
export async function locateCode(noted: NotedCode, source: SourceLines, sources: StalenessSources, hint = noted.range): Promise<LocatedCode | undefined> {
  if (await isSame(noted, source, noted.range)) {
    return { staleness: 'current', range: noted.range };
  }
  if (!sameRange(hint, noted.range) && (await isSame(noted, source, hint))) {
    return { staleness: 'moved', range: hint };
  }
  const text = await sources.notedText();
  if (text === undefined) {
    return noted.hash === undefined ? undefined : await withoutText(noted, source, sources, hint);
  }
  const same = await sameElsewhere(noted, text, source, hint);
  if (same !== undefined) {
    return { staleness: same.startLine === noted.range.startLine ? 'current' : 'moved', range: same };
  }
  const range = (await byName(noted, sources, hint)) ?? bySimilarity(text, source, hint);
  return range === undefined ? { staleness: 'gone' } : { staleness: 'stale', range };
}

async function isSame({ hash }: NotedCode, source: SourceLines, range: LineRange): Promise<boolean> {
  return hash !== undefined && range.startLine >= 1 && range.endLine <= source.lines.length && (await source.hashOf(range)) === hash;
}

function sameRange(first: LineRange, second: LineRange): boolean {
  return first.startLine === second.startLine && first.endLine === second.endLine;
}

/** A note that lost its code can be followed by its name; else all that is known is that the lines are others now. */
async function withoutText(noted: NotedCode, source: SourceLines, sources: StalenessSources, hint: LineRange): Promise<LocatedCode> {
  const range = (await byName(noted, sources, hint)) ?? source.within(hint);
  return range === undefined ? { staleness: 'gone' } : { staleness: 'stale', range };
}

/** The lines that hold the code of the note, the nearest to `hint` of several. */
async function sameElsewhere(noted: NotedCode, text: string, source: SourceLines, hint: LineRange): Promise<LineRange | undefined> {
  const wanted = codeToHash(text).split('\n');
  if (wanted.every((line) => line === '')) {
    return undefined;
  }
  const rangeAt = (place: number): LineRange => ({ startLine: place + 1, endLine: place + wanted.length });
  if (noted.hash === undefined || noted.hash === (await hashOfCode(text))) {
    const [nearest] = nearestFirst(source.placesOf(wanted), hint.startLine - 1);
    return nearest === undefined ? undefined : rangeAt(nearest);
  }
  // What the note shows is not all that was hashed: a secret was masked, or somebody edited the note. The rarest of
  // its lines says where to look, the hash decides.
  let rarest: { readonly index: number; readonly places: readonly number[] } | undefined;
  for (const [index, line] of wanted.entries()) {
    const places = line === '' ? [] : source.positionsOf(line);
    if (places.length > 0 && (rarest === undefined || places.length < rarest.places.length)) {
      rarest = { index, places };
    }
  }
  const { index, places } = rarest ?? { index: 0, places: [] };
  for (const place of nearestFirst(places, hint.startLine - 1 + index).slice(0, mostHashedWindows)) {
    const range = rangeAt(place - index);
    if (place >= index && (await source.hashOf(range)) === noted.hash) {
      return range;
    }
  }
  return undefined;
}

function nearestFirst(places: readonly number[], place: number): readonly number[] {
  return places.toSorted((first, second) => Math.abs(first - place) - Math.abs(second - place));
}

/** The function of the note's name, the nearest of several. */
async function byName({ symbol }: NotedCode, sources: StalenessSources, hint: LineRange): Promise<LineRange | undefined> {
  if (symbol === undefined) {
    return undefined;
  }
  const lastName = (name: string): string => /[^.:#]+$/.exec(name)?.[0] ?? name;
  const named = (await sources.functions()).filter(({ name }) => lastName(name) === lastName(symbol));
  const distance = ({ range }: NamedLines): number => Math.abs(range.startLine - hint.startLine);
  return named.toSorted((first, second) => distance(first) - distance(second))[0]?.range;
}

/** The lines where most of the code still stands, or those where it stood if they say nearly the same. */
function bySimilarity(text: string, source: SourceLines, hint: LineRange): LineRange | undefined {
  const wanted = codeToHash(text).split('\n').map((line) => line.trim());
  return mostLines(wanted, source, hint) ?? similarPlace(text, source, hint);
}

/** True for a line that says something: brackets and `else` stand everywhere. */
function isTelling(line: string): boolean {
  return (line.match(/[\p{L}\p{N}_]/gu)?.length ?? 0) > 4;
}

/** Slides a window over the file and counts which of the wanted lines are in it, each as often as it is wanted. */
function mostLines(wanted: readonly string[], source: SourceLines, hint: LineRange): LineRange | undefined {
  const telling = wanted.filter(isTelling);
  // Room for some lines that were added.
  const size = Math.ceil(wanted.length * 1.25) + 2;
  const wantedCount = counts(telling);
  const inWindow = new Map<string, number>();
  const matches = source.lines.map((line) => (wantedCount.has(line.trim()) ? line.trim() : undefined));
  let score = 0;
  let best: { readonly score: number; readonly last: number } | undefined;
  for (const [at, entering] of matches.entries()) {
    if (entering !== undefined) {
      const count = (inWindow.get(entering) ?? 0) + 1;
      inWindow.set(entering, count);
      score += count <= (wantedCount.get(entering) ?? 0) ? 1 : 0;
    }
    const leaving = matches[at - size];
    if (leaving !== undefined) {
      const count = inWindow.get(leaving) ?? 0;
      inWindow.set(leaving, count - 1);
      score -= count <= (wantedCount.get(leaving) ?? 0) ? 1 : 0;
    }
    // A window that ends with a wanted line is the shortest with its lines.
    if (entering !== undefined && isBetter({ score, last: at }, best, hint.endLine - 1)) {
      best = { score, last: at };
    }
  }
  return best === undefined || best.score < telling.length * similarShare
    ? undefined
    : aligned(wanted, matches, { first: Math.max(0, best.last - size + 1), last: best.last });
}

function isBetter(one: { readonly score: number; readonly last: number }, other: { readonly score: number; readonly last: number } | undefined, expected: number): boolean {
  return other === undefined || one.score > other.score ||
    (one.score === other.score && Math.abs(one.last - expected) < Math.abs(other.last - expected));
}

/** The window from where the code must begin, by its first line that was found, to where it must end by its last. */
function aligned(wanted: readonly string[], matches: readonly (string | undefined)[], window: { readonly first: number; readonly last: number }): LineRange {
  const inside = matches.slice(window.first, window.last + 1);
  const first = inside.findIndex((line) => line !== undefined);
  const last = inside.findLastIndex((line) => line !== undefined);
  const before = wanted.indexOf(inside[first] ?? '');
  const after = wanted.length - 1 - wanted.lastIndexOf(inside[last] ?? '');
  return {
    startLine: Math.max(0, window.first + first - before) + 1,
    endLine: Math.min(matches.length - 1, window.first + last + after) + 1,
  };
}

/** The lines of `hint` where their words are mostly those of `text`: what a line or two became. */
function similarPlace(text: string, source: SourceLines, hint: LineRange): LineRange | undefined {
  const range = source.within(hint);
  if (range === undefined) {
    return undefined;
  }
  const before = counts(wordsOf(text));
  const now = wordsOf(source.textOf(range));
  const shared = [...counts(now)].reduce((sum, [word, count]) => sum + Math.min(count, before.get(word) ?? 0), 0);
  const all = [...before.values()].reduce((sum, count) => sum + count, 0) + now.length;
  return all > 0 && (2 * shared) / all >= similarWords ? range : undefined;
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+/gu) ?? [];
}

function counts(items: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const item of items) {
    found.set(item, (found.get(item) ?? 0) + 1);
  }
  return found;
}

/** An edit of a text: 1-based lines that it replaced (an insertion within a line replaces that line), and by how many. */
export interface LineEdit {
  readonly startLine: number;
  readonly endLine: number;
  /** Lines that stand there now. */
  readonly newLines: number;
}

/** Where lines are after an edit: moved by one above them, grown or shrunk by one inside. */
export function shiftedRange(range: LineRange, { startLine, endLine, newLines }: LineEdit): LineRange {
  const added = newLines - (endLine - startLine + 1);
  if (startLine > range.endLine || added === 0) {
    return range;
  }
  if (endLine < range.startLine) {
    return { startLine: range.startLine + added, endLine: range.endLine + added };
  }
  const first = Math.min(range.startLine, startLine);
  return { startLine: first, endLine: Math.max(first, range.endLine + added) };
}
