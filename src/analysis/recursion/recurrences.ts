import { t } from '../../core/l10n';
import { add, constant, constantValue, exponential, factorial, type Growth, isConstant, logarithm, maximum, mentions, multiply, one, power, size, sizesIn, splitBy, substitute } from '../algebra/bigO';
import { compare, rank } from '../algebra/ranks';
import { type Active, bigO, type Engine, type Sentence, type Share } from '../following/engine';
import { goesDownTree, scansForChildren } from './treeTables';
import { tableChildren } from './childTables';
import { reachesTwice } from './childPaths';
import { takesParts } from './disjointParts';
import { levelsByFlag } from './endingFlags';
import type { StateGuard } from './guards';
import type { Expression, FunctionIr } from '../program/ir';
import { fallback } from './limits';
import { followsChain, isLink, wayTo } from './links';
import { callsBelow } from './receivers';
import { isAsked } from './asked';
import { countsOut, distinctParent, endsAtTarget, isPartition, isRangeQuery, splitsList, takesBack, treeSize, usedFlags } from './recursionShapes';
import { repeatsChain } from './sideLinks';
import { consumed } from './supplies';
import { isExchange, type Site, type Transition } from './transitions';
import { valuesTaken } from './valuesTaken';
import { isCollection, type Scope, sizeOf, type Value } from '../following/values';
import { keyOf, namesIn, usesName, visitBlock } from '../program/visit';

/** The size of a recursion's result, from how one call makes it of the results of the calls below. */
export function resultSizeOf(after: Growth | undefined, name: string, solved: Solved): Growth {
  if (after === undefined || !mentions(after, name)) {
    return maximum(after ?? one, one);
  }
  const { coefficient, rest } = splitBy(after, name);
  const factor = constantValue(coefficient);
  if (rank(solved.calls).exponential) {
    return solved.calls;
  }
  if (factor !== undefined && (factor <= 1.001 || compare(solved.calls, solved.depth) !== 0 || solved.branching > 1)) {
    // Lists put together from below have as many items as there are calls; one as long as the input has that many.
    return maximum(isConstant(rest) || solved.branching <= 1 ? multiply(solved.calls, maximum(rest, one)) : maximum(solved.calls, rest), one);
  }
  if (solved.isWalk === true && factor === undefined && !mentions(coefficient, name) && compare(coefficient, solved.calls) <= 0) {
    // What the children give back put together: each node adds its own part once.
    return maximum(solved.calls, rest);
  }
  return exponential(factor === undefined && !mentions(coefficient, name) ? coefficient : constant(2), solved.depth);
}

export interface Solved {
  readonly total: Growth;
  readonly calls: Growth;
  readonly work: Growth;
  readonly depth: Growth;
  readonly text: Sentence;
  /** Calls per call, where that is a constant; several otherwise. */
  readonly branching: number;
  /** One call for each node of a linked structure: the nodes below all nodes together are the nodes. */
  readonly isWalk?: boolean;
  /** Sizes that all calls have together, and not each of them. */
  readonly shares?: readonly Share[];
}

function keptText(name: string, states: Growth, isVisited: boolean): Sentence {
  return () => isVisited
    ? t('{0} marks what it has visited: each of {1} places is handled once', name, bigO(states))
    : t('{0} keeps its results: {1} different arguments, each worked out once', name, bigO(states));
}

function branchingText(name: string, isPermutation: boolean, branching: number | undefined, depth: Growth): Sentence {
  return () => isPermutation
    ? t('{0} tries every order: one choice fewer at each level', name)
    : t('{0} calls itself {1} times per call, {2} deep, and keeps no results', name, branching === undefined ? t('several') : String(Math.round(branching)), bigO(depth));
}

function onceText(name: string, depth: Growth): Sentence {
  return () => t('{0} calls itself once, {1} deep', name, bigO(depth));
}

