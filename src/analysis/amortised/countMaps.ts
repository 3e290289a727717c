import { add, isConstant } from '../algebra/bigO';
import { paidByGroups, paidByListedCounts } from './countLists';
import { quietly } from '../loops/bound';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import type { Paid } from './paid';
import { sizeOf } from '../following/values';
import { isName, keyOf, rootOf, usesName, visitBlock } from '../program/visit';

/**
 * `for value, count in counts.items(): for _ in range(count): …`, where the map holds how often each value was met: all its
 * counts together are as many as were met, and each of them is come to once.
 * @param limit what the loop counts up to: a count, or less than one
 */
export function paidByCounts(engine: Engine, limit: Expression | undefined): Paid | undefined {
  const grouped = limit === undefined ? undefined : paidByGroups(engine, limit);
  if (grouped !== undefined) {
    return grouped;
  }
  const [loop] = engine.openLoops();
  if (limit === undefined || loop?.parent === undefined || loop.loop === undefined || loop.outlet !== undefined || isConstant(loop.trips)) {
    return undefined;
  }
  const count = countIn(engine, limit, 0);
  const place = count === undefined ? undefined : placeOf(count);
  let map: Expression | undefined;
  if (place?.object.kind === 'name' && place.index.kind === 'name' && loop.distinct.has(place.index.name) && (!loop.repeating.has(place.index.name) || isOfKeys(loop.loop, place.object.name))) {
    map = place.object;
  } else if (count !== undefined && loop.loop.kind === 'forEach') {
    map = countedBy(loop.loop.target, loop.loop.iterable, count);
  }
  if (map === undefined) {
    return count === undefined ? undefined : paidByListedCounts(engine, count);
  }
  const root = rootOf(map);
  const value = quietly(engine, map);
  if (root === undefined || (value.kind !== 'map' && value.kind !== 'sortedMap') || isConstant(sizeOf(value)) || !holdsCounts(engine, root, value.label)) {
    return undefined;
  }
  return { frame: loop.parent, trips: add(loop.trips, sizeOf(value)) };
}

/**
 * `for key in range(first, first + k): if counts[key] < taken: return; counts[key] -= taken`: each round takes one at least
 * from what was counted, or ends its loop. All rounds together are no more than what was counted, and one for each loop.
 */
export function paidByTaking(engine: Engine, block: Block): Paid | undefined {
  const [loop] = engine.openLoops();
  if (loop?.parent === undefined || loop.loop === undefined || loop.outlet !== undefined || isConstant(loop.trips)) {
    return undefined;
  }
  const { updates, mutations } = engine.changes(block);
  const takes = [
    ...[...updates.values()].flat().filter(({ motion, conditional, loops }) => motion === 'down' && !conditional && loops.length === 0).map(({ name, amount }) => ({ root: name.slice(0, Math.max(0, name.indexOf('['))), amount })),
    ...mutations.filter(({ effect, conditional, loops }) => effect === 'write' && !conditional && loops.length === 0).flatMap(({ root, item }) => (item?.kind === 'binary' && item.operator === '-' && usesName(item.left, root) ? [{ root, amount: item.right }] : [])),
  ];
  for (const { root, amount } of takes) {
    const value = root === '' || amount === undefined ? undefined : quietly(engine, { kind: 'name', name: root, lines: loop.loop.lines });
    if (amount === undefined || (value?.kind !== 'map' && value?.kind !== 'sortedMap') || isConstant(sizeOf(value)) || !isPositive(engine, amount) || !endsWithout(block, root) || !holdsCounts(engine, root, value.label)) {
      continue;
    }
    const around = engine.changes(loop.body);
    const isRefilled = [...around.updates].some(([name, moves]) => (name === root || name.startsWith(`${root}[`)) && moves.some(({ motion }) => motion !== 'down' && motion !== 'set'));
    if (!isRefilled && !around.updates.has(root)) {
      return { frame: loop.parent, trips: add(loop.trips, sizeOf(value)) };
    }
  }
  return undefined;
}

/** Whether the block ends its loop, or the function, where there is not enough: `if (counts[key] < taken) return false`. */
function endsWithout(block: Block, root: string): boolean {
  return block.some((statement) => {
    const last = statement.kind === 'if' ? statement.then[statement.then.length - 1] : undefined;
    return statement.kind === 'if' && usesName(statement.condition, root) && (last?.kind === 'return' || last?.kind === 'break' || last?.kind === 'throw');
  });
}

/** One, or a number that a test around says is not nought. */
function isPositive(engine: Engine, amount: Expression): boolean {
  if (amount.kind !== 'name') {
    return amount.kind === 'literal' && typeof amount.value === 'number' && amount.value > 0;
  }
  const [loop] = engine.openLoops();
  const given = loop === undefined ? [] : (engine.changes(loop.body).updates.get(amount.name) ?? []);
  const keys = new Set([amount.name, ...given.flatMap((update) => (update.amount === undefined ? [] : [keyOf(update.amount)]))]);
  const asks = (condition: Expression): boolean => keys.has(keyOf(condition)) || (condition.kind === 'unary' && condition.operator === '!' && keys.has(keyOf(condition.operand))) || (condition.kind === 'binary' && keys.has(keyOf(condition.left)) && condition.right.kind === 'literal' && condition.right.value === 0 && ['>', '!=', '==', '<='].includes(condition.operator));
  let isAsked = false as boolean;
  visitBlock(loop?.body ?? [], {
    statement: (inner) => {
      isAsked ||= inner.kind === 'if' && asks(inner.condition);
      return !isAsked;
    },
    expression: () => false,
  });
  return isAsked;
}

