import { t } from '../../core/l10n';
import { indexedBy } from '../amortised/amortised';
import { add, constant, constantValue, type Growth, isConstant, logarithm, maximum, multiply, one, power, size } from '../algebra/bigO';
import { compare } from '../algebra/ranks';
import { type Bound, bound, quietly } from './bound';
import type { Changes } from '../program/changes';
import { stretchBetween } from '../program/definitions';
import { bigO, type Engine, type Sentence, valueNamed } from '../following/engine';
import { scaledBy } from './geometric';
import { harmonicRounds } from './harmonic';
import type { Expression, Statement } from '../program/ir';
import { carries, doubles, goesBack, isExponent, isGeometric, isMiddle, isOnlyModulo, isRootTest, leadsTwiceAsFar, leavesDigitSum, type Mover, rootOfLimit } from './motions';
import { stretchOf } from '../amortised/stretches';
import { isCollection, magnitude, sizeOf } from '../following/values';
import { isName, keyOf, namesIn, rootOf, usesName, visitExpression } from '../program/visit';

/** A range of numbers that large stands for all answers there can be, not for a constant of the problem. */
const roomy = 1000;

/** Steps as long as this (`while (sum >= MOD) sum -= MOD;`) leave few rounds to a number of a machine word. */
const giant = 1_000_000;

/** The bound of what a variable holds before the loop; undefined for collections and names that are not known. */
export function initial(engine: Engine, name: string): Growth | undefined {
  const value = valueNamed(engine, name);
  return value === undefined || isCollection(value) ? undefined : magnitude(value);
}

function stepsText(names: readonly string[], rounds: Growth): Sentence {
  return () => t('{0} moves by steps: {1} rounds', names.join(', '), bigO(rounds).slice(2, -1));
}

