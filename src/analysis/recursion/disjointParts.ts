import { partOf } from '../loops/distance';
import { goesOn, placesOf } from '../amortised/pieces';
import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import { named } from './recursionShapes';
import type { Call, Site } from './transitions';
import { holds, isName, keyOf, usesName, visitBlock, visitExpression } from '../program/visit';

/**
 * Whether the calls of a function on itself each get a part of what it was given, and no two parts have an item in common: the
 * items below and above a pivot, the texts between the places of a letter, ranges that begin behind the end of the one before.
 */
export function takesParts(engine: Engine, fn: FunctionIr, sites: readonly Site[]): boolean {
  return fn.params.some((param, at) => !isNumber(param.type?.kind) && (splitsByTest(engine, fn, sites, at) || splitsOff(engine, fn, sites, at) || sharesLength(engine, fn, sites, at))) || takesPieces(engine, fn, sites);
}

function isNumber(kind: string | undefined): boolean {
  return kind === 'number' || kind === 'boolean' || kind === 'object';
}

/** What a filter keeps of a collection: `[x for x in xs if x < p]`, `xs.filter(x => x < p)`. */
interface Kept {
  readonly from: string;
  readonly item: string;
  readonly test: Expression;
}

/** Two calls on the items that pass a test, and on those that pass one that excludes it. */
function splitsByTest(engine: Engine, fn: FunctionIr, sites: readonly Site[], at: number): boolean {
  const [first, second, ...others] = sites.map(({ call }) => (call.args[at] === undefined ? undefined : keptBy(engine, fn, call.args[at])));
  return first !== undefined && second !== undefined && others.length === 0 && first.from === second.from && isOf(engine, fn, first.from, fn.params[at]?.name ?? '') && excludes(first, second);
}

/** The parameter itself, or what is left of it. */
function isOf(engine: Engine, fn: FunctionIr, from: string, param: string): boolean {
  if (from === param) {
    return true;
  }
  return (engine.changes(fn.body).updates.get(from) ?? []).some(({ amount, statement }) => (amount !== undefined && usesName(amount, param)) || (statement?.kind === 'assign' && isName(statement.value, param)));
}

function keptBy(engine: Engine, fn: FunctionIr, given: Expression): Kept | undefined {
  const made = named(engine, fn, given);
  if (made.kind === 'comprehension') {
    const [clause, ...others] = made.clauses;
    const [test, ...tests] = clause?.conditions ?? [];
    return clause?.target.kind === 'name' && others.length === 0 && test !== undefined && tests.length === 0 && isName(made.element, clause.target.name) && clause.iterable.kind === 'name' ? { from: clause.iterable.name, item: clause.target.name, test } : undefined;
  }
  if (made.kind !== 'call') {
    return undefined;
  }
  const { callee, args } = made;
  const called = callee.kind === 'name' || callee.kind === 'member' ? callee.name : '';
  if (/^(?:list|tuple|toList|ToList|ToArray|toArray|collect|to_a)$/.test(called)) {
    const inner = callee.kind === 'member' ? callee.object : args[0];
    return inner === undefined ? undefined : keptBy(engine, fn, inner);
  }
  const [by] = args;
  const [source, filter] = callee.kind === 'member' ? [callee.object, by] : [args[1], by];
  const result = filter?.kind === 'lambda' ? filter.function.body.at(-1) : undefined;
  const item = filter?.kind === 'lambda' ? filter.function.params[0]?.name : undefined;
  return /^(?:filter|Where|select|partition)$/.test(called) && source?.kind === 'name' && item !== undefined && result?.kind === 'return' && result.value !== undefined ? { from: source.name, item, test: result.value } : undefined;
}

const opposite: Readonly<Record<string, readonly string[]>> = { '<': ['>', '>=', '=='], '<=': ['>'], '>': ['<', '<=', '=='], '>=': ['<'], '==': ['!=', '<', '>'], '!=': ['=='] };

