import { fixedRow } from '../input/fixedRows';
import { constantValue, isConstant, maximum, one } from '../algebra/bigO';
import { branch, type Leaving } from './alternatives';
import { nothing, type Engine, type Frame } from './engine';
import { asAlternatives } from './exclusive';
import { evaluate } from './expressions';
import { withFixedLength } from '../sizes/fixedTexts';
import { flagOf } from './flags';
import { continuesEarly } from '../amortised/sharing';
import { nameInput, store, storeCombined } from './store';
import type { Block, Expression, Statement } from '../program/ir';
import { forLoop, runForEach, whileLoop } from '../loops/loops';
import { copyOf, isCollection, joinValues, makeValue, type Value } from './values';
import { alwaysExits, keyOf } from '../program/visit';

/** Follows the statements of a block in order. */
export function runBlock(engine: Engine, block: Block): void {
  hoistFunctions(engine, block);
  for (let at = 0; at < block.length; at++) {
    const statement = block[at];
    if (statement === undefined) {
      continue;
    }
    engine.tick();
    const flag = statement.kind === 'if' ? flagOf(engine, statement.condition) : undefined;
    if (statement.kind === 'if' && flag !== undefined) {
      const taken = flag ? statement.then : statement.else;
      runBlock(engine, taken);
      if (alwaysExits(taken)) {
        return;
      }
      continue;
    }
    if (statement.kind === 'if' && at + 1 < block.length && exitsOrGoesOn(engine, statement, block, at + 1)) {
      return;
    }
    const merged = asAlternatives(engine, statement, block[at + 1]);
    runStatement(engine, merged ?? statement);
    at += merged === undefined ? 0 : 1;
    if (statement.kind === 'return' || statement.kind === 'break' || statement.kind === 'continue' || statement.kind === 'throw') {
      return;
    }
  }
}

/** What follows `if (…) return` is its other branch. False, and nothing followed, where none of the branches leaves. */
function exitsOrGoesOn(engine: Engine, statement: Statement & { kind: 'if' }, block: Block, from: number): boolean {
  if (alwaysExits(statement.then)) {
    const rest = block.slice(from);
    evaluate(engine, statement.condition);
    branch(engine, [() => runBlock(engine, statement.then), () => runBlock(engine, [...statement.else, ...rest])], [true, false], [leaving(statement.then), endingOf(engine, rest)]);
    return true;
  }
  if (statement.else.length > 0 && alwaysExits(statement.else)) {
    const rest = block.slice(from);
    evaluate(engine, statement.condition);
    branch(engine, [() => runBlock(engine, [...statement.then, ...rest]), () => runBlock(engine, statement.else)], [false, true], [endingOf(engine, rest), leaving(statement.else)]);
    return true;
  }
  return false;
}

/** Functions can be called before the line that declares them. */
function hoistFunctions(engine: Engine, block: Block): void {
  for (const statement of block) {
    if (statement.kind === 'function') {
      engine.declare(statement.function.name, makeValue('function', { closure: { fn: statement.function, scope: engine.scope, receiver: engine.receiver } }));
    }
  }
}

function leaving(block: Block): Leaving {
  return { from: leavingOf(block), block };
}

/** How a block leaves: the loop at hand, or the function. Undefined where it may go on with the next round. */
function leavingOf(block: Block): Leaving['from'] {
  const last = block[block.length - 1];
  switch (last?.kind) {
    case 'return':
    case 'throw':
      return 'function';
    case 'break':
      return 'loop';
    case 'if':
      return last.else.length > 0 && leavingOf(last.then) === 'function' && leavingOf(last.else) === 'function' ? 'function' : undefined;
    default:
      return undefined;
  }
}

/** `for x in xs: if not fits(x): continue; take(x); break`: what is left of a round is the last that the loop does. */
function endingOf(engine: Engine, rest: Block): Leaving | undefined {
  return engine.openLoops().length > 0 && !continuesEarly(rest) ? leaving(rest) : undefined;
}

