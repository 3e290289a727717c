import { binaryOf, callOf, lambdaOf, memberOf, nameOf } from '../build';
import type { Block, Expression, Lines } from '../ir';
import { folded } from './lowering';

/** A call of a method, in the terms of the library where it is an idiom. */
export function methodCall(object: Expression, name: string, args: readonly Expression[], lines: Lines): Expression {
  const [first, second] = args;
  switch (name) {
    case 'slice':
    case 'substring':
    case 'subarray':
      return { kind: 'slice', lines, object, from: first?.kind === 'literal' && first.value === 0 ? undefined : first, to: second };
    case 'substr':
      return { kind: 'slice', lines, object, from: first, to: first === undefined || second === undefined ? undefined : binaryOf('+', first, second, lines) };
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
      if (args.length > 2 && second?.kind === 'literal' && second.value === 0) {
        return callOf(memberOf(object, '@insert', lines), args.slice(2), lines);
      }
      if (args.length > 2) {
        return callOf(memberOf(object, '@replace', lines), args, lines);
      }
      break;
    case 'call':
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
