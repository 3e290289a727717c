import type { Block, Expression, FunctionIr, Program, Statement } from './ir';

/** What is called on the way through the IR. Returning false from `expression` or `statement` leaves out what is inside. */
export interface Visitor {
  readonly statement?: (statement: Statement) => boolean | undefined;
  readonly expression?: (expression: Expression) => boolean | undefined;
  /** Functions inside are visited only where this is true. */
  readonly intoFunctions?: boolean;
  /** Names and literals, which are every second expression, are left out where this is true. */
  readonly skipsLeaves?: boolean;
}

export function visitBlock(block: Block, visitor: Visitor): void {
  for (const statement of block) {
    visitStatement(statement, visitor);
  }
}

function visitOptional(expression: Expression | undefined, visitor: Visitor): void {
  if (expression !== undefined) {
    visitExpression(expression, visitor);
  }
}

/** The names in what a loop or an assignment gives values to: `x`, `(x, y)`, `(i, (x, y))`. */
export function targetNames(target: Expression): string[] {
  return target.kind === 'name' ? [target.name] : target.kind === 'list' ? target.items.flatMap(targetNames) : [];
}

/** The arguments of `range(…)`, as the lowerings spell it; undefined for anything else. */
export function rangeArguments(expression: Expression): readonly Expression[] | undefined {
  return expression.kind === 'call' && expression.callee.kind === 'name' && /^@?x?range$/.test(expression.callee.name) ? expression.args : undefined;
}

export function visitStatement(statement: Statement, visitor: Visitor): void {
  if (visitor.statement?.(statement) === false) {
    return;
  }
  switch (statement.kind) {
    case 'declare':
    case 'return':
    case 'yield':
    case 'throw':
      visitOptional(statement.value, visitor);
      break;
    case 'assign':
      visitExpression(statement.target, visitor);
      visitExpression(statement.value, visitor);
      break;
    case 'expression':
      visitExpression(statement.value, visitor);
      break;
    case 'if':
      visitExpression(statement.condition, visitor);
      visitBlock(statement.then, visitor);
      visitBlock(statement.else, visitor);
      break;
    case 'while':
      visitExpression(statement.condition, visitor);
      visitBlock(statement.body, visitor);
      break;
    case 'for':
      visitBlock(statement.init, visitor);
      visitOptional(statement.condition, visitor);
      visitBlock(statement.body, visitor);
      visitBlock(statement.step, visitor);
      break;
    case 'forEach':
      visitExpression(statement.target, visitor);
      visitExpression(statement.iterable, visitor);
      visitBlock(statement.body, visitor);
      break;
    case 'block':
      visitBlock(statement.body, visitor);
      break;
    case 'switch':
      visitOptional(statement.subject, visitor);
      for (const each of statement.cases) {
        // No closure, which would cost each call of this function an object.
        for (const pattern of each.patterns) {
          visitExpression(pattern, visitor);
        }
        visitBlock(each.body, visitor);
      }
      break;
    case 'try':
      visitBlock(statement.body, visitor);
      for (const handler of statement.handlers) {
        visitBlock(handler, visitor);
      }
      break;
    case 'function':
      if (visitor.intoFunctions === true) {
        visitBlock(statement.function.body, visitor);
      }
      break;
    case 'delete':
      visitExpression(statement.target, visitor);
      break;
    case 'break':
    case 'continue':
      break;
  }
}

export function visitExpression(expression: Expression, visitor: Visitor): void {
  // Without a function inside that is gone into, nothing in an expression is a statement.
  if (visitor.expression !== undefined || visitor.intoFunctions === true) {
    walk(expression, visitor.expression, visitor);
  }
}

function walkAll(expressions: readonly Expression[], look: Visitor['expression'], visitor: Visitor): void {
  for (const expression of expressions) {
    walk(expression, look, visitor);
  }
}

function walkOptional(expression: Expression | undefined, look: Visitor['expression'], visitor: Visitor): void {
  if (expression !== undefined) {
    walk(expression, look, visitor);
  }
}

/** `look` is the visitor's own function, taken out of it once: visitors have many shapes, and expressions many parts. */
function walk(expression: Expression, look: Visitor['expression'], visitor: Visitor): void {
  const { kind } = expression;
  if (((kind === 'name' || kind === 'literal') && visitor.skipsLeaves === true) || look?.(expression) === false) {
    return;
  }
  switch (expression.kind) {
    case 'name':
    case 'literal':
      break;
    case 'member':
      walk(expression.object, look, visitor);
      break;
    case 'index':
      walk(expression.object, look, visitor);
      walk(expression.index, look, visitor);
      break;
    case 'slice':
      walk(expression.object, look, visitor);
      walkOptional(expression.from, look, visitor);
      walkOptional(expression.to, look, visitor);
      walkOptional(expression.step, look, visitor);
      break;
    case 'call':
      walk(expression.callee, look, visitor);
      walkAll(expression.args, look, visitor);
      break;
    case 'new':
      walkAll(expression.args, look, visitor);
      walkAll(expression.dimensions ?? [], look, visitor);
      walkAll(expression.items ?? [], look, visitor);
      break;
    case 'binary':
      walk(expression.left, look, visitor);
      walk(expression.right, look, visitor);
      break;
    case 'unary':
      walk(expression.operand, look, visitor);
      break;
    case 'conditional':
      walk(expression.condition, look, visitor);
      walk(expression.then, look, visitor);
      walk(expression.else, look, visitor);
      break;
    case 'assign':
      walk(expression.target, look, visitor);
      walk(expression.value, look, visitor);
      break;
    case 'list':
      walkAll(expression.items, look, visitor);
      break;
    case 'map':
      for (const entry of expression.entries) {
        walkOptional(entry.key, look, visitor);
        walk(entry.value, look, visitor);
      }
      break;
    case 'comprehension':
      for (const clause of expression.clauses) {
        walk(clause.iterable, look, visitor);
        walk(clause.target, look, visitor);
        walkAll(clause.conditions, look, visitor);
      }
      walk(expression.element, look, visitor);
      walkOptional(expression.value, look, visitor);
      break;
    case 'lambda':
      if (visitor.intoFunctions === true) {
        visitBlock(expression.function.body, visitor);
      }
      break;
    case 'spread':
      walk(expression.value, look, visitor);
      break;
    case 'template':
      walkAll(expression.parts, look, visitor);
      break;
    case 'unknown':
      walkAll(expression.children, look, visitor);
      break;
  }
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

/** The parts of a condition that are joined by `&&`. */
export function conjunctsOf(condition: Expression): readonly Expression[] {
  return condition.kind === 'binary' && condition.operator === '&&' ? [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)] : [condition];
}

/** The parts of a condition that are joined by `||`. */
export function disjunctsOf(condition: Expression): readonly Expression[] {
  return condition.kind === 'binary' && condition.operator === '||' ? [...disjunctsOf(condition.left), ...disjunctsOf(condition.right)] : [condition];
}

/** True where one of `parts`, none of them a name or a literal, stands in the statement (by identity). */
export function holdsAny(statement: Statement, parts: ReadonlySet<Expression>): boolean {
  let found = false;
  visitStatement(statement, {
    skipsLeaves: true,
    statement: () => !found,
    expression: (inner) => {
      found ||= parts.has(inner);
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

/** What runs in a program: the bodies of its functions and the statements outside of them. */
export function bodies(program: Program): Block[] {
  return [...program.functions.map((fn) => fn.body), program.main];
}
