import { assignOf, binaryOf, callOf, linesOf, memberOf, nameOf, numberOf, unknownOf } from '../program/build';
import { readName, unknownType, type Expression, type FunctionIr, type Lines, type Type, type ValueKind } from '../program/ir';
import { typeNamed } from '../library';
import { child, named, textOf, type SyntaxNode } from '../syntax';
import { mergeRanges, placeOf, rangeBetween } from './cppIterators';
import { cppLibrary } from './cppLibrary';
import { CppTypes, arrayOf } from './cppTypes';
import { endAfter, folded, Lowering, textIn } from './lowering';

const casts: ReadonlySet<string> = new Set(['static_cast', 'dynamic_cast', 'const_cast', 'reinterpret_cast', 'move', 'forward', 'ref', 'cref', 'as_const', 'to_underlying']);
const tupleMakers: ReadonlySet<string> = new Set(['make_pair', 'make_tuple', 'tie', 'forward_as_tuple', 'pair', 'tuple']);
const pushes: ReadonlySet<string> = new Set(['push_back', 'push_front', 'emplace_back', 'emplace_front', 'push', 'emplace']);
/** Kinds that hold items, and that copying by value copies. */
export const containers: ReadonlySet<ValueKind> = new Set(['list', 'set', 'map', 'sortedSet', 'sortedMap', 'heap', 'queue', 'deque', 'stack', 'linkedList', 'string', 'builder']);
const hashedOrSorted: ReadonlySet<ValueKind> = new Set(['set', 'map', 'sortedSet', 'sortedMap', 'heap']);
const inputs: ReadonlySet<string> = new Set(['cin', 'fin', 'wcin']);
const inputStreams: ReadonlySet<string> = new Set(['istream', 'ifstream', 'fstream', 'wistream']);

/** Calls and constructions of C++: what an idiom of the library means in the terms of the analysis. */
export abstract class CppCalls extends Lowering {
  protected readonly types = new CppTypes();
  /** The type that a name was last declared with, whatever the scope: enough to tell a map from a list. */
  protected readonly declared = new Map<string, Type>();
  protected readonly methodsOf = new Map<string, FunctionIr[]>();
  /** Macros that stand for another name (`#define pb push_back`) or for both ends of a container (`#define all(x) …`). */
  protected readonly macros = new Map<string, string>();
  protected readonly rangeMacros = new Set<string>();
  /** Numbers that the program names: `#define N 100005`, `const int N = 1e5;` */
  protected readonly constants = new Map<string, number>();
  /** `self` of `[&](auto&& self, …)`: the name that the lambda is bound to. */
  protected readonly selfNames = new Map<string, string>();

  /** `expected`: the declared type, which a braced list takes its items' type from. */
  protected abstract override expression(node: SyntaxNode, expected?: Type): Expression;

  /** The type of an expression as far as declarations say it. */
  protected typeOf(expression: Expression): Type | undefined {
    switch (expression.kind) {
      case 'name':
        return this.declared.get(expression.name);
      case 'member':
        return this.declared.get(expression.name);
      case 'new':
        return expression.type;
      case 'slice':
        return this.typeOf(expression.object);
      case 'index': {
        const type = this.typeOf(expression.object);
        if (type?.kind === 'tuple') {
          return expression.index.kind === 'literal' ? type.args[Number(expression.index.value)] : undefined;
        }
        return type?.kind === 'map' || type?.kind === 'sortedMap' ? type.args[1] : type?.args[0];
      }
      case 'call':
        if (expression.callee.kind === 'member' && ['front', 'back', 'top'].includes(expression.callee.name)) {
          return this.typeOf(expression.callee.object)?.args[0];
        }
        return undefined;
      default:
        return undefined;
    }
  }

  protected typeOfNode(node: SyntaxNode): Type | undefined {
    return node.type === 'identifier' || node.type === 'subscript_expression' || node.type === 'field_expression' ? this.typeOf(this.expression(node)) : undefined;
  }
  /** A text, or an array that holds one: `char name[100]`. */
  private isText(node: SyntaxNode): boolean {
    const type = this.typeOfNode(node);
    return type?.kind === 'string' || ((type?.kind === 'array' || type?.kind === 'list') && type.args[0]?.kind === 'char');
  }

