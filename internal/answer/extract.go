package answer

import (
	"sort"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
	"kildesvar/internal/retrieval"
)

// Limits of an extractive answer.
const (
	// MaxClaims is how many sentences an answer has at most.
	MaxClaims = 6
	// perPassage is how many of them may come from one passage when others answer too.
	perPassage = 5
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
	hit, sentence int // positions in hits and in the passage
	value         float64
	stems         map[lexical.Key]bool
}

// extract picks the sentences that answer the query, in reading order: the best passage first, each passage in its order.
func extract(ix *index.Index, q *retrieval.Query, hits []retrieval.Hit, limit int) []candidate {
	if len(hits) == 0 {
		return nil
	}
	var all []candidate
	for h := range hits[:min(passages, len(hits))] {
		if hits[h].Score >= closeHit*hits[0].Score {
			all = append(all, rate(ix, q, hits, h)...)
		}
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return all[order[a]].value > all[order[b]].value })
	var picked []candidate
	used := map[int]int{}
	for _, i := range order {
		c := all[i]
		if len(picked) == limit || len(picked) > 0 && c.value < goodSentence*picked[0].value {
			break
		}
		if used[c.hit] >= perPassage || repeats(c, picked) || leansBack(hits, c, picked) {
			continue
		}
		used[c.hit]++
		picked = append(picked, c)
	}
	sort.SliceStable(picked, func(a, b int) bool {
		if picked[a].hit != picked[b].hit {
			return picked[a].hit < picked[b].hit
		}
		return picked[a].sentence < picked[b].sentence
	})
	return picked
}

// rate gives each sentence of a hit its value: how much of the question it meets, how much of the entry question that
// led to the passage, and how good the passage is.
func rate(ix *index.Index, q *retrieval.Query, hits []retrieval.Hit, h int) []candidate {
	hit := &hits[h]
	asked := ix.Analyser().Text(hit.Asked)
	likeness := (hit.Value(retrieval.AskedStems) + hit.Value(retrieval.AskedGrams)) / 2
	out := make([]candidate, 0, len(hit.Passage.Sentences))
	for i := range hit.Passage.Sentences {
		t := ix.Analyser().Text(hit.Passage.SentenceText(i))
		c := candidate{hit: h, sentence: i, stems: make(map[lexical.Key]bool, len(t.Stems))}
		for _, s := range t.Stems {
			c.stems[s.Key] = true
		}
		c.value = 0.5*met(ix.Body.Stems, q.Terms.Stems, t.Stems) + 0.5*met(ix.Body.Grams, q.Terms.Grams, t.Grams) +
			likeness*(0.4*met(ix.Body.Stems, asked.Stems, t.Stems)+0.4*met(ix.Body.Grams, asked.Grams, t.Grams)) +
			0.35*hit.Score/hits[0].Score
		if i == 0 {
			c.value += 0.05 // a passage's first sentence says what it is about
		}
		out = append(out, c)
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
func repeats(c candidate, picked []candidate) bool {
	for _, p := range picked {
		both := 0
		for k := range c.stems {
			if p.stems[k] {
				both++
			}
		}
		if union := len(c.stems) + len(p.stems) - both; union > 0 && float64(both)/float64(union) > same {
			return true
		}
	}
	return false
}

// pointers begin sentences that cannot be understood without the one before.
var pointers = map[string]bool{"det": true, "den": true, "de": true, "dette": true, "denne": true, "disse": true, "her": true, "han": true, "hun": true,
	"derfor": true, "derefter": true, "dermed": true, "desuden": true, "samtidig": true, "begge": true, "hertil": true}

// leansBack reports whether a sentence begins with a word that points to a sentence which is not picked.
func leansBack(hits []retrieval.Hit, c candidate, picked []candidate) bool {
	p := hits[c.hit].Passage
	words := danish.Tokens(p.SentenceText(c.sentence))
	if len(words) == 0 || !pointers[strings.ToLower(words[0].Text)] {
		return false
	}
	for _, other := range picked {
		if other.hit == c.hit && other.sentence == c.sentence-1 {
			return false
		}
	}
	return true
}
