import { isOnlyDefaulted } from '../following/defaults';
import type { Engine } from '../following/engine';
import type { Expression, FunctionIr, Statement } from '../program/ir';
import { isLink, isSingleLink, wayTo } from './links';
import { isLonger } from './longer';
import { middleOf } from './middles';
import { visitParts } from '../program/parts';
import { holdsNumber } from '../following/untyped';
import { rangeArguments, usesName, visitExpression } from '../program/visit';
import { givesChild, isListAsked } from './askedParts';
import { Memo } from '../program/memo';

export type Call = Expression & { kind: 'call' };

/** How an argument of a recursive call relates to the parameter it is for. */
export type Transition = 'same' | 'down' | 'up' | 'divide' | 'child' | 'follow' | 'neighbour' | 'mask' | 'constant' | 'bounded' | 'grow' | 'other';

export interface Site {
  readonly call: Call;
  readonly transitions: readonly Transition[];
}

const sources = new Memo<FunctionIr, ReadonlyMap<string, Expression>>();

/** What the parameters of functions that are called for each item stand for: `x` in `xs.map((x) => …)` comes from `xs`. */
function callbackSources(engine: Engine, fn: FunctionIr): ReadonlyMap<string, Expression> {
  let found = sources.get(fn);
  if (found === undefined) {
    const map = new Map<string, Expression>();
    found = map;
    sources.set(fn, found);
    visitParts(fn.body, {
      intoFunctions: true,
      expression: (inner) => {
        if (inner.kind === 'comprehension') {
          for (const clause of inner.clauses) {
            if (clause.target.kind === 'name' && !isRangeCall(clause.iterable)) {
              map.set(clause.target.name, clause.iterable);
            }
          }
        } else if (inner.kind === 'lambda') {
          visitParts(inner.function.body, {
            statement: (statement) => {
              if (statement.kind === 'forEach' && statement.target.kind === 'name' && !isRangeCall(statement.iterable)) {
                map.set(statement.target.name, statement.iterable);
              }
              return undefined;
            },
          });
        } else if (inner.kind === 'call' && inner.callee.kind === 'name' && /^(?:any_of|all_of|none_of|for_each|count_if|find_if|transform|accumulate)$/.test(inner.callee.name)) {
          // `any_of(kids.begin(), kids.end(), f)`, of C++
          const given = inner.args.find((arg) => arg.kind === 'lambda');
          const item = given?.kind === 'lambda' ? given.function.params.at(-1) : undefined;
          const [range] = inner.args;
          if (item !== undefined && range !== undefined) {
            map.set(item.name, range.kind === 'slice' ? range.object : range);
          }
        } else if (inner.kind === 'call' && inner.callee.kind === 'member') {
          const { object, name } = inner.callee;
          for (const arg of inner.args) {
            const param = arg.kind === 'lambda' ? arg.function.params[/^(?:reduce|fold|inject|reduceRight)$/i.test(name) ? 1 : 0] : undefined;
            if (arg.kind === 'lambda' && param !== undefined) {
              map.set(param.name, object);
              for (const [part, updates] of engine.changes(arg.function.body).updates) {
                if (updates.some((update) => update.amount !== undefined && usesName(update.amount, param.name)) || updates.some((update) => update.statement?.kind === 'assign' && usesName(update.statement.value, param.name))) {
                  map.set(part, object);
                }
              }
            }
          }
        }
        return undefined;
      },
    });
  }
  return found;
}

/** `new int[half]`, `vector<int> right(n - half)`: made with half as many places. */
function isHalfList(engine: Engine, fn: FunctionIr, made: Expression): boolean {
  const length = made.kind !== 'new' ? undefined : made.dimensions?.[0] ?? (made.args.length === 1 ? made.args[0] : undefined);
  return length !== undefined && length.kind !== 'literal' && [...namesOf(length)].some((name) => {
    const definition = definitionOf(engine, fn, name)?.value;
    return definition !== undefined && halves(definition);
  });
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
  const given = updates.length === 1 ? updates[0]?.amount : undefined;
  // A copy of it has the same items.
  const whole = given?.kind === 'slice' && given.from === undefined && given.to === undefined ? given.object : given;
  // `below[u] || []`
  const amount = whole?.kind === 'binary' && (whole.operator === '||' || whole.operator === '??') ? whole.left : whole;
  return amount?.kind === 'index' || (amount?.kind === 'call' && amount.callee.kind === 'member' && /^(?:get|at|getOrDefault)$/.test(amount.callee.name)) ? amount : iterable;
}

