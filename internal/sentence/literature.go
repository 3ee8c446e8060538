package sentence

import (
	"slices"
	"sort"

	"kildesvar/internal/lexical"
	"kildesvar/internal/literature"
	"kildesvar/internal/query"
	"kildesvar/internal/retrieval"
)

// covers is how much of what a question asks besides the name a sentence by that author must meet to be an answer.
const covers = 0.3

// ByAuthor answers »hvad har X skrevet om Y«: the sentences that stand on works by somebody the question names, those nearest to
// its other words first. It returns nothing when nobody is named, or when their sentences say nothing of the other words.
func (c Chooser) ByAuthor(r *retrieval.Result) []Candidate {
	works, rest := c.library().Named(r.Query.Words)
	if len(works) == 0 {
		return nil
	}
	words, weights := make([]string, len(rest)), make([]float32, len(rest))
	for i, w := range rest {
		words[i], weights[i] = w.Text, w.Weight
		if w.Corrected != "" {
			words[i] = w.Corrected
		}
	}
	want := c.ix.Analyser().Words(words, weights)
	score := map[int]float64{}
	for i := range r.Hits {
		score[r.Hits[i].Number] = r.Hits[i].Score / r.Hits[0].Score
	}
	var all []Candidate
	for _, w := range works {
		for _, p := range w.Places {
			text := c.ix.Passages[p.Passage].SentenceText(p.Sentence)
			s := c.One(p.Passage, p.Sentence, p.Passage)
			t := c.ix.Analyser().Text(text)
			if len(rest) > 0 {
				s.value = max(c.ix.Body.Stems.Share(want.Stems, lexical.Keys(t.Stems)), c.ix.Body.Grams.Share(want.Grams, lexical.Keys(t.Grams)))
			}
			s.suits = s.value >= covers || len(rest) == 0
			s.value += 0.5 * score[p.Passage]
			if w.NamedIn(text) {
				s.value += 0.2
			}
			all = append(all, s)
		}
	}
	if !slices.ContainsFunc(all, func(s Candidate) bool { return s.suits }) {
		return nil
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].value > all[b].value })
	return c.inSections(c.pick(nil, all, Most))
}

// NamesAuthor reports whether a question names somebody who has written or found out something.
func (c Chooser) NamesAuthor(q *query.Query) bool {
	works, _ := c.library().Named(q.Words)
	return slices.ContainsFunc(works, (*literature.Work).Proper)
}

// inSections keeps the sentences of one passage together, in its order; the passage of the best sentence comes first.
func (c Chooser) inSections(picked []Candidate) []Candidate {
	place := map[int]int{}
	for i, s := range picked {
		if _, ok := place[s.Passage]; !ok {
			place[s.Passage] = i
		}
	}
	for i := range picked {
		picked[i].order = place[picked[i].Passage]
	}
	inReadingOrder(picked)
	return picked
}

// Sourced puts first, one after the other, the sentences that stand on literature not shown yet: what »litteratur om X« asks for.
func (c Chooser) Sourced(q *query.Query, hits []retrieval.Hit) []Candidate {
	var all []Candidate
	for h := range hits[:min(sourcedPassages, len(hits))] {
		if hits[h].Score >= CloseHit*hits[0].Score {
			all = append(all, c.rate(q, hits, h)...)
		}
	}
	best := 0.0
	for _, s := range all {
		best = max(best, s.value)
	}
	for i := range all {
		if all[i].value >= goodSentence*best && c.library().Behind(c.ix.Passages[all[i].Passage].Article, c.keysOf(all[i]), c.text(all[i])) {
			all[i].value *= namedMore
		}
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].value > all[b].value })
	shown := map[string]bool{}
	var fresh []Candidate
	for _, s := range all {
		isNew := false
		for _, k := range c.keysOf(s) {
			isNew = isNew || !shown[k]
			shown[k] = true
		}
		if isNew {
			fresh = append(fresh, s)
		}
	}
	return c.inSections(c.pick(nil, fresh, Most))
}

// sourcedPassages is how many hits literature is taken from.
const sourcedPassages = 5

// namedMore is how much more a sentence is worth that names who says it, when literature is asked for.
const namedMore = 3
