// Package sqlitefile opens an SQLite file so that what is committed survives, what is deleted can be wiped, and every fault says what to do.
//
// It leaves to others what is in the file: schema, statements, transactions.
//
// Third-party: modernc.org/sqlite, SQLite translated to Go, so that the program is one static file built without a C compiler.
package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Driver is the name under which the driver is registered.
const Driver = "sqlite"

// patience is how long a call waits for another process to let go of the file.
const patience = 5 * time.Second

// readers is how many connections read at the same time. One connection writes.
const readers = 4

// Errors on which callers branch.
var (
	ErrDamaged = errors.New("the file is damaged; stop all programs that use it, move it away together with its -wal and -shm files, " +
		"and put a backup in its place or start without one (earlier questions and ratings are lost then)")
	ErrReadOnly = errors.New("cannot be written; give the program's user write access or choose another data folder")
	ErrIO       = errors.New("the disk answers with an error; see whether it is full or failing, and try again, nothing that was acknowledged is lost")
	ErrFull     = errors.New("cannot be written, the disk is full; make room and try again, nothing that was acknowledged is lost")
)

// Prepare makes the folder and the file, and checks that the folder can be written. An existing file is never opened here: closing it
// would drop the locks that SQLite holds on it in this process (sqlite.org/howtocorrupt.html, 2.2).
func Prepare(folder, file string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	probe, err := os.CreateTemp(folder, ".journal-*")
	if err != nil {
		return err
	}
	probe.Close()
	if err := os.Remove(probe.Name()); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		return f.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a file", name)
		}
		if info.Mode().Perm()&0o077 != 0 {
			if err := os.Chmod(name, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// Open makes a pool of one connection that writes and a pool that reads; nothing is opened yet. driver is Driver outside tests.
func Open(driver, file string) (w, r *sql.DB, err error) {
	pragmas := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()), "foreign_keys(1)",
		"synchronous(FULL)",   // a committed question survives a power cut
		"secure_delete(1)",    // deleted content is overwritten
		"temp_store(MEMORY)",  // VACUUM leaves no copy in the temporary folder
		"trusted_schema(OFF)", // the file cannot make us call functions
	}, "_txlock": {"immediate"}, "_defensive": {"1"}, "_dqs": {"0"}}
	open := func(limit int, v url.Values) (*sql.DB, error) {
		db, err := sql.Open(driver, (&url.URL{Scheme: "file", Path: filepath.ToSlash(file), RawQuery: v.Encode()}).String())
		if err == nil {
			db.SetMaxOpenConns(limit)
			db.SetMaxIdleConns(limit)
		}
		return db, err
	}
	if w, err = open(1, pragmas); err != nil {
		return nil, nil, err
	}
	pragmas.Set("_query_only", "1")
	if r, err = open(readers, pragmas); err != nil {
		return nil, nil, errors.Join(err, w.Close())
	}
	return w, r, nil
}

// Check checks that the file is a sound database.
func Check(ctx context.Context, w *sql.DB) error {
	var verdict string
	if err := patiently(ctx, func() error { return w.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict) }); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w (%s)", ErrDamaged, verdict)
	}
	return nil
}

// Integrity checks every page and every index, and that no row refers to one that is not there. It returns what is wrong, at most 100 lines.
func Integrity(ctx context.Context, db *sql.DB) (faults []string, err error) {
	for _, c := range []struct{ query, fine string }{
		{`PRAGMA integrity_check(100)`, "ok"},
		{`SELECT 'row ' || COALESCE(rowid, '') || ' of ' || "table" || ' refers to none of ' || parent FROM pragma_foreign_key_check LIMIT 100`, ""},
	} {
		found, err := lines(ctx, db, c.query)
		if err != nil {
			return nil, err
		}
		if len(found) == 1 && found[0] == c.fine {
			continue
		}
		if faults = append(faults, found...); len(faults) > 0 {
			break
		}
	}
	return faults, nil
}

// lines reads a column of texts.
func lines(ctx context.Context, db *sql.DB, query string) (list []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		line := ""
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		list = append(list, line)
	}
	return list, rows.Err()
}

// LogAhead switches to a write-ahead log.
func LogAhead(ctx context.Context, w *sql.DB) error {
	mode := ""
	if err := patiently(ctx, func() error { return w.QueryRowContext(ctx, `PRAGMA journal_mode(WAL)`).Scan(&mode) }); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("the file system has no write-ahead log for SQLite (mode %s); choose a data folder on a local disk", mode)
	}
	return nil
}

// Wipe rewrites the file without what deleted rows have left in it, and empties the write-ahead log. secure_delete alone does not do:
// SQLite leaves copies of cells in the free part of a page when it moves them to another (TestMovedCells). While it runs, writers wait and
// the file's size is taken in memory: measured on 2 busy cores, about a second for every 60 MB.
func Wipe(ctx context.Context, w *sql.DB) error {
	if _, err := w.ExecContext(ctx, `VACUUM`); err != nil {
		return err
	}
	return patiently(ctx, func() error {
		var busy, frames, copied int
		if err := w.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &copied); err != nil {
			return err
		}
		if busy != 0 {
			return errBusy
		}
		return nil
	})
}

var errBusy = errors.New("another connection is reading the file")

// patiently repeats f while the file is busy. SQLite's own waiting covers neither checkpoints nor the switch to a write-ahead log in all
// cases. At the end of patience the last error is returned.
func patiently(ctx context.Context, f func() error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := f()
		if err == nil || !errors.Is(err, errBusy) && code(err) != sqlite3.SQLITE_BUSY {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

// code is the primary result code of an SQLite error, 0 for other errors.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// Explain joins what SQLite and the file system say with the sentinel that says what to do.
func Explain(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%w (%w)", ErrReadOnly, err)
	case sqlite3.SQLITE_IOERR:
		return fmt.Errorf("%w (%w)", ErrIO, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w (%w)", ErrFull, err)
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w (%w)", ErrReadOnly, err)
	}
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("%w (%w)", ErrFull, err)
	}
	return err
}
