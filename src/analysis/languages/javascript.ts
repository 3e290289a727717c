import { callOf, lambdaOf, linesOf, memberOf, nameOf, statementOf } from '../program/build';
import type { Block, Expression, Field, FunctionIr, Program, Statement, SwitchCase } from '../program/ir';
import type { Language } from '../language';
import { child, childOfType, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { asLoop } from './callbackLoops';
import { JavascriptExpressions } from './javascriptExpressions';
import { withoutRefills } from './javascriptIdioms';
import { javascriptLibrary } from './javascriptLibrary';
import type { Documented } from './javascriptTypes';
import { closed, keptOnce, remembered, textIn } from './lowering';

/** Reads JavaScript and TypeScript, with or without JSX. */
class JavascriptLowering extends JavascriptExpressions {
  /** Functions that `F.prototype.m = function …` makes classes of. */
  private readonly prototypes = new Map<string, FunctionIr[]>();
  private depth = 0;

  lower(root: SyntaxNode, language: string): Program {
    this.collectNames(root);
    for (const [, name] of root.source.matchAll(/\b(\w+)\s*=[^=\n]*\[Symbol\.asyncIterator\]\(\)/g)) {
      this.lineReaders.add(name ?? '');
    }
    const main = this.block(withComments(root));
    for (const [name, methods] of this.prototypes) {
      const constructor = this.functions.find((fn) => fn.name === name && fn.owner === undefined);
      const made = constructor === undefined ? [] : [{ ...constructor, owner: name, name: 'constructor', constructs: true }];
      this.classes.push({ name, bases: [], fields: [], methods: [...made, ...methods], lines: (constructor ?? methods[0])?.lines ?? { start: 1, end: 1 } });
    }
    return this.finish(language, root, main);
  }

  /** Names of classes and aliases, before anything that uses them. */
  private collectNames(node: SyntaxNode): void {
    for (const inner of node.children) {
      if (inner.type === 'class_declaration' || inner.type === 'interface_declaration') {
        this.types.classNames.add(textIn(inner, 'name'));
      } else if (inner.type === 'type_alias_declaration') {
        const value = child(inner, 'value');
        if (value !== undefined) {
          this.types.aliases.set(textIn(inner, 'name'), this.types.read(value));
        }
      } else if (inner.type === 'export_statement' || inner.type === 'statement_block' || inner.type === 'ambient_declaration' || inner.type === 'function_declaration') {
        this.collectNames(inner);
      }
    }
  }

  private block(nodes: readonly SyntaxNode[]): Block {
    return withoutRefills(nodes.flatMap((node, at) => this.statement(node, this.documentationBefore(nodes, at))));
  }

  protected body(node: SyntaxNode | undefined): Block {
    if (node === undefined) {
      return [];
    }
    if (node.type !== 'statement_block') {
      return this.statement(node);
    }
    this.depth += 1;
    const block = this.block(withComments(node));
    this.depth -= 1;
    return block;
  }

  private statement(node: SyntaxNode, documentation?: Documented): Statement[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'lexical_declaration':
      case 'variable_declaration':
        return named(node).flatMap((inner) => this.declarator(inner, documentation));
      case 'expression_statement':
        return named(node).flatMap((inner) => this.expressionStatement(inner, documentation));
      case 'function_declaration':
      case 'generator_function_declaration':
        return [this.bound(node, textIn(node, 'name'), documentation)];
      case 'class_declaration':
      case 'abstract_class_declaration':
        this.classDeclaration(node, textIn(node, 'name'));
        return [];
      case 'export_statement': {
        const inner = child(node, 'declaration') ?? child(node, 'value');
        return inner === undefined ? [] : this.isFunction(inner) ? [this.bound(inner, textIn(inner, 'name') || 'default', documentation)] : this.statement(inner, documentation);
      }
      case 'if_statement': {
        const alternative = child(node, 'alternative');
        return [
          {
            kind: 'if', lines, condition: this.expressionIn(node, 'condition'), then: this.body(child(node, 'consequence')),
            else: alternative === undefined ? [] : this.body(alternative.type === 'else_clause' ? named(alternative)[0] : alternative),
          },
        ];
      }
      case 'while_statement':
      case 'do_statement':
        return [
          { kind: 'while', lines, condition: this.expressionIn(node, 'condition'), body: this.body(child(node, 'body')), testLast: node.type === 'do_statement' },
        ];
      case 'for_statement':
        return [this.forStatement(node)];
      case 'for_in_statement':
        return [this.forEach(node)];
      case 'return_statement': {
        const value = this.optional(named(node)[0]);
        return remembered(value) ?? [{ kind: 'return', lines, value }];
      }
      case 'break_statement':
      case 'continue_statement': {
        const label = child(node, 'label');
        return [{ kind: node.type === 'break_statement' ? 'break' : 'continue', lines, label: label === undefined ? undefined : textOf(label) }];
      }
      case 'throw_statement':
        return [{ kind: 'throw', lines, value: this.optional(named(node)[0]) }];
      case 'labeled_statement':
        return [{ kind: 'block', lines, label: textIn(node, 'label'), body: this.body(child(node, 'body')) }];
      case 'switch_statement':
        return [this.switchStatement(node)];
      case 'try_statement': {
        const handler = child(node, 'handler');
        const last = child(node, 'finalizer');
        return [
          {
            kind: 'try', lines, body: [...this.body(child(node, 'body')), ...this.body(last === undefined ? undefined : child(last, 'body'))],
            handlers: handler === undefined ? [] : [this.body(child(handler, 'body'))],
          },
        ];
      }
      case 'statement_block':
        return [...this.body(node)];
      case 'ERROR':
        return [...this.block(withComments(node))];
      case 'internal_module':
      case 'module':
        return [...this.body(child(node, 'body'))];
      case 'comment':
      case 'empty_statement':
      case 'import_statement':
      case 'interface_declaration':
      case 'type_alias_declaration':
      case 'enum_declaration':
      case 'ambient_declaration':
      case 'debugger_statement':
      case 'hash_bang_line':
      case 'function_signature':
        return [];
      default:
        return this.expressionStatement(node, documentation);
    }
  }

  /** A function with a name, as a statement and in the list of functions. */
  private bound(node: SyntaxNode, name: string, documentation?: Documented): Statement {
    const isOuter = this.depth === 0;
    const fn = this.define(() => ({ ...this.functionOf(node, name, documentation), exported: isOuter }));
    return { kind: 'function', lines: linesOf(node), function: fn };
  }

  private declarator(node: SyntaxNode, documentation?: Documented): Statement[] {
    const lines = linesOf(node);
    const pattern = child(node, 'name');
    const value = child(node, 'value');
    const annotation = child(node, 'type');
    if (pattern === undefined) {
      return [];
    }
    if (pattern.type !== 'identifier') {
      return value === undefined ? [] : this.destructured(pattern, this.expression(value));
    }
    const name = textOf(pattern);
    if (value?.type === 'class') {
      this.classDeclaration(value, name);
      return [];
    }
    if (this.isFunction(value)) {
      return [this.bound(value, name, documentation)];
    }
    return [{ kind: 'declare', lines, name, type: annotation === undefined ? undefined : this.types.read(annotation), value: this.optional(value) }];
  }

  private expressionStatement(node: SyntaxNode, documentation?: Documented): Statement[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'sequence_expression':
        return named(node).flatMap((inner) => this.expressionStatement(inner));
      case 'yield_expression': {
        const inner = named(node)[0];
        return inner !== undefined && node.children.some((token) => token.type === '*')
          ? [{ kind: 'forEach', lines, target: nameOf('_', lines), iterable: this.expression(inner), body: [{ kind: 'yield', lines }] }]
          : [{ kind: 'yield', lines, value: this.optional(inner) }];
      }
      case 'assignment_expression': {
        const left = child(node, 'left');
        const right = child(node, 'right');
        if (left?.type === 'identifier' && this.isFunction(right)) {
          return [this.bound(right, textOf(left), documentation)];
        }
        if (left?.type === 'member_expression' && this.isFunction(right)) {
          return this.methodOutside(left, right, documentation);
        }
        if (left?.type === 'object_pattern') {
          return this.destructured(left, this.expressionIn(node, 'right'));
        }
        break;
      }
      case 'unary_expression':
        if (textIn(node, 'operator') === 'delete') {
          return [{ kind: 'delete', lines, target: this.expressionIn(node, 'argument') }];
        }
        break;
      default:
    }
    const value = this.expression(node);
    return [keptOnce(value) ?? asLoop(statementOf(value))];
  }

  /** `F.prototype.m = function …` is a method of F; `module.exports.f = …` and `this.f = …` are functions with that name. */
  private methodOutside(left: SyntaxNode, right: SyntaxNode, documentation?: Documented): Statement[] {
    const path = textOf(left).split('.');
    const [owner, middle, name] = path;
    if (path.length === 3 && middle === 'prototype' && owner !== undefined && name !== undefined) {
      const methods = this.prototypes.get(owner) ?? [];
      this.prototypes.set(owner, methods);
      this.depth += 1;
      methods.push(this.define(() => ({ ...this.functionOf(right, name, documentation), owner, exported: true })));
      this.depth -= 1;
      return [];
    }
    return [this.bound(right, path.at(-1) ?? '', documentation)];
  }

  private forStatement(node: SyntaxNode): Statement {
    const initializer = child(node, 'initializer');
    const condition = childrenIn(node, 'condition').find((inner) => inner.isNamed && inner.type !== 'empty_statement');
    const increment = child(node, 'increment');
    return {
      kind: 'for', lines: linesOf(node),
      init: initializer === undefined ? [] : this.statement(initializer),
      condition: this.optional(condition),
      step: increment === undefined ? [] : this.expressionStatement(increment),
      body: this.body(child(node, 'body')),
    };
  }

  /** `for … of` goes over items, of a map over its entries; `for … in` over keys. */
  private forEach(node: SyntaxNode): Statement {
    const lines = linesOf(node);
    const left = child(node, 'left');
    const right = this.expressionIn(node, 'right');
    const isKeys = textIn(node, 'operator') === 'in';
    const isPlace = right.kind === 'name' || right.kind === 'member' || right.kind === 'index';
    const takesApart = left?.type === 'array_pattern';
    const iterable = isKeys ? callOf(memberOf(right, '@keys', lines), [], lines) : takesApart && isPlace ? callOf(memberOf(right, '@items', lines), [], lines) : right;
    if (left?.type === 'object_pattern') {
      const name = this.temporary();
      return { kind: 'forEach', lines, target: nameOf(name, lines), iterable, body: [...this.destructured(left, nameOf(name, lines)), ...this.body(child(node, 'body'))] };
    }
    return { kind: 'forEach', lines, target: left === undefined ? nameOf('_', lines) : this.target(left), iterable, body: this.body(child(node, 'body')) };
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
      const inside = childrenIn(group, 'body');
      // Labels without statements belong to the next group.
      if (inside.length > 0) {
        cases.push({ patterns, body: inside.flatMap((inner) => this.statement(inner)) });
        patterns = [];
      }
    }
    return { kind: 'switch', lines: linesOf(node), subject: this.expressionIn(node, 'value'), cases };
  }

  protected classDeclaration(node: SyntaxNode, name: string): void {
    this.types.classNames.add(name);
    const heritage = childOfType(node, 'class_heritage');
    const bases = heritage === undefined ? [] : named(heritage).flatMap((inner) => (inner.type === 'identifier' ? [textOf(inner)] : named(inner).map(textOf)));
    const fields: Field[] = [];
    const methods: FunctionIr[] = [];
    const body = child(node, 'body');
    const members = body === undefined ? [] : withComments(body);
    this.depth += 1;
    members.forEach((inner, at) => {
      switch (inner.type) {
        case 'method_definition':
          methods.push(this.method(inner, name, textIn(inner, 'name'), this.documentationBefore(members, at)));
          break;
        case 'field_definition':
        case 'public_field_definition': {
          const fieldName = (textIn(inner, 'name') || textIn(inner, 'property')).replace(/^#/, '');
          const value = child(inner, 'value');
          const annotation = child(inner, 'type');
          if (this.isFunction(value)) {
            methods.push(this.method(value, name, fieldName, this.documentationBefore(members, at)));
          } else {
            fields.push({ name: fieldName, type: annotation === undefined ? undefined : this.types.read(annotation), value: this.optional(value), lines: linesOf(inner) });
          }
          break;
        }
        case 'class_static_block': {
          const fn = { ...lambdaOf([], this.body(child(inner, 'body')), linesOf(inner), '<static>'), owner: name };
          this.functions.push(fn);
          methods.push(fn);
          break;
        }
        default:
      }
    });
    this.depth -= 1;
    this.classes.push({ name, bases, fields, methods, lines: linesOf(node) });
  }

  private method(node: SyntaxNode, owner: string, text: string, documentation?: Documented): FunctionIr {
    const modifier = childOfType(node, 'accessibility_modifier');
    const name = text.replace(/^#/, '');
    return this.define(() => ({
      ...this.functionOf(node, name, documentation),
      owner,
      exported: !text.startsWith('#') && (modifier === undefined || textOf(modifier) === 'public'),
      constructs: name === 'constructor',
    }));
  }

  /** What the JSDoc comment before the node at `at` says; other comments may stand between. */
  private documentationBefore(nodes: readonly SyntaxNode[], at: number): Documented | undefined {
    for (let position = at - 1; position >= 0; position--) {
      const before = nodes[position];
      if (before?.type !== 'comment') {
        return undefined;
      }
      if (textOf(before).startsWith('/**')) {
        return this.types.documented(textOf(before));
      }
    }
    return undefined;
  }
}

function withComments(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter((inner) => inner.isNamed);
}

const comments = /^(?:\s+|\/\/[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*/;
const method = /^(?:(?:public|private|protected|static|override|async|get|set)\s+)*\*?\s*#?([\w$]+)\s*(?:<[^>(){}]*>)?\([^{}]*\)\s*(?::[^;={}]+)?\{/;
const keywords: ReadonlySet<string> = new Set(['if', 'for', 'while', 'switch', 'function', 'catch', 'with', 'return']);

/** A method without its class gets one around it. */
function prepare(text: string): string {
  const source = closed(text);
  const name = method.exec(source.slice(comments.exec(source)?.[0].length ?? 0))?.[1];
  return name === undefined || keywords.has(name) ? source : `class Fragment { ${source}\n}`;
}

export const javascript: Language = {
  ids: ['javascript', 'javascriptreact'],
  grammar: 'tree-sitter-javascript',
  library: javascriptLibrary,
  prepare,
  lower(root: SyntaxNode): Program {
    return new JavascriptLowering().lower(root, 'javascript');
  },
};

/** `a[i]! + b` reads as `(a[i] + b)!` with the grammar, so the marks that say "not null" are left out before. */
function prepareTypes(source: string): string {
  return prepare(source.replace(/(?<=[\w$\])])!(?=[\s)\].,;[?:}+\-*/%<>&|]|$)(?!\s*=)/g, ''));
}

export const typescript: Language = {
  ids: ['typescript'],
  grammar: 'tree-sitter-typescript',
  library: javascriptLibrary,
  prepare: prepareTypes,
  lower(root: SyntaxNode): Program {
    return new JavascriptLowering().lower(root, 'typescript');
  },
};

export const typescriptReact: Language = {
  ...typescript,
  ids: ['typescriptreact'],
  grammar: 'tree-sitter-tsx',
};
