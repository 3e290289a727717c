import { assignOf, binaryOf, callOf, lambdaOf, linesOf, memberOf, nameOf, numberOf, parseNumber, unknownOf } from '../program/build';
import {
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
} from '../program/ir';
import { child, named, textOf, type SyntaxNode } from '../syntax';
import { Lowering, folded, textIn } from './lowering';
import { RustTypes } from './rustTypes';

const operators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+', '-': '-', '*': '*', '/': '/', '%': '%', '<<': '<<', '>>': '>>', '&': '&', '|': '|', '^': '^',
  '&&': '&&', '||': '||', '==': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=',
};

/** The operator of `+=` and the like. */
export function operatorOf(sign: string): BinaryOperator | undefined {
  return operators[sign.replace(/=$/, '')];
}

/** Methods that give the value they are called on, as far as costs differ. */
const transparent: ReadonlySet<string> = new Set([
  'unwrap', 'expect', 'as_ref', 'as_mut', 'as_deref', 'as_deref_mut', 'borrow', 'borrow_mut', 'by_ref', 'copied', 'cloned', 'as_slice', 'as_mut_slice', 'as_str', 'deref',
  'peekable', 'into', 'unwrap_or_default', 'lock', 'get_mut_ref', 'upgrade', 'try_into', 'fuse', 'as_bytes', 'into_bytes', 'into_boxed_slice', 'downgrade', 'ok',
]);
const iterations: ReadonlySet<string> = new Set(['iter', 'iter_mut', 'into_iter', 'drain']);
const wrapping: ReadonlySet<string> = new Set(['Some', 'Ok', 'Err', 'Reverse', 'Box::new', 'Rc::new', 'RefCell::new', 'Cell::new', 'Arc::new', 'Rc::clone', 'Mutex::new', 'std::cmp::Reverse', 'Wrapping']);
const constructors: ReadonlySet<string> = new Set(['new', 'with_capacity', 'default']);
const conversions: ReadonlySet<string> = new Set(['from', 'from_iter', 'from_utf8', 'from_vec']);

/** What becomes of the value that a block ends with. */
export type Tail = (value: Expression) => Statement[];

/** Expressions of Rust. */
export abstract class RustExpressions extends Lowering {
  protected readonly types = new RustTypes();
  /** Types of the fields of the program's structures by name. */
  protected readonly fieldTypes = new Map<string, Type>();

  protected abstract block(node: SyntaxNode, tail: Tail): Block;

  /** A statement-like expression (`if`, `match`, a loop, a block) whose value goes to `tail`. */
  protected abstract control(node: SyntaxNode, tail: Tail): Statement[];

  protected isControl(node: SyntaxNode): boolean {
    return /^(?:if|match|while|loop|for)_expression$|^(?:unsafe_|async_|const_)?block$/.test(node.type);
  }

