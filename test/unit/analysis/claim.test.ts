import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity, checkClaim, readClaim, type ComplexityReport } from '../../../src/analysis/index';
import { useInstalledGrammars } from '../../support/grammars';

describe('reading a claim', () => {
  const notations: readonly (readonly [string, string])[] = [
    ['O(n^2)', 'O(n²)'],
    ['O(n²)', 'O(n²)'],
    ['O(n**2)', 'O(n²)'],
    ['`O(n log n)`', 'O(n·log n)'],
    ['O(nlogn)', 'O(n·log n)'],
    ['$\\mathcal{O}(n \\log n)$', 'O(n·log n)'],
    ['$\\Theta\\left(n^{2}\\right)$', 'Θ(n²)'],
    ['O(m * n)', 'O(m·n)'],
    ['O(mn)', 'O(m·n)'],
    ['O(|V| + |E| \\log |V|)', 'O(E·log V + V)'],
    ['O(\\sqrt{n})', 'O(√n)'],
    ['O(n^(1/2))', 'O(√n)'],
    ['O(2^n \\cdot n)', 'O(n·2^n)'],
    ['O(n!)', 'O(n!)'],
    ['O(len(xs)·k)', 'O(k·len(xs))'],
    ['O(len(orders[0].customer)·len(orders)²)', 'O(len(orders)²·len(orders[0].customer))'],
    ['O(rows[i].cells * k)', 'O(k·rows[i].cells)'],
    ['O[n log n] or O(n [log n])', 'O(n·log n)'],
    ['O(log² n)', 'O(log² n)'],
    ['The algorithm is quadratic.', 'O(n²)'],
    ['It runs in linear time.', 'O(n)'],
    ['时间复杂度为线性对数', 'O(n·log n)'],
    ['时间复杂度是 O(mn)，空间复杂度 O(n)', 'O(m·n)'],
    ['Space: O(n). Time: O(n²).', 'O(n²)'],
    ['It needs O(1) extra space and its running time is O(n).', 'O(n)'],
  ];
  for (const [text, expected] of notations) {
    it(text, () => {
      expect(readClaim(text)?.text).toBe(expected);
    });
  }

  it('finds none where there is none', () => {
    expect(readClaim('It depends on the input.')).toBeUndefined();
    expect(readClaim('O(')).toBeUndefined();
  });
});

describe('checking a claim', () => {
  let linear: ComplexityReport;
  let unknown: ComplexityReport;

  beforeAll(async () => {
    useInstalledGrammars();
    linear = await analyzeComplexity('def f(xs):\n    return sum(xs)\n', 'python', { limitMs: 5000 });
    unknown = await analyzeComplexity('10 PRINT "HELLO"', 'basic');
  });

  it('agrees with the same class in other names', () => {
    expect(checkClaim(linear, 'O(n)')).toMatchObject({ agreement: 'agrees', claim: 'O(n)', derived: 'O(len(xs))', claimClass: 'linear', derivedClass: 'linear' });
  });

  it('calls a higher upper bound weaker, and a higher tight bound wrong', () => {
    expect(checkClaim(linear, 'O(n²)').agreement).toBe('weaker');
    expect(checkClaim(linear, 'Θ(n²)').agreement).toBe('disagrees');
  });

  it('disagrees with a lower bound', () => {
    expect(checkClaim(linear, 'It takes O(log n) time.').agreement).toBe('disagrees');
  });

  it('cannot tell without a claim or without a derivation', () => {
    expect(checkClaim(linear, 'Hard to say.').agreement).toBe('cannot-tell');
    expect(checkClaim(unknown, 'O(n)').agreement).toBe('cannot-tell');
  });
});
