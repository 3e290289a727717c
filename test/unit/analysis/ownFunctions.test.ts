import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity, checkClaim } from '../../../src/analysis/index';
import { useInstalledGrammars } from '../../support/grammars';

describe('which function a call means', () => {
  beforeAll(() => useInstalledGrammars());

  it('is not the own function of that name where another module is asked', async () => {
    const code = 'import shapes\n\ndef area(items):\n    return sum(shapes.area(item) for item in items)\n';
    const { whole } = await analyzeComplexity(code, 'python');
    expect(whole.time.class).toBe('linear');
    expect(whole.evidence.map(({ kind }) => kind)).not.toContain('recursion');
  });

  it('is told where it is nobody’s: the call counts as O(1), and settles no larger claim', async () => {
    const report = await analyzeComplexity('def all_ok(orders):\n    for order in orders:\n        inspect_order(order)\n', 'python');
    expect(report.whole).toMatchObject({ time: { class: 'linear', confidence: 'likely' }, unknownCalls: ['inspect_order'] });
    expect(report.whole.assumptions.join()).toContain('inspect_order');
    expect(checkClaim(report, 'Time: O(n^2)').agreement).toBe('cannot-tell');
    expect(checkClaim(report, 'Time: O(1)').agreement).toBe('disagrees');
    expect(checkClaim(report, 'Time: O(n)').agreement).toBe('agrees');
  });

  it('goes as deep as all arguments together where each branch lowers another one', async () => {
    const code = 'def paths(x, y):\n    if x == 0 or y == 0:\n        return 1\n    return paths(x - 1, y) + paths(x, y - 1)\n';
    const { whole } = await analyzeComplexity(code, 'python');
    expect(whole.time.expression).toBe('O(2^(x + y))');
  });
});