  /** The assignments that `cin >> a >> b`, `scanf("%d", &a)` and `getline(cin, s)` make, or undefined. */
  protected reads(node: SyntaxNode): Expression[] | undefined {
    const lines = linesOf(node);
    const read = (target: SyntaxNode, source: Expression): Expression => assignOf(this.expression(target), source, lines);
    if (node.type === 'binary_expression' && textIn(node, 'operator') === '>>') {
      const targets: SyntaxNode[] = [];
      let left: SyntaxNode | undefined = node;
      while (left?.type === 'binary_expression' && textIn(left, 'operator') === '>>') {
        const right = child(left, 'right');
        if (right !== undefined) {
          targets.unshift(right);
        }
        left = child(left, 'left');
      }
      const source = left === undefined ? '' : textOf(left).replace(/^std::/, '');
      if (inputs.has(source) || inputStreams.has(this.declared.get(source)?.name ?? '')) {
        return targets.map((target) => read(target, callOf(nameOf(this.isText(target) ? '@readLine' : readName, lines), [], lines)));
      }
      if (left !== undefined && this.declared.get(source)?.name === 'stringstream') {
        const stream = this.expression(left);
        return targets.map((target) => read(target, callOf(memberOf(stream, '@next', lines), [], lines)));
      }
      return undefined;
    }
    if (node.type === 'call_expression') {
      const made = this.readsByCall(textIn(node, 'function').replace(/^std::/, ''), named(child(node, 'arguments') ?? node), lines);
      return made.length === 0 ? undefined : made;
    }
    return undefined;
  }

  private readsByCall(name: string, nodes: readonly SyntaxNode[], lines: Lines): Expression[] {
    const read = (target: SyntaxNode, source: Expression): Expression => {
      const place = this.expression(target);
      // `scanf("%d", a + i)` reads into a place of the array.
      return assignOf(place.kind === 'binary' && place.operator === '+' && target.type === 'binary_expression' ? { kind: 'index', lines, object: place.left, index: place.right } : place, source, lines);
    };
    if (name === 'scanf' || name === 'scanf_s' || name === 'fscanf' || name === 'fscanf_s') {
      return nodes.slice(name.startsWith('f') ? 2 : 1).map((target) => read(target, callOf(nameOf(this.isText(target) ? '@readLine' : readName, lines), [], lines)));
    }
    const [first, second] = nodes;
    if (name !== 'getline' || first === undefined || second === undefined) {
      return [];
    }
    const isWords = this.declared.get(textOf(first))?.name === 'stringstream';
    return [read(second, isWords ? callOf(memberOf(this.expression(first), '@next', lines), [], lines) : callOf(nameOf('@readLine', lines), [], lines))];
  }

  /** `T{a, b}` and `T x = {a, b}`. */
  protected braced(node: SyntaxNode, type: Type): Expression {
    const lines = linesOf(node);
    const nodes = named(node);
    if (type.kind === 'tuple') {
      return { kind: 'list', lines, type: 'tuple', items: nodes.map((inner, at) => this.expression(inner, type.args[at])) };
    }
    if (type.kind === 'map' || type.kind === 'sortedMap') {
      return { kind: 'new', lines, type, args: [], items: nodes.map((inner) => this.expression(inner, { kind: 'tuple', name: 'pair', args: type.args })) };
    }
    return this.constructed(type, nodes.map((inner) => this.expression(inner, type.kind === 'object' ? undefined : type.args[0])), lines, true);
  }

