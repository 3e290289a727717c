import { isOverloadOf, meansLibrary } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Expression, FunctionIr } from '../program/ir';
import type { Names } from '../program/names';
import { visitParts } from '../program/parts';
import { usesName } from '../program/visit';
import { collectionKinds } from '../following/values';
import { type Call, type Site, transitionOf } from './transitions';
import { Memo } from '../program/memo';

const siteCache = new Memo<FunctionIr, Site[]>();

/** The calls by which `fn` comes to itself: its own, and those of functions that it calls (mutual recursion). */
export function recursiveSites(engine: Engine, fn: FunctionIr): Site[] {
  const cached = siteCache.get(fn);
  if (cached !== undefined) {
    return cached;
  }
  const sites: Site[] = [];
  siteCache.set(fn, sites);
  if (fn.name === '') {
    return sites;
  }
  const seen = new Set<FunctionIr>([fn]);
  const queue: FunctionIr[] = [fn];
  for (let at = 0; at < queue.length && at < 40; at++) {
    const from = queue[at];
    if (from === undefined) {
      continue;
    }
    const { calls, references } = namedCalls(from, engine.names);
    if (from === fn) {
      sites.push(...references.flatMap((call) => referenceSite(engine, fn, call) ?? []));
    }
    for (const { call, name, meant } of calls) {
      if (name === fn.name && meant.includes(fn) && (call.args.length === fn.params.length || (meant.length === 1 && !isOverloadOf(engine, fn, name, call.args.length))) && !isLibraryReceiver(engine, call) && !isOthersMethod(fn, call) && !isOnCollection(engine, fn, call) && !(call.callee.kind === 'name' && meansLibrary(engine.library, fn, name))) {
        sites.push({ call, transitions: fn.params.map((param, position) => transitionOf(engine, fn, from, param.name, call.args[position], 0)) });
      } else if (call.callee.kind === 'name') {
        for (const other of meant) {
          if (!seen.has(other)) {
            seen.add(other);
            queue.push(other);
          }
        }
      }
    }
  }
  return sites;
}

interface NamedCalls {
  /** Calls that say by name which of the program's functions they call. */
  readonly calls: readonly { readonly call: Call; readonly name: string; readonly meant: readonly FunctionIr[] }[];
  /** Calls of methods that are given something by its name, which may be a function. */
  readonly references: readonly Call[];
}

const callCache = new Memo<FunctionIr, NamedCalls>();

/** The calls in `fn`, those in functions inside it included. Kept per function. */
function namedCalls(fn: FunctionIr, names: Names): NamedCalls {
  const cached = callCache.get(fn);
  if (cached !== undefined) {
    return cached;
  }
  const calls: { call: Call; name: string; meant: readonly FunctionIr[] }[] = [];
  const references: Call[] = [];
  visitParts(fn.body, {
    intoFunctions: true,
    expression: (inner) => {
      const made = fn.constructs !== true || fn.owner === undefined ? undefined : inner.kind === 'new' ? inner.type.name : inner.kind === 'call' && inner.callee.kind === 'name' ? inner.callee.name : undefined;
      if (made !== undefined && made === fn.owner && (inner.kind === 'new' || inner.kind === 'call') && inner.args.length === fn.params.length) {
        // A constructor that makes objects of its own class, such as the halves of a range.
        calls.push({ call: { kind: 'call', lines: inner.lines, callee: { kind: 'name', name: fn.name, lines: inner.lines }, args: inner.args }, name: fn.name, meant: [fn] });
        return undefined;
      }
      if (inner.kind === 'call') {
        const { callee } = inner;
        const name = callee.kind === 'name' || (callee.kind === 'member' && callee.object.kind === 'name') ? callee.name : undefined;
        const meant = name === undefined ? [] : names.functionsNamed(name, fn);
        if (name !== undefined && meant.length > 0) {
          calls.push({ call: inner, name, meant });
        }
        if ((callee.kind === 'member' || (callee.kind === 'name' && callee.name === 'map' && inner.args.length === 2)) && inner.args.some((arg) => arg.kind === 'name')) {
          references.push(inner);
        }
      }
      return undefined;
    },
  });
  const found = { calls, references };
  callCache.set(fn, found);
  return found;
}

/** `items.map(f)`, `map(f, items)` call `f` for each item. */
function referenceSite(engine: Engine, fn: FunctionIr, call: Call): Site | undefined {
  const { callee, args } = call;
  const isMine = (arg: Expression | undefined): boolean => arg?.kind === 'name' && arg.name === fn.name;
  const items = callee.kind === 'member' ? (callee.name !== fn.name && args.some(isMine) ? callee.object : undefined) : isMine(args[0]) ? args[1] : undefined;
  if (items === undefined || fn.params.length === 0) {
    return undefined;
  }
  const item: Expression = { kind: 'index', lines: call.lines, object: items, index: { kind: 'literal', type: 'number', value: 0, lines: call.lines } };
  return {
    call: { kind: 'call', lines: call.lines, callee: { kind: 'name', name: fn.name, lines: call.lines }, args: [item] },
    transitions: fn.params.map((param, at) => (at !== 0 ? 'same' : callee.kind === 'member' ? (usesName(items, param.name) ? 'child' : 'same') : transitionOf(engine, fn, fn, param.name, item, 0))),
  };
}

/** `seen.add((row, column))` in a function `add(row, column)`: a method of something else. */
function isOthersMethod(fn: FunctionIr, call: Call): boolean {
  return call.callee.kind === 'member' && call.callee.object.kind === 'name' && call.callee.object.name !== 'this' && (fn.owner === undefined || call.args.length !== fn.params.length);
}

/** `items.add(x)` in a method `add(x)` of the object that `items` is a collection of. */
function isOnCollection(engine: Engine, fn: FunctionIr, { callee }: Call): boolean {
  const name = callee.kind === 'member' && callee.object.kind === 'name' ? callee.object.name : undefined;
  const field = fn.owner === undefined || name === undefined || fn.params.some((param) => param.name === name) ? undefined : engine.classesByName.get(fn.owner)?.fields.find((each) => each.name === name);
  return field?.type !== undefined && collectionKinds.has(field.type.kind) && engine.changes(fn.body).updates.get(field.name)?.some(({ declares }) => declares) !== true;
}

function isLibraryReceiver(engine: Engine, call: Call): boolean {
  return call.callee.kind === 'member' && call.callee.object.kind === 'name' && call.callee.object.name !== 'this' && Object.hasOwn(engine.library.methods, call.callee.name) && engine.functionsNamed(call.callee.name)[0]?.owner !== undefined && engine.classesByName.has(call.callee.object.name);
}
