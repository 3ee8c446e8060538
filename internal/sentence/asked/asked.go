// Package asked learns from the entry questions of a section which of its sentences a question asks for.
//
// Package sentence rates sentences with it. It knows nothing of hits or answers, and adds nothing to the index: it learns in memory, when
// a section is asked about.
package asked

import (
	"math"
	"slices"
	"sync"

	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
)

// Aligner tells which sentence of a section a question asks for, learned from the section's entry questions: editors write them for one
// sentence or another, in words that the sentence itself often has not. A section is learned the first time it is asked about. It is safe
// for concurrent use.
//
// The model is a mixture of unigrams for each section: an entry question's words are drawn from one sentence's, or from all that the
// section's entry questions and sentences say. A sentence's words begin as its own and take up those of the entry questions that are
// likely its own, in rounds (expectation-maximisation, as Nigam et al. 2000 do for classes).
type Aligner struct {
	ix      *index.Index
	section []int   // of each passage; -1 for none
	of      [][]int // the entry questions of each section

	mu      sync.Mutex
	learned map[int]*ties // by section
}

// Of the mixture; chosen on the train split.
const (
	alignRounds = 3
	ownShare    = 0.6  // of the words of a question that come from its sentence
	ownWords    = 3    // how often the words of a sentence itself count
	sharpTies   = 0.7  // below 1 the likeliest sentence is less sure than the words make it, which are not independent
	least       = 0.01 // how likely a sentence must be for an entry question to count
)

// Bounds of time and memory for a large corpus.
const (
	maxAligned = 2000 // entry questions of a section that are learned from
	maxLearned = 256  // sections that are kept
)

// ties are what was learned of a section.
type ties struct {
	at    map[int]int         // where a passage's sentences begin in gains
	words map[lexical.Key]int // columns of gains
	gains [][]float32         // log of how much likelier a sentence makes a word than its section does
	prior []float64           // log of the share of entry questions
}

// New returns an aligner that has learned nothing yet.
func New(ix *index.Index) *Aligner {
	a := &Aligner{ix: ix, section: make([]int, len(ix.Passages)), of: make([][]int, len(ix.Sections)), learned: map[int]*ties{}}
	for p := range a.section {
		a.section[p] = -1
	}
	first := map[int]int{}
	for n, s := range ix.Sections {
		first[s.First] = n
		for p := s.First; p < s.Last; p++ {
			a.section[p] = n
		}
	}
	for q := range ix.Questions {
		if n, ok := first[ix.Questions[q].First]; ok && len(a.of[n]) < maxAligned {
			a.of[n] = append(a.of[n], q)
		}
	}
	return a
}

// Likely is how likely each sentence of a passage is the one that a question with the terms asks for, among those of its section; nil when
// the section has no entry questions.
func (a *Aligner) Likely(passage int, terms []lexical.Weighted) []float64 {
	n := a.section[passage]
	if n < 0 {
		return nil
	}
	t := a.ties(n)
	from := t.at[passage]
	return t.likely(t.count(terms, false))[from : from+len(a.ix.Passages[passage].Sentences)]
}

// ties returns what was learned of a section. Two questions at once may learn the same, which does no harm.
func (a *Aligner) ties(section int) *ties {
	a.mu.Lock()
	t := a.learned[section]
	a.mu.Unlock()
	if t != nil {
		return t
	}
	t = a.learn(section)
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.learned) >= maxLearned {
		clear(a.learned)
	}
	a.learned[section] = t
	return t
}

// learn reads the entry questions of a section.
func (a *Aligner) learn(section int) *ties {
	s := a.ix.Sections[section]
	t := &ties{at: map[int]int{}, words: map[lexical.Key]int{}}
	var sentences, questions []counted
	for p := s.First; p < s.Last; p++ {
		t.at[p] = len(sentences)
		for n := range a.ix.Passages[p].Sentences {
			sentences = append(sentences, t.count(a.ix.Analyser().Text(a.ix.Passages[p].SentenceText(n)).Stems, true))
		}
	}
	for _, q := range a.of[section] {
		questions = append(questions, t.count(a.ix.Analyser().Text(a.ix.Questions[q].Text).Stems, true))
	}
	all := make([]float64, len(t.words))
	for _, c := range slices.Concat(sentences, questions) {
		c.add(all, 1)
	}
	t.prior = make([]float64, len(sentences))
	t.fit(counts(sentences, len(all)), all)
	for range alignRounds {
		own, shares := counts(sentences, len(all)), make([]float64, len(sentences))
		for _, q := range questions {
			for i, p := range t.likely(q) {
				shares[i] += p
				if p > least {
					q.add(own[i], p)
				}
			}
		}
		for i, n := range shares {
			t.prior[i] = math.Log((n + 1) / float64(len(questions)+len(shares)))
		}
		t.fit(own, all)
	}
	return t
}

// counts are the words of each sentence.
func counts(sentences []counted, words int) [][]float64 {
	out := make([][]float64, len(sentences))
	for i, s := range sentences {
		out[i] = make([]float64, words)
		s.add(out[i], ownWords)
	}
	return out
}

// counted are the words of a text as columns.
type counted struct {
	word []int
	n    []float64
}

func (t *ties) count(terms []lexical.Weighted, learn bool) (c counted) {
	for _, w := range terms {
		i, ok := t.words[w.Key]
		if !ok {
			if !learn {
				continue
			}
			i = len(t.words)
			t.words[w.Key] = i
		}
		c.word, c.n = append(c.word, i), append(c.n, float64(w.Weight))
	}
	return c
}

func (c counted) add(to []float64, times float64) {
	for i, w := range c.word {
		to[w] += c.n[i] * times
	}
}

// fit makes gains of each sentence's words and all words of the section.
func (t *ties) fit(own [][]float64, all []float64) {
	total := sum(all)
	t.gains = make([][]float32, len(own))
	for i, c := range own {
		n := max(sum(c), 1)
		t.gains[i] = make([]float32, len(all))
		for w := range c {
			base := all[w] / total
			t.gains[i][w] = float32(math.Log((ownShare*c[w]/n + (1-ownShare)*base) / base))
		}
	}
}

// likely is how likely each sentence is the one that a question asks for.
func (t *ties) likely(q counted) []float64 {
	out := slices.Clone(t.prior)
	for i, g := range t.gains {
		for k, w := range q.word {
			out[i] += q.n[k] * float64(g[w])
		}
	}
	if len(out) == 0 {
		return nil
	}
	best, all := slices.Max(out), 0.0
	for i := range out {
		out[i] = math.Exp(sharpTies * (out[i] - best))
		all += out[i]
	}
	for i := range out {
		out[i] /= all
	}
	return out
}

func sum(xs []float64) (s float64) {
	for _, x := range xs {
		s += x
	}
	return s
}
