import type { Update } from '../program/changes';
import type { Engine } from './engine';
import type { Expression, FunctionIr } from '../program/ir';
import { isName, keyOf } from '../program/visit';

/**
 * Whether a parameter is only set where it was not given: `if memo is None: memo = {}`, `memo = memo || {}`. Calls that pass it on
 * give the same one to the calls below.
 */
export function isOnlyDefaulted(engine: Engine, fn: FunctionIr, name: string, updates: readonly Update[]): boolean {
  const isEmptyFalse = engine.program.language === 'python';
  const isMissing = (condition: Expression): boolean => {
    switch (condition.kind) {
      case 'unary':
        return condition.operator === '!' && keyOf(condition.operand) === name;
      case 'binary':
        return condition.operator === '==' && keyOf(condition.left) === name && condition.right.kind === 'literal' && condition.right.value === null;
      default:
        return false;
    }
  };
  const given = new Set(fn.body.flatMap((statement) => (statement.kind === 'if' && statement.else.length === 0 && isMissing(statement.condition) ? statement.then : [])));
  return updates.length > 0 && updates.every(({ amount, statement, motion }) => {
    if (motion !== 'set' || amount === undefined) {
      return false;
    }
    // An empty table is false in Python: `kept or {}` is another one for each call.
    const isKept = (amount.kind === 'binary' && ((amount.operator === '||' && !isEmptyFalse) || amount.operator === '??') && isName(amount.left, name)) || (amount.kind === 'conditional' && (isName(amount.then, name) || isName(amount.else, name)));
    return isKept || (statement !== undefined && given.has(statement));
  });
}
