import { add, constant, constantValue, exponential, type Growth, isConstant, maximum, mentions, multiply, one, size, sizesIn, splitBy, substitute, zero } from '../algebra/bigO';
import { compare, rank } from '../algebra/ranks';
import type { Changes, Mutation } from '../program/changes';
import { distinctKeys } from './distinctKeys';
import type { Term } from '../algebra/terms';
import { type Engine, type Frame, type Share, substituteIn } from '../following/engine';
import { limitAtExit } from '../loops/exitLimits';
import type { Block, Expression } from '../program/ir';
import { changedByCalls, placeValue, storePlace } from './grownByCalls';
import { copyOf, isCollection, makeValue, sizeOf, type Value } from '../following/values';
import { isName, keyOf } from '../program/visit';
import { markedCount } from '../loops/levels';
import { nodeLevelCount } from '../loops/nodeLevels';

interface TrackedValue {
  readonly name: string;
  readonly sigma: string;
  readonly initial: Growth;
  readonly isNumber: boolean;
  /** The collection whose size stands for the name. */
  readonly collection: Value | undefined;
  /** It stands for the size of the collection's items. */
  readonly isElement: boolean;
  /** What one round puts in, it takes out again. */
  readonly isBalanced: boolean;
  /** What it is after one round, once that was followed. */
  after: Growth;
}

/** Gives what a loop (or recursion) changes a size of its own for the time of one round. */
export function trackChanges(engine: Engine, changes: Changes, progress: ReadonlyMap<string, Growth>, skip: ReadonlySet<string>): TrackedValue[] {
  const tracked: TrackedValue[] = [];
  const names = new Set<string>();
  for (const [name, updates] of changes.updates) {
    if (!skip.has(name) && !updates.every((update) => update.declares)) {
      names.add(name);
    }
  }
  for (const mutation of changes.mutations) {
    if (!skip.has(mutation.root) && (mutation.effect === 'push' || mutation.effect === 'extend' || (mutation.effect === 'write' && mutation.object.kind !== 'index'))) {
      names.add(mutation.root);
    }
  }
  const known = new Set([...names].map((name) => read(engine, name)));
  for (const place of changedByCalls(engine, changes).grown) {
    const value = skip.has(place) || skip.has(place.split('.', 1)[0] ?? '') ? undefined : read(engine, place);
    if (value !== undefined && !known.has(value)) {
      known.add(value);
      names.add(place);
    }
  }
  for (const name of names) {
    const found = read(engine, name);
    if (found === undefined) {
      continue;
    }
    // `first = text; text += first`: the other name keeps what it has.
    const value = isCollection(found) && isSetAnew(changes, name, found) ? copyOf(found) : found;
    const bound = progress.get(name);
    if (bound !== undefined && !isCollection(value)) {
      write(engine, name, makeValue(value.kind === 'unknown' ? 'number' : value.kind, { number: bound, label: name, type: value.type }));
      continue;
    }
    if (isCollection(value)) {
      if (value !== found) {
        write(engine, name, value);
      }
      const sigma = engine.freshSymbol('§');
      tracked.push({ name, sigma, initial: sizeOf(value), isNumber: false, collection: value, isElement: false, isBalanced: isBalanced(changes, name), after: one });
      value.size = size(sigma);
      value.items = undefined;
      // What is pushed may be made from what was pushed before: rows of a triangle.
      const { element } = value;
      if (element !== undefined && isCollection(element) && element.kind !== 'tuple' && (isRemade(changes, name) || changes.mutations.some((mutation) => mutation.root === name && mutation.object.kind !== 'index' && (mutation.effect === 'push' || (mutation.effect === 'write' && isRow(mutation.item, value, changes)))))) {
        const inner = engine.freshSymbol('§');
        tracked.push({ name, sigma: inner, initial: sizeOf(element), isNumber: false, collection: undefined, isElement: true, isBalanced: false, after: one });
        value.element = copyOf(element, { size: size(inner), items: undefined });
      }
    } else if (value.kind === 'number' && value.nodes === undefined) {
      const sigma = engine.freshSymbol('§');
      tracked.push({ name, sigma, initial: value.number ?? one, isNumber: true, collection: undefined, isElement: false, isBalanced: false, after: one });
      write(engine, name, copyOf(value, { number: size(sigma), input: undefined }));
    }
  }
  for (const { sigma, initial } of tracked) {
    engine.begun.set(sigma, initial);
  }
  return tracked;
}

