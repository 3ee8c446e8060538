package main

import (
	"fmt"
	"regexp"

	"github.com/spf13/cobra"

	"kildesvar/internal/journal"
	"kildesvar/internal/journal/chain"
)

// headForm is what a check number looks like.
var headForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (a *app) journalVerifyCommand() *cobra.Command {
	var head string
	var asJSON bool
	c := &cobra.Command{
		Use: "verify", Short: "Efterprøv, at intet i journalen er ændret", Args: noArgs,
		Long: "Ser efter, om noget svar, nogen vurdering eller henvendelse er rettet, fjernet, flyttet eller sat ind uden om Kildesvar, og skriver et\n" +
			"kontroltal. Gem kontroltallet et andet sted, og giv det til en senere efterprøvning med --head: Så kan intet, der stod der dengang,\n" +
			"være ændret eller slettet, uden at det tælles med. Uden --head kan den, der må skrive i filen og kender programmet, skrive det hele\n" +
			"om. Slutkode 3, når noget er galt.",
		Example: "  kildesvar journal verify\n  kildesvar journal verify --head 5f0c…",
		RunE: func(c *cobra.Command, _ []string) error {
			if head != "" && !headForm.MatchString(head) {
				return usageError{"--head skal være et kontroltal på 64 tegn – kopiér det fra en tidligere »kildesvar journal verify«"}
			}
			return a.withJournal(c.Context(), func(j *journal.Journal) error {
				r, err := j.Verify(c.Context(), head)
				if err != nil {
					return err
				}
				if len(r.Problems) > 0 {
					a.code = exitProblems
				}
				if asJSON {
					return a.printJSON(r)
				}
				return a.printVerified(r)
			})
		},
	}
	c.Flags().StringVar(&head, "head", "", "kontroltal fra en tidligere efterprøvning")
	setValueName(c.Flags(), "head", "KONTROLTAL")
	c.Flags().BoolVar(&asJSON, "json", false, "skriv resultatet som JSON")
	return c
}

func (a *app) printVerified(r chain.Report) error {
	p := a.newPage()
	for _, x := range r.Problems {
		p.text("✗ ", "  ", problemText(x))
	}
	if r.More > 0 {
		p.text("✗ ", "  ", fmt.Sprintf("og %d til", r.More))
	}
	if len(r.Problems) > 0 {
		p.text("", "", fmt.Sprintf("Journalen er ikke, som den blev skrevet: %s i %s. Gem en kopi af filen, før du gør noget ved det.",
			count(len(r.Problems)+r.More, "fejl", "fejl"), count(r.Records, "post", "poster")))
	} else {
		p.text("", "", fmt.Sprintf("Alt er, som det blev skrevet: %s. %s findes nu, %s er slettet.", count(r.Records, "post", "poster"),
			count(r.Rows, "svar, vurdering eller henvendelse", "svar, vurderinger og henvendelser"), count(r.Erasures, "post", "poster")))
	}
	if r.SeqNoted > 0 {
		p.text("", "", fmt.Sprintf("Kontroltallet fra --head passer til post %d. Siden er der kommet %s; af det, der stod dengang, er %d ændret og %d slettet.",
			r.SeqNoted, count(r.Since.Added, "post", "poster"), r.Since.Replaced, r.Since.Erased))
	}
	if r.Head.Seq > 0 {
		fmt.Fprintf(p, "Kontroltal (post %d): %s\n", r.Head.Seq, r.Head.Hash)
	}
	return a.print(p)
}

// kindTexts name what a record is about.
var kindTexts = map[string]string{"answer": "svaret på %s", "rating": "en vurdering af svaret på %s", "escalation": "henvendelsen om svaret på %s", chain.Erased: "sletningen af noget om %s"}

// ruleTexts say what is wrong with it.
var ruleTexts = map[chain.Rule]string{
	chain.Missing:    "posten lige før mangler eller har fået et andet nummer",
	chain.Changed:    "posten er ændret, eller den hører ikke til efter posten før",
	chain.Unknown:    "posten er skrevet af en version, som denne ikke kender",
	chain.Misplaced:  "posten siger, at den afløser en, som den ikke kan afløse",
	chain.HeadWrong:  "den sidste post er ikke den, der blev skrevet sidst",
	chain.NotedGone:  "kontroltallet fra --head findes ikke: Noget før det er ændret, eller filen er en anden, fx en ældre kopi",
	chain.Differs:    "indholdet er ændret, efter at det blev skrevet",
	chain.Lost:       "indholdet er fjernet uden om Kildesvar",
	chain.Unrecorded: "indholdet er sat ind uden om Kildesvar, eller en anden post hører til det",
	chain.SaltGone:   "indholdet kan ikke efterprøves, for nøglen til det er fjernet",
	chain.SaltLeft:   "indholdet er slettet, men ikke nøglen til det",
}

// problemText says what is wrong, and where.
func problemText(x chain.Problem) string {
	text := ruleTexts[x.Rule]
	if about, ok := kindTexts[x.Kind]; ok {
		text = fmt.Sprintf(about, x.Subject) + ": " + text
	}
	if x.Seq > 0 {
		text = fmt.Sprintf("post %d, %s", x.Seq, text)
	}
	return text
}
