/**
 * The algebra of growth: sums of products of named sizes, their powers, logarithms, exponentials and factorials.
 * Coefficients are kept (so that 2·x in a recurrence is told from x); comparing and printing leave them out.
 */

import { formatNumber, print } from './growthText';
import { compare, dominating } from './ranks';
import {
  constant, constantValue, type Factor, type Growth, isConstant, maxTerms, mentionedIn, mentions, ofAtom, one, size, sizesIn, term, type Term, zero,
} from './terms';

export { constant, constantValue, type Growth, isConstant, mentions, one, size, sizesIn, someSize, zero } from './terms';

const sum = (x: number, y: number): number => x + y;

/** The place of the term with that key, or -1. Sums are short: looking through them is faster than a table. */
function placeOf(terms: readonly Term[], key: string): number {
  for (let at = 0; at < terms.length; at++) {
    if (terms[at]?.key === key) {
      return at;
    }
  }
  return -1;
}

function combine(a: Growth, b: Growth, merge: (x: number, y: number) => number): Growth {
  if (b.terms.length === 0) {
    return a;
  }
  if (a.terms.length === 0) {
    return b;
  }
  const x = constantValue(a);
  const y = constantValue(b);
  if (x !== undefined && y !== undefined) {
    return constant(merge(x, y));
  }
  // Copied where the first term changes: an upper bound often is one of the two.
  let changed: Term[] | undefined;
  for (const each of b.terms) {
    const terms = changed ?? a.terms;
    const at = placeOf(terms, each.key);
    const other = terms[at];
    if (other === undefined) {
      changed ??= a.terms.slice();
      changed.push(each);
      continue;
    }
    const coefficient = Math.min(merge(other.coefficient, each.coefficient), Number.MAX_SAFE_INTEGER);
    if (coefficient !== other.coefficient) {
      changed ??= a.terms.slice();
      changed[at] = { coefficient, factors: other.factors, key: other.key };
    }
  }
  const together = changed === undefined ? a : { terms: changed };
  return together.terms.length > maxTerms ? dominating(together) : together;
}

export function add(a: Growth, b: Growth): Growth {
  return combine(a, b, sum);
}

/** An upper bound of both: term by term the larger coefficient. */
export function maximum(a: Growth, b: Growth): Growth {
  return combine(a, b, Math.max);
}

/** The one that grows less. */
export function minimum(a: Growth, b: Growth): Growth {
  const order = compare(a, b);
  if (order === 0) {
    const x = constantValue(a);
    const y = constantValue(b);
    return x !== undefined && y !== undefined && y < x ? b : a;
  }
  return order < 0 ? a : b;
}

export function multiply(a: Growth, b: Growth): Growth {
  if (a === one) {
    return b;
  }
  if (b === one) {
    return a;
  }
  const only = a.terms[0];
  const other = b.terms[0];
  if (only === undefined || other === undefined) {
    return zero;
  }
  if (only.factors.length === 0 && a.terms.length === 1) {
    return scaled(b, only.coefficient);
  }
  if (other.factors.length === 0 && b.terms.length === 1) {
    return scaled(a, other.coefficient);
  }
  let result: Growth = zero;
  for (const x of a.terms) {
    for (const y of b.terms) {
      result = add(result, { terms: [term(Math.min(x.coefficient * y.coefficient, Number.MAX_SAFE_INTEGER), mergeFactors(x.factors, y.factors))] });
    }
  }
  return result;
}

function scaled(growth: Growth, by: number): Growth {
  if (by === 1) {
    return growth;
  }
  return { terms: growth.terms.map(({ coefficient, factors, key }) => ({ coefficient: Math.min(coefficient * by, Number.MAX_SAFE_INTEGER), factors, key })) };
}

