import { compare } from '../algebra/ranks';
import { type Growth, isConstant, logarithm, multiply, one, size } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import { type Engine, evidence, type Sentence } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import type { Paid } from './paid';
import { copyOf, isCollection, sizeOf, type Value } from '../following/values';
import { holds, rangeArguments, rootOf, visitStatement } from '../program/visit';
import { isSizeOf } from '../loops/worklists';

/**
 * `for x in group: …` and then `group = []`: what the loops around put in one by one is gone through once before it is
 * thrown away.
 */
export function paidByFilling(engine: Engine, iterable: Expression, statement: Statement): Paid | undefined {
  const limits = rangeArguments(iterable);
  const collection = limits === undefined ? iterable : lengthIn(limits[limits.length === 1 ? 0 : 1]);
  const root = collection === undefined ? undefined : rootOf(collection);
  if (root === undefined || collection?.kind !== 'name') {
    return paidByCounting(engine, limits?.[limits.length === 1 ? 0 : 1], statement);
  }
  return filledAnew(engine, root, statement);
}

/**
 * Charges an operation that goes once through a list or text which the loop around fills item by item and then begins
 * anew: `parts.push(part.join('')); part = [];`. All rounds together cost what all items do. False where that is not so.
 */
export function chargeFilled(engine: Engine, given: Expression | undefined, value: Value, cost: Growth, call: Expression, text: Sentence): boolean {
  const name = given === undefined ? undefined : nameOfWhole(given);
  const paid = name !== undefined && isCollection(value) && !isConstant(cost) ? filledAnew(engine, name, call) : undefined;
  const items = paid === undefined ? one : sizeOf(value);
  if (paid === undefined || isConstant(items) || compare(cost, multiply(items, logarithm(items))) > 0) {
    return false;
  }
  const total = multiply(paid.trips, compare(cost, items) <= 0 ? one : logarithm(items));
  engine.chargeTo(paid.frame, total, [evidence('library', call.lines, text, one, total)]);
  engine.charge(one);
  return true;
}

/** What is being asked about: what is put in may be made by the very call that is given the text, `text += next(text)`. */
const asked = new WeakSet<Expression>();

/**
 * A collection or text that the loop at hand fills item by item, used as a whole by `part` and then begun anew, as a share of
 * its own of what is put in: `total(part); part = []`. Undefined where that is not so.
 */
export function filledShare(engine: Engine, given: Expression | undefined, value: Value, part: Expression): Value | undefined {
  const [around] = engine.openLoops();
  const root = given === undefined ? undefined : nameOfWhole(given);
  if (around === undefined || root === undefined || !isCollection(value) || isConstant(sizeOf(value)) || asked.has(part)) {
    return undefined;
  }
  asked.add(part);
  try {
    if (filledAnew(engine, root, part)?.frame !== around.parent) {
      return undefined;
    }
  } finally {
    asked.delete(part);
  }
  const name = engine.freshSymbol('¶');
  around.shares.push({ name, total: around.trips });
  return copyOf(value, { size: size(name), items: undefined });
}

const asMany = /^(?:toString|ToString|to_string|String|join|as_str|clone|stream|iter|into_iter|rev|chars|collect|reverse|toReversed|sort|sorted|slice|split|toList|boxed)$/;

/** The collection that an expression is, or has no more items than: `part`, `part.toString()`, `''.join(part)`, `part.reverse()`, `sorted(part)`, `part[::-1]`. */
function nameOfWhole(given: Expression): string | undefined {
  if (given.kind === 'name') {
    return given.name;
  }
  if (given.kind === 'spread') {
    return nameOfWhole(given.value);
  }
  if (given.kind === 'slice') {
    return given.from === undefined && given.to === undefined ? nameOfWhole(given.object) : undefined;
  }
  const [only, ...others] = given.kind === 'call' ? given.args : [];
  if (given.kind !== 'call' || others.length > 0) {
    return undefined;
  }
  if (given.callee.kind === 'name') {
    return only !== undefined && /^(?:reversed|sorted|list|tuple|String)$/.test(given.callee.name) ? nameOfWhole(only) : undefined;
  }
  if (given.callee.kind !== 'member' || !asMany.test(given.callee.name)) {
    return undefined;
  }
  // A separator, or an order, is no collection: `part.join('')`; of `''.join(part)` the argument is.
  return nameOfWhole(only === undefined || only.kind === 'literal' || only.kind === 'lambda' ? given.callee.object : only);
}

/** Parts that are asked about, while what is put in is looked at, which may be made of them: `text.append(text.toString())`. */
const looking = new Set<Statement | Expression>();

/** Where what `part` does with the collection is paid for: the loop that fills it, which begins it anew behind `part`. */
function filledAnew(engine: Engine, root: string, part: Statement | Expression): Paid | undefined {
  if (looking.has(part)) {
    return undefined;
  }
  looking.add(part);
  try {
    return filledBehind(engine, root, part);
  } finally {
    looking.delete(part);
  }
}

function filledBehind(engine: Engine, root: string, part: Statement | Expression): Paid | undefined {
  for (const loop of engine.openLoops()) {
    if (loop.loop === undefined || loop.parent === undefined || isConstant(loop.trips) || loop.outlet !== undefined) {
      return undefined;
    }
    const { mutations, updates } = engine.changes(loop.body);
    const pushes = mutations.filter((mutation) => mutation.root === root && (mutation.effect === 'push' || mutation.effect === 'extend'));
    const moves = updates.get(root) ?? [];
    const letters = moves.filter(({ motion }) => motion === 'up');
    const isFilled = pushes.length + letters.length > 0 && pushes.every((push) => push.loops.length === 0 && (push.effect === 'push' || (push.item !== undefined && isLetter(engine, push.item)))) && letters.every(({ amount, loops }) => loops.length === 0 && amount !== undefined && isLetter(engine, amount));
    if (isFilled && moves.every((update) => !update.declares && (update.motion === 'up' || isEmpty(update.amount))) && isEmptiedAfter(loop.loop, part, root)) {
      return { frame: loop.parent, trips: loop.trips };
    }
  }
  return undefined;
}

