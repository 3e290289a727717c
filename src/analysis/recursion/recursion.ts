import { t } from '../../core/l10n';
import { add, constant, constantValue, type Growth, isConstant, maximum, mentions, one, size, splitBy, substitute, zero } from '../algebra/bigO';
import type { Changes } from '../program/changes';
import { type Active, bigO, type Engine, evidence, type EvidenceNode, type Sentence, settled, substituteIn } from '../following/engine';
import { evaluate } from '../following/expressions';
import { withFixedLength } from '../sizes/fixedTexts';
import { changedByCalls } from '../sizes/grownByCalls';
import { settleSizes, shareOfRound, solveGrowth, trackChanges } from '../sizes/growth';
import { marksDependOn, type StateGuard, stateGuard } from './guards';
import type { Expression, FunctionIr, Parameter, ValueKind } from '../program/ir';
import { keepInner, type Outcome } from '../following/innerCalls';
import { keepOutcome, likeBefore } from '../following/repeats';
import { fallback, limitOf } from './limits';
import { levelsOf, resultSizeOf, solve, type Solved } from './recurrences';
import { callersName, frameBeyond } from '../amortised/sharedMarks';
import { walksToNextTarget } from './retargets';
import { makesRoom } from '../sizes/roomMaking';
import { runBlock } from '../following/statements';
import { stretchesOf } from '../amortised/stretches';
import { recursiveSites } from './sites';
import { type Call, namesOf, type Site } from './transitions';
import { copyOf, elementOf, givenValue, isCollection, joinValues, makeValue, newScope, type Scope, sizeOf, type Value } from '../following/values';
import { rootOf, usesName, visitBlock } from '../program/visit';

const maxDepth = 24;

/** Follows a call of one of the program's functions; a call of one that is being followed is left to its recurrence. */
export function callFunction(engine: Engine, fn: FunctionIr, scope: Scope, receiver: Value | undefined, args: readonly Value[], call: Call): Value {
  engine.tick();
  return keepInner(engine, fn, () => likeBefore(engine, fn, call.lines) ?? keepOutcome(engine, fn, follow(engine, fn, scope, receiver, args, call)));
}

