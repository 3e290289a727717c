import { one, size } from '../algebra/bigO';
import { functionNamed, namesWhere, type Changes } from '../program/changes';
import type { Engine } from '../following/engine';
import { type Block, type Expression, type FunctionIr, type Program, receiverName, type Statement } from '../program/ir';
import { type Library, type Operation, operationFor } from '../library';
import { makeValue, smallValue, type Value } from '../following/values';
import { dottedName, namesIn, visitBlock } from '../program/visit';
import { ownOf } from './wholeInput';
import { Memo } from '../program/memo';

/** What a loop takes from the input, one character or one line in a round. */
type Piece = 'number' | 'text' | 'blank';

/** The name of the function or method that is called, without what is before the dot. */
function calledName(call: Expression & { kind: 'call' }): string {
  return call.callee.kind === 'name' || call.callee.kind === 'member' ? call.callee.name : '';
}

function operationOf(engine: Engine, call: Expression & { kind: 'call' }): Operation | undefined {
  const name = calledName(call);
  const full = dottedName(call.callee);
  const { functions, methods } = engine.library;
  if (full !== undefined && Object.hasOwn(functions, full)) {
    return functions[full];
  }
  return call.callee.kind === 'member' ? (Object.hasOwn(methods, name) ? operationFor(methods[name], 'unknown') : undefined) : functionNamed(engine.library, name);
}

function hasLoop(block: Block): boolean {
  let found = false;
  visitBlock(block, {
    intoFunctions: true,
    statement: (inner) => {
      found = found || inner.kind === 'while' || inner.kind === 'for' || inner.kind === 'forEach';
      return !found;
    },
    expression: (inner) => {
      found = found || inner.kind === 'comprehension';
      return !found;
    },
  });
  return found;
}

/** The unit that a call reads from the input, through own functions without loops: `read()` over a buffer of bytes. */
function unitOf(engine: Engine, call: Expression & { kind: 'call' }, level = 0): Operation['unit'] {
  const own = ownOf(engine, call);
  if (own === undefined) {
    const operation = operationOf(engine, call);
    return operation?.io === 'reads' ? operation.unit : undefined;
  }
  if (level > 3 || hasLoop(own.body)) {
    return undefined;
  }
  let unit: Operation['unit'];
  for (const inner of engine.changes(own.body).calls) {
    unit ??= unitOf(engine, inner, level + 1);
  }
  return unit;
}

/** Conditions that decide whether the loop goes on: its own, and those of `if (…) break`, `if (…) return`. */
function decisions(statement: Statement & { kind: 'for' | 'while' }): Expression[] {
  const found: Expression[] = [];
  if (statement.condition !== undefined) {
    found.push(statement.condition);
  }
  visitBlock(statement.body, {
    statement: (inner) => {
      if (inner.kind === 'if' && [inner.then, inner.else].some((block) => ['break', 'return'].includes(block.at(-1)?.kind ?? ''))) {
        found.push(inner.condition);
      }
      return undefined;
    },
  });
  return found;
}

const parts = new Memo<Statement, Block>();

function wholeOf(statement: Statement & { kind: 'for' | 'while' }): Block {
  let block = parts.get(statement);
  if (block === undefined) {
    const { condition } = statement;
    block = [
      ...(condition === undefined ? [] : [{ kind: 'expression', lines: statement.lines, value: condition } as const]),
      ...statement.body,
      ...(statement.kind === 'for' ? statement.step : []),
    ];
    parts.set(statement, block);
  }
  return block;
}

/**
 * What a loop takes from the input that ends where the input says so: the digits of a number, the characters of a word,
 * blanks before it, lines until one has a word. Undefined for every other loop, such as one that counts or that reads
 * whole numbers.
 */
export function pieceOf(engine: Engine, statement: Statement & { kind: 'for' | 'while' }): Piece | undefined {
  const known = readsByPieces(engine) ? pieces.get(statement) : 'none';
  if (known !== undefined) {
    return known === 'none' ? undefined : known;
  }
  const piece = findPiece(engine, statement);
  pieces.set(statement, piece ?? 'none');
  return piece;
}

const pieces = new Memo<Statement, Piece | 'none'>();

const unitNames = new Map<Library, ReadonlySet<string>>();

/** Names of what reads characters or lines. */
function namesOfUnits(library: Library): ReadonlySet<string> {
  let names = unitNames.get(library);
  if (names === undefined) {
    names = namesWhere(library, (operation) => operation.unit !== undefined);
    unitNames.set(library, names);
  }
  return names;
}

