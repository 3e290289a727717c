import type { Update } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import { recursiveSites } from './sites';
import { alwaysExits, holds, isName, namesIn } from '../program/visit';

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
 * along its links, or a name that begins there, and the calls after it go on from there, so all loops of all calls together
 * pass each node once. Gives the name that is moved.
 */
export function movesParameterOn(engine: Engine, fn: FunctionIr, statement: Statement): string | undefined {
  const sites = recursiveSites(engine, fn).map((site) => site.call);
  const { updates } = engine.changes(fn.body);
  const reached = sites.length === 0 ? [] : callsAfter(fn.body, statement, sites);
  if (reached === undefined || reached.length === 0) {
    return undefined;
  }
  for (const [name, moves] of updates) {
    const at = fn.params.findIndex((param) => param.name === name || isBegunAt(moves, param.name));
    const steps = fn.params[at]?.name === name ? moves : moves.slice(1);
    if (at >= 0 && steps.some((move) => move.loops.includes(statement)) && steps.every((move) => move.motion === 'follow' && move.amount?.kind === 'member') && reached.every((site) => isFrom(site.args[at], name))) {
      return name;
    }
  }
  return undefined;
}

/** `end = head`, `at = head.next`. */
function isBegunAt(moves: readonly Update[], param: string): boolean {
  const [first] = moves;
  return first !== undefined && (first.declares || first.motion === 'set') && first.loops.length === 0 && isFrom(first.amount, param);
}

/** A loop with as many rounds as one that moves a parameter on: as many as that has counted (`while (n-- > 0) …`), or up to where it came. */
export function repeatsWalk(engine: Engine, fn: FunctionIr, statement: Statement, moving: readonly string[]): string | undefined {
  const end = walksUpTo(engine, fn, statement);
  if (end !== undefined) {
    return end;
  }
  const [count, ...others] = moving;
  const updates = count === undefined || others.length > 0 ? [] : (engine.changes(fn.body).updates.get(count) ?? []);
  const counted = updates.filter((update) => update.motion === 'up' && !update.declares && !update.loops.includes(statement));
  const [loop] = counted[0]?.loops.slice(-1) ?? [];
  const isCounted = counted.length === 1 && counted[0]?.amount?.kind === 'literal' && updates.every((update) => update === counted[0] || update.loops.includes(statement) || ((update.declares || update.motion === 'set') && update.loops.length === 0 && update.amount?.kind === 'literal'));
  return isCounted && loop !== undefined && loop !== statement ? movesParameterOn(engine, fn, loop) : undefined;
}

/** `at = head; while (at != end) …`, where another loop moved `end` on from there. */
function walksUpTo(engine: Engine, fn: FunctionIr, statement: Statement): string | undefined {
  const condition = statement.kind === 'while' || statement.kind === 'for' ? statement.condition : undefined;
  if (condition?.kind !== 'binary' || condition.operator !== '!=') {
    return undefined;
  }
  const { updates } = engine.changes(fn.body);
  for (const [start, end] of [[condition.left, condition.right], [condition.right, condition.left]] as const) {
    const moves = start.kind === 'name' ? (updates.get(start.name) ?? []) : [];
    const isBegun = moves.slice(1).every((move) => move.loops.includes(statement)) && fn.params.some((param) => isBegunAt(moves, param.name) && isName(moves[0]?.amount, param.name));
    const loop = end.kind === 'name' && isBegun ? updates.get(end.name)?.find((move) => move.loops.length > 0)?.loops.at(-1) : undefined;
    if (loop !== undefined && loop !== statement && end.kind === 'name' && movesParameterOn(engine, fn, loop) === end.name) {
      return end.name;
    }
  }
  return undefined;
}

/** `node`, `node.next`, `node.next.next`. */
function isFrom(arg: Expression | undefined, name: string): boolean {
  return arg !== undefined && (isName(arg, name) || (arg.kind === 'member' && isFrom(arg.object, name)));
}

/** The calls that may come after the statement; undefined where one comes before it, or stands in it. */
function callsAfter(block: Block, statement: Statement, calls: readonly Expression[]): readonly (Expression & { kind: 'call' })[] | undefined {
  const at = block.findIndex((each) => holds(each, statement));
  const holder = block[at];
  const standIn = (part: Block): (Expression & { kind: 'call' })[] => calls.filter((call): call is Expression & { kind: 'call' } => call.kind === 'call' && part.some((each) => holds(each, call)));
  if (holder === undefined || standIn(block.slice(0, at)).length > 0) {
    return undefined;
  }
  const behind = standIn(block.slice(at + 1));
  if (holder === statement) {
    return standIn([holder]).length > 0 ? undefined : behind;
  }
  const inside = holder.kind === 'if' ? [holder.then, holder.else] : holder.kind === 'block' ? [holder.body] : [];
  const inner = inside.find((each) => each.some((other) => holds(other, statement)));
  const found = inner === undefined ? undefined : callsAfter(inner, statement, calls);
  return found === undefined || inner === undefined ? undefined : alwaysExits(inner) ? found : [...found, ...behind];
}
