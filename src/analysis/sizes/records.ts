import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import { keyOf, visitBlock } from '../program/visit';
import { isSizeOf } from '../loops/worklists';

/**
 * How many places the items of the list `name` have, where the function takes them for records: it looks at their places
 * 0, 1, 2 by number only, and never at how long they are. Undefined for rows of a table, or where nothing is looked at.
 */
export function recordWidth(fn: FunctionIr, name: string): number | undefined {
  const items = itemNames(fn.body, name);
  const isItem = (expression: Expression): boolean => (expression.kind === 'name' ? items.has(expression.name) : expression.kind === 'index' ? keyOf(expression.object) === name : expression.kind === 'call' && expression.callee.kind === 'member' && /^(?:get|at)$/.test(expression.callee.name) && keyOf(expression.callee.object) === name);
  let width = 0;
  let isTable = false as boolean;
  const look = (place: Expression | undefined): void => {
    if (place?.kind === 'literal' && typeof place.value === 'number' && place.value >= 0 && place.value < 12) {
      width = Math.max(width, place.value + 1);
    } else {
      isTable = true;
    }
  };
  visitBlock(fn.body, {
    intoFunctions: true,
    statement: (statement) => {
      isTable = isTable || (statement.kind === 'forEach' && isItem(statement.iterable));
      return undefined;
    },
    expression: (inner) => {
      const measured = isSizeOf(inner);
      if (measured !== undefined && isItem(measured)) {
        isTable = true;
      } else if (inner.kind === 'index' && isItem(inner.object)) {
        look(inner.index);
      } else if (inner.kind === 'call' && inner.callee.kind === 'member' && /^(?:get|at)$/.test(inner.callee.name) && isItem(inner.callee.object)) {
        look(inner.args[0]);
      } else if (inner.kind === 'comprehension' && inner.clauses.some((clause) => isItem(clause.iterable))) {
        isTable = true;
      }
      return undefined;
    },
  });
  return width > 1 && !isTable ? width : undefined;
}

/** Names that stand for items of the list: of loops over it, of `row = rows[i]`, and of functions that order it. */
function itemNames(body: Block, list: string): Set<string> {
  const names = new Set<string>();
  visitBlock(body, {
    intoFunctions: true,
    statement: (statement) => {
      const [target, source] = sourceOf(statement);
      if (target !== undefined && source !== undefined && (statement.kind === 'forEach' ? keyOf(source) === list : source.kind === 'index' && keyOf(source.object) === list)) {
        names.add(target);
      }
      return undefined;
    },
    expression: (inner) => {
      if (inner.kind === 'call') {
        const subjects = [...inner.args, ...(inner.callee.kind === 'member' ? [inner.callee.object] : [])];
        if (subjects.some((subject) => keyOf(subject) === list)) {
          for (const arg of inner.args) {
            if (arg.kind === 'lambda') {
              arg.function.params.forEach((param) => names.add(param.name));
            }
          }
        }
      }
      return undefined;
    },
  });
  return names;
}

function sourceOf(statement: Statement): readonly [string | undefined, Expression | undefined] {
  switch (statement.kind) {
    case 'forEach':
      return [statement.target.kind === 'name' ? statement.target.name : undefined, statement.iterable];
    case 'declare':
      return [statement.name, statement.value];
    case 'assign':
      return [statement.target.kind === 'name' && statement.operator === undefined ? statement.target.name : undefined, statement.value];
    default:
      return [undefined, undefined];
  }
}
