package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestReplaceFile: what stands there stays until the new is whole, and nothing else is left behind.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	name, alias := filepath.Join(dir, "side.html"), filepath.Join(dir, "alias.html")
	put := func(text string, fail error) func(io.Writer) error {
		return func(w io.Writer) error {
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
			return fail
		}
	}
	check := func(want string, entries ...string) {
		t.Helper()
		if got, err := os.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("the file holds %q, %v; want %q", got, err, want)
		}
		list, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range list {
			names = append(names, e.Name())
		}
		if !slices.Equal(names, entries) {
			t.Errorf("in the folder: %v, want %v", names, entries)
		}
	}
	if err := replaceFile(name, put("første", nil)); err != nil {
		t.Fatal(err)
	}
	check("første", "side.html")
	broken := errors.New("broken")
	if err := replaceFile(name, put("halv", broken)); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	check("første", "side.html")
	if err := os.Chmod(name, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("side.html", alias); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(alias, put("anden", nil)); err != nil {
		t.Fatal(err)
	}
	check("anden", "alias.html", "side.html")
	if info, err := os.Lstat(alias); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is another: %v, %v", info, err)
	}
	for _, bad := range []string{dir, filepath.Join(dir, "findes-ikke", "x"), filepath.Join(name, "x")} {
		err := replaceFile(bad, put("x", nil))
		text, code := inDanish(err)
		if code != exitFailed || !strings.HasPrefix(text, "»"+bad+"« ") || notOneLine("kildesvar: "+text+"\n") != "" {
			t.Errorf("%s: exit code %d, %q", bad, code, text)
		}
	}
	check("anden", "alias.html", "side.html")
}

// TestReplaceFullDisk writes to what is no ordinary file.
func TestReplaceFullDisk(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("there is no full device here")
	}
	err := replaceFile(full, func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err })
	if text, code := inDanish(err); code != exitFailed || !strings.Contains(text, "disken er fuld") {
		t.Errorf("exit code %d, %q", code, text)
	}
}

// TestBaselineGate saves the measures of the built-in held-out questions, and plants in the saved ones what would be a loss
// since, and a change too small to tell.
func TestBaselineGate(t *testing.T) {
	dir := t.TempDir()
	file, getenv := filepath.Join(dir, "foer.json"), testEnv(t)
	measure := func(args ...string) result {
		var out, errOut bytes.Buffer
		code := run(t.Context(), append([]string{"eval", "--split", "test"}, args...), env{stdin: strings.NewReader(""), stdout: &out, stderr: &errOut, getenv: getenv})
		return result{code, out.String(), errOut.String()}
	}
	if got := measure("--save", file, "--json"); got.code != exitDone || got.stderr != "" {
		t.Fatalf("exit code %d, %q", got.code, got.stderr)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// plant makes n questions better in the saved measures than they are, and returns the file.
	plant := func(name string, n int) string {
		t.Helper()
		var s struct {
			Format    int              `json:"format"`
			Questions []map[string]any `json:"questions"`
		}
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatal(err)
		}
		for _, q := range s.Questions {
			if m := q["measures"].(map[string]any); m["fact_recall"] == 0.0 && n > 0 {
				m["fact_recall"] = 1.0
				n--
			}
		}
		if n > 0 {
			t.Fatalf("%d questions too few without facts", n)
		}
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	if got := measure("--baseline", file); got.code != exitDone || got.stderr != "" || !strings.Contains(got.stdout, "Sammenlignet med den gemte måling") {
		t.Errorf("nothing changed: exit code %d, %q", got.code, got.stderr)
	}
	if got := measure("--baseline", plant("lidt.json", 2), "--json"); got.code != exitDone || got.stderr != "" || !strings.Contains(got.stdout, `"baseline": {`) {
		t.Errorf("two questions: exit code %d, %q", got.code, got.stderr)
	}
	got := measure("--baseline", plant("meget.json", 7))
	if fault := notOneLine(got.stderr); got.code != exitProblems || fault != "" || !strings.HasPrefix(got.stderr, "kildesvar: fact_recall er faldet fra ") {
		t.Errorf("a loss: exit code %d, standard error %s", got.code, fault+got.stderr)
	}
	if !strings.Contains(got.stdout, "sikkert dårligere") {
		t.Error("the report does not show the loss")
	}
}
