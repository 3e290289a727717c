import { t } from '../core/l10n';
import {
  add, compare, constant, constantValue, exponential, factorial, isConstant, logarithm, maximum, mentions, multiply, one, power, print, rank, size, splitBy, substitute,
  zero, type Growth,
} from './bigO';
import type { Changes } from './changes';
import { bigO, evidence, substituteIn, type Active, type Engine, type EvidenceNode, type Frame } from './engine';
import { evaluate } from './expressions';
import type { Block, Expression, FunctionIr, Lines, Statement } from './ir';
import { stateGuard, type StateGuard } from './guards';
import { solveGrowth, trackChanges } from './loops';
import { runBlock } from './statements';
import { givenValue, isCollection, magnitude, makeValue, newScope, numberValue, sizeOf, type Scope, type Value } from './values';
import { keyOf, rootOf, usesName, visitBlock, visitExpression } from './visit';

type Call = Expression & { kind: 'call' };

/** How an argument of a recursive call relates to the parameter it is for. */
export type Transition = 'same' | 'down' | 'up' | 'divide' | 'child' | 'follow' | 'neighbour' | 'mask' | 'constant' | 'bounded' | 'grow' | 'other';

interface Site {
  readonly call: Call;
  readonly transitions: readonly Transition[];
}

const maxDepth = 24;

/** Follows a call of one of the program's functions; a call of one that is being followed is left to its recurrence. */
export function callFunction(engine: Engine, fn: FunctionIr, scope: Scope, receiver: Value | undefined, args: readonly Value[], call: Call): Value {
  engine.tick();
  const open = engine.active.find((active) => active.fn === fn);
  if (open !== undefined) {
    open.calls += 1;
    engine.charge(size(open.symbol));
    return recursiveResult(fn, open.resultSize);
  }
  if (engine.active.length >= maxDepth) {
    engine.cannotTell(call.lines, t('calls are nested too deeply to follow'));
    return makeValue('unknown');
  }
  const sites = recursiveSites(engine, fn);
  const local = newScope(scope);
  const entry = fn.params.map((param, at) => args[at] ?? (param.defaultValue === undefined ? givenValue(param.type, param.name) : evaluate(engine, param.defaultValue, param.name)));
  fn.params.forEach((param, at) => {
    const value = entry[at] ?? givenValue(param.type, param.name);
    local.values.set(param.name, value.kind === 'unknown' && param.type !== undefined && param.type.kind !== 'unknown' ? { ...givenValue(param.type, value.label === '' ? param.name : value.label), nodes: value.nodes ?? (param.type.kind === 'object' ? size('n') : undefined) } : value.kind === 'void' && param.type?.kind === 'object' ? givenValue(param.type, param.name) : value);
  });
  const outer = { scope: engine.scope, receiver: engine.receiver };
  engine.scope = local;
  engine.receiver = receiver ?? engine.receiver;
  const symbol = engine.freshSymbol('@');
  let active: Active | undefined;
  let guard: StateGuard | undefined;
  let tracked: ReturnType<typeof trackChanges> | undefined;
  try {
    if (sites.length > 0) {
      guard = stateGuard(engine, fn, sites.map((site) => site.call), new Set(fn.params.filter((_, at) => sites.some((site) => (site.transitions[at] ?? 'same') !== 'same')).map((param) => param.name)));
      widenParameters(engine, fn, sites, entry, local);
      tracked = trackChanges(engine, engine.changes(fn.body), new Map(), new Set([...fn.params.map((param) => param.name), ...localNames(engine.changes(fn.body))]));
    }
    const distinct = new Set<string>();
    if (guard !== undefined) {
      distinct.add('*');
    } else if (sites.some((site) => site.transitions.includes('neighbour'))) {
      distinct.add('*');
    }
    const frame = engine.inFrame('function', { body: fn.body }, () => {
      active = { fn, symbol, frame: engine.frame, once: zero, onceItems: [], calls: 0, recursive: sites.length > 0, distinct, result: undefined, resultSize: engine.freshSymbol('¤') };
      engine.active.push(active);
      runBlock(engine, fn.body);
    });
    const done = active;
    engine.active.pop();
    if (done === undefined) {
      return makeValue('unknown');
    }
    const isRecursive = mentions(frame.cost, symbol) || mentions(done.once, symbol);
    if (!isRecursive) {
      if (tracked !== undefined) {
        solveGrowth(engine, tracked, one, frame);
      }
      engine.charge(add(frame.cost, one));
      if (!isConstant(frame.cost) && engine.active.length > 0) {
        engine.frame.items.push(evidence('call', call.lines, t('calls {0}, which costs {1}', fn.name === '' || fn.name.startsWith('@') ? t('a function') : fn.name, bigO(frame.cost)), one, frame.cost, frame.items));
      } else {
        engine.frame.items.push(...frame.items);
      }
    } else {
      const first = solve(engine, fn, sites, entry, guard, frame.cost, done, symbol);
      const resultSize = resultSizeOf(done.result?.size, done.resultSize, first);
      engine.solved.set(done.resultSize, resultSize);
      const solved: Solved = { ...first, total: substitute(first.total, done.resultSize, resultSize), work: substitute(first.work, done.resultSize, resultSize) };
      substituteIn(frame.items, done.resultSize, resultSize);
      if (done.result?.size !== undefined) {
        done.result.size = substitute(done.result.size, done.resultSize, resultSize);
      }
      if (tracked !== undefined) {
        solveGrowth(engine, tracked, solved.calls, frame);
      }
      for (const item of frame.items) {
        substituteIn([item], symbol, one);
      }
      engine.recursionDepth = maximum(engine.recursionDepth, solved.depth);
      const isVaried = fn.params.some((_, at) => sites.every((site) => (site.transitions[at] ?? 'same') === 'same') && call.args[at] !== undefined && variesAround(engine, call.args[at]));
      const kept = guard?.container ?? (fn.memoized ? fn.name : undefined);
      const shared = kept === undefined || isVaried ? undefined : frameBeyond(engine, kept);
      const receiving = shared ?? engine.frame;
      receiving.cost = add(receiving.cost, add(solved.total, one));
      engine.charge(one);
      receiving.items.push({
        kind: 'recursion', lines: fn.lines, text: solved.text, runs: solved.calls, each: solved.work, total: solved.total, children: [...frame.items, ...done.onceItems],
      });
    }
    return done.result ?? (fn.result === undefined ? makeValue('void', { number: one }) : givenValue(fn.result, ''));
  } finally {
    if (active !== undefined && engine.active[engine.active.length - 1] === active) {
      engine.active.pop();
    }
    engine.scope = outer.scope;
    engine.receiver = outer.receiver;
  }
}

