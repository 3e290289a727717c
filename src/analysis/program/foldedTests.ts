import type { Block, Expression, FunctionIr, Statement } from './ir';
import { visitExpression } from './visit';

/**
 * What a function that only tests something gives back, as one condition: `if (r < 0) return false; if (seen[r]) return false;
 * return g[r] == 1;` is `!(r < 0) && !seen[r] && g[r] == 1`. Undefined where it does anything else.
 * @param put puts expressions in place of names
 */
export function foldedTest(fn: FunctionIr, put: (value: Expression, names: ReadonlyMap<string, Expression>) => Expression): Expression | undefined {
  let tells = false as boolean;
  const fold = (block: Block, names: ReadonlyMap<string, Expression>): Expression | undefined => {
    const [first, ...rest] = block;
    switch (first?.kind) {
      case 'return':
        tells ||= isTruth(first.value);
        return first.value === undefined ? undefined : put(first.value, names);
      case 'declare':
      case 'assign': {
        const named = namedPlace(first);
        return named === undefined || names.has(named.name) || fn.params.some((param) => param.name === named.name) ? undefined : fold(rest, new Map([...names, [named.name, put(named.value, names)]]));
      }
      case 'block':
        return fold([...first.body, ...rest], names);
      case 'if': {
        const then = leaves(first.then) ? fold(first.then, names) : undefined;
        const other = then === undefined ? undefined : fold([...first.else, ...rest], names);
        return then === undefined || other === undefined ? undefined : either(put(first.condition, names), then, other);
      }
      default:
        return undefined;
    }
  };
  const body = fn.body.filter((statement) => statement.kind !== 'expression' || statement.value.kind !== 'literal');
  const folded = body.length > 1 || body[0]?.kind === 'if' ? fold(body, new Map()) : undefined;
  return tells ? folded : undefined;
}

function leaves(block: Block): boolean {
  const last = block.at(-1);
  return last?.kind === 'return' || (last?.kind === 'if' && leaves(last.then) && leaves(last.else));
}

function isTruth(value: Expression | undefined): boolean {
  return value?.kind === 'literal' && value.type === 'boolean';
}

/** `rows = g.length`: a name for what costs nothing to ask for again. */
function namedPlace(statement: Statement): { readonly name: string; readonly value: Expression } | undefined {
  const [name, value] = statement.kind === 'declare' ? [statement.name, statement.value] : statement.kind === 'assign' && statement.operator === undefined && statement.target.kind === 'name' ? [statement.target.name, statement.value] : ['', undefined];
  if (name === '' || value === undefined) {
    return undefined;
  }
  let isPlain = true as boolean;
  visitExpression(value, {
    expression: (inner) => {
      const isLength = inner.kind === 'call' && (inner.callee.kind === 'name' || inner.callee.kind === 'member') && /^(?:len|size|length|Count|count)$/.test(inner.callee.name) && inner.args.length <= 1;
      isPlain &&= isLength || inner.kind === 'name' || inner.kind === 'literal' || inner.kind === 'member' || inner.kind === 'index' || inner.kind === 'binary' || inner.kind === 'unary';
      return isPlain;
    },
  });
  return isPlain ? { name, value } : undefined;
}

/** `condition ? then : other`, where one of these is a truth value as a condition of two parts. */
function either(condition: Expression, then: Expression, other: Expression): Expression {
  const { lines } = condition;
  if (then.kind === 'literal' && then.type === 'boolean') {
    return then.value === true ? { kind: 'binary', lines, operator: '||', left: condition, right: other } : { kind: 'binary', lines, operator: '&&', left: { kind: 'unary', lines, operator: '!', operand: condition }, right: other };
  }
  return { kind: 'conditional', lines, condition, then, else: other };
}
