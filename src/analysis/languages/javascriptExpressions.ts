import { assignOf, binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, numberOf, parseNumber, stepOf, unknownOf } from '../program/build';
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
import { child, childOfType, named, textOf, type SyntaxNode } from '../syntax';
import { methodCall } from './javascriptIdioms';
import { JavascriptTypes, type Documented } from './javascriptTypes';
import { bitsCounted, Lowering, madeText, remembered, textIn } from './lowering';

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '%': '%', '**': '**', '<<': '<<', '>>': '>>', '>>>': '>>', '&': '&', '|': '|', '^': '^',
  '&&': '&&', '||': '||', '??': '??', '==': '==', '===': '==', '!=': '!=', '!==': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=', in: 'in', instanceof: '==',
};

const functionTypes: ReadonlySet<string> = new Set(['arrow_function', 'function_expression', 'function', 'generator_function']);

/** Expressions of JavaScript and TypeScript. */
export abstract class JavascriptExpressions extends Lowering {
  protected readonly types = new JavascriptTypes();
  /** Names of what gives the lines of the input one by one. */
  protected readonly lineReaders = new Set<string>();

  protected abstract body(node: SyntaxNode | undefined): Block;

  protected abstract classDeclaration(node: SyntaxNode, name: string): void;

  private temporaries = 0;

  /** A name for a value that the program has none for; no program can write it. */
  protected temporary(): string {
    this.temporaries += 1;
    return `@${this.temporaries}`;
  }

  protected isFunction(node: SyntaxNode | undefined): node is SyntaxNode {
    return node !== undefined && functionTypes.has(node.type);
  }

