import { add, type Growth, isConstant } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import type { Changes } from '../program/changes';
import type { Engine, Frame } from '../following/engine';
import type { Block, Expression } from '../program/ir';
import { frameBeyond } from './sharedMarks';
import { continuesEarly } from './sharing';
import { isCollection, sizeOf } from '../following/values';
import { conjunctsOf, isName, keyOf, lookup, namesIn, rangeArguments, rootOf, usesPlace, visitExpression } from '../program/visit';
import { isSizeOf } from '../loops/worklists';

/** Rounds of a loop that something outside of it pays for: how many there are in all, and the frame that they are charged to. */
export interface Paid {
  readonly frame: Frame;
  readonly trips: Growth;
}

/**
 * `while (done < n) { …; for (…) { …; done++; } }`: each round of the inner loop brings the outer one nearer to its end, so
 * all inner rounds together are no more than the outer condition allows, and those of the last run that goes past it.
 */
export function paidByCondition(engine: Engine, block: Block, trips: Growth): Paid | undefined {
  const inner = engine.changes(block);
  if (continuesEarly(block)) {
    return undefined;
  }
  for (const loop of engine.openLoops()) {
    const statement = loop.loop;
    if ((statement?.kind !== 'while' && statement?.kind !== 'for') || statement.condition === undefined || isConstant(loop.trips) || loop.outlet !== undefined || loop.parent === undefined) {
      continue;
    }
    const changes = engine.changes(loop.body);
    for (const part of conjunctsOf(statement.condition)) {
      if (part.kind === 'binary' && ['<', '<=', '>', '>=', '!='].includes(part.operator) && [part.left, part.right].some((side) => countsUp(side, block, inner, changes, part))) {
        return { frame: loop.parent, trips: add(loop.trips, trips) };
      }
    }
  }
  return undefined;
}

/** Whether every round of `block` moves `side` up by one at least, and nothing in the loop around moves it back. */
function countsUp(side: Expression, block: Block, inner: Changes, around: Changes, condition: Expression): boolean {
  if (side.kind === 'name') {
    const updates = around.updates.get(side.name) ?? [];
    const isCount = updates.every((update) => update.motion === 'up' && update.amount?.kind === 'literal' && !update.declares);
    return isCount && (inner.updates.get(side.name) ?? []).some((update) => !update.conditional && update.loops.length === 0);
  }
  const collection = isSizeOf(side);
  const root = collection === undefined ? undefined : rootOf(collection);
  if (root === undefined || around.updates.has(root) || !around.mutations.every((mutation) => mutation.root !== root || mutation.effect === 'push' || mutation.effect === 'other')) {
    return false;
  }
  // `if (out.size() < total) out.push(x)`: where the test fails, the outer loop is at its end.
  const [only] = block;
  const isSameTest = block.length === 1 && only?.kind === 'if' && keyOf(only.condition) === keyOf(condition);
  return inner.mutations.some((mutation) => mutation.root === root && mutation.effect === 'push' && mutation.loops.length === 0 && (!mutation.conditional || isSameTest));
}

/**
 * `while (!seen[i]) { seen[i] = true; i = next[i]; }`: each round marks a place that was not marked, and no loop around
 * takes marks back, so all rounds together are no more than the places.
 */
export function paidByMarks(engine: Engine, condition: Expression, block: Block, trips: Growth): Paid | undefined {
  for (const part of conjunctsOf(condition)) {
    const mark = markOf(part);
    const root = mark === undefined ? undefined : rootOf(mark.container);
    if (mark === undefined || root === undefined || !marksFirst(engine, block, mark)) {
      continue;
    }
    const own = new Set(engine.changes(block).mutations);
    const isTakenBack = engine.openLoops().some((loop) => engine.changes(loop.body).mutations.some((mutation) => mutation.root === root && ![...own].some((each) => each.object === mutation.object) && (mutation.effect === 'remove' || mutation.effect === 'pop' || (mutation.effect === 'write' && !isMarking(engine, mutation.item, mark)))));
    const frame = isTakenBack ? undefined : frameBeyond(engine, root);
    if (frame !== undefined) {
      const value = quietly(engine, mark.container);
      return { frame, trips: isCollection(value) && (value.kind === 'list' || value.kind === 'array') ? sizeOf(value) : trips };
    }
  }
  return undefined;
}

/**
 * `while (items[items[i] - 1] != items[i]) swap(items, i, items[i] - 1)`: each round brings one item to the place that is
 * its own, from where none is taken again.
 */
