import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../../src/analysis/index';
import { itDerives } from '../../../support/complexity';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

describe('JavaScript', () => {
  itDerives('javascript', [
    {
      what: 'levels of a tree that refill one list',
      time: 'linear O(nodes(root))',
      code: `/** @param {TreeNode} root */
function rightmost(root) {
  const seen = [];
  if (!root) return seen;
  const level = [root];
  while (level.length > 0) {
    seen.push(level[0].val);
    const below = [];
    for (const { left, right } of level) {
      if (right) below.push(right);
      if (left) below.push(left);
    }
    level.length = 0;
    level.push(...below);
  }
  return seen;
}`,
    },
    {
      what: 'digits of a number made a text by adding nothing, and its bits',
      time: 'logn O(log n)',
      code: `const mirrored = (n) => {
  let bits = 0;
  for (let i = 0; i < 32 - Math.clz32(n); i++) bits += (n >> i) & 1;
  return Number((n + '').split('').reverse().join('')) + bits;
};`,
    },
    {
      what: 'a program whose input comes by events',
      time: 'quadratic',
      code: `let text = '', at = 0;
process.stdin.setEncoding('utf8');
process.stdin.on('data', (piece) => { text += piece; });
process.stdin.on('end', () => { text = text.trim().split('\\n'); main(); });
function nextLine() { return text[at++]; }
function main() {
  const n = parseInt(nextLine());
  let equal = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) if ((i ^ j) % 3 === 0) equal++;
  console.log(equal);
}`,
    },
    {
      what: 'lines that come one by one',
      time: 'nlogn',
      code: `const lines = [];
const reader = require('readline').createInterface({ input: process.stdin });
reader.on('line', (line) => lines.push(line));
reader.on('close', () => {
  const values = lines[1].split(' ').map(Number);
  values.sort((a, b) => a - b);
  console.log(values[0]);
});`,
    },
    {
      what: 'a Map that is asked once per item',
      time: 'linear O(len(values))',
      code: `/**
 * @param {number[]} values
 * @param {number} goal
 * @return {number[]}
 */
var find = function (values, goal) {
  const seen = new Map();
  for (const [at, value] of values.entries()) {
    if (seen.has(goal - value)) return [seen.get(goal - value), at];
    seen.set(value, at);
  }
  return [];
};`,
    },
    {
      what: 'sort with a comparator',
      time: 'nlogn',
      code: `const closest = (values) => {
  values.sort((a, b) => a - b);
  let best = Infinity;
  for (let i = 1; i < values.length; i++) best = Math.min(best, values[i] - values[i - 1]);
  return best;
};`,
    },
    {
      what: 'splice that inserts, in a loop',
      time: 'quadratic',
      code: `function placed(values, places) {
  const result = [];
  for (let i = 0; i < values.length; i++) result.splice(places[i], 0, values[i]);
  return result;
}`,
    },
    {
      what: 'unshift in a loop',
      time: 'quadratic',
      code: `function reversed(values) {
  const result = [];
  for (const value of values) result.unshift(value);
  return result;
}`,
    },
    {
      what: 'a queue by push and shift over a graph',
      time: 'linear',
      code: `function reach(n, edges) {
  const next = Array.from({ length: n }, () => []);
  for (const [a, b] of edges) {
    next[a].push(b);
  }
  const seen = new Array(n).fill(false);
  const queue = [0];
  seen[0] = true;
  let count = 0;
  while (queue.length > 0) {
    const node = queue.shift();
    count++;
    for (const other of next[node]) {
      if (!seen[other]) {
        seen[other] = true;
        queue.push(other);
      }
    }
  }
  return count;
}`,
    },
    {
      what: 'includes of an array in a loop',
      time: 'quadratic',
      code: `function distinct(values) {
  const seen = [];
  for (const value of values) if (!seen.includes(value)) seen.push(value);
  return seen.length;
}`,
    },
    {
      what: 'spreading what was gathered, in a loop',
      time: 'quadratic',
      code: `function prefixes(values) {
  let all = [];
  for (const value of values) all = [...all, value];
  return all;
}`,
    },
    {
      what: 'reduce with a number',
      time: 'linear',
      code: `const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;`,
    },
    {
      what: 'filter inside map',
      time: 'quadratic',
      code: `const ranks = (values) => values.map((value) => values.filter((other) => other < value).length);`,
    },
    {
      what: 'a table made by fill and map',
      time: 'quadratic',
      code: `function table(rows, columns) {
  return new Array(rows).fill(0).map(() => new Array(columns).fill(0));
}`,
    },
    {
      what: 'a priority queue of the judge',
      time: 'nlogn',
      code: `function total(lengths) {
  const queue = new MinPriorityQueue();
  for (const length of lengths) queue.enqueue(length);
  let sum = 0;
  while (queue.size() > 1) {
    const joined = queue.dequeue() + queue.dequeue();
    sum += joined;
    queue.enqueue(joined);
  }
  return sum;
}`,
    },
    {
      what: 'a class of the program with a name of the library',
      time: 'constant',
      code: `class Heap {
  constructor() { this.items = []; }
  push(item) { this.items.push(item); }
}
function one(item) {
  const heap = new Heap();
  heap.push(item);
  return heap;
}`,
    },
    {
      what: 'an inner function with a memo object',
      time: 'linear',
      code: `function ways(n) {
  const known = {};
  function count(k) {
    if (k < 2) return 1;
    if (known[k] !== undefined) return known[k];
    known[k] = count(k - 1) + count(k - 2);
    return known[k];
  }
  return count(n);
}`,
    },
    {
      what: 'backtracking in a class',
      time: 'exponential',
      code: `class Subsets {
  all(values) {
    const result = [];
    this.choose(values, 0, [], result);
    return result;
  }
  choose(values, at, chosen, result) {
    if (at === values.length) {
      result.push([...chosen]);
      return;
    }
    this.choose(values, at + 1, chosen, result);
    chosen.push(values[at]);
    this.choose(values, at + 1, chosen, result);
    chosen.pop();
  }
}`,
    },
    {
      what: 'a loop over keys',
      time: 'linear',
      code: `function total(text) {
  const counts = {};
  for (const letter of text) counts[letter] = (counts[letter] ?? 0) + 1;
  let most = 0;
  for (const letter in counts) most = Math.max(most, counts[letter]);
  return most;
}`,
    },
    {
      what: 'taking objects apart',
      time: 'linear',
      code: `function path({ start, steps }) {
  let { x, y } = start;
  for (const { dx, dy } of steps) {
    x += dx;
    y += dy;
  }
  return [x, y];
}`,
    },
  ]);

  it('reads methods that are set on a prototype', async () => {
    const code = 'var Sums = function (xs) {\n  this.xs = xs;\n};\nSums.prototype.total = function () {\n  let s = 0;\n  for (const x of this.xs) s += x;\n  return s;\n};';
    const report = await analyzeComplexity(code, 'javascript', { limitMs: 5000 });
    expect(report.functions.map(({ name, range, time }) => `${name} ${range.start}-${range.end} ${time.class}`)).toEqual(['Sums 1-3 constant', 'total 4-8 linear']);
  });

  it('reads a method without its class', async () => {
    const report = await analyzeComplexity('sum(xs) {\n  let s = 0;\n  for (const x of xs) s += x;\n  return s;\n}', 'javascript', { limitMs: 5000 });
    expect(report.functions.map(({ name, range, time }) => `${name} ${range.start}-${range.end} ${time.class}`)).toEqual(['sum 1-5 linear']);
  });

  it('judges the function of a file that also computes constants', async () => {
    const report = await analyzeComplexity('const limit = 1000;\nconst squares = [];\nfor (let i = 0; i < limit; i++) squares.push(i * i);\nfunction sum(xs) {\n  let s = 0;\n  for (const x of xs) s += squares[x];\n  return s;\n}', 'javascript', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
  });

  it('reads JSX', async () => {
    const report = await analyzeComplexity('const List = ({ items }) => <ul>{items.map((item) => <li key={item}>{item}</li>)}</ul>;', 'javascriptreact', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
  });

  it('reads what parses of broken code', async () => {
    const report = await analyzeComplexity('function sum(xs) { let s = 0; for (const x of xs) { s += x; } return s;', 'javascript', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
  });
});