  /** `T(args)`, or `T{args}` where `isBraced`. */
  protected constructed(type: Type, args: readonly Expression[], lines: Lines, isBraced: boolean): Expression {
    const [first, second] = args;
    if (type.name === 'stringstream') {
      return first === undefined ? { kind: 'new', lines, type, args: [] } : callOf(memberOf(first, '@words', lines), [], lines);
    }
    switch (type.kind) {
      case 'number':
      case 'boolean':
      case 'char':
      case 'function':
        return first ?? numberOf(0, lines);
      case 'tuple':
        return { kind: 'list', lines, type: 'tuple', items: args };
      case 'unknown':
        return args.length === 1 && first !== undefined ? first : { kind: 'list', lines, type: 'tuple', items: args };
      case 'object':
        return { kind: 'new', lines, type, args };
      default:
    }
    const range = first === undefined || second === undefined ? undefined : rangeBetween(first, second);
    if (range !== undefined) {
      const object = range.kind === 'slice' ? range : ({ kind: 'slice', lines, object: range } as const);
      const isCopy = (type.kind === 'list' || type.kind === 'array' || type.kind === 'string' || type.kind === 'deque') && type.kind === this.typeOf(range)?.kind;
      return isCopy ? object : { kind: 'new', lines, type, args: [range] };
    }
    if (isBraced) {
      const given = first === undefined || second !== undefined ? undefined : this.typeOf(first)?.kind;
      if (first !== undefined && given === type.kind && type.args[0]?.kind !== given) {
        return first;
      }
      return { kind: 'new', lines, type, args: [], items: args };
    }
    if (hashedOrSorted.has(type.kind)) {
      // A comparator, a hash or a number of buckets is no content.
      const content = args.find((arg) => containers.has(this.typeOf(arg)?.kind ?? 'unknown'));
      return { kind: 'new', lines, type, args: content === undefined ? [] : [content] };
    }
    return { kind: 'new', lines, type, args };
  }
  protected call(node: SyntaxNode, lines: Lines, expected?: Type): Expression {
    let fn = child(node, 'function');
    const list = child(node, 'arguments');
    const nodes = list === undefined ? [] : named(list);
    if (fn === undefined) {
      return unknownOf(this.all(nodes), lines);
    }
    if (fn.type === 'qualified_identifier') {
      const scope = child(fn, 'scope');
      const last = child(fn, 'name');
      if (scope !== undefined && textOf(scope).startsWith("numeric_limits")) {
        return numberOf(Number.MAX_SAFE_INTEGER, lines);
      }
      let inner = last;
      while (inner?.type === 'qualified_identifier') {
        inner = child(inner, 'name');
      }
      if (inner !== undefined) {
        if (textOf(inner) === 'iota' && /views?/.test(textOf(fn))) {
          return callOf(nameOf('@range', lines), this.all(nodes), lines);
        }
        fn = inner;
      }
    }
    switch (fn.type) {
      case 'primitive_type':
      case 'sized_type_specifier':
        return nodes[0] === undefined ? numberOf(0, lines) : this.expression(nodes[0]);
      case 'template_function':
      case 'template_type': {
        const name = textIn(fn, 'name');
        if (name === 'get') {
          const index = named(child(fn, 'arguments') ?? fn)[0];
          const subject = nodes[0];
          return subject === undefined ? unknownOf([], lines) : { kind: 'index', lines, object: this.expression(subject), index: index === undefined ? numberOf(0, lines) : this.expression(index) };
        }
        if (name === 'make_unique' || name === 'make_shared') {
          const type = named(child(fn, 'arguments') ?? fn)[0];
          return this.constructed((type === undefined ? undefined : this.types.read(type)) ?? unknownType, this.all(nodes), lines, false);
        }
        if (/^(?:greater|less)(?:_equal)?$/.test(name)) {
          return unknownOf([], lines);
        }
        const type = this.types.read(fn);
        return type !== undefined && Object.hasOwn(cppLibrary.types, type.name) ? this.constructed(type, this.all(nodes), lines, false) : this.functionCall(name, nodes, lines, expected);
      }
      case 'identifier':
      case 'type_identifier':
        return this.functionCall(textOf(fn), nodes, lines, expected);
      case 'field_expression':
        return this.methodCall(fn, nodes, lines);
      default:
        return callOf(this.expression(fn), this.all(nodes), lines);
    }
  }