/**
 * The frame outside of all loops that keep the marks in `container`: what one call has visited no later call visits
 * again, so all calls together cost what one does. Undefined where the loop at hand makes the container anew.
 */
export function frameBeyond(engine: Engine, container: string): Frame | undefined {
  let target: Frame | undefined;
  for (const loop of engine.openLoops()) {
    const updates = engine.changes(loop.body).updates.get(container) ?? [];
    const mutations = engine.changes(loop.body).mutations.filter((mutation) => mutation.root === container && (mutation.effect === 'clear' || mutation.effect === 'remove'));
    const filled = engine.changes(loop.body).calls.some((call) => /^(?:fill|memset|Fill)$/.test(call.callee.kind === 'member' ? call.callee.name : call.callee.kind === 'name' ? call.callee.name : '') && [call.args[0], call.callee.kind === 'member' ? call.callee.object : undefined].some((each) => each !== undefined && rootOf(each) === container));
    if (updates.length > 0 || mutations.length > 0 || filled) {
      break;
    }
    target = loop.parent;
  }
  return target;
}

/** Whether an argument changes from round to round of the loops around. */
function variesAround(engine: Engine, arg: Expression): boolean {
  const names = namesOf(arg);
  return engine.openLoops().some((loop) => {
    const updates = engine.changes(loop.body).updates;
    return [...names].some((name) => updates.has(name) || (loop.loop?.kind === 'forEach' && usesName(loop.loop.target, name)));
  });
}

function localNames(changes: Changes): string[] {
  return [...changes.updates].filter(([, updates]) => updates.some((update) => update.declares)).map(([name]) => name);
}

/** The size of a recursion's result, from how one call makes it of the results of the calls below. */
function resultSizeOf(after: Growth | undefined, name: string, solved: Solved): Growth {
  if (after === undefined || !mentions(after, name)) {
    return maximum(after ?? one, one);
  }
  const { coefficient, rest } = splitBy(after, name);
  const factor = constantValue(coefficient);
  if (rank(solved.calls).exponential) {
    return solved.calls;
  }
  if (factor !== undefined && (factor <= 1.001 || compare(solved.calls, solved.depth) !== 0 || solved.branching > 1)) {
    // Lists put together from below have as many items as there are calls; one as long as the input has that many.
    return maximum(isConstant(rest) || solved.branching <= 1 ? multiply(solved.calls, maximum(rest, one)) : maximum(solved.calls, rest), one);
  }
  return exponential(factor === undefined ? coefficient : constant(2), solved.depth);
}

function recursiveResult(fn: FunctionIr, name: string): Value {
  if (fn.result !== undefined && fn.result.kind === 'number') {
    return makeValue('number', { number: size('n'), type: fn.result });
  }
  const value = fn.result === undefined || fn.result.kind === 'unknown' ? makeValue('unknown') : givenValue(fn.result, '');
  if (value.kind === 'unknown' || isCollection(value)) {
    value.size = size(name);
  }
  return value;
}

const siteCache = new WeakMap<FunctionIr, Site[]>();

/** The calls by which `fn` comes to itself: its own, and those of functions that it calls (mutual recursion). */
function recursiveSites(engine: Engine, fn: FunctionIr): Site[] {
  const cached = siteCache.get(fn);
  if (cached !== undefined) {
    return cached;
  }
  const sites: Site[] = [];
  siteCache.set(fn, sites);
  if (fn.name === '') {
    return sites;
  }
  const seen = new Set<FunctionIr>([fn]);
  const queue: FunctionIr[] = [fn];
  for (let at = 0; at < queue.length && at < 40; at++) {
    const from = queue[at];
    if (from === undefined) {
      continue;
    }
    visitBlock(from.body, {
      intoFunctions: true,
      expression: (inner) => {
        if (inner.kind === 'call') {
          const name = inner.callee.kind === 'name' ? inner.callee.name : inner.callee.kind === 'member' && (inner.callee.object.kind === 'name') ? inner.callee.name : undefined;
          if (name === fn.name && (inner.args.length === fn.params.length || engine.functionsByName.get(name)?.length === 1) && !isLibraryReceiver(engine, inner)) {
            sites.push({ call: inner, transitions: fn.params.map((param, position) => transitionOf(engine, fn, from, param.name, inner.args[position], 0)) });
          } else if (name !== undefined && inner.callee.kind === 'name') {
            for (const other of engine.functionsByName.get(name) ?? []) {
              if (!seen.has(other)) {
                seen.add(other);
                queue.push(other);
              }
            }
          }
        }
        return undefined;
      },
    });
  }
  return sites;
}

function isLibraryReceiver(engine: Engine, call: Call): boolean {
  return call.callee.kind === 'member' && call.callee.object.kind === 'name' && call.callee.object.name !== 'this' && Object.hasOwn(engine.library.methods, call.callee.name) && engine.functionsByName.get(call.callee.name)?.[0]?.owner !== undefined && engine.classesByName.has(call.callee.object.name);
}

