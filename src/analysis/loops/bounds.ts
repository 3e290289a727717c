import { t } from '../../core/l10n';
import { indexedBy } from '../amortised/amortised';
import { searchBound } from '../amortised/searches';
import { constant, exponential, factorial, isConstant, logarithm, one, size, someSize } from '../algebra/bigO';
import { compare } from '../algebra/ranks';
import { type Bound, bound, boundLike, quietly } from './bound';
import { digitSumBound } from './digitSums';
import type { Changes, Mutation, Update } from '../program/changes';
import { bigO, type Engine, valueNamed } from '../following/engine';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import { isOnlyModulo, type Mover } from './motions';
import { initial, moverBound } from './movers';
import { ordersBound } from './orders';
import { isCollection, magnitude, sizeOf } from '../following/values';
import { keyOf, namesIn, rootOf, visitExpression } from '../program/visit';
import { collectionBound, drainBound, hasPops, isSizeOf, toppedBy } from './worklists';
import { isSliced } from './shrinking';
import { Memo } from '../program/memo';

/** The bound of a loop from its condition and from what its body changes. */
export function conditionBound(engine: Engine, condition: Expression | undefined, whole: Block, statement: Statement): Bound {
  const round = whole.length === 0 || statement.kind !== 'for' ? whole : roundOf(statement);
  const changes = engine.changes(round);
  const own = withCondition(engine, changes, condition);
  const isEndless = condition === undefined || (condition.kind === 'literal' && condition.value !== false && condition.value !== 0);
  const helpers = fillingHelpers(engine, own);
  const merged = helpers === undefined ? own : { ...own, mutations: [...own.mutations, ...helpers.mutations] };
  const block = helpers === undefined ? whole : [...whole, ...helpers.body];
  const stepped = digitSumBound(engine, condition, whole, own) ?? ordersBound(engine, condition, whole);
  if (stepped !== undefined) {
    return stepped;
  }
  const found = isEndless ? (exitBound(engine, block, merged, statement) ?? takenBound(engine, merged, block, statement) ?? lettersBound(engine, statement)) : partBound(engine, condition, merged, block, statement);
  const searched = found?.isSure === true ? undefined : searchBound(engine, round, isEndless ? undefined : condition);
  if (searched !== undefined) {
    return searched;
  }
  if (found !== undefined) {
    if (!found.isSure) {
      engine.assume(t('how often the loop in line {0} runs is an estimate from what moves in it', statement.lines.start));
    }
    return found;
  }
  return fallbackBound(engine, merged, statement, isEndless ? undefined : condition);
}

/**
 * What functions that the loop calls put into collections around them (`tryAdd(row, column)` in a search): their bodies, and
 * these changes as if the loop made them itself. Undefined where they put in nothing.
 */
function fillingHelpers(engine: Engine, changes: Changes): { readonly body: Block; readonly mutations: readonly Mutation[] } | undefined {
  const body: Statement[] = [];
  const mutations: Mutation[] = [];
  const seen = new Set<FunctionIr>();
  for (const call of changes.calls) {
    const { callee } = call;
    const name = callee.kind === 'name' ? callee.name : callee.kind === 'member' && callee.object.kind === 'name' && callee.object.name === 'this' ? callee.name : undefined;
    const fn = name === undefined ? undefined : (engine.value(name)?.closure?.fn ?? engine.functionsNamed(name)[0]);
    if (fn === undefined || seen.has(fn) || engine.active.some((active) => active.fn === fn)) {
      continue;
    }
    seen.add(fn);
    const inner = engine.changes(fn.body);
    if (inner.calls.some((each) => (each.callee.kind === 'name' && each.callee.name === fn.name) || (each.callee.kind === 'member' && each.callee.name === fn.name && keyOf(each.callee.object) === 'this'))) {
      continue;
    }
    const made = inner.mutations.filter((mutation) => fn.params.every((param) => param.name !== mutation.root) && (inner.updates.get(mutation.root) ?? []).every((update) => !update.declares));
    if (made.some((mutation) => mutation.effect === 'push' && mutation.loops.length === 0 && !hasPops(inner, mutation.root) && hasPops(changes, mutation.root))) {
      body.push(...fn.body);
      mutations.push(...made.map((mutation) => ({ ...mutation, conditional: true })));
    }
    mutations.push(...takenBy(fn, call, inner, changes));
  }
  return mutations.length === 0 ? undefined : { body, mutations };
}

