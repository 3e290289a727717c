import { constantValue, isConstant, multiply, one, type Growth } from '../algebra/bigO';
import { type Engine, valueNamed } from '../following/engine';
import { everyCallGuarded, turnsAway } from './guardedCalls';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import { type Library, operationFor } from '../library';
import { addRoot, hasFixedPlace, insertion, testedFields, testedRoots } from './testedRoots';
import { elementOf, fixedCapacity, isCollection, sizeOf, type Value } from '../following/values';
import { holds, holdsAny, keyOf, namesIn, rootOf, usesName, visitBlock, visitExpression } from '../program/visit';

/** A table or set outside of a recursion by which each state is worked on once. */
export interface StateGuard {
  readonly kind: 'memo' | 'visited';
  readonly container: string;
  /** Number of states, where the table says it. */
  readonly domain: Growth | undefined;
  /** Names that the key of a state is made of, where one can be seen. */
  readonly keys: ReadonlySet<string>;
  /** Marked with constants, or holding results that are given back. */
  readonly isPlain: boolean;
}

interface Write {
  readonly key: string;
  readonly target: Expression;
  readonly value: Expression | undefined;
  readonly order: number;
  readonly removes: boolean;
  /** `+` or `-` where it counts up or down. */
  readonly operator: string | undefined;
  /** Put in by a method, as opposed to an assignment. */
  readonly isAdded: boolean;
  /** No call comes after it, as the function is left. */
  readonly isLast: boolean;
}

const removal = new Set([
  'remove', 'discard', 'delete', 'erase', 'pop', 'Remove', 'delete?', 'reset', 'unset', 'RemoveAt', 'RemoveLast', 'RemoveRange', 'removeLast', 'removeFirst', 'pollLast', 'pop_back', 'pop_front', 'Pop', 'delete_at', 'truncate',
]);

/** Languages in which a variable that is set to an entry may hold a copy of it. */
const copying: ReadonlySet<string> = new Set(['cpp', 'go', 'rust', 'csharp', 'php']);

/** Writes to tables and sets, and recursive calls, in the order of the text. */
function eventsOf(block: Block, calls: ReadonlySet<Expression>, library: Library, isShared: boolean): { writes: Write[]; callOrders: number[]; returned: Set<string> } {
  const writes: Write[] = [];
  const callOrders: number[] = [];
  const returned = new Set<string>();
  let order = 0;
  const last = new Set<Statement>();
  beforeLeaving(block, calls, last);
  let at: Statement | undefined;
  const fields = testedFields(block);
  const write = (target: Expression, given: Expression | undefined, removes: boolean, operator?: string, isAdded = false, key = keyOf(target)): void => {
    let value = given;
    while (value?.kind === 'assign') {
      value = value.value;
    }
    writes.push({ key, target, value, order, removes, operator: operator ?? stepFrom(target, value), isAdded, isLast: at !== undefined && last.has(at) });
  };
  // Names of values that were taken from a place, and of those the names that stand for the place itself.
  const aliases = new Map<string, Expression>();
  const references = new Set<string>();
  visitBlock(block, {
    intoFunctions: true,
    statement: (statement) => {
      order += 1;
      at = statement;
      if (statement.kind === 'declare' && statement.value?.kind === 'index') {
        aliases.set(statement.name, statement.value);
        if (statement.byReference === true) {
          references.add(statement.name);
        }
      }
      if (statement.kind === 'assign') {
        if (statement.target.kind === 'index') {
          write(statement.target, statement.value, false, statement.operator);
        } else if (statement.target.kind === 'member') {
          // `cells[y][x].seen = true`: a mark in an entry, which may have another name.
          const { object, name } = statement.target;
          const entry = object.kind === 'name' && (isShared || references.has(object.name)) ? aliases.get(object.name) : object;
          if (entry?.kind === 'index' && fields.has(`${rootOf(entry) ?? ''}.${name}`)) {
            write(entry, statement.value, false, statement.operator, false, `${keyOf(entry)}.${name}`);
          }
        } else if (statement.target.kind === 'name') {
          const alias = aliases.get(statement.target.name);
          if (alias !== undefined && references.has(statement.target.name)) {
            write(alias, statement.value, false);
          }
        }
      } else if (statement.kind === 'delete' && statement.target.kind === 'index') {
        write(statement.target, undefined, true);
      } else if (statement.kind === 'return' && statement.value !== undefined) {
        visitExpression(statement.value, {
          expression: (inner) => {
            const alias = inner.kind === 'name' ? aliases.get(inner.name) : undefined;
            if (inner.kind === 'index' || (inner.kind === 'call' && inner.callee.kind === 'member' && inner.callee.name === 'get')) {
              addRoot(returned, inner.kind === 'index' ? inner.object : inner.callee);
            } else if (alias !== undefined) {
              addRoot(returned, alias);
            }
            return undefined;
          },
        });
      }
      return undefined;
    },
    expression: (expression) => {
      if (calls.has(expression)) {
        order += 1;
        callOrders.push(order);
        order += 1;
      }
      const alias = expression.kind === 'assign' && expression.target.kind === 'name' && references.has(expression.target.name) ? aliases.get(expression.target.name) : undefined;
      if (expression.kind === 'assign' && (expression.target.kind === 'index' || alias !== undefined)) {
        write(alias ?? expression.target, expression.value, false, expression.operator);
      } else if (expression.kind === 'call' && expression.callee.kind === 'member') {
        const { name, object } = expression.callee;
        if (insertion.has(name) && expression.args.length > 0) {
          const [first] = expression.args;
          if (first !== undefined) {
            write({ kind: 'index', lines: expression.lines, object, index: first }, expression.args[1], false, undefined, true);
          }
        } else if (removal.has(name) || takesAway(library, name)) {
          write({ kind: 'index', lines: expression.lines, object, index: expression.args[0] ?? expression }, undefined, true);
        }
      }
      return undefined;
    },
  });
  return { writes, callOrders, returned };
}

