import { type Growth, isConstant, size, someSize } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import type { Update } from '../program/changes';
import type { Engine } from '../following/engine';
import { asksForKeys } from './guards';
import { partOf } from '../loops/distance';
import { addUpTo } from './linearSums';
import { evaluate } from '../following/expressions';
import type { Block, Expression, FunctionIr } from '../program/ir';
import { namesOf, type Site } from './transitions';
import { isCollection, type Scope } from '../following/values';
import { alwaysExits, keyOf, lookup, usesName, visitBlock, visitExpression } from '../program/visit';

/** `for v in neighbours(u): if v != parent: f(v, u)`: the call passes on where it came from, and that is compared with. */
export function distinctParent(fn: FunctionIr, at: number, varying: readonly number[], sites: readonly Site[]): boolean {
  const node = fn.params[at]?.name;
  const isNode = (arg: Expression | undefined): boolean => arg?.kind === 'name' && arg.name === node;
  const parents = new Set(varying.filter((position) => position !== at && sites.some((site) => isNode(site.call.args[position]))).map((position) => fn.params[position]?.name ?? ''));
  // `if (edge == from) continue; f(ends[edge], edge)`: the link by which it came; the way back may be the one beside it, `from ^ 1`.
  const turned = (side: Expression): Expression => (side.kind === 'binary' && side.operator === '^' && side.right.kind === 'literal' ? side.left : side);
  const isSameEdge = (side: Expression, other: Expression): boolean => {
    const position = fn.params.findIndex((param) => param.name === keyOf(turned(side)));
    return position >= 0 && position !== at && varying.includes(position) && keyOf(turned(other)) !== node && sites.every(({ call }) => call.args[position] !== undefined && keyOf(turned(call.args[position])) === keyOf(turned(other)));
  };
  let compared = false as boolean;
  visitBlock(fn.body, {
    intoFunctions: true,
    expression: (inner) => {
      if (inner.kind === 'binary' && (inner.operator === '!=' || inner.operator === '==')) {
        compared ||= [inner.left, inner.right].some((side) => parents.has(keyOf(side))) || [[inner.left, inner.right], [inner.right, inner.left]].some(([side, other]) => side !== undefined && other !== undefined && isSameEdge(side, other));
      }
      return !compared;
    },
  });
  return compared;
}

/** A list that grows before the recursive call and shrinks after it, or a mark that is set and taken away: every path is tried. */
export function takesBack(engine: Engine, fn: FunctionIr): boolean {
  const blocks: Block[] = [fn.body];
  visitBlock(fn.body, {
    intoFunctions: true,
    expression: (inner) => {
      for (const arg of inner.kind === 'call' ? inner.args : []) {
        if (arg.kind === 'lambda') {
          blocks.push(arg.function.body);
        }
      }
      return undefined;
    },
  });
  const mutations = blocks.flatMap((block) => engine.changes(block).mutations);
  const marked = new Set(blocks.flatMap((block) => [...engine.changes(block).updates].flatMap(([name, moves]) => (name.includes('[') && moves.some(({ motion, amount }) => motion === 'set' && amount?.kind === 'literal') ? [name.slice(0, name.indexOf('['))] : []))));
  if (mutations.some(({ effect, root }) => effect === 'remove' && marked.has(root))) {
    return true;
  }
  if (blocks.some((block) => [...engine.changes(block).updates].some(([name, moves]) => name.includes('[') && takesAway(moves) && !asksForKeys(fn.body, name.slice(0, name.indexOf('[')))))) {
    return true;
  }
  return mutations.some((push) => push.effect === 'push' && mutations.some((pop) => (pop.effect === 'pop' || pop.effect === 'remove') && pop.root === push.root));
}

/** `if (u == goal) return …`: what ends the search is one place, to which several ways may lead. */
export function endsAtTarget(fn: FunctionIr, at: number): boolean {
  const name = fn.params[at]?.name ?? '';
  const isTarget = (expression: Expression): boolean => expression.kind === 'name' || (expression.kind === 'binary' && expression.operator === '-' && expression.right.kind === 'literal' && expression.left.kind !== 'literal');
  return fn.body.some((statement) => {
    if (statement.kind !== 'if' || !alwaysExits(statement.then) || statement.condition.kind !== 'binary' || statement.condition.operator !== '==') {
      return false;
    }
    const { left, right } = statement.condition;
    return (keyOf(left) === name && isTarget(right)) || (keyOf(right) === name && isTarget(left));
  });
}

