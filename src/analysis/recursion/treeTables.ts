import type { Mutation } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr, Program, Statement } from '../program/ir';
import { Memo } from '../program/memo';
import { bodies, conjunctsOf, holds, isName, keyOf, lookup, rangeArguments, rootOf, targetNames, usesName, visitBlock } from '../program/visit';
import { callersName } from '../amortised/sharedMarks';
import { type Call, type Site, unaliased } from './transitions';

const made = new Memo<Program, ReadonlySet<string>>();

/**
 * Whether the table whose lists a recursion goes through holds each place once: `for v in range(n): below[up[v]].append(v)`. Then each
 * place is reached from one other only, whatever is done on the way there and taken back after it.
 * @param call the call by which the recursion is begun
 * @param at the position of the parameter that says where it is
 */
export function goesDownTree(engine: Engine, fn: FunctionIr, call: Call, sites: readonly Site[], at: number): boolean {
  const name = fn.params[at]?.name;
  if (name === undefined || engine.changes(fn.body).updates.has(name)) {
    return false;
  }
  return sites.length > 0 && sites.every((site) => {
    const walked = walkedBy(fn, site.call, site.call.args[at]);
    const table = walked === undefined ? undefined : tableAt(unaliased(engine, fn, walked), name);
    return table !== undefined && treeTables(engine).has(callersName(fn, call, table));
  });
}

/** What a loop goes through that calls the function for each item. */
function walkedBy(fn: FunctionIr, call: Call, item: Expression | undefined): Expression | undefined {
  let found: Expression | undefined;
  if (item?.kind === 'name') {
    visitBlock(fn.body, {
      intoFunctions: true,
      statement: (statement) => {
        if (statement.kind === 'forEach' && isName(statement.target, item.name) && statement.body.some((inner) => holds(inner, call))) {
          found = statement.iterable;
        }
        return found === undefined;
      },
    });
  }
  return found;
}

/** The root of `below[u]`, `below.get(u)`, `below.get(u, [])`, where `u` is the parameter. */
function tableAt(iterable: Expression, name: string): string | undefined {
  const list = iterable.kind === 'call' && iterable.callee.kind === 'member' && iterable.callee.name.startsWith('@') && iterable.args.length === 0 ? iterable.callee.object : iterable;
  const place = lookup(list) ?? (list.kind === 'call' && list.callee.kind === 'member' && /^(?:get|getOrDefault)$/.test(list.callee.name) && list.args[0] !== undefined ? { object: list.callee.object, index: list.args[0] } : undefined);
  return place !== undefined && isName(place.index, name) && (place.object.kind === 'name' || place.object.kind === 'member') ? rootOf(place.object) : undefined;
}

/** Whether each place is put into one of the lists of the table `name` only. */
export function holdsEachOnce(engine: Engine, name: string): boolean {
  return treeTables(engine).has(name);
}

/** Tables of the program into whose lists each place is put once only. Kept per program. */
function treeTables(engine: Engine): ReadonlySet<string> {
  const { program } = engine;
  let tables = made.get(program);
  if (tables === undefined) {
    const pushes = new Map<string, boolean>();
    for (const block of bodies(program)) {
      const { mutations, updates } = engine.changes(block);
      for (const mutation of mutations) {
        if ((mutation.effect === 'push' || mutation.effect === 'extend' || mutation.effect === 'write') && isPartOfTable(mutation)) {
          const begun = (updates.get(mutation.root) ?? []).find(({ declares, loops }) => declares || loops.length === 0)?.loops ?? [];
          pushes.set(mutation.root, !pushes.has(mutation.root) && mutation.effect === 'push' && putsOnce(engine, mutation, begun));
        }
      }
    }
    tables = new Set([...pushes].flatMap(([root, isTree]) => (isTree ? [root] : [])));
    made.set(program, tables);
  }
  return tables;
}

/** `below[p].push(v)`; `below[p] = []` makes an empty list, and `below.push([])` another one. */
function isPartOfTable({ object, effect, item, index }: Mutation): boolean {
  if (effect === 'write') {
    return index !== undefined && item?.kind !== 'new' && item?.kind !== 'list' && item?.kind !== 'name' && item?.kind !== 'call';
  }
  return object.kind !== 'name' && !(object.kind === 'member' && keyOf(object.object) === 'this');
}

