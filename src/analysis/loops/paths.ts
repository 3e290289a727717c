import type { Changes, Mutation } from '../program/changes';
import type { Expression } from '../program/ir';
import { namesIn, visitExpression } from '../program/visit';

/**
 * What is pushed is what was taken with something added: every path is an item of its own.
 * @param derived names whose values come from what was taken
 * @param isText whether texts or lists are taken, to which `+` adds without a literal beside it
 */
export function growsPath(push: Mutation | undefined, derived: ReadonlySet<string>, changes: Changes, isText: boolean): boolean {
  let grows = false;
  const look = (expression: Expression | undefined, level: number): void => {
    if (expression === undefined || level > 2) {
      return;
    }
    visitExpression(expression, {
      expression: (inner) => {
        if (inner.kind === 'binary' && inner.operator === '+' && [inner.left, inner.right].some((side) => (isText && side.kind === 'name' && derived.has(side.name)) || side.kind === 'list' || (side.kind === 'literal' && (side.type === 'string' || side.type === 'char'))) && [...namesIn(inner)].some((name) => derived.has(name))) {
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

const copying = /^(?:copy|clone|dup|slice|toList|ToList|to_vec|to_owned|toCharArray|ToCharArray|chars|split|str_split|@characters|list|set|deque|dict|from|copyOf|deepcopy|bytearray|ToArray)$/;

/** What an expression copies, as a list or another collection: `list(xs)`, `xs.copy()`, `xs[:]`, `[...xs]`, `new ArrayList<>(xs)`, `text.toCharArray()`. */
export function originalOf(expression: Expression): Expression | undefined {
  switch (expression.kind) {
    case 'slice':
      return expression.from === undefined && expression.to === undefined ? expression.object : undefined;
    case 'new':
      return expression.args.length === 1 && expression.type.kind !== 'object' ? expression.args[0] : undefined;
    case 'list':
      return expression.items.length === 1 && expression.items[0]?.kind === 'spread' ? expression.items[0].value : undefined;
    case 'call': {
      const { callee, args } = expression;
      if ((callee.kind !== 'name' && callee.kind !== 'member') || !copying.test(callee.name)) {
        return undefined;
      }
      // `text.split('')` takes all letters of the text, `Array.from(xs)` all items of its argument.
      const isOfObject = callee.kind === 'member' && (args.length === 0 || (callee.name === 'split' && args[0]?.kind === 'literal'));
      return isOfObject ? callee.object : args.length === 1 ? args[0] : undefined;
    }
    default:
      return undefined;
  }
}
