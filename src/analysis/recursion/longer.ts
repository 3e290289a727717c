import type { Engine } from '../following/engine';
import type { Expression, FunctionIr } from '../program/ir';
import { keyOf } from '../program/visit';

/**
 * Whether a call is given a copy of the parameter `name` that is longer than it, as a path that each branch of a search has for
 * itself: `path = path + [u]` before, `next = list(path)` with an item put in, `path += "/" + u` of a text.
 */
export function isLonger(engine: Engine, fn: FunctionIr, name: string, arg: Expression): boolean {
  if (arg.kind !== 'name') {
    return addsTo(arg, name);
  }
  const { updates, mutations } = engine.changes(fn.body);
  const own = updates.get(arg.name) ?? [];
  const changed = mutations.filter((mutation) => mutation.root === arg.name && mutation.object.kind === 'name');
  const isPushed = changed.some(({ effect }) => effect === 'push' || effect === 'extend') && !changed.some(({ effect }) => effect === 'pop' || effect === 'remove' || effect === 'clear');
  if (arg.name === name) {
    const param = fn.params.find((each) => each.name === name);
    // What `append` makes longer in Go is the function's own: the caller's slice is as long as before.
    const isOwn = engine.program.language === 'go' && param?.type?.kind === 'list' && param.byReference !== true && isPushed;
    return own.length === 0 ? isOwn : own.every(({ motion, amount }) => amount !== undefined && ((motion === 'set' && addsTo(amount, name)) || (motion === 'up' && param?.type?.kind === 'string')));
  }
  const [only] = own;
  return only?.amount !== undefined && only.motion === 'set' && own.length === 1 && (addsTo(only.amount, name) || (isPushed && isCopyOf(only.amount, name)));
}

/** `path + [u]`, `path.concat(u)`: a new collection of its items and others. */
function addsTo(expression: Expression, name: string): boolean {
  if (expression.kind === 'binary') {
    return expression.operator === '+' && [[expression.left, expression.right], [expression.right, expression.left]].some(([own, other]) => own !== undefined && (keyOf(own) === name || isCopyOf(own, name)) && (other?.kind === 'list' || other?.kind === 'template' || (other?.kind === 'literal' && other.type === 'string')));
  }
  if (expression.kind === 'list') {
    return expression.items.length > 1 && expression.items.some((item) => item.kind === 'spread' && keyOf(item.value) === name);
  }
  return expression.kind === 'call' && expression.callee.kind === 'member' && /^(?:@appended|concat)$/.test(expression.callee.name) && (keyOf(expression.callee.object) === name || isCopyOf(expression.callee.object, name));
}

/** `list(path)`, `path[:]`, `new ArrayList<>(path)`, `make([]int, len(path))`: as long as it. */
function isCopyOf(expression: Expression, name: string): boolean {
  const isIt = (part: Expression | undefined): boolean => part !== undefined && keyOf(part) === name;
  switch (expression.kind) {
    case 'slice':
      return isIt(expression.object) && expression.from === undefined && expression.to === undefined;
    case 'new': {
      const [dimension] = expression.dimensions ?? [];
      return isIt(expression.args[0]) || (dimension?.kind === 'call' && isIt(dimension.args[0]));
    }
    case 'list':
      return expression.items.length === 1 && expression.items.every((item) => item.kind === 'spread' && isIt(item.value));
    case 'call':
      return expression.callee.kind === 'member' && expression.args.length === 0 ? isIt(expression.callee.object) && /^(?:copy|clone|slice|to_vec|ToList)$/.test(expression.callee.name) : expression.args.length === 1 && isIt(expression.args[0]);
    default:
      return false;
  }
}
