import type { Expression } from '../program/ir';
import { keyOf } from '../program/visit';

/** A sum of places with whole factors, and a number: `i + 3` is {i: 1} and 3. */
interface Linear {
  readonly places: Map<string, { readonly expression: Expression; factor: number }>;
  number: number;
}

/** What is left of `to - from` where they have a place in common that cancels. */
export interface Distance {
  readonly number: number;
  /** What is added to the number: each place counts as often as its factor says. */
  readonly places: readonly { readonly expression: Expression; readonly factor: number }[];
}

function linearOf(expression: Expression): Linear {
  const sum: Linear = { places: new Map(), number: 0 };
  const take = (part: Expression, sign: number): void => {
    if (part.kind === 'literal' && typeof part.value === 'number') {
      sum.number += sign * part.value;
    } else if (part.kind === 'unary' && part.operator === '-') {
      take(part.operand, -sign);
    } else if (part.kind === 'binary' && part.operator === '+') {
      take(part.left, sign);
      take(part.right, sign);
    } else if (part.kind === 'binary' && part.operator === '-') {
      take(part.left, sign);
      take(part.right, -sign);
    } else {
      const key = keyOf(part);
      const known = sum.places.get(key);
      if (known === undefined) {
        sum.places.set(key, { expression: part, factor: sign });
      } else {
        known.factor += sign;
      }
    }
  };
  take(expression, 1);
  return sum;
}

/** The arguments of `min(…)` or `max(…)`, any of which bounds it, also as `a > b ? b : a`; of anything else the expression itself. */
export function alternatives(expression: Expression, name: RegExp): readonly Expression[] {
  if (expression.kind === 'conditional' && name.test(chosen(expression))) {
    return [...alternatives(expression.then, name), ...alternatives(expression.else, name)];
  }
  if (expression.kind === 'call') {
    const called = expression.callee.kind === 'name' || expression.callee.kind === 'member' ? expression.callee.name : '';
    if (name.test(called) && expression.args.length > 1) {
      return expression.args.flatMap((arg) => alternatives(arg, name));
    }
  }
  if (expression.kind === 'binary' && (expression.operator === '+' || expression.operator === '-') && expression.right.kind === 'literal') {
    // `min(i + k, n) - 1`
    const inner = alternatives(expression.left, name);
    return inner.length === 1 ? [expression] : inner.map((left) => ({ ...expression, left }));
  }
  return [expression];
}

/** `min` for `a > b ? b : a` and `a + k > n ? n - 1 : a + k - 1`, `max` for the others of that kind, nothing for any other choice. */
function chosen({ condition, then, else: other }: Expression & { kind: 'conditional' }): string {
  if (condition.kind !== 'binary' || !['<', '<=', '>', '>='].includes(condition.operator)) {
    return '';
  }
  const [left, right] = [plainOf(condition.left), plainOf(condition.right)];
  const [first, second] = [plainOf(then), plainOf(other)];
  const isSmaller = condition.operator.startsWith('<');
  return left === right ? '' : first === left && second === right ? (isSmaller ? 'min' : 'max') : first === right && second === left ? (isSmaller ? 'max' : 'min') : '';
}

/** An expression without a number that is added or taken away at its end. */
function plainOf(expression: Expression): string {
  return expression.kind === 'binary' && (expression.operator === '+' || expression.operator === '-') && expression.right.kind === 'literal' ? plainOf(expression.left) : keyOf(expression);
}

/**
 * How far `to` lies above `from`, where that does not depend on where they are: `min(i + 3, n)` is at most 2 above
 * `i + 1`, `start + k` is k above `start`. Undefined where nothing cancels or something is taken away.
 */
export function distanceBetween(from: Expression, to: Expression): Distance | undefined {
  let best: Distance | undefined;
  for (const start of alternatives(from, /^(?:max|Max)$/)) {
    for (const end of alternatives(to, /^(?:min|Min)$/)) {
      const below = linearOf(start);
      const above = linearOf(end);
      if (below.places.size === 0 || ![...below.places.keys()].some((key) => above.places.get(key)?.factor === below.places.get(key)?.factor)) {
        continue;
      }
      for (const [key, place] of below.places) {
        const other = above.places.get(key);
        if (other === undefined) {
          above.places.set(key, { expression: place.expression, factor: -place.factor });
        } else {
          other.factor -= place.factor;
        }
      }
      const places = [...above.places.values()].filter((place) => place.factor !== 0);
      if (places.every((place) => place.factor > 0) && (best === undefined || places.length < best.places.length)) {
        best = { number: Math.max(1, above.number - below.number), places };
      }
    }
  }
  return best;
}

/** `xs[a:b]` in any spelling: a slice, or a call that gives the items from one place up to another. */
export function partOf(expression: Expression): { readonly object: Expression; readonly from: Expression | undefined; readonly to: Expression | undefined } | undefined {
  if (expression.kind === 'slice') {
    return { object: expression.object, from: expression.from, to: expression.to };
  }
  if (expression.kind !== 'call' || expression.callee.kind !== 'member') {
    return undefined;
  }
  const { name, object } = expression.callee;
  if (expression.args.length === 0) {
    // A copy of a part: `xs[..k].to_vec()`, `xs.Take(k).ToArray()`.
    return /^(?:to_?vec|to_?owned|to_?array|to_?list|to_a|clone|copy|collect|iter|into_iter|cloned|copied)$/i.test(name) ? partOf(object) : undefined;
  }
  if (name === 'copyOfRange' && expression.args[0] !== undefined) {
    return { object: expression.args[0], from: expression.args[1], to: expression.args[2] };
  }
  if (/^(?:Take|take)$/.test(name)) {
    const before = partOf(object);
    // After `Skip` it says how many, not up to where.
    return { object: before?.object ?? object, from: before?.from, to: before === undefined ? expression.args[0] : undefined };
  }
  if (/^(?:Skip|skip|drop)$/.test(name)) {
    return { object, from: expression.args[0], to: undefined };
  }
  return /^(?:@slice|subList|substring|slice|subarray|subSequence|GetRange|Substring)$/.test(name) && expression.args.length > 0 ? { object, from: expression.args[0], to: expression.args[1] } : undefined;
}
