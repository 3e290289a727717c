import { assignOf, callOf, lambdaOf, memberOf, nameOf } from '../program/build';
import type { Block, Expression, Lines, Statement } from '../program/ir';
import { endAfter, folded, sameExpression } from './lowering';

/** A call of a method, in the terms of the library where it is an idiom. */
export function methodCall(object: Expression, name: string, args: readonly Expression[], lines: Lines): Expression {
  const [first, second] = args;
  switch (name) {
    case 'slice':
    case 'substring':
    case 'subarray':
      return { kind: 'slice', lines, object, from: first?.kind === 'literal' && first.value === 0 ? undefined : first, to: second };
    case 'substr':
      return { kind: 'slice', lines, object, from: first, to: first === undefined || second === undefined ? undefined : endAfter(first, second, lines) };
    case 'at':
      return first === undefined ? callOf(memberOf(object, name, lines), args, lines) : { kind: 'index', lines, object, index: first };
    case 'push':
      if (args.length === 1 && first?.kind === 'spread') {
        return callOf(memberOf(object, '@extend', lines), [first.value], lines);
      }
      break;
    case 'reduce':
    case 'reduceRight':
      if (first?.kind === 'lambda') {
        return folded(object, first, second, lines);
      }
      break;
    case 'on':
    case 'once':
    case 'question': {
      const event = inputEvent(first, second, lines);
      if (event !== undefined) {
        return event;
      }
      break;
    }
    case 'splice':
      if (args.length === 3 && first?.kind === 'literal' && first.value === 0 && second !== undefined && isLengthOf(second, object) && args[2]?.kind === 'spread') {
        // All items are replaced: the list is the other one from here on.
        return assignOf(object, args[2].value, lines);
      }
      if (args.length > 2 && second?.kind === 'literal' && second.value === 0) {
        return callOf(memberOf(object, '@insert', lines), args.slice(2), lines);
      }
      if (args.length > 2) {
        return callOf(memberOf(object, '@replace', lines), args, lines);
      }
      break;
    case 'hasOwnProperty':
      // `table.hasOwnProperty(key)`: whether it is in there
      if (first !== undefined && args.length === 1) {
        return { kind: 'binary', lines, operator: 'in', left: first, right: object };
      }
      break;
    case 'hasOwn':
    case 'has':
      if (first !== undefined && second !== undefined && object.kind === 'name' && (object.name === 'Object' || object.name === 'Reflect')) {
        return { kind: 'binary', lines, operator: 'in', left: second, right: first };
      }
      break;
    case 'call':
      if (first !== undefined && second !== undefined && object.kind === 'member' && object.name === 'hasOwnProperty') {
        return { kind: 'binary', lines, operator: 'in', left: second, right: first };
      }
      // f.call(this, x) is f(x)
      if (args.length > 0) {
        return callOf(object, args.slice(1), lines);
      }
      break;
    default:
  }
  return callOf(memberOf(object, name, lines), args, lines);
}

/** What a handler of the input does: `data` comes once with all of it, `line` once per line, `end` and `close` after that. */
function inputEvent(event: Expression | undefined, handler: Expression | undefined, lines: Lines): Expression | undefined {
  if (handler === undefined || (handler.kind !== 'lambda' && handler.kind !== 'name') || event?.kind !== 'literal' || event.type !== 'string') {
    return undefined;
  }
  switch (event.value) {
    case 'end':
    case 'close':
      return callOf(handler, [], lines);
    case 'line': {
      const item = nameOf('@line', lines);
      const body: Block = [{ kind: 'forEach', lines, target: item, iterable: callOf(nameOf('@readLines', lines), [], lines), body: [{ kind: 'expression', lines, value: callOf(handler, [item], lines) }] }];
      return callOf({ kind: 'lambda', lines, function: lambdaOf([], body, lines) }, [], lines);
    }
    default:
      return event.value === 'data' || handler.kind === 'lambda' ? callOf(handler, [callOf(nameOf('@readText', lines), [], lines)], lines) : undefined;
  }
}

function isLengthOf(expression: Expression, list: Expression): boolean {
  return expression.kind === 'member' && expression.name === 'length' && sameExpression(expression.object, list);
}

/** `xs.length = 0; xs.push(...ys);` makes `xs` the list `ys`; `xs.length = 0` alone empties it. */
export function withoutRefills(block: Block): Block {
  return block.flatMap((statement, at): Statement[] => {
    const emptied = emptiedBy(statement);
    if (emptied !== undefined) {
      const next = block[at + 1];
      return next !== undefined && filledBy(next, emptied) !== undefined
        ? []
        : [{ kind: 'expression', lines: statement.lines, value: callOf(memberOf(emptied, '@clear', statement.lines), [], statement.lines) }];
    }
    const before = block[at - 1];
    const list = before === undefined ? undefined : emptiedBy(before);
    const items = list === undefined ? undefined : filledBy(statement, list);
    return list === undefined || items === undefined ? [statement] : [{ kind: 'assign', lines: statement.lines, target: list, value: items }];
  });
}

function emptiedBy(statement: Statement): Expression | undefined {
  const isEmptied = statement.kind === 'assign' && statement.operator === undefined && statement.target.kind === 'member' && statement.target.name === 'length' && statement.value.kind === 'literal' && statement.value.value === 0;
  return isEmptied ? statement.target.object : undefined;
}

function filledBy(statement: Statement, list: Expression): Expression | undefined {
  const call = statement.kind === 'expression' && statement.value.kind === 'call' ? statement.value : undefined;
  return call?.callee.kind === 'member' && call.callee.name === '@extend' && sameExpression(call.callee.object, list) ? call.args[0] : undefined;
}
