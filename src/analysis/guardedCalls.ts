import { testedRoots } from './testedRoots';
import type { Block, Expression } from './ir';
import { alwaysExits, usesName, visitExpression } from './visit';

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
        case 'switch':
          for (const each of statement.cases) {
            inBlock(each.body, guarded);
          }
          break;
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