function halves(expression: Expression): boolean {
  let found = false;
  visitExpression(expression, {
    expression: (inner) => {
      if (inner.kind === 'binary' && ((inner.operator === '/' || inner.operator === '//') || inner.operator === '>>') && inner.right.kind === 'literal') {
        found = true;
      }
      return !found;
    },
  });
  return found;
}

/** The single value that a local variable is given in the body, if there is one. */
function definitionOf(engine: Engine, fn: FunctionIr, name: string): { value: Expression | undefined; loop: Statement | undefined } | undefined {
  const updates = engine.changes(fn.body).updates.get(name);
  const first = updates?.find((update) => update.declares) ?? updates?.[0];
  if (first === undefined) {
    return undefined;
  }
  return { value: first.amount, loop: first.statement?.kind === 'forEach' ? first.statement : first.loops[first.loops.length - 1]?.kind === 'for' ? first.loops[first.loops.length - 1] : undefined };
}

/** What a loop goes through, where that is a local name for part of something else: `children = graph[u]`. */
export function unaliased(engine: Engine, fn: FunctionIr, iterable: Expression): Expression {
  const inner = iterable.kind === 'call' && iterable.callee.kind === 'member' && iterable.args.length === 0 && iterable.callee.object.kind === 'name' ? iterable.callee.object : iterable;
  if (inner.kind !== 'name') {
    return iterable;
  }
  const updates = engine.changes(fn.body).updates.get(inner.name) ?? [];
  const amount = updates.length === 1 ? updates[0]?.amount : undefined;
  return amount?.kind === 'index' || (amount?.kind === 'call' && amount.callee.kind === 'member' && /^(?:get|at|getOrDefault)$/.test(amount.callee.name)) ? amount : iterable;
}

function transitionOf(engine: Engine, fn: FunctionIr, from: FunctionIr, param: string, arg: Expression | undefined, level: number): Transition {
  if (arg === undefined) {
    return 'same';
  }
  const updates = engine.changes(from.body).updates.get(param);
  switch (arg.kind) {
    case 'literal':
      return 'constant';
    case 'name': {
      if (arg.name === param) {
        if (updates === undefined || updates.length === 0) {
          return 'same';
        }
        if (updates.some((update) => update.motion === 'scale-down' || update.motion === 'scale-up')) {
          return 'divide';
        }
        return updates.some((update) => update.motion === 'down') ? 'down' : updates.some((update) => update.motion === 'up') ? 'up' : 'other';
      }
      if (level < 4) {
        const definition = definitionOf(engine, from, arg.name);
        if (definition !== undefined) {
          if (definition.loop?.kind === 'forEach') {
            const iterable = unaliased(engine, from, definition.loop.iterable);
            if ((iterable.kind === 'index' || (iterable.kind === 'call' && iterable.callee.kind === 'member' && /^(?:get|at|getOrDefault)$/.test(iterable.callee.name)) || (iterable.kind === 'call' && iterable.callee.kind === 'member' && iterable.callee.object.kind === 'index')) && !isRangeCall(iterable)) {
              return 'neighbour';
            }
            if (iterable.kind === 'member' && usesName(iterable, param)) {
              return 'child';
            }
            if (isRangeCall(iterable)) {
              return iterable.kind === 'call' && iterable.args.length > 1 && iterable.args.some((each) => usesName(each, param)) ? 'up' : 'bounded';
            }
            return usesName(iterable, param) ? (iterable.kind === 'name' ? 'child' : 'neighbour') : 'bounded';
          }
          if (definition.value !== undefined) {
            const inner = definition.value;
            if (halves(inner)) {
              return 'divide';
            }
            if (inner.kind === 'name' && inner.name === arg.name) {
              return 'other';
            }
            if (definition.loop?.kind === 'for' && isLoopVariable(definition.loop, arg.name)) {
              return usesName(inner, param) ? 'up' : 'bounded';
            }
            const all = (engine.changes(from.body).updates.get(arg.name) ?? []).slice(0, 4).flatMap((update) => (update.amount === undefined || update.motion !== 'set' ? [] : [transitionOf(engine, fn, from, param, update.amount, level + 2)]));
            const found = all.includes('divide') ? 'divide' : transitionOf(engine, fn, from, param, inner, level + 1);
            if (found === 'same') {
              // It starts as the parameter and is moved from there.
              const moved = (engine.changes(from.body).updates.get(arg.name) ?? []).map((update) => update.motion);
              return moved.includes('up') ? 'up' : moved.includes('down') ? 'down' : 'same';
            }
            return found;
          }
        }
        if (engine.functionsByName.size > 0 && fn.params.some((each) => each.name === arg.name)) {
          return 'other';
        }
      }
      return 'other';
    }
    case 'binary': {
      if (arg.operator === '<<' && arg.right.kind === 'literal' && usesName(arg.left, param)) {
        return 'divide';
      }
      if (arg.operator === '|' || arg.operator === '^' || arg.operator === '<<' || (arg.operator === '&' && arg.right.kind === 'unary')) {
        return 'mask';
      }
      if (arg.operator === '%') {
        return arg.right.kind === 'literal' ? 'bounded' : 'divide';
      }
      if (arg.operator === '/' || arg.operator === '//' || arg.operator === '>>') {
        return 'divide';
      }
      if (['==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in', 'not in'].includes(arg.operator)) {
        return 'bounded';
      }
      // 2·i + 1: the children of place i in a heap; it doubles until it leaves the array.
      if (arg.operator === '*' && (isSmallFactor(arg.right) && usesName(arg.left, param) || isSmallFactor(arg.left) && usesName(arg.right, param))) {
        return 'divide';
      }
      if (usesName(arg.left, param)) {
        if (isCollectionLike(arg.right) && arg.operator === '+') {
          return 'grow';
        }
        const inner = transitionOf(engine, fn, from, param, arg.left, level + 1);
        if (inner === 'same' || inner === 'up' || inner === 'down') {
          return arg.operator === '+' ? (negative(arg.right) ? 'down' : 'up') : arg.operator === '-' ? 'down' : 'other';
        }
        return inner;
      }
      if (usesName(arg.right, param)) {
        return arg.operator === '+' ? (isCollectionLike(arg.left) ? 'grow' : 'up') : arg.operator === '-' ? 'down' : 'other';
      }
      if (level < 4) {
        const left = transitionOf(engine, fn, from, param, arg.left, level + 1);
        if (left !== 'other' && left !== 'constant') {
          return left === 'same' && (arg.operator === '+' || arg.operator === '-') ? (arg.operator === '+' ? 'up' : 'down') : left;
        }
        const right = transitionOf(engine, fn, from, param, arg.right, level + 1);
        return right === 'constant' ? left : right;
      }
      return 'other';
    }
    case 'unary':
      return arg.operator === '!' ? 'bounded' : transitionOf(engine, fn, from, param, arg.operand, level + 1);
    case 'slice': {
      if (!usesName(arg.object, param)) {
        return 'other';
      }
      const bounds = [arg.from, arg.to].filter((bound) => bound !== undefined);
      const isHalf = bounds.some((bound) => halves(bound) || [...namesOf(bound)].some((name) => {
        const definition = definitionOf(engine, from, name)?.value;
        return definition !== undefined && halves(definition);
      }));
      return isHalf ? 'divide' : 'down';
    }
    case 'member':
      return usesName(arg, param) ? 'child' : arg.object.kind === 'name' && level < 4 ? transitionOf(engine, fn, from, param, arg.object, level + 1) === 'other' ? 'other' : 'child' : 'child';
    case 'index':
      if (usesName(arg.index, param) && !usesName(arg.object, param)) {
        return 'follow';
      }
      return usesName(arg.object, param) ? 'child' : 'other';
    case 'call': {
      const inside = [...arg.args, ...(arg.callee.kind === 'member' ? [arg.callee.object] : [])];
      const name = arg.callee.kind === 'member' ? arg.callee.name : arg.callee.kind === 'name' ? arg.callee.name : '';
      if (/^(?:substring|substr|slice|subList|copyOfRange|drop|take|tail)$/i.test(name) && inside.some((each) => usesName(each, param))) {
        return inside.some((each) => halves(each) || [...namesOf(each)].some((inner) => {
          const definition = definitionOf(engine, from, inner)?.value;
          return definition !== undefined && halves(definition);
        })) ? 'divide' : 'down';
      }
      const relevant = inside.find((each) => usesName(each, param));
      return relevant === undefined ? 'other' : inside.length === 1 ? transitionOf(engine, fn, from, param, relevant, level + 1) : (inside.map((each) => transitionOf(engine, fn, from, param, each, level + 1)).find((each) => each !== 'other' && each !== 'constant' && each !== 'same') ?? 'other');
    }
    case 'conditional': {
      const then = transitionOf(engine, fn, from, param, arg.then, level + 1);
      const otherwise = transitionOf(engine, fn, from, param, arg.else, level + 1);
      return then === 'same' || then === 'constant' ? (otherwise === 'constant' ? 'bounded' : otherwise) : then;
    }
    case 'list':
      return arg.items.some((item) => usesName(item, param)) ? 'grow' : 'other';
    default:
      return 'other';
  }
}