export function solve(engine: Engine, fn: FunctionIr, sites: readonly Site[], entry: readonly Value[], guard: StateGuard | undefined, cost: Growth, active: Active, symbol: string): Solved {
  const { coefficient, rest } = splitBy(cost, symbol);
  const once = substitute(active.once, symbol, one);
  const work = add(rest, one);
  const local = engine.scope;
  const name = fn.name;
  const finish = (calls: Growth, each: Growth, depth: Growth, text: Sentence): Solved => {
    const total = add(multiply(calls, each), once);
    return { total, calls, work: each, depth, text, branching: constantValue(coefficient) ?? 2 };
  };
  const shallow = (deep: number): Solved => {
    const levels = Math.min(deep, 20);
    const calls = isConstant(coefficient) ? constant(Math.min(1e6, (constantValue(coefficient) ?? 2) ** levels)) : power(coefficient, Math.min(8, Math.max(1, levels)));
    return finish(calls, work, constant(deep), () => t('{0} branches, but only {1} deep', name, levels));
  };
  const severalWays = (nodes: Growth): Solved => finish(exponential(constant(2), nodes), work, nodes, () => t('{0} reaches nodes by several ways and keeps no results', name));
  const has = (transition: Transition): boolean => sites.some((site) => site.transitions.includes(transition));
  const branching = constantValue(coefficient);
  // Links by which places are reached again, by each of several ways.
  const triesWays = (at: number): boolean => (takesBack(engine, fn) || has('grow') || has('mask') || countsOut(fn, sites) || ((branching ?? 2) > 1 && endsAtTarget(fn, at))) && !goesDownTree(engine, fn, active.call, sites, at);
  const varying = fn.params.map((_, at) => at).filter((at) => sites.some((site) => (site.transitions[at] ?? 'same') !== 'same'));
  const childAt = fn.params.findIndex((_, at) => sites.length > 0 && sites.every((site) => ['child', 'neighbour'].includes(site.transitions[at] ?? '')) && (entry[at]?.nodes !== undefined || fn.params[at]?.type?.kind === 'object' || entry[at]?.kind === 'unknown' || entry[at]?.kind === 'object' || entry[at]?.kind === 'void' || entry[at]?.kind === 'map' || entry[at]?.kind === 'list'));
  const others = varying.filter((at) => at !== childAt && !sites.every((site) => ['bounded', 'constant', 'same'].includes(site.transitions[at] ?? 'same')));

  if (sites.length > 0 && sites.every((site) => site.transitions.includes('follow')) && (branching ?? 2) <= 1 && !followsChain(engine, fn, sites)) {
    engine.assume(t('finding the root of a set with path compression takes nearly constant time'));
    return finish(one, work, one, () => t('{0} follows links to a root', name));
  }
  if (sites.length > 0 && sites.every((site) => isExchange(fn, site))) {
    return finish(constant(2), work, one, () => t('{0} calls itself once at most, with its arguments in another order', name));
  }
  const flagged = levelsByFlag(engine, fn, sites);
  if (flagged !== undefined) {
    return shallow(flagged);
  }
  // One call that halves its argument comes to few states, whatever the table has room for.
  const isHalving = guard?.isPlain === false && !fn.memoized && branching !== undefined && branching <= 1.001 && has('divide');
  if (!isHalving && (fn.memoized || guard?.kind === 'memo' || guard?.kind === 'visited')) {
    let states: Growth | undefined = guard?.domain;
    if (states === undefined || fn.memoized) {
      states = one;
      const keyed = varying.filter((at) => guard?.keys.has(fn.params[at]?.name ?? '') === true);
      for (const at of keyed.length > 0 && !fn.memoized ? keyed : varying) {
        states = multiply(states, valuesTaken(engine, fn, at, sites, entry, local));
      }
      if (isConstant(states)) {
        states = fallback(engine, entry);
      }
    }
    const each = add(work, coefficient);
    return finish(states, each, states, keptText(name, states, guard?.kind === 'visited' && !fn.memoized));
  }
  // A linked structure, each node handled once: work per node.
  if (childAt >= 0 && (branching === undefined || branching >= 2) && (reachesTwice(engine, fn, sites, childAt) || repeatsChain(engine, fn))) {
    const nodes = entry[childAt]?.nodes ?? size('n');
    return severalWays(nodes);
  }
  if (childAt >= 0 && others.every((at) => sites.some((site) => ['other', 'up', 'down', 'grow', 'child', 'divide'].includes(site.transitions[at] ?? '')))) {
    const nodes = entry[childAt]?.nodes ?? local.values.get(fn.params[childAt]?.name ?? '')?.nodes ?? size('n');
    const isNeighbour = sites.every((site) => site.transitions[childAt] === 'neighbour');
    if (!isNeighbour || guard !== undefined || distinctParent(fn, childAt, varying, sites) || !triesWays(childAt)) {
      return { ...finish(nodes, perNode(fn, sites, work, local), nodes, () => t('{0} goes down a linked structure: {1} nodes, each handled once', name, bigO(nodes))), isWalk: true };
    }
  }
  const below = branching !== undefined && branching <= 1 ? [] : callsBelow(engine, fn);
  if (below.length > 0) {
    const nodes = size('n');
    const objects = below.map(({ callee }) => (callee.kind === 'member' ? callee.object : callee));
    // Parts that are called on by their names, and not in a loop: more calls than parts.
    if (branching !== undefined && branching > new Set(objects.map(keyOf)).size + 0.5 && !objects.some((object) => [...namesIn(object)].some((each) => engine.changes(fn.body).updates.has(each)))) {
      return severalWays(nodes);
    }
    return finish(nodes, work, nodes, () => t('{0} goes down a linked structure: {1} nodes, each handled once', name, bigO(nodes)));
  }
  const isLinked = ({ call, transitions }: Site, position: number): boolean => {
    const arg = call.args[position];
    return transitions[position] === 'neighbour' || (transitions[position] === 'follow' && arg !== undefined && isLink(wayTo(engine, fn, arg, fn.params[position]?.name ?? '')));
  };
  const linked = guard === undefined && sites.length > 0 && (branching ?? 2) > 1 ? fn.params.findIndex((_, position) => sites.every((site) => isLinked(site, position))) : -1;
  if (linked >= 0 && reachesTwice(engine, fn, sites, linked)) {
    return severalWays(treeSize(engine, fn, local));
  }
  if ((has('neighbour') || linked >= 0) && guard === undefined) {
    const at = linked >= 0 ? linked : fn.params.findIndex((_, position) => sites.every((site) => site.transitions[position] === 'neighbour'));
    if (at >= 0 && (distinctParent(fn, at, varying, sites) || !triesWays(at))) {
      const nodes = treeSize(engine, fn, local);
      if (!distinctParent(fn, at, varying, sites)) {
        engine.assume(t('{0} marks nothing as visited, so the links it follows form a tree', name));
      }
      return finish(nodes, work, nodes, () => t('{0} walks a tree and never goes back to where it came from: {1} nodes', name, bigO(nodes)));
    }
  }
  if (guard === undefined && scansForChildren(engine, fn, sites)) {
    const nodes = treeSize(engine, fn, local);
    return finish(nodes, work, nodes, () => t('{0} walks a tree and never goes back to where it came from: {1} nodes', name, bigO(nodes)));
  }
  const places = guard === undefined && branching !== undefined && branching > 1.5 && branching < sites.length + 0.5 && !takesBack(engine, fn) && !has('grow') && !countsOut(fn, sites) ? tableChildren(engine, fn, sites, local) : undefined;
  if (places !== undefined) {
    engine.assume(t('{0} marks nothing as visited, so the links it follows form a tree', name));
    return finish(places, work, places, () => t('{0} goes down a linked structure: {1} nodes, each handled once', name, bigO(places)));
  }
  const split = splitSites(fn, sites);
  if (guard === undefined && (branching ?? 2) > 1 && !varying.some((at) => sites.some((site) => site.transitions[at] === 'divide')) && takesParts(engine, fn, split)) {
    const whole = divisionSize(engine, fn, sites, entry, local);
    return finish(whole, work, whole, () => t('{0} splits its range into two that do not overlap: {1} calls', name, bigO(whole)));
  }
  if (branching !== undefined && Math.round(branching) === 2 && (isPartition(engine, fn, split) || splitsList(engine, fn, split))) {
    const whole = divisionSize(engine, fn, sites, entry, local);
    if (!varying.some((at) => sites.some((site) => site.transitions[at] === 'divide'))) {
      return finish(whole, work, whole, () => t('{0} splits its range into two that do not overlap: {1} calls', name, bigO(whole)));
    }
  }
  // `f(10 * x + 4, left - 1)` comes to its end by what is left, where nothing asks how large `x` is.
  const divides = varying.some((at) => sites.some((site) => site.transitions[at] === 'divide') && endsByDivision(engine, fn, sites, at));
  if (divides && branching !== undefined) {
    const whole = divisionSize(engine, fn, sites, entry, local);
    const base = divisorOf(engine, fn, sites);
    const solved = masterTheorem(fn, branching, work, whole, base);
    const query = branching === 2 && base === 2 && isRangeQuery(fn, sites);
    if (query) {
      const levels = logarithm(whole);
      return finish(levels, work, levels, () => t('{0} follows at most two branches per level of a tree of {1} levels', name, bigO(levels)));
    }
    return { ...solved, total: add(solved.total, once) };
  }
  const supply = divides ? undefined : consumed(engine, fn, sites, local);
  if (supply !== undefined && (branching !== undefined || supply.byRounds)) {
    // Where loops take items, too, their rounds over all calls together are no more than the items.
    let each = work;
    const shared = supply.byRounds ? [...sizesIn(supply.total), ...sizesIn(supply.rounds ?? one)] : [];
    for (const item of shared) {
      const parts = splitBy(each, item);
      each = add(parts.coefficient, parts.rest);
    }
    const solved = finish(supply.total, each, supply.total, () => t('each call of {0} takes one item for good: {1} calls', name, bigO(supply.total)));
    return { ...solved, isWalk: true, shares: shared.map((item) => ({ name: item, total: supply.total })) };
  }
  const depth = depthOf(engine, fn, sites, entry, local);
  if (branching !== undefined && branching <= 1) {
    return finish(depth, work, depth, onceText(name, depth));
  }
  if (isConstant(depth)) {
    return shallow(constantValue(depth) ?? 1);
  }
  const isPermutation = branching === undefined && usedFlags(fn);
  const calls = isPermutation ? factorial(depth) : branching === undefined && rank(depth).degree === 0 ? exponential(constant(2), size('n')) : exponential(branching === undefined ? constant(2) : constant(Math.max(2, Math.round(branching))), depth);
  return finish(calls, work, depth, branchingText(name, isPermutation, branching, depth));
}

