package retrieval

import (
	"context"
	"slices"
	"sync"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/article"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// builtIn is a searcher over the built-in corpus.
var builtIn = sync.OnceValues(func() (*Searcher, error) {
	c, err := article.Load(corpus.FS)
	if err != nil {
		return nil, err
	}
	e := local.New(0)
	ix, err := index.Build(context.Background(), c, nil, index.Options{Embedder: e, NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
	if err != nil {
		return nil, err
	}
	return New(ix, e, DefaultWeights())
})

func searcher(t *testing.T) *Searcher {
	t.Helper()
	s, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCompared(t *testing.T) {
	for question, want := range map[string]string{
		"Hvad er forskellen på samskabelse og et partnerskab?":       "samskabelse / partnerskab",
		"hvad er forskelen mellem samskablse og samproduktion":       "samskabelse / samproduktion",
		"Hvordan adskiller et frivilligcenter sig fra FriSe?":        "frivilligcentre / FriSe",
		"samskabelse vs partnerskab":                                 "samskabelse / partnerskab",
		"Er borgerinddragelse det samme som samskabelse?":            "borgerinddragelse / samskabelse",
		"er civilsamfund og frivillig sektor det samme":              "civilsamfund / frivillig sektor",
		"hvem bestemmer i et partnerskab, kommunen eller foreningen": "",
		"Er det det samme som samproduktion?":                        "samskabelse / samproduktion",
		"Hvad er samskabelse?":                                       "",
		"Hvad er forskellen på en æble og en pære?":                  "",
		"": "",
	} {
		left, right := searcher(t).compared(question, []string{"Hvad er samskabelse?"})
		got := left + " / " + right
		if left == "" {
			got = ""
		}
		if got != want {
			t.Errorf("%q compares %q, want %q", question, got, want)
		}
	}
}

func TestDefined(t *testing.T) {
	for question, want := range map[string]string{
		"Hvad er samskabelse?":                         "samskabelse",
		"samskabelse":                                  "samskabelse",
		"hvad betyder samskablse":                      "samskabelse",
		"Hvad forstås ved et frivilligcenter":          "frivilligcentre",
		"Hvad koster samskabelse for kommunen i timer": "",
		"Hvor mange frivilligcentre er der?":           "",
	} {
		r, err := searcher(t).Search(t.Context(), question, Past{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if r.Defined != nil {
			got = r.Defined.Term
			p := searcher(t).Index().Passages[r.Defined.Passage]
			if r.Hits[0].Passage.ID != p.ID {
				t.Errorf("%q: the first hit is %s, the definition stands in %s", question, r.Hits[0].Passage.ID, p.ID)
			}
		}
		if got != want {
			t.Errorf("%q asks what %q means, want %q", question, got, want)
		}
	}
}

// TestHits: scores fall, evidence adds up to the score, and hits are distinct.
func TestHits(t *testing.T) {
	for _, question := range []string{"Hvem rådgiver ministeren?", "penge til foreninger", "hvad er et frivlligcenter", "x", "§ 18"} {
		r, err := searcher(t).Search(t.Context(), question, Past{}, 20)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for i, h := range r.Hits {
			if seen[h.Passage.ID] {
				t.Errorf("%q: %s twice", question, h.Passage.ID)
			}
			seen[h.Passage.ID] = true
			if i > 0 && h.Score > r.Hits[i-1].Score {
				t.Errorf("%q: hit %d scores more than the one before", question, i)
			}
			var sum float64
			for _, e := range h.Evidence {
				sum += e.Value * e.Weight
			}
			if r.Defined == nil && (sum-h.Score > 1e-4 || h.Score-sum > 1e-4) {
				t.Errorf("%q: evidence of %s adds up to %f, the score is %f", question, h.Passage.ID, sum, h.Score)
			}
		}
	}
}

// TestLeaveOut: an entry question finds its own section at once, and is not its own evidence when left out.
func TestLeaveOut(t *testing.T) {
	s := searcher(t)
	helped := 0
	for i := 0; i < len(s.ix.Questions); i += 200 {
		with, err := s.Search(t.Context(), s.ix.Questions[i].Text, Past{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		without, err := s.LeaveOut(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(without.Hits, func(h Hit) bool {
			return slices.ContainsFunc(h.Asked, func(a Asked) bool { return a.Number == i })
		}) {
			t.Errorf("%q is evidence although left out", s.ix.Questions[i].Text)
		}
		if len(with.Hits) > 0 && with.Hits[0].Value(AskedStems) > without.Hits[0].Value(AskedStems) {
			helped++
		}
	}
	if helped < 10 {
		t.Errorf("leaving a question out changed only %d of 20 searches", helped)
	}
}

// TestSided: »det første« after a comparison is the side that stands first in it.
func TestSided(t *testing.T) {
	before := []string{"Hvad er forskellen på partnerskab og samskabelse?"}
	for text, want := range map[string]string{
		"giv et eksempel på det første": "giv et eksempel på partnerskab", "hvem er med i den sidste?": "hvem er med i samskabelse",
		"hvad er det første skridt?": "hvad er det første skridt?", "hvad er samskabelse?": "hvad er samskabelse?"} {
		if got := searcher(t).sided(text, before); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := searcher(t).sided("det første", []string{"Hvad er samskabelse?"}); got != "det første" {
		t.Errorf("nothing is compared: %q", got)
	}
}
