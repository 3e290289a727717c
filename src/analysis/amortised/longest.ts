import type { Growth } from '../algebra/bigO';
import type { Update } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import type { Paid } from './paid';
import { isName, rangeArguments } from '../program/visit';

/**
 * `for (k = best; k < limit; k++) { if (…) break; best = k + 1; }`: the loop begins at the longest that was found so far, and each
 * round makes that longer or is the last. What is found never becomes shorter in the loops around, so all rounds together are
 * no more than the longest there can be.
 */
export function growsLongest(engine: Engine, statement: Statement, trips: Growth): Paid | undefined {
  const begun = beginning(engine, statement);
  if (begun === undefined || (statement.kind !== 'for' && statement.kind !== 'forEach') || !raises(statement.body, begun)) {
    return undefined;
  }
  let frame: Paid['frame'] | undefined;
  for (const loop of engine.openLoops()) {
    const updates = loop.loop === undefined || loop.outlet !== undefined ? undefined : engine.changes(loop.body).updates;
    const isKept = updates !== undefined && !(updates.get(begun.counter) ?? []).some((update) => update.loops.includes(statement) && !isStep(update)) && (updates.get(begun.longest) ?? []).every((update) => isLonger(update, begun, statement));
    if (!isKept) {
      break;
    }
    frame = loop.parent;
  }
  return frame === undefined ? undefined : { frame, trips };
}

interface Begun {
  /** What holds the longest so far. */
  readonly longest: string;
  readonly counter: string;
}

/** The variable of a loop that counts up by one from what another name holds, or from beside it. */
function beginning(engine: Engine, statement: Statement): Begun | undefined {
  if (statement.kind === 'forEach') {
    const args = rangeArguments(statement.iterable) ?? [];
    const longest = args.length === 2 ? placeIn(args[0]) : undefined;
    return longest === undefined || statement.target.kind !== 'name' ? undefined : { longest, counter: statement.target.name };
  }
  const [first] = statement.kind === 'for' ? statement.init : [];
  if (statement.kind !== 'for' || statement.init.length !== 1) {
    return undefined;
  }
  const [counter, value] = first?.kind === 'declare' ? [first.name, first.value] : first?.kind === 'assign' && first.operator === undefined && first.target.kind === 'name' ? [first.target.name, first.value] : [];
  const longest = placeIn(value);
  const steps = counter === undefined ? [] : (engine.changes([...statement.body, ...statement.step]).updates.get(counter) ?? []);
  return counter === undefined || longest === undefined || steps.length !== 1 || !steps.every(isStep) ? undefined : { longest, counter };
}

function isStep(update: Update): boolean {
  return update.motion === 'up' && update.amount?.kind === 'literal' && update.amount.value === 1;
}

/** `best`, `best + 1`. */
function placeIn(expression: Expression | undefined): string | undefined {
  if (expression?.kind === 'name') {
    return expression.name;
  }
  return expression?.kind === 'binary' && (expression.operator === '+' || expression.operator === '-') && expression.left.kind === 'name' && expression.right.kind === 'literal' && expression.right.value === 1 ? expression.left.name : undefined;
}

/** Whether each round sets the longest to where it is, or leaves the loop. */
function raises(block: Block, begun: Begun): boolean {
  for (const statement of block) {
    if (statement.kind === 'assign' && statement.operator === undefined && isName(statement.target, begun.longest)) {
      return isReached(statement.value, begun);
    }
    if (statement.kind === 'if') {
      if (leaves(statement.then)) {
        if (statement.else.length > 0) {
          return raises(statement.else, begun);
        }
        continue;
      }
      if (raises(statement.then, begun) && (leaves(statement.else) || raises(statement.else, begun))) {
        return true;
      }
    }
    if (goesOnEarly(statement)) {
      return false;
    }
  }
  return false;
}

function leaves(block: Block): boolean {
  const last = block[block.length - 1];
  return last?.kind === 'break' || last?.kind === 'return' || last?.kind === 'throw';
}

function goesOnEarly(statement: Statement): boolean {
  return statement.kind === 'continue' || (statement.kind === 'if' && [...statement.then, ...statement.else].some(goesOnEarly)) || (statement.kind === 'block' && statement.body.some(goesOnEarly)) || statement.kind === 'switch' || statement.kind === 'try';
}

/** `k`, `k + 1`, `max(best, k + 1)`. */
function isReached(value: Expression, begun: Begun): boolean {
  const isAt = (place: Expression): boolean => isName(place, begun.counter) || (place.kind === 'binary' && place.operator === '+' && isName(place.left, begun.counter) && place.right.kind === 'literal');
  return isAt(value) || (isMaximum(value, begun.longest) && value.kind === 'call' && value.args.some(isAt));
}

function isMaximum(value: Expression, name: string): boolean {
  return value.kind === 'call' && (value.callee.kind === 'name' || value.callee.kind === 'member') && /^(?:max|Max)$/.test(value.callee.name) && value.args.some((arg) => isName(arg, name));
}

function isLonger(update: Update, begun: Begun, statement: Statement): boolean {
  if (update.declares) {
    return false;
  }
  if (update.motion === 'up') {
    return true;
  }
  return update.motion === 'set' && update.amount !== undefined && (isMaximum(update.amount, begun.longest) || (update.loops.includes(statement) && isReached(update.amount, begun)));
}
