import { add, constant, type Growth, isConstant, logarithm, multiply, one, size, sizesIn, splitBy } from '../algebra/bigO';
import { compare } from '../algebra/ranks';
import { quietly } from '../loops/bound';
import type { Mutation } from '../program/changes';
import { partOf } from '../loops/distance';
import { filledShare } from './filled';
import { type Active, type Engine, evidence, type EvidenceNode, type Frame, type Sentence, type Share } from '../following/engine';
import type { Block, Expression, FunctionIr, Lines, Statement } from '../program/ir';
import { callsBelow, isBelow } from '../recursion/receivers';
import { isOfFound, unaliased } from '../recursion/transitions';
import { copyOf, elementOf, isCollection, sizeOf, type Value } from '../following/values';
import { callsOf, keyOf, rangeArguments, rootOf, usesName } from '../program/visit';
import { isPouredBack, isSizeOf } from '../loops/worklists';

/**
 * The inner collections of a nested one, each reached once by the loops (or the recursion) around: then all together
 * cost their total size. Gives the total and the frame that it is charged to (undefined: once per recursion).
 */
export function sharedTotal(engine: Engine, given: Expression, iterable: Value): { total: Growth; frame: Frame | undefined } | undefined {
  const around = engine.namedActive();
  const inner = copied(engine, given);
  const expression = around === undefined ? inner : unaliased(engine, around.fn, inner);
  const index = expression.kind === 'index' ? expression : expression.kind === 'call' && expression.callee.kind === 'member' && /^(?:get|at|getOrDefault|GetValueOrDefault)$/.test(expression.callee.name) && expression.args[0] !== undefined
    ? { kind: 'index' as const, lines: expression.lines, object: expression.callee.object, index: expression.args[0] } : undefined;
  const active = engine.namedActive();
  if (iterable.adjacent && iterable.nodes !== undefined) {
    // Children of a node: all nodes together are the children of all nodes.
    for (const loop of engine.namedLoops()) {
      if (loop.worklist !== undefined) {
        return { total: iterable.nodes, frame: loop.outlet ?? loop.parent };
      }
    }
    return active?.recursive === true && engine.namedLoops().length === 0 ? { total: iterable.nodes, frame: undefined } : undefined;
  }
  if (around !== undefined && engine.namedLoops().length === 0 && expression.kind !== 'index' && callsBelow(engine, around.fn).length > 0 && isBelow(engine, around.fn, expression)) {
    // What is below the object at hand: for all objects together, the objects.
    return { total: size('n'), frame: undefined };
  }
  if (index === undefined && around?.recursive === true && around.distinct.has('*') && engine.namedLoops().length === 0 && around.fn.params.some((param) => isOfFound(engine, around.fn, expression, param.name))) {
    // What belongs to one that is found by its number: all of them together.
    return { total: size(`edges(${iterable.label === '' ? 'graph' : iterable.label})`), frame: undefined };
  }
  if (index === undefined || index.index.kind === 'literal') {
    return undefined;
  }
  // A row of a matrix, whose places stand for the nodes, is as long for each of them.
  const isRow = given.kind === 'call' && given.callee.kind === 'name' && given.callee.name === 'enumerate';
  const container = quietly(engine, index.object);
  if (!isCollection(container) && container.kind !== 'unknown') {
    return undefined;
  }
  // Loops between go through all of them again; one over the same collection at the same place does so, too.
  let between: Growth = one;
  let again: Growth = one;
  const root = rootOf(index.object);
  // At a place beside the loop's own: not where a work list goes through all of them, nor where other rounds add to what is there.
  const isMarked = engine.namedLoops().some((loop) => loop.distinct.has('*'));
  for (const loop of engine.namedLoops()) {
    if (loop.distinct.has('*')) {
      return { total: multiply(again, container.total ?? (isRow ? multiply(sizeOf(container), sizeOf(elementOf(container))) : size(`edges(${container.label === '' ? 'graph' : container.label})`))), frame: loop.outlet ?? loop.parent };
    }
    const indexName = index.index.kind === 'name' ? index.index.name : isMarked || isChangedIn(engine, loop, root) ? undefined : placeAt(engine, loop, index.index);
    // One level of a work list: what is around it takes the levels together.
    const isLevel = [...sizesIn(loop.trips)].some((name) => name.startsWith('¶'));
    // `for u in groups[k]: for v in near[u]`: the groups have each item once, all of them together.
    const parts = indexName !== undefined && container.total !== undefined && (isLevel || loop.outlet !== undefined) && loop.distinct.has(indexName) ? partsOf(engine, loop) : undefined;
    if (parts !== undefined && container.total !== undefined) {
      return { total: multiply(between, add(parts.total, container.total)), frame: parts.frame };
    }
    if (indexName !== undefined && loop.distinct.has(indexName) && container.total !== undefined && !isLevel) {
      return { total: multiply(between, add(loop.trips, container.total)), frame: loop.parent };
    }
    const isAgain = loop.loop?.kind === 'forEach' && rootOf(loop.loop.iterable) === root;
    between = loop.outlet === undefined || isAgain ? multiply(between, loop.trips) : between;
    again = isAgain ? multiply(again, loop.trips) : again;
  }
  if (active?.recursive === true && active.distinct.has('*') && engine.namedLoops().length === 0) {
    return { total: container.total ?? (isRow ? multiply(sizeOf(container), sizeOf(elementOf(container))) : size(`edges(${container.label === '' ? 'graph' : container.label})`)), frame: undefined };
  }
  return undefined;
}

