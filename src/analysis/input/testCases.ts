import { gathersAnswers, isAnswers } from './answers';
import type { Mutation } from '../program/changes';
import type { Engine } from '../following/engine';
import { evaluate } from '../following/expressions';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import type { Value } from '../following/values';
import { conjunctsOf, keyOf, namesIn, rangeArguments, targetNames, usesName, visitBlock, visitExpression } from '../program/visit';
import { givenTo, isLinesOfInput, isPlaceInInput, isRestOfInput, libraryOperation, readsAnything, readsRest, takesWords } from './wholeInput';
import { Memo } from '../program/memo';

/** A loop over the test cases of the input: the bound is the first thing read, and each round reads and prints for itself. */
export function isTestCases(
  engine: Engine,
  loop: { readonly block?: Block; readonly iterableExpression: Expression; readonly iterable: Value; readonly comprehension?: Comprehension | undefined; readonly hint?: string | undefined; readonly target?: Expression },
): boolean {
  const { comprehension, iterableExpression } = loop;
  const block = loop.block ?? (comprehension === undefined ? undefined : roundOf(comprehension));
  if (block === undefined || !hasInput(engine) || engine.openLoops().length > 0 || !(isCounted(engine, iterableExpression) || isLines(engine, iterableExpression))) {
    return false;
  }
  if (runsUpTo(engine, block, countOf(iterableExpression))) {
    return false;
  }
  const { reads, prints } = readsAndPrints(engine, block, 0, loop.target === undefined ? [] : targetNames(loop.target));
  const isAnswered = prints || (comprehension !== undefined && isAnswers(engine, comprehension, loop.hint ?? ''));
  return (reads || isLines(engine, iterableExpression)) && isAnswered && !keepsState(engine, block);
}

/** What reads nothing has no test cases. */
function hasInput(engine: Engine): boolean {
  return readsAnything(engine) || readsRest(engine);
}

/** The variable that a range goes up to: `t` of `range(t)` and `range(1, t + 1)`. */
function countOf(iterable: Expression): string | undefined {
  const last = rangeArguments(iterable)?.slice(0, 2).pop();
  const plain = last?.kind === 'binary' && last.right.kind === 'literal' ? last.left : last;
  return plain?.kind === 'name' ? plain.name : undefined;
}

/**
 * Whether a loop inside goes up to `count` as well, or to another number that was read before: then those are sizes of the data,
 * such as rows and columns of a table, and do not say how many cases there are.
 */
function runsUpTo(engine: Engine, block: Block, count: string | undefined): boolean {
  const { updates } = engine.changes(block);
  let found = false as boolean;
  const note = (limit: Expression | undefined): void => {
    if (limit !== undefined && !found) {
      // What is given something anew is no size of the data.
      found = [...namesIn(limit)].some((name) => !updates.has(name) && (name === count || engine.value(name)?.input === 'number'));
    }
  };
  visitBlock(block, {
    statement: (statement) => {
      if (statement.kind === 'for' || statement.kind === 'while') {
        note(statement.condition);
      } else if (statement.kind === 'forEach') {
        rangeArguments(statement.iterable)?.forEach(note);
      }
      return !found;
    },
    expression: (inner) => {
      if (inner.kind === 'comprehension') {
        inner.clauses.forEach((clause) => rangeArguments(clause.iterable)?.forEach(note));
      }
      return !found;
    },
  });
  return found;
}

type Comprehension = Expression & { kind: 'comprehension' };

const rounds = new Memo<Comprehension, Block>();

/** What a loop that is written as an expression does in one round. */
function roundOf(comprehension: Comprehension): Block | undefined {
  if (comprehension.clauses.length > 1 || (comprehension.clauses[0]?.conditions.length ?? 1) > 0) {
    return undefined;
  }
  let block = rounds.get(comprehension);
  if (block === undefined) {
    block = [{ kind: 'expression', lines: comprehension.lines, value: comprehension.element }];
    rounds.set(comprehension, block);
  }
  return block;
}

