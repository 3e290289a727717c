import { t } from '../../core/l10n';
import { type Growth, isConstant, logarithm, maximum, multiply, one, size, zero } from '../algebra/bigO';
import { functionNamed, isOverloadOf, meansLibrary } from '../program/changes';
import { bigO, type Engine, evidence, nothing } from './engine';
import { chargeFilled } from '../amortised/filled';
import { evaluate } from './expressions';
import type { Expression, FunctionIr, Lines, Type } from '../program/ir';
import { type Operation, operationFor, typeNamed } from '../library';
import { applyOperation } from './operations';
import { readInto, readPiece } from '../input/reading';
import { callFunction } from '../recursion/recursion';
import { shareArguments } from '../amortised/sharing';
import { boundByLetters, ofLetters, store } from './store';
import { collectionKinds, copyOf, elementOf, isCollection, magnitude, makeValue, numberValue, sizeOf, smallValue, totalSize, type Value } from './values';
import { dottedName } from '../program/visit';

export type Call = Expression & { kind: 'call' };

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
  const args = evaluateArgs(engine, call);
  return value.closure === undefined ? makeValue('unknown', { label: hint }) : callOwn(engine, value.closure.fn, value.closure.scope, value.closure.receiver, args, call);
}

function callByName(engine: Engine, call: Call, name: string, hint: string): Value {
  const local = engine.value(name) ?? engine.receiver?.fields?.get(name);
  if (local?.closure !== undefined) {
    const args = evaluateArgs(engine, call);
    return callOwn(engine, local.closure.fn, local.closure.scope, local.closure.receiver, args, call);
  }
  const fn = ownFunction(engine, name, engine.receiver?.type.name, call.args.length);
  if (fn !== undefined && !meansLibrary(engine.library, fn, name)) {
    const args = evaluateArgs(engine, call);
    return callOwn(engine, fn, engine.globals, fn.owner === undefined ? undefined : engine.receiver, args, call);
  }
  if (engine.classesByName.has(name)) {
    return construct(engine, { kind: 'object', name, args: [] }, call, hint);
  }
  const operation = functionNamed(engine.library, name) ?? readerNamed(engine, name);
  if (operation !== undefined) {
    const [first, ...rest] = call.args;
    const subject = first === undefined ? nothing() : evaluate(engine, first);
    return applyOperation(engine, operation, subject, first, rest, call, hint, name);
  }
  if (Object.hasOwn(engine.library.types, name)) {
    return construct(engine, typeNamed(engine.library, name), call, hint);
  }
  const args = evaluateArgs(engine, call);
  const [only] = args;
  nameFilled(engine, call, args);
  engine.meetUnknownCall(name);
  engine.charge(one);
  return makeValue('unknown', { label: hint, nodes: only?.nodes });
}

/** A function that is not known may read a number into a variable that has no value so far: `int n; read(n);` of C++. */
function nameFilled(engine: Engine, call: Call, args: readonly Value[]): void {
  if (engine.program.language !== 'cpp') {
    return;
  }
  const bodies = [engine.active[engine.active.length - 1]?.fn.body ?? [], engine.program.main];
  const isEmpty = (name: string): boolean => {
    const updates = bodies.flatMap((body) => engine.changes(body).updates.get(name) ?? []);
    return updates.some(({ declares }) => declares) && updates.every(({ amount, statement }) => amount === undefined && statement?.kind !== 'forEach');
  };
  call.args.forEach((arg, at) => {
    if (arg.kind === 'name' && args[at]?.kind === 'number' && isConstant(args[at].number ?? one) && isEmpty(arg.name)) {
      engine.bind(arg.name, makeValue('number', { number: size(arg.name), label: arg.name, input: 'number' }));
    }
  });
}

/** In a part of a program, `nextInt()` alone is a helper that reads like the method of that name. */
function readerNamed(engine: Engine, name: string): Operation | undefined {
  const operation = Object.hasOwn(engine.library.methods, name) ? operationFor(engine.library.methods[name], 'unknown') : undefined;
  return operation?.io === 'reads' && operation.result === 'input-number' && operation.unit === undefined ? operation : undefined;
}

