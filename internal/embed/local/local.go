// Package local is the embedder that needs no network and no model: it hashes the Danish stems and character 4-grams
// of a text into a fixed number of dimensions.
//
// It depends on nothing but the language analysis, so that vectors of unchanged passages can be kept when a corpus
// changes. Same text, same vector, on every machine.
package local

import (
	"context"
	"fmt"
	"math"
	"strings"

	"kildesvar/internal/danish"
)

// DefaultDim was chosen on the gold questions' train split: 1,024 dimensions gain nothing over 512 on the built-in
// corpus and double the memory.
const DefaultDim = 512

// gramWeight is the weight of all 4-grams of a word together against 1 for its stem.
const gramWeight = 0.8

// Embedder hashes terms to vectors (feature hashing with signs: Weinberger et al. 2009, »Feature hashing for large
// scale multitask learning«). It is safe for concurrent use.
type Embedder struct {
	dim   int
	words danish.Memo[[]feature]
}

type feature struct {
	at     uint32
	weight float32
}

// New returns an embedder with dim dimensions; 0 means DefaultDim.
func New(dim int) *Embedder {
	if dim <= 0 {
		dim = DefaultDim
	}
	return &Embedder{dim: dim}
}

// ID names the embedder, its dimension and the version of the language analysis.
func (e *Embedder) ID() string { return fmt.Sprintf("local-%d/danish-%s/2", e.dim, danish.Version) }

// Dim returns the length of the vectors.
func (e *Embedder) Dim() int { return e.dim }

// Embed hashes each text. It fails only when ctx is done.
func (e *Embedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("embed %d texts: %w", len(texts), err)
		}
		out[i] = e.vector(t)
	}
	return out, nil
}

func (e *Embedder) vector(text string) []float32 {
	tokens := danish.Tokens(text)
	counts := make(map[string]int, len(tokens))
	words := make([]string, 0, len(tokens))
	for _, t := range tokens {
		w := strings.ToLower(t.Text)
		if counts[w]++; counts[w] == 1 {
			words = append(words, w)
		}
	}
	v := make([]float32, e.dim)
	for _, word := range words { // in order of appearance: sums of floats depend on it
		tf := float32(1 + math.Log(float64(counts[word])))
		for _, f := range e.words.Of(word, e.features) {
			v[f.at] += float32(tf * f.weight) // the conversion forbids fused multiply-add, which some processors lack
		}
	}
	normalise(v)
	return v
}

// features returns the hashed features of a lower-case word; a stop word has none.
func (e *Embedder) features(word string) (fs []feature) {
	if danish.StopWord(word) {
		return nil
	}
	folded := danish.Fold(word)
	// Rare words carry the meaning, and longer words are rarer: length stands in for the corpus statistics
	// that a corpus-independent embedder cannot have.
	weight := float32(math.Min(1, 0.35+float64(len(folded))/12))
	fs = append(fs, e.hash("s:"+danish.Fold(danish.Stem(word)), weight))
	grams := danish.Ngrams(word, 4)
	for _, g := range grams {
		fs = append(fs, e.hash("g:"+g, weight*gramWeight/float32(math.Sqrt(float64(len(grams))))))
	}
	return fs
}

// hash gives a term its dimension and sign by 64-bit FNV-1a.
func (e *Embedder) hash(term string, weight float32) feature {
	h := uint64(14695981039346656037)
	for i := range len(term) {
		h = (h ^ uint64(term[i])) * 1099511628211
	}
	h ^= h >> 32 // FNV's low bits are the weak ones
	if h&1 == 1 {
		weight = -weight
	}
	return feature{at: uint32((h >> 1) % uint64(e.dim)), weight: weight}
}

func normalise(v []float32) {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return
	}
	inv := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= inv
	}
}
