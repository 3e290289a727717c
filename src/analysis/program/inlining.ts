import { functionNamed, meansLibrary } from './changes';
import type { Expression, FunctionIr, Program } from './ir';
import { foldedTest } from './foldedTests';
import type { Library } from '../library';
import { Names } from './names';
import { type Replace, Rewriting } from './rewrite';
import { keyOf, namesIn, visitBlock, visitExpression } from './visit';

type Call = Expression & { kind: 'call' };

/** An expression with more parts than this says what it does better by the name of its function. */
const mostParts = 24;

/** A test whether a place can be gone to asks for its row and column, their ends, what is there and whether it was seen. */
const mostPartsOfTest = 80;

/**
 * The program with calls of its own small functions replaced by what they give back: `parent(i)` by `(i - 1) / 2`,
 * `this.isEmpty()` by `this.items.length == 0`. The rules about conditions and steps of loops then see through them.
 */
export function withoutSmallFunctions(program: Program, library: Library): Program {
  let made = program;
  // What calls a small function only may be small itself then.
  for (let round = 0; round < 3; round++) {
    const next = onceWithout(made, library);
    if (next === made) {
      break;
    }
    made = next;
  }
  return made;
}

function onceWithout(program: Program, library: Library): Program {
  const small = new Map<FunctionIr, Expression>();
  for (const fn of program.functions) {
    const value = valueOf(fn, program, library);
    if (value !== undefined) {
      small.set(fn, value);
    }
  }
  if (small.size === 0) {
    return program;
  }
  const names = Names.of(program);
  const locals = new Map<FunctionIr, ReadonlySet<string>>();
  const localsOf = (fn: FunctionIr): ReadonlySet<string> => {
    let known = locals.get(fn);
    if (known === undefined) {
      known = variablesOf(fn);
      locals.set(fn, known);
    }
    return known;
  };
  const inlined = new Set<string>();
  const replace: Replace = (expression, from) => {
    const fn = expression.kind === 'call' && from !== undefined && from.name !== 'main' ? calledBy(expression, from, names, library) : undefined;
    const value = fn === undefined ? undefined : small.get(fn);
    if (expression.kind !== 'call' || from === undefined || fn === undefined || value === undefined || fn === from || expression.args.length !== fn.params.length) {
      return expression;
    }
    const params = new Map(fn.params.map((param, at) => [param.name, expression.args[at]]));
    const hidden = localsOf(from);
    const isPlain = fn.params.every((param, at) => isSimple(expression.args[at]) || uses(value, param.name) <= 1) && [...namesIn(value)].every((name) => params.has(name) || name === 'this' || !hidden.has(name));
    if (!isPlain) {
      return expression;
    }
    inlined.add(fn.name);
    return substituted(value, params, expression.lines);
  };
  const made = new Rewriting(replace).program(program);
  return inlined.size === 0 ? program : { ...made, inlined: new Set([...(program.inlined ?? []), ...inlined]) };
}

/** What a function gives back, where that is all it does and a small expression without effects. */
function valueOf(fn: FunctionIr, program: Program, library: Library): Expression | undefined {
  const [only, ...others] = fn.body.filter((statement) => statement.kind !== 'expression' || statement.value.kind !== 'literal');
  if (fn.memoized || fn.constructs === true || fn.name === '') {
    return undefined;
  }
  const value = only?.kind === 'return' && others.length === 0 ? only.value : foldedTest(fn, (inner, names) => substituted(inner, names, inner.lines));
  if (value === undefined) {
    return undefined;
  }
  let parts = 0;
  let isPlain = true as boolean;
  visitExpression(value, {
    expression: (inner) => {
      parts += 1;
      isPlain &&= (plainKinds.has(inner.kind) || (inner.kind === 'call' && isKnown(inner, program, library)));
      return isPlain;
    },
  });
  return isPlain && parts > 1 && parts <= (isTest(value) ? mostPartsOfTest : mostParts) ? value : undefined;
}

/** Several conditions in one. */
function isTest(value: Expression): boolean {
  return value.kind === 'binary' && (value.operator === '&&' || value.operator === '||');
}

