import { add, type Growth, size } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import type { Update } from '../program/changes';
import type { Engine, Frame } from '../following/engine';
import type { Expression, FunctionIr, Statement } from '../program/ir';
import type { Site } from './transitions';
import { isCollection } from '../following/values';
import { alwaysExits, keyOf, lookup, rootOf, usesName } from '../program/visit';

/**
 * The way by which tables lead from the place `from` to the one that `expression` gives: `near[u][k]`, `left[u]`, `to[i]` where `i`
 * goes along `first[u]`, `next[i]`, …, the other end `ends[e] ^ u` of an edge. Empty for the place itself; undefined where tables
 * do not lead there, or something else comes in.
 */
export function wayTo(engine: Engine, fn: FunctionIr, expression: Expression, from: string, level = 0): string | undefined {
  if (level > 8) {
    return undefined;
  }
  const follow = (part: Expression): string | undefined => wayTo(engine, fn, part, from, level + 1);
  const place = lookup(expression);
  if (place !== undefined) {
    // What is taken out of a table leads nowhere the next time.
    const table = rootOf(place.object);
    if (engine.changes(fn.body).mutations.some(({ root, effect }) => root === table && (effect === 'pop' || effect === 'remove'))) {
      return undefined;
    }
    const row = follow(place.object);
    if (row !== undefined) {
      return row === '' || place.index.kind === 'assign' ? undefined : `${row}[${keyOf(place.index)}]`;
    }
    const found = usesName(place.object, from) ? undefined : follow(place.index);
    return found === undefined ? undefined : `${found}@${keyOf(place.object).replace(/[.[\]*@]/g, ':')}`;
  }
  switch (expression.kind) {
    case 'slice':
      // A copy has the same items.
      return expression.from === undefined && expression.to === undefined ? follow(expression.object) : undefined;
    case 'name':
      return expression.name === from ? (engine.changes(fn.body).updates.has(from) ? undefined : '') : wayToName(engine, fn, expression.name, from, level);
    case 'member': {
      const whole = follow(expression.object);
      return whole === undefined || whole === '' ? undefined : `${whole}.${expression.name}`;
    }
    case 'conditional': {
      // `ends[e] == u ? others[e] : ends[e]`
      const [then, otherwise] = [follow(expression.then), follow(expression.else)];
      return isLink(then) && isLink(otherwise) ? then : undefined;
    }
    case 'binary': {
      const { operator, left, right } = expression;
      const ways = [follow(left), follow(right)];
      const other = ways.includes('') ? ways.find(isLink) : undefined;
      if ((operator === '^' && other !== undefined) || (operator === '-' && ways[1] === '' && left.kind === 'binary' && left.operator === '+' && isLink(follow(left.left)) && isLink(follow(left.right)))) {
        return other ?? follow(expression.operator === '-' && left.kind === 'binary' ? left.left : left);
      }
      // `near[u][k] - 1` of places that are counted from one; `place[items[low]] + 1` is a cut of a range.
      return (operator === '+' || operator === '-') && right.kind === 'literal' && isLink(ways[0]) && ways[0].includes('[') ? ways[0] : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a way is one place of one table, `parent[u]`, as opposed to one of several. */
export function isSingleLink(way: string): boolean {
  return /^@[^@[.*]+$/.test(way);
}

/** Whether a way goes by at least one table. */
export function isLink(way: string | undefined): way is string {
  return way?.includes('@') === true;
}

function wayToName(engine: Engine, fn: FunctionIr, name: string, from: string, level: number): string | undefined {
  if (fn.params.some((param) => param.name === name)) {
    return undefined;
  }
  let first: string | undefined;
  let goesOn = false;
  for (const update of engine.changes(fn.body).updates.get(name) ?? []) {
    if (isNextOf(engine, fn, update)) {
      goesOn = true;
      continue;
    }
    if (update.declares && update.amount === undefined && update.statement?.kind === 'declare') {
      // `int v;`, given its value in a condition later
      continue;
    }
    const iterable = update.statement?.kind === 'forEach' && update.statement.target.kind === 'name' ? update.statement.iterable : undefined;
    const given = iterable ?? (update.motion === 'set' ? update.amount : undefined);
    const way = given === undefined || (given.kind !== 'name' && usesName(given, name)) ? undefined : wayTo(engine, fn, given, from, level + 1);
    if (way === undefined || (iterable !== undefined && !isLink(way))) {
      return undefined;
    }
    first ??= iterable === undefined ? way : `${way}[]`;
  }
  return first === undefined || (goesOn && !isLink(first)) ? undefined : goesOn ? `${first}*` : first;
}

/** `i = next[i]`, `i = edges[i].next`: what a table or a field says comes after it. */
function isNextOf(engine: Engine, fn: FunctionIr, { name, amount, motion }: Update): boolean {
  if (amount === undefined || (motion !== 'set' && motion !== 'follow')) {
    return false;
  }
  const place = lookup(amount.kind === 'member' ? amount.object : amount);
  return place !== undefined && keyOf(place.index) === name && !usesName(place.object, name) && (engine.changes(fn.body).updates.get(keyOf(place.object)) ?? []).every((update) => update.declares);
}

/**
 * What the loops around, or the calls of a recursion, have together of a loop that goes along the links that begin at a place:
 * `for (i = first[u]; i; i = next[i])` for each `u`. Undefined where they may begin at the same place again.
 */
export function linkedTotal(engine: Engine, statement: Statement & { kind: 'for' | 'while' }): { readonly total: Growth; readonly frame: Frame | undefined } | undefined {
  const active = engine.namedActive();
  const [around] = engine.namedLoops();
  if (active === undefined || statement.kind !== 'for') {
    return undefined;
  }
  const [move, ...others] = statement.step.flatMap((each) => [...engine.changes([each]).updates.values()].flat());
  const begin = statement.init.find((each) => (each.kind === 'declare' && each.name === move?.name) || (each.kind === 'assign' && each.target.kind === 'name' && each.target.name === move?.name));
  const first = begin?.kind === 'declare' || begin?.kind === 'assign' ? begin.value : undefined;
  const place = first === undefined ? undefined : lookup(first);
  if (move === undefined || others.length > 0 || !isNextOf(engine, active.fn, move) || engine.changes(statement.body).updates.has(move.name) || place?.index.kind !== 'name') {
    return undefined;
  }
  const table = quietly(engine, place.object);
  if (!isCollection(table) && table.kind !== 'unknown') {
    return undefined;
  }
  const links = size(`edges(${table.label === '' ? 'graph' : table.label})`);
  if (around === undefined) {
    return active.recursive && active.distinct.has('*') ? { total: links, frame: undefined } : undefined;
  }
  if (around.distinct.has('*')) {
    return { total: links, frame: around.outlet ?? around.parent };
  }
  return around.distinct.has(place.index.name) && !around.repeating.has(place.index.name) ? { total: add(around.trips, links), frame: around.parent } : undefined;
}

/**
 * Whether single calls go along a chain, as of a list in tables, that ends where the place itself is a fixed one: `if (u == 0) return 0;
 * return 1 + f(next[u])`. The root of a set is asked for otherwise: `parent[x] == x`, and its links are made shorter.
 */
export function followsChain(engine: Engine, fn: FunctionIr, sites: readonly Site[]): boolean {
  const { updates } = engine.changes(fn.body);
  return fn.params.some(({ name }, at) => {
    const tables = sites.map(({ call, transitions }) => (transitions[at] === 'follow' && call.args[at] !== undefined ? lookup(call.args[at])?.object : undefined));
    const isEnd = (part: Expression): boolean => part.kind === 'binary' && (part.operator === '||' ? isEnd(part.left) || isEnd(part.right) : ['==', '<', '<='].includes(part.operator) && keyOf(part.left) === name && (part.right.kind === 'literal' || part.right.kind === 'unary'));
    return tables.every((table) => table !== undefined && ![...updates.keys()].some((key) => key.startsWith(`${keyOf(table)}[`))) && fn.body.some((statement) => statement.kind === 'if' && isEnd(statement.condition) && alwaysExits(statement.then));
  });
}
