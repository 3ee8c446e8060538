package local

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
)

const text = "Samskabelse er en proces, hvor borgere, civilsamfund og kommune som ligeværdige parter udvikler nye svar på en fælles opgave."

func embedOne(t testing.TB, e *Embedder, s string) []float32 {
	t.Helper()
	vs, err := e.Embed(t.Context(), []string{s})
	if err != nil {
		t.Fatal(err)
	}
	return vs[0]
}

// TestGolden pins bits: a stored vector must be the same as one made today, on any machine. When the analysis or the
// hashing changes on purpose, the id must change with these numbers.
func TestGolden(t *testing.T) {
	v := embedOne(t, New(8), "frivilligcenter")
	want := []float32{-0.26130223, 0, -0.26130223, 0, 0.13065112, -0.87236696, -0.26130223, -0.13065112}
	if !slices.Equal(v, want) {
		t.Errorf("got %#v\nwant %#v", v, want)
	}
	v = embedOne(t, New(0), text)
	if got := checksum(v); got != 0x6719a153c9c9ac6d {
		t.Errorf("checksum of the vector's bits is %#x", got)
	}
}

// checksum is FNV-1a over the bits.
func checksum(v []float32) uint64 {
	h := uint64(14695981039346656037)
	for _, x := range v {
		for b := math.Float32bits(x); b > 0; b >>= 8 {
			h = (h ^ uint64(b&0xff)) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	return h
}

// TestSameBits: neither map order, other texts seen before nor parallel use changes a bit.
func TestSameBits(t *testing.T) {
	long := strings.Repeat(text+" Frivillige i foreninger, frivilligcentre og kommunale institutioner mødes om boligområder. ", 3)
	want := embedOne(t, New(0), long)
	e := New(0)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if got := embedOne(t, e, long); !slices.Equal(got, want) {
					t.Error("the vector differs between calls")
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestUnitLengthAndZero(t *testing.T) {
	e := New(0)
	for s, zero := range map[string]bool{"": true, " \n\t": true, "…!?": true, "og i at det": true, text: false, "x": false, "§ 18": false, "日本語": false, "\xff\xfe": true} {
		v := embedOne(t, e, s)
		if len(v) != e.Dim() || e.Dim() != DefaultDim {
			t.Fatalf("%q: %d dimensions, want %d", s, len(v), DefaultDim)
		}
		var sum float64
		for _, x := range v {
			sum += float64(x) * float64(x)
		}
		if zero && sum != 0 || !zero && math.Abs(sum-1) > 1e-5 {
			t.Errorf("%q: squared length %v; want zero: %v", s, sum, zero)
		}
	}
}

// TestLikeness: other forms, misspellings and compounds are nearer than strangers.
func TestLikeness(t *testing.T) {
	e := New(0)
	dot := func(a, b string) float64 {
		va, vb := embedOne(t, e, a), embedOne(t, e, b)
		var s float64
		for i := range va {
			s += float64(va[i]) * float64(vb[i])
		}
		return s
	}
	for _, c := range [][3]string{
		{"frivillige foreninger", "en frivillig forening", "kommunens budget"},
		{"samskabelse", "samskapelse", "partnerskab"},
		{"frivilligcenter", "frivillig center", "ungdomsklub"},
		{"ældre borgere", "aeldre borgere", "unge studerende"},
	} {
		if near, far := dot(c[0], c[1]), dot(c[0], c[2]); near <= far+0.15 {
			t.Errorf("%q is %.2f like %q and %.2f like %q", c[0], near, c[1], far, c[2])
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if vs, err := New(0).Embed(ctx, []string{"a"}); !errors.Is(err, context.Canceled) || vs != nil {
		t.Errorf("got %v, %v; want context.Canceled", vs, err)
	}
}

func TestID(t *testing.T) {
	if New(0).ID() == New(256).ID() {
		t.Error("dimensions are not part of the id")
	}
}

func BenchmarkEmbed(b *testing.B) {
	e := New(0)
	passage := strings.Repeat(text+" ", 8) // about 150 words
	b.SetBytes(int64(len(passage)))
	b.ReportAllocs()
	for b.Loop() {
		embedOne(b, e, passage)
	}
}
