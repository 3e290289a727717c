import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr } from '../program/ir';
import { namesIn, visitBlock, visitExpression } from '../program/visit';
import { Memo } from '../program/memo';

const known = new Memo<FunctionIr, Map<FunctionIr, boolean>>();

/**
 * Whether `maker` makes a table larger (`capacity *= 2`) and `adder` calls it only where a test of that size says that it
 * is full: while the items are put into the larger table by `adder`, the test fails, so `maker` does not run again.
 */
export function makesRoom(engine: Engine, maker: FunctionIr, adder: FunctionIr): boolean {
  let answers = known.get(maker);
  if (answers === undefined) {
    answers = new Map();
    known.set(maker, answers);
  }
  let answer = answers.get(adder);
  if (answer === undefined) {
    answer = findRoom(engine, maker, adder);
    answers.set(adder, answer);
  }
  return answer;
}

function findRoom(engine: Engine, maker: FunctionIr, adder: FunctionIr): boolean {
  const params = new Set(maker.params.map((param) => param.name));
  const grown = new Set<string>();
  for (const [name, updates] of engine.changes(maker.body).updates) {
    const isOutside = !params.has(name) && !updates.some((update) => update.declares);
    if (isOutside && updates.some((update) => update.motion === 'scale-up' && !update.conditional && update.loops.length === 0)) {
      grown.add(name.replace(/^this\./, ''));
    }
  }
  if (grown.size === 0) {
    return false;
  }
  let calls = 0;
  visitBlock(adder.body, {
    expression: (inner) => {
      calls += callsByName(inner, maker) ? 1 : 0;
      return undefined;
    },
  });
  return calls > 0 && guardedCalls(engine, adder.body, maker, grown) === calls;
}

function callsByName(expression: Expression, fn: FunctionIr): boolean {
  return expression.kind === 'call' && (expression.callee.kind === 'name' || expression.callee.kind === 'member') && expression.callee.name === fn.name;
}

function guardedCalls(engine: Engine, body: Block, maker: FunctionIr, grown: ReadonlySet<string>): number {
  const guarded = new Set<Expression>();
  visitBlock(body, {
    statement: (statement) => {
      if (statement.kind === 'if' && reads(engine, statement.condition, grown, 0)) {
        visitBlock(statement.then, {
          expression: (inner) => {
            if (callsByName(inner, maker)) {
              guarded.add(inner);
            }
            return undefined;
          },
        });
      }
      return undefined;
    },
  });
  return guarded.size;
}

/** Whether an expression reads one of the fields, itself or by a function that gives back such an expression. */
function reads(engine: Engine, expression: Expression, fields: ReadonlySet<string>, level: number): boolean {
  if ([...namesIn(expression)].some((name) => fields.has(name))) {
    return true;
  }
  let found = false as boolean;
  visitExpression(expression, {
    expression: (inner) => {
      if (inner.kind === 'member' && fields.has(inner.name)) {
        found = true;
      } else if (inner.kind === 'call' && (inner.callee.kind === 'name' || inner.callee.kind === 'member') && level < 2) {
        const [only, ...others] = (engine.functionsNamed(inner.callee.name)[0]?.body ?? []).filter((statement) => statement.kind !== 'expression' || statement.value.kind !== 'literal');
        found ||= only?.kind === 'return' && others.length === 0 && only.value !== undefined && reads(engine, only.value, fields, level + 1);
      }
      return !found;
    },
  });
  return found;
}