/** `range(t)`, or a call of a function that gives just that, where `t` was read from the input. */
function isCounted(engine: Engine, iterable: Expression, level = 0): boolean {
  const args = rangeArguments(iterable);
  if (args === undefined && iterable.kind === 'call' && iterable.callee.kind === 'name' && iterable.args.length === 0 && level < 3) {
    const [only, ...others] = engine.functionsNamed(iterable.callee.name)[0]?.body ?? [];
    return only?.kind === 'return' && others.length === 0 && only.value !== undefined && isCounted(engine, only.value, level + 1);
  }
  // [0] * t, ' ' * t
  if (iterable.kind === 'binary' && iterable.operator === '*') {
    const isOne = (side: Expression): boolean => (side.kind === 'list' && side.items.length === 1) || (side.kind === 'literal' && side.type === 'string' && String(side.value).length === 1);
    return isOne(iterable.left) ? isInputCount(engine, iterable.right) : isOne(iterable.right) && isInputCount(engine, iterable.left);
  }
  const [first, last = first, step] = args ?? [];
  // range(1, 3 * t + 1, 3)
  const product = step?.kind !== 'literal' ? undefined : last?.kind === 'binary' && last.operator === '+' && last.right.kind === 'literal' ? last.left : last;
  if (product?.kind === 'binary' && product.operator === '*' && step?.kind === 'literal') {
    const count = product.left.kind === 'literal' && product.left.value === step.value ? product.right : product.right.kind === 'literal' && product.right.value === step.value ? product.left : undefined;
    return count !== undefined && isInputCount(engine, count);
  }
  // range(t), range(0, t) and range(1, t + 1)
  const bound = last?.kind === 'binary' && last.operator === '+' && last.right.kind === 'literal' ? last.left : last;
  return args !== undefined && bound !== undefined && args.length <= 2 && (last === first || first?.kind === 'literal') && isInputCount(engine, bound);
}

/** All lines of the input after those that say how many there are: `sys.stdin.readlines()[1:]`. */
function isLines(engine: Engine, iterable: Expression): boolean {
  if (iterable.kind === 'name') {
    if (!readsRest(engine)) {
      return false;
    }
    const values = givenTo(engine.program, iterable.name);
    return values.length === 1 && values[0]?.kind === 'slice' && isLines(engine, values[0]);
  }
  // `for line in sys.stdin`
  if (isLinesOfInput(engine, iterable)) {
    return true;
  }
  return iterable.kind === 'slice' && iterable.to === undefined && iterable.from?.kind === 'literal' && isRestOfInput(engine, iterable.object);
}

/**
 * Whether what one round puts into a collection is there in the next: then the rounds are queries to one structure, not
 * cases of their own. Texts that gather what is printed are no such state.
 */
export function keepsState(engine: Engine, block: Block): boolean {
  const { mutations, updates, calls } = engine.changes(block);
  const fresh = (root: string): boolean => updates.has(root) || mutations.some((mutation) => mutation.root === root && mutation.effect === 'clear');
  return carries(engine, block) || mutations.some((mutation) => fills(mutation) && isKept(engine.value(mutation.root) ?? engine.receiver?.fields?.get(mutation.root)) && !fresh(mutation.root)) ||
    calls.some((call) => {
      const fn = functionCalled(engine, call);
      // `note(seen, x)`: the function puts it into what it is given.
      const inner = fn === undefined ? undefined : engine.changes(fn.body);
      return inner !== undefined && call.args.some((arg, at) => {
        const param = fn?.params[at]?.name;
        return arg.kind === 'name' && isKept(engine.value(arg.name)) && !fresh(arg.name) && inner.mutations.some((mutation) => mutation.root === param && fills(mutation));
      });
    });
}

