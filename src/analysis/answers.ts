import { functionNamed } from './changes';
import type { Engine } from './engine';
import type { Block, Expression, FunctionIr, Program, Statement } from './ir';
import { type Operation, operationFor } from './library';
import { keyOf, namesIn, rootOf, usesName, visitBlock, visitExpression } from './visit';

type Call = Expression & { kind: 'call' };

/** What the library does where a call means it, by its full name, as a method or as a function. */
export function libraryOperation(engine: Engine, call: Call): Operation | undefined {
  const { callee } = call;
  const { functions, methods } = engine.library;
  const full = keyOf(callee);
  if (Object.hasOwn(functions, full)) {
    return functions[full];
  }
  if (callee.kind === 'member') {
    return Object.hasOwn(methods, callee.name) ? operationFor(methods[callee.name], 'unknown') : functionNamed(engine.library, callee.name);
  }
  return callee.kind === 'name' ? functionNamed(engine.library, callee.name) : undefined;
}

function ownOf(engine: Engine, call: Call): FunctionIr | undefined {
  const name = call.callee.kind === 'name' || call.callee.kind === 'member' ? call.callee.name : '';
  return engine.functionsNamed(name).find((fn) => fn.params.length === call.args.length);
}

/**
 * Whether a block adds answers to a text or a list that is only kept for being printed: `out.append(best)`, and after the
 * loop `print("\n".join(out))`. What is kept as it was read (`xs.append(int(input()))`) is data, no answer.
 */
export function gathersAnswers(engine: Engine, block: Block): boolean {
  const { updates, mutations } = engine.changes(block);
  const added = new Map<string, (Expression | undefined)[]>();
  const note = (name: string, item: Expression | undefined): void => {
    added.set(name, [...(added.get(name) ?? []), item]);
  };
  for (const { root, object, effect, item } of mutations) {
    if ((effect === 'push' || effect === 'extend') && isPlace(chained(object))) {
      note(root, item);
    }
  }
  for (const [name, list] of updates) {
    const kind = engine.value(name)?.kind ?? engine.receiver?.fields?.get(name)?.kind;
    if ((kind === 'string' || kind === 'builder' || kind === 'list') && list.every((update) => update.motion === 'up')) {
      list.forEach((update) => note(name, update.amount));
    }
  }
  return [...added].some(([name, items]) => items.some((item) => item !== undefined && !isJustRead(engine, item, block)) && isOnlyPrinted(engine, name));
}

/** What a chain of calls begins with: `out` of `out.append(a).append(b)`. */
function chained(expression: Expression): Expression {
  return expression.kind === 'call' && expression.callee.kind === 'member' ? chained(expression.callee.object) : expression;
}

function isPlace(expression: Expression): boolean {
  return expression.kind === 'name' || (expression.kind === 'member' && rootOf(expression) !== undefined && expression.object.kind === 'name');
}

/** Results of the library that are what was given, written or kept in another way. */
const sameResults: ReadonlySet<Operation['result']> = new Set(['parsed', 'split', 'copy', 'list', 'mapped', 'digits', 'joined', 'same', 'subject', 'characters']);

/** A number, word or line as it comes from the input, or a name for one: `int(input())`. */
function isJustRead(engine: Engine, expression: Expression, block: Block, level = 0): boolean {
  if (level > 6) {
    return false;
  }
  if (expression.kind === 'name') {
    const updates = engine.changes(block).updates.get(expression.name) ?? [];
    const [only] = updates;
    return updates.length === 1 && only?.amount !== undefined && isJustRead(engine, only.amount, block, level + 1);
  }
  if (expression.kind === 'spread') {
    return isJustRead(engine, expression.value, block, level + 1);
  }
  if (expression.kind !== 'call') {
    return false;
  }
  const own = ownOf(engine, expression);
  if (own !== undefined) {
    const [only, ...others] = own.body;
    return only?.kind === 'return' && others.length === 0 && only.value !== undefined && isJustRead(engine, only.value, own.body, level + 1);
  }
  const operation = libraryOperation(engine, expression);
  if (operation?.io === 'reads') {
    return true;
  }
  if (!sameResults.has(operation?.result)) {
    return false;
  }
  const given = expression.callee.kind === 'member' && operation?.callback === undefined ? [expression.callee.object, ...expression.args] : expression.args;
  return given.some((each) => isJustRead(engine, each, block, level + 1));
}

const given = new WeakMap<Program, ReadonlyMap<string, readonly Expression[]>>();

