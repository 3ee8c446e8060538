package llm

import (
	"context"
	"fmt"
	"time"
)

// Limit lets only so many calls through at a time; others wait their turn.
type Limit struct {
	next  Generator
	slots chan struct{}
	wait  time.Duration
}

// NewLimit wraps a generator: at most n calls at a time (at least 1), and nobody waits longer than wait for a turn; 0 is as
// long as the caller's context.
func NewLimit(next Generator, n int, wait time.Duration) *Limit {
	return &Limit{next: next, slots: make(chan struct{}, max(n, 1)), wait: wait}
}

// Name is that of the wrapped generator.
func (l *Limit) Name() string { return l.next.Name() }

// Generate waits for a turn. Without one it fails with ErrUnavailable, or with ErrTimeout or context.Canceled when ctx ends.
func (l *Limit) Generate(ctx context.Context, r Request) (Reply, error) {
	var patience <-chan time.Time
	if l.wait > 0 {
		t := time.NewTimer(l.wait)
		defer t.Stop()
		patience = t.C
	}
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
		return l.next.Generate(ctx, r)
	case <-ctx.Done():
		return Reply{}, Ended(ctx, l.Name(), "waiting for a turn")
	case <-patience:
		return Reply{}, &Error{Kind: ErrUnavailable, Model: l.Name(), Detail: fmt.Sprintf("no turn within %s, %d calls are under way", l.wait, cap(l.slots))}
	}
}

// Ended is the error for a context that has ended: ErrTimeout for a deadline, context.Canceled for a caller who left.
func Ended(ctx context.Context, model, doing string) *Error {
	if ctx.Err() == context.DeadlineExceeded {
		return &Error{Kind: ErrTimeout, Model: model, Detail: doing, Err: context.DeadlineExceeded}
	}
	return &Error{Kind: context.Canceled, Model: model, Detail: doing}
}
