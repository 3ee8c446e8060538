package journal

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// File is the name of the SQLite file in its folder; while it is open there are File-wal and File-shm beside it.
const File = "journal.db"

// patience is how long a call waits for another process to let go of the file.
const patience = 5 * time.Second

// readers is how many connections read at the same time. One connection writes.
const readers = 4

//go:embed migrations/*.sql
var migrations embed.FS

// OpenSQLite opens the journal in a folder, makes both if they are missing (for the user alone: 0700 and 0600; an existing folder keeps
// its mode, an existing file is narrowed), checks the file and brings it to the newest schema. Errors to branch on: ErrDamaged,
// ErrReadOnly, ErrNewer.
func OpenSQLite(ctx context.Context, folder string, o Options) (*Journal, error) {
	j := newJournal(o)
	j.explain, j.wipe = explainSQLite, j.wipeSQLite
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	file := filepath.Join(folder, File)
	if err := prepare(folder, file); err != nil {
		return nil, fmt.Errorf("open journal %s: %w", file, explainSQLite(err))
	}
	if err := j.connect(file); err != nil {
		return nil, fmt.Errorf("open journal %s: %w", file, err)
	}
	if err := j.ready(ctx); err != nil {
		_ = j.Close()
		return nil, j.fail(ctx, "open "+file, err)
	}
	return j, nil
}

// prepare makes the folder and the file, and checks that the folder can be written. An existing file is never opened here: closing it
// would drop the locks that SQLite holds on it in this process (sqlite.org/howtocorrupt.html, 2.2).
func prepare(folder, file string) error {
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

// connect makes the pools; nothing is opened yet.
func (j *Journal) connect(file string) error {
	pragmas := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()), "foreign_keys(1)",
		"synchronous(FULL)",   // a committed question survives a power cut
		"secure_delete(1)",    // deleted content is overwritten
		"temp_store(MEMORY)",  // VACUUM leaves no copy in the temporary folder
		"trusted_schema(OFF)", // the file cannot make us call functions
	}, "_txlock": {"immediate"}, "_defensive": {"1"}, "_dqs": {"0"}}
	open := func(limit int, v url.Values) (*sql.DB, error) {
		db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.ToSlash(file), RawQuery: v.Encode()}).String())
		if err == nil {
			db.SetMaxOpenConns(limit)
			db.SetMaxIdleConns(limit)
		}
		return db, err
	}
	var err error
	if j.w, err = open(1, pragmas); err != nil {
		return err
	}
	pragmas.Set("_query_only", "1")
	j.r, err = open(readers, pragmas)
	return err
}

// ready checks the file, refuses a newer one before anything is changed, switches to a write-ahead log, and migrates.
func (j *Journal) ready(ctx context.Context) error {
	var verdict string
	if err := patiently(ctx, func() error { return j.w.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict) }); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w (%s)", ErrDamaged, verdict)
	}
	scripts, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	version := 0
	if err := j.w.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if version > len(scripts) {
		return newer(version, len(scripts))
	}
	mode := ""
	if err := patiently(ctx, func() error { return j.w.QueryRowContext(ctx, `PRAGMA journal_mode(WAL)`).Scan(&mode) }); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("the file system has no write-ahead log for SQLite (mode %s); choose a data folder on a local disk", mode)
	}
	return j.migrate(ctx, scripts)
}

func newer(have, know int) error {
	return fmt.Errorf("%w (schema %d, this one knows %d)", ErrNewer, have, know)
}

// migrate runs the scripts (sorted, numbered from 1) that the file has not seen, each in a transaction with its number. The file's number
// is read inside the transaction, as another process may be migrating too.
func (j *Journal) migrate(ctx context.Context, scripts []string) error {
	for done := false; !done; {
		err := j.update(ctx, "migrate", func(tx *sql.Tx) error {
			var version int
			if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
				return err
			}
			if version > len(scripts) {
				return newer(version, len(scripts))
			}
			if done = version == len(scripts); done {
				return nil
			}
			script, err := fs.ReadFile(migrations, scripts[version])
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, string(script)); err != nil {
				return fmt.Errorf("%s: %w", scripts[version], err)
			}
			j.log.Info("journal migrated", "script", strings.TrimPrefix(scripts[version], "migrations/"))
			_, err = tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, version+1))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// wipeSQLite rewrites the file without what deleted rows have left in it, and empties the write-ahead log. secure_delete alone does not do:
// SQLite leaves copies of cells in the free part of a page when it moves them to another (TestMovedCells). While it runs, writers wait and
// the file's size is taken in memory: measured on 2 busy cores, about a second for every 60 MB.
func (j *Journal) wipeSQLite(ctx context.Context) error {
	if _, err := j.w.ExecContext(ctx, `VACUUM`); err != nil {
		return err
	}
	return patiently(ctx, func() error {
		var busy, frames, copied int
		if err := j.w.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &copied); err != nil {
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

// explainSQLite joins what SQLite and the file system say with the sentinel that says what to do.
func explainSQLite(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%w (%w)", ErrReadOnly, err)
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w (%w)", ErrReadOnly, err)
	}
	return err
}
