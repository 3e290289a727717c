import { assignOf, binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, numberOf, parseNumber, stepOf, unknownOf } from '../program/build';
import {
  receiverName,
  unknownType,
  type BinaryOperator,
  type Block,
  type Expression,
  type FunctionIr,
  type Lines,
  type Parameter,
  type Type,
} from '../program/ir';
import { child, childOfType, named, textOf, type SyntaxNode } from '../syntax';
import { CppCalls } from './cppCalls';
import { differenceOf, placeOf, rangeBetween } from './cppIterators';
import { limits } from './cppLibrary';
import { CppTypes, arrayOf } from './cppTypes';
import { textIn } from './lowering';

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '%': '%', '<<': '<<', '>>': '>>', '&': '&', '|': '|', '^': '^', bitand: '&', bitor: '|', xor: '^',
  '&&': '&&', '||': '||', and: '&&', or: '||', '==': '==', '!=': '!=', not_eq: '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=', '<=>': '==',
};

const outputs: ReadonlySet<string> = new Set(['cout', 'cerr', 'clog', 'fout']);

/** Expressions of C++ that are no calls. */
export abstract class CppExpressions extends CppCalls {
  protected abstract parameter(node: SyntaxNode): Parameter[];

  protected abstract body(node: SyntaxNode | undefined): Block;

