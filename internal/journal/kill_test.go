package journal_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kildesvar/internal/journal"
)

// The child process gets its folder, and the file that stands for the chat, by environment.
const (
	childFolder = "JOURNAL_TEST_FOLDER"
	childPosted = "JOURNAL_TEST_POSTED"
)

// child records questions and answers them, as a front end does, until it is killed. It prints what the journal has acknowledged.
func child(folder, posted string) {
	ctx := context.Background()
	j, err := journal.OpenSQLite(ctx, folder, journal.Options{})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	defer func() { _ = j.Close() }()
	for n := 0; ; n++ {
		d := delivery(n)
		d.EventID, d.TS = fmt.Sprintf("%d-%d", os.Getpid(), n), fmt.Sprintf("%d.%06d", os.Getpid(), n)
		q, _, err := j.Record(ctx, d)
		if err == nil {
			fmt.Println("received", q.ID)
			if n%3 != 0 {
				err = serve(ctx, j, posted, func(id string) { fmt.Println("answered", id) })
			}
		}
		if err != nil && !errors.Is(err, journal.ErrState) { // another child has the question
			fmt.Println("error", err)
			return
		}
	}
}

// serve answers one question, if one is due, and tells done. The lease is so short that the next process need not wait for it.
func serve(ctx context.Context, j *journal.Journal, posted string, done func(id string)) error {
	q, l, err := j.Claim(ctx, "child", time.Millisecond)
	if errors.Is(err, journal.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	stands := false
	if q.Nonce != "" {
		chat, err := os.ReadFile(posted)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		stands = strings.Contains(string(chat), q.Nonce)
	}
	nonce, err := j.Posting(ctx, l, journal.Answer{JSON: []byte(`{}`), Plain: "Svar"})
	if err != nil {
		return err
	}
	if !stands {
		if err := post(posted, q.ID+" "+nonce+"\n"); err != nil {
			return err
		}
	}
	if err := j.Finish(ctx, l, journal.Place{Channel: q.Channel, TS: q.ID}); err != nil {
		return err
	}
	done(q.ID)
	return nil
}

// post appends a line in one write, which is there whole or not at all when the process is killed.
func post(posted, line string) error {
	f, err := os.OpenFile(posted, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line)
	return errors.Join(err, f.Close())
}

// TestKilled kills a child at 30 random moments. What was acknowledged is there, the file is sound, and when all is answered every
// question has exactly one message.
func TestKilled(t *testing.T) {
	folder, posted := t.TempDir(), filepath.Join(t.TempDir(), "posted")
	acked := map[string]string{}
	for range 30 {
		killOne(t, folder, posted, acked)
		nothingLost(t, folder, acked)
	}
	now := time.Now().Add(time.Second) // all leases have run out
	j := open(t, folder, journal.Options{Now: func() time.Time { return now }})
	for left := 1; left > 0; {
		if err := serve(t.Context(), j, posted, func(string) {}); err != nil {
			t.Fatal(err)
		}
		qs, err := j.Pending(t.Context(), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		left = len(qs)
	}
	chat, err := os.ReadFile(posted)
	if err != nil {
		t.Fatal(err)
	}
	messages := map[string]int{}
	for line := range strings.Lines(string(chat)) {
		messages[strings.Fields(line)[0]]++
	}
	for id, n := range messages {
		if n != 1 {
			t.Errorf("%s has %d messages", id, n)
		}
	}
	for id := range acked {
		if messages[id] == 0 {
			t.Errorf("%s has no message", id)
		}
	}
	if len(acked) < 30 { // each child acknowledges at least one
		t.Errorf("only %d questions were acknowledged", len(acked))
	}
	t.Logf("%d acknowledged, %d messages", len(acked), len(messages))
}

// killOne runs a child, kills it a random moment after a random number of its acknowledgements (so that a busy machine tests as much as
// an idle one), and adds what it printed to acked.
func killOne(t *testing.T, folder, posted string, acked map[string]string) {
	t.Helper()
	cmd := osexec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+folder, childPosted+"="+posted)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	left := 1 + rand.IntN(15)
	for lines := bufio.NewScanner(out); lines.Scan(); left-- {
		what, id, _ := strings.Cut(lines.Text(), " ")
		if what == "error" {
			t.Errorf("child: %s", id)
		} else if acked[id] != "answered" {
			acked[id] = what
		}
		if left == 1 {
			time.AfterFunc(time.Duration(rand.IntN(4000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
}

// nothingLost opens the journal, which checks the file, and looks for everything that was acknowledged.
func nothingLost(t *testing.T, folder string, acked map[string]string) {
	t.Helper()
	j := open(t, folder, journal.Options{})
	pending := map[string]bool{}
	qs, err := j.Pending(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range qs {
		pending[q.ID] = true
	}
	for id, status := range acked {
		q, err := j.Answer(t.Context(), id)
		if status == "answered" && (err != nil || q.Status != journal.Answered) {
			t.Fatalf("%s was answered; now %s, %v", id, q.Status, err)
		}
		if err != nil && !pending[id] {
			t.Fatalf("%s was acknowledged and is lost: %v", id, err)
		}
	}
	if r, err := j.Verify(t.Context(), ""); err != nil || len(r.Problems) > 0 {
		t.Fatalf("verify: %+v, %v", r, err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestTwoProcesses has two processes on one folder, both killed: no lock keeps the second out, and the log is whole.
func TestTwoProcesses(t *testing.T) {
	folder := t.TempDir()
	acked := map[string]string{}
	for range 6 {
		var mine [2]map[string]string
		var wg sync.WaitGroup
		for i := range mine {
			mine[i] = map[string]string{}
			wg.Go(func() { killOne(t, folder, filepath.Join(folder, fmt.Sprint("posted", i)), mine[i]) })
		}
		wg.Wait()
		for _, m := range mine {
			for id, what := range m {
				if acked[id] != "answered" {
					acked[id] = what
				}
			}
		}
		nothingLost(t, folder, acked)
	}
	if len(acked) < 12 {
		t.Errorf("only %d questions were acknowledged", len(acked))
	}
	t.Logf("%d acknowledged", len(acked))
}
