package written

import (
	"errors"
	"maps"
	"sync"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/llm"
)

// fallbackOf is the kind of a failure, and the line that tells the reader.
func fallbackOf(err error) (kind, note string) {
	switch {
	case errors.Is(err, llm.ErrBudget):
		return answer.FallbackBudget, noteBudget
	case errors.Is(err, llm.ErrTimeout):
		return answer.FallbackLate, noteLate
	}
	return answer.FallbackFailed, noteNoModel
}

// Usage counts what a composer's models did since the program started.
type Usage struct {
	Calls        map[string]uint64 // by outcome: ok or a Fallback
	Fallbacks    map[string]uint64 // answers that were quoted after all, by Fallback
	Written      uint64            // answers that a model wrote
	CacheHits    uint64            // of them, given again from the cache
	Verified     uint64            // sentences of models that were borne out
	Refused      uint64            // and that were not
	PromptTokens uint64
	ReplyTokens  uint64
	Took         time.Duration // of all calls together
}

// usage is a Usage under a lock.
type usage struct {
	mu sync.Mutex
	u  Usage
}

func newUsage() *usage {
	return &usage{u: Usage{Calls: map[string]uint64{}, Fallbacks: map[string]uint64{}}}
}

func (u *usage) change(f func(*Usage)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f(&u.u)
}

func (u *usage) snapshot() Usage {
	u.mu.Lock()
	defer u.mu.Unlock()
	out := u.u
	out.Calls, out.Fallbacks = maps.Clone(u.u.Calls), maps.Clone(u.u.Fallbacks)
	return out
}