/** What is put under each name (`data`, `this.tokens`) anywhere in the program. */
export function givenTo(program: Program, name: string): readonly Expression[] {
  let all = given.get(program);
  if (all === undefined) {
    const found = new Map<string, Expression[]>();
    const note = (key: string, value: Expression | undefined): void => {
      const known = found.get(key) ?? [];
      if (value !== undefined && !known.includes(value)) {
        found.set(key, [...known, value]);
      }
    };
    for (const block of [...program.functions.map((fn) => fn.body), program.main]) {
      visitBlock(block, {
        intoFunctions: true,
        statement: (statement) => {
          if (statement.kind === 'declare') {
            note(statement.name, statement.value);
          } else if (statement.kind === 'assign' && statement.operator === undefined) {
            note(keyOf(statement.target), statement.value);
          }
          return undefined;
        },
      });
    }
    const named = new Map(program.functions.filter((fn) => fn.params.length > 0).map((fn) => [fn.name, fn]));
    for (const block of [...program.functions.map((fn) => fn.body), program.main]) {
      visitBlock(block, {
        expression: (inner) => {
          const fn = inner.kind === 'call' && inner.callee.kind === 'name' ? named.get(inner.callee.name) : undefined;
          if (inner.kind === 'call') {
            fn?.params.forEach((param, at) => note(param.name, inner.args[at]));
          }
          return undefined;
        },
      });
    }
    program.classes.forEach((each) => each.fields.forEach((field) => note(field.name, field.value)));
    all = found;
    given.set(program, all);
  }
  return all.get(name) ?? [];
}

const rests = new WeakMap<Program, Map<string, boolean>>();

/** Whether a name (`data`, `this.words`) is given all that is left of the input anywhere. */
function isNameOfRest(engine: Engine, name: string): boolean {
  const known = rests.get(engine.program) ?? new Map<string, boolean>();
  rests.set(engine.program, known);
  let isRest = known.get(name);
  if (isRest === undefined) {
    // For names that are given each other.
    known.set(name, false);
    isRest = givenTo(engine.program, name).some((value) => isRestOfInput(engine, value));
    known.set(name, isRest);
  }
  return isRest;
}

/** Whether an expression is all that is left of the input, as a text, as its lines, or as its words: `sys.stdin.read().split()`. */
export function isRestOfInput(engine: Engine, expression: Expression): boolean {
  const isRest = (inner: Expression): boolean => isRestOfInput(engine, inner);
  switch (expression.kind) {
    case 'name':
      return isNameOfRest(engine, expression.name);
    case 'member':
      return isPlace(expression) && isNameOfRest(engine, keyOf(expression));
    case 'spread':
      return isRest(expression.value);
    case 'list':
      return expression.items.length === 1 && expression.items.every(isRest);
    case 'call': {
      const operation = libraryOperation(engine, expression);
      const isKept = sameResults.has(operation?.result) || operation?.result === 'iterator';
      return operation?.rest === true || (isKept && ownOf(engine, expression) === undefined && (expression.args.some(isRest) || (expression.callee.kind === 'member' && isRest(expression.callee.object))));
    }
    default:
      return false;
  }
}

/**
 * Whether a block takes words of an input that was read as a whole: the next of an iterator (`next(words)`), or those at a
 * place that it moves on (`data[at]`, then `at += 1`).
 */
export function takesWords(engine: Engine, block: Block): boolean {
  const { updates } = engine.changes(block);
  const moves = (expression: Expression | undefined): boolean => expression !== undefined && [...namesIn(expression)].some((name) => updates.get(name)?.some((update) => update.motion === 'up') === true);
  let found = false;
  visitBlock(block, {
    expression: (inner) => {
      if (inner.kind === 'call') {
        const [first] = inner.args;
        const object = inner.callee.kind === 'member' ? inner.callee.object : first;
        found ||= object !== undefined && libraryOperation(engine, inner)?.effect === 'pop' && (object.kind === 'name' || object.kind === 'member') && isRestOfInput(engine, object);
      } else if (inner.kind === 'index' || inner.kind === 'slice') {
        found ||= moves(inner.kind === 'index' ? inner.index : inner.from) && isRestOfInput(engine, inner.object);
      }
      return !found;
    },
  });
  return found;
}

/** Whether a number is a place in the words of the input: `words[at]`. */
export function isPlaceInInput(engine: Engine, name: string): boolean {
  let found = false;
  for (const block of bodies(engine)) {
    visitBlock(block, {
      intoFunctions: true,
      expression: (inner) => {
        const at = inner.kind === 'index' ? inner.index : inner.kind === 'slice' ? inner.from : undefined;
        found ||= at !== undefined && (inner.kind === 'index' || inner.kind === 'slice') && usesName(at, name) && isRestOfInput(engine, inner.object);
        return !found;
      },
    });
  }
  return found;
}

