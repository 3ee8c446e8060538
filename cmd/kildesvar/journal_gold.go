package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"kildesvar/internal/answer"
	"kildesvar/internal/assistant"
	"kildesvar/internal/journal"
	"kildesvar/internal/privacy"
	"kildesvar/internal/slackbot"
)

// goldFile is what the file with a theme's gold questions is called. Nothing is written to it: a person is to read a candidate first.
const goldFile = "spoergsmaal.yaml"

func (a *app) journalGoldCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "gold ID", Short: "Gør et spørgsmål, som nogen har vurderet, til et udkast til et prøvespørgsmål",
		Long: "Skriver et udkast til et prøvespørgsmål i formen fra " + goldFile + " ud fra et spørgsmål, hvis svar er vurderet, eller som et menneske har\n" +
			"svaret på. Linjer med »UDFYLD« siger, hvad en redaktør skal tage stilling til. Udkastet kommer aldrig selv ind i korpus: Læs det, ret\n" +
			"det, og kopiér det dertil.",
		Example: "  kildesvar journal gold 01M88YXTM099T8DWG4TWRWX4SD\n  kildesvar journal gold --out udkast.yaml 01M88YXTM099T8DWG4TWRWX4SD",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{"der skal stå ét id – »kildesvar report --json« og »kildesvar journal export --all« viser dem"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := outsideCorpus(out); err != nil {
				return err
			}
			return a.withJournal(c.Context(), func(j *journal.Journal) error {
				text, err := candidate(c.Context(), j, args[0])
				if err != nil {
					return err
				}
				if out == "" {
					_, err := io.WriteString(a.stdout, text)
					return err
				}
				return appendCandidate(out, args[0], text)
			})
		},
	}
	c.Flags().StringVar(&out, "out", "", "føj udkastet til denne fil (uden: skriv det på skærmen)")
	setValueName(c.Flags(), "out", "FIL")
	return c
}

// outsideCorpus refuses the file that the program itself reads, by whatever name.
func outsideCorpus(file string) error {
	real := file
	if r, err := filepath.EvalSymlinks(file); err == nil {
		real = r
	}
	if filepath.Base(file) == goldFile || filepath.Base(real) == goldFile {
		return usageError{fmt.Sprintf("»%s« hører til korpus – vælg en anden fil, fx udkast.yaml, og kopiér udkastet, når det er læst og rettet", file)}
	}
	return nil
}

// candidateID is the id of the gold question made from a question.
func candidateID(id string) string { return "k-" + strings.ToLower(id) }

// appendCandidate adds a draft to a file, unless it stands there already.
func appendCandidate(file, id, text string) error {
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if bytes.Contains(old, []byte("\n- id: "+candidateID(id)+"\n")) {
		return replayError{id, "står allerede i " + file}
	}
	if len(old) > 0 && !bytes.HasSuffix(old, []byte("\n")) {
		text = "\n" + text
	}
	return replaceFile(file, func(w io.Writer) error {
		if _, err := w.Write(old); err != nil {
			return err
		}
		_, err := io.WriteString(w, text)
		return err
	})
}

// candidate writes the draft.
func candidate(ctx context.Context, j *journal.Journal, id string) (string, error) {
	q, err := j.Answer(ctx, id)
	if errors.Is(err, journal.ErrNotFound) {
		return "", replayError{id, "findes ikke i journalen, eller er slettet"}
	}
	if err != nil {
		return "", err
	}
	ans, err := slackbot.AnswerOf(q)
	if err != nil {
		return "", err
	}
	switch {
	case ans == nil || q.Answer.Facts == nil:
		return "", replayError{id, "fik en besked og intet svar, så der er intet at prøve"}
	case ans.Status == answer.StatusPersonalCase:
		return "", replayError{id, "handler om en person eller en sag og bliver ikke til et prøvespørgsmål"}
	}
	said, err := whatPeopleSaid(ctx, j, id)
	if err != nil {
		return "", err
	}
	if said == "" {
		return "", replayError{id, "er hverken vurderet eller besvaret af et menneske"}
	}
	history, whole, err := historyOf(ctx, j, q)
	if err != nil {
		return "", err
	}
	return draft(q, ans, said, history, whole), nil
}

