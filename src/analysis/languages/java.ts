import { assignOf, binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, numberOf, parseNumber, statementOf, stepOf, unknownOf } from '../build';
import {
  receiverName,
  unknownType,
  type BinaryOperator,
  type Block,
  type ClassIr,
  type Expression,
  type Field,
  type FunctionIr,
  type Lines,
  type Parameter,
  type Program,
  type Statement,
  type SwitchCase,
  type Type,
} from '../ir';
import type { Language } from '../language';
import { typeNamed } from '../library';
import { child, childOfType, childrenIn, countErrors, named, textOf, type SyntaxNode } from '../syntax';
import { javaLibrary } from './javaLibrary';

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '%': '%', '<<': '<<', '>>': '>>', '>>>': '>>', '&': '&', '|': '|', '^': '^',
  '&&': '&&', '||': '||', '==': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=',
};

class JavaLowering {
  readonly functions: FunctionIr[] = [];
  readonly classes: ClassIr[] = [];
  readonly main: Statement[] = [];

  /** Declarations become functions and classes; loose statements of a fragment are what runs. */
  program(root: SyntaxNode): void {
    for (const node of named(root)) {
      this.topLevel(node);
    }
  }

  private topLevel(node: SyntaxNode): void {
    switch (node.type) {
      case 'class_declaration':
      case 'interface_declaration':
      case 'enum_declaration':
      case 'record_declaration':
        this.classDeclaration(node);
        break;
      case 'method_declaration':
      case 'constructor_declaration':
        this.method(node, undefined);
        break;
      case 'import_declaration':
      case 'package_declaration':
      case 'annotation_type_declaration':
        break;
      case 'ERROR':
      case 'class_body':
        for (const inner of named(node)) {
          this.topLevel(inner);
        }
        break;
      case 'field_declaration':
        this.main.push(...this.declarations(node));
        break;
      default:
        this.main.push(...this.statement(node));
    }
  }

  private classDeclaration(node: SyntaxNode): void {
    const name = textIn(node, 'name');
    const bases = node.children.filter((inner) => inner.type === 'superclass' || inner.type === 'super_interfaces').flatMap((inner) => named(inner).map(textOf));
    const fields: Field[] = [];
    const methods: FunctionIr[] = [];
    const parameters = child(node, 'parameters');
    if (node.type === 'record_declaration' && parameters !== undefined) {
      for (const parameter of this.parameters(parameters)) {
        fields.push({ name: parameter.name, type: parameter.type, lines: linesOf(parameters) });
      }
    }
    const body = child(node, 'body');
    if (body !== undefined) {
      this.members(body, name, fields, methods);
    }
    this.classes.push({ name, bases, fields, methods, lines: linesOf(node) });
  }

  private members(body: SyntaxNode, owner: string, fields: Field[], methods: FunctionIr[]): void {
    for (const inner of named(body)) {
      switch (inner.type) {
        case 'field_declaration':
        case 'constant_declaration':
          for (const statement of this.declarations(inner)) {
            if (statement.kind === 'declare') {
              fields.push({ name: statement.name, type: statement.type, value: statement.value, lines: statement.lines });
            }
          }
          break;
        case 'method_declaration':
        case 'constructor_declaration':
        case 'compact_constructor_declaration':
          methods.push(this.method(inner, owner));
          break;
        case 'class_declaration':
        case 'interface_declaration':
        case 'enum_declaration':
        case 'record_declaration':
          this.classDeclaration(inner);
          break;
        case 'static_initializer':
        case 'block': {
          const block = inner.type === 'block' ? inner : childOfType(inner, 'block');
          const fn = { ...lambdaOf([], this.body(block), linesOf(inner), '<clinit>'), owner };
          this.functions.push(fn);
          methods.push(fn);
          break;
        }
        case 'enum_body_declarations':
        case 'ERROR':
          this.members(inner, owner, fields, methods);
          break;
        default:
      }
    }
  }

