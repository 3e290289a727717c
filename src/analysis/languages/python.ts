import { assignOf, binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, numberOf, parseNumber, statementOf, unknownOf } from '../build';
import {
  receiverName,
  unknownType,
  type BinaryOperator,
  type Block,
  type ClassIr,
  type ComprehensionClause,
  type Expression,
  type Field,
  type FunctionIr,
  type Lines,
  type MapEntry,
  type Parameter,
  type Program,
  type Statement,
  type SwitchCase,
  type Type,
} from '../ir';
import type { Language } from '../language';
import { typeNamed } from '../library';
import { child, childOfType, childrenIn, countErrors, named, textOf, type SyntaxNode } from '../syntax';
import { pythonLibrary } from './pythonLibrary';

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '//': '//', '%': '%', '**': '**', '<<': '<<', '>>': '>>', '&': '&', '|': '|', '^': '^', '@': '*',
  and: '&&', or: '||', '==': '==', '!=': '!=', '<>': '!=', is: '==', 'is not': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=', in: 'in', 'not in': 'not in',
};

/** Reads Python 3, and of Python 2 what differs least (`print x`, `xrange`). */
class PythonLowering {
  readonly functions: FunctionIr[] = [];
  readonly classes: ClassIr[] = [];
  /** The receiver's name in the method being read: Python lets the author choose it. */
  private receiver: string | undefined;

  module(root: SyntaxNode): Block {
    return this.block(named(root));
  }

