import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../src/analysis/index';
import { useInstalledGrammars } from '../../support/grammars';

beforeAll(useInstalledGrammars);

interface Sample {
  readonly language: string;
  readonly name: string;
  readonly expected: string;
  readonly code: string;
}

const samples: readonly Sample[] = ['python', 'java', 'cpp', 'javascript', 'go'].flatMap((language) =>
  readFileSync(resolve(import.meta.dirname, `../../fixtures/complexity/${language}.txt`), 'utf8')
    .split(/^=== /m)
    .slice(1)
    .map((text) => {
      const [head = '', ...lines] = text.split('\n');
      const [name = '', expected = ''] = head.split(': ');
      return { language, name, expected, code: lines.join('\n') };
    }),
);

const keywords = new Set(
  ('and as assert async auto await bool boolean break byte case catch char class const continue def default del delete do double elif else except false False final ' +
    'finally float for from func function global go if implements import in instanceof int is lambda let long make map namespace new nil None nonlocal not null ' +
    'nullptr of or package private protected public raise range return self short sizeof static string struct super switch this throw true True try type typeof ' +
    'undefined union unsigned using var vector void while with yield').split(' '),
);

/** Short lower-case names that are declared as plain variables: never names of a library, of fields or of methods. */
function ownNames(code: string): string[] {
  const declared = new Set<string>();
  for (const match of code.matchAll(/(?:\b(?:int|let|const|var|for|bool|long|auto|double)\s+|^\s*|,\s*|\()([a-z]\w{0,5})\s*(?::=|=(?!=)|\bin\b)/gm)) {
    const name = match[1] ?? '';
    if (!keywords.has(name) && !new RegExp(`[.>"']\\s*${name}\\b|\\b${name}\\s*\\(|${name}\\s*:(?!=)`).test(code)) {
      declared.add(name);
    }
  }
  return [...declared];
}

function renamed(code: string, names: readonly string[], suffix: string): string {
  return names.reduce((text, name) => text.replace(new RegExp(`(?<![\\w.'"])${name}(?![\\w'"(])`, 'g'), `${name}_${suffix}`), code);
}

async function classOf(code: string, language: string): Promise<string> {
  return (await analyzeComplexity(code, language, { limitMs: 5000, wholeOnly: true })).whole.time.class;
}

const anySample = fc.constantFrom(...samples);

describe('what does not change the class', () => {
  it('names of variables', async () => {
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(anySample, fc.stringMatching(/^[a-z]{1,4}$/), async (sample, suffix) => {
        const names = ownNames(sample.code);
        tried += names.length > 0 ? 1 : 0;
        expect([sample.name, await classOf(renamed(sample.code, names, suffix), sample.language)]).toEqual([sample.name, sample.expected]);
      }),
      { numRuns: 80, seed: 7 },
    );
    expect(tried).toBeGreaterThan(20);
  });

  it('comments and empty lines', async () => {
    await fc.assert(
      fc.asyncProperty(anySample, fc.integer({ min: 1, max: 4 }), fc.constantFrom('nothing to see', 'for (;;) while True: O(n^9)', 'sort(a); dfs(i + 1)'), async (sample, every, text) => {
        const mark = sample.language === 'python' ? '#' : '//';
        const lines = sample.code.split('\n').flatMap((line, at) => (at % every === 0 && !line.trimEnd().endsWith('\\') ? ['', `${/^\s*/.exec(line)?.[0] ?? ''}${mark} ${text}`, line] : [line]));
        expect([sample.name, await classOf(lines.join('\n'), sample.language)]).toEqual([sample.name, sample.expected]);
      }),
      { numRuns: 80, seed: 11 },
    );
  });

  it('layout', async () => {
    await fc.assert(
      fc.asyncProperty(anySample, fc.constantFrom('   ', '\t', '        '), async (sample, indent) => {
        // Python keeps its own indentation, times two; the others get any.
        const code = sample.language === 'python'
          ? sample.code.replace(/^ +/gm, (spaces) => spaces + spaces)
          : sample.code.replace(/^[ \t]*/gm, indent).replace(/;(?=\S)/g, '; ').replace(/ \{$/gm, sample.language === 'go' ? ' {' : '\n{');
        expect([sample.name, await classOf(code, sample.language)]).toEqual([sample.name, sample.expected]);
      }),
      { numRuns: 80, seed: 13 },
    );
  });
});
