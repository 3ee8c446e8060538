package written

import (
	"context"
	"sync"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/llm"
)

// Asking is what a composer needs to know of an asker besides the question. The zero value is an asker who waits for the whole answer
// and shares it with nobody.
type Asking struct {
	// Scope names who may see what is answered here, such as a private channel. An answer that a model wrote is given again within the
	// same scope only; without one never.
	Scope string
	// Emit, if not nil, is given each verified sentence as soon as it is there, with the sources that it cites, one call at a time. The
	// Answer begins with exactly these. Only sentences that a model writes are told of beforehand.
	Emit func(answer.Claim, []answer.Source)
}

// asked is an Asking with what was spent on it.
type asked struct {
	Asking
	mu     sync.Mutex
	calls  int // of a model
	prompt int // tokens
	reply  int
	took   time.Duration
}

type askingKey struct{}

// WithAsking gives composers an asker to know of.
func WithAsking(ctx context.Context, a Asking) context.Context {
	return context.WithValue(ctx, askingKey{}, &asked{Asking: a})
}

// AskingOf is the asker of a context.
func AskingOf(ctx context.Context) Asking { return askingOf(ctx).Asking }

// Begin gives a context a new account of what is spent, for the asker it has or for one of whom nothing is known.
func Begin(ctx context.Context) context.Context { return WithAsking(ctx, askingOf(ctx).Asking) }

// askingOf is the asker of a context; one of its own where there is none.
func askingOf(ctx context.Context) *asked {
	if a, ok := ctx.Value(askingKey{}).(*asked); ok {
		return a
	}
	return &asked{}
}

// spend books a call of a model.
func (a *asked) spend(r llm.Reply, took time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls++
	a.prompt += r.PromptTokens
	a.reply += r.ReplyTokens
	a.took += took
}

func (a *asked) called() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.calls
}

// bill writes what was spent into an answer.
func (a *asked) bill(to *answer.Answer) *answer.Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	to.Calls, to.PromptTokens, to.ReplyTokens, to.ModelMS = a.calls, a.prompt, a.reply, a.took.Milliseconds()
	return to
}
