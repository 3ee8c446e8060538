package answer_test

import (
	"os"
	"strings"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/eval"
	"kildesvar/internal/retrieval"
)

// TestUnclear: of short questions written for it, half of which leave out what they are about, those are asked back to and the others are
// not. Somebody who saw only the articles wrote them, and nothing of them stands in the lists that the index learns from. It logs the
// coefficients that the model of these questions and the train split gets when fitted anew.
func TestUnclear(t *testing.T) {
	b, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	var x [][]float64
	var y []bool
	row := func(question string, unclear bool) {
		r, err := b.search.Search(t.Context(), question, retrieval.Past{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Hits) > 0 {
			x, y = append(x, b.compose.UnclearFeatures(r)), append(y, unclear)
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
