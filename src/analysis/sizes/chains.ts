import { type Growth, isConstant, logarithm, maximum, one } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import type { Changes, Update } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { elementOf, magnitude, sizeOf, type Value } from '../following/values';
import { holds, isName, keyOf, namesIn, targetNames, usesName } from '../program/visit';

const keyed = new Set(['set', 'map', 'sortedSet', 'sortedMap']);

/** A set that a loop makes anew in each round, and how many items it has at most. */
export interface Chain {
  readonly name: string;
  readonly value: Value;
  readonly size: Growth;
}

/**
 * `next = {x}; for y in seen: next.add(y | x); seen = next`: each item is what the last few numbers give together, and has all the
 * bits (with `&`: none but the bits; with the greatest common divisor: the divisors) of the one after it. So there are no more
 * different ones than a number has bits.
 */
export function chainsIn(engine: Engine, block: Block, loop: Statement | undefined): readonly Chain[] {
  if (loop === undefined || block.length === 0) {
    return [];
  }
  const changes = engine.changes(block);
  const found: Chain[] = [];
  for (const [name, updates] of changes.updates) {
    const value = updates.every((update) => update.motion === 'set' && !update.declares) ? engine.value(name) : undefined;
    if (value === undefined || !keyed.has(value.kind) || !isConstant(sizeOf(value))) {
      continue;
    }
    const search: Search = { changes, name, joined: undefined, isDivisor: undefined };
    const isLeft = changes.mutations.every((mutation) => mutation.root !== name || mutation.effect === 'clear' || mutation.effect === 'remove');
    if (isLeft && updates.every((update) => isNext(search, block, update)) && isSteady(search)) {
      found.push({ name, value, size: search.joined === undefined ? one : logarithm(largest(engine, search.joined, loop)) });
    }
  }
  return found;
}

interface Search {
  readonly changes: Changes;
  /** The set that is made anew. */
  readonly name: string;
  /** What every item is joined with in a round. */
  joined: Expression | undefined;
  /** Whether by the greatest common divisor; otherwise by bits. */
  isDivisor: boolean | undefined;
}

/** Whether what is added is the same throughout a round. */
function isSteady({ changes, joined }: Search): boolean {
  return joined === undefined || [...namesIn(joined)].every((name) => (changes.updates.get(name) ?? []).length <= 1);
}

/** How large the number is that a round adds. */
function largest(engine: Engine, joined: Expression, loop: Statement): Growth {
  if (joined.kind === 'name' && loop.kind === 'forEach' && targetNames(loop.target).includes(joined.name)) {
    const item = elementOf(quietly(engine, loop.iterable));
    return maximum(magnitude(item.kind === 'tuple' ? elementOf(item) : item), one);
  }
  return magnitude(quietly(engine, joined));
}

/** Whether the set is made empty, or of the items of the set before. */
function isNext(search: Search, block: Block, { amount, loops }: Update): boolean {
  if (amount === undefined || loops.length > 0) {
    return false;
  }
  const made = moved(amount);
  if (made.kind !== 'name') {
    return isMade(search, made);
  }
  // A set of its own, filled before it takes the place of the other.
  const { changes } = search;
  const begun = changes.updates.get(made.name) ?? [];
  const filled = changes.mutations.filter((mutation) => mutation.root === made.name);
  const isBegun = begun.length > 0 && begun.every((update) => update.amount === undefined || isMade(search, moved(update.amount)));
  return isBegun && filled.length > 0 && filled.every((mutation) => {
    const item = mutation.effect === 'push' ? mutation.item : mutation.effect === 'write' ? mutation.index : undefined;
    if (item === undefined || mutation.object.kind !== 'name') {
      return false;
    }
    const [walk, ...others] = mutation.loops;
    return walk === undefined ? isAdded(search, item) : others.length === 0 && walk.kind === 'forEach' && isWalk(search, walk.iterable) && isJoined(search, item, walk.target);
  }) && block.some((statement) => filled.some((mutation) => holds(statement, mutation.object)));
}

/** `std::move(next)`, `new HashSet<>(next)`. */
function moved(amount: Expression): Expression {
  if (amount.kind === 'call' && amount.args.length === 1 && (amount.callee.kind === 'name' || amount.callee.kind === 'member') && amount.args[0] !== undefined && /^(?:move|set|dict|copy|take)$/.test(amount.callee.name)) {
    return moved(amount.args[0]);
  }
  return amount;
}

