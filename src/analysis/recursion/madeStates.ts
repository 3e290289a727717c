import type { Changes } from '../program/changes';
import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr } from '../program/ir';
import { originalOf } from '../loops/paths';
import { membership } from './testedRoots';
import type { Call } from './transitions';
import { alwaysExits, keyOf, namesIn, rootOf, visitBlock } from '../program/visit';
import { ownOf } from '../input/wholeInput';

/** Functions and methods that make one text or tuple of all that a collection holds. */
const gathering = /^(?:join|tuple|str|string|String|valueOf|toString|ToString|to_string|repr|frozenset|dumps|stringify|hash|map|bytes|Arrays|deepToString|collect|iter|@text)$/;
const slicing = /^(?:substring|substr|slice|Substring|subList|@slice)$/;

/**
 * Whether a state is made anew of another one, such as a text in which letters change places or one is left out: there are
 * as many of them as texts of that length, and not only as many as the one that it began with has parts. A plain part of
 * another state is not made anew, nor is what is first looked up among what is given (words that are allowed).
 * @param block the loop or function that makes it
 * @param from names of the states that it is made of, and what comes from them
 */
export function isMadeAnew(engine: Engine, block: Block, state: Expression, from: ReadonlySet<string>): boolean {
  const changes = engine.changes(block);
  return isAltered(engine, changes, state, from, 0) && !isGiven(block, changes, state);
}

function isAltered(engine: Engine, changes: Changes, expression: Expression | undefined, from: ReadonlySet<string>, level: number): boolean {
  if (expression === undefined || level > 5) {
    return false;
  }
  const isMade = (inner: Expression | undefined): boolean => isAltered(engine, changes, inner, from, level + 1);
  switch (expression.kind) {
    case 'name':
      return isRewrittenCopy(changes, expression.name, from) || isListed(engine, changes, expression.name, from, level) || (changes.updates.get(expression.name) ?? []).some(({ motion, amount }) => motion === 'set' && amount?.kind !== 'name' && isMade(amount));
    case 'binary':
      return expression.operator === '+' && partsOf(expression).some((part) => isCut(part, from)) && partsOf(expression).length > 1;
    case 'template':
      return expression.parts.length > 1 && expression.parts.some((part) => isCut(part, from));
    case 'list':
      return (expression.type === 'tuple' || expression.items.some((item) => item.kind === 'spread')) && expression.items.some(expression.type === 'tuple' ? isMade : (item) => item.kind === 'spread' && isCut(item.value, from));
    case 'slice':
      // The end of a text to which something was added: a window that moves over new letters.
      return isLengthened(changes, expression.object, from);
    case 'new':
      return expression.args.some((arg) => isGathered(changes, arg, from) || isMade(arg));
    case 'call': {
      const { callee, args } = expression;
      const name = callee.kind === 'name' || callee.kind === 'member' ? callee.name : '';
      const given = [...args, ...(callee.kind === 'member' ? [callee.object] : [])];
      if (slicing.test(name) && callee.kind === 'member') {
        return isLengthened(changes, callee.object, from);
      }
      // `rest.replace(letter, "", 1)`: without one of its letters, wherever that is.
      const isOf = (part: Expression): boolean => part.kind === 'name' && (from.has(part.name) || (changes.updates.get(part.name) ?? []).some(({ amount }) => amount?.kind === 'name' && from.has(amount.name)));
      if (callee.kind === 'member' && ((name === 'replace' && (args.length === 3 || engine.program.language === 'javascript' || engine.program.language === 'typescript')) || name === 'replaceFirst') && isOf(callee.object)) {
        return true;
      }
      return isAlteredBy(engine, expression, from, level) || (gathering.test(name) && given.some((each) => isGathered(changes, each, from) || (each.kind !== 'name' && isMade(each))));
    }
    default:
      return false;
  }
}

/** `for other in near(state)`, where the program's function lists states that it makes anew of the one that it is given. */
function isListed(engine: Engine, changes: Changes, name: string, from: ReadonlySet<string>, level: number): boolean {
  return (changes.updates.get(name) ?? []).some(({ statement }) => {
    const call = statement?.kind === 'forEach' ? listing(statement.iterable) : undefined;
    const taker = call === undefined ? undefined : takerOf(engine, call, (arg) => (arg.kind === 'name' || arg.kind === 'member' || arg.kind === 'index') && from.has(rootOf(arg) ?? ''));
    if (taker === undefined) {
      return false;
    }
    const { fn, given } = taker;
    const inside = engine.changes(fn.body);
    let found = inside.mutations.some(({ effect, item }) => (effect === 'push' || effect === 'extend') && isAltered(engine, inside, item, given, level + 2));
    visitBlock(fn.body, {
      statement: (each) => {
        found ||= each.kind === 'yield' && isAltered(engine, inside, each.value, given, level + 2);
        return !found;
      },
    });
    return found;
  });
}

/** The program's function that a call gives a state to, and what it calls the state. */
function takerOf(engine: Engine, call: Call, isState: (arg: Expression) => boolean): { readonly fn: FunctionIr; readonly given: ReadonlySet<string> } | undefined {
  const at = call.args.findIndex(isState);
  const fn = at < 0 ? undefined : ownOf(engine, call);
  const param = fn?.params[at];
  return fn === undefined || param === undefined ? undefined : { fn, given: new Set([param.name]) };
}

