package literature

import (
	"slices"
	"testing"

	"kildesvar/internal/query"
	"kildesvar/internal/retrieval"
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
		{"Center for forskning i Idræt, Sundhed og Civilsamfund, SDU. (u.å.). Om centret.", []string{"center", "forskning", "idraet", "sundhed", "civilsamfund"}, true, "u.å."},
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

// TestNamed: an organisation is found by the initials that sentences name it by, and the given names before a family name ask for nothing
// else.
func TestNamed(t *testing.T) {
	l := &Library{by: map[string][]int{"henriksen": {0}}, works: []Work{{names: []string{"henriksen"}}}}
	l.bodies("Ifølge VIVE's undersøgelse er VIVE enig.", retrieval.Place{Passage: 1})
	l.bodies("VIVE og KL er uenige.", retrieval.Place{Passage: 2})
	l.bodies("I 2020 var Anna 3 år.", retrieval.Place{Passage: 3})
	words := func(texts ...string) (out []query.Word) {
		for _, w := range texts {
			out = append(out, query.Word{Text: w, Known: w != "skov", Name: w == "lars"})
		}
		return out
	}
	works, rest := l.Named(words("vive", "klubber"))
	if len(works) != 1 || len(works[0].Places) != 2 || len(rest) != 1 || rest[0].Text != "klubber" {
		t.Errorf("VIVE: %+v, %+v", works, rest)
	}
	if works, rest = l.Named(words("lars", "skov", "henriksen", "klubber")); len(works) != 1 || len(rest) != 1 || rest[0].Text != "klubber" {
		t.Errorf("Lars Skov Henriksen: %+v, %+v", works, rest)
	}
	if works, _ = l.Named(words("anna")); len(works) != 0 {
		t.Errorf("a name in small letters is an organisation: %+v", works)
	}
}
