import {
  add, constant, exponential, factorial, type Growth, isConstant, logarithm, maximum, minimum, multiply, one, power, size, sizesIn, someSize, zero,
} from '../algebra/bigO';
import type { Call } from './calls';
import { functionNamed } from '../program/changes';
import { distanceBetween } from '../loops/distance';
import { type Engine, nothing } from './engine';
import { numberInPiece } from '../sizes/fixedTexts';
import { harmonicRounds } from '../loops/harmonic';
import { evaluate } from './expressions';
import { areBeside } from '../amortised/pieces';
import { stretchBetween } from '../program/definitions';
import type { Expression } from '../program/ir';
import { type Operation, typeNamed } from '../library';
import {
  addedSize, copyOf, elementOf, givenValue, isCollection, joinValues, keyOfMap, magnitude, makeValue, numberValue, sizeOf, smallValue, totalSize, type Value,
} from './values';
import { boundByLetters, isLetter, ofLetters } from './store';
import { keyOf, targetNames } from '../program/visit';

/** What the entries of a map with a default may begin as, empty. */
const factories: ReadonlySet<string> = new Set(['list', 'set', 'map', 'sortedSet', 'sortedMap', 'deque']);

export function resultOf(
  engine: Engine, operation: Operation, subject: Value, args: readonly Value[], argExpressions: readonly Expression[], produced: Value | undefined,
  call: Call, hint: string,
): Value {
  const like = (kind: Value['kind'], length: Growth, element: Value | undefined): Value => {
    const made = makeValue(operation.kind ?? kind, { size: length, element, label: hint });
    return made.kind === 'iterator' ? made : engine.allocate(made);
  };
  const first = args[0];
  const second = args[1];
  // Of the neighbours or children of a node.
  const links = { adjacent: subject.adjacent, nodes: subject.adjacent ? subject.nodes : undefined };
  switch (operation.result ?? 'unknown') {
    case 'none':
      return nothing();
    case 'boolean':
      return smallValue('boolean');
    case 'small':
      return smallValue(operation.kind ?? 'number');
    case 'number':
      return numberValue(size(hint === '' ? 'n' : hint), hint);
    case 'size':
      return numberValue(subject.kind === 'unknown' || isCollection(subject) || subject.nodes !== undefined ? sizeOf(subject) : one);
    case 'position':
      return numberValue(sizeOf(subject));
    case 'element': {
      const item = subject.kind === 'map' || subject.kind === 'sortedMap' ? ((operation.effect === 'put' && produced !== undefined && isCollection(produced) ? elementOf(subject) : produced) ?? joinOptional(elementOf(subject), second ?? (argExpressions.length > 1 ? first : undefined))) : elementOf(subject);
      // As with an index: what is found by a name belongs to one of many.
      if (isCollection(item) && argExpressions[0]?.kind === 'name' && first !== undefined && !isConstant(magnitude(first))) {
        item.adjacent = true;
      }
      return item;
    }
    case 'key':
      return subject.kind === 'map' || subject.kind === 'sortedMap' ? keyOfMap(subject) : (subject.items?.[0] ?? elementOf(subject));
    case 'subject':
      return subject;
    case 'copy': {
      const kind = operation.kind ?? subject.kind;
      const copy = makeValue(kind, { size: sizeOf(subject), element: subject.element ?? (isCollection(subject) ? elementOf(subject) : undefined), key: subject.key, type: subject.type, label: hint, input: subject.input, adjacent: subject.adjacent, nodes: subject.adjacent ? subject.nodes : undefined });
      if (copy.kind === 'map' && subject.kind === 'unknown') {
        copy.size = args.length === 0 && argExpressions.length === 0 && subject.label === '' ? zero : copy.size;
      }
      return kind === 'string' || subject.input !== undefined ? copy : engine.allocate(copy);
    }
    case 'list':
    case 'set':
    case 'sortedSet': {
      if (subject.kind === 'void') {
        return like(operation.result === 'list' ? 'list' : 'set', zero, undefined);
      }
      const isMap = subject.kind === 'map' || subject.kind === 'sortedMap';
      const made = like(operation.result === 'list' ? 'list' : operation.result === 'set' ? 'set' : 'sortedSet', sizeOf(subject), isMap ? keyOfMap(subject) : elementOf(subject));
      made.input = subject.input;
      made.items = subject.items;
      made.total = subject.total;
      if (operation.result !== 'list' && ofLetters(subject)) {
        boundByLetters(engine, Object.assign(made, { size: one, items: undefined }));
      }
      return made;
    }
    case 'iterator': {
      if (call.callee.kind === 'member' && call.callee.name === 'of' && (call.args.length > 1 || (!isCollection(subject) && subject.kind !== 'unknown'))) {
        // `Stream.of(a, b)`: what is written there.
        return makeValue('iterator', { size: constant(Math.max(1, call.args.length)), element: args.length === 0 ? subject : args.reduce((one, other) => joinValues(one, other)) });
      }
      const made = makeValue('iterator', { size: sizeOf(subject), element: subject.kind === 'map' ? keyOfMap(subject) : elementOf(subject), label: subject.label, adjacent: subject.adjacent, nodes: subject.adjacent ? subject.nodes : undefined, keyed: subject.keyed || subject.kind === 'map', total: subject.total });
      return made;
    }
    case 'keys':
      // The keys of a list are its positions.
      return makeValue('iterator', { keyed: true, size: sizeOf(subject), element: subject.kind === 'list' || subject.kind === 'array' || subject.kind === 'string' ? numberValue(sizeOf(subject)) : keyOfMap(subject), ...links });
    case 'values':
      return makeValue('iterator', { size: sizeOf(subject), element: elementOf(subject), total: subject.total, ...links });
    case 'entries': {
      const element = elementOf(subject);
      const pair = makeValue('tuple', { items: [keyOfMap(subject), element], size: constant(2), element });
      pair.key = keyOfMap(subject);
      return makeValue('iterator', { size: sizeOf(subject), element: pair, keyed: true, total: subject.total, ...links });
    }
    case 'indexed': {
      const element = elementOf(subject);
      return makeValue('iterator', { keyed: true, size: sizeOf(subject), element: makeValue('tuple', { items: [numberValue(sizeOf(subject)), element], size: constant(2) }), total: subject.total, ...links });
    }
    case 'neighbours': {
      const element = elementOf(subject);
      return makeValue('iterator', { size: sizeOf(subject), element: makeValue('tuple', { items: [element, element], size: constant(2), element }) });
    }
    case 'zipped': {
      // What fills up the shorter one is no list to go through.
      const lists = args.filter((_, at) => argExpressions[at]?.kind !== 'literal');
      const all = [subject, ...lists].filter((each) => isCollection(each) || each.kind === 'unknown');
      const length = all.map(sizeOf).reduce(minimum, sizeOf(subject));
      return makeValue('iterator', { size: length, element: makeValue('tuple', { items: all.map(elementOf), size: constant(all.length) }) });
    }
    case 'transposed': {
      const row = elementOf(subject);
      return like('list', isCollection(row) || row.kind === 'unknown' ? sizeOf(row) : one, makeValue('tuple', { size: sizeOf(subject), element: elementOf(row) }));
    }
    case 'runs':
      return Object.assign(like('list', sizeOf(subject), makeValue('list', { size: sizeOf(subject), element: elementOf(subject) })), { total: sizeOf(subject) });
    case 'keyedRuns': {
      const run = makeValue('list', { size: sizeOf(subject), element: elementOf(subject) });
      return makeValue('iterator', { size: sizeOf(subject), total: sizeOf(subject), element: makeValue('tuple', { items: [elementOf(subject), run], size: constant(2), element: run }), label: hint });
    }
    case 'mapped': {
      // `map(len, xs)`: a function of the library, by its name.
      const [by] = call.args;
      const isLength = produced === undefined && by?.kind === 'name' && engine.functionsNamed(by.name).length === 0 && functionNamed(engine.library, by.name)?.result === 'size';
      const isParsed = produced === undefined && by?.kind === 'name' && elementOf(subject).kind === 'string' && engine.functionsNamed(by.name).length === 0 && functionNamed(engine.library, by.name)?.result === 'parsed';
      const element = isLength ? numberValue(sizeOf(elementOf(subject))) : isParsed ? numberValue(size(hint === '' ? 'n' : `max(${hint})`)) : produced ?? elementOf(subject);
      // One for each child of a node, as before.
      const made = makeValue(operation.kind ?? 'iterator', { size: sizeOf(subject), element, label: hint, ...links });
      if (subject.input !== undefined) {
        made.input = 'list';
        made.element = produced ?? numberValue(size(hint === '' ? 'n' : hint));
      }
      return made.kind === 'iterator' ? made : engine.allocate(made);
    }
    case 'flattened': {
      const inner = produced ?? elementOf(subject);
      const isNested = isCollection(inner) || inner.kind === 'unknown';
      // What the children give back is a part of what the node gives back.
      const isPart = subject.adjacent && inner.size !== undefined && [...sizesIn(inner.size)].some((name) => name.startsWith('¤'));
      if (isPart) {
        return like('list', sizeOf(inner), elementOf(inner));
      }
      return like('list', isNested ? multiply(sizeOf(subject), sizeOf(inner)) : sizeOf(subject), isNested ? elementOf(inner) : inner);
    }
    case 'distinct':
      return makeValue(operation.kind ?? subject.kind, { size: ofLetters(subject) ? one : sizeOf(subject), element: elementOf(subject) });
    case 'filtered':
      return makeValue(operation.kind ?? subject.kind, { size: sizeOf(subject), element: elementOf(subject), total: subject.total });
    case 'grouped':
      // Keys are what the function gives, or the items themselves.
      return Object.assign(like('map', (produced === undefined ? ofLetters(subject) : isLetter(produced)) ? one : sizeOf(subject), makeValue('list', { size: sizeOf(subject), element: elementOf(subject) })), { total: sizeOf(subject) });
    case 'counted': {
      const made = like('map', subject.kind === 'void' ? zero : sizeOf(subject), smallValue());
      made.element = numberValue(subject.kind === 'void' ? one : sizeOf(subject));
      made.key = subject.kind === 'void' ? undefined : elementOf(subject);
      if (ofLetters(subject)) {
        made.size = one;
      }
      return made;
    }
    case 'concatenated': {
      const parts = call.callee.kind === 'member' && argExpressions.length === args.length ? [call.callee.object, ...argExpressions] : [];
      const [first = zero, ...others] = [subject, ...args].map((each) => (isCollection(each) ? sizeOf(each) : one));
      // `xs.slice(k).concat(xs.slice(0, k))` is as long as `xs`.
      const length = others.reduce((sum, each, at) => {
        const part = parts[at + 1];
        return part !== undefined && areBeside(engine, parts.slice(0, at + 1), part) ? maximum(sum, each) : add(sum, each);
      }, first);
      return like(isCollection(subject) ? subject.kind : 'list', length, elementOf(subject));
    }
    case 'joined': {
      const parts = args[args.length - 1] ?? subject;
      return makeValue('string', { size: parts.total ?? (isCollection(elementOf(parts)) ? totalSize(parts) : sizeOf(parts)), label: hint });
    }
    case 'formatted': {
      const length = [subject, ...args].reduce((sum, each) => (each.kind === 'string' || each.kind === 'builder' ? add(sum, addedSize(each)) : sum), one);
      if (someSize(length, (name) => /^[¤§]/.test(name))) {
        // A text that grows from round to round, or from call to call, is copied each time.
        engine.charge(length);
      }
      return makeValue('string', { size: length, label: hint });
    }
    case 'last': {
      const last = args[args.length - 1];
      return like(operation.kind ?? last?.kind ?? 'unknown', last === undefined ? one : sizeOf(last), last?.element);
    }
    case 'part': {
      const upTo = second?.number !== undefined && isConstant(second.number) ? minimum(sizeOf(subject), second.number) : sizeOf(subject);
      return makeValue(subject.kind === 'builder' ? 'string' : subject.kind, { size: partLength(subject, args, argExpressions) ?? upTo, element: subject.element, type: subject.type, label: subject.label });
    }
    case 'split':
      if (call.args[0]?.kind === 'literal' && call.args[0].value === '' && subject.input === undefined) {
        // Between all characters.
        return like('list', sizeOf(subject), smallValue('char'));
      }
      // What is split at a letter or a digit is one text, and no words or numbers of the input.
      return subject.input === undefined || (call.args[0]?.kind === 'literal' && /^[A-Za-z0-9]+$/.test(String(call.args[0].value)))
        ? Object.assign(like('list', sizeOf(subject), makeValue('string', { label: hint === '' ? '' : `${hint}[0]`, size: sizeOf(subject) })), { total: sizeOf(subject) })
        : makeValue('list', { label: hint, size: size(hint === '' ? 'n' : `len(${hint})`), total: size(hint === '' ? 'n' : `len(${hint})`), input: 'list', element: makeValue('string', { label: `${hint}[0]`, input: 'string' }) });
    case 'characters': {
      const made = like('list', sizeOf(subject), smallValue('char'));
      made.input = subject.input === undefined ? undefined : 'list';
      return made;
    }
    case 'digits':
      return makeValue('string', { label: hint, size: subject.number !== undefined ? logarithm(subject.number) : isCollection(subject) ? sizeOf(subject) : subject.kind === 'char' ? one : logarithm(magnitude(subject)) });
    case 'parsed': {
      const digits = numberInPiece(call);
      return digits !== undefined && subject.kind === 'string' ? numberValue(digits) : subject.input !== undefined || subject.kind === 'string' ? makeValue('number', { number: size(hint === '' ? (subject.label === '' ? 'n' : subject.label) : hint), label: hint, input: subject.input === undefined ? undefined : 'number' }) : copyOf(subject, { kind: 'number' });
    }
    case 'range': {
      const bound = argExpressions.length >= 1 && first !== undefined ? maximum(magnitude(first), argExpressions.length >= 1 && isDescending(call) ? magnitude(subject) : zero) : magnitude(subject);
      const trips = rangeTrips(engine, call, subject, first, second);
      return makeValue('iterator', { keyed: true, size: trips, element: numberValue(maximum(bound, one)) });
    }
    case 'copies':
      return first === undefined ? makeValue('unknown') : makeValue('iterator', { size: maximum(magnitude(first), one), element: subject });
    case 'limited': {
      // What repeats without end has no size of its own.
      const [source] = call.args;
      const isEndless = source?.kind === 'call' && source.callee.kind !== 'lambda' && /(?:^|\.)(?:cycle|count|repeat)$/.test(keyOf(source.callee));
      const limit = args.at(-1);
      return makeValue('iterator', { size: isEndless ? (limit?.number ?? size('n')) : sizeOf(subject), element: subject.kind === 'unknown' ? undefined : elementOf(subject) });
    }
    case 'repeated': {
      const length = multiply(sizeOf(subject), first === undefined ? one : magnitude(first));
      return makeValue(subject.kind, { size: length, element: subject.element });
    }
    case 'sum':
      return numberValue(sumOf(subject), hint);
    case 'maximum': {
      const all = isCollection(subject) ? [elementOf(subject), ...args.filter((each) => each.closure === undefined)] : [subject, ...args.filter((each) => each.closure === undefined)];
      return all.every((each) => !isCollection(each)) ? numberValue(all.map(magnitude).reduce(engine.higher), '') : all.reduce((one, other) => joinValues(one, other));
    }
    case 'minimum': {
      const all = isCollection(subject) ? [elementOf(subject), ...args.filter((each) => each.closure === undefined)] : [subject, ...args.filter((each) => each.closure === undefined)];
      return all.every((each) => !isCollection(each)) ? numberValue(maximum(all.map(magnitude).reduce(minimum), one), '') : all.reduce((one, other) => joinValues(one, other));
    }
    case 'magnitude':
      return operation.kind === 'tuple' ? makeValue('tuple', { items: [numberValue(magnitude(subject)), numberValue(magnitude(first ?? subject))], size: constant(2) }) : makeValue('number', { number: magnitude(subject), middle: subject.middle });
    case 'root':
      return numberValue(power(magnitude(subject), 0.5));
    case 'logarithm':
      return numberValue(logarithm(magnitude(subject)));
    case 'power': {
      const exponent = first ?? one;
      const by = 'terms' in exponent ? one : magnitude(exponent);
      if (args.length > 1) {
        return numberValue(magnitude(second ?? subject));
      }
      const degree = by.terms[0]?.coefficient ?? 1;
      return numberValue(isConstant(by) ? power(magnitude(subject), degree > 0 && degree < 1 ? degree : Math.max(1, Math.min(8, degree))) : exponential(magnitude(subject), by));
    }
    case 'subsets':
      return makeValue('iterator', { size: exponential(constant(2), sizeOf(subject)), element: makeValue('tuple', { size: sizeOf(subject), element: elementOf(subject) }) });
    case 'combinations': {
      const choose = first === undefined ? one : magnitude(first);
      const few = isConstant(choose);
      const count = few ? power(sizeOf(subject), Math.max(1, Math.min(8, choose.terms[0]?.coefficient ?? 1))) : exponential(constant(2), sizeOf(subject));
      return makeValue('iterator', { size: count, element: makeValue('tuple', { size: choose, element: elementOf(subject) }) });
    }
    case 'permutations': {
      const choose = first?.number;
      const count = choose !== undefined && isConstant(choose) ? power(sizeOf(subject), Math.max(1, Math.min(8, choose.terms[0]?.coefficient ?? 1))) : factorial(sizeOf(subject));
      return makeValue('iterator', { size: count, element: makeValue('tuple', { size: choose ?? sizeOf(subject), element: elementOf(subject) }) });
    }
    case 'product': {
      const repeatAt = call.names?.indexOf('repeat') ?? -1;
      const repeat = repeatAt > 0 ? args[repeatAt - 1] : undefined;
      if (repeat !== undefined) {
        return makeValue('iterator', { size: exponential(sizeOf(subject), magnitude(repeat)), element: makeValue('tuple', { size: magnitude(repeat), element: elementOf(subject) }) });
      }
      if (call.args[0]?.kind === 'spread') {
        const inner = elementOf(subject);
        return makeValue('iterator', { size: exponential(isCollection(inner) ? maximum(sizeOf(inner), constant(2)) : constant(2), sizeOf(subject)), element: makeValue('tuple', { size: sizeOf(subject), element: inner }) });
      }
      return makeValue('iterator', { size: [subject, ...args].map(sizeOf).reduce(multiply, one), element: makeValue('tuple', { items: [subject, ...args].map(elementOf) }) });
    }
    case 'filled': {
      if (operation.kind === 'list' && isCollection(subject)) {
        return like('list', sizeOf(subject), elementOf(subject));
      }
      return like('list', isCollection(subject) ? zero : magnitude(subject), first);
    }
    case 'same':
      return subject;
    case 'callback':
      return produced ?? makeValue('unknown');
    case 'input-number':
      return makeValue('number', { number: size(hint === '' ? 'input' : hint), label: hint, input: 'number' });
    case 'input-string':
      return makeValue('string', { size: size(hint === '' ? 'input' : `len(${hint})`), label: hint, input: 'string' });
    case 'input-list':
      return makeValue('list', { size: size(hint === '' ? 'input' : `len(${hint})`), label: hint, input: 'list', element: makeValue('string', { label: hint, input: 'string' }) });
    case 'unknown': {
      if (operation.kind === undefined) {
        return makeValue('unknown', { label: hint });
      }
      const made = makeValue(operation.kind, { label: hint, size: zero });
      const given = [subject, ...args].filter((each) => each.kind !== 'void' && each.closure === undefined && each.kind !== 'function');
      if (operation.kind === 'map' && given.length > 0) {
        // `defaultdict(list)`: what an entry begins as.
        const factory = call.args[0]?.kind === 'name' ? typeNamed(engine.library, call.args[0].name).kind : 'unknown';
        const own = call.args[0]?.kind === 'name' ? engine.classesByName.get(call.args[0].name) : undefined;
        made.element = factories.has(factory) ? makeValue(factory, { size: zero, allocated: true }) : own === undefined ? undefined : givenValue({ kind: 'object', name: own.name, args: [] }, '');
        return engine.allocate(made);
      }
      if (operation.kind === 'tuple') {
        made.items = given;
        made.size = constant(given.length);
      } else if (given.length > 0) {
        made.size = given.some(isCollection) && given.length === 1 ? sizeOf(given[0] ?? subject) : constant(given.length);
        // An array or a list given alone is what it is made of; its items are the new list's.
        made.element = given.length === 1 && (given[0]?.kind === 'array' || given[0]?.kind === 'list') ? elementOf(given[0]) : given.reduce((one, other) => joinValues(one, other));
      }
      return engine.allocate(made);
    }
  }
}

