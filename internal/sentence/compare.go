package sentence

import (
	"slices"
	"sort"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
	"kildesvar/internal/retrieval"
)

// contrasts are folded words with which a sentence sets two things against each other.
var contrasts = map[string]bool{"forskel": true, "forskellen": true, "forskellig": true, "mens": true, "modsat": true, "hvorimod": true, "derimod": true,
	"adskiller": true, "skelner": true, "frem": true, "snarere": true, "ikke": true, "bredere": true, "snaevrere": true, "snaevreste": true, "begge": true, "flaeng": true, "ligner": true}

// Sentences of a comparison.
const (
	maxContrasts = 2
	perSide      = 2
)

// compare answers what two things are and what separates them: first the sentences that set the one against the other, then each side's
// definition; a side that has none, or where nothing sets them apart, gets its best sentences.
func (c Chooser) compare(r *retrieval.Result) []Candidate {
	between := c.between(r)
	var apart, both []Candidate
	for _, s := range between {
		switch {
		case c.leansBack(s, nil):
		case s.value >= setApart:
			apart = append(apart, s)
		default:
			both = append(both, s)
		}
	}
	picked := apart
	for n, side := range r.Sides {
		limit := perSide
		var own []Candidate
		if side.Defined != nil {
			if d := c.One(side.Defined.Passage, side.Defined.Sentence, n); !Repeats(d, picked) {
				own = append(own, d)
			}
			if len(apart) > 0 {
				limit = 1
			}
		} else if is := c.explaining(side); len(is) > 0 {
			limit = min(len(is), limit)
			own = is[:limit]
		}
		for _, s := range c.extract(side.Query, side.Hits, perSide+1) {
			if len(own) >= limit {
				break
			}
			if Repeats(s, own) || Repeats(s, picked) || Repeats(s, between) {
				continue
			}
			s.order = n
			own = append(own, s)
		}
		picked = append(picked, own...)
	}
	if len(apart) == 0 {
		for _, s := range both {
			if !Repeats(s, picked) {
				picked = append(picked, s)
			}
		}
	}
	return picked[:min(Most, len(picked))]
}

// explaining are the sentences that say what a side is which no editor has defined.
func (c Chooser) explaining(side retrieval.Side) []Candidate {
	return slices.DeleteFunc(c.defining(side.Hits, c.TermKeys(side.Term), nil), func(s Candidate) bool { return some[firstWord(c.text(s))] })
}

// setApart is the value of a sentence of both things from which it sets them apart: what contrasts adds.
const setApart = 1

// between returns the sentences of the hits that name both sides, those that set them apart first.
func (c Chooser) between(r *retrieval.Result) []Candidate {
	sides := [2][]lexical.Key{c.TermKeys(r.Sides[0].Term), c.TermKeys(r.Sides[1].Term)}
	seen := map[int]bool{}
	var found []Candidate
	for _, hits := range [][]retrieval.Hit{r.Hits, r.Sides[0].Hits, r.Sides[1].Hits} {
		for i := range hits {
			h := &hits[i]
			if seen[h.Number] {
				continue
			}
			seen[h.Number] = true
			for n := range h.Passage.Sentences {
				s := c.One(h.Number, n, len(r.Sides))
				if !HasAll(s.stems, sides[0]) || !HasAll(s.stems, sides[1]) {
					continue
				}
				s.value = h.Score / r.Hits[0].Score
				for _, t := range danish.Tokens(h.Passage.SentenceText(n)) {
					if contrasts[danish.Fold(t.Text)] {
						s.value++
						break
					}
				}
				found = append(found, s)
			}
		}
	}
	sort.SliceStable(found, func(a, b int) bool { return found[a].value > found[b].value })
	var picked []Candidate
	for _, s := range found {
		if len(picked) < maxContrasts && !Repeats(s, picked) {
			picked = append(picked, s)
		}
	}
	return picked
}

// TermKeys are the stems of a term's words, without the parts of compounds.
func (c Chooser) TermKeys(term string) []lexical.Key {
	var keys []lexical.Key
	for _, t := range danish.Tokens(term) {
		if stems := c.ix.Analyser().Words([]string{strings.ToLower(t.Text)}, []float32{1}).Stems; len(stems) > 0 {
			keys = append(keys, stems[0].Key)
		}
	}
	return keys
}

// HasAll reports whether all keys are there, and that there are any.
func HasAll(have map[lexical.Key]bool, keys []lexical.Key) bool {
	for _, k := range keys {
		if !have[k] {
			return false
		}
	}
	return len(keys) > 0
}
