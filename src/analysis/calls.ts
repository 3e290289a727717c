import { t } from '../core/l10n';
import {
  add, constant, exponential, factorial, isConstant, logarithm, maximum, minimum, multiply, one, power, size, sizesIn, zero, type Growth,
} from './bigO';
import { functionNamed } from './changes';
import { bigO, evidence, nothing, type Engine } from './engine';
import { addEntry, arrayValue, evaluate, fieldOf, mergeElement, store } from './expressions';
import type { Expression, FunctionIr, Lines, Type } from './ir';
import { operationFor, typeNamed, type Cost, type Operation } from './library';
import { callFunction } from './recursion';
import {
  collectionKinds, elementOf, isCollection, joinValues, keyOfMap, magnitude, makeValue, newScope, numberValue, sizeOf, smallValue, totalSize, type Value,
} from './values';
import { keyOf, rootOf } from './visit';

type Call = Expression & { kind: 'call' };

/** Follows a call: of the program's own functions, of the library, or of a constructor. */
export function applyCall(engine: Engine, call: Call, hint: string, made?: Type): Value {
  if (made !== undefined) {
    return construct(engine, made, call, hint);
  }
  const { callee } = call;
  if (callee.kind === 'name') {
    return callByName(engine, call, callee.name, hint);
  }
  if (callee.kind === 'member') {
    return callMember(engine, call, callee, hint);
  }
  const value = evaluate(engine, callee);
  const args = call.args.map((arg) => evaluate(engine, arg));
  return value.closure === undefined ? makeValue('unknown', { label: hint }) : callFunction(engine, value.closure.fn, value.closure.scope, value.closure.receiver, args, call);
}

function callByName(engine: Engine, call: Call, name: string, hint: string): Value {
  const local = engine.value(name) ?? engine.receiver?.fields?.get(name);
  if (local?.closure !== undefined) {
    const args = evaluateArgs(engine, call);
    return callFunction(engine, local.closure.fn, local.closure.scope, local.closure.receiver, args, call);
  }
  const fn = ownFunction(engine, name, engine.receiver?.type.name, call.args.length);
  if (fn !== undefined) {
    const args = evaluateArgs(engine, call);
    return callFunction(engine, fn, engine.globals, fn.owner === undefined ? undefined : engine.receiver, args, call);
  }
  if (engine.classesByName.has(name)) {
    return construct(engine, { kind: 'object', name, args: [] }, call, hint);
  }
  const operation = functionNamed(engine.library, name);
  if (operation !== undefined) {
    const [first, ...rest] = call.args;
    const subject = first === undefined ? nothing() : evaluate(engine, first.kind === 'spread' ? first.value : first);
    return applyOperation(engine, operation, subject, first, rest, call, hint, name);
  }
  if (Object.hasOwn(engine.library.types, name)) {
    return construct(engine, typeNamed(engine.library, name), call, hint);
  }
  const args = evaluateArgs(engine, call);
  const [only] = args;
  engine.charge(one);
  return makeValue('unknown', { label: hint, nodes: only?.nodes });
}

function evaluateArgs(engine: Engine, call: Call): Value[] {
  return call.args.map((arg) => evaluate(engine, arg));
}

/** The program's function of this name: of the class at hand first, with a fitting number of parameters where there are several. */
export function ownFunction(engine: Engine, name: string, owner: string | undefined, count: number): FunctionIr | undefined {
  const all = engine.functionsByName.get(name);
  if (all === undefined) {
    return undefined;
  }
  if (all.length === 1) {
    return all[0];
  }
  const fits = all.filter((fn) => fn.params.length === count);
  const candidates = fits.length > 0 ? fits : all;
  return candidates.find((fn) => fn.owner === owner && owner !== undefined) ?? candidates[0];
}

