package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kildesvar/internal/article"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/journal"
	"kildesvar/internal/slackbot"
)

func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "doctor", Short: "Undersøg, om opsætningen virker", Args: noArgs,
		Long: "Ser efter artikler, datamappe, indeks og adresse og, når der er et token, Slack: tokens, rettigheder, Socket Mode, ekspertkanal og ur.\n" +
			"Hver fejl siger, hvad du kan gøre. Intet bliver ændret eller skrevet i Slack. Slutkode 3, når noget er galt.",
		Example: "  kildesvar doctor\n  kildesvar doctor --json",
		RunE: func(c *cobra.Command, _ []string) error {
			findings := a.examine(c.Context())
			for _, f := range findings {
				if f.Problem != "" {
					a.code = exitProblems
				}
			}
			if asJSON {
				return a.printJSON(findings)
			}
			return a.printFindings(findings)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "skriv resultatet som JSON")
	addSettingFlags(c.Flags(), true)
	return c
}

// examine makes all checks. One that fails keeps none of the others from being made.
func (a *app) examine(ctx context.Context) []slackbot.Finding {
	out := []slackbot.Finding{a.examineCorpus(ctx), a.examineData(ctx)}
	if l, err := listen(ctx, a.cfg.get("listen")); err != nil {
		text, _ := inDanish(err)
		out = append(out, slackbot.Finding{Name: "HTTP-adresse", Problem: text})
	} else {
		_ = l.Close()
		out = append(out, slackbot.Finding{Name: "HTTP-adresse", Detail: a.cfg.get("listen") + " er ledig"})
	}
	cfg, err := a.slackConfig(nil)
	if err != nil {
		text, _ := inDanish(err)
		return append(out, slackbot.Finding{Name: "Slack", Problem: text})
	}
	return append(out, slackbot.Check(ctx, cfg)...)
}

// examineCorpus loads and lints the articles.
func (a *app) examineCorpus(ctx context.Context) slackbot.Finding {
	f := slackbot.Finding{Name: "Artikler"}
	fail := func(err error) slackbot.Finding {
		f.Problem, _ = inDanish(err)
		return f
	}
	fsys, err := a.corpusFS()
	if err != nil {
		return fail(err)
	}
	c, err := article.Load(fsys)
	if err != nil {
		return fail(err)
	}
	ix, err := index.Build(ctx, c, nil, a.indexOptions(local.New(0)))
	if err != nil {
		return fail(err)
	}
	f.Detail = fmt.Sprintf("%d artikler, %d stykker, generation %s", len(ix.Articles), len(ix.Passages), ix.Manifest.ID())
	return f
}

// examineData tries to write to the data folder, and opens the journal if there is one.
func (a *app) examineData(ctx context.Context) slackbot.Finding {
	f := slackbot.Finding{Name: "Datamappe"}
	dir := a.cfg.dataDir()
	if dir == "" {
		f.Problem = "der er ingen datamappe – vælg en med --data eller KILDESVAR_DATA"
		return f
	}
	if err := writable(dir); err != nil {
		f.Problem, _ = inDanish(err)
		return f
	}
	if _, err := os.Stat(filepath.Join(dir, journal.File)); err == nil {
		j, err := journal.OpenSQLite(ctx, dir, journal.Options{})
		if err != nil {
			f.Problem, _ = inDanish(journalError{dir, err})
			return f
		}
		_ = j.Close()
	}
	f.Detail = dir
	return f
}

func (a *app) printFindings(findings []slackbot.Finding) error {
	p := a.newPage()
	wrong := 0
	for _, f := range findings {
		mark, text := "✓", f.Detail
		if f.Problem != "" {
			mark, text = "✗", f.Problem
			wrong++
		}
		p.text(mark+" ", "  ", strings.TrimSuffix(f.Name+": "+text, ": "))
	}
	switch wrong {
	case 0:
		p.text("", "", "Alt er i orden.")
	case 1:
		p.text("", "", "Én ting skal rettes.")
	default:
		p.text("", "", fmt.Sprintf("%d ting skal rettes.", wrong))
	}
	if _, err := fmt.Fprint(a.stdout, p.String()); err != nil {
		return fmt.Errorf("write findings: %w", err)
	}
	return nil
}
