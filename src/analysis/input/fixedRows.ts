import { constant, size } from '../algebra/bigO';
import { type Engine, valueNamed } from '../following/engine';
import type { Block, Expression, Program, Statement } from '../program/ir';
import { Memo } from '../program/memo';
import { copyOf, makeValue, type Value } from '../following/values';
import { bodies, keyOf, rangeArguments, usesName, visitBlock, visitExpression } from '../program/visit';
import { lineOfInput, widest } from './inputRows';
import { libraryOperation, readsAnything } from './wholeInput';

/**
 * A line of numbers of the input that a variable or a field is given, where the program looks at such places of it alone that it
 * names by number: `sides = sorted(map(int, input().split()))`, of which `sides[0] + sides[1] > sides[2]` is asked, has three.
 * Undefined for anything else, which is left to be evaluated as it is.
 */
export function fixedRow(engine: Engine, target: Expression, line: Expression): Value | undefined {
  if (target.kind === 'name' && line.kind === 'index' && line.index.kind === 'literal' && line.object.kind === 'call') {
    return oneOfLine(engine, target.name, line.object);
  }
  if ((target.kind !== 'name' && target.kind !== 'member') || (line.kind !== 'call' && line.kind !== 'comprehension') || !readsAnything(engine)) {
    return undefined;
  }
  const own = engine.namedActive()?.fn.body;
  // A field, and what is outside of functions, may be looked at anywhere.
  const blocks = target.kind === 'name' && own !== undefined ? [own] : bodies(engine.program);
  const width = widthOf(engine, keyOf(target), own ?? engine.program.main, blocks);
  if (width === undefined) {
    return undefined;
  }
  const value = lineOfInput(engine, line, target.kind === 'name' ? target.name : '', (items) => items === undefined || items.kind === 'number');
  return value === undefined ? undefined : copyOf(value, { size: constant(width), total: undefined, input: undefined });
}

/** `count = list(map(int, input().split()))[0]`: one number of a line. */
function oneOfLine(engine: Engine, name: string, line: Expression): Value | undefined {
  const isLine = readsAnything(engine) && lineOfInput(engine, line, '', (items) => items?.kind === 'number') !== undefined;
  return !isLine ? undefined : makeValue('number', { number: size(name), label: name, input: 'number' });
}

const widths = new Memo<Program, Map<Block, Map<string, number | 'table'>>>();

function widthOf(engine: Engine, key: string, own: Block, blocks: readonly Block[]): number | undefined {
  const byBlock = widths.get(engine.program) ?? new Map<Block, Map<string, number | 'table'>>();
  widths.set(engine.program, byBlock);
  const known = byBlock.get(own) ?? new Map<string, number | 'table'>();
  byBlock.set(own, known);
  let width = known.get(key);
  if (width === undefined) {
    const uses = new RowUses(engine, key);
    blocks.forEach((block) => uses.look(block));
    width = uses.isTable || uses.width < 1 || uses.width > widest || (!uses.isTakenApart && uses.isGoneThrough && (uses.width < 2 || isCounted(engine, own, key))) ? 'table' : uses.width;
    known.set(key, width);
  }
  return width === 'table' ? undefined : width;
}

class RowUses {
  width = 0;
  isTable = false;
  /** `a, b, c = row` says how many there are. */
  isTakenApart = false;
  isGoneThrough = false;
  private readonly allowed = new Set<Expression>();
  private readonly engine: Engine;
  private readonly key: string;

  constructor(engine: Engine, key: string) {
    this.engine = engine;
    this.key = key;
  }

  look(block: Block): void {
    visitBlock(block, {
      intoFunctions: true,
      statement: (statement) => {
        this.given(statement);
        return undefined;
      },
      expression: (inner) => {
        if (inner.kind === 'index' && this.isRow(inner.object)) {
          this.allowed.add(inner.object);
          this.place(inner.index);
        } else if (inner.kind === 'call') {
          this.called(inner);
        } else if (inner.kind === 'comprehension') {
          inner.clauses.forEach((clause) => this.goneThrough(clause.iterable));
        } else if (this.isRow(inner) && !this.allowed.has(inner)) {
          this.isTable = true;
        }
        return inner.kind === 'member' && this.isRow(inner) ? false : undefined;
      },
    });
  }

  private isRow(expression: Expression): boolean {
    return (expression.kind === 'name' || expression.kind === 'member') && keyOf(expression) === this.key;
  }

