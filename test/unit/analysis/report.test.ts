import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity, setGrammarSource, type ComplexityReport } from '../../../src/analysis/index';
import { createGrammarSource } from '../../../src/node/grammars';
import { expectGolden } from '../../support/golden';
import { useInstalledGrammars } from '../../support/grammars';

beforeAll(useInstalledGrammars);

/** A report as text, as a person would read it. */
function textOf(report: ComplexityReport): string {
  const parts = [report.whole, ...report.functions].map((each, at) => {
    const head = `${at === 0 ? 'whole' : 'function'} ${each.name} (${each.range.start}–${each.range.end}): time ${each.time.expression} ${each.time.class} ${each.time.confidence}, space ${each.space.expression} ${each.space.class}`;
    const evidence = each.evidence.map((line) => `${'  '.repeat(line.level + 1)}${line.lines.start}–${line.lines.end} ${line.kind}: ${line.text} [${line.runs} × ${line.each} = ${line.total}]`);
    return [head, ...evidence, ...each.assumptions.map((text) => `  assumed: ${text}`), ...each.undecided.map((text) => `  undecided: ${text}`)].join('\n');
  });
  return `${parts.join('\n')}\n`;
}

const shortestPaths = `import heapq

def shortest(n, roads, start):
    graph = [[] for _ in range(n)]
    for a, b, length in roads:
        graph[a].append((b, length))
        graph[b].append((a, length))
    best = [float("inf")] * n
    best[start] = 0
    heap = [(0, start)]
    while heap:
        way, place = heapq.heappop(heap)
        if way > best[place]:
            continue
        for other, length in graph[place]:
            if way + length < best[other]:
                best[other] = way + length
                heapq.heappush(heap, (best[other], other))
    return best
`;

const table = `class Change {
    private int[][] known;

    public int ways(int[] coins, int amount) {
        known = new int[coins.length][amount + 1];
        for (int[] row : known) {
            Arrays.fill(row, -1);
        }
        return count(coins, 0, amount);
    }

    private int count(int[] coins, int first, int rest) {
        if (rest == 0) {
            return 1;
        }
        if (first == coins.length || rest < 0) {
            return 0;
        }
        if (known[first][rest] != -1) {
            return known[first][rest];
        }
        int all = count(coins, first + 1, rest) + count(coins, first, rest - coins[first]);
        known[first][rest] = all;
        return all;
    }
}
`;

