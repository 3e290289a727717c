import { t } from '../core/l10n';
import {
  add, compare, constant, constantValue, exponential, isConstant, logarithm, maximum, mentions, minimum, multiply, one, power, rank, size, splitBy, substitute, zero,
  type Growth,
} from './bigO';
import { conditionBound, type Bound } from './bounds';
import type { Changes } from './changes';
import { contains } from './changes';
import { bigO, evidence, substituteIn, type Engine, type EvidenceNode, type Frame } from './engine';
import { evaluate, store } from './expressions';
import type { Block, Expression, Lines, Statement } from './ir';
import { frameBeyond, unaliased } from './recursion';
import { runBlock } from './statements';
import { elementOf, isCollection, keyOfMap, makeValue, numberValue, sizeOf, totalSize, type Value } from './values';
import { alwaysExits, keyOf, namesIn, usesName, usesPlace, visitBlock, visitStatement } from './visit';

interface TrackedValue {
  readonly name: string;
  readonly sigma: string;
  readonly initial: Growth;
  readonly isNumber: boolean;
  /** The collection whose size stands for the name. */
  readonly collection: Value | undefined;
  /** It stands for the size of the collection's items. */
  readonly isElement: boolean;
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
  addCapturedGrowth(engine, changes, names, skip, 0);
  for (const name of names) {
    const value = read(engine, name);
    if (value === undefined) {
      continue;
    }
    const bound = progress.get(name);
    if (bound !== undefined && !isCollection(value)) {
      write(engine, name, { ...numberValue(bound, name), type: value.type, kind: value.kind === 'unknown' ? 'number' : value.kind });
      continue;
    }
    if (isCollection(value)) {
      const sigma = engine.freshSymbol('§');
      tracked.push({ name, sigma, initial: sizeOf(value), isNumber: false, collection: value, isElement: false });
      value.size = size(sigma);
      value.items = undefined;
      // What is pushed may be made from what was pushed before: rows of a triangle.
      const { element } = value;
      if (element !== undefined && isCollection(element) && element.kind !== 'tuple' && changes.mutations.some((mutation) => mutation.root === name && mutation.effect === 'push' && mutation.object.kind !== 'index')) {
        const inner = engine.freshSymbol('§');
        tracked.push({ name, sigma: inner, initial: sizeOf(element), isNumber: false, collection: undefined, isElement: true });
        value.element = { ...element, size: size(inner), items: undefined };
      }
    } else if (value.kind === 'number' && value.nodes === undefined) {
      const sigma = engine.freshSymbol('§');
      tracked.push({ name, sigma, initial: value.number ?? one, isNumber: true, collection: undefined, isElement: false });
      write(engine, name, { ...value, number: size(sigma), input: undefined });
    }
  }
  return tracked;
}

/** Collections of the surroundings that functions called in the loop add to. */
function addCapturedGrowth(engine: Engine, changes: Changes, names: Set<string>, skip: ReadonlySet<string>, level: number): void {
  if (level > 2) {
    return;
  }
  for (const call of changes.calls) {
    const name = call.callee.kind === 'name' ? call.callee.name : call.callee.kind === 'member' && call.callee.object.kind === 'name' && call.callee.object.name === 'this' ? call.callee.name : undefined;
    const fn = name === undefined ? undefined : (engine.value(name)?.closure?.fn ?? engine.functionsByName.get(name)?.[0]);
    if (fn === undefined || engine.active.some((active) => active.fn === fn)) {
      continue;
    }
    const inner = engine.changes(fn.body);
    const own = new Set(fn.params.map((param) => param.name));
    for (const [local, updates] of inner.updates) {
      if (updates.some((update) => update.declares)) {
        own.add(local);
      }
    }
    for (const mutation of inner.mutations) {
      if (!own.has(mutation.root) && !skip.has(mutation.root) && (mutation.effect === 'push' || mutation.effect === 'extend')) {
        names.add(mutation.root);
      }
    }
    addCapturedGrowth(engine, inner, names, skip, level + 1);
  }
}

function read(engine: Engine, name: string): Value | undefined {
  return name.startsWith('this.') ? engine.receiver?.fields?.get(name.slice(5)) : (engine.value(name) ?? engine.receiver?.fields?.get(name));
}