  private functionCall(text: string, nodes: readonly SyntaxNode[], lines: Lines, expected: Type | undefined): Expression {
    const name = this.macros.get(text) ?? text;
    const [first, second, third] = nodes;
    if (casts.has(name)) {
      return first === undefined ? unknownOf([], lines) : this.expression(first, expected);
    }
    if (tupleMakers.has(name)) {
      return { kind: 'list', lines, type: 'tuple', items: this.all(nodes) };
    }
    if (this.rangeMacros.has(name) && first !== undefined) {
      return this.expression(first);
    }
    const type = this.types.aliases.get(name) ?? (Object.hasOwn(cppLibrary.types, name) ? typeNamed(cppLibrary, name) : undefined);
    if (type !== undefined) {
      return this.constructed(type, this.all(nodes), lines, false);
    }
    if (this.methodsOf.has(name)) {
      return { kind: 'new', lines, type: typeNamed(cppLibrary, name), args: this.all(nodes) };
    }
    const reads = this.readsByCall(name, nodes, lines);
    if (reads.length > 0) {
      return reads.reduce((all, next) => binaryOf('&&', all, next, lines));
    }
    switch (name) {
      case 'swap':
        if (first !== undefined && second !== undefined && nodes.length === 2) {
          return swapped(this.expression(first), this.expression(second), lines);
        }
        break;
      case 'malloc':
      case 'calloc':
      case 'realloc':
        return this.allocated(name === 'realloc' ? nodes.slice(1) : nodes, expected, lines);
      case 'memset':
      case 'fill_n':
      case 'qsort': {
        if (first === undefined || second === undefined) {
          break;
        }
        const object = this.expression(first);
        if (name === 'memset') {
          return callOf(nameOf(name, lines), [object, this.expression(second)], lines);
        }
        const part: Expression = { kind: 'slice', lines, object, to: this.expression(second) };
        const rest = name === 'qsort' ? nodes.slice(3) : third === undefined ? [] : [third];
        return callOf(nameOf(name === 'qsort' ? 'sort' : 'fill', lines), [part, ...this.all(rest)], lines);
      }
      case 'distance':
      case 'next':
      case 'advance':
      case 'prev':
        return this.iteratorStep(name, nodes, lines);
      default:
    }
    if ((name === 'min' || name === 'max') && first?.type === 'initializer_list' && nodes.length === 1) {
      return callOf(nameOf(name, lines), this.all(named(first)), lines);
    }
    const self = this.selfNames.get(name);
    if (first?.type === 'identifier' && textOf(first) === name) {
      // self(self, …) inside, dfs(dfs, …) outside: the function itself is no argument.
      return callOf(nameOf(self ?? name, lines), this.all(nodes.slice(1)), lines);
    }
    const last = nodes[nodes.length - 1];
    if (last?.type === 'identifier' && textOf(last) === name) {
      return callOf(nameOf(self ?? name, lines), this.all(nodes.slice(0, -1)), lines); // self(…, self)
    }
    const isAlgorithm = Object.hasOwn(cppLibrary.functions, name);
    let args = mergeRanges(this.all(nodes), isAlgorithm && name !== 'max' && name !== 'min');
    const [range, ...rest] = args;
    if (isAlgorithm && range?.kind === 'slice' && args.length < nodes.length) {
      args = [isCheap(name) ? range.object : { ...range, view: true }, ...rest];
    }
    const [items, initial, step] = args;
    if ((name === 'accumulate' || name === 'reduce' || name === 'fold_left') && items !== undefined && step?.kind === 'lambda') {
      return folded(items, step, initial, lines);
    }
    if ((name === 'max' || name === 'min') && args.length === 1) {
      return callOf(nameOf(name === 'max' ? '@max' : '@min', lines), args, lines); // ranges::max(values)
    }
    return callOf(nameOf(self ?? name, lines), args, lines);
  }


  private iteratorStep(name: string, nodes: readonly SyntaxNode[], lines: Lines): Expression {
    const args = this.all(nodes);
    const [first, second] = args;
    const place = first === undefined ? undefined : (placeOf(first) ?? (second === undefined ? undefined : placeOf(second)));
    if (place === undefined || second === undefined || (second.kind === 'literal' && name !== 'distance')) {
      return callOf(nameOf(name, lines), args, lines);
    }
    return callOf(memberOf(place.object, name === 'distance' ? '@distance' : '@advance', lines), [second], lines);
  }

  /** `malloc(n * sizeof(int))`: n items. */
  private allocated(nodes: readonly SyntaxNode[], expected: Type | undefined, lines: Lines): Expression {
    const factors = (node: SyntaxNode): SyntaxNode[] =>
      node.type === 'parenthesized_expression'
        ? named(node).flatMap(factors)
        : node.type === 'binary_expression' && textIn(node, 'operator') === '*'
          ? [child(node, 'left'), child(node, 'right')].flatMap((inner) => (inner === undefined ? [] : factors(inner)))
          : node.type === 'sizeof_expression'
            ? []
            : [node];
    const sizes = nodes.flatMap(factors).map((node) => this.expression(node));
    const size = sizes.reduce((all: Expression | undefined, next) => (all === undefined ? next : binaryOf('*', all, next, lines)), undefined);
    if (size === undefined) {
      return { kind: 'new', lines, type: expected ?? unknownType, args: [] };
    }
    return { kind: 'new', lines, type: expected?.kind === 'array' || expected?.kind === 'string' ? expected : arrayOf(unknownType), args: [], dimensions: [size] };
  }

