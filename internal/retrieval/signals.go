package retrieval

import (
	"maps"
	"math"
	"slices"
	"strings"

	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
	"kildesvar/internal/query"
)

// Signals say how far the corpus covers a question, whichever passage comes first. Shares are 0 to 1 and weigh words by
// idf, common words less.
type Signals struct {
	MetSection  float64 // share of the question that the top hit's text, its headings or its section's entry questions have, by stems
	Typed       float64 // share of the question that the best sentence of the first hits has, with its headings, among those that have the sort of thing asked for and all the question's numbers and places
	Missed      float64 // the weightiest of the question's words that neither the top hit nor its section's questions have; 1 is a word no passage has
	Outside     float64 // share of the question in words that are missed and typical of questions theme articles seldom answer
	Edge        float64 // log odds, by its wording alone, that the question is one the articles answer; clipped to ±6
	Vague       float64 // log odds, by its wording alone, that the question leaves out what it is about; clipped to ±6
	Asked       float64 // likeness of the question to the top hit's most similar entry question
	Plain       bool    // the top hit's section has no entry questions: Asked is likeness to its heading or one of its sentences
	UnknownName bool    // a name the corpus does not have
	MissingData bool    // a number, year, paragraph or place that the first hits do not have
}

// lookHits is how many of the first hits may have what a question asks for.
const lookHits = 3

// signals computes them for ranked hits.
func (s *Searcher) signals(q *sought, hits []Hit) Signals {
	var g Signals
	g.Edge, g.Vague = s.wording(q)
	words := s.own(q)
	for _, w := range words {
		if q.Words[w.at].Name && !q.Words[w.at].Known && !q.Words[w.at].Told {
			g.UnknownName = true
		}
	}
	if len(hits) == 0 || len(words) == 0 {
		return g
	}
	if len(hits[0].Asked) > 0 {
		g.Asked = hits[0].Asked[0].Likeness
		g.Plain = s.ix.Questions[hits[0].Asked[0].Number].StandIn
	}
	wide := s.vocabulary(q, &hits[0])
	g.MetSection = share(words, wide)
	g.Missed = s.missed(words, wide)
	g.Outside = s.outside.missed(words, wide)
	for i := range hits[:min(lookHits, len(hits))] {
		g.Typed = max(g.Typed, s.bestTyped(q, words, &hits[i]))
	}
	g.MissingData = s.missingData(q, hits)
	return g
}

// wording is what the question's words alone tell: the log odds that it is one the articles answer rather than one they do not, and, what
// leads up to it included, that it leaves out what it is about; 0 where nothing was learned.
func (s *Searcher) wording(q *sought) (edge, vague float64) {
	asked := s.ix.Edge.Probabilities(s.ix.EdgeFeatures(q.Asked()), 1)
	whole := s.ix.Edge.Probabilities(s.ix.EdgeFeatures(q.Fixed()), 1)
	if asked == nil {
		return 0, 0
	}
	return odds(asked[index.Answered], asked[index.Elsewhere]), odds(whole[index.Unclear], whole[index.Answered]+whole[index.Elsewhere])
}

// odds are log odds as far as they are believed.
func odds(yes, no float32) float64 {
	v := math.Log(float64(yes)+1e-9) - math.Log(float64(no)+1e-9)
	return min(max(v, -maxEdge), maxEdge)
}

// maxEdge is the largest log odds that wording alone is believed.
const maxEdge = 6

// toldWeight is what a word that only leads up to the question weighs.
const toldWeight = 0.3

// weighed is one of the question's own words with its weight.
type weighed struct {
	at     int
	key    lexical.Key
	weight float64
}

// own lists the question's words, without those of the conversation before it; with them, when it names nothing itself.
func (s *Searcher) own(q *sought) []weighed {
	names := slices.ContainsFunc(q.Words, func(w query.Word) bool { return !w.FromPast && !w.Common })
	var out []weighed
	for i, w := range q.Words {
		if w.FromPast && names {
			continue
		}
		v := float64(s.ix.Body.Stems.IDF(w.Key))
		if w.Common {
			v *= query.CommonWeight / 2
		}
		if w.Told {
			v *= toldWeight
		}
		out = append(out, weighed{at: i, key: w.Key, weight: v})
	}
	return out
}

