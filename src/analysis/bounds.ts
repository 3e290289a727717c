import { t } from '../core/l10n';
import { compare, constant, constantValue, exponential, factorial, isConstant, logarithm, maximum, multiply, one, power, size, type Growth } from './bigO';
import type { Changes, Mutation, Update } from './changes';
import { bigO, type Engine } from './engine';
import { evaluate } from './expressions';
import { domainOf } from './guards';
import type { Block, Expression, Statement } from './ir';
import { elementOf, isCollection, magnitude, sizeOf, type Value } from './values';
import { keyOf, namesIn, rootOf, usesName, visitBlock, visitExpression } from './visit';

/** How often a loop with a condition runs each time it is reached, and why. */
export interface Bound {
  readonly trips: Growth;
  readonly text: string;
  /** Bounds, during the loop, of the variables that it moves. */
  readonly progress: ReadonlyMap<string, Growth>;
  /** The variables whose movement ends the loop. */
  readonly moving: readonly string[];
  readonly direction: 'up' | 'down' | undefined;
  /** The collection that the loop empties while filling it. */
  readonly worklist: Value | undefined;
  readonly worklistName: string | undefined;
  readonly distinct: ReadonlySet<string>;
  /** One round on average for each round of the loop around it. */
  readonly perRound: boolean;
  /** Where the marks are kept by which each place enters the work list once. */
  readonly guard: string | undefined;
  /** Other bounds of the same loop, from other parts of its condition. */
  readonly alternatives: readonly Bound[];
  /** False where it is a guess. */
  readonly isSure: boolean;
}

const none: Omit<Bound, 'trips' | 'text'> = {
  progress: new Map(), moving: [], direction: undefined, worklist: undefined, worklistName: undefined, distinct: new Set(), perRound: false, guard: undefined, alternatives: [], isSure: true,
};

function bound(trips: Growth, text: string, parts: Partial<Bound> = {}): Bound {
  return { ...none, trips, text, ...parts };
}

