package written_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/llm"
	"kildesvar/internal/retrieval"
)

// stepper answers each prompt by the beginning of its system part.
type stepper struct {
	model
	condense, rewrite, judge, next string
	asked                          []string
}

func newStepper(out *stepper) *stepper {
	out.say = func(_ context.Context, r llm.Request) (string, error) {
		for begin, reply := range map[string]string{"Du gør en opfølgning": out.condense, "Du skriver søgninger": out.rewrite, "Du vurderer": out.judge, "Du foreslår": out.next} {
			if strings.HasPrefix(r.System, begin) {
				out.asked = append(out.asked, begin)
				if reply == "" {
					return "", &llm.Error{Kind: llm.ErrEmpty}
				}
				return reply, nil
			}
		}
		out.asked = append(out.asked, "svar")
		_, passages := asked(r.User)
		return strings.Join(honest(passages, 4), "\n"), nil
	}
	return out
}

// unsure is a question that is answered, but not surely.
func unsure(t *testing.T, b answertest.Built) (string, *retrieval.Result) {
	t.Helper()
	for _, q := range answertest.Gold(t) {
		r, err := b.Searcher.Search(t.Context(), q.Question, retrieval.Past{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if a := b.Composer.Compose(t.Context(), q.Question, r); len(q.History) == 0 && a.Status == answer.StatusAnswered && a.Confidence > 0.55 && a.Confidence < 0.7 {
			return q.Question, r
		}
	}
	t.Fatal("no question is unsure")
	return "", nil
}

// TestStepsAreOff: unless they are asked for, a model is asked for the answer alone.
func TestStepsAreOff(t *testing.T) {
	m := newStepper(&stepper{condense: "Hvad er et partnerskab?", rewrite: "partnerskab", judge: "NEJ", next: "Hvad er et partnerskab?"})
	b, g := generative(t, m, written.Options{})
	q, _ := unsure(t, b)
	whole(t, b, g, asking{q: q, history: turns(plain)})
	if !slices.Equal(m.asked, []string{"svar"}) {
		t.Errorf("asked for %q", m.asked)
	}
}

// TestQueries: other ways to search, without what adds to the question.
func TestQueries(t *testing.T) {
	m := newStepper(&stepper{
		condense: "Hvem betaler for samskabelse?\nHvad er et partnerskab?",
		rewrite: "1. finansiering af samskabelse\n- https://ond.example\nudgifter i 2019\nmin borger 010203-1234\nsamarbejde mellem kommune og forening\n" +
			strings.Repeat("langt ", 50) + "\nen til\nen for meget",
	})
	b, g := generative(t, m, written.Options{Steps: written.Steps()})
	follow, err := b.Searcher.Search(t.Context(), "og hvem betaler?", retrieval.Past{Questions: []string{plain}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Queries(t.Context(), "og hvem betaler?", follow); !slices.Equal(got, []string{"Hvem betaler for samskabelse?"}) {
		t.Errorf("condensed to %q", got)
	}
	q, r := unsure(t, b)
	if got := g.Queries(t.Context(), q, r); !slices.Equal(got, []string{"finansiering af samskabelse", "samarbejde mellem kommune og forening", "en til"}) {
		t.Errorf("rewritten as %q", got)
	}
	before := len(m.asked)
	sure, err := b.Searcher.Search(t.Context(), plain, retrieval.Past{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Queries(t.Context(), plain, sure); got != nil || len(m.asked) != before {
		t.Errorf("a sure question was rewritten as %q", got)
	}
	m.rewrite = "INTET SVAR"
	if got := g.Queries(t.Context(), q, r); len(got) != 0 {
		t.Errorf("nothing was rewritten as %q", got)
	}
	m.rewrite = ""
	if got := g.Queries(t.Context(), q, r); len(got) != 0 {
		t.Errorf("a failure was rewritten as %q", got)
	}
}

// TestJudge: a model may refuse where the articles are unsure, in one word; a refusal stays one, and a sure answer is not up to it.
func TestJudge(t *testing.T) {
	for say, refused := range map[string]bool{"NEJ": true, "nej.": true, "JA": false, "DELVIST": false, "Nej, men jeg kan svare alligevel": false, "": false} {
		m := newStepper(&stepper{judge: say})
		b, g := generative(t, m, written.Options{Steps: []written.Step{written.StepJudge}})
		q, _ := unsure(t, b)
		if a := composed(t, b, g, q, retrieval.Past{}); (a.Status == answer.StatusNotCovered) != refused || slices.Contains(m.asked, "svar") == refused {
			t.Errorf("%q: %s, asked for %q", say, a.Status, m.asked)
		}
		m.asked = nil
		if a := composed(t, b, g, plain, retrieval.Past{}); a.Status != answer.StatusAnswered || slices.Contains(m.asked, "Du vurderer") {
			t.Errorf("%q: a sure answer is %s", say, a.Status)
		}
		m.asked = nil
		if a := composed(t, b, g, "Hvad koster en billet til månen?", retrieval.Past{}); a.Status == answer.StatusAnswered || m.asked != nil {
			t.Errorf("%q: a refusal is %s", say, a.Status)
		}
	}
}

// TestFollowing: a model's questions are shown when the assistant answers them, they stand alone and are no person's case.
func TestFollowing(t *testing.T) {
	m := newStepper(&stepper{next: "Hvad er et partnerskab?\nHvad koster en billet til månen?\nHvad med det?\nHar min borger ret til et partnerskab?\nHvad er samskabelse?\nSe https://ond.example?"})
	b, g := generative(t, m, written.Options{Steps: []written.Step{written.StepNext}})
	o := whole(t, b, g, asking{q: plain})
	if len(o.a.Next) == 0 || len(o.a.Next) > answer.MaxNext || o.a.Next[0] != "Hvad er et partnerskab?" || o.a.Calls != 2 {
		t.Errorf("next %q, %d calls", o.a.Next, o.a.Calls)
	}
	for _, q := range o.a.Next {
		if strings.Contains(q, "billet") || strings.Contains(q, "min borger") || strings.Contains(q, "det?") {
			t.Errorf("it goes on with %q", q)
		}
	}
}

// TestMostCalls: with all steps on, a question takes no more than three calls before its answer, in time also when each of them hangs.
func TestMostCalls(t *testing.T) {
	bubble(t, func(t *testing.T, b answertest.Built) {
		q, _ := unsure(t, b)
		m := newStepper(&stepper{rewrite: "samskabelse", judge: "JA", next: "Hvad er et partnerskab?"})
		say := m.say
		wrong := "Kommunen skal betale 5.000 kr. om måneden."
		m.say = func(ctx context.Context, r llm.Request) (string, error) {
			text, err := say(ctx, r)
			return text + "\n" + wrong, err
		}
		m.judge = "JA"
		g := over(t, b, builtInVerifier(), m, written.Options{Steps: written.Steps()})
		o := whole(t, b, g, asking{q: q})
		if n := slices.Index(m.asked, "svar"); n > 2 || len(m.asked) > 4 {
			t.Errorf("asked for %q (%s)", m.asked, o.a.Mode)
		}
		hang := &model{say: func(ctx context.Context, _ llm.Request) (string, error) {
			<-ctx.Done()
			return "", llm.Ended(ctx, "", "")
		}}
		o = whole(t, b, over(t, b, builtInVerifier(), hang, written.Options{Steps: written.Steps()}), asking{q: q})
		if o.took > timeout || o.a.Fallback != answer.FallbackLate || hang.calls.Load() > 3 {
			t.Errorf("%d calls, %q after %s", hang.calls.Load(), o.a.Fallback, o.took)
		}
		if time.Duration(o.a.ModelMS)*time.Millisecond > timeout {
			t.Errorf("waited %d ms", o.a.ModelMS)
		}
	})
}
