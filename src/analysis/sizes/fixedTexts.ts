import { t } from '../../core/l10n';
import { constant, type Growth, isConstant } from '../algebra/bigO';
import { functionNamed, namesWhere } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression } from '../program/ir';
import { type Library, type Operation, operationFor } from '../library';
import { copyOf, type Value } from '../following/values';
import { keyOf, usesName, visitBlock } from '../program/visit';
import { Memo } from '../program/memo';

type Call = Expression & { kind: 'call' };

/** A part of a text between places that are written down; without `to` all that is left. */
interface Piece {
  readonly from: number;
  readonly to: number | undefined;
  /** It may be longer than a character. */
  readonly isWide: boolean;
}

/** Characters of a text that holds a few numbers: any constant. */
const fixedLength = constant(16);

/**
 * A name that is given a text: where the code reads a fixed number of numbers out of it, which are all of it, its length
 * is bounded, as numbers are machine words. `h, m = map(int, clock.split(":"))`, `int(date[:4])` beside `int(date[5:7])`.
 */
export function withFixedLength(engine: Engine, name: string, value: Value, block: Block = engine.active[engine.active.length - 1]?.fn.body ?? engine.program.main): Value {
  if ((value.kind !== 'string' && value.kind !== 'unknown') || value.input !== undefined || (value.size !== undefined && isConstant(value.size))) {
    return value;
  }
  if (!fixedTexts(engine, block).has(name)) {
    return value;
  }
  engine.assume(t('{0} holds a fixed number of numbers; its length is counted as constant', name));
  return copyOf(value, { kind: 'string', size: fixedLength });
}

const noTexts: ReadonlySet<string> = new Set();

const known = new Memo<Block, ReadonlySet<string>>();

/** The names in `block` of texts that hold a fixed number of numbers. Kept per block. */
function fixedTexts(engine: Engine, block: Block): ReadonlySet<string> {
  let names = known.get(block);
  if (names === undefined) {
    const { parsers, splitters } = namesOf(engine.library);
    const { calls } = engine.changes(block);
    const isCandidate = calls.some((call) => {
      const name = nameOfCall(call) ?? '';
      return parsers.has(name) || splitters.has(name);
    });
    names = isCandidate ? new FixedTexts(engine.library, parsers).find(block, calls) : noTexts;
    known.set(block, names);
  }
  return names;
}

/** Names of what reads a number out of a text, and of what takes a text apart. */
interface TextNames {
  readonly parsers: ReadonlySet<string>;
  readonly splitters: ReadonlySet<string>;
}

const textNames = new Map<Library, TextNames>();

function namesOf(library: Library): TextNames {
  let names = textNames.get(library);
  if (names === undefined) {
    names = { parsers: namesWhere(library, (operation) => operation.result === 'parsed'), splitters: namesWhere(library, (operation) => operation.result === 'split') };
    textNames.set(library, names);
  }
  return names;
}

function nameOfCall({ callee }: Call): string | undefined {
  return callee.kind === 'name' || callee.kind === 'member' ? callee.name : undefined;
}

function isNameOf(expression: Expression, names: ReadonlySet<string>): boolean {
  return (expression.kind === 'name' || expression.kind === 'member') && names.has(expression.name);
}

/** What the numbers of one block are read out of. */
class FixedTexts {
  private readonly library: Library;
  private readonly parsers: ReadonlySet<string>;
  /** Pieces of a text, or places of a list, by its name, that are read as numbers. */
  private readonly pieces = new Map<string, Piece[]>();
  /** Names that are read as numbers themselves. */
  private readonly numbers = new Set<string>();

  constructor(library: Library, parsers: ReadonlySet<string>) {
    this.library = library;
    this.parsers = parsers;
  }

