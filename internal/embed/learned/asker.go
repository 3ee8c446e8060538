package learned

import (
	"container/list"
	"context"
	"log/slog"
	"sync"
	"time"

	"kildesvar/internal/embed"
	"kildesvar/internal/llm"
)

// AskerOptions of an Asker. Zero values are those named.
type AskerOptions struct {
	Questions int                // remembered; 0: 2,000, 12 MB at 1,536 dimensions
	Breaker   llm.BreakerOptions // Failures 0: 3
	Log       *slog.Logger
}

// Asker is an embedder for questions. It is safe for concurrent use.
type Asker struct {
	embed.Embedder
	most    int
	breaker *llm.Breaker
	log     *slog.Logger

	mu     sync.Mutex
	recent *list.List // of remembered, the latest first
	at     map[string]*list.Element
}

type remembered struct {
	text   string
	vector []float32
}

// NewAsker wraps an embedder.
func NewAsker(e embed.Embedder, o AskerOptions) *Asker {
	if o.Questions <= 0 {
		o.Questions = 2000
	}
	if o.Breaker.Failures <= 0 {
		o.Breaker.Failures = 3
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Asker{Embedder: e, most: o.Questions, breaker: llm.NewCallBreaker(e.ID(), o.Breaker), log: o.Log, recent: list.New(), at: map[string]*list.Element{}}
}

// Embed is as embed.Embedder has it. While the provider is left alone it fails at once. Errors are logged without the texts.
func (a *Asker) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	var missing []string
	var places []int
	for i, text := range texts {
		if out[i] = a.recall(text); out[i] == nil {
			missing, places = append(missing, text), append(places, i)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	start := time.Now()
	err := a.breaker.Do(ctx, func(ctx context.Context) error {
		vs, err := a.Embedder.Embed(ctx, missing)
		for j := range vs {
			out[places[j]] = vs[j]
			a.remember(missing[j], vs[j])
		}
		return err
	})
	if err != nil {
		a.log.Info("a question has no vector", "embedder", a.ID(), "reason", err, "after", time.Since(start).Round(time.Millisecond))
		return nil, err
	}
	return out, nil
}

func (a *Asker) recall(text string) []float32 {
	a.mu.Lock()
	defer a.mu.Unlock()
	e := a.at[text]
	if e == nil {
		return nil
	}
	a.recent.MoveToFront(e)
	return e.Value.(*remembered).vector //nolint:forcetypeassert // the list holds nothing else
}

func (a *Asker) remember(text string, v []float32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.at[text] != nil {
		return
	}
	a.at[text] = a.recent.PushFront(&remembered{text, v})
	if a.recent.Len() > a.most {
		oldest := a.recent.Back()
		delete(a.at, oldest.Value.(*remembered).text) //nolint:forcetypeassert // as above
		a.recent.Remove(oldest)
	}
}
