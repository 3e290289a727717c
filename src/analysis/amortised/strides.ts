import { add, type Growth, isConstant, someSize } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import { alternatives } from '../loops/distance';
import { stretchBetween } from '../program/definitions';
import type { Engine, Frame } from '../following/engine';
import type { Expression, Statement } from '../program/ir';
import type { Paid } from './paid';
import { placeAt } from './sharing';
import { magnitude } from '../following/values';
import { conjunctsOf, keyOf, namesIn, rangeArguments } from '../program/visit';
import { Memo } from '../program/memo';

/** What the rounds of a comprehension go through: they have no statement of their own. */
const clauses = new Memo<Frame, Clause>();

interface Clause {
  readonly target: Expression;
  readonly iterable: Expression;
}

/** Notes that the loop at hand is one of a comprehension. */
export function noteClause(engine: Engine, clause: Clause): void {
  clauses.set(engine.frame, clause);
}

/** What a loop over items goes through, also in a comprehension. */
function walkOf(frame: Frame): Clause | undefined {
  return frame.loop?.kind === 'forEach' ? frame.loop : frame.loop === undefined ? clauses.get(frame) : undefined;
}

/**
 * The loop around that gives `start` every value below `step` once at most: `for (i = 0; i < k; i++)`. Then what goes on from
 * `start` by that step (`for (j = i; j < n; j += k)`, `xs[i::k]`) never comes to a place where another round was.
 */
export function stridesApart(engine: Engine, start: Expression | undefined, step: Expression | undefined): Frame | undefined {
  const [around] = engine.openLoops();
  if (around?.parent === undefined || start === undefined || step === undefined || step.kind === 'literal') {
    return undefined;
  }
  const { updates } = engine.changes(around.body);
  const counter = placeAt(engine, around, start);
  return counter !== undefined && !namesIn(step).has(counter) && ![...namesIn(step)].some((name) => updates.has(name)) && countsBelow(engine, around, counter, step) ? around : undefined;
}

/** Whether the loop gives `name` the numbers up to `limit` one after the other. */
function countsBelow(engine: Engine, frame: Frame, name: string, limit: Expression): boolean {
  const { loop, body } = frame;
  const walk = walkOf(frame);
  const isLimit = (end: Expression | undefined): boolean => end !== undefined && alternatives(end, /^(?:min|Min)$/).some((each) => keyOf(each) === keyOf(limit));
  if (walk !== undefined) {
    const args = rangeArguments(walk.iterable) ?? [];
    const [from, to, by] = args.length === 1 ? [undefined, args[0], undefined] : args;
    return walk.target.kind === 'name' && walk.target.name === name && (from === undefined || isNumber(from)) && (by === undefined || isNumber(by)) && isLimit(to);
  }
  if ((loop?.kind !== 'for' && loop?.kind !== 'while') || loop.condition === undefined) {
    return false;
  }
  const moves = engine.changes(loop.kind === 'for' ? [...loop.body, ...loop.step] : body).updates.get(name) ?? [];
  const isCounted = moves.length > 0 && moves.every((move) => move.motion === 'up' && move.amount?.kind === 'literal' && move.loops.length === 0);
  return isCounted && conjunctsOf(loop.condition).some((part) => part.kind === 'binary' && (part.operator === '<' || part.operator === '!=') && part.left.kind === 'name' && part.left.name === name && isLimit(part.right));
}

function isNumber(expression: Expression): boolean {
  return expression.kind === 'literal' && typeof expression.value === 'number' && expression.value >= 0;
}

