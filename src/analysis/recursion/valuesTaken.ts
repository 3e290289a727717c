import { constant, constantValue, exponential, type Growth, logarithm, one, size } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import type { Engine } from '../following/engine';
import type { Expression, FunctionIr } from '../program/ir';
import { isMadeAnew } from './madeStates';
import { rank } from '../algebra/ranks';
import { recursiveSites } from './sites';
import type { Site } from './transitions';
import { isCollection, magnitude, type Scope, sizeOf, type Value } from '../following/values';
import { rangeArguments } from '../program/visit';

/** Number of different values that a parameter takes over all calls. */
export function valuesTaken(engine: Engine, fn: FunctionIr, at: number, sites: readonly Site[], entry: readonly Value[], scope: Scope): Growth {
  const param = fn.params[at];
  const value = entry[at];
  const transitions = new Set(sites.map((site) => site.transitions[at] ?? 'same'));
  transitions.delete('same');
  if (param === undefined || value === undefined || transitions.size === 0) {
    return one;
  }
  if (param.type?.kind === 'boolean' || value.kind === 'boolean' || [...transitions].every((each) => each === 'constant')) {
    return constant(2);
  }
  if (transitions.has('mask')) {
    const bound = scope.values.get(param.name)?.number;
    return bound !== undefined && rank(bound).exponential ? bound : exponential(constant(2), size('n'));
  }
  const isMade = sites.some(({ call }) => {
    const arg = call.args[at];
    return arg !== undefined && isMadeAnew(engine, fn.body, arg, new Set([param.name]));
  });
  if (isMade) {
    return exponential(constant(2), sizeOf(value));
  }
  if (isCollection(value)) {
    if (transitions.has('grow')) {
      return exponential(constant(2), size('n'));
    }
    if (value.kind === 'tuple' || value.kind === 'set') {
      return exponential(constant(2), sizeOf(value));
    }
    return sizeOf(value);
  }
  if ([...transitions].every((each) => each === 'divide')) {
    return logarithm(magnitude(value));
  }
  const ceiling = highest(sites.flatMap((site) => ((site.transitions[at] ?? 'same') === 'same' ? [] : [ceilingOf(engine, fn, site.call.args[at])])));
  if (ceiling !== undefined) {
    // None of the values up to it, and the one that it begins with.
    return constant(ceiling + 2);
  }
  const bound = scope.values.get(param.name)?.number ?? size('n');
  const constantBound = constantValue(bound);
  if (constantBound !== undefined && constantBound < 2) {
    return size('n');
  }
  return bound;
}

function highest(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>((most, value) => (most === undefined || value === undefined ? undefined : Math.max(most, value)), 0);
}

/** The most that an argument of a call in `fn` can be, whatever the parameters are: 2 of `min(2, used + 1)` and of `(at + 1) % 3`. */
function ceilingOf(engine: Engine, fn: FunctionIr, expression: Expression | undefined, level = 0): number | undefined {
  switch (expression?.kind) {
    case 'literal':
      return typeof expression.value === 'number' ? Math.abs(expression.value) : expression.type === 'boolean' ? 1 : undefined;
    case 'unary':
      return expression.operator === '!' ? 1 : undefined;
    case 'conditional':
      return highest([ceilingOf(engine, fn, expression.then, level), ceilingOf(engine, fn, expression.else, level)]);
    case 'binary':
      switch (expression.operator) {
        case '==': case '!=': case '<': case '<=': case '>': case '>=': case 'in': case 'not in':
          return 1;
        case '%':
          return ceilingOf(engine, fn, expression.right, level);
        case '&':
          return ceilingOf(engine, fn, expression.right, level) ?? ceilingOf(engine, fn, expression.left, level);
        default:
          return undefined;
      }
    case 'call': {
      const name = expression.callee.kind === 'name' || expression.callee.kind === 'member' ? expression.callee.name : '';
      const bounds = /^(?:min|Min)$/.test(name) && expression.args.length > 1 ? expression.args.flatMap((arg) => ceilingOf(engine, fn, arg, level) ?? []) : [];
      return bounds.length === 0 ? undefined : Math.min(...bounds);
    }
    case 'name': {
      const { name } = expression;
      const updates = engine.changes(fn.body).updates.get(name) ?? [];
      const other = fn.params.findIndex((param) => param.name === name);
      if (other >= 0) {
        // What another parameter was given before.
        const given = recursiveSites(engine, fn).filter((site) => (site.transitions[other] ?? 'same') !== 'same');
        return level > 1 || updates.length > 0 || given.length === 0 ? undefined : highest(given.map((site) => ceilingOf(engine, fn, site.call.args[other], level + 1)));
      }
      return updates.length === 0
        ? constantValue(quietly(engine, expression).number ?? size(name))
        : level > 2 ? undefined : highest(updates.map(({ motion, amount, statement }) => (statement?.kind === 'forEach' ? ceilingOf(engine, fn, rangeArguments(statement.iterable)?.slice(0, 2).pop(), level + 1) : motion === 'set' ? ceilingOf(engine, fn, amount, level + 1) : undefined)));
    }
    default:
      return undefined;
  }
}
