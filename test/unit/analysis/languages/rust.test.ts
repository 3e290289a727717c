import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../../src/analysis/index';
import { itDerives } from '../../../support/complexity';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

describe('Rust', () => {
  itDerives('rust', [
    {
      what: 'cases that are each read and answered count as one',
      time: 'quadratic',
      code: `use std::io;
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let cases: usize = line.trim().parse().unwrap();
    for _ in 0..cases {
        let mut text = String::new();
        io::stdin().read_line(&mut text).unwrap();
        let values: Vec<usize> = text.split_whitespace().map(|x| x.parse().unwrap()).collect();
        let mut equal = 0;
        for i in 0..values.len() { for j in 0..i { if values[i] == values[j] { equal += 1; } } }
        println!("{}", equal);
    }
}`,
    },
    {
      what: 'a HashMap that is asked once per item',
      time: 'linear O(len(values))',
      code: `use std::collections::HashMap;
fn find(values: Vec<i32>, goal: i32) -> Option<(usize, usize)> {
    let mut seen: HashMap<i32, usize> = HashMap::new();
    for (at, &value) in values.iter().enumerate() {
        if let Some(&other) = seen.get(&(goal - value)) {
            return Some((other, at));
        }
        seen.insert(value, at);
    }
    None
}`,
    },
    {
      what: 'sorting before a scan',
      time: 'nlogn',
      code: `fn closest(mut values: Vec<i32>) -> i32 {
    values.sort_unstable();
    values.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap()
}`,
    },
    {
      what: 'halving an interval',
      time: 'logn',
      code: `impl Solution {
    pub fn place(sorted: Vec<i32>, wanted: i32) -> i32 {
        let (mut low, mut high) = (0, sorted.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if sorted[middle] < wanted { low = middle + 1; } else { high = middle; }
        }
        low as i32
    }
}`,
    },
    {
      what: 'a BinaryHeap that takes every item',
      time: 'nlogn',
      code: `fn total(lengths: Vec<u64>) -> u64 {
    let mut heap = BinaryHeap::new();
    for length in lengths { heap.push(Reverse(length)); }
    let mut total = 0;
    while let Some(Reverse(first)) = heap.pop() {
        total += first;
    }
    total
}`,
    },
    {
      what: 'nested vec! of two sizes',
      time: 'quadratic',
      code: `fn count(rows: usize, columns: usize) -> u64 {
    let mut table = vec![vec![1u64; columns]; rows];
    for r in 1..rows {
        for c in 1..columns {
            table[r][c] = table[r - 1][c] + table[r][c - 1];
        }
    }
    table[rows - 1][columns - 1]
}`,
    },
    {
      what: 'a tail expression that allocates',
      time: 'quadratic',
      code: `fn empty(n: usize) -> Vec<Vec<char>> {
    vec![vec!['.'; n]; n]
}`,
    },
    {
      what: 'a walk over a tree behind Option and Rc',
      time: 'linear',
      code: `impl Solution {
    pub fn depth(root: Option<Rc<RefCell<TreeNode>>>) -> i32 {
        match root {
            None => 0,
            Some(node) => {
                let node = node.borrow();
                1 + Self::depth(node.left.clone()).max(Self::depth(node.right.clone()))
            }
        }
    }
}`,
    },
    {
      what: 'a recursion without memory',
      time: 'exponential',
      code: `fn ways(n: u32) -> u64 {
    if n < 2 { return 1; }
    ways(n - 1) + ways(n - 2)
}`,
    },
    {
      what: 'the same with a memo',
      time: 'linear',
      code: `fn ways(n: u32, known: &mut HashMap<u32, u64>) -> u64 {
    if n < 2 {
        return 1;
    }
    if let Some(&found) = known.get(&n) {
        return found;
    }
    let result = ways(n - 1, known) + ways(n - 2, known);
    known.insert(n, result);
    result
}`,
    },
    {
      what: 'every subset by an inner function',
      time: 'exponential',
      code: `impl Solution {
    pub fn subsets(values: Vec<i32>) -> Vec<Vec<i32>> {
        fn choose(at: usize, values: &Vec<i32>, chosen: &mut Vec<i32>, result: &mut Vec<Vec<i32>>) {
            if at == values.len() {
                result.push(chosen.clone());
                return;
            }
            choose(at + 1, values, chosen, result);
            chosen.push(values[at]);
            choose(at + 1, values, chosen, result);
            chosen.pop();
        }
        let mut result = Vec::new();
        choose(0, &values, &mut Vec::new(), &mut result);
        result
    }
}`,
    },
    {
      what: 'an iterator chain',
      time: 'linear',
      code: `fn squares(values: &[i64]) -> i64 {
    values.iter().filter(|v| **v > 0).map(|v| v * v).sum()
}`,
    },
    {
      what: 'a closure that scans, once per item',
      time: 'quadratic',
      code: `fn duels(powers: &Vec<i32>) -> usize {
    powers.iter().map(|power| powers.iter().filter(|other| *other < power).count()).sum()
}`,
    },
    {
      what: 'insertion at the front of a Vec',
      time: 'quadratic',
      code: `fn reversed(values: Vec<i32>) -> Vec<i32> {
    let mut result = Vec::new();
    for value in values { result.insert(0, value); }
    result
}`,
    },
    {
      what: 'push_front of a VecDeque',
      time: 'linear',
      code: `fn reversed(values: Vec<i32>) -> VecDeque<i32> {
    let mut result = VecDeque::new();
    for value in values { result.push_front(value); }
    result
}`,
    },
    {
      what: 'a BTreeMap that counts',
      time: 'nlogn',
      code: `fn counts(values: Vec<i32>) -> BTreeMap<i32, i32> {
    let mut counts: BTreeMap<i32, i32> = BTreeMap::new();
    for value in &values { *counts.entry(*value).or_insert(0) += 1; }
    counts
}`,
    },
    {
      what: 'merge sort over slices',
      time: 'nlogn',
      code: `fn sorted(values: &[i32]) -> Vec<i32> {
    if values.len() <= 1 {
        return values.to_vec();
    }
    let middle = values.len() / 2;
    let left = sorted(&values[..middle]);
    let right = sorted(&values[middle..]);
    let (mut i, mut j) = (0, 0);
    let mut result = Vec::with_capacity(values.len());
    while i < left.len() && j < right.len() {
        if left[i] <= right[j] {
            result.push(left[i]);
            i += 1;
        } else {
            result.push(right[j]);
            j += 1;
        }
    }
    result.extend_from_slice(&left[i..]);
    result.extend_from_slice(&right[j..]);
    result
}`,
    },
    {
      what: 'a loop that takes every third number',
      time: 'linear',
      code: `fn odd_halves(n: usize) -> usize {
    let mut count = 0;
    for k in (0..n).step_by(3) { count += k; }
    count
}`,
    },
  ]);

  it('reads the methods of an impl and the functions inside', async () => {
    const report = await analyzeComplexity('struct A { xs: Vec<i32> }\nimpl A {\n    pub fn sum(&self) -> i32 {\n        self.xs.iter().sum()\n    }\n}\nfn main() {\n    println!("{}", 1);\n}', 'rust', { limitMs: 5000 });
    expect(report.functions.map(({ name, range, time }) => `${name} ${range.start}-${range.end} ${time.class}`)).toEqual(['sum 3-5 linear', 'main 7-9 constant']);
  });

  it('counts what stands inside of macros', async () => {
    const report = await analyzeComplexity('fn show(xs: &Vec<i32>) {\n    for x in xs {\n        println!("{}", xs.iter().max().unwrap() - x);\n    }\n}', 'rust', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('quadratic');
  });

  it('reads what parses of broken code', async () => {
    const report = await analyzeComplexity('fn sum(xs: &[i32]) -> i32 {\n    let mut s = 0;\n    for x in xs { s += x; }\n    s', 'rust', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
  });
});
