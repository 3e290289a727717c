import { beforeAll, describe, expect, it } from 'vitest';
import { findBugs } from '../../../../src/models/builtIn/checks/bugs';
import { findRisks } from '../../../../src/models/builtIn/checks/security';
import { maskSecrets } from '../../../../src/models/builtIn/checks/secretText';
import type { Finding } from '../../../../src/models/builtIn/checks/finding';
import type { Code } from '../../../../src/models/builtIn/syntax/code';
import { readCode } from '../../../../src/models/builtIn/syntax/code';
import { useInstalledGrammars } from '../../../support/grammars';
import { programs } from './programs';

beforeAll(useInstalledGrammars);

async function read(text: string, languageId: string): Promise<Code> {
  return (await readCode({ path: 'x', languageId, text, range: { startLine: 1, endLine: text.split('\n').length } }))!;
}

function byLine(findings: readonly Finding[]): Record<number, string> {
  const lines: Record<number, string> = {};
  for (const { node, text } of findings) {
    lines[node.startLine] = `${lines[node.startLine] ?? ''}${text} `;
  }
  return lines;
}

describe.each(programs)('bugs in $languageId', ({ languageId, buggy, pairs, helper }) => {
  it('are found at their lines, and nothing else', async () => {
    const found = byLine(findBugs(await read(buggy.code, languageId)));
    expect(Object.keys(found).map(Number)).toEqual(Object.keys(buggy.findings).map(Number));
    for (const [line, words] of Object.entries(buggy.findings)) {
      expect(found[Number(line)]).toMatch(words);
    }
  });

  it('are not seen in sound code', async () => {
    expect(findBugs(await read(pairs, languageId)).map((finding) => finding.text)).toEqual([]);
    expect(findBugs(await read(helper, languageId)).map((finding) => finding.text)).toEqual([]);
  });
});

describe.each(programs)('risks in $languageId', ({ languageId, risky, pairs, helper }) => {
  it('are found at their lines, and nothing else', async () => {
    const found = byLine(findRisks(await read(risky.code, languageId)));
    expect(Object.keys(found).map(Number)).toEqual(Object.keys(risky.findings).map(Number));
    for (const [line, words] of Object.entries(risky.findings)) {
      expect(found[Number(line)]).toMatch(words);
    }
  });

  it('are not seen in sound code', async () => {
    expect(findRisks(await read(pairs, languageId)).map((finding) => finding.text)).toEqual([]);
    expect(findRisks(await read(helper, languageId)).map((finding) => finding.text)).toEqual([]);
  });

  it('never repeat a secret', async () => {
    const told = findRisks(await read(risky.code, languageId)).map((finding) => finding.text).join('\n');
    expect(told).not.toMatch(/hunter2|sk_live_1234567890|ghp_abc|correct-horse/);
  });
});

describe('maskSecrets', () => {
  it.each([
    ['password = "hunter2"', 'password = "•••"'],
    ["const apiKey: string = 'abcdef'", "const apiKey: string = '•••'"],
    ['{"token": "abcd1234"}', '{"token": "•••"}'],
    ['call("ghp_abcdefghijklmnopqrstuvwxyz")', 'call("ghp_•••")'],
    ['name = "hunter2"', 'name = "hunter2"'],
  ])('hides the value in %s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });
});
