import { add, constant, constantValue, type Growth, isConstant, multiply, one } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import type { Changes, Update } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr } from '../program/ir';
import { elementOf, isCollection, magnitude, sizeOf } from '../following/values';
import { isName, namesIn, rangeArguments, rootOf, targetNames, visitBlock } from '../program/visit';

/** Where the values of an expression are counted. */
export interface Counting {
  readonly engine: Engine;
  /** What a loop does in each round. */
  readonly block: Block;
  readonly changes: Changes;
  /** How often a name that the block does not change in its inner loops has another value: once per round, or once only. */
  readonly rounds: Growth;
  /** Names whose values are what is asked for: nothing is known of them. */
  readonly own: ReadonlySet<string>;
}

/** A modulus this large is that of a hash: it makes numbers smaller, but not few. */
const largest = 10_000;

const maxLevel = 6;

/** Functions of the libraries that give the same for the same arguments. */
const pure = /^(?:abs|int|long|floor|ceil|str|ord|chr|min|max|valueOf|toString|parseInt|tuple|make_pair|make_tuple|pair|round|bool|String|Number|intValue)$/;

/**
 * How many different values an expression has at most: the remainder of a division by `m` has `m`, a flag has two, and what is
 * put together from others no more than these have together. Undefined where there may be any number.
 */
export function countOfValues(counting: Counting, expression: Expression, level = 0): Growth | undefined {
  if (level > maxLevel) {
    return undefined;
  }
  const count = (part: Expression): Growth | undefined => countOfValues(counting, part, level + 1);
  switch (expression.kind) {
    case 'literal':
      return one;
    case 'unary':
      return expression.operator === '!' ? constant(2) : count(expression.operand);
    case 'conditional': {
      const [then, otherwise] = [count(expression.then), count(expression.else)];
      return then === undefined || otherwise === undefined ? undefined : add(then, otherwise);
    }
    case 'list':
      return expression.type === 'tuple' ? product(expression.items.map(count)) : undefined;
    case 'binary':
      switch (expression.operator) {
        case '==': case '!=': case '<': case '<=': case '>': case '>=': case 'in': case 'not in':
          return constant(2);
        case '%':
          return below(counting, expression.right) ?? product([count(expression.left), count(expression.right)]);
        case '&':
          return below(counting, expression.right) ?? below(counting, expression.left) ?? product([count(expression.left), count(expression.right)]);
        default:
          return product([count(expression.left), count(expression.right)]);
      }
    case 'call':
      return ofCall(counting, expression, level);
    case 'index':
      return isKept(counting, expression.object) ? (count(expression.index) ?? itemsOf(counting, expression.object)) : undefined;
    case 'name':
      return ofName(counting, expression, level);
    default:
      return undefined;
  }
}

function product(counts: readonly (Growth | undefined)[]): Growth | undefined {
  return counts.reduce<Growth | undefined>((all, each) => (all === undefined || each === undefined ? undefined : multiply(all, each)), one);
}

/** The numbers below one that the block does not change. */
function below({ engine, changes, own }: Counting, limit: Expression): Growth | undefined {
  if ([...namesIn(limit)].some((name) => own.has(name) || changes.updates.has(name))) {
    return undefined;
  }
  const value = quietly(engine, limit);
  const bound = isCollection(value) ? undefined : magnitude(value);
  return bound === undefined || (constantValue(bound) ?? 0) >= largest ? undefined : bound;
}

function isKept({ changes, own }: Counting, place: Expression): boolean {
  const root = rootOf(place);
  return root !== undefined && !own.has(root) && !changes.updates.has(root) && !changes.mutations.some((mutation) => mutation.root === root);
}

/** The items of a collection that stays as it is. */
function itemsOf(counting: Counting, collection: Expression): Growth | undefined {
  if (collection.kind !== 'name' || !isKept(counting, collection)) {
    return undefined;
  }
  const value = quietly(counting.engine, collection);
  return isCollection(value) ? sizeOf(value) : undefined;
}

