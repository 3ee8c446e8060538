// Package retrieval ranks passages for a question and says how sure it is that they answer it.
//
// # The ranking
//
// A question becomes content words (package query): misspelt ones are corrected to the corpus' own vocabulary, everyday words call up the
// concepts they stand for. Each passage then gets evidence of these kinds:
//
//	body.stems   BM25 of title, headings and text over Danish stems and the parts of compounds
//	body.grams   the same over character 4-grams: misspellings, split and joined compounds
//	asked.stems  likeness of the question to the section's best entry question, over stems and small words
//	asked.grams  the same over 4-grams
//	same         whether the question is an entry question, in as good as the same words: what an editor wrote outweighs what was learned
//	topic        how likely the question's words make the passage's section, learned from all sections' entry questions
//	article      the same for the passage's article: its sections together
//	vector       cosine of the embedded question and passage
//	coverage     share of the question's words that the passage, its headings or that entry question have
//	heading      whether the section's heading promises what is asked for: examples
//
// BM25 scores are divided by the score of a passage that would meet the whole question (lexical.Index.Ceiling), so that
// they say how much of the question is met, not only which passage meets it best. The weighted sum ranks. The weights follow
// listwise softmax regressions on the train split of the gold questions, where right means of a right article (`kildesvar eval --fit`), and
// on entry questions left out, where it means the right section, which gives topic more; heading, of which so few questions have need that
// no fit finds it, was chosen on strangers' questions for examples. `kildesvar eval --ablation` shows what each brings.
//
// It leaves choosing sentences, wording and refusing to answer.
package retrieval

import (
	"context"
	"fmt"
	"sort"

	"kildesvar/internal/danish"
	"kildesvar/internal/embed"
	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
	"kildesvar/internal/passage"
	"kildesvar/internal/query"
	"kildesvar/internal/question"
)

// Weights are the ranking's parameters. A zero switches the evidence off.
type Weights struct {
	BodyStems, BodyGrams   float32
	AskedStems, AskedGrams float32
	Same                   float32 // an entry question in the same words
	Topic, Article         float32
	Vector                 float32
	Coverage               float32
	Heading                float32 // a heading that promises what the question asks for
	Concepts               float32 // weight of a concept's preferred term called up by another word, against 1 for a word asked
	Spelling               float64 // highest cost of a correction that is believed
	History                float32 // weight of an earlier question's words in a follow-up
	Learned                bool    // the vectors are a learned model's: see vector.go
}

// DefaultWeights were chosen as the package comment says.
func DefaultWeights() Weights {
	return Weights{BodyStems: 0.2, BodyGrams: 0.5, AskedStems: 1, AskedGrams: 0.3, Same: 1.5, Topic: 1.2, Article: 1, Vector: 0.3, Coverage: 0.5, Heading: 1.5, Concepts: 0.3, Spelling: 0.75, History: 0.8}
}

// Depths of the search.
const (
	// DefaultHits is how many hits are returned unless asked otherwise.
	DefaultHits = 10
	// candidates is how many passages are scored in full.
	candidates = 60
	// askedDepth is how many entry questions are compared with the question in full.
	askedDepth = 80
	// scanLimit is the largest collection whose vectors are all compared; beyond it only the candidates are.
	scanLimit = 5000
)

// Searcher answers queries over one index. It is safe for concurrent use.
type Searcher struct {
	ix       *index.Index
	embedder embed.Embedder
	weights  Weights
	strict   bool
	scan     int // scanLimit
	parser   *query.Parser

	definitions map[int]Defined // by concept
	outside     outside
}

// New returns a Searcher. The embedder must be the one the index was built with.
func New(ix *index.Index, e embed.Embedder, w Weights) (*Searcher, error) {
	if have := ix.Manifest.Embedder; have != e.ID() {
		return nil, fmt.Errorf("search: the generation was embedded by %s, not %s; build it again", have, e.ID())
	}
	s := &Searcher{ix: ix, embedder: e, weights: w, scan: scanLimit,
		parser: query.New(ix, query.Weights{Concepts: w.Concepts, Spelling: w.Spelling, History: w.History})}
	s.definitions = places(s)
	s.outside = newOutside(ix.Analyser())
	return s, nil
}

// Index returns the index searched.
func (s *Searcher) Index() *index.Index { return s.ix }

// Hit is a passage with its score and what the score is made of.
type Hit struct {
	Passage  *passage.Passage
	Number   int     // the passage's number in the index
	Score    float64 // weighted sum of Evidence; comparable within one search
	Evidence []Evidence
	Asked    []Asked // the section's entry questions that are like the question, most like first, at most maxAsked
}

// Evidence is one kind of support for a hit.
type Evidence struct {
	Name   string
	Value  float64 // 0 to about 1
	Weight float64
}

