import type { Growth } from '../algebra/bigO';
import { type Bound, sizeByPlaces } from '../loops/bound';
import type { Changes, Update } from '../program/changes';
import type { Engine, Frame } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { handsOn } from './handedOn';
import { goesBackOnTrail } from '../loops/trails';
import { isBelow } from './stretches';
import { conjunctsOf, isName, keyOf, lookup, namesIn, rangeArguments, targetNames, usesName, usesPlace, visitBlock, visitStatement } from '../program/visit';

/** Whether an update sets `start` to one of `limits` or to the place behind it: `l = r + 1`. */
function setsBehind(update: Update, start: string, limits: readonly string[]): boolean {
  return !update.declares && update.motion === 'set' && limits.some((name) => name !== start && isPlaceAfter(update.amount, name));
}

/** `r` or `r + 1`. */
function isPlaceAfter(amount: Expression | undefined, name: string): boolean {
  return amount !== undefined && ((amount.kind === 'name' && amount.name === name) || (amount.kind === 'binary' && amount.operator === '+' && amount.right.kind === 'literal' && amount.left.kind === 'name' && amount.left.name === name));
}

/** `for (i = l; i <= r; i++)` where the loop around goes on with `l = r + 1`: the ranges lie side by side. */
export function resumes(engine: Engine, statement: Statement & { kind: 'for' }, condition: Expression | undefined, moving: readonly string[]): Frame | undefined {
  const [around] = engine.openLoops();
  if (around?.loop === undefined || condition === undefined) {
    return undefined;
  }
  const limits = [...namesIn(condition)];
  const changes = engine.changes(around.body);
  for (const each of statement.init) {
    const value = each.kind === 'declare' || each.kind === 'assign' ? each.value : undefined;
    const start = value?.kind === 'name' ? value.name : undefined;
    const updates = start === undefined ? undefined : changes.updates.get(start);
    if (start !== undefined && updates !== undefined && !moving.includes(start) && updates.every((update) => !update.loops.includes(statement) && setsBehind(update, start, limits))) {
      return around.parent;
    }
  }
  return undefined;
}

/** `i = l; j = r; while (i < j) { …; i++; j--; }` where the loop around goes on behind `r`: each run is gone through once. */
export function turnsRun(engine: Engine, statement: Statement, bound: Bound): { frame: Frame; trips: Growth } | undefined {
  const [around] = engine.openLoops();
  const [first, second] = bound.moving;
  if (around?.loop === undefined || around.parent === undefined || first === undefined || second === undefined || bound.moving.length !== 2) {
    return undefined;
  }
  const changes = engine.changes(around.body);
  const startOf = (name: string, motion: Update['motion']): Expression | undefined => {
    const updates = changes.updates.get(name) ?? [];
    const [start, ...others] = updates.filter((update) => !update.loops.includes(statement));
    const inside = updates.filter((update) => update.loops.includes(statement));
    return others.length === 0 && start?.motion === 'set' && inside.length > 0 && inside.every((update) => update.motion === motion && isUnit(update.amount)) ? start.amount : undefined;
  };
  for (const [low, high] of [[first, second], [second, first]] as const) {
    const [from, to] = [startOf(low, 'up'), startOf(high, 'down')];
    if (from?.kind !== 'name' || to === undefined) {
      continue;
    }
    const limits = [...namesIn(to)];
    const updates = changes.updates.get(from.name) ?? [];
    if (updates.some((update) => setsBehind(update, from.name, limits)) && updates.every((update) => setsBehind(update, from.name, limits) || (update.motion === 'up' && isUnit(update.amount)))) {
      return { frame: around.parent, trips: bound.trips };
    }
  }
  return undefined;
}

/** The same for `range(l, r + 1)` and `l..=r`. */
export function resumesRange(engine: Engine, iterable: Expression, target: Expression): Frame | undefined {
  const [around] = engine.openLoops();
  const [from, to] = rangeArguments(iterable) ?? [];
  if (around?.loop === undefined || from?.kind !== 'name' || to === undefined) {
    return undefined;
  }
  const limits = [...namesIn(to)];
  const updates = engine.changes(around.body).updates.get(from.name) ?? [];
  // `for i in range(i, end)` itself moves on from where it ended before.
  if (target.kind === 'name' && target.name === from.name && updates.length === 1 && updates[0]?.declares === true && updates[0].statement?.kind === 'forEach' && updates[0].statement.iterable === iterable) {
    return around.parent;
  }
  return updates.length > 0 && updates.every((update) => setsBehind(update, from.name, limits)) ? around.parent : undefined;
}

