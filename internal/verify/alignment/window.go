package alignment

import (
	"slices"
	"sort"
)

// Window is one or two sentences of the passages that a sentence may stand on.
type Window struct {
	Sents    []int
	coverage float64 // weighted share of the sentence's words that it meets
	rank     float64 // coverage less the price of two sentences
}

// Prices of a window of two sentences, and how far below the best a window is still judged.
const (
	priceNext    = 0.03
	priceApart   = 0.06
	priceAcross  = 0.08 // of two passages
	within       = 0.02
	leastGain    = 0.01 // coverage that the second sentence must add
	maxWindows   = 4
	longPassage  = 8 // sentences; in longer passages only neighbours pair
	maxNeighbour = 2
)

// Windows returns the windows worth judging, the best first. Their number is bounded.
func (m *Matcher) Windows() []Window {
	var all []Window
	top := map[int]int{} // passage → its best single sentence
	single := make([]float64, len(m.W.Sents))
	for i := range m.W.Sents {
		if m.W.Title[i] {
			continue
		}
		c := m.coverage(i, -1)
		single[i] = c
		all = append(all, Window{[]int{i}, c, c})
		p := m.W.Passage[i]
		if b, ok := top[p]; !ok || c > single[b] {
			top[p] = i
		}
	}
	all = m.neighbours(all, single)
	all = m.across(all, top, single)
	sort.SliceStable(all, func(a, b int) bool { return all[a].rank > all[b].rank })
	n := 0
	for n < len(all) && n < maxWindows && all[n].rank >= all[0].rank-within {
		n++
	}
	for _, w := range all[n:] { // the best single sentence, which a chance synonym of another one may outrank
		if n > 0 && len(w.Sents) == 1 && !slices.ContainsFunc(all[:n], func(o Window) bool { return len(o.Sents) == 1 }) {
			return append(all[:n:n], w)
		}
	}
	return all[:n]
}

// neighbours adds the pairs of sentences of one passage that meet more than each alone.
func (m *Matcher) neighbours(all []Window, single []float64) []Window {
	from := 0
	for from < len(m.W.Sents) {
		to := from
		for to < len(m.W.Sents) && m.W.Passage[to] == m.W.Passage[from] && !m.W.Title[to] {
			to++
		}
		reach := maxNeighbour
		if to-from <= longPassage {
			reach = longPassage
		}
		for i := from; i < to; i++ {
			for j := i + 1; j < to && j <= i+reach; j++ {
				price := priceNext
				if j > i+1 {
					price = priceApart
				}
				if c := m.coverage(i, j); c > max(single[i], single[j])+leastGain {
					all = append(all, Window{[]int{i, j}, c, c - price})
				}
			}
		}
		for from = to; from < len(m.W.Sents) && m.W.Title[from]; from++ {
		}
	}
	return all
}

// across pairs the best sentence of all with the best ones of other passages.
func (m *Matcher) across(all []Window, top map[int]int, single []float64) []Window {
	first := -1
	for i, c := range single {
		if !m.W.Title[i] && (first < 0 || c > single[first]) {
			first = i
		}
	}
	for i := range m.W.Sents {
		if first >= 0 && !m.W.Title[i] && m.W.Passage[i] != m.W.Passage[first] && top[m.W.Passage[i]] == i {
			if c := m.coverage(first, i); c > single[first]+leastGain {
				all = append(all, Window{[]int{first, i}, c, c - priceAcross})
			}
		}
	}
	return all
}

// coverage is the weighted share of the sentence's words that one or two sentences meet.
func (m *Matcher) coverage(a, b int) float64 {
	var sum, hit float64
	for i, k := range m.S.Toks {
		if k.Weight == 0 {
			continue
		}
		s := m.Best[a][i].Strength
		if b >= 0 {
			s = max(s, m.Best[b][i].Strength)
		}
		sum += k.Weight
		hit += k.Weight * s
	}
	if sum == 0 {
		return 0
	}
	return hit / sum
}