function ofCall(counting: Counting, call: Expression & { kind: 'call' }, level: number): Growth | undefined {
  const { callee, args } = call;
  const name = callee.kind === 'name' || callee.kind === 'member' ? callee.name : '';
  if (name === 'floorMod' && args[1] !== undefined) {
    return below(counting, args[1]);
  }
  const { engine } = counting;
  const [fn, ...others] = callee.kind === 'name' || (callee.kind === 'member' && isName(callee.object, 'this')) ? engine.functionsNamed(name) : [];
  if (fn === undefined) {
    return pure.test(name) && (callee.kind === 'name' || (callee.kind === 'member' && callee.object.kind === 'name' && engine.value(callee.object.name) === undefined)) ? product(args.map((arg) => countOfValues(counting, arg, level + 1))) : undefined;
  }
  if (others.length > 0) {
    return undefined;
  }
  return ofResults(counting, fn, level) ?? (isPure(counting, fn, 0) ? product(args.map((arg) => countOfValues(counting, arg, level + 1))) : undefined);
}

/** What a function gives back, whatever it is given. */
function ofResults({ engine, own }: Counting, fn: FunctionIr, level: number): Growth | undefined {
  if (fn.result?.kind === 'boolean') {
    return constant(2);
  }
  const inside: Counting = { engine, block: fn.body, changes: engine.changes(fn.body), rounds: one, own: new Set([...own, ...fn.params.map((param) => param.name), ...engine.changes(fn.body).updates.keys()]) };
  let sum: Growth | undefined;
  let isKnown = true as boolean;
  visitBlock(fn.body, {
    statement: (statement) => {
      if (statement.kind === 'return' && statement.value !== undefined && isKnown) {
        const result = isFixed(statement.value) ? countOfValues(inside, statement.value, level + 1) : undefined;
        isKnown = result !== undefined;
        sum = result === undefined ? undefined : sum === undefined ? result : add(sum, result);
      }
      return isKnown && statement.kind !== 'function';
    },
  });
  return isKnown ? sum : undefined;
}

/** Made of written values alone, as far as that decides what it is: a size of the caller's may be another one here. */
function isFixed(result: Expression): boolean {
  switch (result.kind) {
    case 'literal':
      return true;
    case 'conditional':
      return isFixed(result.then) && isFixed(result.else);
    case 'unary':
      return result.operator === '!' || isFixed(result.operand);
    case 'binary':
      return ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in'].includes(result.operator) || (result.operator === '%' || result.operator === '&' ? isFixed(result.right) : isFixed(result.left) && isFixed(result.right));
    default:
      return false;
  }
}

/** Whether a function gives the same for the same arguments as long as the loop's own variables stay as they are. */
function isPure(counting: Counting, fn: FunctionIr, level: number): boolean {
  const { engine, changes, own } = counting;
  const inner = engine.changes(fn.body);
  const isLocal = (name: string): boolean => fn.params.some((param) => param.name === name) || inner.updates.get(name)?.some((update) => update.declares) === true;
  if (level > 3 || inner.mutations.length > 0 || [...inner.updates.keys()].some((name) => !isLocal(name))) {
    return false;
  }
  let isSame = true as boolean;
  visitBlock(fn.body, {
    expression: (part) => {
      if (part.kind === 'name' && !isLocal(part.name) && (own.has(part.name) || changes.updates.has(part.name) || changes.mutations.some((mutation) => mutation.root === part.name))) {
        isSame = false;
      } else if (part.kind === 'call') {
        const name = part.callee.kind === 'name' ? part.callee.name : part.callee.kind === 'member' && part.callee.object.kind === 'name' && !isLocal(part.callee.object.name) ? part.callee.name : undefined;
        const [called, ...others] = name === undefined ? [] : engine.functionsNamed(name);
        isSame &&= name !== undefined && (called === undefined ? pure.test(name) : others.length === 0 && called !== fn && isPure(counting, called, level + 1));
      } else if (part.kind === 'lambda' || part.kind === 'member' || part.kind === 'unknown' || part.kind === 'new') {
        isSame = part.kind === 'member' && isSame;
      }
      return isSame;
    },
  });
  return isSame;
}

