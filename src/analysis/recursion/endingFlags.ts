import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import type { Site } from './transitions';
import { alwaysExits, holdsAny, isName, keyOf, visitExpression } from '../program/visit';

/**
 * How deep a recursion goes whose calls set a flag that ends it: `solve(1, true)` under `if (second) return -1` is called, and
 * does not call again. Undefined where no parameter says so.
 */
export function levelsByFlag(engine: Engine, fn: FunctionIr, sites: readonly Site[]): number | undefined {
  const { updates } = engine.changes(fn.body);
  if (sites.some((site) => !fn.body.some((statement) => holdsAny(statement, new Set([site.call]))))) {
    return undefined;
  }
  for (const [at, { name }] of fn.params.entries()) {
    const given = sites.map((site) => ({ call: site.call, arg: site.call.args[at] }));
    const isFlag = given.every(({ arg }) => arg?.kind === 'literal' || isName(arg, name)) && given.some(({ arg }) => arg?.kind === 'literal') && !updates.has(name);
    const levels = isFlag ? longest(fn, name, given) : undefined;
    if (levels !== undefined) {
      return levels;
    }
  }
  return undefined;
}

interface Given {
  readonly call: Expression;
  readonly arg: Expression | undefined;
}

/** The longest way from call to call, by the values of the flag; undefined where one leads back to itself. */
function longest(fn: FunctionIr, flag: string, given: readonly Given[]): number | undefined {
  const calls = new Map(given.map(({ call, arg }) => [call, arg]));
  const known = new Map<string, number | 'open'>();
  const from = (value: Expression & { kind: 'literal' }): number | undefined => {
    const key = keyOf(value);
    const before = known.get(key);
    if (before !== undefined) {
      return before === 'open' ? undefined : before;
    }
    known.set(key, 'open');
    let most = 0;
    for (const call of reached(fn.body, flag, value, new Set(calls.keys())).calls) {
      const arg = calls.get(call);
      const next = from(arg?.kind === 'literal' ? arg : value);
      if (next === undefined) {
        return undefined;
      }
      most = Math.max(most, next + 1);
    }
    known.set(key, most);
    return most;
  };
  let most = 0;
  for (const { arg } of given) {
    const next = arg?.kind === 'literal' ? from(arg) : 0;
    if (next === undefined) {
      return undefined;
    }
    most = Math.max(most, next);
  }
  // A call that only passes the flag on may do so with any value that it began with.
  return given.every(({ arg }) => arg?.kind === 'literal') ? most + 1 : undefined;
}

/** The calls that a block may come to where the flag has this value, and whether it is left for good before its end. */
function reached(block: Block, flag: string, value: Expression & { kind: 'literal' }, calls: ReadonlySet<Expression>): { readonly calls: readonly Expression[]; readonly isLeft: boolean } {
  const found: Expression[] = [];
  for (const statement of block) {
    const truth = statement.kind === 'if' ? truthOf(statement.condition, flag, value) : undefined;
    if (statement.kind !== 'if' || truth === undefined) {
      const blocks = blocksIn(statement);
      found.push(...(blocks === undefined ? held(statement, calls) : blocks.flatMap((inner) => reached(inner, flag, value, calls).calls)));
      if (statement.kind === 'return' || statement.kind === 'throw') {
        return { calls: found, isLeft: true };
      }
      continue;
    }
    const inner = reached(truth ? statement.then : statement.else, flag, value, calls);
    found.push(...inner.calls);
    if (inner.isLeft || (truth && alwaysExits(statement.then)) || (!truth && alwaysExits(statement.else))) {
      return { calls: found, isLeft: true };
    }
  }
  return { calls: found, isLeft: false };
}

/** The blocks of a statement whose own expressions call nothing of the function. */
function blocksIn(statement: Statement): readonly Block[] | undefined {
  switch (statement.kind) {
    case 'if':
      return callsNothing(statement.condition) ? [statement.then, statement.else] : undefined;
    case 'while':
      return callsNothing(statement.condition) ? [statement.body] : undefined;
    case 'for':
      return statement.condition === undefined || callsNothing(statement.condition) ? [statement.init, statement.body, statement.step] : undefined;
    case 'forEach':
      return callsNothing(statement.iterable) ? [statement.body] : undefined;
    case 'block':
      return [statement.body];
    default:
      return undefined;
  }
}

function callsNothing(expression: Expression): boolean {
  let isPlain = true;
  visitExpression(expression, {
    intoFunctions: true,
    expression: (inner) => {
      isPlain &&= inner.kind !== 'call' || (inner.callee.kind === 'member' && inner.args.length === 0);
      return isPlain;
    },
  });
  return isPlain;
}

function held(statement: Statement, calls: ReadonlySet<Expression>): readonly Expression[] {
  return [...calls].filter((call) => holdsAny(statement, new Set([call])));
}

/** What a condition comes to where the flag has this value, whatever the rest is. */
function truthOf(condition: Expression, flag: string, value: Expression & { kind: 'literal' }): boolean | undefined {
  if (isName(condition, flag)) {
    return typeof value.value === 'string' ? undefined : Boolean(value.value);
  }
  if (condition.kind === 'unary' && condition.operator === '!') {
    const inner = truthOf(condition.operand, flag, value);
    return inner === undefined ? undefined : !inner;
  }
  if (condition.kind !== 'binary') {
    return undefined;
  }
  const { operator, left, right } = condition;
  if (operator === '||' || operator === '&&') {
    const decides = operator === '||';
    const sides = [truthOf(left, flag, value), truthOf(right, flag, value)];
    return sides.includes(decides) ? decides : sides.every((side) => side === !decides) ? !decides : undefined;
  }
  const other = isName(left, flag) ? right : isName(right, flag) ? left : undefined;
  if (other?.kind !== 'literal' || other.type !== value.type) {
    return undefined;
  }
  return operator === '==' ? other.value === value.value : operator === '!=' ? other.value !== value.value : undefined;
}
