import { type Distance, distanceBetween } from './distance';
import type { Engine } from './engine';
import type { Expression } from './ir';
import { namesIn, visitExpression } from './visit';
import { libraryOperation, ownOf } from './wholeInput';

/**
 * What a name was given in the round of the loop at hand (or in the function, outside of loops), where nothing that it was
 * made of has changed since: `end` is `min(i + k, n)` in `end = min(i + k, n); for j in range(i, end)`. Anything else is itself.
 */
function spelledOut(engine: Engine, expression: Expression, level = 0): Expression {
  if (expression.kind !== 'name' || level > 2) {
    return expression;
  }
  const [around] = engine.openLoops();
  const block = around === undefined ? engine.active[engine.active.length - 1]?.fn.body : around.loop?.kind === 'for' ? around.loop.body : around.body;
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
  return distanceBetween(from, to) ?? (end === to ? undefined : distanceBetween(from, end)) ?? (start === from ? undefined : (distanceBetween(start, to) ?? distanceBetween(start, end)));
}
