import { add, constant, type Growth, multiply, one, zero } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import type { Changes, Mutation } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression } from '../program/ir';
import { type Counting, countOfValues, isClauseTarget, plainCount } from './valueCounts';
import { isCollection, sizeOf } from '../following/values';
import { isName, keyOf, rootOf, targetNames, visitBlock } from '../program/visit';

const keyed: ReadonlySet<string | undefined> = new Set(['map', 'set', 'sortedMap', 'sortedSet']);

/**
 * How many entries a map or set can have whose keys are all taken from collections that the block leaves as they are:
 * `longer[prices[i]] = …` has at most as many as there are prices, however many rounds write to it; or whose keys can only be
 * so many: remainders, flags. Undefined where a key may be anything else.
 * @param block what a loop does in each round
 * @param name the map, or the name that the map made in each round is given to
 * @param rounds how often the block runs: what it does not change is another key in each round at most
 */
export function distinctKeys(engine: Engine, block: Block, name: string, rounds: Growth): Growth | undefined {
  const changes = engine.changes(block);
  const made = (changes.updates.get(name) ?? []).flatMap(({ amount }) => (amount?.kind === 'name' ? [amount.name] : []));
  const roots = new Set([name, ...made]);
  const writes = changes.mutations.filter(({ root, effect }) => roots.has(root) && effect !== 'pop' && effect !== 'remove' && effect !== 'clear');
  if (![name, ...made].some((each) => keyed.has(engine.value(each)?.kind))) {
    return undefined;
  }
  return fromCollections(engine, block, writes, rounds) ?? ofFewValues(engine, block, name, roots, writes, rounds);
}

function keyIn({ effect, index, item, object }: Mutation): Expression | undefined {
  return effect === 'write' && object.kind === 'name' ? index : effect === 'push' ? item : undefined;
}

function fromCollections(engine: Engine, block: Block, writes: readonly Mutation[], rounds: Growth): Growth | undefined {
  const sources = new Map<string, Growth>();
  for (const write of writes) {
    const key = keyIn(write);
    const source = key === undefined ? undefined : sourceOf(engine, block, engine.changes(block), key, rounds, 0);
    if (source === undefined) {
      return undefined;
    }
    sources.set(source.name, source.count);
  }
  return writes.length === 0 ? undefined : [...sources.values()].reduce((sum, count) => add(sum, count), constant(1));
}

/** The set is kept, or made anew in each round of keys that can only be so many. */
function ofFewValues(engine: Engine, block: Block, name: string, roots: ReadonlySet<string>, writes: readonly Mutation[], rounds: Growth): Growth | undefined {
  const changes = engine.changes(block);
  const counting: Counting = { engine, block, changes, rounds: changes.updates.has(name) ? one : rounds, own: roots };
  const keys: (Expression | undefined)[] = writes.map(keyIn);
  for (const root of roots) {
    for (const { amount } of changes.updates.get(root) ?? []) {
      const begun = amount === undefined ? [] : keysOf(amount, roots);
      if (begun === undefined) {
        return undefined;
      }
      keys.push(...begun);
    }
  }
  // Keys of several parts are no more than all ways to choose each of the parts.
  const parts = keys.flatMap((key) => spelledOut(changes, key)).map((key) => (key?.kind === 'list' && key.type === 'tuple' ? key.items : [key]));
  const width = parts[0]?.length ?? 0;
  if (width === 0 || parts.some((each) => each.length !== width)) {
    return undefined;
  }
  let all: Growth = one;
  for (let at = 0; at < width; at++) {
    let sum: Growth = one;
    for (const each of parts) {
      const part = each[at];
      const count = part === undefined ? undefined : isOwnPart(counting, part, width > 1 ? at : undefined) ? zero : isStep(counting, part, width) ? rounds : countOfValues(counting, part);
      if (count === undefined) {
        return undefined;
      }
      sum = add(sum, plainCount(count));
    }
    all = multiply(all, sum);
  }
  return all;
}

/** The tuples that a name of a key is given: `key = (a, b + 1)`. */
function spelledOut({ updates }: Changes, key: Expression | undefined): readonly (Expression | undefined)[] {
  const given = key?.kind === 'name' ? (updates.get(key.name) ?? []) : [];
  return given.length > 0 && given.every(({ motion, amount }) => motion === 'set' && amount?.kind === 'list' && amount.type === 'tuple') ? given.map(({ amount }) => amount) : [key];
}

/**
 * A number that lies a written number of steps away from a part of a key of the set before: `k + 1`, `max(k - 1, 0)`. After so many
 * rounds there are no more different ones than steps.
 */