  find(block: Block, calls: readonly Call[]): ReadonlySet<string> {
    const found = new Set<string>();
    for (const call of calls) {
      const text = this.parsedText(call);
      if (text !== undefined) {
        this.note(text);
      }
    }
    for (const [name, pieces] of this.pieces) {
      if (areApart(pieces)) {
        found.add(name);
      }
    }
    visitBlock(block, {
      statement: (statement) => {
        const target = statement.kind === 'assign' && statement.operator === undefined ? statement.target : undefined;
        const { value } = statement.kind === 'assign' || statement.kind === 'declare' ? statement : { value: undefined };
        const whole = value === undefined ? undefined : this.splitOf(value);
        if (whole !== undefined && (target?.kind === 'list' ? this.areNumbers(target.items, whole.isParsed) : this.isAskedInPlaces(block, statement.kind === 'declare' ? statement.name : target?.kind === 'name' ? target.name : undefined, whole.isParsed))) {
          found.add(whole.name);
        }
        return undefined;
      },
    });
    return found;
  }

  /** The text that a call reads a number out of. */
  private parsedText(call: Call): Expression | undefined {
    const name = nameOfCall(call);
    if (name === undefined || !this.parsers.has(name)) {
      return undefined;
    }
    return call.args[0] ?? (call.callee.kind === 'member' ? call.callee.object : undefined);
  }

  private note(text: Expression): void {
    if (text.kind === 'name') {
      this.numbers.add(text.name);
      return;
    }
    const of = pieceOf(text);
    if (of === undefined) {
      return;
    }
    if (of.object.kind === 'name') {
      this.pieces.set(of.object.name, [...(this.pieces.get(of.object.name) ?? []), of.piece]);
      return;
    }
    // `Integer.parseInt(clock.split(":")[0])`
    const whole = text.kind === 'index' ? this.splitOf(of.object) : undefined;
    if (whole !== undefined) {
      this.pieces.set(whole.name, [...(this.pieces.get(whole.name) ?? []), { ...of.piece, isWide: true }]);
    }
  }

  /** The name of the text that an expression splits, and whether it reads numbers out of all parts. */
  private splitOf(value: Expression): { readonly name: string; readonly isParsed: boolean } | undefined {
    if (value.kind === 'comprehension') {
      const [clause, ...more] = value.clauses;
      const inner = clause === undefined || more.length > 0 || clause.conditions.length > 0 ? undefined : this.splitOf(clause.iterable);
      return inner !== undefined && clause?.target.kind === 'name' && this.isNumberIn(value.element, clause.target.name) ? { name: inner.name, isParsed: true } : undefined;
    }
    if (value.kind !== 'call') {
      return undefined;
    }
    const { callee, args } = value;
    const [first, second] = args;
    const operation = this.operationOf(value);
    const split = operation?.result !== 'split' ? undefined : callee.kind === 'member' && callee.object.kind === 'name' && (first === undefined || first.kind === 'literal') ? callee.object : second?.kind === 'literal' ? first : undefined;
    if (split?.kind === 'name') {
      return { name: split.name, isParsed: false };
    }
    // `clock.split(":").map(Number)`, `map(int, clock.split(":"))`
    const isMapped = operation?.result === 'mapped';
    const by = isMapped ? args.find((arg) => this.isParser(arg)) : undefined;
    const items = callee.kind === 'member' && this.splitOf(callee.object) !== undefined ? callee.object : isMapped ? args.find((arg) => arg !== by) : first;
    const whole = items === undefined || args.length > (isMapped ? 2 : 1) ? undefined : this.splitOf(items);
    return whole === undefined || (isMapped && by === undefined) ? undefined : { name: whole.name, isParsed: whole.isParsed || isMapped };
  }

  private operationOf(call: Call): Operation | undefined {
    const { callee } = call;
    if (callee.kind === 'member' && Object.hasOwn(this.library.methods, callee.name)) {
      const named = operationFor(this.library.methods[callee.name], 'string');
      if (named?.result === 'split' || !Object.hasOwn(this.library.functions, keyOf(callee))) {
        return named ?? operationFor(this.library.methods[callee.name], 'list');
      }
    }
    return callee.kind === 'name' || callee.kind === 'member' ? (this.library.functions[keyOf(callee)] ?? functionNamed(this.library, callee.name)) : undefined;
  }

  /** `int`, `Number`, `part => parseInt(part)` */
  private isParser(expression: Expression): boolean {
    if (expression.kind !== 'lambda') {
      return isNameOf(expression, this.parsers);
    }
    const [param] = expression.function.params;
    const [only] = expression.function.body;
    return param !== undefined && only?.kind === 'return' && only.value !== undefined && this.isNumberIn(only.value, param.name);
  }

