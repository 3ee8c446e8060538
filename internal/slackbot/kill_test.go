package slackbot

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kildesvar/internal/journal"
	"kildesvar/internal/workspace"
)

// long is longer than any test waits: what takes so long ends with its process.
const long = time.Minute

// snare catches the nth call of a method: the test goes on when it is made.
type snare struct {
	caught chan struct{}
	fault  func(string, int) workspace.CallFault
}

// catch makes a snare. The call ends with its process: before Slack has carried it out, or (seen) after.
func catch(method string, n int, seen bool) *snare {
	s := &snare{caught: make(chan struct{})}
	var once sync.Once
	var mu sync.Mutex
	calls := 0
	s.fault = func(m string, _ int) workspace.CallFault {
		mu.Lock()
		defer mu.Unlock()
		if m == method {
			calls++
		}
		if m != method || calls != n {
			return workspace.CallFault{}
		}
		once.Do(func() { close(s.caught) })
		if seen {
			return workspace.CallFault{Slow: long}
		}
		return workspace.CallFault{Delay: long}
	}
	return s
}

func (b *bench) wait(what string, c <-chan struct{}) {
	b.t.Helper()
	b.until(what, func() bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	})
}

// dyingAt asks and comes back when the process is in the call that is its last.
func dyingAt(method string, n int, seen bool) func(b *bench, where string) string {
	return func(b *bench, where string) string {
		s := catch(method, n, seen)
		b.SetFaults(s.fault)
		ts := b.ask(where)
		b.wait(method, s.caught)
		if seen { // it is seen a moment later
			b.until("what was posted", func() bool { return len(b.Thread(where, ts)) == 2 })
		}
		return ts
	}
}

// ask asks the assistant in a channel or directly.
func (b *bench) ask(where string) string {
	b.t.Helper()
	return b.say(anna, where, "<@"+botUser+"> Hvad er samskabelse?", "")
}

// moments are the steps of a question's way at which a process may be killed. Each asks and comes back at its moment.
func moments(direct bool) map[string]func(b *bench, where string) string {
	last := "chat.postMessage"
	if direct {
		last = "chat.stopStream"
	}
	out := map[string]func(b *bench, where string) string{
		"received, not recorded": func(b *bench, where string) string {
			must(b.t, b.journal.Close())
			ts := b.ask(where)
			b.until("refusal", func() bool { return strings.Contains(b.log.String(), "delivery not kept") })
			return ts
		},
		"recorded, not acknowledged": func(b *bench, where string) string {
			b.gate.mute.Store(true)
			ts := b.ask(where)
			b.until("record", func() bool { _, err := b.journal.Asked(b.ctx, where, ts); return err == nil })
			return ts
		},
		"acknowledged, not claimed": func(b *bench, where string) string {
			b.hold()
			b.say(boUser, experts, "<@"+botUser+"> Hvad er det andet?", "") // keeps the only worker busy
			<-b.asker.began
			ts := b.ask(where)
			b.until("acknowledgement", func() bool { return b.Pending() == 0 })
			if q, err := b.journal.Asked(b.ctx, where, ts); err != nil || q.Status != journal.Received {
				b.t.Errorf("status %s, %v", q.Status, err)
			}
			return ts
		},
		"claimed, asking": func(b *bench, where string) string {
			b.hold()
			ts := b.ask(where)
			<-b.asker.began
			return ts
		},
		"noted, not posted":    dyingAt(last, 1, false),
		"posted, unknown":      dyingAt(last, 1, true),
		"posted, not finished": journalGoneAt(last),
	}
	if direct {
		out["stream noted, not begun"] = dyingAt("chat.startStream", 1, false)
		out["stream begun, unknown"] = dyingAt("chat.startStream", 1, true)
		out["first sentence, not seen"] = dyingAt("chat.appendStream", 1, false)
		out["first sentence, seen"] = dyingAt("chat.appendStream", 1, true)
		out["second sentence, seen"] = dyingAt("chat.appendStream", 2, true)
	}
	return out
}

// journalGoneAt lets the last call through and its answer come back, but nothing is written any more.
func journalGoneAt(last string) func(b *bench, where string) string {
	return func(b *bench, where string) string {
		j := b.journal
		b.SetFaults(func(m string, _ int) workspace.CallFault {
			if m == last {
				must(b.t, j.Close())
			}
			return workspace.CallFault{}
		})
		ts := b.ask(where)
		b.until("the fault", func() bool { return strings.Contains(b.log.String(), "question not answered") })
		if n := len(b.answers(where, ts)); n != 1 {
			b.t.Errorf("%d answers", n)
		}
		return ts
	}
}

// hold makes the asker wait, until release.
func (b *bench) hold() {
	b.asker.mu.Lock()
	defer b.asker.mu.Unlock()
	b.asker.hold, b.asker.began = make(chan struct{}), make(chan string, 100)
}

