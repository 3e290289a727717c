import { binaryOf, callOf, lambdaOf, nameOf, numberOf, unknownOf } from '../program/build';
import type { BinaryOperator, ClassIr, Expression, FunctionIr, Lines, Program, Statement } from '../program/ir';
import { leaves } from './callbackLoops';
import { child, countErrors, textOf, type SyntaxNode } from '../syntax';

/** What the lowerings of several languages share: where functions and classes are collected, and reading of fields. */
export abstract class Lowering {
  readonly functions: FunctionIr[] = [];
  readonly classes: ClassIr[] = [];

  /** The IR of one expression; never throws. */
  protected abstract expression(node: SyntaxNode): Expression;

  /** Keeps functions in order of appearance: the place is taken before `build` reads the body. */
  protected define(build: () => FunctionIr): FunctionIr {
    const at = this.functions.length;
    this.functions.push(undefined as unknown as FunctionIr);
    const fn = build();
    this.functions[at] = fn;
    return fn;
  }

  protected optional(node: SyntaxNode | undefined): Expression | undefined {
    return node === undefined ? undefined : this.expression(node);
  }

  /** The expression in a field of the grammar, or `unknown` where broken code lacks it. */
  protected expressionIn(node: SyntaxNode, field: string): Expression {
    const inner = child(node, field);
    return inner === undefined ? unknownOf([], { start: node.startLine, end: node.endLine }) : this.expression(inner);
  }

  protected all(nodes: readonly SyntaxNode[]): Expression[] {
    return nodes.map((node) => this.expression(node));
  }

  /** The finished program. */
  protected finish(language: string, root: SyntaxNode, main: Program['main']): Program {
    return { language, functions: this.functions, classes: this.classes, main, syntaxErrors: countErrors(root) };
  }
}

/** The text of the child in `field`, or ''. */
export function textIn(node: SyntaxNode, field: string): string {
  const inner = child(node, field);
  return inner === undefined ? '' : textOf(inner);
}

/**
 * `reduce` with a function of what was gathered and an item, as a loop. Without `initial` it starts at the first item.
 * The function's body is the loop's where it returns at its end only; else the loop calls it.
 */
export function folded(items: Expression, fn: Expression, initial: Expression | undefined, lines: Lines): Expression {
  const [first, second] = fn.kind === 'lambda' ? fn.function.params : [];
  const last = fn.kind === 'lambda' ? fn.function.body.at(-1) : undefined;
  const before = fn.kind === 'lambda' ? fn.function.body.slice(0, -1) : [];
  const isInline = first !== undefined && second !== undefined && last?.kind === 'return' && last.value !== undefined && !before.some(leaves);
  const [total, item] = [nameOf(isInline ? first.name : '@total', lines), nameOf(isInline ? second.name : '@item', lines)];
  const step = fn.kind === 'lambda' ? nameOf('@step', lines) : fn;
  const round: Statement[] = isInline
    ? [...before, { kind: 'assign', lines: last.lines, target: total, value: last.value }]
    : [{ kind: 'assign', lines, target: total, value: callOf(step, [total, item], lines) }];
  const body: Statement[] = [
    { kind: 'declare', lines, name: isInline ? first.name : '@total', value: initial ?? { kind: 'index', lines, object: items, index: numberOf(0, lines) } },
    { kind: 'forEach', lines, target: item, iterable: items, body: round },
    { kind: 'return', lines, value: total },
  ];
  if (fn.kind === 'lambda' && !isInline) {
    body.unshift({ kind: 'function', lines, function: { ...fn.function, name: '@step' } });
  }
  return callOf({ kind: 'lambda', lines, function: lambdaOf([], body, lines) }, [], lines);
}

const quoted = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** The source with the closing braces that a selection lost at its end. */
export function closed(source: string): string {
  let open = 0;
  for (const character of source.replace(quoted, '')) {
    open += character === '{' ? 1 : character === '}' && open > 0 ? -1 : 0;
  }
  return open === 0 ? source : `${source}\n${'}'.repeat(open)}`;
}

/** True where two expressions are written the same: same names, members, indices, literals and operators. */
export function sameExpression(left: Expression, right: Expression): boolean {
  if (left.kind !== right.kind) {
    return false;
  }
  switch (left.kind) {
    case 'name':
      return right.kind === 'name' && left.name === right.name;
    case 'literal':
      return right.kind === 'literal' && left.value === right.value;
    case 'member':
      return right.kind === 'member' && left.name === right.name && sameExpression(left.object, right.object);
    case 'index':
      return right.kind === 'index' && sameExpression(left.object, right.object) && sameExpression(left.index, right.index);
    case 'binary':
      return right.kind === 'binary' && left.operator === right.operator && sameExpression(left.left, right.left) && sameExpression(left.right, right.right);
    case 'call':
      return (
        right.kind === 'call' &&
        sameExpression(left.callee, right.callee) &&
        left.args.length === right.args.length &&
        left.args.every((arg, at) => {
          const other = right.args[at];
          return other !== undefined && sameExpression(arg, other);
        })
      );
    default:
      return false;
  }
}