  /** `int(part)`, `part.parse().unwrap()`, `+part` */
  private isNumberIn(value: Expression, name: string): boolean {
    if (value.kind === 'unary') {
      return value.operator === '+' && value.operand.kind === 'name' && value.operand.name === name;
    }
    if (value.kind !== 'call') {
      return false;
    }
    const text = this.parsedText(value);
    return (text?.kind === 'name' && text.name === name) || (value.callee.kind === 'member' && this.isNumberIn(value.callee.object, name));
  }

  private areNumbers(targets: readonly Expression[], areParsed: boolean): boolean {
    return targets.length >= 2 && targets.every((target) => target.kind === 'name' && (areParsed || this.numbers.has(target.name)));
  }

  /** A list of parts that is asked in places that are written down only, for numbers. */
  private isAskedInPlaces(block: Block, name: string | undefined, areParsed: boolean): boolean {
    if (name === undefined) {
      return false;
    }
    const places = new Set<number>();
    let isOther = false as boolean;
    visitBlock(block, {
      intoFunctions: true,
      expression: (inner) => {
        if (inner.kind === 'index' && inner.object.kind === 'name' && inner.object.name === name && placeOf(inner.index) !== undefined) {
          places.add(placeOf(inner.index) ?? 0);
          return false;
        }
        if (inner.kind === 'assign' && inner.target.kind === 'name' && inner.target.name === name) {
          return undefined;
        }
        isOther ||= inner.kind === 'name' && inner.name === name;
        return undefined;
      },
      statement: (statement) => {
        isOther ||= statement.kind === 'forEach' && usesName(statement.iterable, name);
        return undefined;
      },
    });
    const read = new Set(this.pieces.get(name)?.map((piece) => piece.from));
    return !isOther && places.size >= 2 && (areParsed || [...places].every((place) => read.has(place)));
  }
}

/** The place of a piece in what it is a part of: `date[5:7]`, `clock.substring(0, 2)`, `parts[1]`. */
function pieceOf(text: Expression): { readonly object: Expression; readonly piece: Piece } | undefined {
  if (text.kind === 'index') {
    const at = placeOf(text.index);
    return at === undefined ? undefined : { object: text.object, piece: { from: at, to: at + 1, isWide: false } };
  }
  const isPart = text.kind === 'call' && text.callee.kind === 'member' && text.callee.name === 'substring';
  const object = text.kind === 'slice' ? text.object : isPart ? text.callee.object : undefined;
  const [start, end] = text.kind === 'slice' ? [text.from, text.to] : isPart ? text.args : [];
  const from = start === undefined ? 0 : placeOf(start);
  const to = end === undefined ? undefined : placeOf(end);
  return object === undefined || from === undefined || (end !== undefined && to === undefined) || (text.kind === 'slice' && text.step !== undefined) ? undefined : { object, piece: { from, to, isWide: true } };
}

/** The number that is written down: `3`, `2 + 2`. */
function placeOf(expression: Expression): number | undefined {
  if (expression.kind === 'literal') {
    return typeof expression.value === 'number' ? expression.value : undefined;
  }
  if (expression.kind === 'binary' && expression.operator === '+') {
    const left = placeOf(expression.left);
    const right = placeOf(expression.right);
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}

/** Whether two of the pieces do not overlap; what is left behind the first character may be more than a number. */
function areApart(pieces: readonly Piece[]): boolean {
  return pieces.some(({ to, isWide }) => to !== undefined && pieces.some((other) => other.from >= to && (isWide || other.isWide) && (other.to !== undefined || other.from >= 2)));
}

/** How large a number can be that is read out of a piece of a text with so many digits; undefined where that is open. */
export function numberInPiece(call: Call): Growth | undefined {
  const text = call.args[0] ?? (call.callee.kind === 'member' ? call.callee.object : undefined);
  const piece = text === undefined ? undefined : pieceOf(text)?.piece;
  return piece?.to === undefined || !piece.isWide || piece.to - piece.from > mostDigits ? undefined : constant(10 ** (piece.to - piece.from));
}

const mostDigits = 6;
