import type { Changes, Mutation, Update } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Expression, FunctionIr } from '../program/ir';
import { Memo } from '../program/memo';
import type { Value } from '../following/values';

type Call = Expression & { kind: 'call' };

/** A place outside of a called function, such as `bag.items`, by a name that means it inside of that function. */
type Places = (name: string) => string | undefined;

const deepest = 3;

/** What one round of a block changes beside what the block says itself, as places that `placeValue` takes. */
interface Changed {
  /** Made larger: fields of objects (`bag.items` by `bag.add(x)`), and what is handed to a function that adds to its parameter (`put(list, x)`). */
  readonly grown: ReadonlySet<string>;
  /** What items are taken from by functions that are called. */
  readonly taken: ReadonlySet<string>;
}

/** Follows the calls of a block to the places that they make larger or take items from. */
export function changedByCalls(engine: Engine, changes: Changes): Changed {
  const changed = { grown: new Set<string>(), taken: new Set<string>() };
  for (const { object, effect } of changes.mutations) {
    const place = isGrowth(effect) && object.kind === 'member' ? placeOf(object, itself) : undefined;
    if (place !== undefined) {
      changed.grown.add(place);
    }
  }
  followCalls(engine, changes, itself, (fn, own, places) => {
    const names = changedIn(fn, own);
    for (const effect of ['grown', 'taken'] as const) {
      for (const name of names[effect]) {
        const place = places(name);
        if (place !== undefined) {
          changed[effect].add(place);
        }
      }
    }
  }, false);
  return changed;
}

/** The value at a place: a variable, or a field of one, however deep. */
export function placeValue(engine: Engine, place: string): Value | undefined {
  const [first = '', ...rest] = place.split('.');
  let value = first === 'this' ? engine.receiver : (engine.value(first) ?? engine.receiver?.fields?.get(first));
  for (const name of rest) {
    value = value?.fields?.get(name);
  }
  return value;
}

/** Puts `value` into a field of an object, where `place` is one that exists. */
export function storePlace(engine: Engine, place: string, value: Value): void {
  const at = place.lastIndexOf('.');
  placeValue(engine, place.slice(0, at))?.fields?.set(place.slice(at + 1), value);
}

function itself(name: string): string {
  return name;
}

function isGrowth(effect: string): boolean {
  return effect === 'push' || effect === 'extend' || effect === 'write';
}

function placeOf(expression: Expression | undefined, places: Places): string | undefined {
  if (expression?.kind === 'name') {
    return places(expression.name);
  }
  const object = expression?.kind === 'member' ? placeOf(expression.object, places) : undefined;
  return object === undefined || expression?.kind !== 'member' ? undefined : `${object}.${expression.name}`;
}

/** What is visited of each function that a block calls, however deep: its changes, and what its names mean outside. */
type Visit = (fn: FunctionIr, changes: Changes, places: Places) => void;

function followCalls(engine: Engine, changes: Changes, places: Places, visit: Visit, takesOpen: boolean, level = 0): void {
  if (level > deepest) {
    return;
  }
  for (const call of changes.calls) {
    const fn = functionCalled(engine, call, places);
    const own = fn === undefined ? changes : engine.changes(fn.body);
    if (fn === undefined || own === changes || (!takesOpen && engine.active.some((active) => active.fn === fn))) {
      continue;
    }
    const inside: Places = (name) => placeOutside(engine, fn, call, name, places);
    visit(fn, own, inside);
    followCalls(engine, own, inside, visit, takesOpen, level + 1);
  }
}

/** The program's function that a call means. */
export function functionCalled(engine: Engine, { callee }: Call, places: Places = itself): FunctionIr | undefined {
  if (callee.kind === 'name') {
    return engine.value(callee.name)?.closure?.fn ?? engine.functionsNamed(callee.name)[0];
  }
  const open = engine.active.find((active) => active.call.callee === callee);
  if (open !== undefined) {
    return open.fn;
  }
  const receiver = callee.kind === 'member' ? placeOf(callee.object, places) : undefined;
  const className = receiver === undefined ? undefined : placeValue(engine, receiver)?.type.name ?? ownerOf(engine, callee);
  return className === undefined || callee.kind !== 'member' ? undefined : engine.classesByName.get(className)?.methods.find((method) => method.name === callee.name);
}