/** The name is given another value, and what it had is left as it is: always so with texts. */
function isSetAnew(changes: Changes, name: string, value: Value): boolean {
  const updates = changes.updates.get(name) ?? [];
  return updates.length > 0 && !changes.mutations.some(({ root }) => root === name) && (value.kind === 'string' || updates.every(({ motion, amount }) => motion === 'set' && amount !== undefined));
}

/** `texts = [text + letter for text in texts]`: the next items are made of these. */
function isRemade(changes: Changes, name: string): boolean {
  return (changes.updates.get(name) ?? []).some(({ amount }) => amount?.kind === 'comprehension' && (amount.element.kind === 'binary' || amount.element.kind === 'template') && amount.clauses.some(({ iterable }) => isName(iterable, name)));
}

/** `table[i] = row`, where the round puts the row together item by item, which may be from other rows. */
function isRow(item: Expression | undefined, table: Value, changes: Changes): boolean {
  return item?.kind === 'name' && (table.kind === 'list' || table.kind === 'array') && changes.mutations.some((mutation) => mutation.root === item.name && (mutation.effect === 'push' || mutation.effect === 'extend') && mutation.object.kind !== 'index');
}

/**
 * Each push is followed by a pop in the same loop and under the same conditions: `path.push(x); …; path.pop()`; or each round
 * takes as many items as it may put in: `q.append(q.popleft())`.
 */
function isBalanced(changes: Changes, name: string): boolean {
  return !changes.updates.has(name) && (takesBackPushes(changes, name) || takesAsMany(changes, name));
}

function takesAsMany(changes: Changes, name: string): boolean {
  let taken = 0;
  let given = 0;
  for (const { root, effect, conditional, loops, object, item } of changes.mutations) {
    if (root === name && effect === 'pop' && !conditional && loops.length === 0) {
      taken += 1;
    } else if (root === name && effect !== 'pop' && effect !== 'remove' && effect !== 'clear') {
      // Before anything was taken, a round may be left early; `q.append(q.popleft())` takes first.
      const isTurned = item?.kind === 'call' && item.callee.kind === 'member' && keyOf(item.callee.object) === keyOf(object);
      given += effect === 'push' && loops.length === 0 && object.kind !== 'index' && (taken > given || isTurned) ? 1 : Infinity;
    }
  }
  return given > 0 && given <= taken;
}

/** The same for a variable that may be set anew before. */
export function takesBackPushes(changes: Changes, name: string): boolean {
  const open: Mutation[] = [];
  let pushes = 0;
  for (const mutation of changes.mutations) {
    if (mutation.root !== name) {
      continue;
    }
    if (mutation.effect === 'push') {
      open.push(mutation);
      pushes += 1;
    } else if (mutation.effect === 'pop' || mutation.effect === 'remove') {
      const last = open[open.length - 1];
      if (last?.conditional === mutation.conditional && last.loops.length === mutation.loops.length && last.loops.every((loop, at) => loop === mutation.loops[at])) {
        open.pop();
      }
    } else if (mutation.effect === 'extend' || (mutation.effect === 'write' && mutation.object.kind !== 'index')) {
      return false;
    }
  }
  return pushes > 0 && open.length === 0;
}

function read(engine: Engine, name: string): Value | undefined {
  return name.includes('.') ? placeValue(engine, name) : (engine.value(name) ?? engine.receiver?.fields?.get(name));
}

function write(engine: Engine, name: string, value: Value): void {
  if (name.includes('.')) {
    storePlace(engine, name, value);
  } else if (engine.value(name) === undefined && engine.receiver?.fields?.has(name) === true) {
    engine.receiver.fields.set(name, value);
  } else {
    engine.bind(name, value);
  }
}

