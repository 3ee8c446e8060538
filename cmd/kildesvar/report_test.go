package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kildesvar/internal/article"
	"kildesvar/internal/report"
	"kildesvar/internal/workspace"
)

// TestReport follows what was said in Slack into the report: numbers, the wish list, a page, and no names.
func TestReport(t *testing.T) {
	b := said(t)
	var r report.Report
	b.into(&r, exitDone, "report", "--json", "--since", "1d")
	if r.Questions != 4 || r.People != 1 || report.N(r.Outcomes, "answered") != 3 || report.N(r.Outcomes, "personal_case") != 1 || r.Up != 1 || report.N(r.Escalations, "open") != 1 ||
		r.StaleOf != 4 || len(r.Stale) != 0 || r.Waited.N != 4 || report.N(r.Surfaces, "mention") == 0 || len(r.Days) != 2 {
		t.Errorf("%+v", r)
	}
	file := filepath.Join(t.TempDir(), "rapport.html")
	text := b.cli(exitDone, "report", "--html", file)
	b.has(text, "4 spørgsmål til artiklerne fra 1 person", "Besvaret: 3 (75 %)", "Om en person eller sag: 1 (25 %)", "1 gang hjalp svaret", "Ikke taget: 1", "0 af 4 svar")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b.has(string(page), "Kildesvar i brug", "Hvad er samskabelse?", "vises ikke")
	for _, secret := range []string{"Lars", "Hansen", anna, channel} {
		if strings.Contains(string(page)+text, secret) {
			t.Errorf("%s is in the report", secret)
		}
	}
	for _, bad := range []string{"0d", "30", "altid"} {
		b.has(b.cli(exitUsage, "report", "--since", bad), "--since", "90d")
	}
	b.has(b.cli(exitFailed, "report", "--html", filepath.Join(file, "x")), file)
}

// TestGold makes candidates of what was rated and of what a human answered, and of nothing else.
func TestGold(t *testing.T) {
	w, api := world(t, workspace.Options{})
	b := &journalBench{T: t, getenv: slackEnv(t, api, nil)}
	srv := start(t, b.getenv, "serve")
	wait(t, w, "a socket", func() bool { return w.Sockets() > 0 })
	rated := askInSlack(t, w, "Hvad er samskabelse?")
	if _, err := w.Say(anna, channel, "Og hvem kan være med?", rated.Thread); err != nil {
		t.Fatal(err)
	}
	wait(t, w, "the second answer", func() bool { return len(replies(w, rated.Thread)) == 2 })
	follow := replies(w, rated.Thread)[1]
	refused := askInSlack(t, w, "Hvornår har genbrugspladsen \"åbent\": {{x}}?")
	askInSlack(t, w, "Hvad er et partnerskab?")
	personal := askInSlack(t, w, "Hvad skal jeg gøre med borgeren Lars Hansen?")
	for _, m := range []workspace.Message{rated, follow, personal} {
		if err := w.Feedback(anna, channel, m.TS, "positive"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Click(anna, channel, refused.TS, "eskaler"); err != nil {
		t.Fatal(err)
	}
	wait(t, w, "the card", func() bool { return len(w.Messages(workspace.DefaultExpertChannel)) == 1 })
	wait(t, w, "word of it", func() bool {
		return slices.ContainsFunc(w.Ephemerals(anna), func(m workspace.Message) bool { return strings.Contains(m.Text+string(m.Blocks), "har sendt dit") })
	})
	if _, err := w.Say("U0BO", workspace.DefaultExpertChannel, "Den har åbent klokken ti.", w.Messages(workspace.DefaultExpertChannel)[0].TS); err != nil {
		t.Fatal(err)
	}
	wait(t, w, "the reply", func() bool { return len(replies(w, refused.Thread)) == 2 })
	poll(t, "the ratings", func() bool {
		_, body := fetch(t, srv.base+"/metrics")
		return strings.Contains(body, `kildesvar_feedback_total{rating="up"} 3`) && strings.Contains(body, "kildesvar_relays_total 1")
	})
	srv.end()

	exported := b.cli(exitDone, "journal", "export", "--all")
	id := func(question string) string {
		t.Helper()
		m := regexp.MustCompile(`"type":"question","id":"(\w+)".*"question":"` + question).FindStringSubmatch(exported)
		if m == nil {
			t.Fatalf("%s is not in %s", question, exported)
		}
		return m[1]
	}
	b.has(b.cli(exitFailed, "journal", "gold", id("Hvad er et partnerskab")), "hverken vurderet eller besvaret af et menneske")
	b.has(b.cli(exitFailed, "journal", "gold", id("Hvad skal jeg")), "handler om en person")
	b.has(b.cli(exitFailed, "journal", "gold", "01UKENDT"), "findes ikke")
	b.has(b.cli(exitUsage, "journal", "gold"), "ét id")
	file := filepath.Join(t.TempDir(), "udkast.yaml")
	var drafts string
	for _, q := range []string{"Hvad er samskabelse", "Og hvem kan", "Hvornår har genbrugspladsen"} {
		drafts += b.cli(exitDone, "journal", "gold", id(q))
		if out := b.cli(exitDone, "journal", "gold", "--out", file, id(q)); out != "" {
			t.Errorf("said %s", out)
		}
		b.has(b.cli(exitFailed, "journal", "gold", "--out", file, id(q)), "står allerede")
	}
	b.drafts(file, drafts)
	b.neverInCorpus(id("Og hvem kan"))
}

// drafts checks the three candidates.
func (b *journalBench) drafts(file, drafts string) {
	b.Helper()
	data, err := os.ReadFile(file)
	if err != nil || string(data) != drafts {
		b.Errorf("%v\n%s\n%s", err, data, drafts)
	}
	golds, err := article.ParseGold("udkast.yaml", data)
	if err != nil || len(golds) != 3 {
		b.Fatalf("%d, %v:\n%s", len(golds), err, data)
	}
	first, second, third := golds[0], golds[1], golds[2]
	if first.Question != "Hvad er samskabelse?" || !first.Answerable || !slices.Contains(first.Articles, "civilsamfund/samskabelse") || len(first.Literature) == 0 || first.Audience != "" {
		b.Errorf("%+v", first)
	}
	if len(second.History) != 2 || second.History[0].Text != "Hvad er samskabelse?" || !slices.Equal(second.Tags, []string{"opfoelgning"}) {
		b.Errorf("%+v", second)
	}
	if third.Question != "Hvornår har genbrugspladsen \"åbent\": {{x}}?" || third.Answerable || len(third.Articles) > 0 {
		b.Errorf("%+v", third)
	}
	b.has(drafts, "UDFYLD", "1 gang hjalp svaret", "et menneske har svaret")
	if strings.Contains(drafts, anna) || strings.Contains(drafts, "U0BO") {
		b.Errorf("a person is in a draft: %s", drafts)
	}
}

// neverInCorpus: no name leads to the file that the program reads.
func (b *journalBench) neverInCorpus(id string) {
	b.Helper()
	real := filepath.Join(b.TempDir(), goldFile)
	if err := os.WriteFile(real, []byte("[]\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	link := filepath.Join(b.TempDir(), "uskyldig.yaml")
	if err := os.Symlink(real, link); err != nil {
		b.Skip(err)
	}
	for _, name := range []string{real, link} {
		b.has(b.cli(exitUsage, "journal", "gold", "--out", name, id), "hører til korpus")
	}
	if data, err := os.ReadFile(real); err != nil || string(data) != "[]\n" {
		b.Errorf("%s, %v", data, err)
	}
}

// TestWeeklyTimes: the report comes on Mondays at eight on the whole week before, is tried again when it fails, and comes no second time.
func TestWeeklyTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins on Saturday, 1 January 2000
		var log bytes.Buffer
		var at, from []time.Time
		tries := 0
		w := weekly{zone: time.UTC, log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo})),
			make: func(ctx context.Context, f, to time.Time) (*report.Report, error) {
				if _, bounded := ctx.Deadline(); !bounded || to.Sub(f) != 7*24*time.Hour || to.Weekday() != time.Monday {
					t.Errorf("from %v to %v, bounded %v", f, to, bounded)
				}
				return &report.Report{From: f, To: to}, nil
			},
			post: func(_ context.Context, r *report.Report) error {
				if tries++; tries == 2 {
					return errors.New("slack is away")
				}
				at, from = append(at, time.Now()), append(from, r.From)
				return nil
			}}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); w.run(ctx) }()
		time.Sleep(20 * 24 * time.Hour)
		cancel()
		<-done
		want := []string{"2000-01-03 08:00", "2000-01-10 08:15", "2000-01-17 08:00"}
		for i, x := range at {
			if i >= len(want) || x.Format("2006-01-02 15:04") != want[i] || !from[i].Equal(midnight(x).AddDate(0, 0, -7)) {
				t.Errorf("posted at %v on the week from %v", x, from[i])
			}
		}
		if len(at) != len(want) || !strings.Contains(log.String(), "slack is away") {
			t.Errorf("%v, log %s", at, log.String())
		}
	})
}

