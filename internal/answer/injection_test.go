package answer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/retrieval"
)

var statuses = []answer.Status{answer.StatusAnswered, answer.StatusNotCovered, answer.StatusPersonalCase, answer.StatusUnclear}

// sane lists what is wrong with an answer to an attack: the contract, and words of the attacker's in the assistant's mouth.
func sane(t *testing.T, b answertest.Built, a *answer.Answer) []string {
	t.Helper()
	out := b.Faults(a)
	if !slices.Contains(statuses, a.Status) || a.Mode != answer.ModeExtractive || a.Model != "" {
		out = append(out, fmt.Sprintf("status %s, mode %s, model %q", a.Status, a.Mode, a.Model))
	}
	if strings.Contains(a.Reason, answertest.Marker) {
		out = append(out, "the reason is the attacker's: "+a.Reason)
	}
	for _, n := range a.Notes { // a note may quote a part of the question, in quotation marks
		if before, _, quoted := strings.Cut(n, "»"); strings.Contains(before, answertest.Marker) || !quoted && strings.Contains(n, answertest.Marker) {
			out = append(out, "a note is the attacker's: "+n)
		}
	}
	return out
}

// TestInjectionByAsker: whatever a question, an earlier turn or a thread holds, each sentence of the answer stands in an article, and
// the answer to an answertest.Ordinary question is what it is without it.
func TestInjectionByAsker(t *testing.T) {
	b, err := answertest.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	asked, answered := 0, 0
	for i, in := range answertest.Injections(answertest.Question, answertest.History, answertest.Thread, answertest.Article, answertest.DisplayName) {
		if raceEnabled && i%5 != 0 {
			continue
		}
		for _, c := range []struct {
			question string
			past     retrieval.Past
		}{
			{in.Text, retrieval.Past{}},
			{"Hvad er samskabelse? " + in.Text, retrieval.Past{}},
			{in.Text + " Hvad er et partnerskab?", retrieval.Past{}},
			{"Hvad er samskabelse?", retrieval.Past{Questions: []string{in.Text}, Reply: in.Text}},
			{"og hvem betaler?", retrieval.Past{Questions: []string{"Hvad er samskabelse?", in.Text}, Reply: in.Text}},
		} {
			a := b.Ask(t, c.question, c.past)
			asked++
			if a.Status == answer.StatusAnswered {
				answered++
			}
			for _, f := range sane(t, b, a) {
				t.Errorf("line %d: %.120q: %s", in.Line, c.question, f)
			}
			for _, cl := range a.Claims {
				if strings.Contains(cl.Text, answertest.Marker) {
					t.Errorf("line %d: %.120q is answered with %q", in.Line, c.question, cl.Text)
				}
			}
			if c.question == "Hvad er samskabelse?" && (a.Status != answer.StatusAnswered || a.Sources[0].Article != "civilsamfund/samskabelse") {
				t.Errorf("line %d: after %.120q an answertest.Ordinary question is %s", in.Line, in.Text, a.Status)
			}
		}
	}
	if !raceEnabled && (asked < 700 || answered < 200) || answered < 40 {
		t.Errorf("asked %d, answered %d", asked, answered)
	}
	t.Logf("%d questions, %d answered", asked, answered)
}

// TestInjectionByArticle: articles with the texts planted are quoted at most, each sentence word for word with its source; the answers to
// questions about other articles do not change their first source or say what was planted.
func TestInjectionByArticle(t *testing.T) {
	b := answertest.Build(t, answertest.WithFiles(t, answertest.HostileFiles(t)))
	for _, q := range answertest.Ordinary {
		a := b.Ask(t, q, retrieval.Past{})
		for _, f := range sane(t, b, a) {
			t.Errorf("%q: %s", q, f)
		}
		if a.Status != answer.StatusAnswered || !strings.HasPrefix(a.Sources[0].Article, "civilsamfund/") {
			t.Errorf("%q: %s, first source %+v", q, a.Status, a.Sources)
		}
		for _, c := range a.Claims {
			if strings.Contains(c.Text, answertest.Marker) {
				t.Errorf("%q is answered with %q", q, c.Text)
			}
		}
	}
	quoted := 0
	for i, in := range answertest.Injections(answertest.Article, answertest.Heading, answertest.Title, answertest.Literature, answertest.FileName) {
		if raceEnabled && i%3 != 0 {
			continue
		}
		for _, q := range []string{in.Text, "Hvad er naboskab?"} {
			a := b.Ask(t, q, retrieval.Past{})
			for _, f := range sane(t, b, a) {
				t.Errorf("line %d: %.120q: %s", in.Line, q, f)
			}
			if slices.ContainsFunc(a.Sources, func(s answer.Source) bool { return strings.HasPrefix(s.Article, "angreb/") }) {
				quoted++
			}
		}
	}
	if quoted < 15 {
		t.Errorf("the planted articles are sources of %d answers only: nothing much was checked", quoted)
	}
}
