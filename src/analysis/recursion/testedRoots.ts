import type { Block, Expression } from '../program/ir';
import { rootOf, visitBlock, visitExpression } from '../program/visit';
import { Memo } from '../program/memo';

/** Tests of membership by method, in any of the languages. */
export const membership = new Set(['has', 'contains', 'containsKey', 'count', 'get', 'find', 'includes', 'contains_key', 'ContainsKey', 'Contains', 'TryGetValue', 'include?', 'key?', 'has_key?', 'member?', 'isset', 'array_key_exists', 'in_array', 'test']);

/** Methods that put an item into a collection, in any of the languages. */
export const insertion = new Set(['<<', 'add?', 'add', 'insert', 'put', 'set', 'Add', 'push', 'append', 'setdefault', 'emplace']);

/** Operators of conditions that a name can stand for. */
const tests: ReadonlySet<string> = new Set(['in', 'not in', '&&', '||', '==', '!=', '<', '<=', '>', '>=']);

const rootsOfBlocks = new Memo<Block, ReadonlySet<string>>();

const fieldsOfBlocks = new Memo<Block, ReadonlySet<string>>();

/** Fields of entries that conditions of the block look at, as `cells.seen` for `cells[y][x].seen`. */
export function testedFields(block: Block): ReadonlySet<string> {
  testedRoots(block);
  return fieldsOfBlocks.get(block) ?? new Set();
}

/** Places that conditions of the block look at: roots of `x in S`, `S[x]`, `S.contains(x)`. Kept per block. */
export function testedRoots(block: Block): ReadonlySet<string> {
  const known = rootsOfBlocks.get(block);
  if (known !== undefined) {
    return known;
  }
  const tested = new Set<string>();
  rootsOfBlocks.set(block, tested);
  const fields = new Set<string>();
  fieldsOfBlocks.set(block, fields);
  const look = (condition: Expression): void => {
    visitExpression(condition, {
      skipsLeaves: true,
      expression: (inner) => {
        if (inner.kind === 'index') {
          // `text[0] == '0'` asks about one place, not about the one at hand.
          if (!hasFixedPlace(inner)) {
            addRoot(tested, inner.object);
          }
        } else if (inner.kind === 'member' && inner.object.kind === 'index') {
          fields.add(`${rootOf(inner.object) ?? ''}.${inner.name}`);
        } else if (inner.kind === 'binary' && (inner.operator === 'in' || inner.operator === 'not in')) {
          addRoot(tested, inner.right);
        } else if (inner.kind === 'call' && inner.callee.kind === 'member' && (membership.has(inner.callee.name) || insertion.has(inner.callee.name))) {
          addRoot(tested, inner.callee.object);
        } else if (inner.kind === 'call' && inner.callee.kind === 'name' && membership.has(inner.callee.name)) {
          for (const arg of inner.args) {
            addRoot(tested, arg);
          }
        }
        return undefined;
      },
    });
  };
  // `auto& ret = dp[i][j]; if (ret != -1) return ret;` tests the table through another name, `known = key in table; if (known)`, too.
  const aliases = new Map<string, Expression>();
  visitBlock(block, {
    skipsLeaves: true,
    statement: (statement) => {
      const [name, value] = statement.kind === 'declare' ? [statement.name, statement.value] : statement.kind === 'assign' && statement.target.kind === 'name' && statement.operator === undefined ? [statement.target.name, statement.value] : ['', undefined];
      if (value?.kind === 'index' || (value?.kind === 'binary' && tests.has(value.operator)) || (value?.kind === 'call' && value.callee.kind === 'member' && membership.has(value.callee.name))) {
        aliases.set(name, value);
      }
      if (statement.kind === 'try') {
        // `try: return kept[key]`, and what is missing is worked out where that fails.
        const [only] = statement.body;
        if (only?.kind === 'return' && only.value?.kind === 'index') {
          look(only.value);
        }
      } else if (statement.kind === 'switch' && statement.subject !== undefined) {
        // `match kept.get(&n) { Some(v) => …, None => … }`
        look(statement.subject);
      } else if (statement.kind === 'if' || statement.kind === 'while') {
        look(statement.condition);
        visitExpression(statement.condition, {
          expression: (inner) => {
            const alias = inner.kind === 'name' ? aliases.get(inner.name) : undefined;
            if (alias !== undefined) {
              look(alias);
            }
            const entry = inner.kind === 'member' && inner.object.kind === 'name' ? aliases.get(inner.object.name) : undefined;
            if (inner.kind === 'member' && entry?.kind === 'index') {
              fields.add(`${rootOf(entry) ?? ''}.${inner.name}`);
            }
            return undefined;
          },
        });
      }
      return undefined;
    },
    expression: (expression) => {
      if (expression.kind === 'conditional') {
        look(expression.condition);
      } else if (expression.kind === 'binary' && (expression.operator === '&&' || expression.operator === '||')) {
        look(expression.left);
      } else if (expression.kind === 'comprehension') {
        for (const clause of expression.clauses) {
          clause.conditions.forEach(look);
        }
      }
      return undefined;
    },
  });
  return tested;
}

/** `xs[0]`, `xs[0][1]`. */
export function hasFixedPlace(target: Expression): boolean {
  return target.kind === 'index' && target.index.kind === 'literal' && (target.object.kind !== 'index' || hasFixedPlace(target.object));
}

/** Adds the variable that a place is part of. */
export function addRoot(into: Set<string>, expression: Expression): void {
  const root = rootOf(expression);
  if (root !== undefined) {
    into.add(root);
  }
}
