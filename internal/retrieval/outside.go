package retrieval

import (
	_ "embed" // the list below
	"strings"

	"kildesvar/internal/lexical"
)

// outsideList are questions that theme articles seldom answer: addresses and prices, other authorities' business, the world at
// large. They are no gold questions and name nothing of any theme.
//
//go:embed udenfor.txt
var outsideList string

// outside knows the words of questions that theme articles seldom answer. It is immutable.
type outside struct {
	words map[lexical.Key]bool
	by    map[lexical.Key][]int32 // questions by their words
}

func newOutside(a *lexical.Analyser) *outside {
	o := &outside{words: map[lexical.Key]bool{}, by: map[lexical.Key][]int32{}}
	n := int32(0)
	for line := range strings.Lines(outsideList) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		for _, t := range a.Text(line).Stems {
			if t.Weight >= 1 { // whole words, not the parts of compounds
				o.words[t.Key] = true
				o.by[t.Key] = append(o.by[t.Key], n)
			}
		}
		n++
	}
	return o
}

// missed is the share of a question, by weight, in words that neither the passage nor its section's questions have and
// that are typical of questions from outside.
func (o *outside) missed(words []weighed, have map[lexical.Key]bool) float64 {
	all, out := 0.0, 0.0
	for _, w := range words {
		all += w.weight
		if !have[w.key] && o.words[w.key] {
			out += w.weight
		}
	}
	if all == 0 {
		return 0
	}
	return out / all
}

// likeness is the largest share of a question, by weight, that one question from outside has.
func (o *outside) likeness(words []weighed) float64 {
	all := total(words)
	if all == 0 {
		return 0
	}
	met := map[int32]float64{}
	best := 0.0
	for _, w := range words {
		for _, q := range o.by[w.key] {
			met[q] += w.weight
			best = max(best, met[q])
		}
	}
	return best / all
}
