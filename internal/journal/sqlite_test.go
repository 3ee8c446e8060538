package journal_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kildesvar/internal/journal"
	"kildesvar/internal/journal/journaltest"
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(childFolder); folder != "" {
		child(folder, os.Getenv(childPosted))
		return
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, folder string, o journal.Options) *journal.Journal {
	t.Helper()
	j, err := journal.OpenSQLite(t.Context(), folder, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	})
	return j
}

// raw opens the file without the journal.
func raw(t testing.TB, folder string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(folder, journal.File))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func exec(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func delivery(n int) journal.Delivery {
	return journal.Delivery{App: "A1", Team: "T1", EventID: fmt.Sprint("Ev", n), Channel: fmt.Sprint("C", n%20), TS: fmt.Sprintf("1764061200.%06d", n), User: fmt.Sprint("U", n%50),
		Surface: journal.Mention, Text: "Hvad er forskellen på samskabelse og et partnerskab, når kommunen selv sidder med ved bordet?"}
}

func TestConformance(t *testing.T) {
	journaltest.Run(t, func(t *testing.T, o journal.Options) *journal.Journal { return open(t, t.TempDir(), o) })
}

func openRaw(t testing.TB, o journal.Options) (*journal.Journal, *sql.DB) {
	folder := t.TempDir()
	return open(t, folder, o), raw(t, folder)
}

// stride is 1, or how many cases of the great loops one stands for where time is short.
func stride() int {
	switch {
	case raceEnabled:
		return 31
	case testing.Short():
		return 11
	}
	return 1
}

func TestTamper(t *testing.T)     { journaltest.Tamper(t, openRaw, stride()) }
func TestTamperMany(t *testing.T) { journaltest.TamperMany(t, openRaw, 500/stride()) }
func TestTruncate(t *testing.T)   { journaltest.Truncate(t, openRaw) }

func TestFolderNameAndModes(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data æø?#%20&", "journal")
	j := open(t, folder, journal.Options{})
	if _, fresh, err := j.Record(t.Context(), delivery(1)); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	modes := func(want int) {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(filepath.Dir(folder), "*", "*"))
		if err != nil || len(names) != want {
			t.Fatalf("files %v, %v; want %d", names, err, want)
		}
		for _, n := range append(names, folder, filepath.Dir(folder)) {
			info, err := os.Stat(n)
			if err != nil {
				t.Fatal(err)
			}
			if p := info.Mode().Perm(); p != 0o600 && (!info.IsDir() || p != 0o700) {
				t.Errorf("%s has mode %o", n, p)
			}
		}
	}
	modes(3) // with -wal and -shm
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(folder, journal.File), 0o644); err != nil {
		t.Fatal(err)
	}
	j = open(t, folder, journal.Options{})
	if _, fresh, err := j.Record(t.Context(), delivery(1)); err != nil || fresh {
		t.Fatal(fresh, err)
	}
	modes(3)
}

