import type { Engine } from '../following/engine';
import type { Block, Expression, Statement } from '../program/ir';
import { bodies, keyOf, visitBlock, visitExpression } from '../program/visit';
import { isPlace, libraryOperation, ownOf, sameResults } from './wholeInput';
import { Memo } from '../program/memo';

/**
 * Whether a block adds answers to a text or a list that is only kept for being printed: `out.append(best)`, and after the
 * loop `print("\n".join(out))`. What is kept as it was read (`xs.append(int(input()))`) is data, no answer.
 */
export function gathersAnswers(engine: Engine, block: Block): boolean {
  const { updates, mutations } = engine.changes(block);
  const added = new Map<string, (Expression | undefined)[]>();
  const note = (name: string, item: Expression | undefined): void => {
    added.set(name, [...(added.get(name) ?? []), item]);
  };
  for (const { root, object, effect, item, index } of mutations) {
    if (effect === 'write' && index !== undefined && isPlace(object)) {
      note(root, item);
    } else if ((effect === 'push' || effect === 'extend') && isPlace(chained(object))) {
      note(root, item);
    }
  }
  for (const [name, list] of updates) {
    const kind = engine.value(name)?.kind ?? engine.receiver?.fields?.get(name)?.kind;
    if ((kind === 'string' || kind === 'builder' || kind === 'list') && list.every((update) => update.motion === 'up')) {
      list.forEach((update) => note(name, update.amount));
    }
  }
  return [...added].some(([name, items]) => items.some((item) => item !== undefined && !isJustRead(engine, item, block)) && isOnlyPrinted(engine, name));
}

/** What a chain of calls begins with: `out` of `out.append(a).append(b)`. */
function chained(expression: Expression): Expression {
  return expression.kind === 'call' && expression.callee.kind === 'member' ? chained(expression.callee.object) : expression;
}

/** A number, word or line as it comes from the input, or a name for one: `int(input())`. */
function isJustRead(engine: Engine, expression: Expression, block: Block, level = 0): boolean {
  if (level > 6) {
    return false;
  }
  if (expression.kind === 'name') {
    const updates = engine.changes(block).updates.get(expression.name) ?? [];
    const [only] = updates;
    return updates.length === 1 && only?.amount !== undefined && isJustRead(engine, only.amount, block, level + 1);
  }
  if (expression.kind === 'spread') {
    return isJustRead(engine, expression.value, block, level + 1);
  }
  if (expression.kind !== 'call') {
    return false;
  }
  const own = ownOf(engine, expression);
  if (own !== undefined) {
    const [only, ...others] = own.body;
    return only?.kind === 'return' && others.length === 0 && only.value !== undefined && isJustRead(engine, only.value, own.body, level + 1);
  }
  const operation = libraryOperation(engine, expression);
  if (operation?.io === 'reads') {
    return true;
  }
  if (!sameResults.has(operation?.result)) {
    return false;
  }
  const given = expression.callee.kind === 'member' && operation?.callback === undefined ? [expression.callee.object, ...expression.args] : expression.args;
  return given.some((each) => isJustRead(engine, each, block, level + 1));
}

/** Whether a loop written as an expression is made for being printed: itself, or by the name that it is kept under. */
export function isAnswers(engine: Engine, expression: Expression & { kind: 'comprehension' }, name: string): boolean {
  const block: Block = [{ kind: 'expression', lines: expression.lines, value: expression.element }];
  if (isJustRead(engine, expression.element, block)) {
    return false;
  }
  return printedIn(engine, bodies(engine.program)).has(expression) || (name !== '' && isOnlyPrinted(engine, name, expression));
}

const printed = new Memo<Block, ReadonlySet<Expression>>();

/** Expressions that are printed as they are, or joined, or written as texts. */
function printedIn(engine: Engine, blocks: readonly Block[]): ReadonlySet<Expression> {
  const all = new Set<Expression>();
  for (const block of blocks) {
    let own = printed.get(block);
    if (own === undefined) {
      const found = new Set<Expression>();
      visitBlock(block, {
        intoFunctions: true,
        expression: (inner) => {
          if (inner.kind === 'call' && libraryOperation(engine, inner)?.io === 'prints') {
            inner.args.forEach((arg) => markPrinted(engine, arg, found));
          }
          return undefined;
        },
      });
      own = found;
      printed.set(block, own);
    }
    own.forEach((each) => all.add(each));
  }
  return all;
}

