package llm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// stub is a generator whose n-th call does what it is told.
type stub struct {
	name  string
	do    func(ctx context.Context, n int, r Request) (Reply, error)
	calls atomic.Int32
}

func (s *stub) Name() string {
	if s.name == "" {
		return "openai:stub"
	}
	return s.name
}

func (s *stub) Generate(ctx context.Context, r Request) (Reply, error) {
	return s.do(ctx, int(s.calls.Add(1)), r)
}

func failing(kind error) *stub {
	return &stub{do: func(context.Context, int, Request) (Reply, error) { return Reply{}, &Error{Kind: kind} }}
}

func saying(text string) *stub {
	return &stub{do: func(context.Context, int, Request) (Reply, error) { return Reply{Text: text}, nil }}
}

// slow answers after d, unless ctx ends.
func slow(d time.Duration) *stub {
	return &stub{do: func(ctx context.Context, n int, _ Request) (Reply, error) {
		if !sleep(ctx, d) {
			return Reply{}, Ended(ctx, "", "")
		}
		return Reply{Text: fmt.Sprint("svar ", n)}, nil
	}}
}

var ask = Request{User: "Hvad er samskabelse?"}

func TestRetry(t *testing.T) {
	full := func() float64 { return 1 }
	for name, c := range map[string]struct {
		errs  []error // of the calls, then success
		o     RetryOptions
		calls int32
		took  time.Duration
		kind  error
	}{
		"at once":           {nil, RetryOptions{}, 1, 0, nil},
		"twice":             {[]error{&Error{Kind: ErrUnavailable}, &Error{Kind: ErrTimeout}}, RetryOptions{}, 3, 1500 * time.Millisecond, nil},
		"too often":         {[]error{&Error{Kind: ErrUnavailable}, &Error{Kind: ErrUnavailable}, &Error{Kind: ErrMalformed}}, RetryOptions{}, 3, 1500 * time.Millisecond, ErrMalformed},
		"bounded wait":      {[]error{&Error{Kind: ErrUnavailable}, &Error{Kind: ErrUnavailable}}, RetryOptions{Base: 4 * time.Second, Most: 5 * time.Second}, 3, 9 * time.Second, nil},
		"as they ask":       {[]error{&Error{Kind: ErrRateLimited, RetryAfter: 20 * time.Second}}, RetryOptions{}, 2, 20 * time.Second, nil},
		"asked too much":    {[]error{&Error{Kind: ErrRateLimited, RetryAfter: time.Minute}}, RetryOptions{}, 1, 0, ErrRateLimited},
		"out of patience":   {[]error{&Error{Kind: ErrRateLimited, RetryAfter: 30 * time.Second}, &Error{Kind: ErrRateLimited, RetryAfter: 30 * time.Second}}, RetryOptions{}, 2, 30 * time.Second, ErrRateLimited},
		"a bad key":         {[]error{&Error{Kind: ErrKey}}, RetryOptions{}, 1, 0, ErrKey},
		"a long prompt":     {[]error{&Error{Kind: ErrPromptTooLong}}, RetryOptions{}, 1, 0, ErrPromptTooLong},
		"a spent budget":    {[]error{&Error{Kind: ErrBudget, RetryAfter: time.Second}}, RetryOptions{}, 1, 0, ErrBudget},
		"a foreign error":   {[]error{errors.New("?")}, RetryOptions{}, 1, 0, nil},
		"no lasting jitter": {[]error{&Error{Kind: ErrUnavailable}}, RetryOptions{Jitter: func() float64 { return 0 }}, 2, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := &stub{do: func(_ context.Context, n int, _ Request) (Reply, error) {
					if n <= len(c.errs) {
						return Reply{}, c.errs[n-1]
					}
					return Reply{Text: "ja"}, nil
				}}
				if c.o.Jitter == nil {
					c.o.Jitter = full
				}
				start := time.Now()
				reply, err := NewRetry(g, c.o).Generate(t.Context(), ask)
				if took := time.Since(start); g.calls.Load() != c.calls || took != c.took || reply.Took != c.took {
					t.Errorf("%d calls in %s (%s by the reply), want %d in %s", g.calls.Load(), took, reply.Took, c.calls, c.took)
				}
				if wantErr := len(c.errs) >= int(c.calls); (err != nil) != wantErr || c.kind != nil && !errors.Is(err, c.kind) {
					t.Errorf("%v, want %v", err, c.kind)
				}
			})
		})
	}
}

