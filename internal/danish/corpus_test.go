package danish_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/danish"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var (
	citation = regexp.MustCompile(`\[@[^\]]*\]`)
	asked    = regexp.MustCompile(`<!-- svarer på:|-->`)
	listed   = regexp.MustCompile(`"([^"]*)"`)
)

// corpusTexts returns what the index takes words from: titles, headings, texts, questions and concepts.
var corpusTexts = sync.OnceValues(func() ([]string, error) {
	var out []string
	err := fs.WalkDir(corpus.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(corpus.FS, p)
		if err != nil {
			return err
		}
		switch {
		case path.Ext(p) == ".md":
			out = append(out, articleText(string(data)))
		case path.Base(p) == "begreber.yaml":
			out = append(out, conceptText(string(data)))
		}
		return nil
	})
	return out, err
})

func articleText(s string) string {
	var title string
	if parts := strings.SplitN(s, "---\n", 3); len(parts) == 3 {
		for line := range strings.Lines(parts[1]) {
			if t, ok := strings.CutPrefix(line, "title:"); ok {
				title = t
			}
		}
		s = parts[2]
	}
	return title + "\n" + asked.ReplaceAllString(citation.ReplaceAllString(s, " "), " ")
}

func conceptText(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if strings.Contains(line, "definition:") {
			continue
		}
		for _, m := range listed.FindAllStringSubmatch(line, -1) {
			b.WriteString(m[1] + "\n")
		}
	}
	return b.String()
}

// corpusWords counts the lower-case words of the built-in corpus.
func corpusWords(tb testing.TB) map[string]int {
	tb.Helper()
	texts, err := corpusTexts()
	if err != nil {
		tb.Fatal(err)
	}
	words := map[string]int{}
	for _, text := range texts {
		for _, t := range danish.Tokens(text) {
			words[danish.Lower(t.Text)]++
		}
	}
	if len(words) < 2000 {
		tb.Fatalf("only %d words in the corpus", len(words))
	}
	return words
}

const vocabularyFile = "testdata/vocabulary.txt"

// vocabulary is the corpus' vocabulary as it was when -update last wrote it, so that an editor's change to an article does
// not change what the tables expect. Only counts of one, most of them, are left out.
func vocabulary(tb testing.TB) map[string]int {
	tb.Helper()
	if *update {
		words := corpusWords(tb)
		var b strings.Builder
		for _, w := range sortedWords(words) {
			if n := words[w]; n > 1 {
				fmt.Fprintf(&b, "%s %d\n", w, n)
				continue
			}
			b.WriteString(w + "\n")
		}
		if err := os.WriteFile(vocabularyFile, []byte(b.String()), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	data, err := os.ReadFile(vocabularyFile)
	if err != nil {
		tb.Fatal(err)
	}
	words := map[string]int{}
	for line := range strings.Lines(string(data)) {
		w, count, more := strings.Cut(strings.TrimSpace(line), " ")
		words[w] = 1
		if more {
			if words[w], err = strconv.Atoi(count); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return words
}

func sortedWords(words map[string]int) []string {
	out := make([]string, 0, len(words))
	for w := range words {
		out = append(out, w)
	}
	sort.Strings(out)
	return out
}
