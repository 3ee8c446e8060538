package journal

import (
	"context"
	"database/sql"
	"time"
)

// Feedback is a person's rating of an answer.
type Feedback struct {
	AnswerID, User string
	Up             bool      // false: it did not help
	Reason         string    // one of a few words; may be empty
	Comment        string    // already masked; may be empty
	At             time.Time // set by Rate
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
		if err != nil {
			return err
		}
		return j.put(ctx, tx, ratings, "rated", `answer = $1 AND person = $2`, f.AnswerID, f.User)
	})
}

// Ratings are all ratings of an answer, oldest first.
func (j *Journal) Ratings(ctx context.Context, answerID string) ([]Feedback, error) {
	return j.ratings(ctx, `answer = $1`, answerID)
}

// RatingsBy are all ratings of a person, of everybody for an empty name; oldest first.
func (j *Journal) RatingsBy(ctx context.Context, user string) ([]Feedback, error) {
	return j.ratings(ctx, `($1 = '' OR person = $1)`, user)
}

func (j *Journal) ratings(ctx context.Context, where, arg string) ([]Feedback, error) {
	return list(ctx, j, "ratings "+arg, func(r row) (Feedback, error) {
		f, value, at := Feedback{}, "", int64(0)
		err := r.Scan(&f.AnswerID, &f.User, &value, &f.Reason, &f.Comment, &at)
		f.Up, f.At = value == "up", fromMicro(at)
		return f, err
	}, `SELECT answer, person, value, reason, comment, given_at FROM feedback WHERE `+where+` ORDER BY given_at, person`, arg)
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
