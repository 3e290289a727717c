import type { Engine } from './engine';
import type { Expression, Statement } from '../program/ir';
import { keyOf, rootOf } from '../program/visit';
import { Memo } from '../program/memo';

type If = Statement & { kind: 'if' };

/** Where the left side may lie from the right one for the comparison to hold: below, at the same place, above. */
const places: Readonly<Record<string, readonly number[]>> = { '<': [-1], '<=': [-1, 0], '==': [0], '>=': [0, 1], '>': [1], '!=': [-1, 1] };

const known = new Memo<If, Map<If, If | null>>();

/**
 * `if (a < b) …` followed by `if (a > b) …`: one statement with the second as the branch that is left, where both
 * conditions cannot hold and the first branch changes nothing that is compared. Undefined for any other two statements.
 */
export function asAlternatives(engine: Engine, first: Statement, second: Statement | undefined): If | undefined {
  if (first.kind !== 'if' || second?.kind !== 'if' || first.else.length > 0 || !areExclusive(first.condition, second.condition)) {
    return undefined;
  }
  let merges = known.get(first);
  if (merges === undefined) {
    merges = new Map();
    known.set(first, merges);
  }
  let merged = merges.get(second);
  if (merged === undefined) {
    merged = changesCompared(engine, first) ? null : { ...first, else: [second] };
    merges.set(second, merged);
  }
  return merged ?? undefined;
}

function areExclusive(a: Expression, b: Expression): boolean {
  if (a.kind !== 'binary' || b.kind !== 'binary') {
    return false;
  }
  const mine = places[a.operator];
  const theirs = places[b.operator];
  if (mine === undefined || theirs === undefined || !isPlace(a.left) || !(isPlace(a.right) || a.right.kind === 'literal')) {
    return false;
  }
  const sides = [keyOf(a.left), keyOf(a.right)];
  const isSame = keyOf(b.left) === sides[0] && keyOf(b.right) === sides[1];
  const isTurned = keyOf(b.left) === sides[1] && keyOf(b.right) === sides[0];
  const others = isSame ? theirs : isTurned ? theirs.map((place) => -place) : undefined;
  return others !== undefined && !mine.some((place) => others.some((other) => other === place));
}

function isPlace(expression: Expression): boolean {
  return expression.kind === 'name' || (expression.kind === 'member' && isPlace(expression.object)) || (expression.kind === 'index' && rootOf(expression) !== undefined);
}

/** Whether the branch sets what is compared, or something that it is a part of. */
function changesCompared(engine: Engine, statement: If): boolean {
  const { updates, mutations } = engine.changes(statement.then);
  const compared = statement.condition.kind === 'binary' ? [statement.condition.left, statement.condition.right] : [];
  return compared.some((side) => {
    const key = keyOf(side);
    return [...updates.keys()].some((name) => key === name || key.startsWith(`${name}.`) || key.startsWith(`${name}[`)) || (side.kind === 'index' && mutations.some((mutation) => mutation.root === rootOf(side)));
  });
}
