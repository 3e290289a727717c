import { constantValue, type Growth, isConstant, size, sizesIn, someSize } from '../algebra/bigO';
import { compare, rank } from '../algebra/ranks';
import type { Engine } from '../following/engine';
import { evaluate } from '../following/expressions';
import { isCollection, type Scope, sizeOf, type Value, valuesIn } from '../following/values';
import type { Expression, FunctionIr, Statement } from '../program/ir';
import { rangeArguments, usesName, visitBlock } from '../program/visit';
import { Memo } from '../program/memo';

/** The largest size that is about: a parameter's own, else `n`. */
export function fallback(engine: Engine, entry: readonly Value[]): Growth {
  let best: Growth | undefined;
  // A list that the program made, and that the recursion itself changes, says little about the input.
  let open: Growth | undefined;
  for (const value of entry) {
    const own = isCollection(value) ? sizeOf(value) : value.number;
    if (own !== undefined && !isConstant(own) && rank(own).degree === 1 && !rank(own).exponential) {
      if (beganConstant(engine, own)) {
        continue;
      }
      if (value.allocated && isOpen(own)) {
        open ??= own;
      } else {
        best ??= own;
      }
    }
  }
  if (best !== undefined) {
    return best;
  }
  for (let scope: Scope | undefined = engine.scope; scope !== undefined; scope = scope.parent) {
    for (const value of valuesIn(scope)) {
      const isAsked = value.kind === 'unknown' && value.nodes === undefined && value.size?.terms.every((term) => term.key === `len(${value.label})`) === true;
      if ((isCollection(value) || isAsked) && value.size !== undefined && rank(value.size).degree === 1 && !rank(value.size).exponential && !value.allocated && !isOpen(value.size)) {
        return value.size;
      }
    }
  }
  return open ?? size('n');
}

/** Such as that of a table for the letters, which the recursion only changes. */
function beganConstant(engine: Engine, growth: Growth): boolean {
  return [...sizesIn(growth)].every((name) => isConstant(engine.begun.get(name) ?? growth));
}

/** A size that the loop or recursion at hand has still to settle. */
function isOpen(growth: Growth): boolean {
  return someSize(growth, (name) => name.startsWith('§'));
}

/** What may say how far a parameter can go, in the order of the text: conditions of counted loops, ranges, comparisons, and places looked up. */
interface Limits {
  readonly comparisons: readonly ((Statement & { kind: 'for' }) | (Expression & { kind: 'call' | 'binary' }))[];
  readonly lookups: readonly (Expression & { kind: 'index' })[];
}

const limits = new Memo<FunctionIr, Limits>();

/** Kept per function, as they are looked through for each of its parameters. */
function limitsIn(fn: FunctionIr): Limits {
  let found = limits.get(fn);
  if (found === undefined) {
    const comparisons: Limits['comparisons'][number][] = [];
    const lookups: Limits['lookups'][number][] = [];
    visitBlock(fn.body, {
      skipsLeaves: true,
      statement: (statement) => {
        if (statement.kind === 'for' && statement.condition?.kind === 'binary' && ['<', '<=', '!='].includes(statement.condition.operator)) {
          comparisons.push(statement);
        }
        return undefined;
      },
      expression: (inner) => {
        if ((inner.kind === 'call' && rangeArguments(inner)?.[1] !== undefined) || (inner.kind === 'binary' && ['==', '>=', '>', '<', '<=', '!='].includes(inner.operator))) {
          comparisons.push(inner);
        } else if (inner.kind === 'index') {
          lookups.push(inner);
        }
        return undefined;
      },
    });
    found = { comparisons, lookups };
    limits.set(fn, found);
  }
  return found;
}

/** What a parameter is compared with, or indexes into: the bound that ends the recursion. */
export function limitOf(engine: Engine, fn: FunctionIr, name: string, scope: Scope): Growth | undefined {
  let found: Growth | undefined;
  const outer = engine.scope;
  engine.scope = scope;
  const take = (expression: Expression): void => {
    if (usesName(expression, name)) {
      return;
    }
    engine.inFrame('branch', {}, () => {
      const value = evaluate(engine, expression);
      const growth = isCollection(value) ? undefined : value.number;
      if (growth !== undefined && !isConstant(growth) && (found === undefined || compare(growth, found) < 0)) {
        found = growth;
      } else if (growth !== undefined && found === undefined && (constantValue(growth) ?? 0) >= 2) {
        found = growth;
      }
    });
  };
  const starts = (expression: Expression | undefined): boolean => expression !== undefined && (expression.kind === 'name' ? expression.name === name : expression.kind === 'binary' && expression.operator === '+' && expression.right.kind === 'literal' && starts(expression.left));
  const { comparisons, lookups } = limitsIn(fn);
  for (const inner of comparisons) {
    if (inner.kind === 'for') {
      // A loop that begins at it says how far it can go.
      const { condition, init } = inner;
      if (condition?.kind === 'binary' && condition.left.kind === 'name') {
        const { left } = condition;
        if (init.some((each) => (each.kind === 'declare' ? each.name === left.name && starts(each.value) : each.kind === 'assign' && each.target.kind === 'name' && each.target.name === left.name && starts(each.value)))) {
          take(condition.right);
        }
      }
    } else if (inner.kind === 'call') {
      const [from, to] = rangeArguments(inner) ?? [];
      if (to !== undefined && starts(from)) {
        take(to);
      }
    } else if (inner.left.kind === 'name' && inner.left.name === name) {
      take(inner.right);
    } else if (inner.right.kind === 'name' && inner.right.name === name) {
      take(inner.left);
    } else if (inner.left.kind === 'binary' && inner.left.left.kind === 'name' && inner.left.left.name === name && inner.left.right.kind === 'literal') {
      take(inner.right);
    }
  }
  if (found === undefined || isConstant(found)) {
    let indexed: Growth | undefined;
    for (const inner of lookups) {
      if (inner.index.kind === 'name' && inner.index.name === name && indexed === undefined) {
        engine.inFrame('branch', {}, () => {
          const value = evaluate(engine, inner.object);
          if (isCollection(value) && value.kind !== 'map' && !isConstant(sizeOf(value))) {
            indexed = sizeOf(value);
          }
        });
      }
    }
    found = indexed !== undefined && found === undefined ? indexed : (found ?? indexed);
  }
  engine.scope = outer;
  return found;
}
