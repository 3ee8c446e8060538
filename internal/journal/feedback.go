package journal

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Feedback is a person's rating of an answer.
type Feedback struct {
	AnswerID, User string
	Up             bool   // false: it did not help
	Reason         string // one of a few words; may be empty
	Comment        string // already masked; may be empty
}

// Rate keeps a rating; a person's later rating of the same answer replaces the earlier one whole. One that says the same and no more (the
// click that opened a form, delivered again after the form) changes nothing. ErrNotFound: no such question.
func (j *Journal) Rate(ctx context.Context, f Feedback) error {
	value := "down"
	if f.Up {
		value = "up"
	}
	return j.update(ctx, "rate "+f.AnswerID, func(tx *sql.Tx) error {
		n, err := changed(tx.ExecContext(ctx, `INSERT INTO feedback (answer, person, value, reason, comment, given_at)
			SELECT id, $2, $3, $4, $5, $6 FROM questions WHERE id = $1
			ON CONFLICT (answer, person) DO UPDATE SET value = excluded.value, given_at = excluded.given_at,
				reason = CASE WHEN feedback.value = excluded.value AND excluded.reason = '' AND excluded.comment = '' THEN feedback.reason ELSE excluded.reason END,
				comment = CASE WHEN feedback.value = excluded.value AND excluded.reason = '' AND excluded.comment = '' THEN feedback.comment ELSE excluded.comment END`,
			f.AnswerID, f.User, value, f.Reason, f.Comment, micro(j.now())))
		if err == nil && n == 0 {
			return ErrNotFound
		}
		return err
	})
}

// Ratings are all ratings of an answer, oldest first.
func (j *Journal) Ratings(ctx context.Context, answerID string) ([]Feedback, error) {
	return list(ctx, j, "ratings "+answerID, func(r row) (Feedback, error) {
		f, value := Feedback{AnswerID: answerID}, ""
		err := r.Scan(&f.User, &value, &f.Reason, &f.Comment)
		f.Up = value == "up"
		return f, err
	}, `SELECT person, value, reason, comment FROM feedback WHERE answer = $1 ORDER BY given_at, person`, answerID)
}

// Stats are counts for the metrics.
type Stats struct {
	Questions   []QuestionCount
	Feedback    []FeedbackCount
	Escalations map[EscalationState]int
	OldestOpen  time.Time // when the oldest open question was received; zero: none is open
}

// QuestionCount is a number of questions that are alike.
type QuestionCount struct {
	Status  Status
	Surface Surface
	Outcome string
	N       int
}

// FeedbackCount is a number of ratings that are alike.
type FeedbackCount struct {
	Up     bool
	Reason string
	N      int
}

// Stats counts what is in the journal now; counts sink when questions are forgotten or pruned.
func (j *Journal) Stats(ctx context.Context) (s Stats, err error) {
	s.Questions, err = list(ctx, j, "stats", func(r row) (c QuestionCount, err error) {
		err = r.Scan(&c.Status, &c.Surface, &c.Outcome, &c.N)
		return c, err
	}, `SELECT status, surface, outcome, COUNT(*) FROM questions GROUP BY status, surface, outcome ORDER BY status, surface, outcome`)
	if err != nil {
		return Stats{}, err
	}
	s.Feedback, err = list(ctx, j, "stats", func(r row) (c FeedbackCount, err error) {
		value := ""
		err = r.Scan(&value, &c.Reason, &c.N)
		c.Up = value == "up"
		return c, err
	}, `SELECT value, reason, COUNT(*) FROM feedback GROUP BY value, reason ORDER BY value, reason`)
	if err != nil {
		return Stats{}, err
	}
	s.Escalations = map[EscalationState]int{}
	_, err = list(ctx, j, "stats", func(r row) (st EscalationState, err error) {
		n := 0
		err = r.Scan(&st, &n)
		s.Escalations[st] = n
		return st, err
	}, `SELECT state, COUNT(*) FROM escalations GROUP BY state`)
	if err != nil {
		return Stats{}, err
	}
	var oldest int64
	err = j.r.QueryRowContext(ctx, `SELECT COALESCE(MIN(received_at), 0) FROM questions WHERE due_at > 0`).Scan(&oldest)
	s.OldestOpen = fromMicro(oldest)
	return s, j.fail(ctx, "stats", err)
}

// Forget deletes a person's questions with their answers, ratings and escalations, the person's ratings of others' answers, and the
// person's name as expert, and overwrites what they leave in the files. Keys of the questions stay, so that a late redelivery is not
// answered. It returns how many questions were deleted. On an error it must be repeated: rows may be gone while their traces are not.
// Record waits while the files are rewritten (a second for about 15,000 questions).
func (j *Journal) Forget(ctx context.Context, user string) (int, error) {
	return j.erase(ctx, "forget", `asker = $1`, []any{user},
		`DELETE FROM feedback WHERE person = $1`,
		`DELETE FROM escalations WHERE asker = $1`,
		`UPDATE escalations SET taken_by = '' WHERE taken_by = $1`,
		`UPDATE escalations SET solved_by = '' WHERE solved_by = $1`)
}

// Prune deletes all questions received before the given time with all that hangs on them, and keys and mutes of that age, and overwrites
// what they leave in the files, as Forget does; call it at a quiet hour. It returns how many questions were deleted.
func (j *Journal) Prune(ctx context.Context, before time.Time) (int, error) {
	return j.erase(ctx, "prune", `received_at < $1`, []any{micro(before)},
		`DELETE FROM keys WHERE seen_at < $1`,
		`DELETE FROM muted WHERE muted_at < $1`)
}

// erase deletes questions, runs more statements with the same arguments, and wipes the storage.
func (j *Journal) erase(ctx context.Context, op, which string, args []any, more ...string) (n int, err error) {
	err = j.update(ctx, op, func(tx *sql.Tx) error {
		deleted, err := changed(tx.ExecContext(ctx, `DELETE FROM questions WHERE `+which, args...))
		if err != nil {
			return err
		}
		n = int(deleted)
		for _, s := range more {
			if _, err := tx.ExecContext(ctx, s, args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	if err := j.wipe(ctx); err != nil {
		return n, j.fail(ctx, op, fmt.Errorf("%d questions are deleted, but their traces may still be in the files, run it again: %w", n, err))
	}
	j.log.Info("journal erased", "op", op, "questions", n)
	return n, nil
}
