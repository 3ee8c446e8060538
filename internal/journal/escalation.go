package journal

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// EscalationState is how far an escalation has come.
type EscalationState string

// The states: from Open to Taken to Solved, or from Open to Solved.
const (
	Open   EscalationState = "open"
	Taken  EscalationState = "taken"
	Solved EscalationState = "solved"
)

// Escalation is an answer handed to a human expert.
type Escalation struct {
	ID       string // also the nonce for the card's metadata
	AnswerID string
	Asker    string // who asked for a human
	From     Place  // channel and thread of the asker
	Card     Place  // the expert channel and the card in it; TS is empty until it is posted
	State    EscalationState
	TakenBy  string // empty: nobody, or forgotten
	SolvedBy string
	At       time.Time
}

const escalationColumns = `id, answer, asker, asker_channel, asker_thread, expert_channel, expert_ts, state, taken_by, solved_by, created_at`

func scanEscalation(r row) (e Escalation, err error) {
	var at int64
	err = r.Scan(&e.ID, &e.AnswerID, &e.Asker, &e.From.Channel, &e.From.TS, &e.Card.Channel, &e.Card.TS, &e.State, &e.TakenBy, &e.SolvedBy, &at)
	e.At = fromMicro(at)
	return e, err
}

// Escalate opens an escalation for e.AnswerID, with e.Asker, e.From and e.Card. An answer has one escalation: fresh is false and the first
// one is returned if there is one. Call it before the card is posted and CardPosted after; an escalation whose card has no TS may have one
// in the expert channel, with the escalation's ID in its metadata. ErrNotFound: no such question.
func (j *Journal) Escalate(ctx context.Context, e Escalation) (out Escalation, fresh bool, err error) {
	now := j.now()
	err = j.update(ctx, "escalate "+e.AnswerID, func(tx *sql.Tx) error {
		n, err := changed(tx.ExecContext(ctx, `INSERT INTO escalations (id, answer, asker, asker_channel, asker_thread, expert_channel, expert_ts, state, created_at)
			SELECT $1, id, $3, $4, $5, $6, $7, 'open', $8 FROM questions WHERE id = $2
			ON CONFLICT (answer) DO NOTHING`, j.ids.Next(now), e.AnswerID, e.Asker, e.From.Channel, e.From.TS, e.Card.Channel, e.Card.TS, micro(now)))
		if err != nil {
			return err
		}
		if fresh = n == 1; fresh {
			if err := j.put(ctx, tx, handovers, "escalated", `answer = $1`, e.AnswerID); err != nil {
				return err
			}
		}
		out, err = scanEscalation(tx.QueryRowContext(ctx, `SELECT `+escalationColumns+` FROM escalations WHERE answer = $1`, e.AnswerID))
		return err
	})
	return out, fresh && err == nil, err
}

// CardPosted notes where an escalation's card stands. ErrState if another card is noted already.
func (j *Journal) CardPosted(ctx context.Context, id string, card Place) error {
	e, _, err := j.moveEscalation(ctx, "card posted", id, `expert_channel = $2, expert_ts = $3`, `expert_ts = ''`, card.Channel, card.TS)
	if err == nil && e.Card != card {
		return fmt.Errorf("journal: card posted %s: %w: its card is %s in %s", id, ErrState, e.Card.TS, e.Card.Channel)
	}
	return err
}

// Take gives an open escalation to a person. moved is false if it was taken or solved already; the escalation says by whom.
func (j *Journal) Take(ctx context.Context, id, by string) (e Escalation, moved bool, err error) {
	return j.moveEscalation(ctx, "take", id, `state = 'taken', taken_by = $2`, `state = 'open'`, by)
}

// Solve closes an escalation, taken or not. moved is false if it was solved already.
func (j *Journal) Solve(ctx context.Context, id, by string) (e Escalation, moved bool, err error) {
	return j.moveEscalation(ctx, "solve", id, `state = 'solved', solved_by = $2`, `state <> 'solved'`, by)
}