/** No item passes both tests. */
function excludes(one: Kept, other: Kept): boolean {
  const [a, b] = [one.test, other.test];
  const spelled = (expression: Expression, item: string): string => keyOf(expression).replace(new RegExp(`\\b${item}\\b`, 'g'), '*');
  if (b.kind === 'unary' && b.operator === '!') {
    return spelled(b.operand, other.item) === spelled(a, one.item);
  }
  if (a.kind === 'unary' && a.operator === '!') {
    return spelled(a.operand, one.item) === spelled(b, other.item);
  }
  if (a.kind !== 'binary' || b.kind !== 'binary' || spelled(a.left, one.item) !== spelled(b.left, other.item)) {
    return false;
  }
  const isSame = spelled(a.right, one.item) === spelled(b.right, other.item);
  return isSame ? opposite[a.operator]?.includes(b.operator) === true : a.operator === '==' && b.operator === '==' && a.right.kind === 'literal' && b.right.kind === 'literal';
}

/** `f(xs.split_off(k))`, then `f(xs)` with what is left. */
function splitsOff(engine: Engine, fn: FunctionIr, sites: readonly Site[], at: number): boolean {
  const name = fn.params[at]?.name ?? '';
  const [first, second, ...others] = sites.map(({ call }) => (call.args[at] === undefined ? undefined : named(engine, fn, call.args[at])));
  const isOff = (part: Expression | undefined): boolean => part?.kind === 'call' && part.callee.kind === 'member' && part.callee.name === 'split_off' && isName(part.callee.object, name);
  return others.length === 0 && ((isOff(first) && isName(second, name)) || (isOff(second) && isName(first, name)));
}

/** Two lists of which one has as many places as the other one leaves: `new int[k]` and `new int[xs.length - k - 1]`. */
function sharesLength(engine: Engine, fn: FunctionIr, sites: readonly Site[], at: number): boolean {
  const [first, second, ...others] = sites.map(({ call }) => lengthOf(engine, fn, call.args[at]));
  if (first === undefined || second === undefined || others.length > 0) {
    return false;
  }
  const leaves = (rest: Expression, part: Expression): boolean => {
    let isTaken = false as boolean;
    let from: Expression = rest;
    while (from.kind === 'binary' && from.operator === '-') {
      isTaken ||= keyOf(from.right) === keyOf(part);
      from = from.left;
    }
    const whole = named(engine, fn, from);
    return isTaken && part.kind !== 'literal' && (whole.kind === 'member' || whole.kind === 'call') && fn.params.some(({ name, type }) => !isNumber(type?.kind) && usesName(whole, name));
  };
  return leaves(first, second) || leaves(second, first);
}

/** With how many places a list is made that is then filled: by the name that it goes by. */
function lengthOf(engine: Engine, fn: FunctionIr, list: Expression | undefined): Expression | undefined {
  const updates = list?.kind === 'name' ? (engine.changes(fn.body).updates.get(list.name) ?? []) : [];
  const isMade = updates.length > 0 && updates.slice(1).every(({ amount }) => amount?.kind === 'call');
  const made = isMade ? updates[0]?.amount : undefined;
  return made?.kind !== 'new' ? undefined : made.dimensions?.[0] ?? (made.args.length === 1 && (made.items ?? []).length === 0 ? made.args[0] : undefined);
}

/** Calls in a loop, each on the next piece: of a text that is split, between the places in a list, from where the last one ended. */
function takesPieces(engine: Engine, fn: FunctionIr, sites: readonly Site[]): boolean {
  const loops = sites.map((site) => loopAround(fn, site.call));
  return sites.length > 0 && (
    fn.params.some((param, at) => sites.every(({ call }) => isPiece(engine, fn, call, call.args[at], param.name, 0))) ||
    (loops.every((loop) => loop !== undefined && loop === loops[0]) && loops[0] !== undefined && movesOn(engine, fn, sites, loops[0]))
  );
}

type Loop = Statement & { kind: 'forEach' | 'for' | 'while' };

