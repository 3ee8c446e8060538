package assistant

import (
	"context"
	"slices"
	"testing"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/retrieval"
)

// stepper is a composer with a model's steps.
type stepper struct {
	recorder
	queries, next []string
	hits          []string // sections of the passages composed from
	deadline      time.Duration
}

func (s *stepper) Compose(ctx context.Context, q string, r *retrieval.Result) *answer.Answer {
	for _, h := range r.Hits {
		s.hits = append(s.hits, h.Passage.Section)
	}
	if end, ok := ctx.Deadline(); ok {
		s.deadline = time.Until(end)
	}
	a := s.recorder.Compose(ctx, q, r)
	a.Next = []string{"Hvad er kompost?", "Hvornår skal man vande?"}
	return a
}

func (s *stepper) Queries(context.Context, string, *retrieval.Result) []string { return s.queries }

func (s *stepper) Following(context.Context, *answer.Answer) []string { return s.next }

func (s *stepper) Answers(q string, _ *retrieval.Result) bool { return q != "Hvad koster en spade?" }

// TestSteps: a model's queries are searched for too, its questions shown first; none that is a person's case or no question.
func TestSteps(t *testing.T) {
	s := &stepper{queries: []string{"Hvornår vander man planter?", "Må min borger vande?", "", "\xff"}, next: []string{"Hvad koster en spade?", "Må min borger vande?", "Hvem svarer på spørgsmål?", "Hvad er kompost?"}}
	a, err := New(searcher(t), s, time.Now).Within(time.Minute).Ask(t.Context(), "Hvad er kompost?", nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"Hvem svarer på spørgsmål?", "Hvad er kompost?"}; !slices.Equal(a.Next, want) {
		t.Errorf("next %q, want %q", a.Next, want)
	}
	if len(s.hits) < 2 || s.hits[0] != "Hvad er kompost?" || !slices.Contains(s.hits, "Hvornår vander man?") {
		t.Errorf("composed from %q", s.hits)
	}
	if s.deadline <= 50*time.Second || s.deadline > time.Minute {
		t.Errorf("the composer has %s", s.deadline)
	}
	s = &stepper{queries: []string{"Hvornår vander man planter?"}}
	if _, err := New(searcher(t), s, time.Now).Ask(t.Context(), "Må min borger lave kompost?", nil); err != nil || !s.personal || s.hits != nil {
		t.Errorf("a person's case reached the model: %v", err)
	}
}
