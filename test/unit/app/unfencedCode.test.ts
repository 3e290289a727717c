import { describe, expect, it } from 'vitest';
import { requestOfPrompt, withCodeOfPrompt } from '../../../src/app/plainPrompt';
import { findUnfencedCode, guessLanguage } from '../../../src/app/unfencedCode';

const loops = 'for(i=0;i<n;i++) for(j=i;j<n;j++) sum += arr[j];';

describe('findUnfencedCode', () => {
  it.each([
    [`请帮我分析这个算法的时间复杂度：${loops}`, loops, 'javascript'],
    [`这段代码 ${loops} 的时间复杂度是多少？`, loops, 'javascript'],
    [`What is the complexity of ${loops} and why?`, loops, 'javascript'],
    ['How fast is this?\nfor x in xs:\n    for y in ys:\n        print(x, y)\nThank you.', 'for x in xs:\n    for y in ys:\n        print(x, y)', 'python'],
    ['Complexity?\n\ndef total(prices):\n    s = 0\n    for p in prices:\n        s += p\n    return s', 'def total(prices):\n    s = 0\n    for p in prices:\n        s += p\n    return s', 'python'],
    ['Explain:\npublic static int sum(int[] a) {\n  int s = 0;\n  for (int x : a) {\n    s += x;\n  }\n  return s;\n}', 'public static int sum(int[] a) {\n  int s = 0;\n  for (int x : a) {\n    s += x;\n  }\n  return s;\n}', 'java'],
    ['分析：function f(a) { return a.map((x) => x + 1); }', 'function f(a) { return a.map((x) => x + 1); }', 'javascript'],
    ['#include <vector>\nint f(std::vector<int>& v) {\n  return v.size();\n}', '#include <vector>\nint f(std::vector<int>& v) {\n  return v.size();\n}', 'cpp'],
  ])('finds the code in %j', (text, code, languageId) => {
    expect(findUnfencedCode(text)).toEqual({ text: code, languageId });
  });

  it.each([
    '解释什么是递归函数，并给出一个斐波那契数列的递归实现',
    '分析这个数学问题的解题步骤：2x + 3 = 7',
    '设计一个简单的用户管理系统的数据模型',
    '你好，请介绍一下你自己',
    'What is a hash map good for (and when is a tree better)?',
    'Which of the three is best; and why? I would use the first (for now).',
    'Please wait for the class to begin: we return soon.',
    '',
  ])('finds none in %j', (text) => {
    expect(findUnfencedCode(text)).toBeUndefined();
  });

  it('reads a long text in linear time', () => {
    const text = 'for (i = 0; i < n; i++) '.repeat(20_000);
    const startedAt = performance.now();
    findUnfencedCode(text);
    findUnfencedCode('('.repeat(50_000));
    findUnfencedCode('a = '.repeat(50_000));
    findUnfencedCode(' '.repeat(50_000));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('guessLanguage', () => {
  it('leaves open what it cannot tell', () => {
    expect(guessLanguage('hello world')).toBeUndefined();
    expect(guessLanguage('const a: number = 1;')).toBe('typescript');
  });
});

describe('withCodeOfPrompt', () => {
  it('finds the code of the first example of the document, and keeps every word of the question', () => {
    const question = `请帮我分析这个算法的时间复杂度：${loops}`;
    const request = withCodeOfPrompt({ task: 'question', question, history: [], options: { maxIterations: 3 } });
    expect(request).toMatchObject({ task: 'complexity', question, code: { text: loops, languageId: 'javascript' }, options: { maxIterations: 3 } });
  });

  it('moves a single fenced block out of the question, and leaves several where they are', () => {
    const one = withCodeOfPrompt({ task: 'question', question: 'Any bugs?\n```js\na()\n```' });
    expect(one).toMatchObject({ task: 'bugs', question: 'Any bugs?', code: { text: 'a()' } });
    const question = 'Which is faster?\n```js\na()\n```\nor\n```js\nb()\n```';
    const two = withCodeOfPrompt({ task: 'question', question });
    expect(two.question).toBe(question);
    expect(two.code?.text).toBe('b()');
  });

  it('takes code from earlier messages, and leaves a question without any as it is', () => {
    const history = [{ role: 'user', content: '```py\nprint(1)\n```' } as const];
    expect(withCodeOfPrompt({ task: 'question', question: 'Explain it.', history }).code?.languageId).toBe('python');
    const plain = { task: 'question', question: 'Is the password of the test account secure?' } as const;
    expect(withCodeOfPrompt(plain)).toBe(plain);
  });
});

describe('requestOfPrompt', () => {
  it('guesses the language of a fence without a name', () => {
    expect(requestOfPrompt([{ role: 'user', content: '```\ndef f(x):\n    return x\n```' }], () => '').code?.languageId).toBe('python');
    expect(requestOfPrompt([{ role: 'user', content: '```\nhello world\n```' }], () => '').code?.languageId).toBe('plaintext');
  });
});