  /** `expected`: the declared type, which a braced list takes its items' type from. */
  protected expression(node: SyntaxNode, expected?: Type): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'identifier':
      case 'field_identifier':
      case 'type_identifier':
      case 'namespace_identifier': {
        const text = textOf(node);
        const name = this.macros.get(text) ?? text;
        const limit = limits[name];
        return limit === undefined ? nameOf(name, lines) : numberOf(limit, lines);
      }
      case 'qualified_identifier':
        return this.qualified(node, lines);
      case 'this':
        return nameOf(receiverName, lines);
      case 'number_literal':
        return numberOf(parseNumber(textOf(node)), lines);
      case 'true':
      case 'false':
        return { kind: 'literal', lines, type: 'boolean', value: node.type === 'true' };
      case 'null':
      case 'nullptr':
        return { kind: 'literal', lines, type: 'null', value: null };
      case 'string_literal':
        return { kind: 'literal', lines, type: 'string', value: textOf(node).replace(/^\w*"|"$/g, '') };
      case 'raw_string_literal':
      case 'concatenated_string':
      case 'user_defined_literal':
        return { kind: 'literal', lines, type: 'string', value: textOf(node).replace(/"/g, '') };
      case 'char_literal':
        return { kind: 'literal', lines, type: 'char', value: textOf(node).replace(/^\w*'|'$/g, '') };
      case 'parenthesized_expression':
      case 'init_statement':
      case 'co_await_expression':
      case 'parameter_pack_expansion':
      case 'condition_clause': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : this.expression(inner, expected);
      }
      case 'cast_expression':
        return this.expressionIn(node, 'value');
      case 'pointer_expression':
        return this.dereferenced(node, lines);
      case 'field_expression': {
        const field = child(node, 'field');
        const object = this.expressionIn(node, 'argument');
        const text = field === undefined ? '' : textOf(field);
        const name = this.macros.get(text) ?? text;
        if (name === 'first' || name === 'second') {
          return { kind: 'index', lines, object, index: numberOf(name === 'first' ? 0 : 1, lines) };
        }
        return memberOf(object, name, lines);
      }
      case 'subscript_expression': {
        const list = child(node, 'indices') ?? child(node, 'index');
        const indices = list?.type === 'subscript_argument_list' ? named(list) : list === undefined ? [] : [list];
        const [index] = indices;
        return index === undefined ? unknownOf([this.expressionIn(node, 'argument')], lines) : { kind: 'index', lines, object: this.expressionIn(node, 'argument'), index: this.expression(index) };
      }
      case 'call_expression':
        return this.call(node, lines, expected);
      case 'new_expression':
        return this.creation(node, lines);
      case 'delete_expression':
        return unknownOf([], lines);
      case 'compound_literal_expression': {
        const type = child(node, 'type');
        const value = child(node, 'value');
        const read = type === undefined ? undefined : this.types.read(type);
        return value === undefined ? unknownOf([], lines) : this.braced(value, read ?? unknownType);
      }
      case 'initializer_list':
        return expected === undefined ? this.bracedAlone(node, lines) : this.braced(node, expected);
      case 'initializer_pair':
        return this.expressionIn(node, 'value');
      case 'binary_expression':
        return this.binary(node, lines);
      case 'unary_expression': {
        const operator = textIn(node, 'operator');
        const operand = this.expressionIn(node, 'argument');
        return { kind: 'unary', lines, operator: operator === '!' || operator === 'not' ? '!' : operator === '~' || operator === 'compl' ? '~' : operator === '+' ? '+' : '-', operand };
      }
      case 'update_expression':
        return stepOf(this.expressionIn(node, 'argument'), textOf(node).includes('++') ? 1 : -1, lines);
      case 'assignment_expression': {
        const operator = textIn(node, 'operator').replace(/=$/, '');
        const target = this.expressionIn(node, 'left');
        const right = child(node, 'right');
        const value = right === undefined ? unknownOf([], lines) : this.expression(right, this.typeOf(target));
        return assignOf(target, value, lines, operator === '' ? undefined : operators[operator]);
      }
      case 'conditional_expression':
        return {
          kind: 'conditional', lines, condition: this.expressionIn(node, 'condition'),
          then: this.expressionIn(node, 'consequence'), else: this.expressionIn(node, 'alternative'),
        };
      case 'comma_expression':
        return unknownOf([this.expressionIn(node, 'left'), this.expressionIn(node, 'right')], lines);
      case 'lambda_expression':
        return { kind: 'lambda', lines, function: this.lambda(node, '') };
      case 'sizeof_expression':
      case 'alignof_expression':
        return numberOf(4, lines);
      case 'template_function':
        return nameOf(textIn(node, 'name'), lines);
      case 'fold_expression':
      case 'ERROR':
        return unknownOf(this.all(named(node)), lines);
      case 'primitive_type':
      case 'type_descriptor':
      case 'template_type':
      case 'placeholder_type_specifier':
        return unknownOf([], lines);
      default:
        return unknownOf(this.all(named(node).filter((inner) => !inner.type.includes('type') && !inner.type.includes('declarator'))), lines);
    }
  }

  private qualified(node: SyntaxNode, lines: Lines): Expression {
    const name = child(node, 'name');
    if (name === undefined) {
      return unknownOf([], lines);
    }
    return textOf(name) === 'npos' ? numberOf(-1, lines) : this.expression(name);
  }

  /** `*it` is what `it` stands at; other dereferences and addresses leave the value as it is. */
  private dereferenced(node: SyntaxNode, lines: Lines): Expression {
    const inner = this.expressionIn(node, 'argument');
    if (textIn(node, 'operator') === '*') {
      const place = placeOf(inner);
      if (place !== undefined && inner.kind === 'call') {
        const isFront = place.from === 'begin' && inner.callee.kind === 'member' && !inner.callee.name.includes('r');
        return callOf(memberOf(place.object, isFront ? 'front' : 'back', lines), [], lines);
      }
      if (place?.from === 'begin' && place.offset !== undefined) {
        return { kind: 'index', lines, object: place.object, index: place.offset };
      }
    }
    return inner;
  }

  private binary(node: SyntaxNode, lines: Lines): Expression {
    const sign = textIn(node, 'operator');
    if (sign === '>>') {
      const reads = this.reads(node);
      if (reads !== undefined) {
        return reads.reduce((all, next) => binaryOf('&&', all, next, lines));
      }
    }
    if (sign === '<<') {
      const printed = this.printed(node);
      if (printed !== undefined) {
        return callOf(nameOf('@print', lines), printed, lines);
      }
    }
    const [left, right] = [child(node, 'left'), child(node, 'right')];
    if (sign === '/' && left?.type === 'sizeof_expression' && right?.type === 'sizeof_expression') {
      const inner = named(left).map((part) => (part.type === 'parenthesized_expression' ? (named(part)[0] ?? part) : part))[0];
      return inner === undefined ? numberOf(1, lines) : callOf(memberOf(this.expression(inner), 'size', lines), [], lines);
    }
    const first = this.expressionIn(node, 'left');
    const second = this.expressionIn(node, 'right');
    if (sign === '-' && first.kind === 'literal' && second.kind === 'call' && second.callee.kind === 'name' && /^(?:__builtin_clz(?:ll|l)?|countl_zero)$/.test(second.callee.name)) {
      return callOf(nameOf('bit_width', lines), second.args, lines); // 32 - __builtin_clz(n)
    }
    const isEither = (sign === '+' || sign === '|') && left !== undefined && right !== undefined && [left, right].every((side) => /^(?:bool|static_cast<bool>)\s*\(/.test(textOf(side)));
    if (isEither) {
      return binaryOf('||', first, second, lines); // bool(a >> x) + bool(b >> y) asks both
    }
    return sign === '-' ? differenceOf(first, second, lines) : binaryOf(operators[sign] ?? '+', first, second, lines);
  }

  /** What `cout << a << b` prints, or undefined for a shift. */
  private printed(node: SyntaxNode): Expression[] | undefined {
    const values: SyntaxNode[] = [];
    let left: SyntaxNode | undefined = node;
    while (left?.type === 'binary_expression' && textIn(left, 'operator') === '<<') {
      const right = child(left, 'right');
      if (right !== undefined) {
        values.unshift(right);
      }
      left = child(left, 'left');
    }
    return left !== undefined && (outputs.has(textOf(left).replace(/^std::/, '')) || /^o?stringstream$/.test(this.declared.get(textOf(left))?.name ?? ''))
      ? this.all(values.filter((value) => !/^(?:std::)?endl$/.test(textOf(value))))
      : undefined;
  }

  protected lambda(node: SyntaxNode, boundName: string): FunctionIr {
    const lines = linesOf(node);
    const declarator = child(node, 'declarator');
    const list = declarator === undefined ? [] : CppTypes.parametersOf(declarator);
    let selfName: string | undefined;
    const rest: SyntaxNode[] = [];
    const body = child(node, 'body');
    for (const inner of list) {
      const param = inner.type === 'explicit_object_parameter_declaration' ? childOfType(inner, 'parameter_declaration') : inner;
      const name = param === undefined ? '' : this.types.declarator(undefined, child(param, 'declarator')).name;
      const isEnd = selfName === undefined && (rest.length === 0 || inner === list[list.length - 1]) && param !== undefined && child(param, 'type')?.type === 'placeholder_type_specifier';
      if (inner.type === 'explicit_object_parameter_declaration' || (isEnd && name !== '' && body !== undefined && new RegExp(`\\b${name}\\s*\\((?:\\s*${name}\\b|[^;]*,\\s*${name}\\s*\\))`).test(textOf(body)))) {
        selfName = name;
      } else {
        rest.push(inner);
      }
    }
    if (selfName !== undefined && boundName !== '') {
      this.selfNames.set(selfName, boundName);
    }
    const trailing = declarator === undefined ? undefined : childOfType(declarator, 'trailing_return_type');
    const result = trailing === undefined ? undefined : named(trailing)[0];
    const fn: FunctionIr = {
      ...lambdaOf(rest.flatMap((inner) => this.parameter(inner)), this.body(body), lines, boundName),
      result: result === undefined ? undefined : this.types.read(result),
    };
    if (selfName !== undefined) {
      this.selfNames.delete(selfName);
    }
    return fn;
  }

  private creation(node: SyntaxNode, lines: Lines): Expression {
    const typeNode = child(node, 'type');
    const base = (typeNode === undefined ? undefined : this.types.read(typeNode)) ?? unknownType;
    const dimensions: Expression[] = [];
    let type = base;
    for (let declarator = child(node, 'declarator'); declarator !== undefined; declarator = childOfType(declarator, 'new_declarator')) {
      dimensions.push(this.expressionIn(declarator, 'length'));
      type = arrayOf(type);
    }
    if (dimensions.length > 0) {
      return { kind: 'new', lines, type, args: [], dimensions };
    }
    const args = child(node, 'arguments');
    return this.constructed(type, args === undefined ? [] : this.all(named(args)), lines, args?.type === 'initializer_list');
  }



  /** Braces for a type that is not known here: a part of a container between two of its iterators, or several values. */
  private bracedAlone(node: SyntaxNode, lines: Lines): Expression {
    const items = this.all(named(node));
    const [first, second] = items;
    const range = items.length === 2 && first !== undefined && second !== undefined ? rangeBetween(first, second) : undefined;
    return range === undefined ? { kind: 'list', lines, type: 'tuple', items } : range.kind === 'slice' ? range : { kind: 'slice', lines, object: range };
  }

  /** What stands where a prototype would have a parameter: `vector<int> dp(n);` */
  protected argumentOfParameter(node: SyntaxNode): Expression {
    const lines = linesOf(node);
    const type = child(node, 'type');
    const declarator = child(node, 'declarator');
    if (type === undefined) {
      return unknownOf([], lines);
    }
    const callee = type.type === 'primitive_type' ? unknownOf([], lines) : this.expression(type);
    if (declarator?.type === 'abstract_function_declarator' || declarator?.type === 'function_declarator') {
      return callOf(callee, CppTypes.parametersOf(declarator).map((inner) => this.argumentOfParameter(inner)), lines);
    }
    if (declarator?.type === 'abstract_array_declarator' && child(declarator, 'declarator') === undefined) {
      // `string row(n, letters[0]);`
      const index = child(declarator, 'size');
      return index === undefined ? callee : { kind: 'index', lines, object: callee, index: this.expression(index) };
    }
    return callee;
  }
}