function isStep(counting: Counting, part: Expression, width: number, level = 0): boolean {
  const isNear = (inner: Expression): boolean => isWritten(counting, inner) || isStep(counting, inner, width, level + 1) || (width > 1 ? Array.from({ length: width }, (_, at) => at) : [undefined]).some((at) => isOwnPart(counting, inner, at));
  switch (level > 3 ? undefined : part.kind) {
    case 'binary':
      return part.kind === 'binary' && (part.operator === '+' || part.operator === '-') && isNear(part.left) && isWritten(counting, part.right);
    case 'call':
      return part.kind === 'call' && (part.callee.kind === 'name' || part.callee.kind === 'member') && /^(?:max|min|Max|Min)$/.test(part.callee.name) && part.args.length > 0 && part.args.every(isNear);
    case 'conditional':
      return part.kind === 'conditional' && isNear(part.then) && isNear(part.else);
    case 'name': {
      const updates = part.kind === 'name' ? (counting.changes.updates.get(part.name) ?? []) : [];
      return (updates.length > 0 && updates.every(({ motion, amount }) => motion === 'set' && amount !== undefined && isStep(counting, amount, width, level + 1))) || (width > 1 && Array.from({ length: width }, (_, at) => at).some((at) => isOwnPart(counting, part, at)));
    }
    default:
      return false;
  }
}

/** A number that is written out, or one of a list of these that a loop goes through. */
function isWritten({ block, changes }: Counting, part: Expression): boolean {
  if (part.kind === 'literal') {
    return typeof part.value === 'number';
  }
  if (part.kind === 'unary') {
    return part.operator === '-' && part.operand.kind === 'literal';
  }
  const walks = part.kind === 'name' ? walksTo(block, part.name) : [];
  return walks.length > 0 && (changes.updates.get(rootOf(part) ?? '') ?? []).every(({ statement }) => statement?.kind === 'forEach') && walks.every(({ iterable, target }) => target.kind === 'name' && iterable.kind === 'list' && iterable.items.every((item) => item.kind === 'literal' || (item.kind === 'unary' && item.operand.kind === 'literal')));
}

/** What a key of the set before has in the same place, or is where it has one part only: no new value. */
function isOwnPart(counting: Counting, part: Expression, at: number | undefined): boolean {
  const { changes, block } = counting;
  const name = rootOf(part);
  const updates = name === undefined ? [] : (changes.updates.get(name) ?? []);
  if (name === undefined) {
    return false;
  }
  const walks = walksTo(block, name);
  if (walks.length > 0) {
    return updates.every(({ statement }) => statement?.kind === 'forEach') && walks.every((walk) => partsOfKeys(counting, walk, at).includes(keyOf(part)));
  }
  // Taken apart in the round: `a, b = state`.
  return at !== undefined && part.kind === 'name' && updates.length > 0 && updates.every(({ statement }) => {
    const taken = statement?.kind === 'assign' && statement.target.kind === 'list' && isName(statement.target.items[at], part.name) ? statement.value : undefined;
    return taken !== undefined && isOwnPart(counting, taken, undefined);
  });
}

interface Walk {
  readonly target: Expression;
  readonly iterable: Expression;
}

/** How a walk over the set before spells its key (where `at` is undefined), or the part of it in that place. */
function partsOfKeys({ engine, own }: Counting, { target, iterable }: Walk, at: number | undefined): readonly string[] {
  const walked = iterable.kind === 'call' && iterable.callee.kind === 'member' && iterable.args.length === 0 ? iterable.callee : undefined;
  const object = walked?.object ?? iterable;
  if (object.kind !== 'name' || !own.has(object.name)) {
    return [];
  }
  const isMap = [...own].some((name) => /map/i.test(engine.value(name)?.kind ?? ''));
  const isEntry = isMap && (walked === undefined ? engine.library.mapYieldsEntries === true : /^(?:items|entrySet|@?entries|iteritems)$/.test(walked.name));
  const whole = !isEntry ? target : target.kind === 'list' ? target.items[0] : undefined;
  const entry = keyOf(target);
  const keys = whole === undefined ? [`${entry}.first`, `${entry}.getKey()`, `${entry}[0]`] : [keyOf(whole)];
  if (at === undefined) {
    return keys;
  }
  const part = whole?.kind === 'list' ? whole.items[at] : undefined;
  return [...keys.flatMap((key) => [`${key}[${String(at)}]`, `${key}.${at === 0 ? 'first' : 'second'}`]), ...(part === undefined ? [] : [keyOf(part)])];
}

