package answer

import (
	"regexp"
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

// sameThing asks whether two things are one, rather than what tells them apart.
var sameThing = regexp.MustCompile(`(?i)\b(?:det samme|samme ting|same as|lig med|slags)\b`)

// compare answers what two things are and what separates them: each side's definition and its best sentence, then the
// sentences that name both.
func (c chooser) compare(r *retrieval.Result) []candidate {
	between := c.between(r)
	var picked []candidate
	for n, side := range r.Sides {
		var own []candidate
		if side.Defined != nil {
			own = append(own, c.one(side.Defined.Passage, side.Defined.Sentence, n))
		}
		for _, s := range c.extract(side.Query, side.Hits, perSide+1) {
			if len(own) >= perSide {
				break
			}
			if repeats(s, own) || repeats(s, picked) || repeats(s, between) {
				continue
			}
			s.order = n
			own = append(own, s)
		}
		for _, s := range own {
			if !repeats(s, picked) {
				picked = append(picked, s)
			}
		}
	}
	var apart []candidate
	for _, s := range between {
		if !repeats(s, picked) && !c.leansBack(s, picked) {
			apart = append(apart, s)
		}
	}
	if sameThing.MatchString(r.Query.Text) { // yes or no comes first
		picked = append(apart, picked...)
	} else {
		picked = append(picked, apart...)
	}
	return picked[:min(MaxClaims, len(picked))]
}

// between returns the sentences of the hits that name both sides, those that set them apart first.
func (c chooser) between(r *retrieval.Result) []candidate {
	sides := [2][]lexical.Key{c.termKeys(r.Sides[0].Term), c.termKeys(r.Sides[1].Term)}
	seen := map[int]bool{}
	var found []candidate
	for _, hits := range [][]retrieval.Hit{r.Hits, r.Sides[0].Hits, r.Sides[1].Hits} {
		for i := range hits {
			h := &hits[i]
			if seen[h.Number] {
				continue
			}
			seen[h.Number] = true
			for n := range h.Passage.Sentences {
				s := c.one(h.Number, n, len(r.Sides))
				if !hasAll(s.stems, sides[0]) || !hasAll(s.stems, sides[1]) {
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
	var picked []candidate
	for _, s := range found {
		if len(picked) < maxContrasts && !repeats(s, picked) {
			picked = append(picked, s)
		}
	}
	return picked
}

// termKeys are the stems of a term's words, without the parts of compounds.
func (c chooser) termKeys(term string) []lexical.Key {
	var keys []lexical.Key
	for _, t := range danish.Tokens(term) {
		if stems := c.ix.Analyser().Words([]string{strings.ToLower(t.Text)}, []float32{1}).Stems; len(stems) > 0 {
			keys = append(keys, stems[0].Key)
		}
	}
	return keys
}

func hasAll(have map[lexical.Key]bool, keys []lexical.Key) bool {
	for _, k := range keys {
		if !have[k] {
			return false
		}
	}
	return len(keys) > 0
}
