import { assignOf, binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, numberOf, parseNumber, stepOf, unknownOf } from '../program/build';
import {
  readName,
  receiverName,
  unknownType,
  type BinaryOperator,
  type Block,
  type Expression,
  type FunctionIr,
  type Lines,
  type MapEntry,
  type Parameter,
  type Statement,
  type Type,
} from '../program/ir';
import { typeNamed } from '../library';
import { child, childOfType, named, textOf, type SyntaxNode } from '../syntax';
import { endAfter, folded, Lowering, textIn } from './lowering';
import { phpLibrary } from './phpLibrary';

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '%': '%', '**': '**', '.': '+', '<<': '<<', '>>': '>>', '&': '&', '|': '|', '^': '^', '&&': '&&', '||': '||', and: '&&', or: '||',
  xor: '!=', '??': '??', '==': '==', '===': '==', '!=': '!=', '!==': '!=', '<>': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=', '<=>': '==', instanceof: '==',
};

/** The operator of `+=` and the like. */
export function operatorOf(sign: string): BinaryOperator | undefined {
  return operators[sign.replace(/=$/, '')];
}

/** Functions whose subject is not their first argument: where it stands. */
const subjectAt: Readonly<Record<string, number>> = { in_array: 1, array_search: 1, implode: 1, join: 1, explode: 1, str_replace: 2, preg_match: 1, preg_match_all: 1, preg_split: 1, preg_replace: 2, array_map: 1 };

const listOf = (element: Type): Type => ({ kind: 'list', name: 'array', args: [element] });

/** Expressions of PHP. Names of variables lose their dollar sign. */
export abstract class PhpExpressions extends Lowering {
  protected abstract body(node: SyntaxNode | undefined): Block;

  protected abstract classDeclaration(node: SyntaxNode, name: string): void;

  protected type(node: SyntaxNode): Type {
    switch (node.type) {
      case 'optional_type':
      case 'named_type':
      case 'union_type':
      case 'intersection_type':
      case 'type_list': {
        const options = named(node).map((inner) => this.type(inner));
        return options.find((option) => option.kind !== 'void' && option.kind !== 'unknown') ?? unknownType;
      }
      default:
        return typeNamed(phpLibrary, textOf(node).replace(/^.*\\/s, ''));
    }
  }

  /** A type as doc comments write it: `Integer[][]`, `String`, `?TreeNode`. */
  private written(text: string): Type {
    return text.endsWith('[]') ? listOf(this.written(text.slice(0, -2))) : typeNamed(phpLibrary, text.replace(/^\?|\|null$/gi, ''));
  }

  /** Types of parameters by name that a doc comment says. */
  protected documented(comment: SyntaxNode | undefined): ReadonlyMap<string, Type> {
    const types = new Map<string, Type>();
    for (const [, type, name] of (comment?.type === 'comment' ? textOf(comment) : '').matchAll(/@param\s+(\S+)\s+&?\$(\w+)/g)) {
      if (type !== undefined && name !== undefined) {
        types.set(name, this.written(type));
      }
    }
    return types;
  }

