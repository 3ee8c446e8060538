package journal

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"kildesvar/internal/journal/sqlitefile"
)

// File is the name of the SQLite file in its folder; while it is open there are File-wal and File-shm beside it.
const File = "journal.db"

//go:embed migrations/*.sql
var migrations embed.FS

// OpenSQLite opens the journal in a folder, makes both if they are missing (for the user alone: 0700 and 0600; an existing folder keeps
// its mode, an existing file is narrowed), checks the file and brings it to the newest schema. Errors to branch on: ErrDamaged,
// ErrReadOnly, ErrFull, ErrIO, ErrNewer.
func OpenSQLite(ctx context.Context, folder string, o Options) (*Journal, error) {
	j := newJournal(o)
	j.explain = sqlitefile.Explain
	j.wipe = func(ctx context.Context) error { return sqlitefile.Wipe(ctx, j.w) }
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	file := filepath.Join(folder, File)
	if err := sqlitefile.Prepare(folder, file); err != nil {
		return nil, fmt.Errorf("open journal %s: %w", file, j.explain(err))
	}
	driver := o.driver
	if driver == "" {
		driver = sqlitefile.Driver
	}
	if j.w, j.r, err = sqlitefile.Open(driver, file); err != nil {
		return nil, fmt.Errorf("open journal %s: %w", file, err)
	}
	if err := j.ready(ctx); err != nil {
		_ = j.Close()
		return nil, j.fail(ctx, "open "+file, err)
	}
	return j, nil
}

// ready checks the file, refuses a newer one before anything is changed, switches to a write-ahead log, and migrates.
func (j *Journal) ready(ctx context.Context) error {
	if err := sqlitefile.Check(ctx, j.w); err != nil {
		return err
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
	if err := sqlitefile.LogAhead(ctx, j.w); err != nil {
		return err
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
			if version+1 == saidSchema {
				if err := j.carry(ctx, tx); err != nil {
					return fmt.Errorf("%s: carry over: %w", scripts[version], err)
				}
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
