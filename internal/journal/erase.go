package journal

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"kildesvar/internal/journal/chain"
)

// Erased says how much was deleted.
type Erased struct {
	Questions   int `json:"questions"`
	Ratings     int `json:"ratings"`
	Escalations int `json:"escalations"`
}

// Forget deletes a person's questions with their answers, ratings and escalations, the person's ratings of others' answers, and the
// person's name as expert, and overwrites what they leave in the files. Keys of the questions stay, so that a late redelivery is not
// answered, and so does the log, which says that something was erased and not whose. On an error it must be repeated: rows may be gone
// while their traces are not. Record waits while the files are rewritten (a second for about 15,000 questions).
func (j *Journal) Forget(ctx context.Context, user string) (n Erased, err error) {
	err = j.update(ctx, "forget", func(tx *sql.Tx) error {
		if n, err = j.erase(ctx, tx, "forgotten", `asker = $1`, user); err != nil {
			return err
		}
		own, err := j.delete(ctx, tx, ratings, "forgotten", `person = $1`, user)
		if err != nil {
			return err
		}
		asked, err := j.delete(ctx, tx, handovers, "forgotten", `asker = $1`, user)
		if err != nil {
			return err
		}
		n.Ratings, n.Escalations = n.Ratings+own, n.Escalations+asked
		return j.forgetExpert(ctx, tx, user)
	})
	if err != nil {
		return Erased{}, err
	}
	return n, j.wiped(ctx, "forget", n)
}

// forgetExpert takes a person's name off the escalations of others.
func (j *Journal) forgetExpert(ctx context.Context, tx *sql.Tx, user string) error {
	ids, err := texts(ctx, tx, `SELECT id FROM escalations WHERE taken_by = $1 OR solved_by = $1 ORDER BY id`, user)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, `UPDATE escalations SET taken_by = CASE WHEN taken_by = $2 THEN '' ELSE taken_by END,
			solved_by = CASE WHEN solved_by = $2 THEN '' ELSE solved_by END WHERE id = $1`, id, user); err != nil {
			return err
		}
		if err := j.put(ctx, tx, handovers, "expert forgotten", `id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}

// pruned is how many questions are deleted in one transaction, so that a question that is being recorded waits for a moment only.
const pruned = 200

// Prune deletes all questions received before the given time with all that hangs on them, and keys and mutes of that age. If that, or a
// withdrawal since the last time, left anything in the files, it is overwritten, as by Forget; call it at a quiet hour. On an error it
// goes on where it was when it is repeated.
func (j *Journal) Prune(ctx context.Context, before time.Time) (n Erased, err error) {
	for more := true; more; {
		err := j.update(ctx, "prune", func(tx *sql.Tx) error {
			batch, err := j.erase(ctx, tx, "pruned", `id IN (SELECT id FROM questions WHERE received_at < $1 ORDER BY received_at, id LIMIT $2)`, micro(before), pruned)
			if err != nil {
				return err
			}
			n.Questions, n.Ratings, n.Escalations = n.Questions+batch.Questions, n.Ratings+batch.Ratings, n.Escalations+batch.Escalations
			if more = batch.Questions == pruned; more {
				return nil
			}
			for _, old := range []string{`keys WHERE seen_at`, `muted WHERE muted_at`} {
				if _, err := remove(ctx, tx, old+` < $1`, micro(before)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return n, err
		}
	}
	var due bool
	if err := j.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM chores WHERE name = 'wipe')`).Scan(&due); err != nil || !due {
		return n, j.fail(ctx, "prune", err)
	}
	return n, j.wiped(ctx, "prune", n)
}

// erase deletes questions with what hangs on them.
func (j *Journal) erase(ctx context.Context, tx *sql.Tx, event, which string, args ...any) (n Erased, err error) {
	of := `answer IN (SELECT id FROM questions WHERE ` + which + `)`
	if n.Ratings, err = j.delete(ctx, tx, ratings, event, of, args...); err != nil {
		return n, err
	}
	if n.Escalations, err = j.delete(ctx, tx, handovers, event, of, args...); err != nil {
		return n, err
	}
	n.Questions, err = j.delete(ctx, tx, answers, event, which, args...)
	return n, err
}

// delete deletes rows and says so in the log.
func (j *Journal) delete(ctx context.Context, tx *sql.Tx, t chain.Table, event, which string, args ...any) (int, error) {
	if err := j.drop(ctx, tx, t, event, which, args...); err != nil {
		return 0, err
	}
	return remove(ctx, tx, t.Name+` WHERE `+which, args...)
}

// remove deletes the rows of the rest of a DELETE statement.
func remove(ctx context.Context, tx *sql.Tx, rest string, args ...any) (int, error) {
	n, err := changed(tx.ExecContext(ctx, `DELETE FROM `+rest, args...))
	if err == nil && n > 0 {
		err = wipeLater(ctx, tx)
	}
	return int(n), err
}

// wipeLater notes that the files hold traces of something that was deleted.
func wipeLater(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO chores (name, mark) VALUES ('wipe', $1) ON CONFLICT (name) DO UPDATE SET mark = excluded.mark`, rand.Text())
	return err
}

// wiped overwrites what deleted rows have left in the storage.
func (j *Journal) wiped(ctx context.Context, op string, n Erased) error {
	mark := ""
	err := j.r.QueryRowContext(ctx, `SELECT COALESCE(MAX(mark), '') FROM chores WHERE name = 'wipe'`).Scan(&mark)
	if err == nil {
		err = j.wipe(ctx)
	}
	if err != nil {
		return j.fail(ctx, op, fmt.Errorf("%d questions are deleted, but their traces may still be in the files, run it again: %w", n.Questions, err))
	}
	err = j.update(ctx, op, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM chores WHERE name = 'wipe' AND mark = $1`, mark) // unless it came up again meanwhile
		return err
	})
	j.log.Info("journal erased", "op", op, "questions", n.Questions, "ratings", n.Ratings, "escalations", n.Escalations)
	return err
}