/** The same for a loop: `for (j = i; j < n; j += k)`, also as a `while` loop. `moving`: what its condition moves. */
export function stridesOf(engine: Engine, statement: Statement, moving: readonly string[], trips: Growth): Paid | undefined {
  const [around] = engine.openLoops();
  const [name] = moving;
  if (around === undefined || name === undefined || moving.length !== 1) {
    return undefined;
  }
  const updates = engine.changes(around.body).updates.get(name) ?? [];
  const inside = updates.filter((update) => update.loops.includes(statement));
  const [start, ...others] = updates.filter((update) => !update.loops.includes(statement));
  const [first] = inside;
  const isStrided = first?.motion === 'up' && inside.every((update) => update.motion === 'up' && update.amount !== undefined && first.amount !== undefined && keyOf(update.amount) === keyOf(first.amount));
  const frame = isStrided && others.length === 0 && start?.motion === 'set' ? stridesApart(engine, start.amount, first.amount) : undefined;
  return frame?.parent === undefined ? undefined : { frame: frame.parent, trips: add(trips, frame.trips) };
}

/**
 * `for (i = 0; i < n; i += k) for (j = 0; j < k; j++)`, `for (i = 0; i < n / k; i++) for (j = 0; j < k; j++)`: a loop of `k`
 * rounds in each round of one that goes on by `k`. All its rounds together are no more than the places that those pass.
 */
export function blocksOf(engine: Engine, trips: Growth, inner: Statement | Expression): Paid | undefined {
  const [around] = engine.openLoops();
  if (around === undefined || (around.loop === undefined && walkOf(around) === undefined) || around.parent === undefined || around.outlet !== undefined || isConstant(around.trips) || isConstant(trips)) {
    return undefined;
  }
  const width = engine.active[engine.active.length - 1]?.fn.body;
  const { updates } = engine.changes(width ?? []);
  const [from, to] = rangeOf(inner);
  const widths = widthsOf(engine, from, to);
  if (divisors(engine, to).some((divisor) => keyOf(divisor) === keyOf(limitOf(around) ?? divisor) && limitOf(around) !== undefined && !updates.has(keyOf(divisor)))) {
    // `n / k` rounds in each of `k`.
    return { frame: around.parent, trips: add(around.trips, trips) };
  }
  const inside = engine.changes(around.body).updates;
  for (const step of stepsOf(engine, around)) {
    // `for (j = 0; j < len / 2; j++)` in a loop with `i += len`, whatever `len` is at the moment.
    const factors = [...factorsOf(step), ...(around.loop === undefined ? [] : begunAs(around.loop, step)).flatMap(factorsOf)];
    if (widths.length > 0 && widths.every((width) => factors.includes(width) && !inside.has(width))) {
      return { frame: around.parent, trips: add(around.trips, trips) };
    }
    for (const name of factors) {
      // Its own number, not one that was given to it and may be lower; or what it is in this round of a loop that doubles it.
      const length = magnitude(quietly(engine, { kind: 'name', name, lines: step.lines }));
      if ((!updates.has(name) || (!inside.has(name) && someSize(length, isPart))) && isOfSize(trips, length)) {
        return { frame: around.parent, trips: add(around.trips, trips) };
      }
    }
  }
  return undefined;
}

function isPart(name: string): boolean {
  return name.startsWith('¶');
}

/** What a counted loop itself gives the name at its beginning: `len << 1` of `for (int step = len << 1, i = 0; …)`. */
function begunAs(loop: Statement, name: Expression): readonly Expression[] {
  return loop.kind === 'for' && name.kind === 'name' ? loop.init.flatMap((each) => (each.kind === 'declare' && each.name === name.name && each.value !== undefined ? [each.value] : [])) : [];
}

/** Where a counted loop begins and what it stays below: of `for (j = i; j < i + k; j++)` and of `range(i, i + k)`. */
function rangeOf(inner: Statement | Expression): readonly [Expression | undefined, Expression | undefined] {
  if (inner.kind === 'call') {
    const args = rangeArguments(inner) ?? [];
    return args.length === 1 ? [{ kind: 'literal', type: 'number', value: 0, lines: inner.lines }, args[0]] : args.length === 2 ? [args[0], args[1]] : [undefined, undefined];
  }
  const [init] = inner.kind === 'for' ? inner.init : [];
  const start = inner.kind === 'for' && inner.init.length === 1 && (init?.kind === 'declare' || (init?.kind === 'assign' && init.operator === undefined)) ? init.value : undefined;
  const condition = inner.kind === 'for' ? inner.condition : undefined;
  const isBelow = condition?.kind === 'binary' && (condition.operator === '<' || condition.operator === '<=') && condition.left.kind === 'name';
  return isBelow ? [start, condition.right] : [undefined, undefined];
}

