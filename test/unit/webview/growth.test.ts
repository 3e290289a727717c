import { describe, expect, it } from 'vitest';
import { growthOfBound, growthOfClass, sampleSizes, shortNumber } from '../../../src/webview/growth';

describe('growthOfBound', () => {
  it.each([
    ['O(1)', '1'], ['O(log n)', 'log n'], ['O(log2(n))', 'log n'], ['O(log(len(xs)))', 'log n'], ['O(n)', 'n'], ['O(len(items))', 'n'], ['Θ(N)', 'n'], ['O(n log n)', 'n log n'],
    ['O(n·log(n))', 'n log n'], ['O(n * lg n)', 'n log n'], ['O(n²)', 'n²'], ['O(n^2)', 'n²'], ['O(n**2)', 'n²'], ['O(n*n)', 'n²'], ['O(len(items)²)', 'n²'], ['O(n^2 log n)', 'n² log n'],
    ['O(n³)', 'n³'], ['O(sqrt(n))', '√n'], ['O(√n)', '√n'], ['O(2^n)', '2ⁿ'], ['O(2ⁿ)', '2ⁿ'], ['O(2**n)', '2ⁿ'], ['O(n!)', 'n!'], ['O(words.length)', 'n'], ['O(nlogn)', 'n log n'], ['O(n^{1.5})', 'n√n'],
  ])('reads %s as %s', (bound, label) => {
    expect(growthOfBound(bound)?.label).toBe(label);
  });

  it.each(['', 'O(V + E)', 'O(n·m)', 'O(n - 1)', 'O(3^n)', 'linear', 'O(n^7)', 'O()', 'n^2', 'O(n/2)', 'O(n log m)', 'O(n 2^n)'])('does not guess at %j', (bound) => {
    expect(growthOfBound(bound)).toBeUndefined();
  });
});

describe('growthOfClass', () => {
  it('knows the classes of the analysis, and no names of objects', () => {
    expect(growthOfClass('quadratic')?.operations(10)).toBe(100);
    expect(growthOfClass('factorial')?.operations(10)).toBeCloseTo(3_628_800, -3);
    expect(growthOfClass('unknown')).toBeUndefined();
    expect(growthOfClass('constructor')).toBeUndefined();
  });

  it('gives curves that never fall', () => {
    for (const name of ['constant', 'logn', 'log2n', 'sqrt', 'linear', 'nlogn', 'nlog2n', 'nsqrt', 'quadratic', 'n2logn', 'cubic', 'n3logn', 'n4', 'exponential', 'factorial']) {
      const values = sampleSizes(50, 60, false).map((n) => growthOfClass(name)?.operations(n) ?? NaN);
      expect(values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0)), name).toBe(true);
    }
  });
});

describe('sampleSizes', () => {
  it('goes from 1 to the largest, evenly or in powers', () => {
    expect(sampleSizes(9, 3, false)).toEqual([1, 5, 9]);
    expect(sampleSizes(100, 3, true).map(Math.round)).toEqual([1, 10, 100]);
  });
});

describe('shortNumber', () => {
  it.each([[0, '0'], [1, '1'], [12.34, '12.3'], [999, '999'], [1000, '1 k'], [12_500, '12.5 k'], [3e6, '3 M'], [1e12, '1 T'], [1e20, '10^20']])('says %d as %s', (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });
});