function namesOf(expression: Expression): Set<string> {
  const names = new Set<string>();
  visitExpression(expression, {
    expression: (inner) => {
      if (inner.kind === 'name') {
        names.add(inner.name);
      }
      return undefined;
    },
  });
  return names;
}

function isRangeCall(expression: Expression): boolean {
  return expression.kind === 'call' && expression.callee.kind === 'name' && /^x?range$/.test(expression.callee.name);
}

function isLoopVariable(loop: Statement, name: string): boolean {
  return loop.kind === 'for' && loop.init.some((each) => (each.kind === 'declare' && each.name === name) || (each.kind === 'assign' && each.target.kind === 'name' && each.target.name === name));
}

function isSmallFactor(expression: Expression): boolean {
  return expression.kind === 'literal' && typeof expression.value === 'number' && expression.value >= 2;
}

function negative(expression: Expression): boolean {
  return expression.kind === 'unary' && expression.operator === '-';
}

function isCollectionLike(expression: Expression): boolean {
  return expression.kind === 'list' || (expression.kind === 'literal' && expression.type === 'string') || expression.kind === 'template' || (expression.kind === 'index');
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
        local.values.set(param.name, { ...value, size: size('n') });
      }
      return;
    }
    const isSmaller = [...transitions].every((transition) => transition === 'down' || transition === 'divide');
    if (value.kind === 'number' && !(isSmaller && value.number !== undefined && !isConstant(value.number))) {
      const limit = limitOf(engine, fn, param.name, local) ?? value.number;
      const known = limit === undefined || (isConstant(limit) && (constantValue(limit) ?? 0) < 2) ? fallback(engine, sites, entry) : limit;
      local.values.set(param.name, { ...numberValue(known, param.name), type: value.type });
    }
  });
}

