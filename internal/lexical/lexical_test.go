package lexical

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kildesvar/internal/danish"
)

// docs are small documents with whole and half frequencies.
var docs = [][]Weighted{
	{{1, 1}, {2, 2}, {3, 0.5}},
	{{2, 1}},
	{{1, 3}, {4, 1.5}},
	{},
	{{5, 200}},
}

func build(docs [][]Weighted) *Index {
	b := NewBuilder()
	for _, d := range docs {
		b.Add(d)
	}
	return b.Build()
}

// bm25 computes the score straight from the formula.
func bm25(docs [][]Weighted, query []Weighted, doc int) float64 {
	var total, score float64
	length := make([]float64, len(docs))
	for i, d := range docs {
		for _, t := range d {
			length[i] += float64(t.Weight)
		}
		total += length[i]
	}
	avg := total / float64(len(docs))
	for _, q := range query {
		var df, tf float64
		for i, d := range docs {
			for _, t := range d {
				if t.Key == q.Key {
					df++
					if i == doc {
						tf = float64(t.Weight)
					}
				}
			}
		}
		idf := math.Log(1 + (float64(len(docs))-df+0.5)/(df+0.5))
		score += float64(q.Weight) * idf * tf * (1.2 + 1) / (tf + 1.2*(1-0.75+0.75*length[doc]/avg))
	}
	return score
}

func TestBM25(t *testing.T) {
	random := make([][]Weighted, 50)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		for k := range 30 {
			if rng.IntN(4) == 0 {
				random[i] = append(random[i], Weighted{Key(k) << 40, float32(1+rng.IntN(20)) / 2})
			}
		}
	}
	for name, c := range map[string]struct {
		docs  [][]Weighted
		query []Weighted
	}{
		"one term":      {docs[:4], []Weighted{{1, 1}}},
		"several":       {docs[:4], []Weighted{{1, 1}, {2, 0.5}, {4, 2}, {9, 1}}},
		"nothing met":   {docs[:4], []Weighted{{9, 1}}},
		"empty":         {docs[:4], nil},
		"random":        {random, []Weighted{{3 << 40, 1}, {7 << 40, 0.5}, {29 << 40, 1}}},
		"one document":  {docs[:1], []Weighted{{1, 1}}},
		"empty ones":    {[][]Weighted{{}, {}}, []Weighted{{1, 1}}},
		"no documents":  {nil, []Weighted{{1, 1}}},
		"long document": {docs[:3], []Weighted{{4, 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			ix := build(c.docs)
			got := make([]float32, ix.Len())
			ix.Score(c.query, got)
			for d, g := range got {
				if want := bm25(c.docs, c.query, d); math.Abs(float64(g)-want) > 1e-5 || g < 0 {
					t.Errorf("document %d scores %v, want %v", d, g, want)
				}
			}
		})
	}
}

// TestSaturates: a frequency beyond what a byte of halves holds counts as the most it holds.
func TestSaturates(t *testing.T) {
	ix := build(docs)
	got := make([]float32, ix.Len())
	ix.Score([]Weighted{{5, 1}}, got)
	cut := slices.Clone(docs)
	cut[4] = []Weighted{{5, 127.5}, {6, 72.5}} // the same length
	if want := bm25(cut, []Weighted{{5, 1}}, 4); math.Abs(float64(got[4])-want) > 1e-4 {
		t.Errorf("score %v, want %v", got[4], want)
	}
}

func TestScoreAdds(t *testing.T) {
	ix := build(docs)
	scores := []float32{10, 10, 10, 10, 10}
	ix.Score([]Weighted{{2, 1}}, scores)
	if scores[3] != 10 || scores[0] <= 10 {
		t.Errorf("scores %v; want those of matching documents raised", scores)
	}
}

func TestFrequencies(t *testing.T) {
	ix := build(docs)
	for k, df := range map[Key]int{1: 2, 2: 2, 3: 1, 4: 1, 9: 0} {
		if got := ix.DocFreq(k); got != df {
			t.Errorf("DocFreq(%d) = %d, want %d", k, got, df)
		}
		want := math.Log(1 + (5-float64(df)+0.5)/(float64(df)+0.5))
		if got := float64(ix.IDF(k)); math.Abs(got-want) > 1e-6 {
			t.Errorf("IDF(%d) = %v, want %v", k, got, want)
		}
	}
	if got, want := ix.Ceiling([]Weighted{{1, 1}, {9, 0.5}}), ix.IDF(1)+0.5*ix.IDF(9); got != want {
		t.Errorf("Ceiling %v, want %v", got, want)
	}
}

