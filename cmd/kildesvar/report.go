package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kildesvar/internal/chart"
	"kildesvar/internal/journal"
	"kildesvar/internal/report"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/slackbot"
)

// reportFlags are what `report` can be told.
type reportFlags struct {
	since, html string
	json        bool
}

func (a *app) reportCommand() *cobra.Command {
	var f reportFlags
	c := &cobra.Command{
		Use: "report", Short: "Se, hvad der bliver spurgt om, og hvad artiklerne mangler", Args: noArgs,
		Long: "Tæller spørgsmål, svar, vurderinger og svartider i journalen og samler de spørgsmål, som artiklerne ikke svarer på, i emner: redaktørens\n" +
			"ønskeliste. Personer bliver kun talt, og spørgsmål om personer eller sager bliver ikke vist. Kan bruges, mens »serve« kører.",
		Example: "  kildesvar report\n  kildesvar report --since 90d --html rapport.html\n  kildesvar report --json",
		RunE: func(c *cobra.Command, _ []string) error {
			period, err := days(f.since, "--since")
			if err != nil {
				return err
			}
			return a.withJournal(c.Context(), func(j *journal.Journal) error {
				s, err := a.searcher(c.Context(), retrieval.DefaultWeights())
				if err != nil {
					return err
				}
				now := time.Now()
				r, err := reportOn(c.Context(), j, s, midnight(now.AddDate(0, 0, -int(period/(24*time.Hour)))), now)
				if err != nil {
					return err
				}
				if f.html != "" {
					if err := replaceFile(f.html, func(w io.Writer) error { return report.WritePage(w, r, s.Index().Manifest.ID(), now) }); err != nil {
						return err
					}
				}
				if f.json {
					return a.printJSON(r)
				}
				return a.printUse(r)
			})
		},
	}
	c.Flags().StringVar(&f.since, "since", "30d", "hvor mange dage tilbage, fx 7d")
	setValueName(c.Flags(), "since", "DAGE")
	c.Flags().StringVar(&f.html, "html", "", "skriv rapporten som en side i denne fil")
	setValueName(c.Flags(), "html", "FIL")
	c.Flags().BoolVar(&f.json, "json", false, "skriv rapporten som JSON")
	return c
}