function markPrinted(engine: Engine, expression: Expression, into: Set<Expression>): void {
  const mark = (inner: Expression): void => markPrinted(engine, inner, into);
  into.add(expression);
  switch (expression.kind) {
    case 'spread':
      mark(expression.value);
      break;
    case 'call': {
      const { result, cost } = libraryOperation(engine, expression) ?? {};
      if (sameResults.has(result) && cost !== 'sort') {
        expression.args.forEach(mark);
        if (expression.callee.kind === 'member') {
          mark(expression.callee.object);
        }
      }
      break;
    }
    case 'comprehension':
      expression.clauses.slice(0, 1).forEach((clause) => mark(clause.iterable));
      break;
    case 'binary':
      if (expression.operator === '+' || expression.operator === '%') {
        mark(expression.left);
        mark(expression.right);
      }
      break;
    case 'template':
      expression.parts.forEach(mark);
      break;
    case 'slice':
      mark(expression.object);
      break;
    case 'conditional':
      mark(expression.then);
      mark(expression.else);
      break;
    case 'unknown':
      expression.children.forEach(mark);
      break;
    default:
  }
}

/** The body of the function at hand, or the statements outside of functions. */
function here(engine: Engine): Block {
  return engine.namedActive()?.fn.body ?? engine.program.main;
}

/** Whether a collection or text is begun empty, added to and printed, and nothing else: `made` is what it may be given, too. */
function isOnlyPrinted(engine: Engine, name: string, made?: Expression): boolean {
  const own = here(engine);
  const isLocal = !name.startsWith('this.') && (engine.active.length === 0 || isDeclaredIn(own, name));
  const blocks = isLocal ? [own] : bodies(engine.program).filter((block) => block === own || !isDeclaredIn(block, name));
  return blocks.every((block) => isOnlyPrintedIn(engine, block, name, made, 0)) && blocks.some((block) => occursPrinted(engine, block, name));
}

function isDeclaredIn(block: Block, name: string): boolean {
  let found = false;
  visitBlock(block, {
    intoFunctions: true,
    statement: (statement) => {
      found ||= (statement.kind === 'declare' && statement.name === name) || (statement.kind === 'assign' && statement.operator === undefined && statement.target.kind === 'name' && statement.target.name === name);
      return !found;
    },
  });
  return found;
}

const handed = new Memo<Block, Set<Expression>>();

/** Expressions that are printed where they stand or later: under a name that is printed next, or by who called the function. */
function handedOn(engine: Engine, block: Block): ReadonlySet<Expression> {
  const known = handed.get(block);
  if (known !== undefined) {
    return known;
  }
  const all = new Set(printedIn(engine, [block]));
  handed.set(block, all);
  const fn = engine.program.functions.find((each) => each.body === block);
  const calls = fn === undefined ? [] : bodies(engine.program).flatMap((body) => engine.changes(body).calls.filter((call) => call.callee.kind === 'name' && call.callee.name === fn.name));
  const everywhere = calls.length === 0 ? undefined : printedIn(engine, bodies(engine.program));
  const isPrinted = everywhere !== undefined && calls.every((call) => everywhere.has(call));
  const texts = new Map<string, Expression>();
  visitBlock(block, {
    statement: (statement) => {
      if (statement.kind === 'return' && isPrinted && statement.value !== undefined) {
        markPrinted(engine, statement.value, all);
      } else if (statement.kind === 'assign' && statement.operator === undefined && statement.target.kind === 'name') {
        texts.set(statement.target.name, statement.value);
      } else if (statement.kind === 'declare' && statement.value !== undefined) {
        texts.set(statement.name, statement.value);
      }
      return undefined;
    },
  });
  for (const [name, value] of texts) {
    if ([...all].some((each) => isThe(each, name))) {
      markPrinted(engine, value, all);
    }
  }
  return all;
}

function isThe(expression: Expression, name: string): boolean {
  return expression.kind === 'name' ? expression.name === name : expression.kind === 'member' && keyOf(expression) === name;
}