/** The bound that the movement of variables gives: how far they have to go, and by which steps. */
export function moverBound(engine: Engine, part: Expression & { kind: 'binary' }, movers: readonly Mover[], changes: Changes, statement: Statement): Bound | undefined {
  const names = movers.map((mover) => mover.name);
  const all = movers.flatMap((mover) => mover.updates);
  const motions = new Set(all.map((update) => update.motion));
  const limits: Growth[] = [];
  for (const side of [part.left, part.right]) {
    if (![...namesIn(side)].some((name) => changes.updates.has(name))) {
      const value = quietly(engine, side);
      limits.push(isCollection(value) ? sizeOf(value) : value.kind === 'void' ? one : magnitude(value));
    }
  }
  const starts = names.map((name) => initial(engine, name)).filter((growth) => growth !== undefined);
  const start = starts.reduce(maximum, one);
  const limit = limits.reduce(maximum, one);
  const isOpposed = isConstant(limit) && isConstant(start);
  const extent = isOpposed ? opposedBy(part, names, motions.has('down') && !motions.has('up')).map((each) => magnitude(quietly(engine, each))).reduce(maximum, maximum(start, limit)) : maximum(start, limit);
  const progress = new Map<string, Growth>();
  const setProgress = (growth: Growth): void => {
    for (const mover of movers) {
      const value = valueNamed(engine, mover.name);
      if (value !== undefined && !isCollection(value) && value.nodes === undefined) {
        progress.set(mover.name, growth);
      }
    }
  };
  // Pointers through a linked structure.
  if (motions.has('follow') || movers.some((mover) => valueNamed(engine, mover.name)?.nodes !== undefined)) {
    const pointer = movers.find((mover) => mover.updates.some((update) => update.motion === 'follow')) ?? movers[0];
    const value = pointer === undefined ? undefined : valueNamed(engine, pointer.name);
    const followed = pointer?.updates.find((update) => update.motion === 'follow')?.amount;
    if (followed?.kind === 'index' && value?.nodes === undefined) {
      const table = quietly(engine, followed.object);
      if (isRootTest(part, followed)) {
        engine.assume(t('finding the root of a set with path compression takes nearly constant time'));
        return bound(one, t('follows links to the root of a set: nearly constant'), { moving: names });
      }
      // Links that lead to an end never come back to a place: each round is at another.
      const root = rootOf(followed.object);
      const isKept = root !== undefined && !changes.updates.has(root) && !changes.mutations.some((mutation) => mutation.root === root);
      const isAlways = pointer?.updates.every(({ motion, conditional, loops }) => motion === 'follow' && !conditional && loops.length === 0) ?? false;
      return bound(isCollection(table) ? sizeOf(table) : size('n'), () => t('follows links through {0}', keyOf(followed.object)), { moving: names, direction: 'up', ...(isKept && isAlways ? { distinct: new Set(names) } : {}) });
    }
    if (value?.nodes !== undefined || value?.kind === 'object' || value?.kind === 'unknown' || value?.kind === 'void') {
      const nodes = value.nodes ?? size('n');
      return bound(nodes, () => t('follows a linked structure: {0} nodes', bigO(nodes).slice(2, -1)), { moving: names, direction: 'up' });
    }
  }
  if (all.length > 0 && all.every(({ motion, amount }) => (motion === 'up' || motion === 'down') && (constantValue(amount === undefined ? one : magnitude(quietly(engine, amount))) ?? 0) >= giant)) {
    setProgress(extent);
    return bound(one, t('each step is longer than a million: a fixed number of rounds'), { moving: names, progress });
  }
  const isScaled = motions.has('scale-up') || motions.has('scale-down');
  if (isScaled && movers.some((mover) => leavesDigitSum(mover, changes))) {
    setProgress(extent);
    return bound(one, t('each round leaves the sum over the digits, which is far smaller: the first round counts'), { moving: names, progress });
  }
  // `i * i <= n`, where `i` goes on and `n` is divided where it can be: it is `i` that ends the loop.
  const isDividedSeldom = movers.length > 1 && all.every((update) => !update.motion.startsWith('scale') || (update.conditional && update.loops.length === 0)) && movers.some((mover) => mover.updates.every(({ motion }) => motion === 'up'));
  if (isScaled && !isDividedSeldom && !isOnlyModulo(all)) {
    const down = all.some((update) => update.motion === 'scale-down');
    const size = down && !isConstant(start) ? start : isConstant(limit) ? extent : limit;
    const trips = logarithm(size);
    setProgress(maximum(size, start));
    return bound(trips, () => t('the number is multiplied or divided each round: {0} rounds', bigO(trips).slice(2, -1)), { moving: names, progress, direction: down ? 'down' : 'up', geometric: scaledBy(movers, changes, maximum(size, start)) });
  }
  const middle = all.find((update) => (update.motion === 'set' || update.motion === 'up' || update.motion === 'down') && isMiddle(engine, update.amount, changes));
  if (middle !== undefined) {
    // Where the condition compares items and not places, the ends of the range are what the middle is made of.
    const ends = !isConstant(extent) || middle.amount === undefined ? [] : [...namesIn(middle.amount)].map((name) => initial(engine, name)).filter((growth) => growth !== undefined);
    const range = ends.reduce(maximum, extent);
    const trips = logarithm((constantValue(range) ?? 0) >= roomy ? size('range') : range);
    setProgress(range);
    return bound(trips, () => t('halves the range each round: {0} rounds', bigO(trips).slice(2, -1)), { moving: names, progress, geometric: scaledBy(movers, changes, range) });
  }
  if (movers.some((mover) => doubles(mover, changes) || leadsTwiceAsFar(mover, changes))) {
    const whole = isConstant(extent) ? size('n') : extent;
    setProgress(whole);
    return bound(logarithm(whole), () => t('the number is multiplied or divided each round: {0} rounds', bigO(logarithm(whole)).slice(2, -1)), { moving: names, progress, direction: 'up' });
  }
  if (movers.some((mover) => carries(mover, changes))) {
    setProgress(extent);
    return bound(logarithm(extent), t('the number is multiplied or divided each round: {0} rounds', bigO(logarithm(extent)).slice(2, -1)), { moving: names, progress, direction: 'down' });
  }
  if (movers.some((mover) => isGeometric(mover, changes))) {
    const trips = logarithm(extent);
    setProgress(extent);
    return bound(trips, () => t('grows like the Fibonacci numbers: {0} rounds', bigO(trips).slice(2, -1)), { moving: names, progress });
  }
  const up = all.some((update) => update.motion === 'up');
  const down = all.some((update) => update.motion === 'down');
  const isAbove = up && !down && part.left.kind === 'name' && names.includes(part.left.name) && (part.operator === '>' || part.operator === '>=');
  if (isAbove && part.right.kind === 'literal') {
    // `i >= 0`, where `i` only grows: the condition does not end the loop.
    return undefined;
  }
  if (up || down) {
    const root = rootOfLimit(part, names);
    const isTwoSided = up && down;
    let range = isTwoSided || isOpposed ? extent : up ? (limits.length > 0 ? limit : extent) : start;
    if (up && !down && isConstant(range) && limits.length > 0 && (constantValue(range) ?? 0) <= 1) {
      // `while (x <= 0) x++` and the like: bounded by where it starts.
      range = extent;
    }
    if (up && !down && part.operator !== '<' && part.operator !== '<=' && part.operator !== '!=' && part.operator !== '==' && part.left.kind !== 'binary') {
      range = extent;
    }
    // `while (items[i] < x) i++` compares an item: it is the items that `i` runs through.
    const place = up && !down && names.length === 1 && names[0] !== undefined && isOnlyIndex(part, names[0]) ? indexedBy(engine, statement, names[0]) : undefined;
    if (place !== undefined) {
      range = place;
    }
    if (root !== 1) {
      range = power(range, 1 / root);
    } else if (up && !down && limits.length > 0 && isExponent(part, names)) {
      range = logarithm(range);
    }
    const stretch = isUnitWise(movers) ? stretchOf(engine, part.left, part.right) : undefined;
    if (stretch !== undefined) {
      setProgress(maximum(range, start));
      return bound(stretch, stepsText(names, stretch), { moving: names, progress });
    }
    const span = spanOf(engine, part, movers, statement);
    if (span !== undefined && compare(span, range) <= 0) {
      setProgress(maximum(range, start));
      return bound(span, stepsText(names, span), { moving: names, progress, direction: up ? 'up' : 'down' });
    }
    // Where both sides move the same way, or one is set anew, nothing says that they meet. Nor does what is added to `x` end `x > 0`.
    const isAway = isAbove && all.some((update) => update.amount?.kind === 'binary');
    const isOpen = (limits.length === 0 && !isTwoSided) || isAway;
    if (isOpen && isConstant(range)) {
      range = names.map((name) => indexedBy(engine, statement, name)).find((each) => each !== undefined) ?? size('n');
    }
    if (up && !isConstant(range) && movers.some((mover) => goesBack(mover, changes))) {
      const rounds = power(range, 2);
      setProgress(range);
      return bound(rounds, () => t('{0} may go back to a place kept before: {1} rounds', names.join(', '), bigO(rounds).slice(2, -1)), { progress });
    }
    const average = all.filter((update) => update.motion === 'up').flatMap((update) => [update.amount, multiplierOf(part, names, update.amount)]).map((amount) => harmonicRounds(engine, amount, range)).find((rounds) => rounds !== undefined);
    setProgress(maximum(range, root === 1 ? start : one));
    const direction = up && !down ? 'up' : down && !up ? 'down' : undefined;
    if (average !== undefined) {
      return bound(average, () => t('steps as long as the variable of the loop around it: {0} rounds on average', bigO(average).slice(2, -1)), { progress, direction });
    }
    // A few steps that are made now and then say little of how many rounds they take.
    const isSeldom = isConstant(range) && all.every((update) => update.conditional);
    return bound(range, stepsText(names, range), { moving: names, progress, direction, isSure: !isOpen && !isSeldom });
  }
  // i = (i + 1) % n comes back to where it was.
  const around = all.map((update) => (update.motion === 'set' && update.amount?.kind === 'binary' && update.amount.operator === '%' && update.amount.left.kind === 'binary' ? update.amount.right : undefined));
  const [circle] = around;
  if (circle !== undefined && around.every((each) => each !== undefined && keyOf(each) === keyOf(circle)) && movers.length === 1) {
    const rounds = magnitude(quietly(engine, circle));
    setProgress(rounds);
    return bound(rounds, () => t('{0} goes round: {1} rounds', names.join(', '), bigO(rounds).slice(2, -1)), { moving: names, progress });
  }
  // Jumps: i = next, i = j after an inner loop has moved j.
  const jumping = movers.filter((mover) => mover.updates.some((update) => update.amount !== undefined && [...namesIn(update.amount)].some((name) => changes.updates.has(name) && name !== mover.name)));
  if (jumping.length > 0 && limits.length > 0 && !isConstant(extent)) {
    setProgress(extent);
    return bound(extent, () => t('{0} jumps ahead each round: {1} rounds', jumping.map((mover) => mover.name).join(', '), bigO(extent).slice(2, -1)), { moving: names, progress, direction: 'up' });
  }
  return undefined;
}