export function resets(statement: Statement & { kind: 'for' }, moving: readonly string[]): boolean {
  return statement.init.some((each) => (each.kind === 'declare' && moving.includes(each.name)) || (each.kind === 'assign' && (each.target.kind === 'name' ? moving.includes(each.target.name) : true)));
}

/**
 * The outermost frame to which all rounds of a loop together can be charged once, because none of the loops between sets
 * its moving variables back. Undefined where the loop starts afresh each time.
 */
export function amortisedOver(engine: Engine, statement: Statement, bound: Bound): Frame | undefined {
  if (bound.moving.length === 0 || bound.worklist !== undefined) {
    return undefined;
  }
  let target: Frame | undefined;
  for (const loop of engine.openLoops()) {
    if (loop.loop === undefined) {
      break;
    }
    const changes = engine.changes(loop.body);
    const isKept = bound.moving.every((name) => {
      const updates = changes.updates.get(name) ?? [];
      const declaredByLoop = loop.loop?.kind === 'forEach' && targetNames(loop.loop.target).includes(name);
      if (declaredByLoop) {
        return false;
      }
      const isRewired = [...changes.updates.keys()].some((key) => key.startsWith(`${name}.`)) && updates.some((update) => update.motion === 'follow' && update.loops.includes(statement));
      return updates.every((update) => {
        if (update.loops.includes(statement)) {
          return true;
        }
        // Links are changed on the way (threads of Morris, lists turned round): none is followed more than twice.
        if (isRewired && update.amount?.kind === 'member') {
          return true;
        }
        // A pointer that goes on along the same structure is not set back.
        if (update.motion === 'follow' && bound.direction === 'up') {
          return true;
        }
        if (update.motion === 'up' || update.motion === 'down') {
          // Steps back in another loop may be as many as those on, each time.
          const isStep = isUnit(update.amount) && (update.motion === bound.direction || update.loops.length === 0);
          return update.motion === bound.direction || isStep || (update.amount !== undefined && bound.moving.some((other) => update.amount !== undefined && usesName(update.amount, other)));
        }
        if (bound.direction !== undefined && handsOn(engine, update.amount, name, bound.direction)) {
          return true;
        }
        if (bound.direction === 'up' && loop.loop !== undefined && catchesUp(changes, loop.loop, statement, name, update)) {
          return true;
        }
        // j = i where i itself goes on from j: the run is not walked again.
        return goesBackOnTrail(changes, name, update, statement) || (update.amount !== undefined && [...namesIn(update.amount)].some((other) => other !== name && continuesFrom(changes, other, name, statement)));
      });
    });
    if (!isKept) {
      break;
    }
    target = loop.parent;
  }
  return target;
}

/** `while (from < i) …from++…; from = i;` where the loop around only counts `i` up: it is never behind `from`. */
function catchesUp(changes: Changes, around: Statement, statement: Statement, name: string, { motion, amount, declares }: Update): boolean {
  const condition = statement.kind === 'while' || statement.kind === 'for' ? statement.condition : undefined;
  const limit = motion === 'set' && !declares && amount?.kind === 'name' ? amount.name : undefined;
  if (condition === undefined || limit === undefined) {
    return false;
  }
  const moves = changes.updates.get(limit) ?? [];
  const isCounted = around.kind === 'forEach' ? isName(around.target, limit) && rangeArguments(around.iterable)?.length === 1 : moves.length > 0;
  return conjunctsOf(condition).some((part) => isBelow(part, name, limit)) && isCounted && moves.every((move) => move.motion === 'up' && move.amount?.kind === 'literal' && !move.declares);
}

/**
 * A window: the loop moves an index by one each round, and the loops around never set it back. However the condition
 * reads, the index passes each item of what it indexes once.
 */
export function windowOver(engine: Engine, statement: Statement, whole: Block): { frame: Frame; trips: Growth } | undefined {
  if (engine.openLoops().length === 0) {
    return undefined;
  }
  for (const [name, updates] of engine.changes(whole).updates) {
    if (!updates.every((update) => (update.motion === 'up' || update.motion === 'down') && isUnit(update.amount)) || !updates.some((update) => !update.conditional && update.loops.length === 0)) {
      continue;
    }
    const indexed = indexedBy(engine, statement, name) ?? widthOf(engine, name) ?? indexedAlong(engine, statement, whole, name);
    if (indexed === undefined) {
      continue;
    }
    const [first] = updates;
    const bound: Bound = {
      trips: indexed, text: '', progress: new Map(), moving: [name], direction: first?.motion === 'down' ? 'down' : 'up', worklist: undefined, worklistName: undefined,
      distinct: new Set(), perRound: false, guard: undefined, empties: undefined, alternatives: [], geometric: undefined, isSure: true,
    };
    const frame = amortisedOver(engine, statement, bound);
    if (frame !== undefined) {
      return { frame, trips: indexed };
    }
  }
  return undefined;
}

