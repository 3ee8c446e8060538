package asked

import (
	"sync"
	"testing"

	"kildesvar/internal/article"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// small builds an index of one section with the sentences and entry questions.
func small(t *testing.T, sentences, questions []string) *index.Index {
	t.Helper()
	var p article.Paragraph
	for _, s := range sentences {
		from := len(p.Text)
		p.Text += s + " "
		p.Sentences = append(p.Sentences, article.Sentence{Start: from, End: from + len(s)})
	}
	theme := &article.Theme{ID: "tema", Articles: []*article.Article{{ID: "tema/haandvaerk", Title: "Håndværk",
		Sections: []article.Section{{Heading: "Fag", Slug: "fag", Path: []string{"Fag"}, Paragraphs: []article.Paragraph{p}, Questions: questions}}}}}
	ix, err := index.Build(t.Context(), &article.Corpus{Themes: []*article.Theme{theme}, Fingerprint: "small"}, nil,
		index.Options{Embedder: local.New(0), NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// TestTies: words that stand in entry questions alone belong to the sentence that those entry questions ask for.
func TestTies(t *testing.T) {
	ix := small(t, []string{"Malere arbejder med farver.", "Bagere arbejder om natten.", "Smede arbejder med jern."},
		[]string{"Hvem bruger farver og pensel?", "Hvad gør man med pensel og lærred?", "Hvem står op om natten og tænder ovnen?", "Hvad hæves i ovnen?", "Hvem former jern med hammer?"})
	a := New(ix)
	for question, want := range map[string]int{"lærred": 0, "hvad gør man med et lærred": 0, "hæves": 1, "hammer": 2} {
		p := a.Likely(0, ix.Analyser().Text(question).Stems)
		for i := range p {
			if i != want && p[i] >= p[want] {
				t.Errorf("%q: sentence %d is as likely as sentence %d: %v", question, i, want, p)
			}
		}
		if all := sum(p); all < 0.999 || all > 1.001 {
			t.Errorf("%q: the sentences of the section add up to %g", question, all)
		}
	}
	if p := a.Likely(0, nil); len(p) != 3 {
		t.Errorf("without a word: %v", p)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { New(ix).Likely(0, ix.Analyser().Text("pensel").Stems) })
	}
	group.Wait()
}

// TestTiesForget: no more sections are kept than the bound.
func TestTiesForget(t *testing.T) {
	a := New(small(t, []string{"Malere arbejder med farver."}, []string{"Hvem bruger farver?"}))
	for n := range maxLearned {
		a.learned[n+1] = &ties{}
	}
	a.ties(0)
	if len(a.learned) != 1 {
		t.Errorf("%d sections are kept", len(a.learned))
	}
}