/** Calls besides those by which the function is left at once with what they give: `return f(lo + 1, hi - 1)`. */
function splitSites(fn: FunctionIr, sites: readonly Site[]): readonly Site[] {
  const handedOn = new Set<Expression>();
  visitBlock(fn.body, {
    statement: (statement) => {
      const last = statement.kind === 'if' ? statement.then.at(-1) : undefined;
      if (last?.kind === 'return' && last.value !== undefined) {
        handedOn.add(last.value);
      }
      return undefined;
    },
  });
  const others = sites.filter(({ call }) => !handedOn.has(call));
  return others.length >= 2 ? others : sites;
}

/**
 * What a nested value costs per part: the items of all its parts together are the parts, so one part has one item on
 * average.
 */
function perNode(fn: FunctionIr, sites: readonly Site[], work: Growth, scope: Scope): Growth {
  let each = work;
  fn.params.forEach((param, at) => {
    const value = scope.values.get(param.name);
    const own = value === undefined || value.kind === 'object' ? undefined : value.size;
    if (own !== undefined && sites.every((site) => site.transitions[at] === 'child')) {
      for (const name of sizesIn(own)) {
        each = substitute(each, name, one);
      }
    }
  });
  return each;
}

function divisionSize(engine: Engine, fn: FunctionIr, sites: readonly Site[], entry: readonly Value[], scope: Scope): Growth {
  let best: Growth | undefined;
  fn.params.forEach((param, at) => {
    if (!sites.some((site) => ['divide', 'down', 'up'].includes(site.transitions[at] ?? ''))) {
      return;
    }
    const value = entry[at];
    const own = value === undefined ? undefined : isCollection(value) ? sizeOf(value) : (value.number ?? value.nodes);
    if (own !== undefined && !isConstant(own) && (best === undefined || compare(own, best) > 0)) {
      best = own;
    }
    const widened = scope.values.get(param.name)?.number;
    if (best === undefined && widened !== undefined && !isConstant(widened)) {
      best = widened;
    }
  });
  return best ?? fallback(engine, entry);
}

