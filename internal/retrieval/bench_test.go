package retrieval

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"kildesvar/corpus"
	"kildesvar/internal/article"
	"kildesvar/internal/danish"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// writer writes Danish that is never the same twice out of the built-in corpus, as the benchmarks of index do: real sentences
// in which half of the longer words are drawn by Zipf's law from the corpus' words and compounds of them.
type writer struct {
	rng              *rand.Rand
	zipf             *rand.Zipf
	sentences, words []string
}

func newWriter(t *article.Theme) *writer {
	w := &writer{rng: rand.New(rand.NewPCG(1, 1))}
	w.zipf = rand.NewZipf(w.rng, 1.15, 40, 50_000_000)
	for _, a := range t.Articles {
		for _, s := range a.Sections {
			for _, p := range s.Paragraphs {
				for _, sent := range p.Sentences {
					w.sentences = append(w.sentences, p.Text[sent.Start:sent.End])
				}
				for _, tok := range danish.Tokens(p.Text) {
					if len(tok.Text) > 4 && strings.ToLower(tok.Text) == tok.Text && !danish.StopWord(tok.Text) {
						w.words = append(w.words, tok.Text)
					}
				}
			}
		}
	}
	slices.Sort(w.words)
	w.words = slices.Compact(w.words)
	return w
}

func (w *writer) word() string {
	k, n := int(w.zipf.Uint64()), len(w.words)
	s := w.words[k%n]
	for k /= n; k > 0; k /= n {
		s = w.words[(k*7919)%n] + s
	}
	return s
}

func (w *writer) sentence() string {
	fields := strings.Fields(w.sentences[w.rng.IntN(len(w.sentences))])
	for i, f := range fields {
		if len(f) > 4 && strings.ToLower(f) == f && !strings.HasSuffix(f, ".") && w.rng.IntN(2) == 0 {
			fields[i] = w.word()
		}
	}
	return strings.Join(fields, " ")
}

func (w *writer) paragraph() article.Paragraph {
	var p article.Paragraph
	for len(p.Text) < 850 { // about 110 words: a passage of its own
		s := w.sentence()
		from := len(p.Text)
		p.Text += s + " "
		p.Sentences = append(p.Sentences, article.Sentence{Start: from, End: from + len(s)})
	}
	return p
}

// largeCorpus makes a corpus of about n passages, two to a section with four entry questions. Concepts and literature are
// the real ones. The real entry questions are returned to search with.
func largeCorpus(tb testing.TB, n int) (*article.Corpus, []string) {
	tb.Helper()
	c, err := article.Load(corpus.FS)
	if err != nil {
		tb.Fatal(err)
	}
	theme := c.Themes[0]
	var queries []string
	for _, a := range theme.Articles {
		for _, s := range a.Sections {
			queries = append(queries, s.Questions...)
		}
	}
	w := newWriter(theme)
	t := &article.Theme{ID: "tema", Items: theme.Items, Concepts: theme.Concepts}
	for len(t.Articles)*20 < n {
		a := &article.Article{ID: fmt.Sprintf("tema/a%06d", len(t.Articles)), Title: w.word()}
		for i := range 10 {
			heading := "Om " + w.word()
			s := article.Section{Heading: heading, Slug: fmt.Sprint("afsnit-", i), Path: []string{heading}, Paragraphs: []article.Paragraph{w.paragraph(), w.paragraph()}}
			for range 4 {
				s.Questions = append(s.Questions, strings.Join(strings.Fields(w.sentence())[:5], " ")+"?")
			}
			a.Sections = append(a.Sections, s)
		}
		t.Articles = append(t.Articles, a)
	}
	return &article.Corpus{Themes: []*article.Theme{t}, Fingerprint: fmt.Sprint("synthetic ", n)}, queries
}

// largeIndex builds the index of n synthetic passages; the corpus itself is garbage afterwards.
func largeIndex(b *testing.B, n int) (*index.Index, []string) {
	c, queries := largeCorpus(b, n)
	ix, err := index.Build(b.Context(), c, nil, index.Options{Embedder: local.New(0), NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
	if err != nil {
		b.Fatal(err)
	}
	return ix, queries
}

// benchSearch times real questions, with a misspelling in every third, against n synthetic passages: 400 an iteration, one after
// the other. The first search, which also makes the speller, is reported by itself.
func benchSearch(b *testing.B, n int) {
	ix, queries := largeIndex(b, n)
	passages := len(ix.Passages)
	s, err := New(ix, local.New(0), DefaultWeights())
	if err != nil {
		b.Fatal(err)
	}
	ask := func(q string) time.Duration {
		began := time.Now()
		if _, err := s.Search(b.Context(), q, Past{}, 0); err != nil {
			b.Fatal(err)
		}
		return time.Since(began)
	}
	first := ask("Hvad er samskapelse?")
	rng := rand.New(rand.NewPCG(2, 2))
	var took []time.Duration
	for b.Loop() {
		for i := range 400 {
			q := queries[rng.IntN(len(queries))]
			if i%3 == 0 {
				q = misspell(q)
			}
			took = append(took, ask(q))
		}
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(ms(first), "first-ms")
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "heap-MB")
	b.ReportMetric(float64(passages), "passages")
	runtime.KeepAlive(s)
}

// misspell drops a letter of the longest word.
func misspell(q string) string {
	longest := slices.MaxFunc(strings.Fields(q), func(a, b string) int { return len(a) - len(b) })
	letters := []rune(longest)
	if len(letters) < 6 {
		return q
	}
	return strings.Replace(q, longest, string(slices.Delete(letters, 3, 4)), 1)
}

func BenchmarkSearch10k(b *testing.B) { benchSearch(b, 10_000) }

func BenchmarkSearch100k(b *testing.B) {
	if testing.Short() {
		b.Skip("takes minutes")
	}
	benchSearch(b, 100_000)
}
