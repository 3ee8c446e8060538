package retrieval

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
)

// TestMean: no signal is forgotten when two are put together.
func TestMean(t *testing.T) {
	var full Signals
	v := reflect.ValueOf(&full).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Bool {
			f.SetBool(true)
		} else {
			f.SetFloat(float64(i + 1))
		}
	}
	if got := full.mean(full); got != full {
		t.Errorf("the mean of %+v and itself is %+v", full, got)
	}
	if got := full.mean(Signals{}); got.MetSection != full.MetSection/2 || !got.UnknownName {
		t.Errorf("%+v", got)
	}
}

// TestAlso: other queries move a ranking, the question's own search always counts, and a result is not changed.
func TestAlso(t *testing.T) {
	s := searcher(t)
	ask := func(q string) *Result {
		r, err := s.Search(t.Context(), q, Past{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	numbers := func(r *Result) (out []int) {
		for _, h := range r.Hits {
			out = append(out, h.Number)
		}
		return out
	}
	r := ask("Hvad er samskabelse?")
	was := numbers(r)
	same, err := s.Also(t.Context(), r, nil)
	if err != nil || same != r {
		t.Errorf("no queries: %v", err)
	}
	again, err := s.Also(t.Context(), r, []string{"Hvad er samskabelse?"})
	if err != nil || !slices.Equal(numbers(again), was) || again.Signals != r.Signals {
		t.Errorf("the same query: %v, was %v, %v", numbers(again), was, err)
	}
	far, err := s.Also(t.Context(), r, []string{"Hvordan evaluerer man med BIKVA?"})
	if err != nil || slices.Equal(numbers(far), was) || far.Hits[0].Number != was[0] || !slices.Equal(numbers(r), was) {
		t.Errorf("%v, was %v, %v", numbers(far), was, err)
	}
	for i := 1; i < len(far.Hits); i++ {
		if far.Hits[i].Score > far.Hits[i-1].Score {
			t.Errorf("out of order: %v", far.Hits)
		}
	}
	vague := ask("de frivilliges penge")
	sharp, err := s.Also(t.Context(), vague, []string{"Hvad er § 18-midler?", "Hvordan søger man § 18-støtte?"})
	if err != nil || numbers(sharp)[0] == numbers(vague)[0] && slices.Equal(numbers(sharp), numbers(vague)) {
		t.Errorf("a vague question is not helped: %v, was %v, %v", numbers(sharp), numbers(vague), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Also(ctx, r, []string{"Hvad er et partnerskab?"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a done context: %v", err)
	}
}
