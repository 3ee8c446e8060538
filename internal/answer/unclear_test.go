package answer_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/article"
	"kildesvar/internal/eval"
	"kildesvar/internal/retrieval"
)

// TestUnclear: of short questions written for it, half of which leave out what they are about, those are asked back to and the others are
// not. Somebody who saw only the articles wrote them, and nothing of them stands in the lists that the index learns from. It logs the
// coefficients that the model of these questions and the train split gets when fitted anew.
func TestUnclear(t *testing.T) {
	b, err := answertest.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	var x [][]float64
	var y []bool
	row := func(question string, unclear bool) {
		r, err := b.Searcher.Search(t.Context(), question, retrieval.Past{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Hits) > 0 {
			x, y = append(x, b.Composer.UnclearFeatures(r)), append(y, unclear)
		}
	}
	share := func(file string) (n, back int) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			n++
			if ask(t, q).Status == answer.StatusUnclear {
				back++
			}
			row(q, file == "testdata/uklare.txt")
		}
		return n, back
	}
	n, back := share("testdata/uklare.txt")
	t.Logf("unclear: %d of %d asked back to", back, n)
	if n < 80 || float64(back) < 0.75*float64(n) {
		t.Errorf("%d of %d unclear questions are asked back to", back, n)
	}
	n, back = share("testdata/klare.txt")
	t.Logf("clear: %d of %d asked back to", back, n)
	if n < 80 || float64(back) > 0.04*float64(n) {
		t.Errorf("%d of %d clear questions are asked back to", back, n)
	}
	gold, err := article.LoadGold(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gold {
		if g.Split == "train" && len(g.History) == 0 && (g.Answerable || g.Status == string(answer.StatusUnclear)) {
			row(g.Question, !g.Answerable)
		}
	}
	t.Logf("fitted anew: %.2f", eval.Fit(x, y))
}

// TestUnclearUnlearned: in a corpus with too few entry questions to learn from, what has no words of its own is asked back to, and nothing
// else is.
func TestUnclearUnlearned(t *testing.T) {
	b := answertest.Build(t, fstest.MapFS{
		"have/kompost.md":      {Data: []byte("---\ntitle: Kompost\nurl: https://eksempel.dk/kompost\n---\n\n## Hvad er kompost?\n\nKompost er planterester, som er blevet til jord [@j].\n")},
		"have/regnvand.md":     {Data: []byte("---\ntitle: Regnvand\nurl: https://eksempel.dk/regnvand\n---\n\n## Hvor meget regnvand?\n\nEn regnvandstønde rummer 200 liter [@j].\n")},
		"have/litteratur.json": {Data: []byte(`[{"id": "j", "type": "book", "title": "Jord"}]`)},
	})
	for question, unclear := range map[string]bool{"hvor mange er der?": true, "Hvad er ulemperne?": true, "Hvad er kompost?": false, "regnvand": false, "Hvor mange liter rummer tønden?": false} {
		if a := b.Ask(t, question, retrieval.Past{}); (a.Status == answer.StatusUnclear) != unclear {
			t.Errorf("%q: %s", question, a.Status)
		}
	}
}
