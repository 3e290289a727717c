import { binaryOf, callOf, linesOf, memberOf, nameOf, statementOf, unknownOf } from '../program/build';
import type { Block, Expression, Field, FunctionIr, Lines, Program, Statement, SwitchCase, Type } from '../program/ir';
import type { Language } from '../language';
import { child, childOfType, named, textOf, type SyntaxNode } from '../syntax';
import { closed, textIn } from './lowering';
import { RustExpressions, elseOf, returned, type Tail } from './rustExpressions';
import { rustLibrary } from './rustLibrary';

const ignored = (value: Expression): Statement[] => [statementOf(value)];

/** Reads Rust. */
class RustLowering extends RustExpressions {
  private readonly main: Statement[] = [];
  private readonly methodsOf = new Map<string, FunctionIr[]>();

  lower(root: SyntaxNode): Program {
    this.collectFields(root);
    this.items(named(root));
    for (const [name, methods] of this.methodsOf) {
      const [first] = methods;
      if (first !== undefined && !this.classes.some((known) => known.name === name)) {
        this.classes.push({ name, bases: [], fields: [], methods, lines: first.lines });
      }
    }
    return this.finish('rust', root, this.main);
  }

  private collectFields(node: SyntaxNode): void {
    for (const inner of node.children) {
      const type = inner.type === 'field_declaration' ? child(inner, 'type') : undefined;
      if (type !== undefined) {
        this.fieldTypes.set(textIn(inner, 'name'), this.types.read(type));
      } else if (/^(?:struct_item|field_declaration_list|mod_item|declaration_list|function_item|block)$/.test(inner.type)) {
        this.collectFields(inner);
      }
    }
  }

  private items(nodes: readonly SyntaxNode[]): void {
    for (const node of nodes) {
      this.main.push(...this.statement(node, true));
    }
  }

  /** Declarations inside and outside of functions; undefined for what is none. */
  private item(node: SyntaxNode, isOuter: boolean): Statement[] | undefined {
    const lines = linesOf(node);
    switch (node.type) {
      case 'function_item': {
        const fn = this.functionItem(node, undefined, isOuter);
        return isOuter ? [] : [{ kind: 'function', lines, function: fn }];
      }
      case 'impl_item':
      case 'trait_item': {
        const type = child(node, 'type') ?? child(node, 'name');
        const owner = type === undefined ? '' : textOf(type).replace(/<.*$/s, '').replace(/^.*::/s, '');
        const outer = this.types.self;
        this.types.self = owner;
        const body = child(node, 'body');
        const methods = this.methodList(owner);
        for (const inner of body === undefined ? [] : named(body)) {
          if (inner.type === 'function_item') {
            methods.push(this.functionItem(inner, owner, false));
          } else if (inner.type === 'const_item') {
            this.main.push(...(this.item(inner, true) ?? []));
          }
        }
        this.types.self = outer;
        return [];
      }
      case 'struct_item':
      case 'union_item':
        this.structItem(node);
        return [];
      case 'const_item':
      case 'static_item': {
        const type = child(node, 'type');
        return [{ kind: 'declare', lines, name: textIn(node, 'name'), type: type === undefined ? undefined : this.types.read(type), value: this.optional(child(node, 'value')) }];
      }
      case 'type_item': {
        const type = child(node, 'type');
        if (type !== undefined) {
          this.types.aliases.set(textIn(node, 'name'), this.types.read(type));
        }
        return [];
      }
      case 'mod_item':
      case 'foreign_mod_item': {
        const body = child(node, 'body');
        this.items(body === undefined ? [] : named(body));
        return [];
      }
      case 'enum_item':
      case 'use_declaration':
      case 'extern_crate_declaration':
      case 'attribute_item':
      case 'inner_attribute_item':
      case 'macro_definition':
      case 'function_signature_item':
      case 'empty_statement':
      case 'line_comment':
      case 'block_comment':
      case 'shebang':
        return [];
      default:
        return undefined;
    }
  }