/** Statements of blocks that leave the function, behind the last call in them: `if (…) { done[k] = true; return true; }`. */
function beforeLeaving(block: Block, calls: ReadonlySet<Expression>, last: Set<Statement>): void {
  const end = block[block.length - 1];
  const isLeft = end?.kind === 'return' || end?.kind === 'throw';
  for (let at = block.length - 1; isLeft && at >= 0; at--) {
    const statement = block[at];
    if (statement === undefined || holdsAny(statement, calls)) {
      break;
    }
    last.add(statement);
  }
  for (const statement of block) {
    const inside = statement.kind === 'if' ? [statement.then, statement.else] : statement.kind === 'while' || statement.kind === 'for' || statement.kind === 'forEach' || statement.kind === 'block' ? [statement.body] : [];
    inside.forEach((inner) => {
      beforeLeaving(inner, calls, last);
    });
  }
}

/** A method that takes an item out of a collection, whatever the language calls it: `removeLast`, `pop_back`, `shift`. */
function takesAway(library: Library, name: string): boolean {
  if (!Object.hasOwn(library.methods, name)) {
    return false;
  }
  const effects = (['list', 'deque', 'set', 'map'] as const).map((kind) => operationFor(library.methods[name], kind)?.effect);
  return effects.some((effect) => effect === 'pop' || effect === 'remove');
}

/** `m[k] = m[k] - 1` and `m.put(k, m.get(k) - 1)` count up or down like `m[k] -= 1`. */
function stepFrom(target: Expression, value: Expression | undefined): string | undefined {
  if (value?.kind !== 'binary' || (value.operator !== '+' && value.operator !== '-') || target.kind !== 'index') {
    return undefined;
  }
  const { left } = value;
  const isAsked = left.kind === 'call' && left.callee.kind === 'member' && /^get(?:OrDefault)?$/.test(left.callee.name) && left.args[0] !== undefined && keyOf(left.callee.object) === keyOf(target.object) && keyOf(left.args[0]) === keyOf(target.index);
  return isAsked || keyOf(left) === keyOf(target) ? value.operator : undefined;
}

function isTruthyNumber(value: Expression | undefined): boolean {
  return value?.kind === 'literal' && typeof value.value === 'number' && value.value > 0;
}

/** `best[i] = max(best[i], x)` goes on from what is there: it takes nothing back. */
function readsPlace(value: Expression | undefined, key: string): boolean {
  let found = false as boolean;
  if (value !== undefined && value.kind !== 'unary') {
    visitExpression(value, {
      expression: (inner) => {
        found ||= inner.kind === 'index' && keyOf(inner) === key;
        return !found;
      },
    });
  }
  return found;
}

/** Languages in which an assignment makes a variable of the function at hand. */
const assigningDeclares: ReadonlySet<string> = new Set(['python', 'ruby', 'php']);

