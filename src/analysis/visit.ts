import type { Block, Expression, FunctionIr, Statement } from './ir';
import { placeOf } from './listing';
import { type Parts, partsOfExpression, partsOfStatement } from './parts';

/** What is called on the way through the IR. Returning false from `expression` or `statement` leaves out what is inside. */
export interface Visitor {
  readonly statement?: (statement: Statement) => boolean | undefined;
  readonly expression?: (expression: Expression) => boolean | undefined;
  /** Functions inside are visited only where this is true. */
  readonly intoFunctions?: boolean;
}

/** Goes through a block in the order of the text: along its list, where the program has it listed. */
export function visitBlock(block: Block, visitor: Visitor): void {
  if (block.length === 0) {
    return;
  }
  const place = placeOf(block);
  if (place === undefined) {
    const walk = new Walk(visitor);
    for (const statement of block) {
      walk.statement(statement);
    }
    return;
  }
  const { list, from, to } = place;
  const { statement: onStatement, expression: onExpression, intoFunctions } = visitor;
  for (let at = from; at < to;) {
    const expression = list.expressions[at];
    const statement = expression === undefined ? list.statements[at] : undefined;
    const goesOn = expression !== undefined ? onExpression?.(expression) : statement !== undefined ? onStatement?.(statement) : undefined;
    const isLeftOut = goesOn === false || (intoFunctions !== true && (statement?.kind === 'function' || expression?.kind === 'lambda'));
    at = isLeftOut ? (list.ends[at] ?? to) : at + 1;
  }
}

/** Goes through what is not listed, by its parts. */
class Walk implements Parts {
  private readonly visitor: Visitor;

  constructor(visitor: Visitor) {
    this.visitor = visitor;
  }

  block(block: Block): void {
    visitBlock(block, this.visitor);
  }

  statement(statement: Statement): void {
    if (this.visitor.statement?.(statement) !== false) {
      partsOfStatement(statement, this);
    }
  }

  expression(expression: Expression): void {
    if (this.visitor.expression?.(expression) !== false) {
      partsOfExpression(expression, this);
    }
  }

  inFunction(fn: FunctionIr): void {
    if (this.visitor.intoFunctions === true) {
      visitBlock(fn.body, this.visitor);
    }
  }
}

export function visitStatement(statement: Statement, visitor: Visitor): void {
  new Walk(visitor).statement(statement);
}

export function visitExpression(expression: Expression, visitor: Visitor): void {
  new Walk(visitor).expression(expression);
}

/** The names in what a loop or an assignment gives values to: `x`, `(x, y)`, `(i, (x, y))`. */
export function targetNames(target: Expression): string[] {
  return target.kind === 'name' ? [target.name] : target.kind === 'list' ? target.items.flatMap(targetNames) : [];
}

/** The arguments of `range(…)`, as the lowerings spell it; undefined for anything else. */
export function rangeArguments(expression: Expression): readonly Expression[] | undefined {
  return expression.kind === 'call' && expression.callee.kind === 'name' && /^@?x?range$/.test(expression.callee.name) ? expression.args : undefined;
}

/** A spelling of `expression` that is equal for equal expressions, apart from their lines. */
export function keyOf(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'literal':
      return JSON.stringify(expression.value);
    case 'member':
      return `${keyOf(expression.object)}.${expression.name}`;
    case 'index':
      return `${keyOf(expression.object)}[${keyOf(expression.index)}]`;
    case 'binary':
      return `(${keyOf(expression.left)}${expression.operator}${keyOf(expression.right)})`;
    case 'unary':
      return `${expression.operator}${keyOf(expression.operand)}`;
    case 'call':
      return `${keyOf(expression.callee)}(${expression.args.map(keyOf).join(',')})`;
    case 'list':
      return `[${expression.items.map(keyOf).join(',')}]`;
    case 'slice':
      return `${keyOf(expression.object)}[${expression.from === undefined ? '' : keyOf(expression.from)}:${expression.to === undefined ? '' : keyOf(expression.to)}]`;
    default:
      return `<${expression.kind}@${expression.lines.start}>`;
  }
}

