package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kildesvar/internal/index"
	"kildesvar/internal/journal"
	"kildesvar/internal/workspace"
)

// program is the program in a process of its own, on a data folder, behind what a shell does first.
func program(t *testing.T, data, before string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/bin/sh", append([]string{"-c", before + ` exec "$0" "$@"`, os.Args[0]}, args...)...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "HOME="+t.TempDir(), "XDG_CONFIG_HOME=", "KILDESVAR_DATA="+data)
	return cmd
}

// nobodyEnv makes the program nobody, for whom the rights of files mean something.
const nobodyEnv = "KILDESVAR_TEST_AS_NOBODY"

func init() {
	asNobody = func() {
		if os.Getenv(nobodyEnv) != "" && os.Getuid() == 0 {
			if err := syscall.Setuid(65534); err != nil {
				panic(err)
			}
		}
	}
}

func powerless(cmd *exec.Cmd) *exec.Cmd {
	cmd.Env = append(cmd.Env, nobodyEnv+"=1", "HOME=/nonexistent")
	return cmd
}

// serving gives the program what it needs to reach the emulated Slack, and a model if there is one.
func serving(cmd *exec.Cmd, getenv func(string) string) *exec.Cmd {
	for _, s := range settings {
		if v := getenv(s.env); v != "" && s.env != "KILDESVAR_DATA" {
			cmd.Env = append(cmd.Env, s.env+"="+v)
		}
	}
	return cmd
}

// outcome runs it.
func outcome(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var out, errOut strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errOut
	var ended *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
}

