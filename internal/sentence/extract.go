package sentence

import (
	"slices"
	"sort"

	"kildesvar/internal/lexical"
	"kildesvar/internal/query"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
)

// Choose picks the sentences that answer, in reading order.
func (c Chooser) Choose(r *retrieval.Result) []Candidate {
	limit := Most
	if r.Query.Reading.Brief {
		limit = brief
	}
	switch {
	case len(r.Sides) == 2:
		return c.compare(r)
	case r.Defined != nil:
		return c.define(r, limit)
	case r.Query.Reading.List > 0:
		return c.extract(r.Query, r.Hits, limit)
	case r.Shape == question.ShapeDefinition, r.Shape == question.ShapeOther && question.WhatIs(r.Query.Text):
		return c.explained(r.Query, r.Hits, limit)
	}
	return c.extract(r.Query, r.Hits, limit)
}

// extract adds sentences of the hits to those picked, up to limit in all: the one that answers best first, with the others of its
// passage; then the other passages. Sentences of one passage stand in its order. What the last reply said is not said again, unless
// nothing else is left.
func (c Chooser) extract(q *query.Query, hits []retrieval.Hit, limit int, picked ...Candidate) []Candidate {
	var all, fresh []Candidate
	for h := range hits[:min(passages, len(hits))] {
		if hits[h].Score >= CloseHit*hits[0].Score {
			all = append(all, c.rate(q, hits, h)...)
		}
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].value > all[b].value })
	for _, s := range all {
		if !isSaid(c.told, s.Passage, s.Sentence) {
			fresh = append(fresh, s)
		}
	}
	if items := c.items(q, all); len(items) > 0 && len(picked) == 0 {
		return items[:min(limit, len(items))]
	}
	first := len(picked)
	good := goodSentence
	switch {
	case q.Reading.Premise && q.Reading.Kind != question.KindWhy, q.Reading.Kind == question.KindWho:
		good = goodOnly
	case question.YesNo(q.Text):
		good = goodYesNo
	case q.Reading.Counts():
		good = goodFigure
	}
	if len(fresh) > 0 && fresh[0].value < again*all[0].value {
		fresh = append([]Candidate{all[0]}, fresh...)
	}
	if first > 0 { // what it is has been said
		good = max(good, goodBeside)
	}
	for _, from := range [][]Candidate{suited(q, fresh), suited(q, all), fresh, all} { // the figure asked for may have been told already
		if most := c.pickGood(good, picked, from, limit); len(most) > first {
			return append(most[:first:first], c.arrange(q, most[first:])...)
		}
	}
	return picked
}

// again is the share of the best sentence's value that one not told yet must reach; else the best is told again, before it.
const again = 0.85

// arrange puts the sentence that answers best first, with those that hang on it, then the others of its passage, then the other
// passages in the order of the hits.
func (c Chooser) arrange(q *query.Query, picked []Candidate) []Candidate {
	lead := picked[c.leading(q, picked)]
	for i := range picked {
		if picked[i].Passage == lead.Passage {
			picked[i].order = -1
		}
	}
	inReadingOrder(picked)
	at := slices.IndexFunc(picked, func(s Candidate) bool { return s.Passage == lead.Passage && s.Sentence == lead.Sentence })
	from, to := at, at+1
	for from > 0 && c.PointsBack(picked[from]) {
		from--
	}
	if slices.ContainsFunc(picked[from:to], c.numbered) {
		return c.whole(q, lead, picked)
	}
	picked = append(slices.Clone(picked[:to]), slices.DeleteFunc(slices.Clone(picked[to:]), c.numbered)...) // »Trin 5« says little without the others
	for to < len(picked) && picked[to].Passage == lead.Passage && c.PointsBack(picked[to]) {
		to++
	}
	return slices.Concat(picked[from:to], picked[:from], picked[to:])
}

// leading is the number of the sentence that answers best: the likeliest of those that have what the shape is made of; among figures
// about as likely the newest.
func (c Chooser) leading(q *query.Query, picked []Candidate) int {
	best := -1
	for i, s := range picked {
		if best < 0 || leads(s, picked[best]) {
			best = i
		}
	}
	if q.Reading.Premise {
		return c.correcting(picked, best)
	}
	if q.Reading.Shape != question.ShapeFigures || q.Reading.Kind == question.KindWhen || slices.ContainsFunc(q.Words, func(w query.Word) bool { return w.Number }) {
		return best
	}
	newest, article := best, c.ix.ArticleOf(picked[best].Passage)
	for i, s := range picked {
		if s.suits && s.value >= aboutAsLikely*picked[best].value && c.ix.ArticleOf(s.Passage) == article && c.year(s) > c.year(picked[newest]) {
			newest = i
		}
	}
	return newest
}

