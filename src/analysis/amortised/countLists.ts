import { add, type Growth, isConstant } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import { countedBy, holdsCounts, placeOf } from './countMaps';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import type { Paid } from './paid';
import { sizeOf } from '../following/values';
import { isName, keyOf, rootOf } from '../program/visit';

type ForEach = Statement & { kind: 'forEach' };

/**
 * A loop up to a count that a list took over from the map that counts: `pairs.append((count, value))`, `groups[count].append(value)`.
 * Each entry of the map is in the list once, so that all rounds together are as many as were counted.
 */
export function paidByListedCounts(engine: Engine, count: Expression): Paid | undefined {
  const [loop] = engine.openLoops();
  const walk = loop?.loop;
  if (loop?.parent === undefined || walk?.kind !== 'forEach' || loop.outlet !== undefined) {
    return undefined;
  }
  const list = walkedIn(walk.iterable);
  const place = placeInItem(walk.target, count);
  const map = list.kind !== 'name' || place === undefined ? undefined : sourceOf(engine, list.name, (item) => (item === undefined ? undefined : partOf(engine, item, place)));
  return map === undefined ? undefined : { frame: loop.parent, trips: add(loop.trips, map) };
}

/** `for k in …: for value in groups[k]: for _ in range(k)`. */
export function paidByGroups(engine: Engine, count: Expression): Paid | undefined {
  const [inner, outer] = engine.openLoops();
  const group = inner?.loop?.kind === 'forEach' ? walkedIn(inner.loop.iterable) : undefined;
  const place = group?.kind === 'index' ? group.index : undefined;
  const root = group?.kind === 'index' && group.object.kind === 'name' ? group.object.name : undefined;
  const isSame = count.kind === 'name' && place?.kind === 'name' && place.name === count.name;
  if (!isSame || root === undefined || outer?.parent === undefined || outer.outlet !== undefined || !outer.distinct.has(count.name)) {
    return undefined;
  }
  const map = sourceOf(engine, root, (_, index) => index);
  return map === undefined ? undefined : { frame: outer.parent, trips: add(outer.trips, map) };
}

/** `sorted(pairs)`, `pairs.values()`: the list itself. */
function walkedIn(iterable: Expression): Expression {
  if (iterable.kind !== 'call') {
    return iterable;
  }
  const { callee, args } = iterable;
  if (callee.kind === 'member') {
    return args.length === 0 && (callee.name === '@values' || callee.name === 'values' || callee.name === 'reversed') ? walkedIn(callee.object) : iterable;
  }
  const [first] = args;
  return callee.kind === 'name' && /^(?:sorted|reversed|list)$/.test(callee.name) && first !== undefined ? walkedIn(first) : iterable;
}

/** Where in an item of the list the count is: a position, or the name of a field. */
function placeInItem(target: Expression, count: Expression): number | string | undefined {
  if (target.kind === 'list') {
    const at = target.items.findIndex((item) => keyOf(item) === keyOf(count));
    return at < 0 ? undefined : at;
  }
  if (target.kind !== 'name') {
    return undefined;
  }
  if (count.kind === 'index' && isName(count.object, target.name) && count.index.kind === 'literal' && typeof count.index.value === 'number') {
    return count.index.value;
  }
  return count.kind === 'member' && isName(count.object, target.name) ? count.name : undefined;
}

/** What an item holds there. */
function partOf(engine: Engine, item: Expression, place: number | string): Expression | undefined {
  if (item.kind === 'list') {
    return typeof place === 'number' ? item.items[place] : undefined;
  }
  if (item.kind === 'map') {
    return item.entries.find(({ key }) => key?.kind === 'literal' && key.value === place)?.value ?? item.entries.find(({ key }) => key !== undefined && isName(key, String(place)))?.value;
  }
  if (item.kind !== 'new') {
    return undefined;
  }
  if (typeof place === 'number') {
    return item.items?.[place] ?? item.args[place];
  }
  const at = item.fields?.indexOf(place) ?? -1;
  const position = at >= 0 ? at : (engine.classesByName.get(item.type.name)?.fields.findIndex(({ name }) => name === place) ?? -1);
  return position < 0 ? undefined : item.args[position];
}

