import { assignOf, binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, numberOf, parseNumber, unknownOf } from '../program/build';
import {
  readName,
  receiverName,
  unknownType,
  type BinaryOperator,
  type Block,
  type Expression,
  type FunctionIr,
  type Lines,
  type Parameter,
  type Statement,
  type Type,
  type ValueKind,
} from '../program/ir';
import { child, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { GoTypes } from './goTypes';
import { Lowering, textIn } from './lowering';

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '%': '%', '<<': '<<', '>>': '>>', '&': '&', '&^': '&', '|': '|', '^': '^',
  '&&': '&&', '||': '||', '==': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=',
};

/** Constructors of container/list and of the collections of github.com/emirpasic/gods, which judges provide. */
const constructors: Readonly<Record<string, ValueKind>> = {
  list: 'linkedList', priorityqueue: 'heap', binaryheap: 'heap', arraystack: 'stack', linkedliststack: 'stack', linkedlistqueue: 'queue', arrayqueue: 'queue',
  circularbuffer: 'queue', redblacktree: 'sortedMap', avltree: 'sortedMap', treemap: 'sortedMap', treeset: 'sortedSet', hashset: 'set', linkedhashset: 'set',
  hashmap: 'map', linkedhashmap: 'map', arraylist: 'list', doublylinkedlist: 'linkedList', singlylinkedlist: 'linkedList', treebidimap: 'sortedMap',
};

const numberTypes = /^(?:u?int(?:8|16|32|64|ptr)?|float(?:32|64)|byte|rune|uint)$/;

/** The operator of `+=` and the like. */
export function operatorOf(sign: string): BinaryOperator | undefined {
  return operators[sign.replace(/=$/, '')];
}

/** Expressions of Go. */
export abstract class GoExpressions extends Lowering {
  protected readonly types = new GoTypes();
  /** The receiver's name in the method being read. */
  protected receiver: string | undefined;

  protected abstract body(node: SyntaxNode | undefined): Block;

