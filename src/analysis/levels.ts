import { type Growth, size } from './bigO';
import type { Engine } from './engine';
import type { Block, Expression } from './ir';
import { rangeArguments, rootOf } from './visit';
import { madeStates, neighbourhood } from './workStates';
import { isSizeOf, visitedContainer } from './worklists';

/**
 * How many items enter the list `name` in all, where each round puts others in its place that marks were asked for and set:
 * `after = []; …; if other not in seen: seen.add(other); after.append(other); …; level = after`.
 */
export function markedCount(engine: Engine, block: Block, name: string): Growth | undefined {
  const changes = engine.changes(block);
  const next = new Set((changes.updates.get(name) ?? []).flatMap(({ amount }) => (amount?.kind === 'name' ? [amount.name] : [])));
  const pushes = changes.mutations.filter((mutation) => next.has(mutation.root) && mutation.effect !== 'pop');
  if (pushes.length === 0 || pushes.some((push) => push.effect !== 'push' || !push.conditional)) {
    return undefined;
  }
  const guard = visitedContainer(engine, changes, block, pushes[0]?.root ?? name);
  if (guard === undefined || next.has(guard.root) || guard.root === name) {
    return undefined;
  }
  const value = engine.value(name);
  return guard.domain ?? (value === undefined ? undefined : madeStates(engine, { root: name, value }, guard.root, changes, block)) ?? neighbourhood(engine, block) ?? size('n');
}

/** The list that the block goes through and puts the next level in the place of, where marks bound what enters it. */
export function swappedLevel(engine: Engine, block: Block): Expression | undefined {
  for (const statement of block) {
    const list = statement.kind === 'forEach' && statement.iterable.kind === 'name' ? statement.iterable : undefined;
    if (list !== undefined && markedCount(engine, block, list.name) !== undefined) {
      return list;
    }
  }
  return undefined;
}

/** The queue of which the block takes as many items as it holds, and puts in others where marks bound how many these are. */
export function levelQueue(engine: Engine, block: Block): Expression | undefined {
  for (const statement of block) {
    const [count, ...others] = statement.kind === 'forEach' ? (rangeArguments(statement.iterable) ?? []) : [];
    const queue = count === undefined || others.length > 0 ? undefined : isSizeOf(count);
    const root = queue === undefined ? undefined : rootOf(queue);
    if (queue === undefined || root === undefined || statement.kind !== 'forEach') {
      continue;
    }
    const { mutations } = engine.changes(statement.body);
    const isTaken = mutations.some((mutation) => mutation.root === root && mutation.effect === 'pop' && !mutation.conditional && mutation.loops.length === 0);
    const isFilled = mutations.some((mutation) => mutation.root === root && mutation.effect === 'push');
    if (isTaken && isFilled && visitedContainer(engine, engine.changes(block), block, root) !== undefined) {
      return queue;
    }
  }
  return undefined;
}
