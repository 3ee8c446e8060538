package answer_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/article"
	"kildesvar/internal/retrieval"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ask(t *testing.T, question string, earlier ...string) *answer.Answer {
	t.Helper()
	b, err := answertest.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.Searcher.Search(t.Context(), question, retrieval.Past{Questions: earlier}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b.Composer.Compose(context.Background(), question, r)
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
	b, err := answertest.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return b.Faults(a)
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
	b, err := answertest.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.Searcher.Search(t.Context(), "Må min borger være frivillig?", retrieval.Past{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	a := b.Composer.Personal("Må min borger være frivillig?", r)
	if a.Status != answer.StatusPersonalCase || len(a.Claims) > 0 || a.Reason == "" || len(a.Related) == 0 {
		t.Errorf("%+v", a)
	}
}
