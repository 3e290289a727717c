import { add, isConstant, size } from '../algebra/bigO';
import type { Changes } from '../program/changes';
import type { Engine } from './engine';
import { takesBackPushes } from '../sizes/growth';
import type { Expression, FunctionIr } from '../program/ir';
import { copyOf, elementOf, isCollection, sizeOf, type Value } from './values';
import { rootOf, usesName, usesPlace } from '../program/visit';
import { isSizeOf } from '../loops/worklists';

/**
 * What an object holds when one of its methods is called: other calls came before, so what the methods add to has some
 * size of its own, whatever the constructor left it with.
 */
export function fillFields(engine: Engine, className: string, object: Value, level = 0): void {
  if (level < 3) {
    for (const field of object.fields?.values() ?? []) {
      if (field.fields !== undefined && field !== object && engine.classesByName.has(field.type.name)) {
        fillFields(engine, field.type.name, field, level + 1);
      }
    }
  }
  const declared = engine.classesByName.get(className);
  const paths = pathsOf(engine, declared?.methods ?? []);
  for (const method of declared?.methods ?? []) {
    if (method.constructs === true) {
      continue;
    }
    const changes = engine.changes(method.body);
    for (const mutation of changes.mutations) {
      const item = itemNamed(changes, mutation.root);
      const name = (item ?? mutation.root).replace(/^this\./, '');
      const field = paths.has(name) ? undefined : object.fields?.get(name);
      if (item !== undefined && field !== undefined && isCollection(field) && (mutation.effect === 'push' || mutation.effect === 'extend')) {
        fill(elementOf(field), `${name}[0]`);
        continue;
      }
      // `groups[key].add(x)`, `groups.get(key).add(x)`: an item grows.
      const isItem = mutation.object.kind === 'index' || (mutation.object.kind === 'call' && mutation.object.callee.kind === 'member' && mutation.object.args.length > 0 && /^(?:get|at|getOrDefault|computeIfAbsent|setdefault|GetValueOrDefault)$/.test(mutation.object.callee.name));
      if (field === undefined || !isCollection(field) || !(mutation.effect === 'push' || mutation.effect === 'extend' || (mutation.effect === 'write' && isKeyed(isItem ? field.element : field)))) {
        continue;
      }
      if (isItem) {
        fill(field.element, `${name}[0]`);
      }
      if (!isItem || isKeyed(field)) {
        fill(field, name);
      }
    }
    exchangeFields(changes, object);
    widenFields(changes, object);
    for (const [key, updates] of changes.updates) {
      const name = key.replace(/^this\./, '');
      const field = object.fields?.get(name);
      if (field?.kind === 'number' && updates.some((update) => !update.declares && (update.motion === 'up' || update.motion === 'scale-up'))) {
        object.fields?.set(name, copyOf(field, { number: size(name) }));
      }
    }
  }
}

/** `items = items.concat(more)`, `items = new int[capacity]`, `capacity = items.length`: what is made anew from fields is larger after other calls. */
function widenFields(changes: Changes, object: Value): void {
  const usesField = (expression: Expression): boolean => [...object.fields?.keys() ?? []].some((field) => usesPlace(expression, `this.${field}`) || usesName(expression, field));
  for (const [key, updates] of changes.updates) {
    const name = key.replace(/^this\./, '');
    const field = object.fields?.get(name);
    if (field === undefined || !(isCollection(field) ? isConstant(sizeOf(field)) : field.kind === 'number' && field.number !== undefined && isConstant(field.number))) {
      continue;
    }
    const isWidened = updates.some(({ amount, declares }) => {
      if (amount === undefined || declares) {
        return false;
      }
      const measured = isCollection(field) ? undefined : isSizeOf(amount);
      const other = measured === undefined ? undefined : object.fields?.get(rootOf(measured)?.replace(/^this\./, '') ?? '');
      return isCollection(field) ? ['call', 'new', 'binary', 'comprehension'].includes(amount.kind) && usesField(amount) : other !== undefined && isCollection(other) && !isConstant(sizeOf(other));
    });
    if (isWidened && isCollection(field)) {
      fill(field, name);
    } else if (isWidened) {
      object.fields?.set(name, copyOf(field, { number: size(name) }));
    }
  }
}

/** Fields from which each method takes out again what it puts in: between calls from outside they are as they were made. */
function pathsOf(engine: Engine, methods: readonly FunctionIr[]): Set<string> {
  const paths = new Set<string>();
  const filled = new Set<string>();
  for (const method of methods) {
    const changes = engine.changes(method.body);
    for (const { root, effect, object } of changes.mutations) {
      if (effect === 'push' || effect === 'extend' || effect === 'write') {
        (effect === 'push' && object.kind !== 'index' && takesBackPushes(changes, root) ? paths : filled).add(root.replace(/^this\./, ''));
      }
    }
  }
  return new Set([...paths].filter((name) => !filled.has(name)));
}

/** `spare = a; a = b; b = spare`: what one of the two is filled with, the other holds after the next call. */
function exchangeFields(changes: Changes, object: Value): void {
  for (const [key, updates] of changes.updates) {
    const name = key.replace(/^this\./, '');
    const field = object.fields?.get(name);
    for (const { amount } of updates) {
      const from = amount === undefined ? undefined : rootOf(amount)?.replace(/^this\./, '');
      const other = from === undefined || from === name || (amount?.kind !== 'name' && amount?.kind !== 'member') ? undefined : object.fields?.get(from);
      if (field !== undefined && other !== undefined && isCollection(field) && isCollection(other) && isConstant(sizeOf(field)) && !isConstant(sizeOf(other))) {
        fill(field, name);
      }
    }
  }
}

/** The field whose item a local name stands for: `row = this.rows[i]`, `row = rows.get(i)`. */
function itemNamed(changes: Changes, name: string): string | undefined {
  const [only, ...others] = changes.updates.get(name) ?? [];
  const amount = others.length === 0 && only?.declares !== undefined ? only.amount : undefined;
  const isItem = amount?.kind === 'index' || (amount?.kind === 'call' && amount.callee.kind === 'member' && /^(?:get|at)$/.test(amount.callee.name));
  return isItem ? rootOf(amount) : undefined;
}

function isKeyed(value: Value | undefined): boolean {
  return value !== undefined && (value.kind === 'map' || value.kind === 'sortedMap');
}

function fill(value: Value | undefined, name: string): void {
  if (value !== undefined && isCollection(value) && !(value.size !== undefined && value.label === name && value.size.terms.some((term) => term.key === `len(${name})`))) {
    value.label = name;
    value.size = add(sizeOf(value), size(`len(${name})`));
    value.items = undefined;
  }
}
