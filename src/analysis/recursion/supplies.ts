import { type Growth, isConstant, size } from '../algebra/bigO';
import { sizeByPlaces } from '../loops/bound';
import type { Changes, Mutation, Update } from '../program/changes';
import type { Engine } from '../following/engine';
import { evaluate } from '../following/expressions';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import { countCalls } from './recursionShapes';
import { namesOf, type Site } from './transitions';
import { elementOf, isCollection, type Scope, sizeOf } from '../following/values';
import { keyOf, lookup, rootOf, targetNames, usesName, usesPlace, visitBlock } from '../program/visit';

/** Whether a call gets another list for the parameter `name`: what is taken from one may be put into the next. */
function changesPlaces(fn: FunctionIr, sites: readonly Site[], name: string): boolean {
  const at = fn.params.findIndex((param) => param.name === name);
  return at >= 0 && sites.some(({ call }) => call.args[at] !== undefined && !(call.args[at].kind === 'name' && call.args[at].name === name));
}

/**
 * What every call takes one of, for good: an index that only moves on, or a list that only shrinks. `byRounds`: loops of the
 * function take items, too; `rounds`: as many as these in one call, where that is not the total.
 */
export function consumed(engine: Engine, fn: FunctionIr, sites: readonly Site[], scope: Scope): { readonly total: Growth; readonly byRounds: boolean; readonly rounds?: Growth } | undefined {
  const changes = engine.changes(fn.body);
  const params = new Set(fn.params.filter((param) => param.byReference !== true).map((param) => param.name));
  const outer = engine.scope;
  engine.scope = scope;
  try {
    const calls = new Set<Expression>(sites.map((site) => site.call));
    for (const mutation of changes.mutations) {
      if (isTakenForGood(changes, mutation) && !changesPlaces(fn, sites, mutation.root) && mutation.loops.length === 0 && comesFirst(engine, fn.body, calls, (each) => each.mutations.some((other) => other.root === mutation.root && other.effect === mutation.effect && isSure(other)))) {
        const value = engine.value(mutation.root) ?? engine.receiver?.fields?.get(mutation.root.replace(/^this\./, ''));
        if (value !== undefined && (isCollection(value) ? mutation.effect === 'pop' || value.kind === 'list' || value.kind === 'linkedList' || value.kind === 'deque' : value.kind === 'unknown') && !isConstant(sizeOf(value))) {
          return { total: sizeOf(value), byRounds: false };
        }
      }
    }
    const drained = drainedByRounds(engine, fn, sites);
    if (drained !== undefined) {
      return { ...drained, byRounds: true };
    }
    const back = handedBack(engine, fn, sites);
    if (back !== undefined) {
      return { total: back, byRounds: true };
    }
    for (const [name, updates] of changes.updates) {
      if (params.has(name) || name.includes('[') || updates.some((update) => update.declares) || !updates.every((update) => update.motion === 'up' && update.amount?.kind === 'literal') && !updates.every((update) => update.motion === 'down' && update.amount?.kind === 'literal')) {
        continue;
      }
      const found = indexedIn(engine, fn, name);
      if (found !== undefined) {
        return { total: found, byRounds: updates.some((update) => update.loops.length > 0) };
      }
    }
    const stepped = movedOn(engine, fn, sites);
    if (stepped !== undefined) {
      return stepped;
    }
    const returned = returnedOn(engine, fn, sites);
    return returned === undefined ? undefined : { total: returned, byRounds: false };
  } finally {
    engine.scope = outer;
  }
}

/** What is taken is never put back, and the name stands for one collection all the time. */
function isTakenForGood(changes: Changes, { root, effect }: Mutation): boolean {
  return (effect === 'pop' || effect === 'remove') && !changes.updates.has(root) && !changes.mutations.some((other) => other.root === root && (other.effect === 'push' || other.effect === 'extend' || (effect === 'remove' && other.effect === 'write')));
}

function isSure({ conditional, loops }: { readonly conditional: boolean; readonly loops: readonly Statement[] }): boolean {
  return !conditional && loops.length === 0;
}

/** Whether each of `calls` is reached only behind, or together with, a statement whose changes are as `takes` wants them. */
function comesFirst(engine: Engine, block: Block, calls: ReadonlySet<Expression>, takes: (changes: Changes) => boolean): boolean {
  for (const statement of block) {
    if (takes(engine.changes([statement]))) {
      return true;
    }
    const inside = countCalls([statement], calls);
    if (inside > 0) {
      const parts = partsOf(statement).filter((part) => countCalls(part, calls) > 0);
      if (inside > parts.reduce((sum, part) => sum + countCalls(part, calls), 0) || !parts.every((part) => comesFirst(engine, part, calls, takes))) {
        return false;
      }
    }
  }
  return true;
}

