package query_test

import (
	"slices"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/article"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/query"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// TestContext: a question leans on those before it when its words say so, and stands alone when it names its subject.
func TestContext(t *testing.T) {
	c, err := article.Load(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	ix, err := index.Build(t.Context(), c, nil, index.Options{Embedder: local.New(0), NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
	if err != nil {
		t.Fatal(err)
	}
	p := query.New(ix, query.Weights{Concepts: 0.3, Spelling: 0.75, History: 0.8})
	talk := []string{"Hvad er et partnerskab?", "Hvad er samskabelse?"}
	for _, c := range []struct {
		question string
		before   []string
		want     []string
	}{
		{"Og hvem betaler?", talk, []string{"Hvad er samskabelse?"}},
		{"hvad med ulemperne?", talk, []string{"Hvad er samskabelse?"}},
		{"Er det det samme som samproduktion?", talk, []string{"Hvad er samskabelse?"}},
		{"Hvad er et frivilligcenter?", talk, nil},
		{"Hvor mange kommuner havde en frivilligpolitik i 2010?", talk, nil},
		{"Og hvem betaler?", nil, nil},
		{"hvem siger det?", []string{"Hvad er samskabelse?", "og ulemperne?"}, []string{"og ulemperne?", "Hvad er samskabelse?"}},
	} {
		if got := p.Context(c.question, c.before); !slices.Equal(got, c.want) {
			t.Errorf("%q after %q leans on %q, want %q", c.question, c.before, got, c.want)
		}
	}
}