/** The largest size that is about: a parameter's own, else `n`. */
function fallback(engine: Engine, sites: readonly Site[], entry: readonly Value[]): Growth {
  void sites;
  let best: Growth | undefined;
  for (const value of entry) {
    const own = isCollection(value) ? sizeOf(value) : value.number;
    if (own !== undefined && !isConstant(own) && rank(own).degree === 1 && !rank(own).exponential) {
      best ??= own;
    }
  }
  if (best !== undefined) {
    return best;
  }
  for (let scope: Scope | undefined = engine.scope; scope !== undefined; scope = scope.parent) {
    for (const value of scope.values.values()) {
      if (isCollection(value) && value.size !== undefined && rank(value.size).degree === 1 && !rank(value.size).exponential && !value.allocated) {
        return value.size;
      }
    }
  }
  return size('n');
}

/** What a parameter is compared with, or indexes into: the bound that ends the recursion. */
function limitOf(engine: Engine, fn: FunctionIr, name: string, scope: Scope): Growth | undefined {
  let found: Growth | undefined;
  const outer = engine.scope;
  engine.scope = scope;
  const take = (expression: Expression): void => {
    if (usesName(expression, name)) {
      return;
    }
    engine.inFrame('branch', {}, () => {
      const value = evaluate(engine, expression);
      const growth = isCollection(value) ? undefined : value.number;
      if (growth !== undefined && !isConstant(growth) && (found === undefined || compare(growth, found) < 0)) {
        found = growth;
      } else if (growth !== undefined && found === undefined && (constantValue(growth) ?? 0) >= 2) {
        found = growth;
      }
    });
  };
  visitBlock(fn.body, {
    expression: (inner) => {
      if (inner.kind === 'binary' && ['==', '>=', '>', '<', '<=', '!='].includes(inner.operator)) {
        if (inner.left.kind === 'name' && inner.left.name === name) {
          take(inner.right);
        } else if (inner.right.kind === 'name' && inner.right.name === name) {
          take(inner.left);
        } else if (inner.left.kind === 'binary' && inner.left.left.kind === 'name' && inner.left.left.name === name && inner.left.right.kind === 'literal') {
          take(inner.right);
        }
      }
      return undefined;
    },
  });
  if (found === undefined || isConstant(found)) {
    let indexed: Growth | undefined;
    visitBlock(fn.body, {
      expression: (inner) => {
        if (inner.kind === 'index' && inner.index.kind === 'name' && inner.index.name === name && indexed === undefined) {
          engine.inFrame('branch', {}, () => {
            const value = evaluate(engine, inner.object);
            if (isCollection(value) && value.kind !== 'map' && !isConstant(sizeOf(value))) {
              indexed = sizeOf(value);
            }
          });
        }
        return undefined;
      },
    });
    found = indexed !== undefined && found === undefined ? indexed : (found ?? indexed);
  }
  engine.scope = outer;
  return found;
}

interface Solved {
  readonly total: Growth;
  readonly calls: Growth;
  readonly work: Growth;
  readonly depth: Growth;
  readonly text: string;
  /** Calls per call, where that is a constant; several otherwise. */
  readonly branching: number;
}

/** Number of different values that a parameter takes over all calls. */
function domainOf(engine: Engine, fn: FunctionIr, at: number, sites: readonly Site[], entry: readonly Value[], scope: Scope): Growth {
  const param = fn.params[at];
  const value = entry[at];
  const transitions = new Set(sites.map((site) => site.transitions[at] ?? 'same'));
  transitions.delete('same');
  if (param === undefined || value === undefined || transitions.size === 0) {
    return one;
  }
  if (param.type?.kind === 'boolean' || value.kind === 'boolean' || [...transitions].every((each) => each === 'constant')) {
    return constant(2);
  }
  if (transitions.has('mask')) {
    const bound = scope.values.get(param.name)?.number;
    return bound !== undefined && rank(bound).exponential ? bound : exponential(constant(2), size('n'));
  }
  if (isCollection(value)) {
    if (transitions.has('grow')) {
      return exponential(constant(2), size('n'));
    }
    if (value.kind === 'tuple' || value.kind === 'set') {
      return exponential(constant(2), sizeOf(value));
    }
    return value.kind === 'string' || value.kind === 'list' || value.kind === 'array' ? sizeOf(value) : sizeOf(value);
  }
  if ([...transitions].every((each) => each === 'divide')) {
    return logarithm(magnitude(value));
  }
  const bound = scope.values.get(param.name)?.number ?? size('n');
  const constantBound = constantValue(bound);
  if (constantBound !== undefined && constantBound < 2) {
    return size('n');
  }
  return bound;
}