function callMember(engine: Engine, call: Call, callee: Expression & { kind: 'member' }, hint: string): Value {
  const full = keyOf(callee);
  const { object } = callee;
  if (object.kind === 'name' && object.name === 'this') {
    const field = engine.receiver?.fields?.get(callee.name);
    const fn = field?.closure?.fn ?? ownFunction(engine, callee.name, engine.receiver?.type.name, call.args.length);
    if (fn !== undefined) {
      return callFunction(engine, fn, field?.closure?.scope ?? engine.globals, engine.receiver, evaluateArgs(engine, call), call);
    }
  }
  if (Object.hasOwn(engine.library.functions, full) && !isVariable(engine, object)) {
    const operation = engine.library.functions[full] ?? {};
    const [first, ...rest] = call.args;
    const subject = first === undefined ? nothing() : evaluate(engine, first.kind === 'spread' ? first.value : first);
    return applyOperation(engine, operation, subject, first, rest, call, hint, callee.name);
  }
  const subject = evaluate(engine, object);
  const method = engine.classesByName.get(subject.type.name)?.methods.find((fn) => fn.name === callee.name);
  if (method !== undefined) {
    return callFunction(engine, method, engine.globals, subject, evaluateArgs(engine, call), call);
  }
  const own = subject.fields?.get(callee.name);
  if (own?.closure !== undefined) {
    return callFunction(engine, own.closure.fn, own.closure.scope, own.closure.receiver, evaluateArgs(engine, call), call);
  }
  if (!isCollection(subject)) {
    const fn = ownFunction(engine, callee.name, subject.type.name, call.args.length);
    if (fn !== undefined && !(subject.kind === 'unknown' && subject.label !== '' && Object.hasOwn(engine.library.methods, callee.name))) {
      return callFunction(engine, fn, engine.globals, subject.fields === undefined && fn.owner === engine.receiver?.type.name ? engine.receiver : subject, evaluateArgs(engine, call), call);
    }
  }
  if (subject.closure !== undefined) {
    // A function object called through its method: apply, accept, run.
    return callFunction(engine, subject.closure.fn, subject.closure.scope, subject.closure.receiver, evaluateArgs(engine, call), call);
  }
  const operation = Object.hasOwn(engine.library.methods, callee.name) ? operationFor(engine.library.methods[callee.name], subject.kind) : undefined;
  if (operation !== undefined) {
    return applyOperation(engine, operation, subject, object, call.args, call, hint, callee.name);
  }
  if (!isVariable(engine, object)) {
    const qualified = functionNamed(engine.library, callee.name);
    if (qualified !== undefined) {
      const [first, ...rest] = call.args;
      const value = first === undefined ? nothing() : evaluate(engine, first.kind === 'spread' ? first.value : first);
      return applyOperation(engine, qualified, value, first, rest, call, hint, callee.name);
    }
  }
  evaluateArgs(engine, call);
  engine.charge(one);
  const value = makeValue('unknown', { label: hint });
  if (subject.nodes !== undefined) {
    value.nodes = subject.nodes;
  }
  return value;
}

function isVariable(engine: Engine, expression: Expression): boolean {
  let at = expression;
  while (at.kind === 'member') {
    at = at.object;
  }
  return at.kind !== 'name' || at.name === 'this' || engine.value(at.name) !== undefined;
}

/** Makes an object or a collection. */
function construct(engine: Engine, type: Type, call: Call, hint: string): Value {
  const declared = engine.classesByName.get(type.name);
  if (declared !== undefined) {
    const args = evaluateArgs(engine, call);
    const object = instantiate(engine, type.name);
    const constructor = declared.methods.find((fn) => fn.constructs === true && fn.params.length === args.length) ?? declared.methods.find((fn) => fn.constructs === true);
    if (constructor !== undefined) {
      callFunction(engine, constructor, engine.globals, object, args, call);
    }
    return object;
  }
  const args = evaluateArgs(engine, call);
  const [first, second] = args;
  if (!collectionKinds.has(type.kind)) {
    engine.charge(one);
    if (type.kind === 'number' || type.kind === 'char' || type.kind === 'boolean') {
      return first === undefined ? smallValue(type.kind) : numberValue(magnitude(first));
    }
    const nodes = args.reduce<Growth | undefined>((most, arg) => (arg.nodes === undefined ? most : most === undefined ? arg.nodes : maximum(most, arg.nodes)), undefined);
    return makeValue(type.kind, { type, label: hint, nodes: nodes ?? size('n') });
  }
  const collection = makeValue(type.kind, { type, label: hint, size: zero });
  if (first !== undefined && isCollection(first)) {
    const length = sizeOf(first);
    const cost = type.kind === 'sortedSet' || type.kind === 'sortedMap' ? multiply(length, logarithm(length)) : length;
    engine.charge(cost, evidence('library', call.lines, t('copies all items'), one, cost));
    collection.size = length;
    collection.element = first.element ?? elementOf(first);
    collection.key = first.key;
  } else if (first !== undefined && engine.library.sizedConstructors.has(type.name)) {
    const length = magnitude(first);
    if (second !== undefined && isCollection(second)) {
      return arrayOfCopies(engine, collection, length, second, call.lines);
    }
    if (type.args[0] !== undefined && collectionKinds.has(type.args[0].kind)) {
      collection.element = makeValue(type.args[0].kind, { type: type.args[0], size: zero, allocated: true });
    }
    collection.size = length;
    collection.element ??= second ?? smallValue();
    engine.charge(length, evidence('library', call.lines, t('makes {0} items', bigO(length)), one, length));
  }
  return engine.allocate(collection);
}

