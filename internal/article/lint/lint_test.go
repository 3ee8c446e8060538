package lint_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kildesvar/corpus"
	"kildesvar/internal/article"
	"kildesvar/internal/article/articletest"
	"kildesvar/internal/article/lint"
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

// TestLintGolden: a corpus in, its problems out.
func TestLintGolden(t *testing.T) {
	for _, file := range articletest.Files(t, "testdata/*.txtar") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a := articletest.Read(t, file)
			fsys := fstest.MapFS{}
			for name, text := range a.Files {
				if name != "want" {
					fsys[name] = &fstest.MapFile{Data: []byte(text)}
				}
			}
			problems := lint.Check(fsys)
			var b strings.Builder
			fatal := 0
			for _, p := range problems {
				if p.Fatal {
					fatal++
					b.WriteString("fatal ")
				}
				b.WriteString(p.String() + "\n")
			}
			golden(t, a, b.String())
			checkPlaces(t, fsys, problems)
			checkLoad(t, fsys, problems, fatal)
		})
	}
}

// checkPlaces: every problem names a file of the corpus and a line in it.
func checkPlaces(t *testing.T, fsys fstest.MapFS, problems []article.Problem) {
	t.Helper()
	for _, p := range problems {
		articletest.Readable(t, p.String(), p.Message)
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
func checkLoad(t *testing.T, fsys fstest.MapFS, problems []article.Problem, fatal int) {
	t.Helper()
	first, others := article.Problem{}, 0
	for _, p := range problems {
		if p.Fatal && filepath.Base(p.File) != article.GoldFile {
			if others == 0 {
				first = p
			}
			others++
		}
	}
	c, err := article.Load(fsys)
	if others == 0 {
		if err != nil {
			t.Fatalf("Load: %v, with %d fatal problems", err, fatal)
		}
		if sum, err := article.Fingerprint(fsys); err != nil || sum != c.Fingerprint {
			t.Errorf("Fingerprint %s, %v; Load says %s", sum, err, c.Fingerprint)
		}
		return
	}
	var fault *article.FaultError
	if !errors.As(err, &fault) || fault.First != first {
		t.Errorf("Load: %v, want a fault for %v", err, first)
	}
}

// TestEveryRuleHasACase finds the rules in the source of the linter and of what reads a corpus and looks for each in the cases.
func TestEveryRuleHasACase(t *testing.T) {
	rule := regexp.MustCompile(`(?:l\.(?:warn|fatal)\([^"\n]*?(?:"[^"]*"\), 0, |\.", 0, )?|b\.problem\([^"\n]*?|bad\()"([a-z-]+)", `)
	want := map[string]bool{}
	sources, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(sources, "lint.go") {
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
	for _, file := range articletest.Files(t, "testdata/*.txtar") {
		for line := range strings.Lines(articletest.Read(t, file).Files["want"]) {
			if m := tag.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				seen[m[1]] = true
			}
		}
	}
	for r := range want {
		if !seen[r] && !otherRules[r] {
			t.Errorf("rule %s has no case in testdata", r)
		}
	}
}

// otherRules have tests of their own in package article, because text files cannot show them.
var otherRules = map[string]bool{"symlink": true, "unreadable": true, "too-large": true, "too-many-files": true, "encoding": true}

// TestBuiltInCorpus: the corpus in the program has no problems at all.
func TestBuiltInCorpus(t *testing.T) {
	for _, p := range lint.Check(corpus.FS) {
		t.Error(p)
	}
}

// FuzzArticle: whatever the bytes of an article, what is wrong is told in one of its lines.
func FuzzArticle(f *testing.F) {
	for _, s := range []string{articletest.WholeArticle, "---\ntitle: T\n---\n## A\n## A\n## A 2\n&amp; \\[ `x` <a@b.dk> <!-- svarer på: a|b -->\n<!-- svarer ikke på: a -->",
		"---\ntitle: T\n---\n## A\n[b](y.md#c) [d](#a) [e](:) @a.\n", "---\n---\n", "---"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64<<10 {
			return
		}
		for _, p := range lint.Check(fstest.MapFS{"t/x.md": {Data: data}}) {
			if p.File == "t/x.md" {
				articletest.Within(t, data, p.Line)
			}
		}
	})
}

// FuzzData: no bytes make the lists of concepts, gold questions and literature panic, and what is wrong is told in one line.
func FuzzData(f *testing.F) {
	for _, s := range []string{"- term: a\n  everyday: [b]\n  definition: A er b [@a].", "- id: g\n  question: Hvad?\n  facts: [\"a | b\"]\n  history: [{role: user, text: Hej}]",
		"- &a\n  term: x\n- *a", "{}", "- - -", "- term: \"a\n", "-\n-\n", "[{\"id\": \"a\\nb\", \"title\": \"T\"}]", "- {term: a, term: b}", "- ? [a]\n  : b", "- <<: {term: a}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 32<<10 {
			return
		}
		for _, name := range []string{article.ConceptsFile, article.GoldFile, article.LiteratureFile} {
			fsys := fstest.MapFS{"t/x.md": {Data: []byte(articletest.WholeArticle)}, "t/litteratur.json": {Data: []byte(articletest.WholeLiterature)}}
			fsys["t/"+name] = &fstest.MapFile{Data: data}
			var of []article.Problem
			for _, p := range lint.Check(fsys) {
				if p.File == "t/"+name {
					of = append(of, p)
				}
			}
			for _, p := range of {
				articletest.Within(t, data, p.Line)
				articletest.Readable(t, p.String(), p.Message)
			}
		}
	})
}
