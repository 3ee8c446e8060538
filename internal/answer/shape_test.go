package answer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/question"
)

// TestDifferenceComesFirst: what sets two things apart stands before what each of them is.
func TestDifferenceComesFirst(t *testing.T) {
	a := ask(t, "Hvad er forskellen på et partnerskab og samskabelse?")
	first := strings.ToLower(a.Claims[0].Text)
	if !strings.Contains(first, "partnerskab") || !strings.Contains(first, "samskabelse") {
		t.Errorf("first comes %q", a.Claims[0].Text)
	}
	if len(a.Claims) < 3 {
		t.Errorf("%d claims: the two are not explained", len(a.Claims))
	}
}

// TestLists: a list is quoted whole and in order, or the one item that is asked for.
func TestLists(t *testing.T) {
	all := ask(t, "Hvordan laver man en partnerskabsaftale trin for trin?").Claims
	for i, c := range all {
		if want := fmt.Sprintf("Trin %d ", i+1); !strings.HasPrefix(c.Text, want) {
			t.Errorf("claim %d is %q", i+1, c.Text)
		}
	}
	if len(all) < 5 {
		t.Errorf("the list has %d items", len(all))
	}
	if one := ask(t, "Hvad er trin 4 i en partnerskabsaftale?").Claims; len(one) != 1 || !strings.HasPrefix(one[0].Text, "Trin 4 ") {
		t.Errorf("trin 4: %v", one)
	}
}

// TestWhereToRead: who asks where to read is told of the article first, and of the section when the subject is none of a title.
func TestWhereToRead(t *testing.T) {
	a := ask(t, "Hvilken artikel handler om partnerskaber?")
	if !strings.HasPrefix(a.Claims[0].Text, "Artiklen »Partnerskaber«") || !noted(a, "Læs artiklen »Partnerskaber«.") {
		t.Errorf("%q, %q", a.Claims[0].Text, a.Notes)
	}
	for _, q := range []string{"jeg er ny i kommunen, hvor starter jeg?", "hvor begynder jeg hvis jeg er ny på området"} {
		if a := ask(t, q); !strings.HasPrefix(a.Claims[0].Text, "Vidensportalens tema") || !noted(a, "Læs i denne rækkefølge") {
			t.Errorf("%q: %q, %q", q, a.Claims[0].Text, a.Notes)
		}
	}
	a = ask(t, "Hvor læser jeg om SROI?")
	if !strings.HasPrefix(a.Claims[0].Text, "Artiklen »Evaluering") || !noted(a, "især afsnittet »SROI") {
		t.Errorf("%q, %q", a.Claims[0].Text, a.Notes)
	}
}

func noted(a *answer.Answer, part string) bool {
	return slices.ContainsFunc(a.Notes, func(n string) bool { return strings.Contains(n, part) })
}

// TestWarningsComeLast: that a text should be checked is never the first thing an answer says.
func TestWarningsComeLast(t *testing.T) {
	for _, q := range []string{"Hvad siger § 18 i serviceloven?", "Hvad er § 79 i serviceloven?", "Kan kommunen forsikre frivillige?"} {
		if a := ask(t, q); strings.Contains(a.Claims[0].Text, "kontrolleres") {
			t.Errorf("%q begins with %q", q, a.Claims[0].Text)
		}
	}
}

// TestNextIsNew: the questions to go on with ask something else than what was asked, are understood by themselves, and differ.
func TestNextIsNew(t *testing.T) {
	b, err := answertest.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	ix := b.Searcher.Index()
	asked := 0
	for _, s := range ix.Sections {
		for _, q := range ix.Questions {
			if q.First != s.First {
				continue
			}
			a := ask(t, q.Text)
			for i, next := range a.Next {
				if strings.EqualFold(strings.TrimRight(next, "?"), strings.TrimRight(q.Text, "?")) || slices.Contains(a.Next[:i], next) {
					t.Errorf("%q goes on with %q", q.Text, next)
				}
				if !question.Read(next).Shape.Asks() {
					t.Errorf("%q is no question to the articles", next)
				}
			}
			asked++
			break
		}
	}
	if asked < 50 {
		t.Errorf("only %d questions asked", asked)
	}
}

// TestBriefly: who wishes for few words gets few sentences, the definition first; so does who wishes for the last answer shorter.
func TestBriefly(t *testing.T) {
	long := ask(t, "Hvad er samskabelse?")
	for _, a := range []*answer.Answer{ask(t, "Hvad er samskabelse, helt kort?"), ask(t, "kan du sige det kortere?", "Hvad er samskabelse?")} {
		if len(a.Claims) == 0 || len(a.Claims) > 2 || a.Claims[0].Text != long.Claims[0].Text || len(long.Claims) <= 2 {
			t.Errorf("%q: %d claims, %+v", a.Question, len(a.Claims), a.Claims)
		}
	}
}