/** `key in table`, `table.containsKey(key)`: whether there is an entry, whatever it holds. */
export function asksForKeys(body: Block, root: string): boolean {
  let found = false as boolean;
  visitBlock(body, {
    expression: (inner) => {
      found ||= (inner.kind === 'binary' && (inner.operator === 'in' || inner.operator === 'not in') && rootOf(inner.right) === root) ||
        (inner.kind === 'call' && inner.callee.kind === 'member' && /^(?:has|contains|containsKey|ContainsKey|contains_key|count|TryGetValue|has_key\?|key\?)$/.test(inner.callee.name) && rootOf(inner.callee.object) === root);
      return !found;
    },
  });
  return found;
}

/** `kept ||= {}` leaves alone what is there. */
function isKeptBefore(statement: Statement | undefined): boolean {
  return statement?.kind === 'assign' && (statement.operator === '??' || statement.operator === '||');
}

/** Whether a call is of another function of the program that calls `fn`. */
function leadsBack(engine: Engine, call: Expression & { kind: 'call' }, fn: FunctionIr): boolean {
  const nameOf = ({ callee }: Expression & { kind: 'call' }): string => (callee.kind === 'name' || (callee.kind === 'member' && keyOf(callee.object) === 'this') ? callee.name : '');
  const [other] = nameOf(call) === '' || nameOf(call) === fn.name ? [] : engine.functionsNamed(nameOf(call));
  return other !== undefined && other !== fn && engine.changes(other.body).calls.some((each) => nameOf(each) === fn.name);
}

/** Whether a call leaves out the table, where the function then makes one of its own: `def f(n, kept=None)` with `f(n - 1)`. */
function isMadeForEach(fn: FunctionIr, calls: readonly Expression[], root: string): boolean {
  const at = fn.params.findIndex((param) => param.name === root);
  const given = fn.params[at]?.defaultValue;
  return given?.kind === 'literal' && given.value === null && calls.some((call) => call.kind === 'call' && call.args[at] === undefined && call.names?.includes(root) !== true);
}

/** Finds the table or set by which `fn` works on each state once; none where marks are taken back after the call. */
export function stateGuard(engine: Engine, fn: FunctionIr, calls: readonly Expression[], varying: ReadonlySet<string>): StateGuard | undefined {
  const body = fn.body;
  const tested = testedRoots(body);
  if (tested.size === 0) {
    return undefined;
  }
  const callSet = new Set(calls);
  const ways = engine.changes(body).calls.filter((call) => leadsBack(engine, call, fn));
  const { writes, callOrders, returned } = eventsOf(body, ways.length === 0 ? callSet : new Set<Expression>([...calls, ...ways]), engine.library, !copying.has(engine.program.language));
  const locals = new Set<string>();
  for (const [name, updates] of engine.changes(body).updates) {
    const isMadeHere = updates.some((update) => !isKeptBefore(update.statement) && (update.declares || assigningDeclares.has(engine.program.language)) && update.loops.length === 0 && update.amount !== undefined && update.amount.kind !== 'index' && engine.value(name)?.element === undefined && (update.declares || !isOuter(engine, name)));
    if (isMadeHere) {
      locals.add(name);
    }
  }
  let takesBack = false;
  const candidates: StateGuard[] = [];
  for (const root of tested) {
    if (locals.has(root) || varying.has(root) || isMadeForEach(fn, calls, root)) {
      continue;
    }
    // `best[0] = cost` keeps one result for all states: it is no mark of any.
    const mine = writes.filter((write) => rootOf(write.target) === root && (write.removes || !hasFixedPlace(write.target)));
    if (!mine.some((write) => !write.removes)) {
      continue;
    }
    // Where it is asked whether there is an entry, another value in it takes nothing back. One write alone is not undone.
    const isKeyed = mine.length > 1 && asksForKeys(body, root);
    const undone = mine.length > 1 && mine.some((mark) => !mark.isLast &&
      mine.some(
        (undo) =>
          undo !== mark && !standApart(body, mark.target, undo.target) && !isResultBetween(mine, mark, undo) && (undo.removes || mark.removes || !isKeyed) && undo.order > mark.order && !containsCall(undo.value, callSet) &&
          (mark.removes ? !undo.removes && undo.operator === undefined && undo.isAdded : undo.removes || ((undo.key === mark.key || calls.some((call) => isPlaceOfCall(fn, call, mark.target, undo.target))) && (undo.operator !== undefined || mark.operator !== undefined ? isReversed(mark, undo) : !isTruthyNumber(undo.value) && !readsPlace(undo.value, undo.key) && (isMark(mark.value) || (isRestored(undo.value) && isKept(engine, body, undo.value, mark.key) && !containsCall(mark.value, callSet)))))) &&
          callOrders.some((order) => order > mark.order && order < undo.order) &&
          (undo.removes || mark.removes || undo.operator !== undefined || !turnsAway(engine, fn, callSet, root, undo.value)),
      ),
    );
    if (undone) {
      takesBack = true;
      continue;
    }
    const written = mine.find((write) => !write.removes && write.target.kind === 'index');
    const kind = returned.has(root) ? 'memo' : 'visited';
    // `text[i] = upper(text[i])` changes what is there; it is no mark.
    if (kind === 'visited' && mine.every((write) => !write.removes && write.value?.kind === 'call' && readsPlace(write.value, write.key))) {
      continue;
    }
    if (kind === 'visited' && !everyCallGuarded(body, new Set(calls), root)) {
      continue;
    }
    // Next to marks that are taken back, a table of results of the path at hand is no mark.
    const isPlain = kind === 'memo' || mine.every((write) => write.removes || isMark(write.value));
    candidates.push({ kind, container: root, domain: written === undefined ? undefined : domainOf(engine, root, written.target), keys: keyNames(engine, body, written?.target), isPlain });
  }
  return candidates.find((candidate) => candidate.isPlain) ?? (takesBack ? undefined : candidates[0]);
}

