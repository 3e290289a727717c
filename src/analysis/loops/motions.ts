import { type Changes, isCarry, type Update } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Expression } from '../program/ir';
import { keyOf, namesIn, usesName, visitExpression } from '../program/visit';

/** A variable that the condition of a loop looks at, and how the loop changes it. */
export interface Mover {
  readonly name: string;
  readonly updates: readonly Update[];
}

/** The number that an expression halves: the middle of two bounds, or something divided by two. */
export function isMiddle(engine: Engine, expression: Expression | undefined, changes: Changes, level = 0): boolean {
  if (expression === undefined || level > 3) {
    return false;
  }
  let found = false;
  visitExpression(expression, {
    expression: (inner) => {
      if (inner.kind === 'binary' && (inner.operator === '/' || inner.operator === '//' || inner.operator === '>>') && isLiteral(inner.right) && namesIn(inner.left).size > 0) {
        found = true;
      } else if (inner.kind === 'binary' && inner.operator === '*' && inner.right.kind === 'literal' && typeof inner.right.value === 'number' && inner.right.value < 1) {
        found = true;
      } else if (inner.kind === 'name') {
        const definitions = changes.updates.get(inner.name) ?? [];
        if (definitions.length > 0 && definitions.every((update) => update.motion === 'set') && definitions.some((update) => isMiddle(engine, update.amount, changes, level + 1) && !usesName(update.amount ?? inner, inner.name))) {
          found = true;
        }
      }
      return !found;
    },
  });
  return found;
}

/** A number, also `BigInt(2)` and the like. */
function isLiteral(expression: Expression): boolean {
  return expression.kind === 'literal' || (expression.kind === 'call' && expression.callee.kind === 'name' && expression.args.length === 1 && expression.args[0]?.kind === 'literal');
}

/** What a name is set to, where that is itself a name that was set just so (`c = a + b; a = b; b = c`). */
function settings(changes: Changes, name: string, level = 0): Expression[] {
  return (changes.updates.get(name) ?? []).flatMap((update) => {
    if (update.amount === undefined || update.motion !== 'set') {
      return [];
    }
    return update.amount.kind === 'name' && level < 3 ? [update.amount, ...settings(changes, update.amount.name, level + 1)] : [update.amount];
  });
}

/** `child = 2 * i + 1; i = child`: it is set to more than twice itself, through other names. */
export function doubles(mover: Mover, changes: Changes): boolean {
  return mover.updates.length > 0 && mover.updates.every((update) => update.motion === 'set') && settings(changes, mover.name).some((value) => isTwice(value, mover.name));
}

/** `pick = null; if (…) pick = 2 * i + 1; if (pick === null) break; i = pick`: what the condition looks at is the next place, if any, twice as far. */
export function leadsTwiceAsFar(mover: Mover, changes: Changes): boolean {
  const isFar = (value: Expression, place: string): boolean => isTwice(value, place) || (value.kind === 'binary' && value.operator === '+' && value.left.kind === 'name' && value.left.name !== place && settings(changes, value.left.name).some((inner) => isTwice(inner, place)));
  return [...changes.updates].some(([place, updates]) => {
    const isNext = place !== mover.name && updates.every(({ motion, amount, loops }) => motion === 'set' && amount?.kind === 'name' && amount.name === mover.name && loops.length === 0);
    const given = isNext ? settings(changes, mover.name) : [];
    return given.some((value) => isTwice(value, place)) && given.every((value) => value.kind === 'name' || value.kind === 'literal' || value.kind === 'unary' || isFar(value, place));
  });
}

/** `2 * i`, `2 * i + 1`, `i << 1 | 1`. */
function isTwice(value: Expression, name: string): boolean {
  if (value.kind !== 'binary') {
    return false;
  }
  if (value.operator === '+' || value.operator === '|') {
    return isTwice(value.left, name) || isTwice(value.right, name);
  }
  const own = [value.left, value.right].some((side) => side.kind === 'name' && side.name === name);
  const factor = [value.left, value.right].some((side) => side.kind === 'literal' && typeof side.value === 'number' && side.value >= (value.operator === '<<' ? 1 : 2));
  return (value.operator === '*' || value.operator === '<<') && own && factor;
}

/** `kept = i` in one branch and `i = kept` in another: it may begin again from a place that it has passed. */
export function goesBack(mover: Mover, changes: Changes): boolean {
  return mover.updates.some(({ amount, motion, conditional, loops }) => {
    const kept = motion === 'set' && conditional && amount?.kind === 'name' && amount.name !== mover.name ? (changes.updates.get(amount.name) ?? []) : [];
    return kept.every((other) => other.conditional && other.loops.length === loops.length) && kept.some((other) => other.motion === 'set' && other.amount?.kind === 'name' && other.amount.name === mover.name);
  });
}

/** `carry = (a & b) << 1; b = carry`: what it is set to moves up until no bit is left. */
export function carries(mover: Mover, changes: Changes): boolean {
  return mover.updates.length > 0 && mover.updates.every((update) => update.motion === 'set') && settings(changes, mover.name).some((value) => isCarry(value, mover.name) || (value.kind === 'binary' && value.operator === '&' && [value.left, value.right].some((side) => side.kind === 'name' && settings(changes, side.name).some((inner) => isCarry(inner, mover.name)))));
}

