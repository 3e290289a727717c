/**
 * Finds where a thought ends, also one that is never closed.
 */
import { type ActionReading, readAction } from './actionReader';
import { readAnswer } from './answers';
import { isFiller } from './characters';
import { readLabelledAction } from './labelledAction';
import { beginsLine } from './labels';
import type { MarkFinder } from './marks';
import { readTag } from './tagScanner';
import { END_OF_TURN, isCallFamily } from './vocabulary';

/** A thought as it stands. */
export interface ThoughtReading {
  readonly contentEnd: number;
  /** Where reading goes on. */
  readonly end: number;
  readonly closed: boolean;
  /** Closed by exactly the tag that the protocol asks for. */
  readonly exact: boolean;
}

// A closing tag in what looks like inline code, followed by a block of the protocol that this code does not close.
const CLOSE_AND_OPEN = /<\/(?:thoughts?|think(?:ing)?|reasoning)>(?=\s*<(action|answer|thought)[\s>])/i;

// What every thought tag begins with; most brackets of code are passed over without a closer look.
const THOUGHT_HINT = /[<＜][\s\u200b-\u200f\u2060\ufeff\u00ad]*[/／]?[\s\u200b-\u200f\u2060\ufeff\u00ad]*(?:[\w-]+:)?[trTR\u200b-\u200f\u2060\ufeff\u00ad思想]/g;

/** Reads the thought whose content starts at `from`. */
export function readThought(finder: MarkFinder, from: number): ThoughtReading {
  const { text, tools } = finder;
  let at = from;
  let hidden = -1;
  THOUGHT_HINT.lastIndex = from;
  for (let hint = THOUGHT_HINT.exec(text); hint !== null; hint = THOUGHT_HINT.exec(text)) {
    const { index } = hint;
    const next = THOUGHT_HINT.lastIndex;
    const tag = readTag(text, index, tools);
    THOUGHT_HINT.lastIndex = next;
    if (tag?.kind !== 'tag' || tag.family !== 'thought' || (tag.selfClosing && !tag.closing)) continue;
    if (tag.closing && !mayCloseCode(text, index)) return { contentEnd: index, end: tag.end, closed: true, exact: tag.exact };
    let region = finder.nextCode(at, from);
    while (region !== undefined && region.end <= index) {
      at = region.end;
      region = finder.nextCode(at, from);
    }
    if (region !== undefined && region.start < index) {
      if (hidden < 0) hidden = findStrayCode(text, region.start, region.end);
      at = region.end;
      THOUGHT_HINT.lastIndex = region.end;
      continue;
    }
    if (tag.closing) return { contentEnd: index, end: tag.end, closed: true, exact: tag.exact };
    return readOpenThought(finder, from, index);
  }
  if (hidden >= 0) {
    // A single backtick in the thought met one far behind it; the tags between them are the protocol, not code.
    const end = text.indexOf('>', hidden) + 1;
    return { contentEnd: hidden, end, closed: true, exact: text.slice(hidden, end) === '</thought>' };
  }
  return readOpenThought(finder, from, undefined);
}

/** Whether code could end behind `from`: without a mark of it no place before is inside closed code. */
function mayCloseCode(text: string, from: number): boolean {
  return text.includes('`', from) || text.includes('~~~', from) || text.includes('-->', from);
}

function findStrayCode(text: string, start: number, end: number): number {
  const code = text.slice(start, end);
  const match = CLOSE_AND_OPEN.exec(code);
  if (match === null || /<(?:thought|think)/i.test(code.slice(0, match.index))) return -1;
  return code.includes(`</${(match[1] ?? '').toLowerCase()}`, match.index + match[0].length) ? -1 : start + match.index;
}

/**
 * A thought without closing tag: it ends where the next thought opens, or at an answer that begins a line, or at
 * actions with which the turn ends. Actions with prose behind them were drafts.
 */
function readOpenThought(finder: MarkFinder, from: number, nextThought: number | undefined): ThoughtReading {
  const { text, tools } = finder;
  let limit = nextThought ?? text.length;
  let at = from;
  let run = -1;
  // Drafts that cannot be read may each reach far ahead; a bound on that keeps the whole linear.
  let budget = 3 * text.length;
  const endAt = (index: number): ThoughtReading => ({ contentEnd: index, end: index, closed: false, exact: false });
  while (at < limit) {
    const mark = finder.next(at, from, true);
    if (mark === undefined || mark.start >= limit) break;
    if (!isFiller(text.slice(at, mark.start))) run = -1;
    at = mark.end;
    let action: ActionReading | undefined;
    if (mark.kind === 'partial') {
      limit = mark.start;
    } else if (mark.kind === 'code' || mark.kind === 'malformed') {
      run = -1;
    } else if (mark.kind === 'label') {
      if (mark.label.kind === 'answer' && nextThought === undefined) return endAt(mark.start);
      if ((mark.label.kind === 'observation' || mark.label.kind === 'person') && run >= 0) return endAt(run);
      action = mark.label.kind === 'action' ? readLabelledAction(finder, mark.label) : undefined;
      if (action === undefined) run = -1;
    } else if (mark.family === 'token') {
      if (END_OF_TURN.has(mark.name)) limit = mark.start;
    } else if (!mark.closing && mark.family === 'observation') {
      if (run >= 0) return endAt(run);
      if (nextThought === undefined && beginsLine(text, mark.start, from)) return endAt(mark.start);
    } else if (!mark.closing && mark.family === 'answer' && beginsLine(text, mark.start, from)) {
      const answer = readAnswer(finder, mark);
      if (answer.content !== '' && (nextThought === undefined || answer.end > nextThought)) return endAt(mark.start);
      at = answer.end;
      run = -1;
    } else if (!mark.closing && isCallFamily(mark.family) && budget > 0) {
      action = readAction(text, mark, tools);
    } else if (!mark.closing && mark.family !== 'wrapper') {
      run = -1;
    }
    if (action === undefined) continue;
    if (action.kind === 'truncated' || action.kind === 'mention') {
      budget -= text.length - mark.start;
      run = -1;
    } else {
      if (run < 0) run = mark.start;
      if (action.kind !== 'wrapper') at = Math.max(action.end, at);
    }
  }
  const restIsFiller = at >= limit || isFiller(text.slice(at, limit));
  return endAt(run >= 0 && restIsFiller && nextThought === undefined ? run : limit);
}
