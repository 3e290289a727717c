/**
 * Reads thoughts and answers that are written as labelled lines, `Thought:` and `Final Answer:`.
 */
import { readAction } from './actionReader';
import { isFiller } from './characters';
import { readLabelledAction } from './labelledAction';
import type { Label } from './labels';
import type { Mark, MarkFinder } from './marks';
import { cleanProse } from './prose';
import { readThought } from './thoughts';
import { END_OF_TURN, isCallFamily } from './vocabulary';

/** Whether a label only announces the tag that follows it. */
export function announcesTag(finder: MarkFinder, label: Label): boolean {
  const next = finder.next(label.end, label.end, false);
  return next?.kind === 'tag' && isFiller(finder.text.slice(label.end, next.start));
}

/** Where the thought behind the label ends: at the next label or tag. */
export function findLabelledThoughtEnd(finder: MarkFinder, label: Label): number {
  let at = label.end;
  for (;;) {
    const mark: Mark | undefined = finder.next(at, label.end, true);
    if (mark === undefined) return finder.text.length;
    if (endsThought(finder, mark)) {
      // A call in a thought that has no end is a draft when prose follows.
      return mark.kind === 'tag' && isCallFamily(mark.family) ? readThought(finder, label.end).contentEnd : mark.start;
    }
    at = mark.end;
  }
}

function endsThought(finder: MarkFinder, mark: Mark): boolean {
  if (mark.kind === 'label') {
    const { label } = mark;
    if (label.kind === 'thought' || label.kind === 'answer') return true;
    return label.kind === 'action' && (announcesTag(finder, label) || readLabelledAction(finder, label) !== undefined);
  }
  if (mark.kind === 'code') return false;
  if (mark.kind !== 'tag') return true;
  if (mark.family === 'token') return END_OF_TURN.has(mark.name);
  if (mark.closing) return mark.family === 'thought';
  return mark.family !== 'tool' || readAction(finder.text, mark, finder.tools).kind !== 'mention';
}

/** The answer behind the label, to the end of the output or of the turn; `content` is trimmed. */
export function readLabelledAnswer(finder: MarkFinder, label: Label): { content: string; end: number } {
  let end = finder.text.length;
  for (let at = label.end; ;) {
    const mark = finder.next(at, label.end, false);
    if (mark === undefined) break;
    if (mark.kind === 'partial' || (mark.kind === 'tag' && mark.family === 'token' && END_OF_TURN.has(mark.name))) {
      end = mark.start;
      break;
    }
    at = mark.end;
  }
  return { content: cleanProse(finder.text.slice(label.end, end), finder.tools), end };
}
