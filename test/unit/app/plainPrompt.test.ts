import { describe, expect, it } from 'vitest';
import { requestOfPrompt } from '../../../src/app/plainPrompt';
import { taskOfQuestion } from '../../../src/app/taskOfQuestion';

const wording = (task: string): string => `[${task}]`;

describe('requestOfPrompt', () => {
  it('takes the question and the code of the last message', () => {
    const request = requestOfPrompt([
      { role: 'system', content: 'You are helpful.' },
      { role: 'user', content: 'What is the time complexity?\n```py\nfor x in xs:\n    print(x)\n```\nAnd why?' },
    ], wording);
    expect(request).toMatchObject({ task: 'complexity', question: 'What is the time complexity?\nAnd why?' });
    expect(request.code).toEqual({ uri: 'untitled:chat', path: 'chat', languageId: 'python', text: 'for x in xs:\n    print(x)', range: { startLine: 1, endLine: 2 } });
  });

  it('goes back for code that an earlier message has, and keeps fences inside longer fences', () => {
    const request = requestOfPrompt([
      { role: 'user', content: '````markdown\n```js\na()\n```\n````' },
      { role: 'assistant', content: 'Fine.' },
      { role: 'user', content: 'Explain it.' },
    ], wording);
    expect(request.task).toBe('explain');
    expect(request.code?.languageId).toBe('markdown');
    expect(request.code?.text).toBe('```js\na()\n```');
  });

  it('has a question even for code alone, and no code where there is none', () => {
    expect(requestOfPrompt([{ role: 'user', content: '```ts:src/a.ts\nlet a = 1;\n' }], wording)).toMatchObject({ task: 'explain', question: '[explain]', code: { languageId: 'typescript', text: 'let a = 1;\n' } });
    expect(requestOfPrompt([{ role: 'user', content: 'hello' }], wording)).toEqual({ task: 'question', question: 'hello' });
    expect(requestOfPrompt([], wording).question).toBe('[explain]');
  });
});

describe('taskOfQuestion', () => {
  it.each([
    ['What is the Big-O of this?', 'complexity'],
    ['Is it O(n log n)?', 'complexity'],
    ['Why is it not quadratic?', 'complexity'],
    ['这段代码的时间复杂度是多少？', 'complexity'],
    ['Is there an SQL injection here?', 'security'],
    ['Any bugs?', 'bugs'],
    ['Which tests are missing?', 'tests'],
    ['How would you refactor this?', 'refactor'],
    ['What does this function do?', 'explain'],
    ['Who calls this?', 'question'],
    ['The model is big on latest features', 'question'],
  ] as const)('%s → %s', (question, task) => {
    expect(taskOfQuestion(question)).toBe(task);
  });
});