  private method(node: SyntaxNode, owner: string | undefined): FunctionIr {
    const modifiers = childOfType(node, 'modifiers');
    const type = child(node, 'type');
    const at = this.functions.length;
    this.functions.push(undefined as unknown as FunctionIr);
    const fn: FunctionIr = {
      name: textIn(node, 'name'),
      owner,
      params: this.parameters(child(node, 'parameters')),
      result: type === undefined ? undefined : this.type(type, child(node, 'dimensions')),
      body: this.body(child(node, 'body')),
      lines: linesOf(node),
      memoized: false,
      exported: modifiers === undefined || !/\bprivate\b/.test(textOf(modifiers)),
      constructs: node.type !== 'method_declaration',
    };
    this.functions[at] = fn;
    return fn;
  }

  private parameters(node: SyntaxNode | undefined): Parameter[] {
    if (node === undefined) {
      return [];
    }
    if (node.type === 'identifier') {
      return [{ name: textOf(node) }];
    }
    return named(node).flatMap((inner): Parameter[] => {
      if (inner.type === 'identifier') {
        return [{ name: textOf(inner) }];
      }
      if (inner.type === 'spread_parameter') {
        const [type, declarator] = named(inner).filter((part) => part.type !== 'modifiers');
        const element = type === undefined ? unknownType : this.type(type);
        return [{ name: declarator === undefined ? '' : textOf(declarator), type: { kind: 'array', name: '[]', args: [element] } }];
      }
      const type = child(inner, 'type');
      return inner.type === 'formal_parameter' && type !== undefined
        ? [{ name: textIn(inner, 'name'), type: this.type(type, child(inner, 'dimensions')) }]
        : [];
    });
  }

  private body(node: SyntaxNode | undefined): Block {
    if (node === undefined) {
      return [];
    }
    return node.type === 'block' || node.type === 'constructor_body' ? named(node).flatMap((inner) => this.statement(inner)) : this.statement(node);
  }

  private declarations(node: SyntaxNode): Statement[] {
    const type = child(node, 'type');
    return childrenIn(node, 'declarator').map((declarator): Statement => {
      const value = child(declarator, 'value');
      const declared = type === undefined ? undefined : this.type(type, child(declarator, 'dimensions'));
      return {
        kind: 'declare', lines: linesOf(declarator), name: textIn(declarator, 'name'), type: declared,
        value: value === undefined ? undefined : this.expression(value, declared),
      };
    });
  }

