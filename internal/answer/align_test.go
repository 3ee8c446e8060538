package answer

import (
	"strings"
	"sync"
	"testing"

	"kildesvar/internal/article"
	"kildesvar/internal/danish"
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
	a := newAligner(ix)
	for question, want := range map[string]int{"lærred": 0, "hvad gør man med et lærred": 0, "hæves": 1, "hammer": 2} {
		p := a.asked(0, ix.Analyser().Text(question).Stems)
		for i := range p {
			if i != want && p[i] >= p[want] {
				t.Errorf("%q: sentence %d is as likely as sentence %d: %v", question, i, want, p)
			}
		}
		if all := sum(p); all < 0.999 || all > 1.001 {
			t.Errorf("%q: the sentences of the section add up to %g", question, all)
		}
	}
	if p := a.asked(0, nil); len(p) != 3 {
		t.Errorf("without a word: %v", p)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { newAligner(ix).asked(0, ix.Analyser().Text("pensel").Stems) })
	}
	group.Wait()
}

// TestTiesForget: no more sections are kept than the bound.
func TestTiesForget(t *testing.T) {
	a := newAligner(small(t, []string{"Malere arbejder med farver."}, []string{"Hvem bruger farver?"}))
	for n := range maxLearned {
		a.learned[n+1] = &ties{}
	}
	a.ties(0)
	if len(a.learned) != 1 {
		t.Errorf("%d sections are kept", len(a.learned))
	}
}

func TestDetermines(t *testing.T) {
	for sentence, want := range map[string]bool{
		"Den grønne have er stor.": true, "De første huse blev bygget i 1900.": true, "De personer, der bor her, er glade.": true, "Det vigtigste råd er enkelt.": true,
		"Det er svært.": false, "De viste det.": false, "De havde travlt.": false, "Den samlede pris er høj.": false, "De tre huse er solgt.": false, "Den ene vej er lang.": false,
		"De ville ikke.": false, "Her er en grønne have.": false, "Det": false,
	} {
		if got := determines(sentence, danish.Tokens(sentence), 0); got != want {
			t.Errorf("%q: %v", sentence, got)
		}
	}
}

// TestNumber: an item of a list has a name and a number; a year after a small word is none.
func TestNumber(t *testing.T) {
	ix := small(t, []string{"Trin 2 i arbejdet er at måle.", "I 2016 målte man.", "Omkring 40 måler.", "Trin er der to af."}, nil)
	c := chooser{ix: ix}
	var got []string
	for n := range ix.Passages[0].Sentences {
		if noun, number := c.number(c.one(0, n, 0)); number > 0 {
			got = append(got, noun)
		}
	}
	if strings.Join(got, " ") != "Trin" {
		t.Errorf("items: %q", got)
	}
}
