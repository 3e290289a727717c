import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../src/analysis/index';
import { useInstalledGrammars } from '../../support/grammars';

const folder = resolve(import.meta.dirname, '../../fixtures/complexity');

beforeAll(useInstalledGrammars);

// `test/fixtures/complexity/<language>.txt`: programs, each under a line `=== name: class`.
for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  const language = file.replace('.txt', '');
  describe(`time of ${language} programs`, () => {
    const programs = readFileSync(resolve(folder, file), 'utf8').split(/^=== /m).slice(1);
    for (const program of programs) {
      const [head = '', ...lines] = program.split('\n');
      const [name = '', expected = ''] = head.split(': ');
      it(`${name} is ${expected}`, async () => {
        const { whole } = await analyzeComplexity(lines.join('\n'), language, { limitMs: 5000 });
        expect(`${whole.time.class} ${whole.undecided.join('; ')}`).toMatch(new RegExp(`^${expected} `));
      });
    }
  });
}
