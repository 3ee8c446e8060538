package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// plain is average linkage as it is defined: the best pair of clusters each time, averages taken over all pairs of members.
func plain(n int, threshold float32, alike func(i, j int) float32) [][]int {
	var out [][]int
	for i := range n {
		out = append(out, []int{i})
	}
	for {
		best, at := float64(threshold), [2]int{-1, -1}
		for a := range out {
			for b := range a {
				sum := 0.0
				for _, i := range out[a] {
					for _, j := range out[b] {
						sum += float64(alike(max(i, j), min(i, j)))
					}
				}
				if v := sum / float64(len(out[a])*len(out[b])); v >= best {
					best, at = v, [2]int{b, a}
				}
			}
		}
		if at[0] < 0 {
			break
		}
		out[at[0]] = append(out[at[0]], out[at[1]]...)
		out = slices.Delete(out, at[1], at[1]+1)
	}
	for _, c := range out {
		slices.Sort(c)
	}
	slices.SortFunc(out, func(a, b []int) int { return a[0] - b[0] })
	return out
}

// TestLinked compares with the definition, on likenesses without ties.
func TestLinked(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 40 {
		for _, threshold := range []float32{0.1, 0.45, 0.5, 0.55, 0.9} {
			v := map[[2]int]float32{}
			for i := range n {
				for j := range i {
					v[[2]int{i, j}] = r.Float32()
				}
			}
			alike := func(i, j int) float32 { return v[[2]int{i, j}] }
			if got, want := fmt.Sprint(linked(n, threshold, alike)), fmt.Sprint(plain(n, threshold, alike)); got != want {
				t.Fatalf("%d items, threshold %v:\ngot  %s\nwant %s", n, threshold, got, want)
			}
		}
	}
}

// TestLinkedTies: with equal likenesses everything is still in exactly one cluster, and the same each time.
func TestLinkedTies(t *testing.T) {
	for _, likeness := range []float32{0, 0.5, 1} {
		alike := func(i, j int) float32 { return likeness }
		got := linked(50, 0.5, alike)
		want := 50
		if likeness >= 0.5 {
			want = 1
		}
		if len(got) != want || fmt.Sprint(got) != fmt.Sprint(linked(50, 0.5, alike)) {
			t.Errorf("likeness %v: %d clusters: %v", likeness, len(got), got)
		}
	}
	blocks := linked(60, 0.5, func(i, j int) float32 {
		if i%3 == j%3 {
			return 0.6
		}
		return 0.2
	})
	if len(blocks) != 3 || len(blocks[0]) != 20 || blocks[1][0] != 1 {
		t.Errorf("%v", blocks)
	}
}