  private methodCall(fn: SyntaxNode, nodes: readonly SyntaxNode[], lines: Lines): Expression {
    const object = this.expressionIn(fn, 'argument');
    const field = child(fn, 'field');
    const text = field === undefined ? '' : field.type === 'template_method' ? textIn(field, 'name') : textOf(field);
    const name = this.macros.get(text) ?? text;
    const type = this.typeOf(object);
    const kind = type?.kind ?? 'unknown';
    const isMap = kind === 'map' || kind === 'sortedMap';
    if (pushes.has(name) && nodes.length > 0) {
      const [only] = nodes;
      if (nodes.length === 1 && only !== undefined) {
        return callOf(memberOf(object, name, lines), [this.expression(only, type?.args[0])], lines);
      }
      const items = this.all(nodes);
      if (isMap) {
        return callOf(memberOf(object, '@put', lines), items, lines);
      }
      const item = type?.args[0];
      const made: Expression = item !== undefined && item.kind !== 'tuple' && item.kind !== 'unknown' ? this.constructed(item, items, lines, false) : { kind: 'list', lines, type: 'tuple', items };
      return callOf(memberOf(object, name, lines), [made], lines);
    }
    const args = this.all(nodes);
    const [first, second, third] = args;
    switch (name) {
      case 'substr':
        if (first !== undefined) {
          const isStart = first.kind === 'literal' && first.value === 0;
          return { kind: 'slice', lines, object, from: isStart ? undefined : first, to: second === undefined ? undefined : isStart ? second : endAfter(first, second, lines) };
        }
        break;
      case 'at':
        if (first !== undefined) {
          return { kind: 'index', lines, object, index: first };
        }
        break;
      case 'swap':
        if (first !== undefined) {
          return swapped(object, first, lines);
        }
        break;
      case 'assign': {
        const range = first === undefined || second === undefined ? undefined : rangeBetween(first, second);
        if (range !== undefined) {
          return assignOf(object, range.kind === 'slice' ? range : { kind: 'slice', lines, object: range }, lines);
        }
        break;
      }
      case 'insert':
      case 'append': {
        const [before, last] = args.slice(-2);
        const isRange = args.length === 3 || (last !== undefined && placeOf(last) !== undefined);
        const range = !isRange || before === undefined || last === undefined ? undefined : rangeBetween(before, last);
        if (range !== undefined) {
          return callOf(memberOf(object, first !== undefined && args.length === 3 && placeOf(first)?.from === 'begin' ? '@splice' : '@extend', lines), [range], lines);
        }
        const place = first === undefined ? undefined : placeOf(first);
        if (place !== undefined && second !== undefined && third === undefined) {
          return place.from === 'end' && place.offset === undefined
            ? callOf(memberOf(object, 'push_back', lines), [second], lines)
            : callOf(memberOf(object, 'insert', lines), [place.offset ?? numberOf(0, lines), second], lines);
        }
        if (isMap && args.length === 1 && first?.kind === 'list' && first.items.length === 2) {
          return callOf(memberOf(object, '@put', lines), first.items, lines);
        }
        break;
      }
      case 'try_emplace':
      case 'insert_or_assign':
        return callOf(memberOf(object, '@put', lines), args, lines);
      case 'erase': {
        if (first !== undefined && second !== undefined && kind !== 'string') {
          // erase(remove(…), end) and erase(from, to)
          return callOf(memberOf(object, '@eraseRange', lines), first.kind === 'call' && placeOf(first) === undefined ? [first] : [], lines);
        }
        const place = first === undefined ? undefined : placeOf(first);
        if (place !== undefined) {
          return callOf(memberOf(object, 'erase', lines), [place.from === 'begin' ? (place.offset ?? numberOf(0, lines)) : numberOf(-1, lines)], lines);
        }
        break;
      }
      default:
    }
    return callOf(memberOf(object, name, lines), args, lines);
  }
}

/** Algorithms that look at few items of their range, so that no slice may be paid for. */
function isCheap(name: string): boolean {
  const cost = cppLibrary.functions[name]?.cost;
  return cost === undefined || cost === 'constant' || cost === 'log';
}

function swapped(left: Expression, right: Expression, lines: Lines): Expression {
  return assignOf({ kind: 'list', lines, type: 'tuple', items: [left, right] }, { kind: 'list', lines, type: 'tuple', items: [right, left] }, lines);
}
