package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kildesvar/internal/answer"
	"kildesvar/internal/assistant"
	"kildesvar/internal/journal"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/slackbot"
)

// replayed is an old answer beside the one that the same question gets now.
type replayed struct {
	ID             string         `json:"id"`
	Question       string         `json:"question"`
	AnsweredAt     time.Time      `json:"answered_at"`
	Then           *answer.Answer `json:"then"`
	Now            *answer.Answer `json:"now"`
	ProgramThen    string         `json:"program_then"`
	ProgramNow     string         `json:"program_now"`
	SameGeneration bool           `json:"same_generation"`
	SameProgram    bool           `json:"same_program"`
	WholeHistory   bool           `json:"whole_history"` // the conversation before is still there, and known
	Identical      bool           `json:"identical"`     // but for the time it took
	Changes        []replayChange `json:"changes"`
	Changed        []string       `json:"changed_passages"` // sources of then that are not as they were
	Gone           []string       `json:"gone_passages"`
}

// replayChange is one difference. Removed or Added may be empty.
type replayChange struct {
	Field   string   `json:"field"`
	Removed []string `json:"removed"`
	Added   []string `json:"added"`
}

func (a *app) journalReplayCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "replay ID", Short: "Stil et gammelt spørgsmål igen, og vis, hvad der er ændret",
		Long: "Stiller et spørgsmål fra journalen igen, med samme samtale før sig, til artiklerne, som de er nu, og viser forskellen. Er artikler og\n" +
			"program de samme, skal svaret være det samme; er det ikke det, er slutkoden 3. Intet bliver skrevet i Slack eller i journalen.",
		Example: "  kildesvar journal replay 01M88YXTM099T8DWG4TWRWX4SD\n  kildesvar journal replay --json 01M88YXTM099T8DWG4TWRWX4SD",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{"der skal stå ét id – »kildesvar journal export --all« viser dem"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return a.withJournal(c.Context(), func(j *journal.Journal) error {
				r, err := a.replay(c.Context(), j, args[0])
				if err != nil {
					return err
				}
				if !r.Identical && r.SameGeneration && r.SameProgram && r.WholeHistory {
					a.code = exitProblems
				}
				if asJSON {
					return a.printJSON(r)
				}
				return a.printReplayed(r)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "skriv begge svar og forskellen som JSON")
	return c
}

func (a *app) replay(ctx context.Context, j *journal.Journal, id string) (*replayed, error) {
	q, err := j.Answer(ctx, id)
	if errors.Is(err, journal.ErrNotFound) {
		return nil, replayError{id, "findes ikke i journalen, eller er slettet"}
	}
	if err != nil {
		return nil, err
	}
	then, err := slackbot.AnswerOf(q)
	if err != nil {
		return nil, err
	}
	if then == nil || q.Answer.Facts == nil {
		return nil, replayError{id, "fik en besked og intet svar, så der er intet at sammenligne"}
	}
	history, whole, err := historyOf(ctx, j, q)
	if err != nil {
		return nil, err
	}
	s, err := a.searcher(ctx, retrieval.DefaultWeights())
	if err != nil {
		return nil, err
	}
	now, err := newAssistant(s).Ask(ctx, q.Text, history)
	if err != nil {
		return nil, err
	}
	r := &replayed{ID: q.ID, Question: q.Text, AnsweredAt: q.AnsweredAt, Then: then, Now: now, ProgramThen: q.Answer.Facts.Program, ProgramNow: programVersion(),
		SameGeneration: then.Generation == now.Generation, WholeHistory: whole}
	r.SameProgram = r.ProgramThen == r.ProgramNow
	r.Changed, r.Gone = moved(q.Answer.Facts.Sources, passageHashes(s.Index()))
	r.Changes = differences(then, now)
	r.Identical, err = same(then, now)
	return r, err
}

// historyOf is the conversation that a question was asked in; whole is false if it is not known, or some of it is gone.
func historyOf(ctx context.Context, j *journal.Journal, q journal.Question) (turns []assistant.Turn, whole bool, err error) {
	add := func(question, answer string) {
		turns = append(turns, assistant.Turn{Role: "user", Text: question}, assistant.Turn{Role: "assistant", Text: answer})
	}
	if q.Answer.Facts.Carried { // as it can be guessed
		thread, err := j.Thread(ctx, q.Channel, q.ThreadTS, pageSize)
		for _, t := range thread {
			if t.At.Before(q.ReceivedAt) {
				add(t.Question, t.Answer)
			}
		}
		return turns, false, err
	}
	whole = true
	for _, id := range q.Answer.Facts.History {
		before, err := j.Answer(ctx, id)
		switch {
		case errors.Is(err, journal.ErrNotFound):
			whole = false
		case err != nil:
			return nil, false, err
		default:
			add(before.Text, before.Answer.Plain)
		}
	}
	return turns, whole, nil
}

// same says whether two answers are alike but for the time they took.
func same(a, b *answer.Answer) (bool, error) {
	x, y := *a, *b
	x.TookMS, y.TookMS = 0, 0
	left, err := json.Marshal(x)
	if err != nil {
		return false, fmt.Errorf("compare answers: %w", err)
	}
	right, err := json.Marshal(y)
	if err != nil {
		return false, fmt.Errorf("compare answers: %w", err)
	}
	return string(left) == string(right), nil
}

// differences lists what a reader would see.
func differences(then, now *answer.Answer) []replayChange {
	out := []replayChange{}
	field := func(name string, list func(*answer.Answer) []string) {
		before, after := list(then), list(now)
		c := replayChange{name, without(before, after), without(after, before)}
		if len(c.Removed)+len(c.Added) > 0 {
			out = append(out, c)
		} else if !slices.Equal(before, after) {
			out = append(out, replayChange{name + " (rækkefølge)", before, after})
		}
	}
	field("status", func(a *answer.Answer) []string { return []string{string(a.Status)} })
	field("begrundelse", func(a *answer.Answer) []string { return nonEmpty(a.Reason) })
	field("sætninger", func(a *answer.Answer) (out []string) {
		for _, c := range a.Claims {
			out = append(out, c.Text)
		}
		return out
	})
	field("kilder", func(a *answer.Answer) (out []string) {
		for _, s := range a.Sources {
			out = append(out, s.Passage)
		}
		return out
	})
	field("kildernes tekst", func(a *answer.Answer) (out []string) {
		for _, s := range a.Sources {
			out = append(out, s.Quote)
		}
		return out
	})
	field("litteratur", func(a *answer.Answer) (out []string) {
		for _, l := range a.Literature {
			out = append(out, l.Reference)
		}
		return out
	})
	field("se også", func(a *answer.Answer) (out []string) {
		for _, r := range a.Related {
			out = append(out, r.Title)
		}
		return out
	})
	field("bemærkninger", func(a *answer.Answer) []string { return a.Notes })
	field("sikkerhed", func(a *answer.Answer) []string { return []string{fmt.Sprintf("%.3f", a.Confidence)} })
	field("metode", func(a *answer.Answer) []string { return nonEmpty(strings.TrimSpace(a.Mode + " " + a.Model)) })
	return out
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// without are the elements of a that are not in b.
func without(a, b []string) []string {
	out := []string{}
	for _, s := range a {
		if !slices.Contains(b, s) {
			out = append(out, s)
		}
	}
	return out
}

func (a *app) printReplayed(r *replayed) error {
	p := a.newPage()
	p.text("", "", fmt.Sprintf("»%s«, besvaret %s", r.Question, shortTime(r.AnsweredAt)))
	if r.SameGeneration {
		p.text("", "", "Artiklerne er de samme som dengang ("+r.Now.Generation+").")
	} else {
		p.text("", "", fmt.Sprintf("Artiklerne er ændret: Indekset var %s og er nu %s.", r.Then.Generation, r.Now.Generation))
	}
	if !r.SameProgram {
		then := r.ProgramThen
		if then == "" {
			then = "en ukendt version"
		}
		p.text("", "", fmt.Sprintf("Programmet er et andet: Det var %s og er nu %s.", then, r.ProgramNow))
	}
	if !r.WholeHistory {
		p.text("", "", "Samtalen før spørgsmålet er ikke kendt i sin helhed, måske fordi noget af den er slettet.")
	}
	for _, id := range r.Changed {
		p.text("  ændret kilde: ", "    ", id)
	}
	for _, id := range r.Gone {
		p.text("  kilde, der ikke findes mere: ", "    ", id)
	}
	for _, c := range r.Changes {
		p.heading(strings.ToUpper(c.Field[:1]) + c.Field[1:])
		for _, s := range c.Removed {
			p.text("  − ", "    ", s)
		}
		for _, s := range c.Added {
			p.text("  + ", "    ", s)
		}
	}
	if len(r.Changes) > 0 {
		p.WriteString("\n")
	}
	switch {
	case r.Identical:
		p.text("", "", "Svaret er det samme.")
	case len(r.Changes) == 0:
		p.text("", "", "Læseren ville se det samme svar; kun oplysninger bag det er ændret.")
	default:
		p.text("", "", "Svaret er et andet.")
	}
	if a.code == exitProblems {
		p.text("", "", "Det skulle have været det samme: Hverken artikler, program eller samtale er ændret.")
	}
	return a.print(p)
}
