package main

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLongInput is what no person writes.
func TestLongInput(t *testing.T) {
	long := strings.Repeat("samskabelse ", 100_000/12+1)
	for name, c := range map[string]struct {
		stdin string
		args  []string
	}{
		"as arguments":      {"", []string{"ask", long}},
		"on standard input": {long, []string{"ask", "-"}},
		"one word":          {"", []string{"ask", strings.Repeat("æ", 50_000)}},
		"search":            {"", []string{"search", long}},
	} {
		t.Run(name, func(t *testing.T) {
			r := call(t, c.stdin, c.args...)
			if r.code != exitUsage || r.stdout != "" || notOneLine(r.stderr) != "" || !strings.Contains(r.stderr, "for lang") {
				t.Errorf("exit code %d, standard output %q, standard error %q", r.code, r.stdout, r.stderr)
			}
		})
	}
}

// TestColour wants colour on a terminal only, and never where the user has said that there shall be none.
func TestColour(t *testing.T) {
	home := testEnv(t)
	for name, c := range map[string]struct {
		terminal bool
		vars     map[string]string
		want     bool
	}{
		"terminal":            {true, nil, true},
		"pipe":                {false, nil, false},
		"NO_COLOR":            {true, map[string]string{"NO_COLOR": "1"}, false},
		"a terminal too dumb": {true, map[string]string{"TERM": "dumb"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			getenv := func(k string) string {
				if v, ok := c.vars[k]; ok {
					return v
				}
				return home(k)
			}
			if code := run(t.Context(), []string{"ask", "Hvad er samskabelse?"}, env{stdout: &out, stderr: &errOut, getenv: getenv, terminal: c.terminal}); code != exitDone {
				t.Fatalf("exit code %d: %s", code, errOut.String())
			}
			if got := strings.Contains(out.String(), "\x1b["); got != c.want {
				t.Errorf("colour: %v, want %v", got, c.want)
			}
			for _, line := range strings.Split(out.String(), "\n") {
				if n := len([]rune(line)); c.terminal && n > lineWidth && strings.Contains(strings.TrimSpace(line), " ") && !strings.Contains(line, "https://") {
					t.Errorf("line of %d characters on a terminal: %s", n, line)
				}
			}
		})
	}
}

// cancelWriter cancels when the n-th write comes.
type cancelWriter struct {
	bytes.Buffer
	cancel context.CancelFunc
	n      int
}

func (w *cancelWriter) Write(p []byte) (int, error) {
	if w.n--; w.n == 0 {
		w.cancel()
	}
	return w.Buffer.Write(p)
}

// TestInterruptedIndex interrupts the building at its first sign of progress, with and without a generation from before.
func TestInterruptedIndex(t *testing.T) {
	getenv := testEnv(t)
	dir := filepath.Join(getenv("KILDESVAR_DATA"), "index")
	interrupted := func(args ...string) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var out bytes.Buffer
		errOut := &cancelWriter{cancel: cancel, n: 1}
		code := run(ctx, args, env{stdout: &out, stderr: errOut, getenv: getenv, errTerminal: true})
		lines := strings.Split(strings.TrimSpace(errOut.String()), "\n")
		if code != exitFailed || out.Len() > 0 || lines[len(lines)-1] != "kildesvar: afbrudt – intet er ændret" {
			t.Errorf("exit code %d, standard output %q, standard error %q", code, out.String(), errOut.String())
		}
	}
	interrupted("index")
	if names := list(t, dir); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
	var out, errOut bytes.Buffer
	if code := run(t.Context(), []string{"index"}, env{stdout: &out, stderr: &errOut, getenv: getenv}); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errOut.String())
	}
	before, err := os.ReadFile(filepath.Join(dir, "indbygget.gen"))
	if err != nil {
		t.Fatal(err)
	}
	interrupted("index", "--rebuild")
	after, err := os.ReadFile(filepath.Join(dir, "indbygget.gen"))
	if err != nil {
		t.Fatalf("an interrupted rebuild lost the generation: %v", err)
	}
	if !bytes.Equal(before, after) || len(list(t, dir)) != 1 {
		t.Errorf("an interrupted rebuild changed the folder: %v", list(t, dir))
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestInterruptedQuestion interrupts while the question is read from a terminal where nobody types.
func TestInterruptedQuestion(t *testing.T) {
	stdin, typed := io.Pipe()
	defer func() { _ = typed.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errOut bytes.Buffer
	code := run(ctx, []string{"ask", "-"}, env{stdin: stdin, stdout: &out, stderr: &errOut, getenv: testEnv(t)})
	if code != exitFailed || errOut.String() != "kildesvar: afbrudt – intet er ændret\n" {
		t.Errorf("exit code %d, standard error %q", code, errOut.String())
	}
}

// TestClosedOutput runs the program with a standard output that nobody reads.
func TestClosedOutput(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	for _, args := range [][]string{{"ask", "Hvad er samskabelse?"}, {"ask", "--json", "Hvad er samskabelse?"}, {"search", "frivilligcentre"}, {"--help"}, {"completion", "bash"}} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
		cmd := exec.CommandContext(t.Context(), exe, args...)
		cmd.Env = append(os.Environ(), asProgram+"=1", "HOME="+home, "XDG_DATA_HOME=", "XDG_CONFIG_HOME=")
		var errOut strings.Builder
		cmd.Stdout, cmd.Stderr = w, &errOut
		_ = cmd.Run() // the exit code is looked at below
		_ = w.Close()
		if code := cmd.ProcessState.ExitCode(); code != exitFailed || notOneLine(errOut.String()) != "" {
			t.Errorf("%v: exit code %d, standard error %q", args, code, errOut.String())
		}
	}
}

// failingReader is standard input that breaks.
type failingReader struct{}

func (failingReader) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: "/dev/stdin", Err: io.ErrUnexpectedEOF}
}

// TestUnreadableInput is standard input that cannot be read.
func TestUnreadableInput(t *testing.T) {
	var out, errOut bytes.Buffer
	code := run(t.Context(), []string{"ask", "-"}, env{stdin: failingReader{}, stdout: &out, stderr: &errOut, getenv: testEnv(t)})
	if code != exitFailed || out.Len() > 0 || notOneLine(errOut.String()) != "" {
		t.Errorf("exit code %d, standard error %q", code, errOut.String())
	}
}