/** The bound of a loop from its condition and from what its body changes. */
export function conditionBound(engine: Engine, condition: Expression | undefined, whole: Block, statement: Statement): Bound {
  const changes = engine.changes(whole.length === 0 || statement.kind !== 'for' ? whole : blockOf(statement));
  const merged = withCondition(engine, changes, condition);
  const isEndless = condition === undefined || (condition.kind === 'literal' && condition.value !== false && condition.value !== 0);
  const found = isEndless ? exitBound(engine, whole, merged, statement) : partBound(engine, condition, merged, whole, statement);
  if (found !== undefined) {
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
  return best(exits.map((exit) => partBound(engine, exit, changes, whole, statement)).filter((each) => each !== undefined && each.isSure));
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

/** The collection whose size an expression is: `len(q)`, `q.size()`, `q.length`. */
export function isSizeOf(expression: Expression): Expression | undefined {
  if (expression.kind === 'call') {
    if (expression.callee.kind === 'name' && expression.args.length === 1 && /^(?:len|count|sizeof|strlen|size|ssize|empty)$/.test(expression.callee.name)) {
      return expression.args[0];
    }
    if (expression.callee.kind === 'member' && /^(?:size|length|len|Len|Count|qsize|count)$/.test(expression.callee.name) && expression.args.length === 0) {
      return expression.callee.object;
    }
  }
  return expression.kind === 'member' && /^(?:length|size|Count|Length)$/.test(expression.name) ? expression.object : undefined;
}

function quietly(engine: Engine, expression: Expression): Value {
  let value: Value | undefined;
  engine.inFrame('branch', {}, () => {
    value = evaluate(engine, expression);
  });
  return value ?? ({ kind: 'unknown' } as Value);
}

function hasPops(changes: Changes, root: string | undefined): boolean {
  return root !== undefined && changes.mutations.some((mutation) => mutation.root === root && mutation.effect === 'pop');
}

/** `while x in seen`: x moves through what is seen. */
function membershipBound(engine: Engine, operator: string, item: Expression, container: Expression, changes: Changes): Bound | undefined {
  const moving = [...namesIn(item)].filter((name) => changes.updates.has(name));
  const value = quietly(engine, container);
  if (moving.length > 0 && operator === 'in') {
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
    if (updates !== undefined) {
      movers.push({ name, updates });
    }
  }
  if (movers.length === 0) {
    return undefined;
  }
  return moverBound(engine, part, movers, changes, whole, statement);
}

/** The collection whose next item an expression looks at, where the loop takes items from it. */
function toppedBy(side: Expression, changes: Changes): Expression | undefined {
  let found: Expression | undefined;
  visitExpression(side, {
    expression: (inner) => {
      const object = inner.kind === 'index' ? inner.object : inner.kind === 'call' && inner.callee.kind === 'member' && /^(?:peek|top|back|front|first|last|getLast|getFirst|peekFirst|peekLast|at|Peek|firstKey|lastKey|firstEntry|lastEntry|get)$/.test(inner.callee.name) ? inner.callee.object : undefined;
      if (object !== undefined && found === undefined && (object.kind === 'name' || (object.kind === 'member' && object.object.kind === 'name' && object.object.name === 'this')) && hasPops(changes, rootOf(object)) && !changes.updates.has(rootOf(object) ?? '')) {
        found = object;
      }
      return undefined;
    },
  });
  return found;
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

function valueNamed(engine: Engine, name: string): Value | undefined {
  return name.startsWith('this.') ? engine.receiver?.fields?.get(name.slice(5)) : (engine.value(name) ?? engine.receiver?.fields?.get(name));
}

function moverBound(engine: Engine, part: Expression & { kind: 'binary' }, movers: readonly Mover[], changes: Changes, whole: Block, statement: Statement): Bound | undefined {
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
  if (isScaled && !isOnlyModulo(all)) {
    const down = all.some((update) => update.motion === 'scale-down');
    const size = down ? start : isConstant(limit) ? extent : limit;
    const trips = logarithm(size);
    setProgress(maximum(size, start));
    return bound(trips, t('the number is multiplied or divided each round: {0} rounds', bigO(trips).slice(2, -1)), { moving: names, progress, direction: down ? 'down' : 'up' });
  }
  if (all.some((update) => (update.motion === 'set' || update.motion === 'up' || update.motion === 'down') && isMiddle(engine, update.amount, changes))) {
    const trips = logarithm(extent);
    setProgress(extent);
    return bound(trips, t('halves the range each round: {0} rounds', bigO(trips).slice(2, -1)), { moving: names, progress });
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
    const harmonic = harmonicStep(engine, all, statement);
    setProgress(maximum(range, root === 1 ? start : one));
    const direction = up && !down ? 'up' : down && !up ? 'down' : undefined;
    if (harmonic) {
      engine.assume(t('steps of 1, 2, 3, … add up to a harmonic sum: n/1 + n/2 + … = n log n'));
      const trips = logarithm(range);
      return bound(trips, t('steps as long as the variable of the loop around it: {0} rounds on average', bigO(trips).slice(2, -1)), { progress, direction });
    }
    return bound(range, t('{0} moves by steps: {1} rounds', names.join(', '), bigO(range).slice(2, -1)), { moving: names, progress, direction });
  }
  // Jumps: i = next, i = j after an inner loop has moved j.
  const jumping = movers.filter((mover) => mover.updates.some((update) => update.amount !== undefined && [...namesIn(update.amount)].some((name) => changes.updates.has(name) && name !== mover.name)));
  if (jumping.length > 0 && limits.length > 0 && !isConstant(extent)) {
    setProgress(extent);
    return bound(extent, t('{0} jumps ahead each round: {1} rounds', jumping.map((mover) => mover.name).join(', '), bigO(extent).slice(2, -1)), { moving: names, progress, direction: 'up' });
  }
  void whole;
  return undefined;
}

/** `a, b = b, a + b`: what is added was the number itself a round before. Also what is taken away shrinks so. */
function isGeometric(mover: Mover, changes: Changes): boolean {
  return mover.updates.some((update) => {
    const names = update.amount === undefined ? [] : [...namesIn(update.amount)].filter((name) => name !== mover.name);
    const isFed = (name: string): boolean => (changes.updates.get(name) ?? []).some((other) => other.amount?.kind === 'name' && (other.amount.name === mover.name));
    if (update.motion === 'up' || update.motion === 'set') {
      return names.length === 1 && update.amount?.kind === 'name' && update.motion === 'up' && isFed(names[0] ?? '');
    }
    // k -= b, where b itself becomes smaller numbers of such a sequence.
    const [taken] = names;
    return update.motion === 'down' && update.amount?.kind === 'name' && taken !== undefined && [taken, ...(changes.updates.get(taken) ?? []).flatMap((other) => (other.amount?.kind === 'name' ? [other.amount.name] : []))].some((name) => (changes.updates.get(name) ?? []).some((other) => other.motion === 'set' && other.amount?.kind === 'binary' && other.amount.operator === '-' && keyOf(other.amount.left) !== name));
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

/** The step is the variable of a loop around, which runs through 1, 2, 3, …: the rounds add up to a harmonic sum. */
function harmonicStep(engine: Engine, updates: readonly Update[], statement: Statement): boolean {
  void statement;
  const amounts = updates.filter((update) => update.motion === 'up').map((update) => update.amount);
  return amounts.some((amount) => amount !== undefined && amount.kind !== 'literal' && engine.openLoops().some((loop) => {
    const { loop: outer } = loop;
    const variables = outer === undefined ? [] : outer.kind === 'forEach' && outer.target.kind === 'name' ? [outer.target.name] : outer.kind === 'for' || outer.kind === 'while'
      ? [...engine.changes(loop.body).updates].filter(([name, list]) => list.some((update) => update.motion === 'up' && update.amount?.kind === 'literal') && isConditionName(outer, name)).map(([name]) => name) : [];
    const isRange = outer?.kind !== 'forEach' || (outer.iterable.kind === 'call');
    return isRange && amount.kind === 'name' && variables.includes(amount.name);
  }));
}

function isConditionName(loop: Statement & { kind: 'for' | 'while' }, name: string): boolean {
  return loop.condition !== undefined && usesName(loop.condition, name);
}

/** A loop that goes on until a collection is empty, or has a given size. */
function collectionBound(engine: Engine, collection: Expression, changes: Changes, whole: Block, statement: Statement, limit: Expression | undefined): Bound | undefined {
  const root = rootOf(collection);
  const value = quietly(engine, collection);
  if (root === undefined) {
    return undefined;
  }
  const own = changes.mutations.filter((mutation) => mutation.root === root);
  const swaps = (changes.updates.get(root) ?? []).filter((update) => update.amount !== undefined);
  const nextNames = swaps.flatMap((update) => (update.amount?.kind === 'name' ? [update.amount.name] : []));
  const pushes = [...own, ...changes.mutations.filter((mutation) => nextNames.includes(mutation.root))].filter((mutation) => mutation.effect === 'push' || mutation.effect === 'extend' || (mutation.effect === 'write' && isSetLike(value)));
  const pops = own.filter((mutation) => mutation.effect === 'pop' || mutation.effect === 'remove' || mutation.effect === 'clear');
  const length = isCollection(value) ? sizeOf(value) : value.nodes ?? sizeOf(value);
  if (pops.length === 0 && swaps.length === 0) {
    if (pushes.length > 0 && limit !== undefined) {
      const rounds = magnitude(quietly(engine, limit));
      return bound(rounds, t('fills {0} up to {1} items', keyOf(collection), bigO(rounds).slice(2, -1)), { moving: [root], direction: 'up' });
    }
    return value.kind === 'iterator' ? bound(length, t('takes all items of {0}', keyOf(collection))) : undefined;
  }
  if (pushes.length === 0 && swaps.length === 0) {
    return drainBound(engine, collection, root, length, statement);
  }
  return walkBound(engine, { collection, root, value, length, pushes, pops, swaps }, changes, whole);
}

function isSetLike(value: Value): boolean {
  return value.kind === 'set' || value.kind === 'map';
}

/** Only takes items away. What the loops around put in is what there is to take. */
function drainBound(engine: Engine, collection: Expression, root: string, length: Growth, statement: Statement): Bound {
  const [around] = engine.openLoops();
  if (around !== undefined) {
    const changes = engine.changes(around.body);
    const filled = changes.mutations.some((mutation) => mutation.root === root && (mutation.effect === 'push' || mutation.effect === 'extend' || mutation.effect === 'write') && !mutation.loops.includes(statement));
    const isNew = (changes.updates.get(root) ?? []).some((update) => !update.loops.includes(statement));
    if (filled && !isNew) {
      return bound(length, '', { moving: [root], direction: 'down', perRound: true, worklistName: root });
    }
  }
  return bound(length, t('takes the items of {0}, {1} in all', keyOf(collection), bigO(length).slice(2, -1)), { moving: [root], direction: 'down' });
}

interface Worklist {
  readonly collection: Expression;
  readonly root: string;
  readonly value: Value;
  readonly length: Growth;
  readonly pushes: readonly Mutation[];
  readonly pops: readonly Mutation[];
  readonly swaps: readonly Update[];
}

/** A work list: what is put in again decides how often the loop runs. */
function walkBound(engine: Engine, list: Worklist, changes: Changes, whole: Block): Bound {
  const { root, value, pushes, pops } = list;
  const common = { worklist: value, worklistName: root, distinct: new Set(['*']) };
  const nodes = isCollection(value) ? elementOf(value).nodes : undefined;
  const pushedNodes = pushes.map((push) => (push.item?.kind === 'name' ? valueNamed(engine, push.item.name)?.nodes : undefined)).find((each) => each !== undefined);
  const pushesChild = pushedNodes !== undefined || pushes.some((push) => isChild(push.item, changes));
  const guard = visitedContainer(engine, changes, whole, root);
  if (guard === undefined && (nodes !== undefined || pushesChild)) {
    const count = nodes ?? pushedNodes ?? size('n');
    return bound(count, t('visits each of {0} nodes once', bigO(count).slice(2, -1)), common);
  }
  if (guard !== undefined) {
    const states = guard.domain ?? stateCount(engine, list, changes, whole, guard.root);
    return bound(states, t('each of {0} places enters {1} once, as {2} keeps what was seen', bigO(states).slice(2, -1), root, guard.root), { ...common, guard: guard.root });
  }
  const popped = pops.filter((pop) => !pop.conditional).length;
  const isRepeated = pushes.some((push) => push.loops.length > 0 || push.effect === 'extend');
  if (popped > pushes.length && !isRepeated) {
    return bound(list.length, t('takes more from {0} than it puts back: {1} rounds', root, bigO(list.length).slice(2, -1)), { moving: [root], direction: 'down', isSure: true });
  }
  if (pushes.length <= 1 && !isRepeated) {
    const count = isConstant(list.length) ? size('n') : list.length;
    return bound(count, t('takes one item and puts at most one back: about {0} rounds', bigO(count).slice(2, -1)), { ...common, distinct: new Set(), isSure: false });
  }
  const derived = derivedNames(root, changes, whole);
  const successors = pushes.filter((push) => push.item !== undefined && !isSuppliedElsewhere(push, root, changes) && [...namesIn(push.item)].some((name) => derived.has(name)));
  if (successors.length === 0) {
    const count = otherSupply(engine, changes, root) ?? (isConstant(list.length) ? size('n') : list.length);
    return bound(count, t('what enters {0} does not come from what was taken: {1} items in all', root, bigO(count).slice(2, -1)), { ...common, distinct: new Set() });
  }
  if (successors.length === 1 && isNeighbourPush(successors[0], changes) && !growsPath(successors[0], derived, changes)) {
    const count = neighbourhood(engine, whole) ?? size('n');
    engine.assume(t('nothing is marked as visited, so the links followed form a tree'));
    return bound(count, t('each of {0} nodes of a tree enters {1} once', bigO(count).slice(2, -1), root), common);
  }
  if (pushes.every((push) => push.conditional)) {
    const count = stateCount(engine, list, changes, whole, undefined);
    return bound(count, t('each of {0} places enters {1} at most once', bigO(count).slice(2, -1), root), { ...common, isSure: false });
  }
  const growth = exponential(constant(2), size('n'));
  return bound(growth, t('puts several items into {0} for each one taken', root), { ...common, distinct: new Set(), isSure: false });
}

/** Names whose values come from what was taken out of the work list. */
function derivedNames(root: string, changes: Changes, whole: Block): Set<string> {
  const derived = new Set<string>();
  for (let round = 0; round < 3; round++) {
    for (const [name, updates] of changes.updates) {
      if (updates.some((update) => update.amount !== undefined && (usesName(update.amount, root) || [...namesIn(update.amount)].some((each) => derived.has(each))))) {
        derived.add(name);
      }
    }
    visitBlock(whole, {
      statement: (statement) => {
        if (statement.kind === 'forEach' && [...namesIn(statement.iterable)].some((each) => derived.has(each) || each === root)) {
          for (const name of namesIn(statement.target)) {
            derived.add(name);
          }
        } else if (statement.kind === 'assign' && statement.target.kind === 'list' && [...namesIn(statement.value)].some((each) => derived.has(each) || each === root)) {
          for (const name of namesIn(statement.target)) {
            derived.add(name);
          }
        }
        return undefined;
      },
    });
  }
  return derived;
}

/** The push stands in a loop that takes from another collection, or moves an index that is never set back. */
function isSuppliedElsewhere(push: Mutation, root: string, changes: Changes): boolean {
  const loop = push.loops[push.loops.length - 1];
  if (loop === undefined || loop.kind === 'forEach') {
    return false;
  }
  if (changes.mutations.some((mutation) => mutation.effect === 'pop' && mutation.root !== root && mutation.loops.includes(loop))) {
    return true;
  }
  for (const [, updates] of changes.updates) {
    const inside = updates.filter((update) => update.loops.includes(loop));
    if (inside.length > 0 && inside.length === updates.length && inside.every((update) => update.motion === 'up' && update.amount?.kind === 'literal')) {
      return true;
    }
  }
  return false;
}

/** Another collection that the loop takes items from, or an index that it moves: what supplies the work list. */
function otherSupply(engine: Engine, changes: Changes, root: string): Growth | undefined {
  for (const mutation of changes.mutations) {
    if (mutation.effect === 'pop' && mutation.root !== root) {
      const value = valueNamed(engine, mutation.root);
      if (value !== undefined && isCollection(value) && !isConstant(sizeOf(value))) {
        return sizeOf(value);
      }
    }
  }
  return undefined;
}

/** What is pushed is what was taken with something added: every path is an item of its own. */
function growsPath(push: Mutation | undefined, derived: ReadonlySet<string>, changes: Changes): boolean {
  let grows = false;
  const look = (expression: Expression | undefined, level: number): void => {
    if (expression === undefined || level > 2) {
      return;
    }
    visitExpression(expression, {
      expression: (inner) => {
        if (inner.kind === 'binary' && inner.operator === '+' && (inner.right.kind === 'list' || inner.left.kind === 'list') && [...namesIn(inner)].some((name) => derived.has(name))) {
          grows = true;
        } else if (inner.kind === 'spread' && [...namesIn(inner.value)].some((name) => derived.has(name))) {
          grows = true;
        } else if (inner.kind === 'name') {
          for (const update of changes.updates.get(inner.name) ?? []) {
            if (update.motion === 'set' && update.loops.length > 0) {
              look(update.amount, level + 1);
            }
          }
        }
        return !grows;
      },
    });
  };
  look(push?.item, 0);
  return grows;
}

/** `for v in graph[u]: q.append(v)`: the items of a collection found by what was taken. */
function isNeighbourPush(push: Mutation | undefined, changes: Changes): boolean {
  if (push?.item === undefined) {
    return false;
  }
  if (push.effect === 'extend') {
    return push.item.kind === 'index' || push.item.kind === 'member' || push.item.kind === 'call';
  }
  const names = namesIn(push.item);
  return push.loops.some((loop) => loop.kind === 'forEach' && (loop.iterable.kind === 'index' || loop.iterable.kind === 'member' || loop.iterable.kind === 'call' || loop.iterable.kind === 'binary') && [...namesIn(loop.target)].some((name) => names.has(name)) && changes.updates.size > 0) || push.loops.some((loop) => loop.kind === 'for');
}

function isChild(item: Expression | undefined, changes: Changes): boolean {
  if (item === undefined) {
    return false;
  }
  if (item.kind === 'member') {
    return item.object.kind === 'name' && item.object.name !== 'this';
  }
  if (item.kind === 'list') {
    return item.items.some((each) => isChild(each, changes));
  }
  if (item.kind === 'name') {
    return (changes.updates.get(item.name) ?? []).some((update) => update.statement?.kind === 'forEach' && update.statement.iterable.kind === 'member');
  }
  return false;
}

/** A table or set that the loop both tests and writes: what was seen, distances, counts of open edges, the map itself. */
function visitedContainer(engine: Engine, changes: Changes, whole: Block, worklist: string): { root: string; domain: Growth | undefined } | undefined {
  const tested = new Set<string>();
  const note = (expression: Expression): void => {
    const root = rootOf(expression);
    if (root !== undefined && root !== worklist) {
      tested.add(root);
    }
  };
  const look = (condition: Expression): void => {
    visitExpression(condition, {
      expression: (inner) => {
        if (inner.kind === 'index') {
          note(inner.object);
        } else if (inner.kind === 'binary' && (inner.operator === 'in' || inner.operator === 'not in')) {
          note(inner.right);
        } else if (inner.kind === 'call' && inner.callee.kind === 'member' && !/^(?:size|length|empty|isEmpty)$/.test(inner.callee.name)) {
          note(inner.callee.object);
        }
        return undefined;
      },
    });
  };
  const locals = new Map<string, Expression>();
  visitBlock(whole, {
    statement: (statement) => {
      if (statement.kind === 'if') {
        look(statement.condition);
        for (const name of namesIn(statement.condition)) {
          const definition = locals.get(name);
          if (definition !== undefined) {
            look(definition);
          }
        }
      } else if ((statement.kind === 'declare' || statement.kind === 'assign') && statement.value !== undefined) {
        const name = statement.kind === 'declare' ? statement.name : statement.target.kind === 'name' ? statement.target.name : '';
        if (statement.value.kind === 'index' || statement.value.kind === 'call') {
          locals.set(name, statement.value);
        }
      } else if (statement.kind === 'forEach') {
        // `for v in g[u] - seen`
        return undefined;
      }
      return undefined;
    },
    expression: (expression) => {
      if (expression.kind === 'conditional') {
        look(expression.condition);
      } else if (expression.kind === 'comprehension') {
        for (const clause of expression.clauses) {
          clause.conditions.forEach(look);
        }
      }
      return undefined;
    },
  });
  for (const mutation of changes.mutations) {
    if (tested.has(mutation.root) && mutation.root !== worklist && !isFresh(changes, mutation.root)) {
      const target: Expression = mutation.index === undefined ? mutation.object : { kind: 'index', lines: mutation.object.lines, object: mutation.object, index: mutation.index };
      const value = valueNamed(engine, mutation.root);
      if (mutation.effect === 'remove' && value !== undefined && !value.allocated && isCollection(value)) {
        return { root: mutation.root, domain: sizeOf(value) };
      }
      return { root: mutation.root, domain: mutation.effect === 'write' ? domainOf(engine, mutation.root, target) : undefined };
    }
  }
  return undefined;
}

function isFresh(changes: Changes, root: string): boolean {
  return (changes.updates.get(root) ?? []).some((update) => update.declares && update.loops.length === 0);
}

/** Number of different items that can enter the work list. */
function stateCount(engine: Engine, list: Worklist, changes: Changes, whole: Block, guard: string | undefined): Growth {
  void guard;
  const pushed = list.pushes.map((push) => push.item).find((item) => item !== undefined);
  const parts = pushed?.kind === 'list' ? pushed.items : pushed?.kind === 'new' ? [...(pushed.items ?? []), ...pushed.args] : pushed === undefined ? [] : [pushed];
  let states: Growth = one;
  let counted = 0;
  for (const part of parts) {
    if (part.kind === 'literal' || isCounter(part, changes)) {
      continue;
    }
    const text = keyOf(part);
    if (/<<|\|/.test(text) && part.kind === 'binary') {
      states = multiply(states, exponential(constant(2), size('n')));
      counted += 1;
      continue;
    }
    const limit = limitIn(engine, whole, text);
    if (limit !== undefined && !isConstant(limit)) {
      states = multiply(states, limit);
      counted += 1;
    }
  }
  if (counted > 0) {
    return states;
  }
  return neighbourhood(engine, whole) ?? size('n');
}

/** `d + 1` in a pushed pair counts steps; it is no place of its own. */
function isCounter(part: Expression, changes: Changes): boolean {
  void changes;
  return part.kind === 'binary' && part.operator === '+' && part.right.kind === 'literal';
}

/** What an expression is compared with in conditions: `x < rows` gives rows. */
function limitIn(engine: Engine, whole: Block, text: string): Growth | undefined {
  let found: Growth | undefined;
  visitBlock(whole, {
    expression: (inner) => {
      if (inner.kind === 'binary' && ['<', '<=', '==', '>=', '>'].includes(inner.operator) && found === undefined) {
        const other = keyOf(inner.left) === text ? inner.right : keyOf(inner.right) === text ? inner.left : undefined;
        if (other !== undefined && other.kind !== 'literal') {
          const value = quietly(engine, other);
          if (!isCollection(value) && value.number !== undefined && !isConstant(value.number)) {
            found = value.number;
          }
        }
      }
      return undefined;
    },
  });
  return found;
}

/** The size of the graph whose neighbours the loop goes through. */
function neighbourhood(engine: Engine, whole: Block): Growth | undefined {
  let found: Growth | undefined;
  visitBlock(whole, {
    statement: (statement) => {
      if (statement.kind === 'forEach' && found === undefined) {
        const { iterable } = statement;
        const object = iterable.kind === 'index' ? iterable.object : iterable.kind === 'call' && iterable.callee.kind === 'member' ? iterable.callee.object : undefined;
        if (object !== undefined) {
          const value = quietly(engine, object);
          if (isCollection(value) && !isConstant(sizeOf(value))) {
            found = sizeOf(value);
          }
        }
      }
      return undefined;
    },
  });
  return found;
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
  const trips = start !== undefined && !isConstant(start) ? start : size('n');
  engine.cannotTell(statement.lines, t('what ends the loop in line {0} is not plain from its condition; it is taken to run {1} times', statement.lines.start, bigO(trips).slice(2, -1)));
  return bound(trips, t('taken to run {0} times', bigO(trips).slice(2, -1)), { moving: moved === undefined ? [] : [moved.name], direction: moved?.motion === 'down' ? 'down' : 'up', isSure: false });
}
