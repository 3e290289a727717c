import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr } from '../program/ir';
import { testedRoots } from './testedRoots';
import { alwaysExits, holds, holdsAny, keyOf, rootOf, usesName, visitBlock, visitExpression } from '../program/visit';

/** Whether each recursive call stands under a test of `root`, or after a test of it that leaves the function. */
export function everyCallGuarded(body: Block, calls: ReadonlySet<Expression>, root: string): boolean {
  let unguarded = 0;
  const aliases = new Set<string>();
  const tests = (condition: Expression): boolean => {
    if (testedRoots([{ kind: 'if', lines: condition.lines, condition, then: [], else: [] }]).has(root)) {
      return true;
    }
    return [...aliases].some((name) => usesName(condition, name));
  };
  const inExpression = (expression: Expression | undefined, guarded: boolean): void => {
    if (expression === undefined) {
      return;
    }
    visitExpression(expression, {
      expression: (inner) => {
        if (calls.has(inner) && !guarded) {
          unguarded += 1;
        }
        if (inner.kind === 'lambda') {
          inBlock(inner.function.body, guarded);
        } else if ((inner.kind === 'binary' && (inner.operator === '&&' || inner.operator === '||')) && !guarded) {
          inExpression(inner.left, guarded);
          inExpression(inner.right, tests(inner.left));
          return false;
        } else if (inner.kind === 'conditional' && !guarded) {
          const inside = tests(inner.condition);
          inExpression(inner.condition, guarded);
          inExpression(inner.then, inside);
          inExpression(inner.else, inside);
          return false;
        } else if (inner.kind === 'comprehension' && !guarded) {
          const inside = inner.clauses.some((clause) => clause.conditions.some(tests));
          inExpression(inner.element, inside);
          inExpression(inner.value, inside);
          return false;
        }
        return undefined;
      },
    });
  };
  /** @returns whether what follows the block stands behind a test, too */
  const inBlock = (block: Block, outer: boolean): boolean => {
    let guarded = outer;
    for (const statement of block) {
      switch (statement.kind) {
        case 'if': {
          const inside = guarded || tests(statement.condition);
          inExpression(statement.condition, guarded);
          const behindThen = inBlock(statement.then, inside) || alwaysExits(statement.then);
          const behindElse = inBlock(statement.else, inside) || (statement.else.length > 0 && alwaysExits(statement.else));
          // `if (outside) return; else if (seen[at]) return;`: what follows comes after both.
          guarded = inside ? guarded || alwaysExits(statement.then) || (statement.else.length > 0 && alwaysExits(statement.else)) : behindThen && behindElse;
          break;
        }
        case 'while':
        case 'for':
          inExpression(statement.condition, guarded);
          inBlock(statement.body, guarded || (statement.condition !== undefined && tests(statement.condition)));
          break;
        case 'forEach':
          inExpression(statement.iterable, guarded);
          inBlock(statement.body, guarded);
          break;
        case 'block':
          inBlock(statement.body, guarded);
          break;
        case 'try':
          inBlock(statement.body, guarded);
          break;
        case 'switch': {
          const inside = guarded || (statement.subject !== undefined && tests(statement.subject));
          for (const each of statement.cases) {
            inBlock(each.body, inside);
          }
          break;
        }
        case 'function':
          inBlock(statement.function.body, guarded);
          break;
        case 'declare':
        case 'assign': {
          const value = statement.value;
          if (value !== undefined && (value.kind === 'index' || value.kind === 'call' || value.kind === 'binary') && tests(value)) {
            const name = statement.kind === 'declare' ? statement.name : statement.target.kind === 'name' ? statement.target.name : undefined;
            if (name !== undefined) {
              aliases.add(name);
            }
          }
          inExpression(value, guarded);
          break;
        }
        case 'expression':
        case 'return':
        case 'yield':
        case 'throw':
          inExpression(statement.value, guarded);
          break;
        case 'delete':
        case 'break':
        case 'continue':
          break;
      }
    }
    return guarded;
  };
  inBlock(body, false);
  return unguarded === 0;
}

/**
 * Whether `fn` does not go on at a place of `root` that holds the constant `value`: `if (state[u] == DONE) return;`,
 * `if (state[v] == NEW) visit(v);`. To write such a value after the calls takes no mark back.
 */
export function turnsAway(engine: Engine, fn: FunctionIr, calls: ReadonlySet<Expression>, root: string, value: Expression | undefined): boolean {
  if (value === undefined || !isConstantName(engine, fn, value)) {
    return false;
  }
  const compared = (condition: Expression): { readonly same: boolean; readonly isEqual: boolean } | undefined => {
    if (condition.kind !== 'binary' || (condition.operator !== '==' && condition.operator !== '!=')) {
      return undefined;
    }
    const [place, other] = condition.left.kind === 'index' ? [condition.left, condition.right] : [condition.right, condition.left];
    return place.kind === 'index' && rootOf(place) === root && isConstantName(engine, fn, other) ? { same: keyOf(other) === keyOf(value), isEqual: condition.operator === '==' } : undefined;
  };
  // `a == DONE || …` that leaves; `a == NEW && …` that goes on.
  const says = (condition: Expression, operator: '&&' | '||', wanted: 'leave' | 'enter'): boolean => {
    if (condition.kind === 'binary' && condition.operator === operator) {
      return says(condition.left, operator, wanted) || says(condition.right, operator, wanted);
    }
    const test = compared(condition);
    return test !== undefined && (wanted === 'leave' ? test.same === test.isEqual : test.same !== test.isEqual);
  };
  let leaves = false as boolean;
  const entered = new Set<Expression>();
  const enter = (condition: Expression, inside: Block): void => {
    if (says(condition, '&&', 'enter')) {
      [...calls].filter((call) => inside.some((each) => holds(each, call))).forEach((call) => entered.add(call));
    }
  };
  visitBlock(fn.body, {
    statement: (statement) => {
      if (statement.kind === 'if') {
        leaves ||= alwaysExits(statement.then) && !statement.then.some((each) => holdsAny(each, calls)) && says(statement.condition, '||', 'leave');
        enter(statement.condition, statement.then);
      }
      return !leaves;
    },
    expression: (inner) => {
      if (inner.kind === 'binary' && inner.operator === '&&') {
        enter(inner.left, [{ kind: 'expression', lines: inner.lines, value: inner.right }]);
      }
      return !leaves;
    },
  });
  return leaves || entered.size === calls.size;
}

/** `State.DONE`, `DONE`, a literal: what the function does not change. */
function isConstantName(engine: Engine, fn: FunctionIr, value: Expression): boolean {
  switch (value.kind) {
    case 'literal':
      return true;
    case 'name':
      return !engine.changes(fn.body).updates.has(value.name) && !fn.params.some((param) => param.name === value.name);
    case 'member':
      return value.object.kind === 'name' && /^[A-Z]/.test(value.object.name);
    default:
      return false;
  }
}
