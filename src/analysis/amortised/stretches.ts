import { type Growth, size } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import type { Active, Engine, Frame, Stretch } from '../following/engine';
import type { Update } from '../program/changes';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';

import { goesOn } from './pieces';
import { searchedBy, searchesFrom } from './searches';
import { blockBetween, stridesApart } from './strides';
import type { Call } from '../recursion/transitions';
import { magnitude } from '../following/values';
import { disjunctsOf, holds, isName, rangeArguments, targetNames } from '../program/visit';
import { Memo } from '../program/memo';

/** The name of a place, without what is added to it: `i` of `i - 1`. */
function placeName(expression: Expression | undefined): string | undefined {
  if (expression?.kind === 'name') {
    return expression.name;
  }
  return expression?.kind === 'binary' && (expression.operator === '+' || expression.operator === '-') && expression.right.kind === 'literal' ? placeName(expression.left) : undefined;
}

/** A variable that the loop moves one way only, itself or by the loops inside it, or that is set to where `partner` is, or to what is found from there on. */
function movesOnly(engine: Engine, around: Frame, name: string, direction: 'up' | 'down', partner: string): boolean {
  const changes = engine.changes(around.body);
  const updates = changes.updates.get(name) ?? [];
  if (around.loop?.kind === 'forEach' && targetNames(around.loop.target).includes(name)) {
    return direction === 'up' && updates.length === 0 && (rangeArguments(around.loop.iterable)?.length ?? 3) < 3;
  }
  const isFound = ({ amount }: Update): boolean => direction === 'up' && searchesFrom(changes.updates, amount, partner);
  return updates.some((update) => update.motion === direction || isFound(update)) && updates.every((update) => (update.motion === direction && !update.declares) || isFound(update) || (update.motion === 'set' && placeName(update.amount) === partner));
}

/**
 * `start = i`, then `i` moves on, then what lies from `start` up to `i` is used (by `holder`): what all rounds of the loop at
 * hand use lies side by side, and is no more than `i` goes through. Gives that loop. Undefined where places may be used again.
 */
export function besideIn(engine: Engine, holder: Expression | Statement, from: Expression | undefined, to: Expression | undefined): Frame | undefined {
  const [around] = engine.openLoops();
  const [low, high] = [placeName(from), placeName(to)];
  if (around?.loop === undefined || around.parent === undefined || low === undefined || high === undefined) {
    return undefined;
  }
  return [high, namedFor(engine, around, high)].some((end) => end !== low && isBeside(engine, around, holder, low, end)) ? around : undefined;
}

function isBeside(engine: Engine, around: Frame, holder: Expression | Statement, low: string, high: string): boolean {
  const { updates } = engine.changes(around.body);
  const follows = (name: string, moved: string, direction: 'up' | 'down'): boolean => {
    const given = updates.get(name) ?? [];
    const isFollowed = given.every((update) => (update.motion === direction && update.amount?.kind === 'literal') || (update.motion === 'set' && update.loops.length === 0 && placeName(update.amount) === moved));
    return isFollowed && movesOnly(engine, around, moved, direction, name) && (goesOn(around.body, holder, name, [moved], true) || (direction === 'up' && catchesUp(engine, around.body, holder, name, moved)));
  };
  // `low` may be found from another place on, which goes on from `high`.
  const before = searchedBy(updates, low);
  return follows(low, high, 'up') || follows(high, low, 'down') || (before !== undefined && before !== high && follows(before, high, 'up'));
}

/** What a name of the round was given, where it only stands for a place beside another: `i` for `last` of `const last = i - 1`. */
function namedFor(engine: Engine, { body }: Frame, name: string): string {
  const [only, ...others] = engine.changes(body).updates.get(name) ?? [];
  return only?.declares === true && others.length === 0 && only.loops.length === 0 ? (placeName(only.amount) ?? name) : name;
}

/** `while (i < j || …) i++`: each round begins, before `j` moves on, or ends with `i` where `j` was. */
function catchesUp(engine: Engine, block: Block, holder: Expression | Statement, name: string, moved: string): boolean {
  const at = block.findIndex((statement) => statement.kind === 'while' && disjunctsOf(statement.condition).some((part) => isBelow(part, name, moved)) && (engine.changes(statement.body).updates.get(name) ?? []).some((update) => !update.conditional && update.loops.length === 0) && !engine.changes(statement.body).updates.has(moved));
  if (at < 0) {
    return false;
  }
  const isMoving = (statement: Statement): boolean => engine.changes([statement]).updates.has(moved);
  const used = block.findIndex((statement) => holds(statement, holder));
  return (used > at && !block.slice(0, at).some(isMoving)) || (used < at && !block.slice(at + 1).some(isMoving));
}

/** `name < moved`, or the same the other way round. */
export function isBelow(part: Expression, name: string, moved: string): boolean {
  return part.kind === 'binary' && ((part.operator === '<' && isName(part.left, name) && isName(part.right, moved)) || (part.operator === '>' && isName(part.left, moved) && isName(part.right, name)));
}

const longestShares = new Memo<Engine, Map<string, Growth>>();

