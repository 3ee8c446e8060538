package llm

import (
	"context"
	"slices"
	"sync"
)

// Share lets identical requests that are under way at the same time share one call. A caller who leaves does not take the
// call from the others; when the last one has left, the call is cancelled. Streamed requests are not shared.
//
// The shared call has no deadline of its own: the wrapped generator must have one.
type Share struct {
	next Generator
	mu   sync.Mutex
	open []*shared // few: those under way
}

// shared is one call and those who wait for it.
type shared struct {
	r       Request
	waiting int
	cancel  context.CancelFunc
	done    chan struct{} // closed when reply and err are set
	reply   Reply
	err     error
}

// NewShare wraps a generator.
func NewShare(next Generator) *Share { return &Share{next: next} }

// Name is that of the wrapped generator.
func (s *Share) Name() string { return s.next.Name() }

// Generate joins a call for the same request, or makes one.
func (s *Share) Generate(ctx context.Context, r Request) (Reply, error) {
	if r.Stream != nil {
		return s.next.Generate(ctx, r)
	}
	if ctx.Err() != nil {
		return Reply{}, Ended(ctx, s.Name(), "before the call")
	}
	c := s.join(ctx, r)
	select {
	case <-c.done:
		return c.reply, c.err
	case <-ctx.Done():
		s.leave(c)
		return Reply{}, Ended(ctx, s.Name(), "waiting for a shared call")
	}
}

func (s *Share) join(ctx context.Context, r Request) *shared {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.open {
		if same(c.r, r) {
			c.waiting++
			return c
		}
	}
	// The first caller's values (trace ids) go with the call, its end does not.
	call, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &shared{r: r, waiting: 1, cancel: cancel, done: make(chan struct{})}
	s.open = append(s.open, c)
	go func() {
		defer cancel()
		c.reply, c.err = s.next.Generate(call, r)
		s.mu.Lock()
		s.remove(c)
		s.mu.Unlock()
		close(c.done)
	}()
	return c
}

// leave ends the call when nobody waits for it any more.
func (s *Share) leave(c *shared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.waiting--; c.waiting == 0 {
		s.remove(c) // whoever asks from now on makes a new call
		c.cancel()
	}
}

// remove is called with the lock held.
func (s *Share) remove(c *shared) {
	if i := slices.Index(s.open, c); i >= 0 {
		s.open = slices.Delete(s.open, i, i+1)
	}
}

func same(a, b Request) bool {
	return a.User == b.User && a.System == b.System && a.MaxTokens == b.MaxTokens && a.Temperature == b.Temperature &&
		a.JSON == b.JSON && slices.Equal(a.Stop, b.Stop)
}
