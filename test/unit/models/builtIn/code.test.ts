import { beforeAll, describe, expect, it } from 'vitest';
import { inputsOf, readCode } from '../../../../src/models/builtIn/syntax/code';
import { callOf, conditionOf, headerOf, isLoop, nodesOf } from '../../../../src/models/builtIn/syntax/nodes';
import { roleOf } from '../../../../src/models/builtIn/syntax/roles';
import { useInstalledGrammars } from '../../../support/grammars';
import { programs } from './programs';

beforeAll(useInstalledGrammars);

describe.each(programs)('reading $languageId', ({ languageId, pairs }) => {
  it('finds the function, its inputs, loops, branch, calls and return', async () => {
    const code = (await readCode({ path: 'x', languageId, text: pairs, range: { startLine: 101, endLine: 120 } }))!;
    const fn = code.functions.find((each) => each.name === 'closePairs')!;
    expect(inputsOf(fn).map((input) => input.name)).toEqual(['points', 'limit']);
    const nodes = [...nodesOf(fn.body)];
    const loops = nodes.filter(isLoop);
    expect(loops.map((loop) => headerOf(loop))).toHaveLength(2);
    expect(headerOf(loops[0]!)).toMatch(/^for\b.*i\b/);
    const branch = nodes.find((node) => roleOf(node) === 'branch')!;
    expect(conditionOf(branch)).toBeDefined();
    expect(code.line(branch)).toBe(100 + pairs.split('\n').findIndex((line) => line.includes('gap(')) + 1);
    const gap = nodes.map(callOf).find((call) => call?.name === 'gap')!;
    expect(gap.args).toHaveLength(2);
    if (languageId !== 'rust' && languageId !== 'ruby') {
      expect(nodes.some((node) => roleOf(node) === 'return')).toBe(true);
    }
  });

  it('reads the function alone and indented, as a selection has it', async () => {
    const all = pairs.trimEnd().split('\n');
    const start = all.findIndex((line) => line.includes('closePairs'));
    const lines = all.slice(start, all[0]?.startsWith('class') === true ? -1 : undefined);
    const text = lines.map((line) => `    ${line}`).join('\n');
    const code = await readCode({ path: 'x', languageId, text, range: { startLine: 1, endLine: 20 } });
    expect(code?.functions.map((fn) => fn.name)).toContain('closePairs');
  });
});
