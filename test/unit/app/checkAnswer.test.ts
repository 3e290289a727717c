import { beforeAll, describe, expect, it } from 'vitest';
import { checkAnswer, createAnswerCheck } from '../../../src/app/checkAnswer';
import { useInstalledGrammars } from '../../support/grammars';
import { sampleRequest } from '../../support/loopRuns';

const file = 'def scan(xs):\n    for x in xs:\n        print(x)\n\ndef both(xs):\n    for x in xs:\n        scan(xs)\n';
const both = {
  uri: 'file:///a.py',
  path: 'a.py',
  languageId: 'python',
  text: file.split('\n').slice(4, 7).join('\n'),
  range: { startLine: 5, endLine: 7 },
};
const request = sampleRequest({}, { task: 'complexity', code: both });
const { signal } = new AbortController();

describe('the check of an answer', () => {
  beforeAll(() => useInstalledGrammars());

  it('sees the functions of the file around the excerpt', async () => {
    const check = createAnswerCheck({
      readText: (path) => Promise.resolve({ path, text: file, languageId: 'python', unsaved: false }),
    });
    expect(await check('Time: O(n^2)', request, signal)).toMatchObject({ agreement: 'agrees', derivedClass: 'quadratic' });
    expect(await check('It is linear.', request, signal)).toMatchObject({ agreement: 'disagrees' });
  });

  it('goes by the excerpt alone where the file has changed or cannot be read', async () => {
    const changed = createAnswerCheck({
      readText: (path) => Promise.resolve({ path, text: `# new line\n${file}`, languageId: 'python', unsaved: false }),
    });
    const gone = createAnswerCheck({ readText: () => Promise.reject(new Error('gone')) });
    for (const check of [changed, gone, checkAnswer]) {
      expect((await check('O(n)', request, signal))?.derivedClass).toBe('linear');
    }
  });

  it('has nothing to say without code, or once the run was stopped', async () => {
    expect(await checkAnswer('O(n)', { task: 'complexity', question: 'How fast?' }, signal)).toBeUndefined();
    expect(await checkAnswer('O(n)', request, AbortSignal.abort())).toBeUndefined();
  });
});
