import { t } from '../../core/l10n';
import { constant, exponential, type Growth, isConstant, logarithm, size } from '../algebra/bigO';
import { type Bound, bound, quietly } from './bound';
import type { Changes, Mutation } from '../program/changes';
import { bigO, type Engine, valueNamed } from '../following/engine';
import { domainOf } from '../recursion/guards';
import { copiesState } from '../recursion/madeStates';
import type { Block, Expression, Statement } from '../program/ir';
import { nodeLevelCount } from './nodeLevels';
import { isLast } from './leaving';
import { growsPath } from './paths';
import { drainsForCallers } from '../amortised/drains';
import { addedSize, elementOf, isCollection, magnitude, sizeOf, type Value } from '../following/values';
import { derivedNames, keyStates, madeStates, neighbourhood, stateCount, type Worklist } from './workStates';
import { isCutDown } from './shrinking';
import { isName, keyOf, namesIn, rangeArguments, rootOf, usesName, usesPlace, visitBlock, visitExpression } from '../program/visit';
import { ownOf } from '../input/wholeInput';

/** The collection whose size an expression is: `len(q)`, `q.size()`, `q.length`. */
export function isSizeOf(expression: Expression): Expression | undefined {
  if (expression.kind === 'call') {
    if (expression.callee.kind === 'name' && expression.args.length === 1 && /^(?:len|count|sizeof|strlen|size|ssize|empty)$/.test(expression.callee.name)) {
      return expression.args[0];
    }
    if (expression.callee.kind === 'member' && /^(?:size|length|len|Len|Count|qsize|count)$/.test(expression.callee.name) && expression.args.length === 0) {
      return expression.callee.object;
    }
  }
  return expression.kind === 'member' && /^(?:length|size|Count|Length)$/.test(expression.name) ? expression.object : undefined;
}

export function hasPops(changes: Changes, root: string | undefined): boolean {
  return root !== undefined && changes.mutations.some((mutation) => mutation.root === root && mutation.effect === 'pop');
}

/** The collection whose next item an expression looks at, where the loop takes items from it. */
export function toppedBy(side: Expression, changes: Changes): Expression | undefined {
  let found: Expression | undefined;
  visitExpression(side, {
    expression: (inner) => {
      const object = inner.kind === 'index' ? inner.object : inner.kind === 'call' && inner.callee.kind === 'member' && /^(?:peek|top|back|front|first|last|getLast|getFirst|peekFirst|peekLast|at|Peek|firstKey|lastKey|firstEntry|lastEntry|get)$/.test(inner.callee.name) ? inner.callee.object : undefined;
      if (object !== undefined && found === undefined && (object.kind === 'name' || (object.kind === 'member' && object.object.kind === 'name' && object.object.name === 'this')) && hasPops(changes, rootOf(object)) && !changes.updates.has(rootOf(object) ?? '')) {
        found = object;
      }
      return undefined;
    },
  });
  return found;
}

/** Each round puts all of the collection, or more, to its end: `text += text`. */
function isDoubled(root: string, own: readonly Mutation[], changes: Changes): boolean {
  const updates = changes.updates.get(root) ?? [];
  const grown = own.filter((mutation) => mutation.effect !== 'other');
  return updates.length + grown.length > 0 &&
    grown.every((mutation) => mutation.effect !== 'write' && !mutation.conditional && mutation.loops.length === 0 && isName(mutation.item, root)) &&
    updates.every(({ motion, amount, conditional, loops }) => !conditional && loops.length === 0 && ((motion === 'up' && amount !== undefined && usesName(amount, root)) || (motion === 'scale-up' && amount?.kind === 'literal')));
}

function bodyOf(statement: Statement): Block {
  return statement.kind === 'while' ? statement.body : statement.kind === 'for' ? [...statement.body, ...statement.step] : [];
}

