package slackbot

import (
	"testing"
	"time"
)

func TestLimitsCountAMinute(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	l := &limits{person: 2, channel: 3, now: func() time.Time { return now }}
	take := func(user, ch string, want verdict) (give func()) {
		t.Helper()
		got, give := l.take(user, ch)
		if got != want {
			t.Errorf("%s in %s: %d, want %d", user, ch, got, want)
		}
		return give
	}
	take("a", "1", allowed)
	take("a", "1", allowed)()
	take("a", "1", allowed) // the one before was given back
	take("a", "2", tooMany)()
	for range mostTold {
		take("a", "2", tooMany)
	}
	take("a", "2", quiet)
	take("b", "1", allowed)
	take("c", "1", tooMany) // the channel's share is used up
	take("c", "2", allowed)
	now = now.Add(window)
	take("a", "1", allowed)
	if len(l.recent) != 2 || len(l.told) != 0 {
		t.Errorf("old times are kept: %v %v", l.recent, l.told)
	}
	open := &limits{person: -1, channel: -1, now: l.now}
	for range 100 {
		if v, _ := open.take("a", "1"); v != allowed {
			t.Fatal("a limit where there is none")
		}
	}
}

func TestSmallTalk(t *testing.T) {
	for text, want := range map[string]notice{"Tak!": noticeThanks, "Mange tak 🙏": noticeThanks, "Hej": noticeHello, "Hvad kan du?": noticeHello, "🎉": noticeThanks,
		"": noticeNone, "Tak, men hvad er samskabelse?": noticeNone} {
		if got := smallTalk(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
