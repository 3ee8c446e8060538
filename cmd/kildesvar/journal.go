package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kildesvar/internal/journal"
)

// journalCommand groups what can be done with what was said.
func (a *app) journalCommand() *cobra.Command {
	c := &cobra.Command{Use: "journal", Short: "Se efter i, hvad der blev spurgt og svaret i Slack",
		Long: "Journalen er de spørgsmål og svar, som »kildesvar serve« gemmer i datamappen. Kommandoerne kan bruges, mens »serve« kører.\n" +
			"Spørgsmål til »kildesvar ask« bliver ikke gemt.",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(a.journalVerifyCommand(), a.journalExportCommand(), a.journalForgetCommand(), a.journalPruneCommand(), a.journalStaleCommand(), a.journalReplayCommand())
	return c
}

// withJournal opens the journal of the data folder, which must be there, and closes it after f.
func (a *app) withJournal(ctx context.Context, f func(*journal.Journal) error) error {
	dir := a.cfg.dataDir()
	if dir == "" {
		return usageError{"der er ingen datamappe – vælg en med --data eller KILDESVAR_DATA"}
	}
	if _, err := os.Stat(filepath.Join(dir, journal.File)); err != nil {
		return journalError{dir, err}
	}
	j, err := journal.OpenSQLite(ctx, dir, journal.Options{Log: a.logger()})
	if err != nil {
		return journalError{dir, err}
	}
	err = f(j)
	for _, known := range []error{journal.ErrDamaged, journal.ErrFull, journal.ErrIO, journal.ErrReadOnly} {
		if errors.Is(err, known) {
			err = journalError{dir, err}
			break
		}
	}
	if closed := j.Close(); err == nil && closed != nil {
		err = journalError{dir, closed}
	}
	return err
}

// pageSize is how many questions are read at a time.
const pageSize = 200

// eachQuestion reads a person's questions, or everybody's, oldest first.
func eachQuestion(ctx context.Context, j *journal.Journal, person string, f func(journal.Question) error) error {
	for after := ""; ; {
		qs, err := j.Questions(ctx, person, after, pageSize)
		if err != nil {
			return err
		}
		for _, q := range qs {
			if err := f(q); err != nil {
				return err
			}
			after = q.ID
		}
		if len(qs) < pageSize {
			return nil
		}
	}
}

// onePerson wants one argument, and says what it is.
func onePerson(_ *cobra.Command, args []string) error {
	if len(args) != 1 || strings.TrimSpace(args[0]) == "" {
		return usageError{"der skal stå én person – skriv personens id i Slack, fx »kildesvar journal forget U012AB3CD«"}
	}
	return nil
}

// keepForever is the setting under which nothing is pruned.
const keepForever = "altid"

// retention is how long questions are kept; 0: for ever.
func (a *app) retention() (time.Duration, error) {
	v := a.cfg.get("retention")
	if v == keepForever {
		return 0, nil
	}
	return days(v, "KILDESVAR_RETENTION")
}

// days reads a number of days such as 90d. Less than one is nothing anybody means.
func days(v, from string) (time.Duration, error) {
	n, err := strconv.Atoi(strings.TrimSuffix(v, "d"))
	if err != nil || n < 1 || n > 36_500 || !strings.HasSuffix(v, "d") {
		return 0, usageError{fmt.Sprintf("»%s« i %s er ikke et antal dage – skriv fx 90d", v, from)}
	}
	return time.Duration(n) * 24 * time.Hour, nil
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// erasedText says what was deleted.
func erasedText(n journal.Erased) string {
	return fmt.Sprintf("%s med svar, %s og %s", count(n.Questions, "spørgsmål", "spørgsmål"), count(n.Ratings, "vurdering", "vurderinger"),
		count(n.Escalations, "henvendelse til et menneske", "henvendelser til et menneske"))
}

// shortTime is a time for a person.
func shortTime(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// print writes a page.
func (a *app) print(p *page) error {
	if _, err := fmt.Fprint(a.stdout, strings.TrimPrefix(p.String(), "\n")); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
