package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"kildesvar/internal/article"
	"kildesvar/internal/article/lint"
	"kildesvar/internal/index"
	"kildesvar/internal/journal"
	"kildesvar/internal/slackbot/check"
)

// checkOutput is `check --json`.
type checkOutput struct {
	Problems int             `json:"problems"`
	Findings []check.Finding `json:"findings"`
}

func (a *app) checkCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "check", Short: "Efterprøv alt, hvad der ligger på disken", Args: noArgs,
		Long: "Læser artikler, indeks og journal fra ende til anden: fejl i artiklerne, indeksets kontrolsummer, om det passer til artiklerne, om journalens\n" +
			"fil er hel, og om noget i den er ændret. Intet bliver ændret, og »serve« må gerne køre imens. Hver fejl siger, hvad du kan gøre. Slutkode 3,\n" +
			"når noget er galt. (»kildesvar doctor« undersøger opsætningen.)",
		Example: "  kildesvar check\n  kildesvar check --data /var/lib/kildesvar --json",
		RunE: func(c *cobra.Command, _ []string) error {
			out := checkOutput{Findings: a.checkAll(c.Context())}
			if err := c.Context().Err(); err != nil {
				return err
			}
			for _, f := range out.Findings {
				if f.Problem != "" {
					out.Problems++
					a.code = exitProblems
				}
			}
			if asJSON {
				return a.printJSON(out)
			}
			return a.printFindings(out.Findings)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "skriv resultatet som JSON")
	return c
}

// checkAll looks at everything. What cannot be read keeps nothing else from being looked at.
func (a *app) checkAll(ctx context.Context) []check.Finding {
	findings, fingerprint := a.checkArticles()
	file := a.generationFile()
	if file == "" {
		return append(findings, check.Finding{Name: "Datamappe", Detail: "der er ingen, så intet er gemt"})
	}
	findings = append(findings, a.checkIndex(file, fingerprint))
	findings = append(findings, checkFolder(file)...)
	return append(findings, checkJournal(ctx, a.cfg.dataDir()))
}

// checkArticles does what `corpus check` does. The fingerprint is empty when the articles cannot be read.
func (a *app) checkArticles() (findings []check.Finding, fingerprint string) {
	const name = "Artikler"
	fsys, err := a.corpusFS()
	if err == nil {
		fingerprint, err = article.Fingerprint(fsys)
	}
	if err != nil {
		text, _ := inDanish(err)
		return []check.Finding{{Name: name, Problem: text}}, ""
	}
	for _, p := range lint.Check(fsys) {
		findings = append(findings, check.Finding{Name: name, Problem: p.String()})
	}
	if findings == nil {
		where := "de indbyggede"
		if dir := a.cfg.get("corpus"); dir != "" {
			where = dir
		}
		findings = []check.Finding{{Name: name, Detail: where + ", uden fejl"}}
	}
	return findings, fingerprint
}

// checkIndex verifies the generation in use.
func (a *app) checkIndex(file, fingerprint string) check.Finding {
	f := check.Finding{Name: "Indeks"}
	have, err := index.Verify(file)
	if err == nil && fingerprint != "" {
		err = index.WantedOf(a.embedderID(have), fingerprint).Accepts(have)
	}
	switch {
	case err == nil:
		f.Detail = fmt.Sprintf("generation %s er hel og passer til artiklerne", have.ID())
		if fingerprint == "" {
			f.Detail = fmt.Sprintf("generation %s er hel; om den passer til artiklerne, kan ikke ses", have.ID())
		}
	case errors.Is(err, fs.ErrNotExist) && !exists(file):
		f.Detail = "er ikke bygget endnu"
	case errors.Is(err, index.ErrDamaged):
		f.Problem = damagedText(file, err) + " – »kildesvar index --rebuild« bygger det igen"
	case errors.Is(err, index.ErrStale):
		f.Problem = fmt.Sprintf("»%s« er hel, men bygget af noget andet end artiklerne, som de er nu (%s) – »kildesvar index« bygger det om", file, cause(err))
	default:
		f.Problem, _ = inDanish(err)
	}
	return f
}

// exists also sees a link that leads nowhere.
func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

func damagedText(file string, err error) string {
	return fmt.Sprintf("»%s« er beskadiget (%s)", file, cause(err))
}

