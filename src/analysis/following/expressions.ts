import { t } from '../../core/l10n';
import { add, constant, constantValue, isConstant, logarithm, maximum, minimum, multiply, one, size, sizesIn } from '../algebra/bigO';
import { applyCall } from './calls';
import { stretchBetween } from '../program/definitions';
import { bigO, dearest, type Engine, evidence, nothing, settled } from './engine';
import { filledShare } from '../amortised/filled';
import { rowOfInput } from '../input/inputRows';
import type { Expression, Type } from '../program/ir';
import { operationFor } from '../library';
import { runLoop } from '../loops/loops';
import { remainderBetween } from '../loops/remainders';
import { binaryValue } from './operators';
import { chargePiece } from '../amortised/pieces';
import { loopVariables } from './results';
import { chargeShared, sharedTotal } from '../amortised/sharing';
import { boundByLetters, isLetter, store, storeCombined } from './store';
import { longestShare, pieceShare } from '../amortised/stretches';
import { noteClause } from '../amortised/strides';
import { addedSize, collectionKinds, copyOf, elementOf, fixedCapacity, givenValue, isCollection, joinValues, keyOfMap, magnitude, makeValue, numberValue, sizeOf, smallValue, type Value } from './values';
import { keyOf, namesIn, targetNames, usesName } from '../program/visit';

/**
 * Follows an expression: charges what it costs and gives bounds of its value. It is called more than anything else, so
 * what needs functions of its own (which cost every call) stands apart.
 */
export function evaluate(engine: Engine, expression: Expression, hint = ''): Value {
  engine.tick();
  switch (expression.kind) {
    case 'name':
      return nameValue(engine, expression.name);
    case 'literal':
      return literalValue(expression);
    case 'member':
      return memberValue(engine, expression);
    case 'index':
      return indexValue(engine, expression);
    case 'slice':
      return sliceValue(engine, expression);
    case 'call':
      return applyCall(engine, expression, hint);
    case 'new':
      return newValue(engine, expression, hint);
    case 'binary':
      return binaryValue(engine, expression);
    case 'unary': {
      const operand = evaluate(engine, expression.operand);
      return expression.operator === '!' ? smallValue('boolean') : numberValue(isCollection(operand) ? one : magnitude(operand), operand.label);
    }
    case 'conditional':
      return conditionalValue(engine, expression, hint);
    case 'assign':
      return assignValue(engine, expression);
    case 'list':
      return listValue(engine, expression, hint);
    case 'map': {
      let key: Value | undefined;
      let element: Value | undefined;
      let length = constant(expression.entries.length);
      const join = (known: Value | undefined, value: Value | undefined): Value | undefined => (known === undefined || value === undefined ? (known ?? value) : joinValues(known, value));
      for (const entry of expression.entries) {
        key = join(key, entry.key === undefined ? undefined : evaluate(engine, entry.key));
        const value = evaluate(engine, entry.value);
        if (entry.key === undefined && (value.kind === 'map' || value.kind === 'sortedMap')) {
          // `{ ...known, [key]: value }` copies what is known.
          const more = sizeOf(value);
          engine.charge(more, evidence('library', expression.lines, t('copies all items'), one, more));
          length = add(length, more);
          key = join(key, value.key);
          element = join(element, value.element);
        } else {
          element = join(element, value);
        }
      }
      return engine.allocate(makeValue('map', { label: hint, size: length, key, element }));
    }
    case 'comprehension':
      return comprehensionValue(engine, expression, hint);
    case 'lambda':
      return makeValue('function', { closure: { fn: expression.function, scope: engine.scope, receiver: engine.receiver } });
    case 'spread': {
      const value = evaluate(engine, expression.value, hint);
      // What is made as it is gone through is gone through here: `print(*range(n))`.
      if (value.kind === 'iterator' && value.input === undefined && !chargeShared(engine, expression.value, value, sizeOf(value), expression.lines, t('copies all items'))) {
        engine.charge(sizeOf(value), evidence('library', expression.lines, t('copies all items'), one, sizeOf(value)));
      }
      return value;
    }
    case 'template': {
      let length = constant(1);
      for (const part of expression.parts) {
        const value = evaluate(engine, part);
        length = add(length, isCollection(value) ? addedSize(value) : one);
      }
      engine.charge(length, evidence('library', expression.lines, t('builds a text'), one, length));
      return makeValue('string', { size: length, label: hint });
    }
    case 'unknown': {
      let value: Value | undefined;
      for (const inner of expression.children) {
        value = evaluate(engine, inner);
      }
      return expression.children.length === 1 && value !== undefined ? value : makeValue('unknown');
    }
  }
}

