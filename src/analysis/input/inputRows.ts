import { constant, one } from '../algebra/bigO';
import type { Engine } from '../following/engine';
import { evaluate } from '../following/expressions';
import type { Block, Expression, FunctionIr } from '../program/ir';
import { copyOf, type Value } from '../following/values';
import { bodies, keyOf, visitBlock } from '../program/visit';
import { readsAnything } from './wholeInput';
import { Memo } from '../program/memo';

/** More numbers than this in a line are no record. */
export const widest = 8;

/**
 * A line of numbers of the input as an item of the list `name`: where the program only ever takes such lines apart into
 * so many names, or looks at their first places by number, they are records of so many numbers. Undefined for anything
 * else, which is left to be evaluated as it is.
 */
export function rowOfInput(engine: Engine, line: Expression, name: string): Value | undefined {
  // A field may be looked at in any method.
  const body = name.startsWith('this.') ? everywhere(engine) : (engine.namedActive()?.fn.body ?? engine.program.main);
  if (name === '' || (line.kind !== 'call' && line.kind !== 'comprehension') || !readsAnything(engine)) {
    return undefined;
  }
  const width = widthOf(engine, body, name);
  if (width === undefined) {
    return undefined;
  }
  const value = lineOfInput(engine, line, '', () => true);
  return value === undefined ? undefined : copyOf(value, { size: constant(width), total: undefined });
}

/** A line of the input whose items `fits` holds for, read in one step. Undefined, and nothing read, for anything else. */
export function lineOfInput(engine: Engine, line: Expression, hint: string, fits: (items: Value | undefined) => boolean): Value | undefined {
  let value: Value | undefined;
  const { inputsRead } = engine;
  engine.inFrame('branch', {}, () => {
    value = evaluate(engine, line, hint);
  });
  if (value?.input !== 'list' || !fits(value.element)) {
    engine.inputsRead = inputsRead;
    return undefined;
  }
  engine.charge(one);
  return value;
}

const whole = new Memo<Block, Block>();

/** The statements of all functions, as one block. */
function everywhere(engine: Engine): Block {
  let block = whole.get(engine.program.main);
  if (block === undefined) {
    block = bodies(engine.program).flat();
    whole.set(engine.program.main, block);
  }
  return block;
}

/** A variable, or a field of the object at hand. */
function isPlaceOf(expression: Expression | undefined, name: string): boolean {
  return expression?.kind === 'name' ? expression.name === name : expression?.kind === 'member' && name.startsWith('this.') && keyOf(expression) === name;
}

const widths = new Memo<Block, Map<string, number | 'table'>>();

/** How many numbers the items of a list are taken apart into. */
function widthOf(engine: Engine, body: Block, name: string): number | undefined {
  const known = widths.get(body) ?? new Map<string, number | 'table'>();
  widths.set(body, known);
  let width = known.get(name);
  if (width === undefined) {
    // For functions that call themselves.
    known.set(name, 'table');
    const uses = new Uses(engine, body);
    uses.list(name);
    width = uses.isTable || uses.width < 1 || uses.width > widest ? 'table' : uses.width;
    known.set(name, width);
  }
  return width === 'table' ? undefined : width;
}

class Uses {
  width = 0;
  isTable = false;
  private readonly allowed = new Set<Expression>();
  private readonly engine: Engine;
  private readonly body: Block;

  constructor(engine: Engine, body: Block) {
    this.engine = engine;
    this.body = body;
  }

  /** What is done with a list of lines: going through it, looking into it, ordering it by a place of its items. */
  list(name: string): void {
    const rows = new Set<string>();
    visitBlock(this.body, {
      intoFunctions: true,
      statement: (statement) => {
        if (statement.kind === 'forEach') {
          this.goesThrough(statement.iterable, statement.target, name, rows);
        } else if (statement.kind === 'assign' && isPlaceOf(statement.target, name) && statement.operator === undefined) {
          this.allowed.add(statement.target);
          // `rows = sorted(rows)` orders by all places.
        } else if ((statement.kind === 'assign' && statement.operator === undefined) || statement.kind === 'declare') {
          const row = statement.value?.kind === 'index' && isPlaceOf(statement.value.object, name) ? statement.value : undefined;
          if (row !== undefined) {
            this.takenApart(statement.kind === 'declare' ? { kind: 'name', name: statement.name, lines: statement.lines } : statement.target, rows);
            this.allowed.add(row.object).add(row);
          }
        }
        return undefined;
      },
      expression: (inner) => {
        if (inner.kind === 'comprehension') {
          inner.clauses.forEach((clause) => this.goesThrough(clause.iterable, clause.target, name, rows));
        } else if (inner.kind === 'index' && isPlaceOf(inner.object, name)) {
          this.allowed.add(inner.object);
          if (!this.allowed.has(inner)) {
            this.isRow(inner);
          }
        } else if (inner.kind === 'index' && this.isRowOf(inner.object, name)) {
          this.looksAt(inner.index);
          this.allowed.add(inner.object);
        } else if (inner.kind === 'call') {
          this.given(inner, name, rows);
        } else if (isPlaceOf(inner, name) && !this.allowed.has(inner)) {
          this.isTable = true;
        }
        return !this.isTable;
      },
    });
    for (const row of rows) {
      this.row(row);
    }
  }

