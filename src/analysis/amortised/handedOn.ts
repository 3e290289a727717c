import type { Bound } from '../loops/bound';
import type { Changes, Update } from '../program/changes';
import type { Engine, Frame } from '../following/engine';
import type { Expression, FunctionIr } from '../program/ir';
import { functionCalled, placeOutside, updatesAt } from '../sizes/grownByCalls';
import { visitBlock } from '../program/visit';

type Direction = NonNullable<Bound['direction']>;

/**
 * A loop in a function that others call in a loop, whose variable goes on from where the call before left it: a place of the
 * surroundings or of the object (`skip()` with `while (this.at < n) this.at++`), or a parameter that is given back
 * (`at = skip(text, at)`) or is another name for the caller's variable (`skip(text, at)` with `int& at`). Gives the frame outside of the loops that never set it back, to which all rounds together are charged.
 */
export function goesOnAcrossCalls(engine: Engine, bound: Bound): Frame | undefined {
  const [moving] = bound.moving;
  const { direction } = bound;
  if (moving === undefined || direction === undefined || bound.moving.length !== 1 || bound.worklist !== undefined || bound.perRound) {
    return undefined;
  }
  let place: string | undefined = moving;
  let handed: Expression | undefined;
  let target: Frame | undefined;
  let isCalled = false;
  for (let at: Frame | undefined = engine.frame; at !== undefined && place !== undefined; at = at.parent) {
    if (at.kind === 'function') {
      const active = engine.activeIn(at);
      if (active === undefined || active.recursive || target !== undefined) {
        return target;
      }
      isCalled = true;
      const param = givenBack(engine, active.fn, place, direction);
      const arg = param === undefined ? undefined : active.call.args[active.fn.params.findIndex((each) => each.name === param)];
      // `void skip(int& at)` moves the variable of who calls it.
      const isReference = param === undefined && active.fn.params.some((each) => each.name === place && each.byReference === true && each.type?.kind === 'number');
      const isOwn = !isReference && (active.fn.params.some((each) => each.name === place) || engine.changes(active.fn.body).updates.get(place)?.some(({ declares }) => declares) === true);
      if (isOwn && (arg?.kind !== 'name' || handed !== undefined)) {
        return undefined;
      }
      handed = isOwn ? active.call : handed;
      place = arg?.kind === 'name' ? arg.name : placeOutside(engine, active.fn, active.call, place);
    } else if (at.kind === 'loop') {
      if (at.loop === undefined || !isCalled || !neverSetBack(engine, engine.changes(at.body), place, direction, handed)) {
        return target;
      }
      target = at.parent;
    }
  }
  return target;
}

/** The parameter whose value `name` begins with, where `name` only moves in one direction and is what the function gives back. */
function givenBack(engine: Engine, fn: FunctionIr, name: string, direction: Direction): string | undefined {
  const updates = engine.changes(fn.body).updates.get(name) ?? [];
  const [first, ...moves] = updates;
  const isParam = fn.params.some((param) => param.name === name);
  const begins = isParam ? name : first?.declares === true && first.amount !== undefined ? placeNear(first.amount) : undefined;
  const isMoved = (isParam ? updates : moves).every(({ motion, declares }) => motion === direction && !declares);
  if (begins === undefined || !isMoved || !fn.params.some((param) => param.name === begins) || (!isParam && engine.changes(fn.body).updates.has(begins))) {
    return undefined;
  }
  const back = returnedBy(fn);
  return back.has(name) && [...back].every((each) => each === name || each === begins) ? begins : undefined;
}

/** What a function gives back, as the names that it does so by; other values as nothing. */
function returnedBy(fn: FunctionIr): ReadonlySet<string | undefined> {
  const found = new Set<string | undefined>();
  visitBlock(fn.body, {
    statement: (statement) => {
      if (statement.kind === 'return') {
        found.add(statement.value === undefined ? undefined : placeNear(statement.value));
      }
      return undefined;
    },
  });
  return found;
}

/** Whether a value is what a function of the program makes of `name` by moving on from it in one direction: `skip(text, at)`. */
export function handsOn(engine: Engine, value: Expression | undefined, name: string, direction: Direction): boolean {
  const plain = value?.kind === 'binary' && value.right.kind === 'literal' ? value.left : value;
  const at = plain?.kind === 'call' ? plain.args.findIndex((arg) => arg.kind === 'name' && arg.name === name) : -1;
  const fn = plain?.kind === 'call' && at >= 0 ? functionCalled(engine, plain) : undefined;
  const param = fn?.params[at]?.name;
  return fn !== undefined && param !== undefined && [...returnedBy(fn)].some((each) => each !== undefined && givenBack(engine, fn, each, direction) === param);
}

/** `at` of `at`, `at + 1` and `at - 1`. */
function placeNear(expression: Expression): string | undefined {
  const plain = expression.kind === 'binary' && (expression.operator === '+' || expression.operator === '-') && expression.right.kind === 'literal' ? expression.left : expression;
  return plain.kind === 'name' ? plain.name : undefined;
}

/** Whether a loop moves a place in one direction only, or takes over what the call `handed` gives back, each time. */
function neverSetBack(engine: Engine, changes: Changes, place: string, direction: Direction, handed: Expression | undefined): boolean {
  const isTakenOver = ({ amount, conditional, loops, motion }: Update): boolean => {
    const near = amount === undefined ? undefined : placeNear(amount);
    const given = near === undefined ? [] : (changes.updates.get(near) ?? []);
    const value = given.length === 1 ? given[0]?.amount : amount;
    return motion === 'set' && !conditional && loops.length === 0 && value === handed;
  };
  const updates = updatesAt(engine, changes, place);
  return updates.every((update) => !update.declares && (update.motion === direction || (handed !== undefined && isTakenOver(update)))) && (handed === undefined ? updates.length > 0 : updates.some(isTakenOver));
}
