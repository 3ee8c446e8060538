package danish

import (
	"strings"
	"sync"
)

// Bounds of a Memo. 8,000 words are the vocabulary of some hundred articles, and by Zipf's law nearly all the running words of any corpus.
const (
	memoWords   = 8_000 // in each of its halves
	memoLongest = 64    // bytes; a longer word is hardly ever seen again
)

// Memo remembers what was made of the words last seen, so that nothing is analysed anew for every sentence. It is bounded in number and
// length of the words, and holds on to no text in which it found one: what people write, misspelt or meant to fill the memory, goes
// again. The zero value is ready and safe for concurrent use.
type Memo[T any] struct {
	mu         sync.RWMutex
	young, old map[string]T // when young is full it becomes old, and what has been old is forgotten
}

// Of is what is remembered of a word, or else what create makes of it, which must be the same each time and may be called more than once.
func (m *Memo[T]) Of(word string, create func(word string) T) T {
	m.mu.RLock()
	v, fresh := m.young[word]
	known := fresh
	if !fresh {
		v, known = m.old[word]
	}
	m.mu.RUnlock()
	if fresh {
		return v
	}
	if len(word) > memoLongest {
		return create(word)
	}
	word = strings.Clone(word) // it may be a part of a long text
	if !known {
		v = create(word)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.young == nil || len(m.young) >= memoWords {
		m.young, m.old = make(map[string]T), m.young
	}
	m.young[word] = v
	return v
}