/**
 * Solves what one round does to each tracked size for all `rounds`, and puts the results where the sizes stood. What is
 * `kept` grows for fewer rounds: a path that a recursion makes longer and shorter is as long as the recursion is deep.
 */
export function solveGrowth(engine: Engine, tracked: readonly TrackedValue[], rounds: Growth, frame: Frame, shares: readonly Share[] = [], block: Block = [], kept?: { readonly names: ReadonlySet<string>; readonly rounds: Growth }): void {
  if (tracked.length === 0) {
    return;
  }
  const solutions = new Map<string, Growth>();
  for (const each of tracked) {
    const value = valueOf(engine, each);
    each.after = value === undefined ? size(each.sigma) : isCollection(value) ? sizeOf(value) : (value.number ?? size(each.sigma));
  }
  const others = (growth: Growth, own: string): string[] => tracked.map((each) => each.sigma).filter((sigma) => sigma !== own && !solutions.has(sigma) && mentions(growth, sigma));
  for (let round = 0; round < 3 && solutions.size < tracked.length; round++) {
    for (const each of tracked) {
      if (solutions.has(each.sigma)) {
        continue;
      }
      let after = each.after;
      for (const [sigma, solution] of solutions) {
        after = substitute(after, sigma, solution);
      }
      const unresolved = others(after, each.sigma);
      if (unresolved.length > 0 && round < 2) {
        continue;
      }
      let result: Growth;
      if (unresolved.length > 0) {
        // Sizes that grow by each other: two lists that take turns, or numbers of a sequence.
        result = each.isNumber ? size(each.name.replace(/^this\./, '')) : mutualGrowth(each, tracked, rounds);
        for (const sigma of unresolved) {
          result = substitute(result, sigma, one);
        }
      } else {
        result = solveOne(each, after, kept?.names.has(each.name) === true ? kept.rounds : each.isBalanced ? one : rounds, shares);
        const { exponential: isExponential, degree } = rank(result);
        if (!each.isElement && (isExponential || degree > 1)) {
          const marked = each.collection === undefined || !isExponential ? undefined : (markedCount(engine, block, each.name) ?? nodeLevelCount(engine, block, each.name) ?? distinctKeys(engine, block, each.name, rounds));
          const limit = marked ?? limitAtExit(engine, frame.loop, block, each.name);
          const held = limit === undefined ? undefined : maximum(each.initial, limit);
          result = held === undefined || (marked === undefined && compare(held, result) >= 0) ? result : held;
        }
      }
      solutions.set(each.sigma, orInstead(engine, each.sigma, result, solutions));
    }
  }
  for (const [sigma, solution] of solutions) {
    engine.solved.set(sigma, solution);
  }
  applySolutions(engine, tracked, solutions, frame);
}

/** What a tracked value is at the place at hand. */
function valueOf(engine: Engine, { name, isElement }: TrackedValue): Value | undefined {
  const whole = read(engine, name);
  return isElement ? whole?.element : whole;
}

/** Gives tracked collections the sizes that they were solved to: what the last round did is part of these. */
export function settleSizes(engine: Engine, tracked: readonly TrackedValue[]): void {
  for (const each of tracked) {
    const value = valueOf(engine, each);
    const solution = engine.solved.get(each.sigma);
    if (value !== undefined && isCollection(value) && solution !== undefined) {
      value.size = solution;
    }
  }
}

/** What a size turned out to be, or what it was set to instead. */
function orInstead(engine: Engine, sigma: string, result: Growth, solutions: ReadonlyMap<string, Growth>): Growth {
  let other: Growth | undefined = engine.instead.get(sigma);
  if (other === undefined) {
    return result;
  }
  for (let round = 0; round < 3; round++) {
    for (const name of sizesIn(other)) {
      const solution: Growth | undefined = name === sigma ? result : (solutions.get(name) ?? engine.solved.get(name));
      other = solution === undefined ? other : substitute(other, name, solution);
    }
  }
  return engine.higher(result, other);
}

