import { add, type Growth, maximum, one } from '../algebra/bigO';
import { quietly } from '../loops/bound';
import type { Mutation } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { magnitude } from '../following/values';
import { holds, keyOf, namesIn } from '../program/visit';
import { isSizeOf } from '../loops/worklists';
import { Memo } from '../program/memo';

/** What no collection of this name becomes longer than, by block and name; none where a push is not followed by a test. */
const known = new Memo<Block, Map<string, readonly Expression[] | undefined>>();

/**
 * How many items a collection holds at most that the loop at hand puts items into: `heap.push(x); if (heap.size() > k) heap.pop();`
 * or `if (heap.size() < k) heap.push(x)`. Undefined where some item is put in without a test.
 */
export function heldTo(engine: Engine, place: Expression | undefined, block: Block | undefined = engine.openLoops()[0]?.body): Growth | undefined {
  if (block === undefined || place === undefined) {
    return undefined;
  }
  let limits = known.get(block);
  if (limits === undefined) {
    limits = new Map();
    known.set(block, limits);
  }
  const key = keyOf(place);
  if (!limits.has(key)) {
    limits.set(key, limitsOf(engine, block, key));
  }
  return limits.get(key)?.reduce<Growth>((most, limit) => maximum(most, add(magnitude(quietly(engine, limit)), one)), one);
}

function limitsOf(engine: Engine, block: Block, key: string): readonly Expression[] | undefined {
  const { mutations, updates } = engine.changes(block);
  const own = mutations.filter((mutation) => keyOf(mutation.object) === key);
  const pushes = own.filter(({ effect }) => effect === 'push');
  if (pushes.length === 0 || own.some(({ effect }) => effect === 'extend') || updates.has(key)) {
    return undefined;
  }
  const found: Expression[] = [];
  for (const push of pushes) {
    const limits = capsOn(engine, block, push, key, []);
    if (limits === undefined) {
      return undefined;
    }
    found.push(...limits);
  }
  return found.length > 0 && !found.some((limit) => [...namesIn(limit)].some((name) => updates.has(name))) ? found : undefined;
}

/** The limits that hold after a push; none of them where as much is taken out beside it. Undefined where nothing limits it. */
function capsOn(engine: Engine, block: Block, push: Mutation, key: string, after: readonly Expression[]): readonly Expression[] | undefined {
  const at = block.findIndex((statement) => holds(statement, push.object));
  const holder = block[at];
  if (holder === undefined) {
    return undefined;
  }
  const rest = block.slice(at + 1);
  const end = rest.findIndex((statement) => goesOnEarly([statement]));
  const later = [...rest.slice(0, end < 0 ? rest.length : end).flatMap((statement) => capOf(engine, statement, key) ?? []), ...(end < 0 ? after : [])];
  switch (holder.kind) {
    case 'if': {
      const isThen = holder.then.some((statement) => holds(statement, push.object));
      const room = isThen ? roomIn(holder.condition, key) : undefined;
      const inner = isThen ? holder.then : holder.else;
      return room === undefined ? capsOn(engine, inner, push, key, goesOnEarly(inner) ? [] : later) : [room];
    }
    case 'block':
      return capsOn(engine, holder.body, push, key, later);
    case 'for':
    case 'while':
    case 'forEach':
      return capsOn(engine, holder.body, push, key, []);
    case 'expression':
    case 'assign':
    case 'declare':
      return later.length > 0 ? later : takesOne(engine, block.filter((statement) => statement !== holder), key) ? [] : undefined;
    default:
      return undefined;
  }
}

function goesOnEarly(block: Block): boolean {
  return block.some((statement) => statement.kind === 'continue' || statement.kind === 'break' || statement.kind === 'switch' || statement.kind === 'try' || (statement.kind === 'if' && (goesOnEarly(statement.then) || goesOnEarly(statement.else))) || (statement.kind === 'block' && goesOnEarly(statement.body)));
}

/** `if (heap.size() > k) heap.pop()`: its limit. */
function capOf(engine: Engine, statement: Statement, key: string): Expression | undefined {
  const inner = statement.kind === 'if' ? statement.then : statement.kind === 'while' ? statement.body : undefined;
  return (statement.kind === 'if' || statement.kind === 'while') && inner !== undefined && takesOne(engine, inner, key) ? limitIn(statement.condition, key, /^(?:>=?|==)$/, /^(?:<=?|==)$/) : undefined;
}

/** `heap.size() < k`: how many are in it once one more was put in. */
function roomIn(condition: Expression, key: string): Expression | undefined {
  if (condition.kind === 'binary' && condition.operator === '&&') {
    return roomIn(condition.left, key) ?? roomIn(condition.right, key);
  }
  return limitIn(condition, key, /^<=?$/, /^>=?$/);
}

/** What the size of the collection is compared with. */
function limitIn(condition: Expression, key: string, sizeFirst: RegExp, sizeLast: RegExp): Expression | undefined {
  if (condition.kind !== 'binary') {
    return undefined;
  }
  const isSize = (side: Expression): boolean => {
    const collection = isSizeOf(side);
    return collection !== undefined && keyOf(collection) === key;
  };
  return isSize(condition.left) && sizeFirst.test(condition.operator) ? condition.right : isSize(condition.right) && sizeLast.test(condition.operator) ? condition.left : undefined;
}

function takesOne(engine: Engine, block: Block, key: string): boolean {
  return engine.changes(block).mutations.some((mutation) => keyOf(mutation.object) === key && (mutation.effect === 'pop' || mutation.effect === 'remove') && !mutation.conditional && mutation.loops.length === 0);
}
