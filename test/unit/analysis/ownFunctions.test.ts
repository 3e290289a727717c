import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity, checkClaim } from '../../../src/analysis/index';
import { useInstalledGrammars } from '../../support/grammars';

describe('which function a call means', () => {
  beforeAll(() => useInstalledGrammars());

  it('is not the own function of that name where another module is asked', async () => {
    const code = 'import shapes\n\ndef area(items):\n    return sum(shapes.area(item) for item in items)\n';
    const { whole } = await analyzeComplexity(code, 'python', { limitMs: 5000 });
    expect(whole.time.class).toBe('linear');
    expect(whole.evidence.map(({ kind }) => kind)).not.toContain('recursion');
  });

  it('is told where it is nobody’s: the call counts as O(1), and settles no larger claim', async () => {
    const report = await analyzeComplexity('def all_ok(orders):\n    for order in orders:\n        inspect_order(order)\n', 'python', { limitMs: 5000 });
    expect(report.whole).toMatchObject({ time: { class: 'linear', confidence: 'likely' }, unknownCalls: ['inspect_order'] });
    expect(report.whole.assumptions.join()).toContain('inspect_order');
    expect(checkClaim(report, 'Time: O(n^2)').agreement).toBe('cannot-tell');
    expect(checkClaim(report, 'Time: O(1)').agreement).toBe('disagrees');
    expect(checkClaim(report, 'Time: O(n)').agreement).toBe('agrees');
  });

  it('is the one declared in the function around, where others of its name are declared elsewhere', async () => {
    const code = `def pairs(rows):
    def step(row):
        return sum(a * b for a in row for b in row)
    return [step(row) for row in rows]

def chain(size):
    def step(left):
        return 0 if left == 0 else 1 + step(left - 1)
    return step(size)

def halves(size):
    def step(left):
        return 0 if left <= 1 else 1 + step(left // 2)
    return step(size)
`;
    const { functions } = await analyzeComplexity(code, 'python', { limitMs: 5000 });
    expect(functions.map(({ name, time }) => `${name} ${time.class}`).sort()).toEqual([
      'chain linear', 'halves logn', 'pairs cubic', 'step linear', 'step logn', 'step quadratic',
    ]);
  });

  it('goes as deep as all arguments together where each branch lowers another one', async () => {
    const code = 'def paths(x, y):\n    if x == 0 or y == 0:\n        return 1\n    return paths(x - 1, y) + paths(x, y - 1)\n';
    const { whole } = await analyzeComplexity(code, 'python', { limitMs: 5000 });
    expect(whole.time.expression).toBe('O(2^(x + y))');
  });
});
