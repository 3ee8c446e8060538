package slackbot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/report"
)

// weekOf is a week's report.
func weekOf() *report.Report {
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	return &report.Report{From: monday, To: monday.AddDate(0, 0, 7), Questions: 20, People: 7, Up: 3, Down: 1,
		Outcomes: []report.Count{{Name: "answered", N: 15, Share: 0.75}, {Name: "not_covered", N: 5, Share: 0.25}}, Escalations: []report.Count{{Name: "open", N: 2, Share: 1}},
		Stale: []report.Stale{{ID: "01X"}}, Wishes: []report.Wish{{Size: 3, People: 2, Question: "Skal frivillige have en børneattest? " + hostile},
			{Size: 2, People: 1, Question: "Noget, kun én har spurgt om"}}}
}

// TestWeekly: the message stands in the expert channel once, however often it is posted, also by another process; the next week has its own.
func TestWeekly(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		r := weekOf()
		must(t, b.bot.PostWeekly(b.ctx, r))
		must(t, b.bot.PostWeekly(b.ctx, r))
		must(t, b.stop())
		b.run()
		must(t, b.bot.PostWeekly(b.ctx, r))
		m := b.Messages(experts)
		if len(m) != 1 {
			t.Fatalf("%d messages", len(m))
		}
		b.has(m[0], "2.3. til 8.3.2026", "*20* spørgsmål fra *7* personer", "*75 %* besvaret", "3 × Skal frivillige", "og 1 emne til", "3 hjalp, 1 hjalp ikke", "2 spørgsmål til et menneske", "1 svar i Slack")
		b.harmless("weekly", m[0].Blocks, m[0].Text)
		if strings.Contains(blocks(m[0]), "kun én") {
			t.Error("what one person asked is told to all")
		}
		r.From, r.To = r.To, r.To.AddDate(0, 0, 7)
		r.Wishes, r.Questions = r.Wishes[1:], 0
		must(t, b.bot.PostWeekly(b.ctx, r))
		if m = b.Messages(experts); len(m) != 2 {
			t.Fatalf("%d messages", len(m))
		}
		b.has(m[1], "Ingen har spurgt", "1 emne, som kun én har spurgt om")
		b.sound()
	})
}

// TestWeeklyNowhere: without a channel, and before it is known who the assistant is, nothing is posted.
func TestWeeklyNowhere(t *testing.T) {
	b := &Bot{known: make(chan struct{})}
	if err := b.PostWeekly(t.Context(), weekOf()); err == nil {
		t.Error("posted without a channel")
	}
	b.cfg.ExpertChannel = experts
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.PostWeekly(ctx, weekOf()); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
