import { type Growth, isConstant, maximum, mentions, sizesIn } from '../algebra/bigO';
import { type Bindings, dearest, type Engine, type Frame, valueNamed } from './engine';
import { changedByCalls, placeValue } from '../sizes/grownByCalls';
import type { Block } from '../program/ir';
import { held, isCollection, joinValues, type Scope, sizeOf, type Value } from './values';

/** What an alternative gave to names, where that is not what they had before. */
interface Alternative {
  readonly before: Bindings;
  readonly after: Bindings;
}

/** Follows one alternative and takes back what it binds. */
function follow(engine: Engine, alternative: () => void): Alternative & { readonly frame: Frame } {
  let frame: Frame | undefined;
  const before = engine.recordBindings(() => {
    frame = engine.inFrame('branch', {}, alternative);
  });
  if (before.size === 0) {
    return { before, after: before, frame: frame ?? engine.frame };
  }
  const after: Bindings = new Map();
  for (const [scope, names] of before) {
    const given = new Map<string, Value | undefined>();
    for (const [name, value] of names) {
      given.set(name, scope.values.get(name));
      if (value === undefined) {
        scope.values.delete(name);
      } else {
        scope.values.set(name, value);
      }
    }
    after.set(scope, given);
  }
  return { before, after, frame: frame ?? engine.frame };
}

/** Keeps apart what a branch costs that leaves a recursive function without calling it: in a chain of calls, the last one pays it. */
function endsRecursion(engine: Engine, frame: Frame): boolean {
  const active = engine.active[engine.active.length - 1];
  if (active?.recursive !== true || isConstant(frame.cost) || mentions(frame.cost, active.symbol) || engine.openLoops().length > 0) {
    return false;
  }
  active.ends = maximum(active.ends, frame.cost);
  active.endItems.push(...frame.items);
  return true;
}

/**
 * Follows alternatives of which one runs: the dearest is charged, and names are bound to what any of them may give.
 * Bindings of an alternative that leaves the block (`exits`) do not reach what follows.
 */
export function branch(engine: Engine, alternatives: readonly (() => void)[], exits: readonly boolean[], leaving: readonly (Leaving | undefined)[] = [], blocks: readonly Block[] = []): void {
  const filled = filledBySeveral(engine, blocks);
  const followed = alternatives.map((alternative, at) => {
    for (const { value, before } of filled) {
      value.size = before;
    }
    const filledOnce = filledOnTheWayOut(engine, leaving[at]);
    const done = follow(engine, alternative);
    settleOnce(engine, filledOnce);
    for (const { value, after } of filled) {
      after.push(sizeOf(value));
    }
    return done;
  });
  for (const { value, after } of filled) {
    value.size = after.reduce(engine.higher);
  }
  // What happens on the way out of a loop happens once, however often the loop runs. Of alternatives, one runs.
  const byTarget = new Map<Frame, Frame[]>();
  followed.forEach(({ frame }, at) => {
    const how = leaving[at]?.from;
    if (how === 'function' && endsRecursion(engine, frame)) {
      return;
    }
    const target = how === undefined ? engine.frame : how === 'loop' ? outOfLoop(engine) : outOfLoops(engine);
    const others = byTarget.get(target);
    if (others === undefined) {
      byTarget.set(target, [frame]);
    } else {
      others.push(frame);
    }
  });
  for (const [target, ended] of byTarget) {
    const { cost, items } = dearest(ended);
    engine.chargeTo(target, cost, items);
  }
  const staying = followed.filter((_, at) => exits[at] !== true || alternatives.length === 1);
  // What follows where none stays is never reached; it sees what the last one left.
  const [first, ...others] = staying.length > 0 ? staying : followed.slice(-1);
  if (first === undefined) {
    return;
  }
  for (const [scope, names] of first.after) {
    for (const [name, value] of names) {
      if (value !== undefined) {
        engine.set(scope, name, value);
      }
    }
  }
  for (const other of others) {
    for (const [scope, names] of other.after) {
      for (const [name, value] of names) {
        join(engine, scope, name, value);
      }
    }
    for (const [scope, names] of first.before) {
      const known = other.after.get(scope);
      for (const [name, value] of names) {
        if (known?.has(name) !== true) {
          join(engine, scope, name, value);
        }
      }
    }
  }
}

/** How an alternative leaves, and what it does before. */
export interface Leaving {
  readonly from: 'loop' | 'function' | undefined;
  readonly block: Block;
}

/**
 * Collections of an open size to which an alternative adds on its way out of a loop: `out.extend(rest); break`. They grow so once,
 * not in each round.
 */
function filledOnTheWayOut(engine: Engine, leaving: Leaving | undefined): readonly { readonly value: Value; readonly before: Growth; readonly name: string }[] {
  if (leaving?.from === undefined || engine.openLoops().length === 0) {
    return [];
  }
  const changes = engine.changes(leaving.block);
  const roots = new Set(changes.mutations.flatMap(({ root, effect, object }) => ((effect === 'push' || effect === 'extend') && object.kind !== 'index' ? root : [])));
  const places = [...[...roots].map((root) => valueNamed(engine, root)), ...(changes.calls.length === 0 ? [] : [...changedByCalls(engine, changes).grown].map((place) => placeValue(engine, place)))];
  return [...new Set(places)].flatMap((value) => {
    const [name, ...others] = value === undefined || !isCollection(value) ? [] : [...sizesIn(sizeOf(value))].filter((each) => each.startsWith('§'));
    return value === undefined || name === undefined || others.length > 0 ? [] : { value, before: sizeOf(value), name };
  });
}

function settleOnce(engine: Engine, filled: ReturnType<typeof filledOnTheWayOut>): void {
  for (const { value, before, name } of filled) {
    const after = sizeOf(value);
    if (after !== before) {
      const known = engine.instead.get(name);
      engine.instead.set(name, known === undefined ? after : maximum(known, after));
      value.size = before;
    }
  }
}

/** A collection that several alternatives put items into: each finds it as it was before all of them. */
interface Filled {
  readonly value: Value;
  readonly before: Growth;
  readonly after: Growth[];
}

function filledBySeveral(engine: Engine, blocks: readonly Block[]): readonly Filled[] {
  const times = new Map<string, number>();
  for (const block of blocks) {
    for (const root of new Set(engine.changes(block).mutations.flatMap(({ root, effect, object }) => ((effect === 'push' || effect === 'extend') && object.kind !== 'index' ? root : [])))) {
      times.set(root, (times.get(root) ?? 0) + 1);
    }
  }
  const filled: Filled[] = [];
  for (const [root, count] of times) {
    const value = count > 1 ? valueNamed(engine, root) : undefined;
    if (value !== undefined && isCollection(value)) {
      filled.push({ value, before: sizeOf(value), after: [] });
    }
  }
  return filled;
}

function join(engine: Engine, scope: Scope, name: string, value: Value | undefined): void {
  const mine = held(scope, name);
  if (value !== undefined && mine !== value) {
    engine.set(scope, name, mine === undefined ? value : joinValues(mine, value, engine.higher));
  }
}

function outOfLoop(engine: Engine): Frame {
  let target: Frame = engine.frame;
  while (target.kind === 'branch' && target.parent !== undefined) {
    target = target.parent;
  }
  return target.kind === 'loop' ? (target.parent ?? target) : engine.frame;
}

function outOfLoops(engine: Engine): Frame {
  if (engine.openLoops().length === 0) {
    return engine.frame;
  }
  let target: Frame = engine.frame;
  while (target.kind !== 'function' && target.parent !== undefined) {
    target = target.parent;
  }
  return target;
}
