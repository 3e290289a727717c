import { t } from '../../core/l10n';
import { one } from '../algebra/bigO';
import { type Bound, bound } from './bound';
import type { Changes } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr } from '../program/ir';
import { initial } from './movers';
import { ownOf } from '../input/wholeInput';
import { conjunctsOf, rootOf, usesName, visitBlock, visitExpression } from '../program/visit';

/**
 * A loop that goes on with the sum over a number's digits, whatever is made of each digit: `n = digitSquares(n)`. After the first
 * round the number is about as large as it had digits, after the second less than a few hundred, and stays so.
 */
export function digitSumBound(engine: Engine, condition: Expression | undefined, body: Block, changes: Changes): Bound | undefined {
  for (const [name, updates] of changes.updates) {
    const own = updates.filter(({ loops }) => loops.length === 0);
    const isSum = own.length > 0 && own.length === updates.length && own.every(({ amount, motion, declares }) => motion === 'set' && !declares && isDigitSum(engine, amount, name, changes)) && own.some(({ conditional }) => !conditional);
    if (isSum && endsBy(condition, body, name)) {
      const start = initial(engine, name);
      return bound(one, t('each round leaves the sum over the digits, which is far smaller: the first round counts'), { moving: [name], progress: start === undefined ? new Map() : new Map([[name, start]]) });
    }
  }
  return undefined;
}

/** The loop goes on only for as long as its condition, or a test that leaves it, says so of `name`. */
function endsBy(condition: Expression | undefined, body: Block, name: string): boolean {
  const isEndless = condition === undefined || condition.kind === 'literal';
  const tests = isEndless ? body.flatMap((statement) => (statement.kind === 'if' && statement.then.some(({ kind }) => kind === 'return' || kind === 'break') ? [statement.condition] : [])) : conjunctsOf(condition);
  return tests.some((test) => usesName(test, name) && !(test.kind === 'binary' && test.operator === '||'));
}

function isDigitSum(engine: Engine, value: Expression | undefined, name: string, changes: Changes, level = 0): boolean {
  if (value?.kind === 'name') {
    return addsDigits(changes, value.name, name);
  }
  // Functions that call each other, or themselves, may go on like that for ever.
  if (value?.kind !== 'call' || level > 3) {
    return false;
  }
  const { callee, args } = value;
  if (callee.kind === 'lambda') {
    return args.length === 0 && givesDigitSum(engine, callee.function, name, level + 1);
  }
  const fn = ownOf(engine, value);
  if (fn === undefined && ((callee.kind === 'name' && callee.name === 'sum') || (callee.kind === 'member' && callee.name === 'reduce'))) {
    return callee.kind === 'member' ? hasTextOf(callee.object, name) : args[0] !== undefined && hasTextOf(args[0], name);
  }
  const at = args.findIndex((arg) => usesName(arg, name));
  const given = args[at];
  const param = fn?.params[at]?.name;
  return fn !== undefined && given !== undefined && param !== undefined && ((given.kind === 'name' && given.name === name) || isDigitSum(engine, given, name, changes, level + 1)) && givesDigitSum(engine, fn, param, level + 1);
}

/** A function that gives back the sum over the digits of `param`. */
function givesDigitSum(engine: Engine, fn: FunctionIr, param: string, level: number): boolean {
  const inside = engine.changes(fn.body);
  const results: (Expression | undefined)[] = [];
  visitBlock(fn.body, { statement: (statement) => {
    if (statement.kind === 'return') {
      results.push(statement.value);
    }
    return statement.kind === 'function' ? false : undefined;
  } });
  return results.length > 0 && results.every((result) => result !== undefined && (result.kind === 'name' ? addsDigits(inside, result.name, param) : result.kind === 'call' && isDigitSum(engine, result, param, inside, level)));
}

/** Whether `sum` begins at a number and adds, in one loop, what is made of the digits of `name`. */
function addsDigits({ updates }: Changes, sum: string, name: string): boolean {
  const own = updates.get(sum) ?? [];
  const added = own.filter(({ motion }) => motion === 'up');
  const isBegun = own.every((update) => added.includes(update) || (update.loops.length === 0 && update.amount?.kind === 'literal') || (update.declares && update.amount === undefined));
  return sum !== name && isBegun && added.length > 0 && added.every(({ amount, loops }) => {
    const [loop] = loops;
    if (loop === undefined || amount === undefined) {
      return false;
    }
    if (loop.kind === 'forEach') {
      return hasTextOf(loop.iterable, name);
    }
    // The number itself, or a copy of it, loses a digit in each round.
    const divided = [...updates].some(([each, moves]) => (each === name || moves.some((move) => move.amount !== undefined && usesName(move.amount, name))) && moves.some((move) => move.loops[0] === loop && (move.motion === 'scale-down' || isQuotient(move.amount))));
    return divided && isOfRemainder(amount, updates);
  });
}

function isQuotient(value: Expression | undefined): boolean {
  return value?.kind === 'binary' && (value.operator === '/' || value.operator === '//');
}

/** `(n % 10) * (n % 10)`, `digit ** 2`, where the round sets `digit` to a remainder. */
function isOfRemainder(amount: Expression, updates: Changes['updates']): boolean {
  let isRemainder = false;
  visitExpression(amount, { expression: (inner) => {
    const isOne = (value: Expression | undefined): boolean => value?.kind === 'binary' && value.operator === '%' && value.right.kind === 'literal';
    isRemainder = isRemainder || isOne(inner) || (inner.kind === 'name' && (updates.get(inner.name) ?? []).some((update) => isOne(update.amount)));
    return !isRemainder;
  } });
  return isRemainder;
}

/** A text of the number: `str(n)`, `String(n)`, `n.toString()`, `` `${n}` ``, also taken apart. */
function hasTextOf(value: Expression, name: string): boolean {
  let isText = false;
  visitExpression(value, { expression: (inner) => {
    if (inner.kind === 'call') {
      const { callee, args } = inner;
      const isMade = (callee.kind === 'name' && /^(?:str|String|to_string)$/.test(callee.name)) || (callee.kind === 'member' && /^(?:valueOf|toString|Itoa|Sprint|to_s)$/.test(callee.name));
      isText = isText || (isMade && (args.some((arg) => arg.kind === 'name' && arg.name === name) || (callee.kind === 'member' && rootOf(callee.object) === name)));
    } else if (inner.kind === 'template') {
      isText = isText || inner.parts.some((part) => part.kind === 'name' && part.name === name);
    }
    return !isText;
  } });
  return isText;
}
