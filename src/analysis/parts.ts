import type { Block, Expression, FunctionIr, Statement } from './ir';

/** What takes the parts of a statement or an expression, one after another. */
export interface Parts {
  block(block: Block): void;
  statement(statement: Statement): void;
  expression(expression: Expression): void;
  /** A function that stands there: a nested one with a name, or a lambda. */
  inFunction(fn: FunctionIr): void;
}

function all(expressions: readonly Expression[], to: Parts): void {
  for (const expression of expressions) {
    to.expression(expression);
  }
}

function optional(expression: Expression | undefined, to: Parts): void {
  if (expression !== undefined) {
    to.expression(expression);
  }
}

/** Hands over what a statement is made of, in the order of the text. */
export function partsOfStatement(statement: Statement, to: Parts): void {
  switch (statement.kind) {
    case 'declare':
    case 'return':
    case 'yield':
    case 'throw':
      optional(statement.value, to);
      break;
    case 'assign':
      to.expression(statement.target);
      to.expression(statement.value);
      break;
    case 'expression':
      to.expression(statement.value);
      break;
    case 'if':
      to.expression(statement.condition);
      to.block(statement.then);
      to.block(statement.else);
      break;
    case 'while':
      to.expression(statement.condition);
      to.block(statement.body);
      break;
    case 'for':
      to.block(statement.init);
      optional(statement.condition, to);
      to.block(statement.body);
      to.block(statement.step);
      break;
    case 'forEach':
      to.expression(statement.target);
      to.expression(statement.iterable);
      to.block(statement.body);
      break;
    case 'block':
      to.block(statement.body);
      break;
    case 'switch':
      optional(statement.subject, to);
      for (const each of statement.cases) {
        all(each.patterns, to);
        to.block(each.body);
      }
      break;
    case 'try':
      to.block(statement.body);
      for (const handler of statement.handlers) {
        to.block(handler);
      }
      break;
    case 'function':
      to.inFunction(statement.function);
      break;
    case 'delete':
      to.expression(statement.target);
      break;
    case 'break':
    case 'continue':
      break;
  }
}

/** Hands over what an expression is made of, in the order of the text. */
export function partsOfExpression(expression: Expression, to: Parts): void {
  switch (expression.kind) {
    case 'name':
    case 'literal':
      break;
    case 'member':
      to.expression(expression.object);
      break;
    case 'index':
      to.expression(expression.object);
      to.expression(expression.index);
      break;
    case 'slice':
      to.expression(expression.object);
      optional(expression.from, to);
      optional(expression.to, to);
      optional(expression.step, to);
      break;
    case 'call':
      to.expression(expression.callee);
      all(expression.args, to);
      break;
    case 'new':
      all(expression.args, to);
      all(expression.dimensions ?? [], to);
      all(expression.items ?? [], to);
      break;
    case 'binary':
      to.expression(expression.left);
      to.expression(expression.right);
      break;
    case 'unary':
      to.expression(expression.operand);
      break;
    case 'conditional':
      to.expression(expression.condition);
      to.expression(expression.then);
      to.expression(expression.else);
      break;
    case 'assign':
      to.expression(expression.target);
      to.expression(expression.value);
      break;
    case 'list':
      all(expression.items, to);
      break;
    case 'map':
      for (const entry of expression.entries) {
        optional(entry.key, to);
        to.expression(entry.value);
      }
      break;
    case 'comprehension':
      for (const clause of expression.clauses) {
        to.expression(clause.iterable);
        to.expression(clause.target);
        all(clause.conditions, to);
      }
      to.expression(expression.element);
      optional(expression.value, to);
      break;
    case 'lambda':
      to.inFunction(expression.function);
      break;
    case 'spread':
      to.expression(expression.value);
      break;
    case 'template':
      all(expression.parts, to);
      break;
    case 'unknown':
      all(expression.children, to);
      break;
  }
}
