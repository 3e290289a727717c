import { add, constant, exponential, type Growth, isConstant, size } from '../algebra/bigO';
import { heldTo } from '../sizes/caps';
import type { Changes, Mutation } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { elementOf, isCollection, sizeOf, type Value } from '../following/values';
import { isName, keyOf, namesIn, rootOf, visitBlock, visitExpression } from '../program/visit';
import { growsPath } from '../loops/paths';

/**
 * Collections inside a collection that the loop adds to: what is asked of them earlier in a round sees what earlier rounds
 * put in. Those that belong to one round alone (`rows[i]` in a loop over `i`) begin empty.
 */
export function fillAhead(engine: Engine, run: { readonly trips: Growth; readonly block: Block; readonly distinct?: ReadonlySet<string> | undefined }): void {
  if (isConstant(run.trips) || run.block.length === 0) {
    return;
  }
  const changes = engine.changes(run.block);
  for (const mutation of changes.mutations) {
    multiplyRows(engine, mutation, changes);
    if (mutation.object.kind !== 'index' || !(mutation.effect === 'push' || mutation.effect === 'extend') || (mutation.object.index.kind === 'name' && run.distinct?.has(mutation.object.index.name) === true)) {
      continue;
    }
    const container = engine.value(mutation.root) ?? engine.receiver?.fields?.get(mutation.root.replace(/^this\./, ''));
    const inner = container !== undefined && isCollection(container) ? container.element : undefined;
    if (inner?.size !== undefined && isCollection(inner) && isConstant(inner.size)) {
      inner.size = heldTo(engine, mutation.object, run.block) ?? add(inner.size, run.trips);
    }
  }
}

/** What a loop does to the items of a collection, one after another: together they are as large as all of them. */
export interface ItemNodes {
  readonly name: string;
  readonly total: Growth;
  readonly item: Value;
  /** Puts the item's own size back when the loop has been followed. */
  readonly restore: () => void;
}

/**
 * The linked lists that a loop over places takes out of a given list, or the parts of a text or a list whose sizes together
 * are known: each for itself while the loop is followed.
 */
export function itemNodes(engine: Engine, block: Block, distinct: ReadonlySet<string>): ItemNodes | undefined {
  let found: ItemNodes | undefined;
  if (distinct.size === 0 || gathers(engine, block)) {
    return undefined;
  }
  visitBlock(block, {
    skipsLeaves: true,
    expression: (inner) => {
      const [object, index] = inner.kind === 'index' ? [inner.object, inner.index] : inner.kind === 'call' && inner.callee.kind === 'member' && inner.callee.name === 'get' ? [inner.callee.object, inner.args[0]] : [];
      if (found === undefined && object?.kind === 'name' && index?.kind === 'name' && distinct.has(index.name)) {
        const container = engine.value(object.name);
        found = container === undefined || engine.changes(block).mutations.some((mutation) => mutation.root === object.name && !isMadeOfItself(engine, block, mutation, object.name, index.name)) ? undefined : (nodesOfItems(engine, container) ?? sizesOfItems(engine, container));
      }
      return found === undefined;
    },
  });
  return found;
}

/** `words[i] = words[i].reverse()`: what a place is given is made of what it held alone. */
function isMadeOfItself(engine: Engine, block: Block, { effect, index, item, loops }: Mutation, object: string, at: string): boolean {
  const { updates } = engine.changes(block);
  let asksOthers = false as boolean;
  if (item !== undefined) {
    visitExpression(item, {
      expression: (inner) => {
        if (inner.kind === 'index' && isName(inner.object, object) && isName(inner.index, at)) {
          return false;
        }
        asksOthers ||= isName(inner, object);
        return !asksOthers;
      },
    });
  }
  const isOwn = (name: string): boolean => name === object || name === at || (updates.get(name) ?? []).some(({ amount, declares, loops: around }) => declares && around.length === 0 && amount?.kind === 'index' && isName(amount.object, object) && isName(amount.index, at));
  return !asksOthers && effect === 'write' && loops.length === 0 && isName(index, at) && item !== undefined && [...namesIn(item)].every((name) => {
    const value = engine.value(name);
    return isOwn(name) || value === undefined || (!isCollection(value) && value.kind !== 'unknown');
  });
}