  protected expression(node: SyntaxNode, expected?: Type): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'identifier':
      case 'field_identifier':
      case 'type_identifier':
      case 'package_identifier': {
        const name = textOf(node);
        return nameOf(name === this.receiver ? receiverName : name, lines);
      }
      case 'int_literal':
      case 'float_literal':
      case 'imaginary_literal':
        return numberOf(parseNumber(textOf(node)), lines);
      case 'true':
      case 'false':
        return { kind: 'literal', lines, type: 'boolean', value: node.type === 'true' };
      case 'nil':
        return { kind: 'literal', lines, type: 'null', value: null };
      case 'iota':
        return numberOf(0, lines);
      case 'interpreted_string_literal':
      case 'raw_string_literal':
        return { kind: 'literal', lines, type: 'string', value: textOf(node).slice(1, -1) };
      case 'rune_literal':
        return { kind: 'literal', lines, type: 'char', value: textOf(node).slice(1, -1) };
      case 'parenthesized_expression':
      case 'expression_list':
      case 'literal_element':
      case 'variadic_argument': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : this.expression(inner, expected);
      }
      case 'literal_value':
        return this.literal(node, expected ?? unknownType, undefined);
      case 'selector_expression':
        return this.selector(node, lines);
      case 'index_expression':
        return { kind: 'index', lines, object: this.expressionIn(node, 'operand'), index: this.expressionIn(node, 'index') };
      case 'slice_expression': {
        const object = this.expressionIn(node, 'operand');
        const start = this.optional(child(node, 'start'));
        const end = this.optional(child(node, 'end'));
        return callOf(memberOf(object, '@slice', lines), end === undefined ? (start === undefined ? [] : [start]) : [start ?? numberOf(0, lines), end], lines);
      }
      case 'type_assertion_expression':
        return this.expressionIn(node, 'operand');
      case 'type_conversion_expression': {
        const type = child(node, 'type');
        return this.converted(type === undefined ? unknownType : this.types.read(type), this.expressionIn(node, 'operand'), lines);
      }
      case 'call_expression':
        return this.call(node, lines);
      case 'composite_literal': {
        const type = child(node, 'type');
        const body = child(node, 'body');
        return this.literal(body ?? node, type === undefined ? unknownType : this.types.read(type), type);
      }
      case 'func_literal':
        return { kind: 'lambda', lines, function: this.functionOf(node, '') };
      case 'binary_expression': {
        const left = this.expressionIn(node, 'left');
        const right = this.expressionIn(node, 'right');
        const sign = textIn(node, 'operator');
        // A slice costs nothing, but comparing it does: s[i:] == t[:n-i]
        const isCompared = (sign === '==' || sign === '!=') && isSlice(left) && right.kind !== 'literal';
        return isCompared ? callOf(memberOf(left, '@compare', lines), [right], lines) : binaryOf(operators[sign] ?? '+', left, right, lines);
      }
      case 'unary_expression': {
        const operator = textIn(node, 'operator');
        const operand = this.expressionIn(node, 'operand');
        if (operator === '*' || operator === '&') {
          return operand;
        }
        if (operator === '<-') {
          return callOf(memberOf(operand, '@receive', lines), [], lines);
        }
        return { kind: 'unary', lines, operator: operator === '!' ? '!' : operator === '^' ? '~' : operator === '+' ? '+' : '-', operand };
      }
      case 'slice_type':
      case 'array_type':
      case 'map_type':
      case 'pointer_type':
      case 'channel_type':
      case 'struct_type':
      case 'function_type':
      case 'interface_type':
      case 'qualified_type':
      case 'generic_type':
        return unknownOf([], lines);
      case 'type_instantiation_expression': {
        const type = child(node, 'type') ?? named(node)[0];
        return type === undefined ? unknownOf([], lines) : nameOf(textOf(type), lines);
      }
      default:
        return unknownOf(this.all(named(node)), lines);
    }
  }

  private selector(node: SyntaxNode, lines: Lines): Expression {
    const operand = child(node, 'operand');
    const field = textIn(node, 'field');
    if (operand?.type === 'identifier' && textOf(operand) === 'math' && /^M(?:ax|in)./.test(field)) {
      return numberOf(field.startsWith('Max') ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER, lines);
    }
    return memberOf(operand === undefined ? unknownOf([], lines) : this.expression(operand), field, lines);
  }

  /** `T{…}`: `typeNode` is given for the outer literal, so that the lengths of an array are known. */
  private literal(body: SyntaxNode, type: Type, typeNode: SyntaxNode | undefined): Expression {
    const lines = linesOf(body);
    const isMap = type.kind === 'map';
    const element = isMap ? type.args[1] : type.args[0];
    const items = named(body).map((inner): Expression => {
      if (inner.type === 'keyed_element') {
        const [key, value] = [child(inner, 'key') ?? named(inner)[0], child(inner, 'value') ?? named(inner)[1]];
        const made = value === undefined ? unknownOf([], linesOf(inner)) : this.expression(value, type.kind === 'object' ? undefined : element);
        return isMap && key !== undefined ? { kind: 'list', lines: linesOf(inner), type: 'tuple', items: [this.expression(key, type.args[0]), made] } : made;
      }
      return this.expression(inner, type.kind === 'object' ? undefined : element);
    });
    if (type.kind === 'object' || type.kind === 'unknown') {
      return type.name === '' ? { kind: 'list', lines, type: 'tuple', items } : { kind: 'new', lines, type, args: items, fields: named(body).map((inner) => (inner.type === 'keyed_element' ? textOf(child(inner, 'key') ?? named(inner)[0] ?? inner) : undefined)) };
    }
    const lengths = typeNode === undefined ? [] : this.types.lengths(typeNode);
    return { kind: 'new', lines, type, args: [], dimensions: lengths.length > 0 ? this.all(lengths) : undefined, items: items.length > 0 ? items : undefined };
  }

  private converted(type: Type, value: Expression, lines: Lines): Expression {
    if (type.kind === 'string') {
      return callOf(memberOf(value, '@text', lines), [], lines);
    }
    const element = type.args[0]?.kind;
    return type.kind === 'list' && (element === 'char' || element === 'number') ? callOf(memberOf(value, '@characters', lines), [], lines) : value;
  }

  /** The function of a declaration or literal. */
  protected functionOf(node: SyntaxNode, name: string): FunctionIr {
    const result = child(node, 'result');
    const list = child(node, 'parameters');
    const results: Statement[] = [];
    if (result?.type === 'parameter_list') {
      // Named results are variables.
      for (const { name: resultName, type } of this.parameters(result)) {
        if (resultName !== '') {
          results.push({ kind: 'declare', lines: linesOf(result), name: resultName, type });
        }
      }
    }
    return {
      ...lambdaOf(list === undefined ? [] : this.parameters(list), [...results, ...this.body(child(node, 'body'))], linesOf(node), name),
      result: result === undefined ? undefined : this.types.read(result),
    };
  }

  protected parameters(node: SyntaxNode): Parameter[] {
    return named(node).flatMap((inner): Parameter[] => {
      const typeNode = child(inner, 'type');
      const read = typeNode === undefined ? unknownType : this.types.read(typeNode);
      const type: Type = inner.type === 'variadic_parameter_declaration' ? { kind: 'list', name: '[]', args: [read] } : read;
      const names = childrenIn(inner, 'name');
      const isRest = inner.type === 'variadic_parameter_declaration';
      return names.length === 0 ? [{ name: '', type }] : names.map((name) => ({ name: textOf(name), type, ...(isRest ? { takesRest: true } : {}), ...(typeNode?.type === 'pointer_type' ? { byReference: true } : {}) }));
    });
  }

  // Calls

  private call(node: SyntaxNode, lines: Lines): Expression {
    const fn = child(node, 'function');
    const list = child(node, 'arguments');
    const nodes = list === undefined ? [] : named(list);
    if (fn === undefined) {
      return unknownOf(this.all(nodes), lines);
    }
    const [first, second] = nodes;
    const name = textOf(fn);
    switch (name) {
      case 'make':
        return this.made(nodes, lines);
      case 'new':
        return { kind: 'new', lines, type: first === undefined ? unknownType : this.types.read(first), args: [] };
      case 'append':
        return this.appended(nodes, lines);
      case 'string':
        return first === undefined ? unknownOf([], lines) : callOf(memberOf(this.expression(first), '@text', lines), [], lines);
      case 'sort.IntSlice':
      case 'sort.StringSlice':
      case 'sort.Float64Slice':
      case 'sort.Reverse':
        return first === undefined ? unknownOf([], lines) : this.expression(first);
      case 'sort.Search':
        if (first !== undefined && second !== undefined) {
          return searched(this.expression(first), this.expression(second), lines);
        }
        break;
      default:
    }
    if (numberTypes.test(name) && first !== undefined) {
      return this.expression(first);
    }
    if (fn.type === 'identifier' && nodes.length === 1 && first !== undefined) {
      const type = this.types.read(fn);
      if (type.kind !== 'object' && type.name === name) {
        return this.converted(type, this.expression(first), lines);
      }
    }
    const made = /^(\w+)\.New/.exec(name)?.[1];
    const kind = made === undefined ? undefined : constructors[made];
    if (made !== undefined && kind !== undefined) {
      return { kind: 'new', lines, type: { kind, name: made, args: [] }, args: [] };
    }
    const reads = this.reads(node);
    if (reads !== undefined) {
      return reads.reduce<Expression>((all, next) => binaryOf('&&', all, next, lines), numberOf(1, lines));
    }
    const args = nodes.map((inner): Expression => (inner.type === 'variadic_argument' ? { kind: 'spread', lines, value: this.expression(inner) } : this.expression(inner)));
    return callOf(this.expression(fn), args, lines);
  }

  /** `fmt.Scan(&n, &m)` reads its arguments; undefined for other calls. */
  protected reads(node: SyntaxNode): Expression[] | undefined {
    if (node.type !== 'call_expression') {
      return undefined;
    }
    const match = /^fmt\.(Fs|S)can(?:f|ln)?$/.exec(textIn(node, 'function'));
    if (match === null) {
      return undefined;
    }
    const lines = linesOf(node);
    const targets = named(child(node, 'arguments') ?? node).slice(match[1] === 'Fs' ? 1 : 0);
    return targets.filter((target) => target.type === 'unary_expression').map((target) => assignOf(this.expression(target), callOf(nameOf(readName, lines), [], lines), lines));
  }

  private made(nodes: readonly SyntaxNode[], lines: Lines): Expression {
    const [typeNode, length] = nodes;
    const type = typeNode === undefined ? unknownType : this.types.read(typeNode);
    const isSized = type.kind === 'list' || type.kind === 'array' || type.kind === 'string';
    const element = typeNode === undefined ? undefined : child(typeNode, 'element');
    const inner = element === undefined ? [] : this.all(this.types.lengths(element));
    return { kind: 'new', lines, type, args: [], dimensions: isSized && length !== undefined ? [this.expression(length), ...inner] : undefined };
  }

  /** `append` where its result does not replace its first argument. */
  private appended(nodes: readonly SyntaxNode[], lines: Lines): Expression {
    const [first, second] = nodes;
    if (first === undefined || second === undefined) {
      return first === undefined ? unknownOf([], lines) : this.expression(first);
    }
    const base = this.expression(first);
    const isEmpty = (base.kind === 'new' && base.items === undefined && base.dimensions === undefined) || (base.kind === 'literal' && base.type === 'null');
    if (second.type !== 'variadic_argument') {
      return callOf(memberOf(base, '@appended', lines), this.all(nodes.slice(1)), lines);
    }
    const items = this.expression(second);
    return isEmpty ? { kind: 'slice', lines, object: items } : callOf(memberOf(base, '@concatenated', lines), [items], lines);
  }
}

