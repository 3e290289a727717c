import type { BinaryOperator, Block, Expression, FunctionIr, Program, Statement } from './ir';
import { isOperation, operationFor, type Library, type Operation } from '../library';
import { dottedName, keyOf, rootOf, usesName, visitBlock, visitExpression, type Visitor, visitStatement } from './visit';
import { Memo } from './memo';
import type { Role } from './wrappers';

/** How an assignment moves a number. */
export type Motion = 'up' | 'down' | 'scale-up' | 'scale-down' | 'follow' | 'set';

/** One assignment to a variable (`i`, `this.count`). */
export interface Update {
  readonly name: string;
  readonly motion: Motion;
  /** What is added, or the factor; for `set` and `follow` the new value. */
  readonly amount: Expression | undefined;
  /** Of `x op= …` and `x = … op …`. */
  readonly operator: BinaryOperator | undefined;
  readonly statement: Statement | undefined;
  /** Innermost loops of the scanned block around it, outermost first. */
  readonly loops: readonly Statement[];
  readonly conditional: boolean;
  readonly declares: boolean;
}

/** One change of a collection: a push, a pop, a write to an item. */
export interface Mutation {
  readonly root: string;
  /** The collection changed: `g[u]` in `g[u].append(v)`, `dp` in `dp[i] = 0`. */
  readonly object: Expression;
  readonly effect: 'push' | 'extend' | 'pop' | 'remove' | 'clear' | 'write' | 'other';
  /** The item pushed, or the value written. */
  readonly item: Expression | undefined;
  /** Where `effect` is `write`. */
  readonly index: Expression | undefined;
  readonly loops: readonly Statement[];
  readonly conditional: boolean;
}

/** What a block changes when it runs once. */
export interface Changes {
  readonly updates: ReadonlyMap<string, readonly Update[]>;
  readonly mutations: readonly Mutation[];
  readonly calls: readonly (Expression & { kind: 'call' })[];
}

const cache = new Memo<Block, Changes>();
const noRoles: ReadonlyMap<string, Role> = new Map();

/** The changes of a block, its loops and branches included, functions inside not. Kept per block. */
export function changesOf(block: Block, library: Library, roles: ReadonlyMap<string, Role> = noRoles): Changes {
  let changes = cache.get(block);
  if (changes === undefined) {
    changes = new Scan(library, roles).run(block);
    cache.set(block, changes);
  }
  return changes;
}

/** The same, with nothing known of the program's own methods and nothing kept. */
export function plainChangesOf(block: Block, library: Library): Changes {
  return new Scan(library, noRoles).run(block);
}

class Scan {
  private readonly updates = new Map<string, Update[]>();
  private readonly mutations: Mutation[] = [];
  private readonly calls: (Expression & { kind: 'call' })[] = [];
  private loops: readonly Statement[] = [];
  private conditional = false;
  private readonly library: Library;
  private readonly roles: ReadonlyMap<string, Role>;
  private readonly visitor: Visitor = { skipsLeaves: true, statement: (statement) => this.statement(statement), expression: (expression) => this.expression(expression) };

  constructor(library: Library, roles: ReadonlyMap<string, Role>) {
    this.library = library;
    this.roles = roles;
  }

  run(block: Block): Changes {
    this.block(block);
    return { updates: this.updates, mutations: this.mutations, calls: this.calls };
  }

  private block(block: Block): void {
    visitBlock(block, this.visitor);
  }

  private within(loop: Statement, conditional: boolean, blocks: readonly Block[]): void {
    const outerLoops = this.loops;
    const outerConditional = this.conditional;
    this.loops = loop.kind === 'if' || loop.kind === 'switch' || loop.kind === 'try' ? outerLoops : [...outerLoops, loop];
    this.conditional = conditional || outerConditional;
    for (const block of blocks) {
      this.block(block);
    }
    this.loops = outerLoops;
    this.conditional = outerConditional;
  }

  private inExpression(expression: Expression | undefined): void {
    if (expression !== undefined) {
      visitExpression(expression, this.visitor);
    }
  }

  private statement(statement: Statement): boolean | undefined {
    switch (statement.kind) {
      case 'declare':
        this.assign({ kind: 'name', name: statement.name, lines: statement.lines }, undefined, statement.value, statement, true);
        this.inExpression(statement.value);
        return false;
      case 'assign':
        this.assign(statement.target, statement.operator, statement.value, statement, false);
        return undefined;
      case 'if':
        this.inExpression(statement.condition);
        this.within(statement, true, [statement.then, statement.else]);
        return false;
      case 'switch':
        this.inExpression(statement.subject);
        this.within(statement, true, statement.cases.map((each) => each.body));
        return false;
      case 'while': {
        const outer = this.loops;
        this.loops = [...outer, statement];
        this.inExpression(statement.condition);
        this.loops = outer;
        this.within(statement, false, [statement.body]);
        return false;
      }
      case 'for': {
        this.block(statement.init);
        const outer = this.loops;
        this.loops = [...outer, statement];
        this.inExpression(statement.condition);
        this.loops = outer;
        this.within(statement, false, [statement.body, statement.step]);
        return false;
      }
      case 'forEach':
        this.inExpression(statement.iterable);
        this.assign(statement.target, undefined, undefined, statement, true);
        this.within(statement, false, [statement.body]);
        return false;
      case 'delete':
        if (statement.target.kind === 'index') {
          this.mutation(statement.target.object, 'remove', undefined, statement.target.index);
        }
        return undefined;
      default:
        return undefined;
    }
  }