function solve(engine: Engine, fn: FunctionIr, sites: readonly Site[], entry: readonly Value[], guard: StateGuard | undefined, cost: Growth, active: Active, symbol: string): Solved {
  const { coefficient, rest } = splitBy(cost, symbol);
  const once = substitute(active.once, symbol, one);
  const work = add(rest, one);
  const local = engine.scope;
  const name = fn.name;
  const finish = (calls: Growth, each: Growth, depth: Growth, text: string): Solved => {
    const total = add(multiply(calls, each), once);
    return { total, calls, work: each, depth, text, branching: constantValue(coefficient) ?? 2 };
  };
  const has = (transition: Transition): boolean => sites.some((site) => site.transitions.includes(transition));
  const branching = constantValue(coefficient);
  const varying = fn.params.map((_, at) => at).filter((at) => sites.some((site) => (site.transitions[at] ?? 'same') !== 'same'));
  const childAt = fn.params.findIndex((_, at) => sites.length > 0 && sites.every((site) => ['child', 'neighbour'].includes(site.transitions[at] ?? '')) && (entry[at]?.nodes !== undefined || fn.params[at]?.type?.kind === 'object' || entry[at]?.kind === 'unknown' || entry[at]?.kind === 'object' || entry[at]?.kind === 'void'));
  const others = varying.filter((at) => at !== childAt && !sites.every((site) => ['bounded', 'constant', 'same'].includes(site.transitions[at] ?? 'same')));

  if (sites.length > 0 && sites.every((site) => site.transitions.includes('follow')) && (branching ?? 2) <= 1) {
    engine.assume(t('finding the root of a set with path compression takes nearly constant time'));
    return finish(one, work, one, t('{0} follows links to a root', name));
  }
  if (fn.memoized || guard?.kind === 'memo' || guard?.kind === 'visited') {
    let states: Growth | undefined = guard?.domain;
    if (states === undefined || fn.memoized) {
      states = one;
      for (const at of varying) {
        states = multiply(states, domainOf(engine, fn, at, sites, entry, local));
      }
      if (isConstant(states)) {
        states = fallback(engine, sites, entry);
      }
    }
    const each = add(work, coefficient);
    return finish(states, each, states, guard?.kind === 'visited' && !fn.memoized
      ? t('{0} marks what it has visited: each of {1} places is handled once', name, bigO(states))
      : t('{0} keeps its results: {1} different arguments, each worked out once', name, bigO(states)));
  }
  // A linked structure, each node handled once: work per node.
  if (childAt >= 0 && others.every((at) => sites.some((site) => ['other', 'up', 'down', 'grow', 'child'].includes(site.transitions[at] ?? '')))) {
    const nodes = entry[childAt]?.nodes ?? local.values.get(fn.params[childAt]?.name ?? '')?.nodes ?? size('n');
    const isNeighbour = sites.every((site) => site.transitions[childAt] === 'neighbour');
    if (!isNeighbour || guard !== undefined || distinctParent(fn, childAt, varying) || (!takesBack(engine, fn) && !has('grow'))) {
      const each = (branching ?? 2) <= 8 ? work : work;
      return finish(nodes, each, nodes, t('{0} goes down a linked structure: {1} nodes, each handled once', name, bigO(nodes)));
    }
  }
  if (childAt < 0 && has('neighbour') && guard === undefined) {
    const at = fn.params.findIndex((_, position) => sites.every((site) => site.transitions[position] === 'neighbour'));
    if (at >= 0 && (distinctParent(fn, at, varying) || (!takesBack(engine, fn) && !has('grow')))) {
      const nodes = treeSize(engine, fn, local);
      if (!distinctParent(fn, at, varying)) {
        engine.assume(t('{0} marks nothing as visited, so the links it follows form a tree', name));
      }
      return finish(nodes, work, nodes, t('{0} walks a tree and never goes back to where it came from: {1} nodes', name, bigO(nodes)));
    }
  }
  if (branching !== undefined && Math.round(branching) === 2 && (isPartition(fn, sites) || splitsList(engine, fn, sites))) {
    const whole = divisionSize(engine, fn, sites, entry, local);
    if (!varying.some((at) => sites.some((site) => site.transitions[at] === 'divide'))) {
      return finish(whole, work, whole, t('{0} splits its range into two that do not overlap: {1} calls', name, bigO(whole)));
    }
  }
  const divides = varying.some((at) => sites.some((site) => site.transitions[at] === 'divide'));
  if (divides && branching !== undefined) {
    const whole = divisionSize(engine, fn, sites, entry, local);
    const solved = masterTheorem(engine, fn, branching, work, whole, symbol);
    const query = branching === 2 && isRangeQuery(fn, sites);
    if (query) {
      const levels = logarithm(whole);
      return finish(levels, work, levels, t('{0} follows at most two branches per level of a tree of {1} levels', name, bigO(levels)));
    }
    return { ...solved, total: add(solved.total, once) };
  }
  const supply = divides ? undefined : consumed(engine, fn, local);
  if (supply !== undefined && branching !== undefined) {
    return finish(supply, work, supply, t('each call of {0} takes one item for good: {1} calls', name, bigO(supply)));
  }
  const depth = depthOf(engine, fn, sites, entry, local);
  if (branching !== undefined && branching <= 1) {
    return finish(depth, work, depth, t('{0} calls itself once, {1} deep', name, bigO(depth)));
  }
  if (isConstant(depth)) {
    const levels = Math.min(constantValue(depth) ?? 1, 20);
    const calls = isConstant(coefficient) ? constant(Math.min(1e6, (constantValue(coefficient) ?? 2) ** levels)) : power(coefficient, Math.min(8, Math.max(1, levels)));
    return finish(calls, work, depth, t('{0} branches, but only {1} deep', name, print(depth)));
  }
  const isPermutation = branching === undefined && usedFlags(fn);
  const calls = isPermutation ? factorial(depth) : branching === undefined && rank(depth).degree === 0 ? exponential(constant(2), size('n')) : exponential(branching === undefined ? constant(2) : constant(Math.max(2, Math.round(branching))), depth);
  return finish(calls, work, depth, isPermutation
    ? t('{0} tries every order: one choice fewer at each level', name)
    : t('{0} calls itself {1} times per call, {2} deep, and keeps no results', name, branching === undefined ? t('several') : String(Math.round(branching)), bigO(depth)));
}

/** `for v in neighbours(u): if v != parent: f(v, u)`: the call passes on where it came from. */
function distinctParent(fn: FunctionIr, at: number, varying: readonly number[]): boolean {
  const node = fn.params[at]?.name;
  let compared = false;
  visitBlock(fn.body, {
    expression: (inner) => {
      if (inner.kind === 'binary' && (inner.operator === '!=' || inner.operator === '==')) {
        const sides = [inner.left, inner.right].map(keyOf);
        if (varying.some((position) => position !== at && sides.includes(fn.params[position]?.name ?? ''))) {
          compared = true;
        }
      }
      return !compared;
    },
  });
  let passes = false;
  visitBlock(fn.body, {
    intoFunctions: true,
    expression: (inner) => {
      if (inner.kind === 'call' && inner.args.some((arg, position) => position !== at && arg.kind === 'name' && arg.name === node)) {
        passes = true;
      }
      return !passes;
    },
  });
  return compared && passes;
}

