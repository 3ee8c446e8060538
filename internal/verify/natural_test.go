package verify

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// naturalLine is a line of testdata/pairs-natural.jsonl or pairs-written.jsonl: a passage, or a sentence written from the passages it
// cites.
type naturalLine struct {
	Passage, Title, Section, Text    string
	ID, Sentence, Label, Kind, Agree string
	Cites                            []string
	Writer                           int
}

// article is the name of the article of a passage's id.
func articleOf(cite string) string {
	_, rest, _ := strings.Cut(cite, "/")
	name, _, _ := strings.Cut(rest, "#")
	return name
}

// readNatural reads the natural pairs of the development articles, or those of the others. Pairs whose labellers differ are left
// out.
func readNatural(t testing.TB, dev bool) []pair {
	t.Helper()
	return slices.DeleteFunc(readLines(t, "testdata/pairs-natural.jsonl"), func(p pair) bool { return slices.Contains(development, p.Article) != dev })
}

// lastWriter wrote the sentences of testdata/pairs-written.jsonl that nobody read while the verifier was made.
const lastWriter = 3

// readWritten reads the pairs of testdata/pairs-written.jsonl, which are all of development articles: those of the last writer, or those
// of the others.
func readWritten(t testing.TB, last bool) []pair {
	t.Helper()
	return slices.DeleteFunc(readLines(t, "testdata/pairs-written.jsonl"), func(p pair) bool { return p.writer == lastWriter != last })
}

// readLines reads the labelled pairs of a file.
func readLines(t testing.TB, name string) []pair {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	passages := map[string]Passage{}
	var out []pair
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l naturalLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		if l.Passage != "" {
			passages[l.Passage] = Passage{Title: l.Title, Section: l.Section, Text: l.Text}
			continue
		}
		a := articleOf(l.Cites[0])
		if l.Label == "" {
			continue
		}
		p := pair{ID: l.ID, Article: a, Sentence: l.Sentence, Label: l.Label, Kind: l.Kind, writer: l.Writer}
		for _, c := range l.Cites {
			p.cited = append(p.cited, passages[c])
			p.Passage += passages[c].Text + " "
		}
		out = append(out, p)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