  protected expression(node: SyntaxNode): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'identifier':
      case 'field_identifier':
      case 'type_identifier':
      case 'shorthand_field_identifier':
      case 'primitive_type':
        return textOf(node) === 'None' ? { kind: 'literal', lines, type: 'null', value: null } : nameOf(textOf(node), lines);
      case 'self':
      case 'super':
      case 'crate':
        return nameOf(receiverName, lines);
      case 'integer_literal':
      case 'float_literal':
        return numberOf(parseNumber(textOf(node)), lines);
      case 'boolean_literal':
        return { kind: 'literal', lines, type: 'boolean', value: textOf(node) === 'true' };
      case 'string_literal':
      case 'raw_string_literal':
        return { kind: 'literal', lines, type: 'string', value: textOf(node).replace(/^b?r?#*"|"#*$/g, '') };
      case 'char_literal':
        return { kind: 'literal', lines, type: 'char', value: textOf(node).replace(/^b?'|'$/g, '') };
      case 'unit_expression':
        return { kind: 'literal', lines, type: 'null', value: null };
      case 'parenthesized_expression':
      case 'reference_expression':
      case 'try_expression':
      case 'await_expression':
      case 'type_cast_expression':
      case 'expression_statement': {
        const inner = child(node, 'value') ?? named(node).find((part) => part.type !== 'mutable_specifier');
        return inner === undefined ? unknownOf([], lines) : this.expression(inner);
      }
      case 'scoped_identifier': {
        const name = textIn(node, 'name');
        if (name === 'MAX' || name === 'MIN' || name === 'INFINITY') {
          const isInt = /\bi32::/.test(textOf(node));
          return numberOf(name === 'MIN' ? (isInt ? -2147483648 : Number.MIN_SAFE_INTEGER) : isInt ? 2147483647 : Number.MAX_SAFE_INTEGER, lines);
        }
        const type = this.types.named(textIn(node, 'path'));
        // `or_insert_with(Vec::new)`
        return name === 'new' && type.kind !== 'object' ? { kind: 'new', lines, type, args: [] } : nameOf(name, lines);
      }
      case 'generic_function':
        return this.expressionIn(node, 'function');
      case 'field_expression': {
        const field = child(node, 'field');
        const object = this.expressionIn(node, 'value');
        return field?.type === 'integer_literal' ? { kind: 'index', lines, object, index: numberOf(Number(textOf(field)), lines) } : memberOf(object, field === undefined ? '' : textOf(field), lines);
      }
      case 'index_expression': {
        const [object, index] = named(node);
        if (object === undefined || index === undefined) {
          return unknownOf([], lines);
        }
        return index.type === 'range_expression' ? this.borrowedPart(this.expression(object), index, lines) : { kind: 'index', lines, object: this.expression(object), index: this.expression(index) };
      }
      case 'range_expression':
        return this.range(node, undefined, lines);
      case 'call_expression':
        return this.call(node, lines);
      case 'macro_invocation':
        return unknownOf([], lines);
      case 'struct_expression':
        return this.structure(node, lines);
      case 'array_expression':
        return this.array(node, 'array', lines);
      case 'tuple_expression':
      case 'tuple_pattern':
      case 'slice_pattern':
        return { kind: 'list', lines, type: 'tuple', items: this.all(named(node)) };
      case 'binary_expression': {
        const left = this.expressionIn(node, 'left');
        const right = this.expressionIn(node, 'right');
        const sign = textIn(node, 'operator');
        // A slice costs nothing, but comparing it does: s[i..] == t[..n - i]
        const isCompared = (sign === '==' || sign === '!=') && left.kind === 'call' && left.callee.kind === 'member' && left.callee.name === '@slice' && right.kind !== 'literal';
        return isCompared ? callOf(memberOf(left, '@compare', lines), [right], lines) : binaryOf(operators[sign] ?? '+', left, right, lines);
      }
      case 'unary_expression': {
        const inner = named(node)[0];
        const operand = inner === undefined ? unknownOf([], lines) : this.expression(inner);
        const sign = node.children[0]?.type;
        return sign === '*' ? operand : { kind: 'unary', lines, operator: sign === '!' ? '!' : '-', operand };
      }
      case 'assignment_expression':
        return assignOf(this.target(child(node, 'left')), this.expressionIn(node, 'right'), lines);
      case 'compound_assignment_expr':
        return assignOf(this.target(child(node, 'left')), this.expressionIn(node, 'right'), lines, operatorOf(textIn(node, 'operator')));
      case 'let_condition':
        return this.letCondition(node).condition;
      case 'let_chain':
        return named(node).map((inner) => this.expression(inner)).reduce((all, next) => binaryOf('&&', all, next, lines));
      case 'closure_expression':
        return { kind: 'lambda', lines, function: this.closure(node, '') };
      case 'if_expression': {
        const [then, otherwise] = [this.single(child(node, 'consequence')), this.single(elseOf(node))];
        if (then !== undefined && otherwise !== undefined) {
          return { kind: 'conditional', lines, condition: this.expressionIn(node, 'condition'), then: this.expression(then), else: this.expression(otherwise) };
        }
        return this.run(node, lines);
      }
      case 'match_expression':
      case 'block':
      case 'unsafe_block':
      case 'async_block':
      case 'loop_expression':
      case 'while_expression':
      case 'for_expression':
        return this.run(node, lines);
      case 'return_expression':
      case 'break_expression':
      case 'continue_expression':
        return unknownOf(this.all(named(node).filter((inner) => inner.type !== 'label')), lines);
      case 'type_arguments':
      case 'label':
      case 'mutable_specifier':
        return unknownOf([], lines);
      default:
        return unknownOf(this.all(named(node).filter((inner) => !inner.type.endsWith('type'))), lines);
    }
  }