function arrayOfCopies(engine: Engine, collection: Value, length: Growth, item: Value, lines: Lines): Value {
  const cells = multiply(length, maximum(totalSize(item), one));
  engine.charge(cells, evidence('library', lines, t('makes an array of {0} cells', bigO(cells)), one, cells));
  collection.size = length;
  collection.element = { ...item, allocated: true };
  return engine.allocate(collection);
}

/** An object of a class of the program, its fields set as they are declared. */
export function instantiate(engine: Engine, className: string): Value {
  const object = makeValue('object', { type: { kind: 'object', name: className, args: [] }, label: 'this', fields: new Map() });
  const seen = new Set<string>();
  const outer = engine.receiver;
  engine.receiver = object;
  const fill = (name: string): void => {
    const declared = engine.classesByName.get(name);
    if (declared === undefined || seen.has(name)) {
      return;
    }
    seen.add(name);
    declared.bases.forEach(fill);
    for (const field of declared.fields) {
      let value: Value;
      if (field.value !== undefined) {
        value = evaluate(engine, field.value, field.name);
        if (field.type !== undefined && value.kind === 'unknown') {
          value.kind = field.type.kind;
          value.type = field.type;
        }
      } else if (field.type === undefined || field.type.kind === 'object') {
        continue;
      } else {
        value = makeValue(field.type.kind, { type: field.type, label: field.name, number: field.type.kind === 'number' ? undefined : field.type.kind === 'char' || field.type.kind === 'boolean' ? one : undefined });
      }
      object.fields?.set(field.name, value);
    }
  };
  fill(className);
  engine.receiver = outer;
  return object;
}

