import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity, type FunctionReport } from '../../../src/analysis/index';
import { useInstalledGrammars } from '../../support/grammars';

beforeAll(useInstalledGrammars);

const program = `def spread(grid, start):
    rows, cols = len(grid), len(grid[0])
    seen = [[False] * cols for _ in range(rows)]

    def visit(row, col):
        if row < 0 or col < 0 or row >= rows or col >= cols or seen[row][col]:
            return 0
        seen[row][col] = True
        return 1 + visit(row + 1, col) + visit(row - 1, col) + visit(row, col + 1) + visit(row, col - 1)

    return visit(start, 0)


def pairs(words):
    def alike(first, second):
        return sum(a == b for a, b in zip(first, second))

    def bits(mask):
        count = 0
        while mask:
            mask &= mask - 1
            count += 1
        return count

    def unused(items):
        for item in items:
            print(item)

    def strange(word):
        return measure(word) + len(sorted(word))

    best = bits(5)
    for first in words:
        for second in words:
            best = max(best, alike(first, second))
    return best + strange(words[0])
`;

async function reportOf(name: string, code = program, language = 'python'): Promise<FunctionReport> {
  const { functions } = await analyzeComplexity(code, language, { limitMs: 5000 });
  const found = functions.find((each) => each.name === name);
  if (found === undefined) {
    throw new Error(`no report of ${name}`);
  }
  return found;
}

describe('a function inside another one', () => {
  it('is reported as it is called there, in the sizes that are known there', async () => {
    expect((await reportOf('visit')).time.expression).toBe('O(len(grid)·len(grid[0]))');
    expect((await reportOf('visit')).space.expression).toBe('O(len(grid)·len(grid[0]))');
    expect((await reportOf('alike')).time.expression).toBe('O(len(words[0]))');
  });

  it('does not count the loops around its call', async () => {
    expect((await reportOf('pairs')).time.class).toBe('cubic');
    expect((await reportOf('alike')).time.class).toBe('linear');
    expect((await reportOf('alike')).evidence.map((each) => each.lines.start)).toEqual([16]);
  });

  it('is looked at alone where it is called with constants, or not at all', async () => {
    expect((await reportOf('bits')).time.expression).toBe('O(log mask)');
    expect((await reportOf('unused')).time.expression).toBe('O(len(items))');
  });

  it('has the assumptions of its own lines, which the function around it shares', async () => {
    expect((await reportOf('strange')).unknownCalls).toEqual(['measure']);
    expect((await reportOf('alike')).unknownCalls).toEqual([]);
    expect((await reportOf('pairs')).unknownCalls).toEqual(['measure']);
  });

  it('is answered alike where it alone is selected, or lines of it', async () => {
    for (const range of [{ start: 15, end: 16 }, { start: 16, end: 16 }]) {
      const { whole } = await analyzeComplexity(program, 'python', { range, limitMs: 5000 });
      expect(whole).toMatchObject({ name: 'alike', time: { expression: 'O(len(words[0]))' } });
    }
  });

  it.each([
    ['javascript', 'function total(rows) {\n  const add = (row) => {\n    let sum = 0;\n    for (const cell of row) {\n      sum += cell;\n    }\n    return sum;\n  };\n  return rows.map((row) => add(row));\n}\n'],
    ['go', 'func total(rows [][]int) []int {\n\tadd := func(row []int) int {\n\t\tsum := 0\n\t\tfor _, cell := range row {\n\t\t\tsum += cell\n\t\t}\n\t\treturn sum\n\t}\n\tsums := []int{}\n\tfor _, row := range rows {\n\t\tsums = append(sums, add(row))\n\t}\n\treturn sums\n}\n'],
  ])('is found in %s', async (language, code) => {
    expect((await reportOf('add', code, language)).time.expression).toBe('O(len(rows[0]))');
    expect((await reportOf('total', code, language)).time.class).toBe('quadratic');
  });
});
