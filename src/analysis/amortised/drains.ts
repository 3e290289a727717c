import { placeOutside, pushersOf } from '../sizes/grownByCalls';
import type { Engine, Frame } from '../following/engine';

/**
 * A loop that takes items from `name` in a function that a loop calls in each round (`queue.push(x)` with
 * `while (items.length && items.at(-1) < x) items.pop()`): what the rounds of that loop put in is all there is to take, and
 * has been paid for. Not where the loop makes the collection anew, nor where a loop that takes items puts them in.
 */
export function drainsForCallers(engine: Engine, name: string): boolean {
  let place: string | undefined = name;
  for (let at: Frame | undefined = engine.frame; at !== undefined && place !== undefined; at = at.parent) {
    if (at.kind === 'function') {
      const active = engine.activeIn(at);
      place = active === undefined || active.recursive ? undefined : placeOutside(engine, active.fn, active.call, place);
    } else if (at.kind === 'loop') {
      return isFilledBy(engine, at, place);
    }
  }
  return false;
}

function isFilledBy(engine: Engine, loop: Frame, place: string): boolean {
  const changes = engine.changes(loop.body);
  const [first = ''] = place.split('.');
  if ([...changes.updates.keys()].some((name) => name === first || name === place || place.startsWith(`${name}.`))) {
    return false;
  }
  const pushes = pushersOf(engine, changes, place);
  return pushes.length > 0 && pushes.every(({ loops }) => loops.every((each) => each.kind !== 'while'));
}