// whatPeopleSaid is a line on ratings and human answers, without names; empty if there are none.
func whatPeopleSaid(ctx context.Context, j *journal.Journal, id string) (string, error) {
	ratings, err := j.Ratings(ctx, id)
	if err != nil {
		return "", err
	}
	up := 0
	for _, r := range ratings {
		if r.Up {
			up++
		}
	}
	var said []string
	if len(ratings) > 0 {
		said = append(said, fmt.Sprintf("%s hjalp svaret, %s hjalp det ikke", count(up, "gang", "gange"), count(len(ratings)-up, "gang", "gange")))
	}
	replies, err := j.HumanReplies(ctx, id)
	if err != nil {
		return "", err
	}
	escalations, err := j.EscalationsOf(ctx, "")
	if err != nil {
		return "", err
	}
	solved := false
	for _, e := range escalations {
		solved = solved || e.AnswerID == id && e.State == journal.Solved
	}
	if replies > 0 || solved {
		said = append(said, "et menneske har svaret; svaret står kun i Slack")
	}
	return strings.Join(said, "; "), nil
}

// draft is the candidate in YAML. Texts are masked once more and quoted, so that nothing in them can be anything but text.
func draft(q journal.Question, ans *answer.Answer, said string, history []assistant.Turn, whole bool) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("\n# Udkast fra journalen, spørgsmål %s. Vurdering: %s.", q.ID, said)
	line("# UDFYLD: Læs alt igennem. Der må ikke stå rigtige personers navne, CPR-numre eller sager. Fjern disse linjer, når det er gjort.")
	line("- id: %s", candidateID(q.ID))
	line("  question: %s", quoted(q.Text))
	line("  audience: \"\" # UDFYLD: sagsbehandler, frivilligkoordinator eller nyansat")
	answered := ans.Status == answer.StatusAnswered
	line("  answerable: %t # UDFYLD: Svarer artiklerne på det? Kildesvar svarede: %s", answered, ans.Status)
	if answered {
		var articles, literature []string
		for _, s := range ans.Sources {
			articles = appendNew(articles, quoted(s.Article))
		}
		for _, l := range ans.Literature {
			literature = appendNew(literature, quoted(l.ID))
		}
		line("  articles: [%s] # UDFYLD: behold kun dem, der er en rigtig første kilde", strings.Join(articles, ", "))
		line("  literature: [%s] # UDFYLD: behold kun den, som et rigtigt svar viser", strings.Join(literature, ", "))
		line("  facts: [] # UDFYLD: korte stykker tekst, som et fuldt svar indeholder og artiklen har")
	} else {
		line("  # UDFYLD: Er answerable true, så tilføj articles, literature og facts.")
	}
	tags := ""
	if len(history) > 0 {
		if !whole {
			line("  # UDFYLD: Samtalen før er ikke kendt i sin helhed.")
		}
		line("  history: # UDFYLD: forkort svarene til det, der betyder noget for spørgsmålet")
		for _, t := range history {
			line("    - role: %s", t.Role)
			line("      text: %s", quoted(t.Text))
		}
		tags = "opfoelgning"
	}
	line("  tags: [%s] # UDFYLD: fx parafrase, stavefejl, definition, tal, sammenligning, opfoelgning, udenfor", tags)
	line("  split: train # UDFYLD: test, hvis spørgsmålet kun må bruges til at måle")
	return b.String()
}

func appendNew(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}

// quoted is a masked text as a JSON string, which is YAML too.
func quoted(text string) string {
	text, _ = privacy.Mask(text, privacy.Options{})
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\ufeff' {
			return -1 // YAML has no such characters
		}
		return r
	}, text)
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string can always be encoded
	return strings.TrimSpace(b.String())
}
