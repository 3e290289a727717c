import type { SyntaxNode } from '../../../analysis/syntax';
import { textOf } from '../../../analysis/syntax';
import type { Code } from '../syntax/code';
import { inputsOf } from '../syntax/code';
import { assignmentOf, nodesOf } from '../syntax/nodes';
import { roleOf } from '../syntax/roles';

/** Names behind which the outside world speaks, over the frameworks of all languages. */
const outside =
  /\b(?:req|request|params|query|argv|args|environ|input|stdin|location|cookies?|headers?|formData|searchParams|ctx)\b\s*(?:[.[(]|->|::)|\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b|\binput\s*\(|\breadline\b|\bgets\b|\bgetParameter\b/;

/** Where a value may come from. `parameter`: of the function around it, so it depends on the callers. */
export type Origin = 'outside' | 'parameter' | 'computed' | 'constant';

/** Where the values in an expression come from, the worst of them. One assignment back is followed. */
export function originOf(node: SyntaxNode, code: Code): Origin {
  return originWithin(node, code, 2);
}

function originWithin(node: SyntaxNode, code: Code, depth: number): Origin {
  if (outside.test(textOf(node))) {
    return 'outside';
  }
  const names = identifiersIn(node);
  if (names.size === 0) {
    return 'constant';
  }
  const around = code.functions.filter((fn) => fn.node.start <= node.start && fn.node.end >= node.end);
  const parameters = new Set(around.flatMap((fn) => inputsOf(fn).map((input) => input.name)));
  let worst: Origin = 'constant';
  for (const name of names) {
    const origin = parameters.has(name) ? 'parameter' : depth === 0 ? 'computed' : assignedOrigin(name, node, code, depth);
    worst = worse(worst, origin);
  }
  return worst;
}

function assignedOrigin(name: string, use: SyntaxNode, code: Code, depth: number): Origin {
  let last: SyntaxNode | undefined;
  for (const inner of nodesOf(code.root, true)) {
    const assignment = inner.start < use.start ? assignmentOf(inner) : undefined;
    if (assignment !== undefined && identifiersIn(assignment.target).has(name) && assignment.value.end <= use.start) {
      last = assignment.value;
    }
  }
  return last === undefined ? 'computed' : originWithin(last, code, depth - 1);
}

const order: readonly Origin[] = ['constant', 'computed', 'parameter', 'outside'];

function worse(first: Origin, second: Origin): Origin {
  return order.indexOf(first) >= order.indexOf(second) ? first : second;
}

/** Names of variables in an expression, without those that are only called or only fields. */
export function identifiersIn(node: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  for (const inner of nodesOf(node, true)) {
    const isName = inner.isNamed && /^(?:identifier|variable_name|constant|simple_identifier)$/.test(inner.type);
    const isCalledOrField = inner.field === 'function' || inner.field === 'attribute' || inner.field === 'method' || /^\s*\(/.test(inner.source.slice(inner.end, inner.end + 2)) || /[.>:]\s*$/.test(inner.source.slice(Math.max(0, inner.start - 2), inner.start));
    if (isName && !isCalledOrField) {
      names.add(textOf(inner).replace(/^\$/, ''));
    }
    // Rust's format strings and macros keep their names in tokens.
    if (inner.type === 'token_tree') {
      for (const match of textOf(inner).replace(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/\b[a-z_]\w*\b(?!\s*[(!])/g)) {
        names.add(match[0]);
      }
    }
  }
  return names;
}

/** True where a text is put together from more than constants: concatenation, interpolation, formatting. */
export function isBuiltText(node: SyntaxNode, code: Code): boolean {
  return originOf(node, code) !== 'constant' && [...nodesOf(node)].some((inner) => roleOf(inner) === 'string');
}