const itemsOf = new WeakMap<Frame, Share>();

/** Notes that the items of the loop at hand have sizes of their own, and what they are together. */
export function noteItems(frame: Frame, share: Share): void {
  itemsOf.set(frame, share);
}

/** Where a loop goes through one of several groups that have each item once: what is around the loop over the groups, and how many items there are. */
function partsOf(engine: Engine, loop: Frame): { readonly frame: Frame | undefined; readonly total: Growth } | undefined {
  const around = loop.parent;
  if (around?.kind !== 'loop' || around.worklist !== undefined || loop.loop?.kind !== 'forEach') {
    return undefined;
  }
  const items = itemsOf.get(around);
  if (loop.outlet !== undefined) {
    const root = rootOf(loop.loop.iterable);
    return root !== undefined && hasEachOnce(engine, root) ? { frame: loop.outlet, total: loop.trips } : undefined;
  }
  const root = around.loop?.kind === 'forEach' ? rootOf(around.loop.iterable) : undefined;
  const isShare = items !== undefined && sizesIn(loop.trips).has(items.name);
  return isShare && root !== undefined && hasEachOnce(engine, root) ? { frame: around.parent, total: add(around.trips, items.total) } : undefined;
}

/** Whether what is put into the lists of a collection is the number of the round, and so in no two of them: `groups[key[i]].append(i)`. */
function hasEachOnce(engine: Engine, root: string): boolean {
  const pushes = engine.changes(engine.namedActive()?.fn.body ?? engine.program.main).mutations.filter((mutation) => mutation.root === root && (mutation.effect === 'push' || mutation.effect === 'extend'));
  const [push] = pushes;
  const loop = push?.loops[push.loops.length - 1];
  if (pushes.length !== 1 || push?.effect !== 'push' || push.item?.kind !== 'name' || loop === undefined || push.loops.length !== 1) {
    return false;
  }
  const { name } = push.item;
  if (loop.kind === 'for') {
    return loop.init.some((each) => each.kind === 'declare' && each.name === name) && !engine.changes(loop.body).updates.has(name);
  }
  if (loop.kind !== 'forEach') {
    return false;
  }
  const isNumbered = loop.iterable.kind === 'call' && loop.iterable.callee.kind === 'name' && loop.iterable.callee.name === 'enumerate';
  const counter = isNumbered ? (loop.target.kind === 'list' ? loop.target.items[0] : undefined) : rangeArguments(loop.iterable) === undefined ? undefined : loop.target;
  return counter?.kind === 'name' && counter.name === name;
}

function isChangedIn(engine: Engine, loop: Frame, root: string | undefined): boolean {
  const { mutations, updates } = engine.changes(loop.body);
  return root === undefined || updates.has(root) || mutations.some((mutation) => mutation.root === root);
}

/** The name by which a place is found, each value of it another place: `i`, `i - 1`, `n - i`, where the loop does not change `n`. */
export function placeAt(engine: Engine, loop: Frame, index: Expression): string | undefined {
  if (index.kind === 'name') {
    return loop.repeating.has(index.name) ? undefined : index.name;
  }
  if (index.kind !== 'binary' || (index.operator !== '+' && index.operator !== '-')) {
    return undefined;
  }
  const { updates } = engine.changes(loop.body);
  const isFixed = (side: Expression): boolean => side.kind === 'literal' || (side.kind === 'name' && !updates.has(side.name) && !loop.distinct.has(side.name));
  return isFixed(index.right) ? placeAt(engine, loop, index.left) : isFixed(index.left) ? placeAt(engine, loop, index.right) : undefined;
}