function follow(engine: Engine, fn: FunctionIr, scope: Scope, receiver: Value | undefined, args: readonly Value[], call: Call): Outcome {
  const open = engine.active.find((active) => active.fn === fn);
  const caller = engine.active[engine.active.length - 1]?.fn;
  if (open !== undefined && caller !== undefined && makesRoom(engine, fn, caller)) {
    engine.charge(one);
    return { value: makeValue('void', { number: one }) };
  }
  if (open !== undefined && !isMovingOver(engine, open)) {
    open.calls += 1;
    engine.charge(size(open.symbol));
    return { value: recursiveResult(fn, open) };
  }
  if (engine.active.length >= maxDepth) {
    engine.cannotTell(call.lines, t('calls are nested too deeply to follow'));
    return { value: makeValue('unknown') };
  }
  const sites = recursiveSites(engine, fn);
  const local = newScope(scope);
  const entry = fn.params.map((param, at) => (param.takesRest === true && args.length === call.args.length ? packed(args.slice(at), call.args.slice(at), param) : args[at]) ?? (param.defaultValue === undefined ? givenValue(param.type, param.name) : evaluate(engine, param.defaultValue, param.name)));
  fn.params.forEach((param, at) => {
    const value = entry[at] ?? givenValue(param.type, param.name);
    const given = value.kind === 'unknown' && param.type !== undefined && param.type.kind !== 'unknown' ? copyOf(givenValue(param.type, value.label === '' ? param.name : value.label), { nodes: value.nodes ?? (param.type.kind === 'object' ? size('n') : undefined) }) : value.kind === 'void' && param.type?.kind === 'object' ? givenValue(param.type, param.name) : value;
    local.values.set(param.name, withFixedLength(engine, param.name, given, fn.body));
  });
  const stretches = sites.length > 0 ? [] : stretchesOf(engine, fn, call, engine.active[engine.active.length - 1]);
  const outer = { scope: engine.scope, receiver: engine.receiver };
  engine.scope = local;
  engine.receiver = receiver ?? engine.receiver;
  const symbol = engine.freshSymbol('@');
  let active: Active | undefined;
  let guard: StateGuard | undefined;
  let tracked: ReturnType<typeof trackChanges> | undefined;
  try {
    if (sites.length > 0) {
      // What a constructor is called by is no call in its body that could stand behind a test.
      guard = fn.constructs === true ? undefined : stateGuard(engine, fn, sites.map((site) => site.call), new Set(fn.params.filter((_, at) => sites.some((site) => (site.transitions[at] ?? 'same') !== 'same')).map((param) => param.name)));
      widenParameters(engine, fn, sites, entry, local);
      linkParameters(fn, sites, local);
      tracked = trackChanges(engine, engine.changes(fn.body), new Map(), new Set([...passedAnew(fn, sites, local), ...localNames(engine.changes(fn.body))]));
    }
    const distinct = new Set<string>();
    if (guard !== undefined) {
      distinct.add('*');
    } else if (fn.params.some((_, at) => sites.some((site) => site.transitions[at] === 'neighbour') && sites.every((site) => ['neighbour', 'follow', 'child', 'same', 'constant'].includes(site.transitions[at] ?? 'same')))) {
      distinct.add('*');
    }
    const frame = engine.inFrame('function', { body: fn.body }, () => {
      active = { fn, call, symbol, frame: engine.frame, once: zero, onceItems: [], ends: zero, endItems: [], calls: 0, recursive: sites.length > 0, distinct, result: undefined, stretches, resultSize: engine.freshSymbol('¤') };
      engine.active.push(active);
      runBlock(engine, fn.body);
    });
    const done = active;
    engine.active.pop();
    if (done === undefined) {
      return { value: makeValue('unknown') };
    }
    const value = done.result ?? (fn.result === undefined ? makeValue('void', { number: one }) : givenValue(fn.result, ''));
    const isRecursive = mentions(frame.cost, symbol) || mentions(done.once, symbol);
    const isChain = isRecursive && (constantValue(splitBy(frame.cost, symbol).coefficient) ?? 2) <= 1.001;
    if (isChain) {
      done.once = add(done.once, done.ends);
      done.onceItems.push(...done.endItems);
    } else {
      frame.cost = add(frame.cost, done.ends);
      frame.items.push(...done.endItems);
    }
    if (!isRecursive) {
      frame.cost = add(frame.cost, done.once);
      frame.items.push(...done.onceItems);
      if (tracked !== undefined) {
        solveGrowth(engine, tracked, one, frame);
      }
      const around = engine.active[engine.active.length - 1];
      if (around?.recursive === true && walksToNextTarget(engine, around.fn).has(call)) {
        around.once = add(around.once, frame.cost);
        around.onceItems.push(...frame.items);
        engine.charge(one);
        return { value, cost: frame.cost, items: frame.items };
      }
      engine.charge(add(frame.cost, one));
      if (!isConstant(frame.cost) && engine.active.length > 0) {
        engine.frame.items.push(evidence('call', call.lines, callText(fn, frame.cost), one, frame.cost, frame.items));
      } else {
        engine.frame.items.push(...frame.items);
      }
      return { value, cost: add(frame.cost, one), items: frame.items };
    }
    const first = solve(engine, fn, sites, entry, guard, frame.cost, done, symbol);
    if (done.result?.size !== undefined) {
      // What was given back out of a loop had a size of that loop.
      done.result.size = settled(engine.solved, done.result.size);
    }
    const resultSize = resultSizeOf(done.result?.size, done.resultSize, first);
    engine.solved.set(done.resultSize, resultSize);
    substituteIn(frame.items, done.resultSize, resultSize);
    if (done.result?.size !== undefined) {
      done.result.size = substitute(done.result.size, done.resultSize, resultSize);
    }
    const isVaried = fn.params.some((_, at) => sites.every((site) => (site.transitions[at] ?? 'same') === 'same') && call.args[at] !== undefined && variesAround(engine, call.args[at]) && (guard?.kind !== 'visited' || marksDependOn(fn, guard.container, fn.params[at]?.name ?? '')));
    const kept = guard?.container ?? (fn.memoized ? fn.name : undefined);
    const isFresh = kept !== undefined && fn.params.some((param, at) => param.name === kept && call.args[at] !== undefined && rootOf(call.args[at]) === undefined);
    const shared = kept === undefined || isVaried || isFresh ? undefined : frameBeyond(engine, callersName(fn, call, kept));
    if (tracked !== undefined) {
      const changes = engine.changes(fn.body);
      const path = [...changes.mutations.filter((mutation) => mutation.effect === 'pop' || mutation.effect === 'remove').map((mutation) => mutation.root), ...changedByCalls(engine, changes).taken];
      const calls = settled(engine.solved, first.calls);
      const rounds = shared === undefined ? calls : shareOfRound(engine, shared, calls);
      solveGrowth(engine, tracked, rounds, frame, first.shares, fn.body, { names: new Set(path), rounds: settled(engine.solved, first.depth) });
      if (shared !== undefined) {
        settleSizes(engine, tracked);
      }
    }
    const solved: Solved = { ...first, total: settled(engine.solved, first.total), work: settled(engine.solved, first.work), calls: settled(engine.solved, first.calls), depth: settled(engine.solved, first.depth) };
    for (const item of frame.items) {
      substituteIn([item], symbol, one);
    }
    engine.findings.recursionDepth = maximum(engine.findings.recursionDepth, solved.depth);
    const receiving = shared ?? engine.frame;
    receiving.cost = add(receiving.cost, add(solved.total, one));
    engine.charge(one);
    const item: EvidenceNode = { kind: 'recursion', lines: fn.lines, text: solved.text, runs: solved.calls, each: solved.work, total: solved.total, children: [...frame.items, ...done.onceItems] };
    receiving.items.push(item);
    return { value, cost: add(solved.total, one), items: [item] };
  } finally {
    if (active !== undefined && engine.active[engine.active.length - 1] === active) {
      engine.active.pop();
    }
    engine.scope = outer.scope;
    engine.receiver = outer.receiver;
  }
}

