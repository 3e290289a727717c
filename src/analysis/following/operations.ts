import { t } from '../../core/l10n';
import { add, constant, exponential, factorial, type Growth, isConstant, logarithm, maximum, minimum, multiply, one, size, sizesIn, substitute, zero } from '../algebra/bigO';
import type { Call } from './calls';
import { bigO, type Engine, evidence, type EvidenceNode, nothing, substituteIn, type Sentence } from './engine';
import { evaluate } from './expressions';
import { chargeFilled } from '../amortised/filled';
import { closeLevel, solveGrowth, splitLevels, trackChanges } from '../sizes/growth';
import { rowOfInput } from '../input/inputRows';
import type { Expression } from '../program/ir';
import type { Cost, Operation } from '../library';
import { chargePiece, placesOf } from '../amortised/pieces';
import { callFunction } from '../recursion/recursion';
import { partLength, resultOf } from './results';
import { searchedOn } from '../amortised/searches';
import { chargeEach, chargeShared } from '../amortised/sharing';
import { pieceShare } from '../amortised/stretches';
import { addEntry, boundByLetters, grow, isLetter, mergeElement } from './store';
import { addedSize, copyOf, elementOf, holdsNothing, isCollection, joinValues, magnitude, numberValue, type Scope, sizeOf, type Value } from './values';
import { isJoined, isPutBack } from '../sizes/putBack';
import { isPlace } from '../input/wholeInput';
import { keyOf, rootOf, targetNames } from '../program/visit';

function costOf(cost: Cost, subject: Value, args: readonly Value[], argExpressions: readonly Expression[]): Growth {
  const n = (): Growth => sizeOf(subject);
  const argument = args[0];
  const m = (): Growth => (argument === undefined ? one : isCollection(argument) ? addedSize(argument) : one);
  switch (cost) {
    case 'constant':
      return one;
    case 'size':
      return isCollection(subject) || subject.kind === 'unknown' ? n() : one;
    case 'log':
      return logarithm(n());
    case 'sort':
      return multiply(n(), logarithm(n()));
    case 'last': {
      const last = args[args.length - 1];
      return last !== undefined && (isCollection(last) || last.kind === 'unknown') ? sizeOf(last) : one;
    }
    case 'argument':
      return m();
    case 'argument-log':
      return multiply(m(), logarithm(maximum(m(), n())));
    case 'size-or-argument':
      return maximum(n(), m());
    case 'product':
      // A text that is longer than the one it is looked for in is not there.
      return isConstant(n()) ? one : argument?.kind === 'char' || (argument?.size !== undefined && isConstant(argument.size)) ? n() : maximum(n(), m());
    case 'position': {
      const [index] = argExpressions;
      // pop() and pop(-1) take from the end; insert(0, x) and pop(0) move everything.
      if (index === undefined || index.kind === 'unary') {
        return one;
      }
      if (index.kind === 'binary' && index.operator === '-' && index.right.kind === 'literal') {
        return one;
      }
      return n();
    }
    case 'value':
      return magnitude(argument ?? subject);
    case 'value-log':
      return logarithm(argument === undefined ? magnitude(subject) : args.length > 1 ? magnitude(argument) : minimum(magnitude(subject), magnitude(argument)));
    case 'subsets':
      return exponential(constant(2), n());
    case 'permutations':
      return factorial(n());
    case 'unknown':
      return n();
  }
}

/** Whatever changes a sorted set or map looks for its place first. */
function isSortedChange(operation: Operation, subject: Value): boolean {
  return (subject.kind === 'sortedSet' || subject.kind === 'sortedMap') && (operation.effect === 'put' || operation.effect === 'push' || operation.effect === 'remove' || operation.effect === 'pop');
}

/** The function value among the arguments: a lambda, a named function, a reference to a method. */
function callbackAmong(args: readonly Value[]): Value | undefined {
  return args.find((arg) => arg.closure !== undefined);
}

/** Whether the variables of `scope` are those that are seen here. */
function isSeenFrom(engine: Engine, scope: Scope): boolean {
  let at: Scope | undefined = engine.scope;
  while (at !== undefined && at !== scope) {
    at = at.parent;
  }
  return at !== undefined;
}

/** A value with the size of one item replaced by what all items have together. */
function settled(value: Value | undefined, level: string, all: Growth): Value | undefined {
  return value?.size === undefined ? value : copyOf(value, { size: substitute(value.size, level, all), number: value.number === undefined ? undefined : substitute(value.number, level, all) });
}

function costText(name: string, cost: Growth): Sentence {
  return () => t('{0} costs {1}', name.replace('@', ''), bigO(cost));
}

