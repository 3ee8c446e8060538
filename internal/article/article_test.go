package article

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kildesvar/corpus"
	"kildesvar/internal/article/articletest"
)

var update = flag.Bool("update", false, "rewrite golden files")

// golden compares got with the archive's file »want«, or rewrites it.
func golden(t *testing.T, a articletest.Archive, got string) {
	t.Helper()
	if *update {
		a.Rewrite(t, got)
	} else if diff := cmp.Diff(strings.Split(a.Files["want"], "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("-want +got (-update rewrites):\n%s", diff)
	}
}

// TestParseGolden: an article in, its plain parts out. The words crlf and bom in a case's comment change its bytes.
func TestParseGolden(t *testing.T) {
	for _, file := range articletest.Files(t, "testdata/parse/*.txtar") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a := articletest.Read(t, file)
			data := a.Files["in.md"]
			if strings.Contains(a.Comment, "crlf") {
				data = strings.ReplaceAll(data, "\n", "\r\n")
			}
			if strings.Contains(a.Comment, "bom") {
				data = "\ufeff" + data
			}
			golden(t, a, dump(data))
		})
	}
}

// dump writes everything that parsing found, with the bytes of the file that each sentence points at.
func dump(data string) string {
	var b strings.Builder
	l := &loader{hash: noHash{}}
	a := l.article("tema", "x.md", []byte(data))
	if a != nil {
		fmt.Fprintf(&b, "title %q url %q updated %q reviewed %q summary %q\n", a.Title, a.URL, a.Updated, a.Reviewed, a.Summary)
		for _, s := range a.Sections {
			fmt.Fprintf(&b, "section %q line %d slug %s path %q\n", s.Heading, s.Line, s.Slug, s.Path)
			for _, q := range s.Questions {
				fmt.Fprintf(&b, "  question %q\n", q)
			}
			for _, p := range s.Paragraphs {
				fmt.Fprintf(&b, "  paragraph line %d\n", p.Line)
				for _, sent := range p.Sentences {
					how := "inherited"
					if sent.Cited {
						how = "own"
					}
					fmt.Fprintf(&b, "    %q\n      file %q\n      keys %s %q\n", p.Text[sent.Start:sent.End], data[sent.SrcStart:sent.SrcEnd], how, sent.Keys)
				}
			}
		}
		for _, q := range a.Unanswered {
			fmt.Fprintf(&b, "unanswered %q line %d\n", q.Text, q.Line)
		}
		for _, k := range a.Links {
			fmt.Fprintf(&b, "link %q line %d\n", k.Target, k.Line)
		}
	}
	for _, p := range l.problems {
		fmt.Fprintf(&b, "problem %v fatal %v\n", p, p.Fatal)
	}
	return b.String()
}

// TestBuiltInCorpus: the corpus in the program is whole.
func TestBuiltInCorpus(t *testing.T) {
	c, err := Load(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Themes) == 0 || len(c.Themes[0].Articles) < 9 {
		t.Errorf("%d themes; want one with at least 9 articles", len(c.Themes))
	}
}

func TestCitationKeys(t *testing.T) {
	for group, want := range map[string][]string{
		"[@a]":                               {"a"},
		"[@ibsen-2016; @b_2, s. 12]":         {"ibsen-2016", "b_2"},
		"[se @a, s. 12-14; jf. @b:c; @a]":    {"a", "b:c"},
		"[-@a]":                              {"a"},
		"[@å-ø-2001.]":                       {"å-ø-2001"},
		"[skriv til kontakt@example.dk]":     nil,
		"[@a, kap. 3, s. 4; skriv b@c.dk]":   {"a"},
		"[@]":                                nil,
		"":                                   nil,
		"[@a;@b]":                            {"a", "b"},
		"[@vidensportalen-samskabelse, §2b]": {"vidensportalen-samskabelse"},
	} {
		if diff := cmp.Diff(want, CitationKeys(group)); diff != "" {
			t.Errorf("%s: -want +got\n%s", group, diff)
		}
	}
}

func TestSlug(t *testing.T) {
	for heading, want := range map[string]string{
		"Hvad er samskabelse?": "hvad-er-samskabelse", "Ældre & yngre": "aeldre-yngre", "Råd, § 18": "raad-18", "…": "", "Ελλάδα": "", "a  -- B": "a-b",
	} {
		if got := Slug(heading); got != want {
			t.Errorf("Slug(%q) = %q, want %q", heading, got, want)
		}
	}
}