function write(engine: Engine, name: string, value: Value): void {
  if (name.startsWith('this.')) {
    engine.receiver?.fields?.set(name.slice(5), value);
  } else if (engine.value(name) === undefined && engine.receiver?.fields?.has(name) === true) {
    engine.receiver.fields.set(name, value);
  } else {
    engine.bind(name, value);
  }
}

/** Solves what one round does to each tracked size for all `rounds`, and puts the results where the sizes stood. */
export function solveGrowth(engine: Engine, tracked: readonly TrackedValue[], rounds: Growth, frame: Frame, level?: string): void {
  if (tracked.length === 0) {
    return;
  }
  const solutions = new Map<string, Growth>();
  const pending = tracked.map((each) => {
    const whole = read(engine, each.name);
    const value = each.isElement ? whole?.element : whole;
    const after = value === undefined ? size(each.sigma) : isCollection(value) ? sizeOf(value) : (value.number ?? size(each.sigma));
    return { ...each, after };
  });
  const others = (growth: Growth, own: string): string[] => pending.map((each) => each.sigma).filter((sigma) => sigma !== own && !solutions.has(sigma) && mentions(growth, sigma));
  for (let round = 0; round < 3 && solutions.size < pending.length; round++) {
    for (const each of pending) {
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
        result = each.isNumber ? size(each.name.replace(/^this\./, '')) : mutualGrowth(each, pending, rounds);
        for (const sigma of unresolved) {
          result = substitute(result, sigma, one);
        }
      } else {
        result = solveOne(each, after, rounds, level);
      }
      solutions.set(each.sigma, result);
    }
  }
  for (const [sigma, solution] of solutions) {
    engine.solved.set(sigma, solution);
  }
  applySolutions(engine, tracked, solutions, frame);
}

function mutualGrowth(each: TrackedValue & { after: Growth }, pending: readonly (TrackedValue & { after: Growth })[], rounds: Growth): Growth {
  // a' = c·b, b' = a: the product of the factors around the circle says whether it grows.
  for (const other of pending) {
    if (other.sigma !== each.sigma && mentions(each.after, other.sigma)) {
      const { coefficient } = splitBy(each.after, other.sigma);
      if (!isConstant(coefficient) || (constantValue(coefficient) ?? 1) >= 2) {
        return exponential(isConstant(coefficient) ? coefficient : constant(2), rounds);
      }
    }
  }
  return add(each.initial, rounds);
}

function solveOne(each: TrackedValue, after: Growth, rounds: Growth, level: string | undefined): Growth {
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
      return maximum(each.initial, one);
    }
    if (!each.isNumber) {
      if (level !== undefined) {
        const { perRound, together } = splitLevels(rest, level);
        return add(each.initial, add(multiply(rounds, perRound), substitute(together, level, rounds)));
      }
      return add(each.initial, multiply(rounds, rest));
    }
    return isConstant(rest) ? add(each.initial, multiply(rounds, rest)) : compare(rest, each.initial) === 0 && rank(rest).degree === 1 && isConstant(rounds) ? add(each.initial, rest) : size(plain(each.name));
  }
  if (each.isNumber) {
    return factor !== undefined && rest.terms.length === 0 && !isConstant(rounds) ? multiply(maximum(each.initial, one), exponential(constant(factor), rounds)) : factor !== undefined && isConstant(rounds) ? maximum(each.initial, rest) : size(plain(each.name));
  }
  return multiply(maximum(each.initial, one), exponential(factor === undefined ? coefficient : constant(Math.max(2, Math.round(factor))), rounds));
}

function plain(name: string): string {
  return name.replace(/^this\./, '');
}