function costOf(engine: Engine, cost: Cost, subject: Value, args: readonly Value[], argExpressions: readonly Expression[]): Growth {
  const n = (): Growth => sizeOf(subject);
  const argument = args[0];
  const m = (): Growth => (argument === undefined ? one : isCollection(argument) ? sizeOf(argument) : one);
  switch (cost) {
    case 'constant':
      return one;
    case 'size':
      return isCollection(subject) || subject.kind === 'unknown' ? n() : one;
    case 'log':
      return logarithm(n());
    case 'sort':
      return multiply(n(), logarithm(n()));
    case 'argument':
      return m();
    case 'argument-log':
      return multiply(m(), logarithm(maximum(m(), n())));
    case 'size-or-argument':
      return maximum(n(), m());
    case 'product':
      return argument?.kind === 'char' || (argument?.size !== undefined && isConstant(argument.size)) ? n() : maximum(n(), m());
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

/** The function value among the arguments: a lambda, a named function, a reference to a method. */
function callbackAmong(args: readonly Value[]): Value | undefined {
  return args.find((arg) => arg.closure !== undefined);
}

/** Applies an operation of the library: its cost, what it changes, and what it gives. */
export function applyOperation(
  engine: Engine, operation: Operation, subject: Value, subjectExpression: Expression | undefined, argExpressions: readonly Expression[],
  call: Call, hint: string, name: string,
): Value {
  let callbackSubject = subject;
  let argNodes = argExpressions;
  let args = argExpressions.map((arg) => evaluate(engine, arg));
  // map(f, xs), filter(f, xs), reduce(f, xs): the function comes first.
  if (subject.closure !== undefined && args[0] !== undefined && operation.callback !== undefined) {
    callbackSubject = args[0];
    args = [subject, ...args.slice(1)];
    argNodes = argExpressions.slice(1);
  } else if (operation.callback !== undefined && subject.kind === 'function' && args[0] !== undefined) {
    callbackSubject = args[0];
  } else if (operation.callback !== undefined && /^(?:map|filter|reduce)$/.test(name) && call.callee.kind === 'name' && args[0] !== undefined) {
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
  // max(a, b) of two numbers looks at two, not at the items of a.
  const several = (operation.result === 'maximum' || operation.result === 'minimum') && args.length > 0 && !isCollection(subject);
  // Taking a line of input apart costs what is made of it.
  const isInput = target.input === 'string' && (operation.result === 'split' || operation.result === 'copy' || operation.result === 'digits');
  const cost = several || isInput ? one : costOf(engine, operation.cost ?? 'constant', target, args, argNodes);
  engine.charge(cost, isConstant(cost) ? undefined : evidence('library', call.lines, t('{0} costs {1}', name.replace('@', ''), bigO(cost)), one, cost));
  const callback = operation.callback === undefined ? undefined : callbackAmong(args);
  let produced: Value | undefined;
  if (callback?.closure !== undefined) {
    const { fn, scope, receiver } = callback.closure;
    const element = elementOf(target);
    const runs = operation.callback === 'once' ? one : operation.callback === 'compare' && fn.params.length >= 2 ? cost : sizeOf(target);
    const given = fn.params.map((_, at) => (at === 0 ? element : operation.callback === 'compare' ? element : operation.result === 'element' ? element : numberValue(sizeOf(target))));
    const frame = engine.inFrame('loop', { trips: runs }, () => {
      produced = callFunction(engine, fn, scope, receiver, given, call);
    });
    engine.charge(target.input !== undefined && isConstant(frame.cost) ? one : multiply(runs, frame.cost), evidence('loop', call.lines, t('{0} calls its function for each item', name.replace('@', '')), runs, frame.cost, frame.items));
  }
  applyEffect(engine, operation, target, subjectExpression, args, argExpressions, produced, call);
  return resultOf(engine, operation, target, args, argExpressions, produced, call, hint);
}

/** The collection that the place `expression` is an item of, and the variable at its root. */
function containerOf(engine: Engine, expression: Expression | undefined): { container: Value | undefined; depth: number | undefined; nested: boolean } {
  if (expression === undefined) {
    return { container: undefined, depth: undefined, nested: false };
  }
  const root = rootOf(expression);
  const value = root === undefined ? undefined : root.startsWith('this.') ? engine.receiver?.fields?.get(root.slice(5)) : (engine.value(root) ?? engine.receiver?.fields?.get(root));
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

function grow(engine: Engine, subject: Value, place: Expression | undefined, amount: Growth): void {
  const { container, depth, nested } = containerOf(engine, place);
  if (nested && container !== undefined && depth !== undefined && isCollection(container)) {
    const all = multiply(amount, engine.tripsSince(depth));
    subject.size = add(sizeOf(subject), all);
    container.total = add(container.total ?? zero, all);
    if ((container.kind === 'map' || container.kind === 'sortedMap') && engine.library.indexInserts) {
      container.size = add(sizeOf(container), one);
    }
    container.element ??= subject;
  } else {
    subject.size = add(sizeOf(subject), amount);
  }
  subject.items = undefined;
}

/**
 * A text as it is kept in a list while the loop around makes it longer. Its pieces are put together again from what was
 * kept, so its size then is not counted as growing with itself.
 */
function snapshot(item: Value | undefined): Value | undefined {
  if (item === undefined) {
    return undefined;
  }
  if (item.items !== undefined) {
    return { ...item, items: item.items.map((each) => snapshot(each) ?? each) };
  }
  if ((item.kind === 'string' || item.kind === 'builder') && item.size !== undefined && [...sizesIn(item.size)].some((name) => name.startsWith('§'))) {
    return { ...item, size: one };
  }
  return item;
}

function applyEffect(
  engine: Engine, operation: Operation, subject: Value, place: Expression | undefined, args: readonly Value[], argExpressions: readonly Expression[],
  produced: Value | undefined, _call: Call,
): void {
  switch (operation.effect) {
    case 'push': {
      if (subject.kind === 'unknown') {
        subject.kind = 'list';
      }
      const item = snapshot(args[args.length - 1]);
      grow(engine, subject, place, one);
      if (item !== undefined && item.kind !== 'void') {
        subject.element = subject.element === undefined ? item : mergeElement(subject.element, item);
      }
      break;
    }
    case 'extend': {
      const more = args[0] ?? args[args.length - 1];
      if (more !== undefined) {
        grow(engine, subject, place, isCollection(more) ? sizeOf(more) : one);
        if (isCollection(more)) {
          subject.element = subject.element === undefined ? elementOf(more) : joinValues(subject.element, elementOf(more));
          subject.key ??= more.key;
        }
      }
      break;
    }
    case 'put': {
      const [key, value] = args;
      const stored = produced ?? value;
      if (key !== undefined) {
        addEntry(engine, subject, key, stored ?? nothing(), undefined);
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
        subject.element = item.kind === 'void' ? subject.element : subject.element === undefined ? item : mergeElement(subject.element, item);
      }
      break;
    }
    default:
  }
}

function resultOf(
  engine: Engine, operation: Operation, subject: Value, args: readonly Value[], argExpressions: readonly Expression[], produced: Value | undefined,
  call: Call, hint: string,
): Value {
  const like = (kind: Value['kind'], length: Growth, element: Value | undefined): Value => {
    const made = makeValue(operation.kind ?? kind, { size: length, element, label: hint });
    return made.kind === 'iterator' ? made : engine.allocate(made);
  };
  const [first, second] = args;
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
      if (subject.kind === 'map' || subject.kind === 'sortedMap') {
        return produced ?? joinOptional(elementOf(subject), second ?? (argExpressions.length > 1 ? first : undefined));
      }
      return elementOf(subject);
    }
    case 'key':
      return subject.kind === 'map' || subject.kind === 'sortedMap' ? keyOfMap(subject) : (subject.items?.[0] ?? elementOf(subject));
    case 'subject':
      return subject;
    case 'copy': {
      const kind = operation.kind ?? subject.kind;
      const copy = makeValue(kind, { size: sizeOf(subject), element: subject.element ?? (isCollection(subject) ? elementOf(subject) : undefined), key: subject.key, type: subject.type, label: hint, input: subject.input });
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
      return made;
    }
    case 'iterator': {
      const made = makeValue('iterator', { size: sizeOf(subject), element: subject.kind === 'map' ? keyOfMap(subject) : elementOf(subject), label: subject.label, adjacent: subject.adjacent, total: subject.total });
      return made;
    }
    case 'keys':
      // The keys of a list are its positions.
      return makeValue('iterator', { size: sizeOf(subject), element: subject.kind === 'list' || subject.kind === 'array' || subject.kind === 'string' ? numberValue(sizeOf(subject)) : keyOfMap(subject) });
    case 'values':
      return makeValue('iterator', { size: sizeOf(subject), element: elementOf(subject), total: subject.total });
    case 'entries': {
      const element = elementOf(subject);
      const pair = makeValue('tuple', { items: [keyOfMap(subject), element], size: constant(2), element });
      pair.key = keyOfMap(subject);
      return makeValue('iterator', { size: sizeOf(subject), element: pair, total: subject.total });
    }
    case 'indexed': {
      const element = elementOf(subject);
      return makeValue('iterator', { size: sizeOf(subject), element: makeValue('tuple', { items: [numberValue(sizeOf(subject)), element], size: constant(2) }), total: subject.total, adjacent: subject.adjacent });
    }
    case 'zipped': {
      const all = [subject, ...args].filter((each) => isCollection(each) || each.kind === 'unknown');
      const length = all.map(sizeOf).reduce(minimum, sizeOf(subject));
      return makeValue('iterator', { size: length, element: makeValue('tuple', { items: all.map(elementOf), size: constant(all.length) }) });
    }
    case 'mapped': {
      const made = makeValue(operation.kind ?? 'iterator', { size: sizeOf(subject), element: produced ?? elementOf(subject), label: hint });
      if (subject.input !== undefined) {
        made.input = 'list';
        made.element = produced ?? numberValue(size(hint === '' ? 'n' : hint));
      }
      return made.kind === 'iterator' ? made : engine.allocate(made);
    }
    case 'flattened': {
      const inner = produced ?? elementOf(subject);
      return like('list', multiply(sizeOf(subject), isCollection(inner) ? sizeOf(inner) : one), isCollection(inner) ? elementOf(inner) : inner);
    }
    case 'filtered':
      return makeValue(operation.kind ?? subject.kind, { size: sizeOf(subject), element: elementOf(subject) });
    case 'grouped':
      return like('map', sizeOf(subject), makeValue('list', { size: sizeOf(subject), element: elementOf(subject) }));
    case 'counted': {
      const made = like('map', subject.kind === 'void' ? zero : sizeOf(subject), smallValue());
      made.element = numberValue(subject.kind === 'void' ? one : sizeOf(subject));
      made.key = subject.kind === 'void' ? undefined : elementOf(subject);
      // The letters of a text are bounded by the alphabet.
      if (subject.kind === 'string') {
        made.size = one;
      }
      return made;
    }
    case 'concatenated':
      return like(isCollection(subject) ? subject.kind : 'list', [subject, ...args].map((each) => (isCollection(each) ? sizeOf(each) : one)).reduce(add, zero), elementOf(subject));
    case 'joined': {
      const parts = args[args.length - 1] ?? subject;
      return makeValue('string', { size: parts.total ?? (isCollection(elementOf(parts)) ? totalSize(parts) : sizeOf(parts)), label: hint });
    }
    case 'part': {
      const last = second ?? first;
      const length = last?.number !== undefined && isConstant(last.number) && (argExpressions.length > 1 || argExpressions[0]?.kind === 'literal') ? minimum(sizeOf(subject), last.number) : sizeOf(subject);
      return makeValue(subject.kind === 'builder' ? 'string' : subject.kind, { size: second === undefined ? sizeOf(subject) : length, element: subject.element, type: subject.type, label: subject.label });
    }
    case 'split':
      return subject.input === undefined
        ? Object.assign(like('list', sizeOf(subject), makeValue('string', { label: hint === '' ? '' : `${hint}[0]`, size: sizeOf(subject) })), { total: sizeOf(subject) })
        : makeValue('list', { label: hint, size: size(hint === '' ? 'n' : `len(${hint})`), input: 'list', element: makeValue('string', { label: `${hint}[0]`, input: 'string' }) });
    case 'characters': {
      const made = like('list', sizeOf(subject), smallValue('char'));
      made.input = subject.input === undefined ? undefined : 'list';
      return made;
    }
    case 'digits':
      return makeValue('string', { label: hint, size: subject.number !== undefined ? logarithm(subject.number) : isCollection(subject) ? sizeOf(subject) : subject.kind === 'char' ? one : logarithm(magnitude(subject)) });
    case 'parsed':
      return subject.input !== undefined || subject.kind === 'string' ? makeValue('number', { number: size(hint === '' ? (subject.label === '' ? 'n' : subject.label) : hint), label: hint, input: subject.input === undefined ? undefined : 'number' }) : { ...subject, kind: 'number' };
    case 'range': {
      const bound = argExpressions.length >= 1 && first !== undefined ? maximum(magnitude(first), argExpressions.length >= 1 && isDescending(call) ? magnitude(subject) : zero) : magnitude(subject);
      const step = call.args[2];
      const trips = rangeTrips(engine, call, subject, first, second);
      void step;
      return makeValue('iterator', { size: trips, element: numberValue(maximum(bound, one)) });
    }
    case 'repeated': {
      const length = multiply(sizeOf(subject), first === undefined ? one : magnitude(first));
      return makeValue(subject.kind, { size: length, element: subject.element });
    }
    case 'sum':
      return numberValue(sumOf(subject), hint);
    case 'maximum': {
      const all = isCollection(subject) ? [elementOf(subject), ...args.filter((each) => each.closure === undefined)] : [subject, ...args.filter((each) => each.closure === undefined)];
      return all.every((each) => !isCollection(each)) ? numberValue(all.map(magnitude).reduce(maximum), '') : all.reduce(joinValues);
    }
    case 'minimum': {
      const all = isCollection(subject) ? [elementOf(subject), ...args.filter((each) => each.closure === undefined)] : [subject, ...args.filter((each) => each.closure === undefined)];
      return all.every((each) => !isCollection(each)) ? numberValue(maximum(all.map(magnitude).reduce(minimum), one), '') : all.reduce(joinValues);
    }
    case 'magnitude':
      return operation.kind === 'tuple' ? makeValue('tuple', { items: [numberValue(magnitude(subject)), numberValue(magnitude(first ?? subject))], size: constant(2) }) : { ...numberValue(magnitude(subject)), middle: subject.middle };
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
      return numberValue(isConstant(by) ? power(magnitude(subject), Math.max(1, Math.min(8, by.terms[0]?.coefficient ?? 1))) : exponential(magnitude(subject), by));
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
        made.element = undefined;
        return engine.allocate(made);
      }
      if (operation.kind === 'tuple') {
        made.items = given;
        made.size = constant(given.length);
      } else if (given.length > 0) {
        made.size = given.some(isCollection) && given.length === 1 ? sizeOf(given[0] ?? subject) : constant(given.length);
        made.element = given.map((each) => each).reduce(joinValues);
      }
      return engine.allocate(made);
    }
  }
}

