import { t } from '../core/l10n';
import { add, compare, constant, constantValue, factorial, type Growth, isConstant, logarithm, maximum, multiply, one, power, size } from './bigO';
import { type Bound, bound, quietly, valueNamed } from './bound';
import { indexedBy } from './amortised';
import type { Changes, Update } from './changes';
import { distanceBetween } from './distance';
import { bigO, type Engine } from './engine';
import { harmonicRounds } from './harmonic';
import type { Block, Expression, Statement } from './ir';
import { isCollection, magnitude, sizeOf } from './values';
import { keyOf, namesIn, rootOf, usesName, visitExpression } from './visit';
import { collectionBound, hasPops, isSizeOf, toppedBy } from './worklists';

/** The bound of a loop from its condition and from what its body changes. */
export function conditionBound(engine: Engine, condition: Expression | undefined, whole: Block, statement: Statement): Bound {
  const changes = engine.changes(whole.length === 0 || statement.kind !== 'for' ? whole : blockOf(statement));
  const merged = withCondition(engine, changes, condition);
  const isEndless = condition === undefined || (condition.kind === 'literal' && condition.value !== false && condition.value !== 0);
  const found = isEndless ? exitBound(engine, whole, merged, statement) : partBound(engine, condition, merged, whole, statement);
  if (found !== undefined) {
    if (!found.isSure) {
      engine.assume(t('how often the loop in line {0} runs is an estimate from what moves in it', statement.lines.start));
    }
    return found;
  }
  return fallbackBound(engine, merged, statement, isEndless ? undefined : condition);
}

const blocks = new WeakMap<Statement, Block>();

function blockOf(statement: Statement & { kind: 'for' }): Block {
  let block = blocks.get(statement);
  if (block === undefined) {
    block = [...statement.body, ...statement.step];
    blocks.set(statement, block);
  }
  return block;
}

/** Changes of the body together with those that the condition itself makes (`while (t-- > 0)`). */
function withCondition(engine: Engine, changes: Changes, condition: Expression | undefined): Changes {
  if (condition === undefined) {
    return changes;
  }
  const inside = engine.changes(conditionBlock(condition));
  if (inside.updates.size === 0 && inside.mutations.length === 0) {
    return changes;
  }
  const updates = new Map(changes.updates);
  for (const [name, more] of inside.updates) {
    updates.set(name, [...(updates.get(name) ?? []), ...more]);
  }
  return { updates, mutations: [...changes.mutations, ...inside.mutations], calls: changes.calls };
}

const conditionBlocks = new WeakMap<Expression, Block>();

function conditionBlock(condition: Expression): Block {
  let block = conditionBlocks.get(condition);
  if (block === undefined) {
    block = [{ kind: 'expression', lines: condition.lines, value: condition }];
    conditionBlocks.set(condition, block);
  }
  return block;
}

/** An endless loop ends by `if (…) break` or `return`: the bound is that of the condition to leave. */
function exitBound(engine: Engine, whole: Block, changes: Changes, statement: Statement): Bound | undefined {
  const exits: Expression[] = [];
  const scan = (block: Block): void => {
    for (const inner of block) {
      if (inner.kind === 'if') {
        if (leaves(inner.then) || leaves(inner.else)) {
          exits.push(inner.condition);
        }
        scan(inner.then);
        scan(inner.else);
      } else if (inner.kind === 'block') {
        scan(inner.body);
      } else if (inner.kind === 'try') {
        scan(inner.body);
      }
    }
  };
  scan(whole);
  return best(exits.map((exit) => partBound(engine, exit, changes, whole, statement)).filter((each) => each?.isSure === true));
}

function leaves(block: Block): boolean {
  const last = block[block.length - 1];
  return last !== undefined && (last.kind === 'break' || last.kind === 'return' || last.kind === 'throw');
}

function best(bounds: readonly (Bound | undefined)[]): Bound | undefined {
  let result: Bound | undefined;
  for (const each of bounds) {
    if (each !== undefined && (result === undefined || better(each, result))) {
      result = each;
    }
  }
  return result;
}

