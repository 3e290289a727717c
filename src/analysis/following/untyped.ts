import type { Engine } from './engine';
import type { Expression, FunctionIr, Program } from '../program/ir';
import type { Value } from './values';
import { visitBlock } from '../program/visit';
import { Memo } from '../program/memo';

const numeric = new Memo<FunctionIr, Set<string>>();

/** Whether the function counts or finds places with a name. */
function usedAsNumber(fn: FunctionIr, name: string): boolean {
  let names = numeric.get(fn);
  if (names === undefined) {
    const found = new Set<string>();
    const note = (part: Expression): void => {
      if (part.kind === 'name') {
        found.add(part.name);
      } else if (part.kind === 'binary') {
        note(part.left);
        note(part.right);
      }
    };
    visitBlock(fn.body, {
      expression: (inner) => {
        if (inner.kind === 'index') {
          note(inner.index);
        } else if (inner.kind === 'binary' && (['-', '*', '/', '//', '%', '<', '<=', '>', '>='].includes(inner.operator) || (inner.operator === '+' && (inner.left.kind === 'literal' || inner.right.kind === 'literal') && ![inner.left, inner.right].some((side) => side.kind === 'literal' && side.type !== 'number')))) {
          note(inner.left);
          note(inner.right);
        }
        return undefined;
      },
    });
    names = found;
    numeric.set(fn, names);
  }
  return names.has(name);
}

/** Whether a parameter holds a number: it is declared as one, or the calls from other functions begin with one. */
export function holdsNumber(engine: Engine, fn: FunctionIr, name: string): boolean {
  const at = fn.params.findIndex((param) => param.name === name);
  const type = fn.params[at]?.type;
  if (type !== undefined && type.kind !== 'unknown') {
    return type.kind === 'number';
  }
  const isFirst = (call: Expression & { kind: 'call' }): boolean => {
    const first = call.args[at];
    return first?.kind === 'literal' && first.type === 'number';
  };
  return callsTo(engine, fn.name).some(({ call, from }) => from !== fn && isFirst(call));
}

interface PlacedCall {
  readonly call: Expression & { kind: 'call' };
  /** The function that it stands in; undefined outside of functions. */
  readonly from: FunctionIr | undefined;
}

const callsByName = new Memo<Program, Map<string, PlacedCall[]>>();

/** The calls of functions or methods of that name. Gathered once per program. */
function callsTo(engine: Engine, name: string): readonly PlacedCall[] {
  let byName = callsByName.get(engine.program);
  if (byName === undefined) {
    byName = new Map();
    callsByName.set(engine.program, byName);
    for (const from of [...engine.program.functions, undefined]) {
      for (const call of engine.changes(from?.body ?? engine.program.main).calls) {
        const called = call.callee.kind === 'name' || call.callee.kind === 'member' ? call.callee.name : '';
        const others = byName.get(called);
        if (others === undefined) {
          byName.set(called, [{ call, from }]);
        } else {
          others.push({ call, from });
        }
      }
    }
  }
  return byName.get(name) ?? [];
}

/** A parameter without a type, no item of another: put together with a text it is one. */
export function isNamed(engine: Engine, value: Value): boolean {
  return value.number === undefined && value.label !== '' && engine.value(value.label) === value && engine.active.some((active) => active.fn.params.some((param) => param.name === value.label && param.defaultValue === undefined) && !usedAsNumber(active.fn, value.label));
}
