import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import { named } from './recursionShapes';
import { namesOf, type Site } from './transitions';
import { keyOf, lookup, targetNames, visitExpression } from '../program/visit';

/** How often one call goes on to each child, by path and state: `node.left` with `true`. */
type Counts = ReadonlyMap<string, number>;

/** The most calls on a way through a block to its end, and on one that leaves it before; undefined where there is none. */
interface Ways {
  readonly through: Counts | undefined;
  readonly leaving: Counts | undefined;
}

const nothing: Counts = new Map();
const separator = '\n';

/** A parameter that calls set to a few fixed values, and the value that it has in the call at hand. */
interface Flag {
  readonly at: number;
  readonly name: string;
  readonly value: string;
}

/**
 * Whether a recursion over linked nodes comes to the same node in several ways: by one call that goes on to a child
 * twice, in a row or in a loop whose rounds do not choose the child, or to a child and to a grandchild. Branches of which
 * one runs count once. Where a flag tells calls apart, only those count that lead back to the flag as it is:
 * `count(node.left, false)` under `!started` beside `count(node.left, true)` happens once on each way down.
 */
export function reachesTwice(engine: Engine, fn: FunctionIr, sites: readonly Site[], at: number): boolean {
  if (changesPlaces(sites, at)) {
    return true;
  }
  const param = fn.params[at];
  const { updates, mutations } = engine.changes(fn.body);
  if (param === undefined || updates.has(param.name)) {
    return false;
  }
  const flag = flagOf(engine, fn, sites, at);
  const values = flag?.values ?? [''];
  const counted = new Map(values.map((value) => [value, countCalls(engine, fn, sites, at, flag === undefined ? undefined : { at: flag.at, name: flag.name, value })]));
  const paths = [...new Set([...counted.values()].flatMap((counts) => [...counts.keys()].map((key) => key.slice(0, key.indexOf(separator)))))];
  if (paths.some((path) => paths.some((other) => ['.', '[', '@'].some((mark) => other.startsWith(`${path}${mark}`))))) {
    return true;
  }
  const leadsTo = reachable(counted);
  // What is set anew may be another node the second time.
  const isSet = (path: string): boolean => updates.has(path) || mutations.some(({ object, root, index, effect }) => root === param.name && effect !== 'remove' && (index === undefined ? keyOf(object) : keyOf({ kind: 'index', lines: object.lines, object, index })) === path);
  return paths.some((path) => !isSet(path) && values.some((value) => {
    const back = values.filter((next) => leadsTo(next, value)).reduce((sum, next) => sum + (counted.get(value)?.get(`${path}${separator}${next}`) ?? 0), 0);
    return back >= 2;
  }));
}

/** A pair of nodes each of which is passed on in either place meets the same nodes in several pairs. */
function changesPlaces(sites: readonly Site[], at: number): boolean {
  const inPlaces = new Map<string, Set<number>>();
  const paths: string[] = [];
  for (const { call } of sites) {
    call.args.forEach((arg, position) => {
      if (arg.kind === 'member') {
        const key = keyOf(arg);
        inPlaces.set(key, (inPlaces.get(key) ?? new Set()).add(position));
        if (position === at) {
          paths.push(key);
        }
      }
    });
  }
  return paths.some((path) => (inPlaces.get(path)?.size ?? 0) > 1);
}

/** The parameter that every call sets to a literal or passes on as it is, with the literals; undefined where there is none. */
function flagOf(engine: Engine, fn: FunctionIr, sites: readonly Site[], at: number): { readonly at: number; readonly name: string; readonly values: readonly string[] } | undefined {
  for (const [position, { name }] of fn.params.entries()) {
    const args = sites.map(({ call }) => call.args[position]);
    const values = new Set(args.flatMap((arg) => (arg?.kind === 'literal' ? [keyOf(arg)] : [])));
    const isFlag = position !== at && values.size >= 2 && values.size <= 4 && args.every((arg) => arg?.kind === 'literal' || (arg?.kind === 'name' && arg.name === name));
    if (isFlag && !engine.changes(fn.body).updates.has(name)) {
      return { at: position, name, values: [...values] };
    }
  }
  return undefined;
}

