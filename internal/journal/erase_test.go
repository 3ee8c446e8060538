package journal_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/journal"
)

// TestTextsAreGone looks for texts in all files of the folder while the journal is open, and for texts in the log.
func TestTextsAreGone(t *testing.T) {
	for name, erase := range map[string]func(*journal.Journal, time.Time) (journal.Erased, error){
		"forget": func(j *journal.Journal, _ time.Time) (journal.Erased, error) {
			return j.Forget(t.Context(), "Uhemmelig")
		},
		"prune": func(j *journal.Journal, now time.Time) (journal.Erased, error) { return j.Prune(t.Context(), now) },
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
			var log bytes.Buffer
			j := open(t, folder, journal.Options{Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
			for i := range 150 {
				d := delivery(i)
				if i%2 == 0 {
					d.User, d.Text = "Uhemmelig", strings.Repeat(fmt.Sprint("HEMMELIGT spørgsmål ", i), i%40+1)
				}
				if _, _, err := j.Record(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}
			for range 150 {
				q, l, err := j.Claim(t.Context(), "w", time.Minute)
				if err != nil {
					t.Fatal(err)
				}
				if q.User != "Uhemmelig" {
					q.Text = "andet"
				}
				if _, err := j.Posting(t.Context(), l, journal.Answer{JSON: []byte(`{"svar":"` + q.Text + `"}`), Plain: q.Text}); err != nil {
					t.Fatal(err)
				}
				if err := j.Finish(t.Context(), l, journal.Place{Channel: "C1", TS: q.ID}); err != nil {
					t.Fatal(err)
				}
			}
			if n := bytes.Count(read(t, folder), []byte("HEMMELIGT")); n < 150 {
				t.Fatalf("only %d texts to begin with", n)
			}
			now = now.Add(time.Hour)
			if n, err := erase(j, now); err != nil || n.Questions < 75 {
				t.Fatal(n, err)
			}
			if all := read(t, folder); bytes.Contains(all, []byte("HEMMELIGT")) || bytes.Contains(all, []byte("Uhemmelig")) {
				t.Error("texts or the name are still in the files")
			}
			if bytes.Contains(log.Bytes(), []byte("HEMMELIGT")) || log.Len() == 0 {
				t.Errorf("log: %s", log.String())
			}
		})
	}
}

// TestWipeWaitsForReaders: a reader of another process keeps the traces alive; the error says so, and a second try succeeds.
func TestWipeWaitsForReaders(t *testing.T) {
	folder := t.TempDir()
	j := open(t, folder, journal.Options{})
	if _, _, err := j.Record(t.Context(), delivery(1)); err != nil {
		t.Fatal(err)
	}
	tx, err := raw(t, folder).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM questions`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := j.Forget(ctx, "U1"); err == nil || !strings.Contains(err.Error(), "run it again") {
		t.Fatalf("error %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Forget(t.Context(), "U1"); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(read(t, folder), []byte("partnerskab, når")) {
		t.Error("the text is still in the files")
	}
}

// TestMovedCells has SQLite split pages whose cells are later deleted. With this seed a name stays behind in the free part of a page
// if the file is not rewritten, although secure_delete is on.
func TestMovedCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(0, 0))
	folder := t.TempDir()
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	j := open(t, folder, journal.Options{Now: func() time.Time { return now }})
	if err := journal.Pragma(t.Context(), j, "synchronous(OFF)"); err != nil { // no power cut is tested here
		t.Fatal(err)
	}
	for i := range 1500 {
		if i == 750 {
			now = now.Add(time.Hour)
		}
		d := delivery(i)
		d.EventID = fmt.Sprintf("%06d", rng.IntN(1000000))
		if i < 750 {
			d.EventID += "HEMMELIGT"
		}
		d.User = d.EventID
		if _, _, err := j.Record(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := j.Prune(t.Context(), now.Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(read(t, folder), []byte("HEMMELIGT")); n > 0 {
		t.Errorf("%d names are still in the files", n)
	}
}

// TestPruneWipesLater: what an interrupted pruning, or a withdrawal, has left in the files is wiped by the next pruning, though there is
// nothing more to delete; and without anything left nothing is rewritten.
func TestPruneWipesLater(t *testing.T) {
	folder := t.TempDir()
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	j := open(t, folder, journal.Options{Now: func() time.Time { return now }})
	ask := func(n int, text string) string {
		t.Helper()
		d := delivery(n)
		d.Text = text
		q, _, err := j.Record(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		return q.ID
	}
	ask(1, "GAMMELT spørgsmål")
	now = now.Add(time.Hour)
	tx, err := raw(t, folder).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM questions`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := j.Prune(ctx, now); err == nil {
		t.Fatal("pruned while somebody reads")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	withdrawn := ask(2, "FORTRUDT spørgsmål")
	if n, err := j.Prune(t.Context(), now); err != nil || n != (journal.Erased{}) {
		t.Fatal(n, err)
	}
	if bytes.Contains(read(t, folder), []byte("GAMMELT")) {
		t.Error("the pruned text is still in the files")
	}
	if _, err := j.Withdraw(t.Context(), withdrawn); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Prune(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(read(t, folder), []byte("FORTRUDT")) {
		t.Error("the withdrawn text is still in the files")
	}
	files := func() (out []byte) {
		t.Helper()
		for _, name := range []string{journal.File, journal.File + "-wal"} { // -shm notes who reads
			b, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, b...)
		}
		return out
	}
	before := files()
	if _, err := j.Prune(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, files()) {
		t.Error("the files were rewritten for nothing")
	}
}