function applySolutions(engine: Engine, tracked: readonly TrackedValue[], solutions: ReadonlyMap<string, Growth>, frame: Frame): void {
  const replace = (growth: Growth | undefined): Growth | undefined => {
    let result = growth;
    if (result !== undefined) {
      for (const [sigma, solution] of solutions) {
        result = substitute(result, sigma, solution);
      }
    }
    return result;
  };
  const seen = new Set<Value>();
  const replaceIn = (value: Value | undefined, level: number): void => {
    if (value === undefined || level > 3 || seen.has(value)) {
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
      write(engine, each.name, { ...value, number: solutions.get(each.sigma) ?? one });
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
  for (const [sigma, solution] of solutions) {
    substituteIn(frame.items, sigma, solution);
    for (let at: Frame | undefined = frame.parent; at !== undefined; at = at.parent) {
      if (mentions(at.cost, sigma)) {
        at.cost = substitute(at.cost, sigma, solution);
        substituteIn(at.items, sigma, solution);
      }
    }
    for (const active of engine.active) {
      active.once = substitute(active.once, sigma, solution);
    }
  }
}

interface LoopRun {
  readonly lines: Lines;
  readonly statement: Statement | undefined;
  readonly block: Block;
  readonly trips: Growth;
  readonly text: string;
  readonly progress: ReadonlyMap<string, Growth>;
  readonly worklist?: Value | undefined;
  readonly worklistName?: string | undefined;
  readonly distinct?: ReadonlySet<string> | undefined;
  /** Charged once to this frame, instead of once per round of the loops between. */
  readonly hoistTo?: Frame | undefined;
  readonly hoistTrips?: Growth | undefined;
  readonly hoistOnce?: boolean | undefined;
  /** Stands for the size of one item, where the sizes of all items together are known. */
  readonly itemLevel?: { readonly name: string; readonly total: Growth } | undefined;
  readonly body: () => void;
}

function execute(engine: Engine, run: LoopRun): void {
  // A work list never holds more than all that ever enters it.
  // One level of it has a size of its own; all levels together have as many items as ever enter.
  let level: string | undefined;
  if (run.worklist !== undefined && isCollection(run.worklist)) {
    level = engine.freshSymbol('¶');
    run.worklist.size = size(level);
    run.worklist.items = undefined;
  }
  const tracked = trackChanges(engine, engine.changes(run.block), run.progress, new Set(run.worklistName === undefined ? [] : [run.worklistName]));
  const frame = engine.inFrame(
    'loop',
    { trips: run.trips, loop: run.statement, body: run.block, worklist: run.worklist, worklistName: run.worklistName, distinct: run.distinct ?? new Set() },
    run.body,
  );
  const isHoisted = run.hoistTo !== undefined || run.hoistOnce === true;
  solveGrowth(engine, tracked, isHoisted ? one : run.trips, frame, level);
  const total = run.hoistTrips ?? run.trips;
  let shared: Growth = zero;
  if (level !== undefined) {
    const { perRound, together } = splitLevels(frame.cost, level);
    shared = substitute(together, level, run.trips);
    frame.cost = substitute(perRound, level, run.trips);
    substituteIn(frame.items, level, run.trips);
    closeLevel(engine, level, run.trips, run.worklist);
  }
  if (run.itemLevel !== undefined) {
    const { name, total: all } = run.itemLevel;
    const { perRound, together } = splitLevels(frame.cost, name);
    shared = add(shared, substitute(together, name, all));
    frame.cost = substitute(perRound, name, all);
    substituteIn(frame.items, name, all);
    closeLevel(engine, name, all, undefined);
  }
  const each = add(frame.cost, one);
  const node = evidence('loop', run.lines, run.text, total, each, frame.items);
  if (run.hoistOnce === true) {
    const active = engine.active[engine.active.length - 1];
    if (active !== undefined) {
      // Recursive calls inside are counted by the recurrence: once per neighbour, like the rest of the loop.
      const { coefficient, rest } = splitBy(each, active.symbol);
      active.once = add(active.once, multiply(total, add(rest, one)));
      active.onceItems.push(node);
      engine.charge(coefficient.terms.length > 0 ? multiply(constant(2), size(active.symbol)) : one);
      return;
    }
  }
  if (shared.terms.length > 0) {
    node.total = add(node.total, shared);
  }
  if (run.hoistTo !== undefined) {
    engine.chargeTo(run.hoistTo, add(multiply(total, each), shared), [node]);
    engine.charge(one);
    return;
  }
  engine.charge(add(add(multiply(total, each), shared), one), node);
}

/** Splits a cost into what each round pays and what all rounds share, as it depends on the size of a level. */
function splitLevels(cost: Growth, level: string): { perRound: Growth; together: Growth } {
  let perRound: Growth = zero;
  let together: Growth = zero;
  for (const term of cost.terms) {
    const isShared = term.factors.some((factor) => factor.atom.kind === 'size' && factor.atom.name === level);
    if (isShared) {
      together = add(together, { terms: [term] });
    } else {
      perRound = add(perRound, { terms: [term] });
    }
  }
  return { perRound, together };
}

function closeLevel(engine: Engine, level: string, trips: Growth, worklist: Value | undefined): void {
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
    value.size = value.size === undefined ? undefined : substitute(value.size, level, trips);
    value.number = value.number === undefined ? undefined : substitute(value.number, level, trips);
    value.total = value.total === undefined ? undefined : substitute(value.total, level, trips);
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
  for (let at: Frame | undefined = engine.frame; at !== undefined; at = at.parent) {
    if (mentions(at.cost, level)) {
      at.cost = substitute(at.cost, level, trips);
      substituteIn(at.items, level, trips);
    }
  }
  for (const active of engine.active) {
    active.once = substitute(active.once, level, trips);
  }
}

/** Runs `body` once for each item of `iterable`; gives back how often that is. */
export function runLoop(
  engine: Engine,
  loop: { readonly lines: Lines; readonly target: Expression; readonly iterable: Value; readonly iterableExpression: Expression; readonly body: () => void; readonly block?: Block; readonly statement?: Statement },
): Growth {
  const { iterable } = loop;
  const block = loop.block ?? [];
  let element = engine.library.mapYieldsEntries === true && (iterable.kind === 'map' || iterable.kind === 'sortedMap') ? entryOf(iterable) : elementOf(iterable.kind === 'map' || iterable.kind === 'sortedMap' ? makeValue('iterator', { element: iterable.key ?? elementOf(makeValue('list', { label: iterable.label, type: iterable.type })) }) : iterable);
  let trips = iterable.kind === 'unknown' && iterable.number !== undefined && iterable.size === undefined ? iterable.number : sizeOf(iterable);
  let text = t('loop over {0}: {1} rounds', describe(loop.iterableExpression), bigO(trips).slice(2, -1));
  let hoistTo: Frame | undefined;
  let hoistTrips: Growth | undefined;
  let hoistOnce = false;
  const shared = sharedTotal(engine, loop.iterableExpression, iterable);
  if (shared !== undefined) {
    hoistTrips = shared.total;
    hoistTo = shared.frame;
    hoistOnce = shared.frame === undefined;
    text = t('over all rounds of the loop around it, {0} is gone through once: {1} rounds together', describe(loop.iterableExpression), bigO(shared.total).slice(2, -1));
  } else if (isTestCases(engine, loop, iterable)) {
    engine.assume(t('the loop in line {0} runs once per test case of the input; the cost is that of one case', loop.lines.start));
    trips = one;
  } else if (block.length > 0 && exitsFirstRound(block)) {
    trips = one;
  } else {
    const amortised = drains(engine, block);
    if (amortised !== undefined) {
      hoistTo = amortised.parent;
      hoistTrips = amortised.trips;
      text = t('takes as many items from {0} as the loop around it puts in: {1} rounds together', amortised.worklistName ?? '', bigO(amortised.trips).slice(2, -1));
    }
  }
  let itemLevel: LoopRun['itemLevel'];
  if (iterable.total !== undefined && isCollection(element) && hoistTo === undefined && !hoistOnce && !isConstant(trips)) {
    itemLevel = { name: engine.freshSymbol('¶'), total: add(trips, iterable.total) };
    element = { ...element, size: size(itemLevel.name), items: undefined };
  }
  execute(engine, {
    itemLevel, lines: loop.lines, statement: loop.statement, block, trips, text, hoistTo, hoistTrips, hoistOnce, progress: new Map(),
    distinct: new Set(['*items', ...targetNames(loop.target)]),
    body: () => {
      store(engine, loop.target, element);
      loop.body();
    },
  });
  return trips;
}

function entryOf(map: Value): Value {
  return makeValue('tuple', { items: [keyOfMap(map), elementOf(map)], size: constant(2) });
}

function targetNames(target: Expression): string[] {
  return target.kind === 'name' ? [target.name] : target.kind === 'list' ? target.items.flatMap(targetNames) : [];
}

function describe(expression: Expression): string {
  // Names that lowerings give to idioms are not the program's.
  const text = keyOf(expression).replace(/\.@\w+\(\)/g, '').replace(/@(?=\w)/g, '');
  return text.length > 40 || text.includes('<') ? t('its items') : text;
}

/**
 * The inner collections of a nested one, each reached once by the loops (or the recursion) around: then all together
 * cost their total size. Gives the total and the frame that it is charged to (undefined: once per recursion).
 */
function sharedTotal(engine: Engine, given: Expression, iterable: Value): { total: Growth; frame: Frame | undefined } | undefined {
  const around = engine.active[engine.active.length - 1];
  const plainGiven = given.kind === 'call' && given.callee.kind === 'member' && given.callee.name.startsWith('@') ? given.callee.object : given;
  const expression = around === undefined ? plainGiven : unaliased(engine, around.fn, plainGiven);
  const index = expression.kind === 'index' ? expression : expression.kind === 'call' && expression.callee.kind === 'member' && (expression.callee.name === 'get' || expression.callee.name === 'at') && expression.args[0] !== undefined
    ? { kind: 'index' as const, lines: expression.lines, object: expression.callee.object, index: expression.args[0] } : undefined;
  const active = engine.active[engine.active.length - 1];
  if (iterable.adjacent && iterable.nodes !== undefined) {
    // Children of a node: all nodes together are the children of all nodes.
    for (const loop of engine.openLoops()) {
      if (loop.worklist !== undefined) {
        return { total: iterable.nodes, frame: loop.parent };
      }
    }
    return active?.recursive === true && engine.openLoops().length === 0 ? { total: iterable.nodes, frame: undefined } : undefined;
  }
  if (index === undefined || index.index.kind === 'literal') {
    return undefined;
  }
  let container: Value | undefined;
  engine.inFrame('branch', {}, () => {
    container = evaluate(engine, index.object);
  });
  if (container === undefined || !isCollection(container)) {
    return undefined;
  }
  for (const loop of engine.openLoops()) {
    if (loop.distinct.has('*')) {
      return { total: container.total ?? size(`edges(${container.label === '' ? 'graph' : container.label})`), frame: loop.parent };
    }
    const indexName = index.index.kind === 'name' ? index.index.name : undefined;
    if (indexName !== undefined && loop.distinct.has(indexName) && container.total !== undefined) {
      return { total: add(loop.trips, container.total), frame: loop.parent };
    }
  }
  if (active?.recursive === true && active.distinct.has('*') && engine.openLoops().length === 0) {
    return { total: container.total ?? size(`edges(${container.label === '' ? 'graph' : container.label})`), frame: undefined };
  }
  return undefined;
}

/** The loop around whose work list this block takes one item from in every round. */
function drains(engine: Engine, block: Block): Frame | undefined {
  if (block.length === 0) {
    return undefined;
  }
  // What is put in and what is taken out are the same items.
  const pops = engine.changes(block).mutations.filter((mutation) => (mutation.effect === 'pop' || mutation.effect === 'push') && !mutation.conditional && mutation.loops.length === 0);
  for (const loop of engine.openLoops()) {
    if (loop.worklistName !== undefined && pops.some((pop) => pop.root === loop.worklistName)) {
      return loop;
    }
  }
  return undefined;
}

function exitsFirstRound(block: Block): boolean {
  if (!alwaysExits(block)) {
    return false;
  }
  // `continue` at the end goes on; only leaving counts.
  const leaves = (inner: Block): boolean => {
    const last = inner[inner.length - 1];
    return last !== undefined && (last.kind === 'return' || last.kind === 'break' || last.kind === 'throw' || (last.kind === 'if' && last.else.length > 0 && leaves(last.then) && leaves(last.else)) || (last.kind === 'block' && leaves(last.body)));
  };
  let continues = false;
  const scan = (inner: Block): void => {
    for (const statement of inner) {
      if (statement.kind === 'continue') {
        continues = true;
      } else if (statement.kind === 'if') {
        scan(statement.then);
        scan(statement.else);
      } else if (statement.kind === 'block') {
        scan(statement.body);
      }
    }
  };
  scan(block);
  return leaves(block) && !continues;
}

/** A loop over the test cases of the input: the bound is the first thing read, and each round reads and prints for itself. */
function isTestCases(engine: Engine, loop: { readonly block?: Block; readonly iterableExpression: Expression; readonly iterable: Value }, iterable: Value): boolean {
  void iterable;
  const { block } = loop;
  if (block === undefined || engine.openLoops().length > 0) {
    return false;
  }
  const expression = loop.iterableExpression;
  const bound = expression.kind === 'call' ? expression.args[0] : undefined;
  if (bound === undefined || expression.kind !== 'call' || expression.args.length !== 1 || expression.callee.kind !== 'name' || !/^x?range$/.test(expression.callee.name)) {
    return false;
  }
  return isInputCount(engine, bound) && readsAndPrints(engine, block, 0).both;
}

/** A number that was read from the input alone, such as `t` or `int(input())`. */
export function isInputCount(engine: Engine, bound: Expression): boolean {
  let found = false;
  engine.inFrame('branch', {}, () => {
    const value = bound.kind === 'name' ? engine.value(bound.name) : bound.kind === 'call' ? evaluate(engine, bound) : undefined;
    found = value?.input === 'number';
  });
  return found;
}

/** Whether the block, functions that it calls included, reads input and prints. */
export function readsAndPrints(engine: Engine, block: Block, level: number): { reads: boolean; prints: boolean; both: boolean } {
  let reads = false;
  let prints = false;
  for (const call of engine.changes(block).calls) {
    const name = call.callee.kind === 'name' ? call.callee.name : call.callee.kind === 'member' ? call.callee.name : '';
    const full = keyOf(call.callee);
    const operation = engine.library.functions[full] ?? (Object.hasOwn(engine.library.methods, name) ? engine.library.methods[name] : undefined);
    const io = operation !== undefined && 'io' in operation ? operation.io : operation !== undefined && 'any' in operation ? operation.any?.io : undefined;
    if (io === 'reads' && typeof io === 'string') {
      reads = true;
    } else if (io === 'prints') {
      prints = true;
    }
    const fn = engine.value(name)?.closure?.fn ?? engine.functionsByName.get(name)?.[0];
    if (fn !== undefined && level < 4 && !engine.active.some((active) => active.fn === fn)) {
      const inner = readsAndPrints(engine, fn.body, level + 1);
      reads = reads || inner.reads;
      prints = prints || inner.prints;
    }
  }
  return { reads, prints, both: reads && prints };
}

/** `for x in xs`. */
export function runForEach(engine: Engine, statement: Statement & { kind: 'forEach' }): void {
  const iterable = evaluate(engine, statement.iterable);
  runLoop(engine, {
    lines: statement.lines, target: statement.target, iterable, iterableExpression: statement.iterable, block: statement.body, statement,
    body: () => {
      if (statement.type !== undefined && statement.target.kind === 'name') {
        const value = engine.value(statement.target.name);
        if (value?.kind === 'unknown') {
          value.kind = statement.type.kind;
          value.type = statement.type;
        }
      }
      runBlock(engine, statement.body);
    },
  });
}

/** The loop of C. */
export function forLoop(engine: Engine, statement: Statement & { kind: 'for' }): void {
  runBlock(engine, statement.init);
  conditionLoop(engine, statement, statement.condition, [...statement.body, ...statement.step], statement.body, statement.step);
}

export function whileLoop(engine: Engine, statement: Statement & { kind: 'while' }): void {
  conditionLoop(engine, statement, statement.condition, statement.body, statement.body, []);
}

function conditionLoop(engine: Engine, statement: Statement & { kind: 'for' | 'while' }, condition: Expression | undefined, whole: Block, body: Block, step: Block): void {
  const bound = conditionBound(engine, condition, whole, statement);
  let { trips } = bound;
  let hoistTo: Frame | undefined;
  let { text } = bound;
  const isOnce = exitsFirstRound(body);
  if (isOnce) {
    trips = one;
  } else if (condition !== undefined && engine.openLoops().length === 0 && countsTestCases(engine, statement, condition) && readsAndPrints(engine, whole, 0).both) {
    engine.assume(t('the loop in line {0} runs once per test case of the input; the cost is that of one case', statement.lines.start));
    trips = one;
  } else if (statement.kind === 'while' || statement.init.length === 0 || !resets(statement, bound.moving)) {
    hoistTo = amortisedOver(engine, statement, bound);
    for (const other of bound.alternatives) {
      if (hoistTo === undefined && other.isSure && !bound.perRound) {
        hoistTo = amortisedOver(engine, statement, other);
        trips = hoistTo === undefined ? trips : other.trips;
      }
    }
    if (hoistTo === undefined && condition !== undefined && startsOfRuns(engine, condition)) {
      hoistTo = engine.openLoops()[0]?.parent;
    }
    const window = hoistTo === undefined && !bound.perRound ? windowOver(engine, statement, whole) : undefined;
    if (window !== undefined) {
      hoistTo = window.frame;
      trips = window.trips;
    }
  } else {
    hoistTo = resumes(engine, statement, condition, bound.moving);
  }
  if (hoistTo === undefined && bound.guard !== undefined) {
    hoistTo = frameBeyond(engine, bound.guard);
  }
  const draining = hoistTo === undefined && !isOnce ? drains(engine, body) : undefined;
  if (draining !== undefined && draining.loop !== statement && (bound.worklist === undefined || bound.worklistName !== draining.worklistName)) {
    hoistTo = draining.parent;
    trips = draining.trips;
  } else if (hoistTo !== undefined && hoistTo !== engine.frame) {
    text = t('its variable is not set back by the loop around it: {0} rounds together', bigO(trips).slice(2, -1));
  }
  const isPerRound = bound.perRound === true;
  execute(engine, {
    lines: statement.lines, statement, block: whole, trips: isPerRound ? one : trips, text: isPerRound ? t('takes from {0} at most what the loop around it has put in: one round on average', bound.worklistName ?? '') : text,
    progress: bound.progress, worklist: bound.worklist, worklistName: bound.worklistName,
    distinct: bound.distinct, hoistTo: hoistTo === engine.frame ? undefined : hoistTo, hoistTrips: hoistTo === undefined || isPerRound ? undefined : trips,
    body: () => {
      if (condition !== undefined) {
        evaluate(engine, condition);
      }
      runBlock(engine, body);
      runBlock(engine, step);
    },
  });
}

/** `for (i = l; i <= r; i++)` where the loop around goes on with `l = r + 1`: the ranges lie side by side. */
function resumes(engine: Engine, statement: Statement & { kind: 'for' }, condition: Expression | undefined, moving: readonly string[]): Frame | undefined {
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
    if (start !== undefined && updates !== undefined && !moving.includes(start) && updates.every((update) => !update.declares && !update.loops.includes(statement) && update.amount !== undefined && update.motion === 'set' && limits.some((name) => name !== start && update.amount !== undefined && usesName(update.amount, name)))) {
      return around.parent;
    }
  }
  return undefined;
}

function resets(statement: Statement & { kind: 'for' }, moving: readonly string[]): boolean {
  return statement.init.some((each) => (each.kind === 'declare' && moving.includes(each.name)) || (each.kind === 'assign' && (each.target.kind === 'name' ? moving.includes(each.target.name) : true)));
}

function countsTestCases(engine: Engine, statement: Statement, condition: Expression): boolean {
  // while (t-- > 0), for (i = 0; i < t; i++), while (t) { … t-- }
  const names = namesIn(condition);
  for (const name of names) {
    if (isInputCount(engine, { kind: 'name', name, lines: statement.lines })) {
      const others = [...names].filter((other) => other !== name);
      if (condition.kind === 'binary' && (condition.operator === '&&' || condition.operator === '||')) {
        return false;
      }
      return others.length <= 1;
    }
  }
  return false;
}

/**
 * The outermost frame to which all rounds of a loop together can be charged once, because none of the loops between sets
 * its moving variables back. Undefined where the loop starts afresh each time.
 */
function amortisedOver(engine: Engine, statement: Statement, bound: Bound): Frame | undefined {
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
      if (declaredByLoop || (loop.loop?.kind === 'for' && loop.loop.init.some((each) => each.kind === 'declare' && each.name === name) && false)) {
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
          return update.motion === bound.direction || isUnit(update.amount) || (update.amount !== undefined && bound.moving.some((other) => update.amount !== undefined && usesName(update.amount, other)));
        }
        // j = i where i itself goes on from j: the run is not walked again.
        return update.amount !== undefined && [...namesIn(update.amount)].some((other) => other !== name && continuesFrom(changes, other, name, statement));
      });
    });
    if (!isKept) {
      break;
    }
    target = loop.parent;
  }
  return target;
}

