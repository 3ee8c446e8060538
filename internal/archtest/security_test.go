package archtest

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	"kildesvar/prompts"
)

// reaching are packages of the standard library that reach out of the process or past the language, and those that may import them. What
// reads articles and questions, and what composes answers, is not among them: an address in a text cannot be visited, and a text cannot be run.
var reaching = map[string][]string{
	"net": {"cmd/kildesvar", "internal/slackbot/webapi", "internal/slackbot/check", "internal/web", "internal/llm/langchain", "internal/llm/llmtest", "internal/workspace"},
	"net/http": {"cmd/kildesvar", "internal/slackbot", "internal/slackbot/webapi", "internal/slackbot/intake", "internal/slackbot/check", "internal/web", "internal/llm/langchain", "internal/llm/llmtest",
		"internal/workspace", "internal/workspace/delivery"},
	"net/http/httptest": {}, "net/rpc": {}, "net/smtp": {}, "net/http/pprof": {}, "expvar": {}, "os/exec": {}, "os/user": {}, "plugin": {}, "unsafe": {}, "encoding/gob": {}, "C": {},
	"html/template": {"internal/eval"}, "text/template": {},
}

// reaches lists what a file imports that it may not.
func reaches(s source) (out []string) {
	if s.test {
		return nil
	}
	for _, im := range s.imports {
		if homes, fenced := reaching[im]; fenced && !slices.Contains(homes, s.pkg) {
			out = append(out, s.file+": "+s.pkg+" may not import "+im)
		}
	}
	return out
}

// TestReach: only adapters and front ends talk to the network, nothing runs programs or goes past the language.
func TestReach(t *testing.T) {
	for _, s := range sources(t) {
		for _, f := range reaches(s) {
			t.Error(f)
		}
	}
	for _, s := range []source{{pkg: "internal/article", imports: []string{"net/http"}}, {pkg: "internal/answer", imports: []string{"os/exec"}}, {pkg: "cmd/kildesvar", imports: []string{"fmt", "plugin"}}} {
		if len(reaches(s)) == 0 {
			t.Errorf("%s may import %v", s.pkg, s.imports)
		}
	}
}

// TestTemplates: prompts are text/template without functions of ours, so a template can name nothing but the values it is given and the
// language's own functions; »call«, which runs a value that is a function, is not used.
func TestTemplates(t *testing.T) {
	check := func(name, text string) error {
		_, err := template.New(name).Option("missingkey=error").Parse(text)
		return err
	}
	calls := regexp.MustCompile(`\{\{[^}]*\bcall\b`)
	err := fs.WalkDir(prompts.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".tmpl") {
			return err
		}
		text, err := fs.ReadFile(prompts.FS, name)
		if err != nil {
			return err
		}
		if calls.Match(text) {
			t.Errorf("%s calls a function", name)
		}
		return check(name, string(text))
	})
	if err != nil {
		t.Error(err)
	}
	for _, text := range []string{`{{env "HOME"}}`, `{{readFile "/etc/passwd"}}`, `{{exec "sh"}}`} {
		if check("x", text) == nil {
			t.Errorf("%s is a template", text)
		}
	}
	// The one function map is that of the page that `eval --html` writes: two ways to write a number.
	for _, s := range sources(t) {
		text, err := os.ReadFile(filepath.Join(root, s.file))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), ".Funcs"+"(") && s.file != filepath.Join("internal", "eval", "html.go") {
			t.Errorf("%s gives a template functions", s.file)
		}
	}
}

// floating are ways to name a version that is another one tomorrow.
var floating = regexp.MustCompile(`@latest\b|@main\b|@master\b|@upgrade\b|:latest\b|"(?:\^|~|>=?|\*|x|latest)[0-9.]*"\s*[,}\n]`)