/** Whether the loop keeps what a function of the program made of an item for the next round: `all = merge(all, lists[i])`. */
export function gathers(engine: Engine, block: Block): boolean {
  return [...engine.changes(block).updates.values()].some((updates) => updates.some((update) => update.amount?.kind === 'call' && (update.amount.callee.kind === 'name' || update.amount.callee.kind === 'member') && engine.functionsNamed(update.amount.callee.name).length > 0));
}

/** The same for the items of a collection as a loop gives them out. */
export function nodesOfItems(engine: Engine, container: Value): ItemNodes | undefined {
  if (!isCollection(container) || container.allocated || container.nodes !== undefined || container.type.args[0]?.kind !== 'object') {
    return undefined;
  }
  const item = elementOf(container);
  if (item.kind !== 'object' || item.nodes === undefined) {
    return undefined;
  }
  const total = item.nodes;
  const name = engine.freshSymbol('¶');
  item.nodes = size(name);
  return { name, total, item, restore: () => {
    item.nodes = total;
  } };
}

/** `parts = text.split(' ')`: the parts together are as long as the text. */
function sizesOfItems(engine: Engine, container: Value): ItemNodes | undefined {
  const item = isCollection(container) && container.total !== undefined ? container.element : undefined;
  if (item?.size === undefined || container.total === undefined || !isCollection(item) || isConstant(item.size)) {
    return undefined;
  }
  const { size: whole, items } = item;
  const name = engine.freshSymbol('¶');
  item.size = size(name);
  item.items = undefined;
  return { name, total: container.total, item, restore: () => {
    item.size = whole;
    item.items = items;
  } };
}

/**
 * `for a in rows[i]: for b in rows[k - i]: rows[k].append(a + b)`: a row has as many items as the products of rows before it.
 * `for c in choices: for a in rows[k - c]: rows[k].append(a + [c])`: as the sums of rows before it.
 */
function multiplyRows(engine: Engine, mutation: Mutation, changes: Changes): void {
  const isRow = (place: Expression): boolean => (place.kind === 'call' && place.callee.kind === 'member' && place.callee.name.startsWith('@') ? isRow(place.callee.object) : rootOf(place) === mutation.root && (place.kind === 'index' || (place.kind === 'call' && place.args.length === 1)));
  if ((mutation.effect !== 'push' && mutation.effect !== 'extend') || !isRow(mutation.object)) {
    return;
  }
  const walks = mutation.loops.filter((loop) => loop.kind === 'forEach' && isRow(loop.iterable));
  if (walks.length < 2 && !addsRows(mutation, walks[0], changes)) {
    return;
  }
  const container = engine.value(mutation.root) ?? engine.receiver?.fields?.get(mutation.root.replace(/^this\./, ''));
  const row = container === undefined || !isCollection(container) ? undefined : elementOf(container);
  if (container !== undefined && row !== undefined && isCollection(row) && !isConstant(sizeOf(container))) {
    row.size = exponential(constant(2), sizeOf(container));
    container.total = row.size;
  }
}

/**
 * Whether the items of a row, each made longer, come to another row in more rounds than there are such rows: a loop stands
 * around whose variable does not say which row it is.
 */
function addsRows(mutation: Mutation, walk: Statement | undefined, changes: Changes): boolean {
  if (walk?.kind !== 'forEach' || keyOf(walk.iterable) === keyOf(mutation.object) || changes.mutations.some(({ root, effect }) => root === mutation.root && (effect === 'clear' || effect === 'pop' || effect === 'remove'))) {
    return false;
  }
  const rounds = 1 + mutation.loops.indexOf(walk);
  const places = new Set<string>();
  for (let at = mutation.object; at.kind === 'index'; at = at.object) {
    namesIn(at.index).forEach((name) => places.add(name));
  }
  return rounds > places.size && growsPath(mutation, namesIn(walk.target), changes, false);
}