/** What a counted loop that begins at a number stays below. */
function limitOf(frame: Frame): Expression | undefined {
  const walk = walkOf(frame);
  const { loop } = frame;
  if (walk === undefined && (loop?.kind !== 'for' || loop.step.length !== 1 || loop.step[0]?.kind !== 'assign' || loop.step[0].operator !== '+' || loop.step[0].value.kind !== 'literal')) {
    return undefined;
  }
  const [from, to] = walk !== undefined ? rangeOf(walk.iterable) : loop === undefined ? [undefined, undefined] : rangeOf(loop);
  return from?.kind === 'literal' ? to : undefined;
}

/** The names that a counted loop runs as many rounds as, or a part of them: `len` of `j < len / 2` and of `k < i + len`. */
function widthsOf(engine: Engine, start: Expression | undefined, end: Expression | undefined): readonly string[] {
  if (start === undefined || end === undefined) {
    return [];
  }
  const distance = start.kind === 'literal' ? undefined : stretchBetween(engine, start, end);
  const parts = start.kind === 'literal' ? [end] : (distance?.places.map(({ expression }) => expression) ?? []);
  const names = parts.map(partOfName);
  return names.every((name) => name.kind === 'name') ? names.map(({ name }) => name) : [];
}

/** `len` of `len / 2`, `len >> 1` and `len - 1`. */
function partOfName(part: Expression): Expression {
  return part.kind === 'binary' && ['/', '//', '>>', '-', '+'].includes(part.operator) && part.right.kind === 'literal' ? part.left : part;
}

/**
 * The loop around, where it goes on by as much as `to` lies behind `from`: `xs[i:i + k]` in a loop with `i += k`. What its rounds
 * take lies side by side.
 */
export function blockBetween(engine: Engine, from: Expression | undefined, to: Expression | undefined): Frame | undefined {
  const [around] = engine.openLoops();
  const distance = around?.parent === undefined || from === undefined || to === undefined ? undefined : stretchBetween(engine, from, to);
  if (around === undefined || distance === undefined || distance.places.length === 0) {
    return undefined;
  }
  const { updates } = engine.changes(around.body);
  const isStepped = stepsOf(engine, around).some((step) => distance.places.map(({ expression }) => partOfName(expression)).every((width) => width.kind === 'name' && !updates.has(width.name) && factorsOf(step).includes(width.name)));
  return isStepped ? around : undefined;
}

/** `l = i; r = i + k - 1; while (l < r) { …; l++; r--; }` in a loop with `i += k`. */
export function turnsBlock(engine: Engine, statement: Statement, moving: readonly string[], trips: Growth): Paid | undefined {
  const [around] = engine.openLoops();
  const [first, second] = moving;
  if (around?.parent === undefined || first === undefined || second === undefined || moving.length !== 2) {
    return undefined;
  }
  const { updates } = engine.changes(around.body);
  const startOf = (name: string): Expression | undefined => {
    const [start, ...others] = (updates.get(name) ?? []).filter((update) => !update.loops.includes(statement));
    return others.length === 0 && start?.motion === 'set' ? start.amount : undefined;
  };
  const isSteady = moving.every((name) => {
    const steps = (updates.get(name) ?? []).filter((update) => update.loops.includes(statement));
    return steps.length > 0 && steps.every((step) => step.motion === steps[0]?.motion && (step.motion === 'up' || step.motion === 'down') && step.amount?.kind === 'literal');
  });
  const isBlock = isSteady && [[first, second], [second, first]].some(([low = '', high = '']) => blockBetween(engine, startOf(low), startOf(high)) !== undefined);
  return isBlock ? { frame: around.parent, trips: add(around.trips, trips) } : undefined;
}

