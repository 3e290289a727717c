import { type Growth, sizesIn } from '../algebra/bigO';
import { quietly } from './bound';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { isCollection, magnitude, sizeOf } from '../following/values';
import { conjunctsOf, disjunctsOf, isName, namesIn } from '../program/visit';
import { isSizeOf } from './worklists';

/**
 * What a number, or the size of a collection, that is multiplied in each round has not passed when a round begins or ends:
 * `while text.length < wanted: text += text`, `power *= 2; if power > n: break`. It is one step above that at most. Undefined
 * where nothing ends the loop in time.
 */
export function limitAtExit(engine: Engine, statement: Statement | undefined, block: Block, name: string): Growth | undefined {
  const changes = engine.changes(block);
  const moves = [...(changes.updates.get(name) ?? []), ...changes.mutations.filter((mutation) => mutation.root === name)];
  if (moves.length === 0 || moves.some((move) => move.loops.length > 0)) {
    return undefined;
  }
  const condition = statement?.kind === 'while' || statement?.kind === 'for' ? statement.condition : undefined;
  const tests = condition === undefined ? [] : conjunctsOf(condition).map((part) => limitIn(part, name, ['<', '<=']));
  for (const inner of block) {
    if (inner.kind === 'if' && leaves(inner.then)) {
      tests.push(...disjunctsOf(inner.condition).map((part) => limitIn(part, name, ['>', '>='])));
    }
  }
  for (const limit of tests) {
    const growth = limit === undefined || [...namesIn(limit)].some((each) => each === name || changes.updates.has(each)) ? undefined : boundOf(engine, limit);
    if (growth !== undefined && ![...sizesIn(growth)].some((each) => each.startsWith('§'))) {
      return growth;
    }
  }
  return undefined;
}

/** Whether a branch leaves the loop at its end. */
function leaves(block: Block): boolean {
  const last = block[block.length - 1];
  return last?.kind === 'break' || last?.kind === 'return' || last?.kind === 'throw';
}

const turned: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** What the number, or the size of the collection, is compared with by one of the `operators`. */
function limitIn(part: Expression, name: string, operators: readonly string[]): Expression | undefined {
  if (part.kind !== 'binary') {
    return undefined;
  }
  const isIt = (side: Expression): boolean => isName(side, name) || isName(isSizeOf(side), name);
  return isIt(part.left) && operators.includes(part.operator) ? part.right : isIt(part.right) && operators.includes(turned[part.operator] ?? '') ? part.left : undefined;
}

function boundOf(engine: Engine, limit: Expression): Growth {
  const collection = isSizeOf(limit);
  const value = quietly(engine, collection ?? limit);
  return collection !== undefined && isCollection(value) ? sizeOf(value) : magnitude(value);
}
