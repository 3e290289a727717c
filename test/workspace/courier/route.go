// Package courier finds the way from the shop to its customers.
package courier

import (
	"container/heap"
	"math"
)

// Street leads to another corner and takes some minutes.
type Street struct {
	To      int
	Minutes float64
}

type stop struct {
	corner  int
	minutes float64
}

type queue []stop

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].minutes < q[j].minutes }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(stop)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// Minutes gives the shortest time from start to every corner; infinity where there is no way.
func Minutes(streets [][]Street, start int) []float64 {
	best := make([]float64, len(streets))
	for corner := range best {
		best[corner] = math.Inf(1)
	}
	best[start] = 0
	open := &queue{{corner: start}}
	for open.Len() > 0 {
		here := heap.Pop(open).(stop)
		if here.minutes > best[here.corner] {
			continue
		}
		for _, street := range streets[here.corner] {
			minutes := here.minutes + street.Minutes
			if minutes < best[street.To] {
				best[street.To] = minutes
				heap.Push(open, stop{corner: street.To, minutes: minutes})
			}
		}
	}
	return best
}

// Round visits every corner once, always going on to the nearest one that is left.
func Round(minutes [][]float64, start int) []int {
	visited := make([]bool, len(minutes))
	round := []int{start}
	visited[start] = true
	for here := start; len(round) < len(minutes); {
		next := -1
		for corner := range minutes {
			if !visited[corner] && (next < 0 || minutes[here][corner] < minutes[here][next]) {
				next = corner
			}
		}
		visited[next] = true
		round = append(round, next)
		here = next
	}
	return round
}
