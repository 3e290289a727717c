import { add, constant, exponential, type Growth, isConstant } from './bigO';
import type { Mutation } from './changes';
import type { Engine } from './engine';
import type { Block, Expression } from './ir';
import { elementOf, isCollection, sizeOf } from './values';
import { rootOf } from './visit';

/**
 * Collections inside a collection that the loop adds to: what is asked of them earlier in a round sees what earlier rounds
 * put in. Those that belong to one round alone (`rows[i]` in a loop over `i`) begin empty.
 */
export function fillAhead(engine: Engine, run: { readonly trips: Growth; readonly block: Block; readonly distinct?: ReadonlySet<string> | undefined }): void {
  if (isConstant(run.trips) || run.block.length === 0) {
    return;
  }
  for (const mutation of engine.changes(run.block).mutations) {
    multiplyRows(engine, mutation);
    if (mutation.object.kind !== 'index' || !(mutation.effect === 'push' || mutation.effect === 'extend') || (mutation.object.index.kind === 'name' && run.distinct?.has(mutation.object.index.name) === true)) {
      continue;
    }
    const container = engine.value(mutation.root) ?? engine.receiver?.fields?.get(mutation.root.replace(/^this\./, ''));
    const inner = container !== undefined && isCollection(container) ? container.element : undefined;
    if (inner?.size !== undefined && isCollection(inner) && isConstant(inner.size)) {
      inner.size = add(inner.size, run.trips);
    }
  }
}

/** `for a in rows[i]: for b in rows[k - i]: rows[k].append(a + b)`: a row has as many items as the products of rows before it. */
function multiplyRows(engine: Engine, mutation: Mutation): void {
  const isRow = (place: Expression): boolean => (place.kind === 'call' && place.callee.kind === 'member' && place.callee.name.startsWith('@') ? isRow(place.callee.object) : rootOf(place) === mutation.root && (place.kind === 'index' || (place.kind === 'call' && place.args.length === 1)));
  if ((mutation.effect !== 'push' && mutation.effect !== 'extend') || !isRow(mutation.object) || mutation.loops.filter((loop) => loop.kind === 'forEach' && isRow(loop.iterable)).length < 2) {
    return;
  }
  const container = engine.value(mutation.root) ?? engine.receiver?.fields?.get(mutation.root.replace(/^this\./, ''));
  const row = container === undefined || !isCollection(container) ? undefined : elementOf(container);
  if (container !== undefined && row !== undefined && isCollection(row) && !isConstant(sizeOf(container))) {
    row.size = exponential(constant(2), sizeOf(container));
    container.total = row.size;
  }
}