/** What a function takes from collections that the loop itself takes nothing from: `reduce(values, signs)` pops of both. */
function takenBy(fn: FunctionIr, call: Expression & { kind: 'call' }, inner: Changes, changes: Changes): Mutation[] {
  const taken: Mutation[] = [];
  const given = inner.mutations.flatMap((mutation) => {
    const at = fn.params.findIndex((param) => param.name === mutation.root);
    const object = at < 0 ? mutation.object : call.args[at];
    const root = at < 0 ? mutation.root : object === undefined ? undefined : rootOf(object);
    const isLocal = at < 0 && (inner.updates.get(mutation.root) ?? []).length > 0;
    return root === undefined || object === undefined || isLocal || mutation.loops.length > 0 ? [] : [{ ...mutation, root, object }];
  });
  for (const mutation of given) {
    const net = given.filter((other) => other.root === mutation.root && other.effect === 'pop').length - given.filter((other) => other.root === mutation.root && other.effect !== 'pop' && other.effect !== 'other').length;
    if (mutation.effect === 'pop' && !mutation.conditional && net > 0 && !hasPops(changes, mutation.root) && !taken.some((other) => other.root === mutation.root)) {
      taken.push(mutation);
    }
  }
  return taken;
}

const blocks = new Memo<Statement, Block>();

/** What runs in one round of a counted loop, its steps included. Kept per loop, so that what is kept per block is found again. */
export function roundOf(statement: Statement & { kind: 'for' }): Block {
  let block = blocks.get(statement);
  if (block === undefined) {
    block = [...statement.body, ...statement.step];
    blocks.set(statement, block);
  }
  return block;
}

/** Changes of the body together with those that the condition itself makes (`while (t-- > 0)`). */
function withCondition(engine: Engine, changes: Changes, condition: Expression | undefined): Changes {
  if (condition === undefined) {
    return changes;
  }
  const inside = engine.changes(conditionBlock(condition));
  if (inside.updates.size === 0 && inside.mutations.length === 0) {
    return changes;
  }
  const updates = new Map(changes.updates);
  for (const [name, more] of inside.updates) {
    updates.set(name, [...(updates.get(name) ?? []), ...more]);
  }
  return { updates, mutations: [...changes.mutations, ...inside.mutations], calls: changes.calls };
}

const conditionBlocks = new Memo<Expression, Block>();

function conditionBlock(condition: Expression): Block {
  let block = conditionBlocks.get(condition);
  if (block === undefined) {
    block = [{ kind: 'expression', lines: condition.lines, value: condition }];
    conditionBlocks.set(condition, block);
  }
  return block;
}

/** An endless loop ends by `if (…) break` or `return`: the bound is that of the condition to leave. */
function exitBound(engine: Engine, whole: Block, changes: Changes, statement: Statement): Bound | undefined {
  const exits: Expression[] = [];
  const scan = (block: Block): void => {
    for (const inner of block) {
      if (inner.kind === 'if') {
        if (leaves(inner.then) || leaves(inner.else)) {
          exits.push(inner.condition);
        }
        scan(inner.then);
        scan(inner.else);
      } else if (inner.kind === 'block') {
        scan(inner.body);
      } else if (inner.kind === 'try') {
        scan(inner.body);
      }
    }
  };
  scan(whole);
  return best(exits.map((exit) => partBound(engine, exit, changes, whole, statement)).filter((each) => each?.isSure === true));
}

/** A loop that nothing ends but what it takes from a list: there is no more of it than was put in. */
function takenBound(engine: Engine, changes: Changes, whole: Block, statement: Statement): Bound | undefined {
  const taken = changes.mutations.find((mutation) => mutation.effect === 'pop' && !mutation.conditional && isCollection(quietly(engine, mutation.object)));
  return taken === undefined ? undefined : collectionBound(engine, taken.object, changes, whole, statement, undefined);
}

/** `for (char c = 'a'; ; c++)`: no condition ends it, but there is only so many characters. */
function lettersBound(engine: Engine, statement: Statement): Bound | undefined {
  const [step] = statement.kind === 'for' ? statement.step : [];
  const name = step?.kind === 'assign' && step.target.kind === 'name' && step.operator === '+' ? step.target.name : undefined;
  return name === undefined || valueNamed(engine, name)?.kind !== 'char' ? undefined : bound(constant(26), t('goes through characters, of which there is a fixed number'), { moving: [name], direction: 'up' });
}

