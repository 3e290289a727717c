import type { Changes } from '../program/changes';
import type { Expression } from '../program/ir';
import { keyOf } from '../program/visit';

/** Coefficients of what a sum is made of, by how it is written; the constant under `''`. */
type Sum = Map<string, number>;

/**
 * Whether `x + y` is `name`, or less by a constant, whatever the other parts are: `k - from` and `n - 1 - (k - from)` are
 * the sizes of two parts of `n`. Names that are set once are taken for what they are set to.
 */
export function addUpTo(changes: Changes, x: Expression, y: Expression, name: string): boolean {
  const sum: Sum = new Map();
  if (!addTo(sum, x, 1, changes, 0) || !addTo(sum, y, 1, changes, 0)) {
    return false;
  }
  return [...sum].every(([part, count]) => (part === '' ? count <= 0 : count === (part === name ? 1 : 0))) && sum.get(name) === 1;
}

/** Adds `sign` times an expression; false where it is no sum. */
function addTo(sum: Sum, expression: Expression, sign: number, changes: Changes, level: number): boolean {
  if (expression.kind === 'literal' && typeof expression.value === 'number') {
    sum.set('', (sum.get('') ?? 0) + sign * expression.value);
    return true;
  }
  if (expression.kind === 'binary' && (expression.operator === '+' || expression.operator === '-')) {
    return addTo(sum, expression.left, sign, changes, level) && addTo(sum, expression.right, expression.operator === '+' ? sign : -sign, changes, level);
  }
  if (expression.kind === 'name') {
    const updates = changes.updates.get(expression.name) ?? [];
    const [only] = updates;
    if (updates.length === 1 && only?.motion === 'set' && only.amount !== undefined && only.loops.length === 0 && level < 4 && (only.amount.kind === 'name' || only.amount.kind === 'binary')) {
      return addTo(sum, only.amount, sign, changes, level + 1);
    }
  }
  if (expression.kind !== 'name' && expression.kind !== 'member' && expression.kind !== 'index') {
    return false;
  }
  const key = keyOf(expression);
  sum.set(key, (sum.get(key) ?? 0) + sign);
  return true;
}
