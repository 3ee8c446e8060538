package answer

import (
	"slices"
	"sort"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
)

// Limits of an extractive answer; the shares were chosen on the train split.
const (
	// MaxClaims is how many sentences an answer has at most.
	MaxClaims = 6
	// passages is how many hits sentences are taken from.
	passages = 3
	// closeHit is the share of the best hit's score that another hit must reach.
	closeHit = 0.8
	// goodSentence is the share of the best sentence's value that another must reach.
	goodSentence = 0.25
	// maxLeadUp is how many sentences before one that points back come with it.
	maxLeadUp = 2
	// same is the likeness (Jaccard, over stems) above which two sentences say the same.
	same = 0.6
)

// candidate is a sentence that may be quoted.
type candidate struct {
	passage, sentence int     // number of the passage in the index, and of the sentence in it
	order             int     // the passage's place in the reading order
	value             float64 // how likely it answers, 0 to 1
	suits             bool    // it has the sort of thing that is asked for
	stems             map[lexical.Key]bool
}

// chooser picks sentences of one index.
type chooser struct {
	ix   *index.Index
	told []retrieval.Place // what the last reply said
}

// one is a single sentence as a candidate.
func (c chooser) one(passage, sentence, order int) candidate {
	p := &c.ix.Passages[passage]
	return candidate{passage: passage, sentence: sentence, order: order, stems: c.stems(p.SentenceText(sentence))}
}

func (c chooser) stems(text string) map[lexical.Key]bool {
	terms := c.ix.Analyser().Text(text).Stems
	m := make(map[lexical.Key]bool, len(terms))
	for _, t := range terms {
		m[t.Key] = true
	}
	return m
}

// choose picks the sentences that answer, in reading order.
func (c chooser) choose(r *retrieval.Result) []candidate {
	switch {
	case len(r.Sides) == 2:
		return c.compare(r)
	case r.Defined != nil:
		return c.define(r)
	case r.Shape == question.ShapeDefinition:
		return c.explained(r)
	}
	return c.extract(r.Query, r.Hits, MaxClaims)
}

// extract adds sentences of the hits to those picked, up to limit in all: the one that answers best first, with the others of its
// passage; then the other passages. Sentences of one passage stand in its order. What the last reply said is not said again, unless
// nothing else is left.
func (c chooser) extract(q *retrieval.Query, hits []retrieval.Hit, limit int, picked ...candidate) []candidate {
	var all, fresh []candidate
	for h := range hits[:min(passages, len(hits))] {
		if hits[h].Score >= closeHit*hits[0].Score {
			all = append(all, c.rate(q, hits, h)...)
		}
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].value > all[b].value })
	for _, s := range all {
		if !isSaid(c.told, s.passage, s.sentence) {
			fresh = append(fresh, s)
		}
	}
	first := len(picked)
	for _, from := range [][]candidate{suited(q, fresh), fresh, all} {
		if most := c.pick(picked, from, limit); len(most) > first {
			return append(most[:first:first], c.arrange(q, most[first:])...)
		}
	}
	return picked
}

// arrange puts the sentence that answers best first, with those that hang on it, then the others of its passage, then the other
// passages in the order of the hits.
func (c chooser) arrange(q *retrieval.Query, picked []candidate) []candidate {
	lead := picked[c.leading(q, picked)]
	for i := range picked {
		if picked[i].passage == lead.passage {
			picked[i].order = -1
		}
	}
	inReadingOrder(picked)
	at := slices.IndexFunc(picked, func(s candidate) bool { return s.passage == lead.passage && s.sentence == lead.sentence })
	if c.numbered(picked[at]) {
		return picked
	}
	from, to := at, at+1
	for from > 0 && c.pointsBack(picked[from]) {
		from--
	}
	for to < len(picked) && picked[to].passage == lead.passage && c.pointsBack(picked[to]) {
		to++
	}
	return slices.Concat(picked[from:to], picked[:from], picked[to:])
}

// leading is the number of the sentence that answers best: the likeliest of those that have what the shape is made of; among figures
// about as likely the newest.
func (c chooser) leading(q *retrieval.Query, picked []candidate) int {
	best := -1
	for i, s := range picked {
		if best < 0 || s.suits && !picked[best].suits || s.suits == picked[best].suits && s.value > picked[best].value {
			best = i
		}
	}
	if q.Reading.Premise {
		return c.correcting(picked, best)
	}
	if q.Reading.Shape != question.ShapeFigures || q.Reading.Kind == question.KindWhen || slices.ContainsFunc(q.Words, func(w retrieval.Word) bool { return w.Number }) {
		return best
	}
	newest, article := best, c.articleOf(picked[best].passage)
	for i, s := range picked {
		if s.suits && s.value >= aboutAsLikely*picked[best].value && c.articleOf(s.passage) == article && c.year(s) > c.year(picked[newest]) {
			newest = i
		}
	}
	return newest
}

