import { size } from '../algebra/bigO';
import type { Update } from '../program/changes';
import { type Engine, type Frame, valueNamed } from '../following/engine';
import type { Expression, Statement } from '../program/ir';
import type { Paid } from './paid';
import { isName, keyOf, targetNames, usesName } from '../program/visit';

/**
 * Loops that never come twice to the same place, because the loop around goes on by what they found: along links that are
 * made longer, by as many places as were counted, or level by level of a linked structure.
 */
export function jumps(engine: Engine, statement: Statement): Paid | undefined {
  const [around] = engine.openLoops();
  if (around?.loop === undefined || around.parent === undefined) {
    return undefined;
  }
  const { updates } = engine.changes(around.body);
  for (const [name, all] of updates) {
    const inside = all.filter((update) => update.loops.includes(statement));
    const outside = all.filter((update) => !update.loops.includes(statement));
    const [only] = inside;
    if (only === undefined || inside.length !== 1) {
      continue;
    }
    if (keepsLink(engine, around, statement, name, only, outside) || advancesBy(engine, around, name, only, outside)) {
      return { frame: around.parent, trips: around.trips };
    }
    const level = levelOf(engine, around, name, only, outside);
    if (level !== undefined) {
      return { frame: around.parent, trips: valueNamed(engine, level)?.nodes ?? size('n') };
    }
  }
  return undefined;
}

/** The variables by which a loop counts: of `for i in range(n)`, and those that only go up or down by one. */
function countersOf(engine: Engine, { loop, body }: Frame): ReadonlySet<string> {
  const stepped = loop?.kind === 'for' ? engine.changes([...loop.body, ...loop.step]).updates : engine.changes(body).updates;
  const counters = new Set(loop?.kind === 'forEach' ? targetNames(loop.target) : []);
  for (const [name, updates] of stepped) {
    if (updates.every(({ motion, amount }) => (motion === 'up' || motion === 'down') && isOne(amount) && motion === updates[0]?.motion)) {
      counters.add(name);
    }
  }
  return counters;
}

function isOne(amount: Expression | undefined): boolean {
  return amount?.kind === 'literal' && amount.value === 1;
}

/** The place beside `name`: `i - 1`, `i + 1`. */
function isBesideOf(expression: Expression | undefined, counters: ReadonlySet<string>): string | undefined {
  return expression?.kind === 'binary' && (expression.operator === '-' || expression.operator === '+') && expression.left.kind === 'name' && counters.has(expression.left.name) && isOne(expression.right) ? expression.left.name : undefined;
}

/**
 * `p = i - 1; while (…) p = left[p]; left[i] = p`: what was passed over lies under the new link, and no later walk, which
 * begins at the place beside, comes to it again. The same with distances: `d += next[i + d]; next[i] = d`.
 */
function keepsLink(engine: Engine, around: Frame, statement: Statement, name: string, inside: Update, outside: readonly Update[]): boolean {
  const { amount } = inside;
  const counters = countersOf(engine, around);
  const [start] = outside;
  if (amount?.kind !== 'index' || start === undefined || outside.length !== 1) {
    return false;
  }
  const isDistance = inside.motion === 'up' && isOne(start.amount) && amount.index.kind === 'binary' && amount.index.operator === '+' && usesName(amount.index, name);
  const from = isDistance ? [...counters].find((counter) => usesName(amount.index, counter)) : isName(amount.index, name) ? isBesideOf(start.amount, counters) : undefined;
  const links = keyOf(amount.object);
  return from !== undefined && engine.changes(around.body).mutations.some((mutation) =>
    mutation.effect === 'write' && !mutation.conditional && !mutation.loops.includes(statement) && keyOf(mutation.object) === links && mutation.index !== undefined && isName(mutation.index, from) && mutation.item !== undefined && isName(mutation.item, name));
}

/** `k = 0; while (…) k += 1; i += k + 1`: the loop around goes on by as many places as this one counted. */
function advancesBy(engine: Engine, around: Frame, name: string, inside: Update, outside: readonly Update[]): boolean {
  if (inside.motion !== 'up' || !isOne(inside.amount) || outside.length !== 1 || outside[0]?.amount?.kind !== 'literal') {
    return false;
  }
  return [...engine.changes(around.body).updates].some(([other, updates]) => {
    const isBack = updates.every(({ motion }) => motion === 'down');
    const goesOn = ({ motion, amount }: Update): boolean => isBack || motion === 'up' || (motion === 'set' && amount !== undefined && isSum(amount) && usesName(amount, other));
    return other !== name && isAsked(around.loop, other) && updates.every(goesOn) && updates.some(({ amount, conditional, loops }) => !conditional && loops.length === 0 && amount !== undefined && usesName(amount, name) && isSum(amount));
  });
}

function isAsked(loop: Statement | undefined, name: string): boolean {
  return (loop?.kind === 'while' || loop?.kind === 'for') && loop.condition !== undefined && usesName(loop.condition, name);
}

function isSum(expression: Expression): boolean {
  return expression.kind === 'name' || expression.kind === 'literal' || (expression.kind === 'binary' && expression.operator === '+' && isSum(expression.left) && isSum(expression.right));
}

/**
 * `at = head; while (at) { …; at = at.next }; head = head.left`: the loop goes along one kind of link from where the loop
 * around stands, and that one along another: rows of a grid of nodes, levels of a tree. The name of what stands at the head.
 */
function levelOf(engine: Engine, around: Frame, name: string, inside: Update, outside: readonly Update[]): string | undefined {
  const along = inside.amount?.kind === 'member' && isName(inside.amount.object, name) ? inside.amount.name : undefined;
  const [start] = outside;
  if (along === undefined || start?.amount === undefined || outside.length !== 1) {
    return undefined;
  }
  const stepped = around.loop?.kind === 'for' ? engine.changes([...around.loop.body, ...around.loop.step]) : engine.changes(around.body);
  const given = (expression: Expression): readonly Update[] => (expression.kind === 'name' ? (stepped.updates.get(expression.name) ?? []) : []);
  const isMadeHere = (expression: Expression, level = 0): boolean => given(expression).some(({ amount, loops }) =>
    loops.length === 0 && (amount?.kind === 'new' || amount?.kind === 'call' || (amount?.kind === 'name' && level < 2 && isMadeHere(amount, level + 1))));
  const isNothing = (expression: Expression | undefined): boolean => expression?.kind === 'literal' && expression.value === null;
  // The level below is another list: found by another link, put together behind a node made for it, or met on the way.
  const isBelow = (amount: Expression | undefined, head: string): boolean =>
    amount?.kind === 'member'
      ? isMadeHere(amount.object) || (amount.name !== along && isName(amount.object, head))
      : amount !== undefined && given(amount).length > 1 && given(amount).every((update) => isNothing(update.amount) || (update.amount?.kind === 'member' && update.amount.name !== along && isName(update.amount.object, name)));
  const head = start.amount.kind === 'name' && !isBelow(start.amount, name) ? start.amount.name : name;
  const moves = head === name ? outside : (stepped.updates.get(head) ?? []).filter(({ amount, declares }) => amount !== undefined && !declares);
  return moves.length > 0 && moves.every(({ amount }) => isBelow(amount, head)) ? head : undefined;
}
