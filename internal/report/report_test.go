package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kildesvar/internal/answer"
	"kildesvar/internal/journal"
)

var to = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)

// got is a question n hours before to, with its answer.
func got(n int, person int, text string, status answer.Status, shape string, took int64) Asked {
	a := Asked{ID: fmt.Sprintf("01Q%03d", n), Text: text, Person: person, Surface: journal.DM, At: to.Add(-time.Duration(n) * time.Hour), Status: journal.Answered,
		Waited: time.Duration(took)*time.Millisecond + time.Second, Answer: &answer.Answer{Status: status, Shape: shape, TookMS: took}}
	if n%2 == 0 {
		a.Surface = journal.Mention
	}
	return a
}

// week is a little of everything.
func week() Input {
	in := Input{From: to.AddDate(0, 0, -3), To: to, StaleChecked: 4, Escalations: map[string]journal.EscalationState{"01Q003": journal.Open, "01Q005": journal.Solved},
		Stale: []Stale{{ID: "01Q001", Question: "Hvad er samskabelse?", AnsweredAt: to, Changed: []string{"a#b.1"}, Gone: []string{}}}}
	in.Questions = []Asked{
		got(1, 0, "Hvad er samskabelse?", answer.StatusAnswered, "definition", 10),
		got(2, 1, "Hvad er et partnerskab?", answer.StatusAnswered, "definition", 20),
		got(3, 2, "Skal frivillige have en børneattest?", answer.StatusNotCovered, "law", 30),
		got(4, 0, "boerneattest til frivillige", answer.StatusNotCovered, "", 40),
		got(5, 0, "Kræver vi børneattest af en frivillig?", answer.StatusNotCovered, "law", 50),
		got(30, 3, "Hvornår har genbrugspladsen åbent?", answer.StatusNotCovered, "", 60),
		got(31, 3, "Hvad gør jeg med borgeren Lars Hansen?", answer.StatusPersonalCase, "", 9000),
		got(32, 3, "Hvad med det?", answer.StatusUnclear, "", 70),
		got(33, 4, "Hvem er du?", answer.StatusNotCovered, "about", 1),
		got(34, 4, "Tusind tak!", answer.StatusNotCovered, "thanks", 1),
	}
	hello := got(35, 5, "Hej", "", "", 0)
	hello.Answer = nil
	long := got(36, 5, "Et meget langt spørgsmål om foreninger", "", "", 0)
	long.Answer = nil
	failed := got(37, 5, "Hvad er en forening?", "", "", 0)
	failed.Answer, failed.Status, failed.Waited = nil, journal.Failed, 0
	in.Questions = append(in.Questions, hello, long, failed)
	in.Ratings = []Rating{{"01Q001", true, ""}, {"01Q002", false, "mangler"}, {"01Q002", false, ""}, {"01Q031", false, "forkert"}}
	return in
}

