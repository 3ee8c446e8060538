package journal_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"kildesvar/internal/journal"
)

// TestExamine: a sound file is sound, also while it is used, and stays as it is to the byte; each fault is found.
func TestExamine(t *testing.T) {
	whole := template(t, "forget")
	folder := place(t, whole)
	x, err := journal.Examine(t.Context(), folder)
	if err != nil || len(x.Faults) > 0 || x.Older || len(x.Log.Problems) > 0 || x.Log.Rows == 0 {
		t.Errorf("sound: %+v, %v", x, err)
	}
	if after := read(t, folder); !bytes.Equal(after, whole) {
		t.Error("examining changed the file")
	}
	j := open(t, folder, journal.Options{})
	if _, _, err := j.Record(t.Context(), delivery(1)); err != nil {
		t.Fatal(err)
	}
	if x, err := journal.Examine(t.Context(), folder); err != nil || len(x.Faults) > 0 || len(x.Log.Problems) > 0 {
		t.Errorf("in use: %+v, %v", x, err)
	}
	if _, _, err := j.Record(t.Context(), delivery(2)); err != nil {
		t.Errorf("after it was examined: %v", err)
	}

	found := 0
	for at := 0; at < len(whole); at += 4096 * stride() {
		bad := bytes.Clone(whole)
		for i := at; i < at+4096; i++ {
			bad[i] ^= 0x5a
		}
		x, err := journal.Examine(t.Context(), place(t, bad))
		if !errors.Is(err, journal.ErrDamaged) && len(x.Faults) == 0 && (err != nil || len(x.Log.Problems) == 0) {
			t.Errorf("page %d: %+v, %v", at/4096, x, err)
		}
		found++
	}
	t.Logf("%d damaged pages found", found)
}

// TestExamineFaults are files that are no journal, or another program's, or were changed from outside.
func TestExamineFaults(t *testing.T) {
	empty := t.TempDir()
	if _, err := journal.Examine(t.Context(), empty); !errors.Is(err, fs.ErrNotExist) || len(read(t, empty)) > 0 {
		t.Errorf("no file: %v", err)
	}
	if err := os.Mkdir(filepath.Join(empty, journal.File), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Examine(t.Context(), empty); !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := journal.Examine(t.Context(), place(t, []byte("no database at all, but longer than nothing"))); !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("another file: %v", err)
	}
	if x, err := journal.Examine(t.Context(), place(t, template(t, "carry over"))); err != nil || !x.Older {
		t.Errorf("older: %+v, %v", x, err)
	}
	folder := place(t, template(t, "forget"))
	db := raw(t, folder)
	exec(t, db, `UPDATE questions SET answer = 'andet' WHERE status = 'answered'`)
	if x, err := journal.Examine(t.Context(), folder); err != nil || len(x.Log.Problems) == 0 {
		t.Errorf("answers changed: %+v, %v", x, err)
	}
	exec(t, db, `PRAGMA user_version = 99`)
	if _, err := journal.Examine(t.Context(), folder); !errors.Is(err, journal.ErrNewer) {
		t.Errorf("newer: %v", err)
	}
}
