package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asProgram makes the test binary behave as the program, for tests that need a process of their own.
const asProgram = "KILDESVAR_TEST_AS_PROGRAM"

// asNobody gives up root's rights if it was asked to, where there is such a thing.
var asNobody = func() {}

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		runtime.MemProfileRate = 0 // the program itself has no profiler, whose own memory grows
		asNobody()
		main()
	}
	testscript.Main(m, map[string]func(){"kildesvar": main})
}

// TestScripts runs the scripts. They share a data folder, so that the built-in articles are indexed once; index.txtar has its own.
func TestScripts(t *testing.T) {
	data := t.TempDir()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir+"/home")
			env.Setenv("KILDESVAR_DATA", data)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code":    cmdCode,
			"oneline": cmdOneLine,
			"hex":     cmdHex,
			"cut":     cmdCut,
		},
	})
}

// cmdCode runs a command and checks its exit code: code 2 kildesvar ask
func cmdCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command args…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// cmdOneLine checks that the last command wrote nothing to standard output and one line for a person to standard error.
func cmdOneLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: oneline")
	}
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("standard output is not empty: %q", out)
	}
	if fault := notOneLine(ts.ReadFile("stderr")); fault != "" {
		ts.Fatalf("standard error %s", fault)
	}
}

// notOneLine says what keeps a text from being one clear line for a person, or "".
func notOneLine(s string) string {
	switch {
	case !strings.HasPrefix(s, "kildesvar: "):
		return "does not begin with the program's name: " + s
	case strings.Count(s, "\n") != 1 || !strings.HasSuffix(s, "\n"):
		return "is not one line: " + s
	case !strings.Contains(s, " – "):
		return "does not say what to do: " + s
	case strings.Contains(s, "goroutine ") || strings.Contains(s, "panic") || strings.Contains(s, "uventet fejl"):
		return "is no message for a person: " + s
	}
	return ""
}

// cmdHex writes a file of bytes: hex FILE ff00
func cmdHex(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: hex file digits")
	}
	data, err := hex.DecodeString(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

// cmdCut cuts a file to a percentage of its size: cut FILE 50
func cmdCut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cut file percent")
	}
	percent, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), info.Size()*percent/100))
}

// result is what a run in this process left.
type result struct {
	code           int
	stdout, stderr string
}

// call runs the program in this process, in a home of its own where the built-in corpus' generation is kept already.
func call(t testing.TB, stdin string, args ...string) result {
	t.Helper()
	var out, errOut bytes.Buffer
	home := testEnv(t)
	keepGeneration(t, home)
	code := run(t.Context(), args, env{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errOut, getenv: home})
	return result{code, out.String(), errOut.String()}
}

// generation is the built-in corpus' generation as `kildesvar index` saves it. It is built once: every test that only needs one would take
// seconds for it.
var generation = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "kildesvar-generation")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var errOut bytes.Buffer
	if code := run(context.Background(), []string{"index", "--data", dir}, env{stdout: io.Discard, stderr: &errOut, getenv: func(string) string { return "" }}); code != exitDone {
		return nil, errors.New(errOut.String())
	}
	return os.ReadFile(filepath.Join(dir, "index", "indbygget.gen"))
})

// keepGeneration puts the built-in corpus' generation into an environment's data folder.
func keepGeneration(t testing.TB, getenv func(string) string) {
	t.Helper()
	data, err := generation()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(getenv("KILDESVAR_DATA"), "index")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "indbygget.gen"), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// testEnv is an environment of its own.
func testEnv(t testing.TB) func(string) string {
	dir := t.TempDir()
	return func(name string) string {
		switch name {
		case "HOME":
			return dir
		case "KILDESVAR_DATA":
			return dir + "/data"
		}
		return ""
	}
}
