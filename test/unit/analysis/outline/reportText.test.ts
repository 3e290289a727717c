import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../../src/analysis/index';
import { formatReport, readReport } from '../../../../src/analysis/outline/reportText';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

const code = `def outer(rows, k):
    found = []
    for row in rows:
        for cell in row:
            if mystery(cell, k):
                found.append(cell)
    found.sort()
    return found

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
`;

describe('formatReport', () => {
  it('is read back as it was', async () => {
    const report = await analyzeComplexity(code, 'python', { limitMs: 5000 });
    for (const fn of report.functions) {
      const read = readReport(formatReport(report, 'src/a, b.py', fn))!;
      expect(read).toEqual({
        name: fn.name,
        startLine: fn.range.start,
        endLine: fn.range.end,
        time: fn.time,
        space: fn.space,
        evidence: fn.evidence.map(({ kind, lines, text, runs, total, level }) => ({ kind, lines, text, runs, total, level })),
        assumptions: fn.assumptions,
        undecided: fn.undecided,
      });
      expect(read.evidence.length).toBeGreaterThan(0);
    }
  });

  it('names the other functions, and what could not be parsed', async () => {
    const report = await analyzeComplexity(`${code}\nx = ) ] 3\n`, 'python', { limitMs: 5000 });
    const text = formatReport(report, 'a.py', report.functions[0]);
    expect(text).toContain('Other functions:\n- fib (lines 10–11): time O(2^n)');
    expect(text).toMatch(/Note: \d+ places? could not be parsed/);
  });

  it('does not read other texts', () => {
    expect(readReport('Time: O(1)')).toBeUndefined();
    expect(readReport('')).toBeUndefined();
  });
});