  private methodList(owner: string): FunctionIr[] {
    const known = this.methodsOf.get(owner) ?? [];
    this.methodsOf.set(owner, known);
    return known;
  }

  private structItem(node: SyntaxNode): void {
    const name = textIn(node, 'name');
    const body = child(node, 'body');
    const fields: Field[] = (body === undefined ? [] : named(body)).filter((inner) => inner.type === 'field_declaration').map((inner) => {
      const type = child(inner, 'type');
      return { name: textIn(inner, 'name'), type: type === undefined ? undefined : this.types.read(type), lines: linesOf(inner) };
    });
    this.classes.push({ name, bases: [], fields, methods: this.methodList(name), lines: linesOf(node) });
  }

  private functionItem(node: SyntaxNode, owner: string | undefined, isOuter: boolean): FunctionIr {
    return this.define(() => {
      const prologue: Statement[] = [];
      const list = child(node, 'parameters');
      const params = (list === undefined ? [] : named(list)).filter((inner) => inner.type === 'parameter').map((inner) => this.parameter(inner, prologue));
      const result = child(node, 'return_type');
      const body = child(node, 'body');
      return {
        name: textIn(node, 'name'),
        owner,
        params,
        result: result === undefined ? undefined : this.types.read(result),
        body: [...prologue, ...(body === undefined ? [] : this.block(body, result === undefined ? ignored : returned))],
        lines: linesOf(node),
        memoized: false,
        exported: owner === undefined ? isOuter : node.children.some((inner) => inner.type === 'visibility_modifier'),
      };
    });
  }

  protected block(node: SyntaxNode, tail: Tail): Block {
    const nodes = named(node).filter((inner) => inner.type !== 'label');
    return nodes.flatMap((inner, at) => (at === nodes.length - 1 ? this.last(inner, tail) : this.statement(inner, false)));
  }

  /** The last of a block gives its value unless a semicolon ends it. */
  private last(node: SyntaxNode, tail: Tail): Statement[] {
    const inner = node.type === 'expression_statement' ? named(node)[0] : node;
    if (inner === undefined || (node.type === 'expression_statement' && node.children.some((part) => part.type === ';'))) {
      return this.statement(node, false);
    }
    if (this.isControl(inner)) {
      return this.control(inner, tail);
    }
    return this.item(inner, false) ?? (/^let_declaration$|^(?:return|break|continue)_expression$|assignment|_assignment_expr$|_statement$/.test(inner.type) ? this.statement(inner, false) : tail(this.expression(inner)));
  }

  private statement(node: SyntaxNode, isOuter: boolean): Statement[] {
    const lines = linesOf(node);
    const item = this.item(node, isOuter);
    if (item !== undefined) {
      return item;
    }
    switch (node.type) {
      case 'let_declaration':
        return this.declaration(node);
      case 'expression_statement':
        return named(node).flatMap((inner) => this.statement(inner, false));
      case 'return_expression': {
        const value = named(node)[0];
        return value !== undefined && this.isControl(value) ? this.control(value, returned) : [{ kind: 'return', lines, value: this.optional(value) }];
      }
      case 'break_expression':
      case 'continue_expression': {
        const label = childOfType(node, 'label');
        const value = named(node).find((inner) => inner.type !== 'label');
        return [
          ...(value === undefined ? [] : [statementOf(this.expression(value))]),
          { kind: node.type === 'break_expression' ? 'break' : 'continue', lines, label: label === undefined ? undefined : textOf(label).slice(1) },
        ];
      }
      case 'ERROR':
        return named(node).flatMap((inner) => this.statement(inner, isOuter));
      case 'assignment_expression':
      case 'compound_assignment_expr': {
        const right = child(node, 'right');
        if (node.type === 'assignment_expression' && right !== undefined && this.isControl(right)) {
          const target = this.target(child(node, 'left'));
          return this.control(right, (value) => [{ kind: 'assign', lines: value.lines, target, value }]);
        }
        return [statementOf(this.expression(node))];
      }
      default:
        return this.isControl(node) ? this.control(node, ignored) : [statementOf(this.expression(node))];
    }
  }