/** Whether calls with one value of the flag come to calls with another. */
function reachable(counted: ReadonlyMap<string, Counts>): (from: string, to: string) => boolean {
  const all = new Map<string, Set<string>>();
  for (const start of counted.keys()) {
    const found = new Set([start]);
    for (const value of found) {
      for (const key of counted.get(value)?.keys() ?? []) {
        found.add(key.slice(key.indexOf(separator) + 1));
      }
    }
    all.set(start, found);
  }
  return (from, to) => all.get(from)?.has(to) === true;
}

function plus(a: Counts, b: Counts): Counts {
  if (a.size === 0 || b.size === 0) {
    return a.size === 0 ? b : a;
  }
  const sum = new Map(a);
  for (const [key, count] of b) {
    sum.set(key, (sum.get(key) ?? 0) + count);
  }
  return sum;
}

/** What is more than was counted before. */
function beyond(counts: Counts, before: Counts): Counts {
  return before.size === 0 ? counts : new Map([...counts].map(([key, count]) => [key, Math.max(0, count - (before.get(key) ?? 0))]));
}

function most(a: Counts, b: Counts): Counts {
  if (a.size === 0 || b.size === 0) {
    return a.size === 0 ? b : a;
  }
  const highest = new Map(a);
  for (const [key, count] of b) {
    highest.set(key, Math.max(highest.get(key) ?? 0, count));
  }
  return highest;
}

/** The names that say which child `arg` is. What another collection holds (`node.next[grid[r][c]]`) may be the same for other places. */
function choosingNames(engine: Engine, fn: FunctionIr, arg: Expression): Set<string> {
  const names = new Set<string>();
  const settingOf = (expression: Expression): Expression => {
    const updates = expression.kind === 'name' && !fn.params.some((param) => param.name === expression.name) ? (engine.changes(fn.body).updates.get(expression.name) ?? []) : [];
    return updates.length === 1 && updates[0]?.motion === 'set' && updates[0].amount !== undefined ? updates[0].amount : expression;
  };
  const look = (expression: Expression, level: number): void => {
    const place = lookup(settingOf(expression));
    if (place !== undefined && level < 4 && lookup(settingOf(place.index)) !== undefined) {
      look(place.object, level + 1);
    } else {
      namesOf(expression).forEach((name) => names.add(name));
    }
  };
  look(arg, 0);
  return names;
}

