package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// module is the Go module's name.
const module = "kildesvar"

// rows gives each package its row: it may import packages of earlier rows only; packages of one row are strangers.
// A package below another (danish/snowball) has a row of its own, before its parent's. Tests may import any row: the Slack
// front end is tested against the emulated workspace, which must not know it.
var rows = map[string]int{
	"prompts": 0, "corpus": 0, "internal/prompt": 0, "internal/csl": 0, "internal/danish/snowball": -1, "internal/danish": 0, "internal/privacy": 0, "internal/llm": 0, "internal/embed": 0,
	"internal/article": 1, "internal/article/lint": 2, "internal/article/articletest": 0, "internal/vector": 1, "internal/embed/local": 1, "internal/embed/learned": 1, "internal/llm/langchain": 1,
	"internal/journal/chain": 1, "internal/journal/queue": 1, "internal/journal/ulid": 1, "internal/journal/sqlitefile": 1,
	"internal/classify": 0, "internal/question": 1, "internal/passage": 2, "internal/vector/chromem": 2, "internal/vector/vectortest": 2, "internal/journal": 2, "internal/llm/llmtest": 2,
	"internal/chart": 0, "internal/report": 11, "internal/lexical": 1, "internal/verify/verifytest": 1, "internal/verify/reading": 2, "internal/verify/alignment": 3, "internal/verify/particulars": 4, "internal/verify/claim": 4, "internal/verify/relation": 4,
	"internal/verify": 5, "internal/journal/journaltest": 3, "internal/index/disk": 3, "internal/index": 4, "internal/query": 5, "internal/retrieval": 6,
	"internal/literature": 7, "internal/sentence/asked": 7, "internal/sentence": 8, "internal/answer": 9, "internal/answer/answertest": 10, "internal/answer/written": 10,
	"internal/assistant": 11, "internal/eval": 12,
	"internal/slackbot/slacktext": 12, "internal/slackbot/message": 13, "internal/slackbot/webapi": 14, "internal/slackbot/intake": 14,
	"internal/workspace/blockkit": 13, "internal/workspace/delivery": 13,
	"internal/slackbot": 15, "internal/workspace": 15, "internal/web": 15,
	"internal/slackbot/check": 16, "cmd/kildesvar": 17, "internal/archtest": 18,
}

// fences names the packages that alone may import a library (by path prefix), and where a »+« stands, those whose tests may.
var fences = map[string][]string{
	"github.com/kljensen/snowball":        {"internal/danish/snowball"},
	"github.com/philippgille/chromem-go":  {"internal/vector/chromem"},
	"github.com/slack-go/slack":           {"internal/slackbot", "internal/slackbot/message", "internal/slackbot/webapi", "internal/slackbot/intake", "internal/slackbot/check", "+internal/workspace"},
	"github.com/gorilla/websocket":        {"internal/workspace/delivery", "+internal/workspace", "internal/slackbot/intake"},
	"github.com/tmc/langchaingo":          {"internal/llm/langchain"},
	"github.com/jackc/pgx":                {"internal/vector/postgres", "internal/journal"},
	"modernc.org/sqlite":                  {"internal/journal/sqlitefile"},
	"github.com/yuin/goldmark":            {"internal/article"},
	"go.yaml.in/yaml/v3":                  {"internal/article", "cmd/kildesvar"},
	"github.com/spf13/cobra":              {"cmd/kildesvar"},
	"github.com/spf13/pflag":              {"cmd/kildesvar"},
	"github.com/prometheus/client_golang": {"internal/web"},
	"golang.org/x/sync":                   {"internal/index"},
	"golang.org/x/text":                   {"internal/danish"},
	"github.com/blevesearch/snowballstem": {"internal/danish/snowball"}, // in tests only, see testOnly
	"github.com/google/go-cmp":            nil,                          // anywhere, in tests only
	"go.uber.org/goleak":                  nil,                          // anywhere, in tests only
	"github.com/rogpeppe/go-internal":     {"cmd/kildesvar"},            // in tests only
}

// testOnly libraries are test oracles and tools; the program does not link them.
var testOnly = []string{"github.com/blevesearch/snowballstem", "github.com/google/go-cmp", "github.com/rogpeppe/go-internal", "go.uber.org/goleak"}

// topLevel is what the repository's top folder may hold besides dotfiles and a compose file.
var topLevel = []string{"cmd", "internal", "corpus", "prompts", "go.mod", "go.sum", "Dockerfile", "README.md", "LICENSE"}