/** Whether a loop written as an expression is made for being printed: itself, or by the name that it is kept under. */
export function isAnswers(engine: Engine, expression: Expression & { kind: 'comprehension' }, name: string): boolean {
  const block: Block = [{ kind: 'expression', lines: expression.lines, value: expression.element }];
  if (isJustRead(engine, expression.element, block)) {
    return false;
  }
  return printedIn(engine, bodies(engine)).has(expression) || (name !== '' && isOnlyPrinted(engine, name, expression));
}

const printed = new WeakMap<Block, ReadonlySet<Expression>>();

/** Expressions that are printed as they are, or joined, or written as texts. */
function printedIn(engine: Engine, blocks: readonly Block[]): ReadonlySet<Expression> {
  const all = new Set<Expression>();
  for (const block of blocks) {
    let own = printed.get(block);
    if (own === undefined) {
      const found = new Set<Expression>();
      visitBlock(block, {
        intoFunctions: true,
        expression: (inner) => {
          if (inner.kind === 'call' && libraryOperation(engine, inner)?.io === 'prints') {
            inner.args.forEach((arg) => markPrinted(engine, arg, found));
          }
          return undefined;
        },
      });
      own = found;
      printed.set(block, own);
    }
    own.forEach((each) => all.add(each));
  }
  return all;
}

function markPrinted(engine: Engine, expression: Expression, into: Set<Expression>): void {
  const mark = (inner: Expression): void => markPrinted(engine, inner, into);
  into.add(expression);
  switch (expression.kind) {
    case 'spread':
      mark(expression.value);
      break;
    case 'call': {
      const { result, cost } = libraryOperation(engine, expression) ?? {};
      if (sameResults.has(result) && cost !== 'sort') {
        expression.args.forEach(mark);
        if (expression.callee.kind === 'member') {
          mark(expression.callee.object);
        }
      }
      break;
    }
    case 'comprehension':
      expression.clauses.slice(0, 1).forEach((clause) => mark(clause.iterable));
      break;
    case 'binary':
      if (expression.operator === '+' || expression.operator === '%') {
        mark(expression.left);
        mark(expression.right);
      }
      break;
    case 'template':
      expression.parts.forEach(mark);
      break;
    case 'slice':
      mark(expression.object);
      break;
    case 'conditional':
      mark(expression.then);
      mark(expression.else);
      break;
    case 'unknown':
      expression.children.forEach(mark);
      break;
    default:
  }
}

/** The body of the function at hand, or the statements outside of functions. */
function here(engine: Engine): Block {
  return engine.namedActive()?.fn.body ?? engine.program.main;
}

function bodies(engine: Engine): Block[] {
  return [...engine.program.functions.map((fn) => fn.body), engine.program.main];
}

/** Whether a collection or text is begun empty, added to and printed, and nothing else: `made` is what it may be given, too. */
function isOnlyPrinted(engine: Engine, name: string, made?: Expression): boolean {
  const own = here(engine);
  const isLocal = !name.startsWith('this.') && (engine.active.length === 0 || isDeclaredIn(own, name));
  const blocks = isLocal ? [own] : bodies(engine).filter((block) => block === own || !isDeclaredIn(block, name));
  return blocks.every((block) => isOnlyPrintedIn(engine, block, name, made, 0)) && blocks.some((block) => occursPrinted(engine, block, name));
}

function isDeclaredIn(block: Block, name: string): boolean {
  let found = false;
  visitBlock(block, {
    intoFunctions: true,
    statement: (statement) => {
      found ||= (statement.kind === 'declare' && statement.name === name) || (statement.kind === 'assign' && statement.operator === undefined && statement.target.kind === 'name' && statement.target.name === name);
      return !found;
    },
  });
  return found;
}

const handed = new WeakMap<Block, Set<Expression>>();