/** Whether `trips` are a constant number of times `width`, the plain size of something. */
function isOfSize(trips: Growth, width: Growth): boolean {
  const [only] = width.terms;
  const [factor] = only?.factors ?? [];
  if (width.terms.length !== 1 || only?.factors.length !== 1 || factor?.power !== 1 || factor.atom.kind !== 'size') {
    return false;
  }
  const { name } = factor.atom;
  return trips.terms.every((term) => term.factors.length === 0 || (term.factors.length === 1 && term.factors[0]?.power === 1 && term.factors[0].atom.kind === 'size' && term.factors[0].atom.name === name));
}

/** By what the rounds of a loop are apart: `k` of `i += k`, of `range(0, n, k)`, and where there are `n / k` rounds. */
function stepsOf(engine: Engine, frame: Frame): readonly Expression[] {
  const { loop, body } = frame;
  const walk = walkOf(frame);
  if (walk !== undefined) {
    const args = rangeArguments(walk.iterable) ?? [];
    const [, , by] = args;
    return by === undefined ? divisors(engine, args[args.length - 1]) : [by];
  }
  if ((loop?.kind !== 'for' && loop?.kind !== 'while') || loop.condition === undefined) {
    return [];
  }
  const stepped = loop.kind === 'for' ? engine.changes([...loop.body, ...loop.step]) : engine.changes(body);
  return conjunctsOf(loop.condition).flatMap((part) => {
    if (part.kind !== 'binary' || !['<', '<=', '>', '>=', '!='].includes(part.operator)) {
      return [];
    }
    for (const [side, limit] of [[part.left, part.right], [part.right, part.left]] as const) {
      // `i + k <= n`
      const place = side.kind === 'binary' && (side.operator === '+' || side.operator === '-') ? side.left : side;
      const moves = place.kind === 'name' ? (stepped.updates.get(place.name) ?? []) : [];
      const [first] = moves;
      if (first === undefined || (first.motion !== 'up' && first.motion !== 'down') || moves.some((move) => move.motion !== first.motion)) {
        continue;
      }
      const sure = moves.find((move) => !move.conditional && move.loops.length === 0);
      return sure?.amount === undefined ? [] : sure.amount.kind === 'literal' ? divisors(engine, limit) : [sure.amount];
    }
    return [];
  });
}

/** `k` of `n / k`, also rounded, and where a name was given that. */
function divisors(engine: Engine, limit: Expression | undefined, level = 0): readonly Expression[] {
  if (limit === undefined || level > 3) {
    return [];
  }
  switch (limit.kind) {
    case 'binary':
      return limit.operator === '/' || limit.operator === '//' ? [limit.right] : (limit.operator === '+' || limit.operator === '-') && limit.right.kind === 'literal' ? divisors(engine, limit.left, level + 1) : [];
    case 'call':
      return limit.args.length === 1 && (limit.callee.kind === 'name' || limit.callee.kind === 'member') && /^(?:floor|ceil|trunc|int|Floor|Ceiling|Truncate|intdiv)$/.test(limit.callee.name) ? divisors(engine, limit.args[0], level + 1) : [];
    case 'name': {
      const given = engine.changes(engine.active[engine.active.length - 1]?.fn.body ?? []).updates.get(limit.name) ?? [];
      return given.length === 1 && given[0]?.motion === 'set' ? divisors(engine, given[0].amount, level + 1) : [];
    }
    default:
      return [];
  }
}

/** The names that a number is a multiple of, or a sum with them: `k` of `2 * k`. */
function factorsOf(expression: Expression): readonly string[] {
  if (expression.kind === 'name') {
    return [expression.name];
  }
  if (expression.kind === 'binary' && expression.operator === '<<') {
    return factorsOf(expression.left);
  }
  return expression.kind === 'binary' && (expression.operator === '*' || expression.operator === '+') ? [...factorsOf(expression.left), ...factorsOf(expression.right)] : [];
}
