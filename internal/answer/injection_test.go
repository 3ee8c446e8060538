package answer_test

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
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/article"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// build is a searcher and composer over a corpus.
func build(t *testing.T, fsys fs.FS) built {
	t.Helper()
	c, err := article.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	e := local.New(0)
	ix, err := index.Build(context.Background(), c, nil, index.Options{Embedder: e, NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
	if err != nil {
		t.Fatal(err)
	}
	s, err := retrieval.New(ix, e, retrieval.DefaultWeights())
	if err != nil {
		t.Fatal(err)
	}
	return built{s, answer.NewExtractive(ix, retrieval.DefaultModel(), answer.DefaultThreshold)}
}

func (b built) ask(t *testing.T, question string, past retrieval.Past) *answer.Answer {
	t.Helper()
	r, err := b.search.Search(t.Context(), question, past, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b.compose.Compose(context.Background(), question, r)
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

// withFiles is the built-in corpus with more files.
func withFiles(t *testing.T, more map[string]string) fstest.MapFS {
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

// ordinary are questions with an answer in the built-in articles.
var ordinary = []string{"Hvad er samskabelse?", "Hvad er et partnerskab?", "Hvilke roller har civilsamfundet?", "Hvad er en frivillig organisation?",
	"Hvordan evaluerer man et samarbejde?", "Hvad er forskellen på samskabelse og et partnerskab?"}

// yaml is a text as a quoted value.
func yaml(t *testing.T, text string) string {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(quoted)
}

// hostileFiles are articles with the injections planted in their text, headings, titles, names and literature.
func hostileFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	var items []string
	for i, in := range answertest.Injections() {
		name, title, heading, text, source := fmt.Sprintf("artikel-%03d", i), "Naboskab", "Hvad er naboskab?", "Naboskab er, at man hjælper hinanden.", "En bog"
		switch in.Place {
		case answertest.Article:
			text = "Naboskab er samskabelse. " + in.Text
		case answertest.Heading:
			heading = in.Text
		case answertest.Title:
			title = in.Text
		case answertest.Literature:
			source = in.Text
		case answertest.FileName:
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

var statuses = []answer.Status{answer.StatusAnswered, answer.StatusNotCovered, answer.StatusPersonalCase, answer.StatusUnclear}

// sane lists what is wrong with an answer to an attack: the contract, and words of the attacker's in the assistant's mouth.
func sane(t *testing.T, b built, a *answer.Answer) []string {
	t.Helper()
	out := faultsOf(b, a)
	if !slices.Contains(statuses, a.Status) || a.Mode != answer.ModeExtractive || a.Model != "" {
		out = append(out, fmt.Sprintf("status %s, mode %s, model %q", a.Status, a.Mode, a.Model))
	}
	if strings.Contains(a.Reason, answertest.Marker) {
		out = append(out, "the reason is the attacker's: "+a.Reason)
	}
	for _, n := range a.Notes { // a note may quote a part of the question, in quotation marks
		if before, _, quoted := strings.Cut(n, "»"); strings.Contains(before, answertest.Marker) || !quoted && strings.Contains(n, answertest.Marker) {
			out = append(out, "a note is the attacker's: "+n)
		}
	}
	return out
}

// TestInjectionByAsker: whatever a question, an earlier turn or a thread holds, each sentence of the answer stands in an article, and
// the answer to an ordinary question is what it is without it.
func TestInjectionByAsker(t *testing.T) {
	b, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	asked, answered := 0, 0
	for i, in := range answertest.Injections(answertest.Question, answertest.History, answertest.Thread, answertest.Article, answertest.DisplayName) {
		if raceEnabled && i%5 != 0 {
			continue
		}
		for _, c := range []struct {
			question string
			past     retrieval.Past
		}{
			{in.Text, retrieval.Past{}},
			{"Hvad er samskabelse? " + in.Text, retrieval.Past{}},
			{in.Text + " Hvad er et partnerskab?", retrieval.Past{}},
			{"Hvad er samskabelse?", retrieval.Past{Questions: []string{in.Text}, Reply: in.Text}},
			{"og hvem betaler?", retrieval.Past{Questions: []string{"Hvad er samskabelse?", in.Text}, Reply: in.Text}},
		} {
			a := b.ask(t, c.question, c.past)
			asked++
			if a.Status == answer.StatusAnswered {
				answered++
			}
			for _, f := range sane(t, b, a) {
				t.Errorf("line %d: %.120q: %s", in.Line, c.question, f)
			}
			for _, cl := range a.Claims {
				if strings.Contains(cl.Text, answertest.Marker) {
					t.Errorf("line %d: %.120q is answered with %q", in.Line, c.question, cl.Text)
				}
			}
			if c.question == "Hvad er samskabelse?" && (a.Status != answer.StatusAnswered || a.Sources[0].Article != "civilsamfund/samskabelse") {
				t.Errorf("line %d: after %.120q an ordinary question is %s", in.Line, in.Text, a.Status)
			}
		}
	}
	if !raceEnabled && (asked < 700 || answered < 200) || answered < 40 {
		t.Errorf("asked %d, answered %d", asked, answered)
	}
	t.Logf("%d questions, %d answered", asked, answered)
}

// TestInjectionByArticle: articles with the texts planted are quoted at most, each sentence word for word with its source; the answers to
// questions about other articles do not change their first source or say what was planted.
func TestInjectionByArticle(t *testing.T) {
	b := build(t, withFiles(t, hostileFiles(t)))
	for _, q := range ordinary {
		a := b.ask(t, q, retrieval.Past{})
		for _, f := range sane(t, b, a) {
			t.Errorf("%q: %s", q, f)
		}
		if a.Status != answer.StatusAnswered || !strings.HasPrefix(a.Sources[0].Article, "civilsamfund/") {
			t.Errorf("%q: %s, first source %+v", q, a.Status, a.Sources)
		}
		for _, c := range a.Claims {
			if strings.Contains(c.Text, answertest.Marker) {
				t.Errorf("%q is answered with %q", q, c.Text)
			}
		}
	}
	quoted := 0
	for i, in := range answertest.Injections(answertest.Article, answertest.Heading, answertest.Title, answertest.Literature, answertest.FileName) {
		if raceEnabled && i%3 != 0 {
			continue
		}
		for _, q := range []string{in.Text, "Hvad er naboskab?"} {
			a := b.ask(t, q, retrieval.Past{})
			for _, f := range sane(t, b, a) {
				t.Errorf("line %d: %.120q: %s", in.Line, q, f)
			}
			if slices.ContainsFunc(a.Sources, func(s answer.Source) bool { return strings.HasPrefix(s.Article, "angreb/") }) {
				quoted++
			}
		}
	}
	if quoted < 15 {
		t.Errorf("the planted articles are sources of %d answers only: nothing much was checked", quoted)
	}
}