function conditionalValue(engine: Engine, expression: Expression & { kind: 'conditional' }, hint: string): Value {
  evaluate(engine, expression.condition);
  let then = nothing();
  let otherwise = nothing();
  const frames = [
    engine.inFrame('branch', {}, () => {
      then = evaluate(engine, expression.then, hint);
    }),
    engine.inFrame('branch', {}, () => {
      otherwise = evaluate(engine, expression.else, hint);
    }),
  ];
  const { cost, items } = dearest(frames);
  engine.chargeTo(engine.frame, cost, items);
  const joined = joinValues(then, otherwise, engine.higher);
  // `several ? readInt() : 1`
  return [then, otherwise].some((value) => value.input === 'number') && [expression.then, expression.else].some((each) => each.kind === 'literal') ? copyOf(joined, { input: 'number' }) : joined;
}

function listValue(engine: Engine, expression: Expression & { kind: 'list' }, hint: string): Value {
  const items = expression.items.map((item) => evaluate(engine, item));
  let spread = constant(0);
  let plain = 0;
  expression.items.forEach((item, at) => {
    const value = items[at];
    if (item.kind === 'spread' && value !== undefined) {
      spread = add(spread, sizeOf(value));
    } else {
      plain += 1;
    }
  });
  const isSpread = plain < expression.items.length;
  // `[0, ...children]` of one node: those of all nodes together are all nodes.
  const [only, ...others] = expression.items.flatMap((item, at) => (item.kind === 'spread' ? [{ place: item.value, value: items[at] }] : []));
  const links = others.length === 0 && only?.value?.adjacent === true ? { adjacent: true, nodes: only.value.nodes } : {};
  const kind = expression.type === 'tuple' ? 'tuple' : expression.type === 'set' ? 'set' : 'list';
  const elements = items.map((item, at) => (expression.items[at]?.kind === 'spread' ? elementOf(item) : item));
  const list = makeValue(kind, {
    label: hint,
    size: add(constant(plain), spread),
    items: isSpread || items.length > 12 ? undefined : items,
    element: elements.length > 0 ? elements.reduce((one, other) => joinValues(one, other)) : undefined,
    ...links,
  });
  if (others.length > 0 || !chargeShared(engine, only?.place, only?.value, spread, expression.lines, t('copies all items'))) {
    engine.charge(isSpread ? spread : one, isSpread ? evidence('library', expression.lines, t('copies all items'), one, spread) : undefined);
  }
  return kind === 'tuple' ? list : engine.allocate(list);
}