// TestMeant: what is to be explained may be told before the question, and be asked for in other words than »hvad er«.
func TestMeant(t *testing.T) {
	for q, want := range map[string]string{"Min chef taler hele tiden om samskabelse. Kan du forklare det, så jeg forstår det?": "Samskabelse er en proces",
		"hvad siger § 18, helt kort": "pålægger", "hvad laver et frivilligcenter egentlig": "lokale paraplyer", "hvad er den præcise definition på civilsamfund? med kilde tak": "Civilsamfund er"} {
		if a := ask(t, q); len(a.Claims) == 0 || !strings.Contains(a.Claims[0].Text, want) {
			t.Errorf("%q: %s %+v", q, a.Status, a.Claims)
		}
	}
}

// TestFigureOrNothing: who asks how many is told a number, once more if need be, or nothing.
func TestFigureOrNothing(t *testing.T) {
	if a := ask(t, "og hvor meget er der?", "Hvad er § 18-midler?"); a.Status != answer.StatusAnswered || !strings.Contains(a.Claims[0].Text, "mio. kr.") {
		t.Errorf("%s: %+v", a.Status, a.Claims)
	}
	if a := ask(t, "og hvor mange er der?", "Hvad er en hybrid organisation?"); a.Status != answer.StatusNotCovered {
		t.Errorf("%s: %+v", a.Status, a.Claims)
	}
}

// TestOthersWordsAreNoAnswer: who asks what somebody wrote of a thing is not told what others wrote of it.
func TestOthersWordsAreNoAnswer(t *testing.T) {
	if a := ask(t, "Hvad har VIVE undersøgt om frivilligcentre?"); a.Status != answer.StatusAnswered || !strings.Contains(a.Claims[0].Text, "VIVE") {
		t.Errorf("%s: %+v", a.Status, a.Claims)
	}
	if a := ask(t, "Hvad har Torfing skrevet om fodbold?"); a.Status != answer.StatusNotCovered {
		t.Errorf("%s: %+v", a.Status, a.Claims)
	}
}

// TestUnexplained: who asks what a thing is that the articles only mention is not told where they do, and is not asked what is meant.
func TestUnexplained(t *testing.T) {
	for _, q := range []string{"Hvad er tillid?", "hvad er en frivilligpolitik", "hvad er en forening", "hvad er en cykelsti"} {
		if a := ask(t, q); a.Status != answer.StatusNotCovered {
			t.Errorf("%q: %s %+v", q, a.Status, a.Claims)
		}
	}
	for _, q := range []string{"Hvad er et frivilligcenter?", "hvad er fortalerrollen", "hvad er effektmåling"} {
		if a := ask(t, q); a.Status != answer.StatusAnswered {
			t.Errorf("%q: %s", q, a.Status)
		}
	}
	if a := ask(t, "hvad er reglerne?"); a.Status != answer.StatusUnclear {
		t.Errorf("a question of no subject: %s", a.Status)
	}
}

// TestChoices: the choices for a vague question ask for the same sort of thing.
func TestChoices(t *testing.T) {
	for _, q := range []string{"hvor mange er der?", "hvad er reglerne?", "giv et eksempel"} {
		a := ask(t, q)
		if a.Status != answer.StatusUnclear || len(a.Next) < 2 {
			t.Errorf("%q: %s, %q", q, a.Status, a.Next)
		}
		for _, n := range a.Next {
			if got, want := question.Read(n).Shape, question.Read(q).Shape; got != want {
				t.Errorf("%q offers %q", q, n)
			}
		}
	}
}

// TestByName: who asks after somebody by name is told first who that is.
func TestByName(t *testing.T) {
	for _, q := range []string{"frise, hvem er det og hva laver de", "hvad laver FriSe?", "Hvem er FriSe?"} {
		if a := ask(t, q); len(a.Claims) == 0 || !strings.Contains(a.Claims[0].Text, "er landsorganisation") {
			t.Errorf("%q: %+v", q, a.Claims)
		}
	}
	if a := ask(t, "Hvem er frivillige?"); a.Status != answer.StatusAnswered || strings.Contains(a.Claims[0].Text, "uden tvang") {
		t.Errorf("a heading is a question: %s %+v", a.Status, a.Claims)
	}
}
