import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceLines, hashOfCode } from '../../../src/app/sourceLines';
import type { NamedLines } from '../../../src/app/staleness';
import { locateCode, shiftedRange } from '../../../src/app/staleness';
import type { LocatedCode } from '../../../src/app/staleness';
import type { LineRange } from '../../../src/core/request';

const code = [
  'def find_duplicates(orders):',
  '    pairs = []',
  '    for i, first in enumerate(orders):',
  '        for second in orders[i + 1 :]:',
  '            if same_order(first, second):',
  '                pairs.append((first, second))',
  '    return pairs',
];
const above = ['"""Orders that were probably entered twice."""', '', 'from .matching import same_order', ''];
const below = ['', 'def total(orders):', '    return sum(order.price for order in orders)', ''];

interface Look {
  readonly noted?: readonly string[] | undefined;
  /** The text as the note holds it, where it is another. */
  readonly text?: string | undefined;
  readonly hasHash?: boolean;
  readonly symbol?: string;
  readonly functions?: readonly NamedLines[];
  readonly hint?: LineRange;
  readonly startLine?: number;
}

async function locate(file: readonly string[], look: Look = {}): Promise<LocatedCode | undefined> {
  const noted = look.noted ?? code;
  const startLine = look.startLine ?? above.length + 1;
  const range = { startLine, endLine: startLine + noted.length - 1 };
  return locateCode(
    {
      range,
      ...(look.hasHash === false ? {} : { hash: await hashOfCode(noted.join('\n')) }),
      ...(look.symbol === undefined ? {} : { symbol: look.symbol }),
    },
    new SourceLines(file.join('\n')),
    {
      notedText: () => Promise.resolve('text' in look ? look.text : noted.join('\n')),
      functions: () => Promise.resolve(look.functions ?? []),
    },
    look.hint,
  );
}

