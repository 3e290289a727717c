import { t } from '../../core/l10n';
import { type Growth, isConstant, one } from '../algebra/bigO';
import { distanceBetween, partOf } from '../loops/distance';
import { bigO, type Engine, evidence, type Frame, type Sentence } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { holds, keyOf, namesIn, targetNames, usesName, usesPlace, visitBlock } from '../program/visit';

/**
 * The frame outside the loop that cuts `xs[a:b]` off, where it goes on with `a` from `b` after each cut: then the pieces
 * lie side by side, and all of them together are no longer than the whole.
 */
function sideBySide(engine: Engine, piece: Expression): Frame | undefined {
  const [around] = engine.openLoops();
  const places = placesOf(piece);
  if (around?.loop === undefined || places === undefined) {
    return undefined;
  }
  const { updates } = engine.changes(around.body);
  const starts = [...namesIn(places.from)].filter((start) => (updates.get(start) ?? []).every((update) => update.motion === 'set' || update.motion === 'up'));
  const ends = [...namesIn(places.to)];
  return starts.some((start) => goesOn(around.body, piece, start, ends)) || resumesAtEnd(engine, around.body, places) || stepsOver(engine, around, around.loop, places) ? around.parent : undefined;
}

/** `j = i; …; part = s[j + 1:j + 1 + n]; i = j + 1 + n`: the next round begins where the part ends. */
function resumesAtEnd(engine: Engine, block: Block, places: { readonly from: Expression; readonly to: Expression }): boolean {
  const { updates } = engine.changes(block);
  const end = keyOf(places.to);
  return block.some((statement) => {
    const next = statement.kind === 'assign' && statement.operator === undefined && statement.target.kind === 'name' && keyOf(statement.value) === end ? statement.target.name : undefined;
    return next !== undefined && [...namesIn(places.from)].some((name) => name === next || (updates.get(name) ?? []).some((update) => update.amount?.kind === 'name' && update.amount.name === next));
  });
}

/** `xs[i:i + k]` in a loop that moves `i` by `k`. */
function stepsOver(engine: Engine, around: Frame, loop: Statement, places: { readonly from: Expression; readonly to: Expression }): boolean {
  const distance = distanceBetween(places.from, places.to);
  if (distance === undefined || distance.places.length === 0) {
    return false;
  }
  const covers = (step: Expression | undefined): boolean => step !== undefined && distance.places.every(({ expression }) => (expression.kind === 'name' && usesName(step, expression.name)) || (expression.kind === 'index' && keyOf(step) === keyOf(expression)));
  const starts = [...namesIn(places.from)];
  if (loop.kind === 'forEach' && loop.iterable.kind === 'call' && covers(loop.iterable.args[2]) && targetNames(loop.target).some((name) => starts.includes(name))) {
    return true;
  }
  const { updates } = engine.changes(around.body);
  return starts.some((name) => (updates.get(name) ?? []).some((update) => update.motion === 'up' && covers(update.amount)));
}

/** From where to where a part reaches; `s.substr(a, b - a)` says it by its length. */
export function placesOf(piece: Expression): { readonly from: Expression; readonly to: Expression } | undefined {
  const part = partOf(piece);
  if (part?.from !== undefined && part.to !== undefined) {
    return { from: part.from, to: part.to };
  }
  if (piece.kind === 'call' && piece.callee.kind === 'member' && piece.callee.name === 'substr') {
    const [from, length] = piece.args;
    if (from !== undefined && length?.kind === 'index') {
      // `s.substr(at, lengths[i])`
      return { from, to: { kind: 'binary', operator: '+', left: from, right: length, lines: piece.lines } };
    }
    return from !== undefined && length?.kind === 'binary' && length.operator === '-' && keyOf(length.right) === keyOf(from) ? { from, to: length.left } : undefined;
  }
  return undefined;
}

/** Whether `start` is set on from one of `ends` whenever `piece` is cut off: in its block, or in one around that. */
export function goesOn(block: Block, piece: Expression | Statement, start: string, ends: readonly string[], withDeclared = false): boolean {
  const holder = block.find((statement) => holds(statement, piece));
  if (holder === undefined) {
    return false;
  }
  return block.some((statement) => setsOn(statement, start, ends) || (withDeclared && declaresOn(statement, start, ends))) || blocksIn(holder).some((inner) => goesOn(inner, piece, start, ends, withDeclared));
}

function declaresOn(statement: Statement, start: string, ends: readonly string[]): boolean {
  const value = statement.kind === 'declare' && statement.name === start ? statement.value : undefined;
  return value !== undefined && ends.some((end) => usesPlace(value, end));
}

function setsOn(statement: Statement, start: string, ends: readonly string[]): boolean {
  if (statement.kind !== 'assign' || statement.operator !== undefined) {
    return false;
  }
  const { target, value } = statement;
  const pairs: readonly (readonly [Expression, Expression | undefined])[] = target.kind === 'list' && value.kind === 'list' ? target.items.map((item, at) => [item, value.items[at]] as const) : [[target, value]];
  return pairs.some(([place, given]) => place.kind === 'name' && place.name === start && given !== undefined && ends.some((end) => end !== start && usesPlace(given, end)));
}

/** The blocks of a branch; what loops inside is a loop of its own. */
function blocksIn(statement: Statement): readonly Block[] {
  switch (statement.kind) {
    case 'if':
      return [statement.then, statement.else];
    case 'block':
      return [statement.body];
    default:
      return [];
  }
}

/**
 * Charges what cutting off a piece of `length` costs: where the pieces lie side by side, once for all of them together what
 * the `whole` is long.
 */
