package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"kildesvar/internal/index"
	"kildesvar/internal/journal"
	"kildesvar/internal/retrieval"
)

// staleAnswer is a posted answer that stands on something that is no longer as it was.
type staleAnswer struct {
	ID         string    `json:"id"`
	Question   string    `json:"question"`
	AnsweredAt time.Time `json:"answered_at"`
	Channel    string    `json:"channel"`
	TS         string    `json:"ts"`
	Generation string    `json:"generation"`
	Changed    []string  `json:"changed"` // passages
	Gone       []string  `json:"gone"`
}

type staleReport struct {
	Generation string        `json:"generation"` // of the present index
	Checked    int           `json:"checked"`    // posted answers whose sources are known
	Unknown    int           `json:"unknown"`    // posted answers whose sources are not known: notices, and answers of old versions
	Stale      []staleAnswer `json:"stale"`
}

func (a *app) journalStaleCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "stale", Short: "Vis svar, hvis kilder er ændret siden", Args: noArgs,
		Long: "Sammenligner hvert svar, der står i Slack, med artiklerne, som de er nu, og viser de svar, der bygger på stykker, som er ændret eller\n" +
			"ikke findes mere. Et stykke, der kun er flyttet til en anden overskrift, tæller som væk.",
		Example: "  kildesvar journal stale\n  kildesvar journal stale --corpus mit-korpus --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withJournal(c.Context(), func(j *journal.Journal) error {
				s, err := a.searcher(c.Context(), retrieval.DefaultWeights())
				if err != nil {
					return err
				}
				r, err := stale(c.Context(), j, s.Index())
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(r)
				}
				return a.printStale(r)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "skriv resultatet som JSON")
	return c
}

// stale compares all posted answers with an index.
func stale(ctx context.Context, j *journal.Journal, ix *index.Index) (staleReport, error) {
	r := staleReport{Generation: ix.Manifest.ID(), Stale: []staleAnswer{}}
	now := passageHashes(ix)
	err := eachQuestion(ctx, j, "", func(q journal.Question) error {
		switch {
		case q.Status != journal.Answered || q.Answer.Place.TS == "":
			return nil
		case q.Answer.Facts == nil:
			r.Unknown++
			return nil
		}
		r.Checked++
		x := staleAnswer{ID: q.ID, Question: q.Text, AnsweredAt: q.AnsweredAt, Channel: q.Answer.Place.Channel, TS: q.Answer.Place.TS,
			Generation: q.Answer.Facts.Generation}
		if x.Changed, x.Gone = moved(q.Answer.Facts.Sources, now); len(x.Changed)+len(x.Gone) > 0 {
			r.Stale = append(r.Stale, x)
		}
		return nil
	})
	return r, err
}

// passageHashes are the hashes of an index' passages, by id.
func passageHashes(ix *index.Index) map[string]string {
	out := make(map[string]string, len(ix.Passages))
	for _, p := range ix.Passages {
		out[p.ID] = journal.HashText(p.Text)
	}
	return out
}

// moved are the sources that are not as they were.
func moved(sources []journal.Source, now map[string]string) (changed, gone []string) {
	changed, gone = []string{}, []string{}
	for _, s := range sources {
		switch hash, ok := now[s.Passage]; {
		case !ok:
			gone = append(gone, s.Passage)
		case hash != s.Hash:
			changed = append(changed, s.Passage)
		}
	}
	return changed, gone
}

func (a *app) printStale(r staleReport) error {
	p := a.newPage()
	for _, x := range r.Stale {
		p.heading(fmt.Sprintf("%s  %s  »%s«", x.ID, shortTime(x.AnsweredAt), x.Question))
		p.text("  ", "  ", fmt.Sprintf("besked %s i kanal %s", x.TS, x.Channel))
		for _, id := range x.Changed {
			p.text("  ændret: ", "    ", id)
		}
		for _, id := range x.Gone {
			p.text("  findes ikke mere: ", "    ", id)
		}
	}
	if len(r.Stale) > 0 {
		p.WriteString("\n")
	}
	p.text("", "", fmt.Sprintf("%d af %s i Slack bygger på noget, der er ændret siden.", len(r.Stale), count(r.Checked, "svar", "svar")))
	if len(r.Stale) > 0 {
		p.text("", "", "»kildesvar journal replay ID« viser, hvad svaret ville være nu.")
	}
	return a.print(p)
}
