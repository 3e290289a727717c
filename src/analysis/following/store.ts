import { t } from '../../core/l10n';
import { add, constant, constantValue, type Growth, isConstant, logarithm, multiply, one, size, zero } from '../algebra/bigO';
import { heldTo } from '../sizes/caps';
import { type Engine, evidence, valueNamed } from './engine';
import { evaluate } from './expressions';
import { isJoined, isPutBack } from '../sizes/putBack';
import { withFixedLength } from '../sizes/fixedTexts';
import { combined } from './operators';
import type { Expression } from '../program/ir';
import { addedSize, copyOf, elementOf, isCollection, joinValues, makeValue, sizeOf, type Value } from './values';
import { rootOf, targetNames } from '../program/visit';

/** `target op= value`. */
export function storeCombined(engine: Engine, target: Expression, operator: string, value: Value, at: Expression): Value {
  const old = evaluate(engine, target);
  if (operator === '+' && isCollection(old)) {
    return appendInPlace(engine, target, old, value, at);
  }
  if (operator === '|' && (old.kind === 'set' || old.kind === 'map')) {
    const more = sizeOf(value);
    engine.charge(more, evidence('library', at.lines, t('adds all items'), one, more));
    old.size = add(sizeOf(old), more);
    old.element ??= value.element;
    return old;
  }
  // `kept ??= made` is one of the two.
  const result = operator === '??' || operator === '||' ? joinValues(old, value, engine.higher) : combined(engine, operator, old, value, at);
  store(engine, target, result);
  // `(groups[key] ??= []).push(item)` adds to what is in the place now.
  return (operator === '??' || operator === '||') && target.kind === 'index' && isCollection(result) ? evaluate(engine, target) : result;
}

function appendInPlace(engine: Engine, target: Expression, old: Value, value: Value, at: Expression): Value {
  const more = isCollection(value) ? addedSize(value) : one;
  const isText = old.kind === 'string';
  // Texts put together in a loop are counted by what is added, as people mostly do; the assumption says what that leaves out.
  if (isText && engine.library.stringsCopyOnAppend && engine.openLoops().some((loop) => !isConstant(loop.trips))) {
    engine.assume(t('a text that is made longer in a loop counts by what is added; copying it each time, which a builder avoids, would cost its whole length'));
  }
  engine.charge(more, evidence('library', at.lines, t('appends'), one, more));
  if (isText || old.kind === 'tuple') {
    const made = makeValue(old.kind, { label: old.label, size: isJoined(engine, target, at) ? sizeOf(old) : add(sizeOf(old), more), element: old.element, type: old.type, depth: old.depth });
    if (isText && old.size !== undefined && (constantValue(old.size) ?? 1) === 0) {
      made.input = value.input;
    }
    store(engine, target, made);
    return made;
  }
  if (!isPutBack(engine, target, at) && !isJoined(engine, target, at)) {
    old.size = add(sizeOf(old), more);
  }
  old.items = undefined;
  if (value.element !== undefined) {
    old.element = old.element === undefined ? value.element : joinValues(old.element, value.element, engine.higher);
  }
  return old;
}

/** Stores a value in a place. */
export function store(engine: Engine, target: Expression, value: Value): void {
  switch (target.kind) {
    case 'name': {
      const named = value.label === '' && (isCollection(value) || value.kind === 'unknown' || value.kind === 'object') ? Object.assign(value, { label: target.name }) : value;
      const field = engine.value(target.name) === undefined ? engine.receiver?.fields : undefined;
      if (field?.has(target.name) === true) {
        field.set(target.name, named);
      } else {
        engine.bind(target.name, withFixedLength(engine, target.name, nameInput(named, target.name)));
      }
      break;
    }
    case 'list':
      takeApart(engine, target, value);
      break;
    case 'index': {
      const object = evaluate(engine, target.object);
      const index = evaluate(engine, target.index);
      if (object.kind === 'map' || object.kind === 'sortedMap') {
        if (object.kind === 'sortedMap') {
          engine.charge(logarithm(sizeOf(object)));
        }
        addEntry(engine, object, target.object, index, value, target.index);
      } else if (object.element === undefined) {
        object.element = value.kind === 'void' ? undefined : value;
      } else if (object.element !== value && value.kind !== 'void') {
        object.element = mergeElement(engine, object.element, value);
      }
      break;
    }
    case 'member': {
      const object = evaluate(engine, target.object);
      if (object.nodes === undefined || object.fields?.has(target.name) === true) {
        object.fields ??= new Map();
        object.fields.set(target.name, value.label === '' ? Object.assign(value, { label: target.name }) : value);
      }
      break;
    }
    case 'spread':
      store(engine, target.value, value);
      break;
    default:
      evaluate(engine, target);
  }
}

