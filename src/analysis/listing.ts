import type { Block, Expression, FunctionIr, Statement } from './ir';
import { type Parts, partsOfExpression, partsOfStatement } from './parts';

/** The statements and expressions of a block, functions inside included, each before its parts: in the order of the text. */
export interface Listing {
  /** At each place either a statement or an expression. */
  readonly statements: readonly (Statement | undefined)[];
  readonly expressions: readonly (Expression | undefined)[];
  /** For each place, the first one after all of its parts. */
  readonly ends: readonly number[];
  /** For each place, the next one that is not inside a function that stands there. */
  readonly nextOutside: readonly number[];
}

/** Where a block stands in a listing: from a place to before another. */
export interface Place {
  readonly list: Listing;
  readonly from: number;
  readonly to: number;
}

const places = new WeakMap<Block, Place>();

/** Where a block is listed: with the block around it, if that was asked for before. Kept per block. */
export function placeOf(block: Block): Place {
  return places.get(block) ?? new Lister().listed(block);
}

class Lister implements Parts, Listing {
  readonly statements: (Statement | undefined)[] = [];
  readonly expressions: (Expression | undefined)[] = [];
  readonly ends: number[] = [];
  readonly nextOutside: number[] = [];

  listed(block: Block): Place {
    const from = this.ends.length;
    for (const statement of block) {
      this.statement(statement);
    }
    const place = { list: this, from, to: this.ends.length };
    places.set(block, place);
    return place;
  }

  block(block: Block): void {
    if (block.length > 0) {
      this.listed(block);
    }
  }

  statement(statement: Statement): void {
    const at = this.begin(statement, undefined);
    partsOfStatement(statement, this);
    this.ends[at] = this.ends.length;
    this.nextOutside[at] = statement.kind === 'function' ? this.ends.length : at + 1;
  }

  expression(expression: Expression): void {
    const at = this.begin(undefined, expression);
    partsOfExpression(expression, this);
    this.ends[at] = this.ends.length;
    this.nextOutside[at] = expression.kind === 'lambda' ? this.ends.length : at + 1;
  }

  inFunction(fn: FunctionIr): void {
    this.block(fn.body);
  }

  private begin(statement: Statement | undefined, expression: Expression | undefined): number {
    const at = this.ends.length;
    this.statements.push(statement);
    this.expressions.push(expression);
    this.ends.push(at + 1);
    this.nextOutside.push(at + 1);
    return at;
  }
}
