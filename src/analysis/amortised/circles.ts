import type { Growth } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { markOf, type Paid } from './paid';
import { isCollection, sizeOf } from '../following/values';
import { conjunctsOf, holds, isName, keyOf, namesIn, rootOf, visitBlock } from '../program/visit';

/**
 * `if (!seen[i]) { j = i; do { seen[j] = true; j = next[j]; } while (j != i); }` for each `i`: the places that lie between an
 * unmarked one and where it is come to again are all unmarked, as from a marked one there is no way to it. So all rounds
 * together are no more than the places.
 */
export function turnsCircle(engine: Engine, statement: Statement, trips: Growth): Paid | undefined {
  const [around] = engine.openLoops();
  if (statement.kind !== 'while' || around?.parent === undefined) {
    return undefined;
  }
  const { updates, mutations } = engine.changes(around.body);
  for (const [at, start] of endsOf(statement)) {
    const before = (updates.get(at) ?? []).filter((move) => !move.loops.includes(statement));
    const [step, ...others] = engine.changes(statement.body).updates.get(at) ?? [];
    const next = step?.amount === undefined || step.conditional || step.loops.length > 0 || others.length > 0 ? undefined : placeBy(step.amount, at);
    const isBegun = before.length > 0 && before.every(({ amount }) => amount !== undefined && (isName(amount, start) || (next !== undefined && placeBy(amount, start) === next)));
    const isKept = next !== undefined && !updates.has(next) && mutations.every(({ root }) => root !== next);
    if (!isKept || !isBegun || engine.changes(statement.body).updates.has(start)) {
      continue;
    }
    const marks = engine.changes(statement.body).mutations.filter(({ effect, conditional, loops }) => (effect === 'write' || effect === 'push') && !conditional && loops.length === 0);
    const mark = marks.find(({ root, index, item }) => index !== undefined && isName(index, at) && item !== undefined && !/^(?:0|false)$/.test(keyOf(item)) && isGuarded(around.body, statement, root, start)) ??
      marks.find(({ root, effect, item }) => effect === 'push' && isName(item, at) && isGuarded(around.body, statement, root, start));
    if (mark !== undefined && mutations.every(({ root, effect, item }) => root !== mark.root || (effect !== 'remove' && effect !== 'pop' && effect !== 'clear' && !/^(?:0|false)$/.test(item === undefined ? '' : keyOf(item))))) {
      const value = quietly(engine, mark.object);
      return { frame: around.parent, trips: isCollection(value) && (value.kind === 'list' || value.kind === 'array') ? sizeOf(value) : trips };
    }
  }
  return undefined;
}

/** The names of which the loop ends when they are the same: of its condition, or of the test that leaves it at its end. */
function endsOf(statement: Statement & { kind: 'while' }): [string, string][] {
  const last = statement.body.at(-1);
  const isLeaving = last?.kind === 'if' && last.else.length === 0 && last.then.length === 1 && last.then[0]?.kind === 'break';
  const tests = [...conjunctsOf(statement.condition).map((part) => [part, '!='] as const), ...(isLeaving ? [[last.condition, '=='] as const] : [])];
  return tests.flatMap(([part, operator]) => (part.kind === 'binary' && part.operator === operator && part.left.kind === 'name' && part.right.kind === 'name' ? [[part.left.name, part.right.name], [part.right.name, part.left.name]] as [string, string][] : []));
}

/** `next` of `next[at]` and `next[at] - 1`. */
function placeBy(expression: Expression, name: string): string | undefined {
  const place = expression.kind === 'binary' && (expression.operator === '-' || expression.operator === '+') && expression.right.kind === 'literal' ? expression.left : expression;
  return place.kind === 'index' && namesIn(place.index).size === 1 && namesIn(place.index).has(name) ? rootOf(place.object) : undefined;
}

/** Whether the loop is reached where the mark of `start` was looked at only: `if (!seen[i]) { … }`, `if (seen[i]) continue;`. */
function isGuarded(block: Block, loop: Statement, marks: string, start: string): boolean {
  let found = false as boolean;
  visitBlock(block, {
    statement: (statement) => {
      if (statement.kind === 'if') {
        const isAsked = conjunctsOf(statement.condition).some((part) => {
          const mark = markOf(part) ?? (part.kind === 'binary' && part.operator === 'in' ? { container: part.right, key: part.left } : undefined);
          return mark !== undefined && rootOf(mark.container) === marks && isName(mark.key, start);
        });
        const isPassed = statement.then.at(-1)?.kind === 'continue' || statement.then.some((inner) => holds(inner, loop)) || statement.else.some((inner) => holds(inner, loop));
        found ||= isAsked && isPassed;
      }
      return !found;
    },
  });
  return found;
}
