import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../../src/analysis/index';
import { itDerives } from '../../../support/complexity';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

describe('TypeScript', () => {
  itDerives('typescript', [
    {
      what: 'types of parameters and a typed Map',
      time: 'linear O(len(values))',
      code: `function find(values: number[], goal: number): number[] {
  const seen: Map<number, number> = new Map();
  for (let at = 0; at < values.length; at++) {
    const other = seen.get(goal - values[at]!);
    if (other !== undefined) return [other, at];
    seen.set(values[at]!, at);
  }
  return [];
}`,
    },
    {
      what: 'halving an interval',
      time: 'logn',
      code: `export const place = (sorted: readonly number[], wanted: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
};`,
    },
    {
      what: 'a typed array of a size',
      time: 'quadratic',
      code: `function paths(rows: number, columns: number): number {
  const table = Array.from({ length: rows }, () => new Uint32Array(columns).fill(1));
  for (let r = 1; r < rows; r++) {
    for (let c = 1; c < columns; c++) table[r]![c] = table[r - 1]![c]! + table[r]![c - 1]!;
  }
  return table[rows - 1]![columns - 1]!;
}`,
    },
    {
      what: 'a tree with null in its type',
      time: 'linear O(nodes(root))',
      code: `function depth(root: TreeNode | null): number {
  return root === null ? 0 : 1 + Math.max(depth(root.left), depth(root.right));
}`,
    },
    {
      what: 'a Record as memo',
      time: 'linear',
      code: `function ways(n: number): number {
  const known: Record<number, number> = {};
  const count = (k: number): number => {
    if (k < 2) return 1;
    if (k in known) return known[k];
    return (known[k] = count(k - 1) + count(k - 2));
  };
  return count(n);
}`,
    },
    {
      what: 'a memo that ??= fills',
      time: 'linear',
      code: `const known: number[] = [];
function ways(n: number): number {
  if (n < 2) return 1;
  return (known[n] ??= ways(n - 1) + ways(n - 2));
}`,
    },
    {
      what: 'a generic class with private fields',
      time: 'linear',
      code: `class Ring<T> {
  #items: T[] = [];
  constructor(private readonly limit: number) {}
  public fill(item: T): void {
    for (let i = 0; i < this.limit; i++) this.#items.push(item);
  }
}`,
    },
    {
      what: 'sorting by a key, then a scan inside of a scan',
      time: 'quadratic',
      code: `type Span = [number, number];
function overlaps(spans: Span[]): number {
  const sorted = [...spans].sort((a, b) => a[0] - b[0]);
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    for (let j = i + 1; j < sorted.length; j++) {
      if (sorted[j]![0] < sorted[i]![1]) count++;
    }
  }
  return count;
}`,
    },
    {
      what: 'a window whose ends only move forward',
      time: 'linear',
      code: `function longest(text: string): number {
  const seen = new Set<string>();
  let left = 0;
  let best = 0;
  for (let right = 0; right < text.length; right++) {
    while (seen.has(text[right])) seen.delete(text[left++]);
    seen.add(text[right]);
    best = Math.max(best, right - left + 1);
  }
  return best;
}`,
    },
    {
      what: 'reduce whose function takes pairs apart',
      time: 'linear',
      code: `function area(sides: [number, number][]): number {
  return sides.reduce((total, [width, height]) => total + width * height, 0);
}`,
    },
    {
      what: 'split, reverse and join',
      time: 'linear',
      code: `const mirrored = (text: string): string => text.split('').reverse().join('');`,
    },
    {
      what: 'digits of a number',
      time: 'logn',
      code: `function digitSum(n: number): number {
  let sum = 0;
  while (n > 0) {
    sum += n % 10;
    n = Math.floor(n / 10);
  }
  return sum;
}`,
    },
    {
      what: 'a switch in a loop',
      time: 'linear',
      code: `function evaluate(steps: string[]): number {
  let value = 0;
  for (const step of steps) {
    switch (step) {
      case 'up':
      case 'UP':
        value += 1;
        break;
      default:
        value -= 1;
    }
  }
  return value;
}`,
    },
  ]);

  it('reads a method with types without its class', async () => {
    const report = await analyzeComplexity('private sum(xs: number[]): number {\n  let s = 0;\n  for (const x of xs) s += x;\n  return s;\n}', 'typescript', { limitMs: 5000 });
    expect(report.functions.map(({ name, range, time }) => `${name} ${range.start}-${range.end} ${time.class}`)).toEqual(['sum 1-5 linear']);
  });

  it('reads TSX', async () => {
    const report = await analyzeComplexity('export function List({ items }: { items: string[] }) {\n  return <ul>{items.map((item) => <li key={item}>{item}</li>)}</ul>;\n}', 'typescriptreact', { limitMs: 5000 });
    expect(report.functions.map(({ name }) => name)).toEqual(['List']);
    expect(report.whole.time.class).toBe('linear');
  });

  it('reads what parses of broken code', async () => {
    const report = await analyzeComplexity('function sum(xs: number[]): number { let s = 0; for (const x of xs) { s += x; } return s;', 'typescript', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
  });
});