/** A list that grows before the recursive call and shrinks after it: every path is built. */
function takesBack(engine: Engine, fn: FunctionIr): boolean {
  const { mutations } = engine.changes(fn.body);
  return mutations.some((push) => push.effect === 'push' && mutations.some((pop) => (pop.effect === 'pop' || pop.effect === 'remove') && pop.root === push.root));
}

function treeSize(engine: Engine, fn: FunctionIr, scope: Scope): Growth {
  let found: Growth | undefined;
  visitBlock(fn.body, {
    statement: (statement) => {
      if (statement.kind === 'forEach' && statement.iterable.kind === 'index' && found === undefined) {
        const { object } = statement.iterable;
        const outer = engine.scope;
        engine.scope = scope;
        engine.inFrame('branch', {}, () => {
          const value = evaluate(engine, object);
          if (value.size !== undefined && !isConstant(value.size)) {
            found = value.size;
          }
        });
        engine.scope = outer;
      }
      return undefined;
    },
  });
  return found ?? size('n');
}

function divisionSize(engine: Engine, fn: FunctionIr, sites: readonly Site[], entry: readonly Value[], scope: Scope): Growth {
  let best: Growth | undefined;
  fn.params.forEach((param, at) => {
    if (!sites.some((site) => ['divide', 'down', 'up'].includes(site.transitions[at] ?? ''))) {
      return;
    }
    const value = entry[at];
    const own = value === undefined ? undefined : isCollection(value) ? sizeOf(value) : value.number;
    if (own !== undefined && !isConstant(own) && (best === undefined || compare(own, best) > 0)) {
      best = own;
    }
    const widened = scope.values.get(param.name)?.number;
    if (best === undefined && widened !== undefined && !isConstant(widened)) {
      best = widened;
    }
  });
  return best ?? fallback(engine, sites, entry);
}

/** T(n) = a·T(n/2) + f(n), compared by the degree of f (Cormen et al., Introduction to Algorithms, 4.5). */
function masterTheorem(engine: Engine, fn: FunctionIr, branching: number, work: Growth, whole: Growth, symbol: string): Solved {
  void engine;
  void symbol;
  const a = Math.max(1, Math.round(branching));
  const levels = logarithm(whole);
  const critical = Math.log2(a);
  const { degree, logs } = rank(work);
  const perSize = rank(whole).degree === 0 ? 1 : rank(whole).degree;
  const d = degree / perSize;
  const leaves = a === 1 ? one : power(whole, critical);
  const text = t('{0} splits its input in two and calls itself {1} times: T(n) = {1}·T(n/2) + {2}', fn.name, a, bigO(work));
  if (Math.abs(d - critical) < 0.01) {
    const total = a === 1 ? multiply(work, levels) : degree === 0 ? multiply(leaves, work) : multiply(work, levels);
    void logs;
    return { total, calls: a === 1 ? levels : leaves, work, depth: levels, text, branching };
  }
  if (d > critical) {
    return { total: work, calls: a === 1 ? levels : leaves, work, depth: levels, text, branching };
  }
  return { total: maximum(leaves, work), calls: leaves, work, depth: levels, text, branching };
}

/** Two calls, one on what is left of a place and one on what is right of it: `f(l, m - 1)` and `f(m + 1, r)`. */
function isPartition(fn: FunctionIr, sites: readonly Site[]): boolean {
  if (sites.length !== 2) {
    return false;
  }
  const [first, second] = sites;
  const kept = (site: Site | undefined, at: number): boolean => {
    const arg = site?.call.args[at];
    const name = fn.params[at]?.name ?? '';
    return arg !== undefined && ((arg.kind === 'name' && arg.name === name) || (arg.kind === 'binary' && arg.right.kind === 'literal' && keyOf(arg.left) === name));
  };
  let left = false;
  let right = false;
  fn.params.forEach((param, at) => {
    if (param.type !== undefined && param.type.kind !== 'number' && param.type.kind !== 'unknown' && param.type.kind !== 'object') {
      return;
    }
    const a = kept(first, at);
    const b = kept(second, at);
    if (a && !b) {
      left = true;
    } else if (b && !a) {
      right = true;
    }
  });
  if (left && right) {
    return true;
  }
  // f(…, k) and f(…, n - 1 - k): the sizes add up to less than n. xs[:m] and xs[m + 1:] do, too.
  return fn.params.some((param, at) => {
    const [x, y] = [first?.call.args[at], second?.call.args[at]];
    if (x !== undefined && y !== undefined && [[x, y], [y, x]].some(([rest, part]) => rest?.kind === 'binary' && rest.operator === '-' && usesName(rest.left, param.name) && part !== undefined && !usesName(part, param.name) && part.kind !== 'literal' && [...namesOf(part)].every((name) => usesName(rest, name)))) {
      return true;
    }
    return x?.kind === 'slice' && y?.kind === 'slice' && keyOf(x.object) === param.name && keyOf(y.object) === param.name && (x.to !== undefined || x.from !== undefined) && (y.from !== undefined || y.to !== undefined);
  });
}

/** Two calls on lists that were filled from the items of the parameter: those left and those right of a pivot. */
function splitsList(engine: Engine, fn: FunctionIr, sites: readonly Site[]): boolean {
  if (sites.length !== 2) {
    return false;
  }
  const changes = engine.changes(fn.body);
  return fn.params.some((param, at) => {
    const names = sites.map((site) => site.call.args[at]).map((arg) => (arg?.kind === 'name' ? arg.name : undefined));
    const [a, b] = names;
    return a !== undefined && b !== undefined && a !== b && names.every((name) => {
      const filled = changes.mutations.some((mutation) => mutation.root === name && mutation.effect === 'push' && mutation.loops.some((loop) => loop.kind === 'forEach' || loop.kind === 'for'));
      const made = (changes.updates.get(name ?? '') ?? []).some((update) => update.amount !== undefined && (update.amount.kind === 'comprehension' || update.amount.kind === 'call' || update.amount.kind === 'slice') && usesName(update.amount, param.name));
      return filled || made;
    });
  });
}

