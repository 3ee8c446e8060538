package verify

import "sort"

// window is one or two sentences of the passages that a sentence may stand on.
type window struct {
	sents    []int
	coverage float64 // weighted share of the sentence's words that it meets
	rank     float64 // coverage less the price of two sentences
}

// Prices of a window of two sentences, and how far below the best a window is still judged.
const (
	priceNext    = 0.03
	priceApart   = 0.06
	priceAcross  = 0.08 // of two passages
	within       = 0.06
	leastGain    = 0.01 // coverage that the second sentence must add
	maxWindows   = 4
	longPassage  = 8 // sentences; in longer passages only neighbours pair
	maxNeighbour = 2
)

// windows returns the windows worth judging, the best first. Their number is bounded.
func (m *matcher) windows() []window {
	var all []window
	top := map[int]int{} // passage → its best single sentence
	single := make([]float64, len(m.w.sents))
	for i := range m.w.sents {
		c := m.coverage(i, -1)
		single[i] = c
		all = append(all, window{[]int{i}, c, c})
		p := m.w.passage[i]
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
	return all[:n]
}

// neighbours adds the pairs of sentences of one passage that meet more than each alone.
func (m *matcher) neighbours(all []window, single []float64) []window {
	from := 0
	for from < len(m.w.sents) {
		to := from
		for to < len(m.w.sents) && m.w.passage[to] == m.w.passage[from] {
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
					all = append(all, window{[]int{i, j}, c, c - price})
				}
			}
		}
		from = to
	}
	return all
}

// across pairs the best sentence of all with the best ones of other passages.
func (m *matcher) across(all []window, top map[int]int, single []float64) []window {
	first := -1
	for i, c := range single {
		if first < 0 || c > single[first] {
			first = i
		}
	}
	for i := range m.w.sents {
		if first >= 0 && m.w.passage[i] != m.w.passage[first] && top[m.w.passage[i]] == i {
			if c := m.coverage(first, i); c > single[first]+leastGain {
				all = append(all, window{[]int{first, i}, c, c - priceAcross})
			}
		}
	}
	return all
}

// coverage is the weighted share of the sentence's words that one or two sentences meet.
func (m *matcher) coverage(a, b int) float64 {
	var sum, hit float64
	for i, k := range m.s.toks {
		if k.weight == 0 {
			continue
		}
		s := m.best[a][i].strength
		if b >= 0 {
			s = max(s, m.best[b][i].strength)
		}
		sum += k.weight
		hit += k.weight * s
	}
	if sum == 0 {
		return 0
	}
	return hit / sum
}
