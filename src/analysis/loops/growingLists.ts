import { callOf, memberOf } from '../program/build';
import type { Engine } from '../following/engine';
import type { Expression, Statement } from '../program/ir';
import { Memo } from '../program/memo';

type ForEach = Statement & { kind: 'forEach' };

/** Languages whose loops over a list go on to what is put in meanwhile. */
const goesOn: ReadonlySet<string> = new Set(['python', 'javascript', 'typescript', 'tsx', 'ruby']);

const drains = new Memo<ForEach, Statement & { kind: 'while' }>();

/**
 * `for state in todo: … todo.append(other)`: a work list that nothing is taken out of. The loop over its items runs as
 * often as one that takes them out until it is empty; that loop, or undefined where the list does not grow.
 */
export function asWorklist(engine: Engine, statement: ForEach): (Statement & { kind: 'while' }) | undefined {
  const { body, lines, target } = statement;
  const iterable = listOf(statement.iterable);
  if (iterable.kind !== 'name' || !goesOn.has(engine.program.language)) {
    return undefined;
  }
  const { mutations, updates } = engine.changes(body);
  const own = mutations.filter(({ root }) => root === iterable.name);
  const grows = own.some(({ effect, object }) => effect === 'push' && object.kind === 'name');
  const kind = engine.value(iterable.name)?.kind;
  if (!grows || updates.has(iterable.name) || own.some(({ effect }) => effect === 'pop' || effect === 'remove' || effect === 'clear') || (kind !== 'list' && kind !== 'array')) {
    return undefined;
  }
  let drain = drains.get(statement);
  if (drain === undefined) {
    const taken: Statement = { kind: 'assign', lines, target, value: callOf(memberOf(iterable, 'pop', lines), [], lines) };
    drain = { kind: 'while', lines, condition: iterable, body: [taken, ...body], testLast: false };
    drains.set(statement, drain);
  }
  return drain;
}

/** `@items` is what a lowering puts around a list whose items are taken apart. */
function listOf(iterable: Expression): Expression {
  return iterable.kind === 'call' && iterable.callee.kind === 'member' && iterable.callee.name === '@items' && iterable.args.length === 0 ? iterable.callee.object : iterable;
}