// TestCeiling: a document of average length that repeats the query's terms endlessly comes near k1+1 times the ceiling,
// and one that has each once meets it exactly.
func TestCeiling(t *testing.T) {
	ix := build([][]Weighted{{{1, 1}, {2, 1}}, {{3, 1}, {4, 1}}})
	query := []Weighted{{1, 1}, {2, 1}}
	got := make([]float32, 2)
	ix.Score(query, got)
	if ratio := got[0] / ix.Ceiling(query); math.Abs(float64(ratio)-1) > 1e-5 {
		t.Errorf("score over ceiling is %v, want 1", ratio)
	}
}

func written(t testing.TB, ix *Index) []byte {
	t.Helper()
	var buf bytes.Buffer
	n, err := ix.WriteTo(&buf)
	if err != nil || n != int64(buf.Len()) {
		t.Fatalf("WriteTo: %d, %v; %d bytes written", n, err, buf.Len())
	}
	return buf.Bytes()
}

func TestRoundTrip(t *testing.T) {
	big := make([][]Weighted, 3000)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range big {
		for k := range 40 {
			big[i] = append(big[i], Weighted{Key(rng.Uint64()>>50)<<10 | Key(k), 1})
		}
	}
	for name, d := range map[string][][]Weighted{"small": docs, "nothing": nil, "empty documents": {{}, {}}, "over several chunks": big} {
		t.Run(name, func(t *testing.T) {
			ix := build(d)
			data := written(t, ix)
			got, err := Read(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(ix, got, cmp.AllowUnexported(Index{})); diff != "" {
				t.Errorf("-written +read\n%s", diff)
			}
			if again := written(t, build(d)); !bytes.Equal(again, data) {
				t.Error("two builds of the same documents differ")
			}
		})
	}
}

// TestDamage: every truncation and every wrong size is refused; no bit flip makes reading or scoring panic.
func TestDamage(t *testing.T) {
	data := written(t, build(docs))
	for n := range len(data) {
		if _, err := Read(bytes.NewReader(data[:n]), int64(len(data))); !errors.Is(err, ErrFormat) {
			t.Errorf("cut to %d of %d: %v, want ErrFormat", n, len(data), err)
		}
		if _, err := Read(bytes.NewReader(data[:n]), int64(n)); !errors.Is(err, ErrFormat) {
			t.Errorf("cut to %d, told so: %v, want ErrFormat", n, err)
		}
	}
	for i := range data {
		for bit := range 8 {
			bad := slices.Clone(data)
			bad[i] ^= 1 << bit
			use(t, bad)
		}
	}
	for _, size := range []int64{0, -1, math.MaxInt64, math.MinInt64, int64(len(data)) + 1} {
		if _, err := Read(bytes.NewReader(data), size); !errors.Is(err, ErrFormat) {
			t.Errorf("size %d: %v, want ErrFormat", size, err)
		}
	}
}

// use reads data and, if that works, scores with it: nothing may panic, and no score may be negative or no number.
func use(t *testing.T, data []byte) {
	t.Helper()
	ix, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		if !errors.Is(err, ErrFormat) {
			t.Errorf("%v, want ErrFormat", err)
		}
		return
	}
	scores := make([]float32, ix.Len())
	query := []Weighted{{1, 1}, {2, 1}, {3, 0.5}}
	for _, k := range ix.keys[:min(len(ix.keys), 50)] {
		query = append(query, Weighted{Key(k), 1})
	}
	ix.Score(query, scores)
	for d, s := range scores {
		if !(s >= 0) || math.IsInf(float64(s), 0) {
			t.Errorf("document %d scores %v", d, s)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written(f, build(docs)))
	f.Add(written(f, build(nil)))
	f.Add(bytes.Repeat([]byte{0xff}, 64))
	f.Fuzz(func(t *testing.T, data []byte) { use(t, data) })
}

// failingWriter fails after n bytes.
type failingWriter struct{ n int }

var errFull = errors.New("full")

func (w *failingWriter) Write(p []byte) (int, error) {
	if len(p) > w.n {
		n := w.n
		w.n = 0
		return n, errFull
	}
	w.n -= len(p)
	return len(p), nil
}

func TestWriteFails(t *testing.T) {
	ix := build(docs)
	whole := len(written(t, ix))
	for n := range whole {
		if got, err := ix.WriteTo(&failingWriter{n}); !errors.Is(err, errFull) || got != int64(n) {
			t.Errorf("room for %d bytes: %d, %v; want an error", n, got, err)
		}
	}
}

func TestAnalyser(t *testing.T) {
	a := NewAnalyser(danish.NewSplitter(map[string]int{"frivillig": 5, "center": 5, "kommune": 3}))
	keys := func(terms []Weighted) map[Key]float32 {
		m := map[Key]float32{}
		for _, w := range terms {
			if _, twice := m[w.Key]; twice {
				t.Errorf("key %x twice", w.Key)
			}
			m[w.Key] = w.Weight
		}
		return m
	}
	got := a.Text("Kommunen og kommunens frivilligcenter. KOMMUNE!")
	stems := keys(got.Stems)
	for term, want := range map[string]float32{"kommune": 3, "frivilligcenter": 1, "frivillig": danish.PartWeight, "center": danish.PartWeight} {
		if w := stems[KeyOf(danish.TermOf(term))]; w != want {
			t.Errorf("stem of %s has weight %v, want %v", term, w, want)
		}
	}
	if len(stems) != 4 {
		t.Errorf("%d stems, want 4: stop words are dropped", len(stems))
	}
	if w := keys(got.Grams)[KeyOf("_kom")]; w != 3 {
		t.Errorf("gram _kom has weight %v, want 3", w)
	}
	if diff := cmp.Diff(got, NewAnalyser(danish.NewSplitter(map[string]int{"frivillig": 5, "center": 5, "kommune": 3})).Text("Kommunen og kommunens frivilligcenter. KOMMUNE!")); diff != "" {
		t.Errorf("two analysers differ:\n%s", diff)
	}
	words := a.Words([]string{"kommune", "center"}, []float32{1, 0.25})
	if stems := keys(words.Stems); stems[KeyOf(danish.TermOf("center"))] != 0.25 {
		t.Errorf("weights of words: %v", stems)
	}
	if empty := a.Text(" og det … "); len(empty.Stems)+len(empty.Grams) != 0 {
		t.Errorf("stop words gave %v", empty)
	}
}

func BenchmarkScore(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	d := make([][]Weighted, 10_000)
	for i := range d {
		seen := map[Key]bool{}
		for range 100 {
			k := Key(rng.ExpFloat64() * 300)
			if !seen[k] {
				seen[k] = true
				d[i] = append(d[i], Weighted{k, 1})
			}
		}
	}
	ix := build(d)
	query := []Weighted{{3, 1}, {30, 1}, {300, 1}, {900, 1}}
	scores := make([]float32, ix.Len())
	b.ReportAllocs()
	for b.Loop() {
		ix.Score(query, scores)
	}
}

// TestCounter compares the counter with a map, through growth, collisions and reuse.
func TestCounter(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var c counter
	for round := range 50 {
		want := map[Key]float32{}
		var order []Key
		for range rng.IntN(2000) {
			k := Key(rng.IntN(400)) << (8 * (round % 5)) // low bits all zero: everything collides
			if _, ok := want[k]; !ok {
				order = append(order, k)
			}
			want[k]++
			c.add(k, 1)
		}
		got := c.take()
		if len(got) != len(order) {
			t.Fatalf("%d keys, want %d", len(got), len(order))
		}
		for i, w := range got {
			if w.Key != order[i] || w.Weight != want[w.Key] {
				t.Fatalf("entry %d is %v, want %v with %v", i, w, order[i], want[order[i]])
			}
		}
		for _, i := range c.table {
			if i != 0 {
				t.Fatal("the table was not emptied")
			}
		}
	}
}

func BenchmarkText(b *testing.B) {
	a := NewAnalyser(danish.NewSplitter(map[string]int{"frivillig": 5, "center": 5, "kommune": 3}))
	text := strings.Repeat("Samskabelse er en proces, hvor borgere, civilsamfund, offentlige og eventuelt private aktører udvikler nye svar på en fælles opgave. ", 6)
	b.ReportAllocs()
	for b.Loop() {
		a.Text(text)
	}
}
