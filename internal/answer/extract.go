package answer

import (
	"sort"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
	"kildesvar/internal/retrieval"
)

// Limits of an extractive answer; the shares were chosen on the train split.
const (
	// MaxClaims is how many sentences an answer has at most.
	MaxClaims = 6
	// passages is how many hits sentences are taken from.
	passages = 3
	// closeHit is the share of the best hit's score that another hit must reach.
	closeHit = 0.72
	// goodSentence is the share of the best sentence's value that another must reach.
	goodSentence = 0.5
	// same is the likeness (Jaccard, over stems) above which two sentences say the same.
	same = 0.6
)

// candidate is a sentence that may be quoted.
type candidate struct {
	passage, sentence int // number of the passage in the index, and of the sentence in it
	order             int // the passage's place in the reading order
	value             float64
	suits             bool // it has the sort of thing that is asked for
	stems             map[lexical.Key]bool
}

// chooser picks sentences of one index.
type chooser struct{ ix *index.Index }

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
	if len(r.Sides) == 2 {
		return c.compare(r)
	}
	return c.extract(r.Query, r.Hits, MaxClaims, r.Defined)
}

// extract picks up to limit sentences of the hits: the best passage first, each passage in its own order. A definition
// that is asked for comes before all others.
func (c chooser) extract(q *retrieval.Query, hits []retrieval.Hit, limit int, def *retrieval.Defined) []candidate {
	var all []candidate
	for h := range hits[:min(passages, len(hits))] {
		if hits[h].Score >= closeHit*hits[0].Score {
			all = append(all, c.rate(q, hits, h)...)
		}
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].value > all[b].value })
	var picked []candidate
	if def != nil {
		picked = append(picked, c.one(def.Passage, def.Sentence, -1))
	}
	most := c.pick(picked, suited(q, all), limit)
	if len(most) == 0 {
		most = c.pick(picked, all, limit)
	}
	inReadingOrder(most)
	if def == nil && len(most) > 0 {
		c.lead(most)
	}
	return most
}

// pick adds to picked the good ones of sentences sorted by value, none that says what another says or hangs in the air.
func (c chooser) pick(picked, sorted []candidate, limit int) []candidate {
	for _, s := range sorted {
		if len(picked) >= limit || s.value < goodSentence*sorted[0].value {
			break
		}
		if !repeats(s, picked) && !c.leansBack(s, picked) {
			picked = append(picked, s)
		}
	}
	return picked
}

// suited leaves only sentences with a number when a number is asked for, if there are any.
func suited(q *retrieval.Query, all []candidate) []candidate {
	if q.Kind != retrieval.KindMany && q.Kind != retrieval.KindWhen {
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

// lead moves the sentence that answers best to the front of its passage's sentences, unless it or the one after it points back
// to its neighbour, or it is one of a numbered list.
func (c chooser) lead(picked []candidate) {
	best := 0
	for i, s := range picked {
		if s.order == picked[0].order && s.value > picked[best].value {
			best = i
		}
	}
	if c.pointsBack(picked[best]) || c.numbered(picked[best]) || best+1 < len(picked) && c.pointsBack(picked[best+1]) {
		return
	}
	s := picked[best]
	copy(picked[1:best+1], picked[:best])
	picked[0] = s
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

// rate gives each sentence of a hit its value: how much of the question it meets, how much of the entry question that
// led to the passage, whether it has the sort of thing that is asked for, and how good the passage is.
func (c chooser) rate(q *retrieval.Query, hits []retrieval.Hit, h int) []candidate {
	hit := &hits[h]
	asked := c.ix.Analyser().Text(hit.Asked)
	likeness := (hit.Value(retrieval.AskedStems) + hit.Value(retrieval.AskedGrams)) / 2
	out := make([]candidate, 0, len(hit.Passage.Sentences))
	for i := range hit.Passage.Sentences {
		text := hit.Passage.SentenceText(i)
		t := c.ix.Analyser().Text(text)
		s := candidate{passage: hit.Number, sentence: i, order: h, stems: make(map[lexical.Key]bool, len(t.Stems))}
		for _, k := range t.Stems {
			s.stems[k.Key] = true
		}
		stems, grams := c.ix.Body.Stems, c.ix.Body.Grams
		s.suits = q.Kind.Suits(text)
		s.value = 0.5*met(stems, q.Terms.Stems, t.Stems) + 0.5*met(grams, q.Terms.Grams, t.Grams) +
			likeness*(0.4*met(stems, asked.Stems, t.Stems)+0.4*met(grams, asked.Grams, t.Grams)) +
			0.35*hit.Score/hits[0].Score
		if q.Kind != retrieval.KindOther && s.suits {
			s.value += 0.15
		}
		if i == 0 {
			s.value += 0.05 // a passage's first sentence says what it is about
		}
		out = append(out, s)
	}
	return out
}

// met is the share of the wanted terms, by idf, that a sentence has.
func met(ix *lexical.Index, want, have []lexical.Weighted) float64 {
	in := make(map[lexical.Key]bool, len(have))
	for _, t := range have {
		in[t.Key] = true
	}
	var all, hit float32
	for _, t := range want {
		w := t.Weight * ix.IDF(t.Key)
		all += w
		if in[t.Key] {
			hit += w
		}
	}
	if all == 0 {
		return 0
	}
	return float64(hit / all)
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
var pointers = map[string]bool{"det": true, "den": true, "de": true, "dette": true, "denne": true, "disse": true, "her": true, "han": true, "hun": true,
	"derfor": true, "derefter": true, "dermed": true, "desuden": true, "samtidig": true, "begge": true, "hertil": true}

// pointsBack reports whether a sentence begins with a word that points to the one before it.
func (c chooser) pointsBack(s candidate) bool {
	words := danish.Tokens(c.ix.Passages[s.passage].SentenceText(s.sentence))
	return len(words) > 0 && pointers[strings.ToLower(words[0].Text)]
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
