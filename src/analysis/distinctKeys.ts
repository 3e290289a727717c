import { add, constant, type Growth } from './bigO';
import { quietly } from './bound';
import type { Changes } from './changes';
import type { Engine } from './engine';
import type { Block, Expression } from './ir';
import { isCollection, sizeOf } from './values';
import { isName, rootOf, targetNames, visitBlock } from './visit';

/**
 * How many entries a map or set can have whose keys are all taken from collections that the block leaves as they are:
 * `longer[prices[i]] = …` has at most as many as there are prices, however many rounds write to it. Undefined where a key
 * may be anything else.
 * @param block what a loop does in each round
 * @param name the map, or the name that the map made in each round is given to
 * @param rounds how often the block runs: what it does not change is another key in each round at most
 */
export function distinctKeys(engine: Engine, block: Block, name: string, rounds: Growth): Growth | undefined {
  const changes = engine.changes(block);
  const made = (changes.updates.get(name) ?? []).flatMap(({ amount }) => (amount?.kind === 'name' ? [amount.name] : []));
  const roots = new Set([name, ...made]);
  const writes = changes.mutations.filter(({ root, effect }) => roots.has(root) && effect !== 'pop' && effect !== 'remove' && effect !== 'clear');
  const values = [name, ...made].map((each) => engine.value(each)?.kind);
  if (writes.length === 0 || !values.some((kind) => kind === 'map' || kind === 'set')) {
    return undefined;
  }
  const sources = new Map<string, Growth>();
  for (const { effect, index, item, object } of writes) {
    const key = effect === 'write' && object.kind === 'name' ? index : effect === 'push' ? item : undefined;
    const source = key === undefined ? undefined : sourceOf(engine, block, changes, key, rounds, 0);
    if (source === undefined) {
      return undefined;
    }
    sources.set(source.name, source.count);
  }
  return [...sources.values()].reduce((sum, count) => add(sum, count), constant(1));
}

/** The collection that a key is an item of, and how many items that has. */
function sourceOf(engine: Engine, block: Block, changes: Changes, key: Expression, rounds: Growth, level: number): { readonly name: string; readonly count: Growth } | undefined {
  if (key.kind === 'literal') {
    return { name: '', count: constant(1) };
  }
  if (key.kind === 'index') {
    return itemsOf(engine, changes, key.object);
  }
  if (key.kind !== 'name' || level > 1) {
    return undefined;
  }
  const updates = changes.updates.get(key.name) ?? [];
  if (updates.length === 0) {
    return isClauseTarget(block, key.name) ? undefined : { name: key.name, count: rounds };
  }
  const walk = updates.find(({ statement }) => statement?.kind === 'forEach' && isName(statement.target, key.name))?.statement;
  if (walk?.kind === 'forEach') {
    return itemsOf(engine, changes, walk.iterable);
  }
  const [only] = updates;
  return updates.length === 1 && only?.amount !== undefined && only.motion === 'set' ? sourceOf(engine, block, changes, only.amount, rounds, level + 1) : undefined;
}

function itemsOf(engine: Engine, changes: Changes, collection: Expression): { readonly name: string; readonly count: Growth } | undefined {
  const root = rootOf(collection);
  const value = collection.kind === 'name' ? quietly(engine, collection) : undefined;
  const isKept = root !== undefined && !changes.updates.has(root) && !changes.mutations.some((mutation) => mutation.root === root);
  return isKept && value !== undefined && isCollection(value) ? { name: root, count: sizeOf(value) } : undefined;
}

/** Whether a comprehension in the block gives the name its values. */
function isClauseTarget(block: Block, name: string): boolean {
  let found = false;
  visitBlock(block, {
    expression: (inner) => {
      found ||= inner.kind === 'comprehension' && inner.clauses.some((clause) => targetNames(clause.target).includes(name));
      return !found;
    },
  });
  return found;
}