/** A loop that goes on until a collection is empty, or has a given size. */
export function collectionBound(engine: Engine, collection: Expression, changes: Changes, whole: Block, statement: Statement, limit: Expression | undefined): Bound | undefined {
  const root = rootOf(collection);
  const value = quietly(engine, collection);
  if (root === undefined) {
    return undefined;
  }
  const own = changes.mutations.filter((mutation) => mutation.root === root);
  const swaps = (changes.updates.get(root) ?? []).filter((update) => update.amount !== undefined);
  const nextNames = swaps.flatMap(({ amount }) => {
    const next = amount?.kind === 'call' && amount.callee.kind === 'member' && /^(?:toArray|ToArray|ToList|slice|copy|clone)$/.test(amount.callee.name) ? amount.callee.object : amount;
    return next?.kind === 'name' ? [next.name] : [];
  });
  const pushes = [...own, ...changes.mutations.filter((mutation) => nextNames.includes(mutation.root))].filter((mutation) => mutation.effect === 'push' || mutation.effect === 'extend' || (mutation.effect === 'write' && isSetLike(value)));
  const pops = own.filter((mutation) => mutation.effect === 'pop' || mutation.effect === 'remove' || mutation.effect === 'clear');
  const length = isCollection(value) ? sizeOf(value) : value.nodes ?? sizeOf(value);
  const handed = own.length === 0 && swaps.length === 0 ? handedOver(engine, collection, root, value, length, changes) : undefined;
  if (handed !== undefined) {
    return handed;
  }
  if (pops.length === 0 && collection.kind === 'name' && !isConstant(length) && isCutDown(root, changes, bodyOf(statement))) {
    const rounds = logarithm(length);
    return bound(rounds, () => t('each round leaves a fraction of {0}: {1} rounds', root, bigO(rounds).slice(2, -1)), { moving: [root], direction: 'down', geometric: { name: root, largest: length } });
  }
  if (pops.length === 0 && limit !== undefined && isDoubled(root, own, changes)) {
    const rounds = logarithm(magnitude(quietly(engine, limit)));
    return bound(rounds, () => t('{0} is multiplied or divided each round: {1} rounds', keyOf(collection), bigO(rounds).slice(2, -1)), { moving: [root], direction: 'up', geometric: collection.kind === 'name' ? { name: root, largest: magnitude(quietly(engine, limit)) } : undefined });
  }
  if (pops.length === 0 && swaps.length === 0) {
    if (pushes.length > 0 && limit?.kind === 'name' && changes.updates.get(limit.name)?.every((update) => update.motion === 'up') === true) {
      // `while (head < queue.length)`: what is behind the head counts as taken.
      return walkBound(engine, { collection, root, value, length, pushes, pops, swaps }, changes, whole);
    }
    if (pushes.length > 0 && limit !== undefined) {
      return filledUp(engine, collection, root, limit, pushes);
    }
    return value.kind === 'iterator' ? bound(length, t('takes all items of {0}', keyOf(collection))) : undefined;
  }
  if (pops.length === 0 && limit !== undefined && swaps.every(({ motion, amount }) => motion === 'up' && amount !== undefined && isConstant(addedSize(quietly(engine, amount))))) {
    // `text += letter` puts one to its end, as a push does.
    return filledUp(engine, collection, root, limit, swaps);
  }
  if (pushes.length === 0 && swaps.length === 0) {
    return drainBound(engine, collection, root, length, statement);
  }
  return walkBound(engine, { collection, root, value, length, pushes, pops, swaps }, changes, whole);
}

function filledUp(engine: Engine, collection: Expression, root: string, limit: Expression, pushes: readonly { readonly conditional: boolean }[]): Bound {
  const rounds = magnitude(quietly(engine, limit));
  // A few items that are put in now and then say little of how many rounds it takes to find them.
  const isSure = !isConstant(rounds) || pushes.some(({ conditional }) => !conditional);
  return bound(rounds, () => t('fills {0} up to {1} items', keyOf(collection), bigO(rounds).slice(2, -1)), { moving: [root], direction: 'up', isSure });
}