function nameValue(engine: Engine, name: string): Value {
  if (name === 'this' && engine.receiver !== undefined) {
    return engine.receiver;
  }
  const value = engine.value(name);
  if (value !== undefined) {
    return value;
  }
  const field = engine.receiver?.fields?.get(name);
  if (field !== undefined) {
    return field;
  }
  const { receiver } = engine;
  if (receiver !== undefined && engine.classesByName.get(receiver.type.name)?.fields.some((declared) => declared.name === name) === true) {
    return fieldOf(engine, receiver, name);
  }
  const fn = engine.functionsNamed(name)[0];
  if (fn !== undefined) {
    return makeValue('function', { closure: { fn, scope: engine.globals, receiver: engine.receiver } });
  }
  if (/^[A-Z]/.test(name) && (engine.classesByName.has(name) || Object.hasOwn(engine.library.types, name))) {
    return makeValue('unknown', { label: name });
  }
  // Named constants of a library (`inf`, `INT_MAX`, `string.ascii_lowercase`) are bounded; other names are unknown.
  if (/^(?:[A-Z][A-Z0-9_]*|inf|null|None|undefined|NaN|Infinity)$/.test(name) && name.length > 1) {
    return limitValue(name);
  }
  const unknown = makeValue('unknown', { label: name });
  engine.declare(name, unknown);
  return unknown;
}

/** A named constant; the limits of machine types are large numbers. */
function limitValue(name: string): Value {
  return /(?:^|_)(?:MAX|MIN|INF|INFINITY|EPSILON)(?:_|$)|^(?:inf|maxsize|Infinity)$/.test(name) ? copyOf(smallValue(), { number: constant(2 ** 31) }) : smallValue();
}

function literalValue(expression: Expression & { kind: 'literal' }): Value {
  switch (expression.type) {
    case 'number':
      return numberValue(constant(Math.abs(Number(expression.value))));
    case 'string':
      return makeValue('string', { size: constant(String(expression.value).length) });
    case 'char':
      return smallValue('char');
    case 'boolean':
      return smallValue('boolean');
    case 'null':
      return nothing();
  }
}

function memberValue(engine: Engine, expression: Expression & { kind: 'member' }): Value {
  const full = keyOf(expression);
  if (Object.hasOwn(engine.library.functions, full) && rootIsFree(engine, expression)) {
    const result = engine.library.functions[full];
    return result?.result === 'small' && result.kind === undefined ? smallValue('string') : makeValue('function', { label: full });
  }
  if (rootIsFree(engine, expression) && /^(?:inf|nan|pi|e|maxsize|[A-Z][A-Z0-9_]+)$/.test(expression.name)) {
    return limitValue(expression.name);
  }
  const object = evaluate(engine, expression.object);
  const operation = Object.hasOwn(engine.library.members, expression.name) ? operationFor(engine.library.members[expression.name], object.kind) : undefined;
  const own = object.fields?.get(expression.name);
  if (own !== undefined) {
    return own;
  }
  if (object.kind === 'tuple' && object.items !== undefined && (expression.name === 'first' || expression.name === 'second')) {
    return object.items[expression.name === 'first' ? 0 : 1] ?? smallValue();
  }
  if (operation?.result === 'size') {
    return numberValue(sizeOf(object));
  }
  if (operation !== undefined) {
    return operation.result === 'element' ? elementOf(object) : operation.result === 'key' ? keyOfMap(object) : smallValue();
  }
  return fieldOf(engine, object, expression.name);
}

function rootIsFree(engine: Engine, expression: Expression): boolean {
  let at = expression;
  while (at.kind === 'member') {
    at = at.object;
  }
  return at.kind === 'name' && at.name !== 'this' && engine.value(at.name) === undefined;
}

/** A field of an object: as declared in its class; of a node of a linked structure another node, or a number. */
export function fieldOf(engine: Engine, object: Value, name: string): Value {
  object.fields ??= new Map();
  const known = object.fields.get(name);
  if (known !== undefined) {
    return known;
  }
  const declared = engine.classesByName.get(object.type.name)?.fields.find((field) => field.name === name);
  const label = object.label === '' || object.label === 'this' ? name : `${object.label}.${name}`;
  const value = givenValue(declared?.type, label);
  if (object.nodes !== undefined && (value.kind === 'unknown' || value.kind === 'object' || isCollection(value))) {
    value.nodes = object.nodes;
    value.adjacent = value.kind !== 'object';
  }
  object.fields.set(name, value);
  return value;
}

