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
  return isTable ? undefined : width > 1 ? width : widthOfTuples(fn, name, items);
}

/**
 * `taken = set(map(tuple, blocks))`, asked as `(row, column) in taken`: the items have as many places as the tuples that are
 * looked for.
 */
function widthOfTuples(fn: FunctionIr, list: string, items: ReadonlySet<string>): number | undefined {
  const sets = new Set<string>();
  const isTupled = (value: Expression): boolean => {
    if (value.kind === 'comprehension') {
      const [clause] = value.clauses;
      return value.clauses.length === 1 && clause?.target.kind === 'name' && keyOf(clause.iterable) === list && isTupleOf(value.element, (part) => keyOf(part) === keyOf(clause.target));
    }
    const [first, second] = value.kind === 'call' && value.callee.kind === 'name' ? value.args : [];
    return value.kind === 'call' && value.callee.kind === 'name' && first !== undefined && (value.callee.name === 'map' ? keyOf(first) === 'tuple' && second !== undefined && keyOf(second) === list : value.args.length === 1 && isTupled(first));
  };
  const pairs = new Map<string, number>();
  const note = (asked: Expression, within: Expression): void => {
    const width = asked.kind === 'list' ? asked.items.length : asked.kind === 'name' ? pairs.get(asked.name) : undefined;
    if (width !== undefined && within.kind === 'name' && sets.has(within.name)) {
      widest = Math.max(widest, width);
    }
  };
  let widest = 0;
  visitBlock(fn.body, {
    intoFunctions: true,
    statement: (statement) => {
      const [target, source] = statement.kind === 'forEach' ? [undefined, undefined] : sourceOf(statement);
      if (target !== undefined && source !== undefined) {
        if (isTupled(source)) {
          sets.add(target);
        } else if (source.kind === 'list' && source.type === 'tuple') {
          pairs.set(target, source.items.length);
        }
      }
      return undefined;
    },
    expression: (inner) => {
      if (inner.kind === 'binary' && (inner.operator === 'in' || inner.operator === 'not in')) {
        note(inner.left, inner.right);
      } else if (inner.kind === 'call' && inner.callee.kind === 'member' && inner.callee.name === 'add' && inner.callee.object.kind === 'name' && inner.args[0] !== undefined && isTupleOf(inner.args[0], (part) => part.kind === 'name' && items.has(part.name))) {
        sets.add(inner.callee.object.name);
      }
      return undefined;
    },
  });
  return widest > 1 ? widest : undefined;
}

/** `tuple(block)` of an item. */
function isTupleOf(expression: Expression, isItem: (part: Expression) => boolean): boolean {
  return expression.kind === 'call' && expression.callee.kind === 'name' && expression.callee.name === 'tuple' && expression.args[0] !== undefined && isItem(expression.args[0]);
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