function runStatement(engine: Engine, statement: Statement): void {
  switch (statement.kind) {
    case 'declare': {
      let value = statement.value === undefined ? undefined : evaluate(engine, statement.value, statement.name);
      if (statement.type !== undefined && statement.type.kind !== 'unknown') {
        value = typed(engine, value, statement);
      }
      const made = value ?? nothing();
      if (made.label === '' && made.number === undefined) {
        made.label = statement.name;
      }
      engine.declare(statement.name, withFixedLength(engine, statement.name, nameInput(made, statement.name)));
      engine.charge(one);
      break;
    }
    case 'assign': {
      const hint = statement.target.kind === 'name' ? statement.target.name : '';
      engine.charge(one);
      if (statement.operator !== undefined) {
        const value = evaluate(engine, statement.value, hint);
        storeCombined(engine, statement.target, statement.operator, value, statement.value);
      } else if (statement.target.kind === 'list' && statement.value.kind === 'list' && statement.value.items.length === statement.target.items.length) {
        storeEach(engine, statement.target.items, statement.value.items);
      } else if (statement.target.kind === 'list' && !statement.target.items.some((item) => item.kind === 'spread')) {
        takeApart(engine, statement, hint);
      } else if (!addsToItself(engine, statement)) {
        store(engine, statement.target, fixedRow(engine, statement.target, statement.value) ?? evaluate(engine, statement.value, hint));
      }
      break;
    }
    case 'expression':
      evaluate(engine, statement.value);
      engine.charge(one);
      break;
    case 'if':
    case 'switch':
    case 'try':
    case 'throw':
      runBranches(engine, statement);
      break;
    case 'while':
      whileLoop(engine, statement);
      break;
    case 'for':
      forLoop(engine, statement);
      break;
    case 'forEach':
      runForEach(engine, statement);
      break;
    case 'return':
    case 'yield':
      returns(engine, statement.value, statement.kind === 'yield');
      break;
    case 'block':
      runBlock(engine, statement.body);
      break;
    case 'delete':
      evaluate(engine, statement.target);
      break;
    case 'function':
    case 'break':
    case 'continue':
      break;
  }
}

/** `if (n - k < k) k = n - k;`: the name of what becomes no greater than it was. */
function loweredName({ condition, then, else: otherwise }: Statement & { kind: 'if' }): string | undefined {
  const [only] = then;
  if (condition.kind !== 'binary' || then.length !== 1 || otherwise.length > 0 || only?.kind !== 'assign' || only.operator !== undefined || only.target.kind !== 'name') {
    return undefined;
  }
  const [less, more] = condition.operator === '<' || condition.operator === '<=' ? [condition.left, condition.right] : condition.operator === '>' || condition.operator === '>=' ? [condition.right, condition.left] : [];
  return less !== undefined && more?.kind === 'name' && more.name === only.target.name && keyOf(less) === keyOf(only.value) ? more.name : undefined;
}

function runBranches(engine: Engine, statement: Statement & { kind: 'if' | 'switch' | 'try' | 'throw' }): void {
  switch (statement.kind) {
    case 'if': {
      evaluate(engine, statement.condition);
      const lowered = loweredName(statement);
      const before = lowered === undefined ? undefined : engine.value(lowered)?.number;
      branch(engine, [() => runBlock(engine, statement.then), () => runBlock(engine, statement.else)], [alwaysExits(statement.then), alwaysExits(statement.else)], [leaving(statement.then), leaving(statement.else)], statement.then.length > 0 && statement.else.length > 0 ? [statement.then, statement.else] : []);
      const value = lowered === undefined ? undefined : engine.value(lowered);
      // Small numbers stay small; a large one may only have stood for "none yet".
      if (value?.number !== undefined && before !== undefined && isConstant(before) && (constantValue(before) ?? 0) >= 2 && (constantValue(before) ?? 0) < 100) {
        value.number = before;
      }
      break;
    }
    case 'switch':
      if (statement.subject !== undefined) {
        evaluate(engine, statement.subject);
      }
      branch(engine, [...statement.cases.map((each) => () => runBlock(engine, each.body)), () => undefined], []);
      break;
    case 'try':
      runBlock(engine, statement.body);
      for (const handler of statement.handlers) {
        branch(engine, [() => runBlock(engine, handler), () => undefined], []);
      }
      break;
    case 'throw': {
      const { value } = statement;
      if (value !== undefined) {
        engine.inFrame('branch', {}, () => {
          evaluate(engine, value);
        });
      }
      break;
    }
  }
}