function isSlice(expression: Expression): boolean {
  return expression.kind === 'call' && expression.callee.kind === 'member' && expression.callee.name === '@slice';
}

/** `sort.Search(n, f)` calls f for the middle of what is left, until nothing is. */
function searched(count: Expression, test: Expression, lines: Lines): Expression {
  const [low, high, middle] = [nameOf('@low', lines), nameOf('@high', lines), nameOf('@middle', lines)];
  const tested: Expression = callOf(test.kind === 'lambda' ? nameOf('@test', lines) : test, [middle], lines);
  const body: Block = [
    { kind: 'declare', lines, name: '@middle', value: binaryOf('/', binaryOf('+', low, high, lines), numberOf(2, lines), lines) },
    {
      kind: 'if', lines, condition: tested,
      then: [{ kind: 'assign', lines, target: high, value: middle }],
      else: [{ kind: 'assign', lines, target: low, value: binaryOf('+', middle, numberOf(1, lines), lines) }],
    },
  ];
  const block: Statement[] = [
    { kind: 'declare', lines, name: '@low', value: numberOf(0, lines) },
    { kind: 'declare', lines, name: '@high', value: count },
    { kind: 'while', lines, condition: binaryOf('<', low, high, lines), body, testLast: false },
    { kind: 'return', lines, value: low },
  ];
  if (test.kind === 'lambda') {
    block.unshift({ kind: 'function', lines, function: { ...test.function, name: '@test' } });
  }
  return callOf({ kind: 'lambda', lines, function: lambdaOf([], block, lines) }, [], lines);
}
