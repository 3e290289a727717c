import type { BinaryOperator, Block, Expression, FunctionIr, Lines, Statement, Type } from './ir';
import type { SyntaxNode } from '../syntax';

/** Lines of parts that stand in one line, which are most: one object for all parts of the line. */
const singleLines: Lines[] = [];

const mostSingleLines = 10_000;

/** The lines of a node. */
export function linesOf({ startLine, endLine }: SyntaxNode): Lines {
  if (startLine !== endLine || startLine >= mostSingleLines) {
    return { start: startLine, end: endLine };
  }
  while (singleLines.length <= startLine) {
    singleLines.push({ start: singleLines.length, end: singleLines.length });
  }
  return singleLines[startLine] ?? { start: startLine, end: endLine };
}

export function nameOf(name: string, lines: Lines): Expression {
  return { kind: 'name', name, lines };
}

export function numberOf(value: number, lines: Lines): Expression {
  return { kind: 'literal', type: 'number', value, lines };
}

export function callOf(callee: Expression, args: readonly Expression[], lines: Lines): Expression {
  return { kind: 'call', callee, args, lines };
}

export function memberOf(object: Expression, name: string, lines: Lines): Expression {
  return { kind: 'member', object, name, lines };
}

export function unknownOf(children: readonly Expression[], lines: Lines): Expression {
  return { kind: 'unknown', children, lines };
}

export function binaryOf(operator: BinaryOperator, left: Expression, right: Expression, lines: Lines): Expression {
  return { kind: 'binary', operator, left, right, lines };
}

/** `target op= value` as an expression; without an operator a plain assignment. */
export function assignOf(target: Expression, value: Expression, lines: Lines, operator?: BinaryOperator): Expression {
  return { kind: 'assign', target, value, lines, operator };
}

/** `x++` and the like: `step` is 1 or -1. */
export function stepOf(target: Expression, step: 1 | -1, lines: Lines): Expression {
  return { kind: 'assign', target, operator: step === 1 ? '+' : '-', value: numberOf(1, lines), lines };
}

/** An expression as a statement; an assignment becomes the statement of that kind. */
export function statementOf(value: Expression): Statement {
  return value.kind === 'assign'
    ? { kind: 'assign', lines: value.lines, target: value.target, operator: value.operator, value: value.value }
    : { kind: 'expression', lines: value.lines, value };
}

export function lambdaOf(params: FunctionIr['params'], body: Block, lines: Lines, name = ''): FunctionIr {
  return { name, params, body, lines, memoized: false, exported: false };
}

/** The same function with other particulars. */
export function renamed(fn: FunctionIr, name: string): FunctionIr {
  return { ...fn, name };
}

export function typeOf(kind: Type['kind'], name: string = kind, args: readonly Type[] = []): Type {
  return { kind, name, args };
}

/** Statements of nested blocks without a label, in one list. */
export function flatten(block: Block): Block {
  return block.flatMap((statement) => (statement.kind === 'block' && statement.label === undefined ? flatten(statement.body) : [statement]));
}

/** The number of a literal in any of the usual spellings (`1_000`, `0x1F`, `1e9`, `10L`), or NaN. */
export function parseNumber(text: string): number {
  const digits = text.replace(/[_']/g, '').toLowerCase();
  if (/^0[xbo]/.test(digits)) {
    return Number(digits.replace(/(?:ull|ll|ul|u|l|n)$/, ''));
  }
  return Number(digits.replace(/(?:ull|ll|ul|lu|[uldfn]|[iu](?:8|16|32|64|128|size)|f32|f64)$/, ''));
}