  private expression(expression: Expression): boolean | undefined {
    if (expression.kind === 'assign') {
      this.assign(expression.target, expression.operator, expression.value, undefined, false);
    } else if (expression.kind === 'call') {
      this.calls.push(expression);
      this.call(expression);
    } else if (expression.kind === 'conditional' || (expression.kind === 'binary' && (expression.operator === '&&' || expression.operator === '||'))) {
      const outer = this.conditional;
      const first = expression.kind === 'conditional' ? expression.condition : expression.left;
      this.inExpression(first);
      this.conditional = true;
      if (expression.kind === 'conditional') {
        this.inExpression(expression.then);
        this.inExpression(expression.else);
      } else {
        this.inExpression(expression.right);
      }
      this.conditional = outer;
      return false;
    }
    return undefined;
  }

  private mutation(object: Expression, effect: Mutation['effect'], item: Expression | undefined, index: Expression | undefined): void {
    const root = rootOf(object);
    if (root !== undefined) {
      this.mutations.push({ root, object, effect, item, index, loops: this.loops, conditional: this.conditional });
    }
  }

  private call(call: Expression & { kind: 'call' }): void {
    const { callee, args } = call;
    if (callee.kind === 'member') {
      const full = dottedName(callee);
      const asFunction = full === undefined ? undefined : this.library.functions[full];
      const operations = this.library.methods[callee.name];
      if (asFunction !== undefined) {
        this.effect(asFunction.effect, args[0], args.slice(1));
      } else if (operations !== undefined && Object.hasOwn(this.library.methods, callee.name)) {
        // Java's `queue.remove()` takes the first item.
        this.effect(callee.name === 'remove' && args.length === 0 ? 'pop' : effectOf(operations), callee.object, args);
      } else {
        const role = this.roles.get(callee.name);
        const qualified = this.library.functions[`*.${callee.name}`];
        if (role !== undefined && role !== 'empty' && keyOf(callee.object) !== 'this') {
          this.mutation(callee.object, role, args[args.length - 1], undefined);
        } else {
          this.effect(qualified?.effect, args[0], args.slice(1));
        }
      }
    } else if (callee.kind === 'name') {
      const operation = functionNamed(this.library, callee.name);
      this.effect(operation?.effect, args[0], args.slice(1));
    }
  }

  private effect(effect: string | undefined, object: Expression | undefined, args: readonly Expression[]): void {
    if (object === undefined || effect === undefined) {
      return;
    }
    const last = args[args.length - 1];
    switch (effect) {
      case 'push':
      case 'pop':
      case 'extend':
      case 'clear':
      case 'remove':
        this.mutation(object, effect, last, undefined);
        break;
      case 'put':
        this.mutation(object, 'write', args[1], args[0]);
        break;
      default:
        this.mutation(object, 'other', last, undefined);
    }
  }

  /** `a -= b * (a / b)`, the quotient by its name or not: what is left is the remainder, as after `a %= b`. */
  private isMultiple(place: Expression, amount: Expression | undefined): boolean {
    if (amount?.kind !== 'binary' || amount.operator !== '*') {
      return false;
    }
    return [[amount.left, amount.right], [amount.right, amount.left]].some(([quotient, by]) => {
      const value = quotient?.kind === 'name' ? this.updates.get(quotient.name)?.at(-1)?.amount : quotient;
      return by !== undefined && divides(value, place, by);
    });
  }

