import type { Engine } from './engine';
import { asAlternatives } from './exclusive';
import type { Block, Expression, FunctionIr, Statement } from './ir';
import type { Site } from './transitions';
import { alwaysExits, keyOf, visitExpression } from './visit';

/** How often one call goes on to each child, by path and state: `node.left` with `true`. */
type Counts = ReadonlyMap<string, number>;

const nothing: Counts = new Map();
const separator = '\n';

/** A parameter that calls set to a few fixed values, and the value that it has in the call at hand. */
interface Flag {
  readonly at: number;
  readonly name: string;
  readonly value: string;
}

/**
 * How a recursion over linked nodes comes to each of them, as the degree of the number of calls in the number of nodes: 1
 * where each node is reached once; infinite where one call goes on to a child twice, or to a child and a grandchild. A
 * flag tells calls apart: `count(node.left, false)` under `!started` beside `count(node.left, true)` happens once on each
 * way down, and each time begins another walk of what is below: 2.
 */
export function degreeOfVisits(engine: Engine, fn: FunctionIr, sites: readonly Site[], at: number): number {
  if (changesPlaces(sites, at)) {
    return Infinity;
  }
  const param = fn.params[at];
  const { updates, mutations } = engine.changes(fn.body);
  if (param === undefined || updates.has(param.name)) {
    return 1;
  }
  const flag = flagOf(engine, fn, sites, at);
  const values = flag?.values ?? [''];
  const counted = new Map(values.map((value) => [value, countCalls(engine, fn, sites, at, flag === undefined ? undefined : { at: flag.at, name: flag.name, value })]));
  const paths = [...new Set([...counted.values()].flatMap((counts) => [...counts.keys()].map((key) => key.slice(0, key.indexOf(separator)))))];
  if (paths.some((path) => paths.some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[`)))) {
    return Infinity;
  }
  // What is set anew may be another node the second time.
  const isSet = (path: string): boolean => updates.has(path) || mutations.some(({ object, root, index }) => root === param.name && (index === undefined ? keyOf(object) : keyOf({ kind: 'index', lines: object.lines, object, index })) === path);
  return degreeOf(values, counted, paths.filter((path) => !isSet(path)));
}

/** The highest degree over the values of the flag: one more for each time that a call goes on as it is and begins another walk beside it. */
function degreeOf(values: readonly string[], counted: ReadonlyMap<string, Counts>, paths: readonly string[]): number {
  const leadsTo = reachable(counted);
  const degrees = new Map<string, number>();
  const degree = (value: string): number => {
    const known = degrees.get(value);
    if (known !== undefined) {
      return known;
    }
    degrees.set(value, 1);
    let highest = 1;
    for (const path of paths) {
      const calls = (next: string): number => counted.get(value)?.get(`${path}${separator}${next}`) ?? 0;
      const back = values.filter((next) => leadsTo(next, value)).reduce((sum, next) => sum + calls(next), 0);
      for (const next of values.filter((each) => !leadsTo(each, value) && calls(each) > 0)) {
        highest = Math.max(highest, degree(next) + (back > 0 ? 1 : 0));
      }
      highest = back >= 2 ? Infinity : highest;
    }
    degrees.set(value, highest);
    return highest;
  };
  return Math.max(...values.map(degree));
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

/** The calls of one run of `fn` that goes on to as many children as any. */
function countCalls(engine: Engine, fn: FunctionIr, sites: readonly Site[], at: number, flag: Flag | undefined): Counts {
  const calls = new Set<Expression>(sites.map(({ call }) => call));
  const { updates } = engine.changes(fn.body);
  const aliases = new Map<string, readonly string[]>([[fn.params[at]?.name ?? '', [fn.params[at]?.name ?? '']]]);

  const pathsOf = (expression: Expression | undefined): readonly string[] => {
    switch (expression?.kind) {
      case 'name':
        return aliases.get(expression.name) ?? [];
      case 'member':
        return pathsOf(expression.object).map((path) => `${path}.${expression.name}`);
      case 'index':
        return expression.index.kind === 'literal' ? pathsOf(expression.object).map((path) => `${path}[${keyOf(expression.index)}]`) : [];
      default:
        return [];
    }
  };
  const name = (target: Expression | string, paths: readonly string[]): void => {
    const named = typeof target === 'string' ? target : target.kind === 'name' ? target.name : undefined;
    if (named !== undefined && paths.length > 0 && (updates.get(named)?.length ?? 0) <= 1) {
      aliases.set(named, paths);
    }
  };
  const itemsOf = (iterable: Expression): readonly string[] =>
    iterable.kind === 'list' ? iterable.items.flatMap(pathsOf) : pathsOf(iterable).map((path) => `${path}[]`);

  const inExpression = (expression: Expression | undefined): Counts => {
    let counts = nothing;
    if (expression === undefined) {
      return counts;
    }
    visitExpression(expression, {
      expression: (inner) => {
        if (inner.kind === 'conditional') {
          counts = plus(counts, plus(inExpression(inner.condition), chosen(inner.condition, () => inExpression(inner.then), () => inExpression(inner.else))));
          return false;
        }
        if (inner.kind === 'binary' && (inner.operator === '&&' || inner.operator === '||') && holdsWhen(inner.left, flag) === (inner.operator === '||')) {
          return false;
        }
        if (inner.kind === 'comprehension') {
          for (const { target, iterable } of inner.clauses) {
            name(target, itemsOf(iterable));
          }
        }
        if (inner.kind === 'call' && calls.has(inner)) {
          const passed = flag === undefined ? undefined : inner.args[flag.at];
          const state = flag === undefined ? '' : passed?.kind === 'literal' ? keyOf(passed) : flag.value;
          for (const path of new Set(pathsOf(inner.args[at]))) {
            counts = plus(counts, new Map([[`${path}${separator}${state}`, 1]]));
          }
        }
        return undefined;
      },
    });
    return counts;
  };
  /** Of two branches the one that runs, where the flag tells which; else the one with more calls. */
  const chosen = (condition: Expression, then: () => Counts, otherwise: () => Counts): Counts => {
    const holds = holdsWhen(condition, flag);
    return holds === undefined ? most(then(), otherwise()) : holds ? then() : otherwise();
  };
  const inBlock = (block: Block, from: number): Counts => {
    const statement = block[from];
    if (statement === undefined) {
      return nothing;
    }
    const merged = asAlternatives(engine, statement, block[from + 1]);
    let known: Counts | undefined;
    return inStatement(merged ?? statement, () => (known ??= inBlock(block, from + (merged === undefined ? 1 : 2))));
  };
  const inStatement = (statement: Statement, rest: () => Counts): Counts => {
    switch (statement.kind) {
      case 'if': {
        const branch = (body: Block): (() => Counts) => () => (alwaysExits(body) ? inBlock(body, 0) : plus(inBlock(body, 0), rest()));
        return plus(inExpression(statement.condition), chosen(statement.condition, branch(statement.then), branch(statement.else)));
      }
      case 'declare':
        name(statement.name, pathsOf(statement.value));
        return plus(inExpression(statement.value), rest());
      case 'assign':
        name(statement.target, statement.operator === undefined ? pathsOf(statement.value) : []);
        return plus(inExpression(statement.value), rest());
      case 'expression':
        return plus(inExpression(statement.value), rest());
      case 'return':
      case 'throw':
        return inExpression(statement.value);
      case 'yield':
        return plus(inExpression(statement.value), rest());
      case 'while':
        return plus(plus(inExpression(statement.condition), inBlock(statement.body, 0)), rest());
      case 'for':
        return plus(plus(inBlock(statement.init, 0), plus(inExpression(statement.condition), inBlock(statement.body, 0))), rest());
      case 'forEach':
        name(statement.target, itemsOf(statement.iterable));
        return plus(plus(inExpression(statement.iterable), inBlock(statement.body, 0)), rest());
      case 'switch': {
        let counts = rest();
        for (const { body } of statement.cases) {
          counts = most(counts, alwaysExits(body) ? inBlock(body, 0) : plus(inBlock(body, 0), rest()));
        }
        return plus(inExpression(statement.subject), counts);
      }
      case 'block':
      case 'try':
        return plus(inBlock(statement.body, 0), alwaysExits(statement.body) ? nothing : rest());
      default:
        return rest();
    }
  };
  return inBlock(fn.body, 0);
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
