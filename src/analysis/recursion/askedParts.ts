import type { Engine } from '../following/engine';
import { ownOf } from '../input/wholeInput';
import type { Expression, FunctionIr } from '../program/ir';
import { lookup, visitBlock } from '../program/visit';

/** `list = item.items(); f(list[i])`: an item of what the parameter is asked for. */
export function isListAsked(engine: Engine, fn: FunctionIr, list: Expression, param: string): boolean {
  const updates = list.kind === 'name' ? (engine.changes(fn.body).updates.get(list.name) ?? []) : [];
  const asked = updates.length === 1 && updates[0]?.motion === 'set' ? updates[0].amount : undefined;
  return asked?.kind === 'call' && asked.args.length === 0 && asked.callee.kind === 'member' && asked.callee.object.kind === 'name' && asked.callee.object.name === param && !Object.hasOwn(engine.library.methods, asked.callee.name);
}

/** `node.at(letter)`, a method of the program that gives back what is kept in a field: `return this.next[place];`. */
export function givesChild(engine: Engine, call: Expression & { kind: 'call' }): boolean {
  const own = ownOf(engine, call);
  const values: (Expression | undefined)[] = [];
  if (own?.owner === undefined) {
    return false;
  }
  visitBlock(own.body, { statement: (statement) => {
    if (statement.kind === 'return') {
      values.push(statement.value);
    }
    return undefined;
  } });
  const fields = new Set(engine.classesByName.get(own.owner)?.fields.map((field) => field.name) ?? []);
  const isKept = (value: Expression | undefined): boolean => {
    const place = value === undefined ? undefined : lookup(value);
    const object = place?.object ?? value;
    return (value?.kind === 'literal' && value.value === null) || (object?.kind === 'member' && object.object.kind === 'name' && object.object.name === 'this' && (place !== undefined || own.result?.kind === 'object')) || (object?.kind === 'name' && fields.has(object.name) && (place !== undefined || own.result?.kind === 'object'));
  };
  return values.length > 0 && values.every(isKept) && values.some((value) => value?.kind !== 'literal');
}