/** A call of one of the program's functions; one that only takes the next number or word from the input is not followed. */
const callOwn: typeof callFunction = (engine, fn, scope, receiver, args, call) => {
  const value = readPiece(engine, fn) ?? callFunction(engine, fn, scope, receiver, shareArguments(engine, fn, args, call), call);
  for (const target of readInto(engine, fn, call)) {
    store(engine, target, makeValue('number', { number: size('input'), input: 'number' }));
  }
  return value;
};

function evaluateArgs(engine: Engine, call: Call): Value[] {
  return call.args.map((arg) => evaluate(engine, arg));
}

/** The program's function of this name: of the class at hand first, with a fitting number of parameters where there are several. */
export function ownFunction(engine: Engine, name: string, owner: string | undefined, count: number): FunctionIr | undefined {
  const all = engine.functionsNamed(name);
  if (all.length < 2) {
    return all[0] === undefined || isOverloadOf(engine, all[0], name, count) ? undefined : all[0];
  }
  const fits = all.filter((fn) => fn.params.length === count);
  const candidates = fits.length > 0 ? fits : all;
  return candidates.find((fn) => fn.owner === owner && owner !== undefined) ?? candidates[0];
}

function callMember(engine: Engine, call: Call, callee: Expression & { kind: 'member' }, hint: string): Value {
  const full = dottedName(callee);
  const { object } = callee;
  if (object.kind === 'name' && object.name === 'this') {
    const field = engine.receiver?.fields?.get(callee.name);
    const fn = field?.closure?.fn ?? ownFunction(engine, callee.name, engine.receiver?.type.name, call.args.length);
    if (fn !== undefined) {
      return callOwn(engine, fn, field?.closure?.scope ?? engine.globals, engine.receiver, evaluateArgs(engine, call), call);
    }
  }
  if (full !== undefined && Object.hasOwn(engine.library.functions, full) && !isVariable(engine, object)) {
    const operation = engine.library.functions[full] ?? {};
    const [first, ...rest] = call.args;
    const subject = first === undefined ? nothing() : evaluate(engine, first);
    return applyOperation(engine, operation, subject, first, rest, call, hint, callee.name);
  }
  const subject = evaluate(engine, object);
  const method = engine.classesByName.get(subject.type.name)?.methods.find((fn) => fn.name === callee.name);
  if (method !== undefined) {
    return callOwn(engine, method, engine.globals, subject, evaluateArgs(engine, call), call);
  }
  const own = subject.fields?.get(callee.name);
  if (own?.closure !== undefined) {
    return callOwn(engine, own.closure.fn, own.closure.scope, own.closure.receiver, evaluateArgs(engine, call), call);
  }
  if (!isCollection(subject)) {
    const fn = ownFunction(engine, callee.name, subject.type.name, call.args.length);
    if (fn !== undefined && !isOfAnotherModule(engine, object, fn) && !isForeign(engine, subject) && !(subject.kind === 'unknown' && subject.label !== '' && Object.hasOwn(engine.library.methods, callee.name))) {
      return callOwn(engine, fn, engine.globals, subject.fields === undefined && fn.owner === engine.receiver?.type.name ? engine.receiver : subject, evaluateArgs(engine, call), call);
    }
  }
  if (subject.closure !== undefined) {
    // A function object called through its method: apply, accept, run.
    return callOwn(engine, subject.closure.fn, subject.closure.scope, subject.closure.receiver, evaluateArgs(engine, call), call);
  }
  const operation = Object.hasOwn(engine.library.methods, callee.name) ? operationFor(engine.library.methods[callee.name], subject.kind) : undefined;
  if (operation !== undefined) {
    return applyOperation(engine, operation, subject, object, call.args, call, hint, callee.name);
  }
  if (!isVariable(engine, object)) {
    const qualified = functionNamed(engine.library, callee.name);
    if (qualified !== undefined) {
      const [first, ...rest] = call.args;
      const value = first === undefined ? nothing() : evaluate(engine, first);
      return applyOperation(engine, qualified, value, first, rest, call, hint, callee.name);
    }
  }
  evaluateArgs(engine, call);
  engine.meetUnknownCall(callee.name.replace('@', ''));
  engine.charge(one);
  const value = makeValue('unknown', { label: hint });
  if (subject.nodes !== undefined) {
    value.nodes = subject.nodes;
  }
  return value;
}