// correcting is the number of a sentence about as likely as the best that denies something: what a question takes for granted may be
// what it denies.
func (c chooser) correcting(picked []candidate, best int) int {
	at := -1
	for i, s := range picked {
		if s.value >= aboutAsLikely*picked[best].value && (at < 0 || s.value > picked[at].value) && question.Denies(c.ix.Passages[s.passage].SentenceText(s.sentence)) {
			at = i
		}
	}
	if at < 0 {
		return best
	}
	return at
}

// aboutAsLikely is the share of the best sentence's value from which a newer figure comes before it.
const aboutAsLikely = 0.5

// year is the latest year that a sentence names, 0 for none.
func (c chooser) year(s candidate) int {
	return question.LatestYear(c.ix.Passages[s.passage].SentenceText(s.sentence))
}

// pick adds to picked the good ones of sentences sorted by value, none that says what another says. A sentence that points back to the
// one before it comes with that one, or not at all.
func (c chooser) pick(picked, sorted []candidate, limit int) []candidate {
	for _, s := range sorted {
		if s.value < goodSentence*sorted[0].value {
			break
		}
		if repeats(s, picked) {
			continue
		}
		with := c.leadUp(s, picked)
		if with == nil || len(picked)+len(with) > limit {
			continue
		}
		picked = append(picked, with...)
	}
	return picked
}

// leadUp is a sentence after those it cannot be understood without and that are not picked; nil if there are too many.
func (c chooser) leadUp(s candidate, picked []candidate) []candidate {
	with := []candidate{s}
	for c.leansBack(with[0], picked) {
		if with[0].sentence == 0 || len(with) > maxLeadUp {
			return nil
		}
		before := c.one(s.passage, with[0].sentence-1, s.order)
		before.value = s.value
		with = append([]candidate{before}, with...)
	}
	return with
}

// suited leaves only sentences with a number when a number is asked for, if there are any.
func suited(q *retrieval.Query, all []candidate) []candidate {
	if q.Reading.Shape != question.ShapeFigures {
		return all
	}
	var out []candidate
	for _, s := range all {
		if s.suits {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// numbered reports whether a sentence is one of a list, such as »Trin 3 i en partnerskabsaftale er …«.
func (c chooser) numbered(s candidate) bool {
	words := danish.Tokens(c.ix.Passages[s.passage].SentenceText(s.sentence))
	return len(words) > 1 && words[1].Text[0] >= '0' && words[1].Text[0] <= '9'
}

func inReadingOrder(picked []candidate) {
	sort.SliceStable(picked, func(a, b int) bool {
		if picked[a].order != picked[b].order {
			return picked[a].order < picked[b].order
		}
		return picked[a].sentence < picked[b].sentence
	})
}

// met is the share of the wanted terms, by idf, that a sentence has.
func met(ix *lexical.Index, want, have []lexical.Weighted) float64 {
	return share(ix, want, keysIn(have))
}

// repeats reports whether a picked sentence says the same.
func repeats(s candidate, picked []candidate) bool {
	for _, p := range picked {
		if p.passage == s.passage && p.sentence == s.sentence {
			return true
		}
		both := 0
		for k := range s.stems {
			if p.stems[k] {
				both++
			}
		}
		if union := len(s.stems) + len(p.stems) - both; union > 0 && float64(both)/float64(union) > same {
			return true
		}
	}
	return false
}

// pointers begin sentences that cannot be understood without the one before.
var pointers = wordSet("det den de dette denne disse her han hun derfor derefter dermed desuden samtidig begge hertil")

// seconds are folded beginnings of sentences that go on with a series, or with what was told: they come with the one before, where
// there is one.
var seconds = []string{"et andet ", "en anden ", "den anden ", "det andet ", "den ene ", "det ene ", "de andre ", "ud over ", "andre ", "en tredje ", "et tredje ", "derudover ", "endelig "}

// also are words near the beginning that do the same.
var also = wordSet("ogsaa ligeledes yderligere")

// pointsBack reports whether a sentence points to the one before it.
func (c chooser) pointsBack(s candidate) bool {
	text := c.ix.Passages[s.passage].SentenceText(s.sentence)
	words := danish.Tokens(text)
	if len(words) == 0 {
		return false
	}
	return pointers[strings.ToLower(words[0].Text)] || s.sentence > 0 && goesOn(text, words)
}

// goesOn reports whether a sentence goes on with a series.
func goesOn(text string, words []danish.Token) bool {
	folded := danish.Fold(text[:min(len(text), words[min(3, len(words)-1)].End+1)])
	return slices.ContainsFunc(seconds, func(s string) bool { return strings.HasPrefix(folded, s) }) ||
		slices.ContainsFunc(words[:min(5, len(words))], func(w danish.Token) bool { return also[danish.Fold(w.Text)] })
}

// leansBack reports whether a sentence begins with a word that points to a sentence which is not picked.
func (c chooser) leansBack(s candidate, picked []candidate) bool {
	if !c.pointsBack(s) {
		return false
	}
	for _, other := range picked {
		if other.passage == s.passage && other.sentence == s.sentence-1 {
			return false
		}
	}
	return true
}