const programs = new Memo<Program, boolean>();

/** Whether anything in the program reads characters or lines: most pieces of code read nothing. */
function readsByPieces(engine: Engine): boolean {
  let found = programs.get(engine.program);
  if (found === undefined) {
    const blocks = [engine.program.main, ...engine.program.functions.map((fn) => fn.body)];
    const names = namesOfUnits(engine.library);
    found = blocks.some((block) => engine.changes(block).calls.some((call) => names.has(calledName(call)) && operationOf(engine, call)?.unit !== undefined));
    programs.set(engine.program, found);
  }
  return found;
}

function findPiece(engine: Engine, statement: Statement & { kind: 'for' | 'while' }): Piece | undefined {
  const whole = wholeOf(statement);
  if (hasLoop(whole)) {
    return undefined;
  }
  const changes = engine.changes(whole);
  const units = new Set<NonNullable<Operation['unit']>>();
  for (const call of changes.calls) {
    const own = ownOf(engine, call);
    if (own !== undefined && hasLoop(own.body)) {
      return undefined;
    }
    const unit = unitOf(engine, call);
    if (unit !== undefined) {
      units.add(unit);
    } else if (own === undefined && !keeps(call) && operationOf(engine, call)?.io !== undefined) {
      return undefined;
    }
  }
  if (units.size === 0 || decisions(statement).some((decision) => counts(decision, changes))) {
    return undefined;
  }
  const updates = [...changes.updates.values()].flat();
  const moves = updates.filter((update) => update.motion !== 'set');
  if (units.has('line')) {
    return moves.length === 0 && changes.mutations.length === 0 ? 'blank' : undefined;
  }
  const read = new Set(updates.filter((update) => update.motion === 'set' && update.amount !== undefined && reads(engine, update.amount)).map((update) => update.name));
  if (changes.mutations.some((mutation) => mutation.effect === 'write' && mutation.index !== undefined && [...namesIn(mutation.index)].some((name) => read.has(name)))) {
    return undefined;
  }
  if (changes.mutations.length > 0 || updates.some((update) => update.motion === 'up' && update.amount?.kind === 'name' && read.has(update.amount.name))) {
    return 'text';
  }
  return moves.some((update) => update.motion === 'scale-up' || update.motion === 'scale-down') ? 'number' : moves.length === 0 ? 'blank' : undefined;
}

/** Whether a call writes to a buffer of the reader itself, not to the output. */
function keeps(call: Expression & { kind: 'call' }): boolean {
  return call.callee.kind === 'member' && call.callee.object.kind === 'member' && call.callee.object.object.kind === 'name' && call.callee.object.object.name === receiverName;
}

function counts(decision: Expression, changes: Changes): boolean {
  return [...namesIn(decision)].some((name) => (changes.updates.get(name) ?? []).some((update) => update.motion !== 'set'));
}

function reads(engine: Engine, expression: Expression): boolean {
  let found = false;
  visitBlock([{ kind: 'expression', lines: expression.lines, value: expression }], {
    expression: (inner) => {
      found = found || (inner.kind === 'call' && unitOf(engine, inner) !== undefined);
      return !found;
    },
  });
  return found;
}

const readers = new Memo<FunctionIr, boolean | 'open'>();

/** Whether a function does nothing but take one number or word from the input: a reader's `nextInt()`, `next()`. */
function isReader(engine: Engine, fn: FunctionIr, level = 0): boolean | 'open' {
  const known = readers.get(fn);
  if (known !== undefined) {
    return known;
  }
  readers.set(fn, 'open');
  const result = level < 5 && readsOnePiece(engine, fn, level);
  readers.set(fn, result);
  return result;
}

function readsOnePiece(engine: Engine, fn: FunctionIr, level: number): boolean {
  if (fn.params.some((param) => param.type !== undefined && ['number', 'list', 'array', 'map', 'set', 'string'].includes(param.type.kind))) {
    return false;
  }
  const others: unknown[] = [];
  visitBlock(fn.body, {
    statement: (inner) => {
      if (inner.kind === 'forEach' || ((inner.kind === 'while' || inner.kind === 'for') && pieceOf(engine, inner) === undefined)) {
        others.push(inner);
      }
      return undefined;
    },
    expression: (inner) => {
      if (inner.kind === 'comprehension' || inner.kind === 'lambda') {
        others.push(inner);
      }
      return undefined;
    },
  });
  if (others.length > 0) {
    return false;
  }
  let found = false;
  for (const call of engine.changes(fn.body).calls) {
    const own = ownOf(engine, call);
    const operation = own === undefined ? operationOf(engine, call) : undefined;
    if (operation?.io === 'prints' && !keeps(call)) {
      return false;
    }
    if (own !== undefined && loops(engine, own)) {
      if (isReader(engine, own, level + 1) === false) {
        return false;
      }
      found = found || readers.get(own) === true;
    }
    found = found || (own !== undefined && unitOf(engine, call) !== undefined);
    found = found || operation?.io === 'reads';
  }
  return found;
}

