package llm

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// RetryOptions say how patiently to repeat. Zero values are those named.
type RetryOptions struct {
	Tries int           // attempts in all; 0: 3
	Base  time.Duration // the wait after the first failure is between 0 and this, doubled each time; 0: 500 ms
	Most  time.Duration // bound of one wait that the provider did not ask for; 0: 10 s
	// Total bounds attempts and waits together: no attempt starts after it. 0: 45 s, which leaves a person waiting in a
	// chat with an answer from elsewhere.
	Total  time.Duration
	Now    func() time.Time // nil: time.Now
	Jitter func() float64   // in [0,1); nil: random
}

func (o RetryOptions) withDefaults() RetryOptions {
	if o.Tries <= 0 {
		o.Tries = 3
	}
	if o.Base <= 0 {
		o.Base = 500 * time.Millisecond
	}
	if o.Most <= 0 {
		o.Most = 10 * time.Second
	}
	if o.Total <= 0 {
		o.Total = 45 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return o
}

// Do calls f until it succeeds, fails for good, or the patience is used up; then it returns f's last error. It waits by
// full jitter (Brooker 2015, »Exponential backoff and jitter«, AWS), and at least as long as the error's RetryAfter.
func (o RetryOptions) Do(ctx context.Context, f func(context.Context) error) error {
	o = o.withDefaults()
	start := o.Now()
	for try := 1; ; try++ {
		err := f(ctx)
		if err == nil || ctx.Err() != nil || try >= o.Tries || !Passing(err) {
			return err
		}
		ceiling := min(o.Base<<(try-1), o.Most)
		wait := max(time.Duration(o.Jitter()*float64(ceiling)), RetryAfter(err))
		if o.Now().Add(wait).Sub(start) >= o.Total {
			return err
		}
		if end, ok := ctx.Deadline(); ok && time.Until(end) <= wait {
			return err
		}
		if !sleep(ctx, wait) {
			return err
		}
	}
}

// sleep waits for d, or until ctx ends; then it is false.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// Retry repeats what may succeed later. It never repeats after a part of the text was streamed, since that cannot be
// taken back, nor what cannot succeed: a bad key, a prompt too long, a refusal, a spent budget, an open breaker.
type Retry struct {
	next Generator
	o    RetryOptions
}

// NewRetry wraps a generator.
func NewRetry(next Generator, o RetryOptions) *Retry { return &Retry{next: next, o: o} }

// Name is that of the wrapped generator.
func (p *Retry) Name() string { return p.next.Name() }

// Generate asks until it is answered or patience ends. Took covers all attempts; tokens are the last attempt's.
func (p *Retry) Generate(ctx context.Context, r Request) (Reply, error) {
	now := p.o.withDefaults().Now
	start := now()
	r, streamed := watch(r)
	var reply Reply
	err := p.o.Do(ctx, func(ctx context.Context) error {
		var err error
		if reply, err = p.next.Generate(ctx, r); err != nil && streamed.Load() {
			return once{err}
		}
		return err
	})
	reply.Took = now().Sub(start)
	if o, ok := err.(once); ok { //nolint:errorlint // it is never wrapped
		err = o.error
	}
	return reply, err
}

// once hides an error's kind from Do, so that there is no second try.
type once struct{ error }

// watch tells whether a part of the text reached the caller.
func watch(r Request) (Request, *atomic.Bool) {
	streamed := new(atomic.Bool)
	if inner := r.Stream; inner != nil {
		r.Stream = func(delta string) error {
			streamed.Store(true)
			return inner(delta)
		}
	}
	return r, streamed
}
