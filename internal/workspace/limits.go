package workspace

import (
	"math"
	"time"
)

// bucket is a token bucket.
type bucket struct {
	level float64
	at    time.Time
}

// perMinute are Slack's tiers. Their burst is the same number.
var perMinute = map[int]float64{1: 1, 2: 20, 3: 50, 4: 100}

// postBurst is how many messages a channel takes at once before it is one a second: Slack's "short bursts", measured as a few.
const postBurst = 3

// limit refuses a call that comes too soon, if limits are on.
func (w *Workspace) limit(name string, tier int, a args) error {
	if !w.o.RateLimits {
		return nil
	}
	if name == "chat.postMessage" {
		return w.take(name+" "+a["channel"], 1, postBurst)
	}
	if n := perMinute[tier]; n > 0 {
		return w.take(name, n/60, n)
	}
	return nil
}

// take takes one token from a bucket that fills with rate tokens a second up to burst.
func (w *Workspace) take(key string, rate, burst float64) error {
	now := w.o.Now()
	b := w.buckets[key]
	if b == nil {
		b = &bucket{level: burst, at: now}
		w.buckets[key] = b
	}
	b.level = min(burst, b.level+now.Sub(b.at).Seconds()*rate)
	b.at = now
	if b.level < 1 {
		return &apiError{code: "ratelimited", extra: reply{"retry_after": int(math.Ceil(max(1, (1-b.level)/rate)))}}
	}
	b.level--
	return nil
}