// TestUntilMonday: a program that starts late on a Monday reports at once, on any other day it waits; summer time does not move the hour.
func TestUntilMonday(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Copenhagen") // built in
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]time.Duration{"2026-11-23 07:00": time.Hour, "2026-11-23 08:00": 0, "2026-11-23 23:59": 0, "2026-11-24 00:00": 6*24*time.Hour + 8*time.Hour,
		"2026-11-29 09:00": 23 * time.Hour, "2026-03-28 08:00": 47 * time.Hour, "2026-10-24 08:00": 49 * time.Hour} {
		at, err := time.ParseInLocation("2006-01-02 15:04", now, zone)
		if err != nil {
			t.Fatal(err)
		}
		monday, got := untilMonday(at, time.Time{})
		if got != want || monday.Weekday() != time.Monday || monday.Hour() != 0 {
			t.Errorf("%s: %v until %v, want %v", now, got, monday, want)
		}
		if _, again := untilMonday(at, monday); want == 0 && again < 6*24*time.Hour {
			t.Errorf("%s: again in %v", now, again)
		}
	}
}

// TestWeeklySetting: it is off unless it is asked for, needs a channel, and a service that has it stops in good order.
func TestWeeklySetting(t *testing.T) {
	_, api := world(t, workspace.Options{})
	b := &journalBench{T: t, getenv: slackEnv(t, api, map[string]string{"KILDESVAR_WEEKLY_REPORT": "ja", "KILDESVAR_EXPERT_CHANNEL": ""})}
	b.has(b.cli(exitUsage, "serve"), "KILDESVAR_EXPERT_CHANNEL")
	b.has(b.cli(exitUsage, "serve", "--weekly-report", "måske"), "ja eller nej")
	w, api := world(t, workspace.Options{})
	r := start(t, slackEnv(t, api, map[string]string{"KILDESVAR_WEEKLY_REPORT": "ja"}), "serve")
	wait(t, w, "a socket", func() bool { return w.Sockets() > 0 })
	r.end()
}
