import { constant, constantValue, type Growth, sizesIn } from '../algebra/bigO';
import { type Engine, valueNamed } from '../following/engine';
import { fixedCapacity } from '../following/values';
import type { Block, Expression, Statement } from '../program/ir';

/**
 * `for (month = 0; month < until; month++) day += lengths[month]`: a loop whose every round looks at another place of a table
 * that is written out in the code has no more rounds than that has places. Undefined where there is no such table.
 * `counters` are variables that each round moves on, all in one direction. `isEndless`: no condition says how far they go; then a
 * small table that is made (`new int[26]`) has no more places either, where else it may only have room for the largest input.
 */
export function limitedByTable(engine: Engine, body: Block, counters: readonly string[], isEndless = false): Growth | undefined {
  let limit: number | undefined;
  const note = (expression: Expression): void => {
    if (expression.kind === 'index' && expression.object.kind === 'name') {
      const places = placesOf(engine, body, expression.object.name, isEndless);
      const offset = places === undefined ? undefined : offsetFrom(expression.index, counters);
      if (places !== undefined && offset !== undefined) {
        limit = Math.min(limit ?? Infinity, places + offset);
      }
    }
    evaluatedIn(expression).forEach(note);
  };
  for (const statement of body) {
    headOf(statement).forEach(note);
    if (limit !== undefined || mayLeave(statement)) {
      break;
    }
  }
  return limit === undefined ? undefined : constant(limit);
}

/** How many places a table has that is written out, or made with a small number of them, and that the loop leaves as it is but for its items. */
function placesOf(engine: Engine, body: Block, name: string, isEndless: boolean): number | undefined {
  const { updates, mutations } = engine.changes(body);
  const own = mutations.filter((mutation) => mutation.root === name);
  const value = updates.has(name) || own.some(({ effect }) => effect !== 'write') ? undefined : valueNamed(engine, name);
  if (own.length > 0 && value?.kind !== 'array') {
    // A list may get longer by what is written behind its end.
    return undefined;
  }
  if (value?.kind !== 'list' && value?.kind !== 'array' && value?.kind !== 'tuple') {
    return undefined;
  }
  const [open] = value.size === undefined || value.kind !== 'array' ? [] : sizesIn(value.size);
  // What is written to an array does not make it larger.
  const size = open === undefined ? value.size : engine.begun.get(open);
  const places = value.items?.length ?? (value.allocated && size !== undefined ? constantValue(size) : undefined) ?? 0;
  return places > 1 && (value.items !== undefined || (isEndless && places <= fixedCapacity)) ? places : undefined;
}

/** `i`, `i - 1`, `i + 1`: how far it is from a counter. */
function offsetFrom(index: Expression, counters: readonly string[]): number | undefined {
  if (index.kind === 'name') {
    return counters.includes(index.name) ? 0 : undefined;
  }
  if (index.kind !== 'binary' || (index.operator !== '+' && index.operator !== '-') || index.right.kind !== 'literal' || typeof index.right.value !== 'number') {
    return undefined;
  }
  return index.left.kind === 'name' && counters.includes(index.left.name) ? Math.abs(index.right.value) : undefined;
}

/** What a statement evaluates first, whatever happens. */
function headOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'declare':
    case 'return':
      return statement.value === undefined ? [] : [statement.value];
    case 'assign':
      return [statement.target, statement.value];
    case 'expression':
      return [statement.value];
    case 'if':
    case 'while':
      return [statement.condition];
    default:
      return [];
  }
}

/** The parts of an expression that are evaluated in any case. */
function evaluatedIn(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'binary':
      return expression.operator === '&&' || expression.operator === '||' || expression.operator === '??' ? [expression.left] : [expression.left, expression.right];
    case 'unary':
      return [expression.operand];
    case 'index':
      return [expression.object, expression.index];
    case 'call':
      return expression.args;
    case 'conditional':
      return [expression.condition];
    case 'assign':
      return [expression.target, expression.value];
    case 'member':
      return [expression.object];
    default:
      return [];
  }
}

/** Whether the round, or the loop, may end in a statement. */
function mayLeave(statement: Statement): boolean {
  return statement.kind !== 'declare' && statement.kind !== 'assign' && statement.kind !== 'expression' && (statement.kind !== 'if' || leaves(statement.then) || leaves(statement.else));
}

function leaves(block: Block): boolean {
  return block.some(mayLeave);
}
