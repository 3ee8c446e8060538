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
	"sync"
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

// Training: stochastic gradient descent on the log loss with half of a text's features left out at random (Srivastava et al., Dropout,
// 2014), so that it is known by more than one of its words, and with the weights averaged over the later passes (Polyak and Juditsky,
// 1992) of two runs in different orders. On entry questions of the built-in corpus that were left out, that found the right section in
// 0.58 and the right article in 0.73; three passes with everything, and nothing shared or averaged, found 0.57 and 0.71.
const (
	runs   = 2
	passes = 10
	early  = 4 // passes that are not averaged
	rate   = 5.0
	decay  = 0.2
	leave  = 0.5   // share of a text's features left out in each pass
	share  = 0.1   // how fast a group's weights are learned, against its classes' own
	still  = 0.001 // a smaller error of a class is passed over: most are, and they are half the work
	// seldom is the fewest examples that must have a feature: what one or two have says little of others, and is most of the features.
	seldom = 3
	// MaxWeights bounds a model's size, features times classes: 64 MB. Train makes no model beyond it.
	MaxWeights = 16 << 20
)

// Model gives each class a probability. The zero value knows no class.
type Model struct {
	keys    []uint64  // sorted
	weights []float32 // of keys[i]: [i*classes, (i+1)*classes)
	classes int
}

// Train learns from examples whose classes are 0 to classes-1. groups gives each class a group, 0 to classes-1: classes of one group
// learn from one another's examples, too, a little; nil when there are none. The model knows no class when there are fewer than two or
// it would have more than MaxWeights weights.
//
// Its loops are left out of the race detector, which would make them the longest part of every test that builds an index; they touch
// nothing but their own memory.
//
//go:norace
func Train(examples []Example, classes int, groups []int) *Model {
	m := &Model{}
	for _, e := range examples {
		for _, f := range e.Features {
			m.keys = append(m.keys, f.Key)
		}
	}
	slices.Sort(m.keys)
	m.keys = frequent(m.keys)
	if classes < 2 || len(m.keys)*classes > MaxWeights {
		return &Model{}
	}
	m.keys = slices.Clip(m.keys)
	m.weights, m.classes = make([]float32, len(m.keys)*classes), classes
	vectors := make([][]at, len(examples))
	for i, e := range examples {
		vectors[i] = m.vector(e.Features)
	}
	var all [runs][]float32
	var wg sync.WaitGroup
	for r := range runs {
		wg.Go(func() { all[r] = m.descend(examples, vectors, groups, uint64(r)) })
	}
	wg.Wait()
	for _, w := range all {
		for i, v := range w {
			m.weights[i] += v / runs
		}
	}
	return m
}

// descend is one run: the mean of the weights after each of the later passes.
//
//go:norace
func (m *Model) descend(examples []Example, vectors [][]at, groups []int, seed uint64) []float32 {
	run := &Model{keys: m.keys, weights: make([]float32, len(m.weights)), classes: m.classes}
	mean := make([]float32, len(m.weights))
	random := rand.New(rand.NewPCG(seed, uint64(len(examples))))
	p, kept, moved := make([]float32, m.classes), []at{}, []int{}
	for pass := range passes {
		step := float32(rate / (1 + decay*float64(pass)))
		for _, i := range random.Perm(len(examples)) {
			kept = some(kept[:0], vectors[i], random)
			run.predict(kept, 1, p)
			p[examples[i].Class]--
			shared(p, groups)
			moved = moved[:0]
			for c, d := range p {
				if d > still || d < -still {
					moved = append(moved, c)
				}
			}
			for _, v := range kept {
				row := run.weights[v.row : v.row+m.classes]
				g := step * v.value
				for _, c := range moved {
					row[c] -= g * p[c]
				}
			}
		}
		if pass >= early {
			for i, v := range run.weights {
				mean[i] += v / (passes - early)
			}
		}
	}
	return mean
}

// some are the features of a text that a pass does not leave out, made stronger so that the text is as long as before on average.
//
//go:norace
func some(kept, all []at, random *rand.Rand) []at {
	scale := float32(1 / math.Sqrt(1-leave))
	for _, v := range all {
		if random.Float32() >= leave {
			kept = append(kept, at{v.row, v.value * scale})
		}
	}
	return kept
}

// shared adds to each class' gradient its share of the group's: the same as if every feature had a weight of its own for the group, which
// all classes of the group add to theirs.
//
//go:norace
func shared(gradient []float32, groups []int) {
	if groups == nil {
		return
	}
	sums := make([]float32, len(gradient))
	for c, d := range gradient {
		sums[groups[c]] += d
	}
	for c := range gradient {
		gradient[c] += share * sums[groups[c]]
	}
}

// frequent are the values that stand in a sorted list at least as often as seldom says.
func frequent(sorted []uint64) []uint64 {
	var out []uint64
	for from := 0; from < len(sorted); {
		to := from
		for to < len(sorted) && sorted[to] == sorted[from] {
			to++
		}
		if to-from >= seldom {
			out = append(out, sorted[from])
		}
		from = to
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