/** The blocks that a statement is made of. */
function partsOf(statement: Statement): readonly Block[] {
  switch (statement.kind) {
    case 'if':
      return [statement.then, statement.else];
    case 'block':
    case 'try':
    case 'while':
    case 'for':
    case 'forEach':
      return [statement.body];
    case 'switch':
      return statement.cases.map((each) => each.body);
    default:
      return [];
  }
}

/**
 * An index that only moves on, and for sure before each call: `node = new Node(order[at[0]++])`, `at += depth` where each
 * call is given a greater depth.
 */
function movedOn(engine: Engine, fn: FunctionIr, sites: readonly Site[]): { readonly total: Growth; readonly byRounds: boolean } | undefined {
  const { updates } = engine.changes(fn.body);
  const calls = new Set<Expression>(sites.map((site) => site.call));
  const params = new Set(fn.params.filter((param) => param.byReference !== true).map((param) => param.name));
  const isRising = (amount: Expression | undefined): boolean => {
    const at = amount?.kind === 'name' ? fn.params.findIndex((param) => param.name === amount.name) : -1;
    return at >= 0 && sites.every((site) => site.transitions[at] === 'up');
  };
  for (const [name, moves] of updates) {
    const root = name.replace(/\[.*$/, '');
    const isCell = root !== name;
    if ((!isCell && params.has(name)) || (isCell && (!/\[\d+\]$/.test(name) || updates.has(root) || changesPlaces(fn, sites, root))) || moves.some((update) => update.declares)) {
      continue;
    }
    const [first] = moves;
    if (first === undefined || (first.motion !== 'up' && first.motion !== 'down') || moves.some((update) => update.motion !== first.motion)) {
      continue;
    }
    const isStep = (update: Update): boolean => isSure(update) && (update.amount?.kind === 'literal' || (update.motion === 'up' && isRising(update.amount)));
    if (comesFirst(engine, fn.body, calls, (changes) => (changes.updates.get(name) ?? []).some(isStep))) {
      const found = indexedIn(engine, fn, name);
      if (found !== undefined) {
        return { total: found, byRounds: moves.some((update) => update.loops.length > 0) };
      }
    }
  }
  return undefined;
}

/** `left, after = f(at + 1); right, end = f(after); return node, end`: each call goes on from where the one before came to. */
function returnedOn(engine: Engine, fn: FunctionIr, sites: readonly Site[]): Growth | undefined {
  const calls = new Set<Expression>(sites.map((site) => site.call));
  const reached = new Map<number, Set<string>>();
  const returns: Expression[] = [];
  visitBlock(fn.body, {
    statement: (statement) => {
      if (statement.kind === 'assign' && calls.has(statement.value) && statement.target.kind === 'list') {
        for (const [at, item] of statement.target.items.entries()) {
          if (item.kind === 'name') {
            reached.set(at, (reached.get(at) ?? new Set()).add(item.name));
          }
        }
      } else if (statement.kind === 'return' && statement.value !== undefined) {
        returns.push(statement.value);
      }
      return undefined;
    },
  });
  for (const [at, param] of fn.params.entries()) {
    for (const [place, names] of reached) {
      const isPlace = (expression: Expression | undefined): boolean => expression?.kind === 'name' && (expression.name === param.name || names.has(expression.name));
      const isBehind = (expression: Expression | undefined): boolean => expression?.kind === 'binary' && expression.operator === '+' && isPlace(expression.left) && expression.right.kind === 'literal';
      const goesOn = sites.every(({ call }) => isBehind(call.args[at]) || (call.args[at]?.kind === 'name' && names.has(call.args[at].name)));
      const handsOn = returns.every((value) => value.kind === 'list' && (isPlace(value.items[place]) || isBehind(value.items[place])));
      if (goesOn && handsOn && sites.some(({ call }) => isBehind(call.args[at]))) {
        const found = indexedIn(engine, fn, param.name);
        if (found !== undefined) {
          return found;
        }
      }
    }
  }
  return undefined;
}

/** `while (links[u] is not empty) f(links[u].pop())`: each call is paid for by what its round takes for good. */
function drainedByRounds(engine: Engine, fn: FunctionIr, sites: readonly Site[]): { readonly total: Growth; readonly rounds?: Growth } | undefined {
  const { mutations, updates } = engine.changes(fn.body);
  const calls = new Set<Expression>(sites.map((site) => site.call));
  // `if (links.has(u)) while (…)`: a condition around the loop does not matter. `erase(begin)` takes one, too.
  const isEachRound = ({ loops, object }: Mutation): boolean => {
    const around = loops.at(-1);
    return (around?.kind === 'while' || around?.kind === 'for') && engine.changes(around.body).mutations.some((other) => other.object === object && isSure(other));
  };
  const pop = mutations.find((mutation) => (mutation.effect === 'pop' || mutation.effect === 'remove') && isEachRound(mutation) && !mutations.some((other) => other.root === mutation.root && other.effect !== mutation.effect && other.effect !== 'other') && (!updates.has(mutation.root) || ownerOf(updates.get(mutation.root) ?? []) !== undefined) && !changesPlaces(fn, sites, mutation.root));
  const loop = pop?.loops[pop.loops.length - 1];
  if (pop === undefined || (loop?.kind !== 'while' && loop?.kind !== 'for') || countCalls(loop.body, calls) !== calls.size || !takesEachRound(loop, pop.object)) {
    return undefined;
  }
  const value = engine.value(pop.root) ?? engine.receiver?.fields?.get(pop.root.replace(/^this\./, ''));
  if (value === undefined || (!isCollection(value) && value.kind !== 'unknown')) {
    return undefined;
  }
  const owner = ownerOf(updates.get(pop.root) ?? []);
  if (owner !== undefined) {
    const whole = evaluate(engine, owner);
    return { total: whole.total ?? size(`edges(${whole.label === '' ? 'graph' : whole.label})`), rounds: sizeOf(elementOf(whole)) };
  }
  return { total: value.total ?? (pop.object.kind === 'name' ? sizeOf(value) : size(`edges(${value.label === '' ? 'graph' : value.label})`)) };
}

/** The collection of which a name stands for one item: `auto& open = left[at]`. */
function ownerOf(updates: readonly Update[]): Expression | undefined {
  const [only] = updates;
  const place = updates.length === 1 && only?.loops.length === 0 && (only.declares || only.motion === 'set') && only.amount !== undefined ? lookup(only.amount) : undefined;
  return place?.object;
}

/** The condition looks at the collection, and no branch stands around what takes from it. */
function takesEachRound(loop: Statement & { kind: 'while' | 'for' }, collection: Expression): boolean {
  const key = keyOf(collection);
  const isAsked = loop.condition !== undefined && (usesPlace(loop.condition, key) || usesName(loop.condition, rootOf(collection) ?? ''));
  return isAsked && !loop.body.some((statement) => statement.kind === 'continue');
}

/** `value, i = f(i + 1)`: the call goes on from an index and gives back how far it came, so the index only moves on. */
function handedBack(engine: Engine, fn: FunctionIr, sites: readonly Site[]): Growth | undefined {
  const calls = new Set<Expression>(sites.map((site) => site.call));
  const { updates } = engine.changes(fn.body);
  for (const [at, param] of fn.params.entries()) {
    const moves = updates.get(param.name) ?? [];
    if (!sites.every((site) => site.transitions[at] === 'up' || site.call.args[at]?.kind === 'name') || !moves.some((update) => update.motion === 'up')) {
      continue;
    }
    let given = 0;
    visitBlock(fn.body, {
      statement: (statement) => {
        if (statement.kind === 'assign' && statement.operator === undefined && calls.has(statement.value) && targetNames(statement.target).includes(param.name)) {
          given += 1;
        }
        return undefined;
      },
    });
    const isOnward = moves.every((update) => update.motion === 'up' || (update.motion === 'set' && (update.amount === undefined || calls.has(update.amount))));
    const indexed = given === sites.length && isOnward ? indexedIn(engine, fn, param.name) : undefined;
    if (indexed !== undefined) {
      return indexed;
    }
  }
  return undefined;
}

/** The size of what the function indexes by `name`. */
function indexedIn(engine: Engine, fn: FunctionIr, name: string): Growth | undefined {
  let found: Growth | undefined;
  visitBlock(fn.body, {
    expression: (inner) => {
      const place = lookup(inner);
      // `items.get(i++)` looks where `i` is.
      const index = place?.index.kind === 'assign' ? place.index.target : place?.index;
      if (place !== undefined && index !== undefined && found === undefined && [...namesOf(index), keyOf(index)].includes(name)) {
        found = sizeByPlaces(engine, place.object);
      }
      return undefined;
    },
  });
  return found;
}