/** Whether a loop runs in a function or in what it calls. */
function loops(engine: Engine, fn: FunctionIr, level = 0): boolean {
  return hasLoop(fn.body) || (level < 5 && engine.changes(fn.body).calls.some((call) => {
    const own = ownOf(engine, call);
    return own !== undefined && own !== fn && loops(engine, own, level + 1);
  }));
}

/** Whether anything is repeated on the way, so that following the function would count the characters of the input. */
function repeats(engine: Engine, fn: FunctionIr): boolean {
  return loops(engine, fn) || engine.changes(fn.body).calls.some((call) => {
    const own = ownOf(engine, call);
    return own === fn || (own !== undefined && engine.changes(own.body).calls.some((inner) => ownOf(engine, inner) === own));
  });
}

/** What a call of a reader of the program gives: the next number or word of the input, which counts as one step as the library's own does. */
export function readPiece(engine: Engine, fn: FunctionIr): Value | undefined {
  if (!readsByPieces(engine) || isReader(engine, fn) !== true) {
    return undefined;
  }
  // Where the language states no types, what a reader with loops gives is a line or a word.
  const kind = fn.result === undefined && fn.params.every((param) => param.type === undefined) && loops(engine, fn) ? 'string' : fn.result?.kind;
  if ((kind !== 'number' && kind !== 'string' && kind !== 'char' && kind !== 'boolean') || !repeats(engine, fn)) {
    return undefined;
  }
  engine.inputsRead += 1;
  engine.charge(one);
  if (kind === 'number') {
    return makeValue('number', { number: size('input'), input: 'number' });
  }
  return kind === 'string' ? makeValue('string', { size: size('input'), input: 'string' }) : smallValue(kind);
}

/** The places of a call that get a number of the input through a reference: `take(n)`, `take(&n)` of C++. */
export function readInto(engine: Engine, fn: FunctionIr, call: Expression & { kind: 'call' }): Expression[] {
  if (fn.params.every((param) => param.byReference !== true)) {
    return [];
  }
  return fn.params.flatMap((param, at) => {
    if (param.byReference !== true || !fills(engine, fn, param.name)) {
      return [];
    }
    // A pack of parameters takes all arguments that are left.
    const args = at === fn.params.length - 1 ? call.args.slice(at) : call.args.slice(at, at + 1);
    return args.map((arg) => (arg.kind === 'spread' ? arg.value : arg)).filter((place) => place.kind === 'name' || place.kind === 'index' || place.kind === 'member');
  });
}

const filled = new Memo<FunctionIr, Map<string, boolean>>();

/** Whether a function puts what it reads into the parameter, itself or through another reader. */
function fills(engine: Engine, fn: FunctionIr, name: string): boolean {
  const known = filled.get(fn) ?? new Map<string, boolean>();
  filled.set(fn, known);
  let result = known.get(name);
  if (result === undefined) {
    // For its own recursion.
    known.set(name, false);
    result = fillsItself(engine, fn, name);
    known.set(name, result);
  }
  return result;
}

function fillsItself(engine: Engine, fn: FunctionIr, name: string): boolean {
  const { calls, updates } = engine.changes(fn.body);
  if ((updates.get(name) ?? []).some((update) => !update.declares) && calls.some((inner) => takesInput(engine, inner))) {
    return true;
  }
  return calls.some((inner) => {
    const own = ownOf(engine, inner);
    return own !== undefined && inner.args.some((arg, at) => {
      const isPassed = arg.kind === 'spread' || arg.kind === 'unknown' || (arg.kind === 'name' && arg.name === name);
      const param = own.params[Math.min(at, own.params.length - 1)];
      return isPassed && param?.byReference === true && fills(engine, own, param.name);
    });
  });
}

function takesInput(engine: Engine, call: Expression & { kind: 'call' }): boolean {
  const own = ownOf(engine, call);
  return own === undefined ? operationOf(engine, call)?.io === 'reads' : isReader(engine, own) === true || unitOf(engine, call) !== undefined;
}