/** The calls of one run of `fn` that goes on to as many children as any. */
function countCalls(engine: Engine, fn: FunctionIr, sites: readonly Site[], at: number, flag: Flag | undefined): Counts {
  const calls = new Map(sites.map((site) => [site.call as Expression, site]));
  const { updates } = engine.changes(fn.body);
  const own = fn.params[at]?.name ?? '';
  const aliases = new Map<string, readonly string[]>([[own, [own]]]);
  /** Of each way down the names that say which child it is. */
  const choosing = new Map<string, Set<string>>();
  // The middle of `a < b < c` stands in both comparisons.
  const met = new Set<Expression>();

  const pathsOf = (expression: Expression | undefined): readonly string[] => {
    switch (expression?.kind) {
      case 'name':
        return aliases.get(expression.name) ?? [];
      case 'member':
        return pathsOf(expression.object).map((path) => `${path}.${expression.name}`);
      case 'index':
      case 'call': {
        const place = lookup(expression);
        const inside = place === undefined ? [] : pathsOf(place.object).map((path) => `${path}[${keyOf(place.index)}]`);
        // What a table has for a node that is a number: `left[u]`.
        return place === undefined || inside.length > 0 ? inside : pathsOf(place.index).map((path) => `${path}@${keyOf(place.object)}`);
      }
      default:
        return [];
    }
  };
  const alias = (target: Expression | string, paths: readonly string[]): void => {
    const name = typeof target === 'string' ? target : target.kind === 'name' ? target.name : undefined;
    if (name !== undefined && paths.length > 0 && (updates.get(name)?.length ?? 0) <= 1) {
      aliases.set(name, paths);
    }
  };
  const itemsOf = (iterable: Expression): readonly string[] =>
    iterable.kind === 'list' ? iterable.items.flatMap(pathsOf) : pathsOf(iterable).map((path) => `${path}[]`);
  /** One call more for each child that the site may mean. */
  const callAt = ({ call, transitions }: Site): Counts => {
    const passed = flag === undefined ? undefined : call.args[flag.at];
    const state = flag === undefined ? '' : passed?.kind === 'literal' ? keyOf(passed) : flag.value;
    // Two structures walked together: it is the pair that must be the same, as must be what else is fixed.
    const others = call.args.filter((arg, position) => position !== at && position !== flag?.at && (transitions[position] === 'child' || arg.kind === 'literal'));
    const suffix = others.map((arg) => `,${keyOf(named(engine, fn, arg))}`).join('');
    const names = [call.args[at], ...others].flatMap((arg) => (arg === undefined ? [] : [...choosingNames(engine, fn, arg)]));
    return new Map(pathsOf(call.args[at]).map((path) => {
      const key = `${path}${suffix}${separator}${state}`;
      choosing.set(key, new Set([...(choosing.get(key) ?? []), ...names]));
      return [key, 1];
    }));
  };
  const inExpression = (expression: Expression | undefined): Counts => {
    let counts = nothing;
    if (expression === undefined) {
      return counts;
    }
    visitExpression(expression, {
      expression: (inner) => {
        if (inner.kind === 'conditional') {
          const holds = holdsWhen(inner.condition, flag);
          const branches = [...(holds === false ? [] : [inner.then]), ...(holds === true ? [] : [inner.else])];
          counts = plus(plus(counts, inExpression(inner.condition)), branches.map(inExpression).reduce(most));
          return false;
        }
        if (inner.kind === 'binary' && (inner.operator === '&&' || inner.operator === '||') && holdsWhen(inner.left, flag) === (inner.operator === '||')) {
          return false;
        }
        if (inner.kind === 'comprehension') {
          for (const { target, iterable } of inner.clauses) {
            alias(target, itemsOf(iterable));
          }
        }
        const site = met.has(inner) ? undefined : calls.get(inner);
        if (site !== undefined) {
          met.add(inner);
          counts = plus(counts, callAt(site));
        }
        return undefined;
      },
    });
    return counts;
  };
  const inLoop = (body: Block, step: Block, target: Expression | undefined): Ways => {
    const { through, leaving } = inBlock(body);
    const changed = new Set([...engine.changes(step.length === 0 ? body : [...body, ...step]).updates.keys(), ...(target === undefined ? [] : targetNames(target))]);
    const again = new Map([...(through ?? nothing)].map(([key, count]) => [key, count * ([...(choosing.get(key) ?? [])].some((name) => changed.has(name)) ? 1 : 2)]));
    return { through: again, leaving };
  };
  const inBlock = (block: Block): Ways => {
    let so = nothing;
    let leaving: Counts | undefined;
    // Tests of one value after another, as `v < low` and `v >= low`: mostly only one of them holds.
    const tested = new Map<string, Counts>();
    for (const statement of block) {
      const ways = inStatement(statement, tested);
      leaving = ways.leaving === undefined ? leaving : most(leaving ?? nothing, plus(so, ways.leaving));
      if (ways.through === undefined) {
        return { through: undefined, leaving };
      }
      so = plus(so, ways.through);
    }
    return { through: so, leaving };
  };
  const inBranches = (branches: readonly Block[]): Ways => {
    const ways = branches.map(inBlock);
    const highest = (counts: readonly (Counts | undefined)[]): Counts | undefined => counts.reduce((a, b) => (a === undefined || b === undefined ? (a ?? b) : most(a, b)), undefined);
    return { through: highest(ways.map((each) => each.through)), leaving: highest(ways.map((each) => each.leaving)) };
  };
  const inStatement = (statement: Statement, tested: Map<string, Counts>): Ways => {
    const after = (counts: Counts, { through, leaving }: Ways): Ways => ({ through: through && plus(counts, through), leaving: leaving && plus(counts, leaving) });
    switch (statement.kind) {
      case 'if': {
        const counts = inExpression(statement.condition);
        const holds = holdsWhen(statement.condition, flag);
        const ways = inBranches([...(holds === false ? [] : [statement.then]), ...(holds === true ? [] : [statement.else])]);
        const places = comparedPlaces(statement.condition);
        const before = places.map((place) => tested.get(place) ?? nothing).reduce(most, nothing);
        places.forEach((place) => tested.set(place, most(before, ways.through ?? nothing)));
        return after(counts, { through: ways.through && beyond(ways.through, before), leaving: ways.leaving });
      }
      case 'switch':
        return after(inExpression(statement.subject), inBranches([...statement.cases.map(({ body }) => body), []]));
      case 'while':
        return after(inExpression(statement.condition), inLoop(statement.body, [], undefined));
      case 'for':
        return after(inBlock(statement.init).through ?? nothing, after(inExpression(statement.condition), inLoop(statement.body, statement.step, undefined)));
      case 'forEach':
        alias(statement.target, itemsOf(statement.iterable));
        return after(inExpression(statement.iterable), inLoop(statement.body, [], statement.target));
      case 'block':
      case 'try':
        return inBlock(statement.body);
      case 'return':
      case 'throw':
        return { through: undefined, leaving: inExpression(statement.value) };
      case 'break':
      case 'continue':
        return { through: undefined, leaving: nothing };
      case 'declare':
        alias(statement.name, pathsOf(statement.value));
        return { through: inExpression(statement.value), leaving: undefined };
      case 'assign':
        alias(statement.target, statement.operator === undefined ? pathsOf(statement.value) : []);
        return { through: inExpression(statement.value), leaving: undefined };
      case 'expression':
      case 'yield':
        return { through: inExpression(statement.value), leaving: undefined };
      case 'function':
      case 'delete':
        return { through: nothing, leaving: undefined };
    }
  };
  const { through, leaving } = inBlock(fn.body);
  return most(through ?? nothing, leaving ?? nothing);
}