func made(t *testing.T, in Input) *Report {
	t.Helper()
	r, err := Make(t.Context(), in, searcher(t))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestMake(t *testing.T) {
	r := made(t, week())
	if r.Questions != 8 || r.Messages != 13 || r.People != 6 {
		t.Errorf("questions %d, messages %d, people %d", r.Questions, r.Messages, r.People)
	}
	want := []Count{{"answered", 2, 0.25}, {"not_covered", 4, 0.5}, {"personal_case", 1, 0.125}, {"needs_clarification", 1, 0.125}, {"talk", 3, 0}, {"notice", 1, 0}, {"failed", 1, 0}}
	if diff := cmp.Diff(want, r.Outcomes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Count{{"other", 4, 0.5}, {"definition", 2, 0.25}, {"law", 2, 0.25}}, r.Shapes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Day{{"2026-03-06", 0, 0}, {"2026-03-07", 0, 0}, {"2026-03-08", 3, 0}, {"2026-03-09", 5, 2}}, r.Days); diff != "" {
		t.Error(diff)
	}
	if r.Took != (Times{8, 40, 9000}) || r.Waited != (Times{8, 1040, 10000}) {
		t.Errorf("took %+v, waited %+v", r.Took, r.Waited)
	}
	if len(r.Slowest) != 8 || r.Slowest[0].Question != hidden || r.Slowest[1].WaitedMS != 1070 {
		t.Errorf("%+v", r.Slowest)
	}
	if r.Up != 1 || r.Down != 3 || N(r.Reasons, "mangler") != 1 || N(r.Reasons, "") != 1 || len(r.Disliked) != 2 || r.Disliked[0].N != 2 || !slices.Equal(r.Disliked[0].Reasons, []string{"mangler"}) {
		t.Errorf("up %d down %d %+v %+v", r.Up, r.Down, r.Reasons, r.Disliked)
	}
	if N(r.Escalations, "open") != 1 || N(r.Escalations, "solved") != 1 || len(r.Stale) != 1 || r.StaleOf != 4 {
		t.Errorf("%+v %+v", r.Escalations, r.Stale)
	}
	if r.Unanswered != 4 || len(r.Wishes) != 2 {
		t.Fatalf("%d unanswered: %+v", r.Unanswered, r.Wishes)
	}
	w := r.Wishes[0]
	if w.Size != 3 || w.People != 2 || w.Escalated != 2 || len(w.Others) != 2 || len(w.Articles) == 0 || w.Articles[0].URL == "" || !w.First.Equal(to.Add(-5*time.Hour)) || !w.Last.Equal(to.Add(-3*time.Hour)) {
		t.Errorf("%+v", w)
	}
}

// TestSameInput: the order of the questions does not count.
func TestSameInput(t *testing.T) {
	in := week()
	a := made(t, in)
	slices.Reverse(in.Questions)
	if diff := cmp.Diff(a, made(t, in)); diff != "" {
		t.Error(diff)
	}
}

// TestNobody: nothing of a person is in a report, wherever a question stands in it, and no case that was not seen to be one when it was
// answered.
func TestNobody(t *testing.T) {
	in := week()
	for n, text := range map[int]string{6: "Skal 010203-1234 have en børneattest? Ring 12 34 56 78", 7: "Må man skrive til mette.kanarie@fuglebur.dk om minibussen?",
		8: "Min borger Karen Kanariefugl vil have en hund", 9: "Hvad gør jeg med Mohammed Kanariefugl, der drikker?", 10: "Er hjertestarteren på Kanariestræde 47, 3. tv, 8270 Højbjerg?",
		11: "Kan sagsnr. 24/918273 få sin støtte?"} {
		q := got(n, 7, text, answer.StatusNotCovered, "", 20_000)
		in.Questions = append(in.Questions, q)
		in.Ratings = append(in.Ratings, Rating{q.ID, false, "forkert"}, Rating{q.ID, false, ""}, Rating{q.ID, false, ""})
		in.Stale = append(in.Stale, Stale{ID: q.ID, Question: text})
	}
	r := made(t, in)
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range []string{"Lars", "Hansen", "010203", "1234", "12 34 56 78", "kanarie", "Kanarie", "fuglebur", "Karen", "Mohammed", "8270", "918273"} {
		if strings.Contains(string(data), canary) || strings.Contains(html(t, r), canary) {
			t.Errorf("%s is in the report", canary)
		}
	}
	for _, word := range []string{"hjertestarteren", "minibussen"} {
		if !strings.Contains(string(data), word) {
			t.Errorf("the question with %s is gone whole", word)
		}
	}
	if n := len(in.Questions); r.Messages != n || r.Questions != 14 || N(r.Outcomes, "not_covered") != 10 {
		t.Errorf("%d of %d counted, %d questions, %v", r.Messages, n, r.Questions, r.Outcomes)
	}
}

// TestNotCases: what is no case is not hidden: of the questions that the grouping is measured on, hardly any.
func TestNotCases(t *testing.T) {
	show, texts := shower(searcher(t).Index()), []string{}
	all, _ := half(labels(t, "grupper.jsonl"), "train")
	for _, q := range all {
		if show(q, answer.StatusNotCovered) == hidden {
			texts = append(texts, q)
		}
	}
	if len(texts) > 2 {
		t.Errorf("hidden: %q", texts)
	}
}

// TestEmpty: a report on nothing has empty lists and can be shown.
func TestEmpty(t *testing.T) {
	r := made(t, Input{From: to.AddDate(0, 0, -7), To: to})
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "null") || len(r.Days) != 8 {
		t.Errorf("%s", data)
	}
	if page := html(t, r); !strings.Contains(page, "Ingen i perioden.") || strings.Contains(page, "NaN") {
		t.Error(page)
	}
}

// TestTooMany: of more questions than can be grouped, the newest are.
func TestTooMany(t *testing.T) {
	if testing.Short() {
		t.Skip("searches 2,003 times")
	}
	in := Input{From: to.AddDate(-1, 0, 0), To: to}
	for n := range MaxGrouped + 3 {
		in.Questions = append(in.Questions, got(n+1, n, fmt.Sprintf("Findes der en %s?", []string{"børneattest", "minibus", "hygiejnekursus"}[n%3]), answer.StatusNotCovered, "", 1))
	}
	r := made(t, in)
	sum := 0
	for _, w := range r.Wishes {
		sum += w.Size
	}
	if r.LeftOut != 3 || sum != MaxGrouped || r.Unanswered != MaxGrouped+3 || len(r.Wishes) != 3 {
		t.Errorf("left out %d, grouped %d in %d", r.LeftOut, sum, len(r.Wishes))
	}
}
