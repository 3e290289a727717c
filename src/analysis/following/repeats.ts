import { t } from '../../core/l10n';
import { isConstant, one, someSize, type Growth } from '../algebra/bigO';
import { compare } from '../algebra/ranks';
import { bigO, type Engine, evidence, settled } from './engine';
import type { Outcome } from './innerCalls';
import type { FunctionIr, Lines } from '../program/ir';
import type { Value } from './values';

/**
 * As many calls are followed below one function, whatever they call. Programs of up to some hundred lines have fewer, all
 * but 15 of 15,900 that were looked at; among functions that all call each other, as in a parser, there are as many ways
 * from one to the next as there are orders of them.
 */
const mostFollowed = 64;

/** What the dearest call of each function came to. */
export type Repeats = Map<FunctionIr, { value: Value; cost: Growth }>;

/**
 * Stands for following a call where so many have been followed that it takes too long: what the dearest call of that
 * function before came to. Undefined where it has to be followed: there was none, or its cost is in sizes that are no longer.
 */
export function likeBefore(engine: Engine, fn: FunctionIr, lines: Lines): Outcome | undefined {
  const before = engine.callsFollowed < mostFollowed || engine.active.some((active) => active.fn === fn) ? undefined : engine.repeats.get(fn);
  if (before === undefined) {
    return undefined;
  }
  const cost = settled(engine.solved, before.cost);
  if (isStale(engine, cost)) {
    engine.repeats.delete(fn);
    return undefined;
  }
  before.cost = cost;
  const name = fn.name === '' || fn.name.startsWith('@') ? t('a function') : fn.name;
  const items = isConstant(cost) ? [] : [evidence('call', lines, () => t('calls {0}, which costs {1}', name, bigO(cost)), one, cost)];
  engine.assume(t('{0} calls were followed; {1} is counted like its dearest call so far where it is called once more', mostFollowed, name));
  engine.charge(cost, items[0]);
  return { value: before.value, cost, items };
}

/** Keeps what a call came to, for those to come. */
export function keepOutcome(engine: Engine, fn: FunctionIr, outcome: Outcome): Outcome {
  const { value, cost } = outcome;
  engine.callsFollowed += 1;
  const before = engine.repeats.get(fn);
  if (cost !== undefined && (before === undefined || isStale(engine, before.cost) || compare(cost, before.cost) > 0)) {
    engine.repeats.set(fn, { value, cost });
  }
  return outcome;
}

/** Whether a cost has sizes in it that were given for a time which is over: of a recursion that has been solved, or of a loop. */
function isStale({ active }: Engine, cost: Growth): boolean {
  return someSize(cost, (name) => /^[¶§¤]/.test(name) || (name.startsWith('@') && !active.some(({ symbol }) => symbol === name)));
}
