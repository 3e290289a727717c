import { callOf, linesOf, nameOf, numberOf, statementOf, unknownOf } from '../program/build';
import type { Block, Field, FunctionIr, Program, Statement, SwitchCase } from '../program/ir';
import type { Language } from '../language';
import { child, childOfType, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { textIn } from './lowering';
import { type Caches, cachesIn } from './pythonCaches';
import { documentedTypes, withDocumented } from './pythonDocstring';
import { operators, PythonExpressions, runsOf } from './pythonExpressions';
import { pythonLibrary } from './pythonLibrary';
import { typeOf } from './pythonTypes';

/** Reads Python 3, and of Python 2 what differs least (`print x`, `xrange`). */
class PythonLowering extends PythonExpressions {
  private caches: Caches | undefined;
  /** What the function at hand yields is what it calls or gives back. */
  private isDriven = false;

  lower(root: SyntaxNode): Program {
    this.caches = cachesIn(root);
    return this.finish('python', root, this.module(root));
  }

  private module(root: SyntaxNode): Block {
    return this.block(named(root));
  }

  private block(nodes: readonly SyntaxNode[]): Block {
    const block: Statement[] = [];
    for (const node of nodes) {
      for (const statement of this.statement(node)) {
        block.push(statement);
      }
    }
    return block;
  }

  private body(node: SyntaxNode | undefined): Block {
    return node === undefined ? [] : node.type === 'block' ? this.block(named(node)) : this.statement(node);
  }

  private statement(node: SyntaxNode): Statement[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'expression_statement':
        return named(node).flatMap((inner) => this.expressionStatement(inner));
      case 'if_statement':
        return [this.ifStatement(node)];
      case 'for_statement': {
        const left = child(node, 'left');
        const right = child(node, 'right');
        if (left === undefined || right === undefined) {
          return [...this.body(child(node, 'body'))];
        }
        const { target, iterable, key } = runsOf(this.expression(left), this.expression(right));
        const first: Statement[] = key === undefined ? [] : [{ kind: 'assign', lines: key.lines, target: key, value: { kind: 'index', lines: key.lines, object: target, index: numberOf(0, lines) } }];
        const loop: Statement = { kind: 'forEach', lines, target, iterable, body: [...first, ...this.body(child(node, 'body'))] };
        return [loop, ...this.otherwise(node)];
      }
      case 'while_statement': {
        const loop: Statement = {
          kind: 'while', lines, condition: this.expressionIn(node, 'condition'), body: this.body(child(node, 'body')), testLast: false,
        };
        return [loop, ...this.otherwise(node)];
      }
      case 'return_statement':
        return [{ kind: 'return', lines, value: this.optional(named(node)[0]) }];
      case 'break_statement':
        return [{ kind: 'break', lines }];
      case 'continue_statement':
        return [{ kind: 'continue', lines }];
      case 'raise_statement':
        return [{ kind: 'throw', lines, value: this.optional(named(node)[0]) }];
      case 'function_definition':
        return [{ kind: 'function', lines, function: this.functionDefinition(node, this.caches?.wraps(textIn(node, 'name')) === true, undefined) }];
      case 'decorated_definition': {
        const definition = child(node, 'definition');
        if (definition?.type === 'function_definition') {
          const isDriven = node.children.some((inner) => inner.type === 'decorator' && this.caches?.drives(textOf(inner)) === true);
          return [{ kind: 'function', lines, function: this.functionDefinition(definition, this.isCached(node), undefined, isDriven) }];
        }
        return definition === undefined ? [] : this.statement(definition);
      }
      case 'class_definition':
        this.classDefinition(node);
        return [];
      case 'try_statement': {
        const body = [...this.body(child(node, 'body'))];
        const handlers: Block[] = [];
        for (const inner of named(node)) {
          if (inner.type === 'except_clause' || inner.type === 'except_group_clause') {
            handlers.push(this.body(childOfType(inner, 'block')));
          } else if (inner.type === 'finally_clause') {
            body.push(...this.body(childOfType(inner, 'block')));
          } else if (inner.type === 'else_clause') {
            body.push(...this.body(child(inner, 'body') ?? childOfType(inner, 'block')));
          }
        }
        return [{ kind: 'try', lines, body, handlers }];
      }
      case 'with_statement': {
        const items = (childOfType(node, 'with_clause')?.children ?? []).filter((inner) => inner.isNamed);
        const opened = items.flatMap((item) => named(item).map((value) => statementOf(this.expression(value))));
        return [...opened, ...this.body(child(node, 'body'))];
      }
      case 'match_statement':
        return [this.matchStatement(node)];
      case 'delete_statement':
        return named(node).map((target) => ({ kind: 'delete', lines, target: this.expression(target) }));
      case 'print_statement':
        return [{ kind: 'expression', lines, value: callOf(nameOf('print', lines), named(node).map((inner) => this.expression(inner)), lines) }];
      case 'assert_statement':
      case 'exec_statement':
        return named(node).map((inner) => statementOf(this.expression(inner)));
      case 'block':
      case 'ERROR':
      case 'module':
        return [...this.block(named(node))];
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
      case 'global_statement':
      case 'nonlocal_statement':
      case 'pass_statement':
      case 'type_alias_statement':
      case 'comment':
        return [];
      default:
        return this.expressionStatement(node);
    }
  }

  private otherwise(node: SyntaxNode): Block {
    const clause = child(node, 'alternative');
    return clause === undefined ? [] : this.body(child(clause, 'body') ?? childOfType(clause, 'block'));
  }

  private ifStatement(node: SyntaxNode): Statement {
    const alternatives = childrenIn(node, 'alternative');
    const rest = (at: number): Block => {
      const clause = alternatives[at];
      if (clause === undefined) {
        return [];
      }
      if (clause.type === 'elif_clause') {
        return [
          {
            kind: 'if', lines: linesOf(clause), condition: this.expressionIn(clause, 'condition'),
            then: this.body(child(clause, 'consequence')), else: rest(at + 1),
          },
        ];
      }
      return this.body(child(clause, 'body') ?? childOfType(clause, 'block'));
    };
    return {
      kind: 'if', lines: linesOf(node), condition: this.expressionIn(node, 'condition'),
      then: this.body(child(node, 'consequence')), else: rest(0),
    };
  }

  private matchStatement(node: SyntaxNode): Statement {
    const block = child(node, 'body');
    const clauses = (block === undefined ? [] : named(block)).filter((inner) => inner.type === 'case_clause');
    const cases: SwitchCase[] = clauses.map((clause) => ({
      patterns: named(clause).filter((inner) => inner.type === 'case_pattern').map((inner) => unknownOf([], linesOf(inner))),
      body: this.body(child(clause, 'consequence') ?? childOfType(clause, 'block')),
    }));
    return { kind: 'switch', lines: linesOf(node), subject: this.optional(child(node, 'subject')), cases };
  }

  /** Whether one of the decorators before a definition keeps its results. */
  private isCached(node: SyntaxNode): boolean {
    return node.children.some((inner) => inner.type === 'decorator' && this.caches?.keeps(textOf(inner)) === true);
  }

  private functionDefinition(node: SyntaxNode, memoized: boolean, owner: string | undefined, isDriven = false): FunctionIr {
    const outer = this.receiver;
    const outerDriven = this.isDriven;
    this.isDriven = isDriven;
    let params = this.parameters(child(node, 'parameters'));
    if (owner !== undefined && params[0] !== undefined && params[0].type === undefined && params[0].defaultValue === undefined) {
      this.receiver = params[0].name;
      params = params.slice(1);
    }
    const name = textIn(node, 'name');
    const at = this.functions.length;
    const result = child(node, 'return_type');
    const documented = documentedTypes(this.docstring(child(node, 'body')));
    // The place is taken before the body is read, so that functions stay in order of appearance.
    this.functions.push(undefined as unknown as FunctionIr);
    const fn: FunctionIr = {
      name,
      owner,
      params: withDocumented(params, documented),
      result: result === undefined ? documented.get('return') : typeOf(result),
      body: this.body(child(node, 'body')),
      lines: linesOf(node),
      memoized,
      exported: !name.startsWith('_') || name === '__init__',
      constructs: owner !== undefined && name === '__init__',
    };
    this.functions[at] = fn;
    this.receiver = outer;
    this.isDriven = outerDriven;
    return fn;
  }

  /** The text that a function begins with, empty where it begins with anything else. */
  private docstring(body: SyntaxNode | undefined): string {
    const first = body === undefined ? undefined : named(body).find((inner) => inner.type !== 'comment');
    const text = first?.type === 'expression_statement' ? named(first)[0] : undefined;
    return text?.type === 'string' ? textOf(text) : '';
  }

  private classDefinition(node: SyntaxNode): void {
    const name = textIn(node, 'name');
    const fields: Field[] = [];
    const methods: FunctionIr[] = [];
    const body = child(node, 'body');
    for (const inner of body === undefined ? [] : named(body)) {
      const definition = inner.type === 'decorated_definition' ? child(inner, 'definition') : inner;
      if (definition?.type === 'function_definition') {
        methods.push(this.functionDefinition(definition, this.isCached(inner), name));
      } else if (inner.type === 'class_definition') {
        this.classDefinition(inner);
      } else if (inner.type === 'expression_statement') {
        for (const statement of this.statement(inner)) {
          if (statement.kind === 'assign' && statement.target.kind === 'name') {
            fields.push({ name: statement.target.name, value: statement.value, lines: statement.lines });
          }
        }
      }
    }
    const bases = child(node, 'superclasses');
    this.classes.push({ name, bases: bases === undefined ? [] : named(bases).map(textOf), fields, methods, lines: linesOf(node) });
  }

  private expressionStatement(node: SyntaxNode): Statement[] {
    const lines = linesOf(node);
    if (node.type === 'assignment') {
      const left = child(node, 'left');
      const right = child(node, 'right');
      const type = child(node, 'type');
      if (left === undefined) {
        return [];
      }
      if (left.type === 'identifier' && type !== undefined) {
        return [{ kind: 'declare', lines, name: textOf(left), type: typeOf(type), value: this.optional(right) }];
      }
      if (right === undefined) {
        return [];
      }
      if (right.type === 'assignment') {
        // a = b = value: the inner assignment first, then its target is the value.
        const inner = this.expressionStatement(right);
        const first = inner[0];
        const value = first?.kind === 'assign' ? (first.value.kind === 'literal' || first.value.kind === 'name' ? first.value : first.target) : unknownOf([], lines);
        return [...inner, { kind: 'assign', lines, target: this.expression(left), value }];
      }
      const value = this.expression(right);
      if (value.kind === 'lambda' && left.type === 'identifier') {
        const fn = { ...value.function, name: textOf(left) };
        this.functions.push(fn);
        return [{ kind: 'function', lines, function: fn }];
      }
      return [{ kind: 'assign', lines, target: this.expression(left), value }];
    }
    if (node.type === 'augmented_assignment') {
      const operator = operators[textIn(node, 'operator').replace(/=$/, '')];
      return [{ kind: 'assign', lines, target: this.expressionIn(node, 'left'), operator, value: this.expressionIn(node, 'right') }];
    }
    if (node.type === 'yield' && this.isDriven) {
      const value = this.optional(named(node)[0]);
      return [value?.kind === 'call' ? statementOf(value) : { kind: 'return', lines, value }];
    }
    if (node.type === 'yield') {
      return [{ kind: 'yield', lines, value: this.optional(named(node)[0]) }];
    }
    return [statementOf(this.expression(node))];
  }
}

export const python: Language = {
  ids: ['python'],
  grammar: 'tree-sitter-python',
  library: pythonLibrary,
  lower(root: SyntaxNode): Program {
    return new PythonLowering().lower(root);
  },
};