function mergeFactors(a: readonly Factor[], b: readonly Factor[]): readonly Factor[] {
  if (a.length === 0) {
    return b;
  }
  if (b.length === 0) {
    return a;
  }
  // Both are ordered by key.
  const merged: Factor[] = [];
  let at = 0;
  for (const factor of a) {
    let other = b[at];
    while (other !== undefined && other.atom.key < factor.atom.key) {
      merged.push(other);
      at += 1;
      other = b[at];
    }
    if (other?.atom.key !== factor.atom.key) {
      merged.push(factor);
    } else {
      at += 1;
      if (factor.power + other.power !== 0) {
        merged.push({ atom: factor.atom, power: factor.power + other.power });
      }
    }
  }
  for (; at < b.length; at++) {
    const other = b[at];
    if (other !== undefined) {
      merged.push(other);
    }
  }
  return merged;
}

/** `a` divided by the number or size `b`, where that leaves whole terms; otherwise `a` as an upper bound. */
export function divide(a: Growth, b: Growth): Growth {
  const value = constantValue(b);
  if (value !== undefined) {
    return value > 1 ? { terms: a.terms.map((each) => ({ ...each, coefficient: each.coefficient / value })) } : a;
  }
  const [only, other] = dominating(b).terms;
  if (only === undefined || other !== undefined) {
    return a;
  }
  const inverse = only.factors.map((factor) => ({ atom: factor.atom, power: -factor.power }));
  const terms: Term[] = [];
  for (const each of a.terms) {
    const factors = mergeFactors(each.factors, inverse);
    // What cannot be divided is no more than it was.
    terms.push(factors.some((factor) => factor.power < 0) ? each : term(each.coefficient / Math.max(only.coefficient, 1), factors));
  }
  return { terms };
}

/** Logarithm to some constant base: of a product the sum, of c^x the exponent. */
export function logarithm(of: Growth): Growth {
  if (isConstant(of)) {
    const value = constantValue(of) ?? 1;
    return constant(Math.max(1, Math.log2(Math.max(2, value))));
  }
  let result: Growth = zero;
  for (const each of dominating(of).terms) {
    let sum: Growth = zero;
    for (const { atom, power } of each.factors) {
      switch (atom.kind) {
        case 'size':
          sum = maximum(sum, ofAtom({ kind: 'log', of: size(atom.name), key: `log(${atom.name})` }));
          break;
        case 'log':
          // log log n: kept as a constant, as no class tells it apart.
          sum = maximum(sum, one);
          break;
        case 'exponential':
          sum = maximum(sum, multiply(atom.exponent, constant(Math.max(1, power))));
          break;
        case 'factorial':
          sum = maximum(sum, multiply(atom.of, logarithm(atom.of)));
          break;
      }
    }
    result = maximum(result, sum);
  }
  return result;
}

/** Every term to the power `exponent` (0.5 for a square root): an upper bound up to constants. */
export function power(of: Growth, exponent: number): Growth {
  const value = constantValue(of);
  if (value !== undefined) {
    return constant(Math.max(1, value ** exponent));
  }
  if (Number.isInteger(exponent) && exponent >= 1 && exponent <= 8) {
    let result = of;
    for (let at = 1; at < exponent; at++) {
      result = multiply(result, of);
    }
    return result;
  }
  return {
    terms: dominating(of).terms.map((each) => term(1, each.factors.map((factor) => ({ atom: factor.atom, power: factor.power * exponent })))),
  };
}

/** `base` to the power of a growth. c^(log n) becomes a power of n. */
export function exponential(base: Growth, exponent: Growth): Growth {
  const value = constantValue(exponent);
  if (value !== undefined) {
    return value <= 8 ? power(base, Math.max(1, Math.ceil(value))) : isConstant(base) ? constant((constantValue(base) ?? 2) ** value) : power(base, 8);
  }
  const baseValue = constantValue(base);
  if (baseValue !== undefined && baseValue <= 1) {
    return one;
  }
  const { terms } = dominating(exponent);
  if (baseValue !== undefined && terms.length > 0 && terms.every(({ factors }) => factors.length === 1 && factors[0]?.atom.kind === 'log' && factors[0].power === 1)) {
    const degree = Math.max(1, Math.round(Math.log2(baseValue) * 2) / 2);
    return terms.reduce((product, { factors: [factor] }) => (factor?.atom.kind === 'log' ? multiply(product, power(factor.atom.of, degree)) : product), one);
  }
  return ofExponential(base, exponent);
}

