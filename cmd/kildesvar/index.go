package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"kildesvar/internal/article"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
)

// indexOutput is `index --json`.
type indexOutput struct {
	Generation string `json:"generation"`
	File       string `json:"file"`
	Articles   int    `json:"articles"`
	Passages   int    `json:"passages"`
	Questions  int    `json:"questions"`
	Concepts   int    `json:"concepts"`
}

func (a *app) indexCommand() *cobra.Command {
	var asJSON, rebuild bool
	c := &cobra.Command{
		Use: "index", Short: "Byg eller opdatér indekset over artiklerne",
		Long:    "Bygger indekset, hvis artiklerne er ændret, og gemmer det i datamappen. Uændrede stykker genbruges.\nDe andre kommandoer gør det selv, når det er nødvendigt.",
		Example: "  kildesvar index\n  kildesvar index --corpus mit-korpus --rebuild",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			file := a.generationFile()
			if file == "" {
				return usageError{"der er ingen mappe at gemme indekset i – vælg en med --data eller KILDESVAR_DATA"}
			}
			ix, err := a.buildIndex(c.Context(), file, rebuild, a.errTerminal && !asJSON)
			if err != nil {
				return err
			}
			out := indexOutput{ix.Manifest.ID(), file, len(ix.Articles), len(ix.Passages), len(ix.Questions), len(ix.Concepts)}
			if asJSON {
				return a.printJSON(out)
			}
			_, err = fmt.Fprintf(a.stdout, "Indekset er klar: %d artikler, %d stykker, %d indgangsspørgsmål, %d begreber.\nGeneration %s i %s\n",
				out.Articles, out.Passages, out.Questions, out.Concepts, out.Generation, out.File)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "skriv resultatet som JSON")
	c.Flags().BoolVar(&rebuild, "rebuild", false, "byg forfra, også når intet er ændret")
	return c
}

// buildIndex makes sure that file holds the corpus' generation. The generation from before stays until the new one is whole.
func (a *app) buildIndex(ctx context.Context, file string, rebuild, progress bool) (*index.Index, error) {
	fsys, err := a.corpusFS()
	if err != nil {
		return nil, err
	}
	if err := index.Writable(filepath.Dir(file)); err != nil {
		return nil, err
	}
	opt := a.indexOptions(local.New(0))
	if progress {
		unfinished := false // the line of progress has no end yet
		opt.Progress = func(done, total int) {
			fmt.Fprintf(a.stderr, "\rIndekserer %d af %d stykker", done, total)
			if unfinished = done < total; !unfinished {
				fmt.Fprintln(a.stderr)
			}
		}
		defer func() {
			if unfinished {
				fmt.Fprintln(a.stderr)
			}
		}()
	}
	if !rebuild {
		ix, err := index.Ensure(ctx, fsys, file, opt)
		if err != nil {
			return nil, err
		}
		// Ensure is content with an index that could not be kept; here it is the whole errand.
		if _, err := index.Open(ctx, file, ix.Manifest, opt); err != nil {
			return ix, ix.Save(file)
		}
		return ix, nil
	}
	c, err := article.Load(fsys)
	if err != nil {
		return nil, err
	}
	ix, err := index.Build(ctx, c, nil, opt)
	if err != nil {
		return nil, err
	}
	return ix, ix.Save(file)
}
