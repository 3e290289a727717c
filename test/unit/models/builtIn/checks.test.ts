import { beforeAll, describe, expect, it } from 'vitest';
import { findBugs } from '../../../../src/models/builtIn/checks/bugs';
import { findRisks } from '../../../../src/models/builtIn/checks/security';
import { maskSecrets } from '../../../../src/models/builtIn/checks/secretText';
import { findSmells } from '../../../../src/models/builtIn/checks/structure';
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
    ['password == "hunter2"', 'password == "•••"'],
    ['secret = "a value that was cut off', 'secret = "•••"'],
    ['name = "hunter2"', 'name = "hunter2"'],
  ])('hides the value in %s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });
});

describe('smells', () => {
  it.each([
    ['python', 'def f(xs):\n    seen = []\n    for x in xs:\n        if x in seen:\n            return x\n        seen.append(x)\n', 4, /quadratic/],
    ['python', 'def f(xs):\n    text = ""\n    for x in xs:\n        text += x\n    return text\n', 4, /copies the whole text/],
    ['python', 'def f(xs):\n    queue = [1]\n    while queue:\n        queue.pop(0)\n', 4, /moves all other items/],
    ['javascript', 'function f(xs) {\n  const seen = [];\n  for (const x of xs) {\n    if (seen.includes(x)) return x;\n    seen.push(x);\n  }\n}\n', 4, /quadratic/],
    ['javascript', 'function f(xs, ys) {\n  for (const x of xs) {\n    ys.sort();\n  }\n}\n', 3, /sorts in every round/],
    ['java', 'class A { String f(String[] xs) {\n  String s = "";\n  for (String x : xs) {\n    s += x;\n  }\n  return s; } }\n', 4, /copies the whole text/],
    ['typescript', 'function f(a: number, b: number, c: number, d: number, e: number, g: number): number {\n  return a;\n}\n', 1, /6 inputs/],
    ['go', 'package a\nfunc f(a int) {\n if a > 1 {\n  for {\n   if a > 2 {\n    for a > 3 {\n     if a > 4 { g() }\n    }\n   }\n  }\n }\n}\n', 7, /5 levels deep/],
  ])('%s: %j', async (languageId, text, line, words) => {
    expect(byLine(findSmells(await read(text, languageId)))[line]).toMatch(words);
  });

  it('tells lines that stand twice', async () => {
    const block = 'alpha = load(1)\nbeta = load(2)\ngamma = alpha + beta\nsave(gamma)\n';
    expect(byLine(findSmells(await read(`${block}other()\n${block}`, 'python')))[6]).toMatch(/These 4 lines stand at line 1/);
  });

  it.each(programs)('are not seen in sound $languageId', async ({ languageId, pairs }) => {
    expect(findSmells(await read(pairs, languageId)).map((finding) => finding.text)).toEqual([]);
  });
});