/**
 * What else says how far moving variables have to go: `n` of `n - 2 * k >= 1`, `from` of `k - from < m`, `depth` of `k > -depth`
 * where `k` goes down.
 */
function opposedBy(part: Expression & { kind: 'binary' }, names: readonly string[], isDown: boolean): Expression[] {
  const terms = [...signedTerms(part.left, 1), ...signedTerms(part.right, -1)];
  const moving = terms.filter(({ term }) => names.some((name) => usesName(term, name)));
  return terms.filter((each) => !moving.includes(each) && each.term.kind !== 'literal' && moving.some(({ sign }) => (sign !== each.sign) !== isDown)).map(({ term }) => term);
}

function signedTerms(expression: Expression, sign: number): { term: Expression; sign: number }[] {
  if (expression.kind === 'binary' && (expression.operator === '+' || expression.operator === '-')) {
    return [...signedTerms(expression.left, sign), ...signedTerms(expression.right, expression.operator === '-' ? -sign : sign)];
  }
  return expression.kind === 'unary' && expression.operator === '-' ? signedTerms(expression.operand, -sign) : [{ term: expression, sign }];
}

/** `a` of `a * b <= n`, where `b` moves by one: the product goes on by as much. */
function multiplierOf(part: Expression & { kind: 'binary' }, names: readonly string[], amount: Expression | undefined): Expression | undefined {
  const [name] = names;
  const product = part.operator.startsWith('<') ? part.left : part.operator.startsWith('>') ? part.right : undefined;
  if (name === undefined || names.length !== 1 || amount?.kind !== 'literal' || product?.kind !== 'binary' || product.operator !== '*') {
    return undefined;
  }
  const [own, other] = isName(product.left, name) ? [product.left, product.right] : [product.right, product.left];
  return isName(own, name) && !usesName(other, name) ? other : undefined;
}