function leaves(block: Block): boolean {
  const last = block[block.length - 1];
  return last !== undefined && (last.kind === 'break' || last.kind === 'return' || last.kind === 'throw');
}

function best(bounds: readonly (Bound | undefined)[]): Bound | undefined {
  let result: Bound | undefined;
  for (const each of bounds) {
    if (each !== undefined && (result === undefined || better(each, result))) {
      result = each;
    }
  }
  return result;
}

function better(a: Bound, b: Bound): boolean {
  if (a.perRound !== b.perRound) {
    return a.perRound;
  }
  if (a.isSure !== b.isSure) {
    return a.isSure;
  }
  if (!a.isSure && isConstant(a.trips) !== isConstant(b.trips)) {
    return isConstant(b.trips);
  }
  const difference = compare(a.trips, b.trips);
  // Parts of something that the rounds of the loop around share add up to no more than that.
  return difference < 0 || (difference === 0 && someSize(a.trips, isPart) && !someSize(b.trips, isPart));
}

function isPart(name: string): boolean {
  return name.startsWith('¶');
}

const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** `0 <= i` as `i >= 0`. */
function numberLast(part: Expression & { kind: 'binary' }): Expression & { kind: 'binary' } {
  const operator = part.left.kind === 'literal' && part.right.kind !== 'literal' && part.operator in mirrored ? mirrored[part.operator as keyof typeof mirrored] : undefined;
  return operator === undefined ? part : { ...part, operator, left: part.right, right: part.left };
}

/** The bound that one part of a condition gives. `&&`: the lower of both; `||`: the higher. */
function partBound(engine: Engine, part: Expression, changes: Changes, whole: Block, statement: Statement): Bound | undefined {
  switch (part.kind) {
    case 'binary': {
      if (part.operator === '&&') {
        const left = partBound(engine, part.left, changes, whole, statement);
        const right = partBound(engine, part.right, changes, whole, statement);
        const better = best([left, right]);
        const list = better?.worklist === undefined ? [left, right].find((each) => each?.worklist !== undefined) : undefined;
        return better === undefined ? undefined : boundLike(list === undefined ? better : boundLike(list, { progress: better.progress, trips: list.isSure ? list.trips : better.trips, text: list.isSure ? list.text : better.text }), {
          alternatives: [left, right].filter((each) => each !== undefined).flatMap((each) => [each, ...each.alternatives]).filter((each) => each !== better),
        });
      }
      if (part.operator === '||') {
        const left = partBound(engine, part.left, changes, whole, statement);
        const right = partBound(engine, part.right, changes, whole, statement);
        if (left === undefined || right === undefined) {
          return left ?? right;
        }
        const difference = compare(left.trips, right.trips);
        const [higher, lower] = difference > 0 || (difference === 0 && (right.worklist === undefined || left.worklist !== undefined)) ? [left, right] : [right, left];
        return boundLike(higher, { progress: new Map([...lower.progress, ...higher.progress]), moving: [...new Set([...higher.moving, ...lower.moving])] });
      }
      if (part.operator === 'in' || part.operator === 'not in') {
        return membershipBound(engine, part.operator, part.left, part.right, changes, statement);
      }
      if (part.operator === '!=' && part.right.kind === 'list' && part.right.items.length === 0) {
        // `level != []`
        return partBound(engine, part.left, changes, whole, statement);
      }
      const flag = part.operator === '==' || part.operator === '!=' ? numberLast(part) : part;
      // `queue.empty() == false` is `!queue.empty()`.
      return flag.right.kind === 'literal' && flag.right.type === 'boolean' ? partBound(engine, flag.left, changes, whole, statement) : comparisonBound(engine, numberLast(part), changes, whole, statement);
    }
    case 'unary':
      return part.operator === '!' ? partBound(engine, part.operand, changes, whole, statement) : comparisonBound(engine, zeroTest(part), changes, whole, statement);
    case 'call': {
      const member = part.callee.kind === 'member' ? part.callee : undefined;
      if (member !== undefined && (engine.roles.get(member.name) === 'empty' || /^(?:isEmpty|empty|hasNext|hasMoreTokens|hasMoreElements|is_empty|empty\?|any\?|hasNextInt|hasNextLine|isNotEmpty|Any|valid)$/.test(member.name))) {
        return collectionBound(engine, member.object, changes, whole, statement, undefined);
      }
      if (member !== undefined && (member.name === 'contains' || member.name === 'containsKey' || member.name === 'has' || member.name === 'count') && part.args[0] !== undefined) {
        return membershipBound(engine, 'in', part.args[0], member.object, changes, statement);
      }
      const marked = markingBound(engine, part, changes, statement);
      if (marked !== undefined) {
        return marked;
      }
      const taken = member === undefined ? undefined : rootOf(member.object);
      if (member !== undefined && taken !== undefined && /^(?:remove|delete|discard|erase|Remove)$/.test(member.name) && part.args.length === 1) {
        // It goes on for as long as there is something to remove.
        const value = quietly(engine, member.object);
        return isCollection(value) ? drainBound(engine, member.object, taken, sizeOf(value), statement) : undefined;
      }
      if (part.callee.kind === 'name' && (part.callee.name === 'next_permutation' || part.callee.name === 'prev_permutation') && part.args[0] !== undefined) {
        const orders = factorial(sizeOf(quietly(engine, part.args[0])));
        return bound(orders, () => t('goes through all orders: {0} rounds', bigO(orders).slice(2, -1)));
      }
      if (isSizeOf(part) !== undefined) {
        return collectionBound(engine, isSizeOf(part) ?? part, changes, whole, statement, undefined);
      }
      return undefined;
    }
    case 'assign':
      return comparisonBound(engine, zeroTest(part), changes, whole, statement);
    case 'name':
    case 'member':
    case 'index': {
      // `seen.insert(at).second` of C++
      const inserted = part.kind === 'index' && part.index.kind === 'literal' && part.object.kind === 'call' ? markingBound(engine, part.object, changes, statement) : undefined;
      if (inserted !== undefined) {
        return inserted;
      }
      const size = isSizeOf(part);
      if (size !== undefined) {
        return collectionBound(engine, size, changes, whole, statement, undefined);
      }
      const value = quietly(engine, part);
      if (isCollection(value) || hasPops(changes, rootOf(part)) || (value.kind === 'unknown' && part.kind === 'name' && isSliced(part.name, changes))) {
        return collectionBound(engine, part, changes, whole, statement, undefined);
      }
      return comparisonBound(engine, zeroTest(part), changes, whole, statement);
    }
    default:
      return undefined;
  }
}

