package answertest

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// Built is a search and the composer that quotes, over one corpus.
type Built struct {
	Searcher *retrieval.Searcher
	Composer *answer.Extractive
}

// BuiltIn is the built-in corpus, which is indexed once.
var BuiltIn = sync.OnceValues(func() (Built, error) { return build(corpus.FS) })

// Build indexes another corpus.
func Build(t testing.TB, fsys fs.FS) Built {
	t.Helper()
	b, err := build(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func build(fsys fs.FS) (Built, error) {
	c, err := article.Load(fsys)
	if err != nil {
		return Built{}, err
	}
	e := local.New(0)
	ix, err := index.Build(context.Background(), c, nil, index.Options{Embedder: e, NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
	if err != nil {
		return Built{}, err
	}
	s, err := retrieval.New(ix, e, retrieval.DefaultWeights())
	return Built{s, answer.NewExtractive(ix, retrieval.DefaultModel(), answer.DefaultThreshold)}, err
}

// Ask searches and composes.
func (b Built) Ask(t testing.TB, question string, past retrieval.Past) *answer.Answer {
	t.Helper()
	r, err := b.Searcher.Search(t.Context(), question, past, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b.Composer.Compose(context.Background(), question, r)
}

// builtInFiles is the built-in corpus as a map, to which articles can be added.
var builtInFiles = sync.OnceValues(func() (fstest.MapFS, error) {
	out := fstest.MapFS{}
	err := fs.WalkDir(corpus.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(corpus.FS, name)
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
	return out, err
})

// WithFiles is the built-in corpus with more files.
func WithFiles(t testing.TB, more map[string]string) fstest.MapFS {
	t.Helper()
	own, err := builtInFiles()
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for name, f := range own {
		out[name] = f
	}
	for name, text := range more {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// Ordinary are questions with an answer in the built-in articles.
var Ordinary = []string{"Hvad er samskabelse?", "Hvad er et partnerskab?", "Hvilke roller har civilsamfundet?", "Hvad er en frivillig organisation?",
	"Hvordan evaluerer man et samarbejde?", "Hvad er forskellen på samskabelse og et partnerskab?"}

// yaml is a text as a quoted value.
func yaml(t testing.TB, text string) string {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(quoted)
}

// HostileFiles are articles with the injections planted in their text, headings, titles, names and literature.
func HostileFiles(t testing.TB) map[string]string {
	t.Helper()
	files := map[string]string{}
	var items []string
	for i, in := range Injections() {
		name, title, heading, text, source := fmt.Sprintf("artikel-%03d", i), "Naboskab", "Hvad er naboskab?", "Naboskab er, at man hjælper hinanden.", "En bog"
		switch in.Place {
		case Article:
			text = "Naboskab er samskabelse. " + in.Text
		case Heading:
			heading = in.Text
		case Title:
			title = in.Text
		case Literature:
			source = in.Text
		case FileName:
			name = in.Text
		default:
			continue
		}
		text = strings.ReplaceAll(text, "[@", "(@") // a citation of nothing is refused when the corpus is read
		files["angreb/"+name+".md"] = fmt.Sprintf("---\ntitle: %s\nurl: https://vidensportal.dk/angreb\n---\n\n## %s\n\n%s [@kilde-%d]\n", yaml(t, title), heading, text, i)
		items = append(items, fmt.Sprintf(`{"id": "kilde-%d", "type": "book", "title": %s}`, i, yaml(t, source)))
	}
	files["angreb/litteratur.json"] = "[" + strings.Join(items, ",\n") + "]"
	return files
}

// Faults lists what an answer breaks of the contract: above all, that each claim stands word for word in the passage that it cites.
func (b Built) Faults(a *answer.Answer) []string {
	var out []string
	bad := func(ok bool, what string) {
		if !ok {
			out = append(out, what)
		}
	}
	if a.Status != answer.StatusAnswered {
		bad(a.Reason != "", "a refusal without a reason")
		bad(len(a.Claims)+len(a.Sources)+len(a.Literature) == 0, "a refusal with claims, sources or literature")
		return out
	}
	bad(len(a.Claims) > 0 && len(a.Claims) <= answer.MaxClaims, "no claims, or too many")
	next := 1
	cited := map[string]bool{}
	for i, c := range a.Claims {
		bad(len(c.Sources) > 0, "a claim without a source: "+c.Text)
		bad(len(c.Literature) > 0, "a claim without literature: "+c.Text)
		for _, n := range c.Sources {
			bad(n >= 1 && n <= len(a.Sources), "a number that dangles: "+c.Text)
			bad(n <= next, "numbers do not run in order of appearance: "+c.Text)
			next = max(next, n+1)
			bad(strings.Contains(a.Sources[n-1].Quote, c.Text), "not word for word in its passage: "+c.Text)
		}
		for _, k := range c.Literature {
			cited[k] = true
			bad(slices.ContainsFunc(a.Literature, func(r answer.Reference) bool { return r.ID == k }), "literature "+k+" is not listed")
		}
		for _, other := range a.Claims[:i] {
			bad(other.Text != c.Text, "said twice: "+c.Text)
		}
	}
	bad(next == len(a.Sources)+1, "a source nobody cites")
	bad(len(cited) == len(a.Literature), "literature listed that no claim cites, or listed twice")
	for i, s := range a.Sources {
		bad(s.N == i+1, "sources are not numbered 1..n")
		bad(s.Title != "" && s.Passage != "" && s.Quote != "", "an empty source")
		p := b.passage(s.Passage)
		bad(p == s.Quote, "the quote is not the passage "+s.Passage)
	}
	for _, r := range a.Related {
		bad(!slices.ContainsFunc(a.Sources, func(s answer.Source) bool { return s.Article == r.Article }), "related is a source: "+r.Article)
	}
	return out
}

func (b Built) passage(id string) string {
	for _, p := range b.Searcher.Index().Passages {
		if p.ID == id {
			return p.Text
		}
	}
	return ""
}

var theGold = sync.OnceValues(func() ([]article.Gold, error) { return article.LoadGold(corpus.FS) })

// Gold are the gold questions of the built-in corpus.
func Gold(t testing.TB) []article.Gold {
	t.Helper()
	gold, err := theGold()
	if err != nil {
		t.Fatal(err)
	}
	return gold
}

// PastOf is the conversation before a gold question.
func PastOf(g article.Gold) (past retrieval.Past) {
	for _, turn := range g.History {
		if turn.Role == "user" {
			past.Questions = append(past.Questions, turn.Text)
		} else {
			past.Reply = turn.Text
		}
	}
	return past
}