/** What the values or pairs of a map are taken from, where it is a part of something: `node.after` of `node.after.values()`. */
function viewed(iterable: Expression): Expression {
  if (iterable.kind !== 'call') {
    return iterable;
  }
  const { callee, args } = iterable;
  const inner = callee.kind === 'member' && args.length === 0 && /^(?:values|items|entries|entrySet|Values|@items|@values)$/.test(callee.name) ? callee.object : callee.kind === 'name' && args.length === 1 && /^(?:sorted|list|reversed|tuple)$/.test(callee.name) ? args[0] : undefined;
  const object = inner === undefined ? undefined : viewed(inner);
  return object?.kind === 'member' ? object : iterable;
}

/**
 * `return f(b, a)` under a test that puts the larger one first: the arguments are the parameters themselves in another
 * order, or turned round, so nothing gets smaller and the call happens once, as else it would never end.
 */
export function isExchange(fn: FunctionIr, site: Site): boolean {
  const names = new Set(fn.params.map((param) => param.name));
  const turned = (arg: Expression): boolean => arg.kind === 'call' && [...arg.args, ...(arg.callee.kind === 'member' ? [arg.callee.object] : [])].some((inner) => (inner.kind === 'spread' && inner.value.kind === 'name' && names.has(inner.value.name)) || isTransposed(inner, names) || turned(inner));
  const { args } = site.call;
  const isMoved = args.some((arg, at) => arg.kind === 'name' && names.has(arg.name) && arg.name !== fn.params[at]?.name);
  const isTurned = args.some((arg) => turned(arg) || isTransposed(arg, names));
  return (isMoved || isTurned) && new Set(args.flatMap((arg) => (arg.kind === 'name' ? [arg.name] : []))).size === args.filter((arg) => arg.kind === 'name').length && args.every((arg, at) => (arg.kind === 'name' && names.has(arg.name)) || turned(arg) || isTransposed(arg, names) || arg.kind === 'literal' || site.transitions[at] === 'same');
}

function isTransposed(arg: Expression, names: ReadonlySet<string>): boolean {
  return arg.kind === 'call' && arg.callee.kind === 'name' && arg.callee.name === '@transposed' && arg.args[0]?.kind === 'name' && names.has(arg.args[0].name);
}

/**
 * How the argument `arg` of a call in `from` relates to the parameter `param` of `fn`: by what is done with it, and with what it
 * was made from. `level` counts the steps back from name to name.
 */