/** Whether a number is handed on from round to round: `best = max(best, x)`. What only counts rounds or moves on in the input is not. */
function carries(engine: Engine, block: Block): boolean {
  const { updates, calls } = engine.changes(block);
  const isGiven = (name: string): boolean => calls.some((call) => call.callee.kind === 'name' && call.args.some((arg, at) => arg.kind === 'name' && arg.name === name && functionCalled(engine, call)?.params[at]?.byReference === true));
  return [...updates].some(([name, list]) => {
    const value = engine.value(name);
    const isNumber = value?.kind === 'number' || value?.kind === 'boolean';
    return isNumber && list.every((update) => !update.declares && (update.motion !== 'set' || (update.amount !== undefined && usesName(update.amount, name)))) &&
      list.some((update) => update.loops.length === 0 && ((update.motion !== 'up' && update.motion !== 'down') || update.amount?.kind !== 'literal' || update.conditional)) && !isGiven(name) && !isPlaceInInput(engine, name);
  });
}

function functionCalled(engine: Engine, call: Expression & { kind: 'call' }): FunctionIr | undefined {
  return call.callee.kind === 'name' ? engine.functionsNamed(call.callee.name)[0] : undefined;
}

function fills(mutation: Mutation): boolean {
  return mutation.effect === 'push' || mutation.effect === 'remove' || mutation.effect === 'write';
}

/** Collections that are asked by what is in them, not by place. */
function isKept(value: Value | undefined): boolean {
  const kind = value?.kind;
  return kind === 'map' || kind === 'set' || kind === 'sortedMap' || kind === 'sortedSet' || kind === 'heap';
}

/** A number that was read from the input alone, such as `t` or `int(input())`. */
export function isInputCount(engine: Engine, bound: Expression): boolean {
  let found = false;
  engine.inFrame('branch', {}, () => {
    const value = bound.kind === 'name' ? engine.value(bound.name) : bound.kind === 'call' || bound.kind === 'index' ? evaluate(engine, bound) : undefined;
    found = value?.input === 'number';
  });
  return found;
}

const kept = new Memo<Block, Block>();

/** The block without the branches that leave the loop: what is printed there is printed once, not for each case. */
function staying(block: Block): Block {
  let rest = kept.get(block);
  if (rest === undefined) {
    const branch = (inner: Block): Block => (['return', 'break'].includes(inner.at(-1)?.kind ?? '') ? [] : staying(inner));
    // What a round does behind its last `continue`, before it leaves, is done once as well.
    const end = block.findIndex(({ kind }) => kind === 'return' || kind === 'break');
    const last = end < 0 ? -1 : block.slice(0, end).findLastIndex((statement) => statement.kind === 'if' && statement.then.at(-1)?.kind === 'continue');
    rest = (last < 0 ? block : block.slice(0, last + 1)).map((statement) => (statement.kind === 'if' ? { ...statement, then: branch(statement.then), else: branch(statement.else) } : statement));
    kept.set(block, rest);
  }
  return rest;
}

/** Whether the block, functions that it calls included, reads input and prints. */
export function readsAndPrints(engine: Engine, block: Block, level: number, counters: readonly string[] = []): { reads: boolean; prints: boolean; both: boolean } {
  let reads = false;
  let prints = false;
  for (const call of engine.changes(level === 0 ? staying(block) : block).calls) {
    const name = call.callee.kind === 'name' ? call.callee.name : call.callee.kind === 'member' ? call.callee.name : '';
    const full = keyOf(call.callee);
    const operation = engine.library.functions[full] ?? (Object.hasOwn(engine.library.methods, name) ? engine.library.methods[name] : undefined);
    const io = operation !== undefined && 'io' in operation ? operation.io : operation !== undefined && 'any' in operation ? operation.any.io : undefined;
    if (io === 'reads' && typeof io === 'string') {
      reads = true;
    } else if (io === 'prints') {
      prints = true;
    }
    const fn = engine.value(name)?.closure?.fn ?? engine.functionsNamed(name)[0];
    if (fn !== undefined && level < 4 && !engine.active.some((active) => active.fn === fn)) {
      const inner = readsAndPrints(engine, fn.body, level + 1);
      reads = reads || inner.reads;
      prints = prints || inner.prints;
    }
  }
  reads ||= takesWords(engine, block, counters);
  prints ||= (reads || level === 0) && gathersAnswers(engine, block);
  return { reads, prints, both: reads && prints };
}

