import { callOf, memberOf, nameOf } from '../program/build';
import type { Block, Statement } from '../program/ir';

/**
 * `xs.forEach((x) => …)` as the loop that it is. With two parameters the items come with their keys: first the item
 * (JavaScript) or first the key (`keyFirst`, Java's maps). Any other statement stays as it is, and so does a function
 * that is left from inside a loop of its own.
 */
export function asLoop(statement: Statement, keyFirst = false): Statement {
  const call = statement.kind === 'expression' && statement.value.kind === 'call' ? statement.value : undefined;
  const [given, ...others] = call?.args ?? [];
  if (call?.callee.kind !== 'member' || !/^for_?each$/i.test(call.callee.name) || given?.kind !== 'lambda' || others.length > 0) {
    return statement;
  }
  const { params } = given.function;
  const [first, second] = params;
  const body = roundOf(given.function.body);
  if (first === undefined || params.length > 2 || params.some((param) => param.name === '' || param.defaultValue !== undefined) || body === undefined) {
    return statement;
  }
  const { lines } = statement;
  const { object } = call.callee;
  const names = [first, ...(second === undefined ? [] : [second])].map((param) => nameOf(param.name, lines));
  return {
    kind: 'forEach', lines, body,
    target: second === undefined ? nameOf(first.name, lines) : { kind: 'list', lines, type: 'tuple', items: keyFirst ? names : [...names].reverse() },
    iterable: callOf(memberOf(object, second === undefined ? '@each' : '@entries', lines), [], lines),
  };
}

/** The body of a function as that of a loop: where it returns, the next round begins. Undefined where a loop is in between. */
function roundOf(block: Block): Block | undefined {
  const round: Statement[] = [];
  for (const statement of block) {
    const parts = roundPart(statement);
    if (parts === undefined) {
      return undefined;
    }
    round.push(...parts);
  }
  return round.at(-1)?.kind === 'continue' ? round.slice(0, -1) : round;
}

function roundPart(statement: Statement): Block | undefined {
  switch (statement.kind) {
    case 'return': {
      const { lines, value } = statement;
      return [...(value === undefined ? [] : [asLoop({ kind: 'expression', lines, value })]), { kind: 'continue', lines }];
    }
    case 'if': {
      const [then, otherwise] = [roundOf(statement.then), roundOf(statement.else)];
      return then === undefined || otherwise === undefined ? undefined : [{ ...statement, then, else: otherwise }];
    }
    case 'block': {
      const body = roundOf(statement.body);
      return body === undefined ? undefined : [{ ...statement, body }];
    }
    case 'while':
    case 'for':
    case 'forEach':
      return statement.body.some(leaves) ? undefined : [statement];
    case 'switch':
      return statement.cases.some((each) => each.body.some(leaves)) ? undefined : [statement];
    case 'try':
      return statement.body.some(leaves) || statement.handlers.some((handler) => handler.some(leaves)) ? undefined : [statement];
    default:
      return [statement];
  }
}

/** Whether a statement may leave its function. */
export function leaves(statement: Statement): boolean {
  switch (statement.kind) {
    case 'return':
    case 'yield':
      return true;
    case 'if':
      return statement.then.some(leaves) || statement.else.some(leaves);
    case 'while':
    case 'for':
    case 'forEach':
    case 'block':
      return statement.body.some(leaves);
    case 'switch':
      return statement.cases.some((each) => each.body.some(leaves));
    case 'try':
      return statement.body.some(leaves) || statement.handlers.some((handler) => handler.some(leaves));
    default:
      return false;
  }
}
