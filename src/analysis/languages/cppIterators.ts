import { binaryOf, callOf, memberOf, numberOf } from '../program/build';
import type { Expression, Lines } from '../program/ir';
import { sameExpression } from './lowering';

/**
 * C++ names a range by two iterators, or by two pointers. The rules of the analysis want the container, so what is
 * between `v.begin()` and `v.end()` becomes `v`, and what is between `v.begin() + l` and `v.begin() + r` a slice.
 */

const beginNames: ReadonlySet<string> = new Set(['begin', 'cbegin', 'rbegin', 'crbegin']);
const endNames: ReadonlySet<string> = new Set(['end', 'cend', 'rend', 'crend']);

/** A place in a container: its begin or end, and how far from it. */
export interface Place {
  readonly object: Expression;
  readonly from: 'begin' | 'end';
  /** Positive is towards the end. */
  readonly offset?: Expression | undefined;
  readonly negative: boolean;
}

/** The place that an expression such as `v.begin() + i` names, or undefined. */
export function placeOf(expression: Expression): Place | undefined {
  if (expression.kind === 'call') {
    const { callee, args } = expression;
    const name = callee.kind === 'member' || callee.kind === 'name' ? callee.name : '';
    const object = callee.kind === 'member' && args.length === 0 ? callee.object : callee.kind === 'name' && args.length === 1 ? args[0] : undefined;
    if (object === undefined) {
      return undefined;
    }
    const from = beginNames.has(name) ? 'begin' : endNames.has(name) ? 'end' : undefined;
    return from === undefined ? undefined : { object, from, negative: false };
  }
  if (expression.kind === 'binary' && (expression.operator === '+' || expression.operator === '-')) {
    const place = placeOf(expression.left);
    if (place === undefined) {
      return undefined;
    }
    return place.offset === undefined
      ? { ...place, offset: expression.right, negative: expression.operator === '-' }
      : { ...place, offset: binaryOf(expression.operator, place.offset, expression.right, expression.lines) };
  }
  return undefined;
}

function indexAt(place: Place, lines: Lines): Expression | undefined {
  if (place.from === 'begin') {
    return place.offset;
  }
  return place.offset === undefined ? undefined : binaryOf('-', callOf(memberOf(place.object, 'size', lines), [], lines), place.offset, lines);
}

const finders = /^(?:find|find_if|lower_bound|upper_bound|next|prev|unique|remove|remove_if|partition|rotate|insert|erase)$/;

function mayBeIterator(expression: Expression): boolean {
  return expression.kind === 'name' || (expression.kind === 'call' && (expression.callee.kind === 'name' || expression.callee.kind === 'member') && finders.test(expression.callee.name));
}

/** The range between two iterators of one container, as the container or a slice of it; undefined where they are none. */
export function rangeBetween(first: Expression, last: Expression): Expression | undefined {
  const begin = placeOf(first);
  const end = placeOf(last);
  const { lines } = first;
  if (begin !== undefined && end !== undefined) {
    if (!sameExpression(begin.object, end.object)) {
      return undefined;
    }
    const from = indexAt(begin, lines);
    const to = indexAt(end, lines);
    return from === undefined && to === undefined ? begin.object : { kind: 'slice', lines, object: begin.object, from, to };
  }
  // Between an end and an iterator that was found: up to all of it.
  if (begin?.from === 'begin' && mayBeIterator(last)) {
    return { kind: 'slice', lines, object: begin.object, from: indexAt(begin, lines) };
  }
  return end?.from === 'end' && mayBeIterator(first) ? { kind: 'slice', lines, object: end.object } : undefined;
}

/** The range between two pointers into an array (`a`, `a + n`), or undefined. */
export function rangeOfPointers(first: Expression, last: Expression): Expression | undefined {
  const { lines } = first;
  const [begin, end] = [pointerOf(first), pointerOf(last)];
  return end.offset === undefined || !sameExpression(begin.base, end.base) ? undefined : { kind: 'slice', lines, object: begin.base, from: begin.offset, to: end.offset };
}

/** `a + l + 1` as `a` and `l + 1`. */
function pointerOf(expression: Expression): { readonly base: Expression; readonly offset: Expression | undefined } {
  if (expression.kind !== 'binary' || (expression.operator !== '+' && expression.operator !== '-')) {
    return { base: expression, offset: undefined };
  }
  const { base, offset } = pointerOf(expression.left);
  return { base, offset: offset === undefined ? (expression.operator === '+' ? expression.right : undefined) : binaryOf(expression.operator, offset, expression.right, expression.lines) };
}

/** Arguments with iterator pairs made ranges; `pointers` also reads pairs of pointers at the front. */
export function mergeRanges(args: readonly Expression[], pointers: boolean): Expression[] {
  const merged: Expression[] = [];
  for (let at = 0; at < args.length; at++) {
    const first = args[at];
    const second = args[at + 1];
    const third = args[at + 2];
    if (first === undefined) {
      continue;
    }
    if (at === 0 && third !== undefined && placeOf(first)?.from === 'begin' && placeOf(third)?.from === 'end') {
      // nth_element and rotate: begin, middle, end
      const range = rangeBetween(first, third);
      if (range !== undefined) {
        merged.push(range);
        at += 2;
        continue;
      }
    }
    const range = second === undefined ? undefined : (rangeBetween(first, second) ?? (pointers && at === 0 ? rangeOfPointers(first, second) : undefined));
    if (range !== undefined) {
      merged.push(range);
      at += 1;
      continue;
    }
    const place = placeOf(first);
    merged.push(place !== undefined && merged.length > 0 && place.offset === undefined ? place.object : first);
  }
  return merged;
}

/** `it - v.begin()` is the position of `it`, `v.end() - v.begin()` the size. */
export function differenceOf(left: Expression, right: Expression, lines: Lines): Expression {
  const from = placeOf(right);
  const to = placeOf(left);
  if (from?.from === 'begin' && from.offset === undefined) {
    if (to === undefined) {
      return left;
    }
    if (to.from === 'begin') {
      return to.offset ?? numberOf(0, lines);
    }
    return callOf(memberOf(to.object, 'size', lines), [], lines);
  }
  if (to?.from === 'end' && to.offset === undefined) {
    return binaryOf('-', callOf(memberOf(to.object, 'size', lines), [], lines), right, lines);
  }
  return binaryOf('-', left, right, lines);
}
