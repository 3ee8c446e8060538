package article_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kildesvar/corpus"
	"kildesvar/internal/article"
)

// factsFile has one line a fact: sheet, number, article slug (or - when left out on purpose), literature keys and
// snippets of the sentences that carry the fact (or why it is left out). sheetsDir holds the fact sheets themselves;
// they are not part of the repository, so they are compared only where they lie beside it.
const (
	factsFile = "testdata/fakta.tsv"
	sheetsDir = "../../../shared/facts"
	theme     = "civilsamfund"
)

// factCounts is how many facts each sheet has.
var factCounts = map[string]int{
	"00-tema": 38, "01-definition": 54, "02-roller": 50, "03-partnerskaber": 60, "04-samskabelse": 64,
	"05-frivilligt-engagement": 59, "06-tvaersektorielt-samarbejde": 61, "07-understoettende-aktoerer": 61, "08-evaluering": 64,
}

// sheetArticles says which article each sheet is the ground of.
var sheetArticles = map[string]string{
	"00-tema": "tema", "01-definition": "definition", "02-roller": "civilsamfundets-roller", "03-partnerskaber": "partnerskaber",
	"04-samskabelse": "samskabelse", "05-frivilligt-engagement": "frivilligt-engagement",
	"06-tvaersektorielt-samarbejde": "tvaersektorielt-samarbejde", "07-understoettende-aktoerer": "understoettende-aktoerer",
	"08-evaluering": "evaluering",
}

type fact struct {
	sheet, number, slug string
	keys, snippets      []string
}

func readFacts(t *testing.T) []fact {
	t.Helper()
	data, err := os.ReadFile(factsFile)
	if err != nil {
		t.Fatal(err)
	}
	var facts []fact
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		col := strings.Split(line, "\t")
		if len(col) != 5 || slices.Contains(col, "") {
			t.Fatalf("%s:%d: want five filled columns, got %q", factsFile, i+1, line)
		}
		facts = append(facts, fact{col[0], col[1], col[2], strings.Split(col[3], ","), strings.Split(col[4], " | ")})
	}
	return facts
}

// sentence is a sentence's plain text with the literature the loader attributes to it.
type sentence struct {
	text string
	keys []string
}

// sentencesOf lists every article's sentences by article id.
func sentencesOf(c *article.Corpus) map[string][]sentence {
	out := map[string][]sentence{}
	for _, th := range c.Themes {
		for _, a := range th.Articles {
			for _, s := range a.Sections {
				for _, p := range s.Paragraphs {
					for _, x := range p.Sentences {
						out[a.ID] = append(out[a.ID], sentence{p.Text[x.Start:x.End], x.Keys})
					}
				}
			}
		}
	}
	return out
}

// check says what keeps a fact from being proved: every snippet must stand within one sentence that cites literature
// of the fact, and the sentences together must cite all of it.
func (f fact) check(sentences []sentence) error {
	missing := slices.Clone(f.keys)
	for _, snippet := range f.snippets {
		if n := len(strings.Fields(snippet)); n < 3 || n > 8 {
			return fmt.Errorf("snippet %q has %d words, want 3 to 8", snippet, n)
		}
		found, cites := false, false
		for _, s := range sentences {
			if !strings.Contains(s.text, snippet) {
				continue
			}
			found = true
			for _, k := range f.keys {
				if slices.Contains(s.keys, k) {
					cites = true
					missing = slices.DeleteFunc(missing, func(m string) bool { return m == k })
				}
			}
		}
		if !found {
			return fmt.Errorf("no sentence has %q", snippet)
		}
		if !cites {
			return fmt.Errorf("no sentence with %q cites any of %v", snippet, f.keys)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the sentences do not cite %v", missing)
	}
	return nil
}

// TestFacts proves that every fact of the sheets stands in its article with its literature.
func TestFacts(t *testing.T) {
	c, err := article.Load(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	sentences := sentencesOf(c)
	counts, seen := map[string]int{}, map[string]bool{}
	for _, f := range readFacts(t) {
		id := f.sheet + " " + f.number
		if seen[id] {
			t.Errorf("%s stands twice", id)
		}
		seen[id] = true
		counts[f.sheet]++
		if f.slug == "-" {
			continue // left out on purpose; the last column says why
		}
		if want := sheetArticles[f.sheet]; f.slug != want {
			t.Errorf("%s is in article %s, want %s", id, f.slug, want)
		}
		if err := f.check(sentences[theme+"/"+f.slug]); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if diff := cmp.Diff(factCounts, counts); diff != "" {
		t.Errorf("facts a sheet (-want +got):\n%s", diff)
	}
}

// TestFactCheckFails shows that the proof notices what it is there to notice.
func TestFactCheckFails(t *testing.T) {
	sentences := []sentence{
		{"Samskabelse nås sjældent fuldt ud i praksis.", []string{"a"}},
		{"Viden om effekten er begrænset ifølge to kilder.", []string{"b", "c"}},
	}
	for _, tt := range []struct {
		name string
		fact fact
		ok   bool
	}{
		{"one sentence", fact{keys: []string{"b", "c"}, snippets: []string{"effekten er begrænset"}}, true},
		{"two sentences", fact{keys: []string{"a", "b"}, snippets: []string{"sjældent fuldt ud", "effekten er begrænset"}}, true},
		{"words gone", fact{keys: []string{"a"}, snippets: []string{"nås altid fuldt ud"}}, false},
		{"second snippet gone", fact{keys: []string{"a"}, snippets: []string{"sjældent fuldt ud", "effekten er stor"}}, false},
		{"across sentences", fact{keys: []string{"a"}, snippets: []string{"i praksis. Viden om"}}, false},
		{"key gone", fact{keys: []string{"a", "b"}, snippets: []string{"sjældent fuldt ud"}}, false},
		{"other literature", fact{keys: []string{"a"}, snippets: []string{"sjældent fuldt ud", "effekten er begrænset"}}, false},
		{"snippet too short", fact{keys: []string{"a"}, snippets: []string{"fuldt ud"}}, false},
	} {
		if err := tt.fact.check(sentences); (err == nil) != tt.ok {
			t.Errorf("%s: check gives %v, want ok %v", tt.name, err, tt.ok)
		}
	}
}

// sheetFact is a numbered line of a fact sheet with its literature at the end.
var sheetFact = regexp.MustCompile(`^(\d+)\. .*\[(portal|@[^\[\]]+)\]\s*$`)

// TestFactSheets compares the table with the sheets: the same numbers, each with the same literature.
func TestFactSheets(t *testing.T) {
	if _, err := os.Stat(sheetsDir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the fact sheets are not beside this checkout")
	}
	want := map[string][]string{}
	for _, sheet := range slices.Sorted(maps.Keys(sheetArticles)) {
		data, err := os.ReadFile(filepath.Join(sheetsDir, sheet+".md"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			m := sheetFact.FindStringSubmatch(line)
			if m == nil {
				if line[0] >= '0' && line[0] <= '9' {
					t.Errorf("%s: a numbered line without literature: %q", sheet, line)
				}
				continue
			}
			keys := []string{"vidensportalen-" + sheetArticles[sheet]}
			if m[2] != "portal" {
				keys = article.CitationKeys("[" + m[2] + "]")
			}
			slices.Sort(keys)
			want[sheet+" "+m[1]] = keys
		}
	}
	got := map[string][]string{}
	for _, f := range readFacts(t) {
		got[f.sheet+" "+f.number] = slices.Sorted(slices.Values(f.keys))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts and their literature (-sheets +%s):\n%s", factsFile, diff)
	}
}