function callText(fn: FunctionIr, cost: Growth): Sentence {
  return () => t('calls {0}, which costs {1}', fn.name === '' || fn.name.startsWith('@') ? t('a function') : fn.name, bigO(cost));
}

/** Kinds of items that are no collections. */
const single: ReadonlySet<ValueKind | undefined> = new Set(['number', 'char', 'boolean', 'string']);

/** The arguments that a parameter takes all of, as a list. */
function packed(values: readonly Value[], args: readonly Expression[], { name, type }: Parameter): Value {
  const [only, ...others] = values;
  if (only !== undefined && others.length === 0 && args[0]?.kind !== 'spread' && (only.kind === 'array' || only.kind === 'list') && single.has(type?.args[0]?.kind)) {
    // `most(items)` of Java and C#, where the parameter is `int... values`.
    return only;
  }
  const each = values.filter((_, at) => args[at]?.kind !== 'spread');
  const length = values.reduce((sum, value, at) => (args[at]?.kind === 'spread' ? add(sum, sizeOf(value)) : sum), constant(each.length));
  const elements = values.map((value, at) => (args[at]?.kind === 'spread' ? elementOf(value) : value));
  return makeValue('list', { label: name, size: length, element: elements.length === 0 ? undefined : elements.reduce((a, b) => joinValues(a, b)), items: each.length === values.length ? [...values] : undefined });
}

/** Whether the call that is open is followed once more, to put items into a table that has just been made larger. */
function isMovingOver(engine: Engine, open: Active): boolean {
  const { active } = engine;
  return active.filter((each) => each.fn === open.fn).length === 1 && active.slice(active.indexOf(open) + 1).some((each) => makesRoom(engine, each.fn, open.fn));
}

/** Whether an argument changes from round to round of the loops around. */
function variesAround(engine: Engine, arg: Expression): boolean {
  const names = namesOf(arg);
  return engine.openLoops().some((loop) => {
    const updates = engine.changes(loop.body).updates;
    return [...names].some((name) => updates.has(name) || (loop.loop?.kind === 'forEach' && usesName(loop.loop.target, name)));
  });
}

/** Parameters that are not one collection which all calls of the recursion share. */
function passedAnew(fn: FunctionIr, sites: readonly Site[], local: Scope): string[] {
  return fn.params.filter((param, at) => {
    const value = local.values.get(param.name);
    return value === undefined || !isCollection(value) || sites.some((site) => (site.transitions[at] ?? 'same') !== 'same');
  }).map((param) => param.name);
}

function localNames(changes: Changes): string[] {
  return [...changes.updates].filter(([, updates]) => updates.some((update) => update.declares)).map(([name]) => name);
}