function better(a: Bound, b: Bound): boolean {
  if (a.perRound !== b.perRound) {
    return a.perRound;
  }
  if (a.isSure !== b.isSure) {
    return a.isSure;
  }
  return compare(a.trips, b.trips) < 0;
}

/** The bound that one part of a condition gives. `&&`: the lower of both; `||`: the higher. */
function partBound(engine: Engine, part: Expression, changes: Changes, whole: Block, statement: Statement): Bound | undefined {
  switch (part.kind) {
    case 'binary': {
      if (part.operator === '&&') {
        const left = partBound(engine, part.left, changes, whole, statement);
        const right = partBound(engine, part.right, changes, whole, statement);
        const better = best([left, right]);
        const list = better?.worklist === undefined ? [left, right].find((each) => each?.worklist !== undefined) : undefined;
        return better === undefined ? undefined : { ...(list === undefined ? better : { ...list, progress: better.progress, trips: list.isSure && !better.isSure ? list.trips : list.isSure ? list.trips : better.trips, text: list.isSure ? list.text : better.text }), alternatives: [left, right].filter((each) => each !== undefined).flatMap((each) => [each, ...each.alternatives]).filter((each) => each !== better) };
      }
      if (part.operator === '||') {
        const left = partBound(engine, part.left, changes, whole, statement);
        const right = partBound(engine, part.right, changes, whole, statement);
        if (left === undefined || right === undefined) {
          return left ?? right;
        }
        const [higher, lower] = compare(left.trips, right.trips) >= 0 ? [left, right] : [right, left];
        return { ...higher, progress: new Map([...lower.progress, ...higher.progress]), moving: [...new Set([...higher.moving, ...lower.moving])] };
      }
      if (part.operator === 'in' || part.operator === 'not in') {
        return membershipBound(engine, part.operator, part.left, part.right, changes);
      }
      return comparisonBound(engine, part, changes, whole, statement);
    }
    case 'unary':
      return part.operator === '!' ? partBound(engine, part.operand, changes, whole, statement) : comparisonBound(engine, zeroTest(part), changes, whole, statement);
    case 'call': {
      const member = part.callee.kind === 'member' ? part.callee : undefined;
      if (member !== undefined && /^(?:isEmpty|empty|hasNext|hasMoreTokens|hasMoreElements|is_empty|empty\?|any\?|hasNextInt|hasNextLine|isNotEmpty|Any|valid)$/.test(member.name)) {
        return collectionBound(engine, member.object, changes, whole, statement, undefined);
      }
      if (member !== undefined && (member.name === 'contains' || member.name === 'containsKey' || member.name === 'has' || member.name === 'count') && part.args[0] !== undefined) {
        return membershipBound(engine, 'in', part.args[0], member.object, changes);
      }
      if (part.callee.kind === 'name' && (part.callee.name === 'next_permutation' || part.callee.name === 'prev_permutation') && part.args[0] !== undefined) {
        const orders = factorial(sizeOf(quietly(engine, part.args[0])));
        return bound(orders, t('goes through all orders: {0} rounds', bigO(orders).slice(2, -1)));
      }
      if (isSizeOf(part) !== undefined) {
        return collectionBound(engine, isSizeOf(part) ?? part, changes, whole, statement, undefined);
      }
      return undefined;
    }
    case 'assign':
      return comparisonBound(engine, zeroTest(part), changes, whole, statement);
    case 'name':
    case 'member':
    case 'index': {
      const size = isSizeOf(part);
      if (size !== undefined) {
        return collectionBound(engine, size, changes, whole, statement, undefined);
      }
      const value = quietly(engine, part);
      if (isCollection(value) || hasPops(changes, rootOf(part))) {
        return collectionBound(engine, part, changes, whole, statement, undefined);
      }
      return comparisonBound(engine, zeroTest(part), changes, whole, statement);
    }
    default:
      return undefined;
  }
}

function zeroTest(operand: Expression): Expression & { kind: 'binary' } {
  return { kind: 'binary', lines: operand.lines, operator: '!=', left: operand, right: { kind: 'literal', type: 'number', value: 0, lines: operand.lines } };
}

