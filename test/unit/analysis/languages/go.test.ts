import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../../src/analysis/index';
import { itDerives } from '../../../support/complexity';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

describe('Go', () => {
  itDerives('go', [
    {
      what: 'a tree map of a container package',
      time: 'nlogn O(len(values)·log(len(values)))',
      code: `func spread(values []int) int {
	tree := redblacktree.New[int, int]()
	best := 0
	for i, value := range values {
		tree.Put(value, i)
		best = max(best, tree.Right().Key-tree.Left().Key)
	}
	return best
}`,
    },
    {
      what: 'numbers put together from bytes of the input',
      time: 'nlogn O(n·log n)',
      code: `package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
)

var in = bufio.NewReader(os.Stdin)

func number() int {
	value := 0
	c, _ := in.ReadByte()
	for c == ' ' || c == 10 {
		c, _ = in.ReadByte()
	}
	for c >= '0' && c <= '9' {
		value = value*10 + int(c-'0')
		c, _ = in.ReadByte()
	}
	return value
}

func main() {
	n := number()
	values := make([]int, n)
	for i := range values {
		values[i] = number()
	}
	sort.Ints(values)
	fmt.Println(values[0])
}`,
    },
    {
      what: 'a map that is asked once per item',
      time: 'linear O(len(values))',
      code: `func find(values []int, goal int) []int {
	seen := map[int]int{}
	for at, value := range values {
		if other, ok := seen[goal-value]; ok {
			return []int{other, at}
		}
		seen[value] = at
	}
	return nil
}`,
    },
    {
      what: 'sort.Slice before a scan',
      time: 'nlogn',
      code: `func closest(values []int) int {
	sort.Slice(values, func(i, j int) bool { return values[i] < values[j] })
	best := math.MaxInt64
	for i := 1; i < len(values); i++ {
		best = min(best, values[i]-values[i-1])
	}
	return best
}`,
    },
    {
      what: 'sort.Search with a function that scans',
      time: 'nlogn',
      code: `func slowest(piles []int, hours int) int {
	return sort.Search(slices.Max(piles), func(speed int) bool {
		needed := 0
		for _, pile := range piles {
			needed += (pile + speed) / (speed + 1)
		}
		return needed <= hours
	})
}`,
    },
    {
      what: 'range over a number',
      time: 'quadratic O(n²)',
      code: `func pairs(n int) (count int) {
	for i := range n {
		for j := range i {
			count += j
		}
	}
	return
}`,
    },
    {
      what: 'make of two sizes',
      time: 'quadratic',
      code: `func paths(rows int, columns int) int {
	table := make([][]int, rows)
	for r := range table {
		table[r] = make([]int, columns)
		for c := range table[r] {
			if r == 0 || c == 0 {
				table[r][c] = 1
			} else {
				table[r][c] = table[r-1][c] + table[r][c-1]
			}
		}
	}
	return table[rows-1][columns-1]
}`,
    },
    {
      what: 'a stack that is cut off by slices',
      time: 'linear',
      code: `func warmer(days []int) []int {
	result := make([]int, len(days))
	stack := []int{}
	for i, day := range days {
		for len(stack) > 0 && days[stack[len(stack)-1]] < day {
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			result[last] = i - last
		}
		stack = append(stack, i)
	}
	return result
}`,
    },
    {
      what: 'container/heap',
      time: 'nlogn',
      code: `type minHeap []int

func (h minHeap) Len() int           { return len(h) }
func (h minHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h minHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *minHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *minHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

func sorted(values []int) []int {
	h := &minHeap{}
	for _, value := range values {
		heap.Push(h, value)
	}
	result := []int{}
	for h.Len() > 0 {
		result = append(result, heap.Pop(h).(int))
	}
	return result
}`,
    },
    {
      what: 'a function variable that calls itself',
      time: 'exponential',
      code: `func subsets(values []int) [][]int {
	result := [][]int{}
	chosen := []int{}
	var choose func(at int)
	choose = func(at int) {
		if at == len(values) {
			result = append(result, append([]int{}, chosen...))
			return
		}
		choose(at + 1)
		chosen = append(chosen, values[at])
		choose(at + 1)
		chosen = chosen[:len(chosen)-1]
	}
	choose(0)
	return result
}`,
    },
    {
      what: 'a memo in a map, asked with ok',
      time: 'linear',
      code: `func ways(n int) int {
	known := map[int]int{}
	var count func(k int) int
	count = func(k int) int {
		if k < 2 {
			return 1
		}
		if v, ok := known[k]; ok {
			return v
		}
		known[k] = count(k-1) + count(k-2)
		return known[k]
	}
	return count(n)
}`,
    },
    {
      what: 'a walk over a tree of pointers',
      time: 'linear O(nodes(root))',
      code: `type Node struct {
	Left, Right *Node
}

func depth(root *Node) int {
	if root == nil {
		return 0
	}
	return 1 + max(depth(root.Left), depth(root.Right))
}`,
    },
    {
      what: 'a queue that moves on by slicing',
      time: 'linear',
      code: `func reach(n int, edges [][]int) int {
	next := make([][]int, n)
	for _, e := range edges {
		next[e[0]] = append(next[e[0]], e[1])
	}
	seen := make([]bool, n)
	seen[0] = true
	queue := []int{0}
	count := 0
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		count++
		for _, other := range next[node] {
			if !seen[other] {
				seen[other] = true
				queue = append(queue, other)
			}
		}
	}
	return count
}`,
    },
    {
      what: 'strings.Contains once per word',
      time: 'quadratic',
      code: `func hits(words []string, text string) int {
	count := 0
	for _, word := range words {
		if strings.Contains(text, word) {
			count++
		}
	}
	return count
}`,
    },
    {
      what: 'slices that are compared in a loop',
      time: 'quadratic',
      code: `func border(text string) int {
	for length := len(text) - 1; length > 0; length-- {
		if text[:length] == text[len(text)-length:] {
			return length
		}
	}
	return 0
}`,
    },
    {
      what: 'strings.Builder',
      time: 'linear',
      code: `func stars(n int) string {
	var b strings.Builder
	for i := 0; i < n; i++ {
		b.WriteByte('*')
	}
	return b.String()
}`,
    },
    {
      what: 'all 1<<n masks',
      time: 'exponential',
      code: `func best(costs []int) int {
	n := len(costs)
	least := make([]int, 1<<n)
	for mask := 1; mask < 1<<n; mask++ {
		least[mask] = least[mask&(mask-1)] + costs[bits.TrailingZeros(uint(mask))]
	}
	return least[1<<n-1]
}`,
    },
    {
      what: 'a tree of the judge',
      time: 'nlogn',
      code: `func counts(values []int) int {
	tree := redblacktree.New[int, int]()
	for _, value := range values {
		tree.Put(value, 1)
	}
	return tree.Size()
}`,
    },
    {
      what: 'a program that reads with fmt',
      time: 'quadratic',
      code: `package main

import "fmt"

func main() {
	var n int
	fmt.Scan(&n)
	sum := 0
	for i := 0; i < n; i++ {
		for j := 0; j < i; j++ {
			sum += j
		}
	}
	fmt.Println(sum)
}`,
    },
  ]);

  it('gives methods their receiver', async () => {
    const report = await analyzeComplexity('type Sums struct {\n\txs []int\n}\n\nfunc (s *Sums) Total() int {\n\tt := 0\n\tfor _, x := range s.xs {\n\t\tt += x\n\t}\n\treturn t\n}', 'go', { limitMs: 5000 });
    expect(report.functions.map(({ name, range, time }) => `${name} ${range.start}-${range.end} ${time.class}`)).toEqual(['Total 5-11 linear']);
  });

  it('tells loops in the evidence as the program writes them', async () => {
    const { whole } = await analyzeComplexity('func sum(xs []int) int {\n\ts := 0\n\tfor _, x := range xs {\n\t\ts += x\n\t}\n\treturn s\n}', 'go', { limitMs: 5000 });
    expect(whole.evidence.map(({ lines, text }) => `${lines.start}-${lines.end} ${text}`)).toEqual(['3-5 loop over xs: len(xs) rounds']);
  });

  it('reads what parses of broken code', async () => {
    const report = await analyzeComplexity('func sum(xs []int) int {\n\ts := 0\n\tfor _, x := range xs {\n\t\ts += x\n\t}\n\treturn s', 'go', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
  });
});
