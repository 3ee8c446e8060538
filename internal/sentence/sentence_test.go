package sentence

import (
	"strings"
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

func TestDetermines(t *testing.T) {
	for sentence, want := range map[string]bool{
		"Den grønne have er stor.": true, "De første huse blev bygget i 1900.": true, "De personer, der bor her, er glade.": true, "Det vigtigste råd er enkelt.": true,
		"Det er svært.": false, "De viste det.": false, "De havde travlt.": false, "Den samlede pris er høj.": false, "De tre huse er solgt.": false, "Den ene vej er lang.": false,
		"De ville ikke.": false, "Her er en grønne have.": false, "Det": false,
	} {
		if got := Determines(sentence, danish.Tokens(sentence), 0); got != want {
			t.Errorf("%q: %v", sentence, got)
		}
	}
}

// TestNumber: an item of a list has a name and a number; a year after a small word is none.
func TestNumber(t *testing.T) {
	ix := small(t, []string{"Trin 2 i arbejdet er at måle.", "I 2016 målte man.", "Omkring 40 måler.", "Trin er der to af."}, nil)
	c := New(ix)
	var got []string
	for n := range ix.Passages[0].Sentences {
		if noun, number := c.number(c.One(0, n, 0)); number > 0 {
			got = append(got, noun)
		}
	}
	if strings.Join(got, " ") != "Trin" {
		t.Errorf("items: %q", got)
	}
}
