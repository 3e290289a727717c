import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../src/analysis/index';
import { useInstalledGrammars } from '../../support/grammars';

beforeAll(useInstalledGrammars);

async function spaceOf(code: string, language: string): Promise<string> {
  return (await analyzeComplexity(code, language, { limitMs: 5000 })).whole.space.class;
}

describe('space', () => {
  it('counts what is added to a field like what is added to a variable', async () => {
    const inField = `class Subsets {
      private List<List<Integer>> all = new ArrayList<>();
      private List<Integer> taken = new ArrayList<>();
      void walk(int[] items, int from) {
        all.add(new ArrayList<>(taken));
        for (int i = from; i < items.length; i++) {
          taken.add(items[i]);
          walk(items, i + 1);
          taken.remove(taken.size() - 1);
        }
      }
    }`;
    const inVariable = `def subsets(items: List[int]) -> List[List[int]]:
    all = []
    def walk(start, taken):
        all.append(taken[:])
        for i in range(start, len(items)):
            taken.append(items[i])
            walk(i + 1, taken)
            taken.pop()
    walk(0, [])
    return all
`;
    expect(await spaceOf(inField, 'java')).toBe('exponential');
    expect(await spaceOf(inVariable, 'python')).toBe('exponential');
  });

  it('leaves out what was in a field before', async () => {
    expect(await spaceOf('class Pile { private items: number[] = []; put(x: number): void { this.items.push(x); } }', 'typescript')).toBe('constant');
  });

  it('makes no copy of what a pair of iterators names', async () => {
    expect(await spaceOf('void turn(vector<int>& xs, int k) { reverse(xs.begin() + k, xs.end()); }', 'cpp')).toBe('constant');
    expect(await spaceOf('vector<int> tail(vector<int>& xs, int k) { return vector<int>(xs.begin() + k, xs.end()); }', 'cpp')).toBe('linear');
  });

  it('sizes rows that are made of given items by their number', async () => {
    expect(await spaceOf(`func pairs(xs []int) [][]int {
	out := make([][]int, 0)
	for i := 0; i < len(xs); i++ {
		for j := i + 1; j < len(xs); j++ {
			out = append(out, []int{xs[i], xs[j]})
		}
	}
	return out
}`, 'go')).toBe('quadratic');
    expect(await spaceOf('class A { List<List<Integer>> f(int[] xs) { List<List<Integer>> out = new ArrayList<>(); for (int i = 0; i < xs.length; i++) out.add(Arrays.asList(i, xs[i])); return out; } }', 'java')).toBe('linear');
  });
});
