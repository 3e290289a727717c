import { binaryOf, callOf, linesOf, memberOf, nameOf, statementOf, stepOf, unknownOf } from '../program/build';
import type { Block, Expression, Field, FunctionIr, Lines, Program, Statement, SwitchCase, Type } from '../program/ir';
import type { Language } from '../language';
import { child, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { operatorOf } from './csharpExpressions';
import { GoExpressions } from './goExpressions';
import { goLibrary } from './goLibrary';
import { closed, textIn } from './lowering';

/** Reads Go. */
class GoLowering extends GoExpressions {
  private readonly main: Statement[] = [];
  private readonly methodsOf = new Map<string, FunctionIr[]>();
  /** What names were last set to in the text, where that is a length, or so much less. */
  private readonly lengths = new Map<string, string | undefined>();

  lower(root: SyntaxNode): Program {
    this.types.collect(root);
    for (const node of named(root)) {
      this.topLevel(node);
    }
    for (const [name, methods] of this.methodsOf) {
      const [first] = methods;
      if (first !== undefined && !this.classes.some((known) => known.name === name)) {
        this.classes.push({ name, bases: [], fields: [], methods, lines: first.lines });
      }
    }
    return this.finish('go', root, this.main);
  }

  private topLevel(node: SyntaxNode): void {
    this.lengths.clear();
    switch (node.type) {
      case 'function_declaration':
        this.define(() => ({ ...this.functionOf(node, textIn(node, 'name')), exported: true }));
        break;
      case 'method_declaration':
        this.method(node);
        break;
      case 'ERROR':
        for (const inner of named(node)) {
          this.topLevel(inner);
        }
        break;
      case 'package_clause':
      case 'import_declaration':
        break;
      default:
        this.main.push(...this.statement(node));
    }
  }

  private methodList(owner: string): FunctionIr[] {
    const known = this.methodsOf.get(owner) ?? [];
    this.methodsOf.set(owner, known);
    return known;
  }

  private method(node: SyntaxNode): void {
    const receiver = child(node, 'receiver');
    const declaration = receiver === undefined ? undefined : named(receiver)[0];
    const typeNode = declaration === undefined ? undefined : child(declaration, 'type');
    const owner = typeNode === undefined ? '' : textOf(typeNode).replace(/^\*|\[.*$/gs, '');
    const outer = this.receiver;
    this.receiver = declaration === undefined ? undefined : textIn(declaration, 'name');
    const methods = this.methodList(owner);
    methods.push(this.define(() => ({ ...this.functionOf(node, textIn(node, 'name')), owner, exported: true })));
    this.receiver = outer;
  }

  protected body(node: SyntaxNode | undefined): Block {
    if (node === undefined) {
      return [];
    }
    if (node.type !== 'block' && node.type !== 'statement_list') {
      return this.statement(node);
    }
    const inside = named(node);
    // What is deferred runs last.
    const ordered = inside.some(({ type }) => type === 'defer_statement') ? [...inside.filter(({ type }) => type !== 'defer_statement'), ...inside.filter(({ type }) => type === 'defer_statement').reverse()] : inside;
    return ordered.flatMap((inner) => this.nested(inner));
  }

  private nested(node: SyntaxNode): Block {
    return node.type === 'statement_list' ? this.body(node) : this.statement(node);
  }

  private statement(node: SyntaxNode): Statement[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'short_var_declaration':
        return this.assignment(node, true);
      case 'assignment_statement':
        return this.assignment(node, false);
      case 'var_declaration':
      case 'const_declaration':
      case 'var_spec_list':
        return named(node).flatMap((inner) => (inner.type === 'var_spec_list' ? this.statement(inner) : this.specification(inner)));
      case 'type_declaration':
        for (const inner of named(node)) {
          this.typeSpecification(inner);
        }
        return [];
      case 'inc_statement':
      case 'dec_statement': {
        const inner = named(node)[0];
        const before = inner === undefined ? undefined : this.lengths.get(textOf(inner));
        if (inner !== undefined && before !== undefined) {
          this.lengths.set(textOf(inner), node.type === 'dec_statement' ? `${before}-1` : undefined);
        }
        return inner === undefined ? [] : [statementOf(stepOf(this.expression(inner), node.type === 'inc_statement' ? 1 : -1, lines))];
      }
      case 'defer_statement': {
        // `defer func() { … }()`: its statements.
        const called = named(node)[0];
        const made = called?.type === 'call_expression' ? child(called, 'function') : undefined;
        const body = made?.type === 'func_literal' ? child(made, 'body') : undefined;
        return body === undefined ? named(node).flatMap((inner) => this.reads(inner)?.map(statementOf) ?? [this.callStatement(inner)]) : [{ kind: 'block', lines, body: this.body(body) }];
      }
      case 'expression_statement':
      case 'go_statement':
        return named(node).flatMap((inner) => this.reads(inner)?.map(statementOf) ?? [this.callStatement(inner)]);
      case 'send_statement':
        return [{ kind: 'expression', lines, value: callOf(memberOf(this.expressionIn(node, 'channel'), '@send', lines), [this.expressionIn(node, 'value')], lines) }];
      case 'if_statement': {
        const before = this.body(child(node, 'initializer'));
        const condition = this.expressionIn(node, 'condition');
        return [
          ...before,
          {
            kind: 'if', lines, condition: asked(condition, before),
            then: this.body(child(node, 'consequence')), else: this.body(child(node, 'alternative')),
          },
        ];
      }
      case 'for_statement':
        return [this.loop(node)];
      case 'return_statement': {
        const list = named(node)[0];
        const values = list === undefined ? [] : this.all(named(list));
        return [{ kind: 'return', lines, value: values.length > 1 ? { kind: 'list', lines, type: 'tuple', items: values } : values[0] }];
      }
      case 'break_statement':
      case 'continue_statement': {
        const label = named(node)[0];
        return [{ kind: node.type === 'break_statement' ? 'break' : 'continue', lines, label: label === undefined ? undefined : textOf(label) }];
      }
      case 'labeled_statement': {
        const [label, ...inside] = named(node);
        return [{ kind: 'block', lines, label: label === undefined ? undefined : textOf(label), body: inside.flatMap((inner) => this.statement(inner)) }];
      }
      case 'expression_switch_statement':
      case 'type_switch_statement':
      case 'select_statement':
        return [...this.body(child(node, 'initializer')), this.switchStatement(node)];
      case 'block':
      case 'statement_list':
      case 'ERROR':
        return [...named(node).flatMap((inner) => this.statement(inner))];
      case 'function_declaration':
      case 'method_declaration':
        this.topLevel(node);
        return [];
      case 'comment':
      case 'empty_statement':
      case 'fallthrough_statement':
      case 'goto_statement':
      case 'import_declaration':
      case 'package_clause':
      case 'label_name':
        return [];
      default:
        return [this.callStatement(node)];
    }
  }

  private callStatement(node: SyntaxNode): Statement {
    if (node.type === 'call_expression' && textIn(node, 'function') === 'delete') {
      const [map, key] = named(child(node, 'arguments') ?? node);
      if (map !== undefined && key !== undefined) {
        const lines = linesOf(node);
        return { kind: 'delete', lines, target: { kind: 'index', lines, object: this.expression(map), index: this.expression(key) } };
      }
    }
    return statementOf(this.expression(node));
  }

  private specification(node: SyntaxNode): Statement[] {
    const typeNode = child(node, 'type');
    const type = typeNode === undefined ? undefined : this.types.read(typeNode);
    const list = child(node, 'value');
    const values = list === undefined ? [] : named(list);
    const lines = linesOf(node);
    return childrenIn(node, 'name').filter((name) => name.isNamed).flatMap((name, at): Statement[] => {
      const value = values[at];
      if (value?.type === 'func_literal') {
        return [this.bound(value, textOf(name))];
      }
      if (value === undefined && type?.kind === 'function') {
        return []; // `var dfs func(int)` goes before `dfs = func…`
      }
      return [{ kind: 'declare', lines, name: textOf(name), type, value: value === undefined ? this.zero(type, typeNode, lines) : this.expression(value, type) }];
    });
  }

  /** What a variable holds that is declared without a value. */
  private zero(type: Type | undefined, typeNode: SyntaxNode | undefined, lines: Lines): Expression | undefined {
    if (type === undefined || typeNode === undefined) {
      return undefined;
    }
    const lengths = this.types.lengths(typeNode);
    if (lengths.length > 0) {
      return { kind: 'new', lines, type, args: [], dimensions: this.all(lengths) };
    }
    const isEmpty = type.kind === 'list' || type.kind === 'builder' || type.kind === 'linkedList' || type.kind === 'map';
    return isEmpty ? { kind: 'new', lines, type, args: [] } : undefined;
  }

  private typeSpecification(node: SyntaxNode): void {
    const type = child(node, 'type');
    if (type?.type !== 'struct_type') {
      return;
    }
    const name = textIn(node, 'name');
    const fields: Field[] = [];
    const bases: string[] = [];
    for (const inner of named(named(type)[0] ?? type)) {
      const fieldType = child(inner, 'type');
      const names = childrenIn(inner, 'name');
      if (fieldType !== undefined && names.length === 0) {
        bases.push(textOf(fieldType).replace(/^\*/, ''));
      }
      for (const field of names) {
        fields.push({ name: textOf(field), type: fieldType === undefined ? undefined : this.types.read(fieldType), lines: linesOf(inner) });
      }
    }
    this.classes.push({ name, bases, fields, methods: this.methodList(name), lines: linesOf(node) });
  }

  private bound(node: SyntaxNode, name: string): Statement {
    const fn = this.define(() => this.functionOf(node, name));
    return { kind: 'function', lines: linesOf(node), function: fn };
  }

  /** `:=` and `=` with one or several targets. */
  private assignment(node: SyntaxNode, declares: boolean): Statement[] {
    const lines = linesOf(node);
    const leftList = child(node, 'left');
    const rightList = child(node, 'right');
    const lefts = leftList === undefined ? [] : named(leftList);
    const rights = rightList === undefined ? [] : named(rightList);
    const sign = declares ? '=' : textIn(node, 'operator');
    const [left] = lefts;
    const [right] = rights;
    if (left === undefined || right === undefined) {
      return [];
    }
    if (sign !== '=') {
      this.lengths.delete(textOf(left));
      return [{ kind: 'assign', lines, target: this.expression(left), operator: operatorOf(sign), value: this.expression(right) }];
    }
    if (lefts.length === 1) {
      return [this.assigned(left, right, declares, lines)];
    }
    if (rights.length === 1) {
      const value = this.expression(right);
      if (right.type === 'index_expression' || right.type === 'type_assertion_expression' || right.type === 'unary_expression') {
        // v, ok := m[k]
        const known: Expression = value.kind === 'index' ? binaryOf('in', value.index, value.object, lines) : unknownOf([], lines);
        return [this.plain(left, value, declares, lines), ...lefts.slice(1).map((other): Statement => this.plain(other, known, declares, lines))];
      }
      return [{ kind: 'assign', lines, target: { kind: 'list', lines, type: 'tuple', items: this.all(lefts) }, value }];
    }
    return this.parallel(lefts, rights, declares, lines);
  }

  /** `a, b = x, y`: one after the other where none needs what another sets, else all at once. */
  private parallel(lefts: readonly SyntaxNode[], rights: readonly SyntaxNode[], declares: boolean, lines: Lines): Statement[] {
    const targets = lefts.map((left) => textOf(left).replace(/[.[].*$/s, ''));
    const uses = rights.map((right) => new Set(textOf(right).match(/[A-Za-z_]\w*/g) ?? []));
    // What only moves a queue or a stack on is done last: `node, queue = queue[0], queue[1:]`
    const isMove = rights.map((right, at) => right.type === 'slice_expression' && textIn(right, 'operand') === textOf(lefts[at] ?? right));
    const order = [...rights.keys()].sort((one, other) => Number(isMove[one]) - Number(isMove[other]));
    const isFree = order.every((at, position) => order.slice(0, position).every((before) => !uses[at]?.has(targets[before] ?? '')));
    if (isFree) {
      return order.flatMap((at) => {
        const [left, right] = [lefts[at], rights[at]];
        return left === undefined || right === undefined ? [] : [this.assigned(left, right, declares, lines)];
      });
    }
    return [
      { kind: 'assign', lines, target: { kind: 'list', lines, type: 'tuple', items: this.all(lefts) }, value: { kind: 'list', lines, type: 'tuple', items: this.all(rights) } },
    ];
  }

  private assigned(left: SyntaxNode, right: SyntaxNode, declares: boolean, lines: Lines): Statement {
    this.lengths.set(textOf(left), /^len[\w.[\]]+(?:-\d+)?$/.exec(bare(textOf(right)))?.[0]);
    if (right.type === 'func_literal' && left.type === 'identifier') {
      return this.bound(right, textOf(left));
    }
    const changed = this.changed(left, right, lines);
    const value = this.expression(right);
    // `p := &table[i]` is another name for the place.
    return changed ?? this.plain(left, value, declares, lines, value.kind === 'index' && right.type === 'unary_expression' && textIn(right, 'operator') === '&');
  }

  private plain(left: SyntaxNode, value: Expression, declares: boolean, lines: Lines, byReference = false): Statement {
    return declares && left.type === 'identifier' ? { kind: 'declare', lines, name: textOf(left), value, ...(byReference ? { byReference } : {}) } : { kind: 'assign', lines, target: this.expression(left), value };
  }

  /** `x = append(x, …)`, `x = append(x[:i], x[i+1:]...)`, `x = x[:len(x)-1]`, `x = x[1:]` and `x = x[:0]` change x in place. */
  private changed(left: SyntaxNode, right: SyntaxNode, lines: Lines): Statement | undefined {
    const subject = textOf(left);
    const same = (node: SyntaxNode | undefined): boolean => node !== undefined && bare(textOf(node)) === bare(subject);
    const made = (name: string, args: readonly Expression[]): Statement => ({ kind: 'expression', lines, value: callOf(memberOf(this.expression(left), name, lines), args, lines) });
    if (right.type === 'call_expression' && textIn(right, 'function') === 'append') {
      const [first, ...rest] = named(child(right, 'arguments') ?? right);
      const [second] = rest;
      if (first?.type === 'slice_expression' && second !== undefined && rest.length === 1 && same(child(first, 'operand'))) {
        return this.cutOut(first, second, same) ? made('@cut', []) : undefined;
      }
      if (!same(first) || second === undefined) {
        return undefined;
      }
      if (second.type === 'variadic_argument') {
        return made('@extend', [this.expression(second)]);
      }
      return made('@push', this.all(rest));
    }
    if (right.type === 'slice_expression' && same(child(right, 'operand'))) {
      const [start, end] = ends(right, subject);
      if (start === '' && (end === '0' || this.isShorter(end, subject))) {
        return made(end === '0' ? '@clear' : '@pop', []);
      }
      if (/^[1-9]\d*$/.test(start) && end === '') {
        return made('@popFront', []);
      }
    }
    return undefined;
  }

  /** `len(x)-1`, `len(x)-2`, or a name that was last set to that: a slice up to there leaves an item out, or several. */
  private isShorter(end: string, subject: string): boolean {
    const [, name = '', less = ''] = /^(\w+)(-[1-9]\d*)?$/.exec(end) ?? [];
    const length = `${this.lengths.get(name) ?? name}${less}`;
    const whole = `len${bare(subject)}`;
    return [length, bare(end)].some((each) => each.startsWith(whole) && /^(?:-[1-9]\d*)+$/.test(each.slice(whole.length)));
  }

  /** What is behind a place is put after what is before it: `append(x[:i], x[i+1:]...)`. */
  private cutOut(before: SyntaxNode, second: SyntaxNode, same: (node: SyntaxNode | undefined) => boolean): boolean {
    const behind = second.type === 'variadic_argument' ? named(second)[0] : undefined;
    const [end, start] = [bare(textIn(before, 'end')), behind === undefined ? '' : bare(textIn(behind, 'start'))];
    return behind?.type === 'slice_expression' && same(child(behind, 'operand')) && ends(before, '')[0] === '' && ends(behind, textIn(behind, 'operand'))[1] === '' && end !== '' && start.startsWith(`${end}+`);
  }

  private loop(node: SyntaxNode): Statement {
    const lines = linesOf(node);
    const bodyNode = child(node, 'body');
    const head = named(node).find((inner) => inner !== bodyNode);
    if (head?.type === 'range_clause') {
      return this.rangeLoop(head, bodyNode, lines);
    }
    if (head?.type === 'for_clause') {
      return {
        kind: 'for', lines, init: this.body(child(head, 'initializer')), condition: this.optional(child(head, 'condition')),
        step: this.body(child(head, 'update')), body: this.body(bodyNode),
      };
    }
    const condition: Expression = head === undefined ? { kind: 'literal', lines, type: 'boolean', value: true } : this.expression(head);
    return { kind: 'while', lines, condition, body: this.body(bodyNode), testLast: false };
  }

  /** One variable takes positions (of a map its keys), the second the items. */
  private rangeLoop(head: SyntaxNode, bodyNode: SyntaxNode | undefined, lines: Lines): Statement {
    const left = child(head, 'left');
    const [first, second] = left === undefined ? [] : named(left);
    const subject = this.expressionIn(head, 'right');
    const isKeyUsed = first !== undefined && textOf(first) !== '_';
    const isItemUsed = second !== undefined && textOf(second) !== '_';
    const name = isItemUsed ? (isKeyUsed ? '@entries' : '@values') : '@keys';
    const target: Expression =
      first === undefined || (!isKeyUsed && !isItemUsed)
        ? nameOf('_', lines)
        : isItemUsed && isKeyUsed
          ? { kind: 'list', lines, type: 'tuple', items: this.all([first, second]) }
          : this.expression(isItemUsed ? second : first);
    return { kind: 'forEach', lines, target, iterable: callOf(memberOf(subject, name, lines), [], lines), body: this.body(bodyNode) };
  }

  private switchStatement(node: SyntaxNode): Statement {
    const cases: SwitchCase[] = [];
    for (const group of named(node)) {
      if (!group.type.endsWith('_case')) {
        continue;
      }
      const value = child(group, 'value');
      const communication = child(group, 'communication');
      const inside = named(group).filter((inner) => inner.field === undefined);
      cases.push({
        patterns: value === undefined ? [] : this.all(named(value)),
        body: [...(communication === undefined ? [] : this.receive(communication)), ...inside.flatMap((inner) => this.statement(inner))],
      });
    }
    return { kind: 'switch', lines: linesOf(node), subject: this.optional(child(node, 'value')), cases };
  }

  private receive(node: SyntaxNode): Statement[] {
    return node.type === 'receive_statement' ? [statementOf(this.expressionIn(node, 'right'))] : this.statement(node);
  }
}

/** `if v, ok := m[k]; ok` asks whether the key is there: `ok` in the condition is what it was declared with. */
function asked(condition: Expression, before: Block): Expression {
  if (condition.kind === 'name') {
    const declared = before.find((statement) => statement.kind === 'declare' && statement.name === condition.name);
    return declared?.kind === 'declare' && declared.value?.kind === 'binary' && declared.value.operator === 'in' ? declared.value : condition;
  }
  if (condition.kind === 'unary') {
    return { ...condition, operand: asked(condition.operand, before) };
  }
  return condition.kind === 'binary' ? { ...condition, left: asked(condition.left, before), right: asked(condition.right, before) } : condition;
}

/** Where a slice begins and ends, without spaces; empty where that is the beginning or the end of `whole`. */
function ends(slice: SyntaxNode, whole: string): [string, string] {
  const start = textIn(slice, 'start').replace(/\s/g, '');
  const end = textIn(slice, 'end').replace(/\s/g, '');
  return [start === '0' ? '' : start, bare(end) === `len${bare(whole)}` ? '' : end];
}

/** The text of an expression without spaces and dereferences. */
function bare(text: string): string {
  return text.replace(/[\s*()]/g, '');
}

export const go: Language = {
  ids: ['go'],
  grammar: 'tree-sitter-go',
  library: goLibrary,
  prepare: closed,
  lower(root: SyntaxNode): Program {
    return new GoLowering().lower(root);
  },
};