func share(words []weighed, have map[lexical.Key]bool) float64 {
	all, met := 0.0, 0.0
	for _, w := range words {
		all += w.weight
		if have[w.key] {
			met += w.weight
		}
	}
	if all == 0 {
		return 0
	}
	return met / all
}

// missed is the greatest weight of a word that is not met, as a share of the weight of a word no passage has.
func (s *Searcher) missed(words []weighed, have map[lexical.Key]bool) float64 {
	most := 0.0
	for _, w := range words {
		if !have[w.key] {
			most = max(most, w.weight)
		}
	}
	return most / float64(s.ix.Body.Stems.IDF(0))
}

// vocabulary is the stems of a hit with its title, headings and all its section's entry questions.
func (s *Searcher) vocabulary(q *sought, h *Hit) map[lexical.Key]bool {
	a, _ := s.ix.Article(h.Passage.Article)
	texts := []string{h.Passage.Text, strings.Join(h.Passage.Path, " "), a.Title}
	for i, qu := range s.ix.Questions {
		if qu.First <= h.Number && h.Number < qu.Last && i != q.without {
			texts = append(texts, qu.Text)
		}
	}
	have := map[lexical.Key]bool{}
	for _, text := range texts {
		s.addStems(have, text)
	}
	s.addConcepts(q, have)
	return have
}

func (s *Searcher) addStems(have map[lexical.Key]bool, text string) {
	for _, t := range s.ix.Analyser().Text(text).Stems {
		have[t.Key] = true
	}
}

// addConcepts lets a concept that is met count for the words that called it up.
func (s *Searcher) addConcepts(q *sought, have map[lexical.Key]bool) {
	for _, e := range q.Expansions {
		if allKeys(have, e.Keys) {
			for _, k := range e.ByKeys {
				have[k] = true
			}
		}
	}
}

// bestTyped is the largest share of the question that one sentence of a hit has, together with the title and headings
// above it; only sentences count that have the sort of thing the question asks for, and its numbers and places.
func (s *Searcher) bestTyped(q *sought, words []weighed, h *Hit) float64 {
	a, _ := s.ix.Article(h.Passage.Article)
	above := map[lexical.Key]bool{}
	s.addStems(above, a.Title+" "+strings.Join(h.Passage.Path, " "))
	best := 0.0
	for i := range h.Passage.Sentences {
		text := h.Passage.SentenceText(i)
		if !q.Reading.Kind.Suits(text) {
			continue
		}
		have := maps.Clone(above)
		s.addStems(have, text)
		s.addConcepts(q, have)
		if s.lacksData(q, have) {
			continue
		}
		best = max(best, share(words, have))
	}
	return best
}

func allKeys(have map[lexical.Key]bool, keys []lexical.Key) bool {
	for _, k := range keys {
		if !have[k] {
			return false
		}
	}
	return len(keys) > 0
}

// missingData reports whether the question has a number (a year, a paragraph, a share) or a place that none of the first
// hits has.
func (s *Searcher) missingData(q *sought, hits []Hit) bool {
	have := map[lexical.Key]bool{}
	for _, h := range hits[:min(lookHits, len(hits))] {
		s.addStems(have, strings.Join(h.Passage.Path, " "))
		s.addStems(have, h.Passage.Text)
	}
	return s.lacksData(q, have)
}

// lacksData reports whether one of the question's own numbers and places is not among the stems.
func (s *Searcher) lacksData(q *sought, have map[lexical.Key]bool) bool {
	for _, w := range q.Words {
		if w.FromPast || w.Told || !exact(w) || have[w.Key] {
			continue
		}
		if !slices.ContainsFunc(s.parser.Alternatives(w.Text), func(alt string) bool { return have[s.parser.Key(alt)] }) {
			return true
		}
	}
	return false
}