  /** A block of control used as a value inside of an expression: a function that is called at once. */
  private run(node: SyntaxNode, lines: Lines): Expression {
    const body = this.control(node, (value) => [{ kind: 'return', lines: value.lines, value }]);
    return callOf({ kind: 'lambda', lines, function: lambdaOf([], body, lines) }, [], lines);
  }

  /** The one expression of a block, or undefined where it has statements. */
  private single(node: SyntaxNode | undefined): SyntaxNode | undefined {
    if (node?.type === 'if_expression') {
      return node;
    }
    const inside = node === undefined ? [] : named(node);
    const [only] = inside;
    return inside.length === 1 && only !== undefined && !/_statement$|_declaration$|_item$|^(?:return|break|continue|for|while|loop)_/.test(only.type) ? only : undefined;
  }

  /** What can be assigned: `*map.entry(k).or_insert(0)` is `map[k]`. */
  protected target(node: SyntaxNode | undefined): Expression {
    if (node === undefined) {
      return unknownOf([], { start: 1, end: 1 });
    }
    const value = this.expression(node);
    return value.kind === 'call' && value.callee.kind === 'member' && value.callee.name === '@entry' && value.args[0] !== undefined
      ? { kind: 'index', lines: value.lines, object: value.callee.object, index: value.args[0] }
      : value;
  }

  /** A pattern as something that can be assigned. */
  protected pattern(node: SyntaxNode): Expression {
    const lines = linesOf(node);
    switch (node.type) {
      case 'tuple_pattern':
      case 'slice_pattern':
        return { kind: 'list', lines, type: 'tuple', items: node.children.filter((inner) => inner.isNamed || inner.type === '_').map((inner) => this.pattern(inner)) };
      case 'tuple_struct_pattern': {
        const items = node.children.filter((inner) => inner.field !== 'type' && (inner.isNamed || inner.type === '_'));
        const [only] = items;
        return items.length === 1 && only !== undefined ? this.pattern(only) : { kind: 'list', lines, type: 'tuple', items: items.map((inner) => this.pattern(inner)) };
      }
      case 'struct_pattern':
        return { kind: 'list', lines, type: 'tuple', items: named(node).filter((inner) => inner.type === 'field_pattern').map((inner) => nameOf(textOf(inner).replace(/^.*:\s*/s, ''), lines)) };
      case 'reference_pattern':
      case 'ref_pattern':
      case 'mut_pattern':
      case 'match_pattern': {
        const inner = named(node).find((part) => part.type !== 'mutable_specifier');
        return inner === undefined ? nameOf('_', lines) : this.pattern(inner);
      }
      case 'captured_pattern': {
        const inner = named(node)[0];
        return inner === undefined ? nameOf('_', lines) : this.pattern(inner);
      }
      case 'identifier':
        return nameOf(textOf(node), lines);
      case '_':
        return nameOf('_', lines);
      default:
        return nameOf('_', lines);
    }
  }

