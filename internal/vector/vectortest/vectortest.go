// Package vectortest is the conformance suite of vector.Store.
package vectortest

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"kildesvar/internal/vector"
)

// Run checks a store made by open, which must return an empty one for vectors of length dim.
func Run(t *testing.T, open func(t *testing.T, dim int) vector.Store) {
	t.Run("nearest first, as counted by hand", func(t *testing.T) { nearest(t, open(t, 16)) })
	t.Run("more than there is", func(t *testing.T) { more(t, open(t, 4)) })
	t.Run("bad vectors are refused and change nothing", func(t *testing.T) { bad(t, open(t, 4)) })
	t.Run("zero vectors are kept but never found", func(t *testing.T) { zeros(t, open(t, 4)) })
	t.Run("an id added again is replaced", func(t *testing.T) { replace(t, open(t, 2)) })
	t.Run("a cancelled search is an error", func(t *testing.T) { cancelled(t, open(t, 4)) })
}

func nearest(t *testing.T, s vector.Store) {
	ctx := t.Context()
	rng := rand.New(rand.NewPCG(1, 2))
	vs := make([][]float32, 200)
	for i := range vs {
		vs[i] = random(rng, 16)
		add(t, s, i, vs[i])
	}
	if s.Len() != len(vs) {
		t.Fatalf("Len = %d, want %d", s.Len(), len(vs))
	}
	q := random(rng, 16)
	want := make([]int, len(vs))
	for i := range want {
		want[i] = i
	}
	sort.Slice(want, func(a, b int) bool { return dot(q, vs[want[a]]) > dot(q, vs[want[b]]) })
	got, err := s.Search(ctx, q, 20)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 20 {
		t.Fatalf("%d matches, want 20", len(got))
	}
	var ids []int
	for i, m := range got {
		if m.ID != want[i] {
			t.Errorf("match %d is %d, want %d", i, m.ID, want[i])
		}
		if math.Abs(float64(m.Similarity-dot(q, vs[m.ID]))) > 1e-5 {
			t.Errorf("similarity of %d is %v, want %v", m.ID, m.Similarity, dot(q, vs[m.ID]))
		}
		ids = append(ids, m.ID)
	}
	scores, err := s.Score(ctx, q, append(ids, 9999))
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range got {
		if math.Abs(float64(scores[i]-m.Similarity)) > 1e-5 {
			t.Errorf("score of %d is %v, search said %v", m.ID, scores[i], m.Similarity)
		}
	}
	if scores[len(ids)] != 0 {
		t.Errorf("an unknown id scored %v, want 0", scores[len(ids)])
	}
}

func more(t *testing.T, s vector.Store) {
	q := []float32{1, 0, 0, 0}
	if got, err := s.Search(t.Context(), q, 5); err != nil || len(got) != 0 {
		t.Fatalf("empty store: %v, %v; want no matches, no error", got, err)
	}
	add(t, s, 7, q)
	got, err := s.Search(t.Context(), q, 5)
	if err != nil || len(got) != 1 || got[0].ID != 7 {
		t.Fatalf("one vector: %v, %v; want id 7", got, err)
	}
}

func bad(t *testing.T, s vector.Store) {
	ctx := t.Context()
	nan := float32(math.NaN())
	for name, c := range map[string]struct {
		v    []float32
		want error
	}{
		"short":   {[]float32{1, 0, 0}, vector.ErrDimension},
		"long":    {[]float32{1, 0, 0, 0, 0}, vector.ErrDimension},
		"nan":     {[]float32{nan, 0, 0, 1}, vector.ErrVector},
		"not one": {[]float32{1, 1, 0, 0}, vector.ErrVector},
	} {
		if err := s.Add(ctx, 1, c.v); !errors.Is(err, c.want) {
			t.Errorf("%s: Add gave %v, want %v", name, err, c.want)
		}
		if _, err := s.Search(ctx, c.v, 1); !errors.Is(err, c.want) {
			t.Errorf("%s: Search gave %v, want %v", name, err, c.want)
		}
	}
	if s.Len() != 0 {
		t.Errorf("Len = %d after refused vectors, want 0", s.Len())
	}
}

func zeros(t *testing.T, s vector.Store) {
	ctx := t.Context()
	add(t, s, 1, make([]float32, 4))
	add(t, s, 2, []float32{0, 1, 0, 0})
	got, err := s.Search(ctx, []float32{0, 1, 0, 0}, 10)
	if err != nil || len(got) != 1 || got[0].ID != 2 {
		t.Errorf("got %v, %v; want only id 2", got, err)
	}
	if got, err := s.Search(ctx, make([]float32, 4), 10); err != nil || len(got) != 0 {
		t.Errorf("a zero query gave %v, %v; want nothing", got, err)
	}
	if sc, err := s.Score(ctx, []float32{0, 1, 0, 0}, []int{1, 2}); err != nil || sc[0] != 0 || sc[1] != 1 {
		t.Errorf("scores %v, %v; want 0 and 1", sc, err)
	}
}

func replace(t *testing.T, s vector.Store) {
	add(t, s, 1, []float32{1, 0})
	add(t, s, 1, []float32{0, 1})
	got, err := s.Search(t.Context(), []float32{0, 1}, 2)
	if err != nil || len(got) != 1 || got[0].Similarity != 1 {
		t.Errorf("got %v, %v; want id 1 with similarity 1", got, err)
	}
	add(t, s, 1, []float32{0, 0})
	if got, _ := s.Search(t.Context(), []float32{0, 1}, 2); len(got) != 0 {
		t.Errorf("replaced by zero, still found: %v", got)
	}
}

func cancelled(t *testing.T, s vector.Store) {
	add(t, s, 1, []float32{1, 0, 0, 0})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := s.Search(ctx, []float32{1, 0, 0, 0}, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v; want context.Canceled", got, err)
	}
}

func add(t *testing.T, s vector.Store, id int, v []float32) {
	t.Helper()
	if err := s.Add(t.Context(), id, v); err != nil {
		t.Fatal(err)
	}
}

func random(rng *rand.Rand, dim int) []float32 {
	v := make([]float32, dim)
	var sum float64
	for i := range v {
		v[i] = float32(rng.NormFloat64())
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

func dot(a, b []float32) float32 {
	var s float32
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}
