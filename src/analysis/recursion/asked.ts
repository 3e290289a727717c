import type { Engine } from '../following/engine';
import type { Expression, FunctionIr } from '../program/ir';
import { namesIn, visitBlock } from '../program/visit';
import { Memo } from '../program/memo';

const asked = new Memo<FunctionIr, ReadonlySet<string>>();

/** Whether a condition of the function asks for `name`, or for a local name that was made of it: `n = len(xs)`, `if n < 2`. */
export function isAsked(engine: Engine, fn: FunctionIr, name: string): boolean {
  let names = asked.get(fn);
  if (names === undefined) {
    const found = new Set<string>();
    const take = (condition: Expression | undefined): void => {
      if (condition !== undefined) {
        namesIn(condition).forEach((each) => found.add(each));
      }
    };
    visitBlock(fn.body, {
      intoFunctions: true,
      statement: (statement) => {
        if (statement.kind === 'if' || statement.kind === 'while' || statement.kind === 'for') {
          take(statement.condition);
        } else if (statement.kind === 'forEach') {
          take(statement.iterable);
        } else if (statement.kind === 'switch') {
          take(statement.subject);
          statement.cases.forEach((each) => each.patterns.forEach(take));
        }
        return undefined;
      },
      expression: (inner) => {
        if (inner.kind === 'conditional') {
          take(inner.condition);
        } else if (inner.kind === 'binary' && ['&&', '||', '??', '<', '<=', '>', '>=', '==', '!=', 'in', 'not in'].includes(inner.operator)) {
          take(inner.left);
          take(inner.right);
        } else if (inner.kind === 'comprehension') {
          inner.clauses.forEach((clause) => [clause.iterable, ...clause.conditions].forEach(take));
        }
        return undefined;
      },
    });
    const { updates } = engine.changes(fn.body);
    for (const each of found) {
      (updates.get(each) ?? []).forEach((update) => take(update.amount));
    }
    asked.set(fn, found);
    names = found;
  }
  return names.has(name);
}
