package journal

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Claim leases the oldest question that is due: received, dropped by a worker whose lease has run out, or failed and to be tried again.
// It passes over questions older than Options.MaxAge and over threads in which another question is being worked on. The lease runs for d;
// Extend prolongs it. ErrNone says that nothing is due. A clock that was set back holds up retries and what dead workers held, not new
// questions.
//
// The caller looks at Nonce (see the package comment) and at Attempts: a question that keeps killing its worker should be given up.
func (j *Journal) Claim(ctx context.Context, owner string, d time.Duration) (Question, Lease, error) {
	return j.claim(ctx, "claim", owner, d, `(q.due_at <= $3 OR q.status = 'received') AND q.received_at > $4 AND (q.thread_ts = '' OR NOT EXISTS (
		SELECT 1 FROM questions w WHERE w.channel = q.channel AND w.thread_ts = q.thread_ts AND w.status IN ('working', 'posting') AND w.due_at > $3))`)
}

// Expired leases, as Claim does, the oldest open question that is older than Options.MaxAge and that nobody is working on: it gets an
// apology, posted and finished like an answer, so that of several processes only one apologises. A failed one is not waited for if its
// next try is more than a minute off.
func (j *Journal) Expired(ctx context.Context, owner string, d time.Duration) (Question, Lease, error) {
	return j.claim(ctx, "expired", owner, d, `(q.due_at <= $3 OR q.status = 'failed' AND q.due_at > $3 + 60000000) AND q.received_at <= $4`)
}

func (j *Journal) claim(ctx context.Context, op, owner string, d time.Duration, which string) (q Question, l Lease, err error) {
	now := j.now()
	l.Until = fromMicro(micro(now.Add(d)))
	err = j.update(ctx, op, func(tx *sql.Tx) error {
		var err error
		q, l.Fence, err = scan(tx.QueryRowContext(ctx, `UPDATE questions SET status = 'working', owner = $1, due_at = $2, fence = fence + 1, attempts = attempts + 1
			WHERE id = (SELECT q.id FROM questions q WHERE q.due_at > 0 AND `+which+` ORDER BY q.received_at, q.id LIMIT 1)
			RETURNING `+columns, owner, micro(l.Until), micro(now), micro(now.Add(-j.maxAge))))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNone
		}
		return err
	})
	if err != nil {
		return Question{}, Lease{}, err
	}
	l.ID = q.ID
	return q, l, nil
}

// Extend prolongs a lease to d from now. ErrState: the lease is lost.
func (j *Journal) Extend(ctx context.Context, l Lease, d time.Duration) (Lease, error) {
	until := j.now().Add(d)
	if err := j.move(ctx, "extend", l, change{from: "working posting", set: `due_at = $3`, args: []any{micro(until)}, urgent: true}); err != nil {
		return l, err
	}
	l.Until = fromMicro(micro(until))
	return l, nil
}

