import { assignOf, binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, numberOf, parseNumber, stepOf, unknownOf } from '../program/build';
import { receiverName, unknownType, type BinaryOperator, type Block, type Expression, type Field, type FunctionIr, type Lines, type Parameter, type Statement, type Type } from '../program/ir';
import { child, childOfType, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { arrayOf, typeOf } from './javaTypes';
import { bitsCounted, Lowering, madeText, sameExpression, textIn } from './lowering';

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '%': '%', '<<': '<<', '>>': '>>', '>>>': '>>', '&': '&', '|': '|', '^': '^',
  '&&': '&&', '||': '||', '==': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=',
};

/** Methods that read or write one place of their object, with the number of their arguments. */
const placeMethods: ReadonlyMap<string, number> = new Map([['get', 1], ['charAt', 1], ['setCharAt', 2]]);

/** Expressions of Java. */
export abstract class JavaExpressions extends Lowering {
  protected abstract body(node: SyntaxNode | undefined): Block;

  protected abstract parameters(node: SyntaxNode | undefined): Parameter[];

  protected abstract switchStatement(node: SyntaxNode): Statement;

  protected abstract members(body: SyntaxNode, owner: string, fields: Field[], methods: FunctionIr[]): void;

  /** Names of the methods that the program declares. */
  protected readonly ownMethods = new Set<string>();

  /**
   * `xs.get(i)` and `text.charAt(i)` are `xs[i]`, and `builder.setCharAt(i, c)` is `builder[i] = c`, unless a class of the
   * program has a method of that name.
   */
  private place(called: string, subject: Expression, args: readonly SyntaxNode[], lines: Lines): Expression | undefined {
    const [index, value] = args;
    if (index === undefined || args.length !== placeMethods.get(called) || this.ownMethods.has(called) || (subject.kind === 'name' && /^[A-Z]/.test(subject.name))) {
      return undefined;
    }
    const place: Expression = { kind: 'index', lines, object: subject, index: this.expression(index) };
    return value === undefined ? place : assignOf(place, this.expression(value), lines);
  }

