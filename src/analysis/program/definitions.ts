import { alternatives, type Distance, distanceBetween } from '../loops/distance';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from './ir';
import { isName, namesIn, rangeArguments, visitExpression } from './visit';
import { bodyOf, remainderBetween } from '../loops/remainders';
import { libraryOperation, ownOf } from '../input/wholeInput';

/**
 * What a name was given in the round of the loop at hand (or in the function, outside of loops), where nothing that it was
 * made of has changed since: `end` is `min(i + k, n)` in `end = min(i + k, n); for j in range(i, end)`. Anything else is itself.
 */
function spelledOut(engine: Engine, expression: Expression, level = 0): Expression {
  if (expression.kind !== 'name' || level > 2) {
    return expression;
  }
  const [around] = engine.openLoops();
  const block = around === undefined ? engine.active[engine.active.length - 1]?.fn.body : bodyOf(around);
  if (block === undefined) {
    return expression;
  }
  const { updates } = engine.changes(block);
  const given = updates.get(expression.name) ?? [];
  const [only] = given;
  if (given.length !== 1 || only?.amount === undefined || only.motion !== 'set' || only.conditional || only.loops.length > 0 || only.amount.kind === 'literal' || !isSameAgain(engine, only.amount)) {
    return expression;
  }
  const isKept = ![...namesIn(only.amount)].some((name) => updates.has(name) && updates.get(name)?.some((update) => update.conditional || update.loops.length > 0 || update.motion !== 'set' || updates.get(name)?.length !== 1));
  return isKept && !namesIn(only.amount).has(expression.name) ? spelledOut(engine, only.amount, level + 1) : expression;
}

/** Whether an expression gives the same each time: `in.nextInt()` or a call of the program's own functions may not. */
function isSameAgain(engine: Engine, expression: Expression): boolean {
  let isSame = true as boolean;
  visitExpression(expression, {
    expression: (inner) => {
      if (inner.kind === 'call') {
        const operation = ownOf(engine, inner) === undefined ? libraryOperation(engine, inner) : undefined;
        isSame &&= operation !== undefined && operation.io === undefined && operation.effect === undefined;
      }
      return isSame;
    },
  });
  return isSame;
}

/** How far `to` lies above `from`, also where one of them is a name for a place near the other. */
export function stretchBetween(engine: Engine, from: Expression, to: Expression): Distance | undefined {
  const start = spelledOut(engine, from);
  const end = spelledOut(engine, to);
  const known = distanceBetween(from, to) ?? (end === to ? undefined : distanceBetween(from, end)) ?? (start === from ? undefined : (distanceBetween(start, to) ?? distanceBetween(start, end)));
  const last = known === undefined ? lastOf(engine, to) : to;
  const distance = last === to ? known : distanceBetween(from, last);
  const rest = distance === undefined ? remainderBetween(engine, from, to) : undefined;
  return rest === undefined ? distance : distanceBetween(from, { kind: 'binary', lines: from.lines, operator: '+', left: from, right: rest });
}

/** The last place that a counter comes to: `i + 9` for `j` of `for j in range(i, min(i + 10, n))`. Anything else is itself. */
function lastOf(engine: Engine, place: Expression): Expression {
  if (place.kind === 'binary' && (place.operator === '+' || place.operator === '-') && place.right.kind === 'literal') {
    const left = lastOf(engine, place.left);
    return left === place.left ? place : { ...place, left };
  }
  const limit = place.kind === 'name' ? engine.openLoops().map(({ loop }) => limitOf(engine, loop, place.name)).find((each) => each !== undefined) : undefined;
  return limit ?? place;
}

/** What a loop counts `name` up to, the last one included. */
function limitOf(engine: Engine, loop: Statement | undefined, name: string): Expression | undefined {
  const before = (end: Expression): Expression => ({ kind: 'binary', lines: end.lines, operator: '-', left: end, right: { kind: 'literal', lines: end.lines, type: 'number', value: 1 } });
  const isFixed = (end: Expression, block: Block): boolean => !namesIn(end).has(name) && ![...namesIn(end)].some((each) => engine.changes(block).updates.has(each));
  if (loop?.kind === 'forEach') {
    const [, to, step] = rangeArguments(loop.iterable) ?? [];
    const [first, ...others] = to === undefined ? [] : alternatives(to, /^(?:min|Min)$/).filter((end) => isFixed(end, loop.body));
    if (first === undefined || step !== undefined || !isName(loop.target, name) || engine.changes(loop.body).updates.has(name)) {
      return undefined;
    }
    return before(others.length === 0 ? first : { kind: 'call', lines: first.lines, callee: { kind: 'name', name: 'min', lines: first.lines }, args: [first, ...others] });
  }
  if (loop?.kind !== 'for' || loop.condition?.kind !== 'binary' || !isName(loop.condition.left, name) || engine.changes(loop.body).updates.has(name)) {
    return undefined;
  }
  const { operator, right } = loop.condition;
  const isUp = (engine.changes(loop.step).updates.get(name) ?? []).every((update) => update.motion === 'up');
  return !isUp || !isFixed(right, [...loop.body, ...loop.step]) ? undefined : operator === '<' ? before(right) : operator === '<=' ? right : undefined;
}
