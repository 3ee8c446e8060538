package article

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kildesvar/corpus"
)

var update = flag.Bool("update", false, "rewrite golden files")

// archive is a txtar file: a comment, then files.
type archive struct {
	comment string
	names   []string
	files   map[string]string
}

func readArchive(t *testing.T, file string) archive {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := archive{files: map[string]string{}}
	name := ""
	for line := range strings.Lines(string(data)) {
		if n, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(n, " --") {
			name = strings.TrimSuffix(n, " --")
			a.names = append(a.names, name)
			a.files[name] = ""
			continue
		}
		if name == "" {
			a.comment += line
		} else {
			a.files[name] += line
		}
	}
	return a
}

// golden compares got with the archive's file "want", or rewrites it.
func (a archive) golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		var b strings.Builder
		b.WriteString(a.comment)
		for _, n := range a.names {
			if n != "want" {
				fmt.Fprintf(&b, "-- %s --\n%s", n, a.files[n])
			}
		}
		b.WriteString("-- want --\n" + got)
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(a.files["want"], "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("-want +got (-update rewrites):\n%s", diff)
	}
}

func archives(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files for %s: %v", pattern, err)
	}
	return files
}

// TestParseGolden: an article in, its plain parts out. The words crlf and bom in a case's comment change its bytes.
func TestParseGolden(t *testing.T) {
	for _, file := range archives(t, "testdata/parse/*.txtar") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a := readArchive(t, file)
			data := a.files["in.md"]
			if strings.Contains(a.comment, "crlf") {
				data = strings.ReplaceAll(data, "\n", "\r\n")
			}
			if strings.Contains(a.comment, "bom") {
				data = "\ufeff" + data
			}
			a.golden(t, file, dump(data))
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
		for _, k := range a.links {
			fmt.Fprintf(&b, "link %q line %d\n", k.target, k.line)
		}
	}
	for _, p := range l.problems {
		fmt.Fprintf(&b, "problem %v fatal %v\n", p, p.Fatal)
	}
	return b.String()
}

// TestLintGolden: a corpus in, its problems out.
func TestLintGolden(t *testing.T) {
	for _, file := range archives(t, "testdata/lint/*.txtar") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a := readArchive(t, file)
			fsys := fstest.MapFS{}
			for name, text := range a.files {
				if name != "want" {
					fsys[name] = &fstest.MapFile{Data: []byte(text)}
				}
			}
			problems := Check(fsys)
			var b strings.Builder
			fatal := 0
			for _, p := range problems {
				if p.Fatal {
					fatal++
					b.WriteString("fatal ")
				}
				b.WriteString(p.String() + "\n")
			}
			a.golden(t, file, b.String())
			checkPlaces(t, fsys, problems)
			checkLoad(t, fsys, problems, fatal)
		})
	}
}

// checkPlaces: every problem names a file of the corpus and a line in it.
func checkPlaces(t *testing.T, fsys fstest.MapFS, problems []Problem) {
	t.Helper()
	for _, p := range problems {
		checkMessage(t, p)
		f, ok := fsys[p.File]
		if !ok {
			if _, err := fsys.Stat(p.File); err != nil {
				t.Errorf("%v: no such file", p)
			}
			continue
		}
		if lines := strings.Count(string(f.Data), "\n") + 1; p.Line < 0 || p.Line > lines {
			t.Errorf("%v: the file has %d lines", p, lines)
		}
	}
}

// checkLoad: Load refuses exactly what has fatal problems, gold questions apart, and names the first.
func checkLoad(t *testing.T, fsys fstest.MapFS, problems []Problem, fatal int) {
	t.Helper()
	first, others := Problem{}, 0
	for _, p := range problems {
		if p.Fatal && filepath.Base(p.File) != GoldFile {
			if others == 0 {
				first = p
			}
			others++
		}
	}
	c, err := Load(fsys)
	if others == 0 {
		if err != nil {
			t.Fatalf("Load: %v, with %d fatal problems", err, fatal)
		}
		if sum, err := Fingerprint(fsys); err != nil || sum != c.Fingerprint {
			t.Errorf("Fingerprint %s, %v; Load says %s", sum, err, c.Fingerprint)
		}
		return
	}
	var fault *FaultError
	if !errors.As(err, &fault) || fault.First != first {
		t.Errorf("Load: %v, want a fault for %v", err, first)
	}
}

// TestEveryRuleHasACase finds the rules in the package's own source and looks for each in the cases.
func TestEveryRuleHasACase(t *testing.T) {
	rule := regexp.MustCompile(`(?:l\.(?:warn|fatal)\([^"\n]*?(?:"[^"]*"\), 0, |\.", 0, )?|b\.problem\([^"\n]*?|bad\()"([a-z-]+)", `)
	want := map[string]bool{}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range sources {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range rule.FindAllStringSubmatch(string(text), -1) {
			want[m[1]] = true
		}
	}
	if len(want) < 30 {
		t.Fatalf("only %d rules found in the source: %v", len(want), want)
	}
	seen := map[string]bool{}
	tag := regexp.MustCompile(`\[([a-z-]+)\]$`)
	for _, file := range archives(t, "testdata/lint/*.txtar") {
		for line := range strings.Lines(readArchive(t, file).files["want"]) {
			if m := tag.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				seen[m[1]] = true
			}
		}
	}
	for r := range want {
		if !seen[r] && !otherRules[r] {
			t.Errorf("rule %s has no case in testdata/lint", r)
		}
	}
}

// otherRules have tests of their own in bad_test.go, because text files cannot show them.
var otherRules = map[string]bool{"symlink": true, "unreadable": true, "too-large": true, "too-many-files": true, "encoding": true}

// TestBuiltInCorpus: the corpus in the program has no problems at all.
func TestBuiltInCorpus(t *testing.T) {
	c, err := Load(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Themes) == 0 || len(c.Themes[0].Articles) < 9 {
		t.Errorf("%d themes; want one with at least 9 articles", len(c.Themes))
	}
	for _, p := range Check(corpus.FS) {
		t.Error(p)
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