function joinOptional(a: Value, b: Value | undefined): Value {
  if (isCollection(a) && b !== undefined && isCollection(b)) {
    sizeOf(a);
  }
  if (a.kind === 'unknown' && a.number === undefined && b !== undefined && isCollection(b) && isConstant(sizeOf(b))) {
    // `groups.get(key, [])`: what is there is a list, too, of a size of its own.
    return copyOf(b, { label: a.label, size: sizeOf(a), items: undefined });
  }
  return b === undefined || b.kind === 'void' ? a : joinValues(a, b);
}

function sumOf(subject: Value): Growth {
  const element = elementOf(subject);
  const each = isCollection(element) ? one : magnitude(element);
  if (isConstant(each)) {
    return sizeOf(subject);
  }
  return size(`sum(${subject.label === '' ? 'items' : subject.label})`);
}

function isDescending(call: Call): boolean {
  const step = call.args[2];
  return (step?.kind === 'unary' && step.operator === '-') || (step?.kind === 'literal' && typeof step.value === 'number' && step.value < 0);
}

/** `n` of `-1 - n` and `-n`. */
function takenAway(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'binary':
      return [...takenAway(expression.left), ...(expression.operator === '-' && expression.right.kind !== 'literal' ? [expression.right] : [])];
    case 'unary':
      return expression.operator === '-' && expression.operand.kind !== 'literal' ? [expression.operand] : [];
    default:
      return [];
  }
}