/**
 * A window: the loop moves an index by one each round, and the loops around never set it back. However the condition
 * reads, the index passes each item of what it indexes once.
 */
function windowOver(engine: Engine, statement: Statement, whole: Block): { frame: Frame; trips: Growth } | undefined {
  if (engine.openLoops().length === 0) {
    return undefined;
  }
  for (const [name, updates] of engine.changes(whole).updates) {
    if (!updates.every((update) => (update.motion === 'up' || update.motion === 'down') && isUnit(update.amount)) || !updates.some((update) => !update.conditional && update.loops.length === 0)) {
      continue;
    }
    const indexed = indexedBy(engine, statement, name) ?? widthOf(engine, name);
    if (indexed === undefined) {
      continue;
    }
    const [first] = updates;
    const bound: Bound = {
      trips: indexed, text: '', progress: new Map(), moving: [name], direction: first?.motion === 'down' ? 'down' : 'up', worklist: undefined, worklistName: undefined,
      distinct: new Set(), perRound: false, guard: undefined, alternatives: [], isSure: true,
    };
    const frame = amortisedOver(engine, statement, bound);
    if (frame !== undefined) {
      return { frame, trips: indexed };
    }
  }
  return undefined;
}

/** `right - left` in the loop around: the index never passes the loop's own variable. */
function widthOf(engine: Engine, name: string): Growth | undefined {
  for (const loop of engine.openLoops()) {
    let isWidth = false;
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
function startsOfRuns(engine: Engine, condition: Expression): boolean {
  const [around] = engine.openLoops();
  const container = membershipOf(condition);
  if (around === undefined || container === undefined || container.item.kind === 'literal') {
    return false;
  }
  let found = false;
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
function indexedBy(engine: Engine, statement: Statement, name: string): Growth | undefined {
  let found: Growth | undefined;
  visitStatement(statement, {
    expression: (inner) => {
      const index = inner.kind === 'index' ? inner.index : inner.kind === 'call' && inner.callee.kind === 'member' && inner.args.length === 1 && /^(?:charAt|get|at|codePointAt|charCodeAt)$/.test(inner.callee.name) ? inner.args[0] : undefined;
      const object = inner.kind === 'index' ? inner.object : inner.kind === 'call' && inner.callee.kind === 'member' ? inner.callee.object : undefined;
      if (found === undefined && index !== undefined && object !== undefined && usesName(index, name)) {
        engine.inFrame('branch', {}, () => {
          const value = evaluate(engine, object);
          if ((isCollection(value) || value.kind === 'unknown') && value.kind !== 'map' && !isConstant(sizeOf(value))) {
            found = sizeOf(value);
          }
        });
      }
      return undefined;
    },
  });
  return found;
}

function isUnit(amount: Expression | undefined): boolean {
  return amount?.kind === 'literal' || (amount?.kind === 'unary' && amount.operand.kind === 'literal');
}

/** `other` is given a value made of `name` in the loop: `i = j`, `i = j + 1`, `i += length`. */
function continuesFrom(changes: Changes, other: string, name: string, statement: Statement): boolean {
  return (changes.updates.get(other) ?? []).some((update) => update.amount !== undefined && usesPlace(update.amount, name) && !update.loops.includes(statement));
}

export { contains, isCollection, logarithm, minimum, power, totalSize };
export type { EvidenceNode };
