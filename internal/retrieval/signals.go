package retrieval

import (
	"strings"

	"kildesvar/internal/lexical"
)

// Signals say how far the corpus covers a question, whichever passage comes first. Each is 0 to 1 unless said otherwise.
type Signals struct {
	Asked       float64 // likeness to the best entry question of the top hit
	Met         float64 // share of the question's meaning (idf) that the top hit's text or best entry question meets, by stems
	MetGrams    float64 // the same by 4-grams of the text
	Known       float64 // share of the question's idf in words the corpus has
	Vector      float64 // cosine of the top hit
	Score       float64 // the top hit's score
	UnknownName bool    // a name the corpus does not have
	MissingData bool    // a number, year or paragraph that neither the top hits have
	Words       int     // content words
}

// signals computes them for ranked hits.
func (s *Searcher) signals(q *Query, hits []Hit) Signals {
	g := Signals{Words: len(q.Words)}
	idf := s.ix.Body.Stems
	var all, known float64
	for _, w := range q.Words {
		if w.fromPast {
			continue
		}
		v := float64(idf.IDF(w.Key))
		all += v
		if w.Known {
			known += v
		}
		if w.Name && !w.Known {
			g.UnknownName = true
		}
	}
	if all > 0 {
		g.Known = known / all
	}
	if len(hits) == 0 {
		return g
	}
	top := hits[0]
	g.Score = top.Score
	g.Asked = (top.Value(AskedStems) + top.Value(AskedGrams)) / 2
	g.MetGrams = top.Value(BodyGrams)
	g.Vector = top.Value(Vector)
	g.Met = s.met(q, &top)
	g.MissingData = s.missingNumber(q, hits)
	return g
}

// met is the share of the question's own words, by idf, that stand in the passage or in its best entry question.
func (s *Searcher) met(q *Query, h *Hit) float64 {
	have := map[lexical.Key]bool{}
	for _, text := range []string{h.Passage.Text, h.Asked, strings.Join(h.Passage.Path, " "), s.title(h)} {
		for _, t := range s.ix.Analyser().Text(text).Stems {
			have[t.Key] = true
		}
	}
	for _, e := range q.Expansions { // a concept met counts for the words that called it up
		if allKeys(have, stemKeys(e.Term, s.ix.Analyser())) {
			for _, k := range stemKeys(e.By, s.ix.Analyser()) {
				have[k] = true
			}
		}
	}
	var all, met float64
	for _, w := range q.Words {
		if w.fromPast {
			continue
		}
		v := float64(s.ix.Body.Stems.IDF(w.Key))
		all += v
		if have[w.Key] {
			met += v
		}
	}
	if all == 0 {
		return 0
	}
	return met / all
}

func (s *Searcher) title(h *Hit) string {
	a, _ := s.ix.Article(h.Passage.Article)
	return a.Title
}

func allKeys(have map[lexical.Key]bool, keys []lexical.Key) bool {
	for _, k := range keys {
		if !have[k] {
			return false
		}
	}
	return len(keys) > 0
}

// missingNumber reports whether the question has a number (a year, a paragraph, a share) that none of the first hits has.
func (s *Searcher) missingNumber(q *Query, hits []Hit) bool {
	const look = 3
	for _, w := range q.Words {
		if !w.Number || w.fromPast {
			continue
		}
		found := false
		for _, h := range hits[:min(look, len(hits))] {
			for _, t := range s.ix.Analyser().Text(h.Passage.Text).Stems {
				found = found || t.Key == w.Key
			}
		}
		if !found {
			return true
		}
	}
	return false
}

// corrected is the question's content words as the corpus spells them, for embedding.
func (q *Query) corrected() string {
	var b strings.Builder
	for _, w := range q.Words {
		if w.Corrected != "" {
			b.WriteString(w.Corrected)
		} else {
			b.WriteString(w.Text)
		}
		b.WriteByte(' ')
	}
	for _, e := range q.Expansions {
		b.WriteString(e.Term + " ")
	}
	return b.String()
}
