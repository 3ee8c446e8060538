package retrieval

import (
	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
)

// outside knows the words of questions that theme articles seldom answer. It is immutable.
type outside map[lexical.Key]bool

func newOutside(a *lexical.Analyser) outside {
	o := outside{}
	for _, question := range index.Outside() {
		for _, t := range a.Text(question).Stems {
			if t.Weight >= 1 { // whole words, not the parts of compounds
				o[t.Key] = true
			}
		}
	}
	return o
}

// missed is the share of a question, by weight, in words that neither the passage nor its section's questions have and
// that are typical of questions from outside.
func (o outside) missed(words []weighed, have map[lexical.Key]bool) float64 {
	all, out := 0.0, 0.0
	for _, w := range words {
		all += w.weight
		if !have[w.key] && o[w.key] {
			out += w.weight
		}
	}
	if all == 0 {
		return 0
	}
	return out / all
}