  private assign(target: Expression, operator: BinaryOperator | undefined, value: Expression | undefined, statement: Statement | undefined, declares: boolean): void {
    if (target.kind === 'list') {
      const parts = value?.kind === 'list' ? value.items : quotientAndRest(value);
      target.items.forEach((item, at) => {
        this.assign(item, operator, parts[at], statement, declares);
      });
      return;
    }
    if (target.kind === 'spread') {
      this.assign(target.value, operator, value, statement, declares);
      return;
    }
    if (target.kind === 'index' || target.kind === 'slice') {
      this.mutation(target.object, 'write', value, target.kind === 'index' ? target.index : undefined);
      if (target.kind === 'slice') {
        return;
      }
    }
    const name = target.kind === 'name' ? target.name : target.kind === 'member' || target.kind === 'index' ? keyOf(target) : undefined;
    if (name === undefined) {
      return;
    }
    const moved = motionOf(name, target, operator, value);
    const { amount } = moved;
    const motion = moved.motion === 'down' && this.isMultiple(target, amount) ? 'scale-down' : moved.motion;
    const update: Update = { name, motion, amount, operator: operator ?? operatorIn(value), statement, loops: this.loops, conditional: this.conditional, declares };
    const list = this.updates.get(name);
    if (list === undefined) {
      this.updates.set(name, [update]);
    } else {
      list.push(update);
    }
  }
}

/** The operator of a value, also of what a call rounds: `int(x / 2)`. */
function operatorIn(value: Expression | undefined): BinaryOperator | undefined {
  const inner = value?.kind === 'call' ? value.args[0] : value;
  return inner?.kind === 'binary' ? inner.operator : undefined;
}

/** Whether `quotient` is `place / by`. */
function divides(quotient: Expression | undefined, place: Expression, by: Expression): boolean {
  return quotient?.kind === 'binary' && (quotient.operator === '/' || quotient.operator === '//') && keyOf(quotient.left) === keyOf(place) && keyOf(quotient.right) === keyOf(by);
}

const changingKinds = ['list', 'deque', 'heap', 'set', 'map', 'builder'] as const;
const effects = new Map<Library['methods'][string], Effect>();

interface Effect {
  readonly effect: string | undefined;
}

/** What a method does to a collection, of whatever kind that is. */
function effectOf(operations: Library['methods'][string]): string | undefined {
  let known = effects.get(operations);
  if (known === undefined) {
    known = { effect: changingKinds.map((kind) => operationFor(operations, kind)?.effect).find((effect) => effect !== undefined) };
    effects.set(operations, known);
  }
  return known.effect;
}

/** The entry of a free function: by its name, or as the last part of a dotted one (`from heapq import heappush`). */
export function functionNamed(library: Library, name: string): Library['functions'][string] | undefined {
  return functionsByName(library).get(name);
}

/**
 * Names, without what is before the dot, of the library's functions and methods that `passes` holds for with some kind of
 * subject: a call by any other name is none of them. Goes through the whole library: for what is kept.
 */
export function namesWhere(library: Library, passes: (operation: Operation) => boolean): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [name, operations] of [...Object.entries(library.functions), ...Object.entries(library.methods)]) {
    if (isOperation(operations) ? passes(operations) : Object.values(operations).some(passes)) {
      names.add(name.slice(name.lastIndexOf('.') + 1));
    }
  }
  return names;
}

/** Whether a bare `name(…)` means the library's function, though a method of the program has that name: methods need a receiver there. */
export function meansLibrary(library: Library, fn: FunctionIr, name: string): boolean {
  return fn.owner !== undefined && library.methodsNeedReceiver === true && functionNamed(library, name) !== undefined;
}

const overloading = new Set(['cpp', 'java', 'csharp']);

/** `min(a, b, c)` of the program beside the library's `min(a, b)`: a call with `count` arguments that do not fit `fn` means the library's. */
export function isOverloadOf(engine: { readonly program: Program; readonly library: Library }, { params }: FunctionIr, name: string, count: number): boolean {
  const isFit = count >= params.filter((param) => param.defaultValue === undefined && param.takesRest !== true).length && (count <= params.length || params.some((param) => param.takesRest === true));
  return !isFit && overloading.has(engine.program.language) && functionNamed(engine.library, name) !== undefined;
}

const named = new Map<Library, Map<string, Library['functions'][string]>>();

function functionsByName(library: Library): Map<string, Library['functions'][string]> {
  let map = named.get(library);
  if (map === undefined) {
    map = new Map(Object.entries(library.functions));
    for (const [name, operation] of Object.entries(library.functions)) {
      const last = name.slice(name.lastIndexOf('.') + 1);
      if (!map.has(last)) {
        map.set(last, operation);
      }
    }
    named.set(library, map);
  }
  return map;
}

/** `divmod(a, b)` as its two results. */
function quotientAndRest(value: Expression | undefined): readonly Expression[] {
  const [left, right] = value?.kind === 'call' && value.callee.kind === 'name' && value.callee.name === 'divmod' ? value.args : [];
  return left === undefined || right === undefined
    ? []
    : [{ kind: 'binary', lines: left.lines, operator: '//', left, right }, { kind: 'binary', lines: left.lines, operator: '%', left, right }];
}

function isTwoOrMore(expression: Expression | undefined): boolean {
  return expression !== undefined && !(expression.kind === 'literal' && typeof expression.value === 'number' && expression.value <= 1);
}

