package slackbot

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/journal"
	"kildesvar/internal/slackbot/intake"
	"kildesvar/internal/workspace"
	"kildesvar/internal/workspace/delivery"
)

// TestDuplicatesOverTwoSockets: the same event comes over both sockets at once.
func TestDuplicatesOverTwoSockets(t *testing.T) {
	t.Parallel()
	b := start(t, setup{world: workspace.Options{DeliveryFault: func(string, int) delivery.Fault { return delivery.Fault{Duplicate: true} }}})
	var roots []string
	for range 8 {
		roots = append(roots, b.ask(channel))
	}
	for _, ts := range roots {
		b.one(channel, ts)
	}
	sockets := map[string]map[int]bool{} // event id → sockets
	for _, d := range b.Deliveries() {
		var e struct {
			ID string `json:"event_id"`
		}
		must(t, json.Unmarshal(d.Payload, &e))
		if sockets[e.ID] == nil {
			sockets[e.ID] = map[int]bool{}
		}
		for _, s := range d.Sockets {
			sockets[e.ID][s] = true
		}
	}
	both := 0
	for _, s := range sockets {
		if len(s) == 2 {
			both++
		}
	}
	if both == 0 {
		t.Error("no event came over both sockets")
	}
	b.sound()
}

// TestDisconnects: Slack renews, warns, drops; what is asked meanwhile is answered.
func TestDisconnects(t *testing.T) {
	t.Parallel()
	b := start(t, setup{})
	for _, reason := range []string{"warning", "refresh_requested", "link_disabled", ""} {
		if reason == "" {
			b.DropSockets()
		} else {
			b.Disconnect(reason)
		}
		b.one(channel, b.ask(channel))
		b.until("both sockets", func() bool { return b.Sockets() == 2 && b.bot.Metrics().Sockets == 2 })
	}
	b.sound()
}

// TestLateAcknowledgement: the journal is slow, so that Slack delivers again while the first delivery is still being kept.
func TestLateAcknowledgement(t *testing.T) {
	t.Parallel()
	b := start(t, setup{world: workspace.Options{RedeliverAfter: 200 * time.Millisecond}})
	b.gate.mute.Store(true) // acknowledgements get lost
	ts := b.ask(channel)
	b.until("redelivery", func() bool { return b.bot.Metrics().Redeliveries >= 2 })
	b.gate.mute.Store(false)
	b.DropSockets() // what was muted lacks its frames
	b.one(channel, ts)
}

// TestHTTPRetries: the first request meets a process that is not ready.
func TestHTTPRetries(t *testing.T) {
	t.Parallel()
	b := start(t, setup{http: true})
	h := b.web.Swap(nil)
	ts := b.ask(channel)
	b.until("a refused attempt", func() bool { return len(b.Deliveries()) == 2 && len(b.Deliveries()[1].Reasons) >= 1 })
	b.web.Store(h)
	b.one(channel, ts)
	retried := 0
	for _, d := range b.Deliveries() {
		retried += len(d.Reasons)
	}
	if retried == 0 {
		t.Error("nothing was retried")
	}
	b.sound()
}

// TestPerChannel: one channel asks more than its share; the others are served.
func TestPerChannel(t *testing.T) {
	everywhere(t, setup{config: func(c *Config) { c.PerChannel = 2 }}, func(t *testing.T, b *bench) {
		for range 2 {
			b.one(channel, b.ask(channel))
		}
		b.has(b.one(channel, b.say(boUser, channel, "<@"+botUser+"> Hvad er samskabelse?", "")), "mange spørgsmål på kort tid")
		b.has(b.one(b.DM(anna), b.ask(b.DM(anna))), article)
		b.ahead.Add(int64(time.Minute))
		b.has(b.one(channel, b.ask(channel)), article)
		b.sound()
	})
}

