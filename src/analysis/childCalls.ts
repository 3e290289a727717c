import type { Engine } from './engine';
import type { Block, Expression, FunctionIr } from './ir';
import { named } from './recursionShapes';
import { type Call, namesOf, type Site } from './transitions';
import { keyOf, lookup, targetNames, visitExpression } from './visit';

/**
 * Whether one call makes two others for the same child: two of them in a row, or one in a loop whose rounds do not choose the
 * child (`for each way: f(r + way, c, node.next)`). Branches of which one runs count once.
 */
export function callsTwice(engine: Engine, fn: FunctionIr, sites: readonly Site[], at: number): boolean {
  return callsForOne(engine, fn, sites.map(({ call, transitions }) => ({ call, pair: call.args[at] === undefined ? [] : call.args.filter((_, position) => position === at || transitions[position] === 'child') })));
}

/** The same for calls each of which is for all of a `pair`: two structures walked together, or the object that a method is called on. */
export function callsForOne(engine: Engine, fn: FunctionIr, calls: readonly { readonly call: Call; readonly pair: readonly Expression[] }[]): boolean {
  const children = new Map<Expression, { readonly key: string; readonly choosing: ReadonlySet<string> }>();
  for (const { call, pair } of calls) {
    if (pair.length > 0) {
      // What else is given by a literal says what is to be done with it.
      children.set(call, { key: [...pair.map((each) => keyOf(named(engine, fn, each))), ...call.args.map((each) => (each.kind === 'literal' ? keyOf(each) : ''))].join(), choosing: new Set(pair.flatMap((each) => [...choosingNames(engine, fn, each)])) });
    }
  }
  return [...children.values()].some(({ key, choosing }) => {
    const { through, leaving } = waysThrough(engine, fn.body, (call) => children.get(call)?.key === key, choosing);
    return Math.max(through ?? 0, leaving ?? 0) > 1;
  });
}

/**
 * Names that say which child `arg` is. An item of another collection that it is found by (`node.next[grid[r][c]]`) may be the
 * same for other places.
 */
function choosingNames(engine: Engine, fn: FunctionIr, arg: Expression): Set<string> {
  const names = new Set<string>();
  const settingOf = (name: string): Expression | undefined => {
    const updates = fn.params.some((param) => param.name === name) ? [] : (engine.changes(fn.body).updates.get(name) ?? []);
    return updates.length === 1 && updates[0]?.motion === 'set' ? updates[0].amount : undefined;
  };
  const look = (expression: Expression, level: number): void => {
    const whole = expression.kind === 'name' && level < 3 ? settingOf(expression.name) : undefined;
    const place = lookup(whole ?? expression);
    const key = place === undefined ? undefined : (place.index.kind === 'name' ? settingOf(place.index.name) : undefined) ?? place.index;
    if (place !== undefined && key !== undefined && lookup(key) !== undefined) {
      look(place.object, level + 1);
    } else {
      namesOf(expression).forEach((name) => names.add(name));
    }
  };
  look(arg, 0);
  return names;
}

/** The most calls on a way through a block to its end, and on one that leaves it before; undefined where there is none. */
interface Ways {
  readonly through: number | undefined;
  readonly leaving: number | undefined;
}

/** Calls on the ways through the block; a loop that changes none of the `choosing` names makes several. */
function waysThrough(engine: Engine, block: Block, isMeant: (call: Expression) => boolean, choosing: ReadonlySet<string>): Ways {
  const met = new Set<Expression>();
  const inExpression = (expression: Expression | undefined): number => {
    let count = 0;
    if (expression !== undefined) {
      visitExpression(expression, {
        expression: (inner) => {
          if (inner.kind === 'conditional') {
            count += inExpression(inner.condition) + Math.max(inExpression(inner.then), inExpression(inner.else));
            return false;
          }
          // The middle of `a < b < c` stands in both comparisons.
          count += isMeant(inner) && !met.has(inner) ? 1 : 0;
          met.add(inner);
          return inner.kind !== 'comprehension';
        },
      });
    }
    return count;
  };
  const larger = (counts: readonly (number | undefined)[]): number | undefined => counts.reduce((most, count) => (most === undefined ? count : Math.max(most, count ?? 0)), undefined);
  const inBlock = (inner: Block): Ways => waysThrough(engine, inner, isMeant, choosing);
  let so = 0;
  let leaving: number | undefined;
  // Tests of one value after another, as `v < low` and `v >= low`: mostly only one of them holds.
  const tested = new Map<string, number>();
  for (const statement of block) {
    let ways: Ways = { through: 0, leaving: undefined };
    switch (statement.kind) {
      case 'if': {
        so += inExpression(statement.condition);
        const [then, otherwise] = [inBlock(statement.then), inBlock(statement.else)];
        const most = larger([then.through, otherwise.through]);
        const places = comparedPlaces(statement.condition);
        const before = Math.max(0, ...places.map((place) => tested.get(place) ?? 0));
        ways = { through: most === undefined ? undefined : Math.max(0, most - before), leaving: larger([then.leaving, otherwise.leaving]) };
        places.forEach((place) => tested.set(place, Math.max(before, most ?? 0)));
        break;
      }
      case 'switch': {
        const cases = statement.cases.map((each) => inBlock(each.body));
        ways = { through: Math.max(0, ...cases.map((each) => each.through ?? 0)), leaving: larger(cases.map((each) => each.leaving)) };
        break;
      }
      case 'while':
      case 'for':
      case 'forEach': {
        const once = inBlock(statement.body);
        const { updates } = engine.changes(statement.kind === 'for' ? [...statement.body, ...statement.step] : statement.body);
        const changed = new Set([...updates.keys(), ...(statement.kind === 'forEach' ? targetNames(statement.target) : [])]);
        const isChosen = [...choosing].some((name) => changed.has(name));
        ways = { through: (once.through ?? 0) * (isChosen ? 1 : 2), leaving: once.leaving };
        break;
      }
      case 'block':
      case 'try':
        ways = inBlock(statement.body);
        break;
      case 'return':
      case 'throw':
        ways = { through: undefined, leaving: inExpression(statement.value) };
        break;
      case 'break':
      case 'continue':
        ways = { through: undefined, leaving: 0 };
        break;
      case 'declare':
      case 'assign':
      case 'expression':
      case 'yield':
        so += inExpression(statement.value);
        break;
      case 'function':
      case 'delete':
        break;
    }
    leaving = ways.leaving === undefined ? leaving : Math.max(leaving ?? 0, so + ways.leaving);
    if (ways.through === undefined) {
      return { through: undefined, leaving };
    }
    so += ways.through;
  }
  return { through: so, leaving };
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
