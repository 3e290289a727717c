import { callOf, lambdaOf, linesOf, memberOf, nameOf, statementOf } from '../program/build';
import type { Block, Expression, Field, FunctionIr, Program, Statement, SwitchCase } from '../program/ir';
import type { Language } from '../language';
import { child, childOfType, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { asLoop } from './callbackLoops';
import { CsharpExpressions } from './csharpExpressions';
import { csharpLibrary } from './csharpLibrary';
import { closed, remembered, textIn } from './lowering';

const typeDeclarations: ReadonlySet<string> = new Set(['class_declaration', 'struct_declaration', 'record_declaration', 'record_struct_declaration', 'interface_declaration']);

/** Reads C#. */
class CsharpLowering extends CsharpExpressions {
  private readonly main: Statement[] = [];

  lower(root: SyntaxNode): Program {
    for (const node of named(root)) {
      this.topLevel(node);
    }
    return this.finish('csharp', root, this.main);
  }

  private topLevel(node: SyntaxNode): void {
    if (typeDeclarations.has(node.type)) {
      this.typeDeclaration(node);
      return;
    }
    switch (node.type) {
      case 'using_directive':
      case 'file_scoped_namespace_declaration':
      case 'enum_declaration':
      case 'delegate_declaration':
      case 'global_attribute':
      case 'extern_alias_directive':
        break;
      case 'namespace_declaration':
      case 'declaration_list':
      case 'global_statement':
      case 'ERROR':
        for (const inner of named(node)) {
          this.topLevel(inner);
        }
        break;
      case 'method_declaration':
      case 'constructor_declaration':
        this.method(node, undefined);
        break;
      case 'local_function_statement':
        // At the top of a file: a program's function, or a method without its class.
        this.method(node, undefined);
        break;
      default:
        this.main.push(...this.statement(node));
    }
  }

  private typeDeclaration(node: SyntaxNode): void {
    const name = textIn(node, 'name');
    const list = childOfType(node, 'base_list');
    const bases = list === undefined ? [] : named(list).map((inner) => textOf(inner).replace(/<.*$/s, ''));
    const fields: Field[] = [];
    const methods: FunctionIr[] = [];
    const primary = childOfType(node, 'parameter_list');
    for (const { name: field, type } of this.parameters(primary)) {
      fields.push({ name: field, type, lines: linesOf(node) });
    }
    const body = child(node, 'body');
    if (body !== undefined) {
      this.members(body, name, fields, methods);
    }
    this.classes.push({ name, bases, fields, methods, lines: linesOf(node) });
  }

  private members(body: SyntaxNode, owner: string, fields: Field[], methods: FunctionIr[]): void {
    for (const inner of named(body)) {
      if (typeDeclarations.has(inner.type)) {
        this.typeDeclaration(inner);
        continue;
      }
      switch (inner.type) {
        case 'field_declaration':
        case 'event_field_declaration':
          for (const statement of named(inner).flatMap((part) => (part.type === 'variable_declaration' ? this.declarations(part) : []))) {
            if (statement.kind === 'declare') {
              fields.push({ name: statement.name, type: statement.type, value: statement.value, lines: statement.lines });
            }
          }
          break;
        case 'property_declaration':
        case 'indexer_declaration':
          this.property(inner, owner, fields, methods);
          break;
        case 'method_declaration':
        case 'constructor_declaration':
        case 'operator_declaration':
        case 'destructor_declaration':
        case 'local_function_statement':
          methods.push(this.method(inner, owner));
          break;
        case 'ERROR':
        case 'global_statement':
          this.members(inner, owner, fields, methods);
          break;
        default:
      }
    }
  }

  private property(node: SyntaxNode, owner: string, fields: Field[], methods: FunctionIr[]): void {
    const typeNode = child(node, 'type');
    const type = typeNode === undefined ? undefined : this.type(typeNode);
    const value = child(node, 'value');
    const name = textIn(node, 'name') || 'Item';
    const accessors = child(node, 'accessors');
    const computed = value?.type === 'arrow_expression_clause' ? [value] : (accessors === undefined ? [] : named(accessors)).filter((inner) => child(inner, 'body') !== undefined);
    if (computed.length === 0) {
      fields.push({ name, type, value: value === undefined ? undefined : this.expression(value, type), lines: linesOf(node) });
      return;
    }
    for (const inner of computed) {
      const body = inner.type === 'arrow_expression_clause' ? inner : child(inner, 'body');
      methods.push(this.define(() => ({ ...lambdaOf([], this.body(body), linesOf(inner), name), owner, exported: true })));
    }
  }

  private method(node: SyntaxNode, owner: string | undefined, isVisible = true): FunctionIr {
    const modifiers = node.children.filter((inner) => inner.type === 'modifier').map(textOf);
    const result = child(node, 'returns') ?? child(node, 'type');
    return this.define(() => {
      const params = this.parameters(child(node, 'parameters'));
      const constructs = node.type === 'constructor_declaration';
      return {
        name: textIn(node, 'name'),
        owner,
        params,
        result: result === undefined ? undefined : this.type(result),
        body: this.body(child(node, 'body')),
        lines: linesOf(node),
        memoized: false,
        exported: isVisible && (owner === undefined || constructs || !modifiers.includes('private')),
        constructs,
      };
    });
  }

  protected body(node: SyntaxNode | undefined): Block {
    if (node === undefined) {
      return [];
    }
    if (node.type === 'block') {
      return named(node).flatMap((inner) => this.statement(inner));
    }
    if (node.type === 'arrow_expression_clause') {
      const value = this.expression(node);
      return remembered(value) ?? [{ kind: 'return', lines: linesOf(node), value }];
    }
    return this.statement(node);
  }

  private declarations(node: SyntaxNode): Statement[] {
    const typeNode = child(node, 'type');
    const type = typeNode === undefined || typeNode.type === 'implicit_type' ? undefined : this.type(typeNode);
    return named(node).filter((inner) => inner.type === 'variable_declarator').flatMap((declarator): Statement[] => {
      const lines = linesOf(declarator);
      const nameNode = child(declarator, 'name');
      const parts = named(declarator).filter((inner) => inner !== nameNode && inner.type !== 'bracketed_argument_list');
      const pattern = parts.find((inner) => inner.type === 'tuple_pattern');
      const value = parts.find((inner) => inner !== pattern);
      if (pattern !== undefined) {
        return value === undefined ? [] : [{ kind: 'assign', lines, target: this.expression(pattern), value: this.expression(value) }];
      }
      const name = nameNode === undefined ? '' : textOf(nameNode);
      if (value?.type === 'lambda_expression' || value?.type === 'anonymous_method_expression') {
        return [this.bound(value, name)];
      }
      if (type?.kind === 'function' && (value === undefined || value.type === 'null_literal')) {
        return []; // `Func<int, int> dfs = null;` goes before `dfs = …`
      }
      return [{ kind: 'declare', lines, name, type, value: value === undefined ? undefined : this.expression(value, type) }];
    });
  }

  private bound(node: SyntaxNode, name: string): Statement {
    const fn = this.define(() => this.lambda(node, name));
    return { kind: 'function', lines: linesOf(node), function: fn };
  }

  private expressionStatement(node: SyntaxNode): Statement {
    if (node.type === 'assignment_expression') {
      const left = child(node, 'left');
      const right = child(node, 'right');
      if (left?.type === 'identifier' && right?.type === 'lambda_expression') {
        return this.bound(right, textOf(left));
      }
    }
    return asLoop(statementOf(this.expression(node)));
  }

  private statement(node: SyntaxNode): Statement[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'local_declaration_statement':
        return named(node).flatMap((inner) => (inner.type === 'variable_declaration' ? this.declarations(inner) : []));
      case 'variable_declaration':
        return this.declarations(node);
      case 'field_declaration':
      case 'global_statement':
        return named(node).flatMap((inner) => (inner.type === 'modifier' ? [] : this.statement(inner)));
      case 'expression_statement':
        return named(node).map((inner) => this.expressionStatement(inner));
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
        const inField = (field: string): SyntaxNode[] => childrenIn(node, field).filter((inner) => inner.isNamed);
        return [
          {
            kind: 'for', lines, init: inField('initializer').flatMap((inner) => this.statement(inner)), condition: this.optional(child(node, 'condition')),
            step: inField('update').map((inner) => this.expressionStatement(inner)), body: this.body(child(node, 'body')),
          },
        ];
      }
      case 'foreach_statement':
        return [this.forEach(node)];
      case 'return_statement': {
        const value = this.optional(named(node)[0]);
        return remembered(value) ?? [{ kind: 'return', lines, value }];
      }
      case 'yield_statement': {
        const value = named(node)[0];
        return [value === undefined ? { kind: 'return', lines } : { kind: 'yield', lines, value: this.expression(value) }];
      }
      case 'break_statement':
        return [{ kind: 'break', lines }];
      case 'continue_statement':
        return [{ kind: 'continue', lines }];
      case 'throw_statement':
        return [{ kind: 'throw', lines, value: this.optional(named(node)[0]) }];
      case 'labeled_statement':
        return named(node).slice(1).flatMap((inner) => this.statement(inner));
      case 'switch_statement':
        return [this.switchStatement(node)];
      case 'try_statement': {
        const last = childOfType(node, 'finally_clause');
        return [
          {
            kind: 'try', lines, body: [...this.body(child(node, 'body')), ...this.body(last === undefined ? undefined : childOfType(last, 'block'))],
            handlers: node.children.filter((inner) => inner.type === 'catch_clause').map((inner) => this.body(child(inner, 'body'))),
          },
        ];
      }
      case 'using_statement':
      case 'lock_statement':
      case 'checked_statement':
      case 'unsafe_statement':
      case 'fixed_statement':
      case 'block':
      case 'ERROR':
        return named(node).flatMap((inner) => this.statement(inner));
      case 'local_function_statement': {
        return [{ kind: 'function', lines, function: this.method(node, undefined, false) }];
      }
      case 'method_declaration':
      case 'constructor_declaration':
      case 'class_declaration':
      case 'struct_declaration':
        this.topLevel(node);
        return [];
      case 'comment':
      case 'empty_statement':
      case 'goto_statement':
      case 'modifier':
      case 'using_directive':
      case 'preproc_region':
      case 'preproc_endregion':
        return [];
      default:
        return [this.expressionStatement(node)];
    }
  }

  /** A dictionary is gone over by its entries. */
  private forEach(node: SyntaxNode): Statement {
    const lines = linesOf(node);
    const left = child(node, 'left');
    const typeNode = child(node, 'type');
    const right = this.expressionIn(node, 'right');
    const isPlace = right.kind === 'name' || right.kind === 'member' || right.kind === 'index';
    return {
      kind: 'forEach', lines, target: left === undefined ? nameOf('_', lines) : this.expression(left),
      type: typeNode === undefined || typeNode.type === 'implicit_type' ? undefined : this.type(typeNode),
      iterable: isPlace ? callOf(memberOf(right, '@items', lines), [], lines) : right, body: this.body(child(node, 'body')),
    };
  }

  private switchStatement(node: SyntaxNode): Statement {
    const cases: SwitchCase[] = [];
    const body = child(node, 'body');
    let patterns: Expression[] = [];
    for (const section of body === undefined ? [] : named(body)) {
      const inside: SyntaxNode[] = [];
      for (const inner of named(section)) {
        if (inner.type.endsWith('_pattern') || inner.type === 'case_switch_label') {
          patterns.push(...(inner.type === 'constant_pattern' ? [this.expression(inner)] : []));
        } else if (inner.type !== 'when_clause') {
          inside.push(inner);
        }
      }
      // Labels without statements belong to the next section.
      if (inside.length > 0) {
        cases.push({ patterns, body: inside.flatMap((inner) => this.statement(inner)) });
        patterns = [];
      }
    }
    return { kind: 'switch', lines: linesOf(node), subject: this.optional(child(node, 'value')), cases };
  }
}

export const csharp: Language = {
  ids: ['csharp'],
  grammar: 'tree-sitter-c-sharp',
  library: csharpLibrary,
  prepare: closed,
  lower(root: SyntaxNode): Program {
    return new CsharpLowering().lower(root);
  },
};