/** The call that gives what a loop goes through, `@values` and `@items` of lowerings around it or not. */
function listing(iterable: Expression): Call | undefined {
  if (iterable.kind !== 'call') {
    return undefined;
  }
  const { callee } = iterable;
  return callee.kind === 'member' && (callee.name === '@values' || callee.name === '@items') && callee.object.kind === 'call' ? callee.object : iterable;
}

/** A function of the program that gives back what it makes anew of a state that it is given. */
function isAlteredBy(engine: Engine, call: Call, from: ReadonlySet<string>, level: number): boolean {
  const taker = takerOf(engine, call, (arg) => arg.kind === 'name' && from.has(arg.name));
  if (taker === undefined) {
    return false;
  }
  const { fn, given } = taker;
  let found = false as boolean;
  visitBlock(fn.body, {
    statement: (statement) => {
      found ||= statement.kind === 'return' && isAltered(engine, engine.changes(fn.body), statement.value, given, level + 2);
      return !found;
    },
  });
  return found;
}

/** `a + b + c` as its parts. */
function partsOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'binary' && expression.operator === '+' ? [...partsOf(expression.left), ...partsOf(expression.right)] : [expression];
}

/** A part of a state, between places. */
function isCut(expression: Expression, from: ReadonlySet<string>): boolean {
  const object = expression.kind === 'slice' ? expression.object : expression.kind === 'call' && expression.callee.kind === 'member' && slicing.test(expression.callee.name) ? expression.callee.object : undefined;
  return object?.kind === 'name' && from.has(object.name);
}

/** A state with something added, or a name for one. */
function isLengthened(changes: Changes, object: Expression, from: ReadonlySet<string>): boolean {
  const amounts = object.kind === 'name' ? (changes.updates.get(object.name) ?? []).flatMap(({ amount, motion }) => (motion === 'set' && amount !== undefined ? [amount] : [])) : [object];
  return amounts.some((amount) => partsOf(amount).length > 1 && partsOf(amount).some((part) => part.kind === 'name' && from.has(part.name)));
}

/** All of a collection whose items are changed in place, or of what is worked out for each item of a state. */
function isGathered(changes: Changes, expression: Expression, from: ReadonlySet<string>): boolean {
  if (expression.kind === 'comprehension') {
    // What is left of a state without some of its items is one of all its parts.
    return (expression.element.kind !== 'name' || expression.clauses.some(({ conditions }) => conditions.length > 0)) && expression.clauses.some(({ iterable }) => [...namesIn(iterable)].some((name) => from.has(name)));
  }
  const root = expression.kind === 'name' ? expression.name : undefined;
  return root !== undefined && (isRewrittenCopy(changes, root, from) || (!changes.updates.has(root) && isRewritten(changes, root)));
}

/** Items are set at places that are not fixed. */
function isRewritten(changes: Changes, root: string): boolean {
  return changes.mutations.some((mutation) => mutation.root === root && mutation.effect === 'write' && mutation.index !== undefined && mutation.index.kind !== 'literal');
}

function isRewrittenCopy(changes: Changes, name: string, from: ReadonlySet<string>): boolean {
  return isRewritten(changes, name) && (changes.updates.get(name) ?? []).some(({ amount }) => amount !== undefined && copiesState(amount, from));
}

/** Whether an expression is one of the states, by their names, or a copy of one. */
export function copiesState(amount: Expression, from: ReadonlySet<string>): boolean {
  const original = originalOf(amount) ?? amount;
  return original.kind === 'name' ? from.has(original.name) : original !== amount && copiesState(original, from);
}

/** Whether the block looks the state up in a collection that it adds nothing to, and goes on where it is there. */
function isGiven(block: Block, changes: Changes, state: Expression): boolean {
  const key = keyOf(state);
  const isFixed = (container: Expression): boolean => {
    const root = rootOf(container);
    return root !== undefined && !changes.mutations.some((mutation) => mutation.root === root && mutation.effect !== 'remove' && mutation.effect !== 'pop' && mutation.effect !== 'other');
  };
  const excluding = excludingTests(block);
  let found = false as boolean;
  const look = (inner: Expression): boolean => {
    if (excluding.has(inner)) {
      return false;
    }
    if (inner.kind === 'binary' && inner.operator === 'in' && keyOf(inner.left) === key) {
      found ||= isFixed(inner.right);
    } else if (inner.kind === 'call' && inner.callee.kind === 'member' && membership.has(inner.callee.name) && inner.args[0] !== undefined && keyOf(inner.args[0]) === key) {
      found ||= isFixed(inner.callee.object);
    } else if (inner.kind === 'index' && keyOf(inner.index) === key) {
      found ||= isFixed(inner.object);
    }
    return !found;
  };
  visitBlock(block, { expression: look });
  return found;
}

/** Tests of states that may not be entered: `if (banned.has(state)) continue;`, `!banned.has(state)`; and what is given back at the end. */
function excludingTests(block: Block): ReadonlySet<Expression> {
  const tests = new Set<Expression>();
  const leave = (condition: Expression): void => {
    if (condition.kind === 'binary' && condition.operator === '||') {
      leave(condition.left);
      leave(condition.right);
    } else if (condition.kind !== 'unary') {
      tests.add(condition);
    }
  };
  visitBlock(block, {
    statement: (statement) => {
      if (statement.kind === 'if' && alwaysExits(statement.then)) {
        leave(statement.condition);
      } else if (statement.kind === 'return' && statement.value !== undefined) {
        tests.add(statement.value);
      }
      return undefined;
    },
    expression: (inner) => {
      if (inner.kind === 'unary' && inner.operator === '!') {
        tests.add(inner.operand);
      }
      return undefined;
    },
  });
  return tests;
}
