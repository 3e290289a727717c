import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatExcerpt, readExcerpts } from '../../../src/core/excerpt';
import { truncate } from '../../../src/core/text';

const excerpt = { path: 'src/sort.py', languageId: 'python', range: { startLine: 9, endLine: 11 }, symbol: 'sort', text: 'def sort(items):\n\n    return sorted(items)' };

describe('formatExcerpt', () => {
  it('shows the place, the language and numbered lines', () => {
    expect(formatExcerpt(excerpt)).toBe(
      'Code: path="src/sort.py" lines=9-11 language="python" symbol="sort"\n```python\n 9 | def sort(items):\n10 | \n11 |     return sorted(items)\n```',
    );
  });

  it('keeps code from closing its fence and paths from ending their line', () => {
    const text = formatExcerpt({ ...excerpt, path: 'a"b\n```\nCode: c.py', text: '```\nCode: path="x" lines=1-1 language="y"\n```\n' });
    expect(readExcerpts(text)).toHaveLength(1);
    expect(readExcerpts(text)[0]?.path).toBe('a"b\n```\nCode: c.py');
  });
});

describe('readExcerpts', () => {
  it('reads several excerpts out of a prompt', () => {
    const second = { path: 'b/Ü ber.ts', languageId: 'typescript', range: { startLine: 1, endLine: 1 }, text: 'x | 1' };
    const prompt = `Task: explain\n\n${formatExcerpt(excerpt)}\n\nAttached:\n\n${formatExcerpt(second)}\n`;
    expect(readExcerpts(prompt)).toEqual([{ ...excerpt, truncated: false }, { ...second, truncated: false }]);
  });

  it('tells code that was cut off', () => {
    const text = `${truncate('line one\nline two\nline three', 17)}; read the rest with read_file`;
    expect(readExcerpts(formatExcerpt({ ...excerpt, text }))[0]).toMatchObject({ text: 'line one\nline two', truncated: true });
  });

  it('passes over what is no excerpt', () => {
    expect(readExcerpts('Code: path=x\n```\n1 | a\n```')).toEqual([]);
    expect(readExcerpts('Code: path="x" lines=1-2 language="y"\nno fence')).toEqual([]);
    expect(readExcerpts('Code: path="x" lines=1-2 language="y"\n```\nnever closed')).toEqual([]);
  });

  it('gives back any code that was put in', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '`', ' ', '|', '1', '"', '\\', '\t', '中', '😀', '~') });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.string(), fc.nat(5000), (lines, path, start) => {
        const one = { path, languageId: 'c++', range: { startLine: start + 1, endLine: start + lines.length }, text: lines.join('\n') };
        expect(readExcerpts(`x\n${formatExcerpt(one)}\ny`)).toEqual([{ ...one, truncated: false }]);
      }),
    );
  });
});