/** Expressions that are printed where they stand or later: under a name that is printed next, or by who called the function. */
function handedOn(engine: Engine, block: Block): ReadonlySet<Expression> {
  const known = handed.get(block);
  if (known !== undefined) {
    return known;
  }
  const all = new Set(printedIn(engine, [block]));
  handed.set(block, all);
  const fn = engine.program.functions.find((each) => each.body === block);
  const calls = fn === undefined ? [] : bodies(engine).flatMap((body) => engine.changes(body).calls.filter((call) => call.callee.kind === 'name' && call.callee.name === fn.name));
  const everywhere = calls.length === 0 ? undefined : printedIn(engine, bodies(engine));
  const isPrinted = everywhere !== undefined && calls.every((call) => everywhere.has(call));
  const texts = new Map<string, Expression>();
  visitBlock(block, {
    statement: (statement) => {
      if (statement.kind === 'return' && isPrinted && statement.value !== undefined) {
        markPrinted(engine, statement.value, all);
      } else if (statement.kind === 'assign' && statement.operator === undefined && statement.target.kind === 'name') {
        texts.set(statement.target.name, statement.value);
      } else if (statement.kind === 'declare' && statement.value !== undefined) {
        texts.set(statement.name, statement.value);
      }
      return undefined;
    },
  });
  for (const [name, value] of texts) {
    if ([...all].some((each) => isThe(each, name))) {
      markPrinted(engine, value, all);
    }
  }
  return all;
}

function isThe(expression: Expression, name: string): boolean {
  return expression.kind === 'name' ? expression.name === name : expression.kind === 'member' && keyOf(expression) === name;
}

function occursPrinted(engine: Engine, block: Block, name: string): boolean {
  if ([...handedOn(engine, block)].some((each) => isThe(each, name))) {
    return true;
  }
  let found = false;
  visitBlock(block, {
    intoFunctions: true,
    statement: (statement) => {
      found ||= statement.kind === 'forEach' && isThe(statement.iterable, name);
      return !found;
    },
    expression: (inner) => {
      found ||= inner.kind === 'call' && inner.args.some((arg) => isThe(arg, name)) && ownOf(engine, inner) !== undefined;
      return !found;
    },
  });
  return found;
}

function isOnlyPrintedIn(engine: Engine, block: Block, name: string, made: Expression | undefined, level: number): boolean {
  const allowed = new Set<Expression>([...printedIn(engine, [block]), ...handedOn(engine, block)]);
  let fits = true;
  const add = (expression: Expression): void => {
    allowed.add(expression);
  };
  const begun = (value: Expression | undefined): void => {
    fits &&= value === undefined || value === made || isEmpty(value) || (value.kind === 'binary' && value.operator === '+' && isThe(value.left, name));
    if (value?.kind === 'binary') {
      add(value.left);
    }
  };
  visitBlock(block, {
    intoFunctions: true,
    statement: (statement: Statement) => {
      if (statement.kind === 'declare' && statement.name === name) {
        begun(statement.value);
      } else if (statement.kind === 'assign' && isThe(statement.target, name)) {
        add(statement.target);
        if (statement.operator === undefined) {
          begun(statement.value);
        }
      } else if (statement.kind === 'forEach' && isThe(statement.iterable, name) && printsEach(engine, statement.body)) {
        add(statement.iterable);
      }
      return fits;
    },
    expression: (inner) => {
      if (inner.kind === 'call') {
        const added = inner.callee.kind === 'member' ? libraryOperation(engine, inner)?.effect : undefined;
        if (added === 'push' || added === 'extend') {
          add(chained(inner));
        }
        const own = level < 2 ? ownOf(engine, inner) : undefined;
        inner.args.forEach((arg, at) => {
          const param = own?.params[at]?.name;
          if (own !== undefined && param !== undefined && isThe(arg, name) && isOnlyPrintedIn(engine, own.body, param, undefined, level + 1)) {
            add(arg);
          }
        });
      } else if (inner.kind === 'assign' && isThe(inner.target, name) && inner.operator === '+') {
        add(inner.target);
      } else if (isThe(inner, name)) {
        fits &&= allowed.has(inner);
      }
      return fits;
    },
  });
  return fits;
}

/** `""`, `[]`, `new StringBuilder()`: nothing is in it. */
function isEmpty(value: Expression): boolean {
  switch (value.kind) {
    case 'literal':
      return value.value === '';
    case 'list':
      return value.items.length === 0;
    case 'new':
    case 'call':
      return value.args.every((arg) => arg.kind === 'literal');
    default:
      return false;
  }
}

/** `for (const line of answers) console.log(line)`. */
function printsEach(engine: Engine, body: Block): boolean {
  return body.every((statement) => {
    let prints = false;
    if (statement.kind === 'expression') {
      visitExpression(statement.value, {
        expression: (inner) => {
          prints ||= inner.kind === 'call' && libraryOperation(engine, inner)?.io === 'prints';
          return !prints;
        },
      });
    }
    return prints;
  });
}
