package lexical

import (
	"math"
	"slices"
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

// Analyser turns words into terms and remembers those it has seen last. It is safe for concurrent use.
type Analyser struct {
	da   *danish.Analyser
	seen danish.Memo[*wordTerms]
}

type wordTerms struct {
	stop  bool
	stems []Weighted
	grams []Key
}

// NewAnalyser returns an Analyser that splits compounds with split, which may be nil.
func NewAnalyser(split *danish.Splitter) *Analyser {
	return &Analyser{da: danish.NewAnalyser(split)}
}

// Text analyses running text: stop words are dropped, weights are term frequencies.
func (a *Analyser) Text(s string) Terms {
	b := bags.Get().(*bag)
	defer bags.Put(b)
	for _, t := range danish.Tokens(s) {
		b.add(a.word(strings.ToLower(t.Text)), 1)
	}
	return b.terms()
}

// Words analyses single words with a weight each, as for a query.
func (a *Analyser) Words(words []string, weights []float32) Terms {
	b := bags.Get().(*bag)
	defer bags.Put(b)
	for i, w := range words {
		b.add(a.word(w), weights[i])
	}
	return b.terms()
}

// word returns the terms of one lower-case word.
func (a *Analyser) word(w string) *wordTerms { return a.seen.Of(w, a.look) }

func (a *Analyser) look(w string) *wordTerms {
	wt := &wordTerms{stop: danish.StopWord(w)}
	if wt.stop {
		return wt
	}
	for _, t := range a.da.Terms(w) {
		wt.stems = append(wt.stems, Weighted{hash(t.Text), float32(t.Weight)})
	}
	for _, g := range danish.Ngrams(w, GramSize) {
		wt.grams = append(wt.grams, hash(g))
	}
	return wt
}

// bag counts terms in order of first appearance, so that results do not depend on the order of a map.
type bag struct {
	stems, grams counter
}

// bags are kept for reuse: their tables are most of the cost of analysing a text.
var bags = sync.Pool{New: func() any { return new(bag) }}

func (b *bag) add(wt *wordTerms, weight float32) {
	for _, s := range wt.stems {
		b.stems.add(s.Key, s.Weight*weight)
	}
	for _, g := range wt.grams {
		b.grams.add(g, weight)
	}
}

// terms returns what was counted and empties the bag.
func (b *bag) terms() Terms { return Terms{Stems: b.stems.take(), Grams: b.grams.take()} }

// counter is a hash table with linear probing. Keys are hashes already, so they are their own place in it.
type counter struct {
	list  []Weighted
	table []int32 // 1 + the place in list, 0 for none; its length is a power of two, at least twice that of list
}

func (c *counter) add(k Key, w float32) {
	if 2*len(c.list) >= len(c.table) {
		c.grow()
	}
	at := c.find(k)
	if i := c.table[at]; i > 0 {
		c.list[i-1].Weight += w
		return
	}
	c.list = append(c.list, Weighted{k, w})
	c.table[at] = int32(len(c.list))
}

// find returns where in the table the key is or would be.
func (c *counter) find(k Key) int {
	mask := len(c.table) - 1
	at := int(k) & mask
	for c.table[at] > 0 && c.list[c.table[at]-1].Key != k {
		at = (at + 1) & mask
	}
	return at
}

func (c *counter) grow() {
	c.table = make([]int32, max(256, 2*len(c.table)))
	for i, t := range c.list {
		c.table[c.find(t.Key)] = int32(i + 1)
	}
}

// take returns a copy of the list, nil when it is empty, and empties the counter.
func (c *counter) take() []Weighted {
	if len(c.list) == 0 {
		return nil
	}
	out := slices.Clone(c.list)
	for _, t := range c.list { // fewer than the table has places
		at := int(t.Key) & (len(c.table) - 1)
		for c.table[at] > 0 {
			c.table[at] = 0
			at = (at + 1) & (len(c.table) - 1)
		}
	}
	c.list = c.list[:0]
	return out
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
