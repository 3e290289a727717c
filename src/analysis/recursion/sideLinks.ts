import type { Update } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Expression, FunctionIr, Statement } from '../program/ir';
import { recursiveSites } from './sites';
import { holds, isName } from '../program/visit';

/** A loop that follows one link from node to node, and what a recursion inside is called with. */
interface Chain {
  /** The variable that is moved on. */
  readonly name: string;
  /** By which link from the parameter it begins: nothing where it begins at the parameter itself. */
  readonly start: string | undefined;
  readonly link: string;
  /** By which link the recursion goes on from the variable, for each call: nothing where it is called with the variable itself. */
  readonly calls: readonly (string | undefined)[];
}

/**
 * `while (node) { f(node.child); node = node.next; }`, `for (c = node.first; c; c = c.next) f(c)`: the loop follows one link
 * and the calls in it another, so all loops of all calls together pass each node once. Gives the variable that is moved.
 */
export function walksAside(engine: Engine, fn: FunctionIr, statement: Statement): string | undefined {
  const chain = chainOf(engine, fn, statement);
  return chain?.calls.every((link) => (link === undefined ? chain.start !== undefined && chain.start !== chain.link : link !== chain.link)) === true ? chain.name : undefined;
}

/** `for (at = node.next; at; at = at.next) f(at)`: each call goes through all that comes after its node, and so do the calls in it. */
export function repeatsChain(engine: Engine, fn: FunctionIr): boolean {
  const loops = new Set([...engine.changes(fn.body).updates.values()].flat().flatMap(({ loops: [outermost] }) => outermost ?? []));
  return [...loops].some((loop) => {
    const chain = chainOf(engine, fn, loop);
    if (chain === undefined) {
      return false;
    }
    const { start, link, calls } = chain;
    return (start ?? link) === link && calls.some((each) => each === link || (each === undefined && start !== undefined));
  });
}

function chainOf(engine: Engine, fn: FunctionIr, statement: Statement): Chain | undefined {
  const sites = recursiveSites(engine, fn).map((site) => site.call);
  if ((statement.kind !== 'while' && statement.kind !== 'for') || sites.length === 0 || !sites.every((site) => holds(statement, site))) {
    return undefined;
  }
  const { updates } = engine.changes(fn.body);
  for (const [name, moves] of updates) {
    const inside = moves.filter((move) => move.loops.includes(statement));
    const links = new Set(inside.map((move) => (move.declares ? undefined : linkFollowed(move.amount, name, updates))));
    const [link] = links;
    if (inside.length === 0 || links.size !== 1 || link === undefined) {
      continue;
    }
    const [first, ...others] = moves.filter((move) => !move.loops.includes(statement));
    const isParam = fn.params.some((param) => param.name === name);
    const begins = isParam || first?.amount === undefined ? undefined : linkFrom(first.amount);
    const root = isParam ? (first === undefined ? name : undefined) : begins?.root;
    const at = others.length > 0 ? -1 : fn.params.findIndex((param) => param.name === root);
    const calls = sites.map((site) => linkFrom(site.args[at]));
    if (at >= 0 && (isParam || root === undefined || !updates.has(root)) && calls.every((call) => call?.root === name)) {
      return { name, start: begins?.link, link, calls: calls.map((call) => call?.link) };
    }
  }
  return undefined;
}

/** The link of `at = at.next`, also where that was kept in a name before: `next = at.next; …; at = next`. */
function linkFollowed(amount: Expression | undefined, name: string, updates: ReadonlyMap<string, readonly Update[]>): string | undefined {
  const [kept, ...others] = amount?.kind === 'name' ? (updates.get(amount.name) ?? []) : [];
  const place = linkFrom(others.length === 0 && kept?.loops.length !== 0 ? (kept?.amount ?? amount) : amount);
  return place?.root === name ? place.link : undefined;
}

/** The name and link of `node.next`; a name alone has none. */
function linkFrom(place: Expression | undefined): { readonly root: string; readonly link: string | undefined } | undefined {
  if (place?.kind === 'name') {
    return { root: place.name, link: undefined };
  }
  return place?.kind === 'member' && place.object.kind === 'name' && !isName(place.object, 'this') ? { root: place.object.name, link: place.name } : undefined;
}