/** What is put in is another place in each round of the only loop around that the table is not made in. */
function putsOnce(engine: Engine, { item, loops }: Mutation, begun: readonly Statement[]): boolean {
  const loop = loops.at(-1);
  const place = item?.kind === 'binary' && (item.operator === '+' || item.operator === '-') && item.right.kind === 'literal' ? item.left : item;
  if (loop === undefined || place?.kind !== 'name' || loops.length !== begun.length + 1 || !begun.every((each, at) => each === loops[at])) {
    return false;
  }
  if (loop.kind === 'for') {
    const steps = engine.changes(loop.step).updates.get(place.name) ?? [];
    return steps.length === 1 && steps[0]?.motion === 'up' && !engine.changes(loop.body).updates.has(place.name);
  }
  if (loop.kind !== 'forEach' || engine.changes(loop.body).updates.has(place.name)) {
    return false;
  }
  const isCounted = rangeArguments(loop.iterable) !== undefined && isName(loop.target, place.name);
  const { iterable, target } = loop;
  return isCounted || (isNumbered(iterable) && target.kind === 'list' && isName(target.items[0], place.name));
}

/** `for v in range(n): if up[v] == u: f(v)`, also by an item beside its place: each `v` belongs to one `u` only. */
export function scansForChildren(engine: Engine, fn: FunctionIr, sites: readonly Site[]): boolean {
  const { updates } = engine.changes(fn.body);
  return fn.params.some(({ name }, at) => !updates.has(name) && isScan(sites, fn, name, at));
}

function isScan(sites: readonly Site[], fn: FunctionIr, name: string, at: number): boolean {
  return sites.length > 0 && sites.every(({ call }) => {
    const place = call.args[at];
    let found = false as boolean;
    const isOwn = (block: Block, loop: Statement): void => {
      visitBlock(block, {
        statement: (statement) => {
          if (statement.kind === 'if' && statement.then.some((inner) => holds(inner, call))) {
            found ||= conjunctsOf(statement.condition).some((test) => test.kind === 'binary' && test.operator === '==' && [[test.left, test.right], [test.right, test.left]].some(([one, other]) => isName(one, name) && other !== undefined && place !== undefined && isAt(other, place, loop)));
          }
          return !found;
        },
      });
    };
    visitBlock(fn.body, {
      intoFunctions: true,
      statement: (statement) => {
        if ((statement.kind === 'forEach' || statement.kind === 'for') && place?.kind === 'name' && isLoopPlace(statement, place.name)) {
          isOwn(statement.body, statement);
        }
        return !found;
      },
    });
    return found;
  });
}

function isLoopPlace(loop: Statement & { kind: 'forEach' | 'for' }, name: string): boolean {
  return loop.kind === 'forEach' ? (rangeArguments(loop.iterable) !== undefined ? isName(loop.target, name) : loop.target.kind === 'list' && isName(loop.target.items[0], name)) : loop.init.some((each) => (each.kind === 'declare' && each.name === name) || (each.kind === 'assign' && isName(each.target, name)));
}

/** `up[v]`, or the item beside `v` in `for v, above in enumerate(up)`. */
function isAt(part: Expression, place: Expression, loop: Statement): boolean {
  const found = lookup(part);
  if (found !== undefined) {
    return keyOf(found.index) === keyOf(place) && !usesName(found.object, keyOf(place));
  }
  return part.kind === 'name' && loop.kind === 'forEach' && loop.target.kind === 'list' && targetNames(loop.target).includes(part.name) && isNumbered(loop.iterable);
}

/** Items with their places: `enumerate(up)`. */
function isNumbered(iterable: Expression): boolean {
  return iterable.kind === 'call' && (iterable.callee.kind === 'name' || iterable.callee.kind === 'member') && /^@?(?:enumerate|indexed|each_with_index|withIndex|entries)$/.test(iterable.callee.name);
}