  protected expression(node: SyntaxNode): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'identifier':
      case 'property_identifier':
      case 'private_property_identifier':
      case 'shorthand_property_identifier':
      case 'shorthand_property_identifier_pattern':
      case 'type_identifier':
        return this.identifier(textOf(node), lines);
      case 'this':
      case 'super':
        return nameOf(receiverName, lines);
      case 'number':
        return numberOf(parseNumber(textOf(node)), lines);
      case 'true':
      case 'false':
        return { kind: 'literal', lines, type: 'boolean', value: node.type === 'true' };
      case 'null':
      case 'undefined':
        return { kind: 'literal', lines, type: 'null', value: null };
      case 'string':
        return { kind: 'literal', lines, type: 'string', value: textOf(node).slice(1, -1) };
      case 'regex':
        return { kind: 'literal', lines, type: 'string', value: textOf(node) };
      case 'template_string': {
        const parts = node.children.filter((inner) => inner.type === 'template_substitution').flatMap((inner) => this.all(named(inner)));
        return parts.length === 0 ? { kind: 'literal', lines, type: 'string', value: textOf(node).slice(1, -1) } : { kind: 'template', lines, parts };
      }
      case 'parenthesized_expression':
      case 'await_expression':
      case 'non_null_expression':
      case 'as_expression':
      case 'satisfies_expression':
      case 'expression_statement':
      case 'instantiation_expression':
      case 'computed_property_name': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : this.expression(inner);
      }
      case 'type_assertion': {
        const inner = named(node).at(-1);
        return inner === undefined ? unknownOf([], lines) : this.expression(inner);
      }
      case 'member_expression':
        return this.member(this.expressionIn(node, 'object'), textIn(node, 'property').replace(/^#/, ''), lines);
      case 'subscript_expression':
        return { kind: 'index', lines, object: this.expressionIn(node, 'object'), index: this.expressionIn(node, 'index') };
      case 'call_expression':
        return this.call(node, lines);
      case 'new_expression':
        return this.creation(node, lines);
      case 'binary_expression':
        return this.binary(operators[textIn(node, 'operator')] ?? '+', this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines);
      case 'unary_expression': {
        const operator = textIn(node, 'operator');
        const operand = this.expressionIn(node, 'argument');
        if (operator === 'typeof' || operator === 'void' || operator === 'delete') {
          return unknownOf([operand], lines);
        }
        if (operator === '~' && operand.kind === 'unary' && operand.operator === '~') {
          return operand.operand; // ~~x is x without its fraction
        }
        if (operator === '+' && operand.kind !== 'name' && operand.kind !== 'literal') {
          return callOf(nameOf('parseInt', lines), [operand], lines); // `+text.slice(2)`
        }
        return { kind: 'unary', lines, operator: operator === '!' || operator === '~' || operator === '+' ? operator : '-', operand };
      }
      case 'update_expression':
        return stepOf(this.expressionIn(node, 'argument'), textOf(node).includes('++') ? 1 : -1, lines);
      case 'assignment_expression': {
        const left = child(node, 'left');
        return assignOf(left === undefined ? unknownOf([], lines) : this.target(left), this.assigned(left, child(node, 'right'), lines), lines);
      }
      case 'augmented_assignment_expression':
        return assignOf(this.expressionIn(node, 'left'), this.expressionIn(node, 'right'), lines, operators[textIn(node, 'operator').replace(/=$/, '')]);
      case 'ternary_expression':
        return {
          kind: 'conditional', lines, condition: this.expressionIn(node, 'condition'),
          then: this.expressionIn(node, 'consequence'), else: this.expressionIn(node, 'alternative'),
        };
      case 'array': {
        const items = named(node);
        return { kind: 'list', lines, type: 'list', items: this.all(items) };
      }
      case 'array_pattern':
      case 'object_pattern':
        return this.target(node);
      case 'object':
        return this.object(node, lines);
      case 'spread_element':
      case 'rest_pattern': {
        const inner = named(node)[0];
        return inner === undefined ? unknownOf([], lines) : { kind: 'spread', lines, value: this.expression(inner) };
      }
      case 'arrow_function':
      case 'function_expression':
      case 'function':
      case 'generator_function':
        return { kind: 'lambda', lines, function: this.functionOf(node, '') };
      case 'class': {
        const name = textIn(node, 'name') || this.temporary();
        this.classDeclaration(node, name);
        return nameOf(name, lines);
      }
      case 'yield_expression':
        return unknownOf(this.all(named(node)), lines);
      case 'type_arguments':
      case 'type_annotation':
      case 'predefined_type':
        return unknownOf([], lines);
      default:
        return unknownOf(this.all(named(node).filter((inner) => !inner.type.includes('type'))), lines);
    }
  }

  private binary(operator: BinaryOperator, left: Expression, right: Expression, lines: Lines): Expression {
    const counted = operator === '-' ? bitsCounted(left, right, /^clz32$/) : undefined;
    if (counted !== undefined) {
      return callOf(memberOf(nameOf('Math', lines), 'log2', lines), [counted], lines);
    }
    const text = operator === '+' ? madeText(left, right) : undefined;
    return text === undefined ? binaryOf(operator, left, right, lines) : callOf(nameOf('String', lines), [text], lines);
  }

  private identifier(name: string, lines: Lines): Expression {
    if (name === 'Infinity' || name === 'NaN') {
      return numberOf(Number.MAX_SAFE_INTEGER, lines);
    }
    return name === 'undefined' ? { kind: 'literal', lines, type: 'null', value: null } : nameOf(name, lines);
  }

  private member(object: Expression, name: string, lines: Lines): Expression {
    if (object.kind === 'name' && object.name === 'Number' && /^(?:MAX|MIN|POSITIVE|NEGATIVE)_/.test(name)) {
      return numberOf(name.startsWith('M') && name.includes('MAX') ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER, lines);
    }
    return name === 'value' && object.kind === 'call' && object.callee.kind === 'name' && object.callee.name === '@readLine' ? object : memberOf(object, name, lines);
  }

  /** The value of an assignment; a list on the right of a pattern is taken apart, not made. */
  protected assigned(left: SyntaxNode | undefined, right: SyntaxNode | undefined, lines: Lines): Expression {
    if (right === undefined) {
      return unknownOf([], lines);
    }
    const value = this.expression(right);
    return left?.type === 'array_pattern' && value.kind === 'list' && value.type === 'list' ? { ...value, type: 'tuple' } : value;
  }

  /** A pattern as something that can be assigned; what an object pattern takes is a tuple of its names. */
  protected target(node: SyntaxNode): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'array_pattern': {
        // Holes count: [, second] = pair
        const items: Expression[] = [];
        let isFilled = false;
        for (const inner of node.children) {
          if (inner.isNamed) {
            items.push(this.target(inner));
            isFilled = true;
          } else if (inner.type === ',') {
            if (!isFilled) {
              items.push(nameOf('_', lines));
            }
            isFilled = false;
          }
        }
        return { kind: 'list', lines, type: 'tuple', items };
      }
      case 'object_pattern':
        return { kind: 'list', lines, type: 'tuple', items: this.objectTargets(node).map(({ target }) => target) };
      case 'assignment_pattern':
      case 'object_assignment_pattern': {
        const left = child(node, 'left');
        return left === undefined ? unknownOf([], lines) : this.target(left);
      }
      default:
        return this.expression(node);
    }
  }

  /** What an object pattern reads, and into what. */
  private objectTargets(node: SyntaxNode): { name: string; target: Expression }[] {
    return named(node).flatMap((inner) => {
      switch (inner.type) {
        case 'shorthand_property_identifier_pattern':
          return [{ name: textOf(inner), target: this.expression(inner) }];
        case 'object_assignment_pattern':
          return [{ name: textIn(inner, 'left'), target: this.expressionIn(inner, 'left') }];
        case 'pair_pattern': {
          const value = child(inner, 'value');
          return value === undefined ? [] : [{ name: textIn(inner, 'key'), target: this.target(value) }];
        }
        default:
          return [];
      }
    });
  }

  /** The assignments that taking `value` apart makes. */
  protected destructured(pattern: SyntaxNode, value: Expression): Statement[] {
    const lines = linesOf(pattern);
    if (pattern.type !== 'object_pattern') {
      const taken: Expression = value.kind === 'list' && value.type === 'list' ? { ...value, type: 'tuple' } : value;
      return [{ kind: 'assign', lines, target: this.target(pattern), value: taken }];
    }
    const statements: Statement[] = [];
    let source = value;
    if (value.kind !== 'name' && value.kind !== 'member') {
      const name = this.temporary();
      statements.push({ kind: 'declare', lines, name, value });
      source = nameOf(name, lines);
    }
    for (const { name, target } of this.objectTargets(pattern)) {
      statements.push({ kind: 'assign', lines, target, value: memberOf(source, name, lines) });
    }
    return statements;
  }

  private object(node: SyntaxNode, lines: Lines): Expression {
    const entries: MapEntry[] = [];
    for (const inner of named(node)) {
      const at = linesOf(inner);
      switch (inner.type) {
        case 'pair': {
          const key = child(inner, 'key');
          const isPlain = key?.type === 'property_identifier';
          entries.push({
            key: key === undefined || isPlain ? { kind: 'literal', lines: at, type: 'string', value: key === undefined ? '' : textOf(key) } : this.expression(key),
            value: this.expressionIn(inner, 'value'),
          });
          break;
        }
        case 'shorthand_property_identifier':
          entries.push({ key: { kind: 'literal', lines: at, type: 'string', value: textOf(inner) }, value: this.expression(inner) });
          break;
        case 'spread_element': {
          const value = named(inner)[0];
          if (value !== undefined) {
            entries.push({ value: this.expression(value) });
          }
          break;
        }
        case 'method_definition':
          entries.push({
            key: { kind: 'literal', lines: at, type: 'string', value: textIn(inner, 'name') },
            value: { kind: 'lambda', lines: at, function: this.functionOf(inner, '') },
          });
          break;
        default:
      }
    }
    return { kind: 'map', lines, entries };
  }

  // Functions

  /** What an arrow function without a block gives back. */
  private given(node: SyntaxNode): Block {
    const value = this.expression(node);
    return remembered(value) ?? [{ kind: 'return', lines: linesOf(node), value }];
  }

  /** The function of any function-like node. `documentation`: what its JSDoc says of types. */
  protected functionOf(node: SyntaxNode, name: string, documentation?: Documented): FunctionIr {
    const lines = linesOf(node);
    const prologue: Statement[] = [];
    const single = child(node, 'parameter');
    const list = child(node, 'parameters');
    const nodes = single !== undefined ? [single] : list === undefined ? [] : named(list);
    const params = nodes.flatMap((inner) => this.parameter(inner, prologue, documentation));
    const bodyNode = child(node, 'body');
    const result = child(node, 'return_type');
    const block: Block =
      bodyNode === undefined ? [] : bodyNode.type === 'statement_block' ? this.body(bodyNode) : this.given(bodyNode);
    return {
      ...lambdaOf(params, [...prologue, ...block], lines, name),
      result: result === undefined ? documentation?.result : this.types.read(result),
    };
  }

  private parameter(node: SyntaxNode, prologue: Statement[], documentation: Documented | undefined): Parameter[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'identifier':
        return [{ name: textOf(node), type: documentation?.params.get(textOf(node)) }];
      case 'required_parameter':
      case 'optional_parameter': {
        const pattern = child(node, 'pattern');
        if (pattern === undefined || pattern.type === 'this') {
          return [];
        }
        const annotation = child(node, 'type');
        const [param] = this.parameter(pattern, prologue, documentation);
        if (param === undefined) {
          return [];
        }
        if (childOfType(node, 'accessibility_modifier') !== undefined) {
          prologue.push({ kind: 'assign', lines, target: memberOf(nameOf(receiverName, lines), param.name, lines), value: nameOf(param.name, lines) });
        }
        return [{ name: param.name, type: annotation === undefined ? param.type : this.types.read(annotation), defaultValue: this.optional(child(node, 'value')) ?? param.defaultValue }];
      }
      case 'assignment_pattern': {
        const left = child(node, 'left');
        const [param] = left === undefined ? [] : this.parameter(left, prologue, documentation);
        return param === undefined ? [] : [{ ...param, defaultValue: this.expressionIn(node, 'right') }];
      }
      case 'rest_pattern': {
        const inner = named(node)[0];
        return [{ name: inner === undefined ? '' : textOf(inner), type: this.types.named('Array'), takesRest: true }];
      }
      case 'array_pattern':
      case 'object_pattern': {
        const name = this.temporary();
        prologue.push(...this.destructured(node, nameOf(name, lines)));
        return [{ name }];
      }
      default:
        return [];
    }
  }

  // Calls

  private creation(node: SyntaxNode, lines: Lines): Expression {
    const constructor = child(node, 'constructor');
    const list = child(node, 'arguments');
    const typeArguments = child(node, 'type_arguments') ?? childOfType(node, 'type_arguments');
    const name = constructor === undefined ? '' : textOf(constructor).replace(/^.*\./s, '');
    const type = this.types.named(name, typeArguments === undefined ? [] : named(typeArguments).map((inner) => this.types.read(inner)));
    const args = list === undefined ? [] : this.all(named(list));
    if (type.kind === 'heap' || type.kind === 'queue') {
      // A comparator or an object of options is no content.
      return { kind: 'new', lines, type, args: args.filter((arg) => arg.kind !== 'lambda' && arg.kind !== 'map') };
    }
    return { kind: 'new', lines, type, args };
  }

  private call(node: SyntaxNode, lines: Lines): Expression {
    const fn = child(node, 'function');
    const list = child(node, 'arguments');
    if (fn === undefined) {
      return unknownOf([], lines);
    }
    const args = list === undefined ? [] : list.type === 'template_string' ? [this.expression(list)] : this.all(named(list));
    const name = textOf(fn);
    if (fn.type === 'import' || fn.type === 'super') {
      return unknownOf(args, lines);
    }
    if (name === 'Array' || name === 'Set' || name === 'Map') {
      return { kind: 'new', lines, type: this.types.named(name), args };
    }
    if (name === 'Array.from') {
      return this.arrayFrom(args, lines);
    }
    if ((name === 'Math.max' || name === 'Math.min') && args.some((arg) => arg.kind === 'spread')) {
      const [first] = args;
      const items = args.length === 1 && first?.kind === 'spread' ? first.value : ({ kind: 'list', lines, type: 'list', items: args } as const);
      return callOf(nameOf(name === 'Math.max' ? '@max' : '@min', lines), [items], lines);
    }
    if ((name === 'Number' || name === 'BigInt' || name === 'Math.trunc') && args.length === 1 && args[0] !== undefined) {
      return callOf(nameOf(name === 'Math.trunc' ? 'Math.floor' : 'parseInt', lines), args, lines);
    }
    const callee = this.expression(fn);
    // `const lines = reader[Symbol.asyncIterator](); … (await lines.next()).value`
    if (callee.kind === 'member' && callee.name === 'next' && callee.object.kind === 'name' && this.lineReaders.has(callee.object.name)) {
      return callOf(nameOf('@readLine', lines), [], lines);
    }
    return callee.kind === 'member' ? methodCall(callee.object, callee.name, args, lines) : callOf(callee, args, lines);
  }

  /** `Array.from({ length: n }, f)` is n items, each what f gives. */
  private arrayFrom(args: readonly Expression[], lines: Lines): Expression {
    const [source, mapper] = args;
    if (source === undefined) {
      return unknownOf([], lines);
    }
    const length = source.kind === 'map' ? source.entries.find((entry) => entry.key?.kind === 'literal' && entry.key.value === 'length')?.value : undefined;
    const items: Expression = length === undefined ? callOf(memberOf(nameOf('Array', lines), 'from', lines), [source], lines) : { kind: 'new', lines, type: this.types.named('Array'), args: [length] };
    return mapper === undefined ? items : callOf(memberOf(items, 'map', lines), [mapper], lines);
  }
}
