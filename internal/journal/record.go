package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// key is a name under which a question is known.
type key struct{ kind, name string }

// keys are the names of a delivery. Parts are quoted, so that no two lists of parts have one name.
func (d Delivery) keys() []key {
	var out []key
	if d.EventID != "" { // two apps may share an event id
		out = append(out, key{"event", fmt.Sprintf("%q", []string{d.App, d.Team, d.EventID})})
	}
	if d.Channel != "" && d.TS != "" && surfaces[d.Surface] {
		out = append(out, key{"message", messageKey(d.Channel, d.TS)})
	}
	if d.ClientMsgID != "" {
		out = append(out, key{"client", fmt.Sprintf("%q", []string{d.Channel, d.ClientMsgID})})
	}
	return out
}

func messageKey(channel, ts string) string { return fmt.Sprintf("%q", []string{channel, ts}) }

// check says what is wrong with a delivery.
func (d Delivery) check() error {
	if _, ok := surfaces[d.Surface]; !ok {
		return fmt.Errorf("unknown surface %q", d.Surface)
	}
	if len(d.keys()) == 0 {
		return errors.New("the delivery has neither an event id nor a message nor a client message id")
	}
	if len(d.Context) > 0 && !json.Valid(d.Context) {
		return errors.New("the context is not JSON")
	}
	return nil
}

// Record claims a question by its keys and puts it on disk as Received. fresh is true for exactly one of all deliveries that share a key,
// directly or through another; the others get the question as it stands now, or the zero Question if it was forgotten. All keys of
// a delivery that is not fresh are remembered too.
//
// On an error the delivery must not be acknowledged. If the question was stored in spite of it, the redelivery is not fresh, but Claim
// hands the question out all the same.
func (j *Journal) Record(ctx context.Context, d Delivery) (q Question, fresh bool, err error) {
	if err := d.check(); err != nil {
		return Question{}, false, fmt.Errorf("journal: record: %w", err)
	}
	err = j.urgently(ctx, "record", func(tx *sql.Tx) error {
		keys := d.keys()
		id, missing, err := find(ctx, tx, keys)
		if err != nil {
			return err
		}
		if fresh = len(missing) == len(keys); fresh {
			if id, err = j.insert(ctx, tx, d); err != nil {
				return err
			}
		}
		for _, k := range missing {
			if err := j.remember(ctx, tx, k, id); err != nil {
				return err
			}
		}
		if id == "" {
			return nil
		}
		q, _, err = scan(tx.QueryRowContext(ctx, `SELECT `+columns+` FROM questions WHERE id = $1`, id))
		return err
	})
	if err != nil {
		return Question{}, false, err
	}
	return q, fresh, nil
}

// find looks the keys up: the oldest question that has one of them ("" for none, or a forgotten one), and the keys that are new.
func find(ctx context.Context, tx *sql.Tx, keys []key) (id string, missing []key, err error) {
	for _, k := range keys {
		var have string
		err := tx.QueryRowContext(ctx, `SELECT COALESCE(question, '') FROM keys WHERE kind = $1 AND name = $2`, k.kind, k.name).Scan(&have)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			missing = append(missing, k)
		case err != nil:
			return "", nil, err
		case id == "" || have != "" && have < id:
			id = have
		}
	}
	return id, missing, nil
}

func (j *Journal) insert(ctx context.Context, tx *sql.Tx, d Delivery) (id string, err error) {
	if d.ThreadTS == "" && surfaces[d.Surface] {
		d.ThreadTS = d.TS
	}
	now := j.now()
	id = j.ids.Next(now)
	_, err = tx.ExecContext(ctx, `INSERT INTO questions (id, team, channel, thread_ts, ts, asker, surface, question, context, received_at, status, due_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'received', $10)`,
		id, d.Team, d.Channel, d.ThreadTS, d.TS, d.User, string(d.Surface), d.Text, string(d.Context), micro(now))
	return id, err
}

// remember stores a new key; id may be empty.
func (j *Journal) remember(ctx context.Context, tx *sql.Tx, k key, id string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO keys (kind, name, question, seen_at) VALUES ($1, $2, NULLIF($3, ''), $4)`, k.kind, k.name, id, micro(j.now()))
	return err
}

// Once is true the first time it is called with a name, and never again until Prune forgets it: for acts that must not be repeated when
// a click or an event comes twice, such as a greeting. The name must hold no personal data.
func (j *Journal) Once(ctx context.Context, name string) (first bool, err error) {
	err = j.update(ctx, "once", func(tx *sql.Tx) error {
		n, err := changed(tx.ExecContext(ctx, `INSERT INTO keys (kind, name, seen_at) VALUES ('once', $1, $2) ON CONFLICT (kind, name) DO NOTHING`, name, micro(j.now())))
		first = n == 1
		return err
	})
	return first && err == nil, err
}

// Asked is the question that a message asked, by any of the messages it was delivered as; ErrNotFound if there is none.
func (j *Journal) Asked(ctx context.Context, channel, ts string) (Question, error) {
	return j.one(ctx, "asked", `id = (SELECT question FROM keys WHERE kind = 'message' AND name = $1)`, messageKey(channel, ts))
}
