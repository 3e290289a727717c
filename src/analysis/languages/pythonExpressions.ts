import { assignOf, binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, numberOf, parseNumber, unknownOf } from '../program/build';
import { receiverName, type BinaryOperator, type ComprehensionClause, type Expression, type Lines, type MapEntry, type Parameter } from '../program/ir';
import { typeNamed } from '../library';
import { child, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { Lowering, textIn } from './lowering';
import { pythonLibrary } from './pythonLibrary';
import { typeOf } from './pythonTypes';

export const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '//': '//', '%': '%', '**': '**', '<<': '<<', '>>': '>>', '&': '&', '|': '|', '^': '^', '@': '*',
  and: '&&', or: '||', '==': '==', '!=': '!=', '<>': '!=', is: '==', 'is not': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=', in: 'in', 'not in': 'not in',
};

/** Expressions and parameters of Python. */
export abstract class PythonExpressions extends Lowering {
  /** The receiver's name in the method being read: Python lets the author choose it. */
  protected receiver: string | undefined;

  protected parameters(node: SyntaxNode | undefined): Parameter[] {
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
            type: type === undefined ? undefined : typeOf(type),
            defaultValue: this.optional(child(inner, 'value')),
          });
          break;
        }
        case 'list_splat_pattern':
        case 'dictionary_splat_pattern':
          params.push({ name: textOf(inner).replace(/^\*+/, ''), type: typeNamed(pythonLibrary, inner.type.startsWith('list') ? 'list' : 'dict'), takesRest: inner.type.startsWith('list') });
          break;
        case 'tuple_pattern':
          params.push({ name: textOf(inner) });
          break;
        default:
      }
    }
    return params;
  }

  protected expression(node: SyntaxNode): Expression {
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
      case 'attribute': {
        const object = this.expressionIn(node, 'object');
        const attribute = textIn(node, 'attribute');
        return object.kind === 'spread' ? { ...object, value: memberOf(object.value, attribute, lines) } : memberOf(object, attribute, lines);
      }
      case 'subscript': {
        const part = this.subscript(node, lines);
        const isSpread = (part.kind === 'index' || part.kind === 'slice') && part.object.kind === 'spread';
        return isSpread ? { kind: 'spread', lines, value: { ...part, object: part.object.value } } : part;
      }
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
    const written = this.expressionIn(node, 'function');
    // The grammar reads `[*map(f, xs)]` as a call of `*map`.
    const callee = written.kind === 'spread' ? written.value : written;
    const called = this.callOf(callee, node, lines);
    return written.kind === 'spread' ? { ...written, value: called } : called;
  }

  private callOf(callee: Expression, node: SyntaxNode, lines: Lines): Expression {
    const list = child(node, 'arguments');
    if (list === undefined) {
      return callOf(callee, [], lines);
    }
    if (list.type === 'generator_expression') {
      return callOf(callee, [this.comprehension(list, linesOf(list))], lines);
    }
    const nodes = named(list);
    const names = nodes.map((inner) => (inner.type === 'keyword_argument' ? textIn(inner, 'name') : undefined));
    const args = this.all(nodes);
    const idiom = this.idiom(callee, args, lines);
    return idiom ?? { kind: 'call', lines, callee, args, names: names.some((name) => name !== undefined) ? names : undefined };
  }

  /** Calls whose arguments come in another order than the analysis takes them, or that stand for a loop. */
  private idiom(callee: Expression, args: readonly Expression[], lines: Lines): Expression | undefined {
    const name = callee.kind === 'name' || callee.kind === 'member' ? callee.name : '';
    const [first, second, ...rest] = args;
    if (first === undefined) {
      return undefined;
    }
    if (second === undefined) {
      if (callee.kind === 'name' && name === 'open' && first.kind === 'literal' && first.value === 0) {
        // File 0 is what is given to the program.
        return memberOf(nameOf('sys', lines), 'stdin', lines);
      }
      if ((name === 'zip' || name === 'izip') && first.kind === 'spread') {
        return callOf(nameOf('@transposed', lines), [first.value], lines);
      }
      if ((name === 'chain' || name === 'merge') && first.kind === 'spread') {
        const all = callOf(memberOf(memberOf(nameOf('itertools', lines), 'chain', lines), 'from_iterable', lines), [first.value], lines);
        return name === 'chain' ? all : callOf(nameOf('sorted', lines), [all], lines);
      }
      return undefined;
    }
    if (name === 'nlargest' || name === 'nsmallest') {
      return callOf(first.kind === 'literal' ? nameOf('@few', lines) : memberOf(nameOf('heapq', lines), name, lines), [second, ...rest], lines);
    }
    if ((name === 'map' || name === 'imap') && rest.length === 0 && first.kind === 'name' && Object.hasOwn(pythonLibrary.functions, first.name) && pythonLibrary.functions[first.name]?.cost === 'size') {
      // What the function costs depends on the item.
      const item = nameOf('@item', lines);
      return { kind: 'comprehension', lines, result: 'iterator', element: callOf(first, [item], lines), clauses: [{ target: item, iterable: second, conditions: [] }] };
    }
    return undefined;
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
        const { target, iterable } = runsOf(this.expressionIn(inner, 'left'), this.expressionIn(inner, 'right'));
        clauses.push({ target, iterable, conditions: [] });
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
}

/** `for key, group in groupby(xs)`: every item is in one group, so the groups together are as long as `xs`. */
export function runsOf(target: Expression, iterable: Expression): { readonly target: Expression; readonly iterable: Expression; readonly key?: Expression } {
  const isGroups = iterable.kind === 'call' && (iterable.callee.kind === 'name' || iterable.callee.kind === 'member') && iterable.callee.name === 'groupby';
  const [key, group] = target.kind === 'list' ? target.items : [];
  const [items] = isGroups ? iterable.args : [];
  if (key === undefined || group === undefined || items === undefined) {
    return { target, iterable };
  }
  return { target: group, iterable: callOf(nameOf('@runs', iterable.lines), [items], iterable.lines), key };
}