function loopAround(fn: FunctionIr, call: Call): Loop | undefined {
  let found: Loop | undefined;
  visitBlock(fn.body, {
    statement: (statement) => {
      if ((statement.kind === 'forEach' || statement.kind === 'for' || statement.kind === 'while') && statement.body.some((inner) => holds(inner, call))) {
        found = statement;
      }
      return undefined;
    },
  });
  return found;
}

/** Whether what is given is an item of pieces of the parameter that lie side by side. */
function isPiece(engine: Engine, fn: FunctionIr, call: Call, given: Expression | undefined, param: string, level: number): boolean {
  if (given === undefined || level > 2) {
    return false;
  }
  const places = placesOf(given);
  if (places !== undefined) {
    return isName(partOf(given)?.object ?? (given.kind === 'call' && given.callee.kind === 'member' ? given.callee.object : undefined), param) && areNextPlaces(places.from, places.to) && loopAround(fn, call) !== undefined;
  }
  if (given.kind !== 'name') {
    return false;
  }
  const source = sourceOf(fn, call, given.name);
  if (source !== undefined) {
    return isSplit(engine, fn, source, param);
  }
  const [only, ...others] = engine.changes(fn.body).updates.get(given.name) ?? [];
  return others.length === 0 && only?.motion === 'set' && only.amount !== undefined && isPiece(engine, fn, call, only.amount, param, level + 1);
}

/** `cuts[i] + 1` and `cuts[i + 1]`: a place in a list and the next one. */
function areNextPlaces(from: Expression, to: Expression): boolean {
  const plain = (place: Expression): Expression => (place.kind === 'binary' && (place.operator === '+' || place.operator === '-') && place.right.kind === 'literal' ? plain(place.left) : place);
  const [begin, end] = [plain(from), plain(to)];
  if (begin.kind !== 'index' || end.kind !== 'index' || keyOf(begin.object) !== keyOf(end.object)) {
    return false;
  }
  const isNext = (place: Expression, next: Expression): boolean => next.kind === 'binary' && next.operator === '+' && keyOf(next.left) === keyOf(place) && next.right.kind === 'literal' && next.right.value === 1;
  const isBefore = (place: Expression, next: Expression): boolean => place.kind === 'binary' && place.operator === '-' && keyOf(place.left) === keyOf(next) && place.right.kind === 'literal' && place.right.value === 1;
  return isNext(begin.index, end.index) || isBefore(begin.index, end.index);
}

/** What the loop, or the comprehension, goes through that gives a name its items where the call stands. */
function sourceOf(fn: FunctionIr, call: Call, name: string): Expression | undefined {
  let found: Expression | undefined;
  visitBlock(fn.body, {
    intoFunctions: true,
    statement: (statement) => {
      if (statement.kind === 'forEach' && isName(statement.target, name) && statement.body.some((inner) => holds(inner, call))) {
        found = statement.iterable;
      }
      return undefined;
    },
    expression: (inner) => {
      if (inner.kind === 'comprehension') {
        const clause = inner.clauses.find(({ target }) => isName(target, name));
        found = clause !== undefined && has(inner.element, call) ? clause.iterable : found;
      } else if (inner.kind === 'call' && inner.callee.kind === 'member') {
        const given = inner.args[0];
        found = given?.kind === 'lambda' && given.function.params[0]?.name === name && given.function.body.some((statement) => holds(statement, call)) ? inner.callee.object : found;
      }
      return undefined;
    },
  });
  return found;
}

function has(expression: Expression, part: Expression): boolean {
  let found = false as boolean;
  visitExpression(expression, { expression: (inner) => {
    found ||= inner === part;
    return !found;
  } });
  return found;
}

