import { describe, expect, it } from 'vitest';
import { withNamedFile } from '../../../src/app/namedFile';
import { StepwiseError } from '../../../src/core/errors';

const never = new AbortController().signal;
const asked: string[] = [];

const workspace = {
  readText(path: string) {
    asked.push(path);
    return path === 'src/sort.py'
      ? Promise.resolve({ path, text: 'def a():\n    pass\n\ndef b():\n    pass\n', languageId: 'python', unsaved: false })
      : Promise.reject(new StepwiseError('not-found', 'There is none.'));
  },
};

const refine = (question: string): ReturnType<typeof withNamedFile> =>
  withNamedFile({ task: 'question', question }, workspace, (path) => `file:///shop/${path}`, never);

describe('withNamedFile', () => {
  it('takes the file that a question names', async () => {
    expect(await refine('What is the complexity of src/sort.py?')).toEqual({
      task: 'complexity',
      question: 'What is the complexity of src/sort.py?',
      code: { uri: 'file:///shop/src/sort.py', path: 'src/sort.py', languageId: 'python', text: 'def a():\n    pass\n\ndef b():\n    pass', range: { startLine: 1, endLine: 5 } },
    });
    expect((await refine('请分析 src/sort.py 的时间复杂度')).code?.path).toBe('src/sort.py');
  });

  it.each([
    ['Explain src/sort.py:4-5', 4, 5, 'def b():\n    pass'],
    ['Explain `src/sort.py:2`.', 2, 2, '    pass'],
    ['Explain src/sort.py:4-99', 4, 5, 'def b():\n    pass'],
    ['Explain src/sort.py:99', 5, 5, '    pass'],
  ])('takes the lines that %j names', async (question, startLine, endLine, text) => {
    expect((await refine(question)).code).toMatchObject({ range: { startLine, endLine }, text });
  });

  it('leaves other requests as they are, and asks for few files', async () => {
    const plain = { task: 'question', question: 'See e.g. node.js and ../secret.txt or /etc/passwd.d/x.y, v1.2.3 and a.b c.d e.f g.h i.j' } as const;
    asked.length = 0;
    expect(await withNamedFile(plain, workspace, String, never)).toBe(plain);
    expect(asked.length).toBeLessThanOrEqual(5);
    const withCode = { ...plain, question: 'src/sort.py', code: { uri: 'u', path: 'p', languageId: 'x', text: '', range: { startLine: 1, endLine: 1 } } };
    expect(await withNamedFile(withCode, workspace, String, never)).toBe(withCode);
  });
});