function occursPrinted(engine: Engine, block: Block, name: string): boolean {
  if ([...handedOn(engine, block)].some((each) => isThe(each, name))) {
    return true;
  }
  let found = false;
  visitBlock(block, {
    intoFunctions: true,
    statement: (statement) => {
      found ||= statement.kind === 'forEach' && isThe(statement.iterable, name);
      found ||= (statement.kind === 'forEach' || statement.kind === 'for') && printsEach(engine, statement.body);
      return !found;
    },
    expression: (inner) => {
      found ||= inner.kind === 'call' && inner.args.some((arg) => isThe(arg, name)) && ownOf(engine, inner) !== undefined;
      return !found;
    },
  });
  return found;
}

function isOnlyPrintedIn(engine: Engine, block: Block, name: string, made: Expression | undefined, level: number): boolean {
  const allowed = new Set<Expression>([...printedIn(engine, [block]), ...handedOn(engine, block)]);
  let fits = true;
  const add = (expression: Expression): void => {
    allowed.add(expression);
  };
  const begun = (value: Expression | undefined): void => {
    fits &&= value === undefined || value === made || isEmpty(value) || (value.kind === 'binary' && value.operator === '+' && isThe(value.left, name));
    if (value?.kind === 'binary') {
      add(value.left);
    }
  };
  visitBlock(block, {
    intoFunctions: true,
    statement: (statement: Statement) => {
      if (statement.kind === 'declare' && statement.name === name) {
        begun(statement.value);
      } else if (statement.kind === 'assign' && isThe(statement.target, name)) {
        add(statement.target);
        if (statement.operator === undefined) {
          begun(statement.value);
        }
      } else if (statement.kind === 'forEach' && isThe(statement.iterable, name) && printsEach(engine, statement.body)) {
        add(statement.iterable);
      } else if (statement.kind === 'assign' && statement.target.kind === 'index') {
        add(statement.target.object);
      } else if ((statement.kind === 'forEach' || statement.kind === 'for') && printsEach(engine, statement.body)) {
        // for i in range(t): print(out[i])
        visitBlock(statement.body, {
          expression: (inner) => {
            if (inner.kind === 'index' && inner.index.kind === 'name') {
              add(inner.object);
            }
            return undefined;
          },
        });
      }
      return fits;
    },
    expression: (inner) => {
      if (inner.kind === 'call') {
        const added = inner.callee.kind === 'member' ? libraryOperation(engine, inner)?.effect : undefined;
        if (added === 'push' || added === 'extend') {
          add(chained(inner));
        }
        const own = level < 2 ? ownOf(engine, inner) : undefined;
        inner.args.forEach((arg, at) => {
          const param = own?.params[at]?.name;
          if (own !== undefined && param !== undefined && isThe(arg, name) && isOnlyPrintedIn(engine, own.body, param, undefined, level + 1)) {
            add(arg);
          }
        });
      } else if (inner.kind === 'assign' && isThe(inner.target, name) && inner.operator === '+') {
        add(inner.target);
      } else if (isThe(inner, name)) {
        fits &&= allowed.has(inner);
      }
      return fits;
    },
  });
  return fits;
}

/** `""`, `[]`, `new StringBuilder()`: nothing is in it. */
function isEmpty(value: Expression): boolean {
  switch (value.kind) {
    case 'literal':
      return value.value === '';
    case 'list':
      return value.items.length === 0;
    case 'binary':
      // `[0] * t` has a place for each answer.
      return value.operator === '*' && [value.left, value.right].some((side) => side.kind === 'list' && side.items.every((item) => item.kind === 'literal'));
    case 'new':
      // An array has a place for each answer.
      return value.items === undefined && value.args.every((arg) => arg.kind === 'literal' || value.dimensions !== undefined);
    case 'call':
      return value.args.every((arg) => arg.kind === 'literal');
    default:
      return false;
  }
}

/** `for (const line of answers) console.log(line)`. */
function printsEach(engine: Engine, body: Block): boolean {
  return body.every((statement) => {
    let prints = false as boolean;
    if (statement.kind === 'expression') {
      visitExpression(statement.value, {
        expression: (inner) => {
          prints ||= inner.kind === 'call' && libraryOperation(engine, inner)?.io === 'prints';
          return !prints;
        },
      });
    }
    return prints;
  });
}