  private declaration(node: SyntaxNode): Statement[] {
    const lines = linesOf(node);
    const patternNode = child(node, 'pattern');
    const valueNode = child(node, 'value');
    const typeNode = child(node, 'type');
    const alternative = child(node, 'alternative');
    if (patternNode === undefined) {
      return [];
    }
    const target = this.pattern(patternNode);
    const type = typeNode === undefined ? undefined : this.types.read(typeNode);
    const rest: Statement[] =
      alternative === undefined ? [] : [{ kind: 'if', lines, condition: unknownOf([], lines), then: this.block(alternative, ignored), else: [] }];
    if (valueNode?.type === 'closure_expression' && target.kind === 'name') {
      const fn = this.define(() => this.closure(valueNode, target.name));
      return [{ kind: 'function', lines, function: fn }];
    }
    const bound = valueNode === undefined || this.isControl(valueNode) ? undefined : this.expression(valueNode);
    if (target.kind === 'name' && bound?.kind === 'name' && bound.name === target.name) {
      return []; // `let node = node.borrow();`
    }
    const bind = (value: Expression): Statement => (target.kind === 'name' ? { kind: 'declare', lines, name: target.name, type, value: collected(value, type) } : { kind: 'assign', lines, target, value });
    if (valueNode === undefined) {
      return target.kind === 'name' ? [{ kind: 'declare', lines, name: target.name, type }] : [];
    }
    if (this.isControl(valueNode) && target.kind === 'name') {
      const value = this.expression(valueNode);
      if (value.kind !== 'call') {
        return [bind(value), ...rest];
      }
      return [{ kind: 'declare', lines, name: target.name, type }, ...this.control(valueNode, (result) => [{ kind: 'assign', lines: result.lines, target, value: result }])];
    }
    return [bind(bound ?? this.expression(valueNode)), ...rest];
  }

  protected control(node: SyntaxNode, tail: Tail): Statement[] {
    const lines = linesOf(node);
    const label = childOfType(node, 'label');
    const labelled = (statement: Statement): Statement[] => (label === undefined ? [statement] : [{ kind: 'block', lines, label: textOf(label).slice(1), body: [statement] }]);
    const bodyNode = child(node, 'body');
    switch (node.type) {
      case 'if_expression': {
        const { condition, assigned } = this.condition(child(node, 'condition'), lines);
        const then = child(node, 'consequence');
        const otherwise = elseOf(node);
        return [
          {
            kind: 'if', lines, condition, then: [...assigned, ...(then === undefined ? [] : this.block(then, tail))],
            else: otherwise === undefined ? [] : this.control(otherwise, tail),
          },
        ];
      }
      case 'match_expression':
        return [this.match(node, tail)];
      case 'while_expression': {
        const { condition, assigned } = this.condition(child(node, 'condition'), lines);
        return labelled({ kind: 'while', lines, condition, body: [...assigned, ...(bodyNode === undefined ? [] : this.block(bodyNode, ignored))], testLast: false });
      }
      case 'loop_expression':
        return labelled({
          kind: 'while', lines, condition: { kind: 'literal', lines, type: 'boolean', value: true }, body: bodyNode === undefined ? [] : this.block(bodyNode, ignored), testLast: false,
        });
      case 'for_expression': {
        const patternNode = child(node, 'pattern');
        const value = this.expressionIn(node, 'value');
        const isPlace = value.kind === 'name' || value.kind === 'member' || value.kind === 'index';
        return labelled({
          kind: 'forEach', lines, target: patternNode === undefined ? nameOf('_', lines) : this.pattern(patternNode),
          iterable: isPlace ? callOf(memberOf(value, '@items', lines), [], lines) : value, body: bodyNode === undefined ? [] : this.block(bodyNode, ignored),
        });
      }
      case 'unsafe_block':
      case 'async_block':
      case 'const_block': {
        const inner = childOfType(node, 'block');
        return inner === undefined ? [] : [...this.block(inner, tail)];
      }
      default:
        return label === undefined ? [...this.block(node, tail)] : labelled({ kind: 'block', lines, body: this.block(node, tail) });
    }
  }