/** An empty set, one of the number at hand, one of all items of the set before joined with it, or these put together. */
function isMade(search: Search, made: Expression): boolean {
  switch (made.kind) {
    case 'binary':
      return made.operator === '|' && isMade(search, made.left) && isMade(search, made.right);
    case 'comprehension': {
      const [clause, ...others] = made.clauses;
      return (made.result === 'set' || made.result === 'map') && clause !== undefined && others.length === 0 && isWalk(search, clause.iterable) && isJoined(search, made.element, clause.target);
    }
    case 'list':
      return made.type === 'set' && made.items.every((item) => isItem(search, item));
    case 'map':
      return made.entries.every((entry) => entry.key !== undefined && isAdded(search, entry.key));
    case 'new':
      return keyed.has(made.type.kind) && [...made.args, ...(made.items ?? [])].every((item) => isItem(search, item));
    case 'call':
      return (made.callee.kind === 'name' || made.callee.kind === 'member') && /^(?:set|dict|defaultdict|Counter|HashSet|HashMap)$/.test(made.callee.name) && made.args.every((arg) => (arg.kind === 'name' && /^(?:int|list)$/.test(arg.name)) || isMade(search, arg));
    default:
      return false;
  }
}

function isItem(search: Search, item: Expression): boolean {
  if (item.kind === 'spread') {
    return isMade(search, item.value);
  }
  if (item.kind === 'call' && item.callee.kind === 'member' && /^(?:asList|of)$/.test(item.callee.name)) {
    return item.args.every((arg) => isAdded(search, arg));
  }
  if (item.kind === 'list' && item.type === 'tuple') {
    // An entry begins with its key.
    return item.items[0] !== undefined && isAdded(search, item.items[0]);
  }
  return item.kind === 'list' ? item.items.every((inner) => isItem(search, inner)) : isAdded(search, item);
}

/** The number at hand itself. */
function isAdded(search: Search, item: Expression): boolean {
  search.joined ??= item;
  return item.kind !== 'call' && keyOf(item) === keyOf(search.joined);
}

/** The set before, or its entries. */
function isWalk(search: Search, iterable: Expression): boolean {
  if (iterable.kind === 'call' && iterable.callee.kind === 'member' && iterable.args.length === 0) {
    return /^(?:items|entrySet|keySet|keys|entries|@\w+)$/.test(iterable.callee.name) && isWalk(search, iterable.callee.object);
  }
  return isName(iterable, search.name);
}

/** `y | x`, `y & x`, `gcd(y, x)`, where `y` is an item of the set before, also by another name. */
function isJoined(search: Search, item: Expression, target: Expression, level = 0): boolean {
  if (item.kind === 'name' && level < 2) {
    const given = search.changes.updates.get(item.name) ?? [];
    return given.length > 0 && given.every((update) => update.motion === 'set' && update.amount !== undefined && isJoined(search, update.amount, target, level + 1));
  }
  const sides = item.kind === 'binary' && (item.operator === '|' || item.operator === '&') ? [item.left, item.right] : item.kind === 'call' && (item.callee.kind === 'name' || item.callee.kind === 'member') && /^_*gcd$/i.test(item.callee.name) ? item.args : [];
  const [one, other] = sides;
  if (one === undefined || other === undefined || sides.length !== 2) {
    return false;
  }
  search.isDivisor ??= item.kind === 'call';
  if (search.isDivisor !== (item.kind === 'call')) {
    return false;
  }
  const joined = isItemOf(search, one, target) ? other : isItemOf(search, other, target) ? one : undefined;
  return joined !== undefined && !targetNames(target).some((name) => usesName(joined, name)) && isAdded(search, joined);
}

/** The item, or the key of an entry. */
function isItemOf(search: Search, place: Expression, target: Expression, level = 0): boolean {
  const key = target.kind === 'list' ? target.items[0] : target;
  if (key === undefined) {
    return false;
  }
  if (place.kind === 'call' && place.callee.kind === 'member' && place.callee.name === 'getKey') {
    return isItemOf(search, place.callee.object, target, level);
  }
  if (place.kind === 'member' && place.name === 'first') {
    return isItemOf(search, place.object, target, level);
  }
  if (keyOf(place) === keyOf(key)) {
    return true;
  }
  const given = place.kind === 'name' && level < 1 ? (search.changes.updates.get(place.name) ?? []) : [];
  return given.length === 1 && given[0]?.amount !== undefined && isItemOf(search, given[0].amount, target, level + 1);
}