function ofExponential(base: Growth, exponent: Growth): Growth {
  const value = constantValue(base);
  // Sizes that stand for something open inside the engine are not known to be more than two.
  const isOpen = value === undefined && [...sizesIn(base)].some((name) => /^[§¶¤@]/.test(name));
  const text = isOpen ? '2' : value === undefined ? `(${print(base)})` : formatNumber(value);
  const bare = withoutCoefficients(dominating(exponent));
  const baseText = /^\([^()+·]*(\([^()]*\))?\)$/.test(text) ? text.slice(1, -1) : text;
  return ofAtom({ kind: 'exponential', base: baseText, exponent: bare, key: `${baseText}^(${print(bare)})` });
}

export function factorial(of: Growth): Growth {
  const value = constantValue(of);
  if (value !== undefined) {
    let product = 1;
    for (let at = 2; at <= Math.min(value, 18); at++) {
      product *= at;
    }
    return constant(product);
  }
  const bare = withoutCoefficients(dominating(of));
  return ofAtom({ kind: 'factorial', of: bare, key: `${print(bare)}!` });
}

function withoutCoefficients(growth: Growth): Growth {
  return { terms: growth.terms.map((each) => ({ ...each, coefficient: 1 })) };
}

/** `growth` with the size `name` replaced. */
export function substitute(growth: Growth, name: string, by: Growth): Growth {
  if (!mentions(growth, name)) {
    return growth;
  }
  let result: Growth = zero;
  for (const each of growth.terms) {
    if (!mentionedIn(each, name)) {
      result = add(result, growth.terms.length === 1 ? growth : { terms: [each] });
      continue;
    }
    const only = each.factors[0];
    if (each.factors.length === 1 && only?.power === 1 && only.atom.kind === 'size') {
      result = add(result, scaled(by, each.coefficient));
      continue;
    }
    let product: Growth = constant(each.coefficient);
    for (const factor of each.factors) {
      let base: Growth;
      const { atom } = factor;
      switch (atom.kind) {
        case 'size':
          base = atom.name === name ? by : ofAtom(atom);
          break;
        case 'log':
          base = mentions(atom.of, name) ? logarithm(substitute(atom.of, name, by)) : ofAtom(atom);
          break;
        case 'exponential':
          base = mentions(atom.exponent, name)
            ? exponential(/^[\d.]+$/.test(atom.base) ? constant(Number(atom.base)) : size(atom.base), substitute(atom.exponent, name, by))
            : ofAtom(atom);
          break;
        case 'factorial':
          base = mentions(atom.of, name) ? factorial(substitute(atom.of, name, by)) : ofAtom(atom);
          break;
      }
      product = multiply(product, factor.power === 1 ? base : power(base, factor.power));
    }
    result = add(result, product);
  }
  return result;
}

/** Splits `growth` = `coefficient`·name + `rest`. Terms with other uses of `name` (powers, logs) go to the coefficient. */
export function splitBy(growth: Growth, name: string): { readonly coefficient: Growth; readonly rest: Growth } {
  let coefficient: Growth = zero;
  const rest: Term[] = [];
  for (const each of growth.terms) {
    if (mentionedIn(each, name)) {
      const without: Factor[] = [];
      for (const factor of each.factors) {
        if (factor.atom.kind === 'size' && factor.atom.name === name) {
          if (factor.power > 1) {
            without.push({ atom: factor.atom, power: factor.power - 1 });
          }
        } else {
          without.push(factor);
        }
      }
      coefficient = add(coefficient, { terms: [term(each.coefficient, without)] });
    } else {
      rest.push(each);
    }
  }
  return { coefficient, rest: { terms: rest } };
}
