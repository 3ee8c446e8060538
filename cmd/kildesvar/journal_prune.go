package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"kildesvar/internal/journal"
	"kildesvar/internal/slackbot/webapi"
)

func (a *app) journalPruneCommand() *cobra.Command {
	var older string
	c := &cobra.Command{
		Use: "prune", Short: "Slet gamle spørgsmål og svar", Args: noArgs,
		Long: "Sletter spørgsmål, der er ældre end fristen, med svar, vurderinger og henvendelser, og skriver filen om, så teksterne heller ikke kan\n" +
			"findes i den bagefter. »kildesvar serve« gør det selv hver nat med fristen i KILDESVAR_RETENTION.",
		Example: "  kildesvar journal prune\n  kildesvar journal prune --older-than 30d",
		RunE: func(c *cobra.Command, _ []string) error {
			keep, err := a.retention()
			if older != "" {
				keep, err = days(older, "--older-than")
			}
			if err != nil {
				return err
			}
			if keep == 0 {
				return usageError{"fristen er »altid«, så intet er for gammelt – vælg en frist med fx --older-than 90d"}
			}
			return a.withJournal(c.Context(), func(j *journal.Journal) error {
				before := time.Now().Add(-keep)
				n, err := j.Prune(c.Context(), before)
				if err != nil {
					return eraseError{err}
				}
				p := a.newPage()
				if n == (journal.Erased{}) {
					p.text("", "", "Intet er fra før "+shortTime(before)+".")
				} else {
					p.text("", "", "Slettet fra før "+shortTime(before)+": "+erasedText(n)+".")
				}
				return a.print(p)
			})
		},
	}
	c.Flags().StringVar(&older, "older-than", "", "slet, hvad der er ældre, fx 30d (uden: fristen i KILDESVAR_RETENTION, som er 90d, når den ikke er sat)")
	setValueName(c.Flags(), "older-than", "DAGE")
	return c
}

// pruneNightly prunes in the background until stop is called, which waits for what is under way.
func (a *app) pruneNightly(ctx context.Context, j *journal.Journal) (stop func(), err error) {
	keep, err := a.retention()
	if err != nil || keep == 0 {
		return func() {}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		upkeep{j.Prune, keep, a.logger()}.run(ctx)
	}()
	return func() { cancel(); <-done }, nil
}

// upkeep is the pruning that serve does.
type upkeep struct {
	prune func(ctx context.Context, before time.Time) (journal.Erased, error)
	keep  time.Duration
	log   *slog.Logger
}

// When serve prunes: soon after its start, for a program that is never on at night, and then at the quietest hour, local time. One that
// failed (a reader kept the file busy, the disk was full) is tried again sooner.
const (
	pruneDelay = time.Minute
	pruneHour  = 3
	pruneAgain = 30 * time.Minute
	// pruneLimit bounds one pruning. What it has not come to is left to the next.
	pruneLimit = 10 * time.Minute
)

// run prunes until ctx ends.
func (u upkeep) run(ctx context.Context) {
	for wait := pruneDelay; ; {
		if !webapi.Sleep(ctx, wait) {
			return
		}
		wait = untilHour(time.Now(), pruneHour)
		if err := u.once(ctx); err != nil && ctx.Err() == nil {
			u.log.Error("journal not pruned", "err", err, "again_in", pruneAgain)
			wait = pruneAgain
		}
	}
}

func (u upkeep) once(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pruneLimit)
	defer cancel()
	start := time.Now()
	n, err := u.prune(ctx, start.Add(-u.keep))
	if err != nil {
		return fmt.Errorf("%d questions pruned: %w", n.Questions, err)
	}
	u.log.Info("journal pruned", "questions", n.Questions, "ratings", n.Ratings, "escalations", n.Escalations, "took", time.Since(start))
	return nil
}

// untilHour is how long it is until the clock shows that hour next.
func untilHour(now time.Time, hour int) time.Duration {
	next := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, now.Location())
	if !next.After(now) {
		next = time.Date(now.Year(), now.Month(), now.Day()+1, hour, 0, 0, 0, now.Location())
	}
	return next.Sub(now)
}