/** What is gone through in another order, as a copy, or with few changes: `reversed(xs)`, `xs[::-1]`, `xs.clone()`, `xs - {y}`; anything else is itself. */
function copied(engine: Engine, given: Expression): Expression {
  if (given.kind === 'slice' && given.from === undefined && given.to === undefined) {
    return copied(engine, given.object);
  }
  if (given.kind === 'binary' && ['-', '||', '??'].includes(given.operator)) {
    // `near.get(u) || []`, `near[u] - {v}`
    return copied(engine, given.left);
  }
  if (given.kind === 'list') {
    // `[*near[u], u - 1, u + 1]`
    const [many, ...others] = given.items.filter((item) => item.kind === 'spread');
    return many?.kind === 'spread' && others.length === 0 ? copied(engine, many.value) : given;
  }
  if (given.kind !== 'call' || rangeArguments(given) !== undefined) {
    return given;
  }
  const { callee, args } = given;
  if (callee.kind === 'member') {
    // What a stream passes on of each item is no more than there are items.
    const isPassedOn = /^(?:filter|map|mapToInt|mapToLong|mapToObj|mapToDouble|boxed|sorted|distinct|peek)$/.test(callee.name) && args.every((arg) => arg.kind === 'lambda' || arg.kind === 'name' || arg.kind === 'member');
    return isPassedOn || callee.name.startsWith('@') || (args.length === 0 && /^(?:clone|iter|into_iter|iter_mut|copy|slice|reverse|reversed|stream|toList|ToList|to_vec)$/.test(callee.name)) ? copied(engine, callee.object) : given;
  }
  return callee.kind === 'name' && /^(?:reversed|list|tuple|set|sorted|enumerate)$/.test(callee.name) && args.length === 1 && args[0] !== undefined && engine.functionsNamed(callee.name).length === 0 ? copied(engine, args[0]) : given;
}

/**
 * Charges an operation that goes once through all items of `value`, the neighbours or children of one node: for all nodes
 * together where each is reached once. False where they are not known to be, and nothing is charged.
 */
export function chargeShared(engine: Engine, place: Expression | undefined, value: Value | undefined, cost: Growth, lines: Lines, text: Sentence): boolean {
  if (place === undefined || value === undefined || value.kind === 'string' || isConstant(cost) || !isAdjacent(engine, place, value)) {
    return false;
  }
  // Sorting each of them costs no more than sorting all of them together.
  const items = sizeOf(value);
  const perItem = compare(cost, items) <= 0 ? one : logarithm(items);
  if (compare(cost, multiply(items, perItem)) > 0) {
    return false;
  }
  const shared = sharedTotal(engine, place, value);
  const active = engine.active[engine.active.length - 1];
  if (shared === undefined || active === undefined) {
    return false;
  }
  const total = multiply(shared.total, perItem);
  const item = evidence('library', lines, text, one, total);
  if (shared.frame === undefined) {
    active.once = add(active.once, total);
    active.onceItems.push(item);
  } else {
    engine.chargeTo(shared.frame, total, [item]);
  }
  engine.charge(one);
  return true;
}

/** A collection of neighbours or children, or a stream of these. */
function isAdjacent(engine: Engine, place: Expression, value: Value): boolean {
  if (value.adjacent || value.kind !== 'iterator' || place.kind !== 'call') {
    return value.adjacent;
  }
  const whole = copied(engine, place);
  return (whole.kind === 'index' || whole.kind === 'call') && whole !== place && sharedTotal(engine, whole, quietly(engine, whole)) !== undefined;
}

/**
 * The arguments of a call, where what belongs to one node or place is passed to a function that only looks at it: with a size
 * of its own, as all rounds of the loop around pass all of them together.
 */
