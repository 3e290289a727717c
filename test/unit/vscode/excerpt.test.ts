import { describe, expect, it } from 'vitest';
import { checkLength, innermost, linesOf, looksBinary, selectedLines } from '../../../src/vscode/excerpt';

const text = ['def f(xs):', '    for x in xs:', '        print(x)', '', 'f([1])'];
const at = (line: number, character: number): { line: number; character: number } => ({ line, character });

describe('selectedLines', () => {
  it('gives whole lines, 1-based', () => {
    expect(selectedLines(text, at(1, 8), at(2, 12))).toEqual({ startLine: 2, endLine: 3 });
    expect(selectedLines(text, at(1, 4), at(1, 7))).toEqual({ startLine: 2, endLine: 2 });
  });

  it('does not count a line in which the selection ends before the first character', () => {
    expect(selectedLines(text, at(0, 0), at(2, 0))).toEqual({ startLine: 1, endLine: 2 });
  });

  it('does not count blank lines at the ends', () => {
    expect(selectedLines(['', 'a', '', 'b', '  ', ''], at(0, 0), at(5, 0))).toEqual({ startLine: 2, endLine: 4 });
    expect(selectedLines(text, at(2, 16), at(4, 3))).toEqual({ startLine: 5, endLine: 5 });
  });

  it('is nothing where there is nothing but white space', () => {
    expect(selectedLines(text, at(1, 3), at(1, 3))).toBeUndefined();
    expect(selectedLines(text, at(1, 0), at(1, 4))).toBeUndefined();
    expect(selectedLines(text, at(2, 16), at(4, 0))).toBeUndefined();
    expect(selectedLines(text, at(3, 0), at(4, 0))).toBeUndefined();
  });
});

describe('innermost', () => {
  const functions = [
    { name: 'outer', range: { startLine: 1, endLine: 20 } },
    { name: 'inner', range: { startLine: 5, endLine: 9 } },
    { name: 'other', range: { startLine: 22, endLine: 30 } },
  ];

  it('is the smallest function around a line', () => {
    expect(innermost(functions, 6)?.name).toBe('inner');
    expect(innermost(functions, 10)?.name).toBe('outer');
    expect(innermost(functions, 21)).toBeUndefined();
  });
});

describe('linesOf, checkLength, looksBinary', () => {
  it('cut, limit and tell text from bytes', () => {
    expect(linesOf(text, { startLine: 2, endLine: 3 })).toBe('    for x in xs:\n        print(x)');
    expect(() => checkLength('x'.repeat(200_000))).not.toThrow();
    expect(() => checkLength('x'.repeat(200_001))).toThrow(expect.objectContaining({ code: 'file-too-large' }) as Error);
    expect(looksBinary(new TextEncoder().encode('naïve 中文'))).toBe(false);
    expect(looksBinary(Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]))).toBe(true);
    expect(looksBinary(Uint8Array.from([0xff, 0xfe, 0x41, 0]))).toBe(false);
  });
});
