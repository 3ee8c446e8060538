package journal

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"kildesvar/internal/journal/chain"
)

// Facts are what an answer stands on, so that it can be told later why it was given, and whether it still holds.
type Facts struct {
	Generation string   `json:"generation"` // of the index
	Program    string   `json:"program"`    // the version of the program; empty: not known
	Mode       string   `json:"mode"`
	Model      string   `json:"model"`
	Prompt     string   `json:"prompt"` // the version of the prompt; empty: none was used
	TookMS     int64    `json:"took_ms"`
	Sources    []Source `json:"sources"`
	History    []string `json:"history"` // ids of the questions that were given as the conversation before, oldest first
	Carried    bool     `json:"carried"` // the answer is older than facts; they were read from it later, without History and Program
}

// Source is a passage that an answer cites.
type Source struct {
	Passage string `json:"passage"` // id
	Hash    string `json:"hash"`    // HashText of the passage
}

// HashText is the SHA-256 of a passage's text, in hex.
func HashText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// encode is the stored form; empty for none.
func (f *Facts) encode() (string, error) {
	if f == nil {
		return "", nil
	}
	b, err := json.Marshal(f)
	return string(b), err
}

// The tables whose rows are in the log.
var (
	answers = chain.Table{Kind: "answer", Name: "questions", Subject: "id", Must: `t.status = 'answered'`,
		Columns: strings.Fields(`id team channel thread_ts ts asker surface question context received_at status due_at fence owner attempts error
			nonce answer plain outcome place_channel place_ts answered_at facts`)}
	ratings = chain.Table{Kind: "rating", Name: "feedback", Subject: "answer", Must: `1 = 1`,
		Columns: strings.Fields(`answer person value reason comment given_at`)}
	handovers = chain.Table{Kind: "escalation", Name: "escalations", Subject: "answer", Must: `1 = 1`,
		Columns: strings.Fields(`id answer asker asker_channel asker_thread expert_channel expert_ts state taken_by solved_by created_at`)}
)

// note is what the log keeps for ever; it has no personal data.
type note struct {
	Event      string `json:"event"`
	Outcome    string `json:"outcome,omitempty"`
	Generation string `json:"generation,omitempty"`
	Program    string `json:"program,omitempty"`
	Mode       string `json:"mode,omitempty"`
	Model      string `json:"model,omitempty"`
	Prompt     string `json:"prompt,omitempty"`
	TookMS     int64  `json:"took_ms,omitempty"`
	Sources    int    `json:"sources,omitempty"`
}

// put adds a record of the row that where finds.
func (j *Journal) put(ctx context.Context, tx *sql.Tx, t chain.Table, event, where string, args ...any) error {
	n := note{Event: event}
	if t.Kind == answers.Kind {
		facts := ""
		if err := tx.QueryRowContext(ctx, `SELECT outcome, facts FROM questions WHERE `+where, args...).Scan(&n.Outcome, &facts); err != nil {
			return err
		}
		if facts != "" {
			var f Facts
			if err := json.Unmarshal([]byte(facts), &f); err != nil {
				return fmt.Errorf("facts: %w", err)
			}
			n.Generation, n.Program, n.Mode, n.Model, n.Prompt, n.TookMS, n.Sources = f.Generation, f.Program, f.Mode, f.Model, f.Prompt, f.TookMS, len(f.Sources)
		}
	}
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return chain.Put(ctx, tx, chain.Entry{Table: t, At: micro(j.now()), Note: string(text), Where: where, Args: args})
}

// drop adds records that the rows that where finds are erased; the caller erases them.
func (j *Journal) drop(ctx context.Context, tx *sql.Tx, t chain.Table, event, where string, args ...any) error {
	text, err := json.Marshal(note{Event: event})
	if err != nil {
		return err
	}
	return chain.Drop(ctx, tx, chain.Entry{Table: t, At: micro(j.now()), Note: string(text), Where: where, Args: args})
}

// Verify checks that everything that was answered, rated, escalated and erased is as it was written; see package chain for what that can
// find and what not. noted is the hash of a head that was printed earlier and kept elsewhere, or empty.
func (j *Journal) Verify(ctx context.Context, noted string) (rep chain.Report, err error) {
	tx, err := j.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one state of all tables
	if err != nil {
		return rep, j.fail(ctx, "verify", err)
	}
	defer func() { _ = tx.Rollback() }()
	rep, err = VerifyIn(ctx, tx, noted)
	return rep, j.fail(ctx, "verify", err)
}

// VerifyIn is Verify of what a transaction sees, for whoever has opened the database without a Journal.
func VerifyIn(ctx context.Context, tx *sql.Tx, noted string) (chain.Report, error) {
	return chain.Verify(ctx, tx, []chain.Table{answers, ratings, handovers}, noted)
}

// saidSchema is the schema from which on what was said is in the log.
const saidSchema = 3

// carry takes the rows of an older schema into the log, and reads the facts of answers from their JSON: the only place that looks into it,
// for in that schema it was always the same, {"answer": …}.
func (j *Journal) carry(ctx context.Context, tx *sql.Tx) error {
	type old struct {
		Answer *struct {
			Generation, Mode, Model string
			TookMS                  int64 `json:"took_ms"`
			Sources                 []struct{ Passage, Quote string }
		}
	}
	ids, err := texts(ctx, tx, `SELECT id FROM questions WHERE status = 'answered' ORDER BY answered_at, id`)
	if err != nil {
		return err
	}
	for _, id := range ids {
		raw := ""
		if err := tx.QueryRowContext(ctx, `SELECT answer FROM questions WHERE id = $1`, id).Scan(&raw); err != nil {
			return err
		}
		var o old
		if json.Unmarshal([]byte(raw), &o) == nil && o.Answer != nil { // another form has no facts
			f := Facts{Generation: o.Answer.Generation, Mode: o.Answer.Mode, Model: o.Answer.Model, TookMS: o.Answer.TookMS, Carried: true}
			for _, s := range o.Answer.Sources {
				f.Sources = append(f.Sources, Source{s.Passage, HashText(s.Quote)})
			}
			facts, err := f.encode()
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE questions SET facts = $2 WHERE id = $1`, id, facts); err != nil {
				return err
			}
		}
		if err := j.put(ctx, tx, answers, "carried over", `id = $1`, id); err != nil {
			return err
		}
	}
	for _, x := range []struct {
		chain.Table
		name, order string // name: an expression that tells the rows apart
	}{{ratings, `answer || ' ' || person`, `given_at, answer, person`}, {handovers, `id`, `created_at, id`}} {
		names, err := texts(ctx, tx, `SELECT `+x.name+` FROM `+x.Name+` ORDER BY `+x.order)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := j.put(ctx, tx, x.Table, "carried over", x.name+` = $1`, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// texts reads a column of texts.
func texts(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	return all(rows, err, func(r row) (s string, err error) {
		err = r.Scan(&s)
		return s, err
	})
}
