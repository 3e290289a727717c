import { assignOf, binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, numberOf, parseNumber, unknownOf } from '../program/build';
import {
  receiverName,
  type BinaryOperator,
  type Block,
  type Expression,
  type FunctionIr,
  type Lines,
  type MapEntry,
  type Parameter,
  type Statement,
} from '../program/ir';
import { typeNamed } from '../library';
import { child, named, textOf, type SyntaxNode } from '../syntax';
import { endAfter, folded, Lowering, textIn } from './lowering';
import { rubyLibrary } from './rubyLibrary';

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '%': '%', '**': '**', '<<': '<<', '>>': '>>', '&': '&', '|': '|', '^': '^', '&&': '&&', '||': '||', and: '&&', or: '||',
  '==': '==', '===': '==', '=~': '==', '<=>': '==', '!=': '!=', '!~': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=',
};

/** The operator of `+=` and the like. */
export function operatorOf(sign: string): BinaryOperator | undefined {
  // `x ||= y` sets what is not set yet.
  return sign === '||=' ? '??' : operators[sign.replace(/=$/, '')];
}

/** What becomes of the value that a body ends with. */
export type Tail = (value: Expression) => Statement[];

/** Expressions of Ruby. */
export abstract class RubyExpressions extends Lowering {
  /** Methods of the program that need no argument: their names without parentheses are calls. */
  protected readonly plainMethods = new Set<string>();
  /** Variables of the method at hand. */
  protected variables: ReadonlySet<string> = new Set();
  /** Names that hold lambdas: `dfs[x]` calls them. */
  protected readonly lambdaNames = new Set<string>();
  private temporaries = 0;

  /** The statements of a body. */
  protected abstract block(nodes: readonly SyntaxNode[], tail: Tail | undefined): Block;

  protected temporary(): string {
    this.temporaries += 1;
    return `@${this.temporaries}`;
  }