/** Applies an operation of the library: its cost, what it changes, and what it gives. */
export function applyOperation(
  engine: Engine, named: Operation, subject: Value, subjectExpression: Expression | undefined, argExpressions: readonly Expression[],
  call: Call, hint: string, name: string,
): Value {
  const operation = call.args.length === 0 ? named.bare ?? named : named;
  let callbackSubject = subject;
  let argNodes = argExpressions;
  const rows = operation.effect === 'push' && subjectExpression !== undefined && isPlace(subjectExpression) && call.callee.kind === 'member' ? keyOf(subjectExpression) : '';
  let args = argExpressions.map((arg) => (rows === '' ? undefined : rowOfInput(engine, arg, rows)) ?? evaluate(engine, arg));
  // map(f, xs), filter(f, xs), reduce(f, xs): the function comes first.
  if (subject.closure !== undefined && args[0] !== undefined && operation.callback !== undefined) {
    callbackSubject = args[0];
    args = [subject, ...args.slice(1)];
    argNodes = argExpressions.slice(1);
  } else if (operation.callback !== undefined && subject.kind === 'function' && args[0] !== undefined) {
    callbackSubject = args[0];
  } else if (operation.callback !== undefined && /^(?:map|filter|reduce)$/.test(name) && call.callee.kind === 'name' && !isCollection(subject) && args[0] !== undefined) {
    callbackSubject = args[0];
  } else if (operation.callback !== undefined && !isCollection(subject) && args[0] !== undefined && isCollection(args[0])) {
    callbackSubject = args[0];
  }
  const target = callbackSubject;
  if (operation.io === 'reads') {
    engine.inputsRead += 1;
  }
  if (operation.assumption !== undefined) {
    engine.assume(t(operation.assumption));
  }
  // max(a, b) of two numbers or texts looks at two, not at the items of a.
  const several = (operation.result === 'maximum' || operation.result === 'minimum') && operation.cost !== 'value-log' && args.length > 0 && (!isCollection(subject) || (subject.kind === 'string' && args.every((arg) => arg.kind === 'string' || arg.kind === 'char')));
  // Taking a line of input apart costs what is made of it.
  const isInput = target.input === 'string' && (operation.result === 'split' || operation.result === 'digits' || (operation.result === 'copy' && args.every((arg, at) => arg === subject || (argNodes[at]?.kind === 'literal' && args.length < 2))));
  const places = operation.result === 'part' ? placesOf(call) : undefined;
  const share = places === undefined ? undefined : pieceShare(engine, call, places.from, places.to, sizeOf(target));
  const part = operation.result === 'part' && operation.cost === 'size' && operation.effect === undefined ? (share ?? partLength(target, args, argNodes)) : undefined;
  // add(i, x) moves what comes after i; add(x) does not.
  const isInserted = operation.effect === 'push' && name === 'add' && args.length === 2 && (target.kind === 'list' || target.kind === 'linkedList');
  const targetExpression = target === subject ? subjectExpression : argExpressions[0];
  // What is put together for this call alone has been charged as it was made.
  const isMadeForIt = operation.cost === 'size' && targetExpression?.kind === 'comprehension';
  const callback = operation.callback === undefined ? undefined : callbackAmong(args);
  // A function called for each item costs no less than going through the items.
  const isCalledForEach = callback?.closure !== undefined && operation.cost === 'size' && target.input === undefined && operation.callback === 'each';
  const cost = isInserted ? sizeOf(target) : isMadeForIt || isCalledForEach ? one : several || isInput ? one : part ?? costOf(operation.cost ?? (isSortedChange(operation, target) ? 'log' : 'constant'), target, args, argNodes);
  const text = costText(name, cost);
  const searched = operation.result === 'position' && operation.cost === 'size' ? searchedOn(engine, call) : undefined;
  // Going through all items of what belongs to one node is counted for all nodes together.
  const [gone, at] = operation.cost === 'argument' ? [args[0], argNodes[0]] : [target, targetExpression];
  let isTogether = false;
  if (searched !== undefined) {
    engine.chargeTo(searched, cost, [evidence('library', call.lines, t('goes on where it found the last one'), one, cost)]);
    engine.charge(one);
  } else if (operation.result === 'part') {
    chargePiece(engine, call, cost, sizeOf(target), text);
  } else if (chargeShared(engine, at, gone, cost, call.lines, text) || (gone !== undefined && chargeFilled(engine, at, gone, cost, call, text))) {
    isTogether = true;
  } else {
    engine.charge(cost, isConstant(cost) ? undefined : evidence('library', call.lines, text, one, cost));
  }
  let produced: Value | undefined;
  /** What the results of all runs hold together. */
  let madeTotal: Growth | undefined;
  if (callback?.closure !== undefined) {
    const { fn, scope, receiver } = callback.closure;
    const whole = operation.callback === 'once' && target.kind !== 'map' && target.kind !== 'sortedMap' ? target : elementOf(target);
    const runs = operation.callback === 'once' ? one : operation.callback === 'search' || (operation.callback === 'compare' && fn.params.length >= 2) ? cost : sizeOf(target);
    // Where the sizes of all items together are known, each has a size of its own until they are added up.
    const level = target.total !== undefined && isCollection(whole) && runs !== cost && operation.callback !== 'once' ? engine.freshSymbol('¶') : undefined;
    const element = level === undefined ? whole : copyOf(whole, { size: size(level), items: undefined });
    const given = fn.params.map((_, at) => (at === 0 ? element : operation.callback === 'compare' ? element : operation.result === 'element' ? element : numberValue(sizeOf(target))));
    // What the function adds to outside of itself grows in every run.
    const tracked = isConstant(runs) || !isSeenFrom(engine, scope) ? [] : trackChanges(engine, engine.changes(fn.body), new Map(), new Set(fn.params.map((param) => param.name)));
    const [first] = fn.params;
    const isKeyed = operation.callback === 'each' && target.keyed && first !== undefined;
    const frame = engine.inFrame('loop', { trips: runs, ...(isKeyed ? { distinct: new Set([first.name]) } : {}) }, () => {
      produced = callFunction(engine, fn, scope, receiver, given, call);
    });
    solveGrowth(engine, tracked, runs, frame);
    let together = zero;
    if (level !== undefined && target.total !== undefined) {
      const all = add(runs, target.total);
      const split = splitLevels(frame.cost, level, runs);
      together = substitute(split.together, level, all);
      frame.cost = substitute(split.perRound, level, all);
      substituteIn(frame.items, level, all);
      closeLevel(engine, level, all, undefined);
      if (produced !== undefined && isCollection(produced)) {
        const sizes = splitLevels(sizeOf(produced), level, runs);
        madeTotal = add(multiply(runs, substitute(sizes.perRound, level, all)), substitute(sizes.together, level, all));
      }
      produced = settled(produced, level, all);
    }
    const nodeOf = (times: Growth): EvidenceNode => evidence('loop', call.lines, () => t('{0} calls its function for each item', name.replace('@', '')), times, frame.cost, frame.items);
    // What compares two items, in as many steps as any other does, is part of the sorts that were counted together.
    const isCounted = isTogether && operation.callback === 'compare' && isConstant(frame.cost);
    const isShared = isCounted || level === undefined && operation.callback === 'each' && targetExpression !== undefined && chargeEach(engine, targetExpression, target, nodeOf);
    if (!isShared) {
      const node = nodeOf(runs);
      node.total = add(node.total, together);
      engine.charge(target.input !== undefined && isConstant(frame.cost) ? one : add(multiply(runs, frame.cost), together), node);
    }
  }
  applyEffect(engine, operation, target, subjectExpression, args, argExpressions, produced, takesSeveral.test(name) && target.kind === 'list' ? argExpressions.length : 1);
  const made = resultOf(engine, operation, target, args, argExpressions, produced, call, hint);
  if (operation.result === 'mapped' && madeTotal !== undefined) {
    made.total = madeTotal;
  }
  return share === undefined ? made : copyOf(made, { size: share });
}

