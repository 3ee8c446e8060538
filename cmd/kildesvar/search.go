package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kildesvar/internal/assistant"
	"kildesvar/internal/index"
	"kildesvar/internal/privacy"
	"kildesvar/internal/query"
	"kildesvar/internal/retrieval"
)

// searchOutput is the contract's form of `search --json`.
type searchOutput struct {
	Query string      `json:"query"`
	Hits  []searchHit `json:"hits"`
}

type searchHit struct {
	Rank     int           `json:"rank"`
	Passage  string        `json:"passage"`
	Article  string        `json:"article"`
	Title    string        `json:"title"`
	Section  string        `json:"section"`
	Score    float64       `json:"score"`
	Text     string        `json:"text"`
	Evidence []hitEvidence `json:"evidence,omitempty"`
	Asked    string        `json:"asked,omitempty"`
}

type hitEvidence struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Weight float64 `json:"weight"`
}

// maxHits is the most hits that can be asked for.
const maxHits = 100

func (a *app) searchCommand() *cobra.Command {
	var asJSON, explain bool
	n := retrieval.DefaultHits
	c := &cobra.Command{
		Use: "search SØGNING…", Short: "Find de stykker af artiklerne, der passer bedst",
		Long:    "Finder de stykker af artiklerne, der passer bedst til søgningen, det bedste først. Intet bliver sammenfattet.",
		Example: "  kildesvar search frivilligcentre\n  kildesvar search --explain -n 3 \"penge til foreninger\"",
		Args:    someArgs("søgningen", "kildesvar search frivilligcentre"),
		RunE: func(c *cobra.Command, args []string) error {
			if n < 1 || n > maxHits {
				return usageError{fmt.Sprintf("-n skal være fra 1 til %d – skriv fx »-n 5«", maxHits)}
			}
			query, err := assistant.Clean(strings.Join(args, " "))
			if err != nil {
				return err
			}
			s, err := a.searcher(c.Context(), retrieval.DefaultWeights())
			if err != nil {
				return err
			}
			query, _ = privacy.Mask(query, assistant.New(s, nil, time.Now).Privacy())
			r, err := s.Search(c.Context(), privacy.Without(query), retrieval.Past{}, n)
			if err != nil {
				return err
			}
			if r.NoVector != nil {
				fmt.Fprintln(a.stderr, "kildesvar: "+assistant.NoVectorNote)
			}
			out := hitsOf(s, query, r, explain)
			if asJSON {
				return a.printJSON(out)
			}
			return a.printHits(out, r)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "skriv resultatet som JSON")
	c.Flags().BoolVar(&explain, "explain", false, "vis, hvad hver placering bygger på")
	c.Flags().IntVarP(&n, "antal", "n", n, "hvor mange stykker der vises")
	return c
}

func hitsOf(s *retrieval.Searcher, query string, r *retrieval.Result, explain bool) searchOutput {
	out := searchOutput{Query: query, Hits: []searchHit{}}
	for i, h := range r.Hits {
		art, _ := s.Index().Article(h.Passage.Article)
		hit := searchHit{Rank: i + 1, Passage: h.Passage.ID, Article: h.Passage.Article, Title: art.Title, Section: h.Passage.Section,
			Score: h.Score, Text: h.Passage.Text}
		if explain {
			hit.Asked = asked(s.Index(), h)
			for _, e := range h.Evidence {
				hit.Evidence = append(hit.Evidence, hitEvidence(e))
			}
		}
		out.Hits = append(out.Hits, hit)
	}
	return out
}

func (a *app) printHits(out searchOutput, r *retrieval.Result) error {
	p := a.newPage()
	if len(out.Hits) == 0 {
		p.WriteString("Ingen stykker passer. Prøv med andre ord.\n")
	}
	explain := len(out.Hits) > 0 && out.Hits[0].Evidence != nil
	if explain {
		p.text("Søgt på: ", "  ", strings.Join(queryWords(r.Query), " · "))
	}
	for _, h := range out.Hits {
		p.heading(fmt.Sprintf("%d. %s, »%s«  (%.2f)", h.Rank, h.Title, h.Section, h.Score))
		p.text("   ", "   ", h.Passage)
		if explain {
			for _, e := range h.Evidence {
				fmt.Fprintf(p, "   %-12s %.2f × %.2f = %.2f\n", e.Name, e.Value, e.Weight, e.Value*e.Weight)
			}
			if h.Asked != "" {
				p.text("   mest lignende spørgsmål: ", "   ", "»"+h.Asked+"«")
			}
		}
		p.text("   ", "   ", h.Text)
	}
	if _, err := fmt.Fprint(a.stdout, strings.TrimPrefix(p.String(), "\n")); err != nil {
		return fmt.Errorf("write hits: %w", err)
	}
	return nil
}

// queryWords shows how the query was understood.
func queryWords(q *query.Query) []string {
	var out []string
	for _, w := range q.Words {
		switch {
		case w.Corrected != "":
			out = append(out, w.Text+" → "+w.Corrected)
		case !w.Known:
			out = append(out, w.Text+" (ukendt)")
		default:
			out = append(out, w.Text)
		}
	}
	for _, e := range q.Expansions {
		out = append(out, fmt.Sprintf("+ %s (for »%s«)", e.Term, e.By))
	}
	return out
}

// asked is the entry question of the hit's section that is most like the question; empty when none is.
func asked(ix *index.Index, h retrieval.Hit) string {
	if len(h.Asked) == 0 {
		return ""
	}
	return ix.Questions[h.Asked[0].Number].Text
}
