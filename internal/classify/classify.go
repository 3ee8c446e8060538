// Package classify tells which of a number of classes a short text belongs to: softmax regression over sparse features.
//
// The features are the caller's: any 64-bit keys with values, such as the terms of a text with their idf. Retrieval uses it to
// learn from the entry questions of all sections which words speak for which section, and against which.
//
// Invariants: a Model is immutable and safe for concurrent use; training is deterministic, so that equal corpora give equal
// files; probabilities are between 0 and 1 and sum to 1.
package classify

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Feature is one property of a text and how strong it is, more than 0.
type Feature struct {
	Key   uint64
	Value float32
}

// Example is a text of known class.
type Example struct {
	Features []Feature
	Class    int
}

// Training: stochastic gradient descent on the log loss. Three passes with a falling step were as good as more on the
// entry questions of the built-in corpus; stopping early is what keeps the model from learning them by heart.
const (
	passes = 3
	rate   = 4.0
	decay  = 0.5
	// MaxWeights bounds a model's size, features times classes: 64 MB. Train makes no model beyond it.
	MaxWeights = 16 << 20
)

// Model gives each class a probability. The zero value knows no class.
type Model struct {
	keys    []uint64  // sorted
	weights []float32 // of keys[i]: [i*classes, (i+1)*classes)
	classes int
}

// Train learns from examples whose classes are 0 to classes-1. The model knows no class when there are fewer than two or it
// would have more than MaxWeights weights.
//
// Its loops are left out of the race detector, which would make them the longest part of every test that builds an index; they touch
// nothing but their own memory.
//
//go:norace
func Train(examples []Example, classes int) *Model {
	m := &Model{}
	for _, e := range examples {
		for _, f := range e.Features {
			m.keys = append(m.keys, f.Key)
		}
	}
	slices.Sort(m.keys)
	m.keys = repeated(m.keys)
	if classes < 2 || len(m.keys)*classes > MaxWeights {
		return &Model{}
	}
	m.keys = slices.Clip(m.keys)
	m.weights, m.classes = make([]float32, len(m.keys)*classes), classes
	vectors := make([][]at, len(examples))
	for i, e := range examples {
		vectors[i] = m.vector(e.Features)
	}
	order := rand.New(rand.NewPCG(1, uint64(len(examples))))
	p := make([]float32, classes)
	for pass := range passes {
		step := float32(rate / (1 + decay*float64(pass)))
		for _, i := range order.Perm(len(examples)) {
			m.predict(vectors[i], 1, p)
			p[examples[i].Class]--
			for _, v := range vectors[i] {
				row := m.weights[v.row : v.row+classes]
				g := step * v.value
				for c, d := range p {
					row[c] -= g * d
				}
			}
		}
	}
	return m
}

// repeated are the values of a sorted list that stand in it more than once: what one example alone has says little of others, and
// leaving it out halves the model.
func repeated(sorted []uint64) []uint64 {
	var out []uint64
	for i, k := range sorted {
		if i > 0 && sorted[i-1] == k && (len(out) == 0 || out[len(out)-1] != k) {
			out = append(out, k)
		}
	}
	return out
}

// Classes is how many classes the model knows.
func (m *Model) Classes() int { return m.classes }

// Probabilities returns how likely each class is for a text. sharpness above 1 makes the likely ones likelier; 1 is what was
// learned. Features no example had make all classes more alike. It is nil if the model knows no class.
func (m *Model) Probabilities(features []Feature, sharpness float32) []float32 {
	if m.classes == 0 {
		return nil
	}
	p := make([]float32, m.classes)
	m.predict(m.vector(features), sharpness, p)
	return p
}

// at is a feature as its row in the weights.
type at struct {
	row   int
	value float32
}

// vector scales features to unit length and finds their rows; those without count in the length only.
func (m *Model) vector(features []Feature) []at {
	var sum float64
	for _, f := range features {
		sum += float64(f.Value) * float64(f.Value)
	}
	if sum == 0 {
		return nil
	}
	scale := float32(1 / math.Sqrt(sum))
	out := make([]at, 0, len(features))
	for _, f := range features {
		if i, ok := slices.BinarySearch(m.keys, f.Key); ok {
			out = append(out, at{i * m.classes, f.Value * scale})
		}
	}
	return out
}

// predict writes the softmax of the scores times sharpness to p.
//
//go:norace
func (m *Model) predict(vector []at, sharpness float32, p []float32) {
	clear(p)
	for _, v := range vector {
		for c, w := range m.weights[v.row : v.row+len(p)] {
			p[c] += v.value * w
		}
	}
	top := slices.Max(p)
	var sum float64
	for c, z := range p {
		e := math.Exp(float64(sharpness * (z - top)))
		p[c] = float32(e)
		sum += e
	}
	for c := range p {
		p[c] /= float32(sum)
	}
}