/** `while x in seen`: x moves through what is seen. */
function membershipBound(engine: Engine, operator: string, item: Expression, container: Expression, changes: Changes): Bound | undefined {
  const moving = [...namesIn(item)].filter((name) => changes.updates.has(name));
  const value = quietly(engine, container);
  // What is added to in each round says nothing about when something is found in it.
  const isGrowing = changes.mutations.some((mutation) => mutation.root === rootOf(container) && (mutation.effect === 'push' || mutation.effect === 'write'));
  if (moving.length > 0 && operator === 'in' && !isGrowing) {
    const motions = moving.flatMap((name) => (changes.updates.get(name) ?? []).map((update) => update.motion));
    if (motions.includes('scale-up') || motions.includes('scale-down')) {
      return bound(logarithm(size('n')), t('doubles or halves each round: {0} rounds', 'log n'), { moving });
    }
    return bound(sizeOf(value), t('moves through {0}: {1} rounds', keyOf(container), bigO(sizeOf(value)).slice(2, -1)), { moving, direction: motions.every((motion) => motion === 'down') ? 'down' : 'up' });
  }
  const mutated = changes.mutations.filter((mutation) => mutation.root === rootOf(container));
  if (mutated.some((mutation) => mutation.effect === 'remove' || mutation.effect === 'pop')) {
    return bound(sizeOf(value), t('removes from {0} each round: {1} rounds', keyOf(container), bigO(sizeOf(value)).slice(2, -1)), { moving: [rootOf(container) ?? ''], direction: 'down' });
  }
  return undefined;
}

interface Mover {
  readonly name: string;
  readonly updates: readonly Update[];
}

function comparisonBound(engine: Engine, part: Expression & { kind: 'binary' }, changes: Changes, whole: Block, statement: Statement): Bound | undefined {
  const { left, right } = part;
  for (const [side, other] of [[left, right], [right, left]] as const) {
    const collection = isSizeOf(side);
    if (collection !== undefined) {
      const root = rootOf(collection);
      if (root !== undefined && (changes.mutations.some((mutation) => mutation.root === root && mutation.effect !== 'write' && mutation.effect !== 'other') || (changes.updates.has(root) && !namesMoved(changes, other)))) {
        const found = collectionBound(engine, collection, changes, whole, statement, other);
        if (found !== undefined) {
          return found;
        }
      }
    }
  }
  // `stack[-1] > x`, `heap.peek() < t`: what is looked at is taken away in the body.
  const looked = [left, right].map((side) => toppedBy(side, changes)).find((each) => each !== undefined);
  const movers: Mover[] = [];
  if (looked !== undefined) {
    const found = collectionBound(engine, looked, changes, whole, statement, undefined);
    if (found !== undefined) {
      return found;
    }
  }
  for (const name of new Set([...namesOfPlaces(left), ...namesOfPlaces(right)])) {
    const updates = changes.updates.get(name);
    if (updates !== undefined && !beginsAnew(updates, changes)) {
      movers.push({ name, updates });
    }
  }
  if (movers.length === 0) {
    return undefined;
  }
  if ([left, right].some((side) => side.kind === 'literal' && (side.type === 'char' || (typeof side.value === 'string' && side.value.length === 1))) && ['<', '<=', '>', '>='].includes(part.operator)) {
    return bound(constant(26), t('goes through characters, of which there is a fixed number'), { moving: movers.map((mover) => mover.name) });
  }
  return moverBound(engine, part, movers, changes, statement);
}

/** A variable that every round sets to the same value before it moves: what it does says nothing about the rounds. */
function beginsAnew(updates: readonly Update[], changes: Changes): boolean {
  const [first] = updates;
  return updates.length > 1 && first?.motion === 'set' && !first.conditional && first.loops.length === 0 && first.amount !== undefined && updates.slice(1).every((update) => update.loops.length > 0 && (update.motion === 'up' || update.motion === 'down')) && first.amount.kind !== 'call' && ![...namesIn(first.amount)].some((name) => changes.updates.has(name));
}

