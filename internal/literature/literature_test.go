package literature

import (
	"slices"
	"testing"
)

// TestNewWork: a reference tells who wrote a work, and when; of an organisation all words count.
func TestNewWork(t *testing.T) {
	for _, c := range []struct {
		reference string
		names     []string
		body      bool
		year      string
	}{
		{"Ibsen, B., & Espersen, H. H. (2016). Kommunernes samarbejde. Syddansk Universitet.", []string{"ibsen", "espersen"}, false, "2016"},
		{"Ulrich, J. (2016b). Samskabelse – en typologi.", []string{"ulrich"}, false, "2016"},
		{"Center for Frivilligt Socialt Arbejde (2020). Tal.", []string{"center", "frivilligt", "socialt", "arbejde"}, true, "2020"},
	} {
		w := newWork(c.reference)
		if !slices.Equal(w.names, c.names) || w.body != c.body || w.year != c.year {
			t.Errorf("%q: %+v", c.reference, w)
		}
	}
	w := newWork("Ulrich, J. (2016). Samskabelse.")
	if !w.NamedIn("Ulrichs typologi har fire former.") || w.NamedIn("Typologien har fire former.") {
		t.Error("a name is not told from other words")
	}
}