export function paidByPlacing(engine: Engine, condition: Expression, block: Block): Paid | undefined {
  const [around] = engine.openLoops();
  if (around?.parent === undefined) {
    return undefined;
  }
  const { mutations, calls } = engine.changes(block);
  for (const part of conjunctsOf(condition)) {
    const place = part.kind === 'binary' && part.operator === '!=' ? [part.left, part.right].find(isOwnPlace) : undefined;
    const root = place === undefined ? undefined : rootOf(place);
    const isChanged = root !== undefined && (mutations.some((mutation) => mutation.root === root && mutation.effect === 'write') || calls.some((call) => call.args.some((arg) => rootOf(arg) === root)));
    const items = place?.kind === 'index' && isChanged ? place.object : placedItems(engine, part, block);
    const value = items === undefined ? undefined : quietly(engine, items);
    if (value !== undefined && (isCollection(value) || value.kind === 'unknown')) {
      return { frame: around.parent, trips: sizeOf(value) };
    }
  }
  return undefined;
}

/**
 * `while (items[i] != i) swap(items, i, items[i])`: the item of a place that is not its own goes to the one that is. Gives
 * the items, where the block changes places and uses the item of the place as one.
 */
function placedItems(engine: Engine, part: Expression, block: Block): Expression | undefined {
  if (part.kind !== 'binary' || part.operator !== '!=') {
    return undefined;
  }
  for (const [item, own] of [[part.left, part.right], [part.right, part.left]] as const) {
    const place = lookup(item);
    const root = place === undefined ? undefined : rootOf(place.object);
    const stepped = own.kind === 'binary' && (own.operator === '+' || own.operator === '-') && own.right.kind === 'literal' ? own.left : own;
    if (place === undefined || root === undefined || place.index.kind !== 'name' || !isName(stepped, place.index.name)) {
      continue;
    }
    const key = keyOf(item);
    const { updates, mutations, calls } = engine.changes(block);
    const names = new Set([...updates].filter(([, moves]) => moves.every(({ amount, loops }) => amount !== undefined && loops.length === 0 && usesPlace(amount, key))).map(([name]) => name));
    const isItem = (index: Expression | undefined): boolean => index !== undefined && (usesPlace(index, key) || [...namesIn(index)].some((name) => names.has(name)));
    const isPut = mutations.some((mutation) => mutation.root === root && mutation.effect === 'write' && !mutation.conditional && mutation.loops.length === 0 && isItem(mutation.index));
    const isHanded = calls.some((call) => call.args.some((arg) => rootOf(arg) === root) && call.args.some(isItem));
    // The places themselves stay where they are: the loop moves nothing but items.
    if (!updates.has(place.index.name) && (isPut || isHanded)) {
      return place.object;
    }
  }
  return undefined;
}

/** `items[items[i] - 1]`: the place that an item says it belongs to. */
function isOwnPlace(side: Expression): boolean {
  if (side.kind !== 'index') {
    return false;
  }
  const key = keyOf(side.object);
  let found = false as boolean;
  visitExpression(side.index, {
    expression: (inner) => {
      found ||= inner.kind === 'index' && keyOf(inner.object) === key;
      return !found;
    },
  });
  return found;
}

interface Mark {
  readonly container: Expression;
  readonly key: Expression;
  /** What the place must not be, or, where `isSame` is false, must be for the loop to go on. */
  readonly value: string | undefined;
  readonly isSame: boolean;
}

/** What a condition asks of a mark: `!seen[i]`, `next[i] != -1`, `next[i]`, `next[i] >= 0`, `i not in seen`. */
export function markOf(part: Expression): Mark | undefined {
  if (part.kind === 'unary' && part.operator === '!') {
    const { operand } = part;
    if (operand.kind === 'index') {
      return { container: operand.object, key: operand.index, value: 'true', isSame: true };
    }
    if (operand.kind === 'binary' && operand.operator === 'in') {
      return { container: operand.right, key: operand.left, value: undefined, isSame: true };
    }
    const [key] = operand.kind === 'call' ? operand.args : [];
    return operand.kind === 'call' && operand.callee.kind === 'member' && key !== undefined && /^(?:has|contains|containsKey|Contains|ContainsKey|count|includes)$/.test(operand.callee.name) ? { container: operand.callee.object, key, value: undefined, isSame: true } : undefined;
  }
  if (part.kind === 'binary' && part.operator === 'not in') {
    return { container: part.right, key: part.left, value: undefined, isSame: true };
  }
  if (part.kind === 'index') {
    return { container: part.object, key: part.index, value: '0', isSame: true };
  }
  if (part.kind === 'binary' && (part.operator === '>=' || part.operator === '>') && part.left.kind === 'index' && part.right.kind === 'literal' && part.right.value === 0) {
    return { container: part.left.object, key: part.left.index, value: part.operator === '>' ? '0' : 'negative', isSame: true };
  }
  if (part.kind === 'binary' && (part.operator === '!=' || part.operator === '==') && part.left.kind === 'index' && isPlain(part.right)) {
    return { container: part.left.object, key: part.left.index, value: keyOf(part.right), isSame: part.operator === '!=' };
  }
  return undefined;
}