function namesMoved(changes: Changes, expression: Expression): boolean {
  return [...namesIn(expression)].some((name) => changes.updates.has(name));
}

/** Names and fields (`node.next` as well as `node`) that occur in an expression, as the keys of updates. */
function namesOfPlaces(expression: Expression): Set<string> {
  const names = namesIn(expression);
  visitExpression(expression, {
    expression: (inner) => {
      if (inner.kind === 'member' || inner.kind === 'index') {
        names.add(keyOf(inner));
      } else if (inner.kind === 'assign' && inner.target.kind === 'name') {
        names.add(inner.target.name);
      }
      return undefined;
    },
  });
  return names;
}

/** The number that an expression halves: the middle of two bounds, or something divided by two. */
function isMiddle(engine: Engine, expression: Expression | undefined, changes: Changes, level = 0): boolean {
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

function initial(engine: Engine, name: string): Growth | undefined {
  const value = name.startsWith('this.') ? engine.receiver?.fields?.get(name.slice(5)) : (engine.value(name) ?? engine.receiver?.fields?.get(name));
  return value === undefined || isCollection(value) ? undefined : magnitude(value);
}

/** A range of numbers that large stands for all answers there can be, not for a constant of the problem. */
const roomy = 1000;

function moverBound(engine: Engine, part: Expression & { kind: 'binary' }, movers: readonly Mover[], changes: Changes, statement: Statement): Bound | undefined {
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
  const extent = maximum(start, limit);
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
      return bound(isCollection(table) ? sizeOf(table) : size('n'), t('follows links through {0}', keyOf(followed.object)), { moving: names, direction: 'up' });
    }
    if (value?.nodes !== undefined || value?.kind === 'object' || value?.kind === 'unknown' || value?.kind === 'void') {
      const nodes = value.nodes ?? size('n');
      return bound(nodes, t('follows a linked structure: {0} nodes', bigO(nodes).slice(2, -1)), { moving: names, direction: 'up' });
    }
  }
  const isScaled = motions.has('scale-up') || motions.has('scale-down');
  if (isScaled && movers.some((mover) => leavesDigitSum(mover, changes))) {
    setProgress(extent);
    return bound(one, t('each round leaves the sum over the digits, which is far smaller: the first round counts'), { moving: names, progress });
  }
  if (isScaled && !isOnlyModulo(all)) {
    const down = all.some((update) => update.motion === 'scale-down');
    const size = down ? start : isConstant(limit) ? extent : limit;
    const trips = logarithm(size);
    setProgress(maximum(size, start));
    return bound(trips, t('the number is multiplied or divided each round: {0} rounds', bigO(trips).slice(2, -1)), { moving: names, progress, direction: down ? 'down' : 'up' });
  }
  const middle = all.find((update) => (update.motion === 'set' || update.motion === 'up' || update.motion === 'down') && isMiddle(engine, update.amount, changes));
  if (middle !== undefined) {
    // Where the condition compares items and not places, the ends of the range are what the middle is made of.
    const ends = !isConstant(extent) || middle.amount === undefined ? [] : [...namesIn(middle.amount)].map((name) => initial(engine, name)).filter((growth) => growth !== undefined);
    const range = ends.reduce(maximum, extent);
    const trips = logarithm((constantValue(range) ?? 0) >= roomy ? size('range') : range);
    setProgress(range);
    return bound(trips, t('halves the range each round: {0} rounds', bigO(trips).slice(2, -1)), { moving: names, progress });
  }
  if (movers.some((mover) => doubles(mover, changes))) {
    const whole = isConstant(extent) ? size('n') : extent;
    setProgress(whole);
    return bound(logarithm(whole), t('the number is multiplied or divided each round: {0} rounds', bigO(logarithm(whole)).slice(2, -1)), { moving: names, progress, direction: 'up' });
  }
  if (movers.some((mover) => isGeometric(mover, changes))) {
    const trips = logarithm(extent);
    setProgress(extent);
    return bound(trips, t('grows like the Fibonacci numbers: {0} rounds', bigO(trips).slice(2, -1)), { moving: names, progress });
  }
  const up = all.some((update) => update.motion === 'up');
  const down = all.some((update) => update.motion === 'down');
  if (up || down) {
    const root = rootOfLimit(part, names);
    const isTwoSided = up && down;
    let range = isTwoSided ? extent : up ? (limits.length > 0 ? limit : extent) : start;
    if (up && !down && isConstant(range) && limits.length > 0 && (constantValue(range) ?? 0) <= 1) {
      // `while (x <= 0) x++` and the like: bounded by where it starts.
      range = extent;
    }
    if (up && !down && part.operator !== '<' && part.operator !== '<=' && part.operator !== '!=' && part.operator !== '==' && part.left.kind !== 'binary') {
      range = extent;
    }
    if (root !== 1) {
      range = power(range, 1 / root);
    }
    const span = spanOf(engine, part, movers, statement);
    if (span !== undefined && compare(span, range) <= 0) {
      setProgress(maximum(range, start));
      return bound(span, t('{0} moves by steps: {1} rounds', names.join(', '), bigO(span).slice(2, -1)), { moving: names, progress, direction: up ? 'up' : 'down' });
    }
    // Where both sides move the same way, or one is set anew, nothing says that they meet.
    const isOpen = limits.length === 0 && !isTwoSided;
    if (isOpen && isConstant(range)) {
      range = names.map((name) => indexedBy(engine, statement, name)).find((each) => each !== undefined) ?? size('n');
    }
    const average = all.filter((update) => update.motion === 'up').map((update) => harmonicRounds(engine, update.amount, range)).find((rounds) => rounds !== undefined);
    setProgress(maximum(range, root === 1 ? start : one));
    const direction = up && !down ? 'up' : down && !up ? 'down' : undefined;
    if (average !== undefined) {
      return bound(average, t('steps as long as the variable of the loop around it: {0} rounds on average', bigO(average).slice(2, -1)), { progress, direction });
    }
    return bound(range, t('{0} moves by steps: {1} rounds', names.join(', '), bigO(range).slice(2, -1)), { moving: names, progress, direction, isSure: !isOpen });
  }
  // Jumps: i = next, i = j after an inner loop has moved j.
  const jumping = movers.filter((mover) => mover.updates.some((update) => update.amount !== undefined && [...namesIn(update.amount)].some((name) => changes.updates.has(name) && name !== mover.name)));
  if (jumping.length > 0 && limits.length > 0 && !isConstant(extent)) {
    setProgress(extent);
    return bound(extent, t('{0} jumps ahead each round: {1} rounds', jumping.map((mover) => mover.name).join(', '), bigO(extent).slice(2, -1)), { moving: names, progress, direction: 'up' });
  }
  return undefined;
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
  const distance = isDown ? distanceBetween(limit, start) : distanceBetween(start, limit);
  return distance?.places.reduce((sum, place) => add(sum, multiply(constant(place.factor), magnitude(quietly(engine, place.expression)))), constant(distance.number));
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
function doubles(mover: Mover, changes: Changes): boolean {
  const isTwice = (value: Expression): boolean => {
    if (value.kind !== 'binary') {
      return false;
    }
    if (value.operator === '+' || value.operator === '|') {
      return isTwice(value.left) || isTwice(value.right);
    }
    const own = [value.left, value.right].some((side) => side.kind === 'name' && side.name === mover.name);
    const factor = [value.left, value.right].some((side) => side.kind === 'literal' && typeof side.value === 'number' && side.value >= (value.operator === '<<' ? 1 : 2));
    return (value.operator === '*' || value.operator === '<<') && own && factor;
  };
  return mover.updates.length > 0 && mover.updates.every((update) => update.motion === 'set') && settings(changes, mover.name).some(isTwice);
}

