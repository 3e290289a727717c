import { t } from '../../core/l10n';
import { divide, type Growth, isConstant, logarithm, maximum, one } from '../algebra/bigO';
import { compare } from '../algebra/ranks';
import { quietly } from './bound';
import type { Engine, Frame } from '../following/engine';
import type { Expression } from '../program/ir';
import { isName, rangeArguments, usesName } from '../program/visit';

/** Whether a loop gives `name` another place, number or key in every round: 1, 2, 3, … */
function counts(engine: Engine, loop: Frame, name: string): boolean {
  const statement = loop.loop;
  if (statement?.kind === 'forEach') {
    if (!usesName(statement.target, name)) {
      return false;
    }
    const value = quietly(engine, statement.iterable);
    return value.keyed || value.kind === 'set' || value.kind === 'sortedSet' || value.kind === 'map' || value.kind === 'sortedMap';
  }
  if (statement?.kind !== 'for' && statement?.kind !== 'while') {
    return false;
  }
  const updates = engine.changes(loop.body).updates.get(name) ?? [];
  return statement.condition !== undefined && usesName(statement.condition, name) && updates.some((update) => (update.motion === 'up' || update.motion === 'down') && update.amount?.kind === 'literal');
}

/**
 * Rounds on average of a loop over `range` whose steps are as long as the variable of a loop around it: n/1 + n/2 + … is
 * n log n over n rounds, and about n over the first √n of them. Undefined where the step is no such variable.
 */
export function harmonicRounds(engine: Engine, step: Expression | undefined, range: Growth): Growth | undefined {
  if (step === undefined || step.kind === 'literal' || isConstant(range)) {
    return undefined;
  }
  for (const loop of engine.openLoops()) {
    const names = [...loop.distinct, ...(loop.loop?.kind === 'while' || loop.loop?.kind === 'for' ? engine.changes(loop.body).updates.keys() : [])];
    if (names.some((name) => usesName(step, name) && counts(engine, loop, name))) {
      engine.assume(t('steps of 1, 2, 3, … add up to a harmonic sum: n/1 + n/2 + … = n log n'));
      return compare(loop.trips, range) < 0 ? maximum(divide(range, loop.trips), one) : logarithm(range);
    }
  }
  return engine.openLoops().length > 0 ? undefined : handedStep(engine, step, range);
}

/** The same where the step is a parameter, for which the loop around the call gives its variable: `sum(n, i)`. */
function handedStep(engine: Engine, step: Expression, range: Growth): Growth | undefined {
  const active = engine.namedActive();
  const at = step.kind === 'name' ? (active?.fn.params.findIndex((param) => param.name === step.name) ?? -1) : -1;
  const arg = active?.call.args[at];
  const loop = active === undefined || active.recursive ? undefined : loopAround(engine);
  if (active === undefined || step.kind !== 'name' || arg?.kind !== 'name' || loop === undefined || engine.changes(active.fn.body).updates.has(step.name)) {
    return undefined;
  }
  const statement = loop.loop;
  const isCounted = statement?.kind === 'forEach' ? rangeArguments(statement.iterable) !== undefined && isName(statement.target, arg.name) : counts(engine, loop, arg.name);
  if (!isCounted) {
    return undefined;
  }
  engine.assume(t('steps of 1, 2, 3, … add up to a harmonic sum: n/1 + n/2 + … = n log n'));
  return compare(loop.trips, range) < 0 ? maximum(divide(range, loop.trips), one) : logarithm(range);
}

/** The loop in which the function at hand was called. */
function loopAround(engine: Engine): Frame | undefined {
  let at: Frame | undefined = engine.frame;
  while (at !== undefined && at.kind !== 'function') {
    at = at.parent;
  }
  for (at = at?.parent; at !== undefined && at.kind !== 'function'; at = at.parent) {
    if (at.kind === 'loop') {
      return at;
    }
  }
  return undefined;
}
