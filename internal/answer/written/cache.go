package written

import (
	"container/list"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"
)

// shown is a written answer as it is kept: the sentences, which are put together anew each time, and who wrote them.
type shown struct {
	claims []claimed
	model  string
}

// cache keeps the last answers that a model wrote. It lives in memory and is safe for concurrent use.
type cache struct {
	most int
	ttl  time.Duration
	now  func() time.Time

	mu    sync.Mutex
	order *list.List // of *cached, the last used first
	byKey map[cacheKey]*list.Element
}

type cached struct {
	key   cacheKey
	until time.Time
	shown shown
}

// cacheKey is a hash of everything that an answer depends on, and of who may see it.
type cacheKey [sha256.Size]byte

func newCache(most int, ttl time.Duration, now func() time.Time) *cache {
	return &cache{most: most, ttl: ttl, now: now, order: list.New(), byKey: map[cacheKey]*list.Element{}}
}

// keyOf hashes parts so that none can pass for two.
func keyOf(parts ...string) (k cacheKey) {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d\n%s\n", len(p), p)
	}
	h.Sum(k[:0])
	return k
}

func (c *cache) get(k cacheKey) (shown, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[k]
	if !ok {
		return shown{}, false
	}
	v := e.Value.(*cached)
	if !c.now().Before(v.until) {
		c.order.Remove(e)
		delete(c.byKey, k)
		return shown{}, false
	}
	c.order.MoveToFront(e)
	return v.shown, true
}

func (c *cache) put(k cacheKey, s shown) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[k]; ok {
		c.order.Remove(e)
	}
	c.byKey[k] = c.order.PushFront(&cached{k, c.now().Add(c.ttl), s})
	for len(c.byKey) > c.most {
		last := c.order.Back()
		c.order.Remove(last)
		delete(c.byKey, last.Value.(*cached).key)
	}
}
