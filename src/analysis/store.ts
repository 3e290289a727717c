import { t } from '../core/l10n';
import { add, isConstant, one, size } from './bigO';
import { type Engine, evidence } from './engine';
import { combined, evaluate } from './expressions';
import type { Expression } from './ir';
import { elementOf, isCollection, joinValues, makeValue, sizeOf, type Value } from './values';

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
  const result = combined(engine, operator, old, value, at);
  store(engine, target, result);
  return result;
}

function appendInPlace(engine: Engine, target: Expression, old: Value, value: Value, at: Expression): Value {
  const more = isCollection(value) ? sizeOf(value) : one;
  const isText = old.kind === 'string';
  // Texts that are appended to are mostly counted as amortised; the copy shows where the language makes one.
  engine.charge(more, evidence('library', at.lines, t('appends'), one, more));
  if (isText || old.kind === 'tuple') {
    const made = makeValue(old.kind, { label: old.label, size: add(sizeOf(old), more), element: old.element, type: old.type, depth: old.depth });
    store(engine, target, made);
    return made;
  }
  old.size = add(sizeOf(old), more);
  old.items = undefined;
  if (value.element !== undefined) {
    old.element = old.element === undefined ? value.element : joinValues(old.element, value.element);
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
        engine.bind(target.name, nameInput(named, target.name));
      }
      break;
    }
    case 'list':
      target.items.forEach((item, at) => {
        const part = value.items?.[at] ?? elementOf(value);
        store(engine, item.kind === 'spread' ? item.value : item, item.kind === 'spread' ? value : value.input === undefined ? part : { ...part, input: value.input === 'list' ? 'number' : value.input });
      });
      break;
    case 'index': {
      const object = evaluate(engine, target.object);
      const index = evaluate(engine, target.index);
      if (object.kind === 'map' || object.kind === 'sortedMap') {
        addEntry(object, index, value);
      } else if (object.element === undefined) {
        object.element = value.kind === 'void' ? undefined : value;
      } else if (object.element !== value && value.kind !== 'void') {
        object.element = mergeElement(object.element, value);
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

/** What the items have in common after one more; growing numbers in tables are not followed. */
export function mergeElement(old: Value, value: Value): Value {
  if (isCollection(old) || isCollection(value)) {
    return joinValues(old, value);
  }
  return old.number === undefined || value.number === undefined || isConstant(value.number) ? joinValues(old, value) : joinValues(old, { ...value });
}

/** One entry more in a map (a log where it is kept sorted). */
export function addEntry(map: Value, key: Value, value: Value): void {
  map.size = add(sizeOf(map), one);
  map.key ??= key;
  map.element = map.element === undefined ? value : mergeElement(map.element, value);
  map.items = undefined;
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
        label: name, size: size(`len(${name})`), input: 'list', type: value.type,
        element: value.element === undefined ? undefined : { ...value.element, label: `max(${name})`, number: value.element.number === undefined ? undefined : size(`max(${name})`) },
      });
  }
}