/** A parameter that counts the steps ends the recursion: what is followed, a tree or not, would not end by itself. */
export function countsOut(fn: FunctionIr, sites: readonly Site[]): boolean {
  const counters = new Set(fn.params.filter((_, at) => sites.every((site) => site.transitions[at] === 'down' || site.transitions[at] === 'up')).map((param) => param.name));
  let found = false as boolean;
  visitBlock(fn.body, {
    statement: (statement) => {
      if (statement.kind === 'if' && alwaysExits(statement.then)) {
        visitExpression(statement.condition, {
          expression: (inner) => {
            found ||= inner.kind === 'binary' && ['<', '<=', '>', '>=', '=='].includes(inner.operator) && [inner.left, inner.right].some((side) => side.kind === 'name' && counters.has(side.name));
            return !found;
          },
        });
      }
      return !found;
    },
  });
  return found;
}

/** `left[x] -= 1` and `left[x] += 1`, or `used[x] = true` and `used[x] = false`. */
function takesAway(moves: readonly Update[]): boolean {
  const literals = new Set(moves.flatMap(({ amount, motion }) => (motion === 'set' && amount?.kind === 'literal' ? [amount.value] : [])));
  return (moves.some((move) => move.motion === 'up') && moves.some((move) => move.motion === 'down')) || (literals.size > 1 && [false, 0].some((value) => literals.has(value)));
}