function indexValue(engine: Engine, expression: Expression & { kind: 'index' }): Value {
  const object = evaluate(engine, expression.object);
  const index = evaluate(engine, expression.index);
  if (object.items !== undefined && expression.index.kind === 'literal' && typeof expression.index.value === 'number') {
    const item = object.items[expression.index.value];
    if (item !== undefined) {
      return item;
    }
  }
  if (object.kind === 'sortedMap') {
    engine.charge(logarithm(sizeOf(object)));
  } else if (object.kind === 'map') {
    engine.assume(t('hash lookups take O(1) on average'));
  } else if (object.kind === 'linkedList' && expression.index.kind !== 'literal') {
    // It is counted from an end to the place.
    const steps = sizeOf(object);
    engine.charge(steps, evidence('library', expression.lines, () => t('{0} costs {1}', 'get', bigO(steps)), one, steps));
  }
  const element = elementOf(object);
  if (engine.library.indexInserts && (object.kind === 'map' || object.kind === 'sortedMap')) {
    object.key ??= index.kind === 'unknown' ? keyOfMap(object) : index;
  }
  // The lists in a list of lists are the neighbours of a node where they are all counted together.
  if (isCollection(element) && !isConstant(magnitude(index))) {
    element.adjacent = element.adjacent || isNameLike(expression.index);
  }
  return element;
}

function isNameLike(expression: Expression): boolean {
  return expression.kind === 'name' || expression.kind === 'member' || (expression.kind === 'binary' && isNameLike(expression.left));
}

function sliceValue(engine: Engine, expression: Expression & { kind: 'slice' }): Value {
  const whole = evaluate(engine, expression.object);
  const object = expression.object.kind === 'name' ? (filledShare(engine, expression.object, whole, expression) ?? whole) : whole;
  // Backwards, `xs[a:b:-1]` ends where it would begin.
  const isBackward = isBelowZero(expression.step);
  const ends = isBackward ? { from: expression.to, to: expression.from } : { from: expression.from, to: expression.to };
  const from = ends.from === undefined ? undefined : evaluate(engine, ends.from);
  const to = ends.to === undefined ? undefined : evaluate(engine, ends.to);
  if (expression.step !== undefined) {
    evaluate(engine, expression.step);
  }
  let length = sizeOf(object);
  const limit = to?.number;
  const isNegative = isBelowZero(ends.to);
  if (expression.view === true && ends.to !== undefined && namesIn(ends.to).size > 0 && (constantValue(length) ?? 0) > fixedCapacity) {
    // Of an array of a fixed capacity what lies before a place that the input gives, which another function may have read.
    length = limit === undefined || isConstant(limit) ? size(object.label === '' ? 'n' : `len(${object.label})`) : limit;
  } else if (limit !== undefined && !isNegative && isConstant(limit)) {
    length = minimum(length, limit);
  }
  // x[i:i + k] has k items.
  const last = ends.to ?? (ends.from === undefined ? undefined : endOfRest(engine, expression.object, ends.from));
  const distance = ends.from === undefined || last === undefined ? undefined : stretchBetween(engine, ends.from, last);
  if (distance !== undefined) {
    const apart = distance.places.reduce((sum, place) => add(sum, multiply(constant(place.factor), magnitude(evaluate(engine, place.expression)))), constant(distance.number));
    length = isConstant(apart) && distance.places.length > 0 && !isConstant(length) && expression.view === true ? length : minimum(length, apart);
  }
  if (isBelowZero(ends.from) && from !== undefined && ends.to === undefined && isConstant(magnitude(from))) {
    length = minimum(length, magnitude(from));
  }
  // Steps of 1, 2, 3, … from a loop around: n/1 + n/2 + … = n log n together.
  const { step } = expression;
  const counting = step === undefined ? undefined : engine.openLoops().find((loop) => loop.loop !== undefined && loopVariables(loop.loop).some((name) => usesName(step, name)));
  if (counting?.parent !== undefined) {
    const together = multiply(length, logarithm(length));
    engine.chargeTo(counting.parent, together, [evidence('library', expression.lines, t('steps of 1, 2, 3, … add up to a harmonic sum: n/1 + n/2 + … = n log n'), one, together)]);
    length = logarithm(length);
  }
  const isView = engine.program.language === 'go' || expression.view === true;
  const share = pieceShare(engine, expression, expression.from, isBackward ? expression.to : last, sizeOf(object), expression.step, length);
  length = share ?? length;
  const text = t('a slice copies its items');
  // A line without its end (`line[:-1]`) is read all the same.
  const isLine = object.input === 'string' && expression.from === undefined && expression.step === undefined && isNegative;
  const isWhole = expression.from === undefined && expression.to === undefined;
  if (!isView && !isLine && !(isWhole && chargeShared(engine, expression.object, object, length, expression.lines, text))) {
    chargePiece(engine, expression, length, sizeOf(object), text);
  }
  const copy = makeValue(object.kind, { label: object.label, size: length, input: isLine ? object.input : undefined, element: object.element ?? elementOf(object), type: object.type, adjacent: isWhole && object.adjacent, total: isWhole ? object.total : undefined, nodes: isWhole && object.adjacent ? object.nodes : undefined });
  return isView || object.kind === 'string' ? copy : engine.allocate(copy);
}

