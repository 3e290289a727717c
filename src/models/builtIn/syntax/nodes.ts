import type { SyntaxNode } from '../../../analysis/syntax';
import { child, named, textOf } from '../../../analysis/syntax';
import { maskSecrets } from '../checks/secretText';
import { isFunction, iteratingMethods, roleOf } from './roles';

/** Most of a text that is looked at before it is cut, in UTF-16 units. */
const longestShown = 4000;

/** Every node below `node`, itself included, in order; not into functions below it unless told. */
export function* nodesOf(node: SyntaxNode, intoFunctions = false): Generator<SyntaxNode, void, undefined> {
  yield node;
  for (const inner of node.children) {
    if (intoFunctions || !isFunction(inner)) {
      yield* nodesOf(inner, intoFunctions);
    }
  }
}

/** Text of a node on one line, at most `limit` UTF-16 units. */
export function shortText(node: SyntaxNode, limit = 70): string {
  return shorten(textOf(node), limit);
}

/** A text on one line, at most `limit` UTF-16 units, with the values of secrets hidden before it is cut. */
export function shorten(text: string, limit = 70): string {
  const line = maskSecrets(text.slice(0, longestShown)).replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}

/** The body of a function, a loop or a branch; undefined where it has none. */
export function bodyOf(node: SyntaxNode): SyntaxNode | undefined {
  return child(node, 'body') ?? child(node, 'consequence') ?? node.children.find((inner) => /^(?:block|compound_statement|statement_block|do_block|declaration_list)$/.test(inner.type));
}

/** What stands before the body: `for (const x of items)`, `while i < n`. */
export function headerOf(node: SyntaxNode, limit = 80): string {
  const body = bodyOf(node);
  const isBefore = body !== undefined && body.start > node.start;
  const text = isBefore ? node.source.slice(node.start, body.start) : textOf(node).split('\n', 1)[0] ?? '';
  return shorten(text.replace(/[\s:{]+$/, ''), limit);
}

/** The condition of a branch or a loop, without parentheses. */
export function conditionOf(node: SyntaxNode): SyntaxNode | undefined {
  let condition = child(node, 'condition') ?? node.children.find((inner) => inner.type === 'for_clause' && child(inner, 'condition') !== undefined);
  if (condition?.type === 'for_clause') {
    condition = child(condition, 'condition');
  }
  if (condition?.type === 'condition_clause') {
    condition = child(condition, 'value') ?? condition;
  }
  return condition === undefined ? undefined : withoutParentheses(condition);
}

/** The expression inside any number of parentheses. */
export function withoutParentheses(node: SyntaxNode): SyntaxNode {
  let inner = node;
  while (inner.type === 'parenthesized_expression' || inner.type === 'parenthesized_statements') {
    const only = named(inner);
    const first = only[0];
    if (first === undefined || only.length !== 1) {
      break;
    }
    inner = first;
  }
  return inner;
}

/** A call as all languages have it. */
export interface Call {
  readonly node: SyntaxNode;
  /** The last part of what is called: `push` of `items.push`. */
  readonly name: string;
  /** With what stands before it, on one line: `items.push`. */
  readonly full: string;
  readonly receiver: SyntaxNode | undefined;
  readonly args: readonly SyntaxNode[];
}

/** A node as a call or construction; undefined for any other. */
export function callOf(node: SyntaxNode): Call | undefined {
  const role = roleOf(node);
  if (role !== 'call' && role !== 'construction') {
    return undefined;
  }
  const callee = child(node, 'function') ?? child(node, 'constructor') ?? child(node, 'type') ?? child(node, 'macro');
  const method = child(node, 'method') ?? (callee === undefined ? child(node, 'name') : undefined);
  const receiver = child(node, 'object') ?? child(node, 'receiver') ?? child(node, 'scope') ?? (callee === undefined ? undefined : receiverOf(callee));
  const named = method ?? callee ?? node.children.find((inner) => inner.isNamed);
  if (named === undefined) {
    return undefined;
  }
  const last = textOf(named).replace(/<[^<>()]*>$/, '').replace(/^.*(?:\.|::|->|\\)\s*/s, '');
  const full = method !== undefined && receiver !== undefined ? `${shortText(receiver, 40)}.${textOf(method)}` : shorten(textOf(named), 50);
  return { node, name: last, full, receiver, args: argumentsOf(node) };
}

function receiverOf(callee: SyntaxNode): SyntaxNode | undefined {
  return child(callee, 'object') ?? child(callee, 'operand') ?? child(callee, 'argument') ?? child(callee, 'expression') ?? (callee.type === 'field_expression' ? child(callee, 'value') : undefined);
}

/** The arguments of a call, without their wrappers and without comments. */
export function argumentsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const list = child(node, 'arguments') ?? node.children.find((inner) => inner.type === 'argument_list' || inner.type === 'token_tree');
  return list === undefined ? [] : named(list).map((argument) => {
    const only = named(argument);
    return argument.type === 'argument' && only.length === 1 ? (only[0] ?? argument) : argument;
  });
}

/** Two sides and the operator of a binary expression or comparison. */
export interface Binary {
  readonly left: SyntaxNode;
  readonly operator: string;
  readonly right: SyntaxNode;
}

/** A node as a binary expression; undefined for any other, and for chains such as `a < b < c`. */
export function binaryOf(node: SyntaxNode): Binary | undefined {
  if (roleOf(node) !== 'binary') {
    return undefined;
  }
  const parts = node.children.filter((inner) => roleOf(inner) !== 'comment');
  const left = child(node, 'left') ?? parts[0];
  const right = child(node, 'right') ?? parts.at(-1);
  const operators = parts.filter((inner) => inner !== left && inner !== right);
  return left === undefined || right === undefined || left === right || operators.length === 0 || parts.length > operators.length + 2 || named(node).length > 2
    ? undefined
    : { left, operator: operators.map(textOf).join(' '), right };
}

/** An assignment as all languages have it. */
export interface Assignment {
  readonly target: SyntaxNode;
  readonly value: SyntaxNode;
  /** `=`, `:=`, `+=` and so on. */
  readonly operator: string;
}

/** A node as an assignment or a declaration with a value; undefined for any other. */
export function assignmentOf(node: SyntaxNode): Assignment | undefined {
  if (roleOf(node) !== 'assignment') {
    return undefined;
  }
  const target = child(node, 'left') ?? child(node, 'name') ?? child(node, 'pattern') ?? child(node, 'declarator');
  const value = child(node, 'right') ?? child(node, 'value') ?? (node.type === 'variable_declarator' ? node.children.at(-1) : undefined);
  if (target === undefined || value === undefined || target === value) {
    return undefined;
  }
  const operator = node.children.find((inner) => !inner.isNamed && /^[^\w\s]*=$/.test(inner.type))?.type ?? '=';
  return { target, value, operator };
}

/** A loop, or a call of a method that runs a block for every item. */
export function isLoop(node: SyntaxNode): boolean {
  const role = roleOf(node);
  if (role === 'loop' || role === 'comprehension') {
    return true;
  }
  if (role !== 'call') {
    return false;
  }
  const call = callOf(node);
  const hasBlock = child(node, 'block') !== undefined || call?.args.some(isFunction) === true;
  return call !== undefined && hasBlock && iteratingMethods.has(call.name);
}