export function treeSize(engine: Engine, fn: FunctionIr, scope: Scope): Growth {
  let found: Growth | undefined;
  const tables: Expression[] = [];
  visitBlock(fn.body, {
    statement: (statement) => {
      const iterable = statement.kind === 'forEach' ? (statement.iterable.kind === 'member' ? statement.iterable.object : statement.iterable) : undefined;
      const object = iterable?.kind === 'index' ? iterable.object : iterable?.kind === 'call' && iterable.callee.kind === 'member' && iterable !== (statement.kind === 'forEach' ? statement.iterable : undefined) ? iterable.callee.object : undefined;
      if (object !== undefined && found === undefined) {
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
    expression: (inner) => {
      const place = found === undefined ? lookup(inner) : undefined;
      if (place?.index.kind === 'name' && fn.params.some((param) => param.name === keyOf(place.index))) {
        tables.push(place.object);
      }
      return undefined;
    },
  });
  for (const table of found === undefined ? tables : []) {
    const outer = engine.scope;
    engine.scope = scope;
    const value = quietly(engine, table);
    engine.scope = outer;
    // The size of one that the recursion writes to is open: it was fixed before, or is not known.
    if (isCollection(value) && value.size !== undefined && !isConstant(value.size) && !someSize(value.size, (name) => engine.begun.has(name))) {
      return value.size;
    }
  }
  return found ?? size('n');
}

/** What a local name stands for that is given a value once, and not in a loop; anything else is itself. */
export function named(engine: Engine, fn: FunctionIr, arg: Expression, level = 0): Expression {
  const updates = arg.kind === 'name' && level < 3 && !fn.params.some((param) => param.name === arg.name) ? (engine.changes(fn.body).updates.get(arg.name) ?? []) : [];
  const [only] = updates;
  return only?.amount !== undefined && updates.length === 1 && only.loops.length === 0 && only.motion === 'set' ? named(engine, fn, only.amount, level + 1) : arg;
}

/** Two calls, one on what is left of a place and one on what is right of it: `f(l, m - 1)` and `f(m + 1, r)`. */
export function isPartition(engine: Engine, fn: FunctionIr, sites: readonly Site[]): boolean {
  if (sites.length !== 2) {
    return false;
  }
  const [first, second] = sites.map((site) => site.call.args.map((arg) => named(engine, fn, settingBefore(engine, fn.body, site.call, arg))));
  const kept = (args: readonly Expression[] | undefined, at: number): boolean => {
    const arg = args?.[at];
    const name = fn.params[at]?.name ?? '';
    return arg !== undefined && ((arg.kind === 'name' && arg.name === name) || (arg.kind === 'binary' && arg.right.kind === 'literal' && keyOf(arg.left) === name));
  };
  const isParameter = (arg: Expression | undefined): boolean => arg?.kind === 'name' && fn.params.some((param) => param.name === arg.name);
  const left: Expression[] = [];
  const right: Expression[] = [];
  const ownSums = { left: 0, right: 0 };
  fn.params.forEach((param, at) => {
    if (param.type !== undefined && param.type.kind !== 'number' && param.type.kind !== 'unknown' && param.type.kind !== 'object') {
      return;
    }
    const a = kept(first, at);
    const b = kept(second, at);
    // Parameters that only change places say nothing of a range.
    const [cut, side] = a && !b ? [second?.[at], 'left' as const] : b && !a ? [first?.[at], 'right' as const] : [undefined, 'left' as const];
    if (cut !== undefined && !isParameter(cut)) {
      (side === 'left' ? left : right).push(cut);
      ownSums[side] += cut.kind === 'binary' && cut.operator === '+' && usesName(cut, param.name) ? 1 : 0;
    }
  });
  // `f(i + 1, a + x, b)` and `f(i + 1, a, b + x)` add to one sum or to the other; a range is cut at one place for both.
  const isSum = ownSums.left === left.length && ownSums.right === right.length && !left.some((cut) => right.some((other) => placeOf(cut) === placeOf(other)));
  if (left.length > 0 && right.length > 0 && !isSum) {
    return true;
  }
  // f(…, k) and f(…, n - 1 - k): the sizes add up to less than n. xs[:m] and xs[m + 1:] do, too.
  return fn.params.some((param, at) => {
    const [x, y] = [first?.[at], second?.[at]];
    if (x !== undefined && y !== undefined && [[x, y], [y, x]].some(([rest, part]) => rest?.kind === 'binary' && rest.operator === '-' && usesName(rest.left, param.name) && part !== undefined && !usesName(part, param.name) && part.kind !== 'literal' && [...namesOf(part)].every((name) => usesName(rest, name)))) {
      return true;
    }
    const given = sites.map((site) => site.call.args[at]);
    if (given[0] !== undefined && given[1] !== undefined && !given.some((arg) => arg?.kind === 'binary' && arg.right.kind === 'literal' && keyOf(arg.left) === param.name) && addUpTo(engine.changes(fn.body), given[0], given[1], param.name)) {
      return true;
    }
    const [left, right] = [x, y].map((each) => (each === undefined ? undefined : partOf(each)));
    return left !== undefined && right !== undefined && keyOf(left.object) === param.name && keyOf(right.object) === param.name && (endsBefore(left.to, right.from) || endsBefore(right.to, left.from));
  });
}

/** Whether a part that ends at `to` can lie before one that begins at `from`: `xs[:m]` and `xs[m + 1:]`, not `xs[:-1]` and `xs[1:]`. */
function endsBefore(to: Expression | undefined, from: Expression | undefined): boolean {
  if (to === undefined || from === undefined) {
    return false;
  }
  const [end, begin] = [to, from].map((place) => (place.kind === 'literal' ? Number(place.value) : place.kind === 'unary' && place.operand.kind === 'literal' ? -Number(place.operand.value) : undefined));
  return end === undefined && begin === undefined ? true : end !== undefined && begin !== undefined && end >= 0 && end <= begin;
}

/** A place without the steps of one around it: `m` of `m - 1` and of `m + 1`. */
function placeOf(cut: Expression): string {
  return cut.kind === 'binary' && (cut.operator === '+' || cut.operator === '-') && cut.right.kind === 'literal' ? placeOf(cut.left) : keyOf(cut);
}

/** What the name `arg` was last set to before `call`, in its block or one around it; `arg` itself where that is not plain. */
function settingBefore(engine: Engine, block: Block, call: Expression, arg: Expression): Expression {
  if (arg.kind !== 'name' || !engine.changes(block).updates.has(arg.name)) {
    return arg;
  }
  const calls = new Set([call]);
  let last: Expression = arg;
  const scan = (inner: Block): void => {
    for (const statement of inner) {
      if (countCalls([statement], calls) > 0) {
        const inside = statement.kind === 'if' ? [statement.then, statement.else] : statement.kind === 'block' ? [statement.body] : [];
        if (statement.kind !== 'if' && statement.kind !== 'block' && engine.changes([statement]).updates.has(arg.name)) {
          last = arg;
        }
        for (const each of inside.filter((other) => countCalls(other, calls) > 0)) {
          scan(each);
        }
        return;
      }
      if (statement.kind === 'declare' && statement.name === arg.name) {
        last = statement.value ?? arg;
      } else if (statement.kind === 'assign' && statement.operator === undefined && statement.target.kind === 'name' && statement.target.name === arg.name) {
        last = statement.value;
      } else if (engine.changes([statement]).updates.has(arg.name)) {
        last = arg;
      }
    }
  };
  scan(block);
  return last;
}

/** Two calls on lists that were filled from the items of the parameter: those left and those right of a pivot. */
export function splitsList(engine: Engine, fn: FunctionIr, sites: readonly Site[]): boolean {
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

/** Both recursive calls stand under comparisons of the middle with the bounds of the query. */
export function isRangeQuery(fn: FunctionIr, sites: readonly Site[]): boolean {
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

/** How many of `calls` stand in the block. */
export function countCalls(block: Block, calls: ReadonlySet<Expression>): number {
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

/** A table of flags that is set before and cleared after the call: each item is used once along a path. */
export function usedFlags(fn: FunctionIr): boolean {
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
