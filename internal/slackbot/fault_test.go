package slackbot

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/journal"
	"kildesvar/internal/workspace"
)

// TestPostFaults: whatever happens to a post, one answer stands in the thread in the end.
func TestPostFaults(t *testing.T) {
	t.Parallel()
	post := func(n int, f workspace.CallFault) func(string, int) workspace.CallFault {
		return func(m string, i int) workspace.CallFault {
			return fault(m == "chat.postMessage" && i <= n, f)
		}
	}
	for name, f := range map[string]func(string, int) workspace.CallFault{
		"lost after it was seen": post(1, workspace.CallFault{Reset: true}),
		"lost twice":             post(2, workspace.CallFault{Reset: true}),
		"500":                    post(2, workspace.CallFault{Status: 500}),
		"503 for long":           post(6, workspace.CallFault{Status: 503}),
		"429":                    post(2, workspace.CallFault{Status: 429, RetryAfter: 1}),
		"slow answer":            post(1, workspace.CallFault{Slow: 4 * time.Second}),
		"internal_error":         post(1, workspace.CallFault{Error: "internal_error"}),
		"everything else fails": func(m string, i int) workspace.CallFault {
			return fault(m != "chat.postMessage" && m != "auth.test" && i == 1, workspace.CallFault{Status: 500})
		},
		"lost and not found at once": func(m string, i int) workspace.CallFault {
			if m == "conversations.replies" && i <= 2 {
				return workspace.CallFault{Status: 500}
			}
			return fault(m == "chat.postMessage" && i == 1, workspace.CallFault{Reset: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, setup{world: workspace.Options{CallFault: f}})
			b.has(b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")), "[1]("+article+")", "AI-assistent")
		})
	}
}

func TestRefusedBlocks(t *testing.T) {
	t.Parallel()
	for n, code := range []string{"", "invalid_blocks", "msg_blocks_too_long"} {
		b := start(t, setup{world: workspace.Options{CallFault: func(m string, i int) workspace.CallFault {
			return fault(m == "chat.postMessage" && i <= n, workspace.CallFault{Error: code})
		}}})
		b.has(b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")), article, "AI-assistent")
		must(t, b.stop())
	}
}

func TestHopelessPost(t *testing.T) {
	t.Parallel()
	b := start(t, setup{world: workspace.Options{CallFault: func(m string, _ int) workspace.CallFault {
		return fault(m == "chat.postMessage", workspace.CallFault{Error: "is_archived"})
	}}})
	b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
	b.until("giving up", func() bool { return b.bot.Metrics().Outcomes["failed"] == 1 })
	if n := len(b.Calls("chat.postMessage")); n != 1 {
		t.Errorf("posted %d times", n)
	}
}

func TestAskerFails(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		b.asker.failWith(errors.New("the index is gone"))
		ts := b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
		m := b.one(channel, ts)
		b.has(m, "Der gik noget galt", "spoerg_igen")
		if strings.Contains(blocks(m), "index") {
			t.Error("the error is shown")
		}
		b.asker.failWith(nil)
		must(t, b.Click(anna, channel, m.TS, "spoerg_igen"))
		b.until("answer", func() bool { return len(b.answers(channel, ts)) == 2 })
		b.has(b.answers(channel, ts)[1], article, "Hvad er samskabelse?")
		b.sound()
	})
}