/**
 * A text as it is kept in a list while the loop around makes it longer. Its pieces are put together again from what was
 * kept, so its size then is not counted as growing with itself. A longer one that is made on the spot (`paths.push(path + c)`)
 * does grow with each round.
 */
function snapshot(item: Value | undefined, given: Expression | undefined): Value | undefined {
  if (item === undefined || given?.kind === 'binary' || given?.kind === 'template') {
    return item;
  }
  if (item.items !== undefined) {
    return copyOf(item, { items: item.items.map((each, at) => snapshot(each, given?.kind === 'list' ? given.items[at] : undefined) ?? each) });
  }
  if ((item.kind === 'string' || item.kind === 'builder') && item.size !== undefined && [...sizesIn(item.size)].some((name) => name.startsWith('§'))) {
    return copyOf(item, { size: one });
  }
  return item;
}

/** The share that one round of the innermost loop has of what all its rounds go through together. */
function isShare(engine: Engine, growth: Growth | undefined, item: Expression | undefined): boolean {
  const [term, ...others] = growth?.terms.filter(({ factors }) => factors.length > 0) ?? [];
  const [factor, ...more] = term?.factors ?? [];
  const [around] = engine.openLoops();
  if (others.length > 0 || more.length > 0 || factor?.atom.kind !== 'size' || factor.power !== 1 || !factor.atom.name.startsWith('¶') || around === undefined) {
    return false;
  }
  const { name } = factor.atom;
  return around.shares.some((share) => share.name === name) || (around.loop?.kind === 'forEach' && item?.kind === 'name' && targetNames(around.loop.target).includes(item.name));
}