  private statement(node: SyntaxNode): Statement[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'local_variable_declaration':
      case 'field_declaration':
        return this.declarations(node);
      case 'expression_statement':
        return named(node).map((inner) => statementOf(this.expression(inner)));
      case 'if_statement':
        return [
          { kind: 'if', lines, condition: this.expressionIn(node, 'condition'), then: this.body(child(node, 'consequence')), else: this.body(child(node, 'alternative')) },
        ];
      case 'while_statement':
      case 'do_statement':
        return [
          { kind: 'while', lines, condition: this.expressionIn(node, 'condition'), body: this.body(child(node, 'body')), testLast: node.type === 'do_statement' },
        ];
      case 'for_statement': {
        const condition = child(node, 'condition');
        return [
          {
            kind: 'for', lines,
            init: childrenIn(node, 'init').flatMap((inner) => this.statementOrExpression(inner)),
            condition: condition === undefined ? undefined : this.expression(condition),
            step: childrenIn(node, 'update').flatMap((inner) => this.statementOrExpression(inner)),
            body: this.body(child(node, 'body')),
          },
        ];
      }
      case 'enhanced_for_statement': {
        const name = child(node, 'name');
        const type = child(node, 'type');
        return [
          {
            kind: 'forEach', lines, target: nameOf(name === undefined ? '' : textOf(name), lines), type: type === undefined ? undefined : this.type(type),
            iterable: this.expressionIn(node, 'value'), body: this.body(child(node, 'body')),
          },
        ];
      }
      case 'return_statement':
        return [{ kind: 'return', lines, value: this.optional(named(node)[0]) }];
      case 'yield_statement':
        return named(node).map((inner) => statementOf(this.expression(inner)));
      case 'break_statement':
      case 'continue_statement': {
        const label = named(node)[0];
        return [{ kind: node.type === 'break_statement' ? 'break' : 'continue', lines, label: label === undefined ? undefined : textOf(label) }];
      }
      case 'throw_statement':
        return [{ kind: 'throw', lines, value: this.optional(named(node)[0]) }];
      case 'labeled_statement': {
        const [label, inner] = named(node);
        return [{ kind: 'block', lines, label: label === undefined ? undefined : textOf(label), body: this.body(inner) }];
      }
      case 'switch_expression':
        return [this.switchStatement(node)];
      case 'try_statement':
      case 'try_with_resources_statement': {
        const resources = child(node, 'resources');
        const opened = (resources === undefined ? [] : named(resources)).flatMap((resource): Statement[] => {
          const value = child(resource, 'value');
          return value === undefined ? [] : [{ kind: 'declare', lines: linesOf(resource), name: textIn(resource, 'name'), value: this.expression(value) }];
        });
        const last = childOfType(node, 'finally_clause');
        return [
          {
            kind: 'try', lines,
            body: [...opened, ...this.body(child(node, 'body')), ...this.body(last === undefined ? undefined : childOfType(last, 'block'))],
            handlers: node.children.filter((inner) => inner.type === 'catch_clause').map((inner) => this.body(child(inner, 'body'))),
          },
        ];
      }
      case 'synchronized_statement':
        return [...this.body(child(node, 'body'))];
      case 'block':
      case 'ERROR':
        return named(node).flatMap((inner) => this.statement(inner));
      case 'class_declaration':
      case 'record_declaration':
      case 'interface_declaration':
      case 'enum_declaration':
      case 'method_declaration':
      case 'constructor_declaration':
        this.topLevel(node);
        return [];
      case ';':
      case 'comment':
      case 'line_comment':
      case 'block_comment':
      case 'import_declaration':
        return [];
      default:
        return this.statementOrExpression(node);
    }
  }

  private statementOrExpression(node: SyntaxNode): Statement[] {
    return node.type === 'local_variable_declaration' ? this.declarations(node) : [statementOf(this.expression(node))];
  }

  private switchStatement(node: SyntaxNode): Statement {
    const cases: SwitchCase[] = [];
    const body = child(node, 'body');
    let patterns: Expression[] = [];
    for (const group of body === undefined ? [] : named(body)) {
      const labels = group.children.filter((inner) => inner.type === 'switch_label');
      patterns.push(...labels.flatMap((label) => named(label).map((inner) => this.expression(inner))));
      const inside = named(group).filter((inner) => inner.type !== 'switch_label');
      // Labels without statements belong to the next group.
      if (inside.length > 0) {
        cases.push({ patterns, body: inside.flatMap((inner) => this.body(inner)) });
        patterns = [];
      }
    }
    return { kind: 'switch', lines: linesOf(node), subject: this.expressionIn(node, 'condition'), cases };
  }

  private optional(node: SyntaxNode | undefined): Expression | undefined {
    return node === undefined ? undefined : this.expression(node);
  }

  private expressionIn(node: SyntaxNode, field: string): Expression {
    const inner = child(node, field);
    return inner === undefined ? unknownOf([], linesOf(node)) : this.expression(inner);
  }

  /** `expected`: the declared type, which an array initialiser `{…}` or `new ArrayList<>()` takes its items' type from. */
  private expression(node: SyntaxNode, expected?: Type): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'identifier':
      case 'type_identifier':
        return nameOf(textOf(node), lines);
      case 'this':
      case 'super':
        return nameOf(receiverName, lines);
      case 'decimal_integer_literal':
      case 'hex_integer_literal':
      case 'octal_integer_literal':
      case 'binary_integer_literal':
      case 'decimal_floating_point_literal':
        return numberOf(parseNumber(textOf(node)), lines);
      case 'true':
      case 'false':
        return { kind: 'literal', lines, type: 'boolean', value: node.type === 'true' };
      case 'null_literal':
        return { kind: 'literal', lines, type: 'null', value: null };
      case 'string_literal':
        return { kind: 'literal', lines, type: 'string', value: textOf(node).slice(1, -1) };
      case 'character_literal':
        return { kind: 'literal', lines, type: 'char', value: textOf(node).slice(1, -1) };
      case 'parenthesized_expression': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : this.expression(inner);
      }
      case 'cast_expression':
        return this.expressionIn(node, 'value');
      case 'field_access':
      case 'scoped_identifier': {
        const object = child(node, 'object') ?? child(node, 'scope');
        const field = child(node, 'field') ?? child(node, 'name');
        if (object === undefined || field === undefined) {
          return unknownOf([], lines);
        }
        return memberOf(this.expression(object), textOf(field), lines);
      }
      case 'array_access':
        return { kind: 'index', lines, object: this.expressionIn(node, 'array'), index: this.expressionIn(node, 'index') };
      case 'method_invocation': {
        const object = child(node, 'object');
        const name = textIn(node, 'name');
        const args = child(node, 'arguments');
        const callee = object === undefined ? nameOf(name, lines) : memberOf(this.expression(object), name, lines);
        return callOf(callee, args === undefined ? [] : named(args).map((inner) => this.expression(inner)), lines);
      }
      case 'explicit_constructor_invocation':
        return unknownOf([], lines);
      case 'object_creation_expression':
        return this.creation(node, lines, expected);
      case 'array_creation_expression':
        return this.arrayCreation(node, lines);
      case 'array_initializer': {
        const element = expected?.args[0];
        const items = named(node).map((inner) => this.expression(inner, element));
        return expected === undefined ? { kind: 'list', lines, type: 'array', items } : { kind: 'new', lines, type: expected, args: [], items };
      }
      case 'binary_expression': {
        const operator = operators[textIn(node, 'operator')] ?? '+';
        return binaryOf(operator, this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines);
      }
      case 'unary_expression': {
        const operator = textIn(node, 'operator');
        return { kind: 'unary', lines, operator: operator === '!' || operator === '~' || operator === '+' ? operator : '-', operand: this.expressionIn(node, 'operand') };
      }
      case 'update_expression': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : stepOf(this.expression(inner), textOf(node).includes('++') ? 1 : -1, lines);
      }
      case 'assignment_expression': {
        const operator = textIn(node, 'operator').replace(/=$/, '');
        return assignOf(this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines, operator === '' ? undefined : operators[operator]);
      }
      case 'ternary_expression':
        return {
          kind: 'conditional', lines, condition: this.expressionIn(node, 'condition'),
          then: this.expressionIn(node, 'consequence'), else: this.expressionIn(node, 'alternative'),
        };
      case 'instanceof_expression':
        return binaryOf('==', this.expressionIn(node, 'left'), unknownOf([], lines), lines);
      case 'lambda_expression': {
        const body = child(node, 'body');
        const block: Block = body === undefined ? [] : body.type === 'block' ? this.body(body) : [{ kind: 'return', lines, value: this.expression(body) }];
        return { kind: 'lambda', lines, function: lambdaOf(this.parameters(child(node, 'parameters')), block, lines) };
      }
      case 'method_reference': {
        const [object, name] = named(node);
        if (object === undefined || name === undefined) {
          return unknownOf([], lines);
        }
        return memberOf(this.expression(object), textOf(name), lines);
      }
      case 'switch_expression': {
        const statement = this.switchStatement(node);
        const fn = lambdaOf([], [statement], lines);
        return callOf({ kind: 'lambda', lines, function: fn }, [], lines);
      }
      default:
        return unknownOf(named(node).filter((inner) => !inner.type.endsWith('type') && !inner.type.endsWith('modifiers')).map((inner) => this.expression(inner)), lines);
    }
  }

  /** `new T(args)`; a class body makes it a function when it has one method (a comparator, a runnable). */
  private creation(node: SyntaxNode, lines: Lines, expected: Type | undefined): Expression {
    const typeNode = child(node, 'type');
    const argsNode = child(node, 'arguments');
    const args = argsNode === undefined ? [] : named(argsNode).map((inner) => this.expression(inner));
    const body = childOfType(node, 'class_body');
    if (body !== undefined) {
      const methods: FunctionIr[] = [];
      this.members(body, '', [], methods);
      const [only] = methods;
      if (only !== undefined && methods.length === 1) {
        return { kind: 'lambda', lines, function: { ...only, name: '', owner: undefined } };
      }
    }
    const type = typeNode === undefined ? unknownType : this.type(typeNode);
    return { kind: 'new', lines, type: type.args.length === 0 && expected !== undefined && expected.args.length > 0 ? { ...type, args: expected.args } : type, args };
  }

  private arrayCreation(node: SyntaxNode, lines: Lines): Expression {
    const element = child(node, 'type');
    let type: Type = element === undefined ? unknownType : this.type(element);
    const dimensions: Expression[] = [];
    let depth = 0;
    for (const inner of childrenIn(node, 'dimensions')) {
      if (inner.type === 'dimensions_expr') {
        depth += 1;
        dimensions.push(...named(inner).map((size) => this.expression(size)));
      } else {
        depth += (textOf(inner).match(/\[/g) ?? []).length;
      }
    }
    for (let at = 0; at < depth; at++) {
      type = arrayOf(type);
    }
    const value = child(node, 'value');
    if (value !== undefined) {
      const inner = type.args[0];
      return { kind: 'new', lines, type, args: [], items: named(value).map((item) => this.expression(item, inner)) };
    }
    return { kind: 'new', lines, type, args: [], dimensions };
  }

  private type(node: SyntaxNode, dimensions?: SyntaxNode): Type {
    let type = this.plainType(node);
    for (let at = dimensions === undefined ? 0 : (textOf(dimensions).match(/\[/g) ?? []).length; at > 0; at--) {
      type = arrayOf(type);
    }
    return type;
  }

  private plainType(node: SyntaxNode): Type {
    switch (node.type) {
      case 'array_type': {
        const element = child(node, 'element');
        return this.type(element ?? node, child(node, 'dimensions'));
      }
      case 'generic_type': {
        const [head, args] = named(node);
        const name = head === undefined ? '' : textOf(head).replace(/^.*\./, '');
        return typeNamed(javaLibrary, name, args === undefined ? [] : named(args).map((inner) => this.type(inner)));
      }
      case 'scoped_type_identifier':
        return typeNamed(javaLibrary, textOf(node).replace(/^.*\./, ''));
      case 'wildcard':
        return unknownType;
      default:
        return typeNamed(javaLibrary, textOf(node));
    }
  }
}

function arrayOf(element: Type): Type {
  return { kind: 'array', name: '[]', args: [element] };
}

function textIn(node: SyntaxNode, field: string): string {
  const inner = child(node, field);
  return inner === undefined ? '' : textOf(inner);
}

export const java: Language = {
  ids: ['java'],
  grammar: 'tree-sitter-java',
  library: javaLibrary,
  lower(root: SyntaxNode): Program {
    const lowering = new JavaLowering();
    lowering.program(root);
    return { language: 'java', functions: lowering.functions, classes: lowering.classes, main: lowering.main, syntaxErrors: countErrors(root) };
  },
};