/** `while (todo) step(todo, seen)`: a function of the program takes from the work list that it is given, and puts into it. */
function handedOver(engine: Engine, collection: Expression, root: string, value: Value, length: Growth, { calls }: Changes): Bound | undefined {
  for (const call of calls) {
    const at = call.args.findIndex((arg) => isName(arg, root));
    const fn = at < 0 ? undefined : ownOf(engine, call);
    const param = fn?.params[at]?.name;
    if (fn === undefined || param === undefined) {
      continue;
    }
    const inside = engine.changes(fn.body);
    const own = inside.mutations.filter((mutation) => mutation.root === param);
    const pushes = own.filter((mutation) => mutation.effect === 'push' || mutation.effect === 'extend');
    const pops = own.filter((mutation) => mutation.effect === 'pop');
    if (pushes.length > 0 && pops.length > 0 && !inside.updates.has(param)) {
      return walkBound(engine, { collection, root: param, value, length, pushes, pops, swaps: [] }, inside, fn.body);
    }
  }
  return undefined;
}

function isSetLike(value: Value): boolean {
  return value.kind === 'set' || value.kind === 'map';
}

/** What a loop takes out of a list and keeps in another, a loop beside it puts in again: `inside` is what it changes, `around` what the loop around changes. */
export function isPouredBack(engine: Engine, inside: readonly Mutation[], around: readonly Mutation[], root: string): boolean {
  const kept = new Set(inside.filter((mutation) => mutation.effect === 'push' && mutation.root !== root).map((mutation) => mutation.root));
  const isKept = (expression: Expression | undefined): boolean => expression !== undefined && kept.has(rootOf(expression) ?? '');
  return kept.size > 0 && around.some((mutation) => {
    const loop = mutation.loops.at(-1);
    if (mutation.root !== root || (mutation.effect === 'extend' && isKept(mutation.item))) {
      return mutation.root === root;
    }
    return mutation.effect === 'push' && ((loop?.kind === 'forEach' && isKept(loop.iterable)) || (loop?.kind === 'while' && engine.changes(loop.body).mutations.some((other) => other.effect === 'pop' && kept.has(other.root) && usesPlace(loop.condition, other.root))));
  });
}

/** Only takes items away. What the loops around put in is what there is to take. */
export function drainBound(engine: Engine, collection: Expression, root: string, length: Growth, statement: Statement): Bound {
  const [around] = engine.openLoops();
  const changes = engine.changes(around?.body ?? engine.namedActive()?.fn.body ?? []);
  const inside = changes.mutations.filter((mutation) => mutation.loops.includes(statement));
  const filled = changes.mutations.some((mutation) => mutation.root === root && (mutation.effect === 'push' || mutation.effect === 'extend' || mutation.effect === 'write') && !mutation.loops.includes(statement));
  if (filled && isPouredBack(engine, inside, changes.mutations, root)) {
    return bound(length, () => t('takes the items of {0}, {1} in all', keyOf(collection), bigO(length).slice(2, -1)), { empties: quietly(engine, collection) });
  }
  const isNew = (changes.updates.get(root) ?? []).some((update) => !update.loops.includes(statement));
  if (around === undefined ? drainsForCallers(engine, root) : filled && !isNew) {
    return bound(length, '', { moving: [root], direction: 'down', perRound: true, worklistName: root });
  }
  return bound(length, () => t('takes the items of {0}, {1} in all', keyOf(collection), bigO(length).slice(2, -1)), { moving: [root], direction: 'down', worklistName: root });
}

