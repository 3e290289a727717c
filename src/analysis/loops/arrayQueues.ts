import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { keyOf, lookup, visitBlock, visitExpression } from '../program/visit';

/**
 * Whether a loop takes places one by one from a queue in a plain array, into which each place is put once: `while (head < tail)`
 * with `u = queue[head++]`, and `queue[tail++] = v` under a test of a mark that the loop sets.
 */
export function takesQueued(engine: Engine, statement: Statement): boolean {
  if (statement.kind !== 'while' || statement.condition.kind !== 'binary' || !['<', '<=', '!='].includes(statement.condition.operator)) {
    return false;
  }
  const [head, tail] = [keyOf(statement.condition.left), keyOf(statement.condition.right)];
  const { updates } = engine.changes(statement.body);
  const isCounted = (name: string): boolean => {
    const moves = updates.get(name) ?? [];
    return moves.length > 0 && moves.every(({ motion, amount }) => motion === 'up' && amount?.kind === 'literal' && amount.value === 1);
  };
  if (!isCounted(head) || !isCounted(tail)) {
    return false;
  }
  const isAt = (place: Expression, name: string): boolean => {
    const index = lookup(place)?.index;
    return index !== undefined && keyOf(index.kind === 'assign' ? index.target : index) === name;
  };
  const queue = statement.body.map((each) => (each.kind === 'declare' || each.kind === 'assign' ? each.value : undefined)).find((value) => value !== undefined && isAt(value, head));
  const name = queue === undefined ? undefined : lookup(queue)?.object;
  const values = new Map<string, Set<string>>();
  for (const [key, moves] of updates) {
    if (key.includes('[')) {
      const table = key.slice(0, key.indexOf('['));
      moves.forEach(({ amount }) => values.set(table, (values.get(table) ?? new Set()).add(amount?.kind === 'literal' ? keyOf(amount) : '')));
    }
  }
  // A mark that is taken away again lets a place in once more.
  const marked = new Set([...values].filter(([, literals]) => literals.size === 1).map(([table]) => table));
  let puts = 0;
  let unmarked = 0;
  const scan = (block: Block, isTested: boolean): void => {
    visitBlock(block, {
      statement: (each) => {
        if (each.kind === 'if') {
          scan(each.then, isTested || testsMark(each.condition, marked, name));
          scan(each.else, isTested);
          return false;
        }
        if (each.kind === 'assign' && isAt(each.target, tail) && name !== undefined && keyOf(lookup(each.target)?.object ?? each.target) === keyOf(name)) {
          puts += 1;
          unmarked += isTested ? 0 : 1;
        }
        return undefined;
      },
    });
  };
  scan(statement.body, false);
  return name !== undefined && puts > 0 && unmarked === 0;
}

/** `!seen[v]`, `far[v] == -1`: a place is looked up in what the loop marks, and not compared with another one. */
function testsMark(condition: Expression, marked: ReadonlySet<string>, queue: Expression | undefined): boolean {
  let found = false as boolean;
  visitExpression(condition, {
    expression: (inner) => {
      if (inner.kind === 'binary' && ['<', '<=', '>', '>='].includes(inner.operator) && lookup(inner.left) !== undefined && inner.right.kind !== 'literal' && inner.right.kind !== 'unary') {
        return false;
      }
      const place = lookup(inner)?.object;
      found ||= place !== undefined && marked.has(keyOf(place)) && keyOf(place) !== (queue === undefined ? '' : keyOf(queue));
      return !found;
    },
  });
  return found;
}
