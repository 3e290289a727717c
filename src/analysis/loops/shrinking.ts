import type { Changes } from '../program/changes';
import type { Block, Expression, Statement } from '../program/ir';
import { isName, rangeArguments, usesName } from '../program/visit';
import { isSizeOf } from './worklists';

/** What decides whether a part is a fraction: the sequence, and what the loop changes. */
interface Shrinking {
  readonly root: string;
  readonly changes: Changes;
}

/** Whether each round that goes on leaves no more than a fraction of the sequence: `part = part[:len(part)/2]`. */
export function isCutDown(root: string, changes: Changes, body: Block): boolean {
  const updates = changes.updates.get(root) ?? [];
  const own = changes.mutations.some((mutation) => mutation.root === root && (mutation.effect === 'push' || mutation.effect === 'extend'));
  const shrinking = { root, changes };
  return updates.length > 0 && !own && updates.every(({ amount, loops, declares, motion }) => loops.length === 0 && !declares && motion === 'set' && isFractionOf(amount, shrinking)) && isSetOnAllPaths(body, root) === 'set';
}

/** Whether the round replaces a variable by a stretch of itself, which only sequences have. */
export function isSliced(name: string, changes: Changes): boolean {
  return (changes.updates.get(name) ?? []).some(({ amount }) => amount?.kind === 'slice' && isName(amount.object, name));
}

/** Whether a value is made of at most a fraction of the sequence's items. */
function isFractionOf(value: Expression | undefined, shrinking: Shrinking): boolean {
  switch (value?.kind) {
    case 'conditional':
      return isFractionOf(value.then, shrinking) && isFractionOf(value.else, shrinking);
    case 'slice':
      return isName(value.object, shrinking.root) && (isTwoOrMore(value.step) || isInside(value.from, shrinking) || isInside(value.to, shrinking));
    case 'call': {
      const { callee, args } = value;
      if (callee.kind === 'member' && isName(callee.object, shrinking.root)) {
        return (callee.name === '@slice' || callee.name === 'slice' || callee.name === 'substring' || callee.name === 'subList' || callee.name === 'substr' || callee.name === 'subspan') && args.some((arg) => isInside(arg, shrinking));
      }
      const [first] = args;
      return callee.kind === 'name' && (callee.name === 'list' || callee.name === 'tuple' || callee.name === 'zip') && isFractionOf(first, shrinking);
    }
    case 'comprehension': {
      const [clause, other] = value.clauses;
      return clause !== undefined && other === undefined && (isFractionOf(clause.iterable, shrinking) || skipsThrough(clause.iterable, shrinking));
    }
    case 'name':
      return isMadeOfSome(value.name, shrinking);
    case 'new':
      return value.dimensions !== undefined && isInside(value.dimensions[0], shrinking);
    default:
      return false;
  }
}

/** A list that the round makes of one item for every few of the sequence, or of a fraction of its length. */
function isMadeOfSome(name: string, shrinking: Shrinking): boolean {
  const { changes } = shrinking;
  const [made, other] = changes.updates.get(name) ?? [];
  if (made === undefined || other !== undefined || made.conditional || made.loops.length > 0 || name === shrinking.root) {
    return false;
  }
  if (isFractionOf(made.amount, shrinking)) {
    return true;
  }
  const isEmpty = (made.amount?.kind === 'list' && made.amount.items.length === 0) || (made.amount?.kind === 'new' && made.amount.args.length === 0 && made.amount.dimensions === undefined && (made.amount.items ?? []).length === 0) || (made.amount?.kind === 'literal' && made.amount.type === 'null') || (made.amount === undefined && made.declares);
  const pushes = changes.mutations.filter((mutation) => mutation.root === name && (mutation.effect === 'push' || mutation.effect === 'extend'));
  const inside = pushes.filter(({ loops }) => loops.length > 0);
  const [loop] = inside.flatMap(({ loops }) => loops);
  const isOne = inside.length === 1 || (inside.length === 2 && inside.every(({ conditional }) => conditional));
  return isEmpty && isOne && pushes.length - inside.length <= 1 && pushes.every(({ effect, loops }) => effect === 'push' && (loops.length === 0 || (loops.length === 1 && loops[0] === loop))) && loop !== undefined && isSparse(loop, shrinking);
}