// midnight is when t's day began.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// reportOn reads the journal and makes the report on what was received from from and before to. No names leave this function.
func reportOn(ctx context.Context, j *journal.Journal, s *retrieval.Searcher, from, to time.Time) (*report.Report, error) {
	in := report.Input{From: from, To: to, Escalations: map[string]journal.EscalationState{}}
	people, within := map[string]int{}, map[string]bool{}
	err := eachQuestion(ctx, j, "", func(q journal.Question) error {
		if q.ReceivedAt.Before(from) || !q.ReceivedAt.Before(to) {
			return nil
		}
		within[q.ID] = true
		if _, known := people[q.User]; !known {
			people[q.User] = len(people)
		}
		x := report.Asked{ID: q.ID, Text: q.Text, Person: people[q.User], Surface: q.Surface, At: q.ReceivedAt, Status: q.Status}
		if q.Status == journal.Answered {
			x.Waited = q.AnsweredAt.Sub(q.ReceivedAt)
		}
		var err error
		if q.Answer.JSON != nil {
			x.Answer, err = slackbot.AnswerOf(q)
		}
		in.Questions = append(in.Questions, x)
		return err
	})
	if err != nil {
		return nil, err
	}
	ratings, err := j.RatingsBy(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, x := range ratings {
		if within[x.AnswerID] {
			in.Ratings = append(in.Ratings, report.Rating{Question: x.AnswerID, Up: x.Up, Reason: x.Reason})
		}
	}
	escalations, err := j.EscalationsOf(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, x := range escalations {
		if within[x.AnswerID] {
			in.Escalations[x.AnswerID] = x.State
		}
	}
	old, err := stale(ctx, j, s.Index())
	if err != nil {
		return nil, err
	}
	in.StaleChecked = old.Checked
	for _, x := range old.Stale {
		in.Stale = append(in.Stale, report.Stale{ID: x.ID, Question: x.Question, AnsweredAt: x.AnsweredAt, Changed: x.Changed, Gone: x.Gone})
	}
	return report.Make(ctx, in, s)
}

// printWishes is how many wishes a person is shown on the terminal.
const printWishes = 15

func (a *app) printUse(r *report.Report) error {
	p := a.newPage()
	p.text("", "", fmt.Sprintf("%s til %s: %s til artiklerne fra %s.", shortTime(r.From), shortTime(r.To), count(r.Questions, "spørgsmål", "spørgsmål"),
		count(r.People, "person", "personer")))
	printCounts(p, "Hvad der kom ud af det", r.Outcomes, report.OutcomeText)
	printCounts(p, "Hvor der blev spurgt", r.Surfaces, report.SurfaceText)
	printCounts(p, "Slags spørgsmål", r.Shapes, report.ShapeText)
	p.heading("Svartid")
	p.text("  ", "    ", fmt.Sprintf("Halvdelen inden for %s, 95 ud af 100 inden for %s (%s). Heraf at finde svaret: %d ms og %d ms.", report.Seconds(r.Waited.P50),
		report.Seconds(r.Waited.P95), count(r.Waited.N, "svar", "svar"), r.Took.P50, r.Took.P95))
	for _, x := range r.Slowest[:min(3, len(r.Slowest))] {
		p.text("  ", "    ", fmt.Sprintf("%s: »%s« (%s)", report.Seconds(x.WaitedMS), x.Question, x.ID))
	}
	p.heading("Vurderinger")
	p.text("  ", "    ", fmt.Sprintf("%s hjalp svaret, %s hjalp det ikke.", count(r.Up, "gang", "gange"), count(r.Down, "gang", "gange")))
	for _, c := range r.Reasons {
		p.text("  ", "    ", fmt.Sprintf("%s: %d", report.ReasonText(c.Name), c.N))
	}
	for _, x := range r.Disliked {
		p.text("  − ", "    ", fmt.Sprintf("»%s« (%s)", x.Question, x.ID))
	}
	printCounts(p, "Spørg et menneske", r.Escalations, report.StateText)
	p.heading("Forældede svar")
	p.text("  ", "    ", fmt.Sprintf("%d af %s i Slack bygger på noget, der er ændret siden. »kildesvar journal stale« viser dem.", len(r.Stale), count(r.StaleOf, "svar", "svar")))
	printWishList(p, r)
	return a.print(p)
}

func printCounts(p *page, title string, counts []report.Count, words func(string) string) {
	if len(counts) == 0 {
		return
	}
	p.heading(title)
	for _, c := range counts {
		line := fmt.Sprintf("%s: %d", words(c.Name), c.N)
		if c.Share > 0 {
			line += " (" + chart.Percent(c.Share) + ")"
		}
		p.text("  ", "    ", line)
	}
}

func printWishList(p *page, r *report.Report) {
	p.heading("Det mangler i artiklerne")
	if len(r.Wishes) == 0 {
		p.text("  ", "    ", "Ingen spørgsmål i perioden blev afvist, fordi artiklerne ikke svarer på dem.")
		return
	}
	for _, w := range r.Wishes[:min(printWishes, len(r.Wishes))] {
		p.text(fmt.Sprintf("  %2d × ", w.Size), "       ", "»"+w.Question+"«")
		var near []string
		for _, n := range w.Articles {
			near = append(near, n.Title)
		}
		if len(near) > 0 {
			p.text("       ", "       ", "nærmest: "+strings.Join(near, ", "))
		}
	}
	if more := len(r.Wishes) - printWishes; more > 0 {
		p.text("  ", "    ", fmt.Sprintf("og %s – se dem alle med --html FIL eller --json", count(more, "emne til", "emner til")))
	}
}
