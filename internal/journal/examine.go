package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kildesvar/internal/journal/chain"
	"kildesvar/internal/journal/sqlitefile"
)

// Examination is what Examine has found. It cannot say that rows are right which somebody wrote with the program's own means.
type Examination struct {
	Faults []string     // what SQLite finds wrong with the file, the first 100; empty: it is sound
	Older  bool         // the file has an older schema, whose log is made at the next OpenSQLite; Log is empty
	Log    chain.Report // as from Verify; empty when there are Faults
}

// Examine checks every page of the file in a folder, its indexes and its log, without making, migrating or changing anything. It may run
// while others use the file. A file that is not there is fs.ErrNotExist; one so damaged that it cannot be read is ErrDamaged, others that
// cannot be are ErrReadOnly (a write-ahead log needs a folder that can be written, for reading too) and ErrNewer.
func Examine(ctx context.Context, folder string) (x Examination, err error) {
	file, err := filepath.Abs(filepath.Join(folder, File))
	if err != nil {
		return x, fmt.Errorf("examine journal: %w", err)
	}
	fail := func(err error) error { return fmt.Errorf("examine journal %s: %w", file, sqlitefile.Explain(err)) }
	info, err := os.Stat(file) // opening would make it
	if err != nil {
		return x, fail(err)
	}
	if !info.Mode().IsRegular() {
		return x, fail(fmt.Errorf("%w (it is not a file)", ErrDamaged))
	}
	w, r, err := sqlitefile.Open(sqlitefile.Driver, file)
	if err != nil {
		return x, fail(err)
	}
	defer func() { err = errors.Join(err, w.Close(), r.Close()) }()
	if x.Faults, err = sqlitefile.Integrity(ctx, r); err != nil || len(x.Faults) > 0 {
		if err != nil {
			err = fail(err)
		}
		return x, err
	}
	scripts, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return x, fail(err)
	}
	version := 0
	if err := r.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return x, fail(err)
	}
	if version > len(scripts) {
		return x, fail(newer(version, len(scripts)))
	}
	if x.Older = version < len(scripts); x.Older {
		return x, nil
	}
	j := newJournal(Options{})
	j.w, j.r, j.explain = w, r, sqlitefile.Explain
	x.Log, err = j.Verify(ctx, "")
	return x, err
}