// TestRebuildAlwaysStarts: whatever lies in the index' place, `index --rebuild` builds it anew, or says in one line what is in the way.
func TestRebuildAlwaysStarts(t *testing.T) {
	data := t.TempDir()
	file := filepath.Join(data, "index", "indbygget.gen")
	if r := outcome(t, program(t, data, "", "index")); r.code != exitDone {
		t.Fatalf("%+v", r)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, put := range map[string]func() error{
		"nothing":    func() error { return nil },
		"empty":      func() error { return os.WriteFile(file, nil, 0o600) },
		"damaged":    func() error { return os.WriteFile(file, flipped(whole, len(whole)/2), 0o600) },
		"noise":      func() error { return os.WriteFile(file, bytes.Repeat([]byte{0xff}, 100_000), 0o600) },
		"unreadable": func() error { return os.WriteFile(file, whole, 0) },
		"a pipe":     func() error { return syscall.Mkfifo(file, 0o600) },
		"a link":     func() error { return os.Symlink(file, file) },
	} {
		if err := errors.Join(os.Remove(file), put(), os.WriteFile(filepath.Join(data, "index", ".new-1"), whole[:5000], 0o600)); err != nil {
			t.Fatal(err)
		}
		if r := outcome(t, program(t, data, "", "index", "--rebuild")); r.code != exitDone || r.stderr != "" || !strings.Contains(r.stdout, "Indekset er klar") {
			t.Errorf("%s: %+v", name, r)
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, whole) || len(list(t, data)) != 1 {
			t.Errorf("%s: %v, and there are %v", name, err, list(t, data))
		}
	}
	for name, put := range map[string]func() error{
		"a folder":                     func() error { return os.MkdirAll(filepath.Join(file, "x"), 0o700) },
		"a file in the folder's place": func() error { return os.WriteFile(filepath.Dir(file), nil, 0o600) },
	} {
		if err := errors.Join(os.RemoveAll(filepath.Dir(file)), put()); err != nil {
			t.Fatal(err)
		}
		r := outcome(t, program(t, data, "", "index", "--rebuild"))
		if r.code != exitFailed || notOneLine(r.stderr) != "" || !strings.Contains(r.stderr, "mappe") || !strings.Contains(r.stderr, "»"+filepath.Dir(file)) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestNoRoom: where nothing can be written, `index` says so in one line with the folder, and a question is answered all the same. Nothing
// is left behind, and what was there stays.
func TestNoRoom(t *testing.T) {
	for name, c := range map[string]struct {
		before string
		rights os.FileMode
		want   string
	}{
		"full":      {`trap "" XFSZ; ulimit -f 2000;`, 0o777, "er fyldt – gør plads"},
		"read-only": {"", 0o555, "er der ikke adgang til – giv"},
		"forbidden": {"", 0, "er der ikke adgang til – giv"},
	} {
		data := t.TempDir()
		dir := filepath.Join(data, "index")
		if err := errors.Join(os.Mkdir(dir, 0o777), os.WriteFile(filepath.Join(dir, "indbygget.gen"), []byte("x"), 0o644)); err != nil {
			t.Fatal(err)
		}
		for d, rights := range map[string]os.FileMode{filepath.Dir(data): 0o755, data: 0o755, dir: c.rights} {
			if err := os.Chmod(d, rights); err != nil {
				t.Fatal(err)
			}
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
		r := outcome(t, powerless(program(t, data, c.before, "index", "--rebuild")))
		if r.code != exitFailed || r.stdout != "" || notOneLine(r.stderr) != "" || !strings.Contains(r.stderr, "»"+dir+"« ") || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%s: %+v", name, r)
		}
		r = outcome(t, powerless(program(t, data, c.before, "ask", "Hvad er samskabelse?")))
		if r.code != exitDone || !strings.Contains(r.stdout, "Kilder") {
			t.Errorf("%s: ask: %+v", name, r)
		}
		r = outcome(t, powerless(program(t, data, "", "check")))
		if r.code != exitProblems || r.stderr != "" || !strings.Contains(r.stdout, "✗ Indeks: ") {
			t.Errorf("%s: check: %+v", name, r)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if left := list(t, data); len(left) != 1 {
			t.Errorf("%s: there are %v", name, left)
		}
	}
}

// TestServeNoRoom: serve does not start where its journal cannot be written, and says why.
func TestServeNoRoom(t *testing.T) {
	_, api := world(t, workspace.Options{})
	for name, c := range map[string]struct {
		before string
		rights os.FileMode
		want   string
	}{
		"read-only": {"", 0o555, "kan ikke skrives – giv skriverettighed"},
		"full":      {`trap "" XFSZ; ulimit -f 8;`, 0o777, "disken svarer med en fejl – se, om den er fuld"},
	} {
		data := t.TempDir()
		for d, rights := range map[string]os.FileMode{filepath.Dir(data): 0o755, data: c.rights} {
			if err := os.Chmod(d, rights); err != nil {
				t.Fatal(err)
			}
		}
		t.Cleanup(func() { _ = os.Chmod(data, 0o700) })
		r := outcome(t, powerless(serving(program(t, data, c.before, "serve"), slackEnv(t, api, nil))))
		if said := lastLine(r.stderr); r.code != exitFailed || notOneLine(said) != "" || !strings.Contains(said, c.want) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// lastLine is the last line for a person; the ones before it are about the index, which serve can do without.
func lastLine(errOut string) string {
	said := logLine.ReplaceAllString(errOut, "")
	return said[strings.LastIndex(strings.TrimSpace(said), "\n")+1:]
}

// TestFullDisk is TestNoRoom on disks that are really full, which only root can have.
func TestFullDisk(t *testing.T) {
	_, api := world(t, workspace.Options{})
	for _, kilobytes := range []int{8, 40, 400, 4000} {
		data := t.TempDir()
		if err := syscall.Mount("none", data, "tmpfs", 0, fmt.Sprintf("size=%dk", kilobytes)); err != nil {
			t.Skip("no disk: ", err)
		}
		t.Cleanup(func() { _ = syscall.Unmount(data, 0) })
		r := outcome(t, program(t, data, "", "index"))
		if r.code != exitFailed || notOneLine(lastLine(r.stderr)) != "" || !strings.Contains(lastLine(r.stderr), "disken er fuld – gør plads") {
			t.Errorf("%d k: %+v", kilobytes, r)
		}
		if left := list(t, data); len(left) > 0 {
			t.Errorf("%d k: left behind: %v", kilobytes, left)
		}
		if r := outcome(t, program(t, data, "", "ask", "Hvad er samskabelse?")); r.code != exitDone || !strings.Contains(r.stdout, "Kilder") {
			t.Errorf("%d k: ask: %+v", kilobytes, r)
		}
		if kilobytes > 100 { // the journal has room
			continue
		}
		r = outcome(t, serving(program(t, data, "", "serve"), slackEnv(t, api, nil)))
		if said := lastLine(r.stderr); r.code != exitFailed || notOneLine(said) != "" || !strings.Contains(said, "fuld") {
			t.Errorf("%d k: serve: %+v", kilobytes, r)
		}
	}
}

// TestDiskTexts: each thing that is wrong with a disk is said in Danish, with what to do.
func TestDiskTexts(t *testing.T) {
	for err, want := range map[error]string{
		&fs.PathError{Op: "write", Path: "/d/index", Err: syscall.ENOSPC}:                     "»/d/index« kan ikke skrives, for disken er fuld – gør plads",
		&fs.PathError{Op: "write", Path: "/d/index", Err: syscall.EDQUOT}:                     "»/d/index« kan ikke skrives, for den plads, brugeren må bruge, er fyldt – gør plads",
		&fs.PathError{Op: "open", Path: "/d/index", Err: syscall.EROFS}:                       "disken er skrivebeskyttet – vælg",
		&fs.PathError{Op: "sync", Path: "/d/index", Err: syscall.EIO}:                         "»/d/index« kan ikke læses eller skrives; disken svarer med en fejl – ",
		journalError{"/d", fmt.Errorf("open: %w", journal.ErrFull)}:                           "journalen i »/d« kan ikke skrives, for disken er fuld – gør plads",
		&os.LinkError{Op: "rename", Old: "/d/.new-1", New: "/d/x.gen", Err: syscall.EEXIST}:   "»/d/x.gen« er en mappe, ikke en fil – flyt mappen",
		fmt.Errorf("open generation: %w", fmt.Errorf("%w: not a file", index.ErrDamaged)):     "indekset er beskadiget (det er ikke en fil) – »kildesvar index --rebuild« bygger det igen",
		fmt.Errorf("open generation: %w: %w", index.ErrStale, errors.New("embedder a, no b")): "indekset er bygget af noget andet (en anden måde at gøre tekst søgbar på) – »kildesvar index« bygger det om",
	} {
		got, code := inDanish(fmt.Errorf("save generation: %w", err))
		if code != exitFailed || !strings.Contains(got, want) {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}

// TestTwoBuilders: processes that build into one data folder at once all end well, and one whole index is left. So it is when one is killed.
func TestTwoBuilders(t *testing.T) {
	data := t.TempDir()
	for round := range 3 {
		var all []*exec.Cmd
		for range 3 {
			cmd := program(t, data, "", "index", "--rebuild")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			all = append(all, cmd)
		}
		if round == 2 {
			_ = all[0].Process.Kill()
		}
		for i, cmd := range all {
			if err := cmd.Wait(); err != nil && (i > 0 || round < 2) {
				t.Errorf("round %d, process %d: %v", round, i, err)
			}
		}
		if r := outcome(t, program(t, data, "", "check")); r.code != exitDone || !strings.Contains(r.stdout, "er hel og passer til artiklerne") {
			t.Errorf("round %d: %+v", round, r)
		}
		if left := list(t, data); len(left) != 1 {
			t.Errorf("round %d: there are %v", round, left)
		}
	}
}

// TestTwoServing: two programs serve from one data folder. Each question has one answer; when one is killed, the other goes on; the
// journal is whole.
func TestTwoServing(t *testing.T) {
	w, api := world(t, workspace.Options{})
	getenv := slackEnv(t, api, nil)
	data := getenv("KILDESVAR_DATA")
	var both [2]*exec.Cmd
	for i := range both {
		both[i] = serving(program(t, data, "", "serve"), getenv)
		if err := both[i].Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = both[i].Process.Kill() })
	}
	wait(t, w, "two sockets", func() bool { return w.Sockets() == 2 })
	var asked []string
	say := func(n int) {
		t.Helper()
		for range n {
			ts, err := w.Say(anna, channel, mention+"Hvad er samskabelse?", "")
			if err != nil {
				t.Fatal(err)
			}
			asked = append(asked, ts)
		}
	}
	answered := func() bool {
		for _, ts := range asked {
			if len(replies(w, ts)) == 0 {
				return false
			}
		}
		return true
	}
	say(6)
	wait(t, w, "answers from both", answered)
	say(4)
	_ = both[0].Process.Kill()
	_ = both[0].Wait()
	say(2)
	wait(t, w, "answers from the one that is left", answered)
	if err := both[1].Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := both[1].Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	for i, ts := range asked {
		if n := len(replies(w, ts)); n != 1 {
			t.Errorf("question %d has %d answers", i, n)
		}
	}
	if r := outcome(t, program(t, data, "", "check")); r.code != exitDone {
		t.Errorf("%+v", r)
	}
}
