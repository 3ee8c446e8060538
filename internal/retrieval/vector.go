package retrieval

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"
)

// LearnedVector is the weight of vectors of a learned model: that of a like entry question, a fifth of all weights together. No model of
// the kind was within reach to measure with. In its place stood simulated ones that know the right article of 242 train questions more or
// less well (TestQuality); how often it came first, by the weight:
//
//	the model alone   0     0.3   0.6   1     1.5   2     3
//	0.15 (chance)     .917  .913  .909  .884  .855  .764  .583
//	0.46              .917  .930  .926  .921  .905  .888  .793
//	0.73              .917  .934  .950  .950  .963  .975  .942
//	0.84              .917  .950  .963  .975  .996  1     1
//
// At 1 a good model brings most of what it can and a poor one takes nothing. A real model errs where words err too, more than these did, so
// that it will bring less. `kildesvar eval --fit-vector --embedder …` measures one; what it finds best belongs here.
const LearnedVector = 1.0

// WithLearned are the weights for an embedder that is a learned model: other vectors than the local ones, which are the lexical evidence
// once more. A weight of 0 stays.
//
// What differs: the question is embedded as it was asked, because such models read sentences. The cosine counts from its mean over all
// passages (0) to its highest (1), because models place it differently: with one all texts are 0.7 to 0.9 alike, with another 0.1 to 0.5. In
// a large collection the nearest passages are looked for, not only compared among those that the words have found. And the question
// waits no longer than patience.
func (w Weights) WithLearned() Weights {
	if w.Learned {
		return w
	}
	if w.Learned = true; w.Vector != 0 {
		w.Vector = LearnedVector
	}
	return w
}

// withoutVectors gives the vectors' weight to the rest, in proportion, so that scores keep their scale.
func (w Weights) withoutVectors() Weights {
	rest := w.BodyStems + w.BodyGrams + w.AskedStems + w.AskedGrams + w.Same + w.Topic + w.Article + w.Coverage
	if rest > 0 {
		share := (rest + w.Vector) / rest
		for _, x := range []*float32{&w.BodyStems, &w.BodyGrams, &w.AskedStems, &w.AskedGrams, &w.Same, &w.Topic, &w.Article, &w.Coverage} {
			*x *= share
		}
	}
	w.Vector = 0
	return w
}

// patience is how long a search waits for a learned embedder, all its calls together. Hosted models answer in 0.1 to 0.5 s; somebody who
// asks in a chat does not notice two seconds, and an answer by words alone is better than none.
const patience = 2 * time.Second

// wait is what the queries of one search share: until when they wait for vectors, and why there are none.
type wait struct {
	until time.Time // zero: as long as the context
	lost  error
}

func (s *Searcher) newWait() *wait {
	if !s.weights.Learned || s.strict {
		return &wait{}
	}
	return &wait{until: time.Now().Add(patience)}
}

// Strict returns a Searcher for measuring: it waits for the embedder as long as the context allows, and fails when that does.
func (s *Searcher) Strict() *Searcher {
	out := *s
	out.strict = true
	return &out
}

// vector embeds the question. A nil vector means that the evidence is switched off or that a learned embedder failed, now or earlier in
// this search.
func (s *Searcher) vector(ctx context.Context, q *sought) ([]float32, error) {
	if s.weights.Vector == 0 || q.wait.lost != nil {
		return nil, nil
	}
	text := q.Corrected()
	if s.weights.Learned {
		text = q.sentence()
	}
	limited := ctx
	if !q.wait.until.IsZero() {
		var stop context.CancelFunc
		limited, stop = context.WithDeadline(ctx, q.wait.until)
		defer stop()
	}
	vs, err := s.embedder.Embed(limited, []string{text})
	if err == nil && (len(vs) != 1 || len(vs[0]) != s.embedder.Dim() || !unit(vs[0])) {
		err = fmt.Errorf("embedder %s gave no vector of length 1 and its %d dimensions", s.embedder.ID(), s.embedder.Dim())
	}
	switch {
	case err == nil:
		return vs[0], nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case s.weights.Learned && !s.strict:
		q.wait.lost = err
		return nil, nil
	}
	return nil, err
}

// unit reports whether a vector has the length 1, or 0, which a text without content has.
func unit(v []float32) bool {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return sum == 0 || math.Abs(math.Sqrt(sum)-1) < 1e-3 // NaN is not
}

// alike compares the question with passages: all of a small collection, the nearest of a large one if the vectors are learned. Who is
// not there has no likeness; nil means that nothing was compared.
func (s *Searcher) alike(ctx context.Context, v []float32) (map[int]float32, error) {
	n := len(s.ix.Passages)
	switch {
	case v == nil || n > s.scan && !s.weights.Learned:
		return nil, nil
	case n > s.scan:
		n = candidates
	}
	matches, err := s.ix.Vectors.Search(ctx, v, n)
	if err != nil {
		return nil, err
	}
	found := make(map[int]float32, len(matches))
	low, high := float32(0), float32(1)
	if s.weights.Learned && len(matches) > 0 {
		high = matches[0].Similarity
		if low = matches[len(matches)-1].Similarity; n == len(s.ix.Passages) {
			sum := 0.0
			for _, m := range matches {
				sum += float64(m.Similarity)
			}
			low = float32(sum / float64(len(matches)))
		}
	}
	for _, m := range matches {
		if m.Similarity > low {
			found[m.ID] = (m.Similarity - low) / (high - low)
		}
	}
	return found, nil
}

// maxSentence bounds what a learned model is given of a question, in bytes: some take no more than 512 tokens, and a question proper stands
// at the end of a long one.
const maxSentence = 1500

// sentence is the question as it was asked, with misspelt words as the corpus spells them, after the earlier ones that it follows up on. Of
// a long one it is the end, from a whole word on.
func (q *sought) sentence() string {
	text := q.Fixed()
	for _, e := range q.Earlier { // the newest first
		text = e + " " + text
	}
	if over := len(text) - maxSentence; over > 0 {
		if _, rest, ok := strings.Cut(text[over:], " "); ok {
			return rest
		}
		return strings.ToValidUTF8(text[over:], "")
	}
	return text
}
