import type { SourceReference } from '../../core/request';

/** A place that a text names, with where in the text it stands. */
export interface Citation {
  /** Where it begins and ends in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly reference: SourceReference;
}

/**
 * `src/sort.py:10`, `src/sort.py:10-42`, `sort.py#L10-L42`: a path with an ending, then lines. Bounded, for texts of
 * any length; a path does not begin in the middle of an address.
 */
const place = /(?<![\w./\\:@%-])((?:[\w.@+-]{1,80}\/){0,12}[\w.@+-]{1,80}\.[A-Za-z][\w+]{0,9})(?::|#L)(\d{1,7})(?:(?:-L?|–|:\d{1,5}-)(\d{1,7}))?(?![\w/])/g;

/** `line 10`, `lines 10–42`, `第 10 行`, `第 10–42 行`: lines of the code that the question is about. */
const ownLines = /\blines? (\d{1,7})(?:\s?(?:-|–|to)\s?(\d{1,7}))?\b|第\s?(\d{1,7})(?:\s?[-–~至到]\s?(\d{1,7}))?\s?行/gi;

/**
 * The places in a text, in order. `own` is the file that the question is about; without one, lines alone are no place.
 */
export function findCitations(text: string, own?: string): readonly Citation[] {
  const found: Citation[] = [];
  for (const match of text.matchAll(place)) {
    const [whole, path = '', first, last] = match;
    found.push(citation(match.index, whole, path, first, last));
  }
  for (const match of own === undefined ? [] : text.matchAll(ownLines)) {
    const [whole, first, last, chineseFirst, chineseLast] = match;
    found.push(citation(match.index, whole, own ?? '', first ?? chineseFirst, last ?? chineseLast));
  }
  return withoutOverlaps(found.sort((first, second) => first.start - second.start));
}

/** The place that a whole text names, such as the target of a link; undefined for anything else. */
export function readPlace(text: string): SourceReference | undefined {
  const trimmed = text.trim().replace(/^\.\//, '');
  const [only] = findCitations(trimmed);
  return only?.start === 0 && only.end === trimmed.length ? only.reference : undefined;
}

function citation(start: number, whole: string, path: string, first: string | undefined, last: string | undefined): Citation {
  const startLine = Math.max(1, Number(first));
  const endLine = Math.max(startLine, Number(last ?? first));
  return { start, end: start + whole.length, reference: { path, range: { startLine, endLine } } };
}

function withoutOverlaps(sorted: readonly Citation[]): readonly Citation[] {
  let end = 0;
  return sorted.filter((each) => {
    const isFree = each.start >= end;
    end = isFree ? each.end : end;
    return isFree;
  });
}