/** `unicodedata.normalize(…)` is not the program's own function `normalize`: that is no member of anything. */
function isOfAnotherModule(engine: Engine, object: Expression, fn: FunctionIr): boolean {
  return fn.owner === undefined && object.kind === 'name' && object.name !== 'this' && !engine.classesByName.has(object.name);
}

/** An object of a class that is not part of the code has methods of its own: `writer.println(x)` in a method `println`. */
function isForeign(engine: Engine, subject: Value): boolean {
  const { name, kind } = subject.type;
  // One letter is a parameter of a generic class or function, whose values may be of the program's classes.
  return kind === 'object' && name.length > 1 && !engine.classesByName.has(name) && !engine.program.classes.some((each) => each.bases.includes(name));
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
      callOwn(engine, constructor, engine.globals, object, args, call);
    }
    // `Stack { items: vec![] }`, `&Stack{items: make([]int, 0)}`: links to other objects are followed by their types.
    call.names?.forEach((name, at) => {
      const value = args[at];
      if (name !== undefined && value !== undefined && (isCollection(value) || value.kind === 'number')) {
        object.fields?.set(name, value);
      }
    });
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
  // A set or a map is made from items; a list made from something that is not known may be given its capacity.
  if (first !== undefined && (isCollection(first) || (first.kind === 'unknown' && isKeyed(type.kind)))) {
    const length = sizeOf(first);
    const isOfLetters = (type.kind === 'set' || type.kind === 'sortedSet') && ofLetters(first);
    const cost = !isOfLetters && (type.kind === 'sortedSet' || type.kind === 'sortedMap') ? multiply(length, logarithm(length)) : length;
    if (call.args[0] === undefined || !chargeFilled(engine, call.args[0], first, cost, call.args[0], t('copies all items'))) {
      engine.charge(cost, evidence('library', call.lines, t('copies all items'), one, cost));
    }
    collection.size = length;
    collection.element = first.element ?? elementOf(first);
    collection.key = first.key;
    if (isOfLetters) {
      collection.size = one;
      boundByLetters(engine, collection);
    }
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
    engine.charge(length, evidence('library', call.lines, () => t('makes {0} items', bigO(length)), one, length));
  }
  return engine.allocate(collection);
}

function isKeyed(kind: Type['kind']): boolean {
  return kind === 'set' || kind === 'map' || kind === 'sortedSet' || kind === 'sortedMap';
}

function arrayOfCopies(engine: Engine, collection: Value, length: Growth, item: Value, lines: Lines): Value {
  const cells = multiply(length, maximum(totalSize(item), one));
  engine.charge(cells, evidence('library', lines, () => t('makes an array of {0} cells', bigO(cells)), one, cells));
  collection.size = length;
  collection.element = copyOf(item, { allocated: true });
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
    // A field may hold an object of its own class, made with it as far as the code says.
    if (declared === undefined || seen.has(name) || engine.instantiating.has(name)) {
      return;
    }
    seen.add(name);
    engine.instantiating.add(name);
    declared.bases.forEach(fill);
    for (const field of declared.fields) {
      let value: Value;
      if (field.value !== undefined) {
        value = evaluate(engine, field.value, field.name);
        if (value.type.kind === 'unknown' && field.type?.kind === value.kind) {
          value.type = field.type;
        }
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
  seen.forEach((name) => engine.instantiating.delete(name));
  engine.receiver = outer;
  const initialiser = engine.classesByName.get(className)?.methods.find((fn) => fn.name === '<clinit>');
  if (initialiser !== undefined && !engine.active.some((active) => active.fn === initialiser)) {
    // What a static block puts into the fields is there once, before anything is called: it is no cost of a call.
    engine.inFrame('branch', {}, () => {
      callFunction(engine, initialiser, engine.globals, object, [], { kind: 'call', lines: initialiser.lines, callee: { kind: 'name', name: initialiser.name, lines: initialiser.lines }, args: [] });
    });
  }
  return object;
}
