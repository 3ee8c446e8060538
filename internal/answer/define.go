package answer

import (
	"slices"
	"sort"

	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
	"kildesvar/internal/retrieval"
)

// defining are folded words with which a sentence says what something is.
var defining = map[string]bool{"er": true, "defineres": true, "definerer": true, "definition": true, "definitionen": true, "forstaas": true, "forstaar": true, "betyder": true,
	"betegner": true, "betegnelse": true, "daekker": true, "kaldes": true, "kalder": true, "omfatter": true, "handler": true, "begrebet": true}

// maxRivals is how many other definitions are set beside the first.
const maxRivals = 2

// define answers what a term means: the definition first, then what else the articles say it is and by whom, then the best other
// sentences about it.
func (c chooser) define(r *retrieval.Result) []candidate {
	picked := []candidate{c.one(r.Defined.Passage, r.Defined.Sentence, -maxRivals-1)}
	for _, s := range c.rivals(r, picked[0]) {
		if len(picked) <= maxRivals && !repeats(s, picked) {
			s.order = len(picked) - maxRivals - 1 // before the other sentences
			picked = append(picked, s)
		}
	}
	return c.extract(r.Query, r.Hits, MaxClaims, picked...)
}

// explained answers »hvad er X« where no editor has written a definition down: the sentences that say what X is come first.
func (c chooser) explained(r *retrieval.Result) []candidate {
	var term []lexical.Key
	for _, w := range r.Query.Own().Words {
		if !w.Common && w.Key != 0 {
			term = append(term, w.Key)
		}
	}
	var picked []candidate
	if len(term) > 0 && len(term) <= maxTerm {
		for _, s := range c.defining(r.Hits, term, nil) {
			if len(picked) < maxRivals && !repeats(s, picked) {
				s.order = len(picked) - maxRivals - 1
				picked = append(picked, s)
			}
		}
	}
	return c.extract(r.Query, r.Hits, MaxClaims, picked...)
}

// maxTerm is how many words a term has at most.
const maxTerm = 3

// rivals are sentences of the hits that say what the term is and stand on other literature than the definition.
func (c chooser) rivals(r *retrieval.Result, first candidate) []candidate {
	return c.defining(r.Hits, c.termKeys(r.Defined.Term), c.keysOf(first))
}

// defining are the sentences of the first hits that say what a term is and stand on literature that is not all known, best hit first.
func (c chooser) defining(hits []retrieval.Hit, term []lexical.Key, known []string) []candidate {
	var found []candidate
	for i := range hits {
		h := &hits[i]
		if h.Score < closeHit*hits[0].Score {
			break
		}
		for n := range h.Passage.Sentences {
			s := c.one(h.Number, n, i)
			keys := h.Passage.Sentences[n].Keys
			if len(keys) == 0 || subset(keys, known) || !c.defines(h.Passage.SentenceText(n), term) || c.pointsBack(s) {
				continue
			}
			s.value = h.Score
			found = append(found, s)
		}
	}
	sort.SliceStable(found, func(a, b int) bool { return found[a].value > found[b].value })
	return found
}

// definedWithin is how many words of a sentence are looked at for the term and the word that defines it.
const definedWithin = 8

// defines reports whether a sentence says near its beginning what the term is.
func (c chooser) defines(sentence string, term []lexical.Key) bool {
	words := danish.Tokens(sentence)
	words = words[:min(definedWithin, len(words))]
	said := false
	have := map[lexical.Key]bool{}
	for _, w := range words {
		said = said || defining[danish.Fold(w.Text)]
		for k := range c.stems(w.Text) {
			have[k] = true
		}
	}
	return said && hasAll(have, term)
}

func (c chooser) keysOf(s candidate) []string {
	return c.ix.Passages[s.passage].Sentences[s.sentence].Keys
}

// subset reports whether all of a are in b.
func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(k string) bool { return !slices.Contains(b, k) })
}