/** A size of its own for what one round of the loop uses; all rounds together use no more than `total`. */
function shareOf(engine: Engine, around: Frame, total: Growth, longest?: Growth): Growth {
  const name = engine.freshSymbol('¶');
  around.shares.push({ name, total });
  if (longest !== undefined) {
    const known = longestShares.get(engine) ?? new Map<string, Growth>();
    longestShares.set(engine, known.set(name, longest));
  }
  return size(name);
}

/**
 * How long a piece from `from` to `to` is, as a share of the `whole` that the loop at hand takes apart. `step`: it takes only
 * the places that lie so far apart. `longest`: a bound of one piece.
 */
export function pieceShare(engine: Engine, piece: Expression, from: Expression | undefined, to: Expression | undefined, whole: Growth, step?: Expression, longest?: Growth): Growth | undefined {
  const around = besideIn(engine, piece, from, to) ?? stridesApart(engine, from, step) ?? blockBetween(engine, from, to);
  return around === undefined ? undefined : shareOf(engine, around, whole, longest);
}

/** How large one share is at most, where that is known to be less than all of them together. */
export function longestShare(engine: Engine, name: string): Growth | undefined {
  return longestShares.get(engine)?.get(name);
}

/** What a variable of the function began as: a parameter, or a place next to one. */
function origin(engine: Engine, fn: FunctionIr, name: string, level = 0): string {
  if (fn.params.some((param) => param.name === name) || level > 2) {
    return name;
  }
  const first = engine.changes(fn.body).updates.get(name)?.find((update) => update.motion === 'set');
  const place = first === undefined || first.loops.some((loop) => loop.kind !== 'for') ? undefined : placeName(first.amount);
  return place === undefined ? name : origin(engine, fn, place, level + 1);
}

/** How far two places of the function at hand lie apart, where its caller takes the stretches between them one after the other. */
export function stretchOf(engine: Engine, left: Expression, right: Expression): Growth | undefined {
  const active = engine.active[engine.active.length - 1];
  const [a, b] = [placeName(left), placeName(right)];
  if (active === undefined || active.stretches.length === 0 || a === undefined || b === undefined) {
    return undefined;
  }
  const [first, second] = [origin(engine, active.fn, a), origin(engine, active.fn, b)];
  return active.stretches.find((stretch) => (stretch.low === first && stretch.high === second) || (stretch.low === second && stretch.high === first))?.width;
}

/** The pairs of parameters that are the ends of stretches which the loop around the call takes one after the other. */
export function stretchesOf(engine: Engine, fn: FunctionIr, call: Call, caller: Active | undefined): Stretch[] {
  const found: Stretch[] = [];
  for (let low = 0; low < call.args.length - 1 && low < 6; low++) {
    for (let high = low + 1; high < call.args.length && high < 6; high++) {
      const [from, to] = [call.args[low], call.args[high]];
      const names = [fn.params[low]?.name, fn.params[high]?.name] as const;
      if (from === undefined || to === undefined || names[0] === undefined || names[1] === undefined || placeName(from) === undefined || placeName(to) === undefined) {
        continue;
      }
      const known = caller === undefined ? undefined : stretchOf(engine, from, to);
      const around = known === undefined ? besideIn(engine, call, from, to) : undefined;
      const width = known ?? (around === undefined ? undefined : shareOf(engine, around, placesUpTo(engine, from, to)));
      if (width !== undefined) {
        found.push({ low: names[0], high: names[1], width });
      }
    }
  }
  return found;
}

function placesUpTo(engine: Engine, from: Expression, to: Expression): Growth {
  const [a, b] = [magnitude(quietly(engine, from)), magnitude(quietly(engine, to))];
  return a.terms.length > b.terms.length ? a : b;
}

/** `for (j = i + 1; j <= right; j++)`, where `i` goes on from `right` to the next: the loops of all rounds go side by side. */
export function besideLoop(engine: Engine, statement: Statement & { kind: 'for' }, condition: Expression | undefined): Frame | undefined {
  const begin = startOf(statement);
  if (begin === undefined || condition?.kind !== 'binary') {
    return undefined;
  }
  const limit = condition.left.kind === 'name' && condition.left.name === begin.name ? condition.right : condition.right.kind === 'name' && condition.right.name === begin.name ? condition.left : undefined;
  const isUp = (engine.changes(statement.step).updates.get(begin.name) ?? []).every((update) => update.motion === 'up');
  return isUp ? besideIn(engine, statement, begin.value, limit) : besideIn(engine, statement, limit, begin.value);
}

/** The same for `range(a, b)`. */
export function besideRange(engine: Engine, statement: Statement | undefined, iterable: Expression): Frame | undefined {
  const args = rangeArguments(iterable);
  return statement === undefined || args?.length !== 2 ? undefined : besideIn(engine, statement, args[0], args[1]);
}

function startOf(statement: Statement & { kind: 'for' }): { readonly name: string; readonly value: Expression } | undefined {
  const [only] = statement.init;
  if (statement.init.length !== 1 || only === undefined) {
    return undefined;
  }
  if (only.kind === 'declare' && only.value !== undefined) {
    return { name: only.name, value: only.value };
  }
  return only.kind === 'assign' && only.operator === undefined && only.target.kind === 'name' ? { name: only.target.name, value: only.value } : undefined;
}