/** `a, b = b, a`: all values are worked out before the first is stored. */
function storeEach(engine: Engine, targets: readonly Expression[], expressions: readonly Expression[]): void {
  const values = expressions.map((item) => evaluate(engine, item));
  targets.forEach((item, at) => {
    const value = values[at];
    if (value !== undefined) {
      store(engine, item, value);
    }
  });
}

/** A line of input taken apart into names has as many items as there are names. */
function takeApart(engine: Engine, statement: Statement & { kind: 'assign' }, hint: string): void {
  let value: Value = nothing();
  const frame = engine.inFrame('branch', {}, () => {
    value = evaluate(engine, statement.value, hint);
  });
  if (value.input === undefined) {
    engine.chargeTo(engine.frame, frame.cost, frame.items);
  }
  store(engine, statement.target, value);
}

/** `text = text + more` is `text += more` spelled out; so is `text = more + text` where a text is never changed in place. */
function addsToItself(engine: Engine, statement: Statement & { kind: 'assign' }): boolean {
  const { target, value } = statement;
  if (target.kind !== 'name' || value.kind !== 'binary' || value.operator !== '+' || engine.value(target.name)?.kind !== 'string') {
    return false;
  }
  const parts: Expression[] = [];
  let first: Expression = value;
  while (first.kind === 'binary' && first.operator === '+') {
    parts.unshift(first.right);
    first = first.left;
  }
  parts.unshift(first);
  const isText = (part: Expression | undefined): boolean => part?.kind === 'name' && part.name === target.name;
  const isLast = isText(parts.at(-1)) && (engine.library.stringsCopyOnAppend || engine.program.language.includes('script'));
  const added = isText(first) ? parts.slice(1) : isLast ? parts.slice(0, -1) : [];
  for (const part of added) {
    storeCombined(engine, target, '+', evaluate(engine, part), part);
  }
  return added.length > 0;
}

function typed(engine: Engine, value: Value | undefined, statement: Statement & { kind: 'declare' }): Value {
  const type = statement.type;
  if (type === undefined) {
    return value ?? nothing();
  }
  if (value === undefined || value.kind === 'void') {
    const made = makeValue(type.kind, { type, label: statement.name });
    if (type.kind === 'number') {
      made.number = one;
    } else if (engine.library.valueSemantics && isCollection(made)) {
      // Declared without a value, a container is empty.
      made.size = { terms: [] };
      engine.allocate(made);
    } else if (isCollection(made)) {
      made.size = { terms: [] };
    }
    return made;
  }
  if (value.kind === 'unknown') {
    value.kind = type.kind;
    value.type = type;
  } else if (isCollection(value) && value.type.kind === 'unknown') {
    value.type = type;
    // `Queue<X> q = new LinkedList<>()` stays the kind it was made with.
  } else if (type.kind === 'number' && value.kind !== 'number') {
    return copyOf(value, { kind: 'number' });
  }
  return value;
}

function returns(engine: Engine, expression: Expression | undefined, isYield: boolean): void {
  const active = engine.active[engine.active.length - 1];
  if (expression === undefined) {
    return;
  }
  let value: Value = nothing();
  const loops = engine.openLoops();
  if (!isYield && loops.length > 0 && active !== undefined) {
    // A return inside a loop happens once, however often the loop runs.
    const outer = engine.frame;
    const frame = engine.inFrame('branch', {}, () => {
      value = evaluate(engine, expression);
    });
    let target: Frame = outer;
    while (target.kind !== 'function' && target.parent !== undefined) {
      target = target.parent;
    }
    engine.chargeTo(target, frame.cost, frame.items);
  } else {
    value = evaluate(engine, expression);
  }
  if (active !== undefined) {
    if (isYield) {
      const count = engine.tripsSince(active.frame.depth);
      const list = active.result ?? makeValue('iterator', { size: { terms: [] } });
      list.size = maximum(list.size ?? one, count);
      list.element = list.element === undefined ? value : joinValues(list.element, value);
      active.result = list;
    } else {
      active.result = active.result === undefined ? value : joinValues(active.result, value);
    }
  }
}