func TestOpenTogether(t *testing.T) {
	folder := t.TempDir()
	var wg sync.WaitGroup
	errs := make([]error, 6)
	fresh := make([]bool, len(errs))
	for i := range errs {
		wg.Go(func() {
			j, err := journal.OpenSQLite(t.Context(), folder, journal.Options{})
			if err != nil {
				errs[i] = err
				return
			}
			_, fresh[i], err = j.Record(t.Context(), delivery(1))
			errs[i] = errors.Join(err, j.Close())
		})
	}
	wg.Wait()
	n := 0
	for i, err := range errs {
		if err != nil {
			t.Error(err)
		}
		if fresh[i] {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d are fresh, want 1", n)
	}
}

func TestMigrateFromFirst(t *testing.T) {
	folder := t.TempDir()
	script, err := os.ReadFile("migrations/0001_questions.sql")
	if err != nil {
		t.Fatal(err)
	}
	db := raw(t, folder)
	exec(t, db, string(script))
	exec(t, db, `PRAGMA user_version = 1`)
	exec(t, db, `INSERT INTO questions (id, team, channel, thread_ts, ts, asker, surface, question, context, received_at, status, due_at, answer)
		VALUES ('01OLD', 'T1', 'C1', '1.0', '1.0', 'U1', 'mention', 'Hvad er en ildsjæl?', '', 1, 'answered', 0, '{}')`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	j := open(t, folder, journal.Options{})
	if q, err := j.Answer(t.Context(), "01OLD"); err != nil || q.Text != "Hvad er en ildsjæl?" {
		t.Fatalf("%+v, %v", q, err)
	}
	if _, fresh, err := j.Escalate(t.Context(), journal.Escalation{AnswerID: "01OLD", Asker: "U1"}); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
}

// TestMigrationFails leaves the file as it was before the script that fails.
func TestMigrationFails(t *testing.T) {
	folder := t.TempDir()
	db := raw(t, folder)
	exec(t, db, `CREATE TABLE relays (x)`) // in the way of the second script's last table
	if _, err := journal.OpenSQLite(t.Context(), folder, journal.Options{}); err == nil || !strings.Contains(err.Error(), "0002_escalations.sql") {
		t.Fatalf("error %v", err)
	}
	var version, tables int
	if err := db.QueryRowContext(t.Context(), `SELECT user_version, (SELECT COUNT(*) FROM sqlite_schema WHERE name = 'escalations') FROM pragma_user_version`).Scan(&version, &tables); err != nil {
		t.Fatal(err)
	}
	if version != 1 || tables != 0 {
		t.Errorf("version %d, %d tables of the failed script", version, tables)
	}
	exec(t, db, `DROP TABLE relays`)
	open(t, folder, journal.Options{})
}

func TestNewerFile(t *testing.T) {
	folder := t.TempDir()
	db := raw(t, folder)
	exec(t, db, `PRAGMA user_version = 99`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before := read(t, folder)
	_, err := journal.OpenSQLite(t.Context(), folder, journal.Options{})
	if !errors.Is(err, journal.ErrNewer) || !strings.Contains(err.Error(), "99") {
		t.Fatalf("error %v", err)
	}
	if !bytes.Equal(before, read(t, folder)) {
		t.Error("the newer file was changed")
	}
}

// read is all bytes of all files in a folder.
func read(t *testing.T, folder string) []byte {
	t.Helper()
	var out []byte
	err := filepath.WalkDir(folder, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		out = append(out, b...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDamaged(t *testing.T) {
	sound := t.TempDir()
	j := open(t, sound, journal.Options{})
	for i := range 200 {
		if _, _, err := j.Record(t.Context(), delivery(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(sound, journal.File))
	if err != nil {
		t.Fatal(err)
	}
	for name, harm := range map[string]func([]byte) []byte{
		"header":    func(b []byte) []byte { copy(b, "something else, no database"); return b },
		"truncated": func(b []byte) []byte { return b[:len(b)/2] },
		"pages": func(b []byte) []byte {
			for i := len(b) / 3; i < len(b)/3+3*4096; i++ {
				b[i] ^= 0xa5
			}
			return b
		},
	} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, journal.File), harm(bytes.Clone(whole)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := journal.OpenSQLite(t.Context(), folder, journal.Options{}); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, journal.File), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, folder, journal.Options{}) // the same bytes unharmed
}

func TestFull(t *testing.T) {
	folder := t.TempDir()
	j := open(t, folder, journal.Options{})
	limit := func(pages int) { // holds for the connection that writes
		t.Helper()
		if err := journal.Pragma(t.Context(), j, fmt.Sprintf("max_page_count(%d)", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1)
	n := 0
	var err error
	for ; err == nil && n < 10000; n++ {
		_, _, err = j.Record(t.Context(), delivery(n))
	}
	if err == nil {
		t.Fatal("the file was never full")
	}
	limit(1 << 30)
	q, fresh, err := j.Record(t.Context(), delivery(n-1))
	if err != nil || !fresh || q.Status != journal.Received {
		t.Errorf("%+v, fresh %v, %v", q, fresh, err)
	}
}

func FuzzTamper(f *testing.F) {
	var now func() time.Time
	j, db := openRaw(f, journal.Options{Now: func() time.Time { return now() }})
	open := func(_ testing.TB, o journal.Options) (*journal.Journal, *sql.DB) { now = o.Now; return j, db }
	for i := range uint32(12) {
		f.Add(i*2654435761, int64(i), "answered")
	}
	var forger journaltest.Forger
	f.Fuzz(func(t *testing.T, where uint32, n int64, s string) { forger.Value(t, open, where, n, s) })
}