// TestPinned: everything that is fetched has its version in the repository: modules, tools, npm packages, the image's base.
func TestPinned(t *testing.T) {
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if mod := read("go.mod"); regexp.MustCompile(`(?m)^\s*(replace|exclude|toolchain)\b`).MatchString(mod) {
		t.Error("go.mod replaces or excludes modules")
	}
	for line := range strings.Lines(read("go.sum")) {
		if !regexp.MustCompile(`^\S+ v\S+ h1:[A-Za-z0-9+/]{43}=\n$`).MatchString(line) {
			t.Errorf("go.sum: %s", line)
		}
	}
	for _, name := range []string{".ci/run", ".ci/bolt/run", ".ci/local-slack/run", "Dockerfile"} {
		if m := floating.FindString(read(name)); m != "" {
			t.Errorf("%s: %s is no version", name, m)
		}
	}
	packages, err := filepath.Glob(filepath.Join(root, ".ci", "*", "package.json"))
	if err != nil || len(packages) < 2 {
		t.Fatalf("%v, %v", packages, err)
	}
	for _, name := range packages {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var p struct{ Dependencies map[string]string }
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for dep, v := range p.Dependencies {
			if !regexp.MustCompile(`^(npm:\S+@)?[0-9]+(\.[0-9A-Za-z-]+)+$`).MatchString(v) {
				t.Errorf("%s: %s %s is no version", name, dep, v)
			}
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(name), "package-lock.json")); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"go install x@latest", "FROM golang:latest", "{\"a\": \"^1.2.3\"}"} {
		if !floating.MatchString(bad) {
			t.Errorf("%s is taken for a version", bad)
		}
	}
}

// TestSBOM: the list of parts names the program and all that is linked into it, in CycloneDX's form. It is made of this test's own binary,
// which Go has told of its modules like any other.
func TestSBOM(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(t.Context(), filepath.Join(root, ".ci", "sbom"), exe)
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, errOut.String())
	}
	var bom struct {
		BOMFormat, SpecVersion string
		Version                int
		Metadata               struct{ Component component }
		Components             []component
		Dependencies           []struct {
			Ref       string
			DependsOn []string
		}
	}
	d := json.NewDecoder(&out)
	if err := d.Decode(&bom); err != nil {
		t.Fatal(err)
	}
	if bom.BOMFormat != "CycloneDX" || bom.SpecVersion != "1.6" || bom.Version != 1 || bom.Metadata.Component.Name != module || bom.Metadata.Component.Type != "application" {
		t.Errorf("%+v", bom)
	}
	seen := map[string]bool{}
	for _, c := range bom.Components {
		seen[c.Name] = true
		if c.Type != "library" || c.Version == "" || c.PURL != "pkg:golang/"+c.Name+"@"+c.Version || c.Ref != c.PURL {
			t.Errorf("%+v", c)
		}
	}
	if !seen["stdlib"] || len(bom.Dependencies) != 1 || len(bom.Dependencies[0].DependsOn) != len(bom.Components) {
		t.Errorf("parts %v, dependencies %+v", seen, bom.Dependencies)
	}
	if err := exec.CommandContext(t.Context(), filepath.Join(root, ".ci", "sbom"), filepath.Join(root, "go.mod")).Run(); err == nil {
		t.Error("a file that is no program has parts")
	}
}

type component struct {
	Type, Name, Version, PURL string
	Ref                       string `json:"bom-ref"`
}

// TestThreats: every test that .github/SECURITY.md names is there, and every row of its tables names one or says that it is open.
func TestThreats(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, ".github", "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	declaration := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	for _, s := range sources(t) {
		if !s.test {
			continue
		}
		code, err := os.ReadFile(filepath.Join(root, s.file))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declaration.FindAllStringSubmatch(string(code), -1) {
			declared[strings.TrimPrefix(strings.TrimPrefix(s.pkg, "internal/"), "cmd/")+"."+m[1]] = true
		}
	}
	named := regexp.MustCompile("`([a-z0-9/]+\\.(?:Test|Fuzz)\\w+)`")
	rows, tests := 0, 0
	for i, line := range strings.Split(string(text), "\n") {
		found := named.FindAllStringSubmatch(line, -1)
		for _, m := range found {
			tests++
			if !declared[m[1]] {
				t.Errorf("SECURITY.md:%d: there is no %s", i+1, m[1])
			}
		}
		if strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "|---") && !strings.HasPrefix(line, "| Trussel") {
			if rows++; len(found) == 0 && !strings.Contains(line, "Åbent:") {
				t.Errorf("SECURITY.md:%d: neither a test nor a reason: %s", i+1, line)
			}
		}
	}
	if rows < 30 || tests < 50 {
		t.Errorf("%d rows name %d tests", rows, tests)
	}
}