  /** `let Some(x) = value` as a condition, and what it assigns where it holds. */
  protected letCondition(node: SyntaxNode): { condition: Expression; assigned: Statement[] } {
    const lines = linesOf(node);
    const patternNode = child(node, 'pattern');
    const value = this.expressionIn(node, 'value');
    const target = patternNode === undefined ? nameOf('_', lines) : this.pattern(patternNode);
    const nothing: Expression = { kind: 'literal', lines, type: 'null', value: null };
    if (value.kind === 'name' || value.kind === 'member' || value.kind === 'index') {
      return { condition: binaryOf('!=', value, nothing, lines), assigned: [{ kind: 'assign', lines, target, value }] };
    }
    if (value.kind === 'call' && value.callee.kind === 'member') {
      const { object, name } = value.callee;
      const [first] = value.args;
      if (/^pop(?:_front|_back|_first|_last)?$/.test(name)) {
        const isFilled: Expression = { kind: 'unary', lines, operator: '!', operand: callOf(memberOf(object, 'is_empty', lines), [], lines) };
        return { condition: binaryOf('&&', isFilled, assignOf(target, value, lines), lines), assigned: [] };
      }
      if ((name === 'get' || name === 'get_mut') && first !== undefined) {
        const known = callOf(memberOf(object, 'contains_key', lines), [first], lines);
        return { condition: binaryOf('&&', known, assignOf(target, { kind: 'index', lines, object, index: first }, lines), lines), assigned: [] };
      }
    }
    return { condition: assignOf(target, value, lines), assigned: [] };
  }

  private borrowedPart(object: Expression, range: SyntaxNode, lines: Lines): Expression {
    const { from, to } = this.bounds(range, lines);
    return callOf(memberOf(object, '@slice', lines), to === undefined ? (from === undefined ? [] : [from]) : [from ?? numberOf(0, lines), to], lines);
  }

  private bounds(node: SyntaxNode, lines: Lines): { from?: Expression | undefined; to?: Expression | undefined } {
    const dots = node.children.findIndex((inner) => inner.type.startsWith('..'));
    const from = this.optional(node.children.slice(0, dots).find((inner) => inner.isNamed));
    const last = this.optional(node.children.slice(dots + 1).find((inner) => inner.isNamed));
    const to = last !== undefined && node.children[dots]?.type === '..=' ? binaryOf('+', last, numberOf(1, lines), lines) : last;
    return { from, to };
  }

  private range(node: SyntaxNode, step: Expression | undefined, lines: Lines): Expression {
    const { from, to } = this.bounds(node, lines);
    const start = from ?? numberOf(0, lines);
    if (to === undefined) {
      return callOf(nameOf('@count', lines), [start], lines);
    }
    return callOf(nameOf('@range', lines), step === undefined ? [start, to] : [start, to, step], lines);
  }

  private array(node: SyntaxNode, kind: 'list' | 'array', lines: Lines): Expression {
    const length = child(node, 'length');
    const items = named(node).filter((inner) => inner !== length && inner.type !== 'attribute_item');
    const [first] = items;
    const type: Type = { kind, name: 'Vec', args: [] };
    if (length !== undefined && first !== undefined) {
      return { kind: 'new', lines, type, args: [this.expression(length), this.expression(first)] };
    }
    return { kind: 'new', lines, type, args: [], items: this.all(items) };
  }

  private structure(node: SyntaxNode, lines: Lines): Expression {
    const nameNode = child(node, 'name');
    const body = child(node, 'body');
    const inside = body === undefined ? [] : named(body);
    const args = inside.map((inner) => {
      const value = child(inner, 'value') ?? named(inner).at(-1) ?? inner;
      return this.expression(value);
    });
    const fields = inside.map((inner) => (inner.type === 'field_initializer' ? textIn(inner, 'field') : inner.type === 'shorthand_field_initializer' ? textOf(inner) : undefined));
    return { kind: 'new', lines, type: nameNode === undefined ? unknownType : this.types.read(nameNode), args, fields };
  }

