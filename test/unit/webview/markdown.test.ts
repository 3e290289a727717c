import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCitations, readPlace } from '../../../src/webview/markdown/citations';
import { offsetOfLine, topBlocks } from '../../../src/webview/markdown/markdownView';
import { parseMarkdown, safeAddress } from '../../../src/transcript/markdownParser';
import { textBlocks } from '../../../src/webview/view/observationView';
import { awkwardText } from '../../support/runArbitrary';

const places = (text: string, own?: string): readonly string[] =>
  findCitations(text, own).map(({ start, end, reference }) => `${text.slice(start, end)} → ${reference.path}:${String(reference.range?.startLine)}-${String(reference.range?.endLine)}`);

describe('findCitations', () => {
  it.each([
    ['see src/sort.py:10', ['src/sort.py:10 → src/sort.py:10-10']],
    ['(a-b/c.d.ts:3-5), x.go#L7-L9.', ['a-b/c.d.ts:3-5 → a-b/c.d.ts:3-5', 'x.go#L7-L9 → x.go:7-9']],
    ['Main.java:12:5 and a.py:8–9', ['Main.java:12 → Main.java:12-12', 'a.py:8–9 → a.py:8-9']],
    ['at 10:30, ratio 3:1, https://example.org/a.py:80, C:\\x.py:1', []],
    ['a.py:9-3', ['a.py:9-3 → a.py:9-9']],
    ['a.py alone', []],
  ])('finds the places in %s', (text, expected) => {
    expect(places(text)).toEqual(expected);
  });

  it('takes lines without a file as those of the code in question', () => {
    const expected = ['lines 3–5 → a.py:3-5', 'line 9 → a.py:9-9', '第 4 行 → a.py:4-4', '第4-6行 → a.py:4-6'];
    expect(places('lines 3–5, line 9; 第 4 行, 第4-6行', 'a.py')).toEqual(expected);
    expect(places('lines 3–5')).toEqual([]);
  });

  it('takes linear time and gives places in order, whatever the text is', () => {
    fc.assert(
      fc.property(awkwardText, (text) => {
        const found = findCitations(text, 'a.py');
        found.forEach(({ start, end }, index) => {
          expect(start).toBeGreaterThanOrEqual(found[index - 1]?.end ?? 0);
          expect(end).toBeGreaterThan(start);
        });
      }),
    );
    const start = performance.now();
    findCitations(`${'a/'.repeat(50_000)} ${'a'.repeat(100_000)} ${'a.b-'.repeat(25_000)}`, 'a.py');
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('readPlace', () => {
  it('takes a text that is a place and nothing more', () => {
    expect(readPlace('./src/a.py:3')).toEqual({ path: 'src/a.py', range: { startLine: 3, endLine: 3 } });
    expect(readPlace('src/a.py#L3-L4')).toEqual({ path: 'src/a.py', range: { startLine: 3, endLine: 4 } });
    expect(readPlace('see src/a.py:3')).toBeUndefined();
    expect(readPlace('https://example.org/a.py:3')).toBeUndefined();
  });
});

describe('parseMarkdown', () => {
  const inline = (text: string): readonly string[] => parseMarkdown(text, {}).flatMap(({ children }) => children?.map(({ type, content }) => (content === '' ? type : `${type} ${content}`)) ?? []);

  it.each([
    ['a $x^2$ b', 'math_inline x^2'],
    ['a \\(x\\) b', 'math_inline x'],
    ['$$x$$ b', 'math_inline x'],
  ])('reads mathematics in %s', (text, token) => {
    expect(inline(text)).toContain(token);
  });

  it.each(['costs $5 and $6', 'a $ b $ c', '`$x$`', 'price: $5', '$$ $$ x'])('leaves %s alone', (text) => {
    expect(inline(text).filter((token) => token.startsWith('math'))).toEqual([]);
  });

  it('reads formulas that stand alone, also in a list', () => {
    expect(parseMarkdown('text\n\n$$\n\\sum\nn\n$$\n\nmore', {}).find(({ type }) => type === 'math_block')?.content).toBe('\\sum\nn');
    expect(parseMarkdown('\\[ x \\]', {}).find(({ type }) => type === 'math_block')?.content).toBe('x');
    expect(parseMarkdown('$$\nopen', {}).some(({ type }) => type === 'math_block')).toBe(false);
  });

  it('makes no HTML of what looks like it', () => {
    const tokens = parseMarkdown('<script>alert(1)</script>\n\n<img src=x onerror=y> <b>x</b>\n\n<!-- c -->', {});
    expect(tokens.flatMap((token) => [token.type, ...(token.children?.map(({ type }) => type) ?? [])]).filter((type) => type.startsWith('html'))).toEqual([]);
  });
});

describe('safeAddress', () => {
  it.each([
    ['https://example.org/a?b=c', true], ['http://example.org', true], ['mailto:a@example.org', true], ['javascript:alert(1)', false], ['JavaScript:alert(1)', false], ['data:text/html,x', false],
    ['command:workbench.action.quit', false], ['vscode://file/etc/passwd', false], ['file:///etc/passwd', false], ['//example.org', false], ['https://a b', false], ['', false], ['\u0000javascript:x', false],
  ])('judges %j: %s', (address, isSafe) => {
    expect(safeAddress(address) !== undefined).toBe(isSafe);
  });
});

describe('blocks of Markdown', () => {
  it('begin where their lines do, and no block changes the ones before it', () => {
    const text = '# A\n\npara\nline\n\n- x\n- y\n\n```\ncode\n\n# no\n```\n\nlast';
    const blocks = topBlocks(parseMarkdown(text, {}));
    expect(blocks.map(({ line }) => text.slice(offsetOfLine(text, line)).split('\n', 1)[0])).toEqual(['# A', 'para', '- x', '```', 'last']);
    expect(offsetOfLine(text, 99)).toBe(text.length);
  });
});

describe('textBlocks', () => {
  it('are the text, in pieces that are not long', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(awkwardText, fc.integer({ min: 0, max: 60_000 }).map((length) => 'x'.repeat(length)), fc.integer({ min: 0, max: 300 }).map((count) => 'a\n'.repeat(count))), { maxLength: 5 }), (parts) => {
        const text = parts.join('');
        const blocks = textBlocks(text);
        expect(blocks.every((block) => block.length <= 30_000)).toBe(true);
        // Between blocks there was a line break, unless a long line was cut.
        expect(blocks.join('').replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
        expect(blocks.join('\n').split('\n').length).toBeGreaterThanOrEqual(text.replace(/\n$/, '').split('\n').length - (text === '' ? 1 : 0));
      }),
      { numRuns: 200 },
    );
  });

  it('keep every line of a long file', () => {
    const lines = Array.from({ length: 12_345 }, (_, index) => (index % 7 === 0 ? '' : `line ${String(index)}`));
    expect(textBlocks(lines.join('\n')).join('\n').split('\n')).toEqual(lines);
  });
});
