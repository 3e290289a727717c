/**
 * Looks for a closing thought tag that nothing opened behind what seemed to be the turn. The chat template had opened
 * that thought, so all before the tag belongs to it.
 */
import { readAction } from './actionReader';
import { type AnswerReading, readAnswer } from './answers';
import { isBlank } from './characters';
import { MarkFinder } from './marks';
import type { Tag } from './tagScanner';
import type { TurnReading } from './turnDraft';
import { END_OF_TURN, isCallFamily } from './vocabulary';

const THOUGHT_CLOSINGS = ['</th', '</reas', '</思', '</想'];

/** The closing tag at or after `from`, when it is the first thought tag there; `undefined` otherwise. */
export function findLateClosing(finder: MarkFinder, from: number, turn: TurnReading): Tag | undefined {
  let at = from;
  const isCut = turn.problem?.kind === 'truncated_action';
  for (;;) {
    const mark = finder.next(at, from, false);
    if (mark === undefined) return undefined;
    at = mark.end;
    if (mark.kind !== 'tag') continue;
    if (mark.family === 'token' && END_OF_TURN.has(mark.name)) return undefined;
    if (mark.family === 'thought') {
      if (!mark.closing) return undefined;
      // In an argument that was cut off the tag may be text; a block behind it shows that it is not.
      if (!isCut || opensBlock(finder, mark.end)) return mark;
    } else if (!mark.closing && !isCut && turn.answer === null) {
      at = Math.max(at, endOfBlock(finder, mark));
    }
  }
}

function opensBlock(finder: MarkFinder, from: number): boolean {
  const next = finder.next(from, from, false);
  return next?.kind === 'tag' && !next.closing && isBlank(finder.text.slice(from, next.start));
}

function endOfBlock(finder: MarkFinder, tag: Tag): number {
  if (tag.family === 'answer') {
    const answer = readAnswer(finder, tag);
    return answer.closed ? answer.end : tag.end;
  }
  if (!isCallFamily(tag.family)) return tag.end;
  const action = readAction(finder.text, tag, finder.tools);
  return action.kind === 'call' ? action.end : tag.end;
}

/** Whether an answer that was drafted in an unopened thought runs into the real one. */
export function hidesTurn(finder: MarkFinder, tag: Tag, answer: AnswerReading): boolean {
  const content = finder.text.slice(tag.end, answer.end);
  if (!THOUGHT_CLOSINGS.some((closing) => content.includes(closing))) return false;
  const inside = new MarkFinder(content, finder.tools);
  let closed = false;
  for (let at = 0; ;) {
    const mark = inside.next(at, 0, false);
    if (mark === undefined) return false;
    if (mark.kind === 'tag' && mark.family === 'thought') {
      if (!mark.closing) return false;
      closed = true;
    } else if (closed && mark.kind === 'tag' && !mark.closing && mark.family === 'answer') {
      return true;
    }
    at = mark.end;
  }
}