/** `for i in range(0, len(xs), 2)`, `for (i = 0; i < n; i += 2)`: fewer rounds than items. */
function skipsItems(loop: Statement): boolean {
  const isStep = (step: Expression | undefined): boolean => step?.kind === 'literal' && typeof step.value === 'number' && step.value >= 2;
  if (loop.kind === 'forEach') {
    return isStep(rangeArguments(loop.iterable)?.[2]);
  }
  return loop.kind === 'for' && loop.step.some((step) => step.kind === 'assign' && step.operator === '+' && isStep(step.value));
}

/** A work list: what is put in again decides how often the loop runs. */
function walkBound(engine: Engine, list: Worklist, changes: Changes, whole: Block): Bound {
  const { root, value, pops } = list;
  // What is put back on the way out of the loop is not taken by it again.
  const again = list.pushes.filter(({ loops, object }) => loops.length > 0 || !isLast(whole, object));
  const pushes = again.length > 0 ? again : list.pushes;
  const common = { worklist: value, worklistName: root, distinct: new Set(['*']) };
  const item = isCollection(value) ? elementOf(value) : undefined;
  const nodes = item?.nodes;
  const pushedNodes = pushes.map((push) => (push.item?.kind === 'name' ? valueNamed(engine, push.item.name)?.nodes : undefined)).find((each) => each !== undefined);
  const pushesChild = pushedNodes !== undefined || pushes.some((push) => isChild(push.item, changes));
  const isText = item !== undefined && (item.kind === 'char' || (isCollection(item) && item.items === undefined));
  const halving = halvedBound(list);
  if (halving !== undefined) {
    return halving;
  }
  const guard = visitedContainer(engine, changes, whole, root);
  const linked = guard === undefined && list.swaps.length > 0 ? nodeLevelCount(engine, whole, root) : undefined;
  if (linked !== undefined) {
    return bound(linked, () => t('visits each of {0} nodes once', bigO(linked).slice(2, -1)), common);
  }
  if (guard === undefined && (nodes !== undefined || pushesChild)) {
    const count = nodes ?? pushedNodes ?? size('n');
    takeForNodes(value, count);
    return bound(count, () => t('visits each of {0} nodes once', bigO(count).slice(2, -1)), common);
  }
  if (guard !== undefined) {
    const states = guard.domain ?? madeStates(engine, list, guard.root, changes, whole) ?? keyStates(engine, list, guard.root, changes, whole) ?? stateCount(engine, list, whole);
    if (pushesChild && pushes.every((push) => push.item?.kind === 'name')) {
      takeForNodes(value, states);
    }
    return bound(states, () => t('each of {0} places enters {1} once, as {2} keeps what was seen', bigO(states).slice(2, -1), root, guard.root), { ...common, guard: guard.root });
  }
  const popped = pops.filter((pop) => !pop.conditional).length;
  const isRepeated = pushes.some((push) => push.loops.length > 0 || push.effect === 'extend');
  if (popped > pushes.length && !isRepeated) {
    return bound(list.length, () => t('takes more from {0} than it puts back: {1} rounds', root, bigO(list.length).slice(2, -1)), { moving: [root], direction: 'down', isSure: true });
  }
  const isExchange = pushes.length <= pops.length && pushes.every((push) => push.effect === 'push' && pops.some((pop) => pop.loops.length === push.loops.length && pop.loops.every((loop, at) => loop === push.loops[at])));
  if (pushes.length <= 1 && (!isRepeated || isExchange)) {
    const count = isConstant(list.length) ? size('n') : list.length;
    if (pushes.length === 0 && isReplaced(list, changes)) {
      return bound(count, () => t('makes {0} anew in each round: {1} rounds', root, bigO(count).slice(2, -1)), { moving: [root], direction: 'down', isSure: false });
    }
    return bound(count, () => t('takes one item and puts at most one back: about {0} rounds', bigO(count).slice(2, -1)), { ...common, distinct: new Set(), isSure: false });
  }
  const derived = derivedNames(root, changes, whole);
  const successors = pushes.filter((push) => push.item !== undefined && !isSuppliedElsewhere(push, root, changes) && [...namesIn(push.item)].some((name) => derived.has(name)));
  if (successors.length === 0) {
    const count = otherSupply(engine, changes, root) ?? (isConstant(list.length) ? size('n') : list.length);
    return bound(count, () => t('what enters {0} does not come from what was taken: {1} items in all', root, bigO(count).slice(2, -1)), { ...common, distinct: new Set() });
  }
  if (successors.length === 1 && isNeighbourPush(successors[0], changes) && !growsPath(successors[0], derived, changes, isText)) {
    const count = neighbourhood(engine, whole) ?? size('n');
    engine.assume(t('nothing is marked as visited, so the links followed form a tree'));
    return bound(count, () => t('each of {0} nodes of a tree enters {1} once', bigO(count).slice(2, -1), root), common);
  }
  if (pushes.every((push) => push.conditional) && !((pushes.length > 1 || isRepeated) && pushes.every((push) => growsPath(push, derived, changes, isText)))) {
    const count = stateCount(engine, list, whole);
    return bound(count, () => t('each of {0} places enters {1} at most once', bigO(count).slice(2, -1), root), { ...common, isSure: false });
  }
  const growth = exponential(constant(2), size('n'));
  return bound(growth, () => t('puts several items into {0} for each one taken', root), { ...common, distinct: new Set(), isSure: false });
}