  protected closure(node: SyntaxNode, name: string): FunctionIr {
    const lines = linesOf(node);
    const prologue: Statement[] = [];
    const list = child(node, 'parameters');
    const params = (list === undefined ? [] : named(list)).map((inner) => this.parameter(inner, prologue));
    const body = child(node, 'body');
    const block = body === undefined ? [] : this.isControl(body) ? this.control(body, returned) : returned(this.expression(body));
    return lambdaOf(params, [...prologue, ...block], lines, name);
  }

  protected parameter(node: SyntaxNode, prologue: Statement[]): Parameter {
    const lines = linesOf(node);
    const typeNode = child(node, 'type');
    const patternNode = child(node, 'pattern') ?? node;
    const target = this.pattern(patternNode);
    const type = typeNode === undefined ? undefined : this.types.read(typeNode);
    if (target.kind === 'name') {
      return { name: target.name, type };
    }
    const name = `@${prologue.length + 1}`;
    prologue.push({ kind: 'assign', lines, target, value: nameOf(name, lines) });
    return { name, type };
  }

  // Calls

  private call(node: SyntaxNode, lines: Lines): Expression {
    const fn = child(node, 'function');
    const list = child(node, 'arguments');
    const nodes = list === undefined ? [] : named(list);
    if (fn === undefined) {
      return unknownOf(this.all(nodes), lines);
    }
    const plain = fn.type === 'generic_function' ? (child(fn, 'function') ?? fn) : fn;
    if (plain.type === 'field_expression') {
      return this.methodCall(plain, nodes, lines);
    }
    const path = textOf(plain).replace(/\s|::<.*>/gs, '');
    const [first, second] = nodes;
    if (path === 'vec') {
      return first === undefined ? { kind: 'new', lines, type: { kind: 'list', name: 'Vec', args: [] }, args: [] } : this.array(first, 'list', lines);
    }
    if (wrapping.has(path)) {
      return first === undefined ? unknownOf([], lines) : this.expression(first);
    }
    if (/^(?:std::)?(?:mem::)?swap$/.test(path) && first !== undefined && second !== undefined) {
      return swapped(this.expression(first), this.expression(second), lines);
    }
    if (/^(?:std::)?mem::(?:take|replace)$/.test(path) && first !== undefined) {
      return this.expression(first);
    }
    if (path === 'matches' && first !== undefined) {
      return binaryOf('==', this.expression(first), unknownOf([], lines), lines);
    }
    if (path === 'format') {
      return { kind: 'template', lines, parts: this.all(nodes.slice(1)) };
    }
    const scope = /^(?:.*::)?(\w+)::(\w+)$/.exec(path);
    if (scope?.[1] !== undefined && scope[2] !== undefined) {
      const [, owner, name] = scope;
      const type = this.types.named(owner);
      if (type.kind !== 'object' && constructors.has(name)) {
        return { kind: 'new', lines, type, args: [] };
      }
      if (type.kind !== 'object' && type.kind !== 'number' && conversions.has(name)) {
        return { kind: 'new', lines, type, args: this.all(nodes) };
      }
      if (owner === 'Self' || /^(?:std|cmp|mem|self|crate|super)$/.test(owner) || type.kind === 'number') {
        return callOf(nameOf(name, lines), this.all(nodes), lines);
      }
      return callOf(memberOf(nameOf(owner, lines), name, lines), this.all(nodes), lines);
    }
    return callOf(this.expression(plain), this.all(nodes), lines);
  }

