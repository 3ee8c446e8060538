package verify

import (
	"bufio"
	"encoding/json"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/article"
	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
	"kildesvar/internal/passage"
)

// builtIn is what the tests need of the built-in corpus.
type builtIn struct {
	verifier *Verifier
	passages []passage.Passage
	titles   map[string]string // of an article by its id
}

var corpusOnce = sync.OnceValues(func() (builtIn, error) {
	c, err := article.Load(corpus.FS)
	if err != nil {
		return builtIn{}, err
	}
	out := builtIn{titles: map[string]string{}}
	var concepts []Concept
	words := map[string]int{}
	count := func(s string) {
		for _, t := range danish.Tokens(s) {
			words[strings.ToLower(t.Text)]++
		}
	}
	for _, theme := range c.Themes {
		for _, k := range theme.Concepts {
			concepts = append(concepts, Concept{Term: k.Term, Synonyms: k.Synonyms, Everyday: k.Everyday})
			for _, s := range slices.Concat([]string{k.Term}, k.Synonyms, k.Everyday) {
				count(s)
			}
		}
		for _, a := range theme.Articles {
			out.passages = append(out.passages, passage.Split(a)...)
			out.titles[a.ID] = a.Title
		}
	}
	for i := range out.passages {
		count(out.passages[i].Text)
	}
	out.verifier = New(lexical.NewAnalyser(danish.NewSplitter(words)), concepts)
	return out, nil
})

func theCorpus(t testing.TB) builtIn {
	t.Helper()
	b, err := corpusOnce()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// cited is a passage of the corpus as an answer cites it.
func (c *builtIn) cited(p *passage.Passage) []Passage {
	return []Passage{{Title: c.titles[p.Article], Section: p.Section, Text: p.Text}}
}

// texts are passages with nothing above them.
func texts(all ...string) []Passage {
	out := make([]Passage, 0, len(all))
	for _, t := range all {
		out = append(out, Passage{Text: t})
	}
	return out
}

// pair is a labelled sentence with its passage.
type pair struct {
	ID, Article, Passage, Sentence, Label, Kind string
	cited                                       []Passage // with their titles, when Passage alone is not all
	writer                                      int       // of pairs-written.jsonl
}

func (p pair) passages() []Passage {
	if p.cited != nil {
		return p.cited
	}
	return texts(p.Passage)
}

func (p pair) supported() bool { return p.Label == "supported" }

// heavy reports whether a pair is a supported sentence in words of its own, which no comparison of words can bear out.
func (p pair) heavy() bool { return p.supported() && p.Kind == "tung omskrivning" }

// development are the articles whose pairs the coefficients were fitted and the lists were looked at with. Those of the
// others were never looked at.
var development = []string{"samskabelse", "partnerskaber", "evaluering", "tema", "frivilligt-engagement"}

// readPairs reads testdata/pairs.jsonl: the pairs of the development articles, or those of the others.
func readPairs(t testing.TB, dev bool) []pair {
	t.Helper()
	f, err := os.Open("testdata/pairs.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []pair
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var p pair
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(development, path.Base(p.Article)) == dev {
			out = append(out, p)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d pairs", len(out))
	}
	return out
}
