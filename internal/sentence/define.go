package sentence

import (
	"slices"
	"sort"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
	"kildesvar/internal/query"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
)

// defining are folded words with which a sentence says what something is.
var defining = map[string]bool{"er": true, "defineres": true, "definerer": true, "definition": true, "definitionen": true, "forstaas": true, "forstaar": true, "betyder": true,
	"betegner": true, "betegnelse": true, "daekker": true, "kaldes": true, "kalder": true, "omfatter": true, "handler": true, "begrebet": true, "staar": true, "beskrives": true, "bruges": true}

// maxRivals is how many other definitions are set beside the first.
const maxRivals = 2

// define answers what a term means: the definition first, then what else the articles say it is and by whom, then the best other
// sentences about it.
func (c Chooser) define(r *retrieval.Result, limit int) []Candidate {
	picked := []Candidate{c.One(r.Defined.Passage, r.Defined.Sentence, -maxRivals-1)}
	for _, s := range c.rivals(r, picked[0]) {
		if len(picked) <= min(maxRivals, limit-1) && !Repeats(s, picked) {
			s.order = len(picked) - maxRivals - 1 // before the other sentences
			picked = append(picked, s)
		}
	}
	return c.extract(r.Query, r.Hits, limit, picked...)
}

// explained answers »hvad er X« where no editor has written a definition down: the sentences that say what X is come first.
func (c Chooser) explained(q *query.Query, hits []retrieval.Hit, limit int) []Candidate {
	if best := c.extract(q, hits, limit); question.Named(q.Text) || len(best) > 1 && c.numbered(best[0]) {
		return best // the words of the question tell what it is, not what it is called
	}
	term := c.term(q)
	var picked []Candidate
	if len(term) > 0 && len(term) <= maxTerm {
		for _, s := range c.defining(hits, term, nil) {
			if len(picked) < maxRivals && !Repeats(s, picked) {
				s.order = len(picked) - maxRivals - 1
				picked = append(picked, s)
			}
		}
	}
	return c.extract(q, hits, limit, picked...)
}

// term are the words of content of a question itself.
func (c Chooser) term(q *query.Query) (term []lexical.Key) {
	for _, w := range q.Own().Words {
		if !w.Common && w.Key != 0 {
			term = append(term, w.Key)
		}
	}
	return term
}

// Unexplained reports whether a question asks what a thing is and nothing else, none of the sentences picked for it says so near its
// beginning, and the first stands under no heading that names it.
func (c Chooser) Unexplained(r *retrieval.Result, picked []Candidate) bool {
	term := c.term(r.Query)
	if r.Defined != nil || !question.WhatIs(r.Query.Text) || len(term) != 1 || len(r.Query.Own().Words) != 1 || r.Query.FollowsUp() ||
		c.ix.Body.Stems.DocFreq(term[0]) == 0 { // a word that entry questions alone have may stand for another
		return false
	}
	if len(picked) > 0 && c.names(c.ix.Passages[picked[0].Passage].Section, term[0]) {
		return false
	}
	return !slices.ContainsFunc(picked, func(s Candidate) bool { return c.defines(c.text(s), term) && !some[firstWord(c.text(s))] })
}

// some are folded words that begin a sentence about some of its subject, which says nothing of what that is: »de fleste foreninger er …«.
var some = wordSet("de mange nogle flere omkring cirka hver naesten kun blandt")

func firstWord(sentence string) string {
	if words := danish.Tokens(sentence); len(words) > 0 {
		return danish.Fold(words[0].Text)
	}
	return ""
}

// names reports whether a heading has a term, but not as what another thing belongs to: »foreningernes samarbejde«.
func (c Chooser) names(heading string, term lexical.Key) bool {
	return slices.ContainsFunc(danish.Tokens(heading), func(t danish.Token) bool {
		return !strings.HasSuffix(t.Text, "s") && c.Stems(t.Text)[term]
	})
}

// maxTerm is how many words a term has at most.
const maxTerm = 3

// rivals are sentences of the hits that say what the term is and stand on other literature than the definition.
func (c Chooser) rivals(r *retrieval.Result, first Candidate) []Candidate {
	return c.defining(r.Hits, c.TermKeys(r.Defined.Term), c.keysOf(first))
}

// defining are the sentences of the first hits that say what a term is and stand on literature that is not all known, best hit first.
func (c Chooser) defining(hits []retrieval.Hit, term []lexical.Key, known []string) []Candidate {
	var found []Candidate
	for i := range hits {
		h := &hits[i]
		if h.Score < CloseHit*hits[0].Score {
			break
		}
		for n := range h.Passage.Sentences {
			s := c.One(h.Number, n, i)
			keys := h.Passage.Sentences[n].Keys
			if len(keys) == 0 || subset(keys, known) || !c.defines(h.Passage.SentenceText(n), term) || c.PointsBack(s) {
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
func (c Chooser) defines(sentence string, term []lexical.Key) bool {
	words := danish.Tokens(sentence)
	words = words[:min(definedWithin, len(words))]
	said := false
	have := map[lexical.Key]bool{}
	for _, w := range words {
		said = said || defining[danish.Fold(w.Text)]
		for k := range c.Stems(w.Text) {
			have[k] = true
		}
	}
	return said && HasAll(have, term)
}

func (c Chooser) keysOf(s Candidate) []string {
	return c.ix.Passages[s.Passage].Sentences[s.Sentence].Keys
}

// subset reports whether all of a are in b.
func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(k string) bool { return !slices.Contains(b, k) })
}
