import { constant, exponential, type Growth, isConstant, multiply, one, size } from '../algebra/bigO';
import { quietly } from './bound';
import type { Changes, Mutation, Update } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression } from '../program/ir';
import { isMadeAnew } from '../recursion/madeStates';
import { elementOf, isCollection, magnitude, sizeOf, type Value } from '../following/values';
import { keyOf, namesIn, usesName, visitBlock } from '../program/visit';

/** A collection that a loop takes items from and puts items into. */
export interface Worklist {
  readonly collection: Expression;
  readonly root: string;
  readonly value: Value;
  readonly length: Growth;
  readonly pushes: readonly Mutation[];
  readonly pops: readonly Mutation[];
  readonly swaps: readonly Update[];
}

/** Names whose values come from what was taken out of the work list. */
export function derivedNames(root: string, changes: Changes, whole: Block): Set<string> {
  const derived = new Set<string>();
  for (let round = 0; round < 3; round++) {
    for (const [name, updates] of changes.updates) {
      if (updates.some((update) => update.amount !== undefined && (usesName(update.amount, root) || [...namesIn(update.amount)].some((each) => derived.has(each))))) {
        derived.add(name);
      }
    }
    visitBlock(whole, {
      statement: (statement) => {
        if (statement.kind === 'forEach' && [...namesIn(statement.iterable)].some((each) => derived.has(each) || each === root)) {
          for (const name of namesIn(statement.target)) {
            derived.add(name);
          }
        } else if (statement.kind === 'assign' && statement.target.kind === 'list' && [...namesIn(statement.value)].some((each) => derived.has(each) || each === root)) {
          for (const name of namesIn(statement.target)) {
            derived.add(name);
          }
        }
        return undefined;
      },
    });
  }
  return derived;
}

/** By what a table of what was seen keeps it. */
function marksIn(changes: Changes, guard: string): readonly Expression[] {
  return changes.mutations.filter(({ root, effect }) => root === guard && (effect === 'push' || effect === 'write')).flatMap(({ item, index }) => index ?? item ?? []);
}

/**
 * The number of states where each is a text or list made anew of the one before: all of that length. Where the length is
 * fixed (four wheels that begin at "0000"), it stands in the answer all the same: their number grows with it.
 */
export function madeStates(engine: Engine, { root, value }: Pick<Worklist, 'root' | 'value'>, guard: string, changes: Changes, whole: Block): Growth | undefined {
  const from = derivedNames(root, changes, whole);
  if (!marksIn(changes, guard).some((mark) => isMadeAnew(engine, whole, mark, from))) {
    return undefined;
  }
  const item = isCollection(value) ? elementOf(value) : undefined;
  const state = item?.items === undefined ? item : item.items.find(isCollection);
  const length = state !== undefined && isCollection(state) ? sizeOf(state) : size('n');
  return exponential(constant(2), isConstant(length) ? size(`len(${root}[0])`) : length);
}

/** Number of different items that can enter the work list. */
export function stateCount(engine: Engine, list: Worklist, whole: Block): Growth {
  const item = list.pushes.map((push) => push.item).find((each) => each !== undefined);
  // `next = (v, mask | 1 << v)` before it is pushed.
  const made = item?.kind === 'name' ? changesIn(engine, whole, item.name) : undefined;
  const pushed = made ?? item;
  const parts = pushed?.kind === 'list' ? pushed.items : pushed?.kind === 'new' ? [...(pushed.items ?? []), ...pushed.args] : pushed === undefined ? [] : [pushed];
  let states: Growth = one;
  let counted = 0;
  for (const part of parts) {
    if (part.kind === 'literal' || isCounter(part)) {
      continue;
    }
    const text = keyOf(part);
    if (isBits(engine, part, whole)) {
      states = multiply(states, exponential(constant(2), size('n')));
      counted += 1;
      continue;
    }
    const limit = limitIn(engine, whole, text);
    if (limit !== undefined && !isConstant(limit)) {
      states = multiply(states, limit);
      counted += 1;
    }
  }
  if (counted > 0) {
    return states;
  }
  return neighbourhood(engine, whole) ?? size('n');
}

/**
 * The number of different keys that a table of what was seen can keep: for each part of the key as many as what it is
 * compared with allows, or as the value that it counts down from. Undefined where no part has a limit.
 */
export function keyStates(engine: Engine, { value }: Worklist, guard: string, changes: Changes, whole: Block): Growth | undefined {
  const keys = marksIn(changes, guard).map((key) => (key.kind === 'name' ? changesIn(engine, whole, key.name) ?? key : key));
  const [first] = keys;
  if (first?.kind !== 'list' || first.items.length < 2 || !keys.every((key) => key.kind === 'list' && key.items.length === first.items.length)) {
    return undefined;
  }
  const start = isCollection(value) ? elementOf(value).items : undefined;
  let states: Growth | undefined;
  for (const at of first.items.keys()) {
    const parts = keys.flatMap((key) => (key.kind === 'list' ? key.items[at] ?? [] : []));
    if (parts.every((part) => part.kind === 'literal')) {
      continue;
    }
    if (parts.some((part) => part.kind !== 'name' && part.kind !== 'literal' && part.kind !== 'binary' && part.kind !== 'unary') || parts.some((part) => isBits(engine, part, whole))) {
      return undefined;
    }
    const limit = parts.map((part) => partLimit(engine, part, changes, whole)).find((each) => each !== undefined) ?? countedDown(parts, start?.[at], changes);
    states = limit === undefined ? states : multiply(states ?? one, limit);
  }
  return states;
}