describe('locateCode', () => {
  it('finds unchanged code where it was, without reading the note or parsing the file', async () => {
    const never = (): never => expect.fail('not needed');
    const range = { startLine: 5, endLine: 11 };
    const found = await locateCode({ range, hash: await hashOfCode(code.join('\n')) }, new SourceLines([...above, ...code, ...below].join('\n')), { notedText: never, functions: never });
    expect(found).toEqual({ staleness: 'current', range });
  });

  it('takes no notice of line ends and of white space at them', async () => {
    const file = [...above, ...code, ...below].map((line) => `${line}  \r`);
    expect(await locate(file)).toEqual({ staleness: 'current', range: { startLine: 5, endLine: 11 } });
  });

  it('follows code that moved within its file', async () => {
    expect(await locate([...above, ...below, ...code])).toEqual({ staleness: 'moved', range: { startLine: 9, endLine: 15 } });
    expect(await locate([...code, ...above, ...below])).toEqual({ staleness: 'moved', range: { startLine: 1, endLine: 7 } });
  });

  it('takes the nearest of several copies', async () => {
    const file = [...code, ...above, ...above, '', ...code, ...below, ...below, ...below, ...code];
    expect(await locate(file)).toEqual({ staleness: 'moved', range: { startLine: 1, endLine: 7 } });
    expect(await locate(file, { hint: { startLine: 17, endLine: 23 } })).toEqual({ staleness: 'moved', range: { startLine: 17, endLine: 23 } });
  });

  it('finds moved code at the place where edits were followed to, without reading the note', async () => {
    const found = await locate(['', ...above, ...code], { text: undefined, hint: { startLine: 6, endLine: 12 } });
    expect(found).toEqual({ staleness: 'moved', range: { startLine: 6, endLine: 12 } });
  });

  it('is stale where a line has changed, at the lines that the code has now', async () => {
    const changed = code.with(4, '            if first == second:');
    expect(await locate([...above, ...changed, ...below])).toEqual({ staleness: 'stale', range: { startLine: 5, endLine: 11 } });
  });

  it('is stale with the lines that were added, and without those that were taken away', async () => {
    const longer = [...code.slice(0, 3), '        if first is None:', '            continue', ...code.slice(3)];
    expect(await locate([...above, ...longer, ...below])).toEqual({ staleness: 'stale', range: { startLine: 5, endLine: 13 } });
    const shorter = [...code.slice(0, 2), ...code.slice(3)];
    expect(await locate([...above, ...shorter, ...below])).toEqual({ staleness: 'stale', range: { startLine: 5, endLine: 10 } });
  });

  it('follows code that was both moved and changed', async () => {
    const changed = code.with(1, '    found = []');
    expect(await locate([...below, ...below, ...below, ...changed])).toEqual({ staleness: 'stale', range: { startLine: 13, endLine: 19 } });
  });

  it('knows code again that was only indented, as stale', async () => {
    const indented = ['class Orders:', ...code.map((line) => `    ${line}`)];
    expect(await locate([...above, ...indented])).toEqual({ staleness: 'stale', range: { startLine: 6, endLine: 12 } });
  });

  it('follows a function by its name where nothing else of it is left', async () => {
    const file = [...above, 'def other():', '    pass', '', 'def find_duplicates(orders):', '    return rows_of(orders).pairs()'];
    const functions = [
      { name: 'other', range: { startLine: 5, endLine: 6 } },
      { name: 'Orders.find_duplicates', range: { startLine: 8, endLine: 9 } },
      { name: 'find_duplicates', range: { startLine: 40, endLine: 41 } },
    ];
    expect(await locate(file, { symbol: 'find_duplicates', functions })).toEqual({ staleness: 'stale', range: { startLine: 8, endLine: 9 } });
  });

  it('is gone where neither the code nor the name is there', async () => {
    expect(await locate([...above, ...below], { symbol: 'find_duplicates' })).toEqual({ staleness: 'gone' });
    expect(await locate([''])).toEqual({ staleness: 'gone' });
  });

  it('knows a single line again by its words', async () => {
    const noted = ['    total = price * amount + shipping'];
    const file = (line: string): readonly string[] => [...above, line, ...below];
    expect(await locate(file('    total = price * amount + shipping + tax'), { noted })).toEqual({ staleness: 'stale', range: { startLine: 5, endLine: 5 } });
    expect(await locate(file('    return None'), { noted })).toEqual({ staleness: 'gone' });
  });

  it('finds moved code whose secret the note masks', async () => {
    const noted = ['def connect():', '    key = "0123456789abcdef"', '    return Client(key)'];
    const text = noted.join('\n').replace('0123456789abcdef', '[redacted: secret]');
    expect(await locate(['', ...below, ...noted, ...above], { noted, text })).toEqual({ staleness: 'moved', range: { startLine: 6, endLine: 8 } });
    const other = noted.map((line) => line.replace('0123', '9999'));
    expect(await locate([...below, ...other], { noted, text })).toEqual({ staleness: 'stale', range: { startLine: 5, endLine: 7 } });
  });

  it('compares by the text of a note without a hash', async () => {
    expect(await locate([...above, ...code, ...below], { hasHash: false })).toEqual({ staleness: 'current', range: { startLine: 5, endLine: 11 } });
    expect(await locate([...code, ...below], { hasHash: false })).toEqual({ staleness: 'moved', range: { startLine: 1, endLine: 7 } });
    expect(await locate([...code], { hasHash: false, text: undefined })).toBeUndefined();
  });

  it('says what it can of a note whose code was taken out of it', async () => {
    expect(await locate([...above, ...below], { text: undefined })).toEqual({ staleness: 'stale', range: { startLine: 5, endLine: 8 } });
    expect(await locate(['x'], { text: undefined })).toEqual({ staleness: 'gone' });
  });

  it('takes time that grows with the file and not with its square', async () => {
    const repeated = Array.from({ length: 60_000 }, () => '    x = 1');
    const noted = [...repeated.slice(0, 3_000), 'the_end = 1'];
    const begun = performance.now();
    expect(await locate(repeated, { noted, startLine: 100 })).toMatchObject({ staleness: 'stale' });
    // A comparison at every line would be 180 million comparisons of lines.
    expect(performance.now() - begun).toBeLessThan(1_500);
  });
});

/** Lines that say something and are unlike each other, as code mostly is. */
const distinctLines = (minLength: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.stringMatching(/^[a-z]{6,10} = [a-z]{4,8}\(\d{1,4}\)$/), { minLength, maxLength: 30, selector: (line) => line });

