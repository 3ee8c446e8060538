package lexical

import (
	"math"
	"strings"
	"sync"

	"kildesvar/internal/danish"
)

// Key identifies a term: the 64-bit FNV-1a hash of its text, mixed. At a million terms the chance that any two collide
// is below one in ten million, and an index of numbers is a third of one of strings.
type Key uint64

// Weighted is a term of a query or the count of a term in a document.
type Weighted struct {
	Key    Key
	Weight float32
}

// Terms are the two views of a text. Stems match the word in all its forms and its compounds' parts; grams match
// misspellings and compounds that are split or joined.
type Terms struct {
	Stems []Weighted
	Grams []Weighted
}

// GramSize is the length of the character n-grams: 4 was measured best for Danish, alone and in fusion.
const GramSize = 4

// cacheWords bounds how many distinct words an Analyser remembers.
const cacheWords = 500_000

// Analyser turns words into terms and remembers those it has seen. It is safe for concurrent use.
type Analyser struct {
	da    *danish.Analyser
	mu    sync.RWMutex
	cache map[string]*wordTerms
}

type wordTerms struct {
	stop  bool
	stems []Weighted
	grams []Key
}

// NewAnalyser returns an Analyser that splits compounds with split, which may be nil.
func NewAnalyser(split *danish.Splitter) *Analyser {
	return &Analyser{da: danish.NewAnalyser(split), cache: make(map[string]*wordTerms)}
}

// Text analyses running text: stop words are dropped, weights are term frequencies.
func (a *Analyser) Text(s string) Terms {
	b := newBag()
	for _, t := range danish.Tokens(s) {
		b.add(a.word(strings.ToLower(t.Text)), 1)
	}
	return b.terms()
}

// Words analyses single words with a weight each, as for a query.
func (a *Analyser) Words(words []string, weights []float32) Terms {
	b := newBag()
	for i, w := range words {
		b.add(a.word(w), weights[i])
	}
	return b.terms()
}

// word returns the terms of one lower-case word.
func (a *Analyser) word(w string) *wordTerms {
	a.mu.RLock()
	wt := a.cache[w]
	a.mu.RUnlock()
	if wt != nil {
		return wt
	}
	wt = &wordTerms{stop: danish.StopWord(w)}
	if !wt.stop {
		for _, t := range a.da.Terms(w) {
			wt.stems = append(wt.stems, Weighted{hash(t.Text), float32(t.Weight)})
		}
		for _, g := range danish.Ngrams(w, GramSize) {
			wt.grams = append(wt.grams, hash(g))
		}
	}
	a.mu.Lock()
	if len(a.cache) < cacheWords {
		a.cache[w] = wt
	}
	a.mu.Unlock()
	return wt
}

// bag counts terms in order of first appearance, so that results do not depend on map order.
type bag struct {
	stems, grams counter
}

type counter struct {
	at   map[Key]int
	list []Weighted
}

func newBag() *bag {
	return &bag{counter{at: make(map[Key]int, 64)}, counter{at: make(map[Key]int, 256)}}
}

func (b *bag) add(wt *wordTerms, weight float32) {
	for _, s := range wt.stems {
		b.stems.add(s.Key, s.Weight*weight)
	}
	for _, g := range wt.grams {
		b.grams.add(g, weight)
	}
}

func (b *bag) terms() Terms { return Terms{Stems: b.stems.list, Grams: b.grams.list} }

func (c *counter) add(k Key, w float32) {
	if i, ok := c.at[k]; ok {
		c.list[i].Weight += w
		return
	}
	c.at[k] = len(c.list)
	c.list = append(c.list, Weighted{k, w})
}

func hash(s string) Key {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 32
	return Key(h)
}

// KeyOf returns the key of a term as danish.Analyser gives it.
func KeyOf(term string) Key { return hash(term) }

func ln(x float64) float64 { return math.Log(x) }
