import { t } from '../../core/l10n';
import { divide, type Growth, isConstant, logarithm, maximum, one } from '../algebra/bigO';
import { compare } from '../algebra/ranks';
import { quietly } from './bound';
import type { Engine, Frame } from '../following/engine';
import type { Expression } from '../program/ir';
import { usesName } from '../program/visit';

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
  return undefined;
}
