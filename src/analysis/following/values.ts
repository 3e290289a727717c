import { add, constant, maximum, multiply, one, size, type Growth, zero } from '../algebra/bigO';
import { unknownType, type FunctionIr, type Type, type ValueKind } from '../program/ir';

/** A function as a value: what it does and where it was made. */
export interface Closure {
  readonly fn: FunctionIr;
  readonly scope: Scope;
  readonly receiver: Value | undefined;
}

/**
 * What is known of a value: bounds from above of its number and its size, in sizes of the input. Collections are shared
 * as in the program, so that a push through one name is seen through another.
 */
export interface Value {
  kind: ValueKind;
  /** How the program calls it, for naming sizes: `len(label)`. Empty where it has no name yet. */
  label: string;
  /** Bound of its magnitude, for numbers. */
  number: Growth | undefined;
  /** Bound of the number of its items, for collections and texts. */
  size: Growth | undefined;
  /** What its items have in common (of a map: its values). */
  element: Value | undefined;
  key: Value | undefined;
  /** The items where each is known, for tuples and short literals. */
  items: Value[] | undefined;
  /** Bound of the sizes of all items together, where that is less than size × size of an item. */
  total: Growth | undefined;
  type: Type;
  fields: Map<string, Value> | undefined;
  closure: Closure | undefined;
  /** Number of nodes of the linked structure that it is part of. */
  nodes: Growth | undefined;
  /** It is the collection of neighbours or children of one node. */
  adjacent: boolean;
  /** Its items are positions or keys, or pairs that begin with one: no two are equal. */
  keyed: boolean;
  /** Read from the input: may be given the name of the variable it is stored in. */
  input: 'number' | 'string' | 'list' | undefined;
  /** A number halfway between two others. */
  middle: boolean;
  /** Made by the program, not given: counts as space. */
  allocated: boolean;
  /** How many loops were open when it was made. */
  depth: number;
}

export interface Scope {
  readonly values: Map<string, Value>;
  readonly parent: Scope | undefined;
  /** What it holds besides, of which most is never asked for. */
  late: LateValues | undefined;
}

/** Values that a scope is given when they are first asked for. */
export interface LateValues {
  /** By their names, as they are for all who ask: only to be looked at. */
  readonly originals: ReadonlyMap<string, Value>;
  /** The asker's own one. */
  take(original: Value): Value;
}

export function newScope(parent: Scope | undefined): Scope {
  return { values: new Map(), parent, late: undefined };
}

export function lookup(scope: Scope | undefined, name: string): Value | undefined {
  for (let at = scope; at !== undefined; at = at.parent) {
    const value = at.values.get(name) ?? lateValue(at, name);
    if (value !== undefined) {
      return value;
    }
  }
  return undefined;
}

/** What the scope itself holds under a name, that which is asked for first included. */
export function held(scope: Scope, name: string): Value | undefined {
  return scope.values.get(name) ?? lateValue(scope, name);
}

function lateValue(scope: Scope, name: string): Value | undefined {
  const original = scope.late?.originals.get(name);
  if (original === undefined || scope.late === undefined) {
    return undefined;
  }
  const value = scope.late.take(original);
  scope.values.set(name, value);
  return value;
}

/** All that a scope holds, in the order in which it was put there; only to be looked at. */
export function* valuesIn(scope: Scope): Iterable<Value> {
  const originals = scope.late?.originals;
  for (const [name, original] of originals ?? []) {
    yield scope.values.get(name) ?? original;
  }
  for (const [name, value] of scope.values) {
    if (originals?.has(name) !== true) {
      yield value;
    }
  }
}

export function scopeWith(scope: Scope, name: string): Scope | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.values.has(name) || at.late?.originals.has(name) === true) {
      return at;
    }
  }
  return undefined;
}

/**
 * A value of which nothing is known but `parts`. Here and in `copyOf` all fields are written out: objects that are put
 * together with `...` get many different shapes, which makes each later look at them slow.
 */
