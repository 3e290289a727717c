import { beforeAll, describe } from 'vitest';
import { itDerives } from '../../../support/complexity';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

describe('Python: the standard library', () => {
  itDerives('python', [
    {
      what: 'columns of a table',
      time: 'quadratic O(len(table)·len(table[0]))',
      code: `def turned(table):
    return [list(column)[::-1] for column in zip(*table)]
`,
    },
    {
      what: 'a function of the library for every row',
      time: 'quadratic O(len(rows)·len(rows[0]))',
      code: `def richest(rows):
    return max(map(sum, rows))
`,
    },
    {
      what: 'the same in Python 2',
      time: 'quadratic O(len(rows)·len(rows[0]))',
      code: `import itertools
def richest(rows):
    best = 0
    for total in itertools.imap(sum, rows):
        if total > best: best = total
    print best
`,
    },
    {
      what: 'the largest items come from the second argument',
      time: 'nlogn O(len(scores)·log(len(scores)))',
      code: `import heapq
def podium(scores, places):
    return heapq.nlargest(places, scores, key=lambda score: -score)
`,
    },
    {
      what: 'groups of adjoining items are together as long as the items',
      time: 'linear O(len(letters))',
      code: `from itertools import groupby
def packed(letters):
    parts = []
    for letter, run in groupby(letters):
        parts.append((letter, len(list(run))))
    return parts
`,
    },
    {
      what: 'lists chained together',
      time: 'quadratic O(len(lists)·len(lists[0]))',
      code: `import itertools
def flat(lists):
    return [item + 1 for item in itertools.chain(*lists)]
`,
    },
    {
      what: 'a search whose key is worked out for each place',
      time: 'nlogn O(len(piles)·log limit)',
      code: `from bisect import bisect_left
def speed(piles, hours, limit):
    def enough(each):
        return sum((pile + each) // (each + 1) for pile in piles) <= hours
    return bisect_left(range(limit), True, key=enough) + 1
`,
    },
    {
      what: 'multiples crossed out by slices',
      time: 'nlogn O(n·log n)',
      code: `def primes(n):
    prime = [True] * (n + 1)
    for i in range(3, int(n ** 0.5) + 1, 2):
        if prime[i]:
            prime[i * i::2 * i] = [False] * len(prime[i * i::2 * i])
    return prime
`,
    },
    {
      what: 'an exponent that is taken by a large prime is one still',
      time: 'logn O(log n)',
      code: `def ways(n):
    modulus = 10 ** 9 + 7
    return pow(5, (n + 1) // 2 % (modulus - 1), modulus)
`,
    },
  ]);
});

describe('Python: readers of the input', () => {
  itDerives('python', [
    {
      what: 'a buffer that is filled until it has a line',
      time: 'linear O(n)',
      code: `import os, sys
class Lines(object):
    lines = 0
    def __init__(self, source):
        self.source = source.fileno()
        self.kept = source.buffer
    def readline(self):
        while self.lines == 0:
            piece = os.read(self.source, 8192)
            self.lines = piece.count(b"\\n") + (not piece)
            self.kept.write(piece)
        self.lines -= 1
        return self.kept.readline()
reader = Lines(sys.stdin)
n = int(reader.readline())
total = 0
for i in range(n):
    total += i * i
print(total)
`,
    },
  ]);
});