/**
 * By how much a number is multiplied or divided from call to call: 10 of `f(10 * x + digit)`, 3 of `f(n / 3)`, and 2 where the
 * code does not say.
 */
function divisorOf(engine: Engine, fn: FunctionIr, sites: readonly Site[]): number {
  let base = 2;
  fn.params.forEach((param, at) => {
    if (sites.every((site) => site.transitions[at] === 'divide')) {
      base = Math.max(base, Math.min(...sites.map((site) => factorIn(engine, fn, param.name, site.call.args[at]))));
    }
  });
  return base;
}

function factorIn(engine: Engine, fn: FunctionIr, name: string, arg: Expression | undefined, level = 0): number {
  if (arg === undefined || level > 4) {
    return 2;
  }
  if (arg.kind === 'call') {
    return arg.args.length === 1 && (arg.callee.kind === 'name' || arg.callee.kind === 'member') && /^(?:floor|trunc|int|Floor|Truncate|intdiv)$/.test(arg.callee.name) ? factorIn(engine, fn, name, arg.args[0], level + 1) : 2;
  }
  const { updates } = engine.changes(fn.body);
  if (arg.kind === 'name') {
    const given = arg.name === name ? [] : (updates.get(arg.name) ?? []);
    return given.length > 0 && given.every((update) => update.motion === 'set') ? Math.min(...given.map((update) => factorIn(engine, fn, name, update.amount, level + 1))) : 2;
  }
  if (arg.kind !== 'binary' || updates.has(name)) {
    return 2;
  }
  const { operator, left, right } = arg;
  if (operator === '+' || operator === '-') {
    return usesName(right, name) ? (operator === '+' && !usesName(left, name) ? factorIn(engine, fn, name, right, level + 1) : 2) : factorIn(engine, fn, name, left, level + 1);
  }
  const [own, factor] = operator === '*' && left.kind === 'literal' ? [right, left] : [left, right];
  const isPlain = own.kind === 'name' && own.name === name;
  return isPlain && ['*', '/', '//'].includes(operator) && factor.kind === 'literal' && typeof factor.value === 'number' ? Math.max(2, Math.floor(factor.value)) : 2;
}