// source is one Go file's imports.
type source struct {
	pkg, file string // pkg is the folder below the root
	test      bool
	imports   []string
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") && p != root) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		s := source{pkg: path.Dir(filepath.ToSlash(rel)), file: rel, test: strings.HasSuffix(name, "_test.go")}
		for _, im := range f.Imports {
			ip, err := strconv.Unquote(im.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, ip)
		}
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d Go files found below %s", len(out), root)
	}
	return out
}

// faults checks one file against the rules.
func faults(s source) []string {
	var out []string
	row, ok := rows[s.pkg]
	if !ok {
		return []string{fmt.Sprintf("%s: package %s has no row; give it one in archtest", s.file, s.pkg)}
	}
	for _, im := range s.imports {
		if own, isOwn := strings.CutPrefix(im, module+"/"); isOwn {
			theirs, ok := rows[own]
			if own == s.pkg { // an external test of the package itself
				continue
			}
			if !ok || theirs >= row && !s.test {
				out = append(out, fmt.Sprintf("%s: %s (row %d) may not import %s (row %d)", s.file, s.pkg, row, own, theirs))
			}
			continue
		}
		if !strings.Contains(strings.SplitN(im, "/", 2)[0], ".") {
			if s.pkg != "cmd/kildesvar" && !s.test && im == "flag" {
				out = append(out, s.file+": flags belong in cmd")
			}
			continue // standard library
		}
		out = append(out, fence(s, im)...)
	}
	return out
}

func fence(s source, im string) []string {
	for lib, homes := range fences {
		if im != lib && !strings.HasPrefix(im, lib+"/") {
			continue
		}
		if slices.Contains(testOnly, lib) && !s.test {
			return []string{fmt.Sprintf("%s: %s is for tests only", s.file, lib)}
		}
		if homes != nil && !slices.Contains(homes, s.pkg) && (!s.test || !slices.Contains(homes, "+"+s.pkg)) {
			return []string{fmt.Sprintf("%s: %s lives in %v, not in %s", s.file, lib, homes, s.pkg)}
		}
		return nil
	}
	return []string{fmt.Sprintf("%s: %s has no fence; say in archtest where it lives", s.file, im)}
}

func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		for _, f := range faults(s) {
			t.Error(f)
		}
	}
}

// TestRulesBite makes sure that the rules above can fail.
func TestRulesBite(t *testing.T) {
	for name, s := range map[string]source{
		"upwards":         {pkg: "internal/danish", imports: []string{"kildesvar/internal/index"}},
		"same row":        {pkg: "internal/csl", imports: []string{"kildesvar/internal/danish"}},
		"outside a fence": {pkg: "internal/answer", imports: []string{"github.com/philippgille/chromem-go"}},
		"no fence":        {pkg: "internal/answer", imports: []string{"example.com/x"}},
		"test only":       {pkg: "internal/csl", imports: []string{"github.com/google/go-cmp/cmp"}},
		"unknown package": {pkg: "internal/util"},
		"flags":           {pkg: "internal/index", imports: []string{"flag"}},
	} {
		if len(faults(s)) == 0 {
			t.Errorf("%s: nothing found wrong", name)
		}
	}
	if f := faults(source{pkg: "internal/index", imports: []string{"fmt", "kildesvar/internal/lexical"}}); len(f) > 0 {
		t.Errorf("found fault with what is allowed: %v", f)
	}
}

// TestProcessStaysInCmd: environment and exit belong to cmd.
func TestProcessStaysInCmd(t *testing.T) {
	for _, s := range sources(t) {
		if strings.HasPrefix(s.pkg, "cmd/") || s.test {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, s.file))
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range []string{"os.Getenv(", "os.LookupEnv(", "os.Exit(", "log.Fatal"} {
			if strings.Contains(string(text), call) {
				t.Errorf("%s: %s…) belongs in cmd", s.file, call)
			}
		}
	}
}

func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, ".") && !slices.Contains(topLevel, name) && name != "compose.yaml" {
			t.Errorf("%s does not belong at the top; see the tree in README.md", name)
		}
	}
	for _, name := range topLevel {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			t.Errorf("%s is missing at the top", name)
		}
	}
}

// TestPackageComments: every package says what it is for.
func TestPackageComments(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, s.file), nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		documented[s.pkg] = documented[s.pkg] || f.Doc != nil && len(f.Doc.Text()) > 40
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment", pkg)
		}
	}
}