function mutualGrowth(each: TrackedValue, tracked: readonly TrackedValue[], rounds: Growth): Growth {
  // a' = c·b, b' = a: the product of the factors around the circle says whether it grows.
  for (const other of tracked) {
    if (other.sigma !== each.sigma && mentions(each.after, other.sigma)) {
      const { coefficient } = splitBy(each.after, other.sigma);
      if (!isConstant(coefficient) || (constantValue(coefficient) ?? 1) >= 2) {
        return exponential(isConstant(coefficient) ? coefficient : constant(2), rounds);
      }
    }
  }
  return add(each.initial, rounds);
}

function solveOne(each: TrackedValue, after: Growth, rounds: Growth, shares: readonly Share[]): Growth {
  if (!mentions(after, each.sigma)) {
    return maximum(each.initial, after);
  }
  const { coefficient, rest } = splitBy(after, each.sigma);
  const factor = constantValue(coefficient);
  if (mentions(coefficient, each.sigma)) {
    return each.isNumber ? size(plain(each.name)) : exponential(constant(2), rounds);
  }
  if (factor !== undefined && factor <= 1.001) {
    if (rest.terms.length === 0) {
      // It stays what it was: a constant added here would look like growth to the loop around.
      return each.initial.terms.length === 0 ? one : each.initial;
    }
    if (!each.isNumber) {
      let own = rest;
      let all = each.initial;
      for (const { name, total, isGeometric } of shares) {
        const { perRound, together } = splitLevels(own, name, rounds, isGeometric);
        own = perRound;
        all = add(all, substitute(together, name, total));
      }
      return add(all, multiply(rounds, own));
    }
    return isConstant(rest) ? add(each.initial, multiply(rounds, rest)) : compare(rest, each.initial) === 0 && rank(rest).degree === 1 && isConstant(rounds) ? add(each.initial, rest) : size(plain(each.name));
  }
  if (each.isNumber) {
    return factor !== undefined && rest.terms.length === 0 && !isConstant(rounds) ? multiply(maximum(each.initial, one), exponential(constant(factor), rounds)) : factor !== undefined && isConstant(rounds) ? maximum(each.initial, rest) : size(plain(each.name));
  }
  return multiply(maximum(each.initial, one), exponential(factor === undefined ? coefficient : constant(Math.max(2, Math.round(factor))), rounds));
}

