package index

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/article"
	"kildesvar/internal/danish"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// synthesiser writes Danish that is never the same twice, from the real corpus: its sentences with a part of the words changed
// for other words of the corpus and compounds of them, drawn by Zipf's law, so that the vocabulary grows as in real text
// (Heaps' law with an exponent of 0.8: about 100,000 words at 10,000 passages, 650,000 at 100,000, which is more than most text has).
type synthesiser struct {
	rng       *rand.Rand
	zipf      *rand.Zipf
	sentences [][]string // words and what stands between them
	words     []string
}

func newSynthesiser(tb testing.TB) *synthesiser {
	tb.Helper()
	c, err := article.Load(corpus.FS)
	if err != nil {
		tb.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	s := &synthesiser{rng: rng, zipf: rand.NewZipf(rng, 1.15, 40, 50_000_000)}
	seen := map[string]bool{}
	for _, a := range c.Themes[0].Articles {
		for _, sec := range a.Sections {
			for _, p := range sec.Paragraphs {
				for _, sent := range p.Sentences {
					s.add(p.Text[sent.Start:sent.End], seen)
				}
			}
		}
	}
	return s
}

func (s *synthesiser) add(sentence string, seen map[string]bool) {
	var parts []string
	at := 0
	for _, t := range danish.Tokens(sentence) {
		parts = append(parts, sentence[at:t.Start], t.Text)
		at = t.End
		if w := strings.ToLower(t.Text); len(w) > 4 && w == t.Text && !seen[w] && !danish.StopWord(w) {
			seen[w] = true
			s.words = append(s.words, w)
		}
	}
	s.sentences = append(s.sentences, append(parts, sentence[at:]))
}

// word is the k-th word of an endless vocabulary: the corpus' words, then compounds of two of them, then of three.
func (s *synthesiser) word(k int) string {
	n := len(s.words)
	w := s.words[k%n]
	for k /= n; k > 0; k /= n {
		w = s.words[(k*7919)%n] + []string{"", "s"}[k%2] + w
	}
	return w
}

func (s *synthesiser) sentence() string {
	var b strings.Builder
	for i, part := range s.sentences[s.rng.IntN(len(s.sentences))] {
		if i%2 == 1 && len(part) > 4 && s.rng.IntN(2) == 0 && !danish.StopWord(part) {
			part = s.word(int(s.zipf.Uint64()))
		}
		b.WriteString(part)
	}
	return b.String()
}

func (s *synthesiser) paragraph() article.Paragraph {
	var p article.Paragraph
	for len(p.Text) < 850 { // about 110 words: a passage of its own
		if p.Text != "" {
			p.Text += " "
		}
		from := len(p.Text)
		p.Text += s.sentence()
		p.Sentences = append(p.Sentences, article.Sentence{Start: from, End: len(p.Text), Cited: true, Keys: []string{"a"}})
	}
	return p
}

// corpus makes articles of ten sections of two passages and four entry questions each.
func (s *synthesiser) corpus(passages int) *article.Corpus {
	t := &article.Theme{ID: "tema"}
	for len(t.Articles)*20 < passages {
		a := &article.Article{ID: fmt.Sprintf("tema/a%06d", len(t.Articles)), Title: s.word(s.rng.IntN(100_000))}
		for i := range 10 {
			heading := fmt.Sprintf("Om %s", s.word(s.rng.IntN(100_000)))
			sec := article.Section{Heading: heading, Slug: fmt.Sprintf("afsnit-%d", i), Path: []string{heading}}
			for range 4 {
				sec.Questions = append(sec.Questions, strings.Join(strings.Fields(s.sentence())[:6], " ")+"?")
			}
			sec.Paragraphs = []article.Paragraph{s.paragraph(), s.paragraph()}
			a.Sections = append(a.Sections, sec)
		}
		t.Articles = append(t.Articles, a)
	}
	return &article.Corpus{Themes: []*article.Theme{t}, Fingerprint: fmt.Sprint("synthetic ", passages)}
}

func benchOptions() Options {
	return Options{Embedder: local.New(0), NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }}
}

func heapMB() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

func benchBuild(b *testing.B, n int) {
	c := newSynthesiser(b).corpus(n)
	b.ReportAllocs()
	for b.Loop() {
		// A new embedder each time: its memory of words is part of the cost.
		ix, err := Build(b.Context(), c, nil, benchOptions())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(ix.Words)), "words")
		b.ReportMetric(float64(len(ix.Passages)), "passages")
	}
}

func benchOpen(b *testing.B, n int) {
	before := heapMB()
	file := filepath.Join(b.TempDir(), "x.gen")
	opt := benchOptions()
	var want Manifest
	func() {
		ix, err := Build(b.Context(), newSynthesiser(b).corpus(n), nil, opt)
		if err != nil {
			b.Fatal(err)
		}
		if err := ix.Save(file); err != nil {
			b.Fatal(err)
		}
		want = ix.Manifest
	}()
	opt = benchOptions() // lets go of the words the embedder remembers
	runtime.GC()
	b.ReportAllocs()
	b.ResetTimer()
	held := make([]*Index, 1)
	for b.Loop() {
		held[0] = nil // so that never two are in memory
		var err error
		if held[0], err = Open(b.Context(), file, want, opt); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(heapMB()-before, "heap-MB")
	runtime.KeepAlive(held)
}

func BenchmarkBuild10k(b *testing.B) { benchBuild(b, 10_000) }
func BenchmarkOpen10k(b *testing.B)  { benchOpen(b, 10_000) }

func BenchmarkBuild100k(b *testing.B) {
	if testing.Short() {
		b.Skip("takes a minute")
	}
	benchBuild(b, 100_000)
}

func BenchmarkOpen100k(b *testing.B) {
	if testing.Short() {
		b.Skip("takes a minute")
	}
	benchOpen(b, 100_000)
}

// TestSynthetic: the benchmarks' text is the same on every run, and its vocabulary grows as it should.
func TestSynthetic(t *testing.T) {
	words := func(n int) (int, string) {
		c := newSynthesiser(t).corpus(n)
		seen := map[string]bool{}
		for _, a := range c.Themes[0].Articles {
			for _, s := range a.Sections {
				for _, p := range s.Paragraphs {
					for _, tok := range danish.Tokens(p.Text) {
						seen[strings.ToLower(tok.Text)] = true
					}
				}
			}
		}
		return len(seen), c.Themes[0].Articles[1].Sections[3].Paragraphs[0].Text
	}
	few, text := words(200)
	many, again := words(2000)
	if text != again || text == "" {
		t.Errorf("two runs wrote different text:\n%s\n%s", text, again)
	}
	// Heaps: V = k·n^β with β between 0.5 and 0.85 for running text.
	if growth := float64(many) / float64(few); growth < 3.1 || growth > 7.1 {
		t.Errorf("%d words in 200 passages, %d in 2,000", few, many)
	}
	if !slices.IsSortedFunc([]int{1000, few, many}, func(a, b int) int { return a - b }) {
		t.Errorf("%d words in 200 passages, %d in 2,000", few, many)
	}
}
