import type { Update } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Expression, FunctionIr } from '../program/ir';
import type { Call } from './transitions';
import { usesName, visitBlock } from '../program/visit';
import { Memo } from '../program/memo';

/** The middle of a linked list, where a function finds it. */
export interface Middle {
  /** The pointer that goes one link while another goes two. */
  readonly name: string;
  /** The list is cut there: `slow.next = null`. */
  readonly isCut: boolean;
}

const middles = new Memo<FunctionIr, Middle | null>();

/** The middle of a linked list, as found by a pointer that goes half as fast as another. */
export function middleOf(engine: Engine, fn: FunctionIr): Middle | undefined {
  const cached = middles.get(fn);
  if (cached !== undefined) {
    return cached ?? undefined;
  }
  let found: Middle | null = null;
  const { updates } = engine.changes(fn.body);
  const steps = (amount: Expression | undefined): number => (amount?.kind === 'member' ? 1 + steps(amount.object) : amount?.kind === 'call' && amount.callee.kind === 'member' && amount.args.length === 0 ? 1 + steps(amount.callee.object) : 0);
  // Links may be read by methods: `slow = slow.next()`.
  const rootOfSteps = (amount: Expression | undefined): string => (amount?.kind === 'member' ? rootOfSteps(amount.object) : amount?.kind === 'call' && amount.args.length === 0 ? rootOfSteps(amount.callee) : amount?.kind === 'name' ? amount.name : '');
  const isCutBehind = (name: string): boolean => [...updates].some(([key, others]) => key.startsWith(`${name}.`) && others.some((other) => other.amount?.kind === 'literal' && other.amount.value === null));
  const follows = (update: Update): boolean => update.motion === 'follow' || (update.motion === 'set' && rootOfSteps(update.amount) === update.name && steps(update.amount) > 0);
  // `before = before === null ? head : before.next`
  const onward = (update: Update): Update => {
    const { amount, name } = update;
    const next = amount?.kind !== 'conditional' ? undefined : [amount.then, amount.else].find((each) => rootOfSteps(each) === name && steps(each) > 0);
    return next === undefined ? update : { ...update, amount: next };
  };
  for (const [slow, moves] of updates) {
    const step = moves.map(onward).find((update) => follows(update) && update.loops.length > 0 && steps(update.amount) === 1);
    const isHalf = step !== undefined && [...updates].some(([fast, others]) => fast !== slow && others.some((other) => follows(other) && other.loops[0] === step.loops[0] && steps(other.amount) === 2));
    if (isHalf) {
      const before = [...updates].filter(([, others]) => others.some((other) => other.loops[0] === step.loops[0] && other.amount?.kind === 'name' && other.amount.name === slow)).map(([name]) => name);
      found = { name: slow, isCut: [slow, ...before].some(isCutBehind) };
    }
  }
  middles.set(fn, found);
  if (found === null) {
    // `const middle = middleOfList(head)`: another function finds it.
    for (const [name, moves] of updates) {
      const call = moves.find((update) => update.amount?.kind === 'call')?.amount;
      const inner = call?.kind === 'call' ? ownMiddle(engine, fn, call) : undefined;
      if (inner !== undefined) {
        found = { name, isCut: inner.isCut || isCutBehind(name) };
      }
    }
    middles.set(fn, found);
  }
  return found ?? undefined;
}

/** The middle that a function of the program gives back for a list. */
function ownMiddle(engine: Engine, from: FunctionIr, call: Call): Middle | undefined {
  const { callee } = call;
  const name = callee.kind === 'name' ? callee.name : callee.kind === 'member' && callee.object.kind === 'name' ? callee.name : '';
  const other = engine.functionsNamed(name, from)[0];
  // Beside where it begins, it may be told where the list ends.
  const middle = other === undefined || other === from || call.args.length === 0 || call.args.length > 2 ? undefined : middleOf(engine, other);
  if (other === undefined || middle === undefined) {
    return undefined;
  }
  let isReturned = false as boolean;
  visitBlock(other.body, {
    statement: (statement) => {
      isReturned ||= statement.kind === 'return' && statement.value !== undefined && (usesName(statement.value, middle.name) || middle.isCut);
      return !isReturned;
    },
  });
  return isReturned ? middle : undefined;
}
