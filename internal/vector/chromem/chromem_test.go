package chromem_test

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
	"kildesvar/internal/vector/vectortest"
)

func open(t testing.TB, dim int) vector.Store {
	t.Helper()
	s, err := chromem.New(dim)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	vectortest.Run(t, func(t *testing.T, dim int) vector.Store { return open(t, dim) })
}

// unit is a random vector of length 1.
func unit(rng *rand.Rand, dim int) []float32 {
	v := make([]float32, dim)
	var sum float64
	for i := range v {
		v[i] = float32(rng.NormFloat64())
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(sum))
	}
	return v
}

// TestTies: of equal vectors those with the lowest ids are found, however many there are, on every search.
func TestTies(t *testing.T) {
	s := open(t, 4)
	v := []float32{0.5, 0.5, 0.5, 0.5}
	for i := range 500 {
		if err := s.Add(t.Context(), i, v); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		got, err := s.Search(t.Context(), v, 10)
		if err != nil || len(got) != 10 {
			t.Fatalf("%v, %v", got, err)
		}
		for i, m := range got {
			if m.ID != i {
				t.Fatalf("found %v, want ids 0 to 9", got)
			}
		}
	}
}

// TestSearchTogether: searches and scores side by side give what one alone gives.
func TestSearchTogether(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	rng := rand.New(rand.NewPCG(1, 2))
	s := open(t, 32)
	for i := range 300 {
		if err := s.Add(t.Context(), i, unit(rng, 32)); err != nil {
			t.Fatal(err)
		}
	}
	q := unit(rng, 32)
	want, err := s.Search(t.Context(), q, 20)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				got, err := s.Search(t.Context(), q, 20)
				if err != nil || len(got) != 20 || got[0] != want[0] || got[19] != want[19] {
					t.Errorf("%v, %v; want %v", got, err, want)
				}
				sc, err := s.Score(t.Context(), q, []int{want[3].ID})
				if err != nil || math.Abs(float64(sc[0]-want[3].Similarity)) > 1e-5 {
					t.Errorf("%v, %v; want %v", sc, err, want[3].Similarity)
				}
			}
		})
	}
	wg.Wait()
}

func filled(b *testing.B, n int) (vector.Store, []float32) {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	s := open(b, 512)
	for i := range n {
		if err := s.Add(b.Context(), i, unit(rng, 512)); err != nil {
			b.Fatal(err)
		}
	}
	return s, unit(rng, 512)
}

func BenchmarkAdd(b *testing.B) {
	v := unit(rand.New(rand.NewPCG(1, 2)), 512)
	s := open(b, 512)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Add(b.Context(), i, v); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkSearch5k(b *testing.B) {
	s, q := filled(b, 5000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Search(b.Context(), q, 60); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScore60(b *testing.B) {
	s, q := filled(b, 5000)
	ids := make([]int, 60)
	for i := range ids {
		ids[i] = i * 83
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Score(b.Context(), q, ids); err != nil {
			b.Fatal(err)
		}
	}
}
