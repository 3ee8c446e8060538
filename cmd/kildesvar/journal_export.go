package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"kildesvar/internal/journal"
)

func (a *app) journalExportCommand() *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use: "export PERSON|--all", Short: "Skriv alt, hvad der er gemt om en person eller om alle",
		Long: "Skriver én linje JSON for hvert spørgsmål med svar, hver vurdering og hver henvendelse til et menneske, de ældste først. En person er\n" +
			"et id i Slack, fx U012AB3CD. Andres id'er står ikke i det, der skrives om én person.",
		Example: "  kildesvar journal export U012AB3CD > indsigt.jsonl\n  kildesvar journal export --all",
		Args: func(c *cobra.Command, args []string) error {
			if all {
				return noArgs(c, args)
			}
			return onePerson(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			person := ""
			if !all {
				person = args[0]
			}
			return a.withJournal(c.Context(), func(j *journal.Journal) error { return a.export(c.Context(), j, person) })
		},
	}
	c.Flags().BoolVar(&all, "all", false, "skriv alt om alle")
	return c
}

// The lines of an export.
type (
	exportedQuestion struct {
		Type       string          `json:"type"`
		ID         string          `json:"id"`
		Person     string          `json:"person"`
		Team       string          `json:"team"`
		Channel    string          `json:"channel"`
		Thread     string          `json:"thread"`
		TS         string          `json:"ts"`
		Surface    string          `json:"surface"`
		Question   string          `json:"question"`
		Context    json.RawMessage `json:"context,omitempty"` // what the front end kept for the answer
		ReceivedAt time.Time       `json:"received_at"`
		Status     string          `json:"status"`
		Error      string          `json:"error,omitempty"`
		Outcome    string          `json:"outcome,omitempty"`
		Plain      string          `json:"plain,omitempty"`
		Answer     json.RawMessage `json:"answer,omitempty"`
		Facts      *journal.Facts  `json:"facts,omitempty"`
		Posted     *exportedPlace  `json:"posted,omitempty"`
		AnsweredAt *time.Time      `json:"answered_at,omitempty"`
	}
	exportedPlace struct {
		Channel string `json:"channel"`
		TS      string `json:"ts"`
	}
	exportedRating struct {
		Type     string    `json:"type"`
		Question string    `json:"question"` // id
		Person   string    `json:"person"`
		Helped   bool      `json:"helped"`
		Reason   string    `json:"reason,omitempty"`
		Comment  string    `json:"comment,omitempty"`
		At       time.Time `json:"at"`
	}
	exportedEscalation struct {
		Type     string        `json:"type"`
		ID       string        `json:"id"`
		Question string        `json:"question"` // id
		Asker    string        `json:"asker,omitempty"`
		From     exportedPlace `json:"from"`
		Card     exportedPlace `json:"card"`
		State    string        `json:"state"`
		TakenBy  string        `json:"taken_by,omitempty"`
		SolvedBy string        `json:"solved_by,omitempty"`
		At       time.Time     `json:"at"`
	}
)

// export writes what is kept of a person, or of everybody.
func (a *app) export(ctx context.Context, j *journal.Journal, person string) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	write := func(v any) error {
		if err := enc.Encode(v); err != nil {
			return fmt.Errorf("write export: %w", err)
		}
		return nil
	}
	if err := eachQuestion(ctx, j, person, func(q journal.Question) error { return write(exported(q)) }); err != nil {
		return err
	}
	ratings, err := j.RatingsBy(ctx, person)
	if err != nil {
		return err
	}
	for _, r := range ratings {
		if err := write(exportedRating{"rating", r.AnswerID, r.User, r.Up, r.Reason, r.Comment, r.At}); err != nil {
			return err
		}
	}
	escalations, err := j.EscalationsOf(ctx, person)
	if err != nil {
		return err
	}
	theirs := func(id string) string { // nobody else is named
		if person == "" || id == person {
			return id
		}
		return ""
	}
	for _, e := range escalations {
		if err := write(exportedEscalation{"escalation", e.ID, e.AnswerID, theirs(e.Asker), exportedPlace(e.From), exportedPlace(e.Card),
			string(e.State), theirs(e.TakenBy), theirs(e.SolvedBy), e.At}); err != nil {
			return err
		}
	}
	return nil
}

func exported(q journal.Question) exportedQuestion {
	x := exportedQuestion{Type: "question", ID: q.ID, Person: q.User, Team: q.Team, Channel: q.Channel, Thread: q.ThreadTS, TS: q.TS, Surface: string(q.Surface),
		Question: q.Text, Context: q.Context, ReceivedAt: q.ReceivedAt, Status: string(q.Status), Error: q.LastError,
		Outcome: q.Answer.Outcome, Plain: q.Answer.Plain, Answer: q.Answer.JSON, Facts: q.Answer.Facts}
	if q.Answer.Place.TS != "" {
		p := exportedPlace(q.Answer.Place)
		x.Posted = &p
	}
	if !q.AnsweredAt.IsZero() {
		x.AnsweredAt = &q.AnsweredAt
	}
	return x
}