  /** `expected`: the declared type, which an array initialiser `{…}` or `new ArrayList<>()` takes its items' type from. */
  protected expression(node: SyntaxNode, expected?: Type): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'identifier':
      case 'type_identifier':
        return nameOf(textOf(node), lines);
      case 'this':
      case 'super':
        return nameOf(receiverName, lines);
      case 'decimal_integer_literal':
      case 'hex_integer_literal':
      case 'octal_integer_literal':
      case 'binary_integer_literal':
      case 'decimal_floating_point_literal':
        return numberOf(parseNumber(textOf(node)), lines);
      case 'true':
      case 'false':
        return { kind: 'literal', lines, type: 'boolean', value: node.type === 'true' };
      case 'null_literal':
        return { kind: 'literal', lines, type: 'null', value: null };
      case 'string_literal':
        return { kind: 'literal', lines, type: 'string', value: textOf(node).slice(1, -1) };
      case 'character_literal':
        return { kind: 'literal', lines, type: 'char', value: textOf(node).slice(1, -1) };
      case 'parenthesized_expression': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : this.expression(inner);
      }
      case 'cast_expression':
        return this.expressionIn(node, 'value');
      case 'field_access':
      case 'scoped_identifier': {
        const object = child(node, 'object') ?? child(node, 'scope');
        const field = child(node, 'field') ?? child(node, 'name');
        if (object === undefined || field === undefined) {
          return unknownOf([], lines);
        }
        // java.util.Arrays is Arrays.
        return /^javax?(?:\.[a-z]\w*)*$/.test(textOf(object)) ? nameOf(textOf(field), lines) : memberOf(this.expression(object), textOf(field), lines);
      }
      case 'array_access':
        return { kind: 'index', lines, object: this.expressionIn(node, 'array'), index: this.expressionIn(node, 'index') };
      case 'method_invocation': {
        const object = child(node, 'object');
        const called = textIn(node, 'name');
        const args = child(node, 'arguments');
        const subject = object === undefined ? undefined : this.expression(object);
        // Starting a thread of a class of its own runs its `run`.
        const name = called === 'start' && subject?.kind === 'new' && this.classes.every((each) => each.methods.every((method) => method.name !== 'start')) ? 'run' : called;
        const callee = subject === undefined ? nameOf(name, lines) : memberOf(subject, name, lines);
        const shortened = called === 'setLength' && subject !== undefined && args !== undefined ? shortenedBy(subject, named(args).map((inner) => this.expression(inner)), lines) : undefined;
        if (shortened !== undefined) {
          return shortened;
        }
        const place = subject === undefined || args === undefined ? undefined : this.place(called, subject, named(args), lines);
        if (place !== undefined) {
          return place;
        }
        const collector = called === 'collect' ? this.collected(subject, args, lines) : undefined;
        return collector ?? callOf(callee, args === undefined ? [] : named(args).map((inner) => this.expression(inner)), lines);
      }
      case 'explicit_constructor_invocation':
        return unknownOf([], lines);
      case 'object_creation_expression':
        return this.creation(node, lines, expected);
      case 'array_creation_expression':
        return this.arrayCreation(node, lines);
      case 'array_initializer': {
        const element = expected?.args[0];
        const items = named(node).map((inner) => this.expression(inner, element));
        return expected === undefined ? { kind: 'list', lines, type: 'array', items } : { kind: 'new', lines, type: expected, args: [], items };
      }
      case 'binary_expression': {
        const operator = operators[textIn(node, 'operator')] ?? '+';
        const [left, right] = [this.expressionIn(node, 'left'), this.expressionIn(node, 'right')];
        const counted = operator === '-' ? bitsCounted(left, right, /^numberOfLeadingZeros$/) : undefined;
        if (counted !== undefined) {
          return callOf(nameOf('@bits', lines), [counted], lines);
        }
        const text = operator === '+' ? madeText(left, right) : undefined;
        return text === undefined ? binaryOf(operator, left, right, lines) : callOf(memberOf(nameOf('String', lines), 'valueOf', lines), [text], lines);
      }
      case 'unary_expression': {
        const operator = textIn(node, 'operator');
        return { kind: 'unary', lines, operator: operator === '!' || operator === '~' || operator === '+' ? operator : '-', operand: this.expressionIn(node, 'operand') };
      }
      case 'update_expression': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : stepOf(this.expression(inner), textOf(node).includes('++') ? 1 : -1, lines);
      }
      case 'assignment_expression': {
        const operator = textIn(node, 'operator').replace(/=$/, '');
        return assignOf(this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines, operator === '' ? undefined : operators[operator]);
      }
      case 'ternary_expression':
        return {
          kind: 'conditional', lines, condition: this.expressionIn(node, 'condition'),
          then: this.expressionIn(node, 'consequence'), else: this.expressionIn(node, 'alternative'),
        };
      case 'instanceof_expression':
        return binaryOf('==', this.expressionIn(node, 'left'), unknownOf([], lines), lines);
      case 'lambda_expression': {
        const body = child(node, 'body');
        const block: Block = body === undefined ? [] : body.type === 'block' ? this.body(body) : [{ kind: 'return', lines, value: this.expression(body) }];
        return { kind: 'lambda', lines, function: lambdaOf(this.parameters(child(node, 'parameters')), block, lines) };
      }
      case 'method_reference': {
        const [object, name] = named(node);
        if (object === undefined || name === undefined) {
          return unknownOf([], lines);
        }
        return memberOf(this.expression(object), textOf(name), lines);
      }
      case 'switch_expression': {
        const statement = this.switchStatement(node);
        const fn = lambdaOf([], [statement], lines);
        return callOf({ kind: 'lambda', lines, function: fn }, [], lines);
      }
      default:
        return unknownOf(named(node).filter((inner) => !inner.type.endsWith('type') && !inner.type.endsWith('modifiers')).map((inner) => this.expression(inner)), lines);
    }
  }

  /** `stream.collect(Collectors.toSet())` and the like, by what is made of the items. */
  private collected(stream: Expression | undefined, args: SyntaxNode | undefined, lines: Lines): Expression | undefined {
    const collector = args === undefined ? undefined : named(args)[0];
    if (stream === undefined || collector?.type !== 'method_invocation') {
      return undefined;
    }
    const text = textOf(collector);
    const idiom = /^(?:Collectors\.)?(toSet|toUnmodifiableSet|toMap|groupingBy|partitioningBy|joining)\b/.exec(text)?.[1];
    const name = { toSet: '@toSet', toUnmodifiableSet: '@toSet', toMap: '@toMap', groupingBy: /\bcounting\(/.test(text) ? '@counting' : '@groupingBy', partitioningBy: '@groupingBy', joining: '@joining' }[idiom ?? ''];
    if (name === undefined) {
      return undefined;
    }
    const functions = this.all(named(child(collector, 'arguments') ?? collector));
    return callOf(memberOf(stream, name, lines), name === '@joining' ? [stream] : functions.filter((fn) => fn.kind === 'lambda'), lines);
  }

  /** `new T(args)`; a class body makes it a function when it has one method (a comparator, a runnable). */
  private creation(node: SyntaxNode, lines: Lines, expected: Type | undefined): Expression {
    const typeNode = child(node, 'type');
    const argsNode = child(node, 'arguments');
    const args = argsNode === undefined ? [] : named(argsNode).map((inner) => this.expression(inner));
    const body = childOfType(node, 'class_body');
    if (body !== undefined) {
      const methods: FunctionIr[] = [];
      this.members(body, '', [], methods);
      const [only] = methods;
      // A block that fills the new collection is no function that it stands for.
      if (only !== undefined && methods.length === 1 && only.name !== '<clinit>') {
        return { kind: 'lambda', lines, function: { ...only, name: '', owner: undefined } };
      }
    }
    const type = typeNode === undefined ? unknownType : typeOf(typeNode);
    const task = type.name === 'Thread' ? args.find((arg) => arg.kind === 'lambda' || arg.kind === 'new' || (arg.kind === 'name' && arg.name === receiverName)) : undefined;
    if (task !== undefined) {
      // A thread is made to be started: what it runs is run once.
      return callOf(task.kind === 'lambda' ? task : memberOf(task, 'run', lines), [], lines);
    }
    return { kind: 'new', lines, type: type.args.length === 0 && expected !== undefined && expected.args.length > 0 ? { ...type, args: expected.args } : type, args };
  }

  private arrayCreation(node: SyntaxNode, lines: Lines): Expression {
    const element = child(node, 'type');
    let type: Type = element === undefined ? unknownType : typeOf(element);
    const dimensions: Expression[] = [];
    let depth = 0;
    for (const inner of childrenIn(node, 'dimensions')) {
      if (inner.type === 'dimensions_expr') {
        depth += 1;
        dimensions.push(...named(inner).map((size) => this.expression(size)));
      } else {
        depth += (textOf(inner).match(/\[/g) ?? []).length;
      }
    }
    for (let at = 0; at < depth; at++) {
      type = arrayOf(type);
    }
    const value = child(node, 'value');
    if (value !== undefined) {
      const inner = type.args[0];
      return { kind: 'new', lines, type, args: [], items: named(value).map((item) => this.expression(item, inner)) };
    }
    return { kind: 'new', lines, type, args: [], dimensions };
  }
}

/** `sb.setLength(sb.length() - 1)` takes the last character away. */
function shortenedBy(subject: Expression, args: readonly Expression[], lines: Lines): Expression | undefined {
  const [length] = args;
  const isLess = length?.kind === 'binary' && length.operator === '-' && length.left.kind === 'call' && length.left.callee.kind === 'member' && length.left.callee.name === 'length' && sameExpression(length.left.callee.object, subject);
  return isLess ? callOf(memberOf(subject, 'deleteCharAt', lines), [length], lines) : undefined;
}
