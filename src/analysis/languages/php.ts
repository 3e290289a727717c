import { callOf, linesOf, memberOf, nameOf, statementOf, unknownOf } from '../program/build';
import type { Block, Expression, Field, FunctionIr, Program, Statement, SwitchCase, Type } from '../program/ir';
import type { Language } from '../language';
import { child, childOfType, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { closed, remembered, textIn } from './lowering';
import { PhpExpressions } from './phpExpressions';
import { phpLibrary } from './phpLibrary';

const classTypes: ReadonlySet<string> = new Set(['class_declaration', 'trait_declaration', 'interface_declaration', 'enum_declaration']);

/** Reads PHP. */
class PhpLowering extends PhpExpressions {
  private depth = 0;

  lower(root: SyntaxNode): Program {
    return this.finish('php', root, this.block(withComments(root)));
  }

  private block(nodes: readonly SyntaxNode[]): Block {
    return nodes.flatMap((node, at) => this.statement(node, nodes[at - 1]));
  }

  protected body(node: SyntaxNode | undefined): Block {
    if (node === undefined) {
      return [];
    }
    return node.type === 'compound_statement' || node.type === 'colon_block' ? this.block(withComments(node)) : this.statement(node);
  }

  private statement(node: SyntaxNode, before?: SyntaxNode): Statement[] {
    const lines = linesOf(node);
    if (classTypes.has(node.type)) {
      this.classDeclaration(node, textIn(node, 'name'));
      return [];
    }
    switch (node.type) {
      case 'expression_statement':
        return named(node).flatMap((inner) => this.expressionStatement(inner));
      case 'function_definition':
        return [this.bound(node, textIn(node, 'name'), this.documented(before))];
      case 'const_declaration':
        return named(node).filter((inner) => inner.type === 'const_element').flatMap((inner): Statement[] => {
          const [name, value] = named(inner);
          return name === undefined ? [] : [{ kind: 'declare', lines, name: textOf(name), value: this.optional(value) }];
        });
      case 'if_statement':
      case 'else_if_clause':
        return [this.ifStatement(node, childrenIn(node, 'alternative'))];
      case 'while_statement':
      case 'do_statement':
        return [
          { kind: 'while', lines, condition: this.expressionIn(node, 'condition'), body: this.body(child(node, 'body')), testLast: node.type === 'do_statement' },
        ];
      case 'for_statement': {
        const inField = (field: string): Statement[] => childrenIn(node, field).filter((inner) => inner.isNamed).flatMap((inner) => this.expressionStatement(inner));
        return [
          {
            kind: 'for', lines, init: inField('initialize'), condition: this.optional(child(node, 'condition')), step: inField('update'),
            body: childrenIn(node, 'body').flatMap((inner) => this.body(inner)),
          },
        ];
      }
      case 'foreach_statement':
        return [this.forEach(node)];
      case 'return_statement': {
        const value = this.optional(named(node)[0]);
        return remembered(value) ?? [{ kind: 'return', lines, value }];
      }
      case 'break_statement':
        return [{ kind: 'break', lines }];
      case 'continue_statement':
        return [{ kind: 'continue', lines }];
      case 'exit_statement':
        return [{ kind: 'return', lines }];
      case 'switch_statement':
        return [this.switchStatement(node)];
      case 'try_statement': {
        const last = childOfType(node, 'finally_clause');
        return [
          {
            kind: 'try', lines, body: [...this.body(child(node, 'body')), ...this.body(last === undefined ? undefined : child(last, 'body'))],
            handlers: node.children.filter((inner) => inner.type === 'catch_clause').map((inner) => this.body(child(inner, 'body'))),
          },
        ];
      }
      case 'echo_statement': {
        const inside = named(node).flatMap((inner) => (inner.type === 'sequence_expression' ? named(inner) : [inner]));
        return [{ kind: 'expression', lines, value: callOf(nameOf('echo', lines), this.all(inside), lines) }];
      }
      case 'unset_statement':
        return named(node).map((inner): Statement => ({ kind: 'delete', lines, target: this.expression(inner) }));
      case 'function_static_declaration':
        return named(node).map((inner): Statement => ({ kind: 'declare', lines, name: textIn(inner, 'name').replace(/^\$/, ''), value: this.optional(child(inner, 'value')) }));
      case 'compound_statement':
      case 'colon_block':
        return [...this.body(node)];
      case 'namespace_definition':
        return [...this.body(child(node, 'body'))];
      case 'ERROR':
        return [...this.block(withComments(node))];
      case 'method_declaration':
        return [this.bound(node, textIn(node, 'name'), this.documented(before))];
      case 'php_tag':
      case 'text':
      case 'text_interpolation':
      case 'comment':
      case 'global_declaration':
      case 'namespace_use_declaration':
      case 'goto_statement':
      case 'named_label_statement':
      case 'declare_statement':
      case 'visibility_modifier':
      case 'empty_statement':
        return [];
      default:
        return this.expressionStatement(node);
    }
  }

  private bound(node: SyntaxNode, name: string, documentation?: ReadonlyMap<string, Type>): Statement {
    const isOuter = this.depth === 0;
    this.depth += 1;
    const fn = this.define(() => ({ ...this.functionOf(node, name, documentation), exported: isOuter }));
    this.depth -= 1;
    return { kind: 'function', lines: linesOf(node), function: fn };
  }

  private expressionStatement(node: SyntaxNode): Statement[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'sequence_expression':
        return named(node).flatMap((inner) => this.expressionStatement(inner));
      case 'assignment_expression': {
        const left = child(node, 'left');
        const right = child(node, 'right');
        if (left?.type === 'variable_name' && right !== undefined && /^(?:anonymous_function|arrow_function)/.test(right.type)) {
          return [this.bound(right, textOf(left).slice(1))];
        }
        break;
      }
      case 'throw_expression':
        return [{ kind: 'throw', lines, value: this.optional(named(node)[0]) }];
      case 'yield_expression': {
        const inner = named(node).at(-1);
        return [{ kind: 'yield', lines, value: this.optional(inner) }];
      }
      case 'function_call_expression':
        if (textIn(node, 'function') === 'define') {
          const [name, value] = named(child(node, 'arguments') ?? node);
          return name === undefined ? [] : [{ kind: 'declare', lines, name: textOf(name).replace(/['"]/g, ''), value: this.optional(value) }];
        }
        break;
      default:
    }
    return [statementOf(this.expression(node))];
  }

  private ifStatement(node: SyntaxNode, alternatives: readonly SyntaxNode[]): Statement {
    const [next, ...rest] = alternatives;
    const otherwise: Block = next === undefined ? [] : next.type === 'else_if_clause' ? [this.ifStatement(next, rest)] : this.body(child(next, 'body'));
    return { kind: 'if', lines: linesOf(node), condition: this.expressionIn(node, 'condition'), then: this.body(child(node, 'body')), else: otherwise };
  }

  /** `foreach ($xs as $v)` goes over values, `foreach ($xs as $k => $v)` over keys or positions and values. */
  private forEach(node: SyntaxNode): Statement {
    const lines = linesOf(node);
    const bodyNode = child(node, 'body');
    const [subject, targetNode] = named(node).filter((inner) => inner !== bodyNode);
    const items = subject === undefined ? unknownOf([], lines) : this.expression(subject);
    const isPair = targetNode?.type === 'pair';
    const target: Expression =
      targetNode === undefined ? nameOf('_', lines) : isPair ? { kind: 'list', lines, type: 'tuple', items: this.all(named(targetNode)) } : this.expression(targetNode);
    return { kind: 'forEach', lines, target, iterable: callOf(memberOf(items, isPair ? '@entries' : '@values', lines), [], lines), body: this.body(bodyNode) };
  }

  private switchStatement(node: SyntaxNode): Statement {
    const cases: SwitchCase[] = [];
    const body = child(node, 'body');
    let patterns: Expression[] = [];
    for (const group of body === undefined ? [] : named(body)) {
      const value = child(group, 'value');
      if (value !== undefined) {
        patterns.push(this.expression(value));
      }
      const inside = named(group).filter((inner) => inner !== value);
      // Labels without statements belong to the next group.
      if (inside.length > 0) {
        cases.push({ patterns, body: inside.flatMap((inner) => this.statement(inner)) });
        patterns = [];
      }
    }
    return { kind: 'switch', lines: linesOf(node), subject: this.expressionIn(node, 'condition'), cases };
  }

  protected classDeclaration(node: SyntaxNode, name: string): void {
    const base = childOfType(node, 'base_clause');
    const fields: Field[] = [];
    const methods: FunctionIr[] = [];
    const body = child(node, 'body');
    const members = body === undefined ? [] : withComments(body);
    this.depth += 1;
    members.forEach((inner, at) => {
      if (inner.type === 'method_declaration') {
        const visibility = childOfType(inner, 'visibility_modifier');
        const methodName = textIn(inner, 'name');
        methods.push(
          this.define(() => ({
            ...this.functionOf(inner, methodName, this.documented(members[at - 1])),
            owner: name,
            exported: visibility === undefined || textOf(visibility) === 'public',
            constructs: methodName === '__construct',
          })),
        );
      } else if (inner.type === 'property_declaration') {
        const type = child(inner, 'type');
        for (const element of named(inner).filter((part) => part.type === 'property_element')) {
          fields.push({
            name: textIn(element, 'name').replace(/^\$/, ''), type: type === undefined ? undefined : this.type(type),
            value: this.optional(child(element, 'default_value')), lines: linesOf(element),
          });
        }
      } else if (inner.type === 'const_declaration') {
        for (const statement of this.statement(inner)) {
          if (statement.kind === 'declare') {
            fields.push({ name: statement.name, value: statement.value, lines: statement.lines });
          }
        }
      }
    });
    this.depth -= 1;
    this.classes.push({ name, bases: base === undefined ? [] : named(base).map(textOf), fields, methods, lines: linesOf(node) });
  }
}

function withComments(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter((inner) => inner.isNamed);
}

/** A selection has no opening tag, and a method no class around it. */
function prepare(text: string): string {
  const source = closed(text);
  if (source.includes('<?')) {
    return source;
  }
  const isMethod = /^(?:\s+|\/\/[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/|#[^\n]*(?:\n|$))*(?:(?:public|private|protected|static|final|abstract)\s+)+function\b/.test(source);
  return isMethod ? `<?php class Fragment { ${source}\n}` : `<?php ${source}`;
}

export const php: Language = {
  ids: ['php'],
  grammar: 'tree-sitter-php',
  library: phpLibrary,
  prepare,
  lower(root: SyntaxNode): Program {
    return new PhpLowering().lower(root);
  },
};
