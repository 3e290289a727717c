import type { Changes, Mutation } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { type Operation, operationFor } from '../library';
import { keyOf, rootOf, usesName, visitBlock, visitExpression } from '../program/visit';

/**
 * Whether what is put into the collection `place` was taken out of it before, in the same round: `while stack[-1] != "(":
 * part.append(stack.pop())`, then `stack.extend(part)`, or its items one by one. It becomes no larger by that.
 * `added` is the argument of the call.
 */
export function isPutBack(engine: Engine, place: Expression | undefined, added: Expression | undefined): boolean {
  const active = engine.namedActive();
  const root = place?.kind === 'name' ? place.name : undefined;
  if (root === undefined || added === undefined || active === undefined) {
    return false;
  }
  const kept = keptIn(engine, added);
  const changes = engine.changes(active.fn.body);
  return kept !== undefined && kept !== root && takesOnlyFrom(engine, changes, kept, root) && isMadeAnew(changes, kept) && returns(changes, kept, root) < 2;
}

/** How often the code puts `kept` into `root`: a second time would be more than was taken. */
function returns(changes: Changes, kept: string, root: string): number {
  const byCalls = changes.mutations.filter((mutation) => mutation.root === root && (mutation.effect === 'push' || mutation.effect === 'extend') && (usesNamed(mutation.item, kept) || mutation.loops.some((loop) => loop.kind === 'forEach' && loop.target.kind === 'name' && usesNamed(mutation.item, loop.target.name) && usesName(loop.iterable, kept)))).length;
  const byAssignments = (changes.updates.get(root) ?? []).filter((update) => usesNamed(update.amount, kept)).length;
  return byCalls + byAssignments;
}

function usesNamed(expression: Expression | undefined, name: string): boolean {
  return expression !== undefined && usesName(expression, name);
}

/**
 * Whether a text or list that is added to an item of a collection was an item of it, taken away: `last = stack.pop()`, then
 * `stack[-1] += last`. All items together become no longer by that.
 */
export function isJoined(engine: Engine, target: Expression | undefined, added: Expression | undefined): boolean {
  const active = engine.namedActive();
  const root = target?.kind === 'index' && target.object.kind === 'name' ? target.object.name : undefined;
  if (root === undefined || added === undefined || active === undefined) {
    return false;
  }
  const changes = engine.changes(active.fn.body);
  const whole = withoutConversions(added);
  const updates = whole.kind === 'name' ? (changes.updates.get(whole.name) ?? []) : [];
  const [given] = updates;
  const taken = whole.kind !== 'name' ? whole : updates.length === 1 && given?.motion === 'set' && given.amount !== undefined && given.loops.at(-1) === engine.openLoops()[0]?.loop && uses(active.fn.body, whole.name) === 1 ? withoutConversions(given.amount) : undefined;
  return taken !== undefined && operationOn(engine, taken, root)?.effect === 'pop';
}

/** What a call of a method of `root` does, where that is a list. */
function operationOn(engine: Engine, call: Expression, root: string): Operation | undefined {
  return call.kind === 'call' && call.callee.kind === 'member' && keyOf(call.callee.object) === root && Object.hasOwn(engine.library.methods, call.callee.name) ? operationFor(engine.library.methods[call.callee.name], 'list') : undefined;
}

/** How often a block reads a variable. */
function uses(block: Block, name: string): number {
  let count = 0;
  visitBlock(block, {
    intoFunctions: true,
    statement: (statement) => {
      count -= statement.kind === 'assign' && statement.target.kind === 'name' && statement.target.name === name ? 1 : 0;
      return undefined;
    },
    expression: (inner) => {
      count += inner.kind === 'name' && inner.name === name ? 1 : 0;
      return undefined;
    },
  });
  return count;
}

/** The list that is put back, as a whole or item by item. */
function keptIn(engine: Engine, added: Expression): string | undefined {
  const [around] = engine.openLoops();
  if (added.kind === 'name' && around?.loop?.kind === 'forEach' && around.loop.target.kind === 'name' && around.loop.target.name === added.name) {
    return rootOf(withoutConversions(around.loop.iterable));
  }
  const whole = withoutConversions(added);
  if (whole.kind === 'name') {
    return whole.name;
  }
  // `stack.push(part.poll())` until `part` is empty
  return added.kind === 'call' && added.callee.kind === 'member' && around?.loop?.kind === 'while' && usesName(around.loop.condition, rootOf(added.callee.object) ?? '') ? rootOf(added.callee.object) : undefined;
}

/** `part.toString().toCharArray()`, `reversed(part)`, `part[::-1]` */
function withoutConversions(expression: Expression): Expression {
  if (expression.kind === 'slice') {
    return withoutConversions(expression.object);
  }
  if (expression.kind !== 'call') {
    return expression;
  }
  const [only, ...others] = expression.args;
  if (expression.callee.kind === 'member') {
    const { object } = expression.callee;
    // `"".join(reversed(part))` is a conversion of its argument; a call that takes something away is none.
    return object.kind === 'literal' && only !== undefined && others.length === 0 ? withoutConversions(only) : only === undefined && !/^(?:pop|poll|shift|remove)/.test(expression.callee.name) ? withoutConversions(object) : expression;
  }
  return expression.callee.kind === 'name' && only !== undefined && others.length === 0 ? withoutConversions(only) : expression;
}

/** Whether a loop ends by what it sees in `root`, not when that is empty: then nothing would be left that has kept its size. */
function stopsInside(engine: Engine, loop: Statement | undefined, root: string): boolean {
  let looks = false as boolean;
  if (loop?.kind === 'while') {
    visitExpression(loop.condition, {
      expression: (inner) => {
        looks ||= operationOn(engine, inner, root)?.result === 'element' || (inner.kind === 'index' && keyOf(inner.object) === root);
        return undefined;
      },
    });
  }
  return looks;
}

/** Whether all that enters `kept` comes out of `root`, where it is taken away. */
function takesOnlyFrom(engine: Engine, changes: Changes, kept: string, root: string): boolean {
  const entering = changes.mutations.filter((mutation) => mutation.root === kept && mutation.effect !== 'pop' && mutation.effect !== 'clear' && mutation.effect !== 'remove');
  const isTaken = (item: Expression | undefined, entry: Mutation): boolean => {
    const place = item?.kind === 'call' && item.callee.kind === 'member' ? item.callee.object : item?.kind === 'index' ? item.object : undefined;
    if (place !== undefined) {
      return rootOf(place) === root && changes.mutations.some((mutation) => mutation.root === root && mutation.effect === 'pop' && mutation.loops.at(-1) === entry.loops.at(-1));
    }
    const given = item?.kind === 'name' ? (changes.updates.get(item.name) ?? []) : [];
    return given.length > 0 && given.every((update) => update.motion === 'set' && update.amount !== undefined && update.amount.kind !== 'name' && isTaken(update.amount, entry));
  };
  return entering.length > 0 && entering.every((entry) => entry.effect === 'push' && stopsInside(engine, entry.loops.at(-1), root) && isTaken(entry.item, entry));
}

/** Whether a list begins empty in each round. */
function isMadeAnew(changes: Changes, kept: string): boolean {
  const updates = changes.updates.get(kept) ?? [];
  return updates.length > 0 && updates.every((update) => update.motion === 'set' && update.loops.length > 0 && update.amount !== undefined && (update.amount.kind !== 'list' || update.amount.items.length === 0) && update.amount.kind !== 'name');
}
