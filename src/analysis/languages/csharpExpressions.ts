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
import { typeNamed } from '../library';
import { child, childOfType, named, textOf, type SyntaxNode } from '../syntax';
import { csharpLibrary } from './csharpLibrary';
import { endAfter, folded, Lowering, textIn } from './lowering';

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '%': '%', '<<': '<<', '>>': '>>', '>>>': '>>', '&': '&', '|': '|', '^': '^',
  '&&': '&&', '||': '||', '??': '??', '==': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=',
};

/** The operator of `+=` and the like. */
export function operatorOf(sign: string): BinaryOperator | undefined {
  return operators[sign.replace(/=$/, '')];
}

const patterns = /_pattern$|^discard$/;

/** Keywords of the types that can be written by the names of their classes, too: `String.Join`. */
const keywords: Readonly<Record<string, string>> = { Char: 'char', String: 'string', Int32: 'int', Int64: 'long', Double: 'double' };

/** Expressions of C#. */
export abstract class CsharpExpressions extends Lowering {
  /** What `?.` is applied to, while its right side is read. */
  private accessed: Expression | undefined;

  protected abstract body(node: SyntaxNode | undefined): Block;

  protected type(node: SyntaxNode): Type {
    switch (node.type) {
      case 'implicit_type':
        return unknownType;
      case 'array_type': {
        const element = child(node, 'type');
        const rank = child(node, 'rank');
        let type = element === undefined ? unknownType : this.type(element);
        for (let at = rank === undefined ? 1 : rank.children.filter((inner) => inner.type === ',').length + 1; at > 0; at--) {
          type = arrayOf(type);
        }
        return type;
      }
      case 'generic_name': {
        const [head, list] = named(node);
        return typeNamed(csharpLibrary, head === undefined ? '' : textOf(head), list === undefined ? [] : named(list).map((inner) => this.type(inner)));
      }
      case 'nullable_type':
      case 'ref_type':
      case 'scoped_type': {
        const inner = child(node, 'type') ?? named(node)[0];
        return inner === undefined ? unknownType : this.type(inner);
      }
      case 'qualified_name': {
        const name = child(node, 'name');
        return name === undefined ? unknownType : this.type(name);
      }
      case 'tuple_type':
        return { kind: 'tuple', name: '', args: named(node).map((inner) => this.type(child(inner, 'type') ?? inner)) };
      default:
        return typeNamed(csharpLibrary, textOf(node));
    }
  }