function recursiveResult(fn: FunctionIr, open: Active): Value {
  if (fn.result?.kind === 'number') {
    return makeValue('number', { number: size('n'), type: fn.result });
  }
  // Where no type is declared, what was returned before, mostly for the smallest case, tells what it is.
  const before = open.result !== undefined && isCollection(open.result) && open.result.kind !== 'tuple' ? open.result.kind : 'unknown';
  const value = fn.result === undefined || fn.result.kind === 'unknown' ? makeValue(before) : givenValue(fn.result, '');
  if (value.kind === 'unknown' || isCollection(value)) {
    value.size = size(open.resultSize);
  }
  return value;
}

/** A parameter that grows by at most one from call to call: by a literal, or by a comparison. */
function countsSteps(fn: FunctionIr, at: number, sites: readonly Site[]): boolean {
  const name = fn.params[at]?.name;
  const isStep = (step: Expression): boolean => step.kind === 'literal' || (step.kind === 'binary' && ['==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in', 'not in'].includes(step.operator)) || (step.kind === 'conditional' && isStep(step.then) && isStep(step.else)) || (step.kind === 'call' && step.args.length === 1 && step.args[0] !== undefined && isStep(step.args[0]));
  return sites.every((site) => {
    const arg = site.call.args[at];
    return arg === undefined || (arg.kind === 'name' && arg.name === name) || arg.kind === 'literal' || (arg.kind === 'binary' && arg.operator === '+' && arg.left.kind === 'name' && arg.left.name === name && isStep(arg.right));
  });
}

/** What bounds another parameter that moves with each call: so often at most does one that counts steps grow. */
function othersLimit(engine: Engine, fn: FunctionIr, at: number, sites: readonly Site[], local: Scope): Growth | undefined {
  for (const [other, param] of fn.params.entries()) {
    const moves = other !== at && sites.every((site) => site.transitions[other] === 'up' || site.transitions[other] === 'down');
    const limit = moves ? (limitOf(engine, fn, param.name, local) ?? local.values.get(param.name)?.number) : undefined;
    if (limit !== undefined && !isConstant(limit)) {
      return limit;
    }
  }
  return undefined;
}

/** A parameter without a type whose fields are what the calls below get is a node of a linked structure. */
function linkParameters(fn: FunctionIr, sites: readonly Site[], local: Scope): void {
  fn.params.forEach((param, at) => {
    const value = local.values.get(param.name);
    if (value?.kind === 'unknown' && value.nodes === undefined && value.number === undefined && sites.every((site) => site.transitions[at] === 'child') && hasFields(fn, param.name)) {
      local.values.set(param.name, copyOf(value, { nodes: size('n') }));
    }
  });
}

/** `node.children`, `node.left`: read as an object, not asked by methods or by places. */
function hasFields(fn: FunctionIr, name: string): boolean {
  let found = false as boolean;
  visitBlock(fn.body, {
    expression: (inner) => {
      if (inner.kind === 'call' && inner.callee.kind === 'member' && inner.callee.object.kind === 'name' && inner.callee.object.name === name) {
        return false;
      }
      found ||= inner.kind === 'member' && inner.object.kind === 'name' && inner.object.name === name;
      return !found;
    },
  });
  return found;
}

/** Bounds of the parameters over all calls of the recursion, not only the first. */
function widenParameters(engine: Engine, fn: FunctionIr, sites: readonly Site[], entry: readonly Value[], local: Scope): void {
  fn.params.forEach((param, at) => {
    const transitions = new Set(sites.map((site) => site.transitions[at] ?? 'same'));
    transitions.delete('same');
    transitions.delete('constant');
    const value = local.values.get(param.name) ?? entry[at];
    if (value === undefined || transitions.size === 0) {
      return;
    }
    if (isCollection(value)) {
      if (transitions.has('grow')) {
        local.values.set(param.name, copyOf(value, { size: size('n') }));
      }
      return;
    }
    const isSmaller = [...transitions].every((transition) => transition === 'down' || transition === 'divide');
    if (isSmaller && value.number !== undefined && isConstant(value.number) && levelsOf(fn, param.name, value.number) !== undefined) {
      return;
    }
    if (value.kind === 'number' && !(isSmaller && value.number !== undefined && !isConstant(value.number))) {
      const limit = limitOf(engine, fn, param.name, local) ?? value.number;
      const known = limit === undefined || (isConstant(limit) && (constantValue(limit) ?? 0) < 2) ? (countsSteps(fn, at, sites) ? othersLimit(engine, fn, at, sites, local) : undefined) ?? fallback(engine, entry) : limit;
      local.values.set(param.name, makeValue('number', { number: known, label: param.name, type: value.type }));
    }
  });
}
