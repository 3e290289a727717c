import { type Growth, isConstant, size } from '../algebra/bigO';
import { sizeByPlaces } from '../loops/bound';
import type { Engine } from '../following/engine';
import type { Expression, FunctionIr } from '../program/ir';
import { named } from './recursionShapes';
import type { Site } from './transitions';
import type { Scope } from '../following/values';
import { keyOf, usesName } from '../program/visit';

/**
 * `f(left[u])` and `f(right[u])`, `f(tree[u].low)` and `f(tree[u].high)`: the children of a place, each kept in a table of
 * its own or as a part of its own. Gives the number of places, where every call goes on so; where nothing is marked, the
 * links are taken to form a tree, as they are for lists of neighbours.
 */
export function tableChildren(engine: Engine, fn: FunctionIr, sites: readonly Site[], scope: Scope): Growth | undefined {
  for (const [at, param] of fn.params.entries()) {
    const links = sites.map(({ call }) => (call.args[at] === undefined ? undefined : partOf(engine, fn, call.args[at])));
    const tables = links.map((link) => (link === undefined ? undefined : tableOf(link, param.name)));
    const [table] = tables;
    if (sites.length > 1 && table !== undefined && tables.every((each) => each !== undefined) && new Set(links.map((link) => (link === undefined ? '' : keyOf(link)))).size === sites.length && !engine.changes(fn.body).updates.has(param.name)) {
      const outer = engine.scope;
      engine.scope = scope;
      const places = sizeByPlaces(engine, table);
      engine.scope = outer;
      return places === undefined || isConstant(places) ? size('n') : places;
    }
  }
  return undefined;
}

/** What a local name stands for: `low` of `low, high = tree[u]`, `node[0]` where `node = tree[u]`. */
function partOf(engine: Engine, fn: FunctionIr, link: Expression): Expression {
  if (link.kind === 'index' && link.index.kind === 'literal') {
    const object = named(engine, fn, link.object);
    return object === link.object ? link : { ...link, object };
  }
  if (link.kind === 'binary' && link.operator === '-' && link.right.kind === 'literal' && link.right.value === 1) {
    // `left[u] - 1`, where places are counted from one
    return partOf(engine, fn, link.left);
  }
  const found = named(engine, fn, link);
  const [only, ...others] = found.kind === 'name' ? (engine.changes(fn.body).updates.get(found.name) ?? []) : [];
  if (found.kind !== 'name' || only?.statement?.kind !== 'assign' || others.length > 0 || only.loops.length > 0 || only.statement.target.kind !== 'list') {
    return found;
  }
  const { target, value, lines } = only.statement;
  const at = target.items.findIndex((item) => item.kind === 'name' && item.name === found.name);
  return at < 0 ? found : { kind: 'index', lines, object: value, index: { kind: 'literal', lines, type: 'number', value: at } };
}

/** The table of `table[u]`, `table[u].left`, `table[u][0]`. */
function tableOf(link: Expression, name: string): Expression | undefined {
  if (link.kind === 'member') {
    return tableOf(link.object, name);
  }
  if (link.kind === 'call') {
    const [place] = link.args;
    return link.callee.kind === 'member' && /^(?:get|at)$/.test(link.callee.name) && place?.kind === 'name' && place.name === name && !usesName(link.callee.object, name) ? link.callee.object : undefined;
  }
  if (link.kind !== 'index') {
    return undefined;
  }
  return link.index.kind === 'literal' ? tableOf(link.object, name) : link.index.kind === 'name' && link.index.name === name && !usesName(link.object, name) ? link.object : undefined;
}
