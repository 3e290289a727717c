import { functionNamed, namesWhere } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr, Program } from '../program/ir';
import { type Library, type Operation, operationFor } from '../library';
import { visitParts } from '../program/parts';
import { bodies, dottedName, keyOf, namesIn, rootOf, usesName, visitBlock, visitExpression, type Visitor } from '../program/visit';
import { Memo } from '../program/memo';

type Call = Expression & { kind: 'call' };

/** What the library does where a call means it, by its full name, as a method or as a function. */
export function libraryOperation(engine: Engine, call: Call): Operation | undefined {
  const { callee } = call;
  const { functions, methods } = engine.library;
  const full = dottedName(callee);
  if (full !== undefined && Object.hasOwn(functions, full)) {
    return functions[full];
  }
  if (callee.kind === 'member') {
    return Object.hasOwn(methods, callee.name) ? operationFor(methods[callee.name], 'unknown') : functionNamed(engine.library, callee.name);
  }
  return callee.kind === 'name' ? functionNamed(engine.library, callee.name) : undefined;
}

const readingNames = new Map<Library, ReadonlySet<string>>();

/** Names of what reads input. */
function namesOfReading(library: Library): ReadonlySet<string> {
  let names = readingNames.get(library);
  if (names === undefined) {
    names = namesWhere(library, (operation) => operation.io === 'reads');
    readingNames.set(library, names);
  }
  return names;
}

const reading = new Memo<Program, boolean>();

/** Whether anything in the program reads input: most pieces of code read nothing. */
export function readsAnything(engine: Engine): boolean {
  let found = reading.get(engine.program);
  if (found === undefined) {
    const names = namesOfReading(engine.library);
    let reads = false as boolean;
    const visitor: Visitor = {
      // A lambda may read: `numbers, count = lambda: map(int, input().split()), len`.
      intoFunctions: true,
      expression: (inner) => {
        reads ||= inner.kind === 'call' && (inner.callee.kind === 'name' || inner.callee.kind === 'member') && names.has(inner.callee.name) && libraryOperation(engine, inner)?.io === 'reads';
        return undefined;
      },
    };
    for (const block of bodies(engine.program)) {
      visitParts(block, visitor);
    }
    found = reads;
    reading.set(engine.program, found);
  }
  return found;
}

/** The program's function that a call means: of that name, with as many parameters. */
export function ownOf(engine: Engine, call: Call): FunctionIr | undefined {
  const name = call.callee.kind === 'name' || call.callee.kind === 'member' ? call.callee.name : '';
  return engine.functionsNamed(name).find((fn) => fn.params.length === call.args.length);
}

/** A variable, or a field of one. */
export function isPlace(expression: Expression): boolean {
  return expression.kind === 'name' || (expression.kind === 'member' && rootOf(expression) !== undefined && expression.object.kind === 'name');
}

/** Results of the library that are what was given, written or kept in another way. */
export const sameResults: ReadonlySet<Operation['result']> = new Set(['parsed', 'split', 'copy', 'list', 'mapped', 'digits', 'joined', 'same', 'subject', 'characters']);

const given = new Memo<Program, ReadonlyMap<string, ReadonlySet<Expression>>>();

/** What is put under each name (`data`, `this.tokens`) anywhere in the program. */
export function givenTo(program: Program, name: string): readonly Expression[] {
  let all = given.get(program);
  if (all === undefined) {
    const found = new Map<string, Set<Expression>>();
    const note = (key: string, value: Expression | undefined): void => {
      const known = found.get(key);
      if (value !== undefined) {
        if (known === undefined) {
          found.set(key, new Set([value]));
        } else {
          known.add(value);
        }
      }
    };
    for (const block of bodies(program)) {
      visitParts(block, {
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
    for (const block of bodies(program)) {
      visitParts(block, {
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
  return [...(all.get(name) ?? [])];
}

const restNames = new Map<Library, ReadonlySet<string>>();

/** Names of what may take all that is left of the input. */
function namesOfRest(library: Library): ReadonlySet<string> {
  let names = restNames.get(library);
  if (names === undefined) {
    names = namesWhere(library, (operation) => operation.rest === true);
    restNames.set(library, names);
  }
  return names;
}

const restReaders = new Memo<Program, boolean>();

/** Whether anything in the program may take all that is left of the input: most pieces of code do not. */
export function readsRest(engine: Engine): boolean {
  const { program } = engine;
  let found = restReaders.get(program);
  if (found === undefined) {
    const names = namesOfRest(engine.library);
    let reads = false as boolean;
    const visitor: Visitor = {
      intoFunctions: true,
      expression: (inner) => {
        reads ||= isLinesOfInput(engine, inner);
        reads ||= inner.kind === 'call' && (inner.callee.kind === 'name' || inner.callee.kind === 'member') && names.has(inner.callee.name);
        return undefined;
      },
    };
    for (const block of bodies(program)) {
      visitParts(block, visitor);
    }
    const values = [...program.classes.flatMap((each) => each.fields.map((field) => field.value)), ...program.functions.flatMap((fn) => fn.params.map((param) => param.defaultValue))];
    for (const value of values) {
      if (value !== undefined) {
        visitExpression(value, visitor);
      }
    }
    found = reads;
    restReaders.set(program, found);
  }
  return found;
}

const rests = new Memo<Program, Map<string, boolean>>();

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

const lineSources = new Map<Library, ReadonlySet<string>>();

/** What a library reads a line from by `readline`, such as `sys.stdin`, without what is before the dot. */
function namesOfLines(library: Library): ReadonlySet<string> {
  let names = lineSources.get(library);
  if (names === undefined) {
    names = new Set(Object.entries(library.functions).flatMap(([name, { unit }]) => (unit === 'line' && name.endsWith('.readline') ? (name.split('.').at(-2) ?? []) : [])));
    lineSources.set(library, names);
  }
  return names;
}

/** `sys.stdin`, of which each item is a line. */
export function isLinesOfInput({ library }: Engine, expression: Expression): boolean {
  return expression.kind === 'member' && namesOfLines(library).has(expression.name) && library.functions[`${keyOf(expression)}.readline`]?.unit === 'line';
}

/** Whether an expression is all that is left of the input, as a text, as its lines, or as its words: `sys.stdin.read().split()`. */
export function isRestOfInput(engine: Engine, expression: Expression): boolean {
  const isRest = (inner: Expression): boolean => isRestOfInput(engine, inner);
  switch (expression.kind) {
    case 'name':
      return isNameOfRest(engine, expression.name);
    case 'member':
      return isLinesOfInput(engine, expression) || (isPlace(expression) && isNameOfRest(engine, keyOf(expression)));
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
 * place that it moves on (`data[at]`, then `at += 1`) or counts by (`counters`).
 */
export function takesWords(engine: Engine, block: Block, counters: readonly string[] = []): boolean {
  const { updates } = engine.changes(block);
  const moves = (expression: Expression | undefined): boolean => expression !== undefined && [...namesIn(expression)].some((name) => counters.includes(name) || updates.get(name)?.some((update) => update.motion === 'up') === true);
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
  for (const block of bodies(engine.program)) {
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