/** The loops and comprehensions in the block that give the name its values. */
function walksTo(block: Block, name: string): readonly Walk[] {
  const walks: Walk[] = [];
  visitBlock(block, {
    statement: (statement) => {
      if (statement.kind === 'forEach' && targetNames(statement.target).includes(name)) {
        walks.push(statement);
      }
      return undefined;
    },
    expression: (inner) => {
      walks.push(...(inner.kind === 'comprehension' ? inner.clauses.filter((clause) => targetNames(clause.target).includes(name)) : []));
      return undefined;
    },
  });
  return walks;
}

/** The keys that a set or map is made with, where they are written out: none of an empty one, nor of a copy of one of the `roots`. */
function keysOf(made: Expression, roots: ReadonlySet<string>): readonly Expression[] | undefined {
  const ofAll = (parts: readonly Expression[]): readonly Expression[] | undefined => {
    const keys = parts.map((part) => keysOf(part, roots));
    return keys.some((each) => each === undefined) ? undefined : keys.flatMap((each) => each ?? []);
  };
  switch (made.kind) {
    case 'name':
      return roots.has(made.name) ? [] : undefined;
    case 'list':
      return made.type === 'set' || made.items.length === 0 ? made.items : undefined;
    case 'binary':
      return made.operator === '|' ? ofAll([made.left, made.right]) : made.operator === '&' || made.operator === '-' ? keysOf(made.left, roots) : undefined;
    case 'map':
      return made.entries.every((entry) => entry.key !== undefined) ? made.entries.flatMap((entry) => entry.key ?? []) : undefined;
    case 'comprehension':
      return [made.element];
    case 'new':
      return made.dimensions === undefined && made.args.every((arg) => arg.kind === 'name' && roots.has(arg.name)) ? (made.items ?? []) : undefined;
    case 'call': {
      const { callee } = made;
      if (callee.kind === 'member') {
        return callee.name === 'union' ? ofAll([callee.object, ...made.args]) : callee.name === 'copy' ? keysOf(callee.object, roots) : undefined;
      }
      const called = callee.kind === 'name' ? callee.name : '';
      if (/^(?:move|set|dict|copy|take|clone|Set|Map)$/.test(called)) {
        return ofAll(made.args);
      }
      return /^(?:defaultdict|Counter|OrderedDict)$/.test(called) && made.args.every((each) => (each.kind === 'name' ? /^(?:int|list|float|set|dict)$/.test(each.name) : each.kind === 'lambda')) ? [] : undefined;
    }
    default:
      return undefined;
  }
}

/** The collection that a key is an item of, and how many items that has. */
function sourceOf(engine: Engine, block: Block, changes: Changes, key: Expression, rounds: Growth, level: number): { readonly name: string; readonly count: Growth } | undefined {
  if (key.kind === 'literal') {
    return { name: '', count: constant(1) };
  }
  if (key.kind === 'index') {
    return itemsOf(engine, changes, key.object);
  }
  if (key.kind === 'call') {
    // What a search finds among items is one of them, or the place of one.
    const { callee, args } = key;
    const found = (callee.kind === 'name' || callee.kind === 'member') && /^(?:lower_bound|upper_bound|find|find_if|m(?:in|ax)_element|bisect(?:_left|_right)?|higher|lower|ceiling|floor)$/.test(callee.name);
    const among = callee.kind === 'name' || args.length > 1 ? args[0] : callee.kind === 'member' ? callee.object : undefined;
    return found && among !== undefined ? itemsOf(engine, changes, among.kind === 'slice' ? among.object : among) : undefined;
  }
  if (key.kind !== 'name' || level > 1) {
    return undefined;
  }
  const updates = changes.updates.get(key.name) ?? [];
  if (updates.length === 0) {
    return isClauseTarget(block, key.name) ? undefined : { name: key.name, count: rounds };
  }
  const walk = updates.find(({ statement }) => statement?.kind === 'forEach' && isName(statement.target, key.name))?.statement;
  if (walk?.kind === 'forEach') {
    return itemsOf(engine, changes, walk.iterable);
  }
  const [only] = updates;
  return updates.length === 1 && only?.amount !== undefined && only.motion === 'set' ? sourceOf(engine, block, changes, only.amount, rounds, level + 1) : undefined;
}

function itemsOf(engine: Engine, changes: Changes, collection: Expression): { readonly name: string; readonly count: Growth } | undefined {
  const root = rootOf(collection);
  const value = collection.kind === 'name' ? quietly(engine, collection) : undefined;
  const isKept = root !== undefined && !changes.updates.has(root) && !changes.mutations.some((mutation) => mutation.root === root);
  return isKept && value !== undefined && isCollection(value) ? { name: root, count: sizeOf(value) } : undefined;
}