// TestRestart: what was recorded is answered by the next process, and what is too old gets an apology.
func TestRestart(t *testing.T) {
	everywhere(t, setup{idle: true}, func(t *testing.T, b *bench) {
		ts := b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
		old := b.say(anna, channel, "<@"+botUser+"> Hvad var det nu?", "")
		past := func() time.Time { return time.Now().Add(-2 * time.Hour) }
		j, err := journal.OpenSQLite(b.ctx, b.folder, journal.Options{Now: past})
		must(t, err)
		record := func(ts, text string) {
			t.Helper()
			_, fresh, err := j.Record(b.ctx, journal.Delivery{App: "A", Team: "T0DEMO", EventID: "E" + ts, Channel: channel, TS: ts, User: anna, Surface: journal.Mention, Text: text})
			if err != nil || !fresh {
				t.Fatal(err, fresh)
			}
		}
		record(old, "Hvad var det nu?")
		must(t, j.Close())
		j = b.open()
		record(ts, "Hvad er samskabelse?")
		// A worker has claimed it and died.
		if _, _, err := j.Claim(b.ctx, "dead", 300*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		must(t, j.Close())
		b.run()
		b.has(b.one(channel, ts), article)
		m := b.one(channel, old)
		b.has(m, "Undskyld", "Hvad var det nu?", "spoerg_igen")
		must(t, b.Click(anna, channel, m.TS, "spoerg_igen"))
		b.until("answer after the apology", func() bool { return len(b.answers(channel, old)) == 2 })
		b.sound()
	})
}

func TestGracefulStop(t *testing.T) {
	t.Parallel()
	a := &asker{hold: make(chan struct{}), began: make(chan string, 10)}
	b := start(t, setup{asker: a, config: func(c *Config) { c.Grace = 100 * time.Millisecond }})
	ts := b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse?", "")
	<-a.began
	began := time.Now()
	must(t, b.stop())
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
	if n := len(b.answers(channel, ts)); n != 0 {
		t.Errorf("%d answers", n)
	}
	close(a.hold)
	b.run()
	b.one(channel, ts)
	b.sound()
}

func TestBadToken(t *testing.T) {
	t.Parallel()
	b := start(t, setup{idle: true})
	for _, change := range []func(*Config){func(c *Config) { c.BotToken = "xoxb-WRONG" }, func(c *Config) { c.AppToken = "xapp-WRONG" }} {
		cfg := b.cfg
		change(&cfg)
		j := b.open()
		bot, err := New(cfg, b.asker, j)
		must(t, err)
		ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
		if err := bot.Run(ctx); err == nil || !strings.Contains(err.Error(), "invalid_auth") {
			t.Errorf("Run: %v", err)
		}
		cancel()
		must(t, j.Close())
	}
	for _, cfg := range []Config{{}, {BotToken: "x"}} {
		if _, err := New(cfg, nil, nil); err == nil || !strings.Contains(err.Error(), "SLACK_") {
			t.Errorf("New(%+v): %v", cfg, err)
		}
	}
}

// TestLogsHoldNoText: neither questions nor answers are logged.
func TestLogsHoldNoText(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	b := start(t, setup{config: func(c *Config) {
		c.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}, world: workspace.Options{CallFault: func(m string, n int) workspace.CallFault {
		return fault(n == 1 && strings.HasPrefix(m, "chat."), workspace.CallFault{Status: 500})
	}}})
	b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er hemmeligheden?", ""))
	must(t, b.Slash(anna, channel, "/kilde", "Hvad er hemmeligheden?"))
	b.until("private answer", func() bool { return len(b.Ephemerals(anna)) == 1 })
	b.quiet()
	must(t, b.stop())
	for _, word := range []string{"hemmeligheden", "Svaret på", "/actions/", "xoxb", "xapp"} {
		if strings.Contains(log.String(), word) {
			t.Errorf("the log holds %q", word)
		}
	}
	if !strings.Contains(log.String(), "question closed") {
		t.Error("the log holds nothing")
	}
}

// TestStalledJournal: a worker whose lease cannot be prolonged stops before another one may begin.
func TestStalledJournal(t *testing.T) {
	t.Parallel()
	b := start(t, setup{hold: true, config: func(c *Config) { c.Lease = 2 * time.Second }})
	ts := b.ask(channel)
	<-b.asker.began
	other, err := sql.Open("sqlite", filepath.Join(b.folder, journal.File)+"?_pragma=busy_timeout(5000)") // the worker may be writing just now
	must(t, err)
	defer func() { must(t, other.Close()) }()
	tx, err := other.BeginTx(b.ctx, nil)
	must(t, err)
	_, err = tx.ExecContext(b.ctx, `DELETE FROM muted`) // takes the lock on writing
	must(t, err)
	began := time.Now()
	b.until("the worker stops", func() bool { return strings.Contains(b.log.String(), "no longer this worker's") })
	if took := time.Since(began); took > b.cfg.Lease {
		t.Errorf("it stopped after %v, its lease was %v", took, b.cfg.Lease)
	}
	must(t, tx.Rollback())
	close(b.asker.hold)
	b.one(channel, ts)
	b.sound()
}