function plain(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Nothing in it, nor in what it holds, is a size that could still be open: most values are small ones. */
function isSettled({ size: own, number, total, element, key, items, fields }: Value): boolean {
  return element === undefined && key === undefined && items === undefined && fields === undefined && total === undefined && (own === undefined || isConstant(own)) && (number === undefined || isConstant(number));
}

function applySolutions(engine: Engine, tracked: readonly TrackedValue[], solutions: ReadonlyMap<string, Growth>, frame: Frame): void {
  const solved = [...solutions];
  const replace = (growth: Growth | undefined): Growth | undefined => {
    if (growth === undefined || isConstant(growth)) {
      return growth;
    }
    let result = growth;
    for (const [sigma, solution] of solved) {
      result = substitute(result, sigma, solution);
    }
    return result;
  };
  const seen = new Set<Value>();
  const replaceIn = (value: Value | undefined, level: number): void => {
    if (value === undefined || level > 3 || isSettled(value) || seen.has(value)) {
      return;
    }
    seen.add(value);
    value.size = replace(value.size);
    value.number = replace(value.number);
    value.total = replace(value.total);
    replaceIn(value.element, level + 1);
    replaceIn(value.key, level + 1);
    value.items?.forEach((item) => {
      replaceIn(item, level + 1);
    });
    if (level < 2 && value.fields !== undefined) {
      for (const field of value.fields.values()) {
        replaceIn(field, level + 1);
      }
    }
  };
  for (const each of tracked) {
    const value = read(engine, each.name);
    if (value !== undefined && !isCollection(value) && each.isNumber) {
      write(engine, each.name, copyOf(value, { number: solutions.get(each.sigma) ?? one }));
    }
    if (each.collection !== undefined) {
      each.collection.size = maximum(replace(each.collection.size) ?? zero, solutions.get(each.sigma) ?? zero);
    }
    if (each.isElement) {
      continue;
    }
    if (value !== undefined && isCollection(value)) {
      value.size = maximum(replace(value.size) ?? zero, solutions.get(each.sigma) ?? zero);
    }
  }
  for (let scope: typeof engine.scope | undefined = engine.scope; scope !== undefined; scope = scope.parent) {
    for (const value of scope.values.values()) {
      replaceIn(value, 0);
    }
  }
  replaceIn(engine.receiver, 0);
  for (const value of engine.allocations) {
    replaceIn(value, 0);
  }
  frame.cost = replace(frame.cost) ?? zero;
  for (const [sigma, solution] of solved) {
    substituteIn(frame.items, sigma, solution);
    substituteFrom(engine, frame.parent, sigma, solution);
  }
}

/** A symbol for what one round of the loops inside of `frame` has of `total`, which all their rounds have together. */
export function shareOfRound(engine: Engine, frame: Frame, total: Growth): Growth {
  const loops: Frame[] = [];
  for (let at: Frame | undefined = engine.frame; at !== undefined && at !== frame; at = at.parent) {
    if (at.kind === 'loop') {
      loops.push(at);
    }
  }
  const outermost = loops.at(-1);
  if (outermost === undefined) {
    return total;
  }
  const name = engine.freshSymbol('¶');
  for (const loop of loops) {
    loop.shares.push({ name, total: loop === outermost ? total : size(name) });
  }
  return size(name);
}

/**
 * Splits a cost into what each round pays and what all rounds share, as it depends on the size of a level. Logarithms of
 * the levels of many rounds add up to no more than the levels themselves; not where each round has a fraction of the one before (`isGeometric`).
 */
export function splitLevels(cost: Growth, level: string, rounds: Growth, isGeometric = false): { perRound: Growth; together: Growth } {
  let perRound: Growth = zero;
  let together: Growth = zero;
  for (const term of cost.terms) {
    const only: Growth = { terms: [term] };
    const isLog = (factor: Term['factors'][number]): boolean => factor.atom.kind === 'log' && mentions(factor.atom.of, level);
    if (term.factors.some((factor) => factor.atom.kind === 'size' && factor.atom.name === level)) {
      together = add(together, only);
    } else if (!isGeometric && !isConstant(rounds) && term.factors.length === 1 && term.factors.every(isLog)) {
      together = add(together, multiply(constant(term.coefficient), size(level)));
    } else {
      perRound = add(perRound, only);
    }
  }
  return { perRound, together };
}

/** Ends the use of a size that stood for one level or share: one has `largest` items at most, all together `trips`. */
export function closeLevel(engine: Engine, level: string, trips: Growth, worklist: Value | undefined, largest: Growth = trips): void {
  engine.solved.set(level, trips);
  if (worklist !== undefined) {
    worklist.size = trips;
  }
  const seen = new Set<Value>();
  const close = (value: Value | undefined, depth: number): void => {
    if (value === undefined || depth > 3 || seen.has(value)) {
      return;
    }
    seen.add(value);
    value.size = value.size === undefined ? undefined : substitute(value.size, level, largest);
    value.number = value.number === undefined ? undefined : substitute(value.number, level, trips);
    value.total = value.total === undefined ? undefined : substitute(value.total, level, trips);
    value.nodes = value.nodes === undefined ? undefined : substitute(value.nodes, level, trips);
    close(value.element, depth + 1);
    value.items?.forEach((item) => {
      close(item, depth + 1);
    });
  };
  for (let scope: typeof engine.scope | undefined = engine.scope; scope !== undefined; scope = scope.parent) {
    for (const value of scope.values.values()) {
      close(value, 0);
    }
  }
  for (const value of engine.allocations) {
    close(value, 0);
  }
  substituteFrom(engine, engine.frame, level, trips);
}

/** Puts a size in place of its symbol: in what `frame` and those around it have cost, and in what all calls that are open share. */
function substituteFrom(engine: Engine, frame: Frame | undefined, name: string, by: Growth): void {
  for (let at = frame; at !== undefined; at = at.parent) {
    if (mentions(at.cost, name)) {
      at.cost = substitute(at.cost, name, by);
      substituteIn(at.items, name, by);
    }
  }
  for (const active of engine.active) {
    active.once = substitute(active.once, name, by);
  }
}