function isLetter(engine: Engine, amount: Expression): boolean {
  return quietly(engine, amount).kind === 'char';
}

/** `count += 1` in each round, and `for k in range(count): …; count = 0` at the end of a run: as many rounds as were counted. */
export function paidByCounting(engine: Engine, limit: Expression | undefined, statement: Statement): Paid | undefined {
  const count = limit?.kind === 'binary' && (limit.operator === '-' || limit.operator === '+') && limit.right.kind === 'literal' ? limit.left : limit;
  const [loop] = engine.openLoops();
  if (count?.kind !== 'name' || loop?.loop === undefined || loop.parent === undefined || isConstant(loop.trips) || loop.outlet !== undefined) {
    return undefined;
  }
  const updates = engine.changes(loop.body).updates.get(count.name) ?? [];
  const isCounted = updates.some((update) => update.motion === 'up') && updates.every((update) => !update.declares && update.loops.length === 0 && ((update.motion === 'up' && update.amount?.kind === 'literal') || (update.motion === 'set' && update.amount?.kind === 'literal')));
  return isCounted && isEmptiedAfter(loop.loop, statement, count.name) ? { frame: loop.parent, trips: loop.trips } : undefined;
}

/** What `for (k = 0; k < count; k++)` counts up to, or down from. */
export function limitOfCount(statement: Statement): Expression | undefined {
  if (statement.kind !== 'for' || statement.condition?.kind !== 'binary') {
    return undefined;
  }
  const { operator, left, right } = statement.condition;
  const begun = statement.init.flatMap((each) => (each.kind === 'declare' && each.value !== undefined ? [{ name: each.name, value: each.value }] : each.kind === 'assign' && each.target.kind === 'name' && each.operator === undefined ? [{ name: each.target.name, value: each.value }] : []));
  const [counter, ...others] = begun;
  const place = left.kind === 'binary' && left.right.kind === 'literal' ? left.left : left;
  if (counter === undefined || others.length > 0 || place.kind !== 'name' || place.name !== counter.name) {
    return undefined;
  }
  return (operator === '<' || operator === '<=') && counter.value.kind === 'literal' ? right : (operator === '>' || operator === '>=') && right.kind === 'literal' ? counter.value : undefined;
}

function lengthIn(limit: Expression | undefined): Expression | undefined {
  if (limit?.kind === 'binary' && (limit.operator === '-' || limit.operator === '+') && limit.right.kind === 'literal') {
    return lengthIn(limit.left);
  }
  return limit === undefined ? undefined : isSizeOf(limit);
}

/** A new collection or text, with a fixed number of items. */
function isEmpty(value: Expression | undefined): boolean {
  return value !== undefined && ((value.kind === 'list' && value.items.every((item) => item.kind !== 'spread')) || (value.kind === 'literal' && value.value === '') || (value.kind === 'new' && value.args.length === 0 && (value.items ?? []).length === 0 && value.dimensions === undefined) || (value.kind === 'call' && value.args.length === 0 && value.callee.kind === 'name'));
}

/** `parts.clear()`, `text.setLength(0)`, `text.delete(0, text.length())`. */
function emptiesAll({ callee, args }: Expression & { kind: 'call' }): boolean {
  const [from, to] = args;
  const isAll = from?.kind === 'literal' && from.value === 0 && (to === undefined || isSizeOf(to) !== undefined);
  return callee.kind === 'member' && (/^(?:@?clear|Clear|setLength|Reset)$/.test(callee.name) || (isAll && /^(?:delete|Remove|resize|splice|truncate)$/.test(callee.name) && (to !== undefined || callee.name !== 'Remove')));
}

/** Whether the collection is emptied behind the statement that `part` is or stands in, in the same block. */
function isEmptiedAfter(around: Statement, part: Statement | Expression, root: string): boolean {
  const empties = (each: Statement): boolean =>
    (each.kind === 'assign' && each.target.kind === 'name' && each.target.name === root && each.operator === undefined && (isEmpty(each.value) || (each.value.kind === 'literal' && typeof each.value.value === 'number'))) ||
    (each.kind === 'assign' && each.target.kind === 'member' && each.target.name === 'length' && rootOf(each.target.object) === root && each.value.kind === 'literal' && each.value.value === 0) ||
    (each.kind === 'expression' && each.value.kind === 'call' && each.value.callee.kind === 'member' && rootOf(each.value.callee.object) === root && emptiesAll(each.value));
  const inBlock = (block: Block): boolean => {
    const at = block.findIndex((each) => holds(each, part));
    return at >= 0 && block.slice(at + 1).some(empties);
  };
  let found = false as boolean;
  visitStatement(around, {
    statement: (inner) => {
      const blocks = inner.kind === 'if' ? [inner.then, inner.else] : inner.kind === 'while' || inner.kind === 'for' || inner.kind === 'forEach' || inner.kind === 'block' ? [inner.body] : [];
      found ||= blocks.some(inBlock);
      return !found;
    },
  });
  return found;
}