function joinOptional(a: Value, b: Value | undefined): Value {
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
  return step?.kind === 'unary' && step.operator === '-';
}

/** How many numbers `range(…)` gives: the bound, or the difference of the bounds where that is a constant; divided by the step. */
function rangeTrips(engine: Engine, call: Call, subject: Value, first: Value | undefined, second: Value | undefined): Growth {
  const [from, to] = call.args;
  let trips: Growth;
  if (to === undefined || from === undefined || first === undefined) {
    trips = magnitude(subject);
  } else if (isDescending(call)) {
    trips = maximum(magnitude(subject), one);
  } else if (isOffset(to, from)) {
    trips = constant(2);
  } else if (to.kind === 'binary' && to.operator === '+' && keyOf(to.left) === keyOf(from)) {
    let by: Value = first;
    engine.inFrame('branch', {}, () => {
      by = evaluate(engine, to.right);
    });
    trips = magnitude(by);
  } else {
    trips = magnitude(first);
  }
  if (second?.number !== undefined && !isDescending(call)) {
    const stepSize = second.number;
    return isConstant(stepSize) ? trips : { ...stepped(engine, trips, call, stepSize) };
  }
  return trips;
}

/** True for `x` and `x + 1`, `x - 1` and `x + 2`: a constant distance. */
function isOffset(a: Expression, b: Expression): boolean {
  if (a.kind === 'call' && a.callee.kind === 'name' && a.callee.name === 'min') {
    return a.args.some((arg) => isOffset(arg, b));
  }
  const base = (e: Expression): string => (e.kind === 'binary' && (e.operator === '+' || e.operator === '-') && e.right.kind === 'literal' ? keyOf(e.left) : keyOf(e));
  return base(a) === base(b) && a.kind !== 'literal';
}