/** `text.split(c)`, or a list into which only pieces that lie side by side are put. */
function isSplit(engine: Engine, fn: FunctionIr, source: Expression, param: string): boolean {
  const list = named(engine, fn, source);
  if (list.kind === 'call' && list.callee.kind === 'member' && /^(?:split|Split|explode|@items)$/.test(list.callee.name)) {
    return isName(list.callee.object, param) || (list.callee.name === '@items' && isSplit(engine, fn, list.callee.object, param));
  }
  if (source.kind !== 'name') {
    return false;
  }
  const pushes = engine.changes(fn.body).mutations.filter(({ root, effect }) => root === source.name && effect !== 'other');
  const isEnd = (place: Expression | undefined): boolean => place === undefined || place.kind === 'index' || (place.kind === 'binary' && place.right.kind === 'literal' && isEnd(place.left));
  return pushes.length > 0 && pushes.some(({ loops }) => loops.length > 0) && pushes.every(({ effect, item, loops }) => {
    const part = item === undefined ? undefined : partOf(item);
    if (effect !== 'push' || part === undefined || !isName(part.object, param)) {
      return false;
    }
    return loops.length === 0 ? (part.from === undefined) !== (part.to === undefined) && isEnd(part.from) && isEnd(part.to) : part.from !== undefined && part.to !== undefined && areNextPlaces(part.from, part.to);
  });
}

/** `f(left, i - 1)` and then `left = i + 1`: each range begins behind the one before. */
function movesOn(engine: Engine, fn: FunctionIr, sites: readonly Site[], loop: Loop): boolean {
  const { updates } = engine.changes(loop.body);
  // A name that begins as the parameter and is then set on is another range all the same.
  const varying = fn.params.flatMap((param, at) => (sites.every(({ call }) => call.args[at] === undefined || isName(call.args[at], param.name)) && !updates.has(param.name) ? [] : [at]));
  const goes = (block: Block, call: Call, start: string, end: Expression): boolean => goesOn(block, call, start, [...namesOf(end)]);
  for (const low of varying) {
    const starts = new Set(sites.map(({ call }) => (call.args[low]?.kind === 'name' ? call.args[low].name : '')));
    const [start = ''] = starts;
    const moves = updates.get(start) ?? [];
    if (starts.size !== 1 || start === '' || fn.params.some((param) => param.name === start && param.name !== fn.params[low]?.name) || moves.length === 0 || !moves.every(({ motion }) => motion === 'set' || motion === 'up')) {
      continue;
    }
    const high = varying.find((at) => at !== low && sites.every(({ call }) => call.args[at] !== undefined && namesOf(call.args[at]).size > 0));
    const ends = high === undefined ? [] : sites.map(({ call }) => call.args[high]);
    // Every value that the start is given is a place that only moves up, or one near it, and so is every end.
    const isNear = (place: Expression, of: ReadonlySet<string>): boolean => (place.kind === 'name' ? of.has(place.name) : place.kind === 'binary' && (place.operator === '+' || place.operator === '-') && place.right.kind === 'literal' && isNear(place.left, of));
    const isAhead = (name: string): boolean => (updates.get(name) ?? []).every(({ motion, amount }) => motion === 'up' || (motion === 'set' && amount !== undefined && usesName(amount, start))) || (loop.kind === 'forEach' && isName(loop.target, name)) || (loop.kind === 'for' && !updates.has(name));
    const ahead = new Set(ends.flatMap((end) => (end === undefined ? [] : [...namesOf(end)].filter(isAhead))));
    if (high !== undefined && !ahead.has(start) && ends.every((end) => end !== undefined && isNear(end, ahead)) && sites.some(({ call }, at) => ends[at] !== undefined && goes(loop.body, call, start, ends[at])) && moves.every(({ motion, amount }) => (motion === 'up' ? amount?.kind === 'literal' : amount !== undefined && isNear(amount, ahead)))) {
      return true;
    }
  }
  return false;
}

function namesOf(expression: Expression): Set<string> {
  const names = new Set<string>();
  visitExpression(expression, { expression: (inner) => {
    if (inner.kind === 'name') {
      names.add(inner.name);
    }
    return undefined;
  } });
  return names;
}
