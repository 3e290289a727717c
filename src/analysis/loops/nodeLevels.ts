import { type Growth, isConstant, size } from '../algebra/bigO';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { holdsEachOnce } from '../recursion/treeTables';
import { elementOf, isCollection, sizeOf, type Value } from '../following/values';
import { isName, lookup, rangeArguments, rootOf, targetNames, visitBlock, visitExpression } from '../program/visit';

/** Names of the items of a level, and of their children with what these are taken from. */
interface Walk {
  readonly items: Set<string>;
  readonly children: Map<string, string>;
}

/**
 * How many nodes enter the list `name` in all, where each round puts the children of its items in their place: `level = [kid for node in level
 * for kid in node.kids]`, `after.append(node.left)`. Each node of a linked structure has one parent, so it is in one level only.
 */
export function nodeLevelCount(engine: Engine, block: Block, name: string): Growth | undefined {
  const value = engine.value(name);
  if (value === undefined || !isCollection(value)) {
    return undefined;
  }
  const { updates, mutations } = engine.changes(block);
  const walk: Walk = { items: new Set(), children: new Map() };
  const put: Expression[] = [];
  const seen = new Set<string>([name]);
  const gather = (made: Expression): boolean => {
    switch (made.kind) {
      case 'name':
        return gatherName(made.name, false);
      case 'binary':
        return made.operator === '+' && gather(made.left) && gather(made.right);
      case 'list':
        return made.items.every((item) => (item.kind === 'spread' ? gather(item.value) : false)) || made.items.length === 0;
      case 'new':
        return made.args.length === 0 && (made.items ?? []).length === 0 && made.dimensions === undefined;
      case 'comprehension':
        put.push(made);
        return true;
      case 'call':
        // `std::move(after)`, `list(after)`
        return made.args.length === 1 && made.args[0]?.kind === 'name' && (made.callee.kind === 'name' || made.callee.kind === 'member') && /^(?:move|list|take|from)$/.test(made.callee.name) ? gather(made.args[0]) : made.args.length === 0 && made.callee.kind === 'name';
      default:
        return false;
    }
  };
  const gatherName = (other: string, isQueue: boolean): boolean => {
    if (seen.has(other) && !isQueue) {
      return other !== name;
    }
    seen.add(other);
    for (const mutation of mutations) {
      if (mutation.root === other && (mutation.effect === 'push' || mutation.effect === 'extend')) {
        if (mutation.item === undefined || mutation.object.kind === 'index') {
          return false;
        }
        put.push(mutation.item);
      } else if (mutation.root === other && mutation.effect === 'write') {
        return false;
      }
    }
    return isQueue || (updates.get(other) ?? []).every(({ amount, motion }) => amount === undefined || (motion === 'set' && gather(amount)));
  };
  const own = updates.get(name) ?? [];
  const isQueue = mutations.some(({ root, effect }) => root === name && effect === 'pop');
  if (own.length === 0 ? !isQueue || !gatherName(name, true) : isQueue || mutations.some(({ root, effect }) => root === name && effect !== 'clear' && effect !== 'other') || !own.every(({ amount, motion }) => amount !== undefined && motion === 'set' && gather(amount))) {
    return undefined;
  }
  walkThrough(engine, block, name, walk);
  const ways = put.flatMap((item) => waysOf(engine, walk, item));
  const known = ways.filter((way) => way !== undefined);
  return ways.length === 0 || known.length < ways.length || new Set(known).size < known.length ? undefined : nodesIn(engine, value, known);
}

/** How many nodes there are: of a linked structure, or as many as the table has lists. */
function nodesIn(engine: Engine, value: Value, ways: readonly string[]): Growth {
  const item = elementOf(value);
  const nodes = item.nodes ?? item.items?.find((each) => each.nodes !== undefined)?.nodes;
  if (nodes !== undefined) {
    return nodes;
  }
  const table = ways.map((way) => engine.value(way)).find((each) => each !== undefined && isCollection(each) && !isConstant(sizeOf(each)));
  return table === undefined ? size('n') : sizeOf(table);
}