func (b *bench) release() {
	b.asker.mu.Lock()
	defer b.asker.mu.Unlock()
	b.asker.hold = nil
}

// mortal is for processes that will be killed: nothing is done in good order.
func mortal(c *Config) { c.Grace, c.Workers = time.Millisecond, 1 }

// deaths are the calls of its recovery in which the next process is killed as well, for a post and for a stream; empty: it is not.
var deaths = map[bool][]string{false: {"", "conversations.replies", "chat.postMessage"}, true: {"", "conversations.replies", "chat.update"}}

// TestKilled: wherever on a question's way the process is killed, and the next one in its recovery, there is one answer in the end.
func TestKilled(t *testing.T) {
	t.Parallel()
	for direct, mode := range map[bool]string{false: "post", true: "stream"} {
		for name, moment := range moments(direct) {
			for _, again := range deaths[direct] {
				t.Run(fmt.Sprintf("%s/%s/%s", mode, name, orNone(again)), func(t *testing.T) {
					t.Parallel()
					b := start(t, setup{config: mortal})
					where := channel
					if direct {
						where = b.DM(anna)
					}
					ts := moment(b, where)
					b.kill()
					b.release()
					if again != "" {
						b.dieAgain(again, where, ts)
					}
					b.SetFaults(nil)
					b.run()
					m := b.one(where, ts)
					b.has(m, "[1]("+article+")", "Ulrich, J. (2016)", "vis_uddrag")
					if n := strings.Count(blocks(m), "Det andet er ligeværd."); n != 1 {
						t.Errorf("a sentence stands %d times", n)
					}
					if n := len(b.Thread(where, ts)); n != 2 {
						t.Errorf("%d messages in the thread", n)
					}
					b.sound()
				})
			}
		}
	}
}

func orNone(s string) string {
	if s == "" {
		return "once"
	}
	return s
}

// dieAgain runs a process that is killed in a call of its recovery, if it makes it, after Slack has carried it out.
func (b *bench) dieAgain(method, where, ts string) {
	b.t.Helper()
	s := catch(method, 1, true)
	b.SetFaults(s.fault)
	b.run()
	b.until("death or answer", func() bool {
		select {
		case <-s.caught:
			return true
		default:
			return len(b.answers(where, ts)) == 1 && b.Pending() == 0 && b.bot.Metrics().Queue == 0
		}
	})
	b.kill()
}

// TestKilledBeforePrivateAnswer: a private answer is not lost either.
func TestKilledBeforePrivateAnswer(t *testing.T) {
	t.Parallel()
	b := start(t, setup{config: mortal})
	s := catch("response_url", 1, false)
	b.SetFaults(s.fault)
	must(t, b.Slash(anna, channel, "/kilde", "Hvad er samskabelse?"))
	b.wait("response", s.caught)
	b.kill()
	b.SetFaults(nil)
	b.run()
	b.until("private answer", func() bool { return len(b.Ephemerals(anna)) == 1 })
	b.quiet()
	if n := len(b.Ephemerals(anna)); n != 1 {
		t.Errorf("%d private answers", n)
	}
	b.sound()
}

// TestKilledBeforeCard: an escalation that was acknowledged reaches the experts, and the expert's reply the asker.
func TestKilledBeforeCard(t *testing.T) {
	t.Parallel()
	for name, seen := range map[string]bool{"not seen": false, "seen": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, setup{config: mortal})
			ts := b.say(anna, channel, "<@"+botUser+"> Hvad koster en bil?", "")
			m := b.one(channel, ts)
			die := func() {
				t.Helper()
				s := catch("chat.postMessage", 1, seen)
				b.SetFaults(s.fault)
				t.Cleanup(func() { b.SetFaults(nil) })
				if len(b.Messages(experts)) == 0 {
					must(t, b.Click(anna, channel, m.TS, "eskaler"))
				} else {
					b.say(boUser, experts, "Ring til os.", b.Messages(experts)[0].TS)
				}
				b.wait("post", s.caught)
				b.until("acknowledgement", func() bool { return b.Pending() == 0 || seen })
				b.kill()
				b.SetFaults(nil)
				b.run()
			}
			die()
			b.until("card", func() bool { return len(b.Messages(experts)) == 1 })
			b.until("card noted", func() bool {
				open, err := b.journal.OpenEscalations(b.ctx)
				return err == nil && len(open) == 1 && open[0].Card.TS != ""
			})
			die()
			b.until("relay", func() bool { return len(b.answers(channel, ts)) == 2 })
			b.until("relay noted", func() bool { begun, err := b.journal.BegunRelays(b.ctx); return err == nil && len(begun) == 0 })
			if c, r := len(b.Messages(experts)), len(b.answers(channel, ts)); c != 2 || r != 2 {
				t.Errorf("%d messages in the expert channel, %d in the thread", c, r)
			}
			b.sound()
		})
	}
}
