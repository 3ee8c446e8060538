package particulars

import (
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// checkAttributed compares whose number it is, where one sentence of the window gives the numbers of several: each number
// belongs to the »ifølge« behind it.
func (j *inspection) checkAttributed() {
	if len(j.S.Numbers) == 0 {
		return
	}
	for _, sent := range j.Win.Sents {
		sources := sources(j.W, sent)
		if len(sources) < 2 {
			continue
		}
		said := -1
		for _, n := range sources {
			if j.HasWord(n) {
				if said >= 0 {
					said = -2
					break
				}
				said = n
			}
		}
		for i := range j.S.Numbers {
			q := &j.S.Numbers[i]
			p := j.Links[q.Pos].Pos
			if said < 0 || p < 0 || j.W.Toks[p].Sent != sent {
				continue
			}
			if own := ownSource(sources, p); own >= 0 && j.W.Toks[own].W.Key != j.W.Toks[said].W.Key {
				j.Fault(alignment.Actor, q.Pos)
			}
		}
	}
}

// sources are the names behind »ifølge« in a sentence.
func sources(t *reading.Text, sent int) []int {
	var out []int
	for p := t.Sents[sent].From; p+1 < t.Sents[sent].To && len(out) < 8; p++ {
		if t.Toks[p].W.Lower == "ifølge" && t.Toks[p+1].Name {
			out = append(out, p+1)
		}
	}
	return out
}

// ownSource is the first source behind a number, -1 for none.
func ownSource(sources []int, p int) int {
	for _, n := range sources {
		if n > p {
			return n
		}
	}
	return -1
}