// TestRetryJitter: waits differ, and none is longer than allowed.
func TestRetryJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := map[time.Duration]bool{}
		for range 20 {
			start := time.Now()
			_, _ = NewRetry(failing(ErrUnavailable), RetryOptions{Tries: 2}).Generate(t.Context(), ask) // fails
			if d := time.Since(start); d > 500*time.Millisecond {
				t.Errorf("waited %s", d)
			} else {
				seen[d] = true
			}
		}
		if len(seen) < 10 {
			t.Errorf("only %d different waits", len(seen))
		}
	})
}

// TestRetryCaller: a caller who leaves ends the waiting at once; one whose time would be up before the next try is told now.
func TestRetryCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &stub{do: func(context.Context, int, Request) (Reply, error) {
			return Reply{}, &Error{Kind: ErrRateLimited, RetryAfter: 10 * time.Second}
		}}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		start := time.Now()
		_, err := NewRetry(g, RetryOptions{}).Generate(ctx, ask)
		if d := time.Since(start); d != 2*time.Second || !errors.Is(err, ErrRateLimited) || g.calls.Load() != 1 {
			t.Errorf("%v after %s and %d calls", err, d, g.calls.Load())
		}
		ctx, cancel = context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start = time.Now()
		if _, err := NewRetry(g, RetryOptions{}).Generate(ctx, ask); time.Since(start) != 0 || !errors.Is(err, ErrRateLimited) {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
}

// TestStreamedIsNotRepeated: what a reader has seen cannot be taken back, by Retry or by Chain.
func TestStreamedIsNotRepeated(t *testing.T) {
	broken := &stub{do: func(_ context.Context, _ int, r Request) (Reply, error) {
		if err := r.Stream("Sam"); err != nil {
			return Reply{}, err
		}
		return Reply{}, &Error{Kind: ErrUnavailable}
	}}
	other := saying("ja")
	got := ""
	r := ask
	r.Stream = func(d string) error { got += d; return nil }
	for _, g := range []Generator{NewRetry(broken, RetryOptions{}), NewChain(broken, other)} {
		got = ""
		broken.calls.Store(0)
		if _, err := g.Generate(t.Context(), r); !errors.Is(err, ErrUnavailable) || got != "Sam" || broken.calls.Load() != 1 || other.calls.Load() != 0 {
			t.Errorf("%T: %v, streamed %q, %d calls", g, err, got, broken.calls.Load())
		}
	}
}

func TestChain(t *testing.T) {
	a, b, c := failing(ErrKey), failing(ErrUnavailable), saying("ja")
	a.name, b.name, c.name = "openai:a", "mistral:b", "ollama:c"
	chain := NewChain(a, b, c)
	reply, err := chain.Generate(t.Context(), ask)
	if err != nil || reply.Text != "ja" || reply.Model != "ollama:c" || chain.Name() != "openai:a,mistral:b,ollama:c" {
		t.Errorf("%+v, %v, %s", reply, err, chain.Name())
	}
	_, err = NewChain(a, b).Generate(t.Context(), ask)
	if !errors.Is(err, ErrKey) || !errors.Is(err, ErrUnavailable) {
		t.Errorf("joined: %v", err)
	}
	if _, err := chain.Generate(t.Context(), Request{}); !errors.Is(err, ErrRequest) || a.calls.Load() != 2 {
		t.Errorf("a blank request: %v, %d calls", err, a.calls.Load())
	}
	ctx, cancel := context.WithCancel(t.Context())
	left := &stub{do: func(ctx context.Context, _ int, _ Request) (Reply, error) {
		cancel()
		return Reply{}, Ended(ctx, "", "")
	}}
	if _, err := NewChain(left, c).Generate(ctx, ask); !errors.Is(err, context.Canceled) || c.calls.Load() != 1 {
		t.Errorf("a caller who left: %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("an empty chain is taken")
		}
	}()
	NewChain(nil)
}

