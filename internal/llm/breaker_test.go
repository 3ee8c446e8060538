package llm

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fault error = &Error{Kind: ErrUnavailable}
		g := &stub{do: func(context.Context, int, Request) (Reply, error) { return Reply{}, fault }}
		b := NewBreaker(g, BreakerOptions{Failures: 3, Open: 10 * time.Second})
		try := func(want error, calls int32) {
			t.Helper()
			before := g.calls.Load()
			_, err := b.Generate(t.Context(), ask)
			if (err == nil) != (want == nil) || want != nil && !errors.Is(err, want) || g.calls.Load()-before != calls {
				t.Errorf("%v and %d calls, want %v and %d", err, g.calls.Load()-before, want, calls)
			}
		}
		try(ErrUnavailable, 1)
		try(ErrUnavailable, 1)
		fault = &Error{Kind: ErrRefused} // says that the provider is well
		try(ErrRefused, 1)
		fault = &Error{Kind: ErrTimeout}
		try(ErrTimeout, 1)
		try(ErrTimeout, 1)
		try(ErrTimeout, 1)
		time.Sleep(4 * time.Second) // open now
		try(ErrUnavailable, 0)
		_, err := b.Generate(t.Context(), ask)
		if RetryAfter(err) != 6*time.Second || Passing(err) {
			t.Errorf("open: %v", err)
		}
		time.Sleep(6 * time.Second) // one may try, and fails
		try(ErrTimeout, 1)
		try(ErrUnavailable, 0)
		time.Sleep(10 * time.Second)
		fault = nil
		try(nil, 1)
		try(nil, 1)
		fault = &Error{Kind: ErrRateLimited, RetryAfter: time.Minute} // asks for longer than Open: at once
		try(ErrRateLimited, 1)
		try(ErrUnavailable, 0)
		time.Sleep(59 * time.Second)
		try(ErrUnavailable, 0)
		fault = nil
		time.Sleep(time.Second)
		try(nil, 1)
	})
}

// TestBreakerTrial: only one call tries a provider that was left alone; a caller who leaves, or panics, is no news.
func TestBreakerTrial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &stub{do: func(ctx context.Context, n int, _ Request) (Reply, error) {
			switch {
			case n == 1:
				return Reply{}, &Error{Kind: ErrUnavailable}
			case n == 3:
				panic("fault of the program")
			case !sleep(ctx, time.Second):
				return Reply{}, Ended(ctx, "", "")
			}
			return Reply{Text: "ja"}, nil
		}}
		b := NewBreaker(g, BreakerOptions{Failures: 1, Open: time.Second})
		_, _ = b.Generate(t.Context(), ask) // opens
		time.Sleep(time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := b.Generate(ctx, ask); !errors.Is(err, context.Canceled) {
				t.Errorf("the one who left: %v", err)
			}
		})
		synctest.Wait()
		if _, err := b.Generate(t.Context(), ask); !errors.Is(err, ErrUnavailable) || g.calls.Load() != 2 {
			t.Errorf("a second trial: %v", err)
		}
		cancel()
		wg.Wait()
		func() {
			defer func() { _ = recover() }() // the stub's own
			_, _ = b.Generate(t.Context(), ask)
		}()
		if _, err := b.Generate(t.Context(), ask); err != nil {
			t.Errorf("the next trial: %v", err)
		}
		if n := g.calls.Load(); n != 4 {
			t.Errorf("%d calls", n)
		}
	})
}

// TestBreakerHang: callers whose time runs out open it, or a provider that hangs would hold up everybody for ever.
func TestBreakerHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := slow(time.Hour)
		b := NewBreaker(g, BreakerOptions{Failures: 2})
		for range 4 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, _ = b.Generate(ctx, ask) // times out or is refused
			cancel()
		}
		if g.calls.Load() != 2 {
			t.Errorf("%d calls", g.calls.Load())
		}
	})
}

// TestBreakerReopens: a failed trial leaves the provider alone again, also when it was a long Retry-After that opened.
func TestBreakerReopens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &stub{do: func(_ context.Context, n int, _ Request) (Reply, error) {
			if n == 1 {
				return Reply{}, &Error{Kind: ErrRateLimited, RetryAfter: time.Minute}
			}
			return Reply{}, &Error{Kind: ErrUnavailable}
		}}
		b := NewBreaker(g, BreakerOptions{})
		_, _ = b.Generate(t.Context(), ask) // opens
		time.Sleep(time.Minute)
		_, _ = b.Generate(t.Context(), ask) // the trial fails
		if _, err := b.Generate(t.Context(), ask); RetryAfter(err) != 30*time.Second || g.calls.Load() != 2 {
			t.Errorf("%v after %d calls", err, g.calls.Load())
		}
	})
}

// TestBreakerOldNews: a call that began before the breaker opened does not close it.
func TestBreakerOldNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &stub{do: func(_ context.Context, n int, _ Request) (Reply, error) {
			if n == 1 {
				time.Sleep(time.Second)
				return Reply{Text: "ja"}, nil
			}
			return Reply{}, &Error{Kind: ErrUnavailable}
		}}
		b := NewBreaker(g, BreakerOptions{Failures: 1})
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = b.Generate(t.Context(), ask) }) // succeeds, late
		synctest.Wait()
		_, _ = b.Generate(t.Context(), ask) // opens
		wg.Wait()
		if _, err := b.Generate(t.Context(), ask); !errors.Is(err, ErrUnavailable) || g.calls.Load() != 2 {
			t.Errorf("%v after %d calls", err, g.calls.Load())
		}
	})
}
