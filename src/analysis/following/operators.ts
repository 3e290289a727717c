import { t } from '../../core/l10n';
import {
  add, constant, constantValue, divide, exponential, type Growth, isConstant, logarithm, maximum, minimum, multiply, one, power, size,
} from '../algebra/bigO';
import { bigO, type Engine, evidence } from './engine';
import { evaluate } from './expressions';
import type { Expression } from '../program/ir';
import { areBeside } from '../amortised/pieces';
import { chargeShared } from '../amortised/sharing';
import { isNamed } from './untyped';
import { addedSize, isCollection, isWrittenNumber, joinValues, magnitude, makeValue, numberValue, sizeOf, smallValue, type Value } from './values';

/** Languages in which `a || b` is one of the two, whatever they are. */
const givesOperands = new Set(['python', 'javascript', 'typescript', 'ruby']);

/** What two operands give, and what that costs: texts and lists put together, searches, sums, products. */
export function binaryValue(engine: Engine, expression: Expression & { kind: 'binary' }): Value {
  const { operator } = expression;
  if (operator === '&&' || operator === '||' || operator === '??') {
    const left = evaluate(engine, expression.left);
    const right = evaluate(engine, expression.right);
    if (operator !== '??' && !givesOperands.has(engine.program.language)) {
      return smallValue('boolean');
    }
    // `near[u] || []`: an empty list says nothing of the other.
    const isEmpty = operator !== '&&' && isCollection(right) && right.size?.terms.length === 0;
    return isEmpty && (isCollection(left) || left.kind === 'unknown') ? left : joinValues(left, right);
  }
  const left = evaluate(engine, expression.left);
  const right = evaluate(engine, expression.right);
  // Where texts and numbers cannot be added, what a number is added to is one.
  if (operator === '+' && engine.program.language === 'python' && [[left, expression.right] as const, [right, expression.left] as const].some(([value, other]) => value.kind === 'string' && other.kind === 'literal' && other.type === 'number')) {
    engine.charge(one);
    return numberValue(size('n'));
  }
  switch (operator) {
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      noticeLetter(left, expression.right);
      noticeLetter(right, expression.left);
      // Comparing collections looks at their items; texts and numbers of the input are compared as one.
      const both = isCollection(left) && isCollection(right) && left.kind !== 'string' && left.kind !== 'iterator' && left.items === undefined && right.items === undefined;
      if (both) {
        const cost = minimum(sizeOf(left), sizeOf(right));
        engine.charge(cost, evidence('library', expression.lines, t('compares item by item'), one, cost));
      } else {
        engine.charge(one);
      }
      return smallValue('boolean');
    }
    case 'in':
    case 'not in': {
      const subject = right;
      switch (subject.kind) {
        case 'list':
        case 'array':
        case 'deque':
        case 'tuple':
        case 'linkedList': {
          const cost = sizeOf(subject);
          engine.charge(cost, evidence('library', expression.lines, t('looks through all items'), one, cost));
          break;
        }
        case 'string': {
          const cost = isCollection(left) ? maximum(sizeOf(subject), one) : sizeOf(subject);
          engine.charge(cost, evidence('library', expression.lines, t('looks through the text'), one, cost));
          break;
        }
        case 'sortedSet':
        case 'sortedMap':
          engine.charge(logarithm(sizeOf(subject)));
          break;
        case 'iterator': {
          // A range and the keys of a map are asked; anything else is gone through.
          const cost = subject.keyed ? one : sizeOf(subject);
          engine.charge(cost, evidence('library', expression.lines, t('looks through all items'), one, cost));
          break;
        }
        default:
          engine.charge(one);
      }
      return smallValue('boolean');
    }
    default:
  }
  return combined(engine, operator, left, right, expression);
}

/** What is compared with a single character is one, where nothing else is known of it. */
function noticeLetter(value: Value, other: Expression): void {
  if (value.kind === 'unknown' && value.nodes === undefined && other.kind === 'literal' && typeof other.value === 'string' && other.value.length === 1) {
    value.kind = 'char';
    value.number ??= one;
    value.size ??= one;
  }
}

/** A modulus this large keeps numbers in a machine word; a smaller one picks one of a few places. */
const largeModulus = 10_000;

/** Languages in which a list or text times a number is that many copies of it; elsewhere a text is read as a number. */
const repeatsByTimes: ReadonlySet<string> = new Set(['python', 'ruby']);

/** Languages in which a character is a text: with something else it makes a longer one, and not a number. */
const lettersAreTexts: ReadonlySet<string> = new Set(['javascript', 'typescript', 'tsx', 'python', 'ruby']);