/** Where `xs[i:]` ends, as seen from `i`: no more than `i + k`, where a test just before said that `k` items do not fit in. */
function endOfRest(engine: Engine, object: Expression, from: Expression): Expression | undefined {
  const rest = remainderBetween(engine, from, { kind: 'member', lines: from.lines, object, name: 'length' });
  return rest === undefined ? undefined : { kind: 'binary', lines: from.lines, operator: '+', left: from, right: rest };
}

function isBelowZero(expression: Expression | undefined): boolean {
  return expression?.kind === 'unary' || (expression?.kind === 'literal' && typeof expression.value === 'number' && expression.value < 0);
}

function newValue(engine: Engine, expression: Expression & { kind: 'new' }, hint: string): Value {
  const { type } = expression;
  if (expression.items !== undefined) {
    const items = expression.items.map((item) => evaluate(engine, item));
    return engine.allocate(
      makeValue(collectionKinds.has(type.kind) ? type.kind : 'object', {
        label: hint, type, items: items.length <= 12 ? items : undefined,
        // An object around a collection is as large as that.
        size: collectionKinds.has(type.kind) ? constant(items.length) : items.filter(isCollection).map(sizeOf).reduce(maximum, constant(items.length)),
        element: items.length > 0 ? items.reduce((one, other) => joinValues(one, other)) : undefined,
      }),
    );
  }
  if (expression.dimensions !== undefined) {
    return arrayValue(engine, type, expression.dimensions.map((dimension) => magnitude(evaluate(engine, dimension))), expression, hint);
  }
  return applyCall(engine, { kind: 'call', lines: expression.lines, callee: { kind: 'name', name: type.name, lines: expression.lines }, args: expression.args, names: expression.fields }, hint, type);
}

/** An array of the given dimensions, filled with zeros. */
export function arrayValue(engine: Engine, type: Type, dimensions: readonly Value['size'][], expression: Expression, hint: string): Value {
  const [first, ...rest] = dimensions;
  const array = engine.allocate(makeValue(collectionKinds.has(type.kind) ? type.kind : 'array', { label: hint, type, size: first ?? constant(0) }));
  let cells = first ?? constant(0);
  if (rest.length > 0) {
    const inner = type.args[0] ?? type;
    const outer = array.depth;
    let element: Value | undefined;
    for (let at = rest.length - 1; at >= 0; at--) {
      let innerType = inner;
      for (let level = 0; level < at; level++) {
        innerType = innerType.args[0] ?? innerType;
      }
      cells = multiply(cells, rest[at] ?? one);
      element = makeValue('array', { type: innerType, size: rest[at], element, allocated: true, depth: outer });
      if (element.element === undefined && innerType.args[0] !== undefined) {
        element.element = zeroValue(innerType.args[0]);
      }
    }
    array.element = element;
  } else if (type.args[0] !== undefined) {
    array.element = zeroValue(type.args[0]);
  }
  engine.charge(cells, evidence('library', expression.lines, () => t('makes an array of {0} cells', bigO(cells)), one, cells));
  return array;
}