export function makeValue(kind: ValueKind, parts?: Partial<Value>): Value {
  const value: Value = {
    kind, label: '', number: undefined, size: undefined, element: undefined, key: undefined, items: undefined, total: undefined,
    type: unknownType, fields: undefined, closure: undefined, nodes: undefined, adjacent: false, keyed: false, input: undefined, middle: false,
    allocated: false, depth: 0,
  };
  return parts === undefined ? value : Object.assign(value, parts);
}

/** A copy of `value`, of which `parts` says otherwise. */
export function copyOf(value: Value, parts?: Partial<Value>): Value {
  const { kind, label, number, size: own, element, key, items, total, type, fields, closure, nodes, adjacent, keyed, input, middle, allocated, depth } = value;
  const copy: Value = { kind, label, number, size: own, element, key, items, total, type, fields, closure, nodes, adjacent, keyed, input, middle, allocated, depth };
  return parts === undefined ? copy : Object.assign(copy, parts);
}

export const collectionKinds: ReadonlySet<ValueKind> = new Set<ValueKind>([
  'string', 'builder', 'list', 'array', 'tuple', 'set', 'map', 'sortedSet', 'sortedMap', 'heap', 'queue', 'deque', 'stack', 'linkedList', 'iterator',
]);

export function isCollection(value: Value): boolean {
  return collectionKinds.has(value.kind);
}

export function numberValue(number: Growth, label = ''): Value {
  const value = makeValue('number');
  value.number = number;
  value.label = label;
  return value;
}

/** A number that is bounded by a constant: a character, a flag, a digit. */
export function smallValue(kind: ValueKind = 'number'): Value {
  const value = makeValue(kind);
  value.number = one;
  value.size = one;
  return value;
}

/** A value given from outside, by its declared type. */
export function givenValue(type: Type | undefined, label: string): Value {
  const known = type ?? unknownType;
  const value = makeValue(known.kind);
  value.label = label;
  value.type = known;
  switch (known.kind) {
    case 'number':
      value.number = size(label);
      break;
    case 'boolean':
    case 'char':
      value.number = one;
      break;
    case 'object':
      value.nodes = size(`nodes(${label})`);
      break;
    default:
  }
  return value;
}

/** The magnitude of a number; of something unknown its name. */
export function magnitude(value: Value): Growth {
  if (value.number !== undefined) {
    return value.number;
  }
  switch (value.kind) {
    case 'boolean':
    case 'char':
    case 'void':
      return one;
    default:
      value.number = size(value.label === '' ? 'n' : value.label);
      return value.number;
  }
}

/** How many items a collection has; of something unknown `len(name)`. */
export function sizeOf(value: Value): Growth {
  if (value.size !== undefined) {
    return value.size;
  }
  if (value.items !== undefined) {
    value.size = constant(value.items.length);
  } else if (value.kind === 'boolean' || value.kind === 'char' || value.kind === 'void') {
    return one;
  } else if (value.kind === 'tuple' && value.type.args.length > 0) {
    value.size = constant(value.type.args.length);
  } else if (value.nodes !== undefined) {
    value.size = value.nodes;
  } else {
    value.size = size(value.label === '' ? 'n' : `len(${value.label})`);
  }
  return value.size;
}

/** How much longer a text or list gets by `value`: a number written out counts as one, like the machine word that it is. */
export function addedSize(value: Value): Growth {
  return isWrittenNumber(value) ? one : sizeOf(value);
}

export function isWrittenNumber(value: Value): boolean {
  const { terms } = value.kind === 'string' ? sizeOf(value) : { terms: [] };
  return terms.some((term) => term.factors.length > 0) && terms.every((term) => term.factors.every((factor) => factor.atom.kind === 'log'));
}