describe('reports', () => {
  it('of shortest paths', async () => {
    expectGolden('analysis-shortest-paths.txt', textOf(await analyzeComplexity(shortestPaths, 'python', { limitMs: 5000 })));
  });

  it('of a recursion with a table', async () => {
    expectGolden('analysis-memo-table.txt', textOf(await analyzeComplexity(table, 'java', { limitMs: 5000 })));
  });

  it('counts the space of groups once, however they are put together', async () => {
    const code = 'def groups_of(orders):\n    groups = {}\n    for order in orders:\n        groups.setdefault(order.key, []).append(order)\n    return {key: group for key, group in groups.items() if len(group) > 1}\n';
    expect((await analyzeComplexity(code, 'python', { limitMs: 5000 })).whole.space).toMatchObject({ class: 'linear', expression: 'O(len(orders))' });
  });

  it('of the lines asked for only', async () => {
    const report = await analyzeComplexity('def f(xs):\n    return sorted(xs)\n\ndef g(xs):\n    return f(xs)[0]\n\ndef h(x):\n    return x\n', 'python', { range: { start: 7, end: 8 } });
    expect(report.functions.map((fn) => fn.name)).toEqual(['h']);
    expect(report.whole.time.class).toBe('constant');
  });

  it('of lines that the rest of the code calls', async () => {
    const code = 'def sort_by_size(boxes):\n    boxes.sort()\n    return boxes\n\ndef largest(shelves):\n    best = 0\n    for shelf in shelves:\n        best = max(best, sort_by_size(shelf)[-1])\n    return best\n';
    for (const range of [{ start: 1, end: 3 }, { start: 2, end: 2 }]) {
      expect((await analyzeComplexity(code, 'python', { range, limitMs: 5000 })).whole).toMatchObject({ name: 'sort_by_size', time: { class: 'nlogn' } });
    }
    expect((await analyzeComplexity(code, 'python', { range: { start: 1, end: 9 }, limitMs: 5000 })).whole.name).toBe('largest');
  });

  it('of what parses of broken code', async () => {
    const report = await analyzeComplexity('java.util.*;\nclass A {\n  static int f(int[] a) {\n    int s = 0;\n    for (int i = 0; i < a.length; i++) { s += a[i]; }\n    return s;\n  }\n  void g( {\n', 'java', { limitMs: 5000 });
    expect(report.syntaxErrors).toBeGreaterThan(0);
    expect(report.functions.find((fn) => fn.name === 'f')?.time.class).toBe('linear');
  });

  it('tell a function that is called twice with the same sizes once', async () => {
    const code = 'def tidy(words):\n    return sorted(words)\n\ndef same(a, b):\n    return tidy(a) == tidy(a) and tidy(b) == tidy(a)\n';
    const { whole } = await analyzeComplexity(code, 'python', { limitMs: 5000 });
    expect(whole.evidence.filter(({ kind, text }) => kind === 'library' && text.includes('sorted')).map(({ each }) => each)).toEqual(['O(len(a)·log(len(a)))', 'O(len(b)·log(len(b)))']);
  });

  it('are not certain where the rounds of a loop are an estimate, or a method is not known', async () => {
    const estimate = await analyzeComplexity('def f(low, high):\n    while low < high:\n        low += 1\n        high = high + g[low]\n    return low\n', 'python', { limitMs: 5000 });
    expect(estimate.whole.time.confidence).not.toBe('certain');
    const method = await analyzeComplexity('def f(shelf, items):\n    for item in items:\n        shelf.rearrange(item)\n', 'python', { limitMs: 5000 });
    expect(method.whole).toMatchObject({ time: { class: 'linear', confidence: 'likely' }, unknownCalls: ['rearrange'] });
  });

  it('of nothing, and of a language that is not known', async () => {
    expect((await analyzeComplexity('', 'python', { limitMs: 5000 })).whole.time.class).toBe('constant');
    const report = await analyzeComplexity('x', 'cobol');
    expect(report.whole.time.class).toBe('unknown');
    expect(report.whole.undecided[0]).toContain('cobol');
  });

  it('of each function of a long file, letting others work in between', async () => {
    const long = Array.from({ length: 300 }, (_, at) => `def f${at}(xs):\n    return sorted(xs)\n`).join('\n');
    let pauses = 0;
    const pause = (): Promise<void> => {
      pauses += 1;
      return Promise.resolve();
    };
    // The limit is too short for all of them together.
    const atOnce = await analyzeComplexity(long, 'python', { limitMs: 1 });
    expect(atOnce.functions.at(-1)?.time.class).toBe('unknown');
    const slowly = await analyzeComplexity(long, 'python', { limitMs: 1000, pause });
    expect(new Set(slowly.functions.map((fn) => fn.time.class))).toEqual(new Set(['nlogn']));
    expect(pauses).toBe(300);
  });

  it('of a function whatever others of the file do to globals and to the object', async () => {
    const head = 'marks = []\nnotes = [marks]\n';
    const fill = 'def NAME(n):\n    for i in range(n):\n        marks.append(i)\n';
    const count = 'def NAME():\n    total = 0\n    for mark in marks:\n        total += mark\n    for note in notes:\n        for mark in note:\n            total += mark\n    return total\n';
    const report = await analyzeComplexity([head, ...[fill, count, fill, count].map((text, at) => text.replace('NAME', `part_${at}`))].join('\n'), 'python');
    expect(report.functions.map((fn) => `${fn.time.expression}, space ${fn.space.expression}`)).toEqual(['O(n), space O(n)', 'O(1), space O(1)', 'O(n), space O(n)', 'O(1), space O(1)']);
  });

  it('of a method after what the constructor left, whatever other methods have done', async () => {
    const shelf = `class Shelf:
    def __init__(self, rows):
        self.rows = rows
        self.order = sorted(rows)

    def first(self):
        self.order.sort()
        self.order = []
        return self.rows

    def second(self):
        self.order.sort()
        self.order = []
        return self.rows

    def third(self):
        self.order.sort()
        return self.rows
`;
    const { functions } = await analyzeComplexity(shelf, 'python');
    expect(functions.map((fn) => `${fn.name}: ${fn.time.expression}`)).toEqual(['__init__', 'first', 'second', 'third'].map((name) => `${name}: O(len(rows)·log(len(rows)))`));
  });

  it('says unknown when time runs out, and never hangs', async () => {
    const body = Array.from({ length: 400 }, (_, at) => `    for i${at} in range(n):\n        x = g${at}(x)`).join('\n');
    const helpers = Array.from({ length: 400 }, (_, at) => `def g${at}(x):\n    return g${(at * 7 + 1) % 400}(x) + g${(at * 3 + 2) % 400}(x)`).join('\n');
    const started = performance.now();
    const report = await analyzeComplexity(`${helpers}\ndef f(n, x):\n${body}\n`, 'python', { limitMs: 50 });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(['unknown', 'exponential', 'polynomial']).toContain(report.whole.time.class);
  });

  it('tells what functions cost that call each other in more ways than can be followed', async () => {
    // Six layers of six functions each: 6⁵ ways down.
    const layers = Array.from({ length: 36 }, (_, at) => `def f${at}(xs):\n    ${at < 30 ? Array.from({ length: 6 }, (__, next) => `f${at - (at % 6) + 6 + next}(xs)`).join('; ') : `return ${at === 33 ? 'sorted(xs)' : 'sum(xs)'}`}`);
    const report = await analyzeComplexity(layers.join('\n'), 'python', { limitMs: 5000 });
    expect(report.functions[0]?.time.expression).toBe('O(len(xs)·log(len(xs)))');
    expect(report.functions[0]?.assumptions.join()).toMatch(/64 calls were followed; f\d+ is counted like/);
    expect(report.functions[26]?.assumptions.join()).toBe('');
  });

  it('leaves time for the others where one function uses up its own', async () => {
    const helpers = Array.from({ length: 400 }, (_, at) => `def g${at}(x):\n    return g${(at * 7 + 1) % 400}(x) + g${(at * 3 + 2) % 400}(x)`).join('\n');
    const report = await analyzeComplexity(`def first(x):\n    return g0(x)\n${helpers}\ndef last(xs):\n    return sum(xs)\n`, 'python', { limitMs: 400 });
    expect(report.functions.find(({ name }) => name === 'first')?.time.class).toBe('unknown');
    expect(report.functions.find(({ name }) => name === 'last')?.time.class).toBe('linear');
  });
});