/** T(n) = a·T(n/b) + f(n), compared by the degree of f (Cormen et al., Introduction to Algorithms, 4.5). */
function masterTheorem(fn: FunctionIr, branching: number, work: Growth, whole: Growth, base: number): Solved {
  const a = Math.max(1, Math.round(branching));
  const levels = logarithm(whole);
  const critical = Math.log2(a) / Math.log2(base);
  const { degree } = rank(work);
  const perSize = rank(whole).degree === 0 ? 1 : rank(whole).degree;
  const d = degree / perSize;
  const leaves = a === 1 ? one : power(whole, critical);
  const text = (): string => base === 2
    ? t('{0} splits its input in two and calls itself {1} times: T(n) = {1}·T(n/2) + {2}', fn.name, a, bigO(work))
    : t('{0} comes {1} times nearer to its end with each call and calls itself {2} times: T(n) = {2}·T(n/{1}) + {3}', fn.name, base, a, bigO(work));
  if (Math.abs(d - critical) < 0.01) {
    const total = a === 1 ? multiply(work, levels) : degree === 0 ? multiply(leaves, work) : multiply(work, levels);
    return { total, calls: a === 1 ? levels : leaves, work, depth: levels, text, branching };
  }
  if (d > critical) {
    return { total: work, calls: a === 1 ? levels : leaves, work, depth: levels, text, branching };
  }
  return { total: maximum(leaves, work), calls: leaves, work, depth: levels, text, branching };
}