/** `next = new int[row.length - 1]; …; row = next`: each round makes all items anew. */
function isReplaced({ swaps }: Worklist, changes: Changes): boolean {
  return swaps.some(({ amount }) => amount?.kind === 'name' && (changes.updates.get(amount.name) ?? []).some((made) => made.amount?.kind === 'new' && made.amount.dimensions !== undefined));
}

/** Items of which nothing is known, and whose parts come into the work list after them, are nodes of a linked structure. */
function takeForNodes(worklist: Value, count: Growth): void {
  const item = isCollection(worklist) ? elementOf(worklist) : undefined;
  if (item?.kind === 'unknown' && item.nodes === undefined) {
    item.nodes = count;
  }
}

/** `while (lists.length > 1) { for (i = 0; …; i += 2) merged.push(…); lists = merged; }`: each round leaves a part of the items. */
function halvedBound(list: Worklist): Bound | undefined {
  const [only] = list.pushes;
  if (list.swaps.length === 0 || only === undefined || list.pushes.length !== 1 || only.effect !== 'push' || !only.loops.some(skipsItems)) {
    return undefined;
  }
  const rounds = logarithm(list.length);
  return bound(rounds, () => t('keeps one for every few items of {0}: {1} rounds', list.root, bigO(rounds).slice(2, -1)), { moving: [list.root], direction: 'down', isSure: true });
}

/** The push stands in a loop that takes from another collection, or moves an index that is never set back. */
function isSuppliedElsewhere(push: Mutation, root: string, changes: Changes): boolean {
  const loop = push.loops[push.loops.length - 1];
  if (loop === undefined || loop.kind === 'forEach') {
    return false;
  }
  const isPutBack = (taken: Mutation): boolean => changes.mutations.some((mutation) => mutation.effect === 'push' && mutation.root === taken.root && mutation.loops.includes(loop));
  if (changes.mutations.some((mutation) => mutation.effect === 'pop' && mutation.root !== root && mutation.loops.includes(loop) && !isPutBack(mutation))) {
    return true;
  }
  for (const [, updates] of changes.updates) {
    const inside = updates.filter((update) => update.loops.includes(loop));
    if (inside.length > 0 && inside.length === updates.length && inside.every((update) => update.motion === 'up' && update.amount?.kind === 'literal')) {
      return true;
    }
  }
  return false;
}