export function shareArguments(engine: Engine, fn: FunctionIr, args: readonly Value[], call: Expression & { kind: 'call' }): readonly Value[] {
  const [loop] = engine.namedLoops();
  if (loop === undefined || engine.active.some((active) => active.fn === fn)) {
    return args;
  }
  const shared = args.map((value, at) => {
    const [expression, param] = [call.args[at], fn.params[at]];
    const filled = expression === undefined || param === undefined || !isOnlyRead(engine, fn, param.name) ? undefined : filledShare(engine, expression, value, call);
    if (filled !== undefined) {
      return filled;
    }
    const isLookedUp = expression?.kind === 'index' || expression?.kind === 'call' || expression?.kind === 'member' || expression?.kind === 'name';
    if (expression === undefined || param === undefined || !isLookedUp || !isCollection(value) || value.kind === 'string' || !isOnlyRead(engine, fn, param.name) || isConstant(sizeOf(value))) {
      return value;
    }
    const whole = sharedTotal(engine, expression, value);
    // Where loops between pass it more than once, they count that themselves.
    if (whole?.frame === undefined || (loop.outlet ?? loop.parent) !== whole.frame) {
      return value;
    }
    const name = engine.freshSymbol('¶');
    loop.shares.push({ name, total: whole.total });
    return copyOf(value, { size: size(name), items: undefined });
  });
  return shared;
}

/** Whether a function leaves a parameter as it is, as a collection and no record (`x, y = point`), and calls itself nowhere. */
function isOnlyRead(engine: Engine, fn: FunctionIr, name: string): boolean {
  const { mutations, updates } = engine.changes(fn.body);
  const isRecord = fn.body.some((statement) => statement.kind === 'assign' && statement.target.kind === 'list' && statement.value.kind === 'name' && statement.value.name === name);
  return !isRecord && !updates.has(name) && !mutations.some((mutation) => mutation.root === name) && callsOf(fn, fn.name).length === 0;
}

/** Charges a loop whose rounds all calls of the recursion share: once for all of them. */
export function chargeOnce(engine: Engine, active: Active, node: EvidenceNode, each: Growth): void {
  // Recursive calls inside are counted by the recurrence: once per neighbour, like the rest of the loop.
  const { coefficient, rest } = splitBy(each, active.symbol);
  active.once = add(active.once, multiply(node.runs, add(rest, one)));
  active.onceItems.push(node);
  engine.charge(coefficient.terms.length > 0 ? multiply(constant(2), size(active.symbol)) : one);
}

/**
 * Charges a function that is called for each item of `value`, where all rounds of the loops around (or all calls of the
 * recursion) share the items: once for all of them. False where they do not, and nothing is charged.
 */
export function chargeEach(engine: Engine, place: Expression, value: Value, node: (runs: Growth) => EvidenceNode): boolean {
  const shared = sharedTotal(engine, place, value);
  const active = engine.namedActive();
  if (shared === undefined || active === undefined) {
    return false;
  }
  const made = node(shared.total);
  if (shared.frame === undefined) {
    chargeOnce(engine, active, made, made.each);
  } else {
    engine.chargeTo(shared.frame, made.total, [made]);
    engine.charge(one);
  }
  return true;
}

/** Whether a round may go on with the next one before it comes to its end. */
export function continuesEarly(block: Block): boolean {
  return block.some((statement) => statement.kind === 'continue' || (statement.kind === 'if' && (continuesEarly(statement.then) || continuesEarly(statement.else))) || (statement.kind === 'block' && continuesEarly(statement.body)));
}

/** Languages in which taking an item from an empty list gives back nothing, instead of failing. */
const givesNothing = new Set(['javascript', 'typescript', 'php', 'ruby']);

/** Rounds that the loop around `frame` has paid for, because each takes away an item of `name`. */
export interface Draining {
  readonly frame: Frame;
  readonly name: string;
}

/** The loop around which puts in what this block takes out, one item in every round: into its work list, or another list. */
export function drains(engine: Engine, block: Block): Draining | undefined {
  if (block.length === 0) {
    return undefined;
  }
  const { mutations, updates } = engine.changes(block);
  // `q.append(q.popleft())` turns the list round: nothing of it is used up.
  if (mutations.some((mutation) => mutation.effect === 'push' && !mutation.conditional && mutation.item?.kind === 'call' && mutation.item.callee.kind === 'member' && keyOf(mutation.item.callee.object) === keyOf(mutation.object))) {
    return undefined;
  }
  // What is put in and what is taken out are the same items; where a round may be left early, nothing may be put in.
  const isWhole = !continuesEarly(block);
  const pops = mutations.filter((mutation) => (mutation.effect === 'pop' || (mutation.effect === 'push' && isWhole)) && !mutation.conditional && mutation.loops.length === 0);
  if (pops.length === 0) {
    return undefined;
  }
  for (const loop of engine.openLoops()) {
    if (loop.worklistName !== undefined && pops.some((pop) => pop.root === loop.worklistName)) {
      return { frame: loop, name: loop.worklistName };
    }
  }
  const [around] = engine.openLoops();
  if (around?.loop === undefined || !isWhole || givesNothing.has(engine.program.language)) {
    return undefined;
  }
  const outer = engine.changes(around.body);
  const adds = (all: readonly Mutation[], root: string): boolean => all.some((mutation) => mutation.root === root && (mutation.effect === 'push' || mutation.effect === 'extend'));
  const taken = pops.find(({ effect, root, object }) => effect === 'pop' && object.kind === 'name' && !updates.has(root) && !outer.updates.has(root) && !adds(mutations, root) && adds(outer.mutations, root));
  return taken === undefined || isPouredBack(engine, mutations, outer.mutations, taken.root) ? undefined : { frame: around, name: taken.root };
}

