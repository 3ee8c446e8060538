package main

import (
	"context"
	"log/slog"
	"time"

	"kildesvar/internal/journal"
	"kildesvar/internal/report"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/slackbot"
	"kildesvar/internal/slackbot/webapi"
)

// checkWeekly refuses a weekly report that has nowhere to go.
func (a *app) checkWeekly() error {
	if a.cfg.get("weekly-report") == "ja" && a.cfg.get("expert-channel") == "" {
		return usageError{"en ugentlig rapport har brug for en kanal – sæt KILDESVAR_EXPERT_CHANNEL, eller sæt KILDESVAR_WEEKLY_REPORT til nej"}
	}
	return nil
}

// reportWeekly posts the report on the week before in the background, if that is switched on, until stop is called.
func (a *app) reportWeekly(ctx context.Context, j *journal.Journal, s *retrieval.Searcher, b *slackbot.Bot) (stop func()) {
	if a.cfg.get("weekly-report") != "ja" {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		weekly{
			make: func(ctx context.Context, from, to time.Time) (*report.Report, error) {
				return reportOn(ctx, j, s, from, to)
			},
			post: b.PostWeekly, log: a.logger(), zone: time.Local,
		}.run(ctx)
	}()
	return func() { cancel(); <-done }
}

// weekly is the reporting that serve does.
type weekly struct {
	make func(ctx context.Context, from, to time.Time) (*report.Report, error)
	post func(context.Context, *report.Report) error
	log  *slog.Logger
	zone *time.Location
}

// The report comes on Monday from eight o'clock. A program that is started later that Monday posts it then, if it does not stand there; on
// another day it waits for the next. One that failed is tried again.
const (
	weeklyHour  = 8
	weeklyAgain = 15 * time.Minute
	// weeklyLimit bounds one try.
	weeklyLimit = 5 * time.Minute
)

// run reports until ctx ends.
func (w weekly) run(ctx context.Context) {
	done := time.Time{} // the Monday last reported on
	for {
		now := time.Now().In(w.zone)
		monday, wait := untilMonday(now, done)
		if wait == 0 {
			if w.once(ctx, monday) {
				done = monday
				continue
			}
			wait = weeklyAgain
		}
		if !webapi.Sleep(ctx, wait) {
			return
		}
	}
}

// once reports on the week before a Monday.
func (w weekly) once(ctx context.Context, monday time.Time) bool {
	ctx, cancel := context.WithTimeout(ctx, weeklyLimit)
	defer cancel()
	r, err := w.make(ctx, monday.AddDate(0, 0, -7), monday)
	if err == nil {
		err = w.post(ctx, r)
	}
	if err != nil {
		if ctx.Err() == nil || ctx.Err() == context.DeadlineExceeded {
			w.log.Error("weekly report not posted", "err", err, "again_in", weeklyAgain)
		}
		return false
	}
	w.log.Info("weekly report posted", "questions", r.Questions, "wishes", len(r.Wishes))
	return true
}

// untilMonday is how long it is until the report of a Monday is due, 0 if it is now, and which Monday's (its midnight) it is. The Monday done
// has had it.
func untilMonday(now, done time.Time) (monday time.Time, wait time.Duration) {
	day := midnight(now)
	monday = day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	due := func(m time.Time) time.Time {
		return time.Date(m.Year(), m.Month(), m.Day(), weeklyHour, 0, 0, 0, m.Location())
	}
	if !monday.Equal(day) || monday.Equal(done) {
		monday = monday.AddDate(0, 0, 7)
	}
	return monday, max(0, due(monday).Sub(now))
}