/** Of two branches only one runs: what the other one writes takes nothing back. */
function standApart(body: Block, one: Expression, other: Expression): boolean {
  let found = false as boolean;
  visitBlock(body, {
    statement: (statement) => {
      if (statement.kind === 'if' && statement.else.length > 0) {
        const inThen = statement.then.some((each) => holds(each, one) || holds(each, other));
        const inElse = statement.else.some((each) => holds(each, one) || holds(each, other));
        found ||= inThen && inElse;
      }
      return !found;
    },
  });
  return found;
}

/** `best[i] = Infinity; best[i] = min(best[i], f(…)); best[i] -= 1`: what is counted down is a result. */
function isResultBetween(all: readonly Write[], mark: Write, undo: Write): boolean {
  return undo.operator !== undefined && mark.operator === undefined && all.some((write) => write.order > mark.order && write.order < undo.order && write.key === mark.key && !write.removes && write.operator === undefined && !isMark(write.value));
}

/** Whether `place` is what `own`, found by the parameters, is in a call: `seen[r][c]`, and `seen[nr][nc]` beside `f(nr, nc)`. */
function isPlaceOfCall(fn: FunctionIr, call: Expression, own: Expression, place: Expression): boolean {
  if (own.kind !== 'index' || place.kind !== 'index' || call.kind !== 'call') {
    return own.kind === 'name' && keyOf(own) === keyOf(place);
  }
  const { index } = own;
  const at = index.kind === 'name' ? fn.params.findIndex((param) => param.name === index.name) : -1;
  const given = call.args[at];
  return given !== undefined && keyOf(given) === keyOf(place.index) && isPlaceOfCall(fn, call, own.object, place.object);
}