function takeApart(engine: Engine, target: Expression & { kind: 'list' }, value: Value): void {
  if (value.items === undefined && value.size === undefined && value.input === undefined && value.nodes === undefined && target.items.length > 1 && target.items.every((item) => item.kind !== 'spread')) {
    // What is taken apart into three names has three items.
    value.size = constant(target.items.length);
  }
  target.items.forEach((item, at) => {
    const part = value.items?.[at] ?? elementOf(value);
    store(engine, item.kind === 'spread' ? item.value : item, item.kind === 'spread' ? value : value.input === undefined ? part : copyOf(part, { input: value.input === 'list' ? 'number' : value.input }));
  });
}

/** What the items have in common after one more; growing numbers in tables are not followed. */
export function mergeElement(engine: Engine, old: Value, value: Value): Value {
  if (isCollection(old) || isCollection(value)) {
    return joinValues(old, value, engine.higher);
  }
  return old.number === undefined || value.number === undefined || isConstant(value.number) ? joinValues(old, value, engine.higher) : joinValues(old, copyOf(value), engine.higher);
}

/** `for k in m: m[k] = x`: what the loop goes through are the map's own keys, so none is new. */
function isKnownKey(engine: Engine, place: Expression, key: Expression): boolean {
  const root = place.kind === 'name' || place.kind === 'member' ? rootOf(place) : undefined;
  const name = rootOf(key);
  if (root === undefined || name === undefined || (key.kind === 'call' && key.args.length > 0)) {
    return false;
  }
  const isMap = (expression: Expression | undefined): boolean => (expression?.kind === 'name' || expression?.kind === 'member') && rootOf(expression) === root;
  return engine.openLoops().some(({ loop }) => {
    if (loop?.kind !== 'forEach' || !targetNames(loop.target).includes(name)) {
      return false;
    }
    const { iterable } = loop;
    return isMap(iterable) || (iterable.kind === 'call' && ((iterable.callee.kind === 'member' && isMap(iterable.callee.object)) || iterable.args.some(isMap)));
  });
}

/** One entry more in a map (a log where it is kept sorted). */
export function addEntry(engine: Engine, map: Value, place: Expression | undefined, key: Value, value: Value, keyExpression?: Expression): void {
  if (keyExpression !== undefined && place !== undefined && isKnownKey(engine, place, keyExpression)) {
    map.element = map.element === undefined ? value : mergeElement(engine, map.element, value);
    return;
  }
  if (isLetter(key)) {
    boundByLetters(engine, map);
  } else {
    grow(engine, map, place, one);
  }
  map.key ??= key;
  map.element = map.element === undefined ? value : mergeElement(engine, map.element, value);
}

/** The collection that the place `expression` is an item of, and the variable at its root. */
function containerOf(engine: Engine, expression: Expression | undefined): { container: Value | undefined; depth: number | undefined; nested: boolean } {
  if (expression === undefined) {
    return { container: undefined, depth: undefined, nested: false };
  }
  if (expression.kind === 'assign') {
    return containerOf(engine, expression.target);
  }
  const root = rootOf(expression);
  const value = root === undefined ? undefined : valueNamed(engine, root);
  const inner = expression.kind === 'index' ? expression.object : expression.kind === 'call' && expression.callee.kind === 'member' ? expression.callee.object : undefined;
  if (inner === undefined) {
    return { container: undefined, depth: value?.depth, nested: false };
  }
  let container: Value | undefined;
  engine.inFrame('branch', {}, () => {
    container = evaluate(engine, inner);
  });
  return { container, depth: value?.depth, nested: true };
}