/** What the parts of a condition compare with something: `node.value` of `low <= node.value && node.value < high`. */
function comparedPlaces(condition: Expression): string[] {
  if (condition.kind !== 'binary') {
    return [];
  }
  if (condition.operator === '&&' || condition.operator === '||') {
    return [...comparedPlaces(condition.left), ...comparedPlaces(condition.right)];
  }
  return ['<', '<=', '>', '>=', '==', '!='].includes(condition.operator) ? [condition.left, condition.right].flatMap((side) => (side.kind === 'name' || side.kind === 'member' || side.kind === 'index' ? [keyOf(side)] : [])) : [];
}

/** Whether a condition holds while the flag has its value; undefined where that does not tell. */
function holdsWhen(condition: Expression, flag: Flag | undefined): boolean | undefined {
  if (flag === undefined) {
    return undefined;
  }
  const isFlag = (expression: Expression): boolean => expression.kind === 'name' && expression.name === flag.name;
  switch (condition.kind) {
    case 'name':
      return isFlag(condition) ? flag.value !== 'false' && flag.value !== '0' && flag.value !== 'null' && flag.value !== '""' : undefined;
    case 'unary': {
      const inner = condition.operator === '!' ? holdsWhen(condition.operand, flag) : undefined;
      return inner === undefined ? undefined : !inner;
    }
    case 'binary': {
      const { operator, left, right } = condition;
      if ((operator === '==' || operator === '!=') && isFlag(left) && right.kind === 'literal') {
        return (keyOf(right) === flag.value) === (operator === '==');
      }
      if (operator === '&&' || operator === '||') {
        const [one, other] = [holdsWhen(left, flag), holdsWhen(right, flag)];
        const decides = operator === '||';
        return one === decides || other === decides ? decides : one === undefined || other === undefined ? undefined : !decides;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}
