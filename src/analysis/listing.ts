import type { Block, Expression, FunctionIr, Program, Statement } from './ir';
import { type Parts, partsOfExpression, partsOfStatement } from './parts';

/** The statements and expressions of a block, functions inside included, each before its parts: in the order of the text. */
export interface Listing {
  /** At each place either a statement or an expression. */
  readonly statements: readonly (Statement | undefined)[];
  readonly expressions: readonly (Expression | undefined)[];
  /** For each place, the first one after all of its parts. */
  readonly ends: readonly number[];
}

/** Where a block stands in a listing: from a place to before another. */
export interface Place {
  readonly list: Listing;
  readonly from: number;
  readonly to: number;
}

const places = new WeakMap<Block, Place>();

/** Blocks with fewer parts are gone through as fast without a list. */
const fewParts = 8;

/** Lists the bodies of a program: what its rules go through again and again. */
export function listProgram(program: Program): void {
  new Lister().block(program.main);
  for (const fn of program.functions) {
    if (!places.has(fn.body)) {
      new Lister().block(fn.body);
    }
  }
}

/** Where a block of a program is listed, with the block around it. Undefined for small ones, and for those that rules make. */
export function placeOf(block: Block): Place | undefined {
  return places.get(block);
}

class Lister implements Parts, Listing {
  readonly statements: (Statement | undefined)[] = [];
  readonly expressions: (Expression | undefined)[] = [];
  readonly ends: number[] = [];

  block(block: Block): void {
    const from = this.ends.length;
    for (const statement of block) {
      this.statement(statement);
    }
    const to = this.ends.length;
    if (to - from >= fewParts) {
      places.set(block, { list: this, from, to });
    }
  }

  statement(statement: Statement): void {
    const at = this.begin(statement, undefined);
    partsOfStatement(statement, this);
    this.ends[at] = this.ends.length;
  }

  expression(expression: Expression): void {
    const at = this.begin(undefined, expression);
    partsOfExpression(expression, this);
    this.ends[at] = this.ends.length;
  }

  inFunction(fn: FunctionIr): void {
    this.block(fn.body);
  }

  private begin(statement: Statement | undefined, expression: Expression | undefined): number {
    const at = this.ends.length;
    this.statements.push(statement);
    this.expressions.push(expression);
    this.ends.push(at + 1);
    return at;
  }
}
