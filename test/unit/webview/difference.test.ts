import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonItems } from '../../../src/webview/difference';

const lists = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
const picked = (items: readonly string[], indexes: ReadonlySet<number>): readonly string[] => items.filter((_item, index) => indexes.has(index));

/** The length of the longest common subsequence, by trying all of them. */
function longest(first: readonly string[], second: readonly string[]): number {
  const [head, ...rest] = first;
  if (head === undefined) {
    return 0;
  }
  const at = second.indexOf(head);
  return Math.max(longest(rest, second), at === -1 ? 0 : 1 + longest(rest, second.slice(at + 1)));
}

describe('commonItems', () => {
  it('gives the same items in the same order in both lists, as many as there can be', () => {
    fc.assert(fc.property(lists, lists, (first, second) => {
      const common = commonItems(first, second);
      expect(picked(first, common.first)).toEqual(picked(second, common.second));
      expect(common.first.size).toBe(longest(first, second));
    }));
  });

  it('does not take long for long lists', () => {
    const first = Array.from({ length: 4000 }, (_, index) => String(index));
    const common = commonItems(first, first.toReversed());
    expect(common.first.size).toBe(4000);
  });
});