/** `while (seen.add(at)) at = next[at];`: adding says whether it was new, so each place is passed once, until a set is made anew. */
function markingBound(engine: Engine, part: Expression & { kind: 'call' }, changes: Changes, statement: Statement): Bound | undefined {
  const root = part.callee.kind === 'member' && /^(?:add|Add|insert)$/.test(part.callee.name) ? rootOf(part.callee.object) : undefined;
  const [item, ...others] = part.args;
  const name = item?.kind === 'name' ? item.name : undefined;
  if (root === undefined || name === undefined || others.length > 0 || !changes.updates.has(name) || part.callee.kind !== 'member') {
    return undefined;
  }
  const { kind } = quietly(engine, part.callee.object);
  const places = kind === 'set' || kind === 'sortedSet' ? (indexedBy(engine, statement, name) ?? size('n')) : undefined;
  return places === undefined ? undefined : bound(places, () => t('each of {0} places enters {1} once, as {2} keeps what was seen', bigO(places).slice(2, -1), root, root), { moving: [name], guard: root });
}

function zeroTest(operand: Expression): Expression & { kind: 'binary' } {
  return { kind: 'binary', lines: operand.lines, operator: '!=', left: operand, right: { kind: 'literal', type: 'number', value: 0, lines: operand.lines } };
}