  private isRowOf(expression: Expression, name: string): boolean {
    return expression.kind === 'index' && isPlaceOf(expression.object, name);
  }

  private isRow(expression: Expression): void {
    // A row that stands for itself is looked at as a whole.
    this.isTable ||= !this.allowed.has(expression);
  }

  private goesThrough(iterable: Expression, target: Expression, name: string, rows: Set<string>): void {
    if (isPlaceOf(iterable, name)) {
      this.allowed.add(iterable);
      this.takenApart(target, rows);
      return;
    }
    const [first] = iterable.kind === 'call' && iterable.callee.kind === 'name' ? iterable.args : [];
    if (iterable.kind !== 'call' || iterable.callee.kind !== 'name' || first === undefined || !isPlaceOf(first, name)) {
      return;
    }
    const { result } = this.engine.library.functions[iterable.callee.name] ?? {};
    const item = target.kind === 'list' ? target.items[1] : undefined;
    if (result === 'indexed' && item !== undefined) {
      this.allowed.add(first);
      this.takenApart(item, rows);
    } else if (result === 'list' || result === 'copy' || result === 'iterator') {
      this.allowed.add(first);
      this.takenApart(target, rows);
    }
  }

  private takenApart(target: Expression, rows: Set<string>): void {
    if (target.kind === 'list' && target.items.every((item) => item.kind !== 'spread')) {
      this.width = Math.max(this.width, target.items.length);
    } else if (target.kind === 'name') {
      rows.add(target.name);
    } else {
      this.isTable = true;
    }
  }

  private looksAt(place: Expression): void {
    const at = place.kind === 'literal' ? Number(place.value) : Number.NaN;
    if (at >= 0 && at < widest) {
      this.width = Math.max(this.width, at + 1);
    } else {
      this.isTable = true;
    }
  }

  private given(call: Expression & { kind: 'call' }, name: string, rows: Set<string>): void {
    const { callee } = call;
    const operation = callee.kind === 'name' ? this.engine.library.functions[callee.name] : undefined;
    const isOwnObject = callee.kind === 'member' && isPlaceOf(callee.object, name);
    const changes = isOwnObject ? this.engine.library.methods[callee.name] : undefined;
    if (isOwnObject && changes !== undefined && 'effect' in changes && (changes.effect === 'push' || changes.effect === 'sorted')) {
      this.allowed.add(callee.object);
    }
    const isOrdered = isOwnObject || call.args.some((arg) => isPlaceOf(arg, name));
    if (isOrdered) {
      call.args.forEach((arg) => {
        if (arg.kind === 'lambda') {
          arg.function.params.slice(0, 1).forEach((param) => rows.add(param.name));
        }
      });
    }
    call.args.forEach((arg, at) => {
      if (!isPlaceOf(arg, name)) {
        return;
      }
      const own: FunctionIr | undefined = callee.kind === 'name' ? this.engine.functionsNamed(callee.name)[0] : undefined;
      const param = own?.params[at]?.name;
      if (own !== undefined && param !== undefined) {
        const width = widthOf(this.engine, own.body, param);
        this.width = Math.max(this.width, width ?? 0);
        this.isTable ||= width === undefined;
        this.allowed.add(arg);
      } else if (operation?.result === 'size' || (operation?.cost === 'sort' && operation.result === 'list')) {
        this.allowed.add(arg);
      }
    });
  }

  /** What is done with one line. */
  private row(name: string): void {
    const allowed = new Set<Expression>();
    visitBlock(this.body, {
      intoFunctions: true,
      statement: (statement) => {
        if (statement.kind === 'assign' && statement.operator === undefined) {
          if (isPlaceOf(statement.target, name)) {
            allowed.add(statement.target);
          } else if (isPlaceOf(statement.value, name) && statement.target.kind === 'list') {
            allowed.add(statement.value);
            this.takenApart(statement.target, new Set());
          }
        } else if (statement.kind === 'forEach' && isPlaceOf(statement.target, name)) {
          allowed.add(statement.target);
        }
        return undefined;
      },
      expression: (inner) => {
        if (inner.kind === 'comprehension') {
          inner.clauses.forEach((clause) => {
            if (isPlaceOf(clause.target, name)) {
              allowed.add(clause.target);
            }
          });
        } else if (inner.kind === 'index' && isPlaceOf(inner.object, name)) {
          allowed.add(inner.object);
          this.looksAt(inner.index);
        } else if (isPlaceOf(inner, name) && !allowed.has(inner)) {
          this.isTable = true;
        }
        return !this.isTable;
      },
    });
  }
}
