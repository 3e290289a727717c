import { linesOf, nameOf, statementOf } from '../program/build';
import { unknownType, type Block, type Expression, type Parameter, type Statement, type SwitchCase } from '../program/ir';
import { child, childOfType, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { asLoop } from './callbackLoops';
import { JavaExpressions } from './javaExpressions';
import { typeOf } from './javaTypes';
import { textIn } from './lowering';

/** Statements and parameters of Java. */
export abstract class JavaStatements extends JavaExpressions {
  /** Reads a class or a method that is declared inside a function. */
  protected abstract topLevel(node: SyntaxNode): void;

  protected parameters(node: SyntaxNode | undefined): Parameter[] {
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
        const element = type === undefined ? unknownType : typeOf(type);
        return [{ name: declarator === undefined ? '' : textOf(declarator), type: { kind: 'array', name: '[]', args: [element] }, takesRest: true }];
      }
      const type = child(inner, 'type');
      return inner.type === 'formal_parameter' && type !== undefined
        ? [{ name: textIn(inner, 'name'), type: typeOf(type, child(inner, 'dimensions')) }]
        : [];
    });
  }

  protected body(node: SyntaxNode | undefined): Block {
    if (node === undefined) {
      return [];
    }
    return node.type === 'block' || node.type === 'constructor_body' ? named(node).flatMap((inner) => this.statement(inner)) : this.statement(node);
  }

  protected declarations(node: SyntaxNode): Statement[] {
    const type = child(node, 'type');
    return childrenIn(node, 'declarator').map((declarator): Statement => {
      const value = child(declarator, 'value');
      const declared = type === undefined ? undefined : typeOf(type, child(declarator, 'dimensions'));
      return {
        kind: 'declare', lines: linesOf(declarator), name: textIn(declarator, 'name'), type: declared,
        value: value === undefined ? undefined : this.expression(value, declared),
      };
    });
  }

  protected statement(node: SyntaxNode): Statement[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'local_variable_declaration':
      case 'field_declaration':
        return this.declarations(node);
      case 'expression_statement':
        return named(node).map((inner) => asLoop(statementOf(this.expression(inner)), true));
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
            kind: 'forEach', lines, target: nameOf(name === undefined ? '' : textOf(name), lines), type: type === undefined ? undefined : typeOf(type),
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

  protected statementOrExpression(node: SyntaxNode): Statement[] {
    return node.type === 'local_variable_declaration' ? this.declarations(node) : [statementOf(this.expression(node))];
  }

  protected switchStatement(node: SyntaxNode): Statement {
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
}
