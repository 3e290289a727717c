import { binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, statementOf, unknownOf } from '../program/build';
import {
  receiverName,
  type Block,
  type Expression,
  type Field,
  type FunctionIr,
  type Program,
  type Statement,
  type SwitchCase,
} from '../program/ir';
import type { Language } from '../language';
import { child, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { textIn } from './lowering';
import { RubyExpressions } from './rubyExpressions';
import { rubyLibrary } from './rubyLibrary';
import type { Tail } from './rustExpressions';

/** Calls with a block that run it for each of something. */
const iterating: ReadonlySet<string> = new Set([
  'each', 'each_with_index', 'each_index', 'each_char', 'each_pair', 'each_key', 'each_value', 'each_with_object', 'reverse_each', 'each_entry', 'each_byte', 'each_line',
  'times', 'upto', 'downto', 'step', 'each_cons', 'each_slice',
]);

/** Reads Ruby. Calls with a block that iterate are loops where their value is not used. */
class RubyLowering extends RubyExpressions {
  /** Inside a block that is a function, `next` ends the function. */
  private readonly isLoop: boolean[] = [];
  private depth = 0;

  lower(root: SyntaxNode): Program {
    this.collectNames(root);
    this.variables = variablesOf(root);
    return this.finish('ruby', root, this.block(named(root), undefined));
  }

  private collectNames(node: SyntaxNode): void {
    for (const inner of node.children) {
      if (inner.type === 'method' || inner.type === 'singleton_method') {
        const list = child(inner, 'parameters');
        if (list === undefined || !named(list).some((parameter) => parameter.type === 'identifier' || parameter.type === 'destructured_parameter')) {
          this.plainMethods.add(textIn(inner, 'name'));
        }
      } else if (inner.type === 'assignment') {
        const right = child(inner, 'right');
        if (right !== undefined && isLambda(right)) {
          this.lambdaNames.add(textIn(inner, 'left'));
        }
      }
      this.collectNames(inner);
    }
  }

  protected block(nodes: readonly SyntaxNode[], tail: Tail | undefined): Block {
    return nodes.flatMap((node, at) => this.statement(node, at === nodes.length - 1 ? tail : undefined));
  }

  private inside(node: SyntaxNode | undefined, tail: Tail | undefined): Block {
    return node === undefined ? [] : this.block(named(node), tail);
  }

  private loopBody(node: SyntaxNode | undefined): Block {
    this.isLoop.push(true);
    const body = this.inside(node, undefined);
    this.isLoop.pop();
    return body;
  }

  protected override blockFunction(node: SyntaxNode, name: string): FunctionIr {
    this.isLoop.push(false);
    const fn = super.blockFunction(node, name);
    this.isLoop.pop();
    return fn;
  }

  private statement(node: SyntaxNode, tail: Tail | undefined): Statement[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'method':
      case 'singleton_method': {
        const fn = this.method(node, undefined, this.depth === 0);
        return [{ kind: 'function', lines, function: fn }];
      }
      case 'class':
      case 'module':
      case 'singleton_class':
        this.classDefinition(node);
        return [];
      case 'if':
      case 'elsif':
      case 'unless': {
        const then = this.inside(child(node, 'consequence'), tail);
        const alternative = child(node, 'alternative');
        const otherwise = alternative === undefined ? [] : alternative.type === 'elsif' ? this.statement(alternative, tail) : this.inside(alternative, tail);
        const condition = this.expressionIn(node, 'condition');
        return [node.type === 'unless' ? { kind: 'if', lines, condition, then: otherwise, else: then } : { kind: 'if', lines, condition, then, else: otherwise }];
      }
      case 'if_modifier':
      case 'unless_modifier': {
        const body = child(node, 'body');
        const then = body === undefined ? [] : this.statement(body, tail);
        const condition = this.expressionIn(node, 'condition');
        return [node.type === 'unless_modifier' ? { kind: 'if', lines, condition, then: [], else: then } : { kind: 'if', lines, condition, then, else: [] }];
      }
      case 'while':
      case 'until':
        return [{ kind: 'while', lines, condition: this.loopCondition(node), body: this.loopBody(child(node, 'body')), testLast: false }];
      case 'while_modifier':
      case 'until_modifier': {
        const body = child(node, 'body');
        this.isLoop.push(true);
        const block = body === undefined ? [] : this.statement(body, undefined);
        this.isLoop.pop();
        return [{ kind: 'while', lines, condition: this.loopCondition(node), body: block, testLast: body?.type === 'begin' }];
      }
      case 'for': {
        const value = child(node, 'value');
        const iterable = value === undefined ? undefined : named(value)[0];
        const items = iterable === undefined ? unknownOf([], lines) : this.expression(iterable);
        return [{ kind: 'forEach', lines, target: this.expressionIn(node, 'pattern'), iterable: callOf(memberOf(items, '@items', lines), [], lines), body: this.loopBody(child(node, 'body')) }];
      }
      case 'case':
      case 'case_match':
        return [this.caseStatement(node, tail)];
      case 'begin':
      case 'body_statement':
      case 'do':
      case 'then':
      case 'block_body':
        return this.beginBlock(node, tail);
      case 'ensure':
      case 'else':
      case 'ERROR':
      case 'begin_block':
      case 'end_block':
        return [...this.inside(node, tail)];
      case 'return': {
        const value = named(node)[0];
        return [{ kind: 'return', lines, value: this.optional(value) }];
      }
      case 'break':
        return [{ kind: 'break', lines }];
      case 'next':
        return this.isLoop.at(-1) === false ? [{ kind: 'return', lines, value: this.optional(named(node)[0]) }] : [{ kind: 'continue', lines }];
      case 'redo':
      case 'retry':
      case 'comment':
      case 'empty_statement':
      case 'heredoc_body':
      case 'undef':
      case 'alias':
        return [];
      case 'assignment':
        return this.assignment(node, tail);
      case 'operator_assignment':
        if (textIn(node, 'operator') === '||=' && child(node, 'left')?.type === 'element_reference') {
          // `memo[n] ||= …` computes what is not there yet.
          const target = this.expressionIn(node, 'left');
          const known = binaryOf('!=', target, { kind: 'literal', lines, type: 'null', value: null }, lines);
          const computed: Statement = { kind: 'assign', lines, target, value: this.expressionIn(node, 'right') };
          return [{ kind: 'if', lines, condition: known, then: tail === undefined ? [] : tail(target), else: [computed, ...(tail === undefined ? [] : tail(target))] }];
        }
        break;
      case 'binary':
        if (textIn(node, 'operator') === '<<') {
          return this.ending(this.appended(node), tail);
        }
        break;
      case 'call': {
        const loop = tail === undefined || this.isIterating(node) ? this.loopOf(node) : undefined;
        if (loop !== undefined) {
          return loop;
        }
        if (textIn(node, 'method') === 'raise' && child(node, 'receiver') === undefined) {
          return [{ kind: 'throw', lines }];
        }
        break;
      }
      default:
    }
    return this.ending(this.expression(node), tail);
  }

  private ending(value: Expression, tail: Tail | undefined): Statement[] {
    return tail === undefined ? [statementOf(value)] : tail(value);
  }

  private loopCondition(node: SyntaxNode): Expression {
    const condition = this.expressionIn(node, 'condition');
    return node.type.startsWith('until') ? { kind: 'unary', lines: condition.lines, operator: '!', operand: condition } : condition;
  }

  /** `xs << x` adds; in a chain each of the operands. */
  private appended(node: SyntaxNode): Expression {
    const left = child(node, 'left');
    const subject = left?.type === 'binary' && textIn(left, 'operator') === '<<' ? this.appended(left) : this.expressionIn(node, 'left');
    return subject.kind === 'literal' && subject.type === 'number' ? this.expression(node) : callOf(memberOf(subject, '<<', linesOf(node)), [this.expressionIn(node, 'right')], linesOf(node));
  }

  private assignment(node: SyntaxNode, tail: Tail | undefined): Statement[] {
    const lines = linesOf(node);
    const left = child(node, 'left');
    const right = child(node, 'right');
    if (left === undefined || right === undefined) {
      return [];
    }
    if (isLambda(right) && left.type === 'identifier') {
      const blockNode = right.type === 'lambda' ? right : child(right, 'block');
      const fn = this.define(() => (blockNode === undefined ? lambdaOf([], [], lines, textOf(left)) : this.blockFunction(blockNode, textOf(left))));
      return [{ kind: 'function', lines, function: fn }];
    }
    if (left.type === 'constant' && right.type === 'call' && /^Struct\.new\b/.test(textOf(right))) {
      const list = child(right, 'arguments');
      const fields = (list === undefined ? [] : named(list)).filter((inner) => inner.type === 'simple_symbol').map((inner): Field => ({ name: textOf(inner).slice(1), lines }));
      this.classes.push({ name: textOf(left), bases: [], fields, methods: [], lines });
      return [];
    }
    const target = this.expression(left);
    if (/^(?:if|unless|case|case_match|begin|while)$/.test(right.type)) {
      return this.statement(right, (value) => [{ kind: 'assign', lines: value.lines, target, value }]);
    }
    const value = this.expression(right);
    const statement: Statement = { kind: 'assign', lines, target, value: target.kind === 'list' && value.kind === 'list' ? { ...value, type: 'tuple' } : value };
    return tail === undefined || target.kind === 'list' ? [statement] : [statement, ...tail(target)];
  }

  private beginBlock(node: SyntaxNode, tail: Tail | undefined): Statement[] {
    const inside = named(node);
    const handlers = inside.filter((inner) => inner.type === 'rescue');
    const last = inside.filter((inner) => inner.type === 'ensure' || inner.type === 'else');
    const body = this.block(inside.filter((inner) => inner.type !== 'rescue' && inner.type !== 'ensure' && inner.type !== 'else'), tail);
    if (handlers.length === 0 && last.length === 0) {
      return [...body];
    }
    return [
      {
        kind: 'try', lines: linesOf(node), body: [...body, ...last.flatMap((inner) => this.inside(inner, undefined))],
        handlers: handlers.map((inner) => this.inside(child(inner, 'body'), tail)),
      },
    ];
  }

  private caseStatement(node: SyntaxNode, tail: Tail | undefined): Statement {
    const cases: SwitchCase[] = [];
    for (const inner of named(node)) {
      if (inner.type === 'when' || inner.type === 'in_clause') {
        const patterns = inner.type === 'when' ? childrenIn(inner, 'pattern').flatMap((pattern) => this.all(named(pattern))) : [];
        cases.push({ patterns, body: this.inside(child(inner, 'body'), tail) });
      } else if (inner.type === 'else') {
        cases.push({ patterns: [], body: this.inside(inner, tail) });
      }
    }
    return { kind: 'switch', lines: linesOf(node), subject: this.optional(child(node, 'value')), cases };
  }

  // Blocks that are loops

  private isIterating(node: SyntaxNode): boolean {
    const name = textIn(node, 'method');
    return child(node, 'block') !== undefined && (name === 'loop' || iterating.has(name));
  }

  /** The loop that a call with a block is (`xs.each { … }`), or undefined. */
  private loopOf(node: SyntaxNode): Statement[] | undefined {
    const lines = linesOf(node);
    const blockNode = child(node, 'block');
    const name = textIn(node, 'method');
    if (blockNode === undefined || !this.isIterating(node)) {
      return undefined;
    }
    const body = child(blockNode, 'body');
    if (name === 'loop') {
      return [{ kind: 'while', lines, condition: { kind: 'literal', lines, type: 'boolean', value: true }, body: this.loopBody(body), testLast: false }];
    }
    const prologue: Statement[] = [];
    const list = child(blockNode, 'parameters');
    const names = (list === undefined ? [] : this.parameters(list, prologue)).map((parameter) => nameOf(parameter.name, lines));
    const [first, second] = names;
    const before: Statement[] = [];
    const argumentNodes = child(node, 'arguments');
    const args = argumentNodes === undefined ? [] : this.all(named(argumentNodes));
    const receiverNode = child(node, 'receiver');
    const object = receiverNode === undefined ? nameOf(receiverName, lines) : this.expression(receiverNode);
    const method = (methodName: string): Expression => callOf(memberOf(object, methodName, lines), [], lines);
    let target: Expression = first ?? nameOf('_', lines);
    let iterable: Expression;
    switch (name) {
      case 'times':
      case 'upto':
      case 'downto':
      case 'step': {
        const range = this.expression(node);
        iterable = range.kind === 'call' && range.callee.kind === 'member' && range.callee.name === 'each' ? range.callee.object : range;
        break;
      }
      case 'each_with_index':
        iterable = method('@indexed');
        target = { kind: 'list', lines, type: 'tuple', items: [second ?? nameOf('_', lines), first ?? nameOf('_', lines)] };
        break;
      case 'each_index':
      case 'each_key':
        iterable = method('@keys');
        break;
      case 'each_value':
        iterable = method('values');
        break;
      case 'each_char':
      case 'each_byte':
        iterable = method('chars');
        break;
      case 'each_with_object':
        if (second !== undefined && args[0] !== undefined) {
          before.push({ kind: 'assign', lines, target: second, value: args[0] });
        }
        iterable = method('@items');
        break;
      case 'reverse_each':
        iterable = object;
        break;
      default:
        iterable = method('@items');
        target = names.length > 1 ? { kind: 'list', lines, type: 'tuple', items: names } : target;
    }
    return [...before, { kind: 'forEach', lines, target, iterable, body: [...prologue, ...this.loopBody(body)] }];
  }

  // Methods and classes

  private method(node: SyntaxNode, owner: string | undefined, exported: boolean): FunctionIr {
    this.depth += 1;
    const outer = this.variables;
    this.variables = variablesOf(node);
    const fn = this.define(() => {
      const prologue: Statement[] = [];
      const list = child(node, 'parameters');
      const params = list === undefined ? [] : this.parameters(list, prologue);
      const body = child(node, 'body');
      const name = textIn(node, 'name');
      const tail: Tail = (value) => [{ kind: 'return', lines: value.lines, value }];
      const statements = body === undefined ? [] : body.type === 'body_statement' ? this.beginBlock(body, tail) : this.statement(body, tail);
      return { name, owner, params, body: [...prologue, ...statements], lines: linesOf(node), memoized: false, exported, constructs: name === 'initialize' };
    });
    this.variables = outer;
    this.depth -= 1;
    return fn;
  }

  private classDefinition(node: SyntaxNode): void {
    const name = textIn(node, 'name') || 'self';
    const superclass = child(node, 'superclass');
    const bases = superclass === undefined ? [] : named(superclass).map(textOf);
    const fields: Field[] = [];
    const methods: FunctionIr[] = [];
    let exported = true;
    const body = child(node, 'body');
    for (const inner of body === undefined ? [] : named(body)) {
      switch (inner.type) {
        case 'method':
        case 'singleton_method':
          methods.push(this.method(inner, name, exported));
          break;
        case 'identifier':
          exported = textOf(inner) === 'public' || (exported && textOf(inner) !== 'private' && textOf(inner) !== 'protected');
          break;
        case 'class':
        case 'module':
          this.classDefinition(inner);
          break;
        case 'assignment': {
          const left = child(inner, 'left');
          if (left !== undefined) {
            fields.push({ name: textOf(left).replace(/^@+/, ''), value: this.optional(child(inner, 'right')), lines: linesOf(inner) });
          }
          break;
        }
        default:
      }
    }
    this.classes.push({ name, bases, fields, methods, lines: linesOf(node) });
  }
}

