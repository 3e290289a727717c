import { quietly } from './bound';
import type { Engine, Frame } from '../following/engine';
import { isCollection, magnitude, sizeOf } from '../following/values';
import type { Block, Expression } from '../program/ir';
import { alwaysExits, holds, keyOf } from '../program/visit';
import { isSizeOf } from './worklists';
import { print } from '../algebra/growthText';
import { isConstant } from '../algebra/bigO';

/** `from + width <= end`, in a condition. */
interface Fit {
  readonly from: Expression;
  readonly width: Expression;
  readonly end: Expression;
}

/** What a test says that fits, where it holds (`isTrue`) or where it does not. */
function fitOf(condition: Expression, isTrue: boolean): Fit | undefined {
  if (condition.kind !== 'binary') {
    return undefined;
  }
  const { operator, left, right } = condition;
  // Where it does not hold that the sum is no more than the end, or holds that it is more.
  const isLeft = (isTrue ? ['>', '>='] : ['<', '<=']).includes(operator);
  if (!isLeft && !(isTrue ? ['<', '<='] : ['>', '>=']).includes(operator)) {
    return undefined;
  }
  const [sum, end] = isLeft ? [left, right] as const : [right, left] as const;
  if (sum.kind === 'binary' && sum.operator === '+') {
    return { from: sum.left, width: sum.right, end };
  }
  // `n - i >= k`: the other way round.
  return end.kind === 'binary' && end.operator === '-' ? { from: end.right, width: sum, end: end.left } : undefined;
}

/**
 * How much lies at most between `from` and `to` where a test just before said that so much does not fit in: `k` in the `else`
 * of `if (i + k <= n)`, and behind it where its branch goes on with the next round. Undefined where no test does.
 */
export function remainderBetween(engine: Engine, from: Expression, to: Expression): Expression | undefined {
  const [around] = engine.openLoops();
  return around === undefined ? undefined : remainderIn(engine, bodyOf(around), from, to);
}

/** What a loop at hand runs in each round, without the steps of a counted one. */
export function bodyOf({ loop, body }: Frame): Block {
  return loop?.kind === 'for' ? loop.body : body;
}

function remainderIn(engine: Engine, block: Block, from: Expression, to: Expression): Expression | undefined {
  const tests: Fit[] = [];
  for (const statement of block) {
    if (statement.kind === 'if' && (fitOf(statement.condition, true) ?? fitOf(statement.condition, false)) !== undefined) {
      const isThen = statement.then.some((inner) => holds(inner, from));
      const isElse = !isThen && statement.else.some((inner) => holds(inner, from));
      const fit = isThen || isElse ? fitOf(statement.condition, isThen) : undefined;
      if (fit !== undefined && isSamePlace(engine, fit, from, to)) {
        return fit.width;
      }
      if (isThen || isElse) {
        return remainderIn(engine, isThen ? statement.then : statement.else, from, to);
      }
      const rest = alwaysExits(statement.then) ? fitOf(statement.condition, false) : undefined;
      if (rest !== undefined) {
        tests.push(rest);
      }
    } else if (tests.length > 0 && holds(statement, from)) {
      return tests.find((fit) => isSamePlace(engine, fit, from, to))?.width;
    }
  }
  return undefined;
}

function isSamePlace(engine: Engine, fit: Fit, from: Expression, to: Expression): boolean {
  const end = to.kind === 'binary' && to.operator === '-' && to.right.kind === 'literal' ? to.left : to;
  return keyOf(fit.from) === keyOf(from) && (keyOf(fit.end) === keyOf(end) || isSameSize(engine, fit.end, end));
}

/** `n` and `items.size()`, where `n` was given that. */
function isSameSize(engine: Engine, left: Expression, right: Expression): boolean {
  const growthOf = (expression: Expression): string => {
    const collection = isSizeOf(expression);
    const value = quietly(engine, collection ?? expression);
    const growth = collection !== undefined && isCollection(value) ? sizeOf(value) : magnitude(value);
    return isConstant(growth) ? '' : print(growth);
  };
  const size = growthOf(left);
  return size !== '' && size === growthOf(right);
}