/** What a part of a state is compared with, itself or what it is a step away from, here or by a function that it is given to. */
function partLimit(engine: Engine, part: Expression, changes: Changes, whole: Block): Growth | undefined {
  const origin = part.kind === 'name' ? changes.updates.get(part.name)?.find(({ amount }) => amount?.kind === 'binary')?.amount : part;
  const base = origin?.kind === 'binary' && (origin.operator === '+' || origin.operator === '-') ? origin.left : undefined;
  for (const each of [part, ...(base === undefined ? [] : [base])]) {
    const limit = limitIn(engine, whole, keyOf(each)) ?? (each.kind === 'name' ? limitInCalls(engine, each.name, changes) : undefined);
    if (limit !== undefined && !isConstant(limit)) {
      return limit;
    }
  }
  return undefined;
}

/** `fits(row, column)`: what the program's own function compares the parameter with. */
function limitInCalls(engine: Engine, name: string, changes: Changes): Growth | undefined {
  for (const { callee, args } of changes.calls) {
    const at = args.findIndex((arg) => arg.kind === 'name' && arg.name === name);
    const fn = at < 0 || callee.kind !== 'name' ? undefined : engine.functionsNamed(callee.name)[0];
    const parameter = fn?.params[at]?.name;
    const limit = fn === undefined || parameter === undefined ? undefined : limitIn(engine, fn.body, parameter);
    if (limit !== undefined && !isConstant(limit)) {
      return limit;
    }
  }
  return undefined;
}

/** `rest = left - cost`: the states that lie below the value of the first item. */
function countedDown(parts: readonly Expression[], start: Value | undefined, changes: Changes): Growth | undefined {
  const isDown = (part: Expression): boolean => (part.kind === 'binary' ? part.operator === '-' : part.kind === 'name' && (changes.updates.get(part.name) ?? []).some(({ amount }) => amount?.kind === 'binary' && amount.operator === '-'));
  if (start === undefined || isCollection(start) || !parts.some(isDown)) {
    return undefined;
  }
  const first = magnitude(start);
  return isConstant(first) ? undefined : first;
}

/** A set of places kept as bits: `mask | 1 << v`, also by the name that it was given. */
function isBits(engine: Engine, part: Expression, whole: Block): boolean {
  const amounts = part.kind === 'name' ? (engine.changes(whole).updates.get(part.name) ?? []).flatMap(({ amount }) => (amount?.kind === 'binary' ? [amount] : [])) : [];
  return part.kind === 'binary' ? /<<|\|/.test(keyOf(part)) : amounts.some((amount) => keyOf(amount).includes('<<'));
}

/** The pair or object that the only assignment to a name in the block makes. */
function changesIn(engine: Engine, whole: Block, name: string): Expression | undefined {
  const updates = engine.changes(whole).updates.get(name) ?? [];
  const amount = updates.length === 1 ? updates[0]?.amount : undefined;
  return amount?.kind === 'list' || amount?.kind === 'new' || amount?.kind === 'binary' ? amount : undefined;
}

/** `d + 1` in a pushed pair counts steps; it is no place of its own. */
function isCounter(part: Expression): boolean {
  return part.kind === 'binary' && part.operator === '+' && part.right.kind === 'literal';
}

/** `x` in `x + 2`. */
function withoutStep(side: Expression): Expression {
  return side.kind === 'binary' && (side.operator === '+' || side.operator === '-') && side.right.kind === 'literal' ? side.left : side;
}

/** What an expression is compared with in conditions, itself or a step away from it: `x < rows` gives rows. */
function limitIn(engine: Engine, whole: Block, text: string): Growth | undefined {
  let found: Growth | undefined;
  visitBlock(whole, {
    expression: (inner) => {
      if (inner.kind === 'binary' && ['<', '<=', '==', '>=', '>'].includes(inner.operator) && found === undefined) {
        const other = keyOf(withoutStep(inner.left)) === text ? inner.right : keyOf(withoutStep(inner.right)) === text ? inner.left : undefined;
        if (other !== undefined && other.kind !== 'literal') {
          const value = quietly(engine, other);
          if (!isCollection(value) && value.number !== undefined && !isConstant(value.number)) {
            found = value.number;
          }
        }
      }
      return undefined;
    },
  });
  return found;
}

/** The size of the graph whose neighbours the loop goes through. */
export function neighbourhood(engine: Engine, whole: Block): Growth | undefined {
  let found: Growth | undefined;
  visitBlock(whole, {
    statement: (statement) => {
      if (statement.kind === 'forEach' && found === undefined) {
        const { iterable } = statement;
        const object = iterable.kind === 'index' ? iterable.object : iterable.kind === 'call' && iterable.callee.kind === 'member' ? iterable.callee.object : undefined;
        if (object !== undefined) {
          const value = quietly(engine, object);
          if (isCollection(value) && !isConstant(sizeOf(value))) {
            found = sizeOf(value);
          }
        }
      }
      return undefined;
    },
  });
  return found;
}