/** What the items of a collection have in common. */
export function elementOf(value: Value): Value {
  if (value.element !== undefined) {
    return value.element;
  }
  if (value.items !== undefined && value.items.length > 0) {
    return value.items.reduce((one, other) => joinValues(one, other));
  }
  const element = ((): Value => {
    switch (value.kind) {
      case 'string':
      case 'builder':
        return smallValue('char');
      case 'map':
      case 'sortedMap':
        return givenValue(value.type.args[1], `${value.label}[k]`);
      default: {
        const type = value.type.args[0];
        const label = value.label === '' ? '' : type?.kind === 'number' ? `max(${value.label})` : `${value.label}[0]`;
        const made = givenValue(type, label);
        if (value.nodes !== undefined) {
          made.nodes = value.nodes;
        }
        if (value.allocated && type?.kind === 'number') {
          made.number = one;
        }
        return made;
      }
    }
  })();
  value.element = element;
  return element;
}

export function keyOfMap(value: Value): Value {
  value.key ??= givenValue(value.type.args[0], value.label === '' ? '' : `key(${value.label})`);
  return value.key;
}

/** Either of two values: bounds of both. */
export function joinValues(a: Value, b: Value, higher: (a: Growth, b: Growth) => Growth = maximum): Value {
  if (a === b) {
    return a;
  }
  // Null and nothing say nothing about what else it may be.
  if (a.kind === 'void') {
    return b;
  }
  if (b.kind === 'void') {
    return a;
  }
  const both = (x: Growth | undefined, y: Growth | undefined): Growth | undefined => (x === undefined ? y : y === undefined ? x : higher(x, y));
  const joined = makeValue(a.kind === 'unknown' ? b.kind : a.kind);
  joined.label = a.label === '' ? b.label : a.label;
  joined.number = both(a.number, b.number);
  joined.size = both(a.size, b.size);
  joined.total = joinedTotal(a, b);
  joined.nodes = both(a.nodes, b.nodes);
  joined.element = a.element !== undefined && b.element !== undefined ? (a.element === b.element ? a.element : joinValues(a.element, b.element, higher)) : (a.element ?? b.element);
  joined.key = a.key ?? b.key;
  joined.items = a.items !== undefined && b.items?.length === a.items.length ? a.items.map((item, at) => joinValues(item, b.items?.[at] ?? item, higher)) : undefined;
  joined.type = a.type.kind === 'unknown' ? b.type : a.type;
  joined.fields = a.fields ?? b.fields;
  joined.closure = a.closure ?? b.closure;
  joined.adjacent = a.adjacent || b.adjacent;
  joined.middle = a.middle || b.middle;
  joined.allocated = a.allocated || b.allocated;
  joined.depth = Math.min(a.depth, b.depth);
  return joined;
}

/** Whether nothing was put into a list that the program made. What was taken from it all the same is not known. */
export function holdsNothing({ allocated, element, items }: Value): boolean {
  return allocated && (items?.length ?? 0) === 0 && (element === undefined || (element.kind === 'unknown' && element.size === undefined));
}

/** What all items hold together, as far as that was counted; nothing where nothing was put in yet. */
function totalOf(value: Value): Growth | undefined {
  return value.total ?? (holdsNothing(value) ? zero : undefined);
}

/** Of two collections of which one is at hand; undefined where either was not counted, or none. */
function joinedTotal(a: Value, b: Value): Growth | undefined {
  if (a.total === undefined && b.total === undefined) {
    return undefined;
  }
  const [one, other] = [totalOf(a), totalOf(b)];
  return one === undefined || other === undefined ? undefined : maximum(one, other);
}

/** Arrays and tables of more places than this, where the program writes how many, have room for the largest input. */
export const fixedCapacity = 64;

/** All items of a nested collection together: size × size of an item, or less where it was counted. */
export function totalSize(value: Value): Growth {
  const own = sizeOf(value);
  if (value.total !== undefined) {
    return value.total;
  }
  const element = elementOf(value);
  return isCollection(element) ? multiply(own, sizeOf(element)) : own;
}

/** The space that a value takes, nested collections of the program included. */
export function footprint(value: Value, levels = 3): Growth {
  if (!isCollection(value)) {
    return one;
  }
  const own = sizeOf(value);
  const element = value.element;
  if (levels === 0 || element === undefined || !element.allocated || !isCollection(element)) {
    return own;
  }
  return value.total !== undefined ? add(own, value.total) : multiply(own, footprint(element, levels - 1));
}
