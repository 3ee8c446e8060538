package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"kildesvar/internal/journal/queue"
	"kildesvar/internal/journal/ulid"
)

// Options are a journal's settings.
type Options struct {
	Now    func() time.Time // nil: time.Now
	Log    *slog.Logger     // nil: no log. Ids and counts are logged, never texts
	MaxAge time.Duration    // how old a question may be and still be answered (Claim) rather than apologised for (Expired); 0: an hour

	driver string // the database driver; empty: SQLite's. Set in tests that make it fail
}

// Journal is the record of questions; see the package comment. Make one with OpenSQLite.
type Journal struct {
	w, r   *sql.DB // for transactions that write, and for reading
	now    func() time.Time
	log    *slog.Logger
	maxAge time.Duration
	ids    ulid.Maker
	queue  *queue.Queue
	// wipe overwrites what deleted rows have left in the storage.
	wipe func(context.Context) error
	// explain joins a driver's error with the sentinel it stands for.
	explain func(error) error
}

// newJournal fills in the defaults; the backend adds the rest.
func newJournal(o Options) *Journal {
	j := &Journal{now: o.Now, log: o.Log, maxAge: o.MaxAge, queue: queue.New()}
	if j.now == nil {
		j.now = time.Now
	}
	if j.log == nil {
		j.log = slog.New(slog.DiscardHandler)
	}
	if j.maxAge <= 0 {
		j.maxAge = time.Hour
	}
	return j
}

// Close ends all connections; calls that are under way fail. It may be called twice.
func (j *Journal) Close() error {
	if err := errors.Join(j.r.Close(), j.w.Close()); err != nil {
		return fmt.Errorf("close journal: %w", err)
	}
	return nil
}

// update runs f in one transaction, which is on disk when update returns nil.
func (j *Journal) update(ctx context.Context, op string, f func(*sql.Tx) error) error {
	leave, err := j.queue.Wait(ctx)
	if err != nil {
		return j.fail(ctx, op, err)
	}
	defer leave()
	return j.transaction(ctx, op, f)
}

// urgently is update for what has a deadline: an acknowledgement, a lease.
func (j *Journal) urgently(ctx context.Context, op string, f func(*sql.Tx) error) error {
	defer j.queue.Hurry()()
	return j.transaction(ctx, op, f)
}

func (j *Journal) transaction(ctx context.Context, op string, f func(*sql.Tx) error) error {
	tx, err := j.w.BeginTx(ctx, nil)
	if err != nil {
		return j.fail(ctx, op, err)
	}
	defer func() { _ = tx.Rollback() }() // of no effect after Commit
	if err := f(tx); err != nil {
		return j.fail(ctx, op, err)
	}
	return j.fail(ctx, op, tx.Commit())
}

// fail names the operation in an error, and the end of ctx where that is the reason. A nil error stays nil.
func (j *Journal) fail(ctx context.Context, op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("journal: %s: %w", op, ErrNotFound)
	case ctx.Err() != nil && !errors.Is(err, ctx.Err()):
		return fmt.Errorf("journal: %s: %w: %w", op, ctx.Err(), err)
	}
	return fmt.Errorf("journal: %s: %w", op, j.explain(err))
}

// one reads the question that the rest of a SELECT finds.
func (j *Journal) one(ctx context.Context, op, where string, args ...any) (Question, error) {
	q, _, err := scan(j.r.QueryRowContext(ctx, `SELECT `+columns+` FROM questions WHERE `+where, args...))
	return q, j.fail(ctx, op, err)
}

// many reads the questions that the rest of a SELECT finds.
func (j *Journal) many(ctx context.Context, op, where string, args ...any) ([]Question, error) {
	return list(ctx, j, op, func(r row) (Question, error) {
		q, _, err := scan(r)
		return q, err
	}, `SELECT `+columns+` FROM questions WHERE `+where, args...)
}

// list reads all rows of a query.
func list[T any](ctx context.Context, j *Journal, op string, read func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := j.r.QueryContext(ctx, query, args...)
	out, err := all(rows, err, read)
	return out, j.fail(ctx, op, err)
}

// all reads what a query gave.
func all[T any](rows *sql.Rows, err error, read func(row) (T, error)) (out []T, _ error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		v, err := read(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// changed says how many rows a statement has changed.
func changed(res sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
