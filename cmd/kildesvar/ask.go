package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kildesvar/internal/assistant"
	"kildesvar/internal/retrieval"
)

func (a *app) askCommand() *cobra.Command {
	var asJSON bool
	var historyFile string
	c := &cobra.Command{
		Use: "ask SPØRGSMÅL…", Short: "Svar på et spørgsmål, med kilder",
		Long: "Svarer på ét spørgsmål ud fra artiklerne og viser artikel og litteratur bag hver sætning.\nSkriv »-« for at læse spørgsmålet fra standard input.",
		Example: `  kildesvar ask "Hvad er forskellen på samskabelse og et partnerskab?"
  kildesvar ask --json hvor mange er frivillige
  echo "hvad siger § 18" | kildesvar ask -`,
		Args: someArgs("spørgsmålet", `kildesvar ask "Hvad er samskabelse?"`),
		RunE: func(c *cobra.Command, args []string) error {
			question, err := a.question(c.Context(), args)
			if err != nil {
				return err
			}
			history, err := readHistory(historyFile)
			if err != nil {
				return err
			}
			s, err := a.searcher(c.Context(), retrieval.DefaultWeights())
			if err != nil {
				return err
			}
			ans, err := newAssistant(s).Ask(c.Context(), question, history)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(ans)
			}
			return a.printAnswer(ans)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "skriv svaret som JSON")
	c.Flags().StringVar(&historyFile, "history", "", `fil med samtalen indtil nu: en JSON-liste af {"role": "user", "text": "…"}, ældste først`)
	setValueName(c.Flags(), "history", "FIL")
	return c
}

// question joins the arguments, or reads standard input when they are »-«.
func (a *app) question(ctx context.Context, args []string) (string, error) {
	if len(args) != 1 || args[0] != "-" {
		return strings.Join(args, " "), nil
	}
	type read struct {
		data []byte
		err  error
	}
	done := make(chan read, 1)
	// A read from a terminal cannot be interrupted: when the asker gives up, it is left behind and the program ends.
	go func() {
		data, err := io.ReadAll(io.LimitReader(a.stdin, assistant.MaxQuestion+1))
		done <- read{data, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case r := <-done:
		if r.err != nil {
			return "", fmt.Errorf("read question: %w", r.err)
		}
		return string(r.data), nil
	}
}

// maxHistory bounds the history file.
const maxHistory = 4 << 20

func readHistory(file string) ([]assistant.Turn, error) {
	if file == "" {
		return nil, nil
	}
	data, err := readFile(file, maxHistory)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	wrong := func(what string) error {
		return usageError{fmt.Sprintf("samtalefilen %s %s – den skal være en JSON-liste af {\"role\": \"user\", \"text\": \"…\"}", file, what)}
	}
	var turns []assistant.Turn
	if err := json.Unmarshal(data, &turns); err != nil {
		return nil, wrong("kan ikke læses")
	}
	for i, t := range turns {
		if t.Role != "user" && t.Role != "assistant" {
			return nil, wrong(fmt.Sprintf("har en forkert »role« i post %d", i+1))
		}
	}
	return turns, nil
}

func (a *app) printJSON(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	if _, err := io.WriteString(a.stdout, escapeUnprintable(b.String())); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}