/**
 * How often a number that is known where the recursion begins can be taken one from until it is what ends it:
 * `f(4)` with `if k == 2` goes two deep. Undefined where nothing says that it ends there.
 */
export function levelsOf(fn: FunctionIr, name: string, from: Growth): Growth | undefined {
  const first = constantValue(from) ?? 0;
  let last: number | undefined;
  visitBlock(fn.body, {
    expression: (inner) => {
      const known = inner.kind === 'binary' && ['==', '<=', '<', '>', '>=', '!='].includes(inner.operator) && inner.left.kind === 'name' && inner.left.name === name && inner.right.kind === 'literal' ? inner.right.value : undefined;
      if (typeof known === 'number' && known < first && (last === undefined || known < last)) {
        last = known;
      }
      return undefined;
    },
  });
  return last === undefined || first - last > 12 ? undefined : constant(first - last);
}

/** Whether a parameter that is divided, or multiplied, is what the recursion asks for, and not only another one that counts. */
function endsByDivision(engine: Engine, fn: FunctionIr, sites: readonly Site[], at: number): boolean {
  return isAsked(engine, fn, fn.params[at]?.name ?? '') || !fn.params.some(({ name }, other) => sites.every((site) => site.transitions[other] === 'down' || site.transitions[other] === 'up') && isAsked(engine, fn, name));
}

function depthOf(engine: Engine, fn: FunctionIr, sites: readonly Site[], entry: readonly Value[], scope: Scope): Growth {
  let best: Growth | undefined;
  let together: Growth | undefined;
  fn.params.forEach((param, at) => {
    const transitions = new Set(sites.map((site) => site.transitions[at] ?? 'same'));
    // An argument that only some of the calls lower bounds the depth together with those that the others lower.
    const isShared = transitions.delete('same');
    if (transitions.size === 0) {
      return;
    }
    const value = entry[at];
    let depth: Growth | undefined;
    if ([...transitions].every((each) => each === 'down') && value !== undefined) {
      depth = isCollection(value) ? sizeOf(value) : value.number === undefined ? undefined : isConstant(value.number) ? levelsOf(fn, param.name, value.number) : value.number;
    } else if (transitions.has('up') || transitions.has('down')) {
      depth = scope.values.get(param.name)?.number;
    } else if (transitions.has('divide') && value?.number !== undefined && endsByDivision(engine, fn, sites, at)) {
      depth = logarithm(value.number);
    }
    if (depth === undefined) {
      return;
    }
    if (isShared) {
      together = together === undefined ? depth : add(together, depth);
    } else if (best === undefined || compare(depth, best) < 0) {
      best = depth;
    }
  });
  if (best === undefined && together === undefined) {
    engine.assume(t('how deep {0} goes is not plain from its arguments: taken to be as deep as its input is large', fn.name));
  }
  return best ?? together ?? fallback(engine, entry);
}