  private condition(node: SyntaxNode | undefined, lines: Lines): { condition: Expression; assigned: Statement[] } {
    if (node === undefined) {
      return { condition: unknownOf([], lines), assigned: [] };
    }
    if (node.type === 'let_condition') {
      return this.letCondition(node);
    }
    if (node.type !== 'let_chain') {
      return { condition: this.expression(node), assigned: [] };
    }
    const parts = named(node).map((inner) => this.condition(inner, lines));
    return { condition: parts.map((part) => part.condition).reduce((all, next) => binaryOf('&&', all, next, lines)), assigned: parts.flatMap((part) => part.assigned) };
  }

  private match(node: SyntaxNode, tail: Tail): Statement {
    const subject = this.expressionIn(node, 'value');
    const body = child(node, 'body');
    const cases: SwitchCase[] = (body === undefined ? [] : named(body)).filter((inner) => inner.type === 'match_arm').map((arm) => {
      const lines = linesOf(arm);
      const patternNode = child(arm, 'pattern');
      const inner = patternNode === undefined ? undefined : named(patternNode)[0];
      const value = child(arm, 'value');
      const guard = patternNode === undefined ? undefined : child(patternNode, 'condition');
      const isLiteral = inner !== undefined && /_literal$|^or_pattern$|^range_pattern$|^scoped_identifier$/.test(inner.type);
      const target = inner === undefined || isLiteral ? nameOf('_', lines) : this.pattern(inner);
      const bound: Statement[] = target.kind === 'name' && target.name === '_' ? [] : [{ kind: 'assign', lines, target, value: subject }];
      const guarded: Statement[] = guard === undefined ? [] : [statementOf(this.expression(guard))];
      return {
        patterns: inner !== undefined && isLiteral && inner.type !== 'or_pattern' && inner.type !== 'range_pattern' ? [this.expression(inner)] : [],
        body: [...bound, ...guarded, ...(value === undefined ? [] : this.last(value, tail))],
      };
    });
    return { kind: 'switch', lines: linesOf(node), subject, cases };
  }
}

/** `collect()` gives what the declared type says. */
function collected(value: Expression, type: Type | undefined): Expression {
  if (type === undefined || value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.name !== 'collect') {
    return value;
  }
  return type.kind === 'list' || type.kind === 'unknown' || type.kind === 'object' ? value : { kind: 'new', lines: value.lines, type, args: [value] };
}

const skipped = /"(?:[^"\\]|\\[\s\S])*"|'(?:\\.|[^'\\])'|\/\/[^\n]*/y;

/**
 * Macros hide their arguments from the grammar: `println!(x)` is read as `println(x)` and `vec![0; n]` as `vec([0; n])`.
 */
function prepare(text: string): string {
  const source = closed(text);
  if (!source.includes('!')) {
    return source;
  }
  let result = '';
  const open: string[] = [];
  for (let at = 0; at < source.length; ) {
    skipped.lastIndex = at;
    const token = skipped.exec(source)?.[0];
    if (token !== undefined) {
      result += token;
      at += token.length;
      continue;
    }
    const character = source.charAt(at);
    if (character === '!' && /[([{]/.test(source.charAt(at + 1)) && /\w/.test(source.charAt(at - 1))) {
      const isCall = source.charAt(at + 1) === '(';
      result += isCall ? '(' : '([';
      open.push(isCall ? ')' : '])');
      at += 2;
      continue;
    }
    if (character === '(' || character === '[' || character === '{') {
      open.push(character === '(' ? ')' : character === '[' ? ']' : '}');
    } else if (character === ')' || character === ']' || character === '}') {
      result += open.pop() ?? character;
      at += 1;
      continue;
    }
    result += character;
    at += 1;
  }
  return result;
}

export const rust: Language = {
  ids: ['rust'],
  grammar: 'tree-sitter-rust',
  library: rustLibrary,
  prepare,
  lower(root: SyntaxNode): Program {
    return new RustLowering().lower(root);
  },
};
