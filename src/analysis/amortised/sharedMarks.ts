import { type Active, type Engine, type Frame, valueNamed } from '../following/engine';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import type { Call } from '../recursion/transitions';
import { keyOf, namesIn, rootOf, targetNames, visitBlock } from '../program/visit';

/** Where marks are kept as the place at hand calls it, and the names that the marks are told apart by. */
interface Marks {
  readonly container: string;
  readonly stamps: ReadonlySet<string>;
}

/**
 * The frame outside of all loops that keep the marks in `container`: what one call has visited no later call visits
 * again, so all calls together cost what one does. Undefined where the loop at hand makes the container anew. Loops around
 * the calls of the functions at hand count, too, as far as these are no recursions.
 */
export function frameBeyond(engine: Engine, container: string, whole?: Block): Frame | undefined {
  if (whole !== undefined && isLowered(engine, whole, container)) {
    return undefined;
  }
  let target: Frame | undefined;
  let marks: Marks | undefined = { container, stamps: whole === undefined ? new Set() : stampsOf(engine, whole, container) };
  for (let at: Frame | undefined = engine.frame; at !== undefined; at = at.parent) {
    if (at.kind === 'loop') {
      if (startsAnew(engine, at, marks, whole)) {
        return target;
      }
      target = at.parent;
    } else if (at.kind === 'function') {
      const active = engine.activeIn(at);
      marks = active === undefined || active.recursive ? undefined : outside(engine, active, marks, whole);
      if (marks === undefined) {
        return target;
      }
    }
  }
  return target;
}

/** What the caller of `fn` calls the variable `name` of it; the name itself where it is none of its parameters. */
export function callersName(fn: FunctionIr, call: Call, name: string): string {
  const at = fn.params.findIndex((param) => param.name === name);
  const arg = at < 0 || call.args.length !== fn.params.length ? undefined : call.args[at];
  return (arg === undefined ? undefined : rootOf(arg)) ?? name;
}

function outside(engine: Engine, active: Active, marks: Marks, whole: Block | undefined): Marks | undefined {
  const { fn, call } = active;
  const { container } = marks;
  const isNamed = (call.callee.kind === 'name' || call.callee.kind === 'member') && call.callee.name === fn.name && call.args.length === fn.params.length;
  const changes = engine.changes(fn.body);
  if (!isNamed || (changes.updates.get(container) ?? []).length > 0 || takesBack(engine, fn.body, container, whole)) {
    return undefined;
  }
  const at = fn.params.findIndex((param) => param.name === container);
  const arg = at < 0 ? undefined : call.args[at];
  if (at >= 0 && (arg === undefined || rootOf(arg) === undefined)) {
    return undefined;
  }
  // The marks of another object are made anew with it.
  const object = container.startsWith('this.') && call.callee.kind === 'member' ? rootOf(call.callee.object) : undefined;
  const outer = arg !== undefined ? rootOf(arg) : object === undefined || object === 'this' ? container : object;
  const stamps = new Set<string>();
  for (const name of marks.stamps) {
    const place = fn.params.findIndex((param) => param.name === name);
    const given = place < 0 ? undefined : call.args[place];
    for (const each of given === undefined ? [name] : namesIn(given)) {
      stamps.add(each);
    }
  }
  return outer === undefined ? undefined : { container: outer, stamps };
}

/** Whether a loop makes the marks anew, takes them back or looks for others in each round. */
function startsAnew(engine: Engine, loop: Frame, marks: Marks, whole: Block | undefined): boolean {
  const { updates } = engine.changes(loop.body);
  if ((updates.get(marks.container) ?? []).length > 0 || takesBack(engine, loop.body, marks.container, whole)) {
    return true;
  }
  const targets = loop.loop?.kind === 'forEach' ? targetNames(loop.loop.target) : [];
  return [...marks.stamps].some((name) => updates.has(name) || targets.includes(name));
}

function takesBack(engine: Engine, block: Block, container: string, whole: Block | undefined): boolean {
  const { mutations, calls } = engine.changes(block);
  if (mutations.some((mutation) => mutation.root === container && (mutation.effect === 'clear' || mutation.effect === 'remove'))) {
    return true;
  }
  const marked = whole === undefined ? [] : literalsWritten(engine, whole, container);
  const isWiped = marked.length > 0 && mutations.some((mutation) => mutation.root === container && mutation.effect === 'write' && mutation.loops.length > 0 && mutation.item?.kind === 'literal' && !marked.includes(mutation.item.value));
  return isWiped || calls.some((call) => /^(?:fill|memset|Fill)$/.test(call.callee.kind === 'member' ? call.callee.name : call.callee.kind === 'name' ? call.callee.name : '') && [call.args[0], call.callee.kind === 'member' ? call.callee.object : undefined].some((each) => each !== undefined && rootOf(each) === container));
}

/** `if (dist[u] + 1 < dist[v]) dist[v] = …`: what one call has found a later one may find shorter ways to. */
function isLowered(engine: Engine, whole: Block, container: string): boolean {
  const isWritten = engine.changes(whole).mutations.some(({ root, effect, item }) => root === container && effect === 'write' && item?.kind !== 'literal');
  let found = false;
  visitBlock(whole, {
    expression: (inner) => {
      found ||= isWritten && inner.kind === 'binary' && ['<', '<=', '>', '>='].includes(inner.operator) && [[inner.left, inner.right], [inner.right, inner.left]].some(([mark, other]) => mark !== undefined && other !== undefined && mark.kind === 'index' && rootOf(mark) === container && other.kind !== 'literal');
      return !found;
    },
  });
  return found;
}

function literalsWritten(engine: Engine, block: Block, container: string): unknown[] {
  return engine.changes(block).mutations.flatMap((mutation) => (mutation.root === container && mutation.effect === 'write' && mutation.item?.kind === 'literal' ? [mutation.item.value] : []));
}

/** Names that the loop does not change and that a mark is compared with, or a set or map of marks is asked with. */
function stampsOf(engine: Engine, whole: Block, container: string): Set<string> {
  const { updates } = engine.changes(whole);
  const stamps = new Set<string>();
  const isTable = tableOf(engine, container);
  const note = (expression: Expression): void => {
    for (const name of namesIn(expression)) {
      if (!updates.has(name) && name !== container) {
        stamps.add(name);
      }
    }
  };
  visitBlock(whole, {
    statement: (statement: Statement) => (statement.kind === 'function' ? false : undefined),
    expression: (inner) => {
      if (inner.kind === 'binary' && ['==', '!=', 'in', 'not in'].includes(inner.operator)) {
        const [mark, other] = isMark(inner.left, container) ? [inner.left, inner.right] : isMark(inner.right, container) ? [inner.right, inner.left] : [];
        if (mark !== undefined && other !== undefined) {
          note(other);
        }
      } else if (inner.kind === 'call' && inner.callee.kind === 'member' && keyOf(inner.callee.object) === container && !isTable) {
        inner.args.forEach(note);
      } else if (inner.kind === 'index' && keyOf(inner.object) === container && !isTable) {
        note(inner.index);
      }
      return undefined;
    },
  });
  return stamps;
}

function isMark(expression: Expression, container: string): boolean {
  return (expression.kind === 'index' || expression.kind === 'name' || expression.kind === 'member') && rootOf(expression) === container;
}

function tableOf(engine: Engine, container: string): boolean {
  const value = valueNamed(engine, container);
  return value?.kind === 'list' || value?.kind === 'array' || value?.kind === 'string';
}