/** How much the map has counted, where all that was put into `root` has, in the part that `pick` names, the counts of one map, each once. */
function sourceOf(engine: Engine, root: string, pick: (item: Expression | undefined, index: Expression | undefined) => Expression | undefined): Growth | undefined {
  const body: Block = engine.namedActive()?.fn.body ?? engine.program.main;
  const { mutations, updates } = engine.changes(body);
  const pushes = mutations.filter((mutation) => mutation.root === root && (mutation.effect === 'push' || mutation.effect === 'extend' || mutation.effect === 'write'));
  const puts = pushes.filter(({ effect }) => effect === 'push');
  const [push] = puts;
  const walk = push?.loops[0];
  if (push !== undefined && puts.length === 1 && pushes.every(({ effect, item }) => effect === 'push' || (effect === 'write' && isEmpty(item))) && push.loops.length === 1 && walk?.kind === 'forEach') {
    return countsOf(engine, walk, pick(push.item, push.object.kind === 'index' ? push.object.index : undefined));
  }
  const made = (updates.get(root) ?? []).flatMap(({ amount }) => (amount?.kind === 'comprehension' ? [amount] : []));
  const [only, ...others] = made;
  const [clause, inner] = only?.clauses ?? [];
  return pushes.length === 0 && only !== undefined && others.length === 0 && clause !== undefined && inner === undefined ? countsOf(engine, clause, pick(only.element, undefined)) : undefined;
}

function isEmpty(item: Expression | undefined): boolean {
  return (item?.kind === 'list' && item.items.length === 0) || (item?.kind === 'new' && item.args.length === 0 && item.dimensions === undefined && (item.items ?? []).length === 0);
}

/** What the map has counted whose entries a loop goes through, where `count` is what the entry at hand holds. */
function countsOf(engine: Engine, walk: Pick<ForEach, 'target' | 'iterable'> & { readonly body?: Block }, part: Expression | undefined): Growth | undefined {
  // `k = counts.get(key); groups[k].add(key)`
  const [given, other] = part?.kind === 'name' && walk.body !== undefined ? (engine.changes(walk.body).updates.get(part.name) ?? []) : [];
  const count = given?.motion === 'set' && given.amount !== undefined && given.loops.length === 0 && other === undefined ? given.amount : part;
  if (count === undefined) {
    return undefined;
  }
  const place = placeOf(count);
  const keys = walk.iterable.kind === 'call' && walk.iterable.callee.kind === 'member' ? walk.iterable.callee.object : walk.iterable;
  const isKeyed = place?.object.kind === 'name' && isName(keys, place.object.name) && keyOf(place.index) === keyOf(walk.target);
  const map = isKeyed ? place.object : countedBy(walk.target, walk.iterable, count);
  const root = map === undefined ? undefined : rootOf(map);
  const value = map === undefined ? undefined : quietly(engine, map);
  const isMap = value?.kind === 'map' || value?.kind === 'sortedMap';
  if (root === undefined || value === undefined || !isMap || !holdsCounts(engine, root, value.label)) {
    return undefined;
  }
  return isConstant(sizeOf(value)) ? countedIn(engine, root) : sizeOf(value);
}

/** The length of what a loop counts into the map: a map of letters is small, however often each was met. */
function countedIn(engine: Engine, root: string): Growth | undefined {
  const body: Block = engine.namedActive()?.fn.body ?? engine.program.main;
  const writes = engine.changes(body).mutations.filter((mutation) => mutation.root === root && mutation.effect === 'write');
  const [loop, ...others] = new Set(writes.flatMap(({ loops }) => loops));
  return loop?.kind === 'forEach' && others.length === 0 && writes.every(({ loops }) => loops.length === 1) ? sizeOf(quietly(engine, loop.iterable)) : undefined;
}
