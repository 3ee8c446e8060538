package classify

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// corpus makes texts of several classes: each has words of its own, and shares others with its neighbours.
func corpus(seed uint64, n, classes int) []Example {
	r := rand.New(rand.NewPCG(seed, 7))
	var out []Example
	for range n {
		c := r.IntN(classes)
		e := Example{Class: c}
		for range 4 {
			e.Features = append(e.Features, Feature{uint64(1000*c + r.IntN(20)), 1 + r.Float32()})
		}
		for range 3 {
			e.Features = append(e.Features, Feature{uint64(500_000 + r.IntN(60)), r.Float32() + 0.1})
		}
		out = append(out, e)
	}
	return out
}

func TestLearnsClasses(t *testing.T) {
	const classes = 30
	m := Train(corpus(1, 900, classes), classes, nil)
	right := 0
	test := corpus(2, 300, classes)
	for _, e := range test {
		p := m.Probabilities(e.Features, 1)
		best, sum := 0, 0.0
		for c, v := range p {
			if v < 0 || v > 1 || math.IsNaN(float64(v)) {
				t.Fatalf("probability %v", v)
			}
			sum += float64(v)
			if v > p[best] {
				best = c
			}
		}
		if math.Abs(sum-1) > 1e-4 {
			t.Fatalf("probabilities sum to %v", sum)
		}
		if best == e.Class {
			right++
		}
	}
	if right < 290 {
		t.Errorf("%d of %d texts recognised", right, len(test))
	}
}

// TestSharesWords: words that all classes have tell nothing, and a word no example had makes the model less sure.
func TestSharesWords(t *testing.T) {
	m := Train(corpus(1, 900, 5), 5, nil)
	top := func(fs ...Feature) (v float32) {
		for _, p := range m.Probabilities(fs, 1) {
			v = max(v, p)
		}
		return v
	}
	sure := top(Feature{1003, 1}, Feature{1005, 1})
	if common := top(Feature{500_001, 1}); common > sure {
		t.Errorf("a common word is worth %v, two of a class' own words %v", common, sure)
	}
	if unsure := top(Feature{1003, 1}, Feature{1005, 1}, Feature{99, 2}); unsure >= sure {
		t.Errorf("%v with an unknown word, %v without", unsure, sure)
	}
	if v := top(); v > 0.5 {
		t.Errorf("%v for no words at all", v)
	}
}

func TestDeterministic(t *testing.T) {
	a, b := Train(corpus(3, 200, 9), 9, nil), Train(corpus(3, 200, 9), 9, nil)
	if diff := cmp.Diff(a, b, cmp.AllowUnexported(Model{})); diff != "" {
		t.Error(diff)
	}
}

func TestNoModel(t *testing.T) {
	for name, m := range map[string]*Model{
		"no examples": Train(nil, 0, nil),
		"one class":   Train(corpus(1, 5, 1), 1, nil),
		"too large":   Train(corpus(1, 40, 2), MaxWeights/10, nil),
	} {
		if m.Classes() != 0 || m.Probabilities([]Feature{{1, 1}}, 1) != nil {
			t.Errorf("%s: %d classes", name, m.Classes())
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for _, m := range []*Model{{}, Train(corpus(1, 100, 4), 4, nil)} {
		var buf bytes.Buffer
		if n, err := m.WriteTo(&buf); err != nil || n != int64(buf.Len()) {
			t.Fatal(n, err)
		}
		whole := buf.Bytes()
		got, err := Read(bytes.NewReader(whole), int64(len(whole)))
		if err != nil {
			t.Fatal(err)
		}
		if got.Classes() != m.Classes() {
			t.Errorf("%d classes", got.Classes())
		}
		if m.Classes() > 0 {
			if diff := cmp.Diff(m, got, cmp.AllowUnexported(Model{})); diff != "" {
				t.Error(diff)
			}
		}
		for cut := range len(whole) {
			if _, err := Read(bytes.NewReader(whole[:cut]), int64(cut)); !errors.Is(err, ErrFormat) {
				t.Fatalf("%d of %d bytes: %v", cut, len(whole), err)
			}
		}
	}
}

// FuzzRead: bytes make a model that works, or an error.
func FuzzRead(f *testing.F) {
	var buf bytes.Buffer
	if _, err := Train(corpus(1, 30, 3), 3, nil).WriteTo(&buf); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		if p := m.Probabilities([]Feature{{1003, 1}, {7, 2}}, 1.5); len(p) != m.Classes() {
			t.Fatalf("%d probabilities for %d classes", len(p), m.Classes())
		}
	})
}

func BenchmarkTrain(b *testing.B) {
	examples := corpus(1, 7000, 140)
	b.ReportAllocs()
	for b.Loop() {
		Train(examples, 140, nil)
	}
}

func BenchmarkProbabilities(b *testing.B) {
	m := Train(corpus(1, 7000, 140), 140, nil)
	e := corpus(2, 1, 140)[0]
	b.ReportAllocs()
	for b.Loop() {
		m.Probabilities(e.Features, 1)
	}
}
