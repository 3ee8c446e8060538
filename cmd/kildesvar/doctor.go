package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kildesvar/internal/article"
	"kildesvar/internal/index"
	"kildesvar/internal/journal"
	"kildesvar/internal/passage"
	"kildesvar/internal/slackbot/check"
	"kildesvar/internal/slackbot/webapi"
	"kildesvar/internal/web"
)

func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "doctor", Short: "Undersøg, om opsætningen virker", Args: noArgs,
		Long: "Ser efter artikler, datamappe, indeks, søgning efter betydning, adresse og sprogmodel og, når der er et token, Slack: tokens, rettigheder, Socket Mode, ekspertkanal og ur.\n" +
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
func (a *app) examine(ctx context.Context) []check.Finding {
	out := append([]check.Finding{a.examineCorpus(), a.examineData(ctx), a.examineEmbedder(ctx), a.examineAddress(ctx)}, a.examineModels(ctx)...)
	cfg, err := a.slackConfig(nil)
	if err != nil {
		text, _ := inDanish(err)
		return append(out, check.Finding{Name: "Slack", Problem: text})
	}
	return append(out, check.Run(ctx, cfg)...)
}

// examineCorpus reads the articles. Nothing is built: that takes seconds, and `kildesvar index` says what is wrong with it.
func (a *app) examineCorpus() check.Finding {
	f := check.Finding{Name: "Artikler"}
	fail := func(err error) check.Finding {
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
	articles, passages := 0, 0
	for _, t := range c.Themes {
		for _, x := range t.Articles {
			articles++
			passages += len(passage.Split(x))
		}
	}
	have, _ := index.ManifestOf(a.generationFile()) // there need not be one
	f.Detail = fmt.Sprintf("%d artikler, %d stykker, generation %s", articles, passages, index.WantedOf(a.embedderID(have), c.Fingerprint).ID())
	return f
}

// examineData tries to write to the data folder, and opens the journal if there is one.
func (a *app) examineData(ctx context.Context) check.Finding {
	f := check.Finding{Name: "Datamappe"}
	dir := a.cfg.dataDir()
	if dir == "" {
		f.Problem = "der er ingen datamappe – vælg en med --data eller KILDESVAR_DATA"
		return f
	}
	if _, err := a.retention(); err != nil {
		f.Problem, _ = inDanish(err)
		return f
	}
	if err := index.Writable(dir); err != nil {
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

// examineAddress sees whether serve could listen, or does so already and can answer.
func (a *app) examineAddress(ctx context.Context) check.Finding {
	f := check.Finding{Name: "HTTP-adresse"}
	address := a.cfg.get("listen")
	l, err := listen(ctx, address)
	if err == nil {
		_ = l.Close()
		f.Detail = address + " er ledig"
		return f
	}
	if missing, ours := runningService(ctx, address); !ours {
		f.Problem, _ = inDanish(err)
	} else if missing == "" {
		f.Detail = "Kildesvar kører på " + address + " og kan svare"
	} else {
		f.Problem = fmt.Sprintf("Kildesvar kører på %s, men kan ikke svare (%s) – vent lidt, og se i dets log, hvis det bliver ved", address, missing)
	}
	return f
}

// runningService asks whether it is serve that has an address, and what it says it lacks to answer.
func runningService(ctx context.Context, address string) (missing string, ours bool) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", false
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost" // listening everywhere is listening here
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", http.NoBody)
	if err != nil {
		return "", false
	}
	client := webapi.NoRedirects(&http.Client{Timeout: 3 * time.Second})
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		return "", false
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1000))
	if err != nil || resp.Header.Get("Server") != web.Name {
		return "", false
	}
	if resp.StatusCode == http.StatusOK {
		return "", true
	}
	return strings.ReplaceAll(strings.TrimSpace(string(body)), "\n", ", "), true
}

func (a *app) printFindings(findings []check.Finding) error {
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
