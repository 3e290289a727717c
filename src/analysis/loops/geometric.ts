import { type Growth, isConstant, size, substitute } from '../algebra/bigO';
import type { Bound } from './bound';
import type { Changes, Update } from '../program/changes';
import { type Engine, type Frame, type Share, substituteIn, valueNamed } from '../following/engine';
import type { Block, Expression } from '../program/ir';
import type { Mover } from './motions';
import { closeLevel, splitLevels } from '../sizes/growth';
import { copyOf, elementOf, isCollection } from '../following/values';
import { ownOf } from '../input/wholeInput';
import { isName, visitExpression } from '../program/visit';

/** A number, or the length of a sequence, that each round makes smaller (or larger) by a factor: what all rounds have together is no more than a few times the largest. */
export interface Geometric {
  readonly name: string;
  /** The largest that it gets. */
  readonly largest: Growth;
}

/** The variable that every round divides, or multiplies, by a number: 2, 4, 8, … Undefined where a round may leave it as it is. */
export function scaledBy(movers: readonly Mover[], changes: Changes, largest: Growth): Geometric | undefined {
  const [mover] = movers;
  if (mover === undefined || movers.length !== 1 || isConstant(largest)) {
    return undefined;
  }
  const [update, ...others] = mover.updates;
  const isScaled = update !== undefined && others.length === 0 && !update.conditional && update.loops.length === 0 && (scales(update) || isHalf(update.amount, mover.name, changes));
  return isScaled ? { name: mover.name, largest } : undefined;
}

function scales({ motion, amount, operator }: Update): boolean {
  const factor = amount?.kind === 'literal' && typeof amount.value === 'number' ? amount.value : 0;
  const isShift = operator === '<<' || operator === '>>';
  return (motion === 'scale-down' || motion === 'scale-up') && (isShift ? factor >= 1 : (operator === '*' || operator === '/' || operator === '//') && factor >= 2);
}

/** `(n + 1) / 2`, also by a name that the round sets to it. */
function isHalf(value: Expression | undefined, name: string, changes: Changes): boolean {
  if (value?.kind === 'name') {
    const [only, other] = changes.updates.get(value.name) ?? [];
    return only !== undefined && other === undefined && !only.conditional && only.loops.length === 0 && only.amount?.kind === 'binary' && isHalf(only.amount, name, changes);
  }
  if (value?.kind !== 'binary' || value.right.kind !== 'literal' || typeof value.right.value !== 'number') {
    return false;
  }
  const isDivided = value.operator === '>>' ? value.right.value >= 1 : (value.operator === '/' || value.operator === '//') && value.right.value >= 2;
  const { left } = value;
  return isDivided && (isName(left, name) || (left.kind === 'binary' && (left.operator === '+' || left.operator === '-') && isName(left.left, name) && left.right.kind === 'literal'));
}

/** What each round makes smaller by a factor, where the items do not become longer as they become fewer: two texts put together to one. */
export function geometricOf(engine: Engine, { geometric }: Bound, body: Block): Geometric | undefined {
  if (geometric === undefined) {
    return undefined;
  }
  const { mutations, updates } = engine.changes(body);
  const makesLonger = mutations.some(({ effect, root, item }) => {
    const value = effect === 'write' || effect === 'push' ? valueNamed(engine, root) : undefined;
    return (value !== undefined && isCollection(value) && isCollection(elementOf(value))) || (effect !== 'other' && isPutTogether(engine, item));
  });
  return makesLonger || (updates.get(geometric.name) ?? []).some(({ amount }) => amount?.kind === 'comprehension' && isPutTogether(engine, amount.element)) ? undefined : geometric;
}

/** What a function of the program makes of items may be as long as they are together: two lists merged. */
function isPutTogether(engine: Engine, item: Expression | undefined): boolean {
  let isMade = false;
  if (item !== undefined) {
    visitExpression(item, {
      expression: (inner) => {
        isMade ||= inner.kind === 'call' && ownOf(engine, inner) !== undefined;
        return !isMade;
      },
    });
  }
  return isMade;
}

/** The symbol for what one round has, and what is known of it. */
export interface Fraction {
  readonly name: string;
  readonly share: Share;
  readonly progress: ReadonlyMap<string, Growth>;
}

/** Gives the number or the sequence, for the time of the loop, a size that is another in each round. */
export function takeFraction(engine: Engine, { name, largest }: Geometric, progress: ReadonlyMap<string, Growth>): Fraction {
  const symbol = engine.freshSymbol('¶');
  const share = { name: symbol, total: largest, isGeometric: true };
  if (progress.has(name)) {
    return { name: symbol, share, progress: new Map([...progress, [name, size(symbol)]]) };
  }
  const value = valueNamed(engine, name);
  if (value !== undefined && value.nodes === undefined) {
    engine.bind(name, copyOf(value, { size: size(symbol), items: undefined }));
  }
  return { name, share, progress };
}

/** Ends the use of the symbol: gives back what all rounds have together, and leaves in the frame what each has. */
export function settleFraction(engine: Engine, frame: Frame, { share: { name, total } }: Fraction): Growth {
  const { perRound, together } = splitLevels(frame.cost, name, total, true);
  frame.cost = substitute(perRound, name, total);
  substituteIn(frame.items, name, total);
  closeLevel(engine, name, total, undefined);
  return substitute(together, name, total);
}