  private block(nodes: readonly SyntaxNode[]): Block {
    return nodes.flatMap((node) => this.statement(node));
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
        const loop: Statement = {
          kind: 'forEach', lines, target: this.expression(left), iterable: this.expression(right), body: this.body(child(node, 'body')),
        };
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
        return [{ kind: 'function', lines, function: this.functionDefinition(node, false, undefined) }];
      case 'decorated_definition': {
        const definition = child(node, 'definition');
        if (definition?.type === 'function_definition') {
          const decorators = node.children.filter((inner) => inner.type === 'decorator').map(textOf);
          const memoized = decorators.some((text) => /\b(?:lru_)?cache\b|memoi[sz]e/i.test(text));
          return [{ kind: 'function', lines, function: this.functionDefinition(definition, memoized, undefined) }];
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

  private functionDefinition(node: SyntaxNode, memoized: boolean, owner: string | undefined): FunctionIr {
    const outer = this.receiver;
    let params = this.parameters(child(node, 'parameters'));
    if (owner !== undefined && params[0] !== undefined && params[0].type === undefined && params[0].defaultValue === undefined) {
      this.receiver = params[0].name;
      params = params.slice(1);
    }
    const name = textIn(node, 'name');
    const at = this.functions.length;
    const result = child(node, 'return_type');
    // The place is taken before the body is read, so that functions stay in order of appearance.
    this.functions.push(undefined as unknown as FunctionIr);
    const fn: FunctionIr = {
      name,
      owner,
      params,
      result: result === undefined ? undefined : this.type(result),
      body: this.body(child(node, 'body')),
      lines: linesOf(node),
      memoized,
      exported: !name.startsWith('_') || name === '__init__',
      constructs: owner !== undefined && name === '__init__',
    };
    this.functions[at] = fn;
    this.receiver = outer;
    return fn;
  }

  private parameters(node: SyntaxNode | undefined): Parameter[] {
    if (node === undefined) {
      return [];
    }
    const params: Parameter[] = [];
    for (const inner of named(node)) {
      switch (inner.type) {
        case 'identifier':
          params.push({ name: textOf(inner) });
          break;
        case 'typed_parameter':
        case 'typed_default_parameter':
        case 'default_parameter': {
          const name = child(inner, 'name') ?? named(inner)[0];
          const type = child(inner, 'type');
          params.push({
            name: name === undefined ? '' : textOf(name).replace(/^\*+/, ''),
            type: type === undefined ? undefined : this.type(type),
            defaultValue: this.optional(child(inner, 'value')),
          });
          break;
        }
        case 'list_splat_pattern':
        case 'dictionary_splat_pattern':
          params.push({ name: textOf(inner).replace(/^\*+/, ''), type: typeNamed(pythonLibrary, inner.type.startsWith('list') ? 'list' : 'dict') });
          break;
        case 'tuple_pattern':
          params.push({ name: textOf(inner) });
          break;
        default:
      }
    }
    return params;
  }

  private classDefinition(node: SyntaxNode): void {
    const name = textIn(node, 'name');
    const fields: Field[] = [];
    const methods: FunctionIr[] = [];
    const body = child(node, 'body');
    for (const inner of body === undefined ? [] : named(body)) {
      const definition = inner.type === 'decorated_definition' ? child(inner, 'definition') : inner;
      if (definition?.type === 'function_definition') {
        const decorators = inner === definition ? [] : inner.children.filter((decorator) => decorator.type === 'decorator').map(textOf);
        const memoized = decorators.some((text) => /\b(?:lru_)?cache\b|memoi[sz]e/i.test(text));
        methods.push(this.functionDefinition(definition, memoized, name));
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
        return [{ kind: 'declare', lines, name: textOf(left), type: this.type(type), value: this.optional(right) }];
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
    if (node.type === 'yield') {
      return [{ kind: 'yield', lines, value: this.optional(named(node)[0]) }];
    }
    return [statementOf(this.expression(node))];
  }

  private optional(node: SyntaxNode | undefined): Expression | undefined {
    return node === undefined ? undefined : this.expression(node);
  }

  private expressionIn(node: SyntaxNode, field: string): Expression {
    const inner = child(node, field);
    return inner === undefined ? unknownOf([], linesOf(node)) : this.expression(inner);
  }

  private all(nodes: readonly SyntaxNode[]): Expression[] {
    return nodes.map((node) => this.expression(node));
  }

  private expression(node: SyntaxNode): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'identifier': {
        const name = textOf(node);
        return nameOf(name === this.receiver ? receiverName : name, lines);
      }
      case 'integer':
      case 'float':
        return numberOf(parseNumber(textOf(node)), lines);
      case 'true':
      case 'false':
        return { kind: 'literal', lines, type: 'boolean', value: node.type === 'true' };
      case 'none':
        return { kind: 'literal', lines, type: 'null', value: null };
      case 'string':
      case 'concatenated_string': {
        const parts = node.children.filter((inner) => inner.type === 'interpolation').flatMap((inner) => this.all(named(inner).slice(0, 1)));
        if (parts.length > 0) {
          return { kind: 'template', lines, parts };
        }
        return { kind: 'literal', lines, type: 'string', value: textOf(node).replace(/^[a-z]*("""|'''|"|')|("""|'''|"|')$/gi, '') };
      }
      case 'parenthesized_expression':
      case 'expression_statement':
      case 'await':
      case 'keyword_separator': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : this.expression(inner);
      }
      case 'attribute':
        return memberOf(this.expressionIn(node, 'object'), textIn(node, 'attribute'), lines);
      case 'subscript':
        return this.subscript(node, lines);
      case 'call':
        return this.call(node, lines);
      case 'binary_operator':
      case 'boolean_operator': {
        const operator = operators[textIn(node, 'operator')] ?? '+';
        return binaryOf(operator, this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines);
      }
      case 'comparison_operator':
        return this.comparison(node, lines);
      case 'not_operator':
        return { kind: 'unary', lines, operator: '!', operand: this.expressionIn(node, 'argument') };
      case 'unary_operator': {
        const operator = textIn(node, 'operator');
        const operand = this.expressionIn(node, 'argument');
        return { kind: 'unary', lines, operator: operator === '~' ? '~' : operator === '+' ? '+' : '-', operand };
      }
      case 'conditional_expression': {
        const [then, condition, otherwise] = named(node);
        if (then === undefined || condition === undefined || otherwise === undefined) {
          return unknownOf(this.all(named(node)), lines);
        }
        return { kind: 'conditional', lines, condition: this.expression(condition), then: this.expression(then), else: this.expression(otherwise) };
      }
      case 'named_expression':
        return assignOf(this.expressionIn(node, 'name'), this.expressionIn(node, 'value'), lines);
      case 'lambda': {
        const body = child(node, 'body');
        const value = this.optional(body);
        return {
          kind: 'lambda', lines,
          function: lambdaOf(this.parameters(child(node, 'parameters')), value === undefined ? [] : [{ kind: 'return', lines, value }], lines),
        };
      }
      case 'list':
      case 'list_pattern':
        return { kind: 'list', lines, type: 'list', items: this.all(named(node)) };
      case 'tuple':
      case 'tuple_pattern':
      case 'expression_list':
      case 'pattern_list':
        return { kind: 'list', lines, type: 'tuple', items: this.all(named(node)) };
      case 'set':
        return { kind: 'list', lines, type: 'set', items: this.all(named(node)) };
      case 'dictionary': {
        const entries: MapEntry[] = named(node).map((inner) =>
          inner.type === 'pair'
            ? { key: this.expressionIn(inner, 'key'), value: this.expressionIn(inner, 'value') }
            : { value: unknownOf(this.all(named(inner)), linesOf(inner)) },
        );
        return { kind: 'map', lines, entries };
      }
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return this.comprehension(node, lines);
      case 'list_splat':
      case 'list_splat_pattern':
      case 'dictionary_splat': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : { kind: 'spread', lines, value: this.expression(inner) };
      }
      case 'keyword_argument':
        return this.expressionIn(node, 'value');
      default:
        return unknownOf(this.all(named(node)), lines);
    }
  }

  private subscript(node: SyntaxNode, lines: Lines): Expression {
    const object = this.expressionIn(node, 'value');
    const [index, ...more] = childrenIn(node, 'subscript');
    if (index === undefined) {
      return unknownOf([object], lines);
    }
    if (more.length > 0) {
      return { kind: 'index', lines, object, index: { kind: 'list', lines, type: 'tuple', items: this.all([index, ...more]) } };
    }
    if (index.type !== 'slice') {
      return { kind: 'index', lines, object, index: this.expression(index) };
    }
    const bounds: (Expression | undefined)[] = [undefined, undefined, undefined];
    let at = 0;
    for (const inner of index.children) {
      if (inner.type === ':') {
        at += 1;
      } else if (inner.isNamed) {
        bounds[at] = this.expression(inner);
      }
    }
    return { kind: 'slice', lines, object, from: bounds[0], to: bounds[1], step: bounds[2] };
  }

  private call(node: SyntaxNode, lines: Lines): Expression {
    const callee = this.expressionIn(node, 'function');
    const list = child(node, 'arguments');
    if (list === undefined) {
      return callOf(callee, [], lines);
    }
    if (list.type === 'generator_expression') {
      return callOf(callee, [this.comprehension(list, linesOf(list))], lines);
    }
    const nodes = named(list);
    const names = nodes.map((inner) => (inner.type === 'keyword_argument' ? textIn(inner, 'name') : undefined));
    return { kind: 'call', lines, callee, args: this.all(nodes), names: names.some((name) => name !== undefined) ? names : undefined };
  }

  /** `a < b < c` is `a < b && b < c`. */
  private comparison(node: SyntaxNode, lines: Lines): Expression {
    const operands = named(node).map((inner) => this.expression(inner));
    const signs = childrenIn(node, 'operators').map((inner) => textOf(inner).replace(/\s+/g, ' '));
    let result: Expression | undefined;
    for (let at = 0; at + 1 < operands.length; at++) {
      const left = operands[at];
      const right = operands[at + 1];
      if (left === undefined || right === undefined) {
        continue;
      }
      const part = binaryOf(operators[signs[at] ?? '=='] ?? '==', left, right, lines);
      result = result === undefined ? part : binaryOf('&&', result, part, lines);
    }
    return result ?? unknownOf(operands, lines);
  }

  private comprehension(node: SyntaxNode, lines: Lines): Expression {
    const body = child(node, 'body');
    const clauses: { target: Expression; iterable: Expression; conditions: Expression[] }[] = [];
    for (const inner of named(node)) {
      if (inner.type === 'for_in_clause') {
        clauses.push({ target: this.expressionIn(inner, 'left'), iterable: this.expressionIn(inner, 'right'), conditions: [] });
      } else if (inner.type === 'if_clause') {
        clauses[clauses.length - 1]?.conditions.push(...this.all(named(inner)));
      }
    }
    const finished: readonly ComprehensionClause[] = clauses;
    const pair = body?.type === 'pair';
    return {
      kind: 'comprehension',
      lines,
      result: node.type === 'list_comprehension' ? 'list' : node.type === 'set_comprehension' ? 'set' : node.type === 'dictionary_comprehension' ? 'map' : 'iterator',
      element: body === undefined ? unknownOf([], lines) : pair ? this.expressionIn(body, 'key') : this.expression(body),
      value: pair ? this.expressionIn(body, 'value') : undefined,
      clauses: finished,
    };
  }

  /** Annotations: `List[int]`, `Optional['TreeNode']`, `int | None`. */
  private type(node: SyntaxNode): Type {
    switch (node.type) {
      case 'type': {
        const inner = named(node)[0];
        return inner === undefined ? unknownType : this.type(inner);
      }
      case 'identifier':
        return typeNamed(pythonLibrary, textOf(node));
      case 'none':
        return typeNamed(pythonLibrary, 'None');
      case 'attribute':
        return typeNamed(pythonLibrary, textIn(node, 'attribute'));
      case 'string': {
        const name = textOf(node).replace(/['"]/g, '');
        const optional = /^Optional\[(\w+)\]$/.exec(name);
        return typeNamed(pythonLibrary, optional?.[1] ?? name);
      }
      case 'generic_type':
      case 'subscript': {
        const head = named(node)[0];
        const name = head === undefined ? '' : textOf(head).replace(/^.*\./, '');
        const inside = node.type === 'subscript' ? childrenIn(node, 'subscript') : (childOfType(node, 'type_parameter')?.children.filter((inner) => inner.isNamed) ?? []);
        const args = inside.map((inner) => this.type(inner));
        if (name === 'Optional') {
          return args[0] ?? unknownType;
        }
        return name === 'Union' ? (args.find((arg) => arg.kind !== 'void') ?? unknownType) : typeNamed(pythonLibrary, name, args);
      }
      case 'binary_operator':
      case 'union_type': {
        const args = named(node).map((inner) => this.type(inner));
        return args.find((arg) => arg.kind !== 'void') ?? unknownType;
      }
      default:
        return unknownType;
    }
  }
}

function textIn(node: SyntaxNode, field: string): string {
  const inner = child(node, field);
  return inner === undefined ? '' : textOf(inner);
}

export const python: Language = {
  ids: ['python'],
  grammar: 'tree-sitter-python',
  library: pythonLibrary,
  lower(root: SyntaxNode): Program {
    const lowering = new PythonLowering();
    const main = lowering.module(root);
    return { language: 'python', functions: lowering.functions, classes: lowering.classes, main, syntaxErrors: countErrors(root) };
  },
};
