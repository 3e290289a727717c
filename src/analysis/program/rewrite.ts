import type { Block, ClassIr, ComprehensionClause, Expression, FunctionIr, MapEntry, Program, Statement } from './ir';

/** Gives another expression for one whose parts are rewritten already, or the same. `from` is the function it stands in, if any. */
export type Replace = (expression: Expression, from: FunctionIr | undefined) => Expression;

/**
 * Rewrites the functions of a program. What does not change stays the same object, so that a function without changes is
 * the same function; one that changes is replaced wherever it stands.
 */
export class Rewriting {
  private readonly done = new Map<FunctionIr, FunctionIr>();
  private readonly replace: Replace;
  private from: FunctionIr | undefined;

  constructor(replace: Replace) {
    this.replace = replace;
  }

  program(program: Program): Program {
    return {
      ...program,
      functions: program.functions.map((fn) => this.function(fn)),
      classes: program.classes.map((each): ClassIr => ({ ...each, methods: each.methods.map((fn) => this.function(fn)) })),
      main: this.block(program.main),
    };
  }

  private function(fn: FunctionIr): FunctionIr {
    let made = this.done.get(fn);
    if (made === undefined) {
      const outer = this.from;
      this.from = fn;
      const body = this.block(fn.body);
      made = body === fn.body ? fn : { ...fn, body };
      this.done.set(fn, made);
      this.from = outer;
    }
    return made;
  }

  private block(block: Block): Block {
    return same(block, block.map((statement) => this.statement(statement)));
  }

  private statement(statement: Statement): Statement {
    switch (statement.kind) {
      case 'declare':
      case 'return':
      case 'yield':
      case 'throw':
        return merged(statement, { value: this.optional(statement.value) });
      case 'expression':
        return merged(statement, { value: this.expression(statement.value) });
      case 'assign':
        return merged(statement, { target: this.expression(statement.target), value: this.expression(statement.value) });
      case 'if':
        return merged(statement, { condition: this.expression(statement.condition), then: this.block(statement.then), else: this.block(statement.else) });
      case 'while':
        return merged(statement, { condition: this.expression(statement.condition), body: this.block(statement.body) });
      case 'for':
        return merged(statement, { init: this.block(statement.init), condition: this.optional(statement.condition), step: this.block(statement.step), body: this.block(statement.body) });
      case 'forEach':
        return merged(statement, { target: this.expression(statement.target), iterable: this.expression(statement.iterable), body: this.block(statement.body) });
      case 'block':
        return merged(statement, { body: this.block(statement.body) });
      case 'switch':
        return merged(statement, {
          subject: this.optional(statement.subject),
          cases: same(statement.cases, statement.cases.map((each) => merged(each, { patterns: this.all(each.patterns), body: this.block(each.body) }))),
        });
      case 'try':
        return merged(statement, { body: this.block(statement.body), handlers: same(statement.handlers, statement.handlers.map((each) => this.block(each))) });
      case 'function':
        return merged(statement, { function: this.function(statement.function) });
      case 'delete':
        return merged(statement, { target: this.expression(statement.target) });
      case 'break':
      case 'continue':
        return statement;
    }
  }

  private all(expressions: readonly Expression[]): readonly Expression[] {
    return same(expressions, expressions.map((each) => this.expression(each)));
  }

  private optional(expression: Expression | undefined): Expression | undefined {
    return expression === undefined ? undefined : this.expression(expression);
  }

  private expression(expression: Expression): Expression {
    return this.replace(this.inside(expression), this.from);
  }

  private inside(expression: Expression): Expression {
    switch (expression.kind) {
      case 'name':
      case 'literal':
        return expression;
      case 'member':
        return merged(expression, { object: this.expression(expression.object) });
      case 'index':
        return merged(expression, { object: this.expression(expression.object), index: this.expression(expression.index) });
      case 'slice':
        return merged(expression, { object: this.expression(expression.object), from: this.optional(expression.from), to: this.optional(expression.to), step: this.optional(expression.step) });
      case 'call':
        return merged(expression, { callee: this.expression(expression.callee), args: this.all(expression.args) });
      case 'new':
        return merged(expression, {
          args: this.all(expression.args),
          dimensions: expression.dimensions === undefined ? undefined : this.all(expression.dimensions),
          items: expression.items === undefined ? undefined : this.all(expression.items),
        });
      case 'binary':
        return merged(expression, { left: this.expression(expression.left), right: this.expression(expression.right) });
      case 'unary':
        return merged(expression, { operand: this.expression(expression.operand) });
      case 'conditional':
        return merged(expression, { condition: this.expression(expression.condition), then: this.expression(expression.then), else: this.expression(expression.else) });
      case 'assign':
        return merged(expression, { target: this.expression(expression.target), value: this.expression(expression.value) });
      case 'list':
        return merged(expression, { items: this.all(expression.items) });
      case 'map':
        return merged(expression, { entries: same(expression.entries, expression.entries.map((each): MapEntry => merged(each, { key: this.optional(each.key), value: this.expression(each.value) }))) });
      case 'comprehension':
        return merged(expression, {
          element: this.expression(expression.element),
          value: this.optional(expression.value),
          clauses: same(expression.clauses, expression.clauses.map((each): ComprehensionClause => merged(each, { target: this.expression(each.target), iterable: this.expression(each.iterable), conditions: this.all(each.conditions) }))),
        });
      case 'lambda':
        return merged(expression, { function: this.function(expression.function) });
      case 'spread':
        return merged(expression, { value: this.expression(expression.value) });
      case 'template':
        return merged(expression, { parts: this.all(expression.parts) });
      case 'unknown':
        return merged(expression, { children: this.all(expression.children) });
    }
  }
}

/** `made`, or `known` where both hold the same items. */
function same<T>(known: readonly T[], made: readonly T[]): readonly T[] {
  return made.every((each, at) => each === known[at]) ? known : made;
}

/** `known` with some parts replaced, or itself where they are what they were. */
function merged<T extends object>(known: T, parts: Partial<T>): T {
  return (Object.keys(parts) as (keyof T)[]).every((key) => parts[key] === known[key]) ? known : { ...known, ...parts };
}