/** A list or a text with another one at its end. */
function putTogether(engine: Engine, left: Value, right: Value, expression: Expression): Value {
  // What is put together with a list is one, too; with a text it may be a character.
  const isText = left.kind === 'string' || right.kind === 'string' || left.kind === 'char' || right.kind === 'char';
  const isLonger = !isWrittenNumber(left) || !isWrittenNumber(right);
  const sizeIn = (value: Value): Growth => (isCollection(value) || (value.kind === 'unknown' && (!isText || isNamed(engine, value))) ? (isLonger ? addedSize(value) : sizeOf(value)) : one);
  // s[:i] + x + s[j:] is no longer than s and x; s[i:] + s[:i] is as long as s.
  const length = expression.kind === 'binary' && areBeside(engine, [expression.left], expression.right) ? maximum(sizeIn(left), sizeIn(right)) : add(sizeIn(left), sizeIn(right));
  engine.charge(length, evidence('library', expression.lines, isText ? t('builds a text') : t('copies both lists'), one, length));
  const made = makeValue(isText ? 'string' : left.kind, {
    label: left.label, size: length, type: left.type,
    element: isText ? undefined : left.element !== undefined && right.element !== undefined ? joinValues(left.element, right.element) : (left.element ?? right.element),
  });
  return isText ? made : engine.allocate(made);
}

/** `left operator right` for arithmetic, concatenation and repetition. */
export function combined(engine: Engine, operator: string, left: Value, right: Value, expression: Expression): Value {
  engine.charge(one);
  if (operator === '+' && (isCollection(left) || isCollection(right)) && left.kind !== 'tuple') {
    return putTogether(engine, left, right, expression);
  }
  if (operator === '+' && (left.kind === 'char' || right.kind === 'char') && lettersAreTexts.has(engine.program.language)) {
    return makeValue('string', { size: constant(2) });
  }
  if (operator === '*' && repeatsByTimes.has(engine.program.language) && (isCollection(left) || isCollection(right)) && (left.kind === 'list' || right.kind === 'list' || left.kind === 'string' || right.kind === 'string' || left.kind === 'tuple')) {
    const [list, times] = isCollection(left) ? [left, right] : [right, left];
    const length = multiply(sizeOf(list), magnitude(times));
    engine.charge(length, evidence('library', expression.lines, () => t('makes {0} items', bigO(length)), one, length));
    return engine.allocate(makeValue(list.kind, { size: length, element: list.element ?? (list.items?.[0]), type: list.type }));
  }
  if ((left.kind === 'set' && right.kind !== 'number') || (left.kind === 'map' && right.kind === 'map')) {
    const length = operator === '&' ? minimum(sizeOf(left), sizeOf(right)) : operator === '-' ? sizeOf(left) : add(sizeOf(left), sizeOf(right));
    const text = t('goes through both sets');
    const isShared = operator === '-' && expression.kind === 'binary' && chargeShared(engine, expression.left, left, length, expression.lines, text);
    if (!isShared) {
      engine.charge(length, evidence('library', expression.lines, text, one, length));
    }
    return engine.allocate(makeValue(left.kind, { size: length, element: left.element, key: left.key, type: left.type }));
  }
  const a = magnitude(left);
  const b = magnitude(right);
  switch (operator) {
    case '+':
      return makeValue('number', { number: maximum(add(a, b), one), middle: left.middle || right.middle });
    case '-':
      // A difference is bounded by what is taken from; the middle of a range stays one.
      return makeValue('number', { number: maximum(a, one), middle: left.middle || right.middle });
    case '*':
      return numberValue(multiply(a, b));
    case '/':
    case '//': {
      const by = right.number === undefined ? one : b;
      return makeValue('number', { number: maximum(divide(a, by), one), middle: isTwo(right) });
    }
    case '>>':
      return makeValue('number', { number: a, middle: isOne(right) });
    case '%':
      // The rest by a large prime is a number of the input's kind still, not one that a constant bounds.
      return numberValue(isCollection(left) ? one : (constantValue(b) ?? 0) >= largeModulus ? a : minimum(b, a));
    case '**':
      return numberValue(isConstant(b) ? power(a, degreeOf(constantOr(b, 2), expression)) : exponential(a, b));
    case '<<':
      return numberValue(multiply(a, exponential(constant(2), b)));
    case '&':
      return numberValue(minimum(a, b));
    case '|':
    case '^':
      return numberValue(maximum(a, b));
    default:
      return numberValue(maximum(a, b));
  }
}

/** The exponent of a power: a whole number, or a root (`x ** 0.5`, `x ** (1 / 2)`). */
function degreeOf(exponent: number, expression: Expression): number {
  const right = expression.kind === 'binary' ? expression.right : undefined;
  const [over, under] = right?.kind === 'binary' && right.operator === '/' ? [right.left, right.right] : [];
  const fraction = over?.kind === 'literal' && under?.kind === 'literal' ? Number(over.value) / Number(under.value) : exponent;
  return fraction > 0 && fraction < 1 ? fraction : Math.max(1, Math.round(exponent));
}

function constantOr(growth: Value['size'], otherwise: number): number {
  const first = growth?.terms[0];
  return growth?.terms.length === 1 && first?.factors.length === 0 ? first.coefficient : otherwise;
}

function isTwo(value: Value): boolean {
  return constantOr(value.number, 0) === 2;
}

function isOne(value: Value): boolean {
  return constantOr(value.number, 0) === 1;
}