func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		g := &stub{do: func(context.Context, int, Request) (Reply, error) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second)
			now.Add(-1)
			return Reply{Text: "ja"}, nil
		}}
		l := NewLimit(g, 3, 1500*time.Millisecond)
		var served, sent atomic.Int32
		var wg sync.WaitGroup
		for range 9 {
			wg.Go(func() {
				switch _, err := l.Generate(t.Context(), ask); {
				case err == nil:
					served.Add(1)
				case errors.Is(err, ErrUnavailable):
					sent.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most.Load() != 3 || served.Load() != 6 || sent.Load() != 3 {
			t.Errorf("%d at a time, %d served, %d sent away", most.Load(), served.Load(), sent.Load())
		}
		one := NewLimit(slow(time.Hour), 1, 0)
		ctx, cancel := context.WithCancel(t.Context())
		wg.Go(func() { _, _ = one.Generate(ctx, ask) }) // holds the turn until cancelled
		synctest.Wait()
		short, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, err := one.Generate(short, ask); !errors.Is(err, ErrTimeout) {
			t.Errorf("waiting in vain: %v", err)
		}
		cancel()
		wg.Wait()
		if _, err := one.Generate(ctx, ask); !errors.Is(err, context.Canceled) {
			t.Errorf("gone already: %v", err)
		}
	})
}

func TestShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := slow(10 * time.Second)
		s := NewShare(g)
		other := ask
		other.Temperature = 1
		first, cancel := context.WithCancel(t.Context())
		texts := make([]string, 5)
		errs := make([]error, 5)
		var wg sync.WaitGroup
		for i, c := range []struct {
			ctx context.Context
			r   Request
		}{{first, ask}, {t.Context(), ask}, {t.Context(), ask}, {t.Context(), other}, {first, other}} {
			wg.Go(func() {
				reply, err := s.Generate(c.ctx, c.r)
				texts[i], errs[i] = reply.Text, err
			})
			synctest.Wait()
		}
		cancel() // the one who began the call leaves; the others keep it
		wg.Wait()
		if !errors.Is(errs[0], context.Canceled) || !errors.Is(errs[4], context.Canceled) || texts[1] != "svar 1" || texts[2] != "svar 1" || texts[3] != "svar 2" || g.calls.Load() != 2 {
			t.Errorf("%q %v, %d calls", texts, errs, g.calls.Load())
		}
		if reply, err := s.Generate(t.Context(), ask); err != nil || reply.Text != "svar 3" {
			t.Errorf("a later one: %v, %v", reply, err)
		}
	})
}

// TestShareAlone: when all have left, the call ends, and the next caller gets a new one.
func TestShareAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan time.Time, 2)
		g := &stub{do: func(ctx context.Context, n int, _ Request) (Reply, error) {
			if n == 1 {
				<-ctx.Done()
				ended <- time.Now()
				time.Sleep(time.Second) // slow to notice
				return Reply{}, Ended(ctx, "", "")
			}
			return Reply{Text: "ja"}, nil
		}}
		s := NewShare(g)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if _, err := s.Generate(ctx, ask); !errors.Is(err, ErrTimeout) {
			t.Error(err)
		}
		if d := (<-ended).Sub(start); d != 3*time.Second {
			t.Errorf("the call ended after %s", d)
		}
		if reply, err := s.Generate(t.Context(), ask); err != nil || reply.Text != "ja" {
			t.Errorf("the next one: %v, %v", reply, err)
		}
		if _, err := s.Generate(ctx, ask); !errors.Is(err, ErrTimeout) {
			t.Errorf("one whose time is up: %v", err)
		}
		r := ask
		r.Stream = func(string) error { return nil }
		before := g.calls.Load()
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { _, _ = s.Generate(t.Context(), r) }) // succeeds
		}
		wg.Wait()
		if g.calls.Load()-before != 2 {
			t.Error("streams were shared")
		}
		time.Sleep(time.Second) // the first call has noticed by then
	})
}

// TestStack puts all together in the order of the package comment.
func TestStack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, err := NewBudget(BudgetOptions{Tokens: 1_000_000})
		if err != nil {
			t.Fatal(err)
		}
		stack := func(g *stub, name string) Generator {
			g.name = name
			paid, err := b.Wrap(g)
			if err != nil {
				t.Fatal(err)
			}
			return NewRetry(NewBreaker(paid, BreakerOptions{}), RetryOptions{})
		}
		down, up := failing(ErrUnavailable), slow(time.Second)
		g := NewShare(NewLimit(NewChain(stack(down, "openai:down"), stack(up, "ollama:up")), 2, 0))
		for range 4 {
			reply, err := g.Generate(t.Context(), ask)
			if err != nil || reply.Model != "ollama:up" || !strings.HasPrefix(reply.Text, "svar") {
				t.Fatalf("%+v, %v", reply, err)
			}
		}
		if n := down.calls.Load(); n != 5 {
			t.Errorf("the broken one was asked %d times", n)
		}
	})
}
