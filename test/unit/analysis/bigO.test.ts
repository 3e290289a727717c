import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, constant, divide, exponential, factorial, logarithm, maximum, multiply, one, power, size, substitute, zero, type Growth } from '../../../src/analysis/algebra/bigO';
import { print } from '../../../src/analysis/algebra/growthText';
import { classOf, compare, rank } from '../../../src/analysis/algebra/ranks';

const n = size('n');
const m = size('m');

describe('the algebra of growth', () => {
  it('prints the dominating terms without coefficients', () => {
    expect(print(add(multiply(constant(3), multiply(n, m)), add(n, constant(7))))).toBe('m·n');
    expect(print(add(size('V'), size('E')))).toBe('V + E');
    expect(print(multiply(n, logarithm(n)))).toBe('n·log n');
    expect(print(power(n, 2))).toBe('n²');
    expect(print(power(n, 0.5))).toBe('√n');
    expect(print(constant(26))).toBe('1');
    expect(print(multiply(n, exponential(constant(2), n)))).toBe('n·2^n');
    expect(print(factorial(n))).toBe('n!');
  });

  it('keeps the larger of n·2^n and 2^n, whatever their order', () => {
    const small = exponential(constant(2), n);
    const large = multiply(n, small);
    expect(print(add(small, large))).toBe('n·2^n');
    expect(print(add(large, small))).toBe('n·2^n');
  });

  it('simplifies logarithms', () => {
    expect(print(logarithm(multiply(n, n)))).toBe('log n');
    expect(print(logarithm(exponential(constant(2), n)))).toBe('n');
    expect(print(logarithm(factorial(n)))).toBe('n·log n');
    expect(print(exponential(constant(2), logarithm(n)))).toBe('n');
  });

  it('divides by a size that is a factor and keeps an upper bound otherwise', () => {
    expect(print(divide(multiply(n, m), m))).toBe('n');
    expect(print(divide(n, m))).toBe('n');
  });

  it('puts a growth in the place of a size, inside logarithms and exponents too', () => {
    expect(print(substitute(multiply(m, logarithm(m)), 'm', power(n, 2)))).toBe('n²·log n');
    expect(print(substitute(exponential(constant(2), m), 'm', n))).toBe('2^n');
  });

  it('names classes by total degree, then logarithms', () => {
    const classes: readonly (readonly [Growth, string])[] = [
      [zero, 'constant'], [one, 'constant'], [logarithm(n), 'logn'], [power(n, 0.5), 'sqrt'], [add(n, m), 'linear'], [multiply(n, logarithm(m)), 'nlogn'],
      [multiply(n, m), 'quadratic'], [multiply(power(n, 2), logarithm(n)), 'n2logn'], [multiply(n, power(m, 2)), 'cubic'], [power(n, 4), 'n4'],
      [exponential(constant(2), n), 'exponential'], [factorial(n), 'exponential'],
    ];
    for (const [growth, name] of classes) {
      expect(classOf(rank(growth))).toBe(name);
    }
  });

  const growth: fc.Arbitrary<Growth> = fc.letrec<{ growth: Growth }>((tie) => ({
    growth: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(one, n, m, size('k'), constant(5)),
      fc.tuple(tie('growth'), tie('growth')).map(([a, b]) => add(a, b)),
      fc.tuple(tie('growth'), tie('growth')).map(([a, b]) => multiply(a, b)),
      tie('growth').map(logarithm),
    ),
  })).growth;

  it('orders sums and maxima above their parts', () => {
    fc.assert(
      fc.property(growth, growth, (a, b) => {
        expect(compare(add(a, b), a)).toBeGreaterThanOrEqual(0);
        expect(compare(maximum(a, b), b)).toBeGreaterThanOrEqual(0);
        expect(compare(add(a, b), add(b, a))).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
