package chain

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Table is where the rows of one kind of record stand. Beside its columns it has a column seq: the number of the row's record, 0 for none.
type Table struct {
	Kind, Name string
	Subject    string   // the column that the record's Subject is taken from
	Columns    []string // what is sealed, in this order: all but seq
	Must       string   // an SQL condition, with t for the table: rows that must have a record
}

// Entry says what is to be recorded.
type Entry struct {
	Table
	At    int64
	Note  string
	Where string // an SQL condition that finds the rows, with $1 and on for Args
	Args  []any
}

// ErrHead says that the log's head is not there, or does not fit the log.
var ErrHead = errors.New("the log's head was changed by somebody else; nothing can be added until the file is put right")

// Put records the one row that e.Where finds, as it stands now. sql.ErrNoRows if it finds none.
func Put(ctx context.Context, tx *sql.Tx, e Entry) error {
	r := Record{Kind: e.Kind, At: e.At, Note: e.Note}
	values, into := scanned(len(e.Columns))
	err := tx.QueryRowContext(ctx, `SELECT seq, `+e.Subject+`, `+strings.Join(e.Columns, ", ")+` FROM `+e.Name+` WHERE `+e.Where, e.Args...).
		Scan(append([]any{&r.Replaces, &r.Subject}, into...)...)
	if err != nil {
		return err
	}
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails
	salt := hex.EncodeToString(random[:])
	if r.Seal, err = seal(e.Kind, salt, values); err != nil {
		return err
	}
	if r.Seq, err = add(ctx, tx, r); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO salts (seq, salt) VALUES ($1, $2)`, r.Seq, salt); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`UPDATE %s SET seq = $%d WHERE %s`, e.Name, len(e.Args)+1, e.Where), append(e.Args[:len(e.Args):len(e.Args)], r.Seq)...)
	return err
}

// Drop records that the rows that e.Where finds are erased and forgets their salts. The caller erases the rows in the same
// transaction. Rows without a record need none.
func Drop(ctx context.Context, tx *sql.Tx, e Entry) error {
	rows, err := tx.QueryContext(ctx, `SELECT seq, `+e.Subject+` FROM `+e.Name+` WHERE seq > 0 AND (`+e.Where+`) ORDER BY seq`, e.Args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var all []Record
	for rows.Next() {
		r := Record{Kind: Erased, At: e.At, Note: e.Note}
		if err := rows.Scan(&r.Replaces, &r.Subject); err != nil {
			return err
		}
		all = append(all, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, r := range all {
		if _, err := add(ctx, tx, r); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE `+e.Name+` SET seq = 0 WHERE seq > 0 AND (`+e.Where+`)`, e.Args...)
	return err
}

// add numbers and links a record, adds it, and deletes the salt of the one it replaces.
func add(ctx context.Context, tx *sql.Tx, r Record) (int64, error) {
	prev := ""
	err := tx.QueryRowContext(ctx, `UPDATE head SET seq = seq + 1 WHERE one = 1 RETURNING seq, hash`).Scan(&r.Seq, &prev)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrHead
	}
	if err != nil {
		return 0, err
	}
	r.Version = Version
	if r.Hash, err = r.link(prev); err != nil {
		return 0, err
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO chain (seq, version, kind, replaces, subject, at, note, seal, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (seq) DO NOTHING`, r.Seq, r.Version, r.Kind, r.Replaces, r.Subject, r.At, r.Note, r.Seal, r.Hash)
	if err != nil {
		return 0, err
	}
	if n, err := res.RowsAffected(); err != nil {
		return 0, err
	} else if n == 0 {
		return 0, ErrHead
	}
	if _, err := tx.ExecContext(ctx, `UPDATE head SET hash = $1 WHERE one = 1`, r.Hash); err != nil {
		return 0, err
	}
	if r.Replaces > 0 {
		if _, err := tx.ExecContext(ctx, `DELETE FROM salts WHERE seq = $1`, r.Replaces); err != nil {
			return 0, err
		}
	}
	return r.Seq, nil
}

// scanned makes room for n values of any type, and what Scan is to be given for them.
func scanned(n int) (values, into []any) {
	values, into = make([]any, n), make([]any, n)
	for i := range values {
		into[i] = &values[i]
	}
	return values, into
}