/** What every call takes one of, for good: an index that only moves on, or a list that only shrinks. */
function consumed(engine: Engine, fn: FunctionIr, scope: Scope): Growth | undefined {
  const changes = engine.changes(fn.body);
  const params = new Set(fn.params.map((param) => param.name));
  const outer = engine.scope;
  engine.scope = scope;
  try {
    for (const mutation of changes.mutations) {
      if (mutation.effect === 'pop' && !mutation.conditional && mutation.loops.length === 0 && !changes.mutations.some((other) => other.root === mutation.root && (other.effect === 'push' || other.effect === 'extend')) && !changes.updates.has(mutation.root)) {
        const value = engine.value(mutation.root) ?? engine.receiver?.fields?.get(mutation.root.replace(/^this\./, ''));
        if (value !== undefined && (isCollection(value) || value.kind === 'unknown') && !isConstant(sizeOf(value))) {
          return sizeOf(value);
        }
      }
    }
    for (const [name, updates] of changes.updates) {
      if (params.has(name) || name.includes('[') || updates.some((update) => update.declares || update.loops.length > 0) || !updates.every((update) => update.motion === 'up' && update.amount?.kind === 'literal') && !updates.every((update) => update.motion === 'down' && update.amount?.kind === 'literal')) {
        continue;
      }
      let found: Growth | undefined;
      visitBlock(fn.body, {
        expression: (inner) => {
          if (inner.kind === 'index' && found === undefined && [...namesOf(inner.index), keyOf(inner.index)].includes(name)) {
            engine.inFrame('branch', {}, () => {
              const value = evaluate(engine, inner.object);
              if ((isCollection(value) || value.kind === 'unknown') && value.kind !== 'map' && !isConstant(sizeOf(value))) {
                found = sizeOf(value);
              }
            });
          }
          return undefined;
        },
      });
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  } finally {
    engine.scope = outer;
  }
}

/** Both recursive calls stand under comparisons of the middle with the bounds of the query. */
function isRangeQuery(fn: FunctionIr, sites: readonly Site[]): boolean {
  let guarded = 0;
  const calls = new Set(sites.map((site) => site.call));
  const same = new Set(fn.params.filter((_, at) => sites.every((site) => site.transitions[at] === 'same')).map((param) => param.name));
  visitBlock(fn.body, {
    statement: (statement) => {
      if (statement.kind === 'if' && [...namesOf(statement.condition)].some((name) => same.has(name)) && statement.else.length === 0) {
        const count = countCalls(statement.then, calls);
        guarded += count > 0 && count < calls.size ? count : 0;
      }
      return undefined;
    },
  });
  if (guarded >= calls.size && calls.size === 2) {
    return true;
  }
  // `if (l >= L && r <= R) return …; if (r < L || l > R) return 0; return f(left) + f(right)`
  let tests = 0;
  visitBlock(fn.body, {
    statement: (statement) => {
      if (statement.kind === 'if' && statement.condition.kind === 'binary' && (statement.condition.operator === '&&' || statement.condition.operator === '||')) {
        const names = namesOf(statement.condition);
        if ([...names].filter((name) => same.has(name)).length >= 2) {
          tests += 1;
        }
      }
      return undefined;
    },
  });
  return tests >= 1;
}

function countCalls(block: Block, calls: ReadonlySet<Expression>): number {
  let count = 0;
  visitBlock(block, {
    expression: (inner) => {
      if (calls.has(inner)) {
        count += 1;
      }
      return undefined;
    },
  });
  return count;
}

function depthOf(engine: Engine, fn: FunctionIr, sites: readonly Site[], entry: readonly Value[], scope: Scope): Growth {
  let best: Growth | undefined;
  fn.params.forEach((param, at) => {
    const transitions = new Set(sites.map((site) => site.transitions[at] ?? 'same'));
    transitions.delete('same');
    if (transitions.size === 0) {
      return;
    }
    const value = entry[at];
    let depth: Growth | undefined;
    if ([...transitions].every((each) => each === 'down') && value !== undefined) {
      depth = isCollection(value) ? sizeOf(value) : value.number !== undefined && !isConstant(value.number) ? value.number : undefined;
    } else if (transitions.has('up') || transitions.has('down')) {
      depth = scope.values.get(param.name)?.number;
    } else if (transitions.has('divide') && value?.number !== undefined) {
      depth = logarithm(value.number);
    }
    if (depth !== undefined && (best === undefined || compare(depth, best) < 0)) {
      best = depth;
    }
  });
  return best ?? fallback(engine, sites, entry);
}

/** A table of flags that is set before and cleared after the call: each item is used once along a path. */
function usedFlags(fn: FunctionIr): boolean {
  let found = false;
  visitBlock(fn.body, {
    statement: (statement) => {
      if (statement.kind === 'forEach' || statement.kind === 'for') {
        const body = statement.body;
        const marks = new Map<string, number>();
        visitBlock(body, {
          statement: (inner) => {
            if (inner.kind === 'assign' && inner.target.kind === 'index') {
              const key = keyOf(inner.target);
              marks.set(key, (marks.get(key) ?? 0) + 1);
            }
            return undefined;
          },
        });
        if ([...marks.values()].some((count) => count > 1)) {
          found = true;
        }
      }
      return undefined;
    },
  });
  return found;
}

export type { EvidenceNode, Lines };