/** `a, b = b, a + b`: what is added was the number itself a round before. Also what is taken away shrinks so. */
function isGeometric(mover: Mover, changes: Changes): boolean {
  const isFed = (name: string): boolean => name !== mover.name && settings(changes, name).some((value) => value.kind === 'name' && value.name === mover.name);
  const isSumWithFed = (value: Expression): boolean => value.kind === 'binary' && value.operator === '+' && [[value.left, value.right], [value.right, value.left]].some(([own, other]) => own?.kind === 'name' && own.name === mover.name && other?.kind === 'name' && isFed(other.name));
  if (settings(changes, mover.name).some(isSumWithFed)) {
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
function leavesDigitSum(mover: Mover, changes: Changes): boolean {
  const scaled = mover.updates.filter((update) => update.motion === 'scale-down' && update.loops.length > 0);
  return scaled.length > 0 && mover.updates.every((update) => update.loops.length > 0 || update.motion === 'set') && mover.updates.some((update) => {
    const left = update.loops.length === 0 && update.amount?.kind === 'name' ? update.amount.name : undefined;
    return left !== undefined && (changes.updates.get(left) ?? []).some((other) => other.motion === 'up' && scaled.some((each) => each.loops[0] === other.loops[0]));
  });
}

function isOnlyModulo(updates: readonly Update[]): boolean {
  return updates.filter((update) => update.motion === 'scale-down' || update.motion === 'scale-up').every((update) => {
    const value = update.statement?.kind === 'assign' ? update.statement.value : undefined;
    const operator = update.statement?.kind === 'assign' ? update.statement.operator : undefined;
    // x = (x + 1) % n goes round; x %= y in Euclid's algorithm shrinks.
    return operator === undefined && value?.kind === 'binary' && value.operator === '%' && value.left.kind === 'binary';
  });
}

/** `p[x] != x`: x is moved to the root of its tree. */
function isRootTest(part: Expression & { kind: 'binary' }, followed: Expression & { kind: 'index' }): boolean {
  const sides = [part.left, part.right];
  return sides.some((side) => side.kind === 'index' && keyOf(side.object) === keyOf(followed.object)) || sides.some((side) => keyOf(side) === keyOf(followed));
}

/** 2 for `i * i <= n` and `i <= n / i`, 3 for `i * i * i <= n`, otherwise 1. */
function rootOfLimit(part: Expression & { kind: 'binary' }, names: readonly string[]): number {
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

/** Nothing in the condition says how often the loop runs. */
function fallbackBound(engine: Engine, changes: Changes, statement: Statement, condition: Expression | undefined): Bound {
  const conditionNames = condition === undefined ? new Set<string>() : namesIn(condition);
  const scaled = [...changes.updates.values()].flat().find((update) => (update.motion === 'scale-down' || update.motion === 'scale-up') && !isOnlyModulo([update]) && update.loops.length === 0 && (condition === undefined || conditionNames.has(update.name)));
  if (scaled !== undefined) {
    const start = initial(engine, scaled.name);
    const trips = logarithm(start === undefined || isConstant(start) ? size('n') : start);
    return bound(trips, t('{0} is multiplied or divided each round: {1} rounds', scaled.name, bigO(trips).slice(2, -1)), { moving: [scaled.name], isSure: false });
  }
  const follow = [...changes.updates.values()].flat().find((update) => update.motion === 'follow');
  if (follow !== undefined) {
    const nodes = valueNamed(engine, follow.name)?.nodes ?? size('n');
    return bound(nodes, t('follows a linked structure: {0} nodes', bigO(nodes).slice(2, -1)), { moving: [follow.name], direction: 'up', isSure: false });
  }
  const moved = [...changes.updates.values()].flat().find((update) => (update.motion === 'up' || update.motion === 'down') && update.loops.length === 0 && (conditionNames.size === 0 || conditionNames.has(update.name)));
  const start = moved === undefined ? undefined : initial(engine, moved.name);
  const indexed = moved === undefined ? undefined : indexedBy(engine, statement, moved.name);
  const trips = start !== undefined && !isConstant(start) ? start : (indexed ?? size('n'));
  engine.cannotTell(statement.lines, t('what ends the loop in line {0} is not plain from its condition; it is taken to run {1} times', statement.lines.start, bigO(trips).slice(2, -1)));
  return bound(trips, t('taken to run {0} times', bigO(trips).slice(2, -1)), { moving: moved === undefined ? [] : [moved.name], direction: moved?.motion === 'down' ? 'down' : 'up', isSure: false });
}