/** Another collection that the loop takes items from, or an index that it moves: what supplies the work list. */
function otherSupply(engine: Engine, changes: Changes, root: string): Growth | undefined {
  for (const mutation of changes.mutations) {
    if (mutation.effect === 'pop' && mutation.root !== root) {
      const value = valueNamed(engine, mutation.root);
      if (value !== undefined && isCollection(value) && !isConstant(sizeOf(value))) {
        return sizeOf(value);
      }
    }
  }
  return undefined;
}

/** `for v in graph[u]: q.append(v)`: the items of a collection found by what was taken. */
function isNeighbourPush(push: Mutation | undefined, changes: Changes): boolean {
  if (push?.item === undefined) {
    return false;
  }
  if (push.effect === 'extend') {
    return push.item.kind === 'index' || push.item.kind === 'member' || push.item.kind === 'call';
  }
  // `v = edge.end()`: what is pushed may be a part of what the loop goes through.
  const names = new Set([...namesIn(push.item)].flatMap((name) => [name, ...(changes.updates.get(name) ?? []).flatMap((update) => (update.motion === 'set' && update.amount !== undefined ? [...namesIn(update.amount)] : []))]));
  const isPart = (iterable: Expression): boolean => (iterable.kind === 'slice' && iterable.from === undefined && iterable.to === undefined && isPart(iterable.object)) || iterable.kind === 'index' || iterable.kind === 'member' || iterable.kind === 'call' || iterable.kind === 'binary';
  // `next = near[at] || []`
  const isNamedPart = (iterable: Expression): boolean => iterable.kind === 'name' && (changes.updates.get(iterable.name) ?? []).some(({ amount, motion, loops }) => motion === 'set' && loops.length === 0 && (amount?.kind === 'index' || (amount?.kind === 'binary' && isPart(amount.left))));
  return push.loops.some((loop) => loop.kind === 'forEach' && (isPart(loop.iterable) || isNamedPart(loop.iterable)) && [...namesIn(loop.target)].some((name) => names.has(name)) && changes.updates.size > 0) || push.loops.some((loop) => loop.kind === 'for');
}

function isChild(item: Expression | undefined, changes: Changes): boolean {
  if (item === undefined) {
    return false;
  }
  if (item.kind === 'member') {
    const { object } = item;
    return (object.kind === 'name' && object.name !== 'this') || (object.kind === 'member' && object.object.kind === 'name' && object.object.name !== 'this');
  }
  if (item.kind === 'list' || item.kind === 'new') {
    return (item.kind === 'list' ? item.items : [...item.args, ...(item.items ?? [])]).some((each) => isChild(each, changes));
  }
  if (item.kind === 'map') {
    // `{ node: node.left, level: level + 1 }`; `{ path: state.path }` hands on what the item itself has.
    const isPart = (object: Expression): boolean => object.kind === 'member' || (object.kind === 'name' && (changes.updates.get(object.name) ?? []).some(({ amount }) => amount?.kind === 'member' || amount?.kind === 'index'));
    return item.entries.some(({ value }) => value.kind === 'member' && isPart(value.object) && isChild(value, changes));
  }
  if (item.kind === 'name') {
    // `twig = at; at = twig.left; trail.push(twig)`
    const isPassed = (name: string): boolean => (changes.updates.get(name) ?? []).some((update) => update.amount?.kind === 'member' && rootOf(update.amount) === item.name);
    return (changes.updates.get(item.name) ?? []).some((update) => (update.amount?.kind === 'name' && isPassed(update.amount.name)) || (update.statement?.kind === 'forEach' && update.statement.iterable.kind === 'member') || (update.motion === 'follow' && update.amount?.kind === 'member'));
  }
  return false;
}

