import { type Growth, size } from '../algebra/bigO';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { countedThrough, rangedThrough } from '../amortised/sharing';
import { rangeArguments, rootOf, usesName } from '../program/visit';
import { madeStates, neighbourhood } from './workStates';
import { nodeLevelCount } from './nodeLevels';
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
    const list = goneThrough(engine, statement) ?? madeFrom(statement);
    if (list?.kind === 'name' && (markedCount(engine, block, list.name) ?? nodeLevelCount(engine, block, list.name)) !== undefined) {
      return list;
    }
  }
  return undefined;
}

/** `level = [kid for node in level for kid in node.kids]`: the list that the next one is made from. */
function madeFrom(statement: Statement): Expression | undefined {
  const made = statement.kind === 'assign' && statement.operator === undefined ? statement.value : statement.kind === 'declare' ? statement.value : undefined;
  const [clause] = made?.kind === 'comprehension' ? made.clauses : [];
  return clause?.iterable.kind === 'name' ? clause.iterable : undefined;
}

/** The list that a loop goes through, by its items (in Go `q.@values()`) or its places. */
function goneThrough(engine: Engine, loop: Statement): Expression | undefined {
  if (loop.kind !== 'forEach') {
    return countedThrough(engine, loop);
  }
  const { iterable } = loop;
  const items = iterable.kind === 'call' && iterable.callee.kind === 'member' && iterable.callee.name.startsWith('@') ? iterable.callee.object : undefined;
  return items ?? rangedThrough(engine, iterable) ?? iterable;
}

/** The queue of which the block takes as many items as it holds, and puts in others where marks bound how many these are. */
export function levelQueue(engine: Engine, block: Block): Expression | undefined {
  for (const [at, statement] of block.entries()) {
    const queue = levelSize(statement, block.slice(0, at));
    const root = queue === undefined ? undefined : rootOf(queue);
    if (queue === undefined || root === undefined || (statement.kind !== 'forEach' && statement.kind !== 'for' && statement.kind !== 'while')) {
      continue;
    }
    const { mutations } = engine.changes(statement.body);
    const isTaken = mutations.some((mutation) => mutation.root === root && mutation.effect === 'pop' && !mutation.conditional && mutation.loops.length === 0);
    const isFilled = mutations.some((mutation) => mutation.root === root && mutation.effect === 'push');
    if (isTaken && isFilled && (visitedContainer(engine, engine.changes(block), block, root) !== undefined || nodeLevelCount(engine, block, root) !== undefined)) {
      return queue;
    }
  }
  return undefined;
}

/** The collection by whose size, as it was before, a loop is counted: `range(len(q))`, `for (left = q.size(); left > 0; left--)`. */
function levelSize(loop: Statement, before: Block): Expression | undefined {
  if (loop.kind === 'forEach') {
    const [count, ...others] = rangeArguments(loop.iterable) ?? [];
    return count === undefined || others.length > 0 ? undefined : isSizeOf(count);
  }
  const { condition } = loop.kind === 'for' || loop.kind === 'while' ? loop : {};
  if (condition === undefined) {
    return undefined;
  }
  for (const each of [...before, ...(loop.kind === 'for' ? loop.init : [])]) {
    const name = each.kind === 'declare' ? each.name : each.kind === 'assign' && each.target.kind === 'name' ? each.target.name : undefined;
    const queue = name !== undefined && (each.kind === 'declare' || each.kind === 'assign') && each.value !== undefined && usesName(condition, name) ? isSizeOf(each.value) : undefined;
    if (queue !== undefined && !usesName(condition, rootOf(queue) ?? '')) {
      return queue;
    }
  }
  return undefined;
}
