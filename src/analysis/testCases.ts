import type { Engine } from './engine';
import { evaluate } from './expressions';
import type { Block, Expression, Statement } from './ir';
import type { Value } from './values';
import { keyOf, namesIn, rangeArguments } from './visit';

/** A loop over the test cases of the input: the bound is the first thing read, and each round reads and prints for itself. */
export function isTestCases(engine: Engine, loop: { readonly block?: Block; readonly iterableExpression: Expression; readonly iterable: Value }): boolean {
  const { block } = loop;
  if (block === undefined || engine.openLoops().length > 0) {
    return false;
  }
  const args = rangeArguments(loop.iterableExpression);
  const [first, last = first] = args ?? [];
  // range(t), range(0, t) and range(1, t + 1)
  const bound = last?.kind === 'binary' && last.operator === '+' && last.right.kind === 'literal' ? last.left : last;
  if (args === undefined || bound === undefined || args.length > 2 || (last !== first && first?.kind !== 'literal')) {
    return false;
  }
  return isInputCount(engine, bound) && readsAndPrints(engine, block, 0).both && !keepsState(engine, block);
}

/**
 * Whether what one round puts into a collection is there in the next: then the rounds are queries to one structure, not
 * cases of their own. Texts that gather what is printed are no such state.
 */
export function keepsState(engine: Engine, block: Block): boolean {
  const { mutations, updates } = engine.changes(block);
  const fresh = (root: string): boolean => updates.has(root) || mutations.some((mutation) => mutation.root === root && mutation.effect === 'clear');
  return mutations.some((mutation) => {
    if (mutation.effect !== 'push' && mutation.effect !== 'remove' && mutation.effect !== 'write') {
      return false;
    }
    const kind = (engine.value(mutation.root) ?? engine.receiver?.fields?.get(mutation.root))?.kind;
    return (kind === 'map' || kind === 'set' || kind === 'sortedMap' || kind === 'sortedSet' || kind === 'heap') && !fresh(mutation.root);
  });
}

/** A number that was read from the input alone, such as `t` or `int(input())`. */
export function isInputCount(engine: Engine, bound: Expression): boolean {
  let found = false;
  engine.inFrame('branch', {}, () => {
    const value = bound.kind === 'name' ? engine.value(bound.name) : bound.kind === 'call' ? evaluate(engine, bound) : undefined;
    found = value?.input === 'number';
  });
  return found;
}

const kept = new WeakMap<Block, Block>();

/** The block without the branches that leave the loop: what is printed there is printed once, not for each case. */
function staying(block: Block): Block {
  let rest = kept.get(block);
  if (rest === undefined) {
    const branch = (inner: Block): Block => (['return', 'break'].includes(inner.at(-1)?.kind ?? '') ? [] : staying(inner));
    rest = block.map((statement) => (statement.kind === 'if' ? { ...statement, then: branch(statement.then), else: branch(statement.else) } : statement));
    kept.set(block, rest);
  }
  return rest;
}

/** Whether the block, functions that it calls included, reads input and prints. */
export function readsAndPrints(engine: Engine, block: Block, level: number): { reads: boolean; prints: boolean; both: boolean } {
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
  return { reads, prints, both: reads && prints };
}

export function countsTestCases(engine: Engine, statement: Statement, condition: Expression): boolean {
  // while (t-- > 0), for (i = 0; i < t; i++), while (t) { … t-- }
  const names = namesIn(condition);
  for (const name of names) {
    if (isInputCount(engine, { kind: 'name', name, lines: statement.lines })) {
      const others = [...names].filter((other) => other !== name);
      if (condition.kind === 'binary' && (condition.operator === '&&' || condition.operator === '||')) {
        return false;
      }
      return others.length <= 1;
    }
  }
  return false;
}