/** Whether a comparison looks at `name` only to find an item by it. */
function isOnlyIndex(part: Expression & { kind: 'binary' }, name: string): boolean {
  let indices = 0;
  let places = 0;
  visitExpression(part, {
    expression: (inner) => {
      if (inner.kind === 'index' && usesName(inner.index, name)) {
        indices += 1;
        return false;
      }
      places += inner.kind === 'name' && inner.name === name ? 1 : 0;
      return undefined;
    },
  });
  return indices > 0 && places === 0;
}

/** Each round moves one of them on at least. */
function isUnitWise(movers: readonly Mover[]): boolean {
  return movers.some((mover) => mover.updates.some((update) => !update.conditional && update.loops.length === 0)) && movers.every((mover) => mover.updates.every((update) => update.motion === 'up' || update.motion === 'down'));
}

/** `for (j = i + 1; j < i + k; j++)`: how far the limit lies from the start, whatever both are. */
function spanOf(engine: Engine, part: Expression & { kind: 'binary' }, movers: readonly Mover[], statement: Statement): Growth | undefined {
  const [mover] = movers;
  if (statement.kind !== 'for' || mover === undefined || movers.length !== 1) {
    return undefined;
  }
  const limit = part.left.kind === 'name' && part.left.name === mover.name ? part.right : part.right.kind === 'name' && part.right.name === mover.name ? part.left : undefined;
  const init = statement.init.flatMap((each) => (each.kind === 'declare' && each.name === mover.name ? [each.value] : each.kind === 'assign' && each.target.kind === 'name' && each.target.name === mover.name && each.operator === undefined ? [each.value] : []));
  const [start] = init;
  if (limit === undefined || start === undefined || init.length !== 1) {
    return undefined;
  }
  const isDown = mover.updates.every((update) => update.motion === 'down');
  const distance = isDown ? stretchBetween(engine, limit, start) : stretchBetween(engine, start, limit);
  return distance?.places.reduce((sum, place) => add(sum, multiply(constant(place.factor), magnitude(quietly(engine, place.expression)))), constant(distance.number));
}
