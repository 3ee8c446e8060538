package slackbot

import (
	"sync"
	"time"
)

// limits count questions in the last minute, for each person and each channel.
type limits struct {
	person, channel int // at most so many; negative: no limit
	now             func() time.Time

	mu     sync.Mutex
	recent map[string][]time.Time
	told   map[string][]time.Time // person → when they were told to slow down
}

// verdict is what becomes of a question.
type verdict int

const (
	allowed verdict = iota
	tooMany         // answer with a kind word
	quiet           // they have been told often enough
)

// window is the time over which questions are counted.
const window = time.Minute

// mostTold is how often one person is told to slow down within the window; more would be as bad as what it is about.
const mostTold = 10

// take counts a question. give takes it back.
func (l *limits) take(user, channel string) (v verdict, give func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.recent == nil {
		l.recent, l.told = map[string][]time.Time{}, map[string][]time.Time{}
	}
	l.tidy(now)
	up, ch := "p"+user, "c"+channel
	if over(l.recent[up], l.person, now) || over(l.recent[ch], l.channel, now) {
		if over(l.told[user], mostTold, now) {
			return quiet, func() {}
		}
		l.told[user] = append(l.told[user], now)
		return tooMany, func() { l.undo(l.told, now, user) }
	}
	l.recent[up], l.recent[ch] = append(l.recent[up], now), append(l.recent[ch], now)
	return allowed, func() { l.undo(l.recent, now, up, ch) }
}

func over(times []time.Time, most int, now time.Time) bool {
	n := 0
	for _, t := range times {
		if now.Sub(t) < window {
			n++
		}
	}
	return most >= 0 && n >= most
}

// tidy forgets what is old.
func (l *limits) tidy(now time.Time) {
	for _, all := range []map[string][]time.Time{l.recent, l.told} {
		for key, times := range all {
			for len(times) > 0 && now.Sub(times[0]) >= window {
				times = times[1:]
			}
			if all[key] = times; len(times) == 0 {
				delete(all, key)
			}
		}
	}
}

func (l *limits) undo(all map[string][]time.Time, at time.Time, keys ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range keys {
		for i, t := range all[key] {
			if t.Equal(at) {
				all[key] = append(all[key][:i:i], all[key][i+1:]...)
				break
			}
		}
	}
}
