package index

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"kildesvar/internal/article"
	"kildesvar/internal/embed/local"
)

// childEnv makes the test binary a process that does one of the jobs: "<job> <times> <file>".
const childEnv = "KILDESVAR_TEST_INDEX_CHILD"

// childJobs prepare a child for its work, which is to build two corpora in turn into a file, a number of times.
var childJobs = map[string]func() error{"build": func() error { return nil }, "learn": func() error { return nil }}

func TestMain(m *testing.M) {
	if job := os.Getenv(childEnv); job != "" {
		if err := child(strings.SplitN(job, " ", 3)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const childArticles = 30

// child does a job. What it logs goes to standard output, after the word that says it is ready.
func child(job []string) error {
	if len(job) != 3 || childJobs[job[0]] == nil {
		return fmt.Errorf("no such job: %q", job)
	}
	n, err := strconv.Atoi(job[1])
	if err != nil {
		return err
	}
	if err := childJobs[job[0]](); err != nil {
		return err
	}
	if _, err := fmt.Println("ready"); err != nil {
		return err
	}
	e := local.New(0)
	opt := testOptions(e)
	if job[0] == "learn" {
		opt = learnedOptions(&slowEmbedder{e, job[2] + ".asked"})
	}
	opt.Log = slog.New(slog.NewTextHandler(os.Stdout, nil))
	for i := range n {
		name := []string{"Alfa", "Beta"}[i%2]
		ix, err := Ensure(context.Background(), smallCorpus(name, childArticles), job[2], opt)
		if err != nil {
			return err
		}
		if got := ix.Passages[0].Text; !strings.Contains(got, name) {
			return fmt.Errorf("generation %s holds %q", name, got)
		}
	}
	return nil
}

// process is a child that has begun.
type process struct {
	*exec.Cmd
	log  bytes.Buffer // read it after wait
	read chan struct{}
}

// start runs a child and returns when it has begun.
func start(t *testing.T, job string, times int, file string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(exe), read: make(chan struct{})}
	p.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d %s", childEnv, job, times, file))
	p.Stderr = os.Stderr
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("child said %q, %v", line, err)
	}
	go func() {
		defer close(p.read)
		_, _ = io.Copy(&p.log, lines)
	}()
	return p
}

// wait returns what the child logged and how it ended.
func (p *process) wait() (string, error) {
	<-p.read
	err := p.Wait()
	return p.log.String(), err
}

// which opens the file and says which generation it holds.
func which(t *testing.T, file string) string {
	t.Helper()
	var errs []error
	for _, name := range []string{"Alfa", "Beta"} {
		sum, err := article.Fingerprint(smallCorpus(name, childArticles))
		if err != nil {
			t.Fatal(err)
		}
		e := local.New(0)
		ix, err := Open(t.Context(), file, Wanted(e, sum), testOptions(e))
		if err == nil {
			if got := ix.Passages[0].Text; !strings.Contains(got, name) {
				t.Errorf("generation %s holds %q", name, got)
			}
			return name
		}
		errs = append(errs, err)
	}
	if errors.Is(errs[0], fs.ErrNotExist) {
		return "none"
	}
	t.Errorf("neither generation opens: %v", errs)
	return "damaged"
}