/** `heapq.heappush`, `System.out.println`: names with dots between them. Undefined for anything else. */
export function dottedName(expression: Expression): string | undefined {
  if (expression.kind !== 'member') {
    return expression.kind === 'name' ? expression.name : undefined;
  }
  const object = dottedName(expression.object);
  return object === undefined ? undefined : `${object}.${expression.name}`;
}

/** The variable that a place is part of: `this.memo[i][j]` → `this.memo`, `g[u]` → `g`. Undefined where there is none. */
export function rootOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'member':
      return expression.object.kind === 'name' && expression.object.name === 'this' ? `this.${expression.name}` : rootOf(expression.object);
    case 'index':
    case 'slice':
      return rootOf(expression.object);
    case 'call':
      return expression.callee.kind === 'member' ? rootOf(expression.callee.object) : undefined;
    case 'assign':
      // `(groups[key] ??= []).push(item)`
      return rootOf(expression.target);
    default:
      return undefined;
  }
}

/** True where the expression is that name. */
export function isName(expression: Expression | undefined, name: string): boolean {
  return expression?.kind === 'name' && expression.name === name;
}

/** True where `part` is the statement, or stands in it (by identity). */
export function holds(statement: Statement, part: Expression | Statement): boolean {
  let found = statement === part;
  visitStatement(statement, {
    statement: (inner) => {
      found ||= inner === part;
      return !found;
    },
    expression: (inner) => {
      found ||= inner === part;
      return !found;
    },
  });
  return found;
}

/** What is looked into, and where: `text[i]`, `text.charAt(i)`, `items.get(i)`. Undefined for anything else. */
export function lookup(expression: Expression): { readonly object: Expression; readonly index: Expression } | undefined {
  if (expression.kind === 'index') {
    return expression;
  }
  const [index, ...others] = expression.kind === 'call' ? expression.args : [];
  return expression.kind === 'call' && expression.callee.kind === 'member' && index !== undefined && others.length === 0 && /^(?:charAt|get|at|charCodeAt|codePointAt)$/.test(expression.callee.name)
    ? { object: expression.callee.object, index }
    : undefined;
}

/** True where the name occurs in the expression, functions inside included. */
export function usesName(expression: Expression, name: string): boolean {
  let found = false;
  visitExpression(expression, {
    intoFunctions: true,
    expression: (inner) => {
      if (inner.kind === 'name' && inner.name === name) {
        found = true;
      }
      return !found;
    },
  });
  return found;
}

/** True where the place (`i`, `this.count`, `p[i]`) that `key` spells occurs in the expression. */
export function usesPlace(expression: Expression, key: string): boolean {
  let found = false;
  visitExpression(expression, {
    intoFunctions: true,
    expression: (inner) => {
      if ((inner.kind === 'name' || inner.kind === 'index' || inner.kind === 'member') && keyOf(inner) === key) {
        found = true;
      }
      return !found;
    },
  });
  return found;
}

/** Names that occur in the expression. */
export function namesIn(expression: Expression): Set<string> {
  const names = new Set<string>();
  visitExpression(expression, {
    expression: (inner) => {
      if (inner.kind === 'name') {
        names.add(inner.name);
      } else if (inner.kind === 'member' && inner.object.kind === 'name' && inner.object.name === 'this') {
        names.add(`this.${inner.name}`);
        return false;
      }
      return undefined;
    },
  });
  return names;
}

/** True where control never reaches what follows the block. */
export function alwaysExits(block: Block): boolean {
  for (const statement of block) {
    switch (statement.kind) {
      case 'return':
      case 'throw':
      case 'break':
      case 'continue':
        return true;
      case 'if':
        if (statement.else.length > 0 && alwaysExits(statement.then) && alwaysExits(statement.else)) {
          return true;
        }
        break;
      case 'block':
        if (alwaysExits(statement.body)) {
          return true;
        }
        break;
      default:
    }
  }
  return false;
}

/** Every call in the body of `fn` of a function with this name, lambdas inside included. */
export function callsOf(fn: FunctionIr, name: string): Expression[] {
  const calls: Expression[] = [];
  visitBlock(fn.body, {
    intoFunctions: true,
    expression: (inner) => {
      if (inner.kind === 'call' && ((inner.callee.kind === 'name' && inner.callee.name === name) || (inner.callee.kind === 'member' && inner.callee.name === name))) {
        calls.push(inner);
      }
      return undefined;
    },
  });
  return calls;
}
