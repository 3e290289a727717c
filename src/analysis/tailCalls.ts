import type { Engine } from './engine';
import type { Block, Expression, FunctionIr, Statement } from './ir';
import { recursiveSites } from './transitions';
import { holds, isName, namesIn } from './visit';

/**
 * `while (l < r) { p = …; f(l, p - 1); l = p + 1; }`: a recursive call takes one part of a range, and the next round of the
 * loop the rest. Rounds and calls together are no more than the places of the range, so a round counts like a call.
 */
export function takesTheRest(engine: Engine, statement: Statement): boolean {
  const active = engine.active[engine.active.length - 1];
  if (active === undefined || statement.kind !== 'while') {
    return false;
  }
  const { fn } = active;
  const sites = recursiveSites(engine, fn).map((site) => site.call);
  const params = new Set(fn.params.map((param) => param.name));
  return sites.length > 0 && [...namesIn(statement.condition)].filter((name) => params.has(name)).length >= 2 && sites.every((site) => leavesRest(statement.body, fn, site));
}

/** Whether the block of the call sets a parameter that the call passes on to a place beyond what the call was given. */
function leavesRest(block: Block, fn: FunctionIr, site: Expression & { kind: 'call' }): boolean {
  const at = block.findIndex((statement) => holds(statement, site));
  const holder = block[at];
  if (holder === undefined) {
    return false;
  }
  if (holder.kind === 'if') {
    return leavesRest(holder.then, fn, site) || leavesRest(holder.else, fn, site);
  }
  if (holder.kind !== 'expression') {
    return false;
  }
  const kept = fn.params.filter((param, position) => isName(site.args[position], param.name)).map((param) => param.name);
  const pivots = new Set(fn.params.flatMap((param, position) => (site.args[position] === undefined || isName(site.args[position], param.name) ? [] : [...namesIn(site.args[position])])));
  return block.slice(at + 1).some((next) => {
    const [target, value] = next.kind === 'assign' && next.operator === undefined ? [next.target, next.value] : next.kind === 'expression' && next.value.kind === 'assign' && next.value.operator === undefined ? [next.value.target, next.value.value] : [];
    return target?.kind === 'name' && kept.includes(target.name) && value !== undefined && [...namesIn(value)].some((name) => pivots.has(name));
  });
}

/**
 * `while (head.next && head.val == head.next.val) head = head.next; return f(head.next)`: the loop moves the parameter itself
 * along its links, and the calls after it go on from there, so all loops of all calls together pass each node once.
 */
export function movesParameterOn(engine: Engine, fn: FunctionIr, statement: Statement): boolean {
  const sites = recursiveSites(engine, fn).map((site) => site.call);
  const { updates } = engine.changes(fn.body);
  const isMoved = fn.params.some((param, at) => {
    const moves = updates.get(param.name) ?? [];
    return moves.some((move) => move.loops.includes(statement)) && moves.every((move) => move.motion === 'follow' && move.amount?.kind === 'member') && sites.every((site) => isFrom(site.args[at], param.name));
  });
  return isMoved && sites.length > 0 && !callsBefore(fn.body, statement, sites);
}

/** `node`, `node.next`, `node.next.next`. */
function isFrom(arg: Expression | undefined, name: string): boolean {
  return arg !== undefined && (isName(arg, name) || (arg.kind === 'member' && isFrom(arg.object, name)));
}

/** Whether one of the calls stands before the statement, or in it. */
function callsBefore(block: Block, statement: Statement, calls: readonly Expression[]): boolean {
  const at = block.findIndex((each) => holds(each, statement));
  const holder = block[at];
  const isBefore = block.slice(0, at).some((each) => calls.some((call) => holds(each, call)));
  if (holder === undefined || holder === statement || isBefore) {
    return isBefore || (holder !== undefined && calls.some((call) => holds(holder, call)));
  }
  const inside = holder.kind === 'if' ? [holder.then, holder.else] : holder.kind === 'block' ? [holder.body] : [];
  const inner = inside.find((each) => each.some((other) => holds(other, statement)));
  return inner === undefined || callsBefore(inner, statement, calls);
}