/** Parameters and variables of a method, its blocks included: each hides a method of that name. */
function variablesOf(method: SyntaxNode): Set<string> {
  const names = new Set<string>();
  const targets = (node: SyntaxNode | undefined): void => {
    if (node?.type === 'identifier') {
      names.add(textOf(node));
    } else if (node !== undefined && /^(?:left_assignment_list|destructured_|rest_assignment|splat_parameter|optional_parameter|keyword_parameter)/.test(node.type)) {
      named(node).forEach(targets);
    }
  };
  const visit = (node: SyntaxNode): void => {
    for (const inner of node.children) {
      if (inner.type === 'assignment' || inner.type === 'operator_assignment') {
        targets(child(inner, 'left'));
      } else if (inner.type === 'for') {
        targets(child(inner, 'pattern'));
      } else if (inner.type === 'method_parameters' || inner.type === 'block_parameters' || inner.type === 'lambda_parameters') {
        named(inner).forEach(targets);
      }
      if (inner.type !== 'method' && inner.type !== 'singleton_method') {
        visit(inner);
      }
    }
  };
  visit(method);
  return names;
}

function isLambda(node: SyntaxNode): boolean {
  return node.type === 'lambda' || (node.type === 'call' && child(node, 'receiver') === undefined && child(node, 'block') !== undefined && /^(?:lambda|proc)$/.test(textIn(node, 'method')));
}

export const ruby: Language = {
  ids: ['ruby'],
  grammar: 'tree-sitter-ruby',
  library: rubyLibrary,
  lower(root: SyntaxNode): Program {
    return new RubyLowering().lower(root);
  },
};