function isNegative(expression: Expression | undefined): boolean {
  return (
    (expression?.kind === 'unary' && expression.operator === '-') ||
    (expression?.kind === 'literal' && typeof expression.value === 'number' && expression.value < 0)
  );
}

function byOperator(operator: BinaryOperator, amount: Expression | undefined): Motion {
  switch (operator) {
    case '+':
      return isNegative(amount) ? 'down' : 'up';
    case '-':
      return isNegative(amount) ? 'up' : 'down';
    case '<<':
      return 'scale-up';
    case '*':
    case '**':
      return isTwoOrMore(amount) ? 'scale-up' : 'set';
    case '/':
    case '//':
    case '>>':
    case '%':
      return 'scale-down';
    case '&':
      return 'scale-down';
    default:
      return 'set';
  }
}

/** How `name = value` (or `name op= value`) moves the number in `name`. */
export function motionOf(
  name: string,
  target: Expression,
  operator: BinaryOperator | undefined,
  value: Expression | undefined,
): { motion: Motion; amount: Expression | undefined } {
  if (value === undefined) {
    return { motion: 'set', amount: undefined };
  }
  if (operator !== undefined) {
    // Lowest set bit: x -= x & -x clears one bit, x += x & -x moves it up.
    if ((operator === '-' || operator === '+') && value.kind === 'binary' && value.operator === '&' && usesName(value, lastName(name))) {
      return { motion: operator === '-' ? 'scale-down' : 'scale-up', amount: value };
    }
    return { motion: byOperator(operator, value), amount: value };
  }
  const key = keyOf(target);
  if (value.kind === 'binary') {
    if (keyOf(value.left) === key) {
      if ((value.operator === '-' || value.operator === '+') && value.right.kind === 'binary' && value.right.operator === '&' && keyOf(value.right.left) === key) {
        return { motion: value.operator === '-' ? 'scale-down' : 'scale-up', amount: value.right };
      }
      return { motion: byOperator(value.operator, value.right), amount: value.right };
    }
    if (keyOf(value.right) === key && (value.operator === '+' || value.operator === '*')) {
      return { motion: byOperator(value.operator, value.left), amount: value.left };
    }
    if ((value.operator === '/' || value.operator === '//' || value.operator === '>>') && usesName(value.left, lastName(name)) && value.left.kind === 'binary' && (value.left.operator === '-' || value.left.operator === '+') && keyOf(value.left.left) === key && value.left.right.kind !== 'name') {
      return { motion: 'scale-down', amount: value.right };
    }
    // a, b = b, a % b: Euclid's steps.
    if (value.operator === '%' && keyOf(value.right) === key) {
      return { motion: 'scale-down', amount: value.right };
    }
  }
  if (value.kind === 'call' && value.args.length > 0) {
    const first = value.args[0];
    // int(x / 2), Math.floor(x / 2)
    if (first?.kind === 'binary' && keyOf(first.left) === key && (first.operator === '/' || first.operator === '//' || first.operator === '>>')) {
      return { motion: 'scale-down', amount: first.right };
    }
  }
  if (value.kind === 'member' && keyOf(value.object) === key) {
    return { motion: 'follow', amount: value };
  }
  // j = fail[j - 1]: falls back to a shorter prefix.
  if (value.kind === 'index' && value.index.kind === 'binary' && value.index.operator === '-' && keyOf(value.index.left) === key) {
    return { motion: 'down', amount: value.index.right };
  }
  // b = (a & b) << 1: a carry moves up until no bit is left.
  if (isCarry(value, lastName(name))) {
    return { motion: 'scale-down', amount: value };
  }
  if ((value.kind === 'index' && keyOf(value.index) === key) || (value.kind === 'member' && usesName(value, lastName(name)))) {
    return { motion: 'follow', amount: value };
  }
  if (value.kind === 'conditional') {
    const then = motionOf(name, target, undefined, value.then);
    const otherwise = motionOf(name, target, undefined, value.else);
    if (then.motion === otherwise.motion && then.motion !== 'set') {
      return then;
    }
  }
  return { motion: 'set', amount: value };
}

/** `(a & b) << 1`, masked or not. */
export function isCarry(value: Expression, name: string): boolean {
  if (value.kind !== 'binary') {
    return false;
  }
  if (value.operator === '<<') {
    return value.left.kind === 'binary' && value.left.operator === '&' && usesName(value.left, name);
  }
  return value.operator === '&' && (isCarry(value.left, name) || isCarry(value.right, name));
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** True where the statement is inside the block (by identity). */
export function contains(block: Block, wanted: Statement): boolean {
  let found = false as boolean;
  for (const statement of block) {
    visitStatement(statement, {
      statement: (inner) => {
        if (inner === wanted) {
          found = true;
        }
        return !found;
      },
    });
    if (found) {
      return true;
    }
  }
  return false;
}