function ofName(counting: Counting, expression: Expression & { kind: 'name' }, level: number): Growth | undefined {
  const { engine, changes, own, rounds } = counting;
  const { name } = expression;
  if (own.has(name)) {
    return undefined;
  }
  const kind = engine.value(name)?.kind;
  if (kind === 'char' || kind === 'boolean') {
    return one;
  }
  const updates = changes.updates.get(name) ?? [];
  if (updates.length === 0) {
    return clauseOf(counting, name, level) ?? (isClauseTarget(counting.block, name) ? undefined : rounds);
  }
  const counts = updates.map((update) => ofUpdate(counting, update, updates, level));
  return counts.reduce<Growth | undefined>((sum, each) => (sum === undefined || each === undefined ? undefined : add(sum, each)), constant(0));
}

function ofUpdate(counting: Counting, update: Update, all: readonly Update[], level: number): Growth | undefined {
  const { motion, amount, statement, loops } = update;
  if (statement?.kind === 'forEach') {
    return isName(statement.target, update.name) ? ofItems(counting, statement.iterable) : undefined;
  }
  if (motion === 'set') {
    const known = amount === undefined ? undefined : countOfValues(counting, amount, level + 1);
    return known ?? (loops.length === 0 ? counting.rounds : undefined);
  }
  if (loops.length === 0) {
    return counting.rounds;
  }
  const loop = loops[loops.length - 1];
  // `for (let d = 0; d < limit; d++)`
  if (motion === 'up' && amount?.kind === 'literal' && loop?.kind === 'for' && loop.condition?.kind === 'binary' && /^<=?$/.test(loop.condition.operator) && isName(loop.condition.left, update.name) && all.length === 2 && all.some((other) => other.motion === 'set' && other.amount?.kind === 'literal')) {
    return below(counting, loop.condition.right);
  }
  return undefined;
}

/** The items that a loop or a comprehension goes through, each counted once. */
function ofItems(counting: Counting, iterable: Expression): Growth | undefined {
  const names = namesIn(iterable);
  const { engine, changes, own } = counting;
  if ([...names].some((name) => own.has(name) || changes.updates.has(name) || changes.mutations.some((mutation) => mutation.root === name))) {
    return undefined;
  }
  if (rangeArguments(iterable) === undefined && iterable.kind !== 'name' && iterable.kind !== 'list' && iterable.kind !== 'literal' && iterable.kind !== 'new') {
    return undefined;
  }
  const value = quietly(engine, iterable);
  return isCollection(value) ? (elementOf(value).kind === 'char' ? one : sizeOf(value)) : undefined;
}

/** A name that a comprehension in the block gives its values. */
function clauseOf(counting: Counting, name: string, level: number): Growth | undefined {
  let found: Growth | undefined;
  visitBlock(counting.block, {
    expression: (inner) => {
      for (const clause of inner.kind === 'comprehension' ? inner.clauses : []) {
        found ??= isName(clause.target, name) && level <= maxLevel ? ofItems(counting, clause.iterable) : undefined;
      }
      return found === undefined;
    },
  });
  return found;
}

/** Whether a comprehension in the block gives the name its values. */
export function isClauseTarget(block: Block, name: string): boolean {
  let found = false;
  visitBlock(block, {
    expression: (inner) => {
      found ||= inner.kind === 'comprehension' && inner.clauses.some((clause) => targetNames(clause.target).includes(name));
      return !found;
    },
  });
  return found;
}

/** A growth that the analysis can go on with: a count that is fixed says no more than that it is. */
export function plainCount(count: Growth): Growth {
  return isConstant(count) ? one : count;
}