/** Finds the names that items of the list, and their children, go by. */
function walkThrough(engine: Engine, block: Block, name: string, walk: Walk): void {
  const isOfList = (iterable: Expression): boolean => isName(withoutView(iterable), name);
  const note = (target: Expression, iterable: Expression): void => {
    if (isOfList(iterable)) {
      targetNames(target).forEach((each) => walk.items.add(each));
      return;
    }
    const way = wayToChildren(engine, walk, withoutView(iterable));
    if (way !== undefined) {
      targetNames(target).forEach((each) => walk.children.set(each, way));
    }
  };
  const given = (target: Expression, value: Expression): void => {
    const taken = value.kind === 'call' && value.callee.kind === 'member' ? value.callee.object : value.kind === 'index' ? value.object : undefined;
    if (taken !== undefined && isName(taken, name)) {
      targetNames(target).forEach((each) => walk.items.add(each));
    } else if (target.kind === 'name') {
      const way = wayOfChild(walk, value);
      if (way !== undefined) {
        walk.children.set(target.name, way);
      }
    }
  };
  visitBlock(block, {
    statement: (statement: Statement) => {
      if (statement.kind === 'forEach' && rangeArguments(statement.iterable) === undefined) {
        note(statement.target, statement.iterable);
      } else if (statement.kind === 'declare' && statement.value !== undefined) {
        given({ kind: 'name', lines: statement.lines, name: statement.name }, statement.value);
      } else if (statement.kind === 'assign' && statement.operator === undefined) {
        given(statement.target, statement.value);
      }
      return undefined;
    },
    expression: (inner) => {
      if (inner.kind === 'comprehension') {
        inner.clauses.forEach((clause) => {
          note(clause.target, clause.iterable);
        });
      }
      return undefined;
    },
  });
}

/** `level.@items()`, `node.kids.values()` */
function withoutView(iterable: Expression): Expression {
  return iterable.kind === 'call' && iterable.callee.kind === 'member' && iterable.args.length === 0 && /^(?:@items|@values|values|iter|into_iter)$/.test(iterable.callee.name) ? iterable.callee.object : iterable;
}

/** `node.left`, where the node is an item of the level. */
function wayOfChild(walk: Walk, part: Expression): string | undefined {
  return part.kind === 'member' && part.object.kind === 'name' && walk.items.has(part.object.name) ? part.name : undefined;
}

/** `node.kids`, the lists of a table in which each place is put once, `(node.left, node.right)`. */
function wayToChildren(engine: Engine, walk: Walk, iterable: Expression): string | undefined {
  const child = wayOfChild(walk, iterable);
  if (child !== undefined) {
    return child;
  }
  const place = lookup(iterable);
  if (place !== undefined) {
    const table = rootOf(place.object);
    return place.object.kind === 'name' && table !== undefined && place.index.kind === 'name' && walk.items.has(place.index.name) && holdsEachOnce(engine, table) ? table : undefined;
  }
  const ways = iterable.kind === 'list' ? iterable.items.map((item) => wayOfChild(walk, item)) : [];
  return ways.length > 0 && ways.every((way) => way !== undefined) && new Set(ways).size === ways.length ? ways.join() : undefined;
}

/** By which ways the nodes that are put in come from the level before: undefined where another one is put in. */
function waysOf(engine: Engine, walk: Walk, item: Expression): readonly (string | undefined)[] {
  switch (item.kind) {
    case 'member':
      return [wayOfChild(walk, item)];
    case 'name':
      return [walk.children.get(item.name)];
    case 'comprehension':
      return waysOf(engine, walk, item.element);
    case 'list':
    case 'new': {
      // A node with something beside it, or several nodes.
      const parts = item.kind === 'list' ? item.items : [...item.args, ...(item.items ?? [])];
      const ways = parts.flatMap((part) => (part.kind === 'member' || part.kind === 'name' ? waysOf(engine, walk, part) : [])).filter((way) => way !== undefined);
      return ways.length === 0 || parts.some((part) => usesChildTwice(walk, part)) ? [undefined] : ways;
    }
    case 'index':
    case 'call':
      return [wayToChildren(engine, walk, withoutView(item))];
    default:
      return [undefined];
  }
}

/** A part beside the node that is a collection of more of them would have others in it. */
function usesChildTwice(walk: Walk, part: Expression): boolean {
  let found = false as boolean;
  if (part.kind !== 'member' && part.kind !== 'name') {
    visitExpression(part, {
      expression: (inner) => {
        found ||= (inner.kind === 'name' && walk.children.has(inner.name)) || wayOfChild(walk, inner) !== undefined;
        return !found;
      },
    });
  }
  return found;
}