/** `while x in seen`: x moves through what is seen. */
function membershipBound(engine: Engine, operator: string, item: Expression, container: Expression, changes: Changes, statement: Statement): Bound | undefined {
  const moving = [...namesIn(item)].filter((name) => changes.updates.has(name));
  const value = quietly(engine, container);
  // What is added to in each round says nothing about when something is found in it.
  const isGrowing = changes.mutations.some((mutation) => mutation.root === rootOf(container) && (mutation.effect === 'push' || mutation.effect === 'write'));
  const root = rootOf(container);
  if (root !== undefined && operator === 'in' && !isGrowing && !changes.updates.has(root) && changes.mutations.some((mutation) => mutation.root === root && mutation.effect === 'remove' && !mutation.conditional && mutation.loops.length === 0)) {
    return drainBound(engine, container, root, sizeOf(value), statement);
  }
  if (moving.length > 0 && operator === 'in' && !isGrowing) {
    const motions = moving.flatMap((name) => (changes.updates.get(name) ?? []).map((update) => update.motion));
    if (motions.includes('scale-up') || motions.includes('scale-down')) {
      return bound(logarithm(size('n')), () => t('doubles or halves each round: {0} rounds', 'log n'), { moving });
    }
    const length = sizeOf(value);
    return bound(length, () => t('moves through {0}: {1} rounds', keyOf(container), bigO(length).slice(2, -1)), { moving, direction: motions.every((motion) => motion === 'down') ? 'down' : 'up' });
  }
  const mutated = changes.mutations.filter((mutation) => mutation.root === rootOf(container));
  if (mutated.some((mutation) => mutation.effect === 'remove' || mutation.effect === 'pop')) {
    const length = sizeOf(value);
    return bound(length, () => t('removes from {0} each round: {1} rounds', keyOf(container), bigO(length).slice(2, -1)), { moving: [rootOf(container) ?? ''], direction: 'down' });
  }
  return undefined;
}

/** `while (n % 4 != 0) n++`: within as many steps as the divisor there is one that leaves any remainder. */
function remainderBound({ operator, left, right }: Expression & { kind: 'binary' }, changes: Changes): Bound | undefined {
  const moves = left.kind === 'binary' && left.operator === '%' && left.left.kind === 'name' ? (changes.updates.get(left.left.name) ?? []) : [];
  const [first] = moves;
  const isStepped = first !== undefined && moves.every(({ motion, amount, conditional }) => motion === first.motion && !conditional && amount?.kind === 'literal' && amount.value === 1) && (first.motion === 'up' || first.motion === 'down');
  if ((operator !== '!=' && operator !== '==') || !isStepped || left.kind !== 'binary' || left.right.kind !== 'literal' || right.kind !== 'literal') {
    return undefined;
  }
  const divisor = left.right.value;
  return bound(one, () => t('one of {0} numbers in a row leaves the remainder', String(divisor)), { moving: [first.name], direction: first.motion === 'up' ? 'up' : 'down' });
}

function comparisonBound(engine: Engine, part: Expression & { kind: 'binary' }, changes: Changes, whole: Block, statement: Statement): Bound | undefined {
  const { left, right } = part;
  const remainder = remainderBound(part, changes);
  if (remainder !== undefined) {
    return remainder;
  }
  const lengthened = lengthBound(engine, part, changes);
  if (lengthened !== undefined) {
    return lengthened;
  }
  for (const [side, other] of [[left, right], [right, left]] as const) {
    const collection = isSizeOf(side);
    if (collection !== undefined) {
      const root = rootOf(collection);
      if (root !== undefined && (changes.mutations.some((mutation) => mutation.root === root && mutation.effect !== 'write' && mutation.effect !== 'other') || (changes.updates.has(root) && !namesMoved(changes, other)))) {
        const found = collectionBound(engine, collection, changes, whole, statement, other);
        if (found !== undefined) {
          return found;
        }
      }
    }
  }
  // `stack[-1] > x`, `heap.peek() < t`: what is looked at is taken away in the body.
  const looked = [left, right].map((side) => toppedBy(side, changes) ?? keptTop(side, changes)).find((each) => each !== undefined);
  const movers: Mover[] = [];
  if (looked !== undefined) {
    const found = collectionBound(engine, looked, changes, whole, statement, undefined);
    if (found !== undefined) {
      return found;
    }
  }
  for (const name of new Set([...namesOfPlaces(left), ...namesOfPlaces(right)])) {
    const updates = changes.updates.get(name);
    if (updates !== undefined && !beginsAnew(updates, changes)) {
      movers.push({ name, updates });
    }
  }
  if (movers.length === 0) {
    return undefined;
  }
  if ([left, right].some((side) => side.kind === 'literal' && (side.type === 'char' || (typeof side.value === 'string' && side.value.length === 1))) && ['<', '<=', '>', '>='].includes(part.operator)) {
    return bound(constant(26), t('goes through characters, of which there is a fixed number'), { moving: movers.map((mover) => mover.name) });
  }
  return moverBound(engine, part, movers, changes, statement);
}