/** Names in the indices of a place, and what local names among them were made of (`key = (i, j)`). */
function keyNames(engine: Engine, body: Block, target: Expression | undefined): Set<string> {
  const names = new Set<string>();
  for (let at = target; at !== undefined;) {
    if (at.kind === 'index') {
      namesIn(at.index).forEach((name) => names.add(name));
      at = at.object;
    } else if (at.kind === 'call' && at.callee.kind === 'member') {
      // `kept.setdefault(i, {})[j]`
      at.args.forEach((arg) => namesIn(arg).forEach((name) => names.add(name)));
      at = at.callee.object;
    } else {
      break;
    }
  }
  const { updates } = engine.changes(body);
  for (const name of names) {
    for (const update of updates.get(name) ?? []) {
      if (update.amount !== undefined) {
        namesIn(update.amount).forEach((other) => names.add(other));
      }
    }
  }
  return names;
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', '&', '>>', 'in', 'not in']);

/** Whether what the marks in `root` are compared with, or looked up by, uses `name`: then marks of other calls do not count. */
export function marksDependOn(fn: FunctionIr, root: string, name: string): boolean {
  let found = false;
  visitBlock(fn.body, {
    intoFunctions: true,
    expression: (inner) => {
      if (inner.kind === 'binary' && comparisons.has(inner.operator)) {
        const sides = [inner.left, inner.right];
        found = found || (sides.some((side) => mentionsRoot(side, root)) && sides.some((side) => usesName(side, name)));
      } else if (inner.kind === 'index' && rootOf(inner) === root) {
        found = found || usesName(inner.index, name);
      } else if (inner.kind === 'call' && inner.callee.kind === 'member' && rootOf(inner.callee.object) === root) {
        found = found || inner.args.some((arg) => usesName(arg, name));
      }
      return !found;
    },
  });
  return found;
}

function mentionsRoot(expression: Expression, root: string): boolean {
  let found = false;
  visitExpression(expression, {
    expression: (inner) => {
      found = found || ((inner.kind === 'index' || inner.kind === 'name') && rootOf(inner) === root);
      return !found;
    },
  });
  return found;
}

function isOuter(engine: Engine, name: string): boolean {
  return engine.value(name) !== undefined;
}

/** `used[i] += 1` and `used[i] -= 1`; of something that was set, taking away again. */
function isReversed(mark: Write, undo: Write): boolean {
  if (mark.operator === undefined) {
    return (undo.operator === '-' || undo.operator === '^') && isMark(mark.value);
  }
  // `ways[k] += f(…)` and then `ways[k] %= limit` takes nothing back; an assignment does.
  return undo.operator === undefined || reverses[mark.operator]?.includes(undo.operator) === true;
}

/** By which operators what another one did to a place can be taken back. */
const reverses: Readonly<Record<string, string>> = { '+': '-', '-': '+', '^': '^', '|': '^&-', '*': '/', '/': '*', '<<': '>>', '>>': '<<' };

/** Where a name is put back, it may hold what stood in the place before: a name that holds a result does not. */
function isKept(engine: Engine, body: Block, value: Expression | undefined, place: string): boolean {
  const updates = value?.kind === 'name' ? (engine.changes(body).updates.get(value.name) ?? []).filter((update) => update.amount !== undefined) : [];
  return updates.length === 0 || updates.some((update) => update.amount !== undefined && (keyOf(update.amount) === place || update.amount.kind === 'index' || update.amount.kind === 'member'));
}

/** A value put back: a constant, or what was kept in a name or stands somewhere else. */
function isRestored(value: Expression | undefined): boolean {
  return value === undefined || isMark(value) || value.kind === 'name' || value.kind === 'index' || value.kind === 'member';
}

function containsCall(value: Expression | undefined, calls: ReadonlySet<Expression>): boolean {
  let found = false;
  if (value !== undefined) {
    visitExpression(value, {
      expression: (inner) => {
        found = found || calls.has(inner);
        return !found;
      },
    });
  }
  return found;
}

/** A literal, or nothing: what a mark is, as opposed to a result. */
function isMark(value: Expression | undefined): boolean {
  return (
    value === undefined || value.kind === 'literal' || (value.kind === 'unary' && value.operand.kind === 'literal') ||
    (value.kind === 'list' && value.items.length === 0) || (value.kind === 'map' && value.entries.length === 0)
  );
}

/** Number of cells of a table; undefined for sets and maps, and for tables of a fixed capacity. */
export function domainOf(engine: Engine, root: string, target: Expression): Growth | undefined {
  let depth = 0;
  for (let at = target; at.kind === 'index'; at = at.object) {
    depth += at.index.kind === 'list' ? at.index.items.length : 1;
  }
  const value = valueNamed(engine, root);
  if (value === undefined || !isCollection(value) || value.kind === 'map' || value.kind === 'set' || value.kind === 'sortedMap' || value.kind === 'sortedSet') {
    return undefined;
  }
  let domain: Growth = one;
  let at: Value = value;
  let hasRoom = false;
  for (let level = 0; level < depth && isCollection(at); level++) {
    domain = multiply(domain, sizeOf(at));
    const side = constantValue(sizeOf(at)) ?? 0;
    // As many as there are sets of a few things are all of them.
    hasRoom ||= side > fixedCapacity && !Number.isInteger(Math.log2(side));
    at = elementOf(at);
  }
  return isConstant(domain) || hasRoom ? undefined : domain;
}