  protected expression(node: SyntaxNode, expected?: Type): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'identifier':
      case 'predefined_type':
      case 'discard':
        return nameOf(textOf(node), lines);
      case 'generic_name': {
        const head = named(node)[0];
        return nameOf(head === undefined ? '' : textOf(head), lines);
      }
      case 'this':
      case 'base':
      case 'this_expression':
      case 'base_expression':
        return nameOf(receiverName, lines);
      case 'integer_literal':
      case 'real_literal':
        return numberOf(parseNumber(textOf(node).replace(/m$/i, '')), lines);
      case 'boolean_literal':
        return { kind: 'literal', lines, type: 'boolean', value: textOf(node) === 'true' };
      case 'null_literal':
        return { kind: 'literal', lines, type: 'null', value: null };
      case 'string_literal':
      case 'verbatim_string_literal':
      case 'raw_string_literal':
        return { kind: 'literal', lines, type: 'string', value: textOf(node).replace(/^[@$]*"+|"+$/g, '') };
      case 'character_literal':
        return { kind: 'literal', lines, type: 'char', value: textOf(node).slice(1, -1) };
      case 'interpolated_string_expression':
        return { kind: 'template', lines, parts: node.children.filter((inner) => inner.type === 'interpolation').flatMap((inner) => this.all(named(inner).filter((part) => part.type !== 'interpolation_brace').slice(0, 1))) };
      case 'parenthesized_expression':
      case 'await_expression':
      case 'argument':
      case 'checked_expression':
      case 'ref_expression':
      case 'arrow_expression_clause':
      case 'constant_pattern': {
        const inner = named(node).at(-1);
        return inner === undefined ? unknownOf([], lines) : this.expression(inner, expected);
      }
      case 'cast_expression':
        return this.expressionIn(node, 'value');
      case 'as_expression':
        return this.expressionIn(node, 'left');
      case 'is_expression':
      case 'is_pattern_expression':
        return binaryOf('==', this.operand(node), unknownOf([], lines), lines);
      case 'declaration_expression':
        return nameOf(textIn(node, 'name'), lines);
      case 'member_access_expression':
        return this.member(this.expressionIn(node, 'expression'), this.nameIn(node), lines);
      case 'conditional_access_expression': {
        const outer = this.accessed;
        const [object, access] = named(node);
        if (object === undefined || access === undefined) {
          return unknownOf([], lines);
        }
        const subject = this.expression(object);
        this.accessed = subject;
        const result = this.expression(access);
        this.accessed = outer;
        return result;
      }
      case 'member_binding_expression':
        return this.member(this.accessed ?? unknownOf([], lines), this.nameIn(node), lines);
      case 'element_binding_expression': {
        const items = named(node);
        return this.accessed === undefined ? this.collection(items, expected, lines) : this.indexed(this.accessed, items, lines);
      }
      case 'collection_expression':
        return this.collection(named(node), expected, lines);
      case 'element_access_expression': {
        const list = child(node, 'subscript');
        return this.indexed(this.expressionIn(node, 'expression'), list === undefined ? [] : named(list), lines);
      }
      case 'invocation_expression':
        return this.call(node, lines);
      case 'object_creation_expression':
        return this.creation(node, this.type(child(node, 'type') ?? node), lines);
      case 'implicit_object_creation_expression':
        return this.creation(node, expected ?? unknownType, lines);
      case 'array_creation_expression':
      case 'stackalloc_expression':
        return this.arrayCreation(node, lines);
      case 'implicit_array_creation_expression':
      case 'anonymous_object_creation_expression': {
        const initializer = childOfType(node, 'initializer_expression');
        return initializer === undefined
          ? { kind: 'list', lines, type: 'tuple', items: this.all(named(node)) }
          : { kind: 'new', lines, type: arrayOf(unknownType), args: [], items: this.all(named(initializer)) };
      }
      case 'initializer_expression': {
        const items = named(node).map((inner) => this.expression(inner, expected?.args[0]));
        return expected === undefined || expected.kind === 'unknown' ? { kind: 'list', lines, type: 'tuple', items } : { kind: 'new', lines, type: expected, args: [], items };
      }
      case 'tuple_expression':
      case 'tuple_pattern':
      case 'parenthesized_variable_designation':
        return { kind: 'list', lines, type: 'tuple', items: this.all(named(node)) };
      case 'binary_expression':
        return binaryOf(operators[textIn(node, 'operator')] ?? '+', this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines);
      case 'prefix_unary_expression':
      case 'postfix_unary_expression':
        return this.unary(node, lines);
      case 'assignment_expression': {
        const sign = textIn(node, 'operator');
        return assignOf(this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines, sign === '=' ? undefined : operatorOf(sign));
      }
      case 'conditional_expression':
        return {
          kind: 'conditional', lines, condition: this.expressionIn(node, 'condition'),
          then: this.expressionIn(node, 'consequence'), else: this.expressionIn(node, 'alternative'),
        };
      case 'lambda_expression':
      case 'anonymous_method_expression':
        return { kind: 'lambda', lines, function: this.lambda(node, '') };
      case 'switch_expression':
        return this.switchExpression(node, lines);
      case 'query_expression':
        return this.query(node, lines);
      case 'range_expression':
        return callOf(nameOf('Range', lines), this.all(named(node)), lines);
      case 'with_expression':
      case 'throw_expression':
        return unknownOf(this.all(named(node)), lines);
      case 'default_expression':
      case 'typeof_expression':
      case 'sizeof_expression':
      case 'array_type':
      case 'nullable_type':
        return unknownOf([], lines);
      default:
        return unknownOf(this.all(named(node).filter((inner) => !inner.type.endsWith('type') && !patterns.test(inner.type))), lines);
    }
  }

  private nameIn(node: SyntaxNode): string {
    const name = child(node, 'name');
    return name === undefined ? '' : name.type === 'generic_name' ? textOf(named(name)[0] ?? name) : textOf(name);
  }

  private operand(node: SyntaxNode): Expression {
    const inner = child(node, 'left') ?? child(node, 'expression') ?? named(node)[0];
    return inner === undefined ? unknownOf([], linesOf(node)) : this.expression(inner);
  }

  private member(object: Expression, name: string, lines: Lines): Expression {
    if (name === 'MaxValue' || name === 'MinValue') {
      const isInt = object.kind === 'name' && (object.name === 'int' || object.name === 'Int32');
      return numberOf(name === 'MaxValue' ? (isInt ? 2147483647 : Number.MAX_SAFE_INTEGER) : isInt ? -2147483648 : Number.MIN_SAFE_INTEGER, lines);
    }
    const item = /^Item([1-7])$/.exec(name);
    const keyword = object.kind === 'name' && Object.hasOwn(keywords, object.name) ? nameOf(keywords[object.name] ?? object.name, lines) : object;
    return item === null ? memberOf(keyword, name, lines) : { kind: 'index', lines, object, index: numberOf(Number(item[1]) - 1, lines) };
  }

  /** `[a, b]` makes what the declared type says: a list where nothing does. */
  private collection(nodes: readonly SyntaxNode[], expected: Type | undefined, lines: Lines): Expression {
    const items = nodes.map((inner) => this.listItem(inner));
    if (expected === undefined || ['list', 'array', 'unknown', 'object'].includes(expected.kind)) {
      return { kind: 'list', lines, type: 'list', items };
    }
    return items.some((item) => item.kind === 'spread') ? { kind: 'new', lines, type: expected, args: [{ kind: 'list', lines, type: 'list', items }] } : { kind: 'new', lines, type: expected, args: [], items };
  }

  private listItem(node: SyntaxNode): Expression {
    const inner = node.type === 'argument' || node.type === 'spread_element' ? (named(node)[0] ?? node) : node;
    const isSpread = node.type === 'spread_element' || (inner.type === 'range_expression' && named(inner).length === 1);
    const value = isSpread && inner.type === 'range_expression' ? (named(inner)[0] ?? inner) : inner;
    return isSpread ? { kind: 'spread', lines: linesOf(node), value: this.expression(value) } : this.expression(value);
  }

  /** `a[i, j]` is `a[i][j]`; `a[1..^1]` a slice. */
  private indexed(object: Expression, nodes: readonly SyntaxNode[], lines: Lines): Expression {
    let result = object;
    for (const node of nodes) {
      const inner = node.type === 'argument' ? (named(node).at(-1) ?? node) : node;
      if (inner.type === 'range_expression') {
        const bounds = inner.children;
        const dots = bounds.findIndex((part) => part.type === '..');
        const from = bounds.slice(0, dots).find((part) => part.isNamed);
        const to = bounds.slice(dots + 1).find((part) => part.isNamed);
        result = { kind: 'slice', lines, object: result, from: this.optional(from), to: this.optional(to) };
      } else {
        result = { kind: 'index', lines, object: result, index: this.expression(inner) };
      }
    }
    return result;
  }

  private unary(node: SyntaxNode, lines: Lines): Expression {
    const inner = named(node)[0];
    if (inner === undefined) {
      return unknownOf([], lines);
    }
    const operand = this.expression(inner);
    const sign = node.children.find((part) => !part.isNamed)?.type ?? '';
    switch (sign) {
      case '++':
        return stepOf(operand, 1, lines);
      case '--':
        return stepOf(operand, -1, lines);
      case '!':
        // `x!` only says that x is not null.
        return node.type === 'postfix_unary_expression' ? operand : { kind: 'unary', lines, operator: '!', operand };
      case '~':
      case '-':
        return { kind: 'unary', lines, operator: sign, operand };
      case '^':
        return { kind: 'unary', lines, operator: '-', operand };
      default:
        return operand;
    }
  }

  private switchExpression(node: SyntaxNode, lines: Lines): Expression {
    const [subject, ...arms] = named(node);
    const value = subject === undefined ? unknownOf([], lines) : this.expression(subject);
    return arms.reduceRight((rest: Expression, arm): Expression => {
      const [pattern, ...inside] = named(arm);
      const result = inside.at(-1);
      if (arm.type !== 'switch_expression_arm' || pattern === undefined || result === undefined) {
        return rest;
      }
      const tested = pattern.type === 'constant_pattern' ? this.expression(pattern) : unknownOf([], lines);
      const then = this.expression(result);
      return pattern.type === 'discard' ? then : { kind: 'conditional', lines: linesOf(arm), condition: binaryOf('==', value, tested, lines), then, else: rest };
    }, unknownOf([], lines));
  }

  /** `from x in xs where p select e` is a comprehension; `orderby` sorts what it gives. */
  private query(node: SyntaxNode, lines: Lines): Expression {
    const clauses: { target: Expression; iterable: Expression; conditions: Expression[] }[] = [];
    let element: Expression = unknownOf([], lines);
    let isSorted = false;
    for (const inner of named(node)) {
      const at = linesOf(inner);
      const parts = named(inner).filter((part) => part.field !== 'name' && part.field !== 'type');
      if (inner.type === 'from_clause') {
        clauses.push({ target: nameOf(textIn(inner, 'name'), at), iterable: parts[0] === undefined ? unknownOf([], at) : this.expression(parts[0]), conditions: [] });
      } else if (inner.type === 'where_clause' || inner.type === 'let_clause') {
        clauses.at(-1)?.conditions.push(...this.all(parts));
      } else if (inner.type === 'order_by_clause') {
        isSorted = true;
      } else if (inner.type === 'select_clause' && parts[0] !== undefined) {
        element = this.expression(parts[0]);
      }
    }
    const made: Expression = { kind: 'comprehension', lines, result: 'iterator', element, clauses };
    return isSorted ? callOf(memberOf(made, 'OrderBy', lines), [], lines) : made;
  }

  protected lambda(node: SyntaxNode, name: string): FunctionIr {
    const lines = linesOf(node);
    const bodyNode = child(node, 'body') ?? childOfType(node, 'block');
    const block: Block = bodyNode === undefined ? [] : bodyNode.type === 'block' ? this.body(bodyNode) : [{ kind: 'return', lines: linesOf(bodyNode), value: this.expression(bodyNode) }];
    return lambdaOf(this.parameters(child(node, 'parameters')), block, lines, name);
  }

  protected parameters(node: SyntaxNode | undefined): Parameter[] {
    if (node === undefined) {
      return [];
    }
    if (node.type === 'implicit_parameter' || node.type === 'identifier') {
      return [{ name: textOf(node) }];
    }
    const params = named(node).filter((inner) => inner.type === 'parameter').map((inner): Parameter => {
      const type = child(inner, 'type');
      const value = named(inner).find((part) => part.field === undefined && part.type !== 'modifier' && part.type !== 'attribute_list');
      return { name: textIn(inner, 'name'), type: type === undefined ? undefined : this.type(type), defaultValue: this.optional(value) };
    });
    // `params int[] xs` stands in the list without a node of its own.
    const rest = child(node, 'name');
    const restType = child(node, 'type');
    return rest === undefined ? params : [...params, { name: textOf(rest), type: restType === undefined ? undefined : this.type(restType), takesRest: true }];
  }

  private creation(node: SyntaxNode, type: Type, lines: Lines): Expression {
    const list = child(node, 'arguments') ?? childOfType(node, 'argument_list');
    const initializer = child(node, 'initializer') ?? childOfType(node, 'initializer_expression');
    const args = list === undefined ? [] : this.all(named(list));
    if (initializer === undefined) {
      const isContent = type.kind === 'object' || type.kind === 'unknown' || type.kind === 'string';
      // A comparer or a capacity is no content.
      return { kind: 'new', lines, type, args: isContent ? args : args.filter((arg) => arg.kind !== 'lambda' && arg.kind !== 'literal') };
    }
    const items = named(initializer).map((inner): Expression => {
      const key = inner.type === 'assignment_expression' ? child(inner, 'left') : undefined;
      if (key !== undefined && (key.type === 'element_binding_expression' || key.type === 'bracketed_argument_list')) {
        return { kind: 'list', lines: linesOf(inner), type: 'tuple', items: [...this.all(named(key)), this.expressionIn(inner, 'right')] };
      }
      return inner.type === 'assignment_expression' ? this.expressionIn(inner, 'right') : this.expression(inner);
    });
    return type.kind === 'object' || type.kind === 'unknown' ? { kind: 'new', lines, type, args: [...args, ...items], fields: [...args.map(() => undefined), ...named(initializer).map((inner) => (inner.type === 'assignment_expression' ? textIn(inner, 'left') : undefined))] } : { kind: 'new', lines, type, args, items };
  }

  private arrayCreation(node: SyntaxNode, lines: Lines): Expression {
    const typeNode = child(node, 'type');
    const initializer = childOfType(node, 'initializer_expression');
    const type = typeNode === undefined ? arrayOf(unknownType) : this.type(typeNode);
    if (initializer !== undefined) {
      return { kind: 'new', lines, type, args: [], items: named(initializer).map((inner) => this.expression(inner, type.args[0])) };
    }
    // new int[n][]: the size stands at the innermost array of the tree.
    const dimensions: Expression[] = [];
    for (let at = typeNode; at?.type === 'array_type'; at = child(at, 'type')) {
      const rank = child(at, 'rank');
      dimensions.unshift(...(rank === undefined ? [] : this.all(named(rank))));
    }
    return { kind: 'new', lines, type, args: [], dimensions };
  }

  private call(node: SyntaxNode, lines: Lines): Expression {
    const fn = child(node, 'function');
    const list = child(node, 'arguments');
    const nodes = list === undefined ? [] : named(list);
    if (fn === undefined || textOf(fn) === 'nameof') {
      return unknownOf([], lines);
    }
    const callee = this.expression(fn);
    const args = this.all(nodes);
    if (callee.kind !== 'member') {
      return callOf(callee, args, lines);
    }
    const { object, name } = callee;
    const [first, second] = args;
    switch (name) {
      case 'Substring':
        if (first !== undefined) {
          return { kind: 'slice', lines, object, from: first, to: second === undefined ? undefined : endAfter(first, second, lines) };
        }
        break;
      case 'TryGetValue':
        if (first !== undefined && second !== undefined) {
          return binaryOf('&&', binaryOf('in', first, object, lines), assignOf(second, { kind: 'index', lines, object, index: first }, lines), lines);
        }
        break;
      case 'TryDequeue':
      case 'TryPop':
      case 'TryPeek':
        if (first !== undefined) {
          const isFilled = binaryOf('>', memberOf(object, 'Count', lines), numberOf(0, lines), lines);
          return binaryOf('&&', isFilled, assignOf(first, callOf(memberOf(object, name.slice(3), lines), [], lines), lines), lines);
        }
        break;
      case 'Aggregate':
        if (first?.kind === 'lambda' || second?.kind === 'lambda') {
          return first?.kind === 'lambda' ? folded(object, first, undefined, lines) : folded(object, second ?? first ?? object, first, lines);
        }
        break;
      case 'Enqueue':
        // The priority of a PriorityQueue is no item.
        return callOf(callee, args.slice(0, 1), lines);
      case 'Invoke':
        return callOf(object, args, lines);
      default:
    }
    return callOf(callee, args, lines);
  }
}

function arrayOf(element: Type): Type {
  return { kind: 'array', name: '[]', args: [element] };
}