/** `low = i - reach[i]; while (text[low] == …) { reach[i]++; low--; }`: the size of what an index looks into that goes along with `name`. */
function indexedAlong(engine: Engine, statement: Statement, whole: Block, name: string): Growth | undefined {
  const around = engine.openLoops()[0]?.body;
  const starts = around === undefined ? undefined : engine.changes(around).updates;
  for (const [other, steps] of engine.changes(whole).updates) {
    const isAlong = other !== name && steps.every((step) => (step.motion === 'up' || step.motion === 'down') && isUnit(step.amount)) && starts?.get(other)?.some(({ amount, loops }) => !loops.includes(statement) && amount !== undefined && usesPlace(amount, name)) === true;
    const indexed = isAlong ? indexedBy(engine, statement, other) : undefined;
    if (indexed !== undefined) {
      return indexed;
    }
  }
  return undefined;
}

/** `right - left` in the loop around: the index never passes the loop's own variable. */
function widthOf(engine: Engine, name: string): Growth | undefined {
  for (const loop of engine.openLoops()) {
    let isWidth = false as boolean;
    visitBlock(loop.body, {
      expression: (inner) => {
        if (inner.kind === 'binary' && inner.operator === '-' && inner.right.kind === 'name' && inner.right.name === name && inner.left.kind === 'name') {
          isWidth = true;
        }
        return !isWidth;
      },
    });
    if (isWidth) {
      return loop.trips;
    }
  }
  return undefined;
}

/**
 * `while x + k in seen` under a test that `x - 1` is not in it: only the first of each run is followed, so every item is
 * passed once over all rounds of the loop around.
 */
export function startsOfRuns(engine: Engine, condition: Expression): boolean {
  const [around] = engine.openLoops();
  const container = membershipOf(condition);
  if (around === undefined || container === undefined || container.item.kind === 'literal') {
    return false;
  }
  let found = false as boolean;
  visitBlock(around.body, {
    expression: (inner) => {
      const test = membershipOf(inner);
      if (test !== undefined && inner !== condition && keyOf(test.container) === keyOf(container.container) && test.item.kind === 'binary' && test.item.operator === '-' && test.item.right.kind === 'literal') {
        found = true;
      }
      return !found;
    },
  });
  return found;
}

function membershipOf(expression: Expression): { item: Expression; container: Expression } | undefined {
  if (expression.kind === 'unary') {
    return membershipOf(expression.operand);
  }
  if (expression.kind === 'binary' && (expression.operator === 'in' || expression.operator === 'not in')) {
    return { item: expression.left, container: expression.right };
  }
  if (expression.kind === 'call' && expression.callee.kind === 'member' && /^(?:has|contains|count|containsKey|find|Contains|include\?|contains_key)$/.test(expression.callee.name) && expression.args[0] !== undefined) {
    return { item: expression.args[0], container: expression.callee.object };
  }
  return expression.kind === 'index' ? { item: expression.index, container: expression.object } : undefined;
}

/** The size of a collection that the loop indexes by `name`. */
export function indexedBy(engine: Engine, statement: Statement, name: string): Growth | undefined {
  let found: Growth | undefined;
  visitStatement(statement, {
    expression: (inner) => {
      const place = lookup(inner);
      if (found === undefined && place !== undefined && usesName(place.index, name)) {
        found = sizeByPlaces(engine, place.object);
      }
      return undefined;
    },
  });
  return found;
}

function isUnit(amount: Expression | undefined): boolean {
  return amount?.kind === 'literal' || (amount?.kind === 'unary' && amount.operand.kind === 'literal');
}

/** `other` is given a value made of `name` in the loop: `i = j`, `i = j + 1`, `i += length`; also of where that is kept: `reach[i] = j`, `end = i + reach[i]`. */
function continuesFrom(changes: Changes, other: string, name: string, statement: Statement): boolean {
  return (changes.updates.get(other) ?? []).some((update) => update.amount !== undefined && (usesPlace(update.amount, name) || readsKept(changes, update.amount, name)) && !update.loops.includes(statement));
}

/** Whether a sum has a part in it that is read from where `name` is written to. */
function readsKept(changes: Changes, sum: Expression, name: string): boolean {
  if (sum.kind === 'binary' && (sum.operator === '+' || sum.operator === '-')) {
    return readsKept(changes, sum.left, name) || (sum.operator === '+' && readsKept(changes, sum.right, name));
  }
  return sum.kind === 'index' && changes.mutations.some(({ effect, item, object }) => effect === 'write' && item !== undefined && isName(item, name) && keyOf(object) === keyOf(sum.object));
}
