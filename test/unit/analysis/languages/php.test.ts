import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../../src/analysis/index';
import { itDerives } from '../../../support/complexity';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

describe('PHP', () => {
  itDerives('php', [
    {
      what: 'an array that is asked by key',
      time: 'linear O(len(values))',
      code: `<?php
class Pairs {
    /** @param Integer[] $values */
    function find($values, $goal) {
        $seen = [];
        foreach ($values as $at => $value) {
            if (isset($seen[$goal - $value])) {
                return [$seen[$goal - $value], $at];
            }
            $seen[$value] = $at;
        }
        return [];
    }
}`,
    },
    {
      what: 'sort before a scan, without an opening tag',
      time: 'nlogn',
      code: `function closest(array $values): int {
    sort($values);
    $best = PHP_INT_MAX;
    for ($i = 1; $i < count($values); $i++) {
        $best = min($best, $values[$i] - $values[$i - 1]);
    }
    return $best;
}`,
    },
    {
      what: 'halving an interval',
      time: 'logn',
      code: `<?php
function place(array $sorted, int $wanted): int {
    $low = 0;
    $high = count($sorted);
    while ($low < $high) {
        $middle = intdiv($low + $high, 2);
        if ($sorted[$middle] < $wanted) {
            $low = $middle + 1;
        } else {
            $high = $middle;
        }
    }
    return $low;
}`,
    },
    {
      what: 'nested for over two sizes',
      time: 'quadratic',
      code: `<?php
function paths(int $rows, int $columns): int {
    $table = array_fill(0, $rows, array_fill(0, $columns, 1));
    for ($r = 1; $r < $rows; $r++) {
        for ($c = 1; $c < $columns; $c++) {
            $table[$r][$c] = $table[$r - 1][$c] + $table[$r][$c - 1];
        }
    }
    return $table[$rows - 1][$columns - 1];
}`,
    },
    {
      what: 'in_array once per item',
      time: 'quadratic',
      code: `<?php
function distinct(array $values): int {
    $seen = [];
    foreach ($values as $value) {
        if (!in_array($value, $seen)) {
            $seen[] = $value;
        }
    }
    return count($seen);
}`,
    },
    {
      what: 'array_map with a closure that scans',
      time: 'quadratic',
      code: `<?php
function ranks(array $values): array {
    return array_map(fn($value) => count(array_filter($values, fn($other) => $other < $value)), $values);
}`,
    },
    {
      what: 'a walk over a tree',
      time: 'linear',
      code: `<?php
class Depth {
    /** @param TreeNode $root */
    function of($root) {
        if ($root === null) return 0;
        return 1 + max($this->of($root->left), $this->of($root->right));
    }
}`,
    },
    {
      what: 'a recursion that remembers in a property',
      time: 'linear',
      code: `<?php
class Stairs {
    private array $known = [];
    public function ways(int $n): int {
        if ($n < 2) return 1;
        if (isset($this->known[$n])) return $this->known[$n];
        $this->known[$n] = $this->ways($n - 1) + $this->ways($n - 2);
        return $this->known[$n];
    }
}`,
    },
    {
      what: 'the same in one expression',
      time: 'linear',
      code: `<?php
class Stairs {
    private $known = [];
    function ways($n) {
        if ($n < 2) return 1;
        return $this->known[$n] ?? ($this->known[$n] = $this->ways($n - 1) + $this->ways($n - 2));
    }
}`,
    },
    {
      what: 'a recursion without memory',
      time: 'exponential',
      code: `<?php
function ways($n) { return $n < 2 ? 1 : ways($n - 1) + ways($n - 2); }`,
    },
    {
      what: 'a closure that uses itself',
      time: 'exponential',
      code: `<?php
function subsets(array $values): array {
    $result = [];
    $choose = function (int $at, array $chosen) use (&$choose, &$result, $values) {
        if ($at === count($values)) {
            $result[] = $chosen;
            return;
        }
        $choose($at + 1, $chosen);
        $chosen[] = $values[$at];
        $choose($at + 1, $chosen);
    };
    $choose(0, []);
    return $result;
}`,
    },
    {
      what: 'a heap that takes every item',
      time: 'nlogn',
      code: `<?php
function smallest(array $values): int {
    $heap = new SplMinHeap();
    foreach ($values as $value) $heap->insert($value);
    $sum = 0;
    while (!$heap->isEmpty()) $sum += $heap->extract();
    return $sum;
}`,
    },
    {
      what: 'array_shift in a loop',
      time: 'quadratic',
      code: `<?php
function drain(array $jobs): int {
    $total = 0;
    while (count($jobs) > 0) {
        $total += array_shift($jobs);
    }
    return $total;
}`,
    },
    {
      what: 'a string taken apart and joined',
      time: 'linear',
      code: `<?php
function shout(string $text): string {
    return implode(' ', array_map('strtoupper', explode(' ', $text)));
}`,
    },
    {
      what: 'a window whose ends only move forward',
      time: 'linear',
      code: `<?php
function longest(string $text): int {
    $seen = [];
    $left = 0;
    $best = 0;
    for ($right = 0; $right < strlen($text); $right++) {
        while (isset($seen[$text[$right]])) {
            unset($seen[$text[$left]]);
            $left++;
        }
        $seen[$text[$right]] = true;
        $best = max($best, $right - $left + 1);
    }
    return $best;
}`,
    },
  ]);

  it('reads a method without its class and tag', async () => {
    const report = await analyzeComplexity('public function sum(array $xs): int {\n    return array_sum($xs);\n}', 'php', { limitMs: 5000 });
    expect(report.functions.map(({ name, range, time }) => `${name} ${range.start}-${range.end} ${time.class}`)).toEqual(['sum 1-3 linear']);
  });

  it('reads a script', async () => {
    const report = await analyzeComplexity('<?php\n$n = (int) fgets(STDIN);\nfor ($i = 0; $i < $n; $i++) {\n    for ($j = 0; $j < $i; $j++) { echo $j; }\n}', 'php', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('quadratic');
  });

  it('reads what parses of broken code', async () => {
    const report = await analyzeComplexity('<?php\nfunction sum($xs) { $s = 0; foreach ($xs as $x) { $s += $x; } return $s;', 'php', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
  });
});