// TestBeforeTheStart: what comes before the assistant knows who it is is not acknowledged, and neither is what finds no room.
func TestBeforeTheStart(t *testing.T) {
	t.Parallel()
	bot, err := New(Config{BotToken: "xoxb", SigningSecret: "x"}, &asker{}, nil)
	must(t, err)
	if _, err := bot.handle(t.Context(), intake.Delivery{Kind: intake.Events}); err == nil {
		t.Error("taken before the start")
	}
	if err := bot.Ready(); err == nil {
		t.Error("ready before the start")
	}
	nothing := func(context.Context) error { return nil }
	for range maxActs {
		must(t, bot.later("act", nothing))
	}
	if err := bot.later("act", nothing); err == nil {
		t.Error("one act too many was taken")
	}
	if n := bot.Metrics().Acts; n != maxActs {
		t.Errorf("%d acts", n)
	}
}

// TestPane: a direct message asked in the agent pane is known as such.
func TestPane(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		must(t, b.ContextChanged(anna, channel))
		dm := b.DM(anna)
		ts := b.say(anna, dm, "Hvad er samskabelse?", "")
		b.has(b.one(dm, ts), article)
		if q, err := b.journal.Asked(b.ctx, dm, ts); err != nil || q.Surface != journal.Pane {
			t.Errorf("%s, %v", q.Surface, err)
		}
		b.sound()
	})
}

// TestSendWhereItIsNotMember: the command works in any channel, sending the answer there only where the assistant is a member.
func TestSendWhereItIsNotMember(t *testing.T) {
	world := workspace.Options{Channels: []workspace.Channel{{ID: "C0ANDEN", Name: "anden", Members: []string{anna}}}}
	everywhere(t, setup{world: world}, func(t *testing.T, b *bench) {
		must(t, b.Slash(anna, "C0ANDEN", "/kilde", "Hvad er samskabelse?"))
		b.until("private answer", func() bool { return len(b.Ephemerals(anna)) == 1 })
		b.quiet()
		must(t, b.Click(anna, "C0ANDEN", b.Ephemerals(anna)[0].TS, "send_i_kanalen"))
		b.until("word", func() bool { return len(b.Ephemerals(anna)) == 2 })
		b.has(b.Ephemerals(anna)[1], "Invitér mig")
	})
}

// TestPanic: an answer that panics costs that answer only.
func TestPanic(t *testing.T) {
	t.Parallel()
	b := start(t, setup{})
	m := b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er panik og hemmeligheden?", ""))
	b.has(m, "Der gik noget galt")
	b.one(channel, b.ask(channel))
	if log := b.log.String(); !strings.Contains(log, "panicked") || strings.Contains(log, "hemmeligheden") {
		t.Error("the log tells nothing, or too much")
	}
}

// TestApologyIsNotRepeated: while Slack takes no message, an old question waits between two attempts at an apology.
func TestApologyIsNotRepeated(t *testing.T) {
	t.Parallel()
	b := start(t, setup{idle: true})
	ts := b.ask(channel)
	b.ahead.Store(int64(-2 * time.Hour))
	j := b.open()
	_, _, err := j.Record(b.ctx, journal.Delivery{App: "A", Team: "T0DEMO", EventID: "Ev1", Channel: channel, TS: ts, User: anna, Surface: journal.Mention, Text: "Hvad?"})
	must(t, err)
	must(t, j.Close())
	b.ahead.Store(0)
	b.cfg.Log = slog.New(slog.NewTextHandler(b.log, nil))
	b.SetFaults(func(m string, _ int) workspace.CallFault {
		return fault(m == "chat.postMessage", workspace.CallFault{Error: "invalid_auth"})
	})
	b.run()
	b.until("a failure", func() bool { return strings.Contains(b.log.String(), "question not answered") })
	b.SetFaults(nil)
	ts = b.ask(channel) // time passes
	b.until("another answer", func() bool { return len(b.answers(channel, ts)) == 1 })
	if n := strings.Count(b.log.String(), "question not answered"); n != 1 {
		t.Errorf("tried %d times at once", n)
	}
}
