package retrieval

import (
	"context"
	"errors"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kildesvar/corpus"
	"kildesvar/internal/article"
	"kildesvar/internal/embed"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// over is a searcher with a learned embedder in front of the built-in index, whose vectors it must fit.
func over(t *testing.T, ask func(ctx context.Context, text string) ([]float32, error)) *Searcher {
	t.Helper()
	s := *searcher(t)
	s.embedder = asked{s.embedder, ask}
	s.weights = DefaultWeights().WithLearned()
	return &s
}

// asked is an embedder of which only questions are asked.
type asked struct {
	embed.Embedder
	ask func(ctx context.Context, text string) ([]float32, error)
}

func (a asked) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	var out [][]float32
	for _, text := range texts {
		v, err := a.ask(ctx, text)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// localVector is what the local embedder, which made the index, gives a text.
func localVector(ctx context.Context, text string) ([]float32, error) {
	vs, err := local.New(0).Embed(ctx, []string{text})
	return vs[0], err
}

var (
	errAway = errors.New("away")
	several = []string{"Hvad er samskabelse?", "Hvad er forskellen på samskabelse og et partnerskab?", "Hvor mange er frivillige, og hvem er de?", "penge til foreninger"}
)

// TestNoVector: without vectors the words rank as they would alone, and the result says why there are none.
func TestNoVector(t *testing.T) {
	calls := 0
	away := over(t, func(context.Context, string) ([]float32, error) { calls++; return nil, errAway })
	alone := *searcher(t)
	alone.weights.Vector = 0
	for _, q := range several {
		calls = 0
		got, err := away.Search(t.Context(), q, Past{}, 30)
		if err != nil || !errors.Is(got.NoVector, errAway) || calls != 1 {
			t.Fatalf("%q: %v, %v, %d calls", q, err, got.NoVector, calls)
		}
		want, err := alone.Search(t.Context(), q, Past{}, 30)
		if err != nil || want.NoVector != nil {
			t.Fatal(err, want.NoVector)
		}
		if !slices.Equal(ids(got.Hits), ids(want.Hits)) || len(got.Hits) == 0 || len(got.Sides) != len(want.Sides) || len(got.Parts) != len(want.Parts) {
			t.Errorf("%q: %v, want %v", q, ids(got.Hits), ids(want.Hits))
		}
		all := 0.0
		for _, e := range got.Hits[len(got.Hits)-1].Evidence {
			all += e.Weight
		}
		w := away.weights
		if sum := w.BodyStems + w.BodyGrams + w.AskedStems + w.AskedGrams + w.Same + w.Topic + w.Article + w.Coverage + w.Heading + w.Vector; math.Abs(all-float64(sum)) > 1e-4 {
			t.Errorf("%q: weights add up to %f, not %f", q, all, sum)
		}
		if _, err := away.Strict().Search(t.Context(), q, Past{}, 0); !errors.Is(err, errAway) {
			t.Errorf("%q, strictly: %v", q, err)
		}
	}
	for _, v := range [][]float32{nil, {1}, slices.Repeat([]float32{1}, local.DefaultDim), slices.Repeat([]float32{float32(math.NaN())}, local.DefaultDim)} {
		wrong := over(t, func(context.Context, string) ([]float32, error) { return v, nil })
		if r, err := wrong.Search(t.Context(), several[0], Past{}, 0); err != nil || r.NoVector == nil {
			t.Errorf("a vector that is none: %v, %+v", err, r)
		}
	}
}

func ids(hits []Hit) (out []string) {
	for _, h := range hits {
		out = append(out, h.Passage.ID)
	}
	return out
}

// TestPatience: a search never waits longer than its patience, however many vectors it needs and however they fail to come; a caller who leaves is an
// error; a measurement waits.
func TestPatience(t *testing.T) {
	s := searcher(t)
	s.Index().Speller() // made before, outside the bubbles
	for _, q := range several {
		for name, c := range map[string]struct {
			takes, want time.Duration // of one call; 0: for ever
			strict      bool
		}{
			"hangs":  {0, patience, false},
			"slow":   {patience * 2 / 5, 0, false},
			"quick":  {patience / 20, 0, false},
			"strict": {time.Minute, 0, true},
		} {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				s := over(t, func(ctx context.Context, text string) ([]float32, error) {
					calls++
					var done <-chan time.Time
					if c.takes > 0 {
						done = time.After(c.takes)
					}
					select {
					case <-done:
						return localVector(ctx, text)
					case <-ctx.Done():
						return nil, ctx.Err()
					}
				})
				if c.strict {
					s = s.Strict()
				}
				start := time.Now()
				r, err := s.Search(t.Context(), q, Past{}, 0)
				took := time.Since(start)
				if err != nil || len(r.Hits) == 0 {
					t.Fatalf("%q, %s: %v", q, name, err)
				}
				lost := r.NoVector != nil
				switch all := c.takes * time.Duration(calls); {
				case c.strict && (lost || took != all), !c.strict && took > patience, lost != (took == patience), !lost && took != all, lost && !errors.Is(r.NoVector, context.DeadlineExceeded):
					t.Errorf("%q, %s: %s for %d calls, %v", q, name, took, calls, r.NoVector)
				}
				if name == "hangs" && (calls != 1 || !lost) {
					t.Errorf("%q, %s: %d calls, %v", q, name, calls, r.NoVector)
				}
				ctx, stop := context.WithTimeout(t.Context(), c.takes/2+time.Millisecond)
				defer stop()
				if _, err := s.Search(ctx, q, Past{}, 0); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%q, %s: the caller left: %v", q, name, err)
				}
			})
		}
	}
}

