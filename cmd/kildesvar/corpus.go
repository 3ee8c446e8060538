package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"kildesvar/internal/article"
	"kildesvar/internal/article/lint"
)

func (a *app) corpusCommand() *cobra.Command {
	c := &cobra.Command{Use: "corpus", Short: "Tjek en mappe med artikler (korpus)",
		Example: "  kildesvar corpus check\n  kildesvar corpus check mit-korpus",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	var asJSON bool
	check := &cobra.Command{
		Use: "check [MAPPE]", Short: "Find fejl i artikler, litteratur, begreber og prøvespørgsmål",
		Long:    "Viser alle fejl på én gang, med fil, linje, regel og hvad du kan gøre. Uden MAPPE tjekkes mappen i --corpus, eller de indbyggede artikler. Fejl giver slutkode 3.",
		Example: "  kildesvar corpus check mit-korpus\n  kildesvar corpus check --json mit-korpus",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{"der er mere end én mappe – skriv fx »kildesvar corpus check mit-korpus«"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			fsys, err := a.corpusFS()
			if len(args) == 1 {
				fsys, err = openCorpus(args[0])
			}
			if err != nil {
				return err
			}
			problems := lint.Check(fsys)
			if len(problems) > 0 {
				a.code = exitProblems
			}
			if asJSON {
				if problems == nil {
					problems = []article.Problem{}
				}
				return a.printJSON(map[string]any{"problems": problems})
			}
			for _, p := range problems {
				fmt.Fprintln(a.stdout, printable(p.String()))
			}
			if len(problems) == 0 {
				fmt.Fprintln(a.stdout, "Ingen fejl.")
			} else {
				fmt.Fprintf(a.stdout, "%d fejl.\n", len(problems))
			}
			return nil
		},
	}
	check.Flags().BoolVar(&asJSON, "json", false, "skriv fejlene som JSON")
	c.AddCommand(check)
	return c
}
