package answer_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

type built struct {
	search  *retrieval.Searcher
	compose *answer.Extractive
}

var builtIn = sync.OnceValues(func() (built, error) {
	c, err := article.Load(corpus.FS)
	if err != nil {
		return built{}, err
	}
	e := local.New(0)
	ix, err := index.Build(context.Background(), c, nil, index.Options{Embedder: e, NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
	if err != nil {
		return built{}, err
	}
	s, err := retrieval.New(ix, e, retrieval.DefaultWeights())
	return built{s, answer.NewExtractive(ix, retrieval.DefaultModel(), answer.DefaultThreshold)}, err
})

func ask(t *testing.T, question string, earlier ...string) *answer.Answer {
	t.Helper()
	b, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.search.Search(t.Context(), question, retrieval.Past{Questions: earlier}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b.compose.Compose(question, r)
}

// TestInvariants holds every answer to every gold question to the contract: above all, each claim stands word for word in
// the passage it cites, and its literature is cited there.
func TestInvariants(t *testing.T) {
	gold, err := article.LoadGold(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	answered := 0
	for _, g := range gold {
		var earlier []string
		for _, turn := range g.History {
			if turn.Role == "user" {
				earlier = append(earlier, turn.Text)
			}
		}
		a := ask(t, g.Question, earlier...)
		if a.Status == answer.StatusAnswered {
			answered++
		}
		for _, fault := range faults(t, a) {
			t.Errorf("%s »%s«: %s", g.ID, g.Question, fault)
		}
	}
	if answered < 100 {
		t.Errorf("only %d questions answered: nothing much was checked", answered)
	}
}

// faults lists what an answer breaks of the contract.
func faults(t *testing.T, a *answer.Answer) []string {
	t.Helper()
	b, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	return faultsOf(b, a)
}

// faultsOf does it for any corpus.
func faultsOf(b built, a *answer.Answer) []string {
	var out []string
	bad := func(ok bool, what string) {
		if !ok {
			out = append(out, what)
		}
	}
	if a.Status != answer.StatusAnswered {
		bad(a.Reason != "", "a refusal without a reason")
		bad(len(a.Claims)+len(a.Sources)+len(a.Literature) == 0, "a refusal with claims, sources or literature")
		return out
	}
	bad(len(a.Claims) > 0 && len(a.Claims) <= answer.MaxClaims, "no claims, or too many")
	next := 1
	cited := map[string]bool{}
	for i, c := range a.Claims {
		bad(len(c.Sources) > 0, "a claim without a source: "+c.Text)
		bad(len(c.Literature) > 0, "a claim without literature: "+c.Text)
		for _, n := range c.Sources {
			bad(n >= 1 && n <= len(a.Sources), "a number that dangles: "+c.Text)
			bad(n <= next, "numbers do not run in order of appearance: "+c.Text)
			next = max(next, n+1)
			bad(strings.Contains(a.Sources[n-1].Quote, c.Text), "not word for word in its passage: "+c.Text)
		}
		for _, k := range c.Literature {
			cited[k] = true
			bad(slices.ContainsFunc(a.Literature, func(r answer.Reference) bool { return r.ID == k }), "literature "+k+" is not listed")
		}
		for _, other := range a.Claims[:i] {
			bad(other.Text != c.Text, "said twice: "+c.Text)
		}
	}
	bad(next == len(a.Sources)+1, "a source nobody cites")
	bad(len(cited) == len(a.Literature), "literature listed that no claim cites, or listed twice")
	for i, s := range a.Sources {
		bad(s.N == i+1, "sources are not numbered 1..n")
		bad(s.Title != "" && s.Passage != "" && s.Quote != "", "an empty source")
		p := passageText(b, s.Passage)
		bad(p == s.Quote, "the quote is not the passage "+s.Passage)
	}
	for _, r := range a.Related {
		bad(!slices.ContainsFunc(a.Sources, func(s answer.Source) bool { return s.Article == r.Article }), "related is a source: "+r.Article)
	}
	return out
}

func passageText(b built, id string) string {
	for _, p := range b.search.Index().Passages {
		if p.ID == id {
			return p.Text
		}
	}
	return ""
}

// TestFaultsAreSeen: the check above can fail.
func TestFaultsAreSeen(t *testing.T) {
	spoil := map[string]func(*answer.Answer){
		"a word changed":      func(a *answer.Answer) { a.Claims[0].Text = "Altid " + a.Claims[0].Text },
		"a number that lacks": func(a *answer.Answer) { a.Claims[0].Sources = []int{9} },
		"no source":           func(a *answer.Answer) { a.Claims[0].Sources = nil },
		"no literature":       func(a *answer.Answer) { a.Claims[0].Literature = nil },
		"a source too many":   func(a *answer.Answer) { a.Sources = append(a.Sources, a.Sources[0]) },
		"a reference twice":   func(a *answer.Answer) { a.Literature = append(a.Literature, a.Literature[0]) },
		"said twice":          func(a *answer.Answer) { a.Claims = append(a.Claims, a.Claims[0]) },
	}
	for name, f := range spoil {
		a := ask(t, "Hvad er et partnerskab?")
		if got := faults(t, a); len(got) > 0 {
			t.Fatalf("the answer is at fault before it is spoilt: %v", got)
		}
		func() {
			defer func() { _ = recover() }() // a number that dangles may be out of range
			f(a)
			if got := faults(t, a); len(got) == 0 {
				t.Errorf("%s: not seen", name)
			}
		}()
	}
}

func TestDefinitionComesFirst(t *testing.T) {
	a := ask(t, "hvad betyder samskabelse")
	if a.Status != answer.StatusAnswered || !strings.HasPrefix(a.Claims[0].Text, "Samskabelse er ") {
		t.Errorf("%s: %+v", a.Status, a.Claims)
	}
	if a.Sources[0].Article != "civilsamfund/samskabelse" {
		t.Errorf("the first source is %s", a.Sources[0].Article)
	}
}

func TestComparisonHasBothSides(t *testing.T) {
	a := ask(t, "Hvad er forskellen på samskabelse og et partnerskab?")
	if a.Status != answer.StatusAnswered {
		t.Fatalf("%s: %s", a.Status, a.Reason)
	}
	for _, want := range []string{"civilsamfund/samskabelse", "civilsamfund/partnerskaber"} {
		if !slices.ContainsFunc(a.Sources, func(s answer.Source) bool { return s.Article == want }) {
			t.Errorf("no source from %s", want)
		}
	}
	both := slices.ContainsFunc(a.Claims, func(c answer.Claim) bool {
		l := strings.ToLower(c.Text)
		return strings.Contains(l, "samskabelse") && strings.Contains(l, "partnerskab")
	})
	if !both {
		t.Error("no claim sets the two against each other")
	}
}

func TestRefusal(t *testing.T) {
	for _, question := range []string{"Hvordan bager man surdejsbrød?", "blåbærgrød", "?", "og"} {
		a := ask(t, question)
		if a.Status != answer.StatusNotCovered || a.Reason == "" || len(a.Claims) > 0 {
			t.Errorf("%q: %s, %q, %d claims", question, a.Status, a.Reason, len(a.Claims))
		}
	}
}

func TestPersonal(t *testing.T) {
	b, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.search.Search(t.Context(), "Må min borger være frivillig?", retrieval.Past{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	a := b.compose.Personal("Må min borger være frivillig?", r)
	if a.Status != answer.StatusPersonalCase || len(a.Claims) > 0 || a.Reason == "" || len(a.Related) == 0 {
		t.Errorf("%+v", a)
	}
}