/** `for value in sorted(counts)` */
function isOfKeys(loop: Statement, map: string): boolean {
  const iterable = loop.kind === 'forEach' ? loop.iterable : undefined;
  const [only, ...others] = iterable?.kind === 'call' && iterable.callee.kind === 'name' && /^(?:sorted|list|reversed|tuple)$/.test(iterable.callee.name) ? iterable.args : [];
  const keys = only?.kind === 'call' && only.callee.kind === 'member' && only.callee.name === 'keys' ? only.callee.object : only;
  return isName(keys, map) && others.length === 0;
}

/** The count that a limit is no more than: `count // 2`, `count - 1`, `min(count, k)`. */
function countIn(engine: Engine, limit: Expression, level: number): Expression | undefined {
  if (level > 3) {
    return undefined;
  }
  if (limit.kind === 'binary') {
    const isLess = ['/', '//', '>>', '-', '%'].includes(limit.operator) || (limit.operator === '+' && limit.right.kind === 'literal');
    return isLess ? countIn(engine, limit.left, level + 1) : undefined;
  }
  if (limit.kind === 'call' && (limit.callee.kind === 'name' || limit.callee.kind === 'member') && /^(?:min|int|floor)$/.test(limit.callee.name)) {
    return limit.args.map((arg) => countIn(engine, arg, level + 1)).find((arg) => arg !== undefined);
  }
  const [loop] = engine.openLoops();
  const updates = limit.kind === 'name' && loop !== undefined ? (engine.changes(loop.body).updates.get(limit.name) ?? []) : [];
  const [only] = updates;
  if (updates.length > 0) {
    return updates.length === 1 && only?.motion === 'set' && only.amount !== undefined && only.loops.length === 0 ? countIn(engine, only.amount, level + 1) : undefined;
  }
  return limit;
}

/** `counts[value]`, `counts.get(value)`, `counts.getOrDefault(value, 0)` */
export function placeOf(count: Expression): { readonly object: Expression; readonly index: Expression } | undefined {
  if (count.kind === 'index') {
    return count;
  }
  const index = count.kind === 'call' ? count.args[0] : undefined;
  return count.kind === 'call' && count.callee.kind === 'member' && index !== undefined && /^(?:get|at|getOrDefault)$/.test(count.callee.name) ? { object: count.callee.object, index } : undefined;
}

/** The map whose entries a loop goes through, where `count` is what an entry holds. */
export function countedBy(target: Expression, iterable: Expression, count: Expression): Expression | undefined {
  const walked = iterable.kind === 'call' && iterable.callee.kind === 'member' && iterable.args.length === 0 ? iterable.callee : undefined;
  if (walked !== undefined && !/^(?:@?items|entrySet|@?entries|values|@?values|iteritems)$/.test(walked.name)) {
    return undefined;
  }
  const [sorted] = iterable.kind === 'call' && iterable.callee.kind === 'name' && /^(?:sorted|reversed|list)$/.test(iterable.callee.name) ? iterable.args : [];
  if (sorted !== undefined) {
    return countedBy(target, sorted, count);
  }
  const map = walked?.object ?? iterable;
  const entry = keyOf(target);
  const isHeld = target.kind === 'list' ? target.items[1] !== undefined && keyOf(target.items[1]) === keyOf(count) : walked?.name.endsWith('values') === true ? keyOf(count) === entry : [`${entry}.second`, `${entry}.getValue()`, `${entry}[1]`].includes(keyOf(count));
  return isHeld && map.kind === 'name' ? map : undefined;
}

/** Whether a map is only ever given one more of what it holds, or is what the library counts a list into. */
export function holdsCounts(engine: Engine, root: string, label: string): boolean {
  const fn = engine.namedActive()?.fn;
  const block = fn?.body ?? engine.program.main;
  const { mutations, updates } = engine.changes(block);
  const isMade = (updates.get(root) ?? []).some(({ amount }) => amount?.kind === 'call' && amount.callee.kind !== 'lambda' && amount.args.length === 1 && (isName(amount.callee, 'Counter') || (amount.callee.kind === 'member' && amount.callee.name === 'Counter')));
  const writes = mutations.filter((mutation) => mutation.root === root && mutation.effect !== 'remove' && mutation.effect !== 'clear' && mutation.effect !== 'pop');
  const isOneMore = writes.every(({ object, index, item, effect }) => {
    if (effect !== 'write' || index === undefined) {
      return false;
    }
    const place = keyOf({ kind: 'index', lines: object.lines, object, index });
    const moves = updates.get(place) ?? [];
    const isStep = moves.length > 0 && moves.every((move) => (move.motion === 'up' && move.amount?.kind === 'literal' && move.amount.value === 1) || move.motion === 'down');
    const isFirst = item?.kind === 'literal' && (item.value === 0 || item.value === 1);
    const isSum = item?.kind === 'binary' && item.operator === '+' && [item.left, item.right].some((side) => side.kind === 'literal' && side.value === 1) && usesName(item, root);
    return isStep || isFirst || isSum;
  });
  return label !== '' && isOneMore && (isMade || writes.length > 0);
}