// TestSentence: a learned model is given the question as it was asked, spelt right, after what it follows up on.
func TestSentence(t *testing.T) {
	var got []string
	s := over(t, func(ctx context.Context, text string) ([]float32, error) {
		got = append(got, text)
		return localVector(ctx, text)
	})
	for _, c := range []struct {
		question string
		past     []string
		want     string
	}{
		{"Hvordan måler man effekten af en indsats?", nil, "Hvordan måler man effekten af en indsats?"},
		{"hvad er samskablse", nil, "hvad er samskabelse"},
		{strings.Repeat("Jeg er ny i kommunen. ", 200) + "Hvad er samskabelse?", nil, strings.Repeat("Jeg er ny i kommunen. ", 67) + "Hvad er samskabelse?"},
		{"Og hvem betaler?", []string{"Hvad er et partnerskab?", "Hvad er samskabelse?"}, "Hvad er samskabelse? Og hvem betaler?"},
	} {
		got = nil
		if _, err := s.Search(t.Context(), c.question, Past{Questions: c.past}, 0); err != nil || len(got) == 0 || got[0] != c.want {
			t.Errorf("%q: %q, %v; want %q", c.question, got, err, c.want)
		}
	}
}

// TestAlike: likeness runs from the mean of all passages to the highest, wherever a model's cosines lie.
func TestAlike(t *testing.T) {
	store, err := chromem.New(3)
	if err != nil {
		t.Fatal(err)
	}
	s := *searcher(t)
	s.weights, s.scan = s.weights.WithLearned(), 0
	ix := *s.ix
	ix.Passages, ix.Vectors = ix.Passages[:4], vector.Store(store)
	s.ix = &ix
	for i, cos := range []float64{0.9, 0.8, 0.7, 0.6} {
		if err := store.Add(t.Context(), i, []float32{float32(cos), float32(math.Sqrt(1 - cos*cos)), 0}); err != nil {
			t.Fatal(err)
		}
	}
	q := []float32{1, 0, 0}
	near := func(got map[int]float32, want ...float64) {
		t.Helper()
		for i, w := range want {
			if math.Abs(float64(got[i])-w) > 1e-5 {
				t.Errorf("likeness %v, want %v", got, want)
			}
		}
	}
	s.scan = 10
	got, err := s.alike(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	near(got, 1, 1./3, 0, 0) // the mean is 0.75
	s.scan = 1               // a large collection: from the lowest of the nearest
	if got, err = s.alike(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	near(got, 1, 2./3, 1./3, 0)
	s.weights.Learned = false
	if got, err = s.alike(t.Context(), q); err != nil || got != nil {
		t.Errorf("%v, %v: a large collection was compared as a whole", got, err)
	}
	s.scan = 10
	if got, err = s.alike(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	near(got, 0.9, 0.8, 0.7, 0.6)
}

// oracle is a learned model of known quality: its vectors say which article a text belongs to, and noise what else. With noise alone it
// is a model that understands nothing.
type oracle struct {
	articles map[string]int // passages' texts and questions → article
	knows    float64        // 0 to 1
}

const oracleDim = 32

func (o oracle) ID() string { return "oracle" }
func (o oracle) Dim() int   { return oracleDim }

func (o oracle) Embed(_ context.Context, texts []string) ([][]float32, error) {
	var out [][]float32
	for _, text := range texts {
		h := fnv.New64a()
		_, _ = h.Write([]byte(text)) // a hash takes everything
		rng := rand.New(rand.NewPCG(h.Sum64(), 1))
		v := make([]float64, oracleDim)
		sum := 0.0
		at, known := o.articles[text]
		for i := range v {
			v[i] = rng.NormFloat64() / math.Sqrt(oracleDim) * (1 - o.knows)
			if known && i == at {
				v[i] += o.knows
			}
			sum += v[i] * v[i]
		}
		f := make([]float32, oracleDim)
		for i := range v {
			f[i] = float32(v[i] / math.Sqrt(sum))
		}
		out = append(out, f)
	}
	return out, nil
}

// TestQuality: the better a model, the better the ranking; a model that understands nothing does little harm, and one that
// does finds what shares no word with the question.
func TestQuality(t *testing.T) {
	gold, err := article.LoadGold(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	gold = slices.DeleteFunc(gold, func(g article.Gold) bool { return !g.Answerable || len(g.History) > 0 || g.Split != "train" })
	if testing.Short() {
		gold = gold[:60]
	}
	gold = gold[:min(len(gold), 150)]
	plain := searcher(t)
	o := oracle{articles: map[string]int{}}
	right := func(s *Searcher) (share float64) {
		for _, g := range gold {
			r, err := s.Search(t.Context(), g.Question, Past{}, 1)
			if err != nil || r.NoVector != nil {
				t.Fatal(err, r.NoVector)
			}
			if len(r.Hits) > 0 && slices.Contains(g.Articles, r.Hits[0].Passage.Article) {
				share += 1 / float64(len(gold))
			}
		}
		return share
	}
	with := func(knows float64) *Searcher {
		o.knows = knows
		ix := *plain.ix // with other vectors
		store, err := chromem.New(oracleDim)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range ix.Articles {
			for p := a.First; p < a.Last; p++ {
				text := index.BodyText(a.Title, &ix.Passages[p])
				o.articles[text] = i
				vs, err := o.Embed(t.Context(), []string{text})
				if err == nil {
					err = store.Add(t.Context(), p, vs[0])
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		ix.Vectors, ix.Manifest.Embedder = store, o.ID()
		s, err := New(&ix, o, DefaultWeights().WithLearned())
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range gold {
			for i, a := range ix.Articles {
				if a.ID == g.Articles[0] {
					o.articles[s.seek(g.Question, nil).sentence()] = i
				}
			}
		}
		return s
	}
	locally := right(plain)
	blind, fair, good := right(with(0)), right(with(0.4)), right(with(0.8))
	t.Logf("right article first: local %.3f, a model that understands nothing %.3f, a fair one %.3f, a good one %.3f", locally, blind, fair, good)
	if good < locally+0.02 || fair < blind || good < fair || blind < locally-0.06 {
		t.Error("the ranking does not follow the model's quality")
	}
	s := with(0.9)
	for _, scan := range []int{scanLimit, 10} {
		s.scan = scan
		o.articles["xyz abc"] = 3
		r, err := s.Search(t.Context(), "xyz abc", Past{}, 1)
		if err != nil || len(r.Hits) == 0 || !strings.HasPrefix(r.Hits[0].Passage.ID, s.ix.Articles[3].ID+"#") {
			t.Errorf("words the corpus does not have, scan %d: %v, %v", scan, ids(r.Hits), err)
		}
	}
}
