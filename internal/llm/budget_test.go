package llm

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// clock is a time that a test sets.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func spender(prompt, reply int) *stub {
	return &stub{do: func(context.Context, int, Request) (Reply, error) {
		return Reply{Text: "ja", PromptTokens: prompt, ReplyTokens: reply}, nil
	}}
}

func wrapped(t *testing.T, o BudgetOptions, g Generator) (*Budget, Generator) {
	t.Helper()
	b, err := NewBudget(o)
	if err != nil {
		t.Fatal(err)
	}
	out, err := b.Wrap(g)
	if err != nil {
		t.Fatal(err)
	}
	return b, out
}

// TestBudgetMidnight: the day ends at midnight in Copenhagen, on days with 23 and 25 hours too.
func TestBudgetMidnight(t *testing.T) {
	for _, c := range []struct{ now, midnight string }{
		{"2026-01-10T22:30:00Z", "2026-01-10T23:00:00Z"},
		{"2026-07-10T21:59:59Z", "2026-07-10T22:00:00Z"},
		{"2026-03-28T23:30:00Z", "2026-03-29T22:00:00Z"}, // the clocks go forward
		{"2026-10-24T22:30:00Z", "2026-10-25T23:00:00Z"}, // and back
	} {
		now, _ := time.Parse(time.RFC3339, c.now)
		midnight, _ := time.Parse(time.RFC3339, c.midnight)
		k := &clock{now}
		b, g := wrapped(t, BudgetOptions{Tokens: 1100, Now: k.now}, spender(60, 40))
		if _, err := g.Generate(t.Context(), ask); err != nil {
			t.Fatal(err)
		}
		_, err := g.Generate(t.Context(), ask)
		if !errors.Is(err, ErrBudget) || RetryAfter(err) != midnight.Sub(now) || Passing(err) {
			t.Errorf("%s: %v, again in %s, want %s", c.now, err, RetryAfter(err), midnight.Sub(now))
		}
		k.t = midnight.Add(-time.Second)
		if _, err := g.Generate(t.Context(), ask); !errors.Is(err, ErrBudget) {
			t.Errorf("%s: a second before midnight: %v", c.now, err)
		}
		k.t = midnight
		if _, err := g.Generate(t.Context(), ask); err != nil {
			t.Errorf("%s: after midnight: %v", c.now, err)
		}
		if s := b.Spent(); s.Tokens != 100 {
			t.Errorf("spent %+v", s)
		}
	}
}

// TestBudgetTogether: calls at the same time cannot overdraw together.
func TestBudgetTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &stub{do: func(context.Context, int, Request) (Reply, error) {
			time.Sleep(time.Second)
			return Reply{Text: "ja", PromptTokens: 7, ReplyTokens: 500}, nil
		}}
		b, paid := wrapped(t, BudgetOptions{Tokens: 2500}, g)
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() { _, _ = paid.Generate(t.Context(), ask) }) // two of them succeed
		}
		wg.Wait()
		if n := g.calls.Load(); n != 2 {
			t.Errorf("%d calls on a budget for two", n)
		}
		if _, err := paid.Generate(t.Context(), ask); err != nil { // they used less than they might have
			t.Error(err)
		}
		if s := b.Spent(); s.Tokens != 3*507 {
			t.Errorf("spent %+v", s)
		}
	})
}

func TestBudgetMoney(t *testing.T) {
	prices, err := ParsePrices("openai:stub=100/1000")
	if err != nil {
		t.Fatal(err)
	}
	b, g := wrapped(t, BudgetOptions{Cost: 2, Prices: prices}, spender(1000, 500))
	if _, err := g.Generate(t.Context(), ask); err != nil {
		t.Fatal(err)
	}
	if s := b.Spent(); s.Cost < 0.599 || s.Cost > 0.601 {
		t.Errorf("spent %+v", s)
	}
	if _, err := g.Generate(t.Context(), ask); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Generate(t.Context(), ask); !errors.Is(err, ErrBudget) { // 1.2 spent, 1.02 may be needed
		t.Error(err)
	}
	unknown := spender(1, 1)
	unknown.name = "openai:other"
	if _, err := b.Wrap(unknown); err == nil {
		t.Error("a budget in money took a model without a price")
	}
}

// TestBudgetBooks: what failed before it cost anything is free; what may have cost is booked by estimate; and what was spent
// before the start counts.
func TestBudgetBooks(t *testing.T) {
	for kind, want := range map[error]int{ErrRateLimited: 0, ErrKey: 0, ErrPromptTooLong: 0, ErrTimeout: 7, ErrMalformed: 7, context.Canceled: 7} {
		b, g := wrapped(t, BudgetOptions{}, failing(kind))
		_, _ = g.Generate(t.Context(), ask) // fails
		if s := b.Spent(); s.Tokens != want {
			t.Errorf("%v: %d tokens, want %d", kind, s.Tokens, want)
		}
	}
	b, g := wrapped(t, BudgetOptions{}, saying("ja, det er det"))
	_, _ = g.Generate(t.Context(), ask) // succeeds, and nobody counted
	if s := b.Spent(); s.Tokens != 7+5 {
		t.Errorf("uncounted: %+v", s)
	}
	cut := &stub{do: func(context.Context, int, Request) (Reply, error) {
		return Reply{PromptTokens: 11, ReplyTokens: 90}, &Error{Kind: ErrReplyTruncated}
	}}
	b, g = wrapped(t, BudgetOptions{}, cut)
	_, _ = g.Generate(t.Context(), ask) // fails
	if s := b.Spent(); s.Tokens != 101 {
		t.Errorf("cut: %+v", s)
	}
	k := &clock{time.Date(2026, 5, 5, 12, 0, 0, 0, time.UTC)}
	_, g = wrapped(t, BudgetOptions{Tokens: 2000, Spent: Spending{Day: "2026-05-05", Tokens: 1500}, Now: k.now}, spender(1, 1))
	if _, err := g.Generate(t.Context(), ask); !errors.Is(err, ErrBudget) {
		t.Errorf("spent before: %v", err)
	}
	_, g = wrapped(t, BudgetOptions{Tokens: 2000, Spent: Spending{Day: "2026-05-04", Tokens: 1500}, Now: k.now}, spender(1, 1))
	if _, err := g.Generate(t.Context(), ask); err != nil {
		t.Errorf("spent yesterday: %v", err)
	}
	if _, err := NewBudget(BudgetOptions{Tokens: -1}); err == nil {
		t.Error("a negative budget is taken")
	}
}

// TestBudgetPanic: a generator that panics leaves nothing held back.
func TestBudgetPanic(t *testing.T) {
	bad := &stub{do: func(context.Context, int, Request) (Reply, error) { panic("fault of the program") }}
	b, g := wrapped(t, BudgetOptions{Tokens: 1500}, bad)
	func() {
		defer func() { _ = recover() }()
		_, _ = g.Generate(t.Context(), ask)
	}()
	if b.held != (Spending{}) {
		t.Errorf("held %+v", b.held)
	}
}