/** A step that is the variable of a loop around: the harmonic sum n/1 + n/2 + … = n log n, so log n on average. */
function stepped(engine: Engine, trips: Growth, call: Call, step: Growth): Growth {
  const expression = call.args[2];
  const isLoopVariable = expression !== undefined && engine.openLoops().some((loop) => loop.loop !== undefined && loopVariables(loop.loop).some((name) => keyOf(expression).includes(name)));
  if (isLoopVariable) {
    engine.assume(t('steps of 1, 2, 3, … add up to a harmonic sum: n/1 + n/2 + … = n log n'));
    return logarithm(trips);
  }
  void step;
  return trips;
}

/** Names that a loop gives a new value in each iteration. */
export function loopVariables(loop: NonNullable<ReturnType<Engine['openLoops']>[number]['loop']>): string[] {
  if (loop.kind === 'forEach') {
    return loop.target.kind === 'name' ? [loop.target.name] : loop.target.kind === 'list' ? loop.target.items.flatMap((item) => (item.kind === 'name' ? [item.name] : [])) : [];
  }
  if (loop.kind === 'for') {
    return loop.init.flatMap((statement) => (statement.kind === 'declare' ? [statement.name] : statement.kind === 'assign' && statement.target.kind === 'name' ? [statement.target.name] : []));
  }
  return [];
}

export { arrayValue, fieldOf, newScope, store };