/** The loops around take out of the collection again what they put in. */
function isTakenBack(engine: Engine, place: Expression | undefined): boolean {
  const root = place === undefined ? undefined : rootOf(place);
  return root !== undefined && engine.openLoops().some((loop) => engine.changes(loop.body).mutations.some((mutation) => mutation.root === root && mutation.effect === 'pop'));
}

function isSet(subject: Value): boolean {
  return subject.kind === 'set' || subject.kind === 'sortedSet';
}

/** `rows.push_back(row)` of C++ copies the row; one that is made on the spot or moved is not copied. */
function copyPushed(engine: Engine, item: Value | undefined, expression: Expression | undefined): void {
  if (engine.library.valueSemantics && item !== undefined && expression !== undefined && isCollection(item) && (expression.kind === 'name' || expression.kind === 'member' || expression.kind === 'index')) {
    const length = sizeOf(item);
    const text = t('copies all items');
    if (!chargeFilled(engine, expression, item, length, expression, text)) {
      engine.charge(length, evidence('library', expression.lines, text, one, length));
    }
  }
}

/** What puts each of its arguments into a list: `row.push(a, b)`, `append(row, a, b)` of Go. */
const takesSeveral = /^(?:@?push|unshift|array_push)$/;

function applyEffect(
  engine: Engine, operation: Operation, subject: Value, place: Expression | undefined, args: readonly Value[], argExpressions: readonly Expression[],
  produced: Value | undefined, count: number,
): void {
  switch (operation.effect) {
    case 'push': {
      if (subject.kind === 'unknown') {
        subject.kind = operation.kind ?? 'list';
      }
      copyPushed(engine, args[args.length - 1], argExpressions[argExpressions.length - 1]);
      const item = isTakenBack(engine, place) ? snapshot(args[args.length - 1], argExpressions[argExpressions.length - 1]) : args[args.length - 1];
      if (isSet(subject) && item !== undefined && isLetter(item)) {
        boundByLetters(engine, subject);
      } else if (!isPutBack(engine, place, argExpressions[argExpressions.length - 1])) {
        grow(engine, subject, place, count > 1 ? constant(count) : one);
      }
      if (item !== undefined && isCollection(item) && isShare(engine, item.size, argExpressions[argExpressions.length - 1]) && (subject.element === undefined || subject.total !== undefined || holdsNothing(subject))) {
        // Parts of one thing: all of them together are as large as it is.
        subject.total = add(subject.total ?? zero, sizeOf(item));
      }
      if (item !== undefined && item.kind !== 'void') {
        subject.element = subject.element === undefined ? item : mergeElement(engine, subject.element, item);
      }
      break;
    }
    case 'extend': {
      const more = args[0] ?? args[args.length - 1];
      if (more !== undefined) {
        if (!isPutBack(engine, place, argExpressions[0]) && !isJoined(engine, place, argExpressions[0])) {
          grow(engine, subject, place, isCollection(more) ? addedSize(more) : one);
        }
        if (isCollection(more)) {
          subject.element = subject.element === undefined ? elementOf(more) : joinValues(subject.element, elementOf(more), engine.higher);
          subject.key ??= more.key;
        }
      }
      break;
    }
    case 'put': {
      const [key, value] = args;
      const stored = produced ?? value;
      if (key !== undefined) {
        addEntry(engine, subject, place, key, stored ?? nothing(), argExpressions[0]);
        if (stored !== undefined && isCollection(stored) && stored.size !== undefined && isConstant(stored.size) && subject.element !== undefined) {
          subject.element.allocated = true;
        }
      }
      break;
    }
    case 'clear':
      if (engine.frame.kind !== 'branch') {
        subject.size = zero;
      }
      break;
    case 'resize': {
      const [length, item] = args;
      if (length !== undefined && !isCollection(length)) {
        subject.size = magnitude(length);
        subject.element = item ?? subject.element;
      }
      break;
    }
    case 'fill': {
      const item = args[args.length - 1];
      if (item !== undefined && argExpressions.length > 0) {
        subject.element = item.kind === 'void' ? subject.element : subject.element === undefined ? item : mergeElement(engine, subject.element, item);
      }
      break;
    }
    default:
  }
}
