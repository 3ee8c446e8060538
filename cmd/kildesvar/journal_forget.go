package main

import (
	"strings"

	"github.com/spf13/cobra"

	"kildesvar/internal/journal"
)

func (a *app) journalForgetCommand() *cobra.Command {
	return &cobra.Command{
		Use: "forget PERSON", Short: "Slet alt, hvad der er gemt om en person", Args: onePerson,
		Long: "Sletter en persons spørgsmål med svar, vurderinger og henvendelser, og personens navn, hvor hun eller han har svaret andre. Filen bliver\n" +
			"skrevet om, så teksterne heller ikke kan findes i den bagefter. At noget er slettet, og hvornår, står der stadig, men ikke hvis.\n" +
			"Beskederne i Slack og kopier af filen er ikke med i det. Gem først, hvad personen skal have, med »kildesvar journal export«.",
		Example: "  kildesvar journal forget U012AB3CD",
		RunE: func(c *cobra.Command, args []string) error {
			return a.withJournal(c.Context(), func(j *journal.Journal) error {
				n, err := j.Forget(c.Context(), strings.TrimSpace(args[0]))
				if err != nil {
					return eraseError{err}
				}
				p := a.newPage()
				if n == (journal.Erased{}) {
					p.text("", "", "Der var ikke gemt noget om "+args[0]+".")
				} else {
					p.text("", "", "Slettet: "+erasedText(n)+". Beskederne i Slack står der stadig.")
				}
				return a.print(p)
			})
		},
	}
}