// Value returns the evidence of that name, or 0.
func (h *Hit) Value(name string) float64 {
	for _, e := range h.Evidence {
		if e.Name == name {
			return e.Value
		}
	}
	return 0
}

// Names of the evidence.
const (
	BodyStems  = "body.stems"
	BodyGrams  = "body.grams"
	AskedStems = "asked.stems"
	AskedGrams = "asked.grams"
	Same       = "same"
	Topic      = "topic"
	Article    = "article"
	Vector     = "vector"
	Coverage   = "coverage"
	Heading    = "heading"
)

// Result is what a search found.
type Result struct {
	Query   *query.Query
	Hits    []Hit // best first
	Signals Signals
	Sides   []Side   // what the question compares, if it does: two, in its order
	Defined *Defined // the concept whose meaning is asked for, if that is what the question asks
	Shape   question.Shape
	Parts   []Part  // the things it asks, if it asks more than one
	Said    []Place // what the last reply quoted, in its order; only for a question that follows up on it
	// NoVector is why the question, or a part of it, has no vector, so that it was searched for by its words alone; nil when it has.
	NoVector error
}

// Past is the conversation before a question.
type Past struct {
	Questions []string // the user's, oldest first
	Reply     string   // the assistant's last
}

// Context returns the earlier questions that a question follows up on, newest first, or none when it stands alone (query.Parser.Context).
func (s *Searcher) Context(text string, questions []string) []string {
	return s.parser.Context(text, questions)
}

// sought is a query on its way through a search.
type sought struct {
	*query.Query
	without int   // number of an entry question that must not help; -1 for none
	wait    *wait // shared by all queries of one search
}

// seek makes a query of a question with the earlier ones it follows up on.
func (s *Searcher) seek(text string, earlier []string) *sought {
	return &sought{Query: s.parser.Parse(text, earlier), without: -1}
}

// Search ranks passages for a question; the conversation before it counts when the question follows up on it. n is how many
// hits are wanted, 0 for DefaultHits. It fails only when ctx is done; if a learned
// embedder fails, the words alone rank (Result.NoVector), unless the Searcher is Strict.
func (s *Searcher) Search(ctx context.Context, text string, past Past, n int) (*Result, error) {
	if n <= 0 {
		n = DefaultHits
	}
	if last := len(past.Questions) - 1; last >= 0 && question.Shorter(text) {
		again := past
		again.Questions = past.Questions[:last]
		r, err := s.Search(ctx, past.Questions[last], again, n)
		if err == nil {
			r.Query.Reading.Brief, r.Said = true, nil
		}
		return r, err
	}
	earlier := s.Context(text, past.Questions)
	if side := s.sided(text, earlier); side != text {
		text, earlier = side, nil
	}
	q := s.seek(text, earlier)
	q.Later = len(past.Questions) > 0
	r, err := s.search(ctx, q, n)
	if err == nil && len(q.Earlier) > 0 {
		r.Said = s.said(past.Reply)
	}
	return r, err
}

// LeaveOut searches for the index' own entry question with the given number as if nobody had written it down: how its
// section ranks then tells how questions fare that no editor thought of.
func (s *Searcher) LeaveOut(ctx context.Context, number int) (*Result, error) {
	q := s.seek(s.ix.Questions[number].Text, nil)
	q.without = number
	for i := range q.Words {
		if w := &q.Words[i]; s.ix.Words[w.Text] == 1 && w.Corrected == "" {
			w.Known = false // the question itself is all that has it
		}
	}
	return s.search(ctx, q, DefaultHits)
}