// Posting says that the worker is about to post a, or goes on posting it: from Working or Posting. What is empty in a leaves what an
// earlier call noted, so that a streamed answer can note its place first and its content later. The nonce must stand in the posted
// message's metadata; it is the same every time.
func (j *Journal) Posting(ctx context.Context, l Lease, a Answer) (nonce string, err error) {
	if len(a.JSON) > 0 && !json.Valid(a.JSON) {
		return "", fmt.Errorf("journal: posting %s: the answer is not JSON", l.ID)
	}
	facts, err := a.Facts.encode()
	if err != nil {
		return "", fmt.Errorf("journal: posting %s: %w", l.ID, err)
	}
	err = j.move(ctx, "posting", l, change{from: "working posting", set: `status = 'posting',
		nonce = CASE WHEN nonce = '' THEN $3 ELSE nonce END,
		answer = CASE WHEN $4 = '' THEN answer ELSE $4 END,
		plain = CASE WHEN $5 = '' THEN plain ELSE $5 END,
		outcome = CASE WHEN $6 = '' THEN outcome ELSE $6 END,
		place_channel = CASE WHEN $8 = '' THEN place_channel ELSE $7 END,
		place_ts = CASE WHEN $8 = '' THEN place_ts ELSE $8 END,
		facts = CASE WHEN $9 = '' THEN facts ELSE $9 END`,
		args: []any{rand.Text(), string(a.JSON), a.Plain, a.Outcome, a.Place.Channel, a.Place.TS, facts},
		then: func(tx *sql.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT nonce FROM questions WHERE id = $1`, l.ID).Scan(&nonce)
		}})
	return nonce, err
}

// Finish says that the answer stands at p: from Posting to Answered. The zero Place keeps the one noted by Posting; if that is zero too,
// the answer is one that only the asker sees. From here on the question with all its columns is in the log of what was said.
func (j *Journal) Finish(ctx context.Context, l Lease, p Place) error {
	return j.move(ctx, "finish", l, change{from: "posting", set: `status = 'answered', due_at = 0, error = '', answered_at = $3,
		place_channel = CASE WHEN $5 = '' THEN place_channel ELSE $4 END, place_ts = CASE WHEN $5 = '' THEN place_ts ELSE $5 END`,
		args: []any{micro(j.now()), p.Channel, p.TS},
		then: func(tx *sql.Tx) error { return j.put(ctx, tx, answers, "answered", `id = $1`, l.ID) }})
}

// Fail gives a question back: from Working or Posting to Failed, to be claimed again from retry on (now for a worker that is shut down),
// or never if retry is zero. cause must hold no personal data; 500 bytes of it are kept.
func (j *Journal) Fail(ctx context.Context, l Lease, cause string, retry time.Time) error {
	if len(cause) > 500 {
		cause = strings.ToValidUTF8(cause[:500], "")
	}
	return j.move(ctx, "fail", l, change{from: "working posting", set: `status = 'failed', due_at = $3, error = $4`, args: []any{micro(retry), cause}})
}

// Decline closes a question that needs no answer: from Working to Declined.
func (j *Journal) Decline(ctx context.Context, l Lease, why string) error {
	return j.move(ctx, "decline", l, change{from: "working", set: `status = 'declined', due_at = 0, error = $3`, args: []any{why}})
}

// change is a transition of a question: the statuses it may have, and what is set, with parameters from $3 on.
type change struct {
	from, set string
	args      []any
	then      func(*sql.Tx) error // in the same transaction; may be nil
	urgent    bool
}

// move makes a change if the lease holds.
func (j *Journal) move(ctx context.Context, op string, l Lease, c change) error {
	from := "'" + strings.ReplaceAll(c.from, " ", "', '") + "'"
	update := j.update
	if c.urgent {
		update = j.urgently
	}
	return update(ctx, op+" "+l.ID, func(tx *sql.Tx) error {
		n, err := changed(tx.ExecContext(ctx, `UPDATE questions SET `+c.set+` WHERE id = $1 AND fence = $2 AND status IN (`+from+`)`,
			append([]any{l.ID, l.Fence}, c.args...)...))
		if err != nil {
			return err
		}
		if n == 0 {
			return refusal(ctx, tx, l)
		}
		if c.then != nil {
			return c.then(tx)
		}
		return nil
	})
}

// refusal says why a lease does not allow a change.
func refusal(ctx context.Context, tx *sql.Tx, l Lease) error {
	var status string
	var fence int64
	if err := tx.QueryRowContext(ctx, `SELECT status, fence FROM questions WHERE id = $1`, l.ID).Scan(&status, &fence); err != nil {
		return err
	}
	if fence != l.Fence {
		return fmt.Errorf("%w: the lease is lost (fence %d, now %d)", ErrState, l.Fence, fence)
	}
	return fmt.Errorf("%w: the question is %s", ErrState, status)
}

// Withdraw closes a question whose message or answer a person has deleted, whatever its state, and erases its texts. It returns where
// the answer stands, or is being streamed, for the front end to delete it; zero: nothing known. A worker that has the question gets
// ErrState from its next call and deletes what it has posted. The next Forget or Prune wipes the file. To withdraw twice is no error; the place is then zero.
func (j *Journal) Withdraw(ctx context.Context, id string) (p Place, err error) {
	err = j.update(ctx, "withdraw "+id, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT place_channel, place_ts FROM questions WHERE id = $1`, id).Scan(&p.Channel, &p.TS); err != nil {
			return err
		}
		if err := j.drop(ctx, tx, answers, "withdrawn", `id = $1`, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE questions SET status = 'declined', due_at = 0, fence = fence + 1, error = 'withdrawn',
			question = '', context = '', answer = '', plain = '', facts = '', place_channel = '', place_ts = '' WHERE id = $1`, id); err != nil {
			return err
		}
		return wipeLater(ctx, tx)
	})
	return p, err
}

// Publish says that an answer that only its asker could see now stands at p for all, in the given thread (p.TS for a message that starts
// one). ErrState if it is not answered or has a place already; use Once before posting against double clicks.
func (j *Journal) Publish(ctx context.Context, id string, p Place, threadTS string) error {
	return j.update(ctx, "publish "+id, func(tx *sql.Tx) error {
		n, err := changed(tx.ExecContext(ctx, `UPDATE questions SET channel = $2, place_channel = $2, place_ts = $3, thread_ts = $4
			WHERE id = $1 AND status = 'answered' AND place_ts = ''`, id, p.Channel, p.TS, threadTS))
		if err != nil {
			return err
		}
		if n == 1 {
			return j.put(ctx, tx, answers, "published", `id = $1`, id)
		}
		var status string
		if err := tx.QueryRowContext(ctx, `SELECT status FROM questions WHERE id = $1`, id).Scan(&status); err != nil {
			return err
		}
		return fmt.Errorf("%w: the question is %s and its answer may have a place", ErrState, status)
	})
}

// Pending are the open questions received at or after since, oldest first, whether leased or not: what a restart finds.
func (j *Journal) Pending(ctx context.Context, since time.Time) ([]Question, error) {
	return j.many(ctx, "pending", `due_at > 0 AND received_at >= $1 ORDER BY received_at, id`, micro(since))
}

// Due says whether a question waits that Claim may hand out; it is a cheap look beside a claim. A question in a busy thread counts too.
func (j *Journal) Due(ctx context.Context) (yes bool, err error) {
	now := j.now()
	err = j.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM questions WHERE due_at > 0 AND (due_at <= $1 OR status = 'received') AND received_at > $2)`, micro(now), micro(now.Add(-j.maxAge))).Scan(&yes)
	return yes, j.fail(ctx, "due", err)
}

// Withdrawn says whether a question was withdrawn, declined or forgotten: nothing of it may stand anywhere.
func (j *Journal) Withdrawn(ctx context.Context, id string) (yes bool, err error) {
	err = j.r.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM questions WHERE id = $1 AND status <> 'declined')`, id).Scan(&yes)
	return yes, j.fail(ctx, "withdrawn "+id, err)
}

// Waiting is the number of open questions, whoever recorded them and whether leased or not.
func (j *Journal) Waiting(ctx context.Context) (n int, err error) {
	err = j.r.QueryRowContext(ctx, `SELECT COUNT(*) FROM questions WHERE due_at > 0`).Scan(&n)
	return n, j.fail(ctx, "waiting", err)
}
