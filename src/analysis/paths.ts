import type { Changes, Mutation } from './changes';
import type { Expression } from './ir';
import { namesIn, visitExpression } from './visit';

/** What is pushed is what was taken with something added: every path is an item of its own. */
export function growsPath(push: Mutation | undefined, derived: ReadonlySet<string>, changes: Changes): boolean {
  let grows = false;
  const look = (expression: Expression | undefined, level: number): void => {
    if (expression === undefined || level > 2) {
      return;
    }
    visitExpression(expression, {
      expression: (inner) => {
        if (inner.kind === 'binary' && inner.operator === '+' && [inner.left, inner.right].some((side) => side.kind === 'list' || (side.kind === 'literal' && (side.type === 'string' || side.type === 'char'))) && [...namesIn(inner)].some((name) => derived.has(name))) {
          grows = true;
        } else if (inner.kind === 'spread' && [...namesIn(inner.value)].some((name) => derived.has(name))) {
          grows = true;
        } else if (inner.kind === 'name') {
          grows ||= inner.name !== push?.root && isLongerCopy(inner.name, derived, changes);
          for (const update of changes.updates.get(inner.name) ?? []) {
            if (update.motion === 'set' && update.loops.length > 0) {
              look(update.amount, level + 1);
            }
          }
        }
        return !grows;
      },
    });
  };
  look(push?.item, 0);
  return grows;
}

/** `longer = list(path); longer.append(v)`: a name for a copy of what was taken, or for what was taken itself, to which the loop adds. */
function isLongerCopy(name: string, derived: ReadonlySet<string>, changes: Changes): boolean {
  const isAddedTo = changes.mutations.some((mutation) => mutation.root === name && mutation.object.kind === 'name' && (mutation.effect === 'push' || mutation.effect === 'extend'));
  return isAddedTo && (derived.has(name) || (changes.updates.get(name) ?? []).some(({ amount, loops }) => {
    const original = amount === undefined || loops.length === 0 ? undefined : originalOf(amount);
    return original?.kind === 'name' && derived.has(original.name);
  }));
}

/** What an expression copies: `list(xs)`, `xs.copy()`, `xs[:]`, `new ArrayList<>(xs)`. */
function originalOf(expression: Expression): Expression | undefined {
  if (expression.kind === 'slice') {
    return expression.from === undefined && expression.to === undefined ? expression.object : undefined;
  }
  if (expression.kind === 'new') {
    return expression.args.length === 1 && expression.type.kind !== 'object' ? expression.args[0] : undefined;
  }
  if (expression.kind !== 'call') {
    return expression.kind === 'list' && expression.items.length === 1 && expression.items[0]?.kind === 'spread' ? expression.items[0].value : undefined;
  }
  const { callee, args } = expression;
  return callee.kind === 'member' && args.length === 0 ? (/^(?:copy|clone|dup|slice|toList|ToList|to_vec)$/.test(callee.name) ? callee.object : undefined) : (callee.kind === 'name' || callee.kind === 'member') && args.length === 1 && /^(?:list|set|deque|dict|from|copyOf|deepcopy|copy)$/.test(callee.name) ? args[0] : undefined;
}