  private given(statement: Statement): void {
    if (statement.kind === 'forEach') {
      this.goneThrough(statement.iterable);
    } else if (statement.kind === 'assign' && statement.operator === undefined) {
      if (this.isRow(statement.target)) {
        this.allowed.add(statement.target);
        this.isGoneThrough ||= statement.value.kind === 'call' && libraryOperation(this.engine, statement.value)?.cost === 'sort';
      } else if (this.isRow(statement.value) && statement.target.kind === 'list' && statement.target.items.every((item) => item.kind !== 'spread')) {
        this.allowed.add(statement.value);
        this.isTakenApart = true;
        this.width = Math.max(this.width, statement.target.items.length);
      }
    }
  }

  private goneThrough(iterable: Expression): void {
    if (this.isRow(iterable)) {
      this.allowed.add(iterable);
      this.isGoneThrough = true;
    }
  }

  private place(index: Expression): void {
    const at = index.kind === 'literal' ? Number(index.value) : index.kind === 'unary' && index.operator === '-' && index.operand.kind === 'literal' ? -Number(index.operand.value) : Number.NaN;
    if (!(at < widest && at >= -widest)) {
      this.isTable = true;
    }
    this.width = Math.max(this.width, at + 1);
  }

  private called(call: Expression & { kind: 'call' }): void {
    const operation = libraryOperation(this.engine, call);
    if (call.callee.kind === 'member' && this.isRow(call.callee.object) && /^(?:sort|reverse)$/.test(call.callee.name)) {
      this.allowed.add(call.callee.object);
      this.isGoneThrough = true;
    }
    const [first] = call.args;
    const isWhole = operation !== undefined && (operation.result === 'sum' || operation.result === 'maximum' || operation.result === 'minimum' || operation.cost === 'sort' || operation.result === 'list');
    if (isWhole && call.args.length === 1 && first !== undefined && call.callee.kind === 'name') {
      this.goneThrough(first);
    }
  }
}

/**
 * Whether a number is read besides that may say how many there are in a line: `n = int(input())` before it, which is not how
 * many lines there are.
 */
function isCounted(engine: Engine, block: Block, key: string): boolean {
  const counts: (string | undefined)[] = [];
  visitBlock(block, {
    statement: (statement) => {
      const value = statement.kind === 'declare' || statement.kind === 'assign' || statement.kind === 'expression' ? statement.value : undefined;
      if (value !== undefined && isOneRead(engine, value)) {
        counts.push(statement.kind === 'declare' ? statement.name : statement.kind === 'assign' && statement.target.kind === 'name' ? statement.target.name : undefined);
      }
      return undefined;
    },
  });
  return counts.some((name) => name === undefined || !countsLines(block, name, key));
}

/** `int(input())`, `input()`, `n, k = map(int, input().split())`: anything read that is not the line itself. */
function isOneRead(engine: Engine, value: Expression): boolean {
  let reads = false as boolean;
  let splits = false as boolean;
  visitExpression(value, {
    expression: (inner) => {
      if (inner.kind === 'call') {
        const operation = libraryOperation(engine, inner);
        const own = operation === undefined && inner.callee.kind === 'name' ? valueNamed(engine, inner.callee.name)?.closure : undefined;
        reads ||= operation?.io === 'reads' || own !== undefined;
        splits ||= operation?.result === 'split' || operation?.result === 'input-list';
      }
      return undefined;
    },
  });
  return reads && !splits;
}

/** Whether `name` is what a loop counts that reads the line in each round. */
function countsLines(block: Block, name: string, key: string): boolean {
  let found = false as boolean;
  visitBlock(block, {
    statement: (statement) => {
      const isLoop = statement.kind === 'forEach' ? rangeArguments(statement.iterable)?.some((each) => usesName(each, name)) === true : statement.kind === 'while' ? usesName(statement.condition, name) : statement.kind === 'for' && statement.condition !== undefined && usesName(statement.condition, name);
      if (isLoop && (statement.kind === 'forEach' || statement.kind === 'while' || statement.kind === 'for')) {
        visitBlock(statement.body, {
          statement: (inner) => {
            found ||= (inner.kind === 'assign' && keyOf(inner.target) === key) || (inner.kind === 'declare' && inner.name === key);
            return !found;
          },
        });
      }
      return !found;
    },
  });
  return found;
}
