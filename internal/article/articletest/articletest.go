// Package articletest holds what tests of package article and of article/lint share: cases in txtar files, one whole theme, and what a
// message to an editor must be like. It knows nothing of either package, and nothing of the program imports it.
package articletest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// A theme with one article.
const (
	WholeArticle    = "---\ntitle: T\n---\n\n## A\n\nTekst [@a].\n"
	WholeLiterature = `[{"id": "a", "type": "book", "title": "A"}]`
)

// Archive is a txtar file: a comment, then files.
type Archive struct {
	Comment string
	Files   map[string]string

	file  string
	names []string
}

// Read reads an archive.
func Read(t testing.TB, file string) Archive {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := Archive{Files: map[string]string{}, file: file}
	name := ""
	for line := range strings.Lines(string(data)) {
		if n, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(n, " --") {
			name = strings.TrimSuffix(n, " --")
			a.names = append(a.names, name)
			a.Files[name] = ""
			continue
		}
		if name == "" {
			a.Comment += line
		} else {
			a.Files[name] += line
		}
	}
	return a
}

// Rewrite puts another file »want« into the archive on disk.
func (a Archive) Rewrite(t testing.TB, want string) {
	t.Helper()
	var b strings.Builder
	b.WriteString(a.Comment)
	for _, n := range a.names {
		if n != "want" {
			fmt.Fprintf(&b, "-- %s --\n%s", n, a.Files[n])
		}
	}
	b.WriteString("-- want --\n" + want)
	if err := os.WriteFile(a.file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Files are the archives of a pattern; there must be some.
func Files(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files for %s: %v", pattern, err)
	}
	return files
}

// advice is what a message that says what to do has one of.
var advice = []string{" – ", "skal ", "skrives med", "brug "}

// longest is the most letters of a message (article's maxMessage).
const longest = 400

// Readable checks that a problem, as it is printed and with its message, is one line of readable length that says what to do.
func Readable(t testing.TB, line, message string) {
	t.Helper()
	if strings.ContainsFunc(line, unicode.IsControl) || !utf8.ValidString(line) || utf8.RuneCountInString(message) > longest+1 || strings.HasPrefix(line, ":") || strings.HasSuffix(line, "[]") {
		t.Errorf("%.500q is not one readable line", line)
	}
	if long := utf8.RuneCountInString(message) > longest; !long && !slices.ContainsFunc(advice, func(a string) bool { return strings.Contains(message, a) }) {
		t.Errorf("%q does not say what to do", line)
	}
}

// Within checks that a problem is in a line that a file has, or in none.
func Within(t testing.TB, data []byte, line int) {
	t.Helper()
	if line < 0 || line > strings.Count(string(data), "\n")+1 {
		t.Errorf("line %d: no such line", line)
	}
}
