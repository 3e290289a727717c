import type { Growth } from '../algebra/bigO';
import type { Engine } from './engine';
import { addFindings, type Findings, noFindings } from './innerCalls';
import type { Block } from '../program/ir';
import { Memo } from '../program/memo';
import { copyOf, newScope, type Scope, type Value } from './values';

/** What there is before a function is called from outside: what globals hold, and the object that it is a method of. */
interface Start {
  readonly globals: Scope;
  readonly receiver: Value | undefined;
  readonly findings: Findings;
  readonly symbols: number;
  readonly inputsRead: number;
  readonly begun: ReadonlyMap<string, Growth>;
  readonly solved: ReadonlyMap<string, Growth>;
  readonly instead: ReadonlyMap<string, Growth>;
}

const starts = new Memo<Block, Map<string, Start>>();

/**
 * Brings `engine`, in which nothing has been followed yet, to where a function is called from outside, and gives the
 * object that it is a method of. `make` does that from nothing; it is run once for the `globals` of a program and a
 * `name`. The others get a copy of what it left, as following a function changes that.
 */
export function startFrom(engine: Engine, globals: Block, name: string, make: () => Value | undefined): Value | undefined {
  let known = starts.get(globals);
  if (known === undefined) {
    known = new Map();
    starts.set(globals, known);
  }
  const start = known.get(name);
  if (start === undefined) {
    const receiver = make();
    known.set(name, startOf(engine, receiver));
    return receiver;
  }
  engine.symbols = start.symbols;
  engine.inputsRead = start.inputsRead;
  addFindings(engine.findings, start.findings);
  copyInto(engine.begun, start.begun);
  copyInto(engine.solved, start.solved);
  copyInto(engine.instead, start.instead);
  // Most functions ask for few of the globals of a long file.
  const copies = new Copies();
  copies.stand(start.globals, engine.globals);
  engine.globals.late = { originals: start.globals.values, take: (original) => copies.value(original) };
  return copies.value(start.receiver);
}

function startOf(engine: Engine, receiver: Value | undefined): Start {
  const copies = new Copies();
  const globals = newScope(undefined);
  copies.fill(engine.globals, globals);
  return {
    globals, receiver: copies.value(receiver), findings: addFindings(noFindings(), engine.findings), symbols: engine.symbols, inputsRead: engine.inputsRead,
    begun: new Map(engine.begun), solved: new Map(engine.solved), instead: new Map(engine.instead),
  };
}


function copyInto(target: Map<string, Growth>, from: ReadonlyMap<string, Growth>): void {
  for (const [name, growth] of from) {
    target.set(name, growth);
  }
}

/** Copies of values that belong together: what was one is one again. */
class Copies {
  private readonly values = new Map<Value, Value>();
  private readonly scopes = new Map<Scope, Scope>();

  /** Has `target` stand for `from`. */
  stand(from: Scope, target: Scope): void {
    this.scopes.set(from, target);
  }

  /** The same, and copies all that `from` holds to it. */
  fill(from: Scope, target: Scope): void {
    this.stand(from, target);
    for (const [name, value] of from.values) {
      target.values.set(name, this.value(value));
    }
  }

  value<Given extends Value | undefined>(value: Given): Given;
  value(value: Value | undefined): Value | undefined {
    if (value === undefined) {
      return undefined;
    }
    let copy = this.values.get(value);
    if (copy === undefined) {
      copy = copyOf(value);
      this.values.set(value, copy);
      copy.element = this.value(value.element);
      copy.key = this.value(value.key);
      copy.items = value.items?.map((item) => this.value(item));
      copy.fields = value.fields === undefined ? undefined : new Map(Array.from(value.fields, ([name, field]) => [name, this.value(field)]));
      copy.closure = value.closure === undefined ? undefined : { fn: value.closure.fn, scope: this.scope(value.closure.scope), receiver: this.value(value.closure.receiver) };
    }
    return copy;
  }

  private scope(scope: Scope): Scope {
    let copy = this.scopes.get(scope);
    if (copy === undefined) {
      copy = newScope(scope.parent === undefined ? undefined : this.scope(scope.parent));
      this.fill(scope, copy);
    }
    return copy;
  }
}
