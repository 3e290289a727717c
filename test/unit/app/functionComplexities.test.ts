import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../src/analysis/index';
import { outlineOf } from '../../../src/analysis/outline/outline';
import { FunctionComplexities } from '../../../src/app/functionComplexities';
import { useInstalledGrammars } from '../../support/grammars';

const pairs = 'def pairs(xs):\n    for a in xs:\n        for b in xs:\n            print(a, b)\n';
const first = 'def first(xs):\n    return xs[0]\n';

function counted(): { readonly complexities: FunctionComplexities; readonly analyses: () => number } {
  let analyses = 0;
  const complexities = new FunctionComplexities({
    analyze: (text, languageId) => {
      analyses += 1;
      return analyzeComplexity(text, languageId);
    },
    outline: async (text, languageId) => (await outlineOf(text, languageId)) ?? [],
  });
  return { complexities, analyses: () => analyses };
}

describe('FunctionComplexities', () => {
  beforeAll(() => useInstalledGrammars());

  it('gives each function its complexity at its line', async () => {
    const { complexities } = counted();
    const found = await complexities.of(`${pairs}\n${first}`, 'python');
    expect(found.map(({ report, nameLine }) => [report.name, nameLine, report.time.class])).toEqual([
      ['pairs', 1, 'quadratic'],
      ['first', 6, 'constant'],
    ]);
  });

  it('analyses nothing again while no function has changed, and moves the lines along', async () => {
    const { complexities, analyses } = counted();
    await complexities.of(`${pairs}\n${first}`, 'python');
    const moved = await complexities.of(`# a comment\n\n\n${first}\n${pairs}`, 'python');
    expect(analyses()).toBe(1);
    const [, pairsNow] = moved;
    expect(pairsNow).toMatchObject({ nameLine: 7, shift: 6 });
    expect((pairsNow?.report.evidence[0]?.lines.start ?? 0) + (pairsNow?.shift ?? 0)).toBeGreaterThanOrEqual(7);
  });

  it('analyses again when a function has changed', async () => {
    const { complexities, analyses } = counted();
    await complexities.of(`${pairs}\n${first}`, 'python');
    const [changed] = await complexities.of(`${pairs.replace('for b in xs', 'for b in range(3)')}\n${first}`, 'python');
    expect(analyses()).toBe(2);
    expect(changed?.report.time.class).toBe('linear');
  });
});