/** `for i in range(0, len(xs), 2)`, `for (i = 0; i < xs.size(); i += 2)`. */
function isSparse(loop: Statement, shrinking: Shrinking): boolean {
  if (loop.kind === 'forEach') {
    return skipsThrough(loop.iterable, shrinking);
  }
  const steps = loop.kind === 'for' ? loop.step.flatMap((step) => (step.kind === 'assign' ? [step] : step.kind === 'expression' && step.value.kind === 'assign' ? [step.value] : [])) : [];
  return loop.kind === 'for' && loop.condition !== undefined && tellsLength(loop.condition, shrinking) && steps.some((step) => step.operator === '+' && isTwoOrMore(step.value));
}

function skipsThrough(iterable: Expression, shrinking: Shrinking): boolean {
  const [, limit, step] = rangeArguments(iterable) ?? [];
  return limit !== undefined && isTwoOrMore(step) && tellsLength(limit, shrinking);
}

function isTwoOrMore(expression: Expression | undefined): boolean {
  return expression?.kind === 'literal' && typeof expression.value === 'number' && expression.value >= 2;
}

/** Names the sequence, or a variable that the round sets to its length. */
function tellsLength(expression: Expression, { root, changes }: Shrinking): boolean {
  return usesName(expression, root) || [...changes.updates].some(([name, updates]) => usesName(expression, name) && updates.every(({ amount }) => amount !== undefined && isLength(amount, root)));
}

function isLength(expression: Expression, root: string): boolean {
  const whole = isSizeOf(expression);
  return whole !== undefined && isName(whole, root);
}

/** A place that has a fraction of the items on either side: `len(xs) / 2`, `len(xs) - len(xs) / 3`, and what is a few places beside it. */
function isInside(place: Expression | undefined, shrinking: Shrinking, level = 0): boolean {
  if (place === undefined || level > 3) {
    return false;
  }
  if (place.kind === 'name') {
    const updates = shrinking.changes.updates.get(place.name) ?? [];
    return updates.length > 0 && updates.every(({ amount, motion, loops }) => motion === 'set' && loops.length === 0 && isInside(amount, shrinking, level + 1));
  }
  if (place.kind === 'call') {
    const [rounded] = place.args; // `Math.floor(xs.length / 2)`
    return place.args.length === 1 && rounded?.kind === 'binary' && isInside(rounded, shrinking, level + 1);
  }
  if (place.kind !== 'binary') {
    return false;
  }
  const { operator, left, right } = place;
  if (operator === '/' || operator === '//' || operator === '>>') {
    const least = operator === '>>' ? 1 : 2;
    return right.kind === 'literal' && typeof right.value === 'number' && right.value >= least && tellsLength(left, shrinking);
  }
  return (operator === '+' || operator === '-') && ((right.kind === 'literal' && isInside(left, shrinking, level + 1)) || (operator === '-' && tellsLength(left, shrinking) && isInside(right, shrinking, level + 1)));
}

/** Whether a round sets `name`, or leaves the loop, on all its paths. `open`: it may not have so far; `missed`: a round ends without. */
function isSetOnAllPaths(block: Block, name: string): 'set' | 'open' | 'missed' {
  for (const statement of block) {
    const found = isSetBy(statement, name);
    if (found !== 'open') {
      return found;
    }
  }
  return 'open';
}

function isSetBy(statement: Statement, name: string): 'set' | 'open' | 'missed' {
  switch (statement.kind) {
    case 'assign':
      return isName(statement.target, name) || (statement.target.kind === 'list' && statement.target.items.some((item) => isName(item, name))) ? 'set' : 'open';
    case 'expression':
      return statement.value.kind === 'assign' && isName(statement.value.target, name) ? 'set' : 'open';
    case 'return':
    case 'break':
    case 'throw':
      return 'set';
    case 'continue':
      return 'missed';
    case 'block':
      return isSetOnAllPaths(statement.body, name);
    case 'if':
      return together([isSetOnAllPaths(statement.then, name), isSetOnAllPaths(statement.else, name)]);
    case 'switch':
      return together([...statement.cases.map(({ body }) => isSetOnAllPaths(body, name)), ...(statement.cases.some(({ patterns }) => patterns.length === 0) ? [] : ['open' as const])]);
    default:
      return 'open';
  }
}

function together(branches: readonly ('set' | 'open' | 'missed')[]): 'set' | 'open' | 'missed' {
  return branches.includes('missed') ? 'missed' : branches.every((branch) => branch === 'set') ? 'set' : 'open';
}