// leads reports whether a sentence answers better than another: it is likelier, or about as likely and has what the shape is made of.
func leads(s, other Candidate) bool {
	if s.suits != other.suits {
		if s.suits {
			return s.value >= aboutAsLikely*other.value
		}
		return other.value < aboutAsLikely*s.value
	}
	return s.value > other.value
}

// correcting is the number of a sentence about as likely as the best that denies something: what a question takes for granted may be
// what it denies.
func (c Chooser) correcting(picked []Candidate, best int) int {
	at := -1
	for i, s := range picked {
		if s.value >= aboutAsLikely*picked[best].value && (at < 0 || s.value > picked[at].value) && question.Denies(c.text(s)) {
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
func (c Chooser) year(s Candidate) int {
	return question.LatestYear(c.text(s))
}

// pick adds to picked the good ones of sentences sorted by value, none that says what another says. A sentence that points back to the
// one before it comes with that one, or not at all.
func (c Chooser) pick(picked, sorted []Candidate, limit int) []Candidate {
	return c.pickGood(goodSentence, picked, sorted, limit)
}

// pickGood is pick with another share of the best sentence's value.
func (c Chooser) pickGood(good float64, picked, sorted []Candidate, limit int) []Candidate {
	least := 0.0
	for _, s := range sorted {
		if s.value < least || len(picked) >= fewSentences && s.value < tailSentence*least {
			break
		}
		if Repeats(s, picked) || len(picked) > 0 && c.bare(s, picked) {
			continue
		}
		with := c.leadUp(s, picked)
		if with == nil || len(picked)+len(with) > limit {
			continue
		}
		if least == 0 { // the best that can be quoted
			least = max(good*s.value, sureSentence)
		}
		picked = append(picked, with...)
	}
	return picked
}

// leadUp is a sentence after those it cannot be understood without and that are not picked; nil if there are too many.
func (c Chooser) leadUp(s Candidate, picked []Candidate) []Candidate {
	with := []Candidate{s}
	for c.leansBack(with[0], picked) {
		if with[0].Sentence == 0 || len(with) > maxLeadUp {
			return nil
		}
		before := c.One(s.Passage, with[0].Sentence-1, s.order)
		before.value = s.value
		with = append([]Candidate{before}, with...)
	}
	return with
}

// suited are the sentences with a number when a number is asked for, with who made it or with the list when that is; none otherwise.
func suited(q *query.Query, all []Candidate) []Candidate {
	if q.Reading.Shape != question.ShapeFigures && !q.Reading.Maker && q.Reading.List == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(all), func(s Candidate) bool { return !s.suits })
}

func inReadingOrder(picked []Candidate) {
	sort.SliceStable(picked, func(a, b int) bool {
		if picked[a].order != picked[b].order {
			return picked[a].order < picked[b].order
		}
		return picked[a].Sentence < picked[b].Sentence
	})
}

// Repeats reports whether a picked sentence says the same.
func Repeats(s Candidate, picked []Candidate) bool {
	return slices.ContainsFunc(picked, func(p Candidate) bool {
		return p.Passage >= 0 && p.Passage == s.Passage && p.Sentence == s.Sentence || Likeness(s, p) > same
	})
}

// Likeness is how much two sentences have in common (Jaccard, over stems): 0 to 1.
func Likeness(a, b Candidate) float64 {
	both := 0
	for k := range a.stems {
		if b.stems[k] {
			both++
		}
	}
	union := len(a.stems) + len(b.stems) - both
	if union == 0 {
		return 0
	}
	return float64(both) / float64(union)
}

// Part picks the sentences that answer one of several things asked.
func (c Chooser) Part(p retrieval.Part, limit int) []Candidate {
	if p.Query.Reading.Shape == question.ShapeDefinition || question.WhatIs(p.Text) {
		return c.explained(p.Query, p.Hits, limit)
	}
	return c.extract(p.Query, p.Hits, limit)
}

// meetsPart is the share of a part's words that the chosen sentences must have for it to count as answered.
const meetsPart = 0.6

// Meets reports whether sentences chosen for something else answer a question too: they have most of its words, and every name, number
// and place.
func (c Chooser) Meets(picked []Candidate, q *query.Query) bool {
	have := map[lexical.Key]bool{}
	for _, s := range picked {
		for k := range s.stems {
			have[k] = true
		}
	}
	all, met := 0, 0
	for _, w := range q.Own().Words {
		switch {
		case have[w.Key]:
			all, met = all+1, met+1
		case w.Number, w.Place, w.Name:
			return false
		case !w.Common:
			all++
		}
	}
	return all > 0 && float64(met) >= meetsPart*float64(all)
}
