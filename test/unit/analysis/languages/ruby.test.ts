import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../../src/analysis/index';
import { itDerives } from '../../../support/complexity';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

describe('Ruby', () => {
  itDerives('ruby', [
    {
      what: 'cases that are each read and answered count as one',
      time: 'quadratic O(n²)',
      code: `cases = gets.to_i
cases.times do
  n = gets.to_i
  pairs = 0
  (0...n).each { |i| (0...i).each { |j| pairs += i ^ j } }
  puts pairs
end
`,
    },
    {
      what: 'a hash that is asked once per item',
      time: 'linear O(len(values))',
      code: `def find(values, goal)
  seen = {}
  values.each_with_index do |value, at|
    return [seen[goal - value], at] if seen.key?(goal - value)
    seen[value] = at
  end
  nil
end`,
    },
    {
      what: 'sorting before a scan',
      time: 'nlogn',
      code: `def closest(values)
  values.sort!
  best = Float::INFINITY
  1.upto(values.length - 1) { |i| best = [best, values[i] - values[i - 1]].min }
  best
end`,
    },
    {
      what: 'blocks in blocks',
      time: 'quadratic',
      code: `def duels(powers)
  wins = 0
  powers.each do |a|
    powers.each { |b| wins += 1 if a > b }
  end
  wins
end`,
    },
    {
      what: 'halving an interval with while',
      time: 'logn',
      code: `def place(sorted, wanted)
  low, high = 0, sorted.size
  while low < high
    middle = (low + high) / 2
    if sorted[middle] < wanted
      low = middle + 1
    else
      high = middle
    end
  end
  low
end`,
    },
    {
      what: 'times over two sizes',
      time: 'quadratic O(columns·rows)',
      code: `def count(rows, columns)
  table = Array.new(rows) { Array.new(columns, 1) }
  (1...rows).each do |r|
    (1...columns).each { |c| table[r][c] = table[r - 1][c] + table[r][c - 1] }
  end
  table[-1][-1]
end`,
    },
    {
      what: 'a walk over a tree',
      time: 'linear',
      code: `def depth(root)
  return 0 if root.nil?
  1 + [depth(root.left), depth(root.right)].max
end`,
    },
    {
      what: 'a recursion without memory',
      time: 'exponential',
      code: `def ways(n)
  n < 2 ? 1 : ways(n - 1) + ways(n - 2)
end`,
    },
    {
      what: 'the same with a memo that ||= fills',
      time: 'linear',
      code: `class Stairs
  def initialize
    @known = {}
  end

  def ways(n)
    return 1 if n < 2
    @known[n] ||= ways(n - 1) + ways(n - 2)
  end
end`,
    },
    {
      what: 'a lambda that calls itself',
      time: 'exponential',
      code: `def subsets(values)
  result = []
  chosen = []
  choose = lambda do |at|
    if at == values.length
      result << chosen.dup
      next
    end
    choose.call(at + 1)
    chosen << values[at]
    choose.call(at + 1)
    chosen.pop
  end
  choose.call(0)
  result
end`,
    },
    {
      what: 'include? of an array in a loop',
      time: 'quadratic',
      code: `def distinct(values)
  seen = []
  values.each { |value| seen << value unless seen.include?(value) }
  seen.length
end`,
    },
    {
      what: 'include? of a set in a loop',
      time: 'linear',
      code: `def distinct(values)
  seen = Set.new
  values.each { |value| seen.add(value) unless seen.include?(value) }
  seen.size
end`,
    },
    {
      what: 'a chain of blocks with sort_by',
      time: 'nlogn',
      code: `def names(people)
  people.select { |p| p.age > 3 }.sort_by { |p| p.age }.map(&:name).first
end`,
    },
    {
      what: 'count inside map',
      time: 'quadratic',
      code: `def ranks(values)
  values.map { |value| values.count { |other| other < value } }
end`,
    },
    {
      what: 'a window with until',
      time: 'linear',
      code: `def longest(text)
  seen = {}
  left = 0
  best = 0
  text.chars.each_with_index do |letter, right|
    while seen[letter]
      seen.delete(text[left])
      left += 1
    end
    seen[letter] = true
    best = [best, right - left + 1].max
  end
  best
end`,
    },
    {
      what: 'a modifier loop that halves',
      time: 'logn',
      code: `def bits(n)
  count = 0
  while n > 0
    count += n % 2
    n /= 2
  end
  count
end`,
    },
  ]);

  it('reads methods of classes and of modules', async () => {
    const report = await analyzeComplexity('class A\n  def sum(xs)\n    xs.sum\n  end\n\n  private\n\n  def one\n    1\n  end\nend', 'ruby', { limitMs: 5000 });
    expect(report.functions.map(({ name, range, time }) => `${name} ${range.start}-${range.end} ${time.class}`)).toEqual(['sum 2-4 linear', 'one 8-10 constant']);
  });

  it('reads a script', async () => {
    const report = await analyzeComplexity('n = gets.to_i\nsum = 0\nn.times { |i| i.times { |j| sum += j } }\nputs sum', 'ruby', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('quadratic');
  });

  it('reads what parses of broken code', async () => {
    const report = await analyzeComplexity('def sum(xs)\n  s = 0\n  xs.each { |x| s += x }\n  s', 'ruby', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
  });
});
