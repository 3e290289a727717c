import { t } from '../../core/l10n';
import { factorial } from '../algebra/bigO';
import { type Bound, bound } from './bound';
import { bigO, type Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { ownOf } from '../input/wholeInput';
import { isCollection, sizeOf } from '../following/values';
import { conjunctsOf, isName, keyOf, rootOf, usesName, visitBlock } from '../program/visit';

/**
 * A loop that goes from each order of a sequence to the next one, until there is none: it looks from the end for a place whose item is
 * less than the one behind it, ends where there is none, changes it for a larger one, and turns round what is behind.
 */
export function ordersBound(engine: Engine, condition: Expression | undefined, body: Block): Bound | undefined {
  const isEndless = condition === undefined || condition.kind === 'literal';
  let items: string | undefined;
  if (isEndless) {
    items = stepsToNextOrder(engine, body);
  } else {
    for (const part of conjunctsOf(condition)) {
      const call = part.kind === 'call' ? part : undefined;
      const fn = call === undefined ? undefined : ownOf(engine, call);
      const own = fn === undefined ? undefined : stepsToNextOrder(engine, fn.body);
      const at = fn?.params.findIndex((param) => param.name === own) ?? -1;
      const given = at < 0 ? undefined : call?.args[at];
      items ??= own === undefined ? undefined : given === undefined ? own : rootOf(given);
    }
  }
  const value = items === undefined ? undefined : engine.value(items);
  if (value === undefined || (!isCollection(value) && value.kind !== 'unknown')) {
    return undefined;
  }
  const orders = factorial(sizeOf(value));
  return bound(orders, () => t('goes through all orders: {0} rounds', bigO(orders).slice(2, -1)));
}

/** The sequence that a block brings into its next order, or leaves where there is none. */
function stepsToNextOrder(engine: Engine, block: Block): string | undefined {
  const [scan] = block.flatMap((statement) => scanOf(statement) ?? []);
  if (scan === undefined) {
    return undefined;
  }
  const { updates, mutations } = engine.changes(block);
  const isDown = (updates.get(scan.place) ?? []).some(({ motion, loops }) => motion === 'down' && loops.includes(scan.loop));
  const isSwapped = mutations.some(({ root, effect, index, loops }) => root === scan.items && effect === 'write' && index !== undefined && loops.length === 0 && usesName(index, scan.place)) || engine.changes(block).calls.some((call) => call.args.some((arg) => isName(arg, scan.place)) && usesItems(call, scan.items));
  return isDown && isSwapped && isLeftAt(block, scan.place) && turnsRound(block, scan) ? scan.items : undefined;
}

interface Scan {
  readonly items: string;
  readonly place: string;
  readonly loop: Statement;
}

/** `while (i >= 0 && items[i] >= items[i + 1]) i--`. */
function scanOf(loop: Statement): Scan | undefined {
  const condition = loop.kind === 'while' || loop.kind === 'for' ? loop.condition : undefined;
  for (const part of condition === undefined ? [] : conjunctsOf(condition)) {
    if (part.kind !== 'binary' || !['<', '<=', '>', '>='].includes(part.operator) || part.left.kind !== 'index' || part.right.kind !== 'index' || keyOf(part.left.object) !== keyOf(part.right.object)) {
      continue;
    }
    const [one, other] = [part.left.index, part.right.index];
    const items = rootOf(part.left.object);
    for (const [place, beside] of [[one, other], [other, one]] as const) {
      if (place.kind === 'name' && items !== undefined && beside.kind === 'binary' && (beside.operator === '+' || beside.operator === '-') && isName(beside.left, place.name) && beside.right.kind === 'literal' && beside.right.value === 1) {
        return { items, place: place.name, loop };
      }
    }
  }
  return undefined;
}

/** `if (i < 0) break`, `if (i < 0) return false`, or all that follows under `if (i >= 0)` with another end. */
function isLeftAt(block: Block, place: string): boolean {
  return block.some((statement) => statement.kind === 'if' && statement.condition.kind === 'binary' && [statement.condition.left, statement.condition.right].some((side) => isName(side, place)) && [...statement.then, ...statement.else].some(({ kind }) => kind === 'break' || kind === 'return'));
}

/** A loop behind the scan swaps items from both ends, or the rest is turned round or sorted at once. */
function turnsRound(block: Block, { items, loop }: Scan): boolean {
  let found = false;
  visitBlock(block.slice(block.indexOf(loop) + 1), {
    statement: (statement) => {
      const condition = statement.kind === 'while' || statement.kind === 'for' ? statement.condition : undefined;
      found ||= condition?.kind === 'binary' && condition.left.kind === 'name' && condition.right.kind === 'name' && usesItems(statement, items);
      // `items[i + 1:] = items[:i:-1]`
      found ||= statement.kind === 'assign' && statement.target.kind === 'slice' && rootOf(statement.target) === items;
      return !found;
    },
    expression: (inner) => {
      found ||= inner.kind === 'call' && /reverse|sort/i.test(inner.callee.kind === 'name' || inner.callee.kind === 'member' ? inner.callee.name : '') && usesItems(inner, items);
      return !found;
    },
  });
  return found;
}

function usesItems(part: Statement | Expression, items: string): boolean {
  if (part.kind !== 'while' && part.kind !== 'for') {
    return usesName(part as Expression, items);
  }
  let found = false;
  visitBlock(part.body, {
    expression: (inner) => {
      found ||= isName(inner, items);
      return !found;
    },
  });
  return found;
}