export function chargePiece(engine: Engine, piece: Expression, length: Growth, whole: Growth, text: Sentence): void {
  const frame = isConstant(length) ? undefined : sideBySide(engine, piece);
  if (frame === undefined) {
    engine.charge(length, evidence('library', piece.lines, text, one, length));
    return;
  }
  engine.chargeTo(frame, whole, [evidence('library', piece.lines, () => t('all parts together are as long as the whole: {0}', bigO(whole)), one, whole)]);
  engine.charge(one);
}

/** What a call only turns round or writes in another way: the same items. */
const sameItems = /^(?:reverse|reversed|join|split|toString|str|list|string|String|toCharArray|ToArray|chars|upper|lower|toUpperCase|toLowerCase|StringBuilder|collect|@items|iter|rev|to_string)$/;

function unwrapped(expression: Expression): Expression {
  if (expression.kind === 'slice' && expression.from === undefined && expression.to === undefined) {
    return unwrapped(expression.object);
  }
  if (expression.kind === 'call' && (expression.callee.kind === 'name' || expression.callee.kind === 'member') && sameItems.test(expression.callee.name)) {
    const given = expression.callee.kind === 'member' && expression.callee.object.kind !== 'literal' ? expression.callee.object : expression.args[0];
    return given === undefined ? expression : unwrapped(given);
  }
  const [only] = expression.kind === 'new' ? expression.args : [];
  return only !== undefined && expression.kind === 'new' && expression.args.length === 1 ? unwrapped(only) : expression;
}

/** What a part is of, and the places it lies between; left out where it reaches to an end. */
function spanOf(expression: Expression): { readonly object: Expression; readonly from: Expression | undefined; readonly to: Expression | undefined } | undefined {
  const piece = unwrapped(expression);
  if (piece.kind === 'call' && piece.callee.kind === 'member' && piece.callee.name === 'substr') {
    const [from, length] = piece.args;
    const isFirst = from?.kind === 'literal' && from.value === 0;
    return from === undefined ? undefined : { object: piece.callee.object, from, to: length === undefined ? undefined : isFirst ? length : (placesOf(piece)?.to ?? from) };
  }
  return partOf(piece);
}

type Span = NonNullable<ReturnType<typeof spanOf>>;

/**
 * Whether two sums have parts of the same text or list that lie side by side: `s[:i] + x` and `s[i + 1:]`, also by names that
 * the parts were given in the same round: `head = s[:i]; tail = s[i:]; s = tail + head`.
 */
export function areBeside(engine: Engine, left: readonly Expression[], right: Expression): boolean {
  const before = left.flatMap((each) => spansIn(engine, each));
  const pairs = before.length === 0 ? [] : spansIn(engine, right).flatMap((span) => before.filter(({ object }) => keyOf(object) === keyOf(span.object)).map((other) => [other, span] as const));
  return pairs.length > 0 && pairs.every(([one, other]) => comesBefore(engine, one, other) || comesBefore(engine, other, one));
}

/** The parts of texts or lists that a sum is put together of. */
function spansIn(engine: Engine, sum: Expression): readonly Span[] {
  if (sum.kind === 'binary' && sum.operator === '+') {
    return [...spansIn(engine, sum.left), ...spansIn(engine, sum.right)];
  }
  const span = spanOf(partNamed(engine, sum));
  return span === undefined ? [] : [span];
}

/** Whether a part ends where the other one begins, or before. */
function comesBefore(engine: Engine, one: Span, other: Span): boolean {
  return one.to !== undefined && other.from !== undefined && (keyOf(one.to) === keyOf(other.from) || distanceBetween(one.to, other.from) !== undefined || liesBetween(engine, keyOf(one.object), one.to, other.from));
}

/** The part that a name was given in the round at hand, where that is all that is done with it: `a = s[:i]`, turned round or not. */
function partNamed(engine: Engine, expression: Expression): Expression {
  const whole = unwrapped(expression);
  const body = whole.kind === 'name' ? engine.openLoops()[0]?.body : undefined;
  if (whole.kind !== 'name' || body === undefined) {
    return expression;
  }
  const { updates, mutations } = engine.changes(body);
  const isOwn = (amount: Expression | undefined): boolean => {
    const same = amount === undefined ? undefined : unwrapped(amount);
    return same !== amount && same?.kind === 'name' && same.name === whole.name;
  };
  const [given, ...others] = (updates.get(whole.name) ?? []).filter(({ motion, amount }) => motion !== 'set' || !isOwn(amount));
  const isLonger = mutations.some(({ root, effect }) => root === whole.name && (effect === 'push' || effect === 'extend'));
  return given?.amount === undefined || given.motion !== 'set' || given.loops.length > 0 || others.length > 0 || isLonger ? expression : given.amount;
}

/** What is between the two places is cut out of the whole, too: that one comes before the other. */
function liesBetween(engine: Engine, whole: string, from: Expression, to: Expression): boolean {
  const body = engine.openLoops()[0]?.body;
  let found = false as boolean;
  if (body !== undefined && from.kind !== 'literal') {
    visitBlock(body, {
      expression: (inner) => {
        const span = inner.kind === 'call' || inner.kind === 'slice' ? spanOf(inner) : undefined;
        found ||= span?.from !== undefined && span.to !== undefined && keyOf(span.object) === whole && isNear(span.from, from) && isNear(to, span.to);
        return !found;
      },
    });
  }
  return found;
}

/** The same place, or a number of places behind it. */
function isNear(place: Expression, other: Expression): boolean {
  return keyOf(place) === keyOf(other) || (place.kind === 'binary' && place.operator === '+' && place.right.kind === 'literal' && isNear(place.left, other));
}