/** `while len(queue[0]) < n`: several longer items for each one taken, until they are as long as that. */
function lengthBound(engine: Engine, { operator, left, right }: Expression & { kind: 'binary' }, changes: Changes): Bound | undefined {
  const [item, limit] = operator.startsWith('<') ? [isSizeOf(left), right] : operator.startsWith('>') ? [isSizeOf(right), left] : [undefined, left];
  const looked = item === undefined || item.kind === 'name' ? undefined : toppedBy(item, changes);
  const root = looked === undefined ? undefined : rootOf(looked);
  if (root === undefined || !changes.mutations.some((mutation) => mutation.root === root && mutation.effect === 'push' && mutation.loops.length > 0)) {
    return undefined;
  }
  const rounds = exponential(constant(2), magnitude(quietly(engine, limit)));
  return bound(rounds, () => t('puts several items into {0} for each one taken', root), { moving: [root] });
}

/** `top = stack[-1]` anew in each round that takes something: a name for what is looked at. */
function keptTop(side: Expression, changes: Changes): Expression | undefined {
  const updates = side.kind === 'name' ? (changes.updates.get(side.name) ?? []) : [];
  const tops = updates.map((update) => (update.amount === undefined || update.motion !== 'set' ? undefined : toppedBy(update.amount, changes)));
  return tops.length > 0 && tops.every((top) => top !== undefined) ? tops[0] : undefined;
}

/** A variable that every round sets to the same value before it moves: what it does says nothing about the rounds. */
function beginsAnew(updates: readonly Update[], changes: Changes): boolean {
  const [first] = updates;
  return updates.length > 1 && first?.motion === 'set' && !first.conditional && first.loops.length === 0 && first.amount !== undefined && updates.slice(1).every((update) => update.loops.length > 0 && (update.motion === 'up' || update.motion === 'down')) && first.amount.kind !== 'call' && ![...namesIn(first.amount)].some((name) => changes.updates.has(name));
}

function namesMoved(changes: Changes, expression: Expression): boolean {
  return [...namesIn(expression)].some((name) => changes.updates.has(name));
}

/** Names and fields (`node.next` as well as `node`) that occur in an expression, as the keys of updates. */
function namesOfPlaces(expression: Expression): Set<string> {
  const names = namesIn(expression);
  visitExpression(expression, {
    expression: (inner) => {
      if (inner.kind === 'member' || inner.kind === 'index') {
        names.add(keyOf(inner));
      } else if (inner.kind === 'assign' && inner.target.kind === 'name') {
        names.add(inner.target.name);
      }
      return undefined;
    },
  });
  return names;
}

/** Nothing in the condition says how often the loop runs. */
function fallbackBound(engine: Engine, changes: Changes, statement: Statement, condition: Expression | undefined): Bound {
  const conditionNames = condition === undefined ? new Set<string>() : namesIn(condition);
  const scaled = [...changes.updates.values()].flat().find((update) => (update.motion === 'scale-down' || update.motion === 'scale-up') && !isOnlyModulo([update]) && update.loops.length === 0 && (condition === undefined || conditionNames.has(update.name)));
  if (scaled !== undefined) {
    const start = initial(engine, scaled.name);
    const trips = logarithm(start === undefined || isConstant(start) ? size('n') : start);
    return bound(trips, () => t('{0} is multiplied or divided each round: {1} rounds', scaled.name, bigO(trips).slice(2, -1)), { moving: [scaled.name], isSure: false });
  }
  const follow = [...changes.updates.values()].flat().find((update) => update.motion === 'follow');
  if (follow !== undefined) {
    const nodes = valueNamed(engine, follow.name)?.nodes ?? size('n');
    return bound(nodes, () => t('follows a linked structure: {0} nodes', bigO(nodes).slice(2, -1)), { moving: [follow.name], direction: 'up', isSure: false });
  }
  const moved = [...changes.updates.values()].flat().find((update) => (update.motion === 'up' || update.motion === 'down') && update.loops.length === 0 && (conditionNames.size === 0 || conditionNames.has(update.name)));
  const start = moved === undefined ? undefined : initial(engine, moved.name);
  const indexed = moved === undefined ? undefined : indexedBy(engine, statement, moved.name);
  const trips = start !== undefined && !isConstant(start) ? start : (indexed ?? size('n'));
  engine.cannotTell(statement.lines, t('what ends the loop in line {0} is not plain from its condition; it is taken to run {1} times', statement.lines.start, bigO(trips).slice(2, -1)));
  return bound(trips, () => t('taken to run {0} times', bigO(trips).slice(2, -1)), { moving: moved === undefined ? [] : [moved.name], direction: moved?.motion === 'down' ? 'down' : 'up', isSure: false });
}