describe('test cases of the input', () => {
  it('are not counted where each is read and answered for itself', async () => {
    const code = 't = int(input())\nfor _ in range(t):\n    n = int(input())\n    a = list(map(int, input().split()))\n    print(sum(a))\n';
    const report = await analyzeComplexity(code, 'python', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
    expect(report.whole.assumptions.join()).toContain('test case');
  });

  it('are not mistaken for the numbers of one case', async () => {
    const code = 'n = int(input())\nbest = 0\nfor _ in range(n):\n    best = max(best, int(input()))\nprint(best)\n';
    expect((await analyzeComplexity(code, 'python', { limitMs: 5000 })).whole.time.class).toBe('linear');
  });
});

describe('memory', () => {
  it('of WebAssembly does not grow with the number of analyses', { timeout: 60_000 }, async () => {
    const memories: WebAssembly.Memory[] = [];
    const original = WebAssembly.instantiate;
    // The runtime's own memory is seen where it is instantiated.
    const watched = async (...args: Parameters<typeof original>): Promise<unknown> => {
      const made = (await original(...args)) as unknown as { instance?: WebAssembly.Instance };
      const memory = made.instance?.exports.memory;
      if (memory instanceof WebAssembly.Memory) {
        memories.push(memory);
      }
      return made;
    };
    WebAssembly.instantiate = watched as typeof original;
    try {
      setGrammarSource(createGrammarSource());
      const once = async (count: number): Promise<void> => {
        for (let at = 0; at < count; at++) {
          await analyzeComplexity(shortestPaths, 'python', { wholeOnly: true });
        }
      };
      await once(100);
      const bytes = (): number => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
      const before = { wasm: bytes(), external: process.memoryUsage().external };
      await once(700);
      expect(bytes()).toBe(before.wasm);
      expect(process.memoryUsage().external - before.external).toBeLessThan(16 * 1024 * 1024);
    } finally {
      WebAssembly.instantiate = original;
      useInstalledGrammars();
    }
  });

  it('puts its evidence together when it is asked for, once, and gives it to whoever copies the report', async () => {
    const { whole } = await analyzeComplexity(shortestPaths, 'python', { limitMs: 5000 });
    const copy = JSON.parse(JSON.stringify(whole)) as ComplexityReport['whole'];
    expect(whole.evidence.length).toBeGreaterThan(2);
    expect(copy.evidence).toEqual(whole.evidence);
    expect(structuredClone(whole).evidence).toEqual(whole.evidence);
    expect(whole.evidence).toBe(whole.evidence);
  });
});