  protected expression(node: SyntaxNode): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'identifier':
      case 'constant': {
        const name = textOf(node);
        return name === 'gets' || (this.plainMethods.has(name) && !this.variables.has(name)) ? callOf(nameOf(name, lines), [], lines) : nameOf(name, lines);
      }
      case 'global_variable':
        return nameOf(textOf(node).slice(1), lines);
      case 'instance_variable':
      case 'class_variable':
        return memberOf(nameOf(receiverName, lines), textOf(node).replace(/^@+/, ''), lines);
      case 'self':
      case 'super':
        return nameOf(receiverName, lines);
      case 'scope_resolution':
        return this.scoped(node, lines);
      case 'integer':
      case 'float':
      case 'rational':
      case 'complex':
        return numberOf(parseNumber(textOf(node)), lines);
      case 'true':
      case 'false':
        return { kind: 'literal', lines, type: 'boolean', value: node.type === 'true' };
      case 'nil':
        return { kind: 'literal', lines, type: 'null', value: null };
      case 'string':
      case 'chained_string':
      case 'bare_string':
      case 'heredoc_body':
      case 'subshell':
      case 'delimited_symbol': {
        const parts = node.children.filter((inner) => inner.type === 'interpolation').flatMap((inner) => this.all(named(inner)));
        return parts.length > 0 ? { kind: 'template', lines, parts } : { kind: 'literal', lines, type: 'string', value: textOf(node).replace(/^["']|["']$/g, '') };
      }
      case 'simple_symbol':
      case 'hash_key_symbol':
      case 'bare_symbol':
      case 'regex':
      case 'character':
      case 'heredoc_beginning':
        return { kind: 'literal', lines, type: 'string', value: textOf(node) };
      case 'parenthesized_statements': {
        const inside = named(node);
        const [only] = inside;
        return inside.length === 1 && only !== undefined ? this.expression(only) : unknownOf(this.all(inside), lines);
      }
      case 'array':
      case 'string_array':
      case 'symbol_array':
        return { kind: 'list', lines, type: 'list', items: this.all(named(node)) };
      case 'right_assignment_list':
      case 'argument_list': {
        const items = this.all(named(node));
        const [only] = items;
        return items.length === 1 && only !== undefined ? only : { kind: 'list', lines, type: 'tuple', items };
      }
      case 'left_assignment_list':
      case 'destructured_left_assignment':
      case 'destructured_parameter':
        return { kind: 'list', lines, type: 'tuple', items: this.all(named(node)) };
      case 'splat_argument':
      case 'rest_assignment':
      case 'splat_parameter':
      case 'hash_splat_argument': {
        const inner = named(node)[0];
        return inner === undefined ? nameOf('_', lines) : { kind: 'spread', lines, value: this.expression(inner) };
      }
      case 'hash': {
        const entries: MapEntry[] = named(node).map((inner) =>
          inner.type === 'pair' ? { key: this.expressionIn(inner, 'key'), value: this.expressionIn(inner, 'value') } : { value: unknownOf(this.all(named(inner)), linesOf(inner)) },
        );
        return { kind: 'map', lines, entries };
      }
      case 'pair':
        return this.expressionIn(node, 'value');
      case 'range':
        return this.range(node, undefined, lines);
      case 'element_reference':
        return this.element(node, lines);
      case 'call':
        return this.call(node, lines);
      case 'yield':
        return callOf(nameOf('@block', lines), named(node).flatMap((inner) => this.all(named(inner))), lines);
      case 'lambda':
        return { kind: 'lambda', lines, function: this.blockFunction(node, '') };
      case 'block_argument':
        return this.blockArgument(node, lines);
      case 'binary': {
        const operator = operators[textIn(node, 'operator')] ?? '+';
        return binaryOf(operator, this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines);
      }
      case 'unary': {
        const operator = textIn(node, 'operator');
        const operand = this.expressionIn(node, 'operand');
        return operator === 'defined?' ? unknownOf([operand], lines) : { kind: 'unary', lines, operator: operator === '!' || operator === 'not' ? '!' : operator === '~' ? '~' : '-', operand };
      }
      case 'assignment':
        return assignOf(this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines);
      case 'operator_assignment':
        return assignOf(this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines, operatorOf(textIn(node, 'operator')));
      case 'conditional':
        return {
          kind: 'conditional', lines, condition: this.expressionIn(node, 'condition'),
          then: this.expressionIn(node, 'consequence'), else: this.expressionIn(node, 'alternative'),
        };
      case 'if':
      case 'elsif':
      case 'unless':
        return this.conditional(node, lines);
      case 'then':
      case 'else':
      case 'begin':
      case 'case':
      case 'case_match':
      case 'while':
      case 'until':
      case 'for': {
        const inside = named(node);
        const [only] = inside;
        if (inside.length === 1 && only !== undefined && (node.type === 'then' || node.type === 'else')) {
          return this.expression(only);
        }
        const body = this.block([node], (value) => [{ kind: 'return', lines: value.lines, value }]);
        return callOf({ kind: 'lambda', lines, function: lambdaOf([], body, lines) }, [], lines);
      }
      case 'rescue_modifier':
        return this.expressionIn(node, 'body');
      case 'interpolation':
      case 'body_statement':
      case 'block_body':
        return unknownOf(this.all(named(node)), lines);
      default:
        return unknownOf(this.all(named(node)), lines);
    }
  }

  private conditional(node: SyntaxNode, lines: Lines): Expression {
    const nothing: Expression = { kind: 'literal', lines, type: 'null', value: null };
    const then = this.optional(child(node, 'consequence')) ?? nothing;
    const otherwise = this.optional(child(node, 'alternative')) ?? nothing;
    const condition = this.expressionIn(node, 'condition');
    return node.type === 'unless' ? { kind: 'conditional', lines, condition, then: otherwise, else: then } : { kind: 'conditional', lines, condition, then, else: otherwise };
  }

  private scoped(node: SyntaxNode, lines: Lines): Expression {
    const name = textIn(node, 'name');
    return name === 'INFINITY' || name === 'MAX' ? numberOf(Number.MAX_SAFE_INTEGER, lines) : nameOf(name, lines);
  }

  /** `a..b` as the numbers between, both included. */
  protected range(node: SyntaxNode, step: Expression | undefined, lines: Lines): Expression {
    const from = this.optional(child(node, 'begin')) ?? numberOf(0, lines);
    const last = this.optional(child(node, 'end'));
    if (last === undefined) {
      return callOf(nameOf('@count', lines), [from], lines);
    }
    const to = textIn(node, 'operator') === '...' ? last : binaryOf('+', last, numberOf(1, lines), lines);
    return callOf(nameOf('@range', lines), step === undefined ? [from, to] : [from, to, step], lines);
  }

  /** `s[i]`, `s[i, length]`, `s[i..j]`, and `dfs[x]` for a lambda. */
  private element(node: SyntaxNode, lines: Lines): Expression {
    const objectNode = child(node, 'object');
    const [first, second] = named(node).filter((inner) => inner !== objectNode);
    const object = this.expressionIn(node, 'object');
    if (first === undefined) {
      return unknownOf([object], lines);
    }
    if (object.kind === 'name' && this.lambdaNames.has(object.name)) {
      return callOf(object, this.all(named(node).filter((inner) => inner !== objectNode)), lines);
    }
    if (second !== undefined) {
      const from = this.expression(first);
      return { kind: 'slice', lines, object, from, to: endAfter(from, this.expression(second), lines) };
    }
    if (first.type !== 'range') {
      return { kind: 'index', lines, object, index: this.expression(first) };
    }
    const end = child(first, 'end');
    const isLast = end === undefined || (textOf(end) === '-1' && textIn(first, 'operator') === '..');
    const to = isLast ? undefined : textIn(first, 'operator') === '...' ? this.expression(end) : binaryOf('+', this.expression(end), numberOf(1, lines), lines);
    return { kind: 'slice', lines, object, from: this.optional(child(first, 'begin')), to };
  }

  /** `&:even?` is a function that calls the method, `&f` is f. */
  private blockArgument(node: SyntaxNode, lines: Lines): Expression {
    const inner = named(node)[0];
    if (inner === undefined) {
      return nameOf('@block', lines);
    }
    if (inner.type !== 'simple_symbol') {
      return this.expression(inner);
    }
    const value = callOf(memberOf(nameOf('it', lines), textOf(inner).slice(1), lines), [], lines);
    return { kind: 'lambda', lines, function: lambdaOf([{ name: 'it' }], [{ kind: 'return', lines, value }], lines) };
  }

  /** The function of a block or a lambda. */
  protected blockFunction(node: SyntaxNode, name: string): FunctionIr {
    const lines = linesOf(node);
    const holder = node.type === 'lambda' ? (child(node, 'body') ?? node) : node;
    const prologue: Statement[] = [];
    const list = child(node, 'parameters');
    const params = list === undefined ? implicitParameters(textOf(holder)) : this.parameters(list, prologue);
    const body = child(holder, 'body');
    const block = body === undefined ? [] : this.block(named(body), (value) => [{ kind: 'return', lines: value.lines, value }]);
    return lambdaOf(params, [...prologue, ...block], lines, name);
  }

  protected parameters(node: SyntaxNode, prologue: Statement[]): Parameter[] {
    return named(node).flatMap((inner): Parameter[] => {
      switch (inner.type) {
        case 'identifier':
          return [{ name: textOf(inner) }];
        case 'optional_parameter':
        case 'keyword_parameter':
          return [{ name: textIn(inner, 'name'), defaultValue: this.optional(child(inner, 'value')) }];
        case 'splat_parameter':
          return [{ name: textIn(inner, 'name'), type: { kind: 'list', name: 'Array', args: [] }, takesRest: true }];
        case 'destructured_parameter': {
          const name = this.temporary();
          prologue.push({ kind: 'assign', lines: linesOf(inner), target: this.expression(inner), value: nameOf(name, linesOf(inner)) });
          return [{ name }];
        }
        default:
          return [];
      }
    });
  }

  // Calls

  private call(node: SyntaxNode, lines: Lines): Expression {
    const receiverNode = child(node, 'receiver');
    const methodNode = child(node, 'method');
    const list = child(node, 'arguments');
    const blockNode = child(node, 'block');
    const name = methodNode === undefined ? 'call' : textOf(methodNode);
    const nodes = list === undefined ? [] : named(list);
    if (receiverNode === undefined && (name === 'lambda' || name === 'proc') && blockNode !== undefined) {
      return { kind: 'lambda', lines, function: this.blockFunction(blockNode, '') };
    }
    if (methodNode?.type === 'super' || name === 'raise') {
      return unknownOf(this.all(nodes), lines);
    }
    const args = this.all(nodes);
    const fn = blockNode === undefined ? undefined : ({ kind: 'lambda', lines: linesOf(blockNode), function: this.blockFunction(blockNode, '') } as const);
    const all = fn === undefined ? args : [...args, fn];
    if (receiverNode === undefined) {
      return callOf(nameOf(name, lines), all, lines);
    }
    const [first, second] = args;
    const plain = receiverNode.type === 'parenthesized_statements' ? (named(receiverNode)[0] ?? receiverNode) : receiverNode;
    if (name === 'new') {
      return this.creation(textOf(receiverNode).replace(/^.*::/s, ''), args, fn, lines);
    }
    if (name === 'step' && plain.type === 'range' && first !== undefined) {
      return this.range(plain, first, lines);
    }
    const object = this.expression(receiverNode);
    switch (name) {
      case 'call':
        return callOf(object, all, lines);
      case 'times':
        return this.mapped(callOf(nameOf('@range', lines), [numberOf(0, lines), object], lines), fn, lines);
      case 'upto':
        if (first !== undefined) {
          return this.mapped(callOf(nameOf('@range', lines), [object, binaryOf('+', first, numberOf(1, lines), lines)], lines), fn, lines);
        }
        break;
      case 'downto':
        if (first !== undefined) {
          return this.mapped(callOf(nameOf('@range', lines), [object, binaryOf('-', first, numberOf(1, lines), lines), numberOf(-1, lines)], lines), fn, lines);
        }
        break;
      case 'step':
        if (first !== undefined && second !== undefined) {
          return this.mapped(callOf(nameOf('@range', lines), [object, first, second], lines), fn, lines);
        }
        break;
      case 'inject':
      case 'reduce':
        if (first?.kind === 'literal' && fn === undefined) {
          return callOf(memberOf(object, 'sum', lines), [], lines);
        }
        if (fn !== undefined) {
          return folded(object, fn, first, lines);
        }
        break;
      case 'slice':
        if (first !== undefined && second !== undefined) {
          return { kind: 'slice', lines, object, from: first, to: endAfter(first, second, lines) };
        }
        break;
      case 'freeze':
        return object;
      case 'tap':
        if (fn !== undefined) {
          // Runs the block with the object and gives the object back.
          const tapped = nameOf('@tapped', lines);
          const body: Statement[] = [{ kind: 'expression', lines, value: callOf(fn, [tapped], lines) }, { kind: 'return', lines, value: tapped }];
          return callOf({ kind: 'lambda', lines, function: lambdaOf([{ name: '@tapped' }], body, lines) }, [object], lines);
        }
        break;
      case 'then':
      case 'yield_self':
        if (fn !== undefined) {
          return callOf(fn, [object], lines);
        }
        break;
      default:
    }
    const isField = list === undefined && blockNode === undefined && !Object.hasOwn(rubyLibrary.methods, name) && !this.plainMethods.has(name) && !name.endsWith('?');
    if (isField && plain.type !== 'constant') {
      return memberOf(object, name, lines);
    }
    return callOf(memberOf(plain.type === 'constant' ? nameOf(textOf(plain), lines) : object, name, lines), all, lines);
  }

  private mapped(items: Expression, fn: Expression | undefined, lines: Lines): Expression {
    return fn === undefined ? items : callOf(memberOf(items, 'each', lines), [fn], lines);
  }

  private creation(name: string, args: readonly Expression[], fn: Expression | undefined, lines: Lines): Expression {
    const type = typeNamed(rubyLibrary, name);
    if (name === 'Array') {
      const [size] = args;
      const [only] = fn?.kind === 'lambda' ? fn.function.body : [];
      const isPlain = fn?.kind === 'lambda' && fn.function.body.length === 1 && only?.kind === 'return';
      if (isPlain && size !== undefined && only.value !== undefined) {
        return { kind: 'new', lines, type, args: [size, only.value] };
      }
      const made: Expression = { kind: 'new', lines, type, args };
      return fn === undefined ? made : callOf(memberOf(made, 'map', lines), [fn], lines);
    }
    return { kind: 'new', lines, type, args: type.kind === 'map' ? [] : args };
  }
}

function implicitParameters(text: string): Parameter[] {
  return /\b_2\b/.test(text) ? [{ name: '_1' }, { name: '_2' }] : /\b_1\b/.test(text) ? [{ name: '_1' }] : /\bit\b/.test(text) ? [{ name: 'it' }] : [];
}