/** `m[k].append(x)` makes an entry for `k` where there is none. */
function insertKey(engine: Engine, container: Value, place: Expression | undefined): void {
  if (place?.kind !== 'index') {
    return;
  }
  const { index } = place;
  engine.inFrame('branch', {}, () => {
    const key = evaluate(engine, index);
    container.key ??= key;
    if (isLetter(key)) {
      boundByLetters(engine, container);
    } else {
      container.size = add(sizeOf(container), one);
    }
  });
}

/**
 * How often one item of a collection is reached: `xs[i]` in a loop over places `i` as often as the loops inside that one
 * run. The items of a list are no places: all of them may be the same.
 */
function tripsAt(engine: Engine, place: Expression, depth: number): Growth {
  const index = place.kind === 'index' ? place.index : undefined;
  if (index?.kind === 'name') {
    for (const loop of engine.openLoops()) {
      if (loop.depth > depth && loop.distinct.has(index.name) && !loop.repeating.has(index.name)) {
        return engine.tripsSince(loop.depth);
      }
    }
  }
  return engine.tripsSince(depth);
}

/**
 * Adds `amount` items to a collection; one that is an item of another adds to the total of that one, too. Where it is cut back
 * after each push, it never holds more than that leaves.
 */
export function grow(engine: Engine, subject: Value, place: Expression | undefined, amount: Growth): void {
  const limit = amount === one ? heldTo(engine, place) : undefined;
  const { container, depth, nested } = containerOf(engine, place);
  // A chain (`text.append(a).append(b)`) is the collection itself, no item of it.
  if (nested && container !== undefined && container !== subject && depth !== undefined && isCollection(container)) {
    const all = multiply(amount, engine.tripsSince(depth));
    subject.size = limit === undefined ? add(sizeOf(subject), place === undefined || amount !== one ? all : multiply(amount, tripsAt(engine, place, depth))) : engine.higher(sizeOf(subject), limit);
    container.total = add(container.total ?? zero, all);
    if ((container.kind === 'map' || container.kind === 'sortedMap') && engine.library.indexInserts) {
      insertKey(engine, container, place);
    }
    container.element ??= subject;
  } else {
    subject.size = limit === undefined ? add(sizeOf(subject), amount) : engine.higher(sizeOf(subject), limit);
  }
  subject.items = undefined;
}

/** There are only so many different characters, and two truth values. */
export function isLetter(key: Value): boolean {
  return key.kind === 'char' || key.kind === 'boolean';
}

/** A text, or a list of characters: of different items there are only as many as the alphabet has. */
export function ofLetters(subject: Value): boolean {
  return subject.kind === 'string' || (isCollection(subject) && isLetter(elementOf(subject)));
}

/** A set or map of letters has at most as many items as the alphabet. */
export function boundByLetters(engine: Engine, subject: Value): void {
  engine.assume(t('the alphabet has a fixed size: what is kept per character is bounded by a constant'));
  subject.size = sizeOf(subject).terms.length === 0 ? one : sizeOf(subject);
}

/** Gives a number read from the input the name of the variable it is stored in. */
export function nameInput(value: Value, name: string): Value {
  if (value.input === undefined) {
    return value;
  }
  switch (value.input) {
    case 'number':
      return makeValue('number', { label: name, number: size(name), input: 'number' });
    case 'string':
      return makeValue('string', { label: name, size: size(`len(${name})`), input: 'string' });
    case 'list':
      return makeValue(value.kind, {
        label: name, size: size(`len(${name})`), total: value.total === undefined ? undefined : size(`len(${name})`), input: 'list', type: value.type,
        element: value.element === undefined ? undefined : copyOf(value.element, { label: `max(${name})`, number: value.element.number === undefined ? undefined : size(`max(${name})`) }),
      });
  }
}
