package llm

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// BreakerOptions say when a provider is left alone. Zero values are those named.
type BreakerOptions struct {
	Failures int              // failures in a row that open the breaker; 0: 5
	Open     time.Duration    // how long it stays open, unless the provider asked for longer; 0: 30 s
	Most     time.Duration    // bound of what a provider can ask for; 0: 10 min
	Now      func() time.Time // nil: time.Now
}

// Breaker leaves a provider alone after failures in a row, so that nobody waits for what will fail: first for a while,
// then one call tries whether it is well again (Nygard 2007, »Release It!«). One breaker belongs to one provider.
//
// Only faults of the provider count: Passing ones. A refusal or an overlong prompt says that it is well.
type Breaker struct {
	next Generator
	o    BreakerOptions

	mu      sync.Mutex
	failed  int       // failures in a row
	until   time.Time // open until then
	trying  bool      // a call tries a provider that was left alone
	changed int       // counts openings and closings: a call that began before the last one is not news
}

// NewBreaker wraps a generator; the breaker is closed.
func NewBreaker(next Generator, o BreakerOptions) *Breaker {
	if o.Failures <= 0 {
		o.Failures = 5
	}
	if o.Open <= 0 {
		o.Open = 30 * time.Second
	}
	if o.Most <= 0 {
		o.Most = 10 * time.Minute
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Breaker{next: next, o: o}
}

// Name is that of the wrapped generator.
func (b *Breaker) Name() string { return b.next.Name() }

// Generate asks the provider, or fails at once with ErrUnavailable and RetryAfter while it is left alone.
func (b *Breaker) Generate(ctx context.Context, r Request) (Reply, error) {
	began, err := b.enter()
	if err != nil {
		return Reply{}, err
	}
	ended := false
	defer func() {
		if !ended { // a panic in the generator must not leave the breaker waiting for its trial
			b.leave(began, errors.New("panic"), true)
		}
	}()
	reply, err := b.next.Generate(ctx, r)
	ended = true
	// A caller who left says nothing about the provider; one whose deadline passed does, or a provider that hangs would
	// never be left alone.
	b.leave(began, err, err != nil && ctx.Err() == context.Canceled)
	return reply, err
}

// enter lets a call through or tells how long to wait.
func (b *Breaker) enter() (began int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until.IsZero() {
		return b.changed, nil
	}
	wait := b.until.Sub(b.o.Now())
	if wait <= 0 && !b.trying {
		b.trying = true
		return b.changed, nil
	}
	return 0, &Error{
		Kind: ErrUnavailable, Model: b.next.Name(), RetryAfter: max(wait, 0), final: true,
		Detail: fmt.Sprintf("left alone after %d failures in a row", b.failed),
	}
}

// leave counts how a call ended; void calls count for nothing.
func (b *Breaker) leave(began int, err error, void bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if began != b.changed {
		return
	}
	b.trying = false
	switch {
	case void:
	case err == nil || !Passing(err):
		if b.failed = 0; !b.until.IsZero() {
			b.until = time.Time{}
			b.changed++
		}
	default:
		b.failed++
		ask := min(RetryAfter(err), b.o.Most)
		if b.failed >= b.o.Failures || ask > b.o.Open || !b.until.IsZero() {
			b.until = b.o.Now().Add(max(b.o.Open, ask))
			b.changed++
		}
	}
}