/** A loop with a condition over the test cases of the input: `while (t-- > 0)`, each round of which reads and prints for itself. */
export function isCaseLoop(engine: Engine, statement: Statement, condition: Expression, whole: Block): boolean {
  if (!hasInput(engine) || !countsTestCases(engine, statement, condition)) {
    return false;
  }
  const { reads, prints } = readsAndPrints(engine, whole, 0);
  return prints && (reads || conjunctsOf(condition).some((part) => isRead(engine, part))) && !keepsState(engine, whole);
}

/** A loop over test cases until the input ends: `while (in.hasNext())`, `while (cin >> n)`, `while ((line = in.readLine()) != null)`. */
export function isUntilTheEnd(engine: Engine, condition: Expression, whole: Block): boolean {
  if (!readsAnything(engine)) {
    return false;
  }
  let asks = false as boolean;
  let isLetter = false as boolean;
  visitExpression(condition, {
    expression: (inner) => {
      const operation = inner.kind === 'call' ? libraryOperation(engine, inner) : undefined;
      const object = inner.kind === 'call' && inner.callee.kind === 'member' ? inner.callee.object : undefined;
      const isOther = object?.kind === 'name' && isGoneThrough(engine.value(object.name));
      isLetter ||= inner.kind === 'assign' && inner.target.kind === 'name' && engine.value(inner.target.name)?.kind === 'char';
      asks ||= operation?.io === 'reads' && operation.unit !== 'character' && !isOther;
      return true;
    },
  });
  return asks && !isLetter && !counts(condition) && readsAndPrints(engine, whole, 0).prints && !keepsState(engine, whole);
}

/** An iterator over something that is not the input. */
function isGoneThrough(value: Value | undefined): boolean {
  return value !== undefined && value.kind !== 'unknown' && value.kind !== 'object';
}

/** Whether a condition moves a counter, too: `while (k-- > 0 && in.hasNext())`. */
function counts(condition: Expression): boolean {
  let found = false as boolean;
  visitExpression(condition, {
    expression: (inner) => {
      found ||= inner.kind === 'assign' && inner.operator !== undefined;
      return !found;
    },
  });
  return found;
}

/** Whether a condition only reads, or asks whether there is more to read. */
function isRead(engine: Engine, part: Expression): boolean {
  const call = part.kind === 'assign' ? part.value : part;
  return call.kind === 'call' && libraryOperation(engine, call)?.io === 'reads';
}

function countsTestCases(engine: Engine, statement: Statement, condition: Expression): boolean {
  // while (t-- > 0), for (i = 0; i < t; i++), while (t) { … t-- }
  const names = namesIn(condition);
  for (const name of names) {
    if (isInputCount(engine, { kind: 'name', name, lines: statement.lines })) {
      const others = [...names].filter((other) => other !== name);
      if (condition.kind === 'binary' && (condition.operator === '&&' || condition.operator === '||')) {
        const [first, second] = [condition.left, condition.right];
        // `while (t-- > 0 && in.hasNext())`
        return condition.operator === '&&' && ((isRead(engine, second) && countsTestCases(engine, statement, first)) || (isRead(engine, first) && countsTestCases(engine, statement, second)));
      }
      return others.length <= 1 && !runsUpTo(engine, statement.kind === 'for' || statement.kind === 'while' ? statement.body : [], name);
    }
  }
  return false;
}
