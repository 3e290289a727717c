import { add, size } from './bigO';
import type { Engine } from './engine';
import { isCollection, sizeOf, type Value } from './values';

/**
 * What an object holds when one of its methods is called: other calls came before, so what the methods add to has some
 * size of its own, whatever the constructor left it with.
 */
export function fillFields(engine: Engine, className: string, object: Value): void {
  const declared = engine.classesByName.get(className);
  for (const method of declared?.methods ?? []) {
    if (method.constructs === true) {
      continue;
    }
    const changes = engine.changes(method.body);
    for (const mutation of changes.mutations) {
      const name = mutation.root.replace(/^this\./, '');
      const field = object.fields?.get(name);
      if (field === undefined || !isCollection(field) || !(mutation.effect === 'push' || mutation.effect === 'extend' || (mutation.effect === 'write' && isKeyed(mutation.object.kind === 'index' ? field.element : field)))) {
        continue;
      }
      if (mutation.object.kind === 'index') {
        fill(field.element, `${name}[0]`);
      }
      if (mutation.object.kind !== 'index' || isKeyed(field)) {
        fill(field, name);
      }
    }
    for (const [key, updates] of changes.updates) {
      const name = key.replace(/^this\./, '');
      const field = object.fields?.get(name);
      if (field?.kind === 'number' && updates.some((update) => !update.declares && (update.motion === 'up' || update.motion === 'scale-up'))) {
        object.fields?.set(name, { ...field, number: size(name) });
      }
    }
  }
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
