import { quietly } from '../loops/bound';
import type { Engine } from '../following/engine';
import type { Expression, FunctionIr } from '../program/ir';
import { recursiveSites } from './sites';
import type { Call } from './transitions';
import { isCollection } from '../following/values';
import { targetNames } from '../program/visit';
import { Memo } from '../program/memo';

const known = new Memo<FunctionIr, readonly Call[]>();

/**
 * The calls of a method that calls itself only on objects below its own: `this.left.total()`, `for twig in this.twigs:
 * twig.total()`. None where it calls itself in any other way.
 */
export function callsBelow(engine: Engine, fn: FunctionIr): readonly Call[] {
  let found = known.get(fn);
  if (found === undefined) {
    const calls = fn.owner === undefined ? [] : engine.changes(fn.body).calls.filter(({ callee }) => (callee.kind === 'name' || callee.kind === 'member') && callee.name === fn.name);
    // `map.get(key)` in a method `get(key)` is none of them.
    const isPlain = calls.every(({ callee, args }) => callee.kind === 'member' && args.length === fn.params.length && isBelow(engine, fn, callee.object) && !isCollection(quietly(engine, callee.object))) && recursiveSites(engine, fn).every((site) => calls.includes(site.call));
    found = isPlain ? calls : [];
    known.set(fn, found);
  }
  return found;
}

/** Whether an expression is a part of the object that the method belongs to, or was taken from such a part. */
export function isBelow(engine: Engine, fn: FunctionIr, expression: Expression, level = 0): boolean {
  switch (expression.kind) {
    case 'member':
      return (expression.object.kind === 'name' && expression.object.name === 'this') || isBelow(engine, fn, expression.object, level);
    case 'index':
    case 'slice':
      return isBelow(engine, fn, expression.object, level);
    case 'call':
      // `this.inside.values()`, `sorted(this.inside.items())`
      return expression.callee.kind === 'member' ? isBelow(engine, fn, expression.callee.object, level) : expression.args.length > 0 && expression.args[0] !== undefined && isBelow(engine, fn, expression.args[0], level);
    case 'name': {
      if (expression.name === 'this' || level > 3 || fn.params.some((param) => param.name === expression.name)) {
        return false;
      }
      const updates = engine.changes(fn.body).updates.get(expression.name) ?? [];
      if (updates.length === 0) {
        return engine.classesByName.get(fn.owner ?? '')?.fields.some((field) => field.name === expression.name) === true;
      }
      return updates.every(({ amount, statement }) => (statement?.kind === 'forEach' && targetNames(statement.target).includes(expression.name) ? isBelow(engine, fn, statement.iterable, level + 1) : amount !== undefined && isBelow(engine, fn, amount, level + 1)));
    }
    default:
      return false;
  }
}