describe('locateCode, on any code', () => {
  it('stays current until something changes, and is moved by as many lines as come above', async () => {
    await fc.assert(
      fc.asyncProperty(distinctLines(6), fc.nat(), fc.nat(), fc.array(fc.stringMatching(/^# [a-z ]{0,20}$/), { maxLength: 8 }), async (lines, from, to, inserted) => {
        const start = from % lines.length;
        const end = start + (to % (lines.length - start));
        const look = { noted: lines.slice(start, end + 1), startLine: start + 1 };
        const at = (shift: number): LineRange => ({ startLine: start + 1 + shift, endLine: end + 1 + shift });
        expect(await locate(lines, look)).toEqual({ staleness: 'current', range: at(0) });
        const shifted = await locate([...inserted, ...lines], look);
        expect(shifted).toEqual({ staleness: inserted.length === 0 ? 'current' : 'moved', range: at(inserted.length) });
      }),
      { numRuns: 200 },
    );
  });

  it('is stale by any change of a line within it, at the lines of the code', async () => {
    await fc.assert(
      fc.asyncProperty(distinctLines(10), fc.nat(), fc.array(fc.constant('# above'), { maxLength: 5 }), async (lines, which, inserted) => {
        const noted = lines.slice(2, 8);
        const line = 3 + (which % 4);
        const edited = [...inserted, ...lines.with(line, `${lines[line] ?? ''} + 1`)];
        expect(await locate(edited, { noted, startLine: 3 })).toEqual({
          staleness: 'stale', range: { startLine: 3 + inserted.length, endLine: 8 + inserted.length },
        });
      }),
      { numRuns: 200 },
    );
  });

  it('is never current or moved by mistake: lines that it names have the hash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', '', 'for x in y:', '}'), { minLength: 1, maxLength: 25 }), fc.array(fc.constantFrom('a', 'b', '', 'for x in y:', '}'), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 25 }), async (file, noted, startLine) => {
        fc.pre(noted.some((line) => line !== ''));
        const found = await locate(file, { noted, startLine });
        const range = found?.range;
        if (range !== undefined) {
          expect(range.startLine).toBeGreaterThanOrEqual(1);
          expect(range.endLine).toBeGreaterThanOrEqual(range.startLine);
          expect(range.endLine).toBeLessThanOrEqual(file.length);
        }
        const isSame = found?.staleness === 'current' || found?.staleness === 'moved';
        const wanted = noted.join('\n').trimEnd();
        expect(isSame).toBe(`\n${file.join('\n')}\n`.includes(`\n${wanted}\n`));
        if (isSame && range !== undefined) {
          expect(file.slice(range.startLine - 1, range.endLine).join('\n').trimEnd()).toBe(wanted);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('shiftedRange', () => {
  const range = { startLine: 10, endLine: 20 };

  it('moves with edits above and stays with edits below', () => {
    expect(shiftedRange(range, { startLine: 3, endLine: 3, newLines: 4 })).toEqual({ startLine: 13, endLine: 23 });
    expect(shiftedRange(range, { startLine: 3, endLine: 5, newLines: 1 })).toEqual({ startLine: 8, endLine: 18 });
    expect(shiftedRange(range, { startLine: 21, endLine: 21, newLines: 9 })).toEqual(range);
  });

  it('moves with whole lines that are put in right above it', () => {
    expect(shiftedRange(range, { startLine: 10, endLine: 9, newLines: 2 })).toEqual({ startLine: 12, endLine: 22 });
  });

  it('grows and shrinks with edits inside', () => {
    expect(shiftedRange(range, { startLine: 12, endLine: 12, newLines: 3 })).toEqual({ startLine: 10, endLine: 22 });
    expect(shiftedRange(range, { startLine: 12, endLine: 15, newLines: 1 })).toEqual({ startLine: 10, endLine: 17 });
    expect(shiftedRange(range, { startLine: 12, endLine: 12, newLines: 1 })).toEqual(range);
  });

  it('keeps a line where all of it is deleted', () => {
    expect(shiftedRange(range, { startLine: 8, endLine: 22, newLines: 1 })).toEqual({ startLine: 8, endLine: 8 });
  });
});