// moveEscalation changes an escalation if the condition holds, and reads it; arguments are $2 and on.
func (j *Journal) moveEscalation(ctx context.Context, op, id, set, condition string, args ...any) (e Escalation, moved bool, err error) {
	err = j.update(ctx, op+" "+id, func(tx *sql.Tx) error {
		n, err := changed(tx.ExecContext(ctx, `UPDATE escalations SET `+set+` WHERE id = $1 AND `+condition, append([]any{id}, args...)...))
		if err != nil {
			return err
		}
		if moved = n == 1; moved {
			if err := j.put(ctx, tx, handovers, op, `id = $1`, id); err != nil {
				return err
			}
		}
		e, err = scanEscalation(tx.QueryRowContext(ctx, `SELECT `+escalationColumns+` FROM escalations WHERE id = $1`, id))
		return err
	})
	return e, moved && err == nil, err
}

// ByExpertThread is the escalation whose card starts the thread (channel, ts); ErrNotFound if none does.
func (j *Journal) ByExpertThread(ctx context.Context, channel, ts string) (Escalation, error) {
	e, err := scanEscalation(j.r.QueryRowContext(ctx, `SELECT `+escalationColumns+` FROM escalations WHERE expert_channel = $1 AND expert_ts = $2 AND expert_ts <> ''`, channel, ts))
	return e, j.fail(ctx, "by expert thread", err)
}

// Escalation is the one with that id; ErrNotFound if there is none.
func (j *Journal) Escalation(ctx context.Context, id string) (Escalation, error) {
	e, err := scanEscalation(j.r.QueryRowContext(ctx, `SELECT `+escalationColumns+` FROM escalations WHERE id = $1`, id))
	return e, j.fail(ctx, "escalation "+id, err)
}

// OpenEscalations are those not solved, oldest first, also those whose card has not been noted: what a restart finds.
func (j *Journal) OpenEscalations(ctx context.Context) ([]Escalation, error) {
	return list(ctx, j, "open escalations", scanEscalation, `SELECT `+escalationColumns+` FROM escalations WHERE state <> 'solved' ORDER BY created_at, id`)
}

// Relay is an expert's reply on its way to the asker.
type Relay struct {
	Escalation string
	From       Place // the expert's message
}

// BeginRelay says that an expert's reply is about to be carried to the asker: true for the first caller only, the others leave it alone.
// ErrNotFound: no such escalation.
func (j *Journal) BeginRelay(ctx context.Context, r Relay) (first bool, err error) {
	err = j.update(ctx, "relay "+r.Escalation, func(tx *sql.Tx) error {
		var id string
		if err := tx.QueryRowContext(ctx, `SELECT id FROM escalations WHERE id = $1`, r.Escalation).Scan(&id); err != nil {
			return err
		}
		n, err := changed(tx.ExecContext(ctx, `INSERT INTO relays (channel, ts, escalation, begun_at) VALUES ($1, $2, $3, $4) ON CONFLICT (channel, ts) DO NOTHING`,
			r.From.Channel, r.From.TS, id, micro(j.now())))
		first = n == 1
		return err
	})
	return first && err == nil, err
}

// EndRelay notes where the carried reply stands. ErrNotFound if BeginRelay was not called for it.
func (j *Journal) EndRelay(ctx context.Context, from, to Place) error {
	return j.update(ctx, "relayed", func(tx *sql.Tx) error {
		n, err := changed(tx.ExecContext(ctx, `UPDATE relays SET to_channel = $3, to_ts = $4 WHERE channel = $1 AND ts = $2`, from.Channel, from.TS, to.Channel, to.TS))
		if err == nil && n == 0 {
			return ErrNotFound
		}
		return err
	})
}

// BegunRelays are those begun and not ended, oldest first: after a restart, whether they were posted must be looked up in the thread.
func (j *Journal) BegunRelays(ctx context.Context) ([]Relay, error) {
	return list(ctx, j, "begun relays", func(r row) (x Relay, err error) {
		err = r.Scan(&x.Escalation, &x.From.Channel, &x.From.TS)
		return x, err
	}, `SELECT escalation, channel, ts FROM relays WHERE to_ts = '' ORDER BY begun_at, channel, ts`)
}

// EscalationsOf are those that a person asked for, took or solved, all for an empty name; oldest first.
func (j *Journal) EscalationsOf(ctx context.Context, user string) ([]Escalation, error) {
	return list(ctx, j, "escalations of", scanEscalation, `SELECT `+escalationColumns+` FROM escalations
		WHERE $1 = '' OR asker = $1 OR taken_by = $1 OR solved_by = $1 ORDER BY created_at, id`, user)
}