func (s *Searcher) search(ctx context.Context, q *sought, n int) (*Result, error) {
	r := &Result{Query: q.Query, Shape: q.Reading.Shape}
	if q.wait == nil {
		q.wait = s.newWait()
	}
	defer func() { r.NoVector = q.wait.lost }()
	if len(danish.Tokens(q.Text)) > 1 || len(q.Words) > 0 { // small words alone have a likely section too
		hits, err := s.rank(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		r.Hits = hits
		if r.Sides, err = s.sides(ctx, q); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		if r.Sides != nil {
			r.Shape = question.ShapeComparison
		} else if r.Parts, err = s.parts(ctx, q); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		if d, ok := s.defined(q, q.Reading.Kind); ok && r.Sides == nil {
			r.Defined, r.Shape = &d, question.ShapeDefinition
			r.Hits = s.first(r.Hits, d.Passage)
		}
	}
	r.Signals = s.signals(q, r.Hits)
	if r.Defined != nil {
		r.Signals.Edge = max(r.Signals.Edge, 0) // nothing but a concept that is defined, whatever words lead up to it
	}
	r.Hits = r.Hits[:min(n, len(r.Hits))]
	return r, nil
}

// rank scores the candidates.
func (s *Searcher) rank(ctx context.Context, q *sought) ([]Hit, error) {
	e := evidence{stems: scores(s.ix.Body.Stems, q.Terms.Stems), grams: scores(s.ix.Body.Grams, q.Terms.Grams), asked: s.asked(q), topics: s.topics(q)}
	v, err := s.vector(ctx, q)
	if err != nil {
		return nil, err
	}
	if e.alike, err = s.alike(ctx, v); err != nil {
		return nil, err
	}
	w := s.weights
	if q.wait.lost != nil {
		w = w.withoutVectors()
	}
	sums := e.sums(w)
	top := best(sums, candidates)
	if v != nil && e.alike == nil { // a large collection: only the candidates are compared
		vs, err := s.ix.Vectors.Score(ctx, v, top)
		if err != nil {
			return nil, err
		}
		e.alike = make(map[int]float32, len(top))
		for i, p := range top {
			e.alike[p] = max(vs[i], 0)
			sums[p] += w.Vector * e.alike[p]
		}
	}
	e.covered = make(map[int]float32, len(top))
	hits := make([]Hit, 0, len(top))
	for _, p := range top {
		e.covered[p] = s.coverage(q, p, e.asked[p])
		sums[p] += w.Coverage * e.covered[p]
		heads := q.Reading.Heads(s.ix.Passages[p].Section)
		if heads {
			sums[p] += w.Heading
		}
		hits = append(hits, Hit{Passage: &s.ix.Passages[p], Number: p, Score: float64(sums[p]), Evidence: append(e.of(p, w), Evidence{Heading, flag(heads), float64(w.Heading)}), Asked: mostAlike(e.asked[p].all)})
	}
	sort.SliceStable(hits, func(i, j int) bool {
		if hits[i].Score != hits[j].Score {
			return hits[i].Score > hits[j].Score
		}
		return hits[i].Number < hits[j].Number
	})
	return hits, nil
}

// evidence is what speaks for the passages, by number.
type evidence struct {
	stems, grams []float32
	asked        map[int]askedScore
	topics       map[int]topicScore
	alike        map[int]float32 // by vectors; nil until they are compared
	covered      map[int]float32
}

// sums are the weighted sums of everything but coverage, which is for the candidates alone.
func (e *evidence) sums(w Weights) []float32 {
	out := make([]float32, len(e.stems))
	for p := range out {
		out[p] = w.BodyStems*e.stems[p] + w.BodyGrams*e.grams[p]
	}
	for p, a := range e.asked {
		out[p] += w.value(a)
	}
	for p, t := range e.topics {
		out[p] += w.Topic*t.section + w.Article*t.article
	}
	for p, v := range e.alike {
		out[p] += w.Vector * v
	}
	return out
}

// of is a passage's evidence.
func (e *evidence) of(p int, w Weights) []Evidence {
	a, t := e.asked[p], e.topics[p]
	return []Evidence{
		{BodyStems, float64(e.stems[p]), float64(w.BodyStems)}, {BodyGrams, float64(e.grams[p]), float64(w.BodyGrams)},
		{AskedStems, float64(a.stems), float64(w.AskedStems)}, {AskedGrams, float64(a.grams), float64(w.AskedGrams)},
		{Same, flag(a.same()), float64(w.Same)},
		{Topic, float64(t.section), float64(w.Topic)}, {Article, float64(t.article), float64(w.Article)},
		{Vector, float64(e.alike[p]), float64(w.Vector)}, {Coverage, float64(e.covered[p]), float64(w.Coverage)}}
}

// first puts the passage with the given number before all other hits. Its score becomes that of the best, so that scores
// stay in order.
func (s *Searcher) first(hits []Hit, passage int) []Hit {
	for i, h := range hits {
		if h.Number == passage {
			h.Score = hits[0].Score
			copy(hits[1:i+1], hits[:i])
			hits[0] = h
			return hits
		}
	}
	h := Hit{Passage: &s.ix.Passages[passage], Number: passage}
	if len(hits) > 0 {
		h.Score = hits[0].Score
	}
	return append([]Hit{h}, hits...)
}

// scores runs a field and divides by the query's ceiling.
func scores(ix *lexical.Index, terms []lexical.Weighted) []float32 {
	out := make([]float32, ix.Len())
	ix.Score(terms, out)
	if c := ix.Ceiling(terms); c > 0 {
		for i := range out {
			out[i] /= c
		}
	}
	return out
}

// best returns the numbers of the n highest positive scores, best first, ties by number.
func best(scores []float32, n int) []int {
	var top []int
	less := func(a, b int) bool { // a ranks after b
		if scores[a] != scores[b] {
			return scores[a] < scores[b]
		}
		return a > b
	}
	for i, v := range scores {
		if v <= 0 || len(top) == n && !less(top[n-1], i) {
			continue
		}
		at := sort.Search(len(top), func(k int) bool { return less(top[k], i) })
		if len(top) < n {
			top = append(top, 0)
		}
		copy(top[at+1:], top[at:])
		top[at] = i
	}
	return top
}