/** `a, b = b, a + b`: what is added was the number itself a round before. Also what is taken away shrinks so. */
export function isGeometric(mover: Mover, changes: Changes): boolean {
  const isFed = (name: string): boolean => name !== mover.name && settings(changes, name).some((value) => value.kind === 'name' && value.name === mover.name);
  const isSumWithFed = (value: Expression): boolean => value.kind === 'binary' && value.operator === '+' && [[value.left, value.right], [value.right, value.left]].some(([own, other]) => own?.kind === 'name' && own.name === mover.name && other?.kind === 'name' && isFed(other.name));
  if (settings(changes, mover.name).some(isSumWithFed)) {
    return true;
  }
  // The one that is asked may be the lower of the two.
  const follows = mover.updates.find((update) => update.motion === 'set' && update.amount?.kind === 'name')?.amount;
  if (follows?.kind === 'name' && (changes.updates.get(follows.name) ?? []).some(({ motion, amount }) => motion === 'up' && amount?.kind === 'name' && amount.name === mover.name)) {
    return true;
  }
  return mover.updates.some((update) => {
    if (update.amount?.kind !== 'name' || update.amount.name === mover.name) {
      return false;
    }
    if (update.motion === 'up') {
      return isFed(update.amount.name);
    }
    // k -= b, where b itself becomes smaller numbers of such a sequence.
    return update.motion === 'down' && settings(changes, update.amount.name).some((value) => value.kind === 'binary' && value.operator === '-' && value.right.kind === 'name' && changes.updates.has(value.right.name));
  });
}

/** `while (n > 9) { s = 0; while (n > 0) { s += n % 10; n /= 10; } n = s; }` */
export function leavesDigitSum(mover: Mover, changes: Changes): boolean {
  const scaled = mover.updates.filter((update) => update.motion === 'scale-down' && update.loops.length > 0);
  return scaled.length > 0 && mover.updates.every((update) => update.loops.length > 0 || update.motion === 'set') && mover.updates.some((update) => {
    const left = update.loops.length === 0 && update.amount?.kind === 'name' ? update.amount.name : undefined;
    return left !== undefined && (changes.updates.get(left) ?? []).some((other) => other.motion === 'up' && scaled.some((each) => each.loops[0] === other.loops[0]));
  });
}

/** Whether what looks like dividing only takes a remainder (`i = (i + 1) % n` goes round). */
export function isOnlyModulo(updates: readonly Update[]): boolean {
  return updates.filter((update) => update.motion === 'scale-down' || update.motion === 'scale-up').every((update) => {
    const value = update.statement?.kind === 'assign' ? update.statement.value : undefined;
    const operator = update.statement?.kind === 'assign' ? update.statement.operator : undefined;
    // x = (x + 1) % n and x += 1; x %= n go round; x %= y in Euclid's algorithm shrinks.
    const isStepped = operator === '%' && updates.some((other) => other.name === update.name && (other.motion === 'up' || other.motion === 'down') && other.amount?.kind === 'literal');
    return isStepped || (operator === undefined && value?.kind === 'binary' && value.operator === '%' && value.left.kind === 'binary');
  });
}

/** `p[x] != x`: x is moved to the root of its tree. */
export function isRootTest(part: Expression & { kind: 'binary' }, followed: Expression & { kind: 'index' }): boolean {
  const sides = [part.left, part.right];
  return sides.some((side) => side.kind === 'index' && keyOf(side.object) === keyOf(followed.object)) || sides.some((side) => keyOf(side) === keyOf(followed));
}

/** 2 for `i * i <= n` and `i <= n / i`, 3 for `i * i * i <= n`, otherwise 1. */
export function rootOfLimit(part: Expression & { kind: 'binary' }, names: readonly string[]): number {
  let root = 1;
  for (const side of [part.left, part.right]) {
    for (const name of names) {
      const count = factorCount(side, name);
      root = Math.max(root, count);
    }
  }
  for (const [side, other] of [[part.left, part.right], [part.right, part.left]] as const) {
    if (side.kind === 'name' && names.includes(side.name) && other.kind === 'binary' && (other.operator === '/' || other.operator === '//') && usesName(other.right, side.name)) {
      root = Math.max(root, 2);
    }
  }
  return root;
}

/** `1 << i <= n`, `2 ** i < n`, `pow(10, i) <= n`: one side grows by a factor each time that the variable moves on. */
export function isExponent(part: Expression & { kind: 'binary' }, names: readonly string[]): boolean {
  const isMoved = (expression: Expression | undefined): boolean => expression !== undefined && names.some((name) => usesName(expression, name));
  return [part.left, part.right].some((side) => {
    const [base, exponent] = side.kind === 'binary' && (side.operator === '<<' || side.operator === '**') ? [side.left, side.right] : side.kind === 'call' && (side.callee.kind === 'name' || side.callee.kind === 'member') && /^(?:pow|Pow)$/.test(side.callee.name) ? side.args : [];
    const isLarge = side.kind === 'binary' && side.operator === '<<' ? true : base?.kind === 'literal' && typeof base.value === 'number' && base.value >= 2;
    return isLarge && !isMoved(base) && isMoved(exponent);
  });
}

function factorCount(expression: Expression, name: string): number {
  if (expression.kind === 'name') {
    return expression.name === name ? 1 : 0;
  }
  if (expression.kind === 'binary') {
    if (expression.operator === '*') {
      return factorCount(expression.left, name) + factorCount(expression.right, name);
    }
    if (expression.operator === '**') {
      return factorCount(expression.left, name) * (expression.right.kind === 'literal' ? Number(expression.right.value) : 2);
    }
    if (expression.operator === '+' || expression.operator === '-') {
      return Math.max(factorCount(expression.left, name), factorCount(expression.right, name));
    }
  }
  return 0;
}
