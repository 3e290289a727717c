import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteNames, noteSlug, slugOf } from '../../../src/transcript/slug';
import { awkwardText } from '../../support/runArbitrary';

describe('slugOf', () => {
  it.each([
    ['What is its complexity, and why?', 'what-is-its-complexity-and-why'],
    ['这段代码的时间复杂度是多少？', '这段代码的时间复杂度是多少'],
    ['Why doesn’t quick_sort() work in C++ / C#?', 'why-doesnt-quick_sort-work-in-cpp-csharp'],
    ['Что делает эта функция?', 'что-делает-эта-функция'],
    ['../../etc/passwd', 'etc-passwd'],
    ['C:\\Windows\\System32', 'c-windows-system32'],
    ['NUL', 'nul-question'],
    ['com1', 'com1-question'],
    ['...', 'question'],
    ['', 'question'],
    ['🙂🙂', 'question'],
    ['\u202egnp.exe', 'gnp-exe'],
    ['O(n²) or O(n log n)?', 'o-n2-or-o-n-log-n'],
    ['हिन्दी में प्रश्न', 'हिन्दी-में-प्रश्न'],
  ])('names %j %s', (question, slug) => {
    expect(slugOf(question)).toBe(slug);
  });

  it('keeps whole words where it must shorten, and as much of a long sentence as fits', () => {
    const english = slugOf('complexity '.repeat(30));
    expect(english).toBe('complexity-complexity-complexity-complexity-complexity-complexity-complexity');
    const chinese = slugOf('这段代码为什么慢'.repeat(20));
    expect(Buffer.byteLength(chinese)).toBeLessThanOrEqual(80);
    expect(chinese).toHaveLength(26);
    expect(slugOf('a'.repeat(500))).toBe('a'.repeat(80));
  });

  it('is legal on every system, whatever is asked', () => {
    fc.assert(
      fc.property(fc.oneof(awkwardText, fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 300 })), (question) => {
        const slug = slugOf(question);
        expect(Buffer.byteLength(slug)).toBeLessThanOrEqual(90);
        expect(slug).toMatch(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}_-]*$/u);
        expect(slug).not.toMatch(/-$|^(con|prn|aux|nul|com\d|lpt\d)$/);
        expect(slug.normalize('NFC')).toBe(slug);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('noteNames', () => {
  it('go on without end and never repeat', () => {
    const names = noteNames('why');
    expect(Array.from({ length: 4 }, () => names.next().value)).toEqual(['why.md', 'why-2.md', 'why-3.md', 'why-4.md']);
  });
});

describe('noteSlug', () => {
  const code = { uri: 'file:///a/src/Order.List.ts', path: 'src/Order.List.ts', languageId: 'typescript', text: '', range: { startLine: 1, endLine: 2 } };

  it.each([
    [{ task: 'complexity', question: 'What is it?', code: { ...code, symbol: 'findProduct' } }, 'find-product-complexity'],
    [{ task: 'bugs', question: 'Which?', code: { ...code, symbol: 'Orders.find_all' } }, 'orders-find_all-bugs'],
    [{ task: 'explain', question: 'How?', code }, 'order-list-explain'],
    [{ task: 'question', question: 'Why two?', code }, 'why-two'],
    [{ task: 'complexity', question: 'What is fast?' }, 'what-is-fast'],
  ] as const)('of %j is %s', (request, slug) => {
    expect(noteSlug(request)).toBe(slug);
  });
});