/**
 * `return memo[k] ??= f(k)` and `return memo[k] ?? (memo[k] = f(k))`, the same with `||`, and one of them on one side of
 * `? :`: given back where it is known, else worked out and kept.
 */
export function remembered(value: Expression | undefined): Statement[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  const { lines } = value;
  if (value.kind === 'conditional') {
    const [then, otherwise] = [remembered(value.then), remembered(value.else)];
    const given = (side: Expression): Statement[] => [{ kind: 'return', lines: side.lines, value: side }];
    return then === undefined && otherwise === undefined ? undefined : [{ kind: 'if', lines, condition: value.condition, then: then ?? given(value.then), else: otherwise ?? given(value.else) }];
  }
  const kept =
    value.kind === 'assign' && isElse(value.operator)
      ? { place: value.target, worked: value.value }
      : value.kind === 'binary' && isElse(value.operator) && value.right.kind === 'assign' && value.right.operator === undefined && sameExpression(value.left, value.right.target)
        ? { place: value.left, worked: value.right.value }
        : undefined;
  if (kept?.place.kind !== 'index') {
    return undefined;
  }
  return [
    { kind: 'if', lines, condition: isThere(kept.place), then: [{ kind: 'return', lines, value: kept.place }], else: [] },
    { kind: 'assign', lines, target: kept.place, value: kept.worked },
    { kind: 'return', lines, value: kept.place },
  ];
}

/** `memo[k] ||= f(k);` as a statement: called only where nothing is kept yet. */
export function keptOnce(value: Expression): Statement | undefined {
  if (value.kind !== 'assign' || !isElse(value.operator) || value.target.kind !== 'index' || !callsSomething(value.value)) {
    return undefined;
  }
  const { lines, target } = value;
  return { kind: 'if', lines, condition: isThere(target), then: [], else: [{ kind: 'assign', lines, target, value: value.value }] };
}

function isElse(operator: BinaryOperator | undefined): boolean {
  return operator === '??' || operator === '||';
}

function isThere(place: Expression): Expression {
  return { kind: 'binary', lines: place.lines, operator: '!=', left: place, right: { kind: 'literal', lines: place.lines, type: 'null', value: null } };
}

/** A call, or a sum, difference or choice of some. */
function callsSomething(value: Expression): boolean {
  switch (value.kind) {
    case 'call':
      return true;
    case 'binary':
      return callsSomething(value.left) || callsSomething(value.right);
    case 'conditional':
      return callsSomething(value.then) || callsSomething(value.else);
    default:
      return false;
  }
}

/** `32 - zeros(n)`, where `zeros` counts leading zeros: the number whose bits are counted, or undefined. */
export function bitsCounted(left: Expression, right: Expression, zeros: RegExp): Expression | undefined {
  const isWidth = (left.kind === 'literal' && typeof left.value === 'number' && left.value >= 31 && left.value <= 64) || (left.kind === 'member' && left.name === 'SIZE');
  const name = right.kind === 'call' && (right.callee.kind === 'name' || right.callee.kind === 'member') ? right.callee.name : '';
  return isWidth && right.kind === 'call' && zeros.test(name) ? (right.args[0] ?? (right.callee.kind === 'member' ? right.callee.object : undefined)) : undefined;
}

/** What `x + ""` and `"" + x` make a text of, or undefined for every other sum. */
export function madeText(left: Expression, right: Expression): Expression | undefined {
  const isEmpty = (side: Expression): boolean => side.kind === 'literal' && side.type === 'string' && side.value === '';
  return isEmpty(right) ? left : isEmpty(left) ? right : undefined;
}

/** An expression without the number that is added to it last, and that number. */
function beside(expression: Expression): { readonly place: Expression; readonly number: number } {
  if (expression.kind === 'binary' && (expression.operator === '+' || expression.operator === '-') && expression.right.kind === 'literal' && typeof expression.right.value === 'number') {
    const inner = beside(expression.left);
    return { place: inner.place, number: inner.number + (expression.operator === '+' ? expression.right.value : -expression.right.value) };
  }
  return { place: expression, number: 0 };
}

/** Where a part ends that begins at `from`: at `to`, where its length is written as `to - from`; numbers may stand beside them. */
export function endAfter(from: Expression, length: Expression, lines: Lines): Expression {
  const whole = beside(length);
  const taken = whole.place.kind === 'binary' && whole.place.operator === '-' ? whole.place : undefined;
  if (taken !== undefined && sameExpression(taken.right, from)) {
    return moved(taken.left, whole.number, lines);
  }
  const begin = beside(from);
  return taken !== undefined && sameExpression(taken.right, begin.place) ? moved(taken.left, begin.number + whole.number, lines) : binaryOf('+', from, length, lines);
}

function moved(place: Expression, by: number, lines: Lines): Expression {
  return by === 0 ? place : binaryOf(by < 0 ? '-' : '+', place, numberOf(Math.abs(by), lines), lines);
}