/** Whether a round of a work list takes all that is in it: a loop inside empties it, or goes through it before the next level takes its place. */
export function takesLevels(engine: Engine, block: Block, root: string | undefined): boolean {
  if (root === undefined) {
    return true;
  }
  const changes = engine.changes(block);
  const isEmptied = changes.mutations.some((mutation) => mutation.root === root && (mutation.effect === 'pop' || mutation.effect === 'remove' || mutation.effect === 'clear') && (mutation.loops.length > 0 || mutation.effect === 'clear'));
  // `q = q[width:]`, where the width was the size of the queue: what was in it is gone.
  const isCutOff = (amount: Expression): boolean => {
    const part = partOf(amount);
    const width = part?.from?.kind === 'name' && keyOf(part.object) === root ? changes.updates.get(part.from.name) : undefined;
    const size = width?.length === 1 && width[0]?.amount !== undefined ? isSizeOf(width[0].amount) : undefined;
    return size !== undefined && keyOf(size) === root;
  };
  const isReplaced = (changes.updates.get(root) ?? []).some((update) => update.amount === undefined || !usesName(update.amount, root.replace(/^this\./, '')) || isCutOff(update.amount));
  return isEmptied || isReplaced;
}

/** What all rounds of the loops around share of a loop that counts through the places of a collection. */
export function countedTotal(engine: Engine, counted: Expression | undefined): ReturnType<typeof sharedTotal> {
  if (counted === undefined) {
    return undefined;
  }
  const value = quietly(engine, counted);
  // Texts in a list count by how long one is, as people mostly count them.
  return value.kind === 'string' ? undefined : sharedTotal(engine, counted, value);
}

/** The collection whose places `for k in range(len(xs))` goes through. */
export function rangedThrough(engine: Engine, iterable: Expression): Expression | undefined {
  const args = rangeArguments(iterable) ?? [];
  const limit = args.length === 1 ? args[0] : args.length === 2 && isFirst(args[0]) ? args[1] : undefined;
  return limit === undefined ? undefined : sizedBy(engine, limit);
}

/** The collection whose places `for (k = 0; k < xs.size(); k++)` goes through, also where its size was given a name before. */
export function countedThrough(engine: Engine, statement: Statement): Expression | undefined {
  if (statement.kind !== 'for' || statement.condition?.kind !== 'binary' || (statement.condition.operator !== '<' && statement.condition.operator !== '!=')) {
    return undefined;
  }
  const { left, right } = statement.condition;
  const name = left.kind === 'name' ? left.name : '';
  const isBegun = statement.init.some((each) => (each.kind === 'declare' && each.name === name && isFirst(each.value)) || (each.kind === 'assign' && each.target.kind === 'name' && each.target.name === name && isFirst(each.value)));
  const moves = engine.changes(statement.step).updates.get(name) ?? [];
  return isBegun && moves.length === 1 && moves[0]?.motion === 'up' ? sizedBy(engine, right) : undefined;
}

/** The first places of a list: what begins there has no more rounds than the list has items. */
function isFirst(expression: Expression | undefined): boolean {
  return expression?.kind === 'literal' && typeof expression.value === 'number' && expression.value >= 0;
}

/** What `len(xs)`, or a name that was given it, is the size of. */
function sizedBy(engine: Engine, given: Expression): Expression | undefined {
  const limit = given.kind === 'binary' && given.operator === '-' && given.right.kind === 'literal' ? given.left : given;
  const [loop] = engine.openLoops();
  const block = loop?.body ?? engine.active[engine.active.length - 1]?.fn.body;
  if (limit.kind !== 'name' || block === undefined) {
    return isSizeOf(limit);
  }
  const updates = engine.changes(block).updates.get(limit.name) ?? [];
  const amount = updates.length === 1 ? updates[0]?.amount : undefined;
  return amount === undefined ? undefined : isSizeOf(amount);
}