/** A table or set that the loop both tests and writes: what was seen, distances, counts of open edges, the map itself. */
export function visitedContainer(engine: Engine, changes: Changes, whole: Block, worklist: string): { root: string; domain: Growth | undefined } | undefined {
  const tested = new Set<string>();
  const fields = new Set<string>();
  const note = (expression: Expression): void => {
    const root = rootOf(expression);
    if (root !== undefined && root !== worklist) {
      tested.add(root);
    }
  };
  const look = (condition: Expression): void => {
    visitExpression(condition, {
      skipsLeaves: true,
      expression: (inner) => {
        if (inner.kind === 'index') {
          note(inner.object);
        } else if (inner.kind === 'member' && inner.object.kind === 'index') {
          fields.add(`${rootOf(inner.object) ?? ''}.${inner.name}`);
        } else if (inner.kind === 'binary' && (inner.operator === 'in' || inner.operator === 'not in')) {
          note(inner.right);
        } else if (inner.kind === 'call' && inner.callee.kind === 'member' && !/^(?:size|length|empty|isEmpty)$/.test(inner.callee.name)) {
          note(inner.callee.object);
        }
        return undefined;
      },
    });
  };
  const locals = new Map<string, Expression>();
  visitBlock(whole, {
    statement: (statement) => {
      if (statement.kind === 'if') {
        look(statement.condition);
        for (const name of namesIn(statement.condition)) {
          const definition = locals.get(name);
          if (definition !== undefined) {
            look(definition);
          }
        }
      } else if ((statement.kind === 'declare' || statement.kind === 'assign') && statement.value !== undefined) {
        const name = statement.kind === 'declare' ? statement.name : statement.target.kind === 'name' ? statement.target.name : '';
        if (statement.value.kind === 'index' || statement.value.kind === 'call') {
          locals.set(name, statement.value);
        }
      } else if (statement.kind === 'forEach') {
        // `for v in g[u] - seen`
        return undefined;
      }
      return undefined;
    },
    expression: (expression) => {
      if (expression.kind === 'conditional') {
        look(expression.condition);
      } else if (expression.kind === 'comprehension') {
        for (const clause of expression.clauses) {
          clause.conditions.forEach(look);
        }
      }
      return undefined;
    },
  });
  let states: ReadonlySet<string> | undefined;
  const isCopy = (root: string): boolean => (changes.updates.get(root) ?? []).some(({ amount }) => amount !== undefined && copiesState(amount, (states ??= derivedNames(worklist, changes, whole))));
  for (const mutation of changes.mutations) {
    if (tested.has(mutation.root) && mutation.root !== worklist && !isFresh(changes, mutation.root, worklist) && !isCopy(mutation.root)) {
      const target: Expression = mutation.index === undefined ? mutation.object : { kind: 'index', lines: mutation.object.lines, object: mutation.object, index: mutation.index };
      const value = valueNamed(engine, mutation.root);
      if (mutation.effect === 'remove' && value !== undefined && !value.allocated && isCollection(value)) {
        return { root: mutation.root, domain: sizeOf(value) };
      }
      return { root: mutation.root, domain: mutation.effect === 'write' ? domainOf(engine, mutation.root, target) : undefined };
    }
  }
  // `cells[y][x].seen = true`: a mark in an entry.
  for (const [, updates] of fields.size === 0 ? [] : changes.updates) {
    for (const { statement } of updates) {
      const target = statement?.kind === 'assign' && statement.target.kind === 'member' && statement.target.object.kind === 'index' ? statement.target : undefined;
      const root = target === undefined ? undefined : rootOf(target.object);
      if (target?.object.kind === 'index' && root !== undefined && root !== worklist && tested.has(root) && fields.has(`${root}.${target.name}`) && !isFresh(changes, root, worklist)) {
        return { root, domain: domainOf(engine, root, target.object) };
      }
    }
  }
  return undefined;
}

/** Made anew in each round, or taken out of the work list. */
function isFresh(changes: Changes, root: string, worklist: string): boolean {
  return (changes.updates.get(root) ?? []).some((update) => update.loops.length === 0 && (update.declares || (update.motion === 'set' && update.amount !== undefined && usesName(update.amount, worklist))));
}
