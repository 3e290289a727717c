import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../../src/analysis/index';
import { itDerives } from '../../../support/complexity';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

describe('C#', () => {
  itDerives('csharp', [
    {
      what: 'groups that are together as long as the items',
      time: 'nlogn O(len(words)·log(len(words)))',
      code: `public class Frequent {
    public string[] Top(string[] words, int count) =>
        words.GroupBy(word => word).OrderByDescending(group => group.Count()).Take(count).Select(group => group.Key).ToArray();
}`,
    },
    {
      what: 'a dictionary that is asked once per item',
      time: 'linear O(len(values))',
      code: `public class Pairs {
  public int[] Find(int[] values, int goal) {
    var seen = new Dictionary<int, int>();
    for (int at = 0; at < values.Length; at++) {
      if (seen.TryGetValue(goal - values[at], out int other)) return new[] { other, at };
      seen[values[at]] = at;
    }
    return Array.Empty<int>();
  }
}`,
    },
    {
      what: 'Array.Sort before a scan',
      time: 'nlogn',
      code: `int Closest(int[] values) {
  Array.Sort(values);
  int best = int.MaxValue;
  for (int i = 1; i < values.Length; i++) best = Math.Min(best, values[i] - values[i - 1]);
  return best;
}`,
    },
    {
      what: 'halving an interval',
      time: 'logn',
      code: `class Shelf {
  public int Place(int[] sorted, int wanted) {
    int low = 0, high = sorted.Length - 1;
    while (low <= high) {
      int middle = low + (high - low) / 2;
      if (sorted[middle] == wanted) return middle;
      if (sorted[middle] < wanted) low = middle + 1; else high = middle - 1;
    }
    return ~low;
  }
}`,
    },
    {
      what: 'a PriorityQueue that takes every item',
      time: 'nlogn',
      code: `class Tasks {
  public long Total(int[] lengths) {
    var queue = new PriorityQueue<int, int>();
    foreach (var length in lengths) queue.Enqueue(length, length);
    long total = 0;
    while (queue.Count > 1) {
      int joined = queue.Dequeue() + queue.Dequeue();
      total += joined;
      queue.Enqueue(joined, joined);
    }
    return total;
  }
}`,
    },
    {
      what: 'two sides of a rectangle',
      time: 'quadratic',
      code: `class Paths {
  public long Count(int rows, int columns) {
    var table = new long[rows, columns];
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < columns; c++)
        table[r, c] = r == 0 || c == 0 ? 1 : table[r - 1, c] + table[r, c - 1];
    return table[rows - 1, columns - 1];
  }
}`,
    },
    {
      what: 'a flood over a grid with a queue',
      time: 'quadratic',
      code: `class Lake {
  public int Area(int[][] grid, int r, int c) {
    int rows = grid.Length, columns = grid[0].Length, area = 0;
    var seen = new bool[rows, columns];
    var queue = new Queue<(int, int)>();
    queue.Enqueue((r, c));
    seen[r, c] = true;
    while (queue.Count > 0) {
      var (y, x) = queue.Dequeue();
      area++;
      foreach (var (dy, dx) in new[] { (0, 1), (1, 0), (0, -1), (-1, 0) }) {
        int ny = y + dy, nx = x + dx;
        if (ny < 0 || nx < 0 || ny >= rows || nx >= columns || seen[ny, nx] || grid[ny][nx] == 0) continue;
        seen[ny, nx] = true;
        queue.Enqueue((ny, nx));
      }
    }
    return area;
  }
}`,
    },
    {
      what: 'a walk over a tree',
      time: 'linear',
      code: `class Depth {
  public int Of(TreeNode root) => root == null ? 0 : 1 + Math.Max(Of(root.left), Of(root.right));
}`,
    },
    {
      what: 'a recursion that remembers its results',
      time: 'linear',
      code: `class Stairs {
  private readonly Dictionary<int, long> known = new();
  public long Ways(int n) {
    if (n < 2) return 1;
    if (known.TryGetValue(n, out var found)) return found;
    return known[n] = Ways(n - 1) + Ways(n - 2);
  }
}`,
    },
    {
      what: 'every subset by a local function',
      time: 'exponential',
      code: `class Subsets {
  public IList<IList<int>> All(int[] values) {
    var result = new List<IList<int>>();
    var chosen = new List<int>();
    void Choose(int at) {
      if (at == values.Length) { result.Add(new List<int>(chosen)); return; }
      Choose(at + 1);
      chosen.Add(values[at]);
      Choose(at + 1);
      chosen.RemoveAt(chosen.Count - 1);
    }
    Choose(0);
    return result;
  }
}`,
    },
    {
      what: 'a StringBuilder that grows in place',
      time: 'linear',
      code: `static string Stars(int n) {
  var line = new StringBuilder();
  for (int i = 0; i < n; i++) line.Append('*');
  return line.ToString();
}`,
    },
    {
      what: 'List.Contains once per item',
      time: 'quadratic',
      code: `static int Distinct(int[] values) {
  var seen = new List<int>();
  foreach (var value in values) if (!seen.Contains(value)) seen.Add(value);
  return seen.Count;
}`,
    },
    {
      what: 'a HashSet in place of the list',
      time: 'linear',
      code: `static int Distinct(int[] values) {
  var seen = new HashSet<int>();
  foreach (var value in values) if (!seen.Contains(value)) seen.Add(value);
  return seen.Count;
}`,
    },
    {
      what: 'a chain of LINQ with a sort in it',
      time: 'nlogn',
      code: `static List<string> Names(List<string> people) => people.Where(p => p.Length > 3).OrderBy(p => p).Select(p => p).ToList();`,
    },
    {
      what: 'LINQ inside a loop over the same list',
      time: 'quadratic',
      code: `static int Duels(List<int> powers) {
  int duels = 0;
  foreach (var power in powers) duels += powers.Count(other => other < power);
  return duels;
}`,
    },
    {
      what: 'RemoveAt(0) in a loop',
      time: 'quadratic',
      code: `static int Drain(List<int> jobs) {
  int total = 0;
  while (jobs.Count > 0) { total += jobs[0]; jobs.RemoveAt(0); }
  return total;
}`,
    },
    {
      what: 'halving by two calls of which one runs',
      time: 'logn',
      code: `class Search {
  public int Find(int[] sorted, int low, int high, int wanted) {
    if (low > high) return -1;
    int middle = low + (high - low) / 2;
    if (sorted[middle] == wanted) return middle;
    if (sorted[middle] < wanted) return Find(sorted, middle + 1, high, wanted);
    return Find(sorted, low, middle - 1, wanted);
  }
}`,
    },
    {
      what: 'a window whose ends only move forward',
      time: 'linear',
      code: `static int Longest(string text) {
  var last = new HashSet<char>();
  int best = 0, left = 0;
  for (int right = 0; right < text.Length; right++) {
    while (last.Contains(text[right])) last.Remove(text[left++]);
    last.Add(text[right]);
    best = Math.Max(best, right - left + 1);
  }
  return best;
}`,
    },
  ]);

  it('names every function with its lines, local ones included', async () => {
    const report = await analyzeComplexity('class A {\n  int F(int n) {\n    int G(int k) => k + 1;\n    return G(n);\n  }\n}', 'csharp', { limitMs: 5000 });
    expect(report.functions.map(({ name, range }) => `${name} ${range.start}-${range.end}`)).toEqual(['F 2-5', 'G 3-3']);
  });

  it('reads what parses of broken code', async () => {
    const report = await analyzeComplexity('class A { int F(int[] xs) { int s = 0; foreach (var x in xs) { s += x; } return s; ', 'csharp', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
    expect(report.syntaxErrors).toBeGreaterThanOrEqual(0);
  });

  it('reads top-level statements', async () => {
    const report = await analyzeComplexity('int n = int.Parse(Console.ReadLine());\nlong s = 0;\nfor (int i = 0; i < n; i++) for (int j = 0; j < i; j++) s += j;\nConsole.WriteLine(s);', 'csharp', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('quadratic');
  });
});