// causes say in Danish what package index finds wrong with a file, the rest of its own words being names and numbers.
var causes = []struct{ said, text string }{
	{"not a file", "det er ikke en fil"},
	{"beginning or end missing", "begyndelsen eller slutningen mangler"},
	{"checksum of the table", "oversigten sidst i filen er ændret"},
	{"file format ", "en anden version af Kildesvar"},
	{"language analysis ", "en anden sproganalyse"},
	{"embedder ", "en anden måde at gøre tekst søgbar på"},
	{"the corpus has changed", "artiklerne er ændret siden"},
}

// changedPart finds the name of a part in such words.
var changedPart = regexp.MustCompile(`part "?([a-z.]+)`)

func cause(err error) string {
	said := err.Error()
	for _, c := range causes {
		if strings.Contains(said, c.said) {
			return c.text
		}
	}
	if m := changedPart.FindStringSubmatch(said); m != nil {
		return "delen »" + m[1] + "« er ændret"
	}
	return "indholdet hænger ikke sammen"
}

// checkFolder verifies what else lies beside a generation: those of other folders with articles or with other embedders, and what was left over.
func checkFolder(own string) (findings []check.Finding) {
	dir := filepath.Dir(own)
	left, err := index.Leftovers(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	files, globErr := os.ReadDir(dir)
	if err = errors.Join(err, globErr); err != nil {
		text, _ := inDanish(err)
		return []check.Finding{{Name: "Indeksmappe", Problem: text}}
	}
	for _, e := range files {
		file := filepath.Join(dir, e.Name())
		if filepath.Ext(file) == index.Unfinished {
			findings = append(findings, check.Finding{Name: "Påbegyndt indeks", Detail: e.Name() + " er fra et indeks, der ikke blev færdigt; næste gang bygges der videre på den"})
		}
		if filepath.Ext(file) != ".gen" || file == own {
			continue
		}
		f := check.Finding{Name: "Andet indeks"}
		switch have, err := index.Verify(file); {
		case err == nil:
			f.Detail = fmt.Sprintf("%s, generation %s, er hel", e.Name(), have.ID())
		case errors.Is(err, fs.ErrNotExist) && !exists(file): // somebody has removed it
			continue
		case errors.Is(err, index.ErrStale):
			f.Detail = e.Name() + " er fra en anden version og bygges om, når det skal bruges"
		case errors.Is(err, index.ErrDamaged):
			f.Problem = damagedText(file, err) + " – slet filen; den bygges igen, når den skal bruges"
		default:
			f.Problem, _ = inDanish(err)
		}
		findings = append(findings, f)
	}
	if left > 0 {
		findings = append(findings, check.Finding{Name: "Indeksmappe", Detail: count(left, "fil er", "filer er") +
			" ved at blive skrevet eller levnet af et program, der blev afbrudt; de sidste fjernes, næste gang et indeks gemmes"})
	}
	return findings
}

// checkJournal examines the journal, if there is one.
func checkJournal(ctx context.Context, dir string) check.Finding {
	f := check.Finding{Name: "Journal"}
	x, err := journal.Examine(ctx, dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !exists(filepath.Join(dir, journal.File)):
		f.Detail = "er ikke begyndt endnu"
	case err != nil:
		f.Problem, _ = inDanish(journalError{dir, err})
	case len(x.Faults) > 0:
		f.Problem = fmt.Sprintf("journalen i »%s« er beskadiget (%s: %s) – gem en kopi af filen, og læg en sikkerhedskopi i stedet", dir,
			count(len(x.Faults), "fejl", "fejl"), strings.ReplaceAll(x.Faults[0], "\n", " "))
	case x.Older:
		f.Detail = "filen er hel; den er fra en ældre version og føres over, næste gang den bruges"
	case len(x.Log.Problems) > 0:
		f.Problem = fmt.Sprintf("journalen i »%s« er ikke, som den blev skrevet: %s, den første: %s – »kildesvar journal verify« viser dem", dir,
			count(len(x.Log.Problems)+x.Log.More, "fejl", "fejl"), problemText(x.Log.Problems[0]))
	default:
		f.Detail = fmt.Sprintf("filen er hel, og alt er, som det blev skrevet: %s", count(x.Log.Records, "post", "poster"))
	}
	return f
}