  protected expression(node: SyntaxNode): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'variable_name': {
        const name = textOf(node).replace(/^\$/, '');
        return nameOf(name === 'this' ? receiverName : name, lines);
      }
      case 'name':
      case 'qualified_name':
      case 'relative_scope':
        return this.constant(textOf(node).replace(/^.*\\/s, ''), lines);
      case 'integer':
      case 'float':
        return numberOf(parseNumber(textOf(node)), lines);
      case 'boolean':
        return { kind: 'literal', lines, type: 'boolean', value: textOf(node).toLowerCase() === 'true' };
      case 'null':
        return { kind: 'literal', lines, type: 'null', value: null };
      case 'string':
      case 'nowdoc':
        return { kind: 'literal', lines, type: 'string', value: textOf(node).slice(1, -1) };
      case 'encapsed_string':
      case 'heredoc':
      case 'shell_command_expression': {
        const parts = named(node).filter((inner) => inner.type !== 'string_content' && inner.type !== 'escape_sequence' && inner.type !== 'heredoc_body');
        return parts.length > 0 ? { kind: 'template', lines, parts: this.all(parts) } : { kind: 'literal', lines, type: 'string', value: textOf(node).slice(1, -1) };
      }
      case 'parenthesized_expression':
      case 'argument':
      case 'error_suppression_expression':
      case 'reference_assignment_expression':
      case 'by_ref':
      case 'clone_expression':
      case 'expression_statement':
        return this.inner(node, lines);
      case 'cast_expression': {
        const value = this.expressionIn(node, 'value');
        const isText = value.kind === 'slice' || value.kind === 'index' || value.kind === 'call';
        return isText && /^(?:int|integer|float|double)$/i.test(textIn(node, 'type')) ? callOf(nameOf('intval', lines), [value], lines) : value;
      }
      case 'member_access_expression':
      case 'nullsafe_member_access_expression':
        return memberOf(this.expressionIn(node, 'object'), textIn(node, 'name').replace(/^\$/, ''), lines);
      case 'scoped_property_access_expression':
        return memberOf(nameOf(receiverName, lines), textIn(node, 'name').replace(/^\$/, ''), lines);
      case 'class_constant_access_expression': {
        const name = named(node).at(-1);
        return name === undefined ? unknownOf([], lines) : this.constant(textOf(name), lines);
      }
      case 'subscript_expression': {
        const [object, index] = named(node);
        if (object === undefined) {
          return unknownOf([], lines);
        }
        return index === undefined ? callOf(memberOf(this.expression(object), '@last', lines), [], lines) : { kind: 'index', lines, object: this.expression(object), index: this.expression(index) };
      }
      case 'function_call_expression':
        return this.functionCall(node, lines);
      case 'member_call_expression':
      case 'nullsafe_member_call_expression':
        return callOf(memberOf(this.expressionIn(node, 'object'), textIn(node, 'name'), lines), this.arguments(node), lines);
      case 'scoped_call_expression': {
        const scope = textIn(node, 'scope');
        const name = textIn(node, 'name');
        const isOwn = scope === 'self' || scope === 'static' || scope === 'parent';
        return callOf(isOwn ? nameOf(name, lines) : memberOf(nameOf(scope, lines), name, lines), this.arguments(node), lines);
      }
      case 'object_creation_expression':
        return this.creation(node, lines);
      case 'binary_expression': {
        const sign = textIn(node, 'operator');
        return binaryOf(operators[sign] ?? '+', this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines);
      }
      case 'unary_op_expression': {
        const operator = textIn(node, 'operator');
        const inner = child(node, 'operand') ?? child(node, 'argument') ?? named(node).at(-1);
        const operand = inner === undefined ? unknownOf([], lines) : this.expression(inner);
        return { kind: 'unary', lines, operator: operator === '!' || operator === '~' || operator === '+' ? operator : '-', operand };
      }
      case 'update_expression':
        return stepOf(this.expressionIn(node, 'argument'), textIn(node, 'operator') === '++' ? 1 : -1, lines);
      case 'assignment_expression': {
        const left = child(node, 'left');
        const value = this.assigned(left, child(node, 'right'), lines);
        return left !== undefined && isPush(left) ? callOf(memberOf(this.inner(left, lines), '@push', lines), [value], lines) : assignOf(this.expressionIn(node, 'left'), value, lines);
      }
      case 'augmented_assignment_expression':
        return assignOf(this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines, operatorOf(textIn(node, 'operator')));
      case 'conditional_expression': {
        const condition = this.expressionIn(node, 'condition');
        return { kind: 'conditional', lines, condition, then: this.optional(child(node, 'body')) ?? condition, else: this.expressionIn(node, 'alternative') };
      }
      case 'match_expression':
        return this.matchExpression(node, lines);
      case 'array_creation_expression':
        return this.array(node, lines);
      case 'list_literal':
        return { kind: 'list', lines, type: 'tuple', items: named(node).map((inner) => this.expression(inner.type === 'array_element_initializer' ? (named(inner).at(-1) ?? inner) : inner)) };
      case 'array_element_initializer':
      case 'pair': {
        const inner = named(node).at(-1);
        return inner === undefined ? unknownOf([], lines) : this.expression(inner);
      }
      case 'variadic_unpacking': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : { kind: 'spread', lines, value: this.expression(inner) };
      }
      case 'anonymous_function':
      case 'anonymous_function_creation_expression':
      case 'arrow_function':
        return { kind: 'lambda', lines, function: this.functionOf(node, '') };
      case 'print_intrinsic':
        return callOf(nameOf('echo', lines), this.all(named(node)), lines);
      case 'primitive_type':
      case 'cast_type':
        return unknownOf([], lines);
      default:
        return unknownOf(this.all(named(node)), lines);
    }
  }

  private inner(node: SyntaxNode, lines: Lines): Expression {
    const inner = named(node)[0];
    return inner === undefined ? unknownOf([], lines) : this.expression(inner);
  }

  private constant(name: string, lines: Lines): Expression {
    return name === 'PHP_INT_MAX' || name === 'INF' ? numberOf(Number.MAX_SAFE_INTEGER, lines) : name === 'PHP_INT_MIN' ? numberOf(Number.MIN_SAFE_INTEGER, lines) : nameOf(name, lines);
  }

  private assigned(left: SyntaxNode | undefined, right: SyntaxNode | undefined, lines: Lines): Expression {
    const value = right === undefined ? unknownOf([], lines) : this.expression(right);
    return left?.type === 'list_literal' && value.kind === 'list' ? { ...value, type: 'tuple' } : value;
  }

  private array(node: SyntaxNode, lines: Lines): Expression {
    const items = named(node);
    if (!items.some((inner) => inner.type === 'array_element_initializer' && named(inner).length === 2)) {
      return { kind: 'list', lines, type: 'list', items: this.all(items) };
    }
    const entries: MapEntry[] = items.map((inner) => {
      const [key, value] = named(inner);
      return value === undefined ? { value: this.expression(inner) } : { key: key === undefined ? undefined : this.expression(key), value: this.expression(value) };
    });
    return { kind: 'map', lines, entries };
  }

  private matchExpression(node: SyntaxNode, lines: Lines): Expression {
    const body = child(node, 'body');
    const subject = this.expressionIn(node, 'condition');
    return (body === undefined ? [] : named(body)).reduceRight((rest: Expression, arm): Expression => {
      const then = this.expressionIn(arm, 'return_expression');
      const list = child(arm, 'conditional_expressions');
      const first = list === undefined ? undefined : named(list)[0];
      return arm.type === 'match_default_expression' || first === undefined
        ? then
        : { kind: 'conditional', lines: linesOf(arm), condition: binaryOf('==', subject, this.expression(first), lines), then, else: rest };
    }, unknownOf([], lines));
  }

  /** The function of a declaration, closure or arrow function. */
  protected functionOf(node: SyntaxNode, name: string, documentation: ReadonlyMap<string, Type> = new Map()): FunctionIr {
    const lines = linesOf(node);
    const list = child(node, 'parameters');
    const prologue: Statement[] = [];
    const params = (list === undefined ? [] : named(list)).flatMap((inner): Parameter[] => {
      const parameter = textIn(inner, 'name').replace(/^[&.]*\$/, '');
      const typeNode = child(inner, 'type');
      const written = typeNode === undefined ? undefined : this.type(typeNode);
      const type = inner.type === 'variadic_parameter' ? listOf(written ?? unknownType) : (documentation.get(parameter) ?? written);
      if (inner.type === 'property_promotion_parameter') {
        const at = linesOf(inner);
        prologue.push({ kind: 'assign', lines: at, target: memberOf(nameOf(receiverName, at), parameter, at), value: nameOf(parameter, at) });
      }
      return inner.type.endsWith('parameter') ? [{ name: parameter, type, defaultValue: this.optional(child(inner, 'default_value')), takesRest: inner.type === 'variadic_parameter' ? true : undefined, byReference: child(inner, 'reference_modifier') === undefined ? undefined : true }] : [];
    });
    const bodyNode = child(node, 'body');
    const body: Block =
      bodyNode === undefined ? [] : bodyNode.type === 'compound_statement' ? this.body(bodyNode) : [{ kind: 'return', lines: linesOf(bodyNode), value: this.expression(bodyNode) }];
    const result = child(node, 'return_type');
    return { ...lambdaOf(params, [...prologue, ...body], lines, name), result: result === undefined ? undefined : this.type(result) };
  }

  // Calls

  private arguments(node: SyntaxNode): Expression[] {
    const list = child(node, 'arguments') ?? childOfType(node, 'arguments');
    return list === undefined ? [] : this.all(named(list));
  }

  private creation(node: SyntaxNode, lines: Lines): Expression {
    const anonymous = childOfType(node, 'anonymous_class');
    if (anonymous !== undefined) {
      this.classDeclaration(anonymous, `@class${node.startLine}`);
      return { kind: 'new', lines, type: { kind: 'object', name: `@class${node.startLine}`, args: [] }, args: [] };
    }
    const name = named(node)[0];
    return { kind: 'new', lines, type: name === undefined ? unknownType : typeNamed(phpLibrary, textOf(name).replace(/^.*\\/s, '')), args: this.arguments(node) };
  }

  private functionCall(node: SyntaxNode, lines: Lines): Expression {
    const fn = child(node, 'function');
    const args = this.arguments(node);
    if (fn === undefined) {
      return unknownOf(args, lines);
    }
    if (fn.type !== 'name' && fn.type !== 'qualified_name') {
      return callOf(this.expression(fn), args, lines);
    }
    const name = textOf(fn).replace(/^.*\\/s, '');
    const [first, second, third] = args;
    const nothing: Expression = { kind: 'literal', lines, type: 'null', value: null };
    if (first !== undefined && second !== undefined) {
      switch (name) {
        case 'array_key_exists':
        case 'key_exists':
          return binaryOf('!=', { kind: 'index', lines, object: second, index: first }, nothing, lines);
        case 'substr':
        case 'mb_substr':
        case 'array_slice':
          return { kind: 'slice', lines, object: first, from: second, to: third === undefined ? undefined : endAfter(second, third, lines) };
        case 'array_fill':
          return { kind: 'new', lines, type: listOf(unknownType), args: third === undefined ? [second] : [second, third] };
        case 'array_pad':
          return { kind: 'new', lines, type: listOf(unknownType), args: [second] };
        case 'range':
          return callOf(nameOf('@range', lines), [first, binaryOf('+', second, numberOf(1, lines), lines), ...(third === undefined ? [] : [third])], lines);
        case 'array_reduce':
          return folded(first, second, third, lines);
        case 'intdiv':
          return binaryOf('//', first, second, lines);
        case 'array_push':
          return callOf(memberOf(first, '@push', lines), args.slice(1), lines);
        case 'call_user_func':
          return callOf(first, args.slice(1), lines);
        default:
      }
    }
    if (name === 'empty' && first !== undefined && first.kind !== 'index') {
      return callOf(nameOf('empty', lines), [first], lines);
    }
    if ((name === 'isset' || name === 'empty') && first !== undefined) {
      return binaryOf(name === 'isset' ? '!=' : '==', first, nothing, lines);
    }
    if ((name === 'intval' || name === 'floatval') && first !== undefined) {
      return callOf(nameOf('intval', lines), [first], lines);
    }
    if (name === 'fscanf' || name === 'sscanf') {
      const reads = args.slice(2).map((target) => assignOf(target, callOf(nameOf(readName, lines), [], lines), lines));
      return reads.reduce((all: Expression, next) => binaryOf('&&', all, next, lines), numberOf(1, lines));
    }
    const at = subjectAt[name];
    const subject = at === undefined ? undefined : args[at];
    return callOf(nameOf(name, lines), subject === undefined ? args : [subject, ...args.filter((arg) => arg !== subject)], lines);
  }
}

/** True for `$xs[]` on the left of an assignment. */
export function isPush(node: SyntaxNode): boolean {
  return node.type === 'subscript_expression' && named(node).length === 1;
}