function zeroValue(type: Type): Value {
  if (type.kind === 'number' || type.kind === 'boolean' || type.kind === 'char') {
    return smallValue(type.kind);
  }
  const value = makeValue(type.kind, { type, allocated: true });
  if (collectionKinds.has(type.kind)) {
    value.size = constant(0);
  }
  return value;
}

function assignValue(engine: Engine, expression: Expression & { kind: 'assign' }): Value {
  const hint = expression.target.kind === 'name' ? expression.target.name : '';
  const value = evaluate(engine, expression.value, hint);
  if (expression.operator === undefined) {
    store(engine, expression.target, value);
    return value;
  }
  return storeCombined(engine, expression.target, expression.operator, value, expression);
}

function comprehensionValue(engine: Engine, expression: Expression & { kind: 'comprehension' }, hint: string): Value {
  let element = nothing();
  let value: Value | undefined;
  let count = one;
  let source: Value['input'];
  const made = makeValue(expression.result === 'iterator' ? 'iterator' : expression.result, { label: hint });
  const clause = (at: number): void => {
    const part = expression.clauses[at];
    if (part === undefined) {
      const row = expression.result === 'list' || expression.result === 'iterator' ? rowOfInput(engine, expression.element, hint) : undefined;
      element = row ?? evaluate(engine, expression.element);
      value = expression.value === undefined ? undefined : evaluate(engine, expression.value);
      engine.charge(one);
      return;
    }
    const iterable = evaluate(engine, part.iterable);
    if (at === 0 && expression.clauses.length === 1 && iterable.input !== undefined) {
      source = 'list';
    }
    const item = expression.value ?? expression.element;
    if (expression.clauses.length === 1 && item.kind === 'name' && targetNames(part.target).includes(item.name)) {
      // The items themselves, or some of them: together no more than there were.
      made.total = iterable.total;
    }
    const trips = runLoop(engine, {
      lines: expression.lines, target: part.target, iterable, iterableExpression: part.iterable, comprehension: expression, hint,
      body: () => {
        noteClause(engine, part);
        for (const condition of part.conditions) {
          evaluate(engine, condition);
        }
        clause(at + 1);
      },
    });
    count = multiply(count, trips);
    // One item for each child or neighbour: for all nodes together as many as there are of those.
    const together = expression.clauses.length === 1 && expression.result !== 'map' && engine.namedActive()?.recursive === true ? sharedTotal(engine, part.iterable, iterable) : undefined;
    if (together !== undefined && together.frame === undefined) {
      made.adjacent = true;
      made.nodes = together.total;
    }
  };
  clause(0);
  const own = isCollection(element) ? element.size : undefined;
  const all = own === undefined ? undefined : settled(engine.solved, own);
  if (own !== undefined && all !== own && all !== undefined) {
    // Parts of one thing: all of them together are as large as it is.
    const [share] = sizesIn(own);
    made.total = expression.clauses.length === 1 ? all : undefined;
    element = copyOf(element, { size: (share === undefined ? undefined : longestShare(engine, share)) ?? all });
  }
  made.size = count;
  if ((expression.result === 'set' || expression.result === 'map') && isLetter(element) && !isConstant(count)) {
    made.size = one;
    boundByLetters(engine, made);
  }
  made.input = source;
  if (expression.result === 'map') {
    made.key = element;
    made.element = value;
  } else {
    made.element = element;
  }
  return expression.result === 'iterator' ? made : engine.allocate(made);
}