function isPlain(value: Expression): boolean {
  return value.kind === 'literal' || (value.kind === 'unary' && value.operand.kind === 'literal');
}

/** Whether writing `item` marks a place, so that the condition no longer holds for it. */
function isMarking(engine: Engine, item: Expression | undefined, mark: Mark): boolean {
  if (item !== undefined && !isPlain(item) && mark.value !== undefined) {
    return isAboveUnmarked(engine, item, mark);
  }
  if (item === undefined || mark.value === undefined) {
    return mark.value === undefined && item !== undefined;
  }
  if (mark.value === 'negative') {
    return /^-[1-9]/.test(keyOf(item));
  }
  if (mark.value === '0' && mark.isSame && keyOf(item) === 'false') {
    return true;
  }
  return mark.isSame ? keyOf(item) === mark.value || (mark.value === 'true' && keyOf(item) === '1') : keyOf(item) !== mark.value;
}

/** `step[i] == -1` and `step[i] = count`, `!seen[i]` and `seen[i] = round + 1`: what is counted from nought up is no such value. */
function isAboveUnmarked(engine: Engine, item: Expression, mark: Mark): boolean {
  const isNegative = !mark.isSame && mark.value?.startsWith('-') === true;
  const isNought = (mark.isSame && mark.value === 'true') || (!mark.isSame && (mark.value === '0' || mark.value === 'false'));
  const isMore = item.kind === 'binary' && item.operator === '+' && item.right.kind === 'literal' && typeof item.right.value === 'number' && item.right.value > 0;
  const name = isMore ? item.left : item;
  return (isNegative || (isNought && isMore)) && name.kind === 'name' && isCountedUp(engine, name.name);
}

/** A number that the loops around only count up, from a constant or through a range. */
function isCountedUp(engine: Engine, name: string): boolean {
  let counts = false;
  for (const { loop, body } of engine.openLoops()) {
    const updates = engine.changes(body).updates.get(name) ?? [];
    if (updates.some(({ motion, amount }) => motion !== 'up' || amount?.kind !== 'literal')) {
      return false;
    }
    const isCounter = loop?.kind === 'forEach' && isName(loop.target, name) && rangeArguments(loop.iterable)?.length === 1;
    counts ||= updates.length > 0 || isCounter;
  }
  return counts;
}

/** Whether each round marks the place that the condition looked at, before it goes on to another. */
function marksFirst(engine: Engine, block: Block, mark: Mark): boolean {
  const names = namesIn(mark.key);
  const place = `${keyOf(mark.container)}[${keyOf(mark.key)}]`;
  const counted = new Set<string>();
  for (const statement of block) {
    if (statement.kind === 'assign' && statement.operator !== undefined) {
      if (statement.target.kind !== 'name' || names.has(statement.target.name)) {
        return false;
      }
      counted.add(statement.operator === '+' ? statement.target.name : '');
    } else if (statement.kind === 'assign') {
      if (keyOf(statement.target) === place) {
        // `order[i] = ++count`: no two places get the same, and none gets what is not yet marked.
        return isMarking(engine, statement.value, mark) || (mark.value === 'true' && statement.value.kind === 'name' && counted.has(statement.value.name));
      }
      if (statement.target.kind !== 'name' || names.has(statement.target.name)) {
        return false;
      }
    } else if (statement.kind === 'expression') {
      const call = statement.value;
      if (call.kind === 'call' && call.callee.kind === 'member' && /^(?:add|insert|Add|push|append|put|set)$/.test(call.callee.name) && keyOf(call.callee.object) === keyOf(mark.container) && call.args[0] !== undefined && keyOf(call.args[0]) === keyOf(mark.key)) {
        return mark.value === undefined;
      }
      if (call.kind === 'assign' && call.target.kind === 'name' && names.has(call.target.name)) {
        return false;
      }
    } else if (statement.kind !== 'declare') {
      return false;
    }
  }
  return false;
}
