import type { Block, Expression, Statement } from '../program/ir';
import { holds } from '../program/visit';

/**
 * Whether the round of a loop in which `part` runs is the last one: it stands in a branch that then leaves the loop, as in `if (x < y) {
 * out.insert(i, x); break; }`.
 * @param block what the loop does in each round
 */
export function isLast(block: Block, part: Expression): boolean {
  const at = block.findIndex((statement) => holds(statement, part));
  const holder = block[at];
  if (holder === undefined) {
    return false;
  }
  const rest = block.slice(at + 1);
  if (leaves(block) && !rest.some(mayGoOn)) {
    return holder.kind !== 'if' || !mayGoOn(holder) || inBranches(holder, part);
  }
  return inBranches(holder, part);
}

function inBranches(holder: Statement, part: Expression): boolean {
  const branches = holder.kind === 'if' ? [holder.then, holder.else] : holder.kind === 'block' ? [holder.body] : [];
  return branches.some((branch) => branch.some((statement) => holds(statement, part)) && isLast(branch, part));
}

function leaves(block: Block): boolean {
  const last = block.at(-1);
  return last?.kind === 'break' || last?.kind === 'return' || last?.kind === 'throw' || (last?.kind === 'if' && last.else.length > 0 && leaves(last.then) && leaves(last.else));
}

/** Whether a statement may go on with the next round. */
function mayGoOn(statement: Statement): boolean {
  return statement.kind === 'continue' || (statement.kind === 'if' && (statement.then.some(mayGoOn) || statement.else.some(mayGoOn))) || (statement.kind === 'block' && statement.body.some(mayGoOn));
}