export function transitionOf(engine: Engine, fn: FunctionIr, from: FunctionIr, param: string, arg: Expression | undefined, level: number): Transition {
  if (arg === undefined) {
    return 'same';
  }
  const updates = engine.changes(from.body).updates.get(param);
  const way = level === 0 ? wayTo(engine, from, arg, param) : undefined;
  if (isLink(way) && !isSingleLink(way)) {
    return 'neighbour';
  }
  if (level === 0 && isLonger(engine, from, param, arg)) {
    return 'grow';
  }
  switch (arg.kind) {
    case 'literal':
      return 'constant';
    case 'name': {
      if (arg.name === param) {
        if (updates === undefined || updates.length === 0 || isOnlyDefaulted(engine, from, param, updates)) {
          return middleOf(engine, from)?.isCut === true ? 'divide' : 'same';
        }
        if (updates.some((update) => update.motion === 'scale-down' || update.motion === 'scale-up')) {
          return 'divide';
        }
        // `for k in tree[k].children: f(k)`: the parameter itself is what the loop goes through.
        const loop = updates.length === 1 && updates[0]?.statement?.kind === 'forEach' ? updates[0].statement : undefined;
        if (loop !== undefined && isFoundBy(loop.iterable, param)) {
          return 'neighbour';
        }
        return updates.some((update) => update.motion === 'down') ? 'down' : updates.some((update) => update.motion === 'up') ? 'up' : 'other';
      }
      const given = callbackSources(engine, from).get(arg.name);
      const source = given === undefined ? undefined : streamed(given);
      if (source !== undefined && !usesName(source, param) && (isOfFound(engine, from, source, param) || isLink(wayTo(engine, from, source, param)))) {
        return 'neighbour';
      }
      if (source !== undefined && usesName(source, param)) {
        return source.kind === 'index' || (source.kind === 'call' && isOfPlace(source) && !usesName(source.callee, param)) || (source.kind === 'member' && source.object.kind === 'index') ? 'neighbour' : 'child';
      }
      const middle = middleOf(engine, from);
      if (middle !== undefined && (arg.name === middle.name || (engine.changes(from.body).updates.get(arg.name) ?? []).some((update) => update.amount !== undefined && update.loops.length === 0 && usesName(update.amount, middle.name)))) {
        return 'divide';
      }
      if (level < 4) {
        const definition = definitionOf(engine, from, arg.name);
        if (definition !== undefined) {
          if (definition.loop?.kind === 'forEach') {
            const iterable = viewed(unaliased(engine, from, definition.loop.iterable));
            if ((iterable.kind === 'index' || (iterable.kind === 'call' && iterable.callee.kind === 'member' && /^(?:get|at|getOrDefault)$/.test(iterable.callee.name)) || (iterable.kind === 'call' && iterable.callee.kind === 'member' && iterable.callee.object.kind === 'index')) && !isRangeCall(iterable)) {
              return 'neighbour';
            }
            if (iterable.kind === 'member' && usesName(iterable, param)) {
              return isFoundBy(iterable, param) ? 'neighbour' : 'child';
            }
            if (isOfFound(engine, from, iterable, param)) {
              return 'neighbour';
            }
            if (iterable.kind === 'list') {
              // The items say what they are: `for (const child of [node.left, node.right])`, but not `for k in (k - 1, k + 1)`.
              return definition.loop.target.kind === 'name' && iterable.items.every((item) => transitionOf(engine, fn, from, param, item, level + 1) === 'child') ? 'child' : 'other';
            }
            if (isRangeCall(iterable)) {
              return iterable.kind === 'call' && iterable.args.length > 1 && iterable.args.some((each) => usesName(each, param)) ? 'up' : 'bounded';
            }
            return usesName(iterable, param) ? (iterable.kind === 'name' ? 'child' : 'neighbour') : 'bounded';
          }
          const later = definition.value === undefined || (definition.value.kind === 'literal' && definition.value.value === null) ? (engine.changes(from.body).updates.get(arg.name) ?? []).filter((update) => update.amount !== undefined && update.amount !== definition.value && update.loops.length === 0) : [];
          if (later.length > 0 && later.every((update) => update.amount?.kind === 'member' && transitionOf(engine, fn, from, param, update.amount, level + 1) === 'child')) {
            // `left = null; if (node) left = node.left`
            return 'child';
          }
          if (definition.value !== undefined) {
            const inner = definition.value;
            if (halves(inner) || isHalfList(engine, from, inner)) {
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
              const isRemade = (engine.changes(from.body).updates.get(arg.name) ?? []).some((update) => update.motion === 'set' && update.amount?.kind === 'call' && usesName(update.amount, arg.name));
              return moved.includes('up') ? 'up' : moved.includes('down') ? 'down' : moved.includes('follow') ? 'child' : isRemade ? 'other' : 'same';
            }
            return found;
          }
        }
      }
      return 'other';
    }
    case 'binary': {
      // Bits that move on while others are added to them never come to an end by themselves.
      if ((arg.operator === '<<' || arg.operator === '>>') && arg.left.kind === 'binary' && (arg.left.operator === '|' || arg.left.operator === '^')) {
        return 'mask';
      }
      if (arg.operator === '<<' && arg.right.kind === 'literal' && usesName(arg.left, param)) {
        return 'divide';
      }
      if (arg.operator === '|' || arg.operator === '^' || arg.operator === '<<' || (arg.operator === '&' && arg.right.kind === 'unary')) {
        return 'mask';
      }
      if (arg.operator === '%') {
        // (c + 1) % columns goes round; a % b gets smaller as in Euclid's algorithm.
        return arg.right.kind === 'literal' || (arg.left.kind === 'binary' && arg.left.operator === '+') ? 'bounded' : 'divide';
      }
      if (arg.operator === '/' || arg.operator === '//' || arg.operator === '>>') {
        return 'divide';
      }
      if (['==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in', 'not in'].includes(arg.operator)) {
        return 'bounded';
      }
      // 2·i + 1: the children of place i in a heap; it doubles until it leaves the array.
      const factor = arg.operator !== '*' ? undefined : isSmallFactor(arg.right) ? arg.left : isSmallFactor(arg.left) ? arg.right : undefined;
      if (factor !== undefined && (usesName(factor, param) || (factor.kind === 'name' && level < 4 && transitionOf(engine, fn, from, param, factor, level) === 'same'))) {
        return 'divide';
      }
      if (usesName(arg.left, param)) {
        if (isCollectionLike(arg.right) && arg.operator === '+' && !(arg.right.kind === 'index' && holdsNumber(engine, fn, param))) {
          return 'grow';
        }
        const inner = transitionOf(engine, fn, from, param, arg.left, level + 1);
        // k - k / 2
        if (inner === 'same' && arg.operator === '-' && transitionOf(engine, fn, from, param, arg.right, level + 1) === 'divide' && (usesName(arg.right, param) || arg.right.kind === 'name')) {
          return 'divide';
        }
        if (inner === 'same' || inner === 'up' || inner === 'down') {
          return arg.operator === '+' ? (negative(arg.right) ? 'down' : 'up') : arg.operator === '-' ? 'down' : 'other';
        }
        return inner;
      }
      if (usesName(arg.right, param)) {
        return arg.operator === '+' ? (isCollectionLike(arg.left) ? 'grow' : 'up') : arg.operator === '-' ? 'down' : 'other';
      }
      if (level < 4) {
        const left = transitionOf(engine, fn, from, param, arg.left, level);
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
      if (bounds.length === 0 && arg.step === undefined) {
        // A copy of all of it is as long as it is, and longer than before where the function adds to it.
        return engine.changes(from.body).mutations.some((mutation) => mutation.root === param && (mutation.effect === 'push' || mutation.effect === 'extend')) ? 'grow' : 'same';
      }
      const isHalf = bounds.some((bound) => halves(bound) || [...namesOf(bound)].some((name) => {
        const definition = definitionOf(engine, from, name)?.value;
        return definition !== undefined && halves(definition);
      }));
      return isHalf ? 'divide' : 'down';
    }
    case 'member':
      if (middleOf(engine, from)?.name === (arg.object.kind === 'name' ? arg.object.name : '')) {
        return 'divide';
      }
      // Two structures walked together may change places: `f(b.left, a.left)`.
      if (level === 0 && arg.object.kind === 'name' && isNodeOf(engine, from, arg.object.name) && isNodeOf(engine, from, param)) {
        return 'child';
      }
      return usesName(arg, param) || arg.object.kind !== 'name' || level >= 4 ? 'child' : partOf(transitionOf(engine, fn, from, param, arg.object, level + 1));
    case 'index':
      if (usesName(arg.index, param) && !usesName(arg.object, param)) {
        return 'follow';
      }
      if (arg.index.kind === 'literal' && arg.object.kind === 'name' && !usesName(arg.object, param) && level < 4) {
        // `edge[0]`, where the edge is one of those of a place.
        return transitionOf(engine, fn, from, param, arg.object, level + 1) === 'neighbour' ? 'neighbour' : 'other';
      }
      return usesName(arg.object, param) || isListAsked(engine, from, arg.object, param) ? 'child' : 'other';
    case 'call': {
      const inside = [...arg.args, ...(arg.callee.kind === 'member' ? [arg.callee.object] : [])];
      const name = arg.callee.kind === 'member' ? arg.callee.name : arg.callee.kind === 'name' ? arg.callee.name : '';
      if (/^(?:@slice|substring|substr|slice|subList|copyOfRange|drop|take|tail)$/i.test(name) && inside.some((each) => usesName(each, param))) {
        return inside.some((each) => halves(each) || [...namesOf(each)].some((inner) => {
          const definition = definitionOf(engine, from, inner)?.value;
          return definition !== undefined && halves(definition);
        })) ? 'divide' : 'down';
      }
      const [only] = arg.args;
      if (only !== undefined && arg.args.length === 1 && /^(?:abs|fabs|Abs|int|toInt|parseInt|Number|stoi)$/.test(name) && level < 4) {
        // `Math.abs(v)`: the number of a node that was written with a sign.
        const whole = transitionOf(engine, fn, from, param, only, level + 1);
        if (whole === 'neighbour') {
          return whole;
        }
      }
      if (arg.callee.kind === 'member' && arg.callee.object.kind === 'name' && arg.callee.object.name === param && givesChild(engine, arg)) {
        return 'child';
      }
      const relevant = inside.find((each) => usesName(each, param));
      // item.children(), where the item comes from the parameter.
      if (relevant === undefined && arg.args.length === 0 && arg.callee.kind === 'member' && arg.callee.object.kind === 'name' && level < 4) {
        const whole = transitionOf(engine, fn, from, param, arg.callee.object, level + 1);
        if (whole === 'child' || whole === 'neighbour') {
          return whole;
        }
      }
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

/** What a stream takes its items from: `near[at]` of `near[at].stream().filter(other)`. */
function streamed(source: Expression): Expression {
  return source.kind === 'call' && source.callee.kind === 'member' && /^(?:stream|parallelStream|iterator|boxed|filter|sorted|distinct|peek|skip|limit|reversed|toReversed|slice|values|iter|into_iter)$/.test(source.callee.name) && !isNameOfClass(source.callee.object) ? streamed(source.callee.object) : source;
}

function isNameOfClass(object: Expression): boolean {
  return object.kind === 'name' && /^[A-Z]\w*[a-z]/.test(object.name);
}

/** `near.get(at)` */
function isOfPlace(source: Expression & { kind: 'call' }): boolean {
  return source.callee.kind === 'member' && source.args.length > 0 && /^(?:get|at|getOrDefault|elementAt)$/.test(source.callee.name);
}

/** A part of what is reached by `whole`: the end of an edge is the neighbour. */
function partOf(whole: Transition): Transition {
  return whole === 'neighbour' || whole === 'other' ? whole : 'child';
}

/** A parameter that may be a node, as far as is declared, and that the function does not set anew. */
function isNodeOf(engine: Engine, fn: FunctionIr, name: string): boolean {
  const kind = fn.params.find((param) => param.name === name)?.type?.kind ?? 'unknown';
  return fn.params.some((param) => param.name === name) && (kind === 'object' || kind === 'unknown') && !engine.changes(fn.body).updates.has(name);
}

export function namesOf(expression: Expression): Set<string> {
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

/** `people[id].friends`, `people.get(id).friends`: what belongs to one that is found by its number or key. */
function isFoundBy(iterable: Expression, key: string): boolean {
  if (iterable.kind !== 'member') {
    return false;
  }
  const { object } = iterable;
  const index = object.kind === 'index' ? object.index : object.kind === 'call' && object.callee.kind === 'member' && /^(?:get|at)$/.test(object.callee.name) ? object.args[0] : undefined;
  return index !== undefined && usesName(index, key);
}

/** `person = people[id]; for other in person.friends`: what belongs to one that was found by its number or key before. */
export function isOfFound(engine: Engine, fn: FunctionIr, iterable: Expression, key: string): boolean {
  if (isFoundBy(iterable, key)) {
    return true;
  }
  const owner = iterable.kind === 'member' && iterable.object.kind === 'name' ? iterable.object.name : undefined;
  const settingOf = (name: string): Expression | undefined => {
    const updates = engine.changes(fn.body).updates.get(name) ?? [];
    return updates.length === 1 && updates[0]?.motion === 'set' ? updates[0].amount : undefined;
  };
  const indexOf = (found: Expression | undefined): Expression | undefined => (found?.kind === 'index' ? found.index : found?.kind === 'call' && found.callee.kind === 'member' && /^(?:get|at)$/.test(found.callee.name) ? found.args[0] : undefined);
  const index = owner === undefined ? undefined : indexOf(settingOf(owner));
  // The place may have been looked up by the key itself.
  return index !== undefined && (usesName(index, key) || (index.kind === 'name' && [indexOf(settingOf(index.name))].some((place) => place !== undefined && usesName(place, key))));
}

function isRangeCall(expression: Expression): boolean {
  return rangeArguments(expression) !== undefined;
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