const plainKinds: ReadonlySet<Expression['kind']> = new Set(['name', 'literal', 'member', 'index', 'binary', 'unary', 'conditional']);

/** A call of the library, which no function of the program is meant by. */
function isKnown(call: Call, program: Program, library: Library): boolean {
  const { callee } = call;
  if (callee.kind === 'member') {
    const isOwn = program.functions.some((fn) => fn.name === callee.name) && callee.object.kind === 'name';
    return !isOwn && (Object.hasOwn(library.methods, callee.name) || Object.hasOwn(library.functions, keyOf(callee)));
  }
  return callee.kind === 'name' && functionNamed(library, callee.name) !== undefined && !program.functions.some((fn) => fn.name === callee.name);
}

/** The function that a call means: a free one, or a method of the object at hand. */
function calledBy(call: Call, from: FunctionIr, names: Names, library: Library): FunctionIr | undefined {
  const { callee } = call;
  if (callee.kind === 'name') {
    const [only, ...others] = names.functionsNamed(callee.name, from);
    const isMethod = only?.owner !== undefined;
    return only === undefined || others.length > 0 || meansLibrary(library, only, callee.name) || (isMethod && only.owner !== from.owner) || from.params.some((param) => param.name === callee.name) ? undefined : only;
  }
  if (callee.kind === 'member' && callee.object.kind === 'name' && from.owner !== undefined && (callee.object.name === 'this' || callee.object.name === from.owner)) {
    const [only, ...others] = names.classes.get(from.owner)?.methods.filter((fn) => fn.name === callee.name) ?? [];
    return others.length === 0 ? only : undefined;
  }
  return undefined;
}

/** Parameters and variables of a function, those of functions inside it included. */
function variablesOf(fn: FunctionIr): Set<string> {
  const variables = new Set(fn.params.map((param) => param.name));
  visitBlock(fn.body, {
    intoFunctions: true,
    statement: (statement) => {
      if (statement.kind === 'declare') {
        variables.add(statement.name);
      } else if (statement.kind === 'forEach' || (statement.kind === 'assign' && (statement.target.kind === 'name' || statement.target.kind === 'list'))) {
        namesIn(statement.target).forEach((name) => variables.add(name));
      }
      return undefined;
    },
    expression: (expression) => {
      if (expression.kind === 'lambda') {
        expression.function.params.forEach((param) => variables.add(param.name));
      }
      return undefined;
    },
  });
  return variables;
}

function isSimple(expression: Expression | undefined): boolean {
  switch (expression?.kind) {
    case 'name':
    case 'literal':
      return true;
    case 'member':
      return isSimple(expression.object);
    case 'index':
      return isSimple(expression.object) && isSimple(expression.index);
    case 'binary':
      return isSimple(expression.left) && isSimple(expression.right);
    case 'unary':
      return isSimple(expression.operand);
    default:
      return false;
  }
}

function uses(expression: Expression, name: string): number {
  let count = 0;
  visitExpression(expression, {
    expression: (inner) => {
      count += inner.kind === 'name' && inner.name === name ? 1 : 0;
      return undefined;
    },
  });
  return count;
}

/** A small value with its parameters replaced, placed in the lines of the call. */
function substituted(value: Expression, params: ReadonlyMap<string, Expression | undefined>, lines: Expression['lines']): Expression {
  const of = (inner: Expression): Expression => substituted(inner, params, lines);
  switch (value.kind) {
    case 'name':
      return params.get(value.name) ?? { ...value, lines };
    case 'member':
      return { ...value, lines, object: of(value.object) };
    case 'index':
      return { ...value, lines, object: of(value.object), index: of(value.index) };
    case 'binary':
      return { ...value, lines, left: of(value.left), right: of(value.right) };
    case 'unary':
      return { ...value, lines, operand: of(value.operand) };
    case 'conditional':
      return { ...value, lines, condition: of(value.condition), then: of(value.then), else: of(value.else) };
    case 'call':
      return { ...value, lines, callee: of(value.callee), args: value.args.map(of) };
    default:
      return { ...value, lines };
  }
}