/** How many numbers `range(…)` gives: the bound, or the difference of the bounds where that is a constant; divided by the step. */
function rangeTrips(engine: Engine, call: Call, subject: Value, first: Value | undefined, second: Value | undefined): Growth {
  const [from, to] = call.args;
  let trips: Growth;
  if (to === undefined || from === undefined || first === undefined) {
    trips = magnitude(subject);
  } else if (isDescending(call)) {
    trips = maximum(magnitude(subject), one);
    if (isConstant(trips)) {
      // `-1 - n`: how far below zero it goes is not bounded by where it begins.
      engine.inFrame('branch', {}, () => {
        trips = takenAway(to).map((each) => magnitude(evaluate(engine, each))).reduce(maximum, trips);
      });
    }
  } else {
    const distance = stretchBetween(engine, from, to);
    trips = distance === undefined ? magnitude(first) : constant(distance.number);
    for (const place of distance?.places ?? []) {
      engine.inFrame('branch', {}, () => {
        trips = add(trips, multiply(constant(place.factor), magnitude(evaluate(engine, place.expression))));
      });
    }
  }
  if (second?.number !== undefined && !isDescending(call)) {
    const stepSize = second.number;
    return isConstant(stepSize) ? trips : (harmonicRounds(engine, call.args[2], trips) ?? trips);
  }
  return trips;
}

/** Names that a loop gives a new value in each iteration. */
export function loopVariables(loop: NonNullable<ReturnType<Engine['openLoops']>[number]['loop']>): string[] {
  if (loop.kind === 'forEach') {
    return targetNames(loop.target);
  }
  if (loop.kind === 'for') {
    return loop.init.flatMap((statement) => (statement.kind === 'declare' ? [statement.name] : statement.kind === 'assign' && statement.target.kind === 'name' ? [statement.target.name] : []));
  }
  return [];
}

/** How long a part between two places is, where both are numbers or a known distance apart. */
export function partLength(subject: Value, args: readonly Value[], argExpressions: readonly Expression[]): Growth | undefined {
  const [from, to] = argExpressions;
  const end = args[1]?.number;
  if (from === undefined || to === undefined || end === undefined) {
    return undefined;
  }
  const distance = distanceBetween(from, to);
  if (isConstant(end) || distance?.places.length === 0) {
    return minimum(sizeOf(subject), isConstant(end) ? end : constant(distance?.number ?? 1));
  }
  return undefined;
}