/** The class of an object out of sight, where only one has such a method. */
function ownerOf(engine: Engine, callee: Expression): string | undefined {
  const [only, ...others] = callee.kind === 'member' ? engine.functionsNamed(callee.name) : [];
  return others.length === 0 ? only?.owner : undefined;
}

/** The place outside that `name` is a parameter of a function for, or a field of its object. */
function meaningOutside(engine: Engine, fn: FunctionIr, { callee, args }: Call, name: string, places: Places): string | undefined {
  const { params, owner, body } = fn;
  const [first = '', ...rest] = name.split('.');
  const at = params.findIndex((param) => param.name === first);
  const isThis = first === 'this';
  if (!isThis && at >= 0) {
    const arg = isShared(engine, fn, at, rest.length > 0) ? placeOf(args[at], places) : undefined;
    return arg === undefined ? undefined : [arg, ...rest].join('.');
  }
  const isField = isThis || (owner !== undefined && engine.classesByName.get(owner)?.fields.some((field) => field.name === first) === true && engine.changes(body).updates.get(first)?.some((update) => update.declares) !== true);
  const receiver = !isField ? undefined : callee.kind === 'member' ? placeOf(callee.object, places) : owner === undefined ? undefined : places('this');
  return receiver === undefined ? undefined : [receiver, ...(isThis ? rest : [first, ...rest])].join('.');
}

/** What a place in a function is where that is called. What is neither of a parameter nor of its object means the same there, unless the function makes it. */
export function placeOutside(engine: Engine, fn: FunctionIr, call: Call, place: string, places: Places = itself): string | undefined {
  const outside = meaningOutside(engine, fn, call, place, places);
  const [first = ''] = place.split('.');
  const isOther = first !== 'this' && !fn.params.some((param) => param.name === first) && engine.changes(fn.body).updates.get(first)?.some((update) => update.declares) !== true;
  return outside ?? (isOther ? place : undefined);
}

/** Where a block, or a function that it calls, puts items into a place. */
export function pushersOf(engine: Engine, changes: Changes, place: string): readonly Mutation[] {
  const found: Mutation[] = [];
  const collect = ({ mutations }: Changes, places: Places): void => {
    found.push(...mutations.filter(({ effect, object }) => isGrowth(effect) && placeOf(object, places) === place));
  };
  collect(changes, itself);
  const visit: Visit = (_, own, places) => {
    collect(own, places);
  };
  followCalls(engine, changes, itself, visit, true);
  return found;
}

/** How a block, or a function that it calls, moves a number. */
export function updatesAt(engine: Engine, changes: Changes, place: string): readonly Update[] {
  const found = [...(changes.updates.get(place) ?? [])];
  followCalls(engine, changes, itself, (_, own, places) => {
    for (const [name, updates] of own.updates) {
      if (places(name) === place) {
        found.push(...updates);
      }
    }
  }, true);
  return found;
}

/** Whether the caller sees what a function adds to its parameter, or to a field of it: some languages hand over a copy. */
function isShared({ program: { language } }: Engine, { params }: FunctionIr, at: number, isField: boolean): boolean {
  const param = params[at];
  const kind = param?.type?.kind;
  const isCopied = language === 'cpp' || (language === 'php' && !isField) || (language === 'go' && kind !== 'map' && kind !== 'unknown' && kind !== 'object');
  return param?.byReference === true || (param?.takesRest !== true && !isCopied);
}

const known = new Memo<FunctionIr, Changed>();

/** The names of what a function adds to or counts up, and of what it takes from, that is not its own. Kept per function. */
function changedIn(fn: FunctionIr, { mutations, updates }: Changes): Changed {
  let changed = known.get(fn);
  if (changed === undefined) {
    const isOwn = (name: string): boolean => updates.get(name)?.some(({ declares }) => declares) === true;
    const placesWith = (passes: (effect: string) => boolean): string[] => mutations.filter(({ effect, object }) => passes(effect) && object.kind !== 'index').map(({ root, object }) => (object.kind === 'member' ? placeOf(object, itself) : undefined) ?? root);
    const counted = [...updates].filter(([, all]) => all.some(({ motion }) => motion === 'up' || motion === 'scale-up')).map(([name]) => name);
    changed = {
      grown: new Set([...placesWith(isGrowth), ...counted].filter((name) => !isOwn(name))),
      taken: new Set(placesWith((effect) => effect === 'pop' || effect === 'remove').filter((name) => !isOwn(name))),
    };
    known.set(fn, changed);
  }
  return changed;
}
