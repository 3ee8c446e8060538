package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// readmeHeader begins the table of settings in README.
const readmeHeader = "| Flag | Miljøvariabel | Standard | Betydning |"

// TestReadmeSettings compares the table of settings with README's, row by row.
func TestReadmeSettings(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	got, err := settingsTable(string(data))
	if err != nil {
		t.Fatalf("README.md: %v", err)
	}
	var want [][4]string
	for _, s := range settings {
		flag := "--" + s.flag
		if s.secret {
			flag = ""
		}
		want = append(want, [4]string{flag, s.env, s.def, s.usage})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("README.md's settings differ from config.go's (-config.go +README):\n%s", diff)
	}
}

// TestSettingsTable shows that a row that is missing, added or changed is seen.
func TestSettingsTable(t *testing.T) {
	text := "# X\n\n" + readmeHeader + "\n|---|---|:--|---|\n| `--llm` | `L` | `none` | en `sprog`model |\n| `--x` | `X` |  | noget \\| andet |\n\nMere | tekst\n"
	got, err := settingsTable(text)
	if err != nil {
		t.Fatal(err)
	}
	want := [][4]string{{"--llm", "L", "none", "en sprogmodel"}, {"--x", "X", "", "noget | andet"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"", "| a | b |\n", readmeHeader + "\n|---|---|---|---|\n", readmeHeader + "\n|---|---|---|---|\n| a | b | c |\n"} {
		if rows, err := settingsTable(bad); err == nil {
			t.Errorf("%q: rows %v, want an error", bad, rows)
		}
	}
}

type tableError string

func (e tableError) Error() string { return string(e) }

// settingsTable reads the rows of the table under readmeHeader, without code marks.
func settingsTable(text string) ([][4]string, error) {
	_, rest, ok := strings.Cut("\n"+text, "\n"+readmeHeader+"\n")
	if !ok {
		return nil, tableError("there is no table " + readmeHeader)
	}
	lines := strings.Split(rest, "\n")
	if len(lines) < 2 || !strings.HasPrefix(lines[0], "|") || strings.Trim(lines[0], "|-: ") != "" {
		return nil, tableError("the table has no line under its header")
	}
	var rows [][4]string
	for _, line := range lines[1:] {
		if !strings.HasPrefix(line, "|") {
			break
		}
		line = strings.ReplaceAll(strings.TrimSpace(line), `\|`, "\x00")
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != 4 {
			return nil, tableError("a row has not four cells: " + line)
		}
		var row [4]string
		for i, c := range cells {
			row[i] = strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(c), "`", ""), "\x00", "|")
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil, tableError("the table is empty")
	}
	return rows, nil
}

// TestSettings checks that each setting is whole and that no two share a name.
func TestSettings(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range settings {
		if s.flag == "" || s.env == "" || s.usage == "" || s.secret == (s.value != "") || strings.ContainsAny(s.usage, "|`\n") {
			t.Errorf("setting %+v is not whole, or cannot stand in a table", s)
		}
		if seen[s.flag] || seen[s.env] {
			t.Errorf("setting %s or %s is there twice", s.flag, s.env)
		}
		seen[s.flag], seen[s.env] = true, true
	}
	if len(settings) > 28 { // 25 and a few: each provider of language models has its own usual names
		t.Errorf("%d settings are too many", len(settings))
	}
}

// TestPrecedence takes each setting from each place.
func TestPrecedence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte("corpus: fil\ndata: fil\nlog-level: info\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{"KILDESVAR_CONFIG": file, "KILDESVAR_DATA": "miljø", "LOG_LEVEL": "error"}
	flags := pflag.NewFlagSet("x", pflag.ContinueOnError)
	addSettingFlags(flags, false)
	if err := flags.Parse([]string{"--log-level=debug"}); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(flags, func(name string) string { return vars[name] })
	if err != nil {
		t.Fatal(err)
	}
	for flag, want := range map[string]string{"log-level": "debug", "data": "miljø", "corpus": "fil", "llm": "none", "log-format": "text"} {
		if got := c.get(flag); got != want {
			t.Errorf("%s is %q, want %q", flag, got, want)
		}
	}
}

// TestReadmeTranscript: the answer README shows is the one the program gives, but for the breaks of lines.
func TestReadmeTranscript(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(data), "<!-- udskrift:start -->\n```text\n$ kildesvar ask \"")
	shown, _, ok2 := strings.Cut(rest, "\n```\n")
	question, shown, ok3 := strings.Cut(shown, "\"\n")
	if !ok || !ok2 || !ok3 {
		t.Fatal("README.md has no transcript between its marks")
	}
	r := call(t, "", "ask", question)
	if diff := cmp.Diff(strings.Fields(r.stdout), strings.Fields(shown)); diff != "" {
		t.Errorf("README.md shows another answer to %q (-program +README):\n%s", question, diff)
	}
}