  private methodCall(fn: SyntaxNode, nodes: readonly SyntaxNode[], lines: Lines): Expression {
    const name = textIn(fn, 'field');
    const subjectNode = child(fn, 'value');
    const [firstNode] = nodes;
    if (name === 'step_by' && firstNode !== undefined) {
      const inner = subjectNode?.type === 'parenthesized_expression' ? named(subjectNode)[0] : subjectNode;
      if (inner?.type === 'range_expression') {
        return this.range(inner, this.expression(firstNode), lines);
      }
    }
    const object = subjectNode === undefined ? unknownOf([], lines) : this.expression(subjectNode);
    if (transparent.has(name) || (name === 'take' && nodes.length === 0)) {
      return object;
    }
    if (name === 'clone' && object.kind === 'member' && ['unknown', 'object', 'number'].includes(this.fieldTypes.get(object.name)?.kind ?? 'unknown')) {
      return object; // a link (`node.left.clone()`) is copied, not what it leads to
    }
    if (iterations.has(name)) {
      return callOf(memberOf(object, '@items', lines), [], lines);
    }
    const args = this.all(nodes);
    const [first, second] = args;
    if ((name === 'map' || name === 'filter') && subjectNode !== undefined && givesOption(subjectNode)) {
      return name === 'filter' ? object : callOf(memberOf(object, 'and_then', lines), args, lines);
    }
    switch (name) {
      case 'is_some':
      case 'is_none':
        return binaryOf(name === 'is_some' ? '!=' : '==', object, { kind: 'literal', lines, type: 'null', value: null }, lines);
      case 'unwrap_or':
      case 'unwrap_or_else':
        return object;
      case 'max':
      case 'min':
        if (first !== undefined) {
          return callOf(nameOf(name, lines), [object, first], lines);
        }
        break;
      case 'swap':
        if (first !== undefined && second !== undefined) {
          const at = (index: Expression): Expression => ({ kind: 'index', lines, object, index });
          return swapped(at(first), at(second), lines);
        }
        break;
      case 'or_insert':
      case 'or_insert_with':
      case 'or_default':
      case 'or_insert_with_key':
        if (object.kind === 'call' && object.callee.kind === 'member' && object.callee.name === 'entry' && object.args[0] !== undefined) {
          return callOf(memberOf(object.callee.object, '@entry', lines), [object.args[0], first ?? unknownOf([], lines)], lines);
        }
        break;
      case 'fold':
        if (first !== undefined && second?.kind === 'lambda') {
          return folded(object, second, first, lines);
        }
        break;
      case 'reduce':
        if (first?.kind === 'lambda') {
          return folded(object, first, undefined, lines);
        }
        break;
      case 'read_line':
        if (first !== undefined) {
          return assignOf(first, callOf(nameOf('@readLine', lines), [], lines), lines);
        }
        break;
      default:
    }
    return callOf(memberOf(object, name, lines), args, lines);
  }
}

const optionMethods = /^(?:get|get_mut|first|last|first_mut|last_mut|front|back|pop|pop_front|pop_back|peek|next|as_ref|as_mut|as_deref|as_deref_mut|find|position|nth|ok|strip_prefix|strip_suffix|to_digit|checked_\w+)$/;

/** Whether a call gives an Option, whose `map` runs once at most, and no iterator. */
function givesOption(node: SyntaxNode): boolean {
  const fn = node.type === 'call_expression' ? child(node, 'function') : undefined;
  const name = fn?.type === 'field_expression' ? textIn(fn, 'field') : '';
  const list = child(node, 'arguments');
  return optionMethods.test(name) || (/^(?:take|max|min)$/.test(name) && (list === undefined || named(list).length === 0));
}

/** The block or `if` after `else`. */
export function elseOf(node: SyntaxNode): SyntaxNode | undefined {
  const clause = child(node, 'alternative');
  return clause?.type === 'else_clause' ? named(clause)[0] : clause;
}

/** A value that is what its function gives. */
export function returned(value: Expression): Statement[] {
  return [{ kind: 'return', lines: value.lines, value }];
}

function swapped(left: Expression, right: Expression, lines: Lines): Expression {
  return assignOf({ kind: 'list', lines, type: 'tuple', items: [left, right] }, { kind: 'list', lines, type: 'tuple', items: [right, left] }, lines);
}
